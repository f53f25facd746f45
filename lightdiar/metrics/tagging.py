"""How often a whole recording gets its right label, and which it gets instead."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from lightdiar.metrics.counts import LabelCounts, checked_labels, mean_known, places, ratio

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, eq=False)
class TaggingCounts(LabelCounts):
    """Numbers of recordings by their label and their answer; counts add with ``+`` and `sum`.

    A figure that would divide by 0 is NaN, such as the precision of a label that was never answered.

    Parameters
    ----------
    labels : tuple of str
    confusion : ndarray of int, shape (n_labels, n_labels)
        Rows are true labels, columns answers; right ones are on the diagonal.
    """

    confusion: np.ndarray

    @property
    def accuracy(self) -> float:
        """Share of right answers."""
        return float(ratio(np.trace(self.confusion), self.confusion.sum()))

    @property
    def precision(self) -> np.ndarray:
        """Of the recordings that got each label, the share for which it is right; shape (n_labels,)."""
        return ratio(np.diag(self.confusion), self.confusion.sum(axis=0))

    @property
    def recall(self) -> np.ndarray:
        """Of the recordings of each label, the share that got it; shape (n_labels,)."""
        return ratio(np.diag(self.confusion), self.confusion.sum(axis=1))

    @property
    def f1(self) -> np.ndarray:
        """F1 of each label, NaN only for one that is neither true nor answered anywhere; shape (n_labels,)."""
        return ratio(2 * np.diag(self.confusion), self.confusion.sum(axis=0) + self.confusion.sum(axis=1))

    @property
    def macro_f1(self) -> float:
        """Mean F1 of the labels that are true or answered anywhere."""
        return mean_known(self.f1)

    def table(self) -> "pd.DataFrame":
        """The confusion as a table: index "true", columns "answered"."""
        import pandas as pd

        return pd.DataFrame(self.confusion, pd.Index(self.labels, name="true"), pd.Index(self.labels, name="answered"))

    def to_frame(self) -> "pd.DataFrame":
        """A row for each label: `n_reference` (recordings of it), `n_estimated` (answers), F1, precision, recall."""
        import pandas as pd

        columns = {
            "n_reference": self.confusion.sum(axis=1),
            "n_estimated": self.confusion.sum(axis=0),
            "f1": self.f1,
            "precision": self.precision,
            "recall": self.recall,
        }
        return pd.DataFrame(columns, pd.Index(self.labels, name="label"))

    def __str__(self) -> str:
        n_right, n_all = np.trace(self.confusion), self.confusion.sum()
        return f"accuracy {100 * self.accuracy:.1f} % ({n_right} of {n_all}), macro F1 {100 * self.macro_f1:.1f} %"


def tagging(reference: Sequence[str], answers: Sequence[str], labels: Sequence[str]) -> TaggingCounts:
    """Compare the labels of recordings with the answers given; each recording has one of both.

    Parameters
    ----------
    reference, answers : sequence of str, length n_recordings
    labels : sequence of str
        All labels that can be true or answered, all different.

    Returns
    -------
    counts : TaggingCounts

    Raises
    ------
    ValueError
        If there are not as many answers as recordings, or a label is not listed.

    Examples
    --------
    >>> counts = tagging(["rain", "rain", "dog"], ["rain", "dog", "dog"], ["dog", "rain"])
    >>> print(counts)
    accuracy 66.7 % (2 of 3), macro F1 66.7 %
    >>> counts.table()  # doctest: +NORMALIZE_WHITESPACE
    answered  dog  rain
    true
    dog         1     0
    rain        1     1
    """
    labels = checked_labels(labels)
    if len(reference) != len(answers):
        raise ValueError(f"{len(reference)} recordings and {len(answers)} answers; each recording has one.")
    confusion = np.zeros((len(labels), len(labels)), int)
    np.add.at(confusion, (places(reference, labels), places(answers, labels)), 1)
    return TaggingCounts(labels, confusion)
