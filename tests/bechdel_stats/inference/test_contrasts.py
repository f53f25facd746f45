import numpy as np
import pandas as pd
import pytest
from scipy.stats import f, norm, t
from statsmodels.stats.outliers_influence import variance_inflation_factor

from bechdel_stats.inference.contrasts import Contrast, contrasts_of, generalised_vif, marginal_effect
from bechdel_stats.inference.design import design_matrix, rcs
from bechdel_stats.inference.regression import odds_ratios

SPLINE = [3, 4, 5]  # columns of the curve in the design matrix


def row_of(result, term):
    return result.table.set_index("term").loc[term]


# ---- by hand


@pytest.fixture(scope="module")
def columns():
    """Five films; the quartiles of x are 1 and 3."""
    return pd.DataFrame(
        {
            "x": [0.0, 1, 2, 3, 4],
            "genre_war": [0.0, 1, 0, 1, 1],
            "genre_crime": [1.0, 0, 0, 1, 1],
            "cast_female_10": [1.0, 2, 3, 4, 7],
            "log10_budget": [1.0, 2, 3, 5, 8],
            "log10_own": [1.0, 1, 3, 5, 8],
        }
    )


def contrasts_by_name(formula, columns):
    return {contrast.term: contrast for contrast in contrasts_of(design_matrix(formula, columns), columns)}


def test_each_kind_of_term_says_what_it_compares(columns):
    found = contrasts_of(design_matrix("genre_war + cast_female_10 + log10_budget + log10_own + x", columns), columns)
    assert [(contrast.term, contrast.label, contrast.columns) for contrast in found] == [
        ("genre_war", "1 against 0", (1,)),
        ("cast_female_10", "+10 points", (2,)),
        ("log10_budget", "x 10", (3,)),
        ("log10_own", "x 10", (4,)),  # a user's own, by its name
        ("x", "+1", (5,)),
    ]
    assert [contrast.low for contrast in found[1:]] == [None] * 4
    assert (found[0].low, found[0].high) == ([0], [1]) and all(contrast.alone for contrast in found)


def test_a_curve_compares_the_quartiles_of_its_number(columns):
    (curve,) = contrasts_of(design_matrix("rcs(x, (0, 1, 3))", columns), columns)
    assert (curve.term, curve.label, curve.columns) == ("x", "1 -> 3", (1, 2))
    # x and ((x-0)^3 - (x-1)^3 * 3/2 + (x-3)^3 * 1/2) / 9, each cube 0 left of its knot
    assert curve.low == pytest.approx([1, 1 / 9]) and curve.high == pytest.approx([3, (27 - 12) / 9])


def test_levels_are_each_compared_with_the_first(columns):
    found = contrasts_by_name("C(x) + genre_war", columns)
    assert list(found) == ["C(x)[T.1.0]", "C(x)[T.2.0]", "C(x)[T.3.0]", "C(x)[T.4.0]", "genre_war"]
    assert {contrast.label for contrast in found.values()} == {"1 against 0"}


def test_what_enters_several_terms_is_not_alone(columns):
    found = contrasts_by_name("genre_war * cast_female_10 + genre_crime + log10_own + x:log10_budget", columns)
    assert {term: contrast.alone for term, contrast in found.items()} == {
        "genre_war": False,
        "cast_female_10": False,
        "genre_war:cast_female_10": False,
        "genre_crime": True,
        "log10_own": True,
        "x:log10_budget": True,  # its parts enter nowhere else
    }


def test_log_odds_of_a_curve_by_hand():
    curve = Contrast("x", "1 -> 3", (1, 2), np.array([1.0, 0.5]), np.array([3.0, 1.5]))
    params = np.array([9.0, 0.5, -0.25])
    covariance = np.array([[9.0, 9, 9], [9, 0.04, -0.01], [9, -0.01, 0.09]])
    # 2 * 0.5 - 1 * 0.25; variance 4 * 0.04 + 2 * 2 * -0.01 + 0.09
    assert curve.log_odds(params, covariance) == pytest.approx((0.75, np.sqrt(0.21)))
    odds, low, high = curve.odds_ratio(params, covariance, 2.0)
    assert np.log([odds, low, high]) == pytest.approx([0.75, 0.75 - 2 * np.sqrt(0.21), 0.75 + 2 * np.sqrt(0.21)])
    # the test is of both coefficients, whatever the quartiles: b' V^-1 b, chi squared with 2 degrees of freedom
    statistic = (0.25 * 0.09 + 0.0625 * 0.04 + 2 * 0.01 * 0.5 * -0.25) / (0.04 * 0.09 - 0.01**2)
    assert curve.wald_test(params, covariance) == pytest.approx(np.exp(-statistic / 2))


def test_the_columns_of_a_term_may_stand_elsewhere_in_a_model():
    number = Contrast("x", "+1", (2,))
    params, covariance = np.array([0.5, 3.0]), np.diag([0.25, 1.0])
    assert number.log_odds(params, covariance, [0]) == (0.5, 0.5)
    assert number.odds_ratio(params, covariance, 1.0, [0]) == pytest.approx((np.exp(0.5), 1, np.e))
    assert number.wald_test(params, covariance, [1]) == pytest.approx(0.0026997960632602)  # 3 standard errors


def test_an_interval_may_end_at_infinity():
    odds, low, high = Contrast("x", "+1", (0,)).odds_ratio(np.array([400.0]), np.array([[1e6]]), 1.96)
    assert (low, high) == (0, np.inf) and np.log(odds) == pytest.approx(400)


def test_the_marginal_effect_of_a_number_by_hand():
    X = np.column_stack([np.ones(3), [0.0, 1, 2]])
    params, covariance = np.array([0.0, np.log(3)]), np.diag([0.0, 0.01])
    # probabilities 1/2, 3/4 and 9/10: p (1 - p) is 1/4, 3/16 and 9/100
    effect, gradient = marginal_effect(X, params, Contrast("x", "+1", (1,)))
    error = np.sqrt(gradient @ covariance @ gradient)
    assert effect == pytest.approx((1 / 4 + 3 / 16 + 9 / 100) / 3 * np.log(3))
    # its derivative by the slope: mean p (1 - p) + slope * mean x p (1 - p) (1 - 2 p)
    derivative = (1 / 4 + 3 / 16 + 9 / 100) / 3 + np.log(3) * (3 / 16 * -1 / 2 + 2 * 9 / 100 * -4 / 5) / 3
    assert error == pytest.approx(0.1 * derivative)


def test_the_marginal_effect_of_a_level_is_the_mean_difference_by_hand():
    X = np.column_stack([np.ones(2), [0.0, 1], [0.0, 1]])
    params, covariance = np.array([0.0, np.log(3), np.log(3)]), np.diag([0.0, 0.01, 0.0])
    level = Contrast("war", "1 against 0", (1,), np.zeros(1), np.ones(1))
    # without the level 1/2 and 3/4, with it 3/4 and 9/10
    effect, gradient = marginal_effect(X, params, level)
    error = np.sqrt(gradient @ covariance @ gradient)
    assert effect == pytest.approx(((3 / 4 - 1 / 2) + (9 / 10 - 3 / 4)) / 2)
    assert error == pytest.approx(0.1 * (3 / 16 + 9 / 100) / 2)
    assert X[:, 1].tolist() == [0, 1]  # the films stay as they are


def test_what_cannot_be_varied_alone_has_no_marginal_effect():
    number = Contrast("x", "+1", (1,), alone=False)
    effect, gradient = marginal_effect(np.ones((2, 2)), np.ones(2), number)
    assert np.isnan(effect) and np.isnan(gradient).all()


def test_vif_by_hand():
    x = np.array([1.0, 2, 3, 4])
    X = np.column_stack([np.ones(4), x, [1.0, 3, 2, 4], [1.0, -1, -1, 1]])
    assert generalised_vif(X[:, :3], (1,)) == pytest.approx(1 / (1 - 0.8**2))  # they correlate 0.8
    assert generalised_vif(X[:, [0, 1, 3]], (1,)) == pytest.approx(1)  # and these not at all
    assert generalised_vif(X[:, :2], (1,)) == 1  # nothing beside it


# ---- beside statsmodels


def test_a_spline_compares_quartiles_and_tests_all_of_its_columns(films, both, knots):
    ours, theirs = both
    row, (low, high) = row_of(ours, "year"), films["year"].quantile([0.25, 0.75])
    assert row["contrast"] == f"{low:g} -> {high:g}"
    weights = np.zeros(7)
    weights[SPLINE] = np.diff(rcs([low, high], knots), axis=0)[0]
    test = theirs.t_test(weights)
    assert np.log(row["odds_ratio"]) == pytest.approx(test.effect.item(), abs=1e-6)
    interval = np.log(row[["ci_low", "ci_high"]].astype(float))
    assert interval.tolist() == pytest.approx(test.conf_int()[0], abs=1e-6)
    wald = theirs.wald_test(np.eye(7)[SPLINE], scalar=True)
    if theirs.use_t:  # Hotelling's T squared, where statsmodels has F on 3 and G - 1 degrees of freedom
        n = films["year"].nunique()
        expected = f.sf(wald.statistic * (n - 3) / (n - 1), 3, n - 3)
    else:
        expected = float(wald.pvalue)
    assert row["p_value"] == pytest.approx(expected, abs=1e-6)
    assert row["p_value_contrast"] == pytest.approx(float(test.pvalue), abs=1e-6)


def test_marginal_effects_are_those_of_statsmodels(both):
    ours, theirs = both
    margins = theirs.get_margeff(at="overall", dummy=True)  # without the intercept
    for term, column in (("genre_war", 0), ("cast_female_10", 1), ("director_woman", 5)):
        row = row_of(ours, term)
        assert row["ame"] == pytest.approx(100 * margins.margeff[column], abs=1e-5)
        reach = t.ppf(0.975, theirs.df_resid_inference) if theirs.use_t else norm.ppf(0.975)
        ends = [100 * (margins.margeff[column] + sign * reach * margins.margeff_se[column]) for sign in (-1, 1)]
        assert row[["ame_ci_low", "ame_ci_high"]].tolist() == pytest.approx(ends, abs=1e-5)


def test_the_marginal_effect_of_a_curve_is_the_mean_difference_between_quartiles(films, both, by_hand, knots):
    ours, theirs = both
    means = []
    for year in films["year"].quantile([0.25, 0.75]):
        X = by_hand[0].copy()
        X[:, SPLINE] = rcs([year], knots)
        means.append(theirs.predict(X).mean())
    assert row_of(ours, "year")["ame"] == pytest.approx(100 * (means[1] - means[0]), abs=1e-5)


def test_vif_is_that_of_statsmodels(both, by_hand):
    table = both[0].table
    for term, column in ((0, 1), (1, 2), (3, 6)):
        assert table["vif"][term] == pytest.approx(variance_inflation_factor(by_hand[0], column))


def test_the_generalised_vif_of_a_curve_by_hand(both, by_hand):
    correlation = np.corrcoef(by_hand[0][:, 1:], rowvar=False)
    own, others = [2, 3, 4], [0, 1, 5]
    parts = [np.linalg.det(correlation[np.ix_(part, part)]) for part in (own, others)]
    assert row_of(both[0], "year")["vif"] == pytest.approx((np.prod(parts) / np.linalg.det(correlation)) ** (1 / 3))


def test_the_generalised_vif_does_not_depend_on_how_a_curve_is_written(films, knots):
    one = odds_ratios(films, f"passes ~ genre_war + rcs(year, {knots})")
    other = odds_ratios(films.assign(age=2020 - films["year"]), f"passes ~ genre_war + rcs(2020 - age, {knots})")
    assert one.table["vif"].tolist() == pytest.approx(other.table["vif"].tolist())


def test_what_enters_several_terms_has_no_marginal_effect_of_its_own(films):
    result = odds_ratios(films, "passes ~ genre_war * cast_female_10 + genre_horror")
    rows = result.table.set_index("term")
    assert rows.loc[["genre_war", "cast_female_10", "genre_war:cast_female_10"], "ame"].isna().all()
    assert rows.loc["genre_horror", "ame"] > 0
    assert (
        "A variable that enters several terms has no single marginal effect: read these terms together."
        in result.notes()
    )
