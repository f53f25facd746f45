from itertools import groupby, product

import numpy as np
import pytest

from lightdiar.models.viterbi import viterbi


def score_of_path(path, scores, penalty, shortest):
    """Sum along a path; -inf if a stretch after the first is too short."""
    edges = np.flatnonzero(np.diff(path)) + 1
    for start, end in zip(edges, [*edges[1:], len(path)]):
        if end - start < shortest[path[start]]:
            return -np.inf
    return scores[np.arange(len(path)), path].sum() - penalty * len(edges)


@pytest.mark.parametrize("seed", range(8))
def test_with_a_short_start_it_is_the_best_of_all_paths(seed):
    scores = np.random.default_rng(seed).normal(size=(12, 2))
    paths = [np.array(path) for path in product([0, 1], repeat=12)]
    best = max(paths, key=lambda path: score_of_path(path, scores, 0.5, (2, 3)))
    np.testing.assert_array_equal(viterbi(scores, (2, 3), 0.5, short_start=True), best)


def best_of_all(log_likelihoods, min_frames, penalty):
    """Every sequence tried."""

    def score(labels):
        turns = [len(list(turn)) for _, turn in groupby(labels)]
        if len(turns) > 1 and min(turns) < min_frames:
            return -np.inf
        return log_likelihoods[np.arange(len(labels)), labels].sum() - penalty * (len(turns) - 1)

    n_frames, n_speakers = log_likelihoods.shape
    return list(max(product(range(n_speakers), repeat=n_frames), key=score))


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
