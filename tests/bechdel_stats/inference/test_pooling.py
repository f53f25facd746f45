import numpy as np
import pytest
from scipy import stats

from bechdel_stats.inference.pooling import pool, pooled_wald_test


def test_rubins_rules_by_hand():
    # m = 3, estimates 1, 2, 3: mean 2, between 1; within 3/2; total 3/2 + 4/3 = 17/6
    pooled = pool(np.array([1.0, 2, 3]), np.array([1.0, 1.5, 2]), 50)
    assert (pooled.estimate, pooled.error) == pytest.approx((2, np.sqrt(17 / 6)))
    lost = (4 / 3) / (17 / 6)  # 8/17
    df_many, df_observed = 2 / lost**2, 51 / 53 * 50 * (1 - lost)
    assert df_many == pytest.approx(9.03125) and df_observed == pytest.approx(25.471698)
    df = 9.03125 * 25.471698 / (9.03125 + 25.471698)  # 6.667
    assert pooled.df == pytest.approx(df, rel=1e-6) == pytest.approx(6.667, abs=1e-3)
    assert pooled.fmi == pytest.approx((8 / 9 + 2 / (df + 3)) / (17 / 9), rel=1e-6)  # increase (4/3) / (3/2) = 8/9
    assert pooled.p_value == pytest.approx(2 * stats.t.sf(2 / np.sqrt(17 / 6), df), rel=1e-6)
    half = stats.t.ppf(0.95, df) * np.sqrt(17 / 6)
    assert pooled.interval(0.9) == pytest.approx((2 - half, 2 + half), rel=1e-6)


def test_equal_estimates_keep_the_normal_distribution():
    pooled = pool(np.full(5, 0.1), np.full(5, 0.04), 100)
    assert (pooled.df, pooled.fmi) == (np.inf, 0)
    assert pooled.interval(0.95) == pytest.approx((0.1 - 0.2 * 1.959963984540054, 0.1 + 0.2 * 1.959963984540054))
    assert pooled.p_value == pytest.approx(2 * stats.norm.sf(0.5))


def test_the_test_of_several_coefficients_by_hand():
    # m = 3, within the identity; between diag(1, 3) has trace 4: increase 4/3 * 4 / 2 = 8/3
    params = np.array([[1.0, 2 - np.sqrt(3)], [2, 2 + np.sqrt(3)], [3, 2]])
    statistic = (4 + 4) / (2 * (1 + 8 / 3))
    df = 4 * (1 + 1 / 2) * (1 + 3 / 8) ** 2 / 2  # t = 2 * 2 = 4
    p_value = pooled_wald_test(params, np.array([np.eye(2)] * 3))
    assert p_value == pytest.approx(stats.f.sf(statistic, 2, df))
    more = np.vstack([params, params])  # t = 2 * 5 = 10; between diag(4/5, 12/5)
    increase = 7 / 6 * 3.2 / 2
    df = 4 + 6 * (1 + 0.8 / increase) ** 2
    expected = stats.f.sf(8 / (2 * (1 + increase)), 2, df)
    assert pooled_wald_test(more, np.array([np.eye(2)] * 6)) == pytest.approx(expected)


def test_of_one_coefficient_and_of_equal_ones():
    params = np.array([[1.0], [2], [4], [1], [3], [2]])
    increase = 7 / 6 * params.var(ddof=1)
    df = 4 + 1 * (1 + (1 - 2 / 5) / increase) ** 2
    mean = params.mean()
    expected = stats.f.sf(mean**2 / (1 + increase), 1, df)
    assert pooled_wald_test(params, np.ones((6, 1, 1))) == pytest.approx(expected)
    same = np.array([[1.0, 2]] * 4)
    assert pooled_wald_test(same, np.array([np.eye(2)] * 4)) == pytest.approx(stats.chi2.sf(5, 2))
