"""The best path through the states of a hidden Markov model whose stretches have a least duration (Viterbi).

Every state emits each frame with a score of its own; a change costs the same from any state to any other. It is the
search of the speech detector (speech or other sound) and of resegmentation (who speaks).
"""

import numpy as np


def viterbi(scores, min_frames, penalty, *, short_start=False):
    """Best sequence of states in which every stretch lasts its least duration.

    Parameters
    ----------
    scores : ndarray of shape (n_frames, n_states)
        Log likelihoods or other scores that add over frames.
    min_frames : int or sequence of int, shape (n_states,)
        Least duration of a stretch in each state.
    penalty : float
        Cost of each change, at least 0.
    short_start : bool, default=False
        Whether the first stretch may be shorter, as if it had begun before the recording.

    Returns
    -------
    states : ndarray of int, shape (n_frames,)
        All of one state if there are too few frames for a change.

    Notes
    -----
    A stretch of state ``k`` is entered for its first ``d[k]`` frames at once, with the best score from before it. With
    ``C`` the running sum of the scores, ``v[t, k] - C[t, k]`` is the running maximum over ``t`` of
    ``best[t - d[k]] - penalty - C[t - d[k], k]``, so a block as long as the least duration is one step of numpy. That
    ``best`` may be of state ``k`` itself does no harm: staying is never worse than leaving and coming back.
    """
    n_frames, n_states = scores.shape
    min_frames = np.clip(np.broadcast_to(min_frames, n_states), 1, max(1, n_frames))
    states = np.arange(n_states)
    total = np.zeros((n_frames + 1, n_states))
    np.cumsum(scores, axis=0, out=total[1:])
    best = np.full(n_frames + 1, -np.inf)  # best score of frames [0, t)
    best_state = np.zeros(n_frames + 1, dtype=int)
    entered = np.zeros((n_frames + 1, n_states), dtype=bool)  # did a stretch's first frames end at t?
    lead = np.zeros((1, n_states))  # score less total; at first one stretch throughout
    block = int(min_frames.min())
    for t in range(1, n_frames + 1, block):
        now = np.arange(t, min(t + block, n_frames + 1))[:, None]
        before = np.maximum(now - min_frames, 0)  # best[0] is -inf: nothing is entered there
        leads = np.maximum.accumulate(np.concatenate([lead, best[before] - penalty - total[before, states]]))
        entered[t : t + block] = leads[1:] > leads[:-1]
        values = leads[1:] + total[t : t + block]
        if not short_start:
            values[now < min_frames] = -np.inf
        best_state[t : t + block] = values.argmax(axis=1)
        best[t : t + block] = values.max(axis=1)
        lead = leads[-1:]
    path = np.zeros(n_frames, dtype=int)
    entries = [np.flatnonzero(column) for column in entered.T]
    end = n_frames
    while end > 0:
        state = best_state[end]
        number = np.searchsorted(entries[state], end, side="right") - 1
        start = entries[state][number] - min_frames[state] if number >= 0 else 0
        path[start:end] = state
        end = start
    return path
