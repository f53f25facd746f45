"""Short-time features: mel spectrum, MFCC, deltas and their normalisation.

Rows are frames (see `lightdiar.signal.frames`), columns are coefficients. The values equal those of
python_speech_features (with a Hamming window) whatever the block length: `mfcc` and `log_mel` process
recordings of any length in blocks of `_BLOCK_FRAMES` frames.
"""

from collections.abc import Callable
from numbers import Integral

import numpy as np

from lightdiar.common.arrays import checked_rows
from lightdiar.signal.frames import FrameGrid

_BLOCK_FRAMES = 512
_PRE_EMPHASIS = 0.97
LIFTER = 22  # as HTK and python_speech_features have it


def log_mel(
    samples: np.ndarray,
    sample_rate: int,
    *,
    n_filters: int = 26,
    n_fft: int = 512,
    window: float = 0.025,
    step: float = 0.010,
    fmin: float = 0.0,
    fmax: float | None = None,
) -> np.ndarray:
    """Log mel filter-bank energies.

    Parameters
    ----------
    samples : ndarray of shape (n_samples,)
        Mono audio.
    sample_rate : int
        Hz.
    n_filters, n_fft : int
        Number of triangular mel filters; length of the Fourier transform, at least that of the window in samples.
    window, step : float
        Seconds.
    fmin, fmax : float
        Lowest and highest filter edges in Hz; `fmax` defaults to half the sample rate.

    Returns
    -------
    X : ndarray of shape (n_frames, n_filters), float64
        Natural logarithms. An empty signal gives no frames.

    Raises
    ------
    ValueError
        If `n_fft` is shorter than the window.
    """
    grid = FrameGrid(sample_rate, window, step)
    filters = _mel_filters(grid, n_filters, n_fft, fmin, fmax)

    def analyse(frames):
        return _log(_power(frames, n_fft) @ filters)

    return blockwise(analyse, samples, grid, n_filters)


def mfcc(
    samples: np.ndarray,
    sample_rate: int,
    *,
    n_mfcc: int = 13,
    n_filters: int = 26,
    n_fft: int = 512,
    window: float = 0.025,
    step: float = 0.010,
    fmin: float = 0.0,
    fmax: float | None = None,
) -> np.ndarray:
    """Mel-frequency cepstral coefficients, the first one replaced by the log energy of the frame.

    Parameters are those of `log_mel`; `n_mfcc` is the number of coefficients kept. The liftering parameter is
    22, as in HTK and python_speech_features.

    Returns
    -------
    X : ndarray of shape (n_frames, n_mfcc), float64

    References
    ----------
    .. [1] Davis and Mermelstein, "Comparison of parametric representations for monosyllabic word recognition
       in continuously spoken sentences", IEEE Trans. ASSP 28, 1980.
    """
    from python_speech_features import lifter
    from scipy.fft import dct

    grid = FrameGrid(sample_rate, window, step)
    filters = _mel_filters(grid, n_filters, n_fft, fmin, fmax)

    def analyse(frames):
        power = _power(frames, n_fft)
        X = lifter(dct(_log(power @ filters), axis=1, norm="ortho")[:, :n_mfcc], LIFTER)
        X[:, 0] = _log(power.sum(axis=1))
        return X

    return blockwise(analyse, samples, grid, n_mfcc)


def deltas(X: np.ndarray, width: int = 2) -> np.ndarray:
    """Slope of each coefficient over `width` frames on each side (regression, edges repeated).

    Parameters
    ----------
    X : ndarray of shape (n_frames, n_features)
    width : int

    Returns
    -------
    D : ndarray of shape (n_frames, n_features)

    Raises
    ------
    ValueError
        If `X` has not this shape or is not finite, or `width` is less than 1.
    """
    X = _frames_of(X, "width", width, "2 is usual")
    n_frames = len(X)
    if n_frames == 0:
        return np.zeros_like(X)
    padded = np.pad(X, [(width, width), (0, 0)], mode="edge")
    slope = sum(
        k * (padded[width + k : width + k + n_frames] - padded[width - k : width - k + n_frames])
        for k in range(1, width + 1)
    )
    return slope / (2 * sum(k * k for k in range(1, width + 1)))


def cmvn(X: np.ndarray, *, variance: bool = True) -> np.ndarray:
    """Cepstral mean (and variance) normalisation over the whole of `X`, shape (n_frames, n_features).

    ValueError if `X` has not this shape or is not finite.
    """
    X = _floats(X)
    if len(X) == 0:
        return X.copy()
    centred = X - X.mean(axis=0)
    return centred / np.maximum(X.std(axis=0), 1e-8) if variance else centred


def sliding_cmvn(X: np.ndarray, n_window: int = 300, *, variance: bool = False) -> np.ndarray:
    """Cepstral normalisation by the mean (and variance) of the `n_window` frames around each frame.

    At the edges the window keeps its length by sliding inwards, as in Kaldi.

    Parameters
    ----------
    X : ndarray of shape (n_frames, n_features)
    n_window : int
        Frames; 300 is 3 s at a step of 10 ms.
    variance : bool
        Also divide by the standard deviation.

    Returns
    -------
    Y : ndarray of shape (n_frames, n_features)

    Raises
    ------
    ValueError
        If `X` has not this shape or is not finite, or `n_window` is less than 1.
    """
    X = _frames_of(X, "n_window", n_window, "300 are 3 s")
    n_frames = len(X)
    if n_frames <= n_window:
        return cmvn(X, variance=variance)
    Y = np.empty_like(X)
    for start in range(0, n_frames, _BLOCK_FRAMES):
        end = min(start + _BLOCK_FRAMES, n_frames)
        first = np.clip(np.arange(start, end) - n_window // 2, 0, n_frames - n_window)
        around = np.asarray(X[first[0] : first[-1] + n_window], dtype=np.float64)
        offset = around.mean(axis=0)  # sums of squares lose digits far from 0
        around = around - offset
        mean = _sliding_mean(around, first - first[0], n_window)
        Y[start:end] = X[start:end] - offset - mean
        if variance:
            spread = _sliding_mean(around**2, first - first[0], n_window) - mean**2
            Y[start:end] /= np.sqrt(np.maximum(spread, 1e-16))
    return Y


def warp(X: np.ndarray, n_window: int = 300) -> np.ndarray:
    """Feature warping: each value becomes the normal quantile of its rank among the frames around it.

    Parameters
    ----------
    X : ndarray of shape (n_frames, n_features)
    n_window : int
        Frames; 300 is 3 s at a step of 10 ms. At the edges the window slides inwards.

    Returns
    -------
    Y : ndarray of shape (n_frames, n_features)
        Ties share the mean of their ranks, so a constant coefficient becomes 0.

    Raises
    ------
    ValueError
        As `sliding_cmvn`.

    References
    ----------
    .. [1] Pelecanos and Sridharan, "Feature warping for robust speaker verification", Odyssey 2001.
    """
    from scipy.special import ndtri

    X = _frames_of(X, "n_window", n_window, "300 are 3 s")
    n_frames = len(X)
    n_window = min(n_window, n_frames)
    if n_frames == 0:
        return X.copy()
    windows = np.lib.stride_tricks.sliding_window_view(X, n_window, axis=0)
    first = np.clip(np.arange(n_frames) - n_window // 2, 0, n_frames - n_window)
    rank = np.empty(X.shape)
    for start in range(0, n_frames, 256):
        block = slice(start, start + 256)
        around, value = windows[first[block]], X[block, :, None]
        rank[block] = ((around < value).sum(axis=2) + (around <= value).sum(axis=2)) / 2
    return ndtri(rank / n_window).astype(X.dtype, copy=False)


def _frames_of(X, name, n_frames, usual):
    """X as `_floats`, if so many frames can be looked at."""
    if not isinstance(n_frames, Integral) or n_frames < 1:
        raise ValueError(f"{name}={n_frames!r:.40} must be a number of frames, 1 or more; {usual}.")
    return _floats(X)


def _floats(X):
    """X as finite floats: whole numbers would cut off what comes of them."""
    X = checked_rows(X)
    return X if X.dtype.kind == "f" else X.astype(np.float64)


def _sliding_mean(X, first, n_window):
    total = np.vstack([np.zeros(X.shape[1]), np.cumsum(X, axis=0)])
    return (total[first + n_window] - total[first]) / n_window


def _mel_filters(grid, n_filters, n_fft, fmin, fmax):
    """Weights of the mel filters, shape (n_fft // 2 + 1, n_filters)."""
    from python_speech_features import get_filterbanks

    if n_fft < grid.frame_length:
        raise ValueError(
            f"n_fft={n_fft} is shorter than the window of {grid.frame_length} samples; "
            f"use n_fft={1 << (grid.frame_length - 1).bit_length()}."
        )
    return get_filterbanks(n_filters, n_fft, grid.sample_rate, fmin, fmax).T


def _power(frames, n_fft):
    """Power spectrum of each frame, shape (n, n_fft // 2 + 1)."""
    from scipy.fft import rfft

    spectrum = rfft(frames, n_fft)
    return (spectrum.real**2 + spectrum.imag**2) / n_fft


def _log(energies):
    """Natural logarithms; nothing counts as the smallest step of a float."""
    return np.log(np.where(energies == 0, np.finfo(float).eps, energies))


def blockwise(
    analyse: Callable[[np.ndarray], np.ndarray], samples: np.ndarray, grid: FrameGrid, n_columns: int
) -> np.ndarray:
    """Features of a signal after pre-emphasis, computed in blocks of 512 frames.

    Parameters
    ----------
    analyse : callable
        Gives the features (n, n_columns) of n frames (n, frame_length) under a Hamming window.
    samples : ndarray of shape (n_samples,)
        Padded with zeros to a whole number of frames.
    grid : FrameGrid
    n_columns : int

    Returns
    -------
    X : ndarray of shape (n_frames, n_columns), float64

    Raises
    ------
    ValueError
        If the samples are not one channel, or not finite.
    """
    samples = np.asarray(samples, dtype=np.float64)
    if samples.ndim != 1 or not np.isfinite(samples).all():
        raise ValueError(
            f"samples of shape {samples.shape} must be one channel, shape (n_samples,), without NaN or infinity; "
            "to_mono mixes channels, np.nan_to_num replaces NaN."
        )
    n_frames, window = grid.n_frames(len(samples)), np.hamming(grid.frame_length)
    X = np.empty((n_frames, n_columns))
    for start in range(0, n_frames, _BLOCK_FRAMES):
        end = min(start + _BLOCK_FRAMES, n_frames)
        first = start * grid.hop_length
        block = samples[first : (end - 1) * grid.hop_length + grid.frame_length]
        before = samples[first - 1 : first - 1 + len(block)] if first else np.r_[0.0, block[:-1]]
        n_missing = (end - 1 - start) * grid.hop_length + grid.frame_length - len(block)
        emphasised = np.pad(block - _PRE_EMPHASIS * before, (0, n_missing))
        frames = np.lib.stride_tricks.sliding_window_view(emphasised, grid.frame_length)[:: grid.hop_length]
        X[start:end] = analyse(frames * window)
    return X
