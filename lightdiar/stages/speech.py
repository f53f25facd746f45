"""Speech detection: where anyone speaks.

Three detectors, from the simplest to the one that the pipeline uses:

* `energy_vad`: what is loud is speech. Two thresholds between the floor and the top of the recording's level.
* `ltsd_vad`: what stands out from the noise spectrum over a longer time is speech [1]_.
* `SpeechDetector`: boosted decision trees for each frame, the best path through speech and other sound, and
  a look at each stretch as a whole. It knows music and noise, which the other two mistake for speech.

References
----------
.. [1] Ramirez, Segura, Benitez, de la Torre and Rubio, "Efficient voice activity detection algorithms using
   long-term speech information", Speech Communication 42, 2004.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from lightdiar.models.boosting import Boosting, stages
from lightdiar.models.viterbi import viterbi
from lightdiar.signal.features import LIFTER, log_mel, mfcc
from lightdiar.signal.frames import FrameGrid, runs
from lightdiar.timeline import Segment, union

if TYPE_CHECKING:
    from lightdiar.signal.frontend import Analysis

SPEECH_CLASSES = ("silence", "noise", "music", "speech", "speech over sound")
_SWITCH_PENALTY = 6.0  # nats per change between speech and other sound
_MIN_OTHER, _MIN_SPEECH = 10, 20  # shortest runs, frames
_FIRST_SPEECH = SPEECH_CLASSES.index("speech")
_NEARBY = 300  # frames; speech with shorter pauses is one stretch
_LEAST_EVIDENCE = 1.0  # nats: mean log odds of the frames of a stretch of speech ...
_DOUBT = 50  # ... and of so many frames of 0 nats beside them
_EVERY = 2  # frames: so often, pitch is new and the trees are asked
_N_TREES, _N_LEAVES, _LEAST_ROWS = 100, 31, 200
_DEEPEST = 60.0  # dB below the top of a recording; anything quieter is treated alike
_LARGEST_MOVE = 0.1  # octaves between frames; more is a tracking error
_CLICK, _STOP = 0.1, 0.2  # seconds, in the simple detectors: shorter speech is dropped, shorter pauses are filled
_VOICED = 0.7  # pitch strength above which a frame shows the level of speech reliably
_BLOCK_FRAMES, _REACH = 30_000, 320  # five minutes; more frames than any feature looks to either side
_N_BANDS = 30  # of the spectrum that `lightdiar.signal.features.mfcc` describes
_RATES = (23, 67), (11, 23), (5, 11)  # frames: between two means lie movements of 1 to 3, 3 to 6 and 6 to 13 Hz
_NEXT = 4  # frames over which pitch moves
_STEADY, _GLIDE, _JUMP = 0.006, 0.02, 0.25  # octaves: less is one tone, between the others a glide, more a new tone
_MIDDLE = 180.0  # Hz


class Column:
    """Columns of `detector_features`."""

    LEVEL, CONTRAST = 0, 1  # log energy relative to the recording's speech, and to the local floor
    CEPSTRA = slice(2, 14)  # coefficients 1 to 12 of the frame
    SPREAD = slice(14, 27)  # log deviation of log energy and cepstra over half a second
    PERIODICITY, LONG_PERIODICITY = 27, 28  # mean strength of pitch over 0.15 and 0.61 s
    VOICED_SHARE, PITCH_MOVEMENT = 29, 30  # over half a second
    MODULATION = slice(31, 34)  # log share of slow, syllabic and fast movement in that of the bands over a second
    SYNCHRONY, FLUX = 34, 35  # how much bands move together; change of the spectrum from frame to frame
    SHORT_SPREAD, VOICED_LEVEL = 36, 37  # log deviation of log energy over 0.3 s; voiced minus unvoiced level over 2 s
    STEADY, GLIDING, JUMPING = 38, 39, 40  # shares of voiced frames in a second, by how pitch moves in 40 ms
    MEAN_PITCH = 41  # octaves above 180 Hz, over a second
    PITCH_SPREAD = slice(42, 44)  # log deviation in octaves, over one and three seconds
    VOICED_SHARES = slice(44, 46)  # over one and three seconds
    SWITCHES = 46  # changes between voiced and unvoiced per frame, over two seconds
    N = 47


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
    """Features for `SpeechDetector`: level, spectrum, their variation, periodicity and the course of pitch.

    What tells speech from music is how they move: speech has four or five syllables a second [1]_ and its pitch
    glides, whereas tones hold theirs and jump to the next. The level is relative to the recording's speech and to its
    surroundings, so gain has no effect. All else depends on the 3.2 s around a frame at most.

    Parameters
    ----------
    cepstra : ndarray of shape (n_frames, n_mfcc)
        Log energy and at least 21 cepstral coefficients every 10 ms, not normalised.
    f0, strength : ndarray of shape (n_frames,)
        As in `lightdiar.signal.pitch.Pitch`.
    level : float, optional
        The recording's `speech_level`; by default that of these frames.

    Returns
    -------
    X : ndarray of shape (n_frames, 47), float32

    References
    ----------
    .. [1] Scheirer and Slaney, "Construction and evaluation of a robust multifeature speech/music discriminator",
       ICASSP, 1997.
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
    X[:, Column.MODULATION.start : Column.SHORT_SPREAD] = _movement(log_bands(cepstra))
    X[:, Column.SHORT_SPREAD] = np.log(0.1 + _spread(cepstra[:, 0], 31))
    X[:, Column.VOICED_LEVEL :] = _melody(f0, cepstra[:, 0])
    return X


def _relative_level(log_energy, level):
    """Log energy relative to the level of speech and to the local floor, (n, 2)."""
    from scipy.ndimage import minimum_filter1d

    smooth = _mean(log_energy, 9)
    floor = np.minimum(_mean(minimum_filter1d(smooth, 301), 301), log_energy)
    return np.stack([log_energy - level, np.log1p(log_energy - floor)], axis=1)


def _feature_blocks(analysis):
    """The `detector_features` of a recording, five minutes at a time: they take as much memory as its analysis."""
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


def log_bands(cepstra: np.ndarray) -> np.ndarray:
    """Smoothed log mel spectrum, shape (n_frames, 30): cepstra as of `mfcc` without their lifter, transformed back."""
    from scipy.fft import idct

    number = np.arange(1, LIFTER)  # the lifter lets nothing through at 22
    lifter = 1 + LIFTER / 2 * np.sin(np.pi * number / LIFTER)
    inverse = idct(np.eye(_N_BANDS)[number] / lifter[:, None], axis=1, norm="ortho").astype(np.float32)
    bands = cepstra[:, number] @ inverse
    return bands + cepstra[:, :1] - np.log(np.exp(bands).sum(axis=1, keepdims=True))


def _movement(bands):
    """Share of each rate in the movement of six broad bands, their synchrony, and the flux of all bands, (n, 5)."""
    broad = bands.reshape(len(bands), 6, -1).mean(axis=2)
    deviation = broad - _mean(broad, 101)
    variance = _mean(broad**2, 101) - _mean(broad, 101) ** 2
    smooth = {n: _mean(broad, n) for n in {n for pair in _RATES for n in pair}}
    rates = [_mean((smooth[short] - smooth[long]) ** 2, 101) for short, long in _RATES]
    columns = [np.log(0.02 + (power / (variance + 0.1)).mean(axis=1)) for power in rates]
    together = _mean(deviation.mean(axis=1) ** 2, 101) / (_mean((deviation**2).mean(axis=1), 101) + 0.05)
    shape = bands - bands.mean(axis=1, keepdims=True)
    change = np.sqrt(np.mean(np.diff(shape, axis=0, append=shape[-1:]) ** 2, axis=1))
    return np.stack([*columns, np.log(0.02 + together), np.log(0.05 + _mean(change, 51))], axis=1)


def _melody(f0, log_energy):
    """How loud voiced frames are beside others, how pitch moves and how widely, how often voicing changes, (n, 10)."""
    voiced = ~np.isnan(f0)
    octave = np.where(voiced, np.log2(np.where(voiced, f0, _MIDDLE) / _MIDDLE), 0).astype(np.float32)
    share = {n: _mean(voiced.astype(np.float32), n) for n in (101, 201, 301)}
    level = log_energy - _mean(log_energy, 201)
    loud = _mean(np.where(voiced, level, 0), 201) / (share[201] + 0.01)
    soft = _mean(np.where(voiced, 0, level), 201) / (1.01 - share[201])
    move = abs(np.append(octave[_NEXT:], octave[-_NEXT:]) - octave)
    move[~(voiced & np.append(voiced[_NEXT:], voiced[-_NEXT:]))] = np.nan
    kinds = [move < _STEADY, (move > _GLIDE) & (move < _JUMP), move >= _JUMP]
    shares = [_mean(kind.astype(np.float32), 101) / (share[101] + 0.05) for kind in kinds]
    pitch = {n: _mean(octave, n) / (share[n] + 1e-3) for n in (101, 301)}
    variance = {n: np.maximum(_mean(octave**2, n) / (share[n] + 1e-3) - pitch[n] ** 2, 0) for n in pitch}
    spreads = [np.log(0.02 + np.sqrt(variance[n])) for n in pitch]
    switches = _mean(abs(np.diff(voiced.astype(np.float32), append=voiced[-1:])), 201)
    return np.stack([loud - soft, *shares, pitch[101], *spreads, share[101], share[301], switches], axis=1)


def _spread(X, n):
    """Standard deviation over the `n` frames around each, at least 0.03."""
    return np.sqrt(np.maximum(_mean(X * X, n) - _mean(X, n) ** 2, 1e-3))


def _mean(X, n):
    """Mean over the `n` frames around each."""
    from scipy.ndimage import uniform_filter1d

    return uniform_filter1d(X, n, axis=0, mode="nearest")


def _centred(samples):
    samples = np.asarray(samples, dtype=np.float64)
    return samples - samples.mean() if samples.size else samples


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


def _without_weak_stretches(speech, log_odds, least_evidence):
    """The speech of stretches whose mean evidence is strong, the stronger the shorter; `_NEARBY` frames part two."""
    spans = np.array(list(runs(speech)), dtype=int).reshape(-1, 2)
    stretch = np.cumsum(spans[1:, 0] - spans[:-1, 1] >= _NEARBY, dtype=int)
    stretch = np.concatenate([[0], stretch])[: len(spans)]
    total = np.concatenate([[0], np.cumsum(log_odds, dtype=float)])[spans]
    frames = np.bincount(stretch, np.diff(spans).ravel()) + _DOUBT
    evidence = np.bincount(stretch, np.diff(total).ravel()) / frames
    kept = speech.copy()
    for start, end in spans[evidence[stretch] < least_evidence]:
        kept[start:end] = False
    return kept


@dataclass(frozen=True, eq=False)
class SpeechDetector:
    """Detector of speech against silence, noise and music.

    Parameters
    ----------
    trees : Boosting
        Their leaves add up to the log odds of speech of a frame, from its `detector_features`.

    References
    ----------
    .. [1] Friedman, "Greedy function approximation: a gradient boosting machine", Annals of Statistics 29, 2001.
    """

    trees: Boosting

    def __call__(self, analysis: "Analysis", least_evidence: float = _LEAST_EVIDENCE) -> np.ndarray:
        """Which frames of an `Analysis` are speech, bool, shape (n_frames,); see `best_path`."""
        return self.best_path(np.concatenate([self.log_odds(X) for X in _feature_blocks(analysis)]), least_evidence)

    def biased(self, bias: float) -> "SpeechDetector":
        """The detector with `bias` nats added to the log odds of speech of every frame."""
        return SpeechDetector(self.trees.rescaled(1.0, bias))

    @property
    def n_features(self) -> int:
        """Number of features that the detector needs at least: it looks at none beyond."""
        return int(self.trees.feature.max(initial=0)) + 1

    def log_odds(self, X: np.ndarray) -> np.ndarray:
        """Log odds of speech of each frame on its own, shape (n_frames,); positive favours speech. Pairs are alike."""
        X = np.asarray(X, np.float32)
        if X.ndim != 2 or X.shape[1] < self.n_features:
            raise ValueError(
                f"X has shape {X.shape}; the detector needs (n_frames, {self.n_features}) from detector_features."
            )
        return np.repeat(self.trees.scores(X[::_EVERY]), _EVERY)[: len(X)]

    def best_path(self, log_odds: np.ndarray, least_evidence: float = _LEAST_EVIDENCE) -> np.ndarray:
        """Which frames are speech by the log odds of each, bool, shape (n_frames,).

        Runs have least durations; then each stretch is judged as a whole, by the mean log odds of its speech, which
        have to be `least_evidence`, in nats. Speech is clearly so in most frames, music that sounds like it only in
        some. What is short and alone must be clearer.
        """
        scores = np.stack([np.zeros(len(log_odds)), log_odds], axis=1)
        path = viterbi(scores, (_MIN_OTHER, _MIN_SPEECH), _SWITCH_PENALTY, short_start=True) == 1
        return _without_weak_stretches(path, log_odds, least_evidence)


def fit_speech_detector(X: np.ndarray, labels: np.ndarray, *, seed: int = 0) -> SpeechDetector:
    """Train a detector on frames of known class.

    Parameters
    ----------
    X : ndarray of shape (n_frames, n_features)
        From `detector_features`, for recordings in which all classes occur.
    labels : ndarray of shape (n_frames,), int
        Indices into `SPEECH_CLASSES`.
    seed : int

    Returns
    -------
    detector : SpeechDetector

    Raises
    ------
    ValueError
        If a class has no frames.
    """
    labels = np.asarray(labels)
    for number, name in enumerate(SPEECH_CLASSES):
        if not (labels == number).any():
            raise ValueError(f"no frame is {name!r}; provide scenes in which every class occurs.")
    ((_, trees),) = stages(
        X,
        labels >= _FIRST_SPEECH,
        np.ones(len(labels)),
        seed=seed,
        n_trees=_N_TREES,
        every=_N_TREES,
        n_leaves=_N_LEAVES,
        least_rows=_LEAST_ROWS,
    )
    return SpeechDetector(trees)
