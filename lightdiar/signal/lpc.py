"""Linear prediction: the vocal tract as an all-pole filter, and its cepstrum.

Each sample of a frame is predicted as a weighted sum of those before it. The weights that leave the least error
describe the resonances of the vocal tract, and the cepstrum of the filter they form was the first feature by which
machines knew speakers well [1]_. The autocorrelation method with the recursion of Levinson and Durbin keeps the filter
stable [2]_.

References
----------
.. [1] Atal, "Effectiveness of linear prediction characteristics of the speech wave for automatic speaker
   identification and verification", Journal of the Acoustical Society of America 55, 1974.
.. [2] Markel and Gray, "Linear Prediction of Speech", Springer, 1976.
"""

import numpy as np

from lightdiar.signal.features import blockwise
from lightdiar.signal.frames import FrameGrid

_WHITE = 1e-9  # of the power, added as noise: a pure tone is predicted without error, which no computer can divide by


def lpc_cepstra(
    samples: np.ndarray,
    sample_rate: int,
    *,
    order: int = 16,
    n_cepstra: int = 19,
    window: float = 0.025,
    step: float = 0.010,
) -> np.ndarray:
    """Cepstra of linear prediction.

    Frames, pre-emphasis and the Hamming window are those of `lightdiar.signal.features.mfcc`.

    Parameters
    ----------
    samples : ndarray of shape (n_samples,)
        Mono audio.
    sample_rate : int
        Hz.
    order : int, default=16
        Number of samples that predict the next, less than a window holds. One for each kHz of the sample rate is usual,
        and a few more.
    n_cepstra : int, default=19
        Coefficients kept, from the first; the zeroth, which is the gain, is left out.
    window, step : float
        Seconds.

    Returns
    -------
    C : ndarray of shape (n_frames, n_cepstra), float64
        Zeros for digital silence. An empty signal gives no frames.

    Raises
    ------
    ValueError
        If `order` or `n_cepstra` is impossible.
    """
    grid = FrameGrid(sample_rate, window, step)
    if not 1 <= order < grid.frame_length:
        raise ValueError(f"order={order} must lie between 1 and {grid.frame_length - 1}, a window's samples; use 16.")
    if n_cepstra < 1:
        raise ValueError(f"n_cepstra={n_cepstra} must be at least 1; use 19.")

    def analyse(frames):
        r = autocorrelation(frames, order)
        r[:, 0] *= 1 + _WHITE
        return predictor_cepstra(levinson_durbin(r)[0], n_cepstra)

    return blockwise(analyse, samples, grid, n_cepstra)


def autocorrelation(frames: np.ndarray, order: int) -> np.ndarray:
    """Autocorrelation of each frame at lags 0 to `order`, shape (n_frames, order + 1)."""
    length = frames.shape[1]
    return np.stack([np.einsum("ij,ij->i", frames[:, lag:], frames[:, : length - lag]) for lag in range(order + 1)], 1)


def levinson_durbin(r: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Solve the normal equations of linear prediction for many frames at once [2]_.

    Parameters
    ----------
    r : ndarray of shape (n_frames, order + 1)
        See `autocorrelation`.

    Returns
    -------
    predictor : ndarray of shape (n_frames, order)
        Sample n is predicted as the sum over k of ``predictor[:, k - 1]`` times sample n - k; zeros if the power
        ``r[:, 0]`` is 0.
    error : ndarray of shape (n_frames,)
        Power of what is not predicted.

    References
    ----------
    .. [2] Markel and Gray, "Linear Prediction of Speech", Springer, 1976.

    Examples
    --------
    >>> predictor, error = levinson_durbin(np.array([[1.0, 0.5, 0.25]]))
    >>> predictor, error
    (array([[0.5, 0. ]]), array([0.75]))
    """
    n_frames, order = r.shape[0], r.shape[1] - 1
    predictor, error = np.zeros((n_frames, order)), np.array(r[:, 0], dtype=float)
    for n in range(order):
        rest = r[:, n + 1] - np.einsum("ij,ij->i", predictor[:, :n], r[:, n:0:-1])
        reflection = np.divide(rest, error, out=np.zeros(n_frames), where=error > 0)
        predictor[:, :n] -= reflection[:, None] * predictor[:, :n][:, ::-1]
        predictor[:, n] = reflection
        error *= 1 - reflection**2
    return predictor, error


def predictor_cepstra(predictor: np.ndarray, n_cepstra: int) -> np.ndarray:
    """Cepstrum of the all-pole filter of each predictor, by recursion [1]_.

    Parameters
    ----------
    predictor : ndarray of shape (n_frames, order)
        See `levinson_durbin`.
    n_cepstra : int

    Returns
    -------
    C : ndarray of shape (n_frames, n_cepstra)
        Coefficients 1 to `n_cepstra`: ``c_n = a_n + sum over 0 < k < n of (k / n) c_k a_(n-k)``, where a is the
        predictor, 0 beyond its order.

    References
    ----------
    .. [1] Atal, "Effectiveness of linear prediction characteristics of the speech wave for automatic speaker
       identification and verification", Journal of the Acoustical Society of America 55, 1974.

    Examples
    --------
    One pole at 0.5 has the cepstrum 0.5**n / n.

    >>> predictor_cepstra(np.array([[0.5]]), 3).round(6)
    array([[0.5     , 0.125   , 0.041667]])
    """
    n_frames, order = predictor.shape
    a = np.pad(predictor, [(0, 0), (0, max(0, n_cepstra - order))])
    C = np.zeros((n_frames, n_cepstra))
    for n in range(1, n_cepstra + 1):
        k = np.arange(1, n)
        C[:, n - 1] = a[:, n - 1] + (k / n * C[:, k - 1] * a[:, n - k - 1]).sum(axis=1)
    return C
