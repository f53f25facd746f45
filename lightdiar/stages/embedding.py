"""Embedding: each window of speech as a point, close to others of the same speaker.

The chain is the classical one: cepstra minus the mean of all speech in the recording, Baum-Welch statistics under the
background model, i-vector, PLDA space.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from lightdiar.models.gmm import GMM, fit_gmm
from lightdiar.models.ivectors import TotalVariability, fit_total_variability, whiten
from lightdiar.models.plda import PLDA, fit_plda
from lightdiar.signal.features import deltas

if TYPE_CHECKING:
    from lightdiar.signal.frontend import Analysis

N_STATIC = 20  # log energy and 19 cepstral coefficients
_BLOCK_UTTERANCES = 512
_BLOCK_FRAMES = 6000
DELTA_WIDTH = 2


def speaker_features(mfcc: np.ndarray, mean: np.ndarray) -> np.ndarray:
    """Features for speaker models: 19 cepstral coefficients minus the recording's mean, and their slopes.

    The mean is that of all speech in the recording. Subtracting it removes the room and the microphone that the
    speakers share but keeps how their voices differ, which a mean over a few seconds would remove too. Log energy is
    left out: distance from the microphone says nothing about the voice.

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
    X = np.concatenate([static - mean[1:N_STATIC], deltas(static, DELTA_WIDTH)], axis=1)
    return X.astype(np.float32, copy=False)


def recording_mean(mfcc: np.ndarray, speech: np.ndarray) -> np.ndarray:
    """Mean over the frames in a speech mask (n_frames,), shape (n_mfcc,)."""
    return mfcc.mean(axis=0, dtype=np.float64, where=speech[:, None])


def window_statistics(
    ubm: GMM, X: np.ndarray, windows: np.ndarray, speech: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Baum-Welch statistics of the speech in windows of frames, the first order whitened, float32.

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
class Embedder:
    """From cepstra to points in PLDA space.

    Parameters
    ----------
    ubm : GMM
        Trained on `speaker_features`.
    extractor : TotalVariability
    plda : PLDA

    Raises
    ------
    ValueError
        If their shapes do not match.
    """

    ubm: GMM
    extractor: TotalVariability
    plda: PLDA

    def __post_init__(self):
        n_components, n_features, n_factors = self.extractor.T.shape
        fits = {
            "ubm": self.ubm.means.shape == (n_components, n_features),
            "plda": self.plda.mean.shape == (n_factors,),
        }
        for name, fit in fits.items():
            if not fit:
                raise ValueError(f"{name} does not match the other models.")

    def __call__(self, analysis: "Analysis", windows: np.ndarray, speech: np.ndarray) -> np.ndarray:
        """Points in PLDA space for the windows of a recording.

        Parameters
        ----------
        analysis : Analysis
        windows : ndarray of int, shape (n_windows, 2)
            First frame and end of each, in time order.
        speech : ndarray of bool, shape (n_frames,)
            Frames that count; pauses in a window say nothing about its speaker.

        Returns
        -------
        Y : ndarray of shape (n_windows, n_dimensions)
        """
        return self.plda.project(self.ivectors(analysis.mfcc, windows, speech))

    def ivectors(self, mfcc: np.ndarray, windows: np.ndarray, speech: np.ndarray) -> np.ndarray:
        """i-vectors of windows, see `__call__`; float32, shape (n_windows, n_factors)."""
        W = np.empty((len(windows), self.extractor.n_factors), np.float32)
        if not len(windows):
            return W
        mean = recording_mean(mfcc, speech)
        first = 0
        while first < len(windows):
            origin = windows[first, 0]
            end = max(first + 1, np.searchsorted(windows[:, 1], origin + _BLOCK_FRAMES, side="right"))
            block = slice(first, end)
            context = max(0, origin - DELTA_WIDTH)  # so that blocks give the same values as the whole recording
            around = slice(context, windows[end - 1, 1] + DELTA_WIDTH)
            X = speaker_features(mfcc[around], mean)
            W[block] = self.extractor.embed(*window_statistics(self.ubm, X, windows[block] - context, speech[around]))
            first = end
        return W


def fit_embedder(
    utterances: Sequence[tuple[str, np.ndarray]],
    n_components: int,
    n_factors: int,
    n_dimensions: int,
    *,
    window: int = 150,
    n_frames: int = 150_000,
    n_iter: int = 10,
    seed: int = 0,
) -> Embedder:
    """Train UBM, i-vector extractor and PLDA on speech of known speakers.

    Parameters
    ----------
    utterances : list of (str, ndarray of shape (n_frames, n_features))
        Speaker and `speaker_features` of the speech in each; cut into equal windows of about `window` frames.
    n_components, n_factors, n_dimensions : int
        Of the UBM, the i-vectors and PLDA space.
    window : int, default=150
    n_frames : int, default=150000
        Number of frames drawn to train the UBM.
    n_iter : int, default=10
        EM iterations for the UBM.
    seed : int

    Returns
    -------
    embedder : Embedder
    """
    pool = np.concatenate([X for _, X in utterances])
    drawn = np.random.default_rng(seed).choice(len(pool), min(n_frames, len(pool)), replace=False)
    ubm = fit_gmm(pool[np.sort(drawn)], n_components, n_iter=n_iter, seed=seed)
    parts = [_equal_parts(len(X), window) for _, X in utterances]
    statistics = (
        window_statistics(ubm, X, part, np.ones(len(X), bool)) for (_, X), part in zip(utterances, parts, strict=True)
    )
    N, F = (np.concatenate(s) for s in zip(*statistics, strict=True))
    extractor = fit_total_variability(N, F, n_factors, seed=seed)
    blocks = range(0, len(N), _BLOCK_UTTERANCES)
    W = np.concatenate([extractor.embed(N[i : i + _BLOCK_UTTERANCES], F[i : i + _BLOCK_UTTERANCES]) for i in blocks])
    speakers = np.repeat([speaker for speaker, _ in utterances], [len(part) for part in parts])
    return Embedder(ubm, extractor, fit_plda(W, speakers, n_dimensions))


def _equal_parts(n_frames, window):
    """Equal parts of about a window each, shape (n_parts, 2)."""
    edges = np.linspace(0, n_frames, max(1, round(n_frames / window)) + 1).astype(int)
    return np.stack([edges[:-1], edges[1:]], axis=1)
