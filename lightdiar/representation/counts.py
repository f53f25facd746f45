"""How many women and men speak, with a probability for each number: the honest companion of `Diarization.counts`.

The draws are those of `lightdiar.representation.draws`; here they are only counted.
"""

from dataclasses import dataclass, replace
from html import escape
from typing import TYPE_CHECKING

import numpy as np

from lightdiar.common.tables import html_table, printable
from lightdiar.representation.draws import check_genders, draw_truths, joint_counts
from lightdiar.representation.reliability import COUNTED, Reliability, load_reliability
from lightdiar.show.counts import plot_counts
from lightdiar.systems.result import Diarization
from lightdiar.timeline import Annotation

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

LEVEL = 0.9  # of the range of a number


@dataclass(frozen=True, eq=False, repr=False)
class CountProbabilities:
    """Probabilities of each number of women and men in one recording.

    Parameters
    ----------
    recording : str
    counts : dict of str to int
        What `Diarization.counts` says of those who speak for at least 2 s, "M" and "F".
    joint : ndarray of shape (n_women + 1, n_men + 1)
        Row: 0, 1, 2, ... women; column: 0, 1, 2, ... men who speak for at least 2 s. It adds up to 1.
    """

    recording: str
    counts: dict[str, int]
    joint: np.ndarray

    @property
    def p_women(self) -> np.ndarray:
        """Probability of 0, 1, 2, ... women, shape (n_women + 1,)."""
        return self.joint.sum(axis=1)

    @property
    def p_men(self) -> np.ndarray:
        """Probability of 0, 1, 2, ... men, shape (n_men + 1,)."""
        return self.joint.sum(axis=0)

    @property
    def p_speakers(self) -> np.ndarray:
        """Probability of 0, 1, 2, ... women and men together, shape (n_women + n_men + 1,)."""
        return np.bincount(np.indices(self.joint.shape).sum(axis=0).ravel(), self.joint.ravel())

    @property
    def p_counts(self) -> float:
        """Probability that both of `counts` are right."""
        n_women, n_men = self.counts["F"], self.counts["M"]
        inside = n_women < self.joint.shape[0] and n_men < self.joint.shape[1]
        return float(self.joint[n_women, n_men]) if inside else 0.0

    def to_frame(self) -> "pd.DataFrame":
        """Convert to a DataFrame with columns women, men and probability, the likeliest first, without those of 0."""
        import pandas as pd

        women, men = np.nonzero(self.joint)
        frame = pd.DataFrame({"women": women, "men": men, "probability": self.joint[women, men]})
        return frame.sort_values("probability", ascending=False, kind="stable", ignore_index=True)

    def plot(self, ax: "Axes | None" = None) -> "Axes":
        """Draw the probabilities; see `lightdiar.show.counts.plot_counts`."""
        return plot_counts(self.joint, self.counts, ax)

    def __repr__(self) -> str:
        return f"<CountProbabilities {self._name()}{self}>"

    def __str__(self) -> str:
        return f"{_number(self.p_men, 'man', 'men')} and {_number(self.p_women, 'woman', 'women')}"

    def _repr_html_(self):
        frame = self.to_frame().head(10)
        rows = [(str(row.women), str(row.men), f"{row.probability:.0%}") for row in frame.itertuples()]
        return f"<p>{escape(self._name() + str(self))}</p>{html_table([('women', 'men', 'probability'), *rows])}"

    def _name(self):
        return f"{printable(self.recording)}: " if self.recording else ""


def count_probabilities(result: Diarization, *, reliability: Reliability | None = None) -> CountProbabilities:
    """Say how probable each number of women and of men is.

    Parameters
    ----------
    result : Diarization
        From `lightdiar.diarize`, or `Diarization.read_json`. Children, whom `Diarization.counts` has apart, are left
        out; a speaker who is a child with less than 0.95 counts as a woman or a man.
    reliability : Reliability, optional
        By default, the shipped coefficients.

    Returns
    -------
    probabilities : CountProbabilities
        Of people who speak for at least 2 s, whatever `min_speaker_seconds` is. Where the number of speakers was given,
        only their genders are in doubt. If no speech was found, there is surely nobody.

    Raises
    ------
    ValueError
        If nothing is known of anybody's gender: see `Diarization.genders_known`.

    Examples
    --------
    >>> from lightdiar.timeline import Turn
    >>> from lightdiar.systems.result import Speaker
    >>> turns = Annotation([Turn(0, 6, "ann"), Turn(6, 8, "bob")])
    >>> said = Diarization(turns, [Speaker("ann", 6.0, 1.0), Speaker("bob", 2.0, 0.0)], 9.0)  # by a person
    >>> print(count_probabilities(said))
    1 man (100%) and 1 woman (100%)
    """
    check_genders(result)
    counted = result if result.agreement is None else replace(result, min_speaker_seconds=COUNTED)
    counts = counted.counts()
    joint = joint_counts(draw_truths(_adults(result), reliability or load_reliability()))
    return CountProbabilities(result.annotation.recording, {gender: counts[gender] for gender in ("M", "F")}, joint)


def _adults(result):
    """The result without those who are children."""
    speakers = [speaker for speaker in result.speakers if speaker.likelier_gender != "child"]
    names = {speaker.name for speaker in speakers}
    turns = [turn for turn in result.turns if turn.speaker in names]
    return replace(result, annotation=Annotation(turns, result.annotation.recording), speakers=speakers)


def _number(p, one, many):
    """The likeliest number in words, its probability, and where there is doubt the range of 90 %."""
    n = int(p.argmax())
    low, high = np.searchsorted(np.cumsum(p), [(1 - LEVEL) / 2, (1 + LEVEL) / 2])
    others = f": {low}-{high}" if high > low else ""
    return f"{n} {one if n == 1 else many} ({p[n]:.0%}{others})"
