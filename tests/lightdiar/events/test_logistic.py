import numpy as np
import pytest

from lightdiar.events.logistic import Logistic, fit_logistic, stages, standards


def test_scores_are_a_weighted_sum():
    line = Logistic(np.array([2.0, -1.0]), 0.5)
    X = np.array([[1, 1], [0, 3]], np.float32)
    assert line.scores(X).tolist() == [1.5, -2.5]
    assert line.rescaled(2.0, 1.0).scores(X).tolist() == [4.0, -4.0]
    assert line.scores(X[:0]).shape == (0,)


def test_shapes_are_checked():
    with pytest.raises(ValueError, match=r"slopes of shape \(1, 2\) and offset \(\) must be one row and a number"):
        Logistic(np.zeros((1, 2)), 0.0)


def test_a_constant_column_is_not_divided_by_nothing():
    centre, scale = standards(np.array([[5.0, 0.0], [5.0, 4.0]], np.float32))
    assert centre.tolist() == [5.0, 2.0] and scale.tolist() == [1.0, 2.0]


def test_the_complete_fit_finds_the_log_odds_of_a_table():
    """One column of 0 and 1: log odds of 20 in 80 at 0, of 60 in 40 at 1; the penalty of one row changes little."""
    X = np.repeat([0, 0, 1, 1], [80_000, 20_000, 40_000, 60_000])[:, None].astype(np.float32)
    y = np.repeat([False, True, False, True], [80_000, 20_000, 40_000, 60_000])
    scores = fit_logistic(X, y).scores(np.array([[0], [1]], np.float32))
    assert scores == pytest.approx([np.log(20 / 80), np.log(60 / 40)], abs=1e-3)
    scores = fit_logistic(X, y, np.where(y, 2.0, 1.0)).scores(np.array([[0], [1]], np.float32))
    assert scores == pytest.approx([np.log(40 / 80), np.log(120 / 40)], abs=1e-3)


@pytest.fixture
def steps(rng):
    """Steps whose log odds are known: X, y and the odds of each."""
    X = rng.normal(3, 2, (20_000, 5)).astype(np.float32)
    odds = (X - 3) @ np.array([1.0, -0.5, 0.25, 0, 0]) - 1
    return X, rng.random(len(X)) < 1 / (1 + np.exp(-odds)), odds


def test_descent_reaches_the_true_log_odds(steps):
    X, y, odds = steps
    *_, (epochs, last) = stages(X, y, np.ones(len(X)), n_epochs=3)
    assert epochs == 3
    slope, offset = np.polyfit(odds, last.scores(X), 1)
    assert slope == pytest.approx(1, abs=0.15) and offset == pytest.approx(0, abs=0.15)
    assert np.corrcoef(odds, last.scores(X))[0, 1] > 0.995


def test_what_two_bands_differ_by_is_learnt_as_soon_as_what_they_share(rng):
    common, difference = rng.normal(size=(2, 20_000))
    X = np.stack([common, common + 0.1 * difference, np.full(20_000, 3.0)], axis=1).astype(np.float32)
    _, first = next(stages(X, difference > 0, np.ones(20_000)))
    assert np.abs(first.slopes[0] / first.slopes[1]) == pytest.approx(1, abs=0.05)
    assert np.logaddexp(0, np.where(difference > 0, -1, 1) * first.scores(X)).mean() < 0.2


def test_weights_move_the_log_odds_by_their_logarithm(steps):
    X, y, odds = steps
    *_, (_, last) = stages(X, y, np.where(y, 4.0, 1.0), n_epochs=3)
    assert (last.scores(X) - odds).mean() == pytest.approx(np.log(4), abs=0.15)


def test_every_part_of_an_epoch_gives_a_classifier_and_a_seed_the_same_one(steps):
    X, y, _ = steps
    one, two = (list(stages(X, y, np.ones(len(X)), seed=7, n_epochs=2, per_epoch=4)) for _ in range(2))
    assert [epochs for epochs, _ in one] == [0.25, 0.5, 0.75, 1, 1.25, 1.5, 1.75, 2]
    assert all(np.array_equal(a.slopes, b.slopes) and a.offset == b.offset for (_, a), (_, b) in zip(one, two))


def test_three_rows_are_enough():
    X, y = np.array([[0, 1], [1, 1], [5, 1]], np.float32), np.array([False, False, True])
    *_, (epochs, last) = stages(X, y, np.ones(3), n_epochs=50)
    assert epochs == 50
    scores = last.scores(X)
    assert scores[2] > 0 > scores[:2].max()
