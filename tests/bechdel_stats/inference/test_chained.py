import numpy as np
import pytest

from bechdel_stats.inference.chained import Block, draw_coefficients, impute_donors, matched_donors


def block(name, values, known):
    values = np.asarray(values, dtype=float).reshape(len(known), -1)
    return Block(name, values, values, np.asarray(known))


def test_donors_are_the_nearest_in_expectation(rng):
    """Without noise in the regression, the donor of a film is one of the five with the nearest predictor."""
    x = np.arange(200.0)
    known = np.arange(200) % 10 != 5
    X = np.column_stack([np.ones(200), x])
    donors = matched_donors(X, (3 * x + rng.normal(0, 0.01, 200))[:, None], known, rng)
    assert known[donors].all() and (np.abs(donors - np.flatnonzero(~known)) <= 3).all()
    assert len(set(donors - np.flatnonzero(~known))) > 2  # drawn, not always the nearest


def test_films_with_equal_expectations_have_many_donors():
    X, y = np.ones((2000, 1)), np.random.default_rng(1).normal(size=(2000, 1))
    known = np.arange(2000) >= 1000
    donors = matched_donors(X, y, known, np.random.default_rng(2))
    assert len(np.unique(donors)) > 300  # 5 without blur; 632 if drawn from all


def test_an_attribute_of_many_columns_keeps_its_combinations(rng):
    kinds = rng.integers(0, 3, 400)
    levels = np.array([[1, 0, 0], [1, 1, 0], [0, 0, 1]], dtype=float)[kinds]
    known = rng.random(400) < 0.7
    X = np.column_stack([np.ones(400), kinds == 0, kinds == 1]) + 0.0
    donors = matched_donors(X, levels, known, rng)
    assert (kinds[donors] == kinds[~known]).all()  # the predictors tell the kinds apart


def test_coefficients_are_drawn_from_their_posterior():
    """Mean and covariance of many draws are those of theory: B, and S / (n - p - q - 1) times the inverse gram."""
    rng = np.random.default_rng(2)
    X = np.column_stack([np.ones(40), rng.normal(size=40)])
    Y = X @ np.array([[1.0, -1], [2, 0]]) + rng.normal(size=(40, 2)) @ np.array([[1.0, 0.8], [0, 0.6]])
    draws = np.array([draw_coefficients(X, Y, rng)[1] for _ in range(5000)])
    expected = np.linalg.lstsq(X, Y, rcond=None)[0]
    residuals = Y - X @ expected
    covariance = np.kron(np.linalg.inv(X.T @ X), residuals.T @ residuals / (40 - 2 - 2 - 1))
    np.testing.assert_allclose(draws.mean(axis=0), expected, atol=0.02)
    np.testing.assert_allclose(np.cov(draws.reshape(-1, 4), rowvar=False), covariance, atol=0.008)
    coefficients, _, spread = draw_coefficients(X, Y, rng)
    np.testing.assert_allclose(coefficients, expected, atol=1e-4)
    np.testing.assert_allclose(spread @ spread.T, residuals.T @ residuals / 38, rtol=1e-4)


def test_known_values_stay_and_an_imputation_depends_on_its_number_only(rng):
    y = rng.integers(0, 2, 300).astype(float)
    a = y + rng.normal(size=300)
    blocks = [
        block("a", a, rng.random(300) < 0.8),
        block("b", a + rng.normal(size=300), rng.random(300) < 0.6),
        block("c", rng.normal(size=300), np.ones(300, dtype=bool)),
    ]
    ten, two = impute_donors(blocks, y, 4, 0), impute_donors(blocks, y, 2, 0)
    assert set(ten[0]) == {"a", "b"}
    for part in blocks[:2]:
        for donors in ten:
            assert part.known[donors[part.name]].all()
            assert (donors[part.name][part.known] == np.flatnonzero(part.known)).all()
        assert (ten[1][part.name] == two[1][part.name]).all()
        assert (ten[0][part.name] != ten[1][part.name]).any()
    assert (impute_donors(blocks, y, 1, 1)[0]["b"] != ten[0]["b"]).any()


def test_an_attribute_that_never_varies_has_any_donor(rng):
    known = np.arange(20) < 10
    empty = Block("same", np.empty((20, 0)), np.empty((20, 0)), known)
    donors = impute_donors([empty], np.tile([0.0, 1], 10), 2, 0)
    assert [(rows["same"] < 10).all() for rows in donors] == [True, True]


def test_associations_with_the_outcome_are_kept():
    """A number half of which is hidden at random has the same mean in films that pass, and in those that fail."""
    rng = np.random.default_rng(3)
    y = rng.integers(0, 2, 4000).astype(float)
    x = 2 * y + rng.normal(size=4000)
    known = rng.random(4000) < np.where(y == 1, 0.3, 0.7)
    x_imputed = np.mean([x[rows["x"]] for rows in impute_donors([block("x", x, known)], y, 5, 0)], axis=0)
    assert x_imputed[y == 1].mean() - x_imputed[y == 0].mean() == pytest.approx(2, abs=0.1)
