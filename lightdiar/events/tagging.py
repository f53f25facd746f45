"""The likeliest label of a whole recording that holds one kind of sound: a clip, rather than a film.

Steps of 0.1 s that vote are a poor answer to that: what tells a ticking clock from a crackling fire is how the sound
goes on. So the recording is summed up in one row of statistics of its log-mel energies, the "bag of frames" [1]_, and
of its rhythm, the modulation spectrum of its level [2]_; a logistic regression tells each label from the others.

Clips are often a short sound and then silence. What the spectrum is like is heard only where the sound is loud, and
relative to its own level, so that gain does not matter.

References
----------
.. [1] Aucouturier, Defreville and Pachet, "The bag-of-frames approach to audio pattern recognition", JASA, 2007.
.. [2] Greenberg and Kingsbury, "The modulation spectrogram", ICASSP, 1997.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from lightdiar.events.logistic import Logistic, fit_logistic
from lightdiar.events.training import class_weights
from lightdiar.signal.features import log_mel
from lightdiar.signal.frames import FrameGrid

_WINDOW, _STEP = 0.040, 0.020  # seconds
_BANDS = 40
_NATS = np.log(10) / 10  # in a decibel
_QUIETEST = 80 * _NATS  # below the loudest energy of any band: digital silence has no logarithm
_LOUD = 15 * _NATS  # below the loudest frame: where the spectrum is heard
_DEEPEST = 30 * _NATS  # below the loudest frame: what is softer does not count for the rhythm
_QUANTILES = (0.05, 0.1, 0.25, 0.5, 0.75, 0.9)
_RHYTHMS = np.array([0.4, 1, 2, 3, 4, 6, 8, 11, 15, 20, 25.1])  # Hz; edges of bands
_STRETCH = 128  # frames of which one spectrum of the rhythm is made, 2.56 s
_LEAST_RHYTHM = 1e-4  # squared nats per Hz


@dataclass(frozen=True, eq=False)
class Tagger:
    """What tells the labels of recordings.

    Parameters
    ----------
    labels : tuple of str
    classifiers : tuple of Logistic
        One for each label, against all others.
    """

    labels: tuple[str, ...]
    classifiers: tuple[Logistic, ...]

    def probabilities(self, X: np.ndarray) -> np.ndarray:
        """Probability of each label, if a recording has exactly one and all are equally frequent.

        Parameters
        ----------
        X : ndarray of shape (n_recordings, n_columns)
            A row of `summary` for each recording.

        Returns
        -------
        probabilities : ndarray of shape (n_recordings, n_labels)
            Rows add up to 1.
        """
        from scipy.special import log_expit, softmax

        return softmax([log_expit(classifier.scores(X)) for classifier in self.classifiers], axis=0).T

    def answers(self, X: np.ndarray) -> list[str]:
        """The likeliest label of each recording."""
        return [self.labels[place] for place in self.probabilities(X).argmax(axis=1)]


def fit_tagger(X: np.ndarray, labels: Sequence[str]) -> Tagger:
    """Learn the labels of recordings.

    Parameters
    ----------
    X : ndarray of shape (n_recordings, n_columns)
        A row of `summary` for each recording.
    labels : sequence of str, length n_recordings
        At least two different ones. However rare one is, it weighs as much as all others together.

    Returns
    -------
    tagger : Tagger
        With the labels in alphabetical order.

    Raises
    ------
    ValueError
        If there are not as many labels as rows, or fewer than two different ones.
    """
    if len(X) != len(labels):
        raise ValueError(f"{len(X)} rows and {len(labels)} labels; each recording has one of both.")
    names = tuple(sorted(set(labels)))
    if len(names) < 2:
        raise ValueError(f"the recordings have {len(names)} label; two are the least that can be told apart.")
    true = [np.array([label == name for label in labels]) for name in names]
    return Tagger(names, tuple(fit_logistic(X, y, class_weights(y)) for y in true))


def summary(samples: np.ndarray, sample_rate: int) -> np.ndarray:
    """Sum up a recording in one row.

    Parameters
    ----------
    samples : ndarray of shape (n_samples,)
        Mono; seconds to minutes, as all frames are held in memory.
    sample_rate : int
        Hz; the same for all recordings that are compared, as bands reach up to half of it.

    Returns
    -------
    row : ndarray of shape (n_columns,), n_columns = 138
        Of the frames within 15 dB of the loudest: for each of 40 mel bands the mean and standard deviation of its log
        energy relative to the level, and the mean absolute change from frame to frame. Then the share of these frames
        and how much their level varies, quantiles of the level of all frames relative to the loudest, and the logarithm
        of the power with which the level moves, in ten bands from 0.4 to 25 Hz. No samples are as silence.
    """
    frames = _frames(samples, sample_rate)
    level = frames.mean(axis=1)
    below = level - level.max()
    loud = below > -_LOUD
    shape = (frames - level[:, None])[loud]
    change = np.abs(np.diff(frames, axis=0, prepend=frames[:1]))[loud]
    return np.concatenate(
        [
            shape.mean(axis=0),
            shape.std(axis=0),
            change.mean(axis=0),
            [loud.mean(), level[loud].std()],
            np.quantile(below, _QUANTILES),
            _rhythm(np.maximum(below, -_DEEPEST)),
        ]
    )


def _frames(samples, sample_rate):
    """Log-mel energies, shape (n_frames, n_bands); at least one frame."""
    length = FrameGrid(sample_rate, _WINDOW, _STEP).frame_length
    if not len(samples):
        samples = np.zeros(length)
    n_fft = 1 << (length - 1).bit_length()
    frames = log_mel(samples, sample_rate, n_filters=_BANDS, n_fft=n_fft, window=_WINDOW, step=_STEP)
    return np.maximum(frames, frames.max() - _QUIETEST)


def _rhythm(level):
    """Log power of the movement of the level in each band of rhythms."""
    from scipy.signal import welch

    moves = level - level.mean()
    frequencies, power = welch(np.pad(moves, (0, max(0, _STRETCH - len(moves)))), 1 / _STEP, nperseg=_STRETCH)
    bands = [(frequencies >= low) & (frequencies < high) for low, high in pairwise(_RHYTHMS)]
    return np.log(_LEAST_RHYTHM + np.array([power[band].mean() for band in bands]))
