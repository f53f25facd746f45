"""Speaker changes: which of the true ones were found, and how many found ones are true."""

from dataclasses import dataclass

import numpy as np

from lightdiar.metrics.intervals import check_annotation


def change_points(annotation):
    """Times at which somebody starts or stops speaking, seconds, sorted; shape (n_points,)."""
    check_annotation(annotation)
    turns = annotation.fill_gaps(0.0)
    return np.unique([time for turn in turns for time in (turn.start, turn.end)])


@dataclass(frozen=True)
class ChangePointScore:
    """How many change points there are, were found, and agree; scores add with ``+``."""

    n_reference: int = 0
    n_found: int = 0
    n_matched: int = 0

    @property
    def precision(self):
        """Share of the found points that are true; 1.0 if none was found."""
        return self.n_matched / self.n_found if self.n_found else 1.0

    @property
    def recall(self):
        """Share of the true points that were found; 1.0 if there are none."""
        return self.n_matched / self.n_reference if self.n_reference else 1.0

    def __add__(self, other):
        if not isinstance(other, ChangePointScore):
            return NotImplemented
        return ChangePointScore(
            self.n_reference + other.n_reference,
            self.n_found + other.n_found,
            self.n_matched + other.n_matched,
        )


def change_point_score(reference, hypothesis, *, tolerance=0.25):
    """Match found change points to true ones, one to one, as many as possible.

    Parameters
    ----------
    reference, hypothesis : array-like of float
        Times in seconds, such as `change_points` gives.
    tolerance : float, default=0.25
        Farthest distance of a match, seconds.

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
    # With one tolerance for all, taking the earliest possible pair never costs a later one.
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
