"""The best path through a hidden Markov model whose states have minimum durations (Viterbi).

Each state gives each frame its own score; a change costs the same between any two states. The search is used by the
speech detector (speech or other sound) and by resegmentation (who speaks).
"""

from collections.abc import Sequence
from numbers import Real

import numpy as np

from lightdiar.common.arrays import checked_rows


def viterbi(
    scores: np.ndarray, min_frames: int | Sequence[int] | np.ndarray, penalty: float, *, short_start: bool = False
) -> np.ndarray:
    """Best sequence of states in which every run lasts at least its minimum duration.

    Parameters
    ----------
    scores : ndarray of shape (n_frames, n_states)
        Log likelihoods or other scores that add over frames.
    min_frames : int or sequence of int, shape (n_states,)
        Minimum duration of a run of each state.
    penalty : float
        Cost of each change, at least 0.
    short_start : bool, default=False
        Whether the first run may be shorter, as if it had begun before the recording.

    Returns
    -------
    states : ndarray of int, shape (n_frames,)
        All the same state if there are too few frames for a change.

    Raises
    ------
    ValueError
        If the scores are not finite numbers of this shape, a minimum is not a whole number, there is not one of each
        state, or the penalty is negative or NaN.

    Notes
    -----
    A run of state ``k`` is entered for its first ``d[k]`` frames at once, with the best score before it. With
    ``C`` the running sum of the scores, ``v[t, k] - C[t, k]`` is the running maximum over ``t`` of
    ``best[t - d[k]] - penalty - C[t - d[k], k]``, so a block as long as the shortest minimum duration is one numpy
    step. It does no harm that ``best`` may be of state ``k`` itself: staying is never worse than leaving and returning.
    """
    scores = checked_rows(scores, columns="n_states", name="scores")
    n_frames, n_states = scores.shape
    if not n_states:
        raise ValueError("scores have no state; give a column for each.")
    if np.asarray(min_frames).dtype.kind not in "iu" or np.shape(min_frames) not in ((), (1,), (n_states,)):
        raise ValueError(f"min_frames={min_frames!r:.40} must be a whole number, or one for each of {n_states} states.")
    if not isinstance(penalty, Real) or not penalty >= 0:
        raise ValueError(f"penalty={penalty!r:.40} must be a number, 0 or more.")
    least = np.clip(np.broadcast_to(min_frames, n_states), 1, max(1, n_frames))
    states = np.arange(n_states)
    total = np.zeros((n_frames + 1, n_states))
    np.cumsum(scores, axis=0, out=total[1:])
    ends = np.arange(1, n_frames + 1)[:, None]
    before = np.maximum(ends - least, 0)
    total_before, total = total[before, states], total[1:]
    if not short_start:
        total[ends < least] = -np.inf  # no run is so short
    best = np.full(n_frames + 1, -np.inf)  # best score of frames [0, t), less the penalty; at 0 nothing is entered
    best_state = np.zeros(n_frames + 1, dtype=int)
    entered = np.zeros((n_frames + 1, n_states), dtype=bool)  # did the first frames of a run end at t?
    lead = np.zeros((1, n_states))  # score minus total; at first a single run
    block = int(least.min())
    for start in range(0, n_frames, block):
        now, after = slice(start, start + block), slice(start + 1, start + 1 + block)
        leads = np.maximum.accumulate(np.concatenate([lead, best[before[now]] - total_before[now]]))
        entered[after] = leads[1:] > leads[:-1]
        values = leads[1:] + total[now]
        best_state[after] = values.argmax(axis=1)
        best[after] = values.max(axis=1) - penalty
        lead = leads[-1:]
    path = np.zeros(n_frames, dtype=int)
    entries = [np.flatnonzero(column) for column in entered.T]
    end = n_frames
    while end > 0:
        state = best_state[end]
        number = np.searchsorted(entries[state], end, side="right") - 1
        start = entries[state][number] - least[state] if number >= 0 else 0
        path[start:end] = state
        end = start
    return path
