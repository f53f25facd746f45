"""Short-time features: mel spectrum, MFCC, deltas and their normalisation.

Rows are frames (see `lightdiar.signal.frames`), columns are coefficients. The values equal those of
python_speech_features (with a Hamming window) whatever the block length: `mfcc` and `log_mel` process
recordings of any length in blocks of `_BLOCK_FRAMES` frames.
"""

from collections.abc import Callable

import numpy as np

from lightdiar.signal.frames import FrameGrid

_BLOCK_FRAMES = 1024
_PRE_EMPHASIS = 0.97


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
    import python_speech_features as psf

    def analyse(block):
        energies, _ = psf.fbank(block, sample_rate, window, step, n_filters, n_fft, fmin, fmax, 0, np.hamming)
        return np.log(energies)

    return _blockwise(analyse, samples, FrameGrid(sample_rate, window, step), n_fft, n_filters)


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
    import python_speech_features as psf

    def analyse(block):
        widths = n_mfcc, n_filters, n_fft
        return psf.mfcc(block, sample_rate, window, step, *widths, fmin, fmax, preemph=0, winfunc=np.hamming)

    return _blockwise(analyse, samples, FrameGrid(sample_rate, window, step), n_fft, n_mfcc)


def deltas(X: np.ndarray, width: int = 2) -> np.ndarray:
    """Slope of each coefficient over `width` frames on each side (regression, edges repeated).

    Parameters
    ----------
    X : ndarray of shape (n_frames, n_features)
    width : int

    Returns
    -------
    D : ndarray of shape (n_frames, n_features)
    """
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
    """Cepstral mean (and variance) normalisation over the whole of `X`, shape (n_frames, n_features)."""
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
    """
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

    References
    ----------
    .. [1] Pelecanos and Sridharan, "Feature warping for robust speaker verification", Odyssey 2001.
    """
    from scipy.special import ndtri

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


def _sliding_mean(X, first, n_window):
    total = np.vstack([np.zeros(X.shape[1]), np.cumsum(X, axis=0)])
    return (total[first + n_window] - total[first]) / n_window


def _blockwise(analyse, samples, grid, n_fft, n_columns):
    if n_fft < grid.frame_length:
        raise ValueError(
            f"n_fft={n_fft} is shorter than the window of {grid.frame_length} samples; "
            f"use n_fft={1 << (grid.frame_length - 1).bit_length()}."
        )
    return blockwise(analyse, samples, grid, n_columns)


def blockwise(
    analyse: Callable[[np.ndarray], np.ndarray], samples: np.ndarray, grid: FrameGrid, n_columns: int
) -> np.ndarray:
    """Features of a signal after pre-emphasis, computed in blocks of 1024 frames.

    Parameters
    ----------
    analyse : callable
        Gives the features (n, n_columns) of the n frames that the samples of a block hold, the last one padded.
    samples : ndarray of shape (n_samples,)
    grid : FrameGrid
    n_columns : int

    Returns
    -------
    X : ndarray of shape (n_frames, n_columns), float64
    """
    samples = np.asarray(samples, dtype=np.float64)
    n_frames = grid.n_frames(len(samples))
    X = np.empty((n_frames, n_columns))
    for start in range(0, n_frames, _BLOCK_FRAMES):
        end = min(start + _BLOCK_FRAMES, n_frames)
        first = start * grid.hop_length
        block = samples[first : (end - 1) * grid.hop_length + grid.frame_length]
        before = samples[first - 1 : first - 1 + len(block)] if first else np.r_[0.0, block[:-1]]
        n_missing = (end - 1 - start) * grid.hop_length + grid.frame_length - len(block)
        X[start:end] = analyse(np.pad(block - _PRE_EMPHASIS * before, (0, n_missing)))
    return X
