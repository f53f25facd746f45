"""Voices of one recording that are one speaker's after all.

Windows of a second and a half under one music are alike, whoever speaks, so that a clustering of windows takes a change
of music for a change of speaker. All the speech of a cluster tells more of a voice than its windows one by one: the
clusters are compared as voiceprints, by models that know what music does to them.
"""

from collections.abc import Sequence

import numpy as np

from lightdiar.signal.frontend import GRID
from lightdiar.stages.clustering import cluster_scores
from lightdiar.stages.voiceprint import Voiceprint
from lightdiar.systems.voice_models import VoiceModels, centre

_EVIDENCE = 5.0  # nats for one speaker: the clustering, which kept the two apart, was some evidence against it


def join_voices(voices: Sequence[Voiceprint], models: VoiceModels, fewest: int | None = None) -> np.ndarray:
    """Joiner: average linkage of log likelihood ratios, as long as the mean of two groups is above five nats.

    What splits a speaker, such as a piece of music, seldom takes half of the time. So of two voices the one that speaks
    less is a part of the other sooner: the log of the ratio of their times is added.

    Parameters
    ----------
    voices : sequence of Voiceprint
    models : VoiceModels
    fewest : int, optional
        Least number of speakers.

    Returns
    -------
    labels : ndarray of int, shape (n_voices,)
        Speaker of each voice, numbered in order of appearance.
    """
    vectors = np.stack([voice.vector for voice in voices])
    vectors = vectors - centre(vectors)
    log_time = np.log([max(voice.seconds, GRID.step) for voice in voices])
    evidence = models.log_likelihood_ratios(vectors, vectors) + abs(np.subtract.outer(log_time, log_time))
    return cluster_scores(evidence, _EVIDENCE, min_clusters=fewest)


def keep_voices(voices: Sequence[Voiceprint], models: VoiceModels, fewest: int | None = None) -> np.ndarray:
    """Joiner that joins nobody."""
    return np.arange(len(voices))
