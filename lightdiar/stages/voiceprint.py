"""Voiceprints: all the speech of one voice in one recording as a point that can be kept and compared.

Cepstra minus the mean of the training speech, Baum-Welch statistics under a background model, and from them two views
of the voice, each projected to a PLDA space of its own: the i-vector, which holds its own in noise, and the supervector
of the MAP-adapted means, which knows more of a voice in clean sound. Frames that hardly rise above what surrounds them
count for little: they show the background, not the voice.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from lightdiar.models.gmm import GMM
from lightdiar.models.ivectors import TotalVariability, supervectors, whiten
from lightdiar.models.plda import PLDA
from lightdiar.signal.frontend import GRID
from lightdiar.stages.embedding import DELTA_WIDTH, N_STATIC, speaker_features

if TYPE_CHECKING:
    from lightdiar.signal.frontend import Analysis

RELEVANCE = 8.0  # prior frames per component of the supervectors, for seconds of speech
_FLOOR_FRAMES = 1001  # ten seconds around a frame, in which the background is looked for
_SMOOTH_FRAMES = 9
_NOISE, _CLEAR = 1.5, 3.5  # nats above the floor: below the first a frame is background, above the second it is voice
_LEAST_WEIGHT = 1e-3
_BLOCK_FRAMES = 6000


@dataclass(frozen=True, eq=False)
class Voiceprint:
    """What is kept of a voice: biometric data, though no sound can be made of it.

    Parameters
    ----------
    vector : ndarray of shape (n_dimensions,), float32
        The i-vector and the supervector in PLDA space, and last the clearness, the mean of the `frame_weights`.
    seconds : float
        How much speech it was made of.
    """

    vector: np.ndarray
    seconds: float


@dataclass(frozen=True, eq=False)
class Voiceprinter:
    """From the speech of one voice to its voiceprint.

    Parameters
    ----------
    mean : ndarray of shape (20,)
        Of log energy and the cepstra of training speech. The mean of the recording itself is not taken off: of a
        single voice, it is half of what there is to know.
    ubm : GMM
    extractor : TotalVariability
    ivector_plda, supervector_plda : PLDA

    Raises
    ------
    ValueError
        If their shapes do not match.
    """

    mean: np.ndarray
    ubm: GMM
    extractor: TotalVariability
    ivector_plda: PLDA
    supervector_plda: PLDA

    def __post_init__(self):
        n_components, n_features, n_factors = self.extractor.T.shape
        fits = {
            "mean": np.shape(self.mean) == (N_STATIC,),
            "ubm": self.ubm.means.shape == (n_components, n_features),
            "ivector_plda": self.ivector_plda.mean.shape == (n_factors,),
            "supervector_plda": self.supervector_plda.mean.shape == (n_components * n_features,),
        }
        for name, fit in fits.items():
            if not fit:
                raise ValueError(f"{name} does not match the other models.")

    @property
    def plans(self) -> tuple[tuple[slice, PLDA], ...]:
        """The part of a vector that each PLDA compares, and that PLDA."""
        n = len(self.ivector_plda.phi)
        return (slice(0, n), self.ivector_plda), (slice(n, n + len(self.supervector_plda.phi)), self.supervector_plda)

    @property
    def n_dimensions(self) -> int:
        """Length of the vectors."""
        return len(self.ivector_plda.phi) + len(self.supervector_plda.phi) + 1

    def __call__(self, analysis: "Analysis", masks: Sequence[np.ndarray]) -> list[Voiceprint]:
        """Voiceprints of the voices in a recording.

        Parameters
        ----------
        analysis : Analysis
        masks : sequence of ndarray of bool, shape (n_frames,)
            When each of them speaks.

        Returns
        -------
        voiceprints : list of Voiceprint
            One for each mask; without speech, the vector is that of an average voice and `seconds` is 0.
        """
        n_frames = np.array([mask.sum() for mask in masks])
        return self.voiceprints(*self.statistics(analysis, masks), n_frames)

    def voiceprints(self, N: np.ndarray, F: np.ndarray, n_frames: np.ndarray) -> list[Voiceprint]:
        """The same from `statistics` and numbers of frames."""
        vectors = self.project(N, F, n_frames)
        return [Voiceprint(vector, float(n * GRID.step)) for vector, n in zip(vectors, n_frames)]

    def statistics(self, analysis: "Analysis", masks: Sequence[np.ndarray]) -> tuple[np.ndarray, np.ndarray]:
        """Baum-Welch statistics of each voice in one pass; those of several recordings of a voice may be added.

        Returns
        -------
        N : ndarray of shape (n_voices, n_components)
        F : ndarray of shape (n_voices, n_components, n_features)
            Not whitened.
        """
        weights = frame_weights(analysis.mfcc[:, 0])
        N = np.zeros((len(masks), len(self.ubm.weights)))
        F = np.zeros((len(masks), *self.ubm.means.shape))
        anybody = np.logical_or.reduce(masks) if len(masks) else np.zeros(len(analysis), bool)
        for start in range(0, len(analysis), _BLOCK_FRAMES):
            heard = start + np.flatnonzero(anybody[start : start + _BLOCK_FRAMES])
            if not len(heard):
                continue
            first = max(0, start - DELTA_WIDTH)
            X = speaker_features(analysis.mfcc[first : start + _BLOCK_FRAMES + DELTA_WIDTH], self.mean)[heard - first]
            gamma = self.ubm.responsibilities(X) * weights[heard, None]
            for row, mask in enumerate(masks):
                own = mask[heard]
                N[row] += gamma[own].sum(axis=0)
                F[row] += gamma[own].T @ X[own]
        return N, F

    def project(self, N: np.ndarray, F: np.ndarray, n_frames: np.ndarray) -> np.ndarray:
        """Vectors of voices from their `statistics` and numbers of frames; float32, shape (n, n_dimensions)."""
        return self.vectors(N, whiten(self.ubm, N, F), n_frames)

    def vectors(self, N: np.ndarray, F: np.ndarray, n_frames: np.ndarray) -> np.ndarray:
        """The same from whitened statistics."""
        counts = N.astype(self.extractor.T.dtype)  # in double precision it takes three times as long
        W = self.ivector_plda.project(self.extractor.embed(counts, F))
        S = self.supervector_plda.project(supervectors(self.ubm, N, F, RELEVANCE))
        clearness = N.sum(axis=1) / np.maximum(n_frames, 1)
        return np.concatenate([W, S, clearness[:, None]], axis=1).astype(np.float32)


def frame_weights(log_energy: np.ndarray) -> np.ndarray:
    """How much each frame says about the voice: 1 if it is well above the background, next to nothing if it is not.

    Parameters
    ----------
    log_energy : ndarray of shape (n_frames,)
        Natural logarithm of the energy of each frame of 10 ms.

    Returns
    -------
    weights : ndarray of shape (n_frames,), float32
        0.001 to 1, linear from 6.5 to 15 dB above the lowest level within five seconds.
    """
    from scipy.ndimage import minimum_filter1d, uniform_filter1d

    if len(log_energy) == 0:
        return np.zeros(0, np.float32)
    level = np.asarray(log_energy, np.float32)
    smooth = uniform_filter1d(level, _SMOOTH_FRAMES, mode="nearest")
    floor = uniform_filter1d(minimum_filter1d(smooth, _FLOOR_FRAMES), _FLOOR_FRAMES, mode="nearest")
    above = (level - np.minimum(floor, level) - _NOISE) / (_CLEAR - _NOISE)
    return np.clip(above, _LEAST_WEIGHT, 1).astype(np.float32)
