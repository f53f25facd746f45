"""Pitch: fundamental frequency and voicing, frame by frame.

The autocorrelation of a windowed frame, divided by that of the window itself, has a peak with a height
near 1 at the period of a periodic sound. The candidates of each frame are a few such peaks and being
unvoiced; the best path through the whole recording decides [1]_.

Only the candidates of each block of frames are kept, a few numbers per frame. Memory use is therefore
small, the block size does not change the result, and the loudness of the whole recording, to which
silence is relative, is known before the path is searched.

References
----------
.. [1] Boersma, "Accurate short-term analysis of the fundamental frequency and the harmonics-to-noise
   ratio of a sampled sound", Proceedings of the Institute of Phonetic Sciences, Amsterdam, 1993.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy.fft import irfft, next_fast_len, rfft

from lightdiar.signal.frames import FrameGrid

_PERIODS = 3  # of fmin in a window
_N_CANDIDATES = 6  # best voiced candidates of a frame
_OCTAVE_COST = 0.01  # per octave below fmax: of two equal peaks, the higher pitch wins
_JUMP_COST = 0.35  # per octave between frames 10 ms apart
_VOICING_COST = 0.14  # per change between voiced and unvoiced, 10 ms apart
_BLOCK = 128  # frames

# Only the spectrum below 4 kHz, fading out from 2 kHz, enters the autocorrelation. Sampled at 16 kHz
# whatever the sample rate, it is then smooth enough for a parabola through three points. [1]_ keeps the
# whole band and needs sinc interpolation; the lower band makes noise look a little more periodic, so the
# voicing threshold is 0.50 instead of Praat's 0.45.
_FADE_START, _FADE_END, _LAG_RATE = 2000, 4000, 16000


@dataclass(frozen=True)
class Pitch:
    """Fundamental frequency of each frame.

    Parameters
    ----------
    f0 : ndarray of shape (n_frames,)
        Hz; NaN where unvoiced.
    strength : ndarray of shape (n_frames,)
        Height of the chosen peak (of the best one where unvoiced), from 0 (not periodic) to 1 (exactly
        periodic); independent of loudness.
    grid : FrameGrid
        Positions of the frames; each is as long as three periods of fmin.
    """

    f0: np.ndarray
    strength: np.ndarray
    grid: FrameGrid


def f0(
    samples: ArrayLike,
    sample_rate: int,
    *,
    fmin: float = 60.0,
    fmax: float = 400.0,
    step: float = 0.010,
    voicing_threshold: float = 0.50,
    silence_threshold: float = 0.03,
) -> Pitch:
    """Track the fundamental frequency and voicing strength of one voice at a time.

    Parameters
    ----------
    samples : array-like of shape (n_samples,)
        Waveform at any scale.
    sample_rate : int
        Hz.
    fmin, fmax : float, default=60, 400
        Hz. A window holds three periods of `fmin`: 0.05 s at 60 Hz.
    step : float, default=0.010
        Seconds between frames.
    voicing_threshold : float, default=0.50
        A frame is voiced if its peak is higher than this, neighbours permitting.
    silence_threshold : float, default=0.03
        A frame below this fraction of the recording's peak amplitude is unlikely to be voiced. The peak is the
        99th percentile over frames, so a click does not silence the rest.

    Returns
    -------
    pitch : Pitch
        Its arrays have shape (n_frames,). Silence is unvoiced with strength 0; an empty signal has no frames.

    Raises
    ------
    ValueError
        If `samples` is not one-dimensional and finite, or the frequencies are out of range.

    References
    ----------
    .. [1] Boersma, "Accurate short-term analysis of the fundamental frequency and the
       harmonics-to-noise ratio of a sampled sound", 1993.

    Examples
    --------
    >>> t = np.arange(8000) / 16000
    >>> pitch = f0(np.sin(2 * np.pi * 120 * t), 16000)
    >>> print(pitch.f0[10].round(1))
    120.0
    """
    samples = np.asarray(samples)
    if samples.ndim != 1:
        raise ValueError(f"samples has shape {samples.shape}; give one channel, shape (n_samples,).")
    highest = min(_FADE_START, sample_rate / 2)
    if not 0 < fmin < fmax <= highest:
        raise ValueError(
            f"fmin={fmin} Hz, fmax={fmax} Hz: need 0 < fmin < fmax <= {highest:g} Hz; fmin=60, fmax=400 suit speech."
        )
    if not (0 <= voicing_threshold <= 1 and 0 <= silence_threshold <= 1):
        raise ValueError(
            f"voicing_threshold={voicing_threshold}, silence_threshold={silence_threshold}: each lies between "
            "0 and 1; 0.5 and 0.03 are usual."
        )
    grid = FrameGrid(sample_rate, window=_PERIODS / fmin, step=step)
    n_frames = grid.n_frames(len(samples))
    if n_frames == 0:
        return Pitch(np.zeros(0), np.zeros(0), grid)
    amplitude = np.empty(n_frames)
    height, frequency = np.empty((2, n_frames, _N_CANDIDATES), np.float32)
    for block in _blocks(n_frames):
        frames = _centred_frames(samples, grid, block)
        amplitude[block] = _peak_amplitude(frames)
        correlation, lag_rate = _autocorrelation(frames, sample_rate, fmin)
        height[block], frequency[block] = _candidates(correlation, lag_rate, fmin, fmax)

    silence = max(silence_threshold * np.quantile(amplitude, 0.99), np.finfo(np.float32).tiny)
    unvoiced = voicing_threshold + np.maximum(0, 2 - (1 + voicing_threshold) * amplitude / silence)
    octave = np.log2(frequency / fmax)
    path = _best_path(unvoiced, height + _OCTAVE_COST * octave, octave, step)

    voiced = path > 0
    chosen = np.flatnonzero(voiced), path[voiced] - 1
    track, strength = np.full(n_frames, np.nan), height[:, 0].copy()
    track[voiced], strength[voiced] = frequency[chosen], height[chosen]
    return Pitch(track, strength, grid)


def _blocks(n_frames):
    return [slice(start, min(start + _BLOCK, n_frames)) for start in range(0, n_frames, _BLOCK)]


def _centred_frames(samples, grid, block):
    """Frames of a block without their means, shape (n, frame_length), float32."""
    start, end = block.start * grid.hop_length, (block.stop - 1) * grid.hop_length + grid.frame_length
    stretch = samples[start:end].astype(np.float32)
    if not np.isfinite(stretch).all():
        raise ValueError(
            f"samples contain NaN or infinity between {start / grid.sample_rate:.2f} and "
            f"{end / grid.sample_rate:.2f} s; every sample must be finite: np.nan_to_num replaces them."
        )
    stretch = np.pad(stretch, (0, end - start - len(stretch)))
    frames = np.lib.stride_tricks.sliding_window_view(stretch, grid.frame_length)[:: grid.hop_length]
    return frames - frames.mean(axis=1, keepdims=True, dtype=float).astype(np.float32)


def _peak_amplitude(frames):
    """Largest absolute value in the middle third of each frame, shape (n,)."""
    length = frames.shape[1]
    middle = frames[:, length // 3 : length - length // 3]
    return np.maximum(middle.max(axis=1), -middle.min(axis=1))


def _autocorrelation(frames, sample_rate, fmin):
    """Normalised autocorrelation up to the period of `fmin`, eq. 9 of [1]_.

    Returns
    -------
    correlation : ndarray of shape (n, n_lags), float32
        1 at lag 0; all 0 for a frame of zeros.
    lag_rate : float
        Lags per second.
    """
    length = frames.shape[1]
    n_fft = next_fast_len(length + int(sample_rate / fmin) + 2, real=True)
    n_lag_fft = next_fast_len(int(np.ceil(n_fft * _LAG_RATE / sample_rate)), real=True)
    lag_rate = sample_rate * n_lag_fft / n_fft
    n_lags = int(lag_rate / fmin) + 3
    frequencies = np.arange(n_fft // 2 + 1) * sample_rate / n_fft
    fade = np.interp(frequencies[frequencies < _FADE_END], [_FADE_START, _FADE_END], [0, np.pi])
    weight = ((1 + np.cos(fade)) / 2).astype(np.float32)

    def correlate(x, weight):
        spectrum = rfft(x, n_fft)[..., : len(weight)]
        return irfft((spectrum.real**2 + spectrum.imag**2) * weight, n_lag_fft)[..., :n_lags]

    window = np.hanning(length + 2)[1:-1].astype(np.float32)
    own = correlate(window, np.ones_like(weight))
    correlation = correlate(frames * window, weight)
    power = np.where(correlation[:, :1] > 0, correlation[:, :1], 1)
    return correlation / power * (own[0] / own), lag_rate


def _candidates(correlation, lag_rate, fmin, fmax):
    """The best positive peaks between `fmin` and `fmax`, by a parabola through three points.

    Returns
    -------
    height, frequency : ndarrays of shape (n, _N_CANDIDATES)
        Best first; 0 and NaN where a frame has fewer peaks.
    """
    shortest = int(lag_rate / fmax)
    left, middle, right = (correlation[:, shortest + i : correlation.shape[1] - 1 + i] for i in (-1, 0, 1))
    frame, lag = np.nonzero((middle > left) & (middle >= right) & (middle > 0))
    left, middle, right = (side[frame, lag].astype(float) for side in (left, middle, right))
    shift = (right - left) / (2 * (2 * middle - left - right))
    height = middle + (right - left) * shift / 4
    height = np.minimum(height, 1 / height)  # as Praat does; above 1 where the amplitude jumps
    frequency = lag_rate / (shortest + lag + shift)

    inside = (fmin <= frequency) & (frequency <= fmax)
    frame, height, frequency = frame[inside], height[inside], frequency[inside]
    order = np.lexsort((-height - _OCTAVE_COST * np.log2(frequency / fmax), frame))
    rank = np.arange(len(frame)) - np.searchsorted(frame, frame)
    best, place = order[rank < _N_CANDIDATES], rank[rank < _N_CANDIDATES]
    shape = len(correlation), _N_CANDIDATES
    heights, frequencies = np.zeros(shape), np.full(shape, np.nan)
    heights[frame[best], place] = height[best]
    frequencies[frame[best], place] = frequency[best]
    return heights, frequencies


def _best_path(unvoiced, voiced, octave, step):
    """State of each frame on the path with the highest sum of scores minus transition costs (Viterbi).

    Parameters
    ----------
    unvoiced : ndarray of shape (n_frames,)
        Score of state 0.
    voiced, octave : ndarrays of shape (n_frames, _N_CANDIDATES)
        Score and log2 frequency of states 1 and up; NaN where there is no candidate.
    step : float
        Seconds.

    Returns
    -------
    path : ndarray of shape (n_frames,), int
    """
    came_from = np.zeros((len(voiced), 1 + voiced.shape[1]), np.int8)
    total, sums = np.zeros(came_from.shape[1]), np.empty((came_from.shape[1],) * 2)
    last = np.nan_to_num(octave[:1])  # as if before the first frame: entering it costs nothing
    for block in _blocks(len(voiced)):
        score = np.nan_to_num(np.column_stack([unvoiced[block], voiced[block]]), nan=-np.inf)
        now = np.nan_to_num(octave[block])
        before = np.concatenate([last, now[:-1]])
        last = now[-1:]
        cost = np.full((len(now), len(total), len(total)), _VOICING_COST)  # (frame, to, from)
        cost[:, 0, 0] = 0
        cost[:, 1:, 1:] = _JUMP_COST * np.abs(now[:, :, None] - before[:, None, :])
        gain = score[:, :, None] - cost * (0.010 / step)
        totals = np.empty((len(gain) + 1, len(total)))
        totals[0] = total
        for own, here, next_ in zip(gain, totals, totals[1:]):
            np.maximum.reduce(np.add(own, here, out=sums), axis=1, out=next_)
        total = totals[-1]
        came_from[block] = (gain + totals[:-1, None, :]).argmax(axis=2)
    path = [int(total.argmax())]
    for origin in came_from[:0:-1].tolist():
        path.append(origin[path[-1]])
    return np.array(path[::-1])
