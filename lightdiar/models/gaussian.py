"""Full-covariance Gaussians from sufficient statistics, and the Bayesian information criterion.

A Gaussian is stored as its count, sum and sum of squares. These statistics add, so segments are joined and cut
without going back to the frames. Covariances are maximum-likelihood estimates (divided by n).
"""

from dataclasses import dataclass

import numpy as np

from lightdiar.common.arrays import checked_rows


@dataclass(frozen=True, eq=False)
class Statistics:
    """Sufficient statistics of Gaussians; leading axes (shape ``...``) hold several at once.

    Parameters
    ----------
    count : ndarray of shape (...)
    first : ndarray of shape (..., n_features)
        Sum of the frames.
    second : ndarray of shape (..., n_features, n_features)
        Sum of their outer products.
    """

    count: np.ndarray
    first: np.ndarray
    second: np.ndarray

    @classmethod
    def of(cls, X: np.ndarray) -> "Statistics":
        """Statistics of frames, shape (..., n_frames, n_features)."""
        X = np.asarray(X, dtype=np.float64)
        return cls(np.full(X.shape[:-2], float(X.shape[-2])), X.sum(axis=-2), X.swapaxes(-1, -2) @ X)

    def __add__(self, other: "Statistics") -> "Statistics":
        return Statistics(self.count + other.count, self.first + other.first, self.second + other.second)

    def __sub__(self, other: "Statistics") -> "Statistics":
        return Statistics(self.count - other.count, self.first - other.first, self.second - other.second)

    def __getitem__(self, index: int | slice | np.ndarray) -> "Statistics":
        return Statistics(self.count[index], self.first[index], self.second[index])

    def cumulative(self) -> "Statistics":
        """Statistics of the first entry, of the first two, of the first three, and so on."""
        return Statistics(self.count.cumsum(axis=0), self.first.cumsum(axis=0), self.second.cumsum(axis=0))

    def covariance(self) -> np.ndarray:
        """Maximum-likelihood covariances, shape (..., n_features, n_features)."""
        mean = self.first / self.count[..., None]
        return self.second / self.count[..., None, None] - mean[..., :, None] * mean[..., None, :]


def sums_by_label(X: np.ndarray, labels: np.ndarray, n_labels: int) -> np.ndarray:
    """Sum of the rows of each label, 0 to ``n_labels - 1``, shape (n_labels, n_features), float64."""
    return np.stack([np.bincount(labels, column, n_labels) for column in X.T], axis=1)


def log_det(covariance: np.ndarray) -> np.ndarray:
    """Log determinants of covariances, shape (..., n, n) to (...); raises ValueError if one is singular."""
    sign, value = np.linalg.slogdet(covariance)
    if not np.all(sign > 0):
        raise ValueError(
            "A covariance is singular: a feature is constant, or a linear function of others, or there are "
            "too few frames. Leave such features out or use longer segments."
        )
    return value


def log_density(X: np.ndarray, mean: np.ndarray, covariance: np.ndarray) -> np.ndarray:
    """Log density of each frame under a Gaussian, nats.

    Parameters
    ----------
    X : ndarray of shape (n_frames, n_features)
    mean : ndarray of shape (n_features,)
    covariance : ndarray of shape (n_features, n_features)

    Returns
    -------
    values : ndarray of shape (n_frames,)
    """
    deviation = np.asarray(X) - mean
    distance = (deviation * np.linalg.solve(covariance, deviation.T).T).sum(axis=1)
    return -0.5 * (len(mean) * np.log(2 * np.pi) + log_det(covariance) + distance)


def delta_bic(X: np.ndarray, change_frame: int, *, penalty_weight: float = 1.0) -> float:
    """Score one candidate speaker change inside a block of frames.

    One full-covariance Gaussian for the whole block is compared with one on each side.

    Parameters
    ----------
    X : ndarray of shape (n_frames, n_features)
        Feature frames in time order.
    change_frame : int
        First frame of the right side; each side needs more than n_features frames.
    penalty_weight : float, default=1.0
        The lambda of [1]_; larger means fewer changes.

    Returns
    -------
    score : float
        Delta BIC in nats for the whole block; positive favours a change.

    Raises
    ------
    ValueError
        If a side is too short or a feature is constant.

    References
    ----------
    .. [1] Chen and Gopalakrishnan, "Speaker, environment and channel change detection and
       clustering via the Bayesian information criterion", DARPA workshop, 1998.

    Examples
    --------
    >>> rng = np.random.default_rng(0)
    >>> delta_bic(np.vstack([rng.normal(0, 1, (200, 2)), rng.normal(5, 1, (200, 2))]), 200) > 0
    True
    """
    X = checked_rows(X)
    n_frames, n_features = X.shape
    if not n_features < change_frame < n_frames - n_features:
        raise ValueError(
            f"change_frame={change_frame} of {n_frames} frames leaves a side with no more frames than "
            f"features ({n_features}); it must be in {n_features + 1} to {n_frames - n_features - 1}."
        )
    X = X - np.mean(X, axis=0)  # sums of squares lose digits far from 0
    score = bic_gain(Statistics.of(X[:change_frame]), Statistics.of(X[change_frame:]), penalty_weight=penalty_weight)
    return float(score)


def bic_gain(left: Statistics, right: Statistics, *, penalty_weight: float = 1.0, ridge: float = 0.0) -> np.ndarray:
    """Delta BIC of two Gaussians against one, from statistics; leading axes broadcast.

    Parameters
    ----------
    left, right : Statistics
    penalty_weight : float
    ridge : float
        Frames of unit covariance added to each covariance, so that it is not singular for short segments.

    Returns
    -------
    gain : ndarray of shape (...)
        Nats; positive favours two Gaussians.
    """

    def cost(statistics):
        n = statistics.count[..., None, None]
        eye = np.eye(statistics.first.shape[-1])
        return statistics.count * log_det((n * statistics.covariance() + ridge * eye) / (n + ridge))

    whole = left + right
    n_features = whole.first.shape[-1]
    n_parameters = n_features + n_features * (n_features + 1) / 2
    penalty = 0.5 * penalty_weight * n_parameters * np.log(whole.count)
    return 0.5 * (cost(whole) - cost(left) - cost(right)) - penalty
