"""The stages of a diarizer, and their named combinations.

A stage is any callable that fulfils its contract, so your own function can replace ours:

detector(analysis) -> speech
    Which frames of a `lightdiar.signal.frontend.Analysis` are speech, bool, shape (n_frames,).
segmenter(analysis, speech) -> segments
    First frame and end of each segment, int, shape (n_segments, 2), in time order; each is assumed to have one speaker.
    Together they cover the speech; they may overlap, and the frames in them that are not speech do not count.
embedder(analysis, segments, speech) -> Y
    What the clusterer compares, one row per segment.
clusterer(Y, min_clusters, max_clusters) -> labels, agreement
    Speaker number of each segment, int, shape (n_segments,), from 0 without gaps; and how certain the number of
    speakers is, 0 to 1. The bounds are int or None; impossible ones raise ValueError.
resegmenter(analysis, speech, labels) -> labels
    Speaker of each frame, int, shape (n_frames,), with the changes refined; only frames of `speech` count.
joiner(vectors, models, fewest) -> labels
    Speaker of each voice that was found, int, shape (n_voices,), from 0 without gaps in order of appearance. The voices
    come as vectors of their voiceprints, with the `VoiceModels`; `fewest` speakers, int or None, have to remain.
gender(analysis, mask, by_voiceprint) -> woman, man, child
    Probabilities for the speaker of the frames in a mask, bool, shape (n_frames,). The last argument are those that the
    voiceprint gives, or None where voices have no voiceprints; yours may ignore it.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np

from lightdiar.models.gmm import GMM
from lightdiar.models.ivectors import whiten
from lightdiar.models.viterbi import viterbi
from lightdiar.signal.frontend import Analysis
from lightdiar.stages.clustering import cluster_bic, cluster_nclr, number_by_appearance
from lightdiar.stages.embedding import recording_mean, speaker_features
from lightdiar.stages.gender import gender_by_pitch
from lightdiar.stages.resegmentation import resegment_recording
from lightdiar.stages.segmentation import bic_changes, uniform_windows
from lightdiar.stages.speech import Column, detector_features, energy_mask
from lightdiar.stages.voting import BICClusterer, VBClusterer
from lightdiar.systems.bundle import Models
from lightdiar.systems.joining import join_voices, keep_voices
from lightdiar.systems.settings import Settings
from lightdiar.systems.voice_models import VoiceModels

_SHARE_OF_PRIOR = 0.7  # rather a voice too many, as voices that are one speaker's are joined afterwards
_N_CEPSTRA = 13  # with log energy; the covariance of more would need longer segments

DetectorStage = Callable[[Analysis], np.ndarray]
SegmenterStage = Callable[[Analysis, np.ndarray], np.ndarray]
EmbedderStage = Callable[[Analysis, np.ndarray, np.ndarray], Any]
ClustererStage = Callable[[Any, int | None, int | None], tuple[np.ndarray, float]]
ResegmenterStage = Callable[[Analysis, np.ndarray, np.ndarray], np.ndarray]
JoinerStage = Callable[[np.ndarray, VoiceModels, int | None], np.ndarray]
GenderStage = Callable[[Analysis, np.ndarray, Sequence[float] | None], tuple[float, float, float]]


@dataclass(frozen=True)
class Stages:
    """The stages of a diarizer; the module docstring states the contract of each."""

    detector: DetectorStage
    segmenter: SegmenterStage
    embedder: EmbedderStage
    clusterer: ClustererStage
    resegmenter: ResegmenterStage
    joiner: JoinerStage
    gender: GenderStage


def trained(models: Models, settings: Settings) -> Stages:
    """The shipped system: models of other people's voices at every stage.

    Speech by boosted trees and a hidden Markov model, windows of 1.5 s as i-vectors in PLDA space, VB-HMMs
    with different starts, Viterbi resegmentation, voices that sound alike joined by their voiceprints, gender by
    adapted means and F0, and by the voiceprint.
    """
    return Stages(
        detector=models.speech.biased(settings.speech_bias),
        segmenter=partial(cut_windows, window=150, shift=75),
        embedder=models.embedder,
        clusterer=VBClusterer(
            models.embedder.plda, _SHARE_OF_PRIOR * settings.speaker_prior, settings.loop_probability
        ),
        resegmenter=resegment_recording,
        joiner=join_voices,
        gender=models.gender,
    )


def untrained(models: Models | None, settings: Settings) -> Stages:
    """Nothing is learnt from other voices; a few thresholds were chosen by hand on development recordings.

    Speech is what is loud, stands out from its surroundings and has pitch; segments of 3 s are merged by the Bayesian
    information criterion; men and women are told apart by published pitch figures. Of the settings, only
    `speech_bias` and `pause` matter.
    """
    return Stages(
        detector=partial(speech_by_level_and_pitch, bias=settings.speech_bias),
        segmenter=partial(cut_windows, window=300, shift=300),
        embedder=cepstra_of_speech,
        clusterer=BICClusterer(),
        resegmenter=resegment_recording,
        joiner=keep_voices,
        gender=gender_by_pitch,
    )


def textbook(models: Models, settings: Settings) -> Stages:
    """The classical chain of the 2000s, stage by stage as taught in courses [1]_.

    Speech by energy with hysteresis; changes by the Bayesian information criterion in a growing window; agglomerative
    clustering by the same criterion into clusters that are still pure, then by the normalised cross likelihood ratio of
    mixtures adapted to them by MAP from the background model; gender as in the trained system. There is no
    resegmentation, and as there is only one clustering, the agreement is 1. Of the settings, only `pause` matters.

    References
    ----------
    .. [1] Barras, Zhu, Meignier and Gauvain, "Multistage speaker diarization of broadcast news", IEEE Trans. Audio,
       Speech and Language Processing 14, 2006.
    """
    return Stages(
        detector=speech_by_energy,
        segmenter=cut_at_changes,
        embedder=partial(segment_statistics, ubm=models.ubm),
        clusterer=cluster_in_two_passes,
        resegmenter=keep_labels,
        joiner=keep_voices,
        gender=models.gender,
    )


METHODS: dict[str, Callable[..., Stages]] = {"trained": trained, "textbook": textbook, "untrained": untrained}


def cut_windows(analysis: Analysis, speech: np.ndarray, *, window: int, shift: int) -> np.ndarray:
    """Segmenter: overlapping windows of equal length, in frames; see `uniform_windows`."""
    return uniform_windows(speech, window=window, shift=shift)


def cut_at_changes(analysis: Analysis, speech: np.ndarray) -> np.ndarray:
    """Segmenter: speech cut where the Bayesian information criterion finds a new speaker, regardless of pauses."""
    frames = np.flatnonzero(speech)
    if len(frames) == 0:
        return np.zeros((0, 2), dtype=int)
    changes = bic_changes(analysis.mfcc[speech, :_N_CEPSTRA].astype(np.float64), penalty_weight=2.0)
    first = frames[np.concatenate([[0], changes])]
    return np.stack([first, np.append(first[1:], frames[-1] + 1)], axis=1)


def speech_by_energy(analysis: Analysis) -> np.ndarray:
    """Detector: `energy_mask` of the log energy of the recording."""
    return energy_mask(analysis.mfcc[:, 0].astype(np.float64))


def speech_by_level_and_pitch(analysis: Analysis, *, bias: float = 0.0) -> np.ndarray:
    """Detector: a weighted sum of level, contrast and periodicity, in runs of 0.15 s or more."""
    X = detector_features(analysis.mfcc, analysis.f0, analysis.strength)
    level, contrast, periodicity = X[:, Column.LEVEL], X[:, Column.CONTRAST], X[:, Column.PERIODICITY]
    evidence = 0.5 * np.maximum(level, -8) + 1.5 * contrast + 6 * periodicity - 2.8 + bias
    return viterbi(np.stack([np.zeros(len(evidence)), evidence], axis=1), 15, 6.0) == 1


def cepstra_of_speech(analysis: Analysis, segments: np.ndarray, speech: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Embedder for the Bayesian information criterion.

    Returns
    -------
    X : ndarray of shape (n_speech, 13)
        Cepstra of the speech frames.
    places : ndarray of int, shape (n_segments, 2)
        Which of them belong to each segment.
    """
    before = np.concatenate([[0], np.cumsum(speech)])
    return analysis.mfcc[speech, :_N_CEPSTRA].astype(np.float64), before[segments]


def segment_statistics(
    analysis: Analysis, segments: np.ndarray, speech: np.ndarray, *, ubm: GMM
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Embedder of the textbook method: the statistics that both of its criteria need.

    Returns
    -------
    X, places : ndarray
        See `cepstra_of_speech`.
    N, F : ndarray of shape (n_segments, n_components) and (n_segments, n_components, n_features)
        Baum-Welch statistics of each segment under the background model, the first order whitened.
    """
    features = speaker_features(analysis.mfcc, recording_mean(analysis.mfcc, speech))
    statistics = [ubm.statistics(features[start:end][speech[start:end]]) for start, end in segments]
    N, F = (np.stack(part) for part in zip(*statistics))
    return *cepstra_of_speech(analysis, segments, speech), N, whiten(ubm, N, F)


def cluster_in_two_passes(
    Y: tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray],
    min_clusters: int | None = None,
    max_clusters: int | None = None,
) -> tuple[np.ndarray, float]:
    """Clusterer of the textbook method: `cluster_bic` into pure clusters, then `cluster_nclr`."""
    X, places, N, F = Y
    first = cluster_bic(X, places, penalty_weight=2.5, min_clusters=min_clusters)
    members = (np.arange(first.max() + 1)[:, None] == first).astype(float)
    N, F = members @ N, np.tensordot(members, F, axes=1)  # statistics add, whitened ones too
    second = cluster_nclr(N, F, min_clusters=min_clusters, max_clusters=max_clusters)
    return number_by_appearance(second[first]), 1.0


def keep_labels(analysis: Analysis, speech: np.ndarray, labels: np.ndarray) -> np.ndarray:
    """Resegmenter that changes nothing."""
    return labels
