"""What the measures of sound events count, and the figures that follow from counts.

Several sounds are heard at once, so each class is a question of its own: is it heard here? *True positives* are heard
and were reported, *false negatives* were missed, *false positives* were reported and are not heard. Of all classes
together, a miss and a false report at the same place are one *substitution*; what is left of the misses are
*deletions*, and of the false reports *insertions* [1]_.

A figure that would divide by 0 is NaN: there was nothing to measure. Precision is NaN for a class that was never
reported, and recall and error rate are for one that is never heard. Averages over classes leave NaN out. F1 is
2 TP / (2 TP + FP + FN), hence 0 and not NaN for a class that is heard and never reported, or the reverse.

References
----------
.. [1] Mesaros, Heittola and Virtanen, "Metrics for polyphonic sound event detection", Applied Sciences 6, 2016.
"""

from dataclasses import asdict, dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from lightdiar.metrics.counts import LabelCounts, mean_known, ratio

if TYPE_CHECKING:
    import pandas as pd

NOTHING = "(nothing)"


@dataclass(frozen=True)
class EventFigures:
    """How well events were found: fractions, NaN where there was nothing to measure.

    Parameters
    ----------
    f1, precision, recall : float
        0 to 1; F1 is the harmonic mean of both others.
    error_rate : float
        Sum of the three rates below; 0 is perfect, silence has 1, and it can be larger.
    substitutions, deletions, insertions : float
        Number of each for one true event or active segment. One class alone, and so an average over classes, has 0
        substitutions: each miss is a deletion, each false report an insertion.
    """

    f1: float
    precision: float
    recall: float
    error_rate: float
    substitutions: float
    deletions: float
    insertions: float


@dataclass(frozen=True)
class SegmentFigures(EventFigures):
    """Figures of segments, which can be rightly silent, too.

    Parameters
    ----------
    specificity : float
        Share of the silent segments in which nothing was reported. The sensitivity is the recall.
    accuracy : float
        Share of right decisions; near 1 for a class that is rarely heard, whatever was reported.
    balanced_accuracy : float
        Mean of sensitivity and specificity; 0.5 is chance.
    """

    specificity: float
    accuracy: float
    balanced_accuracy: float

    @property
    def sensitivity(self) -> float:
        """The recall by its other name."""
        return self.recall


@dataclass(frozen=True, eq=False)
class EventCounts(LabelCounts):
    """Numbers of events found, missed and invented; counts of several recordings add with ``+`` and `sum`.

    Parameters
    ----------
    labels : tuple of str
        The classes.
    true_positives, false_positives, false_negatives : ndarray of int, shape (n_labels,)
    substitutions : int
        Of all classes together.
    """

    true_positives: np.ndarray
    false_positives: np.ndarray
    false_negatives: np.ndarray
    substitutions: int

    @property
    def n_reference(self) -> np.ndarray:
        """How often each class is heard, shape (n_labels,)."""
        return self.true_positives + self.false_negatives

    @property
    def n_estimated(self) -> np.ndarray:
        """How often each class was reported, shape (n_labels,)."""
        return self.true_positives + self.false_positives

    @property
    def deletions(self) -> int:
        """Misses of all classes together that are not substitutions."""
        return self.false_negatives.sum() - self.substitutions

    @property
    def insertions(self) -> int:
        """False reports of all classes together that are not substitutions."""
        return self.false_positives.sum() - self.substitutions

    @property
    def f1(self) -> float:
        """F1 of all classes together."""
        return self.micro.f1

    @property
    def error_rate(self) -> float:
        """Error rate of all classes together."""
        return self.micro.error_rate

    @cached_property
    def micro(self) -> EventFigures:
        """Figures of all classes together, in which frequent classes weigh most."""
        return self._figures(self._rates(lambda counts: counts.sum(), self.substitutions))

    def of(self, label: str) -> EventFigures:
        """Figures of one class.

        Raises
        ------
        ValueError
            If it is not among the labels.
        """
        if label not in self.labels:
            raise ValueError(f"label {label!r} is not among {', '.join(self.labels)}.")
        place = self.labels.index(label)
        return self._figures({name: values[place] for name, values in self._by_class.items()})

    def macro(self, *, found_only: bool = False) -> EventFigures:
        """Averages over classes, in which all weigh the same; classes for which a figure is NaN are left out of it.

        Parameters
        ----------
        found_only : bool, default=False
            Leave classes that were never reported, or are never heard, out of the average F1, too. sed_eval does so
            unless told otherwise: a class never found then costs nothing. For comparison with published figures.
        """
        rates = self._by_class
        if found_only:
            undefined = np.isnan(rates["precision"]) | np.isnan(rates["recall"])
            rates = rates | {"f1": np.where(undefined, np.nan, rates["f1"])}
        return self._figures({name: mean_known(values) for name, values in rates.items()})

    def to_frame(self) -> "pd.DataFrame":
        """A row for each class, and rows micro (all together) and macro (their average).

        Columns are `n_reference`, `n_estimated` and the figures.
        """
        import pandas as pd

        rows = [*self.labels, "micro", "macro"]
        figures = [*(self.of(label) for label in self.labels), self.micro, self.macro()]
        frame = pd.DataFrame([asdict(one) for one in figures], pd.Index(rows, name="label"))
        frame.insert(0, "n_reference", [*self.n_reference, *[self.n_reference.sum()] * 2])
        frame.insert(1, "n_estimated", [*self.n_estimated, *[self.n_estimated.sum()] * 2])
        return frame

    def __str__(self) -> str:
        micro = self.micro
        parts = f"{micro.substitutions:.2f} substituted, {micro.deletions:.2f} deleted, {micro.insertions:.2f} inserted"
        return f"F1 {100 * micro.f1:.1f} %, error rate {micro.error_rate:.2f} ({parts})"

    @cached_property
    def _by_class(self):
        """Figures by name, each of shape (n_labels,)."""
        return self._rates(lambda counts: counts)

    def _rates(self, part, substitutions=0):
        """The figures by name, of what `part` takes of an array with a value for each class."""
        right, wrong, missed = map(part, (self.true_positives, self.false_positives, self.false_negatives))
        return {
            "f1": ratio(2 * right, 2 * right + wrong + missed),
            "precision": ratio(right, right + wrong),
            "recall": ratio(right, right + missed),
            "error_rate": ratio(wrong + missed - substitutions, right + missed),
            "substitutions": ratio(substitutions, right + missed),
            "deletions": ratio(missed - substitutions, right + missed),
            "insertions": ratio(wrong - substitutions, right + missed),
        }

    def _figures(self, rates):
        return EventFigures(**{name: float(value) for name, value in rates.items()})


@dataclass(frozen=True, eq=False)
class SegmentCounts(EventCounts):
    """Numbers of active segments found, missed and invented; counts of several recordings add with ``+`` and `sum`.

    Parameters
    ----------
    labels, true_positives, false_positives, false_negatives, substitutions
        As in `EventCounts`, of segments in which a class is active.
    true_negatives : ndarray of int, shape (n_labels,)
        Segments in which the class is rightly silent.
    instead : ndarray of int, shape (n_labels + 1, n_labels + 1)
        Segments in which the class of the row was missed and that of the column falsely reported. The last row is for
        segments without a miss, the last column for those without a false report. The diagonal is empty.
    """

    true_negatives: np.ndarray
    instead: np.ndarray

    if TYPE_CHECKING:  # narrower than of events

        @cached_property
        def micro(self) -> SegmentFigures: ...
        def of(self, label: str) -> SegmentFigures: ...
        def macro(self, *, found_only: bool = False) -> SegmentFigures: ...

    def confusion(self) -> "pd.DataFrame":
        """What was reported instead of what was missed: numbers of segments by true (rows) and reported (columns).

        Right segments are on the diagonal. Elsewhere the row's class was missed while the column's was falsely
        reported; row and column "(nothing)" are false reports without a miss, and misses without a false report. A
        segment with several of them counts at each place, so that a row can add up to more than its segments.

        Returns
        -------
        table : DataFrame of int
            Index "true", columns "reported".
        """
        import pandas as pd

        names = [*self.labels, NOTHING]
        counts = self.instead + np.diag([*self.true_positives, 0])
        return pd.DataFrame(counts, pd.Index(names, name="true"), pd.Index(names, name="reported"))

    def _rates(self, part, substitutions=0):
        wrong, silent = part(self.false_positives), part(self.true_negatives)
        right, n_segments = part(self.true_positives) + silent, wrong + silent + part(self.n_reference)
        rates = super()._rates(part, substitutions) | {
            "specificity": ratio(silent, silent + wrong),
            "accuracy": ratio(right, n_segments),
        }
        return rates | {"balanced_accuracy": (rates["recall"] + rates["specificity"]) / 2}

    def _figures(self, rates):
        return SegmentFigures(**{name: float(value) for name, value in rates.items()})
