"""A diarizer without parameters learnt from other voices; a few thresholds were chosen by hand on development sets.

For those who distrust models of other people's voices, or whose recordings are like none of theirs. Speech is what
is loud, stands out from its surroundings and has pitch; speakers are told apart by Gaussians, men and women by
published figures of pitch. It errs more than `lightdiar.Diarizer`, above all on film sound.
"""

import math

import numpy as np

from lightdiar.clustering import cluster_bic
from lightdiar.pipeline import Diarizer
from lightdiar.resegmentation import viterbi
from lightdiar.vad import PERIODICITY, detector_features

_MIN_SPEECH, _SWITCH_PENALTY = 15, 6.0  # frames; nats
_N_CEPSTRA = 13  # with log energy; the covariance of more wants longer segments
_F0_MEN, _F0_WOMEN = 131.0, 220.0  # Hz
_F0_SPREAD = 0.25  # of log F0 among men and among women


class UntrainedDiarizer(Diarizer):
    """Who speaks when, without trained models.

    Segments of 3 s are merged by the Bayesian information criterion [1]_ and the turns put right to the frame.

    The parameters are those of `Diarizer` except `models`; of the settings only `speech_bias` and `pause` matter.

    References
    ----------
    .. [1] Chen and Gopalakrishnan, "Speaker, environment and channel change detection and clustering via the
       Bayesian information criterion", DARPA workshop, 1998.

    Examples
    --------
    >>> UntrainedDiarizer(max_speakers=4).predict("film.wav").counts()  # doctest: +SKIP
    {'M': 2, 'F': 1}
    """

    load_models = staticmethod(lambda: None)
    window, shift = 300, 300  # frames
    trials = (4.4,), (4.2,), (4.0,), (3.8,), (3.6,)  # penalty weights of `cluster_bic`

    def detect(self, analysis):
        """Which frames are speech, bool, shape (n_frames,): a weighted sum of level, contrast and periodicity."""
        X = detector_features(analysis.mfcc, analysis.f0, analysis.strength)
        level, contrast, periodicity = X[:, 0], X[:, 1], X[:, PERIODICITY]
        evidence = 0.5 * np.maximum(level, -8) + 1.5 * contrast + 6 * periodicity - 2.8 + self.settings.speech_bias
        scores = np.stack([np.zeros(len(evidence)), evidence], axis=1)
        return viterbi(scores, _MIN_SPEECH, _SWITCH_PENALTY) == 1

    def embed(self, analysis, windows, speech):
        """The speech frames' cepstra (n_speech, 13), and which of them each window holds, shape (n_windows, 2)."""
        before = np.concatenate([[0], np.cumsum(speech)])
        return analysis.mfcc[speech, :_N_CEPSTRA].astype(np.float64), before[windows]

    def begin(self, Y, penalty_weight):
        """Number of the speaker of each window, shape (n_windows,), with one penalty weight."""
        X, segments = Y
        bounds = dict(min_clusters=self.min_speakers, max_clusters=self.max_speakers)
        return cluster_bic(X, segments, penalty_weight=penalty_weight, **bounds)

    def refine(self, Y, clusters):
        """The clusters are the speakers."""
        return clusters

    def voice(self, analysis, mask):
        """Probabilities (woman, man, child) of the speaker of the frames in a mask (n_frames,), from median F0 alone.

        Men's F0 is 131 Hz and women's 220 Hz on average [1]_. Both are taken to be normal in log F0 with a spread
        of 0.25, wider than among calm readers because voices are raised: even 131 Hz is a woman's with 0.1. Children
        are not looked for. Without voiced frames it is 0.5.

        References
        ----------
        .. [1] Hillenbrand, Getty, Clark and Wheeler, "Acoustic characteristics of American English vowels",
           Journal of the Acoustical Society of America 97, 1995.
        """
        f0 = analysis.f0[mask]
        f0 = f0[np.isfinite(f0)]
        if not len(f0):
            return 0.5, 0.5, 0.0
        distance = math.log(np.median(f0) / math.sqrt(_F0_WOMEN * _F0_MEN))
        woman = 1 / (1 + math.exp(-distance * math.log(_F0_WOMEN / _F0_MEN) / _F0_SPREAD**2))
        return woman, 1 - woman, 0.0
