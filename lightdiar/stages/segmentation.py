"""Segmentation: speech cut into pieces of a single speaker.

There are two ways: search for changes (`bic_changes`), or cut speech into short overlapping windows and leave the
rest to clustering (`uniform_windows`). All positions are frame numbers; pieces are rows ``[first, end)``.
"""

import numpy as np

from lightdiar.common.arrays import checked_rows
from lightdiar.models.gaussian import Statistics, bic_gain
from lightdiar.signal.frames import runs

_BLOCK = 10  # frames between candidates
_GROWTH_BLOCKS, _MAX_BLOCKS = 5, 100


def uniform_windows(mask: np.ndarray, *, window: int = 150, shift: int = 75) -> np.ndarray:
    """Cut each run of speech into overlapping windows of equal length.

    A run of up to 1.3 windows stays whole. The last window ends with the run: the shift is shortened slightly
    so that nothing is left over.

    Parameters
    ----------
    mask : ndarray of bool, shape (n_frames,)
        Which frames are speech.
    window, shift : int, default=150, 75
        Frames; 1.5 s and 0.75 s at a step of 10 ms.

    Returns
    -------
    windows : ndarray of int, shape (n_windows, 2)
        In time order; empty without speech.
    """
    windows = [np.zeros((0, 2), dtype=int)]
    for start, end in runs(mask):
        if end - start <= 1.3 * window:
            windows.append(np.array([[start, end]]))
            continue
        n_windows = -(-(end - start - window) // shift) + 1
        starts = np.linspace(start, end - window, n_windows).astype(int)
        windows.append(np.stack([starts, starts + window], axis=1))
    return np.concatenate(windows)


def window_of_frame(windows: np.ndarray, n_frames: int) -> np.ndarray:
    """The window that represents each frame: an overlap is split in the middle.

    Parameters
    ----------
    windows : ndarray of int, shape (n_windows, 2)
        From `uniform_windows`.
    n_frames : int

    Returns
    -------
    numbers : ndarray of int, shape (n_frames,)
        Rows of `windows`; -1 where there is no window.
    """
    numbers = np.full(n_frames, -1)
    between = np.ceil((windows[:-1, 1] + windows[1:, 0]) / 2).astype(int)
    apart = windows[1:, 0] > windows[:-1, 1]  # windows of one run overlap or touch
    first = np.concatenate([windows[:1, 0], np.where(apart, windows[1:, 0], between)])
    end = np.concatenate([np.where(apart, windows[:-1, 1], between), windows[-1:, 1]])
    for number, (a, b) in enumerate(zip(first, end)):
        numbers[a:b] = number
    return numbers


def fill_pauses(labels: np.ndarray, max_frames: int) -> np.ndarray:
    """Assign a pause of up to `max_frames` frames to the speaker who talks both before and after it.

    Parameters
    ----------
    labels : ndarray of int, shape (n_frames,)
        Speaker of each frame, -1 where nobody speaks.
    max_frames : int

    Returns
    -------
    labels : ndarray of int, shape (n_frames,)
    """
    labels = labels.copy()
    for start, end in runs(labels < 0):
        inside = start > 0 and end < len(labels)
        if inside and end - start <= max_frames and labels[start - 1] == labels[end]:
            labels[start:end] = labels[end]
    return labels


def widen_turns(labels: np.ndarray, n_frames: int) -> np.ndarray:
    """Extend turns into silence by up to `n_frames` frames on both sides, to include the soft edges of words.

    Parameters and result are as in `fill_pauses`.
    """
    labels = labels.copy()
    for start, end in runs(labels < 0):
        reach = min(n_frames, (end - start) // 2)
        if start > 0:
            labels[start : start + reach] = labels[start - 1]
        if end < len(labels):
            labels[end - reach : end] = labels[end]
    return labels


def bic_changes(X: np.ndarray, *, penalty_weight: float = 1.0, min_frames: int = 100) -> np.ndarray:
    """Find speaker changes with a growing window.

    The window grows until, at some point inside it, two full-covariance Gaussians describe the frames better
    than one; the next window starts at that change [1]_. Candidates are 0.1 s (10 frames) apart. A window that
    reaches 10 s without a change drops its older half.

    Parameters
    ----------
    X : ndarray of shape (n_frames, n_features)
        Static features of speech in time order, not normalised: the channel helps to tell speakers apart.
    penalty_weight : float, default=1.0
        The lambda of [1]_; larger means fewer changes.
    min_frames : int, default=100
        Minimum distance between changes; more than n_features.

    Returns
    -------
    changes : ndarray of int, shape (n_changes,)
        First frame after each change, increasing; never 0 or n_frames.

    Raises
    ------
    ValueError
        If `min_frames` is too short for a covariance.

    References
    ----------
    .. [1] Chen and Gopalakrishnan, "Speaker, environment and channel change detection and clustering via the
       Bayesian information criterion", DARPA workshop, 1998.
    """
    X = checked_rows(X)
    n_frames, n_features = X.shape
    if min_frames <= n_features:
        raise ValueError(
            f"min_frames={min_frames} is too short for a covariance of {n_features} features; "
            f"it must be at least {n_features + 1}, better {5 * n_features}."
        )
    n_blocks, margin = n_frames // _BLOCK, -(-min_frames // _BLOCK)
    blocks = X[: n_blocks * _BLOCK].reshape(n_blocks, _BLOCK, n_features)
    blocks = blocks - X[0] if n_frames else blocks  # sums of squares lose digits far from 0
    start, end, changes = 0, 2 * margin, []
    while end <= n_blocks:
        running = Statistics.of(blocks[start:end]).cumulative()
        left = running[margin - 1 : end - start - margin]
        gain = bic_gain(left, running[-1:] - left, penalty_weight=penalty_weight)
        change = start + margin + int(gain.argmax())
        settled = min(change + 2 * margin, n_blocks)  # with less to the right of it the maximum may still move
        if gain.max() > 0 and end < settled:
            end = settled
        elif gain.max() > 0:
            changes.append(change * _BLOCK)
            start, end = change, change + 2 * margin
        elif end == n_blocks:
            break
        else:
            if end - start >= _MAX_BLOCKS:
                start = max(start + 1, end - max(_MAX_BLOCKS // 2, 2 * margin))
            end = min(end + _GROWTH_BLOCKS, n_blocks)
    return np.array(changes, dtype=int)
