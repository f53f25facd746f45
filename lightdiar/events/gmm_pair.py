"""A pair of Gaussian mixtures for each class, the baseline of the DCASE challenges [1]_.

One mixture is of the steps where the class sounds, the other of those where it does not; the log likelihood ratio tells
which of them a step resembles. The columns of a step are not independent, so the ratio is far too sure: a logistic
regression on the training steps brings it to log odds.

References
----------
.. [1] Mesaros, Heittola and Virtanen, "TUT database for acoustic scene classification and sound event detection",
   EUSIPCO 2016.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from lightdiar.events.logistic import Logistic, fit_logistic, standards
from lightdiar.models.gmm import GMM, fit_gmm

_MOST_ROWS = 40_000  # of each mixture
_ROWS_PER_COMPONENT = 10
_LEAST_VARIANCE = 0.01  # of that of the column: a few rows that are alike are no certainty


@dataclass(frozen=True, eq=False)
class GmmPair:
    """Two mixtures, and what their log likelihood ratio is worth.

    Parameters
    ----------
    present, absent : GMM
        Of steps where the class sounds, and where it does not.
    logistic : Logistic
        From the log likelihood ratio to log odds.
    """

    present: GMM
    absent: GMM
    logistic: Logistic

    def __post_init__(self):
        n_columns = [np.shape(part)[1] for part in (self.present.means, self.absent.means)]
        if n_columns[0] != n_columns[1] or np.shape(self.logistic.slopes) != (1,):
            raise ValueError(
                f"mixtures of {n_columns[0]} and {n_columns[1]} columns and {np.shape(self.logistic.slopes)} slopes; "
                "both need the same columns, and their ratio one slope."
            )

    def scores(self, X: np.ndarray) -> np.ndarray:
        """Log odds of each step, shape (n_steps,)."""
        return self.logistic.scores(_ratio(self.present, self.absent, X))

    def rescaled(self, slope: float, offset: float) -> "GmmPair":
        """The classifier whose scores are ``slope * score + offset``."""
        return replace(self, logistic=self.logistic.rescaled(slope, offset))


def stages(
    X: np.ndarray, y: np.ndarray, weights: np.ndarray, *, seed: int = 0, n_components: int = 16
) -> Iterator[tuple[int, GmmPair]]:
    """Train one class, with 1, 2, 4 and more Gaussians.

    Parameters
    ----------
    X : ndarray of shape (n_steps, n_columns)
    y : ndarray of bool, shape (n_steps,)
        Where the class sounds; both values occur.
    weights : ndarray of shape (n_steps,)
        Of the logistic regression; within a mixture all steps count the same.
    seed : int
    n_components : int, default=16
        At most. A mixture gets no more than its steps can tell apart, ten steps for each Gaussian.

    Yields
    ------
    n_components : int
        Gaussians of the larger mixture.
    classifier : GmmPair
    """
    centre, scale = standards(X)
    rng = np.random.default_rng(seed)
    present, absent = ((_drawn(X[side], rng) - centre) / scale for side in (y, ~y))
    most = [min(n_components, max(1, _distinct(rows) // _ROWS_PER_COMPONENT)) for rows in (present, absent)]
    n, done = 1, 0
    while done < max(most):
        done = min(n, max(most))
        one, other = (_mixture(rows, min(n, top), centre, scale, seed) for rows, top in zip((present, absent), most))
        yield done, GmmPair(one, other, fit_logistic(_ratio(one, other, X), y, weights))
        n *= 2


def _ratio(present, absent, X):
    """Log likelihood ratio of each step as a column, (n_steps, 1)."""
    return (present.score_samples(X) - absent.score_samples(X)).astype(float)[:, None]


def _mixture(rows, n_components, centre, scale, seed):
    """A mixture of standardised rows, for columns as they are."""
    model = fit_gmm(rows, n_components, seed=seed)
    variances = np.maximum(model.covariances, _LEAST_VARIANCE)
    return GMM(model.weights, model.means * scale + centre, variances * scale**2)


def _drawn(rows, rng):
    """Some of the rows if they are many."""
    return rows[np.sort(rng.choice(len(rows), _MOST_ROWS, replace=False))] if len(rows) > _MOST_ROWS else rows


def _distinct(rows):
    return len(np.unique(rows.astype(np.float32), axis=0))
