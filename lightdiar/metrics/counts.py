"""What counts of labels have in common: they add over recordings, and give fractions."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from typing import Any, TypeVar

import numpy as np
from numpy.typing import ArrayLike

_Counts = TypeVar("_Counts", bound="LabelCounts")


@dataclass(frozen=True, eq=False)
class LabelCounts:
    """Numbers of what happened to each label; those of several recordings add with ``+`` and `sum`.

    Parameters
    ----------
    labels : tuple of str
    """

    labels: tuple[str, ...]

    def __add__(self: _Counts, other: _Counts) -> _Counts:
        if type(other) is not type(self):
            return NotImplemented
        if other.labels != self.labels:
            raise ValueError(
                f"counts of {', '.join(self.labels)} and of {', '.join(other.labels)} do not add. "
                "Count all recordings with the same labels, in the same order."
            )
        names = [field.name for field in fields(self) if field.name != "labels"]
        return type(self)(self.labels, **{name: getattr(self, name) + getattr(other, name) for name in names})

    def __radd__(self: _Counts, other: Any) -> _Counts:
        return self if isinstance(other, int) and other == 0 else NotImplemented  # what `sum` begins with


def checked_labels(labels: Sequence[str]) -> tuple[str, ...]:
    """The labels as a tuple, all different."""
    if isinstance(labels, str):
        raise TypeError(f"labels must be a list of labels; got the text {labels!r}. Use [{labels!r}].")
    labels = tuple(labels)
    if not labels or len(set(labels)) < len(labels):
        raise ValueError(f"{len(labels)} labels ({len(set(labels))} different) must be at least one, all different.")
    return labels


def places(given: Iterable[str], labels: tuple[str, ...]) -> np.ndarray:
    """Which of the labels each of those given is; shape (n_given,)."""
    place, given = {label: number for number, label in enumerate(labels)}, list(given)
    unknown = sorted(set(given) - place.keys())
    if unknown:
        verb = "is" if len(unknown) == 1 else "are"
        raise ValueError(
            f"{', '.join(map(repr, unknown))} {verb} not among the labels {', '.join(labels)}. "
            "List every label that counts, and leave out what has others."
        )
    return np.array([place[label] for label in given], int)


def ratio(part: ArrayLike, whole: ArrayLike) -> np.ndarray:
    """Their quotient, NaN where the whole is 0."""
    return np.divide(part, whole, out=np.full(np.shape(whole), np.nan), where=np.not_equal(whole, 0))


def mean_known(values: np.ndarray) -> float:
    """Mean of what is not NaN; NaN if nothing is left."""
    known = values[~np.isnan(values)]
    return float(known.mean()) if len(known) else float("nan")
