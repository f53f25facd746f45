"""Logistic regression: the log odds of a class are a weighted sum of the features of a step.

Training is stochastic gradient descent with a constant learning rate, whose results are averaged [1]_: a few passes are
nearly as good as a complete fit, and a class can be validated several times an epoch. For it the features are
standardised and decorrelated, as neighbouring bands say much the same; what is kept weighs them as they are.

References
----------
.. [1] Bach and Moulines, "Non-strongly-convex smooth stochastic approximation with convergence rate O(1/n)", NIPS 2013.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

_PENALTY = 1e-5  # of the squared slopes, for each row
_LEAST_SCALE = 1e-6  # of a column; one that varies less is constant
_LEAST_VARIANCE = 1e-3  # of what columns differ by, when each of them varies by 1; the rest is hardly heard


@dataclass(frozen=True, eq=False)
class Logistic:
    """A weighted sum of the columns.

    Parameters
    ----------
    slopes : ndarray of shape (n_columns,)
    offset : float
    """

    slopes: np.ndarray
    offset: float | np.ndarray

    def __post_init__(self):
        if np.ndim(self.slopes) != 1 or np.ndim(self.offset) != 0:
            raise ValueError(
                f"slopes of shape {np.shape(self.slopes)} and offset {np.shape(self.offset)} must be one row "
                "and a number."
            )

    def scores(self, X: np.ndarray) -> np.ndarray:
        """Log odds of each step, shape (n_steps,)."""
        return X @ self.slopes + self.offset

    def rescaled(self, slope: float, offset: float) -> "Logistic":
        """The classifier whose scores are ``slope * score + offset``."""
        return Logistic(self.slopes * slope, self.offset * slope + offset)


def standards(X: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Mean and standard deviation of each column, float64; 1 for a column that is constant."""
    centre, scale = X.mean(axis=0, dtype=float), X.std(axis=0, dtype=float)
    return centre, np.where(scale > _LEAST_SCALE, scale, 1.0)


def fit_logistic(X: np.ndarray, y: np.ndarray, weights: np.ndarray | None = None) -> Logistic:
    """Fit a few columns until convergence, with half the squared slopes of standardised columns as a penalty.

    Parameters
    ----------
    X : ndarray of shape (n_steps, n_columns)
    y : ndarray of bool, shape (n_steps,)
        Both values occur.
    weights : ndarray of shape (n_steps,), optional
    """
    from sklearn.linear_model import LogisticRegression

    centre, scale = standards(X)
    model = LogisticRegression(max_iter=1000).fit((X - centre) / scale, y, sample_weight=weights)
    return _around(centre, model.coef_[0] / scale, model.intercept_[0])


def stages(
    X: np.ndarray, y: np.ndarray, weights: np.ndarray, *, seed: int = 0, n_epochs: int = 5, per_epoch: int = 4
) -> Iterator[tuple[float, Logistic]]:
    """Train one class, a part of an epoch at a time.

    Parameters
    ----------
    X : ndarray of shape (n_steps, n_columns)
    y : ndarray of bool, shape (n_steps,)
        Where the class sounds; both values occur.
    weights : ndarray of shape (n_steps,)
        How often a step is drawn, relative to others: a rare class is seen more often, not with larger updates.
    seed : int
    n_epochs : int, default=5
    per_epoch : int, default=4
        Classifiers that are given in each epoch.

    Yields
    ------
    epochs : float
        Steps drawn so far, divided by the number of steps.
    classifier : Logistic
    """
    from sklearn.linear_model import SGDClassifier

    centre, scale = standards(X)
    whitener = _whitener((X - centre) / scale) / scale[:, None]
    Z = ((X - centre) @ whitener).astype(np.float32)
    rate = 1 / (X.shape[1] + 1)  # the inverse of the squared length of a row: it does not overshoot
    learner = SGDClassifier(
        loss="log_loss", alpha=_PENALTY, learning_rate="constant", eta0=rate, average=True, random_state=seed
    )
    rng = np.random.default_rng(seed)
    parts = min(per_epoch, len(X))
    for epoch in range(n_epochs):
        drawn = rng.choice(len(X), len(X), p=weights / weights.sum())
        for part, rows in enumerate(np.array_split(drawn, parts), 1):
            learner.partial_fit(Z[rows], y[rows], classes=[False, True])
            yield epoch + part / parts, _around(centre, whitener @ learner.coef_[0], learner.intercept_[0])


def _whitener(Z):
    """The map of standardised columns to as many that are not correlated, (n_columns, n_columns)."""
    variances, directions = np.linalg.eigh(Z.T @ Z / len(Z))
    return directions / np.sqrt(np.maximum(variances, 0) + _LEAST_VARIANCE)


def _around(centre, slopes, intercept):
    """The classifier whose score is `intercept` in the centre."""
    return Logistic(slopes, float(intercept - slopes @ centre))
