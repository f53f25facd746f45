"""Weights of films: a pseudo-likelihood with the covariance of weighted scores."""

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm

from bechdel_stats.inference.comparison import odds_with_and_without_gender
from bechdel_stats.inference.influence import influential_films
from bechdel_stats.inference.regression import odds_ratios
from bechdel_stats.inference.sampling import Weights
from bechdel_stats.words.messages import FilmsError

FORMULA = "passes ~ genre_war + cast_female_10"


@pytest.fixture(scope="module")
def weights(films):
    return pd.Series(np.random.default_rng(8).lognormal(0, 0.8, len(films)), films.index)


def test_a_weighted_2x2_table_by_hand():
    """Counts 12, 30, 40, 25; films of War that pass count 3 times, so a is 36; the error is that of the scores."""
    counts, own = np.array([12, 30, 40, 25]), np.array([3.0, 1, 1, 1])
    table = pd.DataFrame({"genres": np.repeat(["War", "War", "Drama", "Drama"], counts)})
    table = table.assign(passes=np.repeat([1, 0, 1, 0], counts), weight=np.repeat(own, counts))
    row = odds_ratios(table, "passes ~ genre_war", weights="weight").table.iloc[0]
    a, b, c, d = counts * own
    assert row["odds_ratio"] == pytest.approx(a * d / (b * c)) == pytest.approx(row["crude_odds_ratio"])
    # variance of each log odds: squared weighted residuals over the squared information, here w p q summed
    p, q = a / (a + b), c / (c + d)
    war = (9 * 12 * (1 - p) ** 2 + 30 * p**2) / ((a + b) * p * (1 - p)) ** 2
    drama = (40 * (1 - q) ** 2 + 25 * q**2) / ((c + d) * q * (1 - q)) ** 2
    error = np.sqrt((war + drama) * 107 / 105)
    assert np.log(row["ci_high"] / row["ci_low"]) / 2 == pytest.approx(1.959963984540054 * error, rel=1e-6)
    assert row["ame"] == pytest.approx(100 * (p - q), abs=1e-6)
    assert (row["n_films"], row["n_passes"]) == (42, 12)


def test_a_weighted_model_is_the_glm_of_statsmodels_with_a_sandwich(films, weights):
    result = odds_ratios(films, FORMULA, weights=weights)
    X = np.column_stack([np.ones(600), films["genres"].str.contains("War"), 10 * films["cast_female_share"]])
    y = (films["rating"] == 3).to_numpy(float)
    theirs = sm.GLM(y, X.astype(float), family=sm.families.Binomial(), var_weights=weights.to_numpy()).fit()
    assert np.log(result.table["odds_ratio"]).tolist() == pytest.approx(theirs.params[1:], abs=1e-7)
    p, w = theirs.predict(), weights.to_numpy()
    bread = np.linalg.inv((X * (w * p * (1 - p))[:, None]).T @ X)
    scores = X * (w * (y - p))[:, None]
    covariance = 600 / 597 * bread @ scores.T @ scores @ bread
    half = np.log(result.table["ci_high"] / result.table["ci_low"]) / 2
    assert half.tolist() == pytest.approx((1.959963984540054 * np.sqrt(np.diag(covariance))[1:]).tolist(), rel=1e-6)
    assert result.model_results.bse.tolist() == pytest.approx(np.sqrt(np.diag(covariance)).tolist(), rel=1e-6)
    slope, bend = theirs.params[2], p * (1 - p) * (1 - 2 * p)
    effect = np.average(p * (1 - p), weights=w) * slope
    gradient = slope * np.average(X * bend[:, None], axis=0, weights=w) + [0, 0, effect / slope]
    half = 1.959963984540054 * np.sqrt(gradient @ covariance @ gradient)
    ends = [100 * (effect + sign * half) for sign in (0, -1, 1)]
    assert result.table.loc[1, ["ame", "ame_ci_low", "ame_ci_high"]].tolist() == pytest.approx(ends, abs=1e-5)


def test_constant_weights_change_nothing(films):
    plain = odds_ratios(films, FORMULA)
    for same in (np.full(600, 7.0), [0.1] * 600):
        pd.testing.assert_frame_equal(odds_ratios(films, FORMULA, weights=same).table, plain.table, rtol=1e-6)


def test_weights_and_clusters_go_together(films, weights):
    """The jackknife of the weighted model, by plain normal equations."""
    result = odds_ratios(films, FORMULA, cluster="year", weights=weights)
    theirs, w = result.model_results, weights.to_numpy() / weights.mean()
    X, y = theirs.model.exog, theirs.model.endog
    p = 1 / (1 + np.exp(-X @ np.asarray(theirs.params)))
    steps = []
    for year in films["year"].unique():
        rest = (films["year"] != year).to_numpy()
        information = (X[rest] * (w * p * (1 - p))[rest, None]).T @ X[rest]
        steps.append(np.linalg.solve(information, X[rest].T @ (w * (y - p))[rest]))
    errors = np.sqrt((len(steps) - 1) / len(steps) * (np.array(steps) ** 2).sum(axis=0))
    assert theirs.bse.tolist() == pytest.approx(errors.tolist(), rel=1e-6)


def test_effective_films_and_design_effect_by_hand():
    half = Weights(np.array([0.5, 0.5, 1.5, 1.5]), 0)
    assert half.n_effective == pytest.approx(16 / 5) and half.design_effect == pytest.approx(1.25)


def test_weights_are_told_and_those_of_0_left_out(films):
    own = films.assign(weight=np.where(films.index < 50, 0, 1 + films.index % 2))
    result = odds_ratios(own, FORMULA, weights="weight")
    header = dict(result.summary().header)
    assert (header["films"], header["effective films (Kish)"]) == (550, 495.0)  # 825 ** 2 / 1375
    assert header["design effect of the weights"] == pytest.approx(10 / 9)
    assert "50 films of weight 0 or none are left out." in result.notes() and result.statistics is None
    alone = odds_ratios(own.iloc[50:], FORMULA, weights="weight")
    pd.testing.assert_frame_equal(result.table, alone.table)
    with pytest.raises(FilmsError, match="influence can only be computed"):
        influential_films(result, own)


def test_weights_need_not_be_of_complete_films_only(films, weights):
    holed = films[["rating", "genres", "cast_female_share"]].copy()
    holed.loc[:99, "cast_female_share"] = np.nan
    result = odds_ratios(holed, FORMULA, weights=weights)
    assert result.n_films == 500
    alone = odds_ratios(holed.iloc[100:], FORMULA, weights=weights.iloc[100:])
    pd.testing.assert_frame_equal(result.table, alone.table)


def test_films_without_a_weight_and_films_not_known_are_counted_apart(films):
    holed = films[["rating", "genres", "cast_female_share"]].copy()
    holed.loc[:99, "cast_female_share"] = np.nan
    result = odds_ratios(holed, FORMULA, weights=np.where(films.index < 130, 0, 1))
    notes = " ".join(result.notes())
    assert result.n_films == 470 and "30 films of weight 0 or none are left out." in notes
    assert "100 of 600 films are left out. Not known: cast_female_share in 100 films." in notes


def test_both_models_of_a_pair_are_weighted(films, weights):
    pair = odds_with_and_without_gender(films, weights=weights)
    for result in (pair.with_gender, pair.without):
        assert result.weights.design_effect > 1.3
    assert pair.one_scale[["p_value_rescaled", "ame_ci_low_difference"]].notna().all(axis=None)


@pytest.mark.parametrize(
    "weights, message",
    [
        ("mass", "^weights: there is no column 'mass'.$"),
        ([1.0] * 3, "^weights: 3 for 600 films. Give one each.$"),
        (
            [-1.0] + [1.0] * 599,
            r"^weights: 1 of 600 are negative or no finite numbers \(first: -1.0\). Give a number",
        ),
        ([1.0, np.nan, np.inf] + [1.0] * 597, r"^weights: 1 of 600 are negative .* \(first: inf\)"),
        (["a lot"] * 600, r"^weights: 600 of 600 are negative .* \(first: a lot\)"),
        (np.zeros(600), "^weights: all 600 are 0. Give some films a weight above 0.$"),
        (pd.Series(1.0, range(1, 601)), "^weights: their index is not that of the films. Give them in the order"),
    ],
)
def test_weights_that_cannot_be_used(films, weights, message):
    with pytest.raises(FilmsError, match=message):
        odds_ratios(films, FORMULA, weights=weights)


def test_firths_method_takes_no_weights(films, weights):
    rare = films.assign(genres=np.where((films["rating"] == 3) & (films.index < 40), "Western", films["genres"]))
    message = "^occurring with one outcome only: genre_western. Firth's penalised likelihood takes no weights. Leave"
    with pytest.raises(FilmsError, match=message):
        odds_ratios(rare, "passes ~ genre_western", weights=weights)
