"""Total variability: a short segment of speech as a single vector (i-vector).

The means of a background model, adapted to an utterance, are written as ``m + T w``: the low-rank matrix
``T`` holds the directions in which speakers and channels differ, and the i-vector is the posterior mean of
``w`` given the utterance's Baum-Welch statistics [1]_.

References
----------
.. [1] Dehak, Kenny, Dehak, Dumouchel and Ouellet, "Front-end factor analysis for speaker verification",
   IEEE Trans. Audio, Speech and Language Processing 19, 2011.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from lightdiar.common.convergence import Convergence
from lightdiar.models.gmm import GMM

_BLOCK_UTTERANCES = 512


@dataclass(frozen=True, eq=False)
class TotalVariability:
    """An i-vector extractor.

    Parameters
    ----------
    T : ndarray of shape (n_components, n_features, n_factors)
        In units of the background model's standard deviations; the prior of ``w`` is N(0, I).
    convergence : Convergence, optional
        How the fit ended; None if the extractor was loaded.
    """

    T: np.ndarray
    convergence: Convergence | None = None

    def __post_init__(self):
        if np.ndim(self.T) != 3:
            raise ValueError(f"T must be (n_components, n_features, n_factors); got {np.shape(self.T)}.")

    @property
    def n_factors(self) -> int:
        """Dimension of the i-vectors."""
        return self.T.shape[2]

    @cached_property
    def _gram(self):
        """T_c' T_c of every component, the upper triangle as a row."""
        rows, columns = np.triu_indices(self.n_factors)
        return np.matmul(self.T.transpose(0, 2, 1), self.T)[:, rows, columns]

    def precision(self, N: np.ndarray) -> np.ndarray:
        """Posterior precision of ``w`` given soft counts, shape (n_utterances, n_factors, n_factors)."""
        return _unpack(N @ self._gram, self.n_factors) + np.eye(self.n_factors, dtype=self.T.dtype)

    def project(self, F: np.ndarray) -> np.ndarray:
        """T' F of each utterance, shape (n_utterances, n_factors)."""
        return np.tensordot(F, self.T)

    def embed(self, N: np.ndarray, F: np.ndarray) -> np.ndarray:
        """i-vectors: posterior means of ``w``.

        Parameters
        ----------
        N : ndarray of shape (n_utterances, n_components)
        F : ndarray of shape (n_utterances, n_components, n_features)
            Whitened statistics, see `whiten`.

        Returns
        -------
        W : ndarray of shape (n_utterances, n_factors)
        """
        return np.linalg.solve(self.precision(N), self.project(F)[:, :, None])[:, :, 0]


def whiten(gmm: GMM, N: np.ndarray, F: np.ndarray) -> np.ndarray:
    """First-order statistics centred on the background model, in its standard deviations."""
    return (F - N[..., None] * gmm.means) / np.sqrt(gmm.covariances)


def supervectors(gmm: GMM, N: np.ndarray, F: np.ndarray, relevance: float = 16.0) -> np.ndarray:
    """MAP-adapted means of the background model, one long row per utterance: a simple alternative to i-vectors.

    Rows are offsets from the background model, scaled by sqrt(weight) / standard deviation, so that their squared
    distances bound the divergence of the adapted mixtures [1]_.

    Parameters
    ----------
    gmm : GMM
        The background model.
    N : ndarray of shape (n_utterances, n_components)
    F : ndarray of shape (n_utterances, n_components, n_features)
        Whitened statistics, see `whiten`.
    relevance : float
        Prior frames per component, above 0, as in `lightdiar.models.gmm.map_adapt`.

    Returns
    -------
    S : ndarray of shape (n_utterances, n_components * n_features)
        Zero for an utterance without frames.

    References
    ----------
    .. [1] Campbell, Sturim and Reynolds, "Support vector machines using GMM supervectors for speaker verification",
       IEEE Signal Processing Letters 13, 2006.
    """
    scale = np.sqrt(gmm.weights) / (N + relevance)
    return (scale[:, :, None] * F).reshape(len(F), F.shape[1] * F.shape[2])


def fit_total_variability(
    N: np.ndarray, F: np.ndarray, n_factors: int, *, n_iter: int = 6, tolerance: float = 1e-4, seed: int = 0
) -> TotalVariability:
    """Train `T` by EM with minimum divergence.

    Parameters
    ----------
    N : ndarray of shape (n_utterances, n_components)
    F : ndarray of shape (n_utterances, n_components, n_features)
        Whitened statistics; float32 halves the time.
    n_factors, n_iter, seed : int
    tolerance : float, default=1e-4
        Training stops when an iteration changes `T` by less than this fraction of its norm; the usual handful of
        iterations does not reach it.

    Returns
    -------
    extractor : TotalVariability
    """
    n_components, n_features = F.shape[1:]
    rows, columns = np.triu_indices(n_factors)
    rng = np.random.default_rng(seed)
    T = rng.normal(0, 0.1, (n_components, n_features, n_factors)).astype(F.dtype)
    n_done, converged = 0, False
    for n_done in range(1, n_iter + 1):
        extractor = TotalVariability(T)
        A = np.zeros((n_components, len(rows)))
        B = np.zeros((n_components * n_features, n_factors))
        second = np.zeros((n_factors, n_factors))
        for start in range(0, len(N), _BLOCK_UTTERANCES):
            n, f = N[start : start + _BLOCK_UTTERANCES], F[start : start + _BLOCK_UTTERANCES]
            covariance = np.linalg.inv(extractor.precision(n))
            mean = np.matmul(covariance, extractor.project(f)[:, :, None])[:, :, 0]
            moment = covariance + mean[:, :, None] * mean[:, None, :]
            A += n.T @ moment[:, rows, columns]
            B += f.reshape(len(f), -1).T @ mean
            second += moment.sum(axis=0)
        normal = _unpack(A, n_factors) + 1e-6 * np.eye(n_factors)
        T = np.linalg.solve(normal, B.reshape(n_components, n_features, n_factors).transpose(0, 2, 1))
        # minimum divergence: the prior of w goes back to N(0, I)
        T = (T.transpose(0, 2, 1) @ np.linalg.cholesky(second / len(N))).astype(F.dtype)
        converged = bool(np.linalg.norm(T - extractor.T) <= tolerance * np.linalg.norm(T))
        if converged:
            break
    return TotalVariability(T, Convergence(n_done, converged))


def _unpack(upper, size):
    """Symmetric matrices from rows that hold their upper triangles."""
    rows, columns = np.triu_indices(size)
    place = np.empty((size, size), dtype=int)
    place[rows, columns] = place[columns, rows] = np.arange(len(rows))
    return upper[:, place]
