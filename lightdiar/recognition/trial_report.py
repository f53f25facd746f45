"""What trials say of speaker recognition: all usual figures with intervals, who was taken for whom, pictures."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property, partial
from html import escape
from typing import TYPE_CHECKING

import numpy as np

from lightdiar.common.tables import aligned, html_table
from lightdiar.metrics.bootstrap import Interval, speaker_intervals
from lightdiar.metrics.verification import (
    actual_cost,
    cllr,
    detection_rates,
    equal_error_rate,
    minimum_cllr,
    minimum_cost,
)
from lightdiar.recognition.identification import N_HALVES, AllAgainstAll
from lightdiar.recognition.voices import KNOWN
from lightdiar.show.verification import plot_det, plot_reliability, plot_scores

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

PRIORS = (0.01, 0.05)
_THRESHOLD = 0.0  # nats
_N_DRAWS = 400  # of speakers, for intervals
_MOST_OTHERS = 50_000  # trials of different people in the draws
_FEWEST = 5  # speakers: of fewer there are no intervals
_FEW = 20  # speakers: of fewer they are too narrow


@dataclass(frozen=True, eq=False, repr=False)
class TrialReport:
    """The log likelihood ratios of trials, and what they are worth.

    Parameters
    ----------
    ratios : ndarray of shape (n_trials,)
        Nats; positive favours the same person, 0 where there is no speech.
    same : ndarray of bool, shape (n_trials,)
        Whether one person speaks on both sides.
    enrolled, tests : ndarray of str, shape (n_trials,)
        What the two sides are called: people, files.
    people : pair of ndarray of str, shape (n_trials,), or None
        Who speaks on either side; None if that is not known, and then there are no intervals.
    everybody : AllAgainstAll, optional
        The same ratios, if all tests were tried against all people.
    note : str, default=""
        A line for the text.
    seed : int, default=0
        Of the draws of speakers, and of unknown people.
    """

    ratios: np.ndarray
    same: np.ndarray
    enrolled: np.ndarray
    tests: np.ndarray
    people: tuple[np.ndarray, np.ndarray] | None
    everybody: AllAgainstAll | None = None
    note: str = ""
    seed: int = 0

    def figures(self) -> "pd.DataFrame":
        """All figures with the bounds of a 95 % interval, by drawing the speakers anew.

        Returns
        -------
        table : DataFrame
            Columns figure, value, low, high. All are shares from 0 to 1, but for detection costs (DCF) and Cllr. Where
            a threshold is needed it is a log likelihood ratio of 0; precision, F-measure and accuracy hold for this
            very share of trials of the same person. If all tests were tried against all people, the figures of
            `AllAgainstAll` follow. low and high are NaN if there are fewer than five speakers, or they are not known.
        """
        import pandas as pd

        rows = [(name, found.value, found.low, found.high) for name, found in self._intervals.items()]
        return pd.DataFrame(rows, columns=["figure", "value", "low", "high"])

    def to_frame(self) -> "pd.DataFrame":
        """The trials: a DataFrame with columns enrol, test, same (0 or 1) and log_likelihood_ratio."""
        import pandas as pd

        columns = {"enrol": self.enrolled, "test": self.tests, "same": self.same.astype(int)}
        return pd.DataFrame({**columns, "log_likelihood_ratio": self.ratios})

    def confusion(self) -> "pd.DataFrame":
        """Who was taken for whom.

        Returns
        -------
        table : DataFrame of int
            If all tests were tried against all people: tests by person (rows) and by the person with the largest ratio
            (columns). Otherwise trials by what is true (rows) and by decision at a log likelihood ratio of 0 (columns).
        """
        import pandas as pd

        if self.everybody:
            return self.everybody.confusion()
        accepted = self.ratios >= _THRESHOLD
        counts = [[int((kind & answer).sum()) for answer in (accepted, ~accepted)] for kind in (self.same, ~self.same)]
        true = pd.Index(["same person", "different people"], name="true")
        return pd.DataFrame(counts, true, pd.Index(["accepted", "refused"], name="answered"))

    def plot(self) -> "Figure":
        """Draw the DET curve, the scores of both kinds of trials and their reliability side by side.

        Returns
        -------
        figure : matplotlib Figure
            ``figure.savefig("trials.png")`` saves it.

        Raises
        ------
        ImportError
            If there is no matplotlib.
        """
        try:
            from matplotlib import rc_context
            from matplotlib.figure import Figure
        except ImportError:
            raise ImportError("plots need matplotlib: pip install lightdiar[plot]") from None
        with rc_context({"font.size": 11, "axes.spines.top": False, "axes.spines.right": False}):
            figure = Figure(figsize=(17, 6), layout="constrained")
            left, middle, right = figure.subplots(1, 3)
            sides = self.ratios[self.same], self.ratios[~self.same]
            plot_det({"trials": sides}, left)
            plot_scores(*sides, _THRESHOLD, middle)
            middle.set_xlabel("Log likelihood ratio (nats)")
            plot_reliability(*sides, ax=right)
        return figure

    def __repr__(self) -> str:
        return f"<TrialReport {self._headline()}>"

    def __str__(self) -> str:
        return "\n".join([self._headline(), *aligned(self._rows()), *self._notes()])

    def _repr_html_(self):
        notes = "<br>".join(map(escape, self._notes()))
        return f"<p>{escape(self._headline())}</p>{html_table(self._rows())}<p>{notes}</p>"

    def _headline(self):
        counts = {
            "people" if self.everybody else "enrolled sounds": len(set(self.enrolled)),
            "tests": len(self.everybody.speakers) if self.everybody else len(set(self.tests)),
            "trials": len(self.same),
            "of the same person": self.same.sum(),
        }
        return ", ".join(f"{what}: {number}" for what, number in counts.items())

    def _rows(self):
        """Header and one row of texts per figure."""
        rows = [("figure", "value", "low", "high")]
        for name, found in self._intervals.items():
            form = _number if name in _COSTS else _percent
            rows.append((name, form(found.value), form(found.low), form(found.high)))
        return rows

    def _notes(self):
        notes = [f"Decisions at a log likelihood ratio of {_THRESHOLD:g}. DCF and Cllr: 0 is perfect, 1 says nothing."]
        if self.everybody:
            notes.append(
                f"Open set: half of the people unknown, means of {N_HALVES} draws; the last three as `identify` "
                f"answers, prior of a known person {KNOWN:g}."
            )
        if self._n_speakers >= _FEWEST:
            few = f"; of fewer than {_FEW} they are too narrow" if self._n_speakers < _FEW else ""
            notes.append(f"low, high: 95 % intervals by drawing the {self._n_speakers} speakers anew{few}.")
        elif self.people:
            notes.append(f"No intervals: {self._n_speakers} speakers are too few to draw from; {_FEWEST} are needed.")
        return [*notes, self.note] if self.note else notes

    @cached_property
    def _n_speakers(self) -> int:
        """0 if they are not known."""
        return len({*self.people[0], *self.people[1]}) if self.people else 0

    @cached_property
    def _intervals(self) -> dict[str, Interval]:
        """All figures by name."""
        found = self._verification()
        if self.everybody:
            found |= self.everybody.figures(n_draws=_N_DRAWS, seed=self.seed)
        if self._n_speakers < _FEWEST:
            return {name: Interval(one.value, math.nan, math.nan) for name, one in found.items()}
        return found

    def _verification(self):
        """Figures of same or different: the values of all trials, the bounds with some of many of different people."""
        target, other = np.sort(self.ratios[self.same]), np.sort(self.ratios[~self.same])
        values = {name: float(figure(target, other)) for name, figure in _FIGURES.items()}
        if not self.people:
            return {name: Interval(value, value, value) for name, value in values.items()}
        some = np.flatnonzero(~self.same)
        if len(some) > _MOST_OTHERS:
            some = np.random.default_rng(self.seed).choice(some, _MOST_OTHERS, replace=False)
        some = np.concatenate([np.flatnonzero(self.same), some])
        sides = (names[some] for names in self.people)
        drawn = speaker_intervals(_FIGURES, self.ratios[some], *sides, n_draws=_N_DRAWS, seed=self.seed)
        return {name: Interval(value, drawn[name].low, drawn[name].high) for name, value in values.items()}


def _at_threshold(name):
    """One of the rates of decisions, as a function of trials."""
    return lambda target, other, **weights: getattr(detection_rates(target, other, _THRESHOLD, **weights), name)


_COSTS: dict[str, Callable[..., float]] = {
    f"{kind} DCF, prior {prior:g}": partial(cost, prior=prior)
    for prior in PRIORS
    for kind, cost in (("minimal", minimum_cost), ("actual", actual_cost))
} | {"Cllr": cllr, "minimal Cllr": minimum_cllr}
_FIGURES: dict[str, Callable[..., float]] = {
    "equal error rate": lambda *scores, **weights: equal_error_rate(*scores, **weights)[0],
    **_COSTS,
    "true-positive rate": _at_threshold("true_positive_rate"),
    "false-positive rate": _at_threshold("false_positive_rate"),
    "precision": _at_threshold("precision"),
    "F-measure": _at_threshold("f_measure"),
    "accuracy": _at_threshold("accuracy"),
}


def _number(value):
    return "-" if math.isnan(value) else f"{value:.3f}"


def _percent(share):
    return "-" if math.isnan(share) else f"{100 * share:.1f} %"
