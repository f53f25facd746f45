"""Whether probabilities are true: of what is given 70 %, do 70 % happen?"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike


@dataclass(frozen=True, eq=False)
class Calibration:
    """Probabilities in bins of equal width; bins without any are left out.

    Parameters
    ----------
    counts : ndarray of int, shape (n_bins,)
        Number of probabilities in each.
    predicted : ndarray of shape (n_bins,)
        Their mean.
    observed : ndarray of shape (n_bins,)
        Share of them that came true.
    """

    counts: np.ndarray
    predicted: np.ndarray
    observed: np.ndarray

    @property
    def error(self) -> float:
        """Expected calibration error, 0 to 1: mean distance of predicted and observed, weighted by counts [1]_.

        It is above 0 by chance: for 100 probabilities that are all true it is about 0.1, for 200 about 0.07.

        References
        ----------
        .. [1] Naeini, Cooper and Hauskrecht, "Obtaining well calibrated probabilities using Bayesian binning", AAAI,
           2015.
        """
        return float(np.average(np.abs(self.predicted - self.observed), weights=self.counts))


def calibration(p: ArrayLike, happened: ArrayLike, n_bins: int = 10) -> Calibration:
    """Compare probabilities with what happened.

    Parameters
    ----------
    p : array_like of shape (n,)
        Probabilities, 0 to 1.
    happened : array_like of bool, shape (n,)
    n_bins : int, default=10

    Raises
    ------
    ValueError
        If there are none, the lengths differ, or a probability lies outside 0 to 1.

    Examples
    --------
    >>> found = calibration([0.1, 0.1, 0.8, 0.8], [False, False, True, False])
    >>> found.predicted.tolist(), found.observed.tolist(), round(found.error, 3)
    ([0.1, 0.8], [0.0, 0.5], 0.2)
    """
    p, happened = np.asarray(p, float), np.asarray(happened, bool)
    if p.ndim != 1 or p.shape != happened.shape or not len(p):
        raise ValueError(f"p {p.shape} and happened {happened.shape} must be two lists of the same length, not empty.")
    if not ((p >= 0) & (p <= 1)).all():
        raise ValueError(f"probabilities lie from 0 to 1; got {p.min()} to {p.max()}.")
    place = np.minimum((p * n_bins).astype(int), n_bins - 1)
    _, place = np.unique(place, return_inverse=True)
    counts = np.bincount(place)
    return Calibration(counts, np.bincount(place, p) / counts, np.bincount(place, happened) / counts)
