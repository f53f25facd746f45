"""Resegmentation: speaker changes refined to the frame.

Clustering decides about windows of a second or more. Here every speaker gets a model trained on this recording,
and the best sequence of speakers is found frame by frame, subject to a minimum duration of turns.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from lightdiar.models.gmm import GMM, adapted_means, fit_gmm
from lightdiar.models.viterbi import viterbi
from lightdiar.stages.embedding import N_STATIC

if TYPE_CHECKING:
    from lightdiar.signal.frontend import Analysis

_PIECE_FRAMES = 10_000
_TRAINING_FRAMES = 20_000  # drawn from the whole recording


def resegment(
    X: np.ndarray,
    labels: np.ndarray,
    *,
    n_components: int = 32,
    relevance: float = 16.0,
    min_frames: int = 50,
    penalty: float = 100.0,
) -> np.ndarray:
    """Move the boundaries between speakers to where they fit the frames best.

    A mixture of all speech is adapted to each speaker by MAP, and the labels are decoded again.

    Parameters
    ----------
    X : ndarray of shape (n_frames, n_features)
        Static features of the speech of one recording, not normalised.
    labels : ndarray of int, shape (n_frames,)
        Speaker of each frame, numbered from 0.
    n_components : int
        Of the recording's mixture; fewer if there is little speech.
    relevance : float
        Prior frames per component.
    min_frames : int
        Minimum duration of a turn.
    penalty : float
        Log likelihood, in nats, that a change of speaker must gain. It is large because neighbouring frames carry
        nearly the same information; anything from 50 to 100 gives the same confusion on our development sets.

    Returns
    -------
    labels : ndarray of int, shape (n_frames,)
        Numbered as before; a speaker can lose all frames.

    Notes
    -----
    After clusters of segments of 3 s it is worth a point or two of error; after `lightdiar.models.vbhmm` on windows of
    1.5 s half a point where the clusters are right, and nothing where they are wrong.
    """
    n_components = min(n_components, len(X) // 100)
    if labels.max(initial=0) == 0 or n_components == 0:
        return labels.copy()
    recording = fit_gmm(X[:: 1 + len(X) // _TRAINING_FRAMES], n_components, n_iter=10)
    speakers = adapt_speakers(recording, X, labels, relevance)
    # a few minutes at a time, so that memory does not grow with frames times speakers
    return np.concatenate([
        viterbi(speaker_log_likelihoods(speakers, X[start : start + _PIECE_FRAMES]), min_frames, penalty)
        for start in range(0, len(X), _PIECE_FRAMES)
    ])  # fmt: skip


def resegment_recording(analysis: "Analysis", speech: np.ndarray, labels: np.ndarray) -> np.ndarray:
    """Move the boundaries between the speakers of a recording, as a stage of a `Diarizer`.

    Parameters
    ----------
    analysis : Analysis
    speech : ndarray of bool, shape (n_frames,)
    labels : ndarray of int, shape (n_frames,)
        Speaker of each frame of speech.

    Returns
    -------
    labels : ndarray of int, shape (n_frames,)
    """
    labels = labels.copy()
    labels[speech] = resegment(analysis.mfcc[speech, :N_STATIC], labels[speech])
    return labels


def adapt_speakers(recording: GMM, X: np.ndarray, labels: np.ndarray, relevance: float) -> list[GMM]:
    """Adapt the recording's mixture to the frames of each speaker.

    Components stand for voices as much as for sounds, so their weights tell speakers apart and are adapted too.
    """
    speakers = []
    for speaker in range(labels.max() + 1):
        N, F = recording.statistics(X[labels == speaker])
        weights = N + relevance * len(N) * recording.weights
        means = adapted_means(recording, N, F, relevance)
        speakers.append(GMM(weights / weights.sum(), means, recording.covariances))
    return speakers


def speaker_log_likelihoods(speakers: Sequence[GMM], X: np.ndarray) -> np.ndarray:
    """Log likelihood of each frame under each speaker's mixture, shape (n_frames, n_speakers), float32."""
    return np.stack([speaker.score_samples(X) for speaker in speakers], axis=1)
