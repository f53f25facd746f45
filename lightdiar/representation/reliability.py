"""How far the speakers of a diarization can be believed: what was learnt from recordings whose truth is known.

A diarization errs in four ways that matter here: it takes a woman for a man, one person for two, two people for one,
and lets people answer each other who do not. Each has a small regression, from what the diarization says of itself:
how loud the background is, how far its clusterings agree, how long people speak.
"""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from lightdiar.systems.result import Diarization

_USUAL_SNR, _HIGHEST_SNR = 20.0, 40.0  # decibels: where it is not known; above, nothing gets better
_SUREST = 0.999  # of a gender


@dataclass(frozen=True, eq=False)
class Reliability:
    """Coefficients of the four regressions.

    Parameters
    ----------
    gender : ndarray of shape (5,)
        Logistic, that a speaker is a woman; see `p_woman`.
    distinct : ndarray of shape (6,)
        Logistic, that a speaker is a person of their own; see `p_distinct`.
    missed : ndarray of shape (5,)
        Poisson, the number of people who were not found; see `missed`.
    talking : ndarray of shape (6,)
        Logistic, that two women who were found in exchanges do talk with each other; see `p_talking`.
    share : ndarray of shape (3,)
        Log of the standard deviation of women's share, on the scale of log odds; see `share_deviation`.
    """

    gender: np.ndarray
    distinct: np.ndarray
    missed: np.ndarray
    talking: np.ndarray
    share: np.ndarray

    def p_woman(self, result: Diarization) -> np.ndarray:
        """Probability that each speaker is a woman, shape (n_speakers,)."""
        p = np.clip([s.p_female for s in result.speakers], 1 - _SUREST, _SUREST)
        logit = np.log(p / (1 - p))
        loudness = _quietness(result)
        return expit(self.gender[0] + (self.gender[1] + self.gender[2] * loudness) * logit)

    def p_distinct(self, result: Diarization) -> np.ndarray:
        """Probability that each speaker is a person whom no other speaker of the result is, shape (n_speakers,)."""
        seconds = np.array([s.seconds for s in result.speakers])
        columns = [np.log(seconds), np.log(seconds / seconds.sum())]
        return expit(np.tensordot(self.distinct[:2], columns, 1) + self.distinct[2:] @ _recording(result))

    def missed_rate(self, result: Diarization) -> float:
        """Expected number of people who speak for 2 s and were not found."""
        return float(np.exp(self.missed @ _recording(result)))


def _recording(result):
    """What is known of the whole: 1, quietness, agreement, log number of speakers."""
    return np.array([1.0, _quietness(result), result.agreement, np.log(max(1, len(result.speakers)))])


def _quietness(result):
    """Signal-to-noise ratio, 0 to 1 for 0 to 40 dB."""
    snr = _USUAL_SNR if result.snr is None else result.snr
    return min(max(snr, 0.0), _HIGHEST_SNR) / _HIGHEST_SNR


def expit(logit: np.ndarray) -> np.ndarray:
    """Inverse of the log odds."""
    return 1 / (1 + np.exp(-logit))
