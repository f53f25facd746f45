"""Speaker changes: how many true ones were found, and how many found ones are true."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from lightdiar.timeline import Annotation, check_annotation


def change_points(annotation: Annotation) -> np.ndarray:
    """Times at which somebody starts or stops speaking, in seconds, sorted; shape (n_points,)."""
    check_annotation(annotation)
    turns = annotation.fill_gaps(0.0)
    return np.unique([time for turn in turns for time in (turn.start, turn.end)])


@dataclass(frozen=True)
class ChangePointScore:
    """Numbers of true, found and matched change points; scores add with ``+``."""

    n_reference: int = 0
    n_found: int = 0
    n_matched: int = 0

    @property
    def precision(self) -> float:
        """Share of the found points that are true; 1.0 if none were found."""
        return self.n_matched / self.n_found if self.n_found else 1.0

    @property
    def recall(self) -> float:
        """Share of the true points that were found; 1.0 if there are none."""
        return self.n_matched / self.n_reference if self.n_reference else 1.0

    def __add__(self, other: "ChangePointScore") -> "ChangePointScore":
        if not isinstance(other, ChangePointScore):
            return NotImplemented
        return ChangePointScore(
            self.n_reference + other.n_reference,
            self.n_found + other.n_found,
            self.n_matched + other.n_matched,
        )


def change_point_score(reference: ArrayLike, hypothesis: ArrayLike, *, tolerance: float = 0.25) -> ChangePointScore:
    """Match found change points to true ones, one to one, as many as possible.

    Parameters
    ----------
    reference, hypothesis : array-like of float
        Times in seconds, such as `change_points` returns.
    tolerance : float, default=0.25
        Largest distance between matched points, seconds.

    Returns
    -------
    score : ChangePointScore

    Examples
    --------
    >>> score = change_point_score([1.0, 5.0, 7.0], [1.1, 1.2, 6.9, 9.0])
    >>> score.precision, round(score.recall, 3)
    (0.5, 0.667)
    """
    reference, hypothesis = np.sort(reference), np.sort(hypothesis)
    i = j = n_matched = 0
    # With a single tolerance, taking the earliest possible pair never costs a later one.
    while i < len(reference) and j < len(hypothesis):
        if abs(reference[i] - hypothesis[j]) <= tolerance:
            n_matched += 1
            i += 1
            j += 1
        elif reference[i] < hypothesis[j]:
            i += 1
        else:
            j += 1
    return ChangePointScore(len(reference), len(hypothesis), n_matched)
