"""Speech detection: where anyone speaks.

Three detectors, from the simplest to the one that the pipeline uses:

* `energy_vad`: what is loud is speech. Two thresholds between the floor and the top of the recording's level.
* `ltsd_vad`: what stands out from the noise spectrum over a longer time is speech [1]_.
* `SpeechDetector`: Gaussian mixtures of five classes of sound, a logistic regression on their log
  likelihoods, and the best path through speech and other sound. It models music and noise, which the other
  two mistake for speech.

References
----------
.. [1] Ramirez, Segura, Benitez, de la Torre and Rubio, "Efficient voice activity detection algorithms using
   long-term speech information", Speech Communication 42, 2004.
"""

from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from lightdiar.models.gmm import GMM, fit_gmm
from lightdiar.models.viterbi import viterbi
from lightdiar.signal.features import log_mel, mfcc
from lightdiar.signal.frames import FrameGrid, runs
from lightdiar.timeline import Segment, union

if TYPE_CHECKING:
    from lightdiar.signal.frontend import Analysis

SPEECH_CLASSES = ("silence", "noise", "music", "speech", "speech over sound")
_SWITCH_PENALTY = 6.0  # nats per change between speech and other sound
_MIN_OTHER, _MIN_SPEECH = 10, 20  # shortest runs, frames
_FIRST_SPEECH = SPEECH_CLASSES.index("speech")
_MAX_FRAMES = 40000  # of each class, for training
_DEEPEST = 60.0  # dB below the top of a recording; anything quieter is treated alike
_LARGEST_MOVE = 0.1  # octaves between frames; more is a tracking error
_CLICK, _STOP = 0.1, 0.2  # seconds, in the simple detectors: shorter speech is dropped, shorter pauses are filled
_VOICED = 0.7  # pitch strength above which a frame shows the level of speech reliably
_BLOCK_FRAMES, _REACH = 60_000, 320  # ten minutes; more frames than any feature looks to either side


class Column:
    """Columns of `detector_features`."""

    LEVEL, CONTRAST = 0, 1  # log energy relative to the recording's speech, and to the local floor
    CEPSTRA = slice(2, 14)  # coefficients 1 to 12 of the frame
    SPREAD = slice(14, 27)  # log deviation of log energy and cepstra over half a second
    PERIODICITY, LONG_PERIODICITY = 27, 28  # mean strength of pitch over 0.15 and 0.61 s
    VOICED_SHARE, PITCH_MOVEMENT = 29, 30  # over half a second
    N = 31


def energy_vad(
    samples: np.ndarray, sample_rate: int, *, on: float = 0.5, off: float = 0.3, min_range: float = 8.0
) -> list[Segment]:
    """Detect speech where the level is high, with hysteresis.

    The level in dB is scaled to the range from the floor (5 % quantile) to the top (95 % quantile) of the
    recording. Every stretch that stays above `off` is speech if it rises above `on` somewhere.

    Parameters
    ----------
    samples : ndarray of shape (n_samples,)
    sample_rate : int
        Hz.
    on, off : float, default=0.5, 0.3
        Fractions of the range, 0 <= off <= on <= 1.
    min_range : float, default=8
        dB. A recording whose level varies less is taken to contain no speech.

    Returns
    -------
    segments : list of Segment
        Disjoint, in time order; empty for silence or an empty array.

    Raises
    ------
    ValueError
        If the fractions are not in this order.
    """
    grid = FrameGrid(sample_rate)
    samples = _centred(samples)
    cepstra = mfcc(samples if samples.any() else samples[:0], sample_rate, n_mfcc=1, n_fft=_n_fft(grid))
    return _segments(energy_mask(cepstra[:, 0], on=on, off=off, min_range=min_range), grid)


def energy_mask(log_energy: np.ndarray, *, on: float = 0.5, off: float = 0.3, min_range: float = 8.0) -> np.ndarray:
    """Frames whose level is high, with hysteresis; see `energy_vad`.

    Parameters
    ----------
    log_energy : ndarray of shape (n_frames,)
        Natural logarithm of the energy of each frame of 10 ms.

    Returns
    -------
    mask : ndarray of bool, shape (n_frames,)
    """
    if not 0 <= off <= on <= 1:
        raise ValueError(f"on={on}, off={off}: need 0 <= off <= on <= 1; 0.5 and 0.3 are usual.")
    if len(log_energy) == 0:
        return np.zeros(0, bool)
    level = _mean(10 / np.log(10) * log_energy, 5)
    top = np.quantile(level, 0.95)
    level = np.maximum(level, top - _DEEPEST)  # digital silence
    floor = np.quantile(level, 0.05)
    if top - floor < min_range:
        return np.zeros(len(level), bool)
    return _hysteresis((level - floor) / (top - floor), on, off)


def ltsd_vad(samples: np.ndarray, sample_rate: int, *, threshold: float = 12.0, order: int = 6) -> list[Segment]:
    """Detect speech where the long-term spectral envelope stands out from the noise, eqs. 1-3 of [1]_.

    The divergence is computed on mel bands instead of Fourier bins. The noise spectrum is the mean of the
    quietest tenth of the frames, whereas [1]_ starts from the first frames and adapts.

    Parameters
    ----------
    samples : ndarray of shape (n_samples,)
    sample_rate : int
        Hz.
    threshold : float, default=12
        dB; a divergence above it is speech.
    order : int, default=6
        Frames of 10 ms on either side that the envelope spans.

    Returns
    -------
    segments : list of Segment
        Disjoint, in time order; empty for silence or an empty array.

    References
    ----------
    .. [1] Ramirez et al., "Efficient voice activity detection algorithms using long-term speech information",
       Speech Communication 42, 2004.
    """
    from scipy.ndimage import maximum_filter1d

    grid = FrameGrid(sample_rate)
    samples = _centred(samples)
    if not samples.any():
        return []
    power = np.exp(log_mel(samples, sample_rate, n_fft=_n_fft(grid)))
    loudness = power.sum(axis=1)
    power += 10 ** (-_DEEPEST / 10) * np.quantile(loudness, 0.95)  # digital silence
    noise = power[loudness <= np.quantile(loudness, 0.1)].mean(axis=0)
    envelope = maximum_filter1d(power, 2 * order + 1, axis=0)
    divergence = 10 * np.log10(np.mean(envelope / noise, axis=1))
    return _segments(divergence > threshold, grid)


def speech_level(log_energy: np.ndarray, strength: np.ndarray) -> float:
    """Log energy of loud speech: the 80 % quantile of frames that surely have pitch, or of all if there are few."""
    surely = strength > _VOICED
    return float(np.quantile(log_energy[surely] if np.count_nonzero(surely) > 100 else log_energy, 0.8))


def detector_features(
    cepstra: np.ndarray, f0: np.ndarray, strength: np.ndarray, level: float | None = None
) -> np.ndarray:
    """Features for `SpeechDetector`: level, spectrum, their variation, and periodicity.

    The level is relative to the recording's speech and to its surroundings, so gain has no effect. All else depends on
    the 3.2 s around a frame at most.

    Parameters
    ----------
    cepstra : ndarray of shape (n_frames, n_mfcc)
        Log energy and at least 12 cepstral coefficients every 10 ms, not normalised.
    f0, strength : ndarray of shape (n_frames,)
        As in `lightdiar.signal.pitch.Pitch`.
    level : float, optional
        The recording's `speech_level`; by default that of these frames.

    Returns
    -------
    X : ndarray of shape (n_frames, 31), float32
    """
    cepstra, strength = np.asarray(cepstra, np.float32), np.asarray(strength, np.float32)
    if len(cepstra) == 0:
        return np.zeros((0, Column.N), np.float32)
    X = np.empty((len(cepstra), Column.N), np.float32)
    level = speech_level(cepstra[:, 0], strength) if level is None else level
    X[:, [Column.LEVEL, Column.CONTRAST]] = _relative_level(cepstra[:, 0], level)
    X[:, Column.CEPSTRA] = cepstra[:, 1:13]
    for coefficient, column in enumerate(range(X.shape[1])[Column.SPREAD]):
        X[:, column] = np.log(_spread(cepstra[:, coefficient], 51))
    X[:, Column.PERIODICITY] = _mean(strength, 15)
    X[:, Column.LONG_PERIODICITY] = _mean(strength, 61)
    X[:, [Column.VOICED_SHARE, Column.PITCH_MOVEMENT]] = _voicing(f0)
    return X


def _relative_level(log_energy, level):
    """Log energy relative to the level of speech and to the local floor, (n, 2)."""
    from scipy.ndimage import minimum_filter1d

    smooth = _mean(log_energy, 9)
    floor = np.minimum(_mean(minimum_filter1d(smooth, 301), 301), log_energy)
    return np.stack([log_energy - level, np.log1p(log_energy - floor)], axis=1)


def _feature_blocks(analysis):
    """The `detector_features` of a recording, ten minutes at a time: they take as much memory as its analysis."""
    n = len(analysis)
    level = speech_level(analysis.mfcc[:, 0], analysis.strength) if n else None
    for start in range(0, max(n, 1), _BLOCK_FRAMES):
        first, end = max(0, start - _REACH), min(n, start + _BLOCK_FRAMES)
        around = slice(first, end + _REACH)
        X = detector_features(analysis.mfcc[around], analysis.f0[around], analysis.strength[around], level)
        yield X[start - first : end - first]


def _voicing(f0):
    """Share of voiced frames and log mean movement of F0 (octaves per frame) over half a second, (n, 2)."""
    octave = np.log2(np.asarray(f0, np.float32))
    movement = np.minimum(np.abs(np.diff(octave, append=octave[-1:])), _LARGEST_MOVE)
    share = _mean((~np.isnan(octave)).astype(np.float32), 51)
    return np.stack([share, np.log(0.002 + _mean(np.nan_to_num(movement), 51) / (share + 0.05))], axis=1)


def _spread(X, n):
    """Standard deviation over the `n` frames around each, at least 0.03."""
    return np.sqrt(np.maximum(_mean(X * X, n) - _mean(X, n) ** 2, 1e-3))


def _mean(X, n):
    """Mean over the `n` frames around each."""
    from scipy.ndimage import uniform_filter1d

    return uniform_filter1d(X, n, axis=0, mode="nearest")


def _centred(samples):
    samples = np.asarray(samples, dtype=np.float64)
    return samples - samples.mean() if len(samples) else samples


def _n_fft(grid):
    """The smallest power of two that holds a window."""
    return 1 << (grid.frame_length - 1).bit_length()


def _segments(mask, grid):
    """Segments of a mask without clicks, joined across the stops within words."""
    return union((s for s in grid.segments(mask) if s.duration >= _CLICK), _STOP)


def _hysteresis(level, on, off):
    """Stretches above `off` that rise above `on` somewhere: bool, shape (n_frames,)."""
    mask = np.zeros(len(level), bool)
    for start, end in runs(level > off):
        mask[start:end] = level[start:end].max() > on
    return mask


@dataclass(frozen=True, eq=False)
class SpeechDetector:
    """Detector of speech against silence, noise and music, frame by frame.

    Parameters
    ----------
    weights : ndarray of shape (n_classes, n_components)
        Of the mixture for each class of `SPEECH_CLASSES`.
    means, covariances : ndarray of shape (n_classes, n_components, n_features)
    slope : ndarray of shape (n_classes,)
        Weight of each class's log likelihood in the log odds of speech; they sum to zero.
    intercept : float
    """

    weights: np.ndarray
    means: np.ndarray
    covariances: np.ndarray
    slope: np.ndarray
    intercept: float | np.ndarray

    def __post_init__(self):
        n_classes = len(SPEECH_CLASSES)
        sizes = [len(self.weights), len(self.means), len(self.covariances), len(self.slope)]
        if sizes != [n_classes] * 4 or np.ndim(self.intercept) != 0:
            raise ValueError(
                f"weights, means, covariances and slope of {sizes} classes and intercept {np.shape(self.intercept)}; "
                f"a detector has {n_classes} classes and one intercept."
            )

    def __call__(self, analysis: "Analysis") -> np.ndarray:
        """Which frames of an `Analysis` are speech, bool, shape (n_frames,)."""
        return self.best_path(np.concatenate([self.log_odds(X) for X in _feature_blocks(analysis)]))

    def biased(self, bias: float) -> "SpeechDetector":
        """The detector with `bias` nats added to the log odds of speech of every frame."""
        return replace(self, intercept=self.intercept + bias)

    @property
    def n_features(self) -> int:
        """Number of features that the detector uses."""
        return self.models[0].means.shape[1]

    @cached_property
    def models(self) -> tuple[GMM, ...]:
        """The mixture of each class."""
        return tuple(GMM(*parts) for parts in zip(self.weights, self.means, self.covariances))

    def log_likelihoods(self, X: np.ndarray) -> np.ndarray:
        """Log likelihood of each frame under each class, shape (n_frames, n_classes), nats."""
        X = np.asarray(X, np.float32)
        if X.ndim != 2 or X.shape[1] != self.n_features:
            raise ValueError(
                f"X has shape {X.shape}; the detector needs (n_frames, {self.n_features}) from detector_features."
            )
        return np.stack([model.score_samples(X) for model in self.models], axis=1)

    def log_odds(self, X: np.ndarray) -> np.ndarray:
        """Log odds of speech of each frame on its own, shape (n_frames,); positive favours speech."""
        return self._log_odds(self.log_likelihoods(X))

    def speech_mask(self, X: np.ndarray) -> np.ndarray:
        """Which frames are speech, bool, shape (n_frames,)."""
        return self.best_path(self.log_odds(X))

    def best_path(self, log_odds: np.ndarray) -> np.ndarray:
        """Which frames are speech by the log odds of each, runs having least durations; bool, shape (n_frames,)."""
        scores = np.stack([np.zeros(len(log_odds)), log_odds], axis=1)
        return viterbi(scores, (_MIN_OTHER, _MIN_SPEECH), _SWITCH_PENALTY, short_start=True) == 1

    def predict(self, X: np.ndarray) -> np.ndarray:
        """Class of each frame, shape (n_frames,), int: indices into `SPEECH_CLASSES`.

        `speech_mask` decides between speech and other sound; then the likeliest class over the surrounding second wins.
        """
        from scipy.ndimage import uniform_filter1d

        likelihoods = self.log_likelihoods(X)
        if len(likelihoods) == 0:
            return np.zeros(0, int)
        speech = self.best_path(self._log_odds(likelihoods))
        around = uniform_filter1d(likelihoods, 101, axis=0, mode="nearest")
        other, spoken = around[:, :_FIRST_SPEECH], around[:, _FIRST_SPEECH:]
        return np.where(speech, _FIRST_SPEECH + spoken.argmax(axis=1), other.argmax(axis=1))

    def _log_odds(self, likelihoods):
        return likelihoods @ self.slope + self.intercept


def fit_speech_detector(X: np.ndarray, labels: np.ndarray, *, n_components: int = 32, seed: int = 0) -> SpeechDetector:
    """Train a detector on frames of known class.

    Parameters
    ----------
    X : ndarray of shape (n_frames, n_features)
        From `detector_features`, for recordings in which all classes occur.
    labels : ndarray of shape (n_frames,), int
        Indices into `SPEECH_CLASSES`.
    n_components : int, default=32
        Gaussians per class.
    seed : int

    Returns
    -------
    detector : SpeechDetector

    Raises
    ------
    ValueError
        If a class has fewer frames than components.
    """
    from sklearn.linear_model import LogisticRegression

    X, labels = np.asarray(X, np.float32), np.asarray(labels)
    mean, scale = X.mean(axis=0, dtype=float), np.maximum(X.std(axis=0, dtype=float), 1e-6)
    models = []
    for number, name in enumerate(SPEECH_CLASSES):
        own = np.flatnonzero(labels == number)
        if len(own) < n_components:
            raise ValueError(f"{len(own)} frames of {name!r} cannot train {n_components} components; provide more.")
        own = own[:: 1 + len(own) // _MAX_FRAMES]
        # k-means needs features of equal scale; the mixture is then scaled back
        model = fit_gmm((X[own] - mean) / scale, n_components, seed=seed)
        models.append((model.weights, model.means * scale + mean, model.covariances * scale**2))
    weights, means, covariances = (np.stack(parts) for parts in zip(*models))
    detector = SpeechDetector(weights, means, covariances, np.zeros(len(models)), 0.0)
    some = slice(None, None, 1 + len(X) // _MAX_FRAMES)
    likelihoods = detector.log_likelihoods(X[some])
    contrast = likelihoods - likelihoods.mean(axis=1, keepdims=True)
    logistic = LogisticRegression().fit(contrast, labels[some] >= _FIRST_SPEECH)
    slope = logistic.coef_[0] - logistic.coef_[0].mean()
    return replace(detector, slope=slope, intercept=float(logistic.intercept_[0]))
