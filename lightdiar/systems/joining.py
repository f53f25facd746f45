"""Voices of one recording that are one speaker's after all.

Windows of a second and a half under one music are alike, whoever speaks, so that a clustering of windows takes a change
of music for a change of speaker. All the speech of a cluster tells more of a voice than its windows one by one: the
clusters are compared as voiceprints, by models that know what music does to them.
"""

import numpy as np

from lightdiar.stages.clustering import cluster_scores
from lightdiar.systems.voice_models import VoiceModels, centre

_EVIDENCE = 5.0  # nats for one speaker: the clustering, which kept the two apart, was some evidence against it


def join_voices(vectors: np.ndarray, models: VoiceModels, fewest: int | None = None) -> np.ndarray:
    """Joiner: average linkage of log likelihood ratios, as long as the mean of two groups is above five nats.

    Parameters
    ----------
    vectors : ndarray of shape (n_voices, n_dimensions)
        Of the voiceprints.
    models : VoiceModels
    fewest : int, optional
        Least number of speakers.

    Returns
    -------
    labels : ndarray of int, shape (n_voices,)
        Speaker of each voice, numbered in order of appearance.
    """
    vectors = vectors - centre(vectors)
    return cluster_scores(models.log_likelihood_ratios(vectors, vectors), _EVIDENCE, min_clusters=fewest)


def keep_voices(vectors: np.ndarray, models: VoiceModels, fewest: int | None = None) -> np.ndarray:
    """Joiner that joins nobody."""
    return np.arange(len(vectors))
