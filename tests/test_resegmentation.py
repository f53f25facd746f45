from itertools import groupby, product

import numpy as np
import pytest

from lightdiar.resegmentation import resegment, viterbi


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
    assert viterbi(log_likelihoods, min_frames, penalty).tolist() == best_of_all(
        log_likelihoods, min_frames, penalty
    )


def test_turns_last():
    labels = viterbi(np.random.default_rng(0).normal(size=(5000, 4)), 20, 0.0)
    assert len(set(labels)) == 4
    assert min(len(list(turn)) for _, turn in groupby(labels)) >= 20


def conversation():
    """Two voices in turns of 200 to 400 frames, and labels whose boundaries are off by 40."""
    rng = np.random.default_rng(0)
    truth = np.concatenate([np.full(rng.integers(200, 400), turn % 2) for turn in range(12)])
    X = rng.normal(np.where(truth[:, None], 0.7, -0.7), 1, (len(truth), 6)).astype(np.float32)
    return X, truth, np.roll(truth, 40)


def test_boundaries_are_put_right():
    X, truth, labels = conversation()
    assert np.mean(labels != truth) > 0.1
    assert np.mean(resegment(X, labels) != truth) < 0.005


def test_one_speaker_or_nothing_to_do():
    X, truth, labels = conversation()
    assert resegment(X, np.zeros(len(X), int)).tolist() == [0] * len(X)
    assert resegment(X[:0], labels[:0]).shape == (0,)
    assert resegment(X[:50], labels[:50]).tolist() == labels[:50].tolist()


def test_same_input_same_labels():
    X, _, labels = conversation()
    before = labels.copy()
    assert (resegment(X, labels) == resegment(X, labels)).all()
    assert (labels == before).all()
