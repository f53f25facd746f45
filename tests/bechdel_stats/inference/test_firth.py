from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from bechdel_stats.inference.firth import fit_firth, profile_interval, separated_columns

DATA = Path(__file__).parents[2] / "data" / "endometrial.csv"
PUBLISHED = {  # R's logistf: estimate, profile penalised likelihood interval
    "intercept": (3.77455951, 1.0825371, 7.20928050),
    "NV": (2.92927330, 0.6097244, 7.85463171),
    "PI": (-0.03475175, -0.1244587, 0.04045547),
    "EH": (-2.60416387, -4.3651832, -1.23272106),
}


@pytest.fixture(scope="module")
def endometrial():
    table = pd.read_csv(DATA)
    return np.column_stack([np.ones(len(table)), table[["NV", "PI", "EH"]]]), table["HG"].to_numpy(float)


def cells(*counts):
    """X and y of a binary column: counts of (x=0, y=0), (x=0, y=1), (x=1, y=0), (x=1, y=1)."""
    x, y = np.repeat([0, 0, 1, 1], counts), np.repeat([0, 1, 0, 1], counts)
    return np.column_stack([np.ones(len(x)), x]), y.astype(float)


def test_endometrial_as_published(endometrial):
    fit = fit_firth(*endometrial)
    assert fit.converged
    assert fit.params == pytest.approx([values[0] for values in PUBLISHED.values()], abs=1e-6)


@pytest.mark.parametrize("column", range(4))
def test_endometrial_profile_intervals_as_published(endometrial, column):
    low, high, p_value = profile_interval(*endometrial, fit_firth(*endometrial), column)
    _, published_low, published_high = list(PUBLISHED.values())[column]
    assert (low, high) == pytest.approx((published_low, published_high), abs=2e-4)
    assert (p_value < 0.05) == (low * high > 0)


@pytest.mark.parametrize("counts", [(10, 3, 4, 9), (10, 3, 0, 9), (7, 0, 0, 5)])
def test_a_2x2_table_is_half_a_film_more_in_each_cell(counts):
    a, b, c, d = (count + 0.5 for count in counts)
    assert fit_firth(*cells(*counts)).params == pytest.approx([np.log(b / a), np.log(d * a / (b * c))], abs=1e-7)


@pytest.mark.parametrize("n_yes, n", [(3, 10), (0, 8), (8, 8)])
def test_the_intercept_alone_has_a_closed_form(n_yes, n):
    y = np.repeat([1.0, 0.0], [n_yes, n - n_yes])
    expected = np.log((n_yes + 0.5) / (n - n_yes + 0.5))
    assert fit_firth(np.ones((n, 1)), y).params == pytest.approx([expected], abs=1e-8)


def test_the_penalised_likelihood_is_at_its_top(endometrial):
    X, y = endometrial
    fit = fit_firth(X, y)
    for column in range(4):
        for step in (-0.05, 0.05):
            start = fit.params.copy()
            start[column] += step
            held = fit_firth(X, y, start=start, held=column)
            assert held.params[column] == start[column]
            assert held.penalised_log_likelihood < fit.penalised_log_likelihood


def test_iterations_that_run_out_are_not_convergence(endometrial):
    assert not fit_firth(*endometrial, max_iter=2).converged


def test_the_separated_column_is_named_and_only_it(endometrial):
    X, y = endometrial
    assert separated_columns(X, y).tolist() == [1]  # nobody with NV = 1 has HG = 0
    assert separated_columns(X[:, [0, 2, 3]], y).tolist() == []


@pytest.mark.parametrize(
    "counts, separated", [((9, 2, 3, 4), []), ((9, 2, 0, 4), [1]), ((9, 2, 3, 0), [1]), ((0, 5, 6, 2), [0, 1])]
)
def test_separation_of_a_2x2_table(counts, separated):
    assert separated_columns(*cells(*counts)).tolist() == separated


def test_overlap_by_a_single_film(rng):
    x = np.sort(rng.normal(size=200))
    X, y = np.column_stack([np.ones(200), x, rng.normal(size=200)]), (np.arange(200) >= 100).astype(float)
    assert set(separated_columns(X[:, :2], y)) == {0, 1}
    y[[0, -1]] = 1, 0
    assert separated_columns(X, y).tolist() == []


def test_separation_by_a_sum_of_two_columns(rng):
    a, b = rng.normal(size=(2, 300))
    X = np.column_stack([np.ones(300), a, b, rng.normal(size=300)])
    found = separated_columns(X, (a + b > 0).astype(float)).tolist()
    assert {1, 2} <= set(found)


def test_unequal_scales_do_not_matter(rng):
    years = rng.integers(1900, 2020, 500)
    X = np.column_stack([np.ones(500), years, 1e-6 * (years > 1960), rng.lognormal(17, 1, 500)])
    y = (rng.random(500) < 0.5).astype(float)
    assert separated_columns(X, y).tolist() == []
    y[years > 1960] = 1
    assert 2 in separated_columns(X, y)


def test_many_films_take_no_linear_programme(rng, monkeypatch):
    monkeypatch.setattr("scipy.optimize.linprog", lambda *args, **kwargs: pytest.fail("linear programme"))
    X = np.column_stack([np.ones(100_000), rng.normal(size=(100_000, 4))])
    assert separated_columns(X, rng.random(100_000) < 1 / (1 + np.exp(-X[:, 1]))).tolist() == []


def test_a_fit_that_begins_where_nothing_is_finite_says_that_it_did_not_converge():
    X, y = np.column_stack([np.ones(4), [0.0, 1, 2, 3]]), np.array([0.0, 1, 0, 1])
    fit = fit_firth(X, y, start=np.array([0.0, 1e6]), held=1)
    assert not fit.converged and fit.penalised_log_likelihood == -np.inf and np.isnan(fit.cov_params).all()
