import numpy as np
import pytest
from scipy.stats import multivariate_normal

import lightdiar
from lightdiar.models.gaussian import Statistics, bic_gain, delta_bic, log_density, log_det, sums_by_label

RNG = np.random.default_rng(0)
X = RNG.normal(size=(60, 3)) @ RNG.normal(size=(3, 3)) + 4


def test_covariances_are_the_maximum_likelihood_ones():
    assert Statistics.of(X).covariance() == pytest.approx(np.cov(X.T, bias=True))


def test_statistics_of_stretches_add_and_subtract():
    parts = Statistics.of(X.reshape(6, 10, 3))
    running = parts.cumulative()
    assert running[-1].covariance() == pytest.approx(Statistics.of(X).covariance())
    assert (running[-1] - running[1]).covariance() == pytest.approx(np.cov(X[20:].T, bias=True))
    assert (parts[0] + parts[1]).covariance() == pytest.approx(running[1].covariance())


def test_log_density_is_that_of_scipy():
    mean, covariance = X.mean(axis=0), np.cov(X.T)
    assert log_density(X, mean, covariance) == pytest.approx(multivariate_normal(mean, covariance).logpdf(X))


def test_delta_bic_worked_out_by_hand():
    # one feature: variances 1, 1 and, about the common mean 1, 2; n = 4 + 4; two parameters
    X = np.array([-1.0, 1, -1, 1, 1, 3, 1, 3])[:, None]
    expected = 0.5 * 8 * np.log(2) - 0.5 * 2 * np.log(8)
    assert delta_bic(X, 4) == pytest.approx(expected)
    assert delta_bic(X, 4, penalty_weight=3) == pytest.approx(expected - 2 * np.log(8))


def test_delta_bic_is_the_gain_in_likelihood_less_the_price_of_a_gaussian():
    def total(X):
        return log_density(X, X.mean(axis=0), np.cov(X.T, bias=True)).sum()

    gain = total(X[:25]) + total(X[25:]) - total(X)
    assert delta_bic(X, 25) == pytest.approx(gain - 0.5 * 9 * np.log(60))


def test_delta_bic_does_not_care_for_units():
    assert delta_bic(X, 20) == pytest.approx(delta_bic(X * [1e-3, 1, 1e3] + 1e4, 20), rel=1e-5)


@pytest.mark.parametrize("change_frame", [3, 57])
def test_sides_that_are_too_short(change_frame):
    with pytest.raises(ValueError, match=f"change_frame={change_frame} of 60 .* must be in 4 to 56"):
        delta_bic(X, change_frame)


def test_a_constant_feature_has_no_determinant():
    with pytest.raises(ValueError, match="a feature is constant"):
        delta_bic(np.hstack([X, np.ones((60, 1))]), 30)
    with pytest.raises(ValueError, match="singular"):
        log_det(np.zeros((2, 2)))


def test_a_ridge_gives_short_stretches_a_determinant():
    one, two = Statistics.of(X[:2]), Statistics.of(X[2:4])
    assert np.isfinite(bic_gain(one, two, ridge=1.0))


def test_the_rows_of_each_label_are_summed():
    X = np.array([[1, 10], [2, 20], [4, 40]], np.float32)
    sums = sums_by_label(X, np.array([2, 0, 2]), 4)
    np.testing.assert_array_equal(sums, [[2, 20], [0, 0], [5, 50], [0, 0]])
    assert sums.dtype == np.float64


@pytest.mark.parametrize(
    ("X", "came"),
    [
        (None, "object of shape ()"),
        ("film.wav", "<U8 of shape ()"),
        ([1.0, 2.0], "float64 of shape (2,)"),
        (np.zeros((2, 2, 2), np.float32), "float32 of shape (2, 2, 2)"),
        ([[1.0, np.nan]], "float64 of shape (1, 2)"),
        ([["a"]], "<U1 of shape (1, 1)"),
    ],
)
@pytest.mark.parametrize(
    ("call", "shape"),
    [
        (lambda X: delta_bic(X, 5), "(n_frames, n_features)"),
        (lambda X: lightdiar.bic_changes(X), "(n_frames, n_features)"),
        (lambda X: lightdiar.fit_gmm(X, 2), "(n_frames, n_features)"),
        (lambda X: lightdiar.fit_lda(X, [0, 1], 1), "(n, n_dimensions)"),
        (lambda X: lightdiar.fit_wccn(X, [0, 1]), "(n, n_dimensions)"),
        (lambda X: lightdiar.fit_plda(X, [0, 1], 1), "(n, n_dimensions)"),
        (lambda X: lightdiar.cosine_scores(X, X), "(n, n_dimensions)"),
    ],
)
def test_what_is_no_matrix_of_numbers_is_told(X, came, call, shape):
    with pytest.raises(ValueError) as told:
        call(X)
    assert str(told.value) == f"X, {came}, must be numbers of shape {shape}, without NaN or infinity."


def test_a_list_of_rows_will_do():
    assert lightdiar.cosine_scores([[1.0, 0.0]], [[0.0, 2.0], [3.0, 0.0]]) == pytest.approx(np.array([[0.0, 1.0]]))
