"""Two models of the same films, and what can be compared between them."""

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
from scipy.stats import norm

from bechdel_stats.inference.comparison import odds_with_and_without_gender
from bechdel_stats.inference.regression import odds_ratios
from bechdel_stats.words.messages import FilmsError, FilmsWarning

BARE = ["rating", "genres", "cast_female_share", "year"]


@pytest.fixture(scope="module")
def cast_by_genre(films):
    """Films whose cast depends on the genre; only genres, a year without a curve, and the cast are known."""
    share = films["cast_female_share"] - 0.25 * films["genres"].str.contains("War")
    year = films["year"].where(films["year"] < 1980, 1980)
    return films[BARE].assign(cast_female_share=share.clip(0, 1), year=year)


@pytest.fixture(scope="module")
def pair(cast_by_genre):
    return odds_with_and_without_gender(cast_by_genre)


def by_hand(pair):
    """Design matrix of the model without gender, the gender columns and the outcome."""
    exog, y = pair.with_gender.model_results.model.exog, pair.with_gender.model_results.model.endog
    number = pair.with_gender.model_results.model.exog_names.index("cast_female_10")
    return np.delete(exog, number, axis=1), exog[:, number], y


def test_with_and_without_gender_are_fitted_to_the_same_films(films):
    holed = films.drop(columns=["language", "runtime", "budget"])
    holed.loc[:199, "writer_female_share"] = np.nan
    pair = odds_with_and_without_gender(holed)
    assert pair.without.n_films == pair.with_gender.n_films == 400
    assert (holed["title"].iloc[pair.with_gender.rows] == holed["title"].iloc[200:]).all()
    table = pair.table.set_index("term")
    assert table.loc["cast_female_10", ["odds_ratio_without", "p_value_fdr_without"]].isna().all()
    alone = odds_ratios(holed.iloc[200:], gender=False).table.set_index("term")
    assert table["odds_ratio_without"].dropna().to_dict() == pytest.approx(alone["odds_ratio"].to_dict())
    assert "writer_female_share in 200 films" in str(pair.summary())
    assert repr(pair) == f"OddsPair({len(table)} terms, 400 films)"


def test_the_pair_needs_some_gender_not_all_of_it(films):
    less = films.drop(columns=["director_female_share", "writer_female_share", "language", "runtime", "budget"])
    pair = odds_with_and_without_gender(less)
    assert pair.with_gender.n_films == len(films)
    assert set(pair.with_gender.table["term"]) - set(pair.without.table["term"]) == {"cast_female_10"}
    with pytest.raises(FilmsError, match="cast_female_share, .* are empty: nothing to pair"):
        odds_with_and_without_gender(less.drop(columns="cast_female_share"))


def test_rescaled_odds_ratios_are_those_of_the_others_beside_residuals_of_gender(pair):
    """Karlson, Holm and Breen's own definition: a logit of the others and of the gender columns' residuals."""
    others, gender, y = by_hand(pair)
    residuals = gender - sm.OLS(gender, others).fit().fittedvalues
    khb = sm.Logit(y, np.column_stack([others, residuals])).fit(disp=0)
    names = list(pair.without.model_results.model.exog_names)
    table = pair.table.set_index("term")
    for term in ("genre_war", "genre_horror", "genre_comedy"):
        assert np.log(table.loc[term, "odds_ratio_rescaled"]) == pytest.approx(khb.params[names.index(term)], abs=1e-6)
    reduced = np.log(table.loc["genre_war", "odds_ratio_without"])
    assert abs(np.log(table.loc["genre_war", "odds_ratio_rescaled"])) > abs(reduced)  # which is on a smaller scale


def test_the_test_of_rescaling_is_close_to_sobels(pair):
    """The product of two coefficients, each with its own error; ours is robust, and here nearly the same."""
    others, gender, _ = by_hand(pair)
    war = list(pair.without.model_results.model.exog_names).index("genre_war")
    slopes, full = sm.OLS(gender, others).fit(), pair.with_gender.model_results
    a, b = slopes.params[war], full.params["cast_female_10"]
    sobel = a * b / np.hypot(slopes.bse[war] * b, full.bse["cast_female_10"] * a)
    p_value = pair.table.set_index("term").loc["genre_war", "p_value_rescaled"]
    assert norm.isf(p_value / 2) == pytest.approx(abs(sobel), rel=0.1)


def test_differences_of_marginal_effects_have_the_error_of_stacked_scores(pair):
    """Influence functions of both models by plain formulas, film by film."""
    others, gender, y = by_hand(pair)
    war = list(pair.without.model_results.model.exog_names).index("genre_war")
    moved, effects = [], []
    for X in (np.column_stack([others, gender]), others):
        n, k = X.shape
        params = np.asarray(sm.Logit(y, X).fit(disp=0).params)
        p = 1 / (1 + np.exp(-X @ params))
        information = np.linalg.inv((X * (p * (1 - p))[:, None]).T @ X)
        ends = []
        for value in (1, 0):
            changed = X.copy()
            changed[:, war] = value
            q = 1 / (1 + np.exp(-changed @ params))
            ends.append((q.mean(), (changed * (q * (1 - q))[:, None]).mean(axis=0)))
        effects.append(ends[0][0] - ends[1][0])
        gradient = ends[0][1] - ends[1][1]
        moved.append(np.sqrt(n / (n - k)) * (X * (y - p)[:, None]) @ information @ gradient)
    error = np.sqrt(((moved[0] - moved[1]) ** 2).sum())
    row = pair.table.set_index("term").loc["genre_war"]
    assert row["ame_difference"] == pytest.approx(100 * (effects[0] - effects[1]), abs=1e-4)
    assert row["ame_difference"] == pytest.approx(row["ame_with"] - row["ame_without"])
    ends = [100 * (effects[0] - effects[1] + sign * norm.ppf(0.975) * error) for sign in (-1, 1)]
    assert row[["ame_ci_low_difference", "ame_ci_high_difference"]].tolist() == pytest.approx(ends, abs=1e-4)


@pytest.mark.slow
def test_the_error_of_a_difference_is_that_of_resampled_films(pair, cast_by_genre):
    rng = np.random.default_rng(0)
    others, gender, y = by_hand(pair)
    war = list(pair.without.model_results.model.exog_names).index("genre_war")
    found = []
    for _ in range(200):
        rows = rng.integers(0, len(y), len(y))
        effects, full = [], None
        for X in (np.column_stack([others, gender])[rows], others[rows]):
            fit = sm.Logit(y[rows], X).fit(disp=0)
            ends = [fit.predict(np.where(np.arange(X.shape[1]) == war, value, X)).mean() for value in (1, 0)]
            effects.append(ends[0] - ends[1])
            full = fit if full is None else full
        slope = sm.OLS(gender[rows], others[rows]).fit().params[war]
        found.append((effects[0] - effects[1], full.params[war] + slope * full.params[-1]))
    row = pair.table.set_index("term").loc["genre_war"]
    width = row["ame_ci_high_difference"] - row["ame_ci_low_difference"]
    assert width / 100 / 3.92 == pytest.approx(np.std(found, axis=0)[0], rel=0.15)
    width = np.log(row["ci_high_rescaled"] / row["ci_low_rescaled"])
    assert width / 3.92 == pytest.approx(np.std(found, axis=0)[1], rel=0.15)


def test_gender_that_is_unrelated_to_the_others_leaves_marginal_effects_and_not_odds_ratios():
    """Non-collapsibility: a balanced table in which cast and genre are independent, and both go with passing."""
    war, cast = np.repeat([0, 0, 1, 1], 400), np.repeat([0, 1, 0, 1], 400)
    rates = {(0, 0): 0.5, (0, 1): 0.9, (1, 0): 0.1, (1, 1): 0.5}  # odds ratio of War 1/9 at either cast
    passes = np.concatenate([np.arange(400) < 400 * rates[key] for key in ((0, 0), (0, 1), (1, 0), (1, 1))])
    table = pd.DataFrame({"genres": np.where(war, "War", "Drama"), "passes": passes * 1, "director_female_share": cast})
    row = odds_with_and_without_gender(table).table.set_index("term")
    own = row.loc[next(term for term in row.index if term.startswith("genre"))]
    sign = 1 if own["odds_ratio_with"] < 1 else -1
    assert own["odds_ratio_with"] ** sign == pytest.approx(1 / 9, rel=1e-4)
    assert own["odds_ratio_without"] ** sign == pytest.approx((0.3 / 0.7) / (0.7 / 0.3), rel=1e-4)  # .18, not .11
    assert own["odds_ratio_rescaled"] == pytest.approx(own["odds_ratio_with"], rel=1e-4)
    assert own["ame_difference"] == pytest.approx(0, abs=1e-3) and own["p_value_rescaled"] > 0.99


def test_a_separating_term_leaves_no_common_scale_and_says_so(films):
    always = films.assign(director_female_share=((films["rating"] == 3) & (films.index < 100)) * 1.0)
    with pytest.warns(FilmsWarning, match="occurring with one outcome only: director_woman"):
        found = odds_with_and_without_gender(always)
    assert found.one_scale["p_value_rescaled"].isna().all()
    assert found.one_scale["ame_difference"].notna().all() and found.one_scale["ame_ci_low_difference"].isna().all()
    assert "A term occurs with one outcome only: there is no common scale" in str(found.summaries()[1])


def test_what_is_compared_is_a_table_of_its_own(pair):
    one, other = map(str, pair.summaries())
    assert one == str(pair.summary()) and "rescaled" not in one and "ame" not in one
    assert other.startswith("The same, comparable: odds ratios on one scale, and average marginal effects\n")
    assert "odds_ratio_rescaled  p_value_rescaled" in other and "cast_female_10" not in other
    assert pair._repr_html_() == "".join(summary._repr_html_() for summary in pair.summaries())
    assert pair.table.columns[:8].tolist() == [
        "term", "contrast", "n_films", "n_passes", "odds_ratio_with", "ci_low_with", "ci_high_with", "p_value_fdr_with",
    ]  # fmt: skip


def test_films_that_only_gender_tells_apart_have_no_pair(films):
    with pytest.raises(FilmsError, match="nothing but cast and crew gender tells these films apart"):
        odds_with_and_without_gender(films[["rating", "cast_female_share"]])


def test_clusters_are_those_of_both_models(cast_by_genre, films):
    found = odds_with_and_without_gender(cast_by_genre.assign(source=films.index % 40), cluster="source")
    assert found.without.covariance == found.with_gender.covariance
    assert found.one_scale[["p_value_rescaled", "ame_ci_low_difference"]].notna().all(axis=None)
