"""How far the speakers of a diarization can be believed: what was learnt from recordings whose truth is known.

A diarization errs in four ways that matter here: it takes a woman for a man, one person for two, two people for one,
and lets people answer each other who do not. Each has a regression of its own [1]_ on what the diarization says of
itself: how far the speech stands above the background, how far its clusterings agree, how long people speak.

References
----------
.. [1] McCullagh and Nelder, "Generalized Linear Models", 2nd edition, Chapman and Hall, 1989.
"""

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np

from lightdiar.systems.bundle import SHIPPED, read_models
from lightdiar.systems.result import Diarization

SHIPPED_RELIABILITY = SHIPPED / "reliability"
COUNTED = 2.0  # seconds from which on a person counts in what the regressions were learnt from
_USUAL_SNR, _HIGHEST_SNR = 20.0, 40.0  # decibels: where it is not known; above, nothing gets better
_USUAL_AGREEMENT = 0.8  # likewise of clusterings
_SUREST = 0.999  # of a gender
_LONGEST = 240.0  # seconds of a speaker, on average: one in a hundred recordings that taught this had more


@dataclass(frozen=True, eq=False)
class Reliability:
    """Coefficients of the regressions.

    Parameters
    ----------
    gender : ndarray of shape (3,)
        Logistic: a speaker is a woman. Of `gender_columns`.
    distinct : ndarray of shape (5,)
        Logistic: a speaker is a person of their own, not a part of another speaker. Of `distinct_columns`.
    missed : ndarray of shape (5,)
        Poisson: people who were not found. Of `missed_columns`.
    talking : ndarray of shape (5,)
        Logistic: two speakers of one gender who seem to answer each other are two people who do. Of `talking_columns`.
    hidden : float
        Probability that two women talk with each other where one of them was not found.
    confusion : ndarray of shape (4,)
        Logistic, of `recording_columns`: share of the speaking time that belongs to somebody else; and, last, the
        concentration of its beta distribution.
    doubt : float, default=0.0
        Share of answers for which nothing holds that was learnt, as voices and rooms may be unlike those of training.
    """

    gender: np.ndarray
    distinct: np.ndarray
    missed: np.ndarray
    talking: np.ndarray
    hidden: float | np.ndarray
    confusion: np.ndarray
    doubt: float | np.ndarray = 0.0

    def __post_init__(self):
        for name, n in (("gender", 3), ("distinct", 5), ("missed", 5), ("talking", 5), ("confusion", 4)):
            if np.shape(getattr(self, name)) != (n,):
                raise ValueError(f"{name} has the shape {np.shape(getattr(self, name))}; it needs {n} numbers.")
        for name in ("hidden", "doubt"):
            if not (np.ndim(getattr(self, name)) == 0 and 0 <= getattr(self, name) <= 1):
                raise ValueError(f"{name}={getattr(self, name)} must be a number from 0 to 1.")
        if not self.confusion[-1] > 0:
            raise ValueError(f"the last of confusion={self.confusion}, the concentration, must be positive.")

    def p_woman(self, result: Diarization) -> np.ndarray:
        """Probability that each speaker is a woman, shape (n_speakers,); what a person said, 0 or 1, stays."""
        said = np.array([speaker.p_female for speaker in result.speakers])
        return np.where((said == 0) | (said == 1), said, expit(gender_columns(result) @ self.gender))

    def doubted(self, p: np.ndarray) -> np.ndarray:
        """Probabilities nearer to even odds by the share of doubt; what is certain (0 or 1, said by a person) stays."""
        return np.where((p == 0) | (p == 1), p, p + self.doubt * (0.5 - p))

    def p_distinct(self, result: Diarization) -> np.ndarray:
        """Probability that each speaker is a person whom no other speaker is, shape (n_speakers,).

        1 if the number of speakers was given.
        """
        if result.agreement is None:
            return np.ones(len(result.speakers))
        return self.doubted(expit(distinct_columns(result) @ self.distinct))

    def missed_rate(self, result: Diarization) -> float:
        """Expected number of people who speak for 2 s and were not found; 0 if the number of speakers was given."""
        if result.agreement is None:
            return 0.0
        return float(np.exp(missed_columns(result) @ self.missed))

    def p_talking(self, result: Diarization, answers: np.ndarray, pairs: np.ndarray) -> np.ndarray:
        """Probability that two speakers, if both are women, are two women who talk with each other, shape (n_pairs,).

        `answers` and `pairs` are those of `talking_columns`.
        """
        return self.doubted(expit(talking_columns(result, answers, pairs) @ self.talking))


def recording_columns(result: Diarization) -> np.ndarray:
    """What the recording says of itself, shape (3,): 1, its signal-to-noise ratio in units of 40 dB, the agreement."""
    snr = _USUAL_SNR if result.snr is None else result.snr
    agreement = _USUAL_AGREEMENT if result.agreement is None else result.agreement
    return np.array([1.0, min(max(snr, 0.0), _HIGHEST_SNR) / _HIGHEST_SNR, agreement])


def gender_columns(result: Diarization) -> np.ndarray:
    """Columns that tell women, shape (n_speakers, 3): 1, log odds of a woman, those times the signal-to-noise ratio."""
    p = np.clip([speaker.p_female for speaker in result.speakers], 1 - _SUREST, _SUREST)
    logit = np.log(p / (1 - p))
    return np.column_stack([np.ones(len(p)), logit, logit * recording_columns(result)[1]])


def distinct_columns(result: Diarization) -> np.ndarray:
    """Columns that tell people of their own, shape (n_speakers, 5): log seconds, the recording, log of speakers."""
    n = len(result.speakers)
    seconds = np.array([speaker.seconds for speaker in result.speakers])
    return np.column_stack([np.log(seconds), np.tile([*recording_columns(result), np.log(max(1, n))], (n, 1))])


def missed_columns(result: Diarization) -> np.ndarray:
    """Columns that tell people not found, shape (5,): the recording, log of speakers, log of seconds a speaker."""
    n = max(1, len(result.speakers))
    seconds = sum(speaker.seconds for speaker in result.speakers) / n
    return np.array([*recording_columns(result), np.log(n), np.log(np.clip(seconds, 1, _LONGEST))])


def talking_columns(result: Diarization, answers: np.ndarray, pairs: np.ndarray) -> np.ndarray:
    """Columns that tell people who talk with each other: log of their answers, log of the lesser time, the recording.

    Parameters
    ----------
    result : Diarization
    answers : ndarray of int, shape (n_speakers, n_speakers)
        How often each follows each, in the order of `result.speakers`.
    pairs : ndarray of int, shape (n_pairs, 2)
        Speakers who answer each other at least once.

    Returns
    -------
    columns : ndarray of shape (n_pairs, 5)
    """
    one, other = pairs.T
    seconds = np.array([speaker.seconds for speaker in result.speakers])
    n_answers = answers[one, other] + answers[other, one]
    lesser = np.minimum(seconds[one], seconds[other])
    own = np.tile(recording_columns(result), (len(pairs), 1))
    return np.column_stack([np.log(n_answers), np.log(lesser), own])


def expit(logit: np.ndarray) -> np.ndarray:
    """Inverse of the log odds."""
    return 1 / (1 + np.exp(-logit))


@lru_cache(maxsize=2)
def load_reliability(folder: str | Path = SHIPPED_RELIABILITY) -> Reliability:
    """Read the coefficients, by default those that ship; raises ModelError as `lightdiar.systems.bundle.load`."""
    return read_models(Reliability, folder)
