import numpy as np
import pytest

from lightdiar.events.gmm_pair import GmmPair, stages
from lightdiar.events.logistic import Logistic
from lightdiar.models.gmm import GMM


def gaussian(mean, variance=1.0):
    return GMM(np.ones(1), np.array([[mean]]), np.array([[variance]]))


def test_log_likelihood_ratio_by_hand():
    """Unit variances, means 2 and 0: the ratio at x is 2 x - 2."""
    pair = GmmPair(gaussian(2.0), gaussian(0.0), Logistic(np.array([0.5]), 1.0))
    X = np.array([[0], [1], [3]], np.float32)
    assert pair.scores(X) == pytest.approx([0.0, 1.0, 3.0], abs=1e-5)
    assert pair.rescaled(2.0, 1.0).scores(X) == pytest.approx([1.0, 3.0, 7.0], abs=1e-5)


def test_mixtures_have_the_same_columns():
    wide = GMM(np.ones(1), np.zeros((1, 2)), np.ones((1, 2)))
    with pytest.raises(ValueError, match=r"mixtures of 1 and 2 columns and \(1,\) slopes"):
        GmmPair(gaussian(0.0), wide, Logistic(np.zeros(1), 0.0))


@pytest.fixture
def two_modes(rng):
    """The class has two modes on either side of the other: one Gaussian has to fail, two suffice."""
    X = np.concatenate([rng.normal(-4, 1, 500), rng.normal(4, 1, 500), rng.normal(0, 1, 1000)])[:, None]
    return (10 * X - 50).astype(np.float32), np.arange(2000) < 1000


def test_more_gaussians_explain_more(two_modes):
    X, y = two_modes
    pairs = dict(stages(X, y, np.ones(2000), n_components=4))
    assert list(pairs) == [1, 2, 4]
    right = {n: np.mean((pair.scores(X) > 0) == y) for n, pair in pairs.items()}
    assert right[2] > 0.95 and right[4] > 0.95
    modes = sorted(pairs[2].present.means[:, 0])
    assert modes == pytest.approx([-90, -10], abs=2)  # in the units of the column
    assert pairs[2].present.covariances == pytest.approx(100, rel=0.2)


def test_scores_are_no_surer_than_they_may_be(rng):
    """Ten copies of one column make the likelihood ratio ten times too large; the log odds are still right."""
    y = np.arange(8000) < 4000
    x = rng.normal(np.where(y, 1.0, -1.0))[:, None]
    X = np.repeat(x, 10, axis=1).astype(np.float32)
    ((_, pair),) = stages(X, y, np.ones(8000), n_components=1)
    assert pair.scores(X) == pytest.approx(2 * x[:, 0], abs=0.3)


def test_a_seed_gives_the_same_mixtures(two_modes):
    X, y = two_modes
    one, two = ([pair for _, pair in stages(X, y, np.ones(2000), seed=3)] for _ in range(2))
    assert all(np.array_equal(a.present.means, b.present.means) for a, b in zip(one, two))
    assert all(np.array_equal(a.scores(X), b.scores(X)) for a, b in zip(one, two))


@pytest.mark.parametrize("n_present", [1, 2])
def test_one_or_two_steps_of_three(n_present):
    X, y = np.array([[0, 1], [1, 1], [5, 1]], np.float32), np.arange(3) >= 3 - n_present
    ((n, pair),) = stages(X, y, np.ones(3))
    assert n == 1
    scores = pair.scores(X)
    assert np.isfinite(scores).all() and scores.argmax() == 2


def test_steps_that_are_all_alike_have_one_gaussian(rng):
    X = np.concatenate([np.zeros((300, 2)), rng.normal(5, 1, (300, 2))]).astype(np.float32)
    pairs = dict(stages(X, np.arange(600) < 300, np.ones(600), n_components=4))
    assert [len(pair.present.weights) for pair in pairs.values()] == [1, 1, 1]
    assert pairs[1].present.covariances[0] == pytest.approx(0.01 * X.var(axis=0), rel=1e-3)  # and not 0
    assert [len(pair.absent.weights) for pair in pairs.values()] == [1, 2, 4]
