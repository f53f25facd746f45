import numpy as np
import pytest

from bechdel_stats.prediction.imputation import JointNormal, _em_step, _patterns, fit_joint_normal


@pytest.fixture
def pair(rng):
    """2000 draws of x ~ N(10, 2^2), y = 3 + 0.5 x + N(0, 1)."""
    x = rng.normal(10, 2, 2000)
    return np.column_stack([x, 3 + 0.5 * x + rng.normal(size=2000)])


def holes(X, rng, share=0.3):
    X = X.copy()
    X[rng.random(X.shape) < share] = np.nan
    return X


def log_likelihood(X, normal):
    total = 0.0
    for row in X:
        known = ~np.isnan(row)
        if known.any():
            covariance, centred = normal.covariance[np.ix_(known, known)], (row - normal.mean)[known]
            total -= np.linalg.slogdet(covariance)[1] + centred @ np.linalg.solve(covariance, centred)
    return total / 2


def test_without_holes_em_is_the_sample_mean_and_covariance(pair):
    normal = fit_joint_normal(pair)
    assert normal.mean == pytest.approx(pair.mean(axis=0))
    assert normal.covariance == pytest.approx(np.cov(pair.T, bias=True))
    assert normal.convergence.converged and normal.convergence.n_iter <= 2


def test_with_holes_in_one_column_em_is_the_known_regression(pair, rng):
    holed = pair.copy()
    holed[holed[:, 0] > 11, 1] = np.nan  # missing at random: it depends on x, which is known
    known = ~np.isnan(holed[:, 1])
    slope, intercept = np.polyfit(*holed[known].T, 1)  # the maximum likelihood estimates have a closed form
    residual = np.var(holed[known, 1] - intercept - slope * holed[known, 0])
    variance = holed[:, 0].var()
    normal = fit_joint_normal(holed, tolerance=1e-7, max_iter=2000)
    assert normal.mean == pytest.approx([holed[:, 0].mean(), intercept + slope * holed[:, 0].mean()], rel=5e-3)
    assert normal.covariance[0] == pytest.approx([variance, slope * variance], rel=1e-2)
    assert normal.covariance[1, 1] == pytest.approx(residual + slope**2 * variance, rel=1e-2)
    assert abs(normal.mean[1] - 8) < 0.1 < 8 - np.nanmean(holed[:, 1])  # the mean of what is known is far off
    assert normal.expect([[12.0, np.nan]])[0] == pytest.approx([12, intercept + slope * 12], abs=0.02)
    assert normal.expect([[np.nan, np.nan]])[0] == pytest.approx(normal.mean)


def test_the_likelihood_never_falls(rng):
    X = rng.normal(size=(300, 4)) @ rng.normal(size=(4, 4))
    X = holes(X / X.std(axis=0), rng)
    normal, likelihoods = JointNormal(np.zeros(4), np.eye(4)), []
    for _ in range(15):
        normal = _em_step(X, _patterns(X), normal)
        likelihoods.append(log_likelihood(X, normal))
    assert np.diff(likelihoods).min() > -1e-3 * abs(likelihoods[-1])  # the ridge may cost a little
    assert likelihoods[-1] > likelihoods[0] + 10


def test_what_is_known_stays_and_nothing_is_written_into(pair, rng):
    holed = holes(pair, rng)
    before = holed.copy()
    normal = fit_joint_normal(holed)
    filled = normal.expect(holed)
    np.testing.assert_array_equal(holed, before)
    known = ~np.isnan(before)
    np.testing.assert_array_equal(filled[known], before[known])
    assert not np.isnan(filled).any()
    np.testing.assert_array_equal(normal.expect(pair), pair)


def test_the_order_of_rows_does_not_matter(pair, rng):
    holed = holes(pair, rng)
    order = rng.permutation(len(holed))
    one, other = fit_joint_normal(holed), fit_joint_normal(holed[order])
    assert one.covariance == pytest.approx(other.covariance, rel=1e-9)
    np.testing.assert_allclose(one.expect(holed)[order], one.expect(holed[order]), rtol=1e-12)


def test_scale_and_shift_of_a_column_do_not_matter(pair, rng):
    holed = holes(pair, rng)
    moved = fit_joint_normal(holed * [1, 1e6] + [0, 5e7])
    assert moved.mean == pytest.approx(fit_joint_normal(holed).mean * [1, 1e6] + [0, 5e7], rel=1e-9)


def test_a_column_constant_but_for_rounding_tells_nothing(pair):
    constant = np.full(len(pair), 0.1)
    constant[::2] += 1e-17
    X = np.column_stack([pair, constant])
    X[0, 0] = np.nan
    normal = fit_joint_normal(X)
    assert normal.expect([[np.nan, 8.0, 5.0]])[0, 0] == pytest.approx(
        normal.expect([[np.nan, 8.0, 0.1]])[0, 0], abs=0.1
    )


def test_select_keeps_the_marginal_distribution(pair):
    normal = fit_joint_normal(pair)
    assert normal.select([1]).mean == normal.mean[1] and normal.select([1]).covariance == normal.covariance[1, 1]


def test_iterations_that_run_out_are_not_convergence(pair, rng):
    assert not fit_joint_normal(holes(pair, rng), tolerance=0, max_iter=3).convergence.converged


def test_a_column_without_a_value_is_named():
    with pytest.raises(ValueError, match="column 1 has no known value"):
        fit_joint_normal(np.array([[1.0, np.nan], [2.0, np.nan]]))


def test_columns_beside_others_say_nothing_of_them():
    one, other = (
        JointNormal(np.array([1.0, 2.0]), np.array([[2.0, 1.0], [1.0, 1.0]])),
        JointNormal(np.ones(1), np.eye(1)),
    )
    both = one.beside(other)
    assert both.mean.tolist() == [1, 2, 1]
    assert both.covariance.tolist() == [[2, 1, 0], [1, 1, 0], [0, 0, 1]]
    X = np.array([[3.0, np.nan, 100.0], [np.nan, np.nan, 100.0], [3.0, 5.0, np.nan]])
    expected = one.expect(X[:, :2])
    np.testing.assert_allclose(both.expect(X)[:, :2], expected, rtol=0, atol=1e-12)
    assert both.expect(X)[2, 2] == 1
