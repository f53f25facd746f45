from functools import cache
from itertools import groupby, product

import numpy as np
import pytest

from lightdiar.models.viterbi import viterbi


@cache
def paths_with_a_short_start(n_frames, shortest):
    """Paths through two states whose stretches, but for the first, last as long as they must; how many changes."""

    def allowed(path):
        edges = np.flatnonzero(np.diff(path)) + 1
        ends = [*edges[1:], len(path)]
        return all(end - start >= shortest[path[start]] for start, end in zip(edges, ends))

    paths = np.array([path for path in product([0, 1], repeat=n_frames) if allowed(path)])
    return paths, np.count_nonzero(np.diff(paths), axis=1)


@pytest.mark.parametrize("seed", range(8))
def test_with_a_short_start_it_is_the_best_of_all_paths(seed):
    scores = np.random.default_rng(seed).normal(size=(12, 2))
    paths, n_changes = paths_with_a_short_start(12, (2, 3))
    best = paths[(scores[np.arange(12), paths].sum(axis=1) - 0.5 * n_changes).argmax()]
    np.testing.assert_array_equal(viterbi(scores, (2, 3), 0.5, short_start=True), best)


@cache
def every_sequence(n_frames, n_speakers):
    """Sequences (n, n_frames), how many turns each has, and the length of its shortest."""
    sequences = list(product(range(n_speakers), repeat=n_frames))
    turns = [[len(list(turn)) for _, turn in groupby(labels)] for labels in sequences]
    return np.array(sequences), np.array([len(lengths) for lengths in turns]), np.array([min(t) for t in turns])


def best_of_all(log_likelihoods, min_frames, penalty):
    """Every sequence tried."""

    sequences, n_turns, shortest = every_sequence(*log_likelihoods.shape)
    scores = log_likelihoods[np.arange(sequences.shape[1]), sequences].sum(axis=1) - penalty * (n_turns - 1)
    scores[(n_turns > 1) & (shortest < min_frames)] = -np.inf
    return sequences[scores.argmax()].tolist()


@pytest.mark.parametrize("n_frames", [1, 2, 3, 7, 8])
@pytest.mark.parametrize("min_frames", [1, 2, 3])
@pytest.mark.parametrize("penalty", [0.0, 0.5, 2.0])
def test_viterbi_finds_the_best_of_all_sequences(n_frames, min_frames, penalty):
    log_likelihoods = np.random.default_rng(n_frames).normal(0, 1.5, (n_frames, 3))
    assert viterbi(log_likelihoods, min_frames, penalty).tolist() == best_of_all(log_likelihoods, min_frames, penalty)


def test_turns_last():
    labels = viterbi(np.random.default_rng(0).normal(size=(5000, 4)), 20, 0.0)
    assert len(set(labels)) == 4
    assert min(len(list(turn)) for _, turn in groupby(labels)) >= 20


def test_nothing_gives_nothing():
    assert viterbi(np.zeros((0, 2)), (2, 3), 1.0).shape == (0,)
    assert viterbi(np.zeros((0, 2)), 2, 1.0, short_start=True).shape == (0,)


def test_every_state_keeps_its_own_least_duration():
    states = viterbi(np.random.default_rng(1).normal(size=(4000, 3)), (5, 20, 60), 0.0)
    turns = [(state, len(list(turn))) for state, turn in groupby(states)]
    for state, least in enumerate((5, 20, 60)):
        assert min(length for k, length in turns if k == state) >= least


@pytest.mark.parametrize(
    ("scores", "min_frames", "penalty", "message"),
    [
        (None, 1, 1.0, r"scores, object of shape \(\), must be numbers of shape \(n_frames, n_states\), without NaN"),
        (np.full((5, 2), np.nan), 1, 1.0, r"scores, float64 of shape \(5, 2\), must be .* without NaN or infinity"),
        (np.zeros((5, 0)), 1, 1.0, "scores have no state; give a column for each"),
        (np.zeros((5, 3)), (1, 2), 1.0, r"min_frames=\(1, 2\) must be a whole number, or one for each of 3 states"),
        (np.zeros((5, 3)), 1.5, 1.0, "min_frames=1.5 must be a whole number"),
        (np.zeros((5, 3)), 1, -3, "penalty=-3 must be a number, 0 or more"),
        (np.zeros((5, 3)), 1, np.nan, "penalty=nan must be a number, 0 or more"),
        (np.zeros((5, 3)), 1, None, "penalty=None must be a number, 0 or more"),
    ],
)
def test_what_has_no_best_path_is_refused(scores, min_frames, penalty, message):
    with pytest.raises(ValueError, match=message):
        viterbi(scores, min_frames, penalty)
