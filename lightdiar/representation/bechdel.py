"""The Bechdel test by ear: what the voices of a recording say about it, with probabilities.

The test [1]_ asks whether (1) at least two women (2) speak to each other (3) about something other than a man. Of the
first two, turns and voices tell something; the third cannot be heard in them. Nothing here says that a film passes.

References
----------
.. [1] Bechdel, "The rule", in "Dykes to Watch Out For", Firebrand Books, 1986.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING

import numpy as np

from lightdiar.common.tables import aligned, disarmed_table, html_table, printable
from lightdiar.representation.dialogue import Exchange, find_exchanges
from lightdiar.representation.draws import Draws, check_genders, draw_truths, joint_counts
from lightdiar.representation.reliability import Reliability, load_reliability
from lightdiar.systems.result import Diarization

if TYPE_CHECKING:
    import pandas as pd

INTERVAL = 0.95
WORTH_LISTENING = 0.2  # probability of an exchange between women from which on it is listed
_SHOWN = 10  # exchanges in a printed result
_CRITERIA = ("at least two women speak", "two women speak to each other", "about something other than a man")
_CAUTION = (
    "By voices and turns alone: a person counts from 2 s on, and an answer comes within 5 s. What is said, and how "
    "people see themselves, is not heard. This does not say that a film passes the test."
)


@dataclass(frozen=True, order=True)
class WomensExchange(Exchange):
    """An exchange, and the probability that two women speak to each other in it."""

    probability: float


@dataclass(frozen=True, eq=False, repr=False)
class BechdelByEar:
    """What is heard of the Bechdel test in one recording.

    Parameters
    ----------
    recording : str
    duration, speech_seconds : float
    p_women, p_men : ndarray
        Probability that 0, 1, 2, ... women, or men, speak for at least 2 s. A child counts as a girl or as a boy.
    female_share : float
        Women's share of the speaking time of women and men, as `Diarization.female_share`.
    share_interval : tuple of 2 float
        Bounds between which that share lies with a probability of 0.95; NaN if nobody speaks.
    p_two_women : float
        Probability of the first criterion: at least two women speak.
    p_women_talk : float
        Probability of the second: two women speak to each other, that is, take turns with pauses of at most 5 s and
        nobody else in between.
    exchanges : tuple of WomensExchange
        Where to listen: exchanges between voices that may be women's, the most probable first.
    """

    recording: str
    duration: float
    speech_seconds: float
    p_women: np.ndarray
    p_men: np.ndarray
    female_share: float
    share_interval: tuple[float, float]
    p_two_women: float
    p_women_talk: float
    exchanges: tuple[WomensExchange, ...]

    def to_frame(self) -> "pd.DataFrame":
        """Convert to a DataFrame of one row: the table that `bechdel-stats` takes beside the attributes of films.

        Its columns are recording, duration and speech_seconds (s), n_women and n_men (the likeliest numbers),
        female_share, female_share_low and female_share_high, p_two_women, p_women_talk, exchanges (how many are more
        probably between women than not), exchange_seconds, and places ("0:01:05-0:01:30; ...").
        """
        import pandas as pd

        probable = [exchange for exchange in self.exchanges if exchange.probability > 0.5]
        row = {
            "recording": self.recording,
            "duration": self.duration,
            "speech_seconds": self.speech_seconds,
            "n_women": int(self.p_women.argmax()),
            "n_men": int(self.p_men.argmax()),
            "female_share": self.female_share,
            "female_share_low": self.share_interval[0],
            "female_share_high": self.share_interval[1],
            "p_two_women": self.p_two_women,
            "p_women_talk": self.p_women_talk,
            "exchanges": len(probable),
            "exchange_seconds": sum(exchange.duration for exchange in probable),
            "places": "; ".join(place(exchange) for exchange in probable),
        }
        return pd.DataFrame([row])

    def __repr__(self) -> str:
        return (
            f"<BechdelByEar {self._name()}two women speak: {self.p_two_women:.2f}, "
            f"to each other: {self.p_women_talk:.2f}>"
        )

    def __str__(self) -> str:
        lines = [f"{self._name()}{self._people()}", *aligned(self._criteria(), 2)]
        if self.exchanges:
            lines += ["where to listen:", *aligned(self._places(), 2)]
        return "\n".join([*lines, _CAUTION])

    def _repr_html_(self):
        listen = f"<p>where to listen:</p>{html_table(self._places())}" if self.exchanges else ""
        return f"<p>{escape(self._name() + self._people())}</p>{html_table(self._criteria())}{listen}<p>{_CAUTION}</p>"

    def _name(self):
        return f"{printable(self.recording)}: " if self.recording else ""

    def _people(self):
        if not self.speech_seconds:
            return "no speech found"
        people = [_number(p, one, many) for p, one, many in self._kinds()]
        low, high = self.share_interval
        share = "" if np.isnan(low) else f"; women's share {self.female_share:.0%} ({low:.0%} to {high:.0%})"
        return f"probably {' and '.join(people)}{share}"

    def _kinds(self):
        return (self.p_women, "woman", "women"), (self.p_men, "man", "men")

    def _criteria(self):
        found = [f"{self.p_two_women:.2f}", f"{self.p_women_talk:.2f}", "not audible"]
        rows = [(str(number), what, p) for number, (what, p) in enumerate(zip(_CRITERIA, found), 1)]
        return [("", "criterion", "probability"), *rows]

    def _places(self):
        rows = [
            (place(exchange), " and ".join(exchange.speakers), str(exchange.n_turns), f"{exchange.probability:.2f}")
            for exchange in self.exchanges[:_SHOWN]
        ]
        return [("from-to", "speakers", "turns", "probability"), *rows]


def bechdel_by_ear(result: Diarization, *, reliability: Reliability | None = None) -> BechdelByEar:
    """Say what is heard of the Bechdel test in a recording.

    Parameters
    ----------
    result : Diarization
        From `lightdiar.diarize`, or `Diarization.read_json`.
    reliability : Reliability, optional
        By default, the shipped coefficients.

    Returns
    -------
    heard : BechdelByEar
        If no speech was found, there are no women and no men, and both criteria have the probability 0.

    Raises
    ------
    ValueError
        If nothing is known of anybody's gender: see `Diarization.genders_known`.

    Examples
    --------
    >>> from lightdiar import diarize
    >>> print(bechdel_by_ear(diarize("film.wav")))  # doctest: +SKIP
    film: probably 2 women (71%) and 1 man (83%); women's share 61% (48% to 70%)
       criterion                         probability
    1  at least two women speak                 0.93
    2  two women speak to each other            0.88
    3  about something other than a man  not audible
    """
    check_genders(result)
    draws = draw_truths(result, reliability or load_reliability())
    joint = joint_counts(draws)
    tail = (1 - INTERVAL) / 2
    low, high = np.quantile(draws.female_share, [tail, 1 - tail])
    return BechdelByEar(
        result.annotation.recording,
        result.duration,
        sum(segment.duration for segment in result.annotation.speech()),
        joint.sum(axis=1),
        joint.sum(axis=0),
        result.female_share,
        (float(low), float(high)),
        float((draws.women >= 2).mean()),
        float(draws.women_talk.mean()),
        tuple(_womens_exchanges(result, draws)),
    )


def table_text(heard: Iterable[BechdelByEar]) -> str:
    """The rows of `BechdelByEar.to_frame` of several recordings as CSV; no cell of it is a formula to a spreadsheet."""
    import pandas as pd

    table = pd.concat([one.to_frame() for one in heard], ignore_index=True)
    return disarmed_table(table).to_csv(index=False, float_format="%.4f", lineterminator="\n")


def place(exchange: Exchange) -> str:
    """From when to when, as h:mm:ss.

    Examples
    --------
    >>> place(Exchange(65.2, 90.7, ("ann", "bea"), 4))
    '0:01:05-0:01:31'
    """
    times = [
        (seconds // 3600, seconds // 60 % 60, seconds % 60) for seconds in map(round, (exchange.start, exchange.end))
    ]
    return "-".join(f"{hours}:{minutes:02d}:{seconds:02d}" for hours, minutes, seconds in times)


def _womens_exchanges(result, draws: Draws):
    """Exchanges worth listening to, the most probable first."""
    number = {speaker.name: place for place, speaker in enumerate(result.speakers)}
    p_talk = {tuple(pair): float(p) for pair, p in zip(draws.pairs.tolist(), draws.pairs_talk.mean(axis=0))}
    found = []
    for exchange in find_exchanges(result.annotation):
        one, other = sorted(number[name] for name in exchange.speakers)
        p = p_talk[one, other]
        if p >= WORTH_LISTENING:
            found.append(WomensExchange(exchange.start, exchange.end, exchange.speakers, exchange.n_turns, p))
    return sorted(found, key=lambda exchange: (-exchange.probability, exchange.start))


def _number(p, one, many):
    """The likeliest number in words, with its probability."""
    n = int(p.argmax())
    return f"{n} {one if n == 1 else many} ({p[n]:.0%})"
