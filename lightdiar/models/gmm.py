"""Gaussian mixture models with diagonal covariances: the universal background model and its adaptation.

A log density is linear in ``[x, x**2]``, so scoring is a single matrix product, in float32 and with x relative to the
mean of the mixture. Log likelihoods are in nats.
"""

from dataclasses import dataclass
from functools import cached_property
from numbers import Real

import numpy as np

from lightdiar.common.arrays import checked_rows
from lightdiar.common.convergence import Convergence
from lightdiar.models.gaussian import sums_by_label

_BLOCK_FRAMES = 8192
_K_MEANS_ITERATIONS = 10
_LEAST_GAIN = 1e-4  # nats per frame that are worth another iteration
_LEAST_VARIANCE = 1e-4  # added to each
_NO_FRAMES = 1e-10  # so much more than none has a component


@dataclass(frozen=True, eq=False)
class GMM:
    """A diagonal-covariance mixture.

    Parameters
    ----------
    weights : ndarray of shape (n_components,)
    means, covariances : ndarray of shape (n_components, n_features)
    convergence : Convergence, optional
        How the fit ended; None if the mixture was adapted or loaded.
    """

    weights: np.ndarray
    means: np.ndarray
    covariances: np.ndarray
    convergence: Convergence | None = None

    def __post_init__(self):
        shape = (len(self.weights), *np.shape(self.means)[1:])
        if not np.shape(self.means) == np.shape(self.covariances) == shape or len(shape) != 2:
            raise ValueError(
                f"weights {np.shape(self.weights)}, means {np.shape(self.means)} and covariances "
                f"{np.shape(self.covariances)} must be (n_components,), and both others (n_components, n_features)."
            )
        if np.min(self.weights) <= 0 or np.min(self.covariances) <= 0:
            raise ValueError("weights and covariances must be positive.")

    @cached_property
    def _linear(self):
        """Origin of x; coefficients of [x, x**2] and constant in each log density plus log weight."""
        origin = self.weights @ self.means  # squares far from 0 would exceed the precision of float32
        means, precision = self.means - origin, 1 / self.covariances
        constant = np.log(self.weights) - 0.5 * (np.log(2 * np.pi * self.covariances) + means**2 * precision).sum(
            axis=1
        )
        slope = np.concatenate([means * precision, -0.5 * precision], axis=1).T
        return origin, slope.astype(np.float32), constant.astype(np.float32)

    def weighted_log_density(self, X: np.ndarray) -> np.ndarray:
        """Log of weight times density, shape (n_frames, n_components), float32."""
        origin, slope, constant = self._linear
        X = (X - origin).astype(np.float32)
        return np.concatenate([X, X * X], axis=1) @ slope + constant

    def score_samples(self, X: np.ndarray) -> np.ndarray:
        """Log likelihood of each frame, shape (n_frames,), float32."""
        scores = np.empty(len(X), np.float32)
        for block in _blocks(X):
            scores[block] = _logsumexp(self.weighted_log_density(X[block]))
        return scores

    def responsibilities(self, X: np.ndarray) -> np.ndarray:
        """Posterior probability of each component for each frame, shape (n_frames, n_components), float32."""
        log_density = self.weighted_log_density(X)
        log_density -= log_density.max(axis=1, keepdims=True)
        gamma = np.exp(log_density, out=log_density)
        gamma /= gamma.sum(axis=1, keepdims=True)
        return gamma

    def statistics(self, X: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Zeroth- and first-order Baum-Welch statistics.

        Parameters
        ----------
        X : ndarray of shape (n_frames, n_features)

        Returns
        -------
        N : ndarray of shape (n_components,)
            Soft frame counts.
        F : ndarray of shape (n_components, n_features)
            Soft sums of frames.
        """
        N, F = np.zeros(len(self.weights)), np.zeros(self.means.shape)
        for block in _blocks(X):
            frames = np.asarray(X[block], dtype=np.float32)
            gamma = self.responsibilities(frames)
            N += gamma.sum(axis=0)
            F += gamma.T @ frames
        return N, F


def fit_gmm(X: np.ndarray, n_components: int, *, n_iter: int = 20, seed: int = 0) -> GMM:
    """Train a diagonal mixture by expectation maximisation, initialised by k-means.

    Parameters
    ----------
    X : ndarray of shape (n_frames, n_features)
    n_components, n_iter : int
    seed : int
        Of the frames at which k-means begins.

    Returns
    -------
    gmm : GMM
        Its `convergence` says whether the gain fell below 0.0001 nats per frame within `n_iter` iterations; a
        background model is trained for a fixed number of iterations and need not converge.

    Raises
    ------
    ValueError
        If there are fewer frames than components, or a value is NaN or infinite.

    References
    ----------
    .. [1] Dempster, Laird and Rubin, "Maximum likelihood from incomplete data via the EM algorithm", Journal of the
       Royal Statistical Society B 39, 1977.
    """
    X = checked_rows(X)
    if n_components < 1:
        raise ValueError(f"n_components={n_components} must be at least 1; 256 suit a background model.")
    if len(X) < n_components:
        raise ValueError(f"{len(X)} frames cannot train {n_components} components; use more audio or fewer components.")
    origin = np.mean(X, axis=0, dtype=np.float64)
    X = (X - origin).astype(np.float32)  # squares far from 0 would lose their digits
    gmm = _mixture_of(*_k_means(X, n_components, np.random.default_rng(seed)))
    likelihood: list[float] = []
    converged = False
    while len(likelihood) < n_iter and not converged:
        statistics, log_likelihood = _expectation(gmm, X)
        gmm = _mixture_of(*statistics)
        likelihood.append(log_likelihood)
        converged = len(likelihood) > 1 and bool(likelihood[-1] - likelihood[-2] < _LEAST_GAIN)
    return GMM(gmm.weights, gmm.means + origin, gmm.covariances, Convergence(len(likelihood), converged))


def _k_means(X, n_clusters, rng):
    """Number of frames in each of the clusters, their sums and their sums of squares."""
    from scipy.cluster.vq import vq

    centres = X[rng.choice(len(X), n_clusters, replace=False)]
    for _ in range(_K_MEANS_ITERATIONS):
        cluster, _ = vq(X, centres)
        N, F = np.bincount(cluster, minlength=n_clusters), sums_by_label(X, cluster, n_clusters)
        centres = np.where(N[:, None] > 0, F / np.maximum(N, 1)[:, None], centres).astype(X.dtype)
    return N, F, sums_by_label(X**2, cluster, n_clusters)


def _expectation(gmm, X):
    """Expected number of frames of each component, their sums and sums of squares; mean log likelihood of a frame."""
    N, F = np.zeros(len(gmm.weights)), np.zeros(gmm.means.shape)
    S, total = np.zeros(gmm.means.shape), 0.0
    for block in _blocks(X):
        frames, log_density = X[block], gmm.weighted_log_density(X[block])
        score = _logsumexp(log_density)
        gamma = np.exp(log_density - score[:, None])
        N += gamma.sum(axis=0)
        F += gamma.T @ frames
        S += gamma.T @ frames**2
        total += score.sum(dtype=np.float64)
    return (N, F, S), total / len(X)


def _mixture_of(N, F, S):
    """Maximisation: the mixture with these statistics; a component that has lost all its frames is near the mean."""
    N = N + _NO_FRAMES
    means = F / N[:, None]
    return GMM(N / N.sum(), means, np.maximum(S / N[:, None] - means**2, 0) + _LEAST_VARIANCE)


def map_adapt(gmm: GMM, X: np.ndarray, *, relevance: float = 16.0) -> GMM:
    """Adapt the means of a background model to a speaker.

    Parameters
    ----------
    gmm : GMM
        Universal background model.
    X : ndarray of shape (n_frames, n_features)
    relevance : float
        Relevance factor, the prior frames per component, above 0: 16 for minutes of speech, 2 to 8 for seconds.

    Returns
    -------
    adapted : GMM
        Its means are adapted; weights and covariances are those of `gmm`.

    Raises
    ------
    TypeError
        If `gmm` is no mixture.
    ValueError
        If `X` is not finite or has other features than the mixture, or `relevance` is not above 0.

    References
    ----------
    .. [1] Reynolds, Quatieri and Dunn, "Speaker verification using adapted Gaussian mixture models",
       Digital Signal Processing 10, 2000.
    """
    if not isinstance(gmm, GMM):
        raise TypeError(f"gmm={gmm!r:.40} must be a GMM; fit_gmm trains one.")
    X = checked_rows(X)
    if X.shape[1] != gmm.means.shape[1]:
        raise ValueError(f"X has {X.shape[1]} features, the mixture has {gmm.means.shape[1]}; make them alike.")
    if not isinstance(relevance, Real) or not relevance > 0:
        raise ValueError(f"relevance={relevance!r:.40} must be a number above 0; 16 suits minutes of speech.")
    N, F = gmm.statistics(X)
    return GMM(gmm.weights, adapted_means(gmm, N, F, relevance), gmm.covariances)


def adapted_means(gmm: GMM, N: np.ndarray, F: np.ndarray, relevance: float = 16.0) -> np.ndarray:
    """MAP means from Baum-Welch statistics; the statistics may have leading axes."""
    return (F + relevance * gmm.means) / (N + relevance)[..., None]


def log_likelihood_ratio(speaker: GMM, background: GMM, X: np.ndarray) -> float:
    """Mean log likelihood ratio per frame of `X`, in nats; positive favours `speaker`, 0 without frames."""
    if len(X) == 0:
        return 0.0
    return float((speaker.score_samples(X) - background.score_samples(X)).mean())


def _blocks(X):
    return [slice(start, start + _BLOCK_FRAMES) for start in range(0, len(X), _BLOCK_FRAMES)]


def _logsumexp(a):
    top = a.max(axis=1, keepdims=True)
    return top[:, 0] + np.log(np.exp(a - top).sum(axis=1))
