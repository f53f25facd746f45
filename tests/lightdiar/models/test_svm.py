import numpy as np
import pytest
from sklearn.svm import SVC, LinearSVC

from lightdiar.models.gmm import GMM
from lightdiar.models.ivectors import TotalVariability
from lightdiar.models.svm import fit_linear_svm, imagined_supervectors


def test_the_widest_margin_by_hand():
    machine = fit_linear_svm(np.array([[2.0, 0.0], [2.0, 1.0]]), np.array([[0.0, 0.0], [0.0, 1.0], [-5.0, 0.5]]), C=1e6)
    np.testing.assert_allclose(machine.weights, [1, 0], atol=1e-6)
    assert machine.offset == pytest.approx(-1)
    np.testing.assert_allclose(machine.score(np.array([[1.0, 7.0], [2.0, 0.0], [0.0, 0.0]])), [0, 1, -1], atol=1e-5)


@pytest.mark.parametrize("n_features", [2, 50])  # overlapping sides, and sides apart
def test_equal_to_scikit_learn(n_features):
    rng = np.random.default_rng(0)
    own, others = rng.normal(0.5, 1, (4, n_features)), rng.normal(0, 1, (60, n_features))
    X, y = np.concatenate([own, others]), np.repeat([1, 0], [4, 60])
    new = rng.normal(size=(10, n_features))
    machine = fit_linear_svm(own, others)
    kernel = SVC(kernel="linear", C=1.0, class_weight="balanced").fit(X, y)
    np.testing.assert_allclose(machine.score(new), kernel.decision_function(new), atol=1e-6)
    linear = LinearSVC(C=1.0, loss="hinge", class_weight="balanced", max_iter=10**6, intercept_scaling=30, tol=1e-6)
    np.testing.assert_allclose(machine.score(new), linear.fit(X, y).decision_function(new), atol=0.05)


def test_one_vector_against_many():
    machine = fit_linear_svm(np.ones((1, 3)), np.random.default_rng(0).normal(size=(500, 3)) - 5)
    assert machine.score(np.ones((1, 3)))[0] > 0.99


@pytest.mark.parametrize("sizes", [(0, 3), (3, 0)])
def test_a_margin_needs_both_sides(sizes):
    with pytest.raises(ValueError, match=f"{sizes[0]} vectors of the speaker and {sizes[1]} of others"):
        fit_linear_svm(np.zeros((sizes[0], 2)), np.zeros((sizes[1], 2)))


def test_imagined_speakers_spread_as_the_model_says():
    gmm = GMM(np.array([0.75, 0.25]), np.zeros((2, 1)), np.ones((2, 1)))
    T = np.array([[[2.0, 0.0]], [[0.0, 1.0]]])
    S = imagined_supervectors(gmm, TotalVariability(T), 20_000, 400.0, relevance=100.0, seed=1)
    assert S.shape == (20_000, 2)
    # 300 and 100 frames: sqrt(weight) N / (N + 100) times the shift, and noise of variance 1 / N
    expected = [0.75 * (300 / 400) ** 2 * (4 + 1 / 300), 0.25 * (100 / 200) ** 2 * (1 + 1 / 100)]
    np.testing.assert_allclose(S.var(axis=0), expected, rtol=0.04)
    assert abs(np.corrcoef(S.T)[0, 1]) < 0.03
    same = imagined_supervectors(gmm, TotalVariability(T), 20_000, 400.0, relevance=100.0, seed=1)
    np.testing.assert_array_equal(S, same)
