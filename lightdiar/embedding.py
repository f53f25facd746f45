"""Total variability: a short stretch of speech as one point (i-vector).

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

from lightdiar.features import deltas

_BLOCK_UTTERANCES = 512
_BLOCK_FRAMES = 6000
N_STATIC = 20
_DELTA_WIDTH = 2


def speaker_features(mfcc, mean):
    """What speakers are modelled by: 19 cepstral coefficients less the recording's mean, and their slopes.

    The mean is that of all who speak in the recording. The room and the microphone they share go with it; what a
    voice differs by from the others stays, where a mean over seconds takes that too. Log energy is left out: who is
    near the microphone is no voice.

    Parameters
    ----------
    mfcc : ndarray of shape (n_frames, 20 or more)
    mean : ndarray of shape (20 or more,)
        See `recording_mean`.

    Returns
    -------
    X : ndarray of shape (n_frames, 38), float32
    """
    static = mfcc[:, 1:N_STATIC]
    X = np.concatenate([static - mean[1:N_STATIC], deltas(static, _DELTA_WIDTH)], axis=1)
    return X.astype(np.float32, copy=False)


def recording_mean(mfcc, speech):
    """Mean of the frames of a mask (n_frames,) of speech, shape (n_mfcc,)."""
    return mfcc.mean(axis=0, dtype=np.float64, where=speech[:, None])


def embed_windows(ubm, extractor, mfcc, windows, speech):
    """i-vectors of windows of a recording.

    Parameters
    ----------
    ubm : GMM
        Of `speaker_features`.
    extractor : TotalVariability
    mfcc : ndarray of shape (n_frames, 20 or more)
    windows : ndarray of int, shape (n_windows, 2)
        First frame and end of each, in time order.
    speech : ndarray of bool, shape (n_frames,)
        Frames that count; the pauses in a window say nothing of its speaker.

    Returns
    -------
    W : ndarray of shape (n_windows, n_factors), float32
    """
    W = np.empty((len(windows), extractor.n_factors), np.float32)
    mean = recording_mean(mfcc, speech) if len(windows) else None
    first = 0
    while first < len(windows):
        origin = windows[first, 0]
        end = max(first + 1, np.searchsorted(windows[:, 1], origin + _BLOCK_FRAMES, side="right"))
        block = slice(first, end)
        context = max(0, origin - _DELTA_WIDTH)  # blocks see what the whole recording would show them
        around = slice(context, windows[end - 1, 1] + _DELTA_WIDTH)
        N, F = window_statistics(ubm, speaker_features(mfcc[around], mean), windows[block] - context, speech[around])
        W[block] = extractor.embed(N, F)
        first = end
    return W


def window_statistics(ubm, X, windows, speech):
    """Baum-Welch statistics of the speech in windows of frames, of first order whitened, float32.

    Returns
    -------
    N : ndarray of shape (n_windows, n_components)
    F : ndarray of shape (n_windows, n_components, n_features)
    """
    origin, end = windows[:, 0].min(), windows[:, 1].max()
    X = X[origin:end].astype(np.float32)
    gamma = ubm.responsibilities(X) * speech[origin:end, None]
    N = np.empty((len(windows), gamma.shape[1]), np.float32)
    F = np.empty((len(windows), gamma.shape[1], X.shape[1]), np.float32)
    for row, (a, b) in enumerate(windows - origin):
        N[row] = gamma[a:b].sum(axis=0)
        F[row] = gamma[a:b].T @ X[a:b]
    return N, whiten(ubm, N, F).astype(np.float32)


@dataclass(frozen=True, eq=False)
class TotalVariability:
    """An i-vector extractor.

    Parameters
    ----------
    T : ndarray of shape (n_components, n_features, n_factors)
        In units of the background model's standard deviations; the prior of ``w`` is N(0, I).
    """

    T: np.ndarray

    def __post_init__(self):
        if np.ndim(self.T) != 3:
            raise ValueError(f"T must be (n_components, n_features, n_factors); got {np.shape(self.T)}.")

    @property
    def n_factors(self):
        """Dimension of the i-vectors."""
        return self.T.shape[2]

    @cached_property
    def _gram(self):
        """T_c' T_c of every component, the upper triangle as a row."""
        rows, columns = np.triu_indices(self.n_factors)
        return np.matmul(self.T.transpose(0, 2, 1), self.T)[:, rows, columns]

    def precision(self, N):
        """Posterior precision of ``w`` given soft counts, shape (n_utterances, n_factors, n_factors)."""
        return _unpack(N @ self._gram, self.n_factors) + np.eye(self.n_factors, dtype=self.T.dtype)

    def project(self, F):
        """T' F of each utterance, shape (n_utterances, n_factors)."""
        return F.reshape(len(F), -1) @ self.T.reshape(-1, self.n_factors)

    def embed(self, N, F):
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


def whiten(gmm, N, F):
    """First-order statistics centred on the background model, in its standard deviations."""
    return (F - N[..., None] * gmm.means) / np.sqrt(gmm.covariances)


def supervectors(gmm, N, F, relevance=16.0):
    """MAP-adapted means of the background model, one long row per utterance: the plain alternative to i-vectors.

    Counted from the background model and scaled by sqrt(weight) / standard deviation, squared distances of rows bound
    the divergence of the adapted mixtures [1]_.

    Parameters
    ----------
    gmm : GMM
        The background model.
    N : ndarray of shape (n_utterances, n_components)
    F : ndarray of shape (n_utterances, n_components, n_features)
        Whitened statistics, see `whiten`.
    relevance : float
        Frames of prior per component, above 0, as in `lightdiar.gmm.map_adapt`.

    Returns
    -------
    S : ndarray of shape (n_utterances, n_components * n_features)
        Without frames, zero.

    References
    ----------
    .. [1] Campbell, Sturim and Reynolds, "Support vector machines using GMM supervectors for speaker verification",
       IEEE Signal Processing Letters 13, 2006.
    """
    scale = np.sqrt(gmm.weights) / (N + relevance)
    return (scale[:, :, None] * F).reshape(len(F), -1)


def fit_total_variability(N, F, n_factors, *, n_iter=6, random_state=0):
    """Train `T` by EM with minimum divergence.

    Parameters
    ----------
    N : ndarray of shape (n_utterances, n_components)
    F : ndarray of shape (n_utterances, n_components, n_features)
        Whitened statistics; float32 halves the time.
    n_factors, n_iter, random_state : int

    Returns
    -------
    extractor : TotalVariability
    """
    n_components, n_features = F.shape[1:]
    rows, columns = np.triu_indices(n_factors)
    rng = np.random.default_rng(random_state)
    T = rng.normal(0, 0.1, (n_components, n_features, n_factors)).astype(F.dtype)
    for _ in range(n_iter):
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
    return TotalVariability(T)


def _unpack(upper, size):
    """Symmetric matrices from rows that hold their upper triangles."""
    rows, columns = np.triu_indices(size)
    place = np.empty((size, size), dtype=int)
    place[rows, columns] = place[columns, rows] = np.arange(len(rows))
    return upper[:, place]
