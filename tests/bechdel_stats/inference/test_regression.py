import re

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
from statsmodels.stats.multitest import multipletests
from statsmodels.stats.outliers_influence import variance_inflation_factor

from bechdel_stats.inference.design import rcs
from bechdel_stats.inference.regression import influential_films, odds_ratios, odds_with_and_without_gender
from bechdel_stats.words.messages import FilmsError, FilmsWarning

KNOTS = (1950, 1970, 1990, 2010)
FORMULA = f"passes ~ genre_war + cast_female_10 + rcs(year, {KNOTS}) + director_woman"
SPLINE = [3, 4, 5]


@pytest.fixture(scope="module")
def by_hand(films):
    """The design matrix of FORMULA and the outcome, without any of our model code."""
    year = films["year"].to_numpy(float)
    war = films["genres"].str.contains("War").to_numpy(float)
    X = np.column_stack(
        [np.ones(len(films)), war, 10 * films["cast_female_share"], rcs(year, KNOTS), films["director_female_share"]]
    )
    return X, (films["rating"] == 3).to_numpy(float)


def logit(X, y, **options):
    return sm.Logit(y, X).fit(disp=0, **options)


@pytest.fixture(scope="module", params=["HC1", "clustered"])
def both(request, films, by_hand):
    """Our result and that of statsmodels."""
    if request.param == "HC1":
        return odds_ratios(films, FORMULA), logit(*by_hand, cov_type="HC1")
    theirs = logit(*by_hand, cov_type="cluster", cov_kwds={"groups": films["year"].to_numpy()})
    return odds_ratios(films, FORMULA, cluster="year"), theirs


def two_by_two(a, b, c, d):
    """Films: a War that pass, b War that fail, c Drama that pass, d Drama that fail."""
    genres = np.repeat(["War", "War", "Drama", "Drama"], [a, b, c, d])
    return pd.DataFrame({"genres": genres, "passes": np.repeat([1, 0, 1, 0], [a, b, c, d])})


def row_of(result, term):
    return result.table.set_index("term").loc[term]


def test_odds_ratios_intervals_and_p_values_are_those_of_statsmodels(both):
    ours, theirs = both
    assert ours.table["term"].tolist() == ["genre_war", "cast_female_10", "year", "director_woman"]
    for term, column in (("genre_war", 1), ("cast_female_10", 2), ("director_woman", 6)):
        row = row_of(ours, term)
        assert np.log(row["odds_ratio"]) == pytest.approx(theirs.params[column], abs=1e-6)
        interval = np.log(row[["ci_low", "ci_high"]].astype(float))
        assert interval.tolist() == pytest.approx(theirs.conf_int()[column], abs=1e-6)
        assert row["p_value"] == pytest.approx(theirs.pvalues[column], abs=1e-6)


def test_a_spline_compares_quartiles_and_tests_all_of_its_columns(films, both):
    ours, theirs = both
    row, (low, high) = row_of(ours, "year"), films["year"].quantile([0.25, 0.75])
    assert row["contrast"] == f"{low:g} -> {high:g}"
    weights = np.zeros(7)
    weights[SPLINE] = np.diff(rcs([low, high], KNOTS), axis=0)[0]
    test = theirs.t_test(weights)
    assert np.log(row["odds_ratio"]) == pytest.approx(test.effect.item(), abs=1e-6)
    interval = np.log(row[["ci_low", "ci_high"]].astype(float))
    assert interval.tolist() == pytest.approx(test.conf_int()[0], abs=1e-6)
    wald = theirs.wald_test(np.eye(7)[SPLINE], scalar=True)
    assert row["p_value"] == pytest.approx(float(wald.pvalue), abs=1e-6)


def test_marginal_effects_are_those_of_statsmodels(both):
    ours, theirs = both
    margins = theirs.get_margeff(at="overall", dummy=True)  # without the intercept
    for term, column in (("genre_war", 0), ("cast_female_10", 1), ("director_woman", 5)):
        row = row_of(ours, term)
        assert row["ame"] == pytest.approx(100 * margins.margeff[column], abs=1e-5)
        low, high = 100 * margins.conf_int()[column]
        assert row[["ame_ci_low", "ame_ci_high"]].tolist() == pytest.approx([low, high], abs=1e-5)


def test_the_marginal_effect_of_a_curve_is_the_mean_difference_between_quartiles(films, both, by_hand):
    ours, theirs = both
    means = []
    for year in films["year"].quantile([0.25, 0.75]):
        X = by_hand[0].copy()
        X[:, SPLINE] = rcs([year], KNOTS)
        means.append(theirs.predict(X).mean())
    assert row_of(ours, "year")["ame"] == pytest.approx(100 * (means[1] - means[0]), abs=1e-5)


def test_fdr_and_vif_are_those_of_statsmodels(both, by_hand):
    table = both[0].table
    assert table["p_value_fdr"].tolist() == pytest.approx(multipletests(table["p_value"], method="fdr_bh")[1])
    for term, column in ((0, 1), (1, 2), (3, 6)):
        assert table["vif"][term] == pytest.approx(variance_inflation_factor(by_hand[0], column))


def test_the_generalised_vif_of_a_curve_by_hand(both, by_hand):
    correlation = np.corrcoef(by_hand[0][:, 1:], rowvar=False)
    own, others = [2, 3, 4], [0, 1, 5]
    parts = [np.linalg.det(correlation[np.ix_(part, part)]) for part in (own, others)]
    assert row_of(both[0], "year")["vif"] == pytest.approx((np.prod(parts) / np.linalg.det(correlation)) ** (1 / 3))


def test_the_generalised_vif_does_not_depend_on_how_a_curve_is_written(films):
    one = odds_ratios(films, f"passes ~ genre_war + rcs(year, {KNOTS})")
    other = odds_ratios(films.assign(age=2020 - films["year"]), f"passes ~ genre_war + rcs(2020 - age, {KNOTS})")
    assert one.table["vif"].tolist() == pytest.approx(other.table["vif"].tolist())


def test_crude_odds_ratios_are_of_the_term_alone(films, by_hand):
    X, y = by_hand
    row, alone = row_of(odds_ratios(films, FORMULA), "cast_female_10"), logit(X[:, [0, 2]], y, cov_type="HC1")
    assert np.log(row["crude_odds_ratio"]) == pytest.approx(alone.params[1], abs=1e-6)
    interval = np.log(row[["crude_ci_low", "crude_ci_high"]].astype(float))
    assert interval.tolist() == pytest.approx(alone.conf_int()[1], abs=1e-6)


def test_a_2x2_table_by_hand():
    a, b, c, d = 12, 30, 40, 25
    row = odds_ratios(two_by_two(a, b, c, d), "passes ~ genre_war").table.iloc[0]
    assert row["odds_ratio"] == pytest.approx(a * d / (b * c)) == pytest.approx(row["crude_odds_ratio"])
    woolf = np.sqrt(1 / a + 1 / b + 1 / c + 1 / d)  # statsmodels' HC1 has no small-sample factor for a logit
    half = np.log(row["ci_high"] / row["ci_low"]) / 2
    assert half == pytest.approx(1.959963984540054 * woolf, rel=1e-6)
    assert row["ame"] == pytest.approx(100 * (a / (a + b) - c / (c + d)), abs=1e-6)
    assert (row["n_films"], row["contrast"], row["vif"]) == (a + b, "1 against 0", 1)


def test_summary_prints_exactly_this():
    films = two_by_two(12, 30, 40, 25).assign(runtime=np.tile([70.0, 100, 130, 160, np.nan], 22)[:107])
    result = odds_ratios(films, "passes ~ genre_war + half_hour", 0.9)
    assert repr(result) == "OddsRatioResult(2 terms, 86 films, 21 left out)"
    assert str(result.summary()) == SUMMARY
    assert "<td" in result._repr_html_() and result._repr_html_() == result.summary()._repr_html_()


SUMMARY = """\
Odds ratios of passing
films                          86
left out, something not known  21
standard errors                HC1
confidence level               90%
converged                      yes
term       contrast     n_films   crude_odds_ratio         odds_ratio  p_value  p_value_fdr                   ame  vif
genre_war  1 against 0       34  0.26 [0.12, 0.57]  0.26 [0.12, 0.56]    0.004        0.008  -32.2 [-49.2, -15.2]  1.0
half_hour  +1                86  0.96 [0.70, 1.32]  0.94 [0.68, 1.32]    0.774        0.774      -1.3 [-8.8, 6.2]  1.0
Not known: runtime in 21 films.
Associations in films that volunteers chose, not causes."""


@pytest.mark.parametrize("level, shown", [(0.9, "90%"), (0.995, "99.5%")])
def test_the_level_of_confidence_is_kept_and_shown(films, level, shown):
    result = odds_ratios(films, "passes ~ genre_war", level)
    interval = logit(result.model_results.model.exog, result.model_results.model.endog, cov_type="HC1").conf_int(
        1 - level
    )
    assert np.log(result.table["ci_low"][0]) == pytest.approx(interval[1][0], abs=1e-6)
    assert dict(result.summary().header)["confidence level"] == shown


def test_the_truth_is_found(films):
    table = odds_ratios(films).table.set_index("term")
    assert table.loc["cast_female_10", "ci_low"] < np.exp(0.4) < table.loc["cast_female_10", "ci_high"]
    assert table.loc["genre_war", "ci_low"] < np.exp(-1) < table.loc["genre_war", "ci_high"]
    assert table.loc["genre_horror", "ci_low"] < np.exp(0.8) < table.loc["genre_horror", "ci_high"]
    assert table.loc["director_woman", "p_value_fdr"] > 0.05


def test_films_are_not_modified_and_twice_is_the_same(films):
    before = films.copy()
    one, other = odds_ratios(films), odds_ratios(films)
    pd.testing.assert_frame_equal(films, before)
    assert one.summary().to_csv() == other.summary().to_csv() and str(one.summary()) == str(other.summary())


@pytest.mark.parametrize("index", [[0] * 600, pd.MultiIndex.from_arrays([[0] * 600, [1] * 600])], ids=["same", "multi"])
def test_the_index_does_not_matter(films, index):
    moved = films.set_axis(index)
    expected, found = odds_ratios(films, cluster="year"), odds_ratios(moved, cluster="year")
    pd.testing.assert_frame_equal(found.table, expected.table)
    influential = influential_films(found, moved.drop(columns="title"))
    assert influential["cooks_distance"].tolist() == influential_films(expected, films)["cooks_distance"].tolist()


# ---- the traps


def test_raw_dollars_are_called_out_and_the_default_has_their_logarithm(films):
    with pytest.warns(
        FilmsWarning, match="column budget varies by 2e.07: its odds ratio per unit reads 1.000. Use a log"
    ):
        odds_ratios(films, "passes ~ budget")
    row = row_of(odds_ratios(films), "log10_budget")
    assert row["contrast"] == "x 10" and 0.7 < row["odds_ratio"] < 1.4


def test_missing_budgets_keep_their_films_and_get_a_term(films):
    result = odds_ratios(films)
    n_missing = int(films["budget"].isna().sum())
    assert (result.n_films, result.n_dropped) == (len(films), 0) and n_missing > 100
    assert row_of(result, "budget_missing")["n_films"] == n_missing
    assert result.formula.count("budget") == 2


def test_rare_levels_are_pooled_and_said(films):
    rare = films.copy()
    rare.loc[rare.index[rare["rating"] == 3][:4], "genres"] = "Western"  # all four pass
    rare.loc[rare.index[rare["rating"] == 0][:4], "genres"] = "Sport"  # all four fail
    result = odds_ratios(rare)
    assert result.pooled == ("genre_sport", "genre_western") and row_of(result, "genre_other")["n_films"] == 8
    assert not {"genre_western", "genre_sport"} & set(result.table["term"]) and not result.separated
    assert "Too rare to stand alone, pooled: genre_sport, genre_western." in str(result.summary())


def test_levels_with_one_outcome_even_together_are_left_out_and_said(films):
    rare = films.copy()
    rare.loc[rare.index[rare["rating"] == 3][:4], "genres"] = "Western"
    result = odds_ratios(rare)
    assert result.left_out == ("genre_western",) and result.pooled == result.separated == ()
    assert "compared with): genre_western." in str(result.summary())


def test_a_separating_level_is_fitted_by_firth_and_said_aloud(films):
    rare = films.assign(genres=np.where((films["rating"] == 3) & (films.index < 40), "Western", films["genres"]))
    with pytest.warns(FilmsWarning, match="seen with one outcome only: genre_western. Fitted by Firth"):
        result = odds_ratios(rare, "passes ~ genre_western + genre_war")
    row = row_of(result, "genre_western")
    assert result.separated == ("genre_western",) and result.covariance == "model-based (Firth)"
    assert 1 < row["ci_low"] < row["odds_ratio"] < row["ci_high"] < 1e5  # not 1e9 with SE 12,000
    n, n_western = len(rare), int((rare["genres"] == "Western").sum())
    n_passes = int((rare["rating"] == 3).sum())
    a, b, c, d = n_western + 0.5, 0.5, n_passes - n_western + 0.5, n - n_passes + 0.5
    assert row["crude_odds_ratio"] == pytest.approx(a * d / (b * c), rel=1e-5)
    assert "Seen with one outcome only: genre_western. Fitted by Firth" in str(result.summary())
    with pytest.raises(FilmsError, match="influence is only known of a fit by maximum likelihood"):
        influential_films(result, rare)
    with pytest.warns(FilmsWarning, match="instead, without the clusters by year"):
        odds_ratios(rare, "passes ~ genre_western", cluster="year")


def test_votes_only_after_release_and_the_rating_about_itself_never(films):
    leaky = films.assign(dubious=(films["rating"] == 3).astype(int), score_2023=films["rating"], bechdel_id=films.index)
    before, after = odds_ratios(leaky), odds_ratios(leaky, pre_release=False)
    assert set(after.table["term"]) - set(before.table["term"]) == {"imdb_rating", "log10_imdb_votes"}
    for result in (before, after):
        assert not re.search("dubious|score|bechdel", result.formula)
    assert before.table.equals(odds_ratios(films).table)
    for outcome in ("rating", "passes"):
        with pytest.raises(FilmsError, match=f"{outcome} is what is asked for. Leave it out of the right side"):
            odds_ratios(films, f"passes ~ genre_war + {outcome}")


def test_with_and_without_gender_are_fitted_to_the_same_films(films):
    holed = films.copy()
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
    less = films.drop(columns=["director_female_share", "writer_female_share"])
    pair = odds_with_and_without_gender(less)
    assert pair.with_gender.n_films == len(films)
    assert set(pair.with_gender.table["term"]) - set(pair.without.table["term"]) == {"cast_female_10"}
    with pytest.raises(FilmsError, match="cast_female_share, .* are empty: nothing to pair"):
        odds_with_and_without_gender(less.drop(columns="cast_female_share"))


def test_empty_and_constant_columns_are_named(films):
    bare = films.assign(runtime=np.nan, year=2000, genres="Drama", writer_female_share=0.0).drop(columns="language")
    result = odds_ratios(bare)
    assert set(result.left_out) == {"runtime", "year", "genre_drama", "writer_female_share", "language"}
    assert "Left out (empty, the same in all films or nearly, or what the others" in str(result.summary())
    assert odds_ratios(films.assign(budget=np.nan)).left_out == ("budget",)
    full = odds_ratios(films.assign(budget=films["budget"].fillna(1e6)))
    assert full.left_out == () and "budget_missing" not in set(full.table["term"])


def test_one_genre_per_film_has_the_commonest_as_reference(films):
    result = odds_ratios(films.assign(genres=films["genres"].str.split("|").str[-1]))
    commonest = films["genres"].str.split("|").str[-1].mode()[0]
    assert result.left_out == (f"genre_{commonest.lower()}",)


@pytest.mark.parametrize("formula", ["passes ~ age + year", "passes ~ same + genre_war"])
def test_collinear_and_constant_columns_of_a_formula_are_named(films, formula):
    table = films.assign(age=2 * films["year"] - 7, same=3.0)
    with pytest.raises(
        FilmsError, match="column (age|same|year) follows from the others .or is constant.: leave it out"
    ):
        odds_ratios(table, formula)


def test_clustered_errors_are_wider_where_films_of_a_cluster_are_alike(films):
    alike = pd.concat([films] * 4, ignore_index=True)
    plain = odds_ratios(alike, "passes ~ genre_war")
    clustered = odds_ratios(alike.assign(film=alike["title"]), "passes ~ genre_war", cluster="film")
    width = [np.log(r.table["ci_high"][0] / r.table["ci_low"][0]) for r in (plain, clustered)]
    assert width[1] / width[0] == pytest.approx(2, rel=0.01)  # four copies tell no more than one
    assert clustered.covariance == "clustered by film" and plain.covariance == "HC1"


def test_every_column_that_drops_films_is_counted(films):
    holed = films.assign(
        series=np.where(films.index % 3 == 0, np.nan, films["year"]), rating=films["rating"].astype(float)
    )
    holed.loc[:9, "rating"] = np.nan
    holed.loc[5:24, "cast_women"] = np.nan
    holed.loc[300:309, "director_female_share"] = np.nan
    result = odds_ratios(holed, "passes ~ cast_women + director_woman", cluster="series")
    assert result.dropped == {"passes": 10, "cast_women": 20, "director_female_share": 10, "series": 200}
    gone = (holed.index < 25) | holed.index.isin(range(300, 310)) | (holed.index % 3 == 0)
    assert result.n_dropped == gone.sum() and result.n_films == (~gone).sum()
    assert "Not known: passes in 10 films, cast_women in 20 films, " in str(result.summary())


def test_a_fit_that_does_not_converge_says_so(films, monkeypatch):
    fit = sm.Logit.fit
    monkeypatch.setattr(sm.Logit, "fit", lambda self, maxiter, **options: fit(self, maxiter=1, **options))
    with pytest.warns(FilmsWarning, match="the fit did not converge: do not use its numbers"):
        result = odds_ratios(films, "passes ~ cast_female_10")
    assert not result.converged and dict(result.summary().header)["converged"] is False


# ---- bad input


@pytest.mark.parametrize(
    "change, message",
    [
        (lambda films: films.drop(columns="rating"), "no outcome: a column passes .0 or 1. or rating .0-3. is needed"),
        (lambda films: films[films["rating"] == 3], "column passes holds only 1 in 308 rows: nothing to compare"),
        (lambda films: films.head(0), "column passes holds no value in 0 rows"),
        (lambda films: films.head(1), "column passes holds only . in 1 rows"),
        (lambda films: films[["rating"]], "no column tells these 600 films apart: all are empty or constant"),
        (lambda films: films.head(7), "7 films are complete, and the formula has .* columns: too few"),
    ],
)
def test_tables_that_cannot_be_used(films, change, message):
    with pytest.raises(FilmsError, match=message):
        odds_ratios(change(films))


def test_no_complete_film_says_what_is_not_known(films):
    holed = films.assign(
        runtime=films["runtime"].where(films.index % 2 == 0), year=films["year"].where(films.index % 2 == 1)
    )
    with pytest.raises(FilmsError, match="no film is complete. Not known: runtime in 300 films, year in 300 films"):
        odds_ratios(holed)


@pytest.mark.parametrize(
    "formula, message",
    [
        ("year", "it must read `passes ~ term . term`"),
        ("score ~ year", "it must read `passes ~ term . term`"),
        ("passes ~ ", "it must read `passes ~ term . term`"),
        ("passes ~ 1", "it needs the intercept and a term"),
        ("passes ~ 0 + year", "it needs the intercept and a term"),
        ("passes ~ votes", "'votes' is not defined. It may name .*imdb_votes"),
    ],
)
def test_formulas_that_cannot_be_used(films, formula, message):
    with pytest.raises(FilmsError, match=message):
        odds_ratios(films, formula)


def test_rubbish_arguments(films):
    with pytest.raises(ValueError, match="conf_level must lie between 0 and 1; got 95"):
        odds_ratios(films, conf_level=95)
    with pytest.raises(FilmsError, match="cluster: there is no column 'collection'"):
        odds_ratios(films, cluster="collection")
    with pytest.raises(FilmsError, match="cluster: one is the same in all 600 complete films"):
        odds_ratios(films.assign(one=1), cluster="one")
    with pytest.raises(TypeError, match="films must be a pandas DataFrame; got Series"):
        odds_ratios(films["year"])


@pytest.mark.slow
def test_200_000_films(films):
    many = pd.concat([films] * 334, ignore_index=True).iloc[:200_000]
    result = odds_ratios(many, "passes ~ genre_war + cast_female_10")
    assert result.n_films == 200_000
    once = odds_ratios(films, "passes ~ genre_war + cast_female_10")
    assert result.table["odds_ratio"].tolist() == pytest.approx(once.table["odds_ratio"].tolist(), rel=1e-2)


# ---- influence


def test_cooks_distance_by_hand(films):
    few = films.head(120)
    result = odds_ratios(few, "passes ~ cast_female_10 + genre_war")
    table = influential_films(result, few, n_films=120)
    assert table["cooks_distance"].is_monotonic_decreasing and len(table) == 120
    X, y = result.model_results.model.exog, result.model_results.model.endog
    p = logit(X, y).predict()  # Pregibon (1981), equation 4.7 over the number of coefficients
    leverage = ((X * (p * (1 - p))[:, None]) @ np.linalg.inv((X * (p * (1 - p))[:, None]).T @ X) * X).sum(axis=1)
    expected = pd.Series((y - p) ** 2 / (p * (1 - p)) * leverage / (1 - leverage) ** 2 / 3, few["title"])
    table = table.set_index("title")
    assert table["cooks_distance"].to_dict() == pytest.approx(expected.to_dict(), rel=1e-6)
    assert table["probability"].to_dict() == pytest.approx(dict(zip(few["title"], p)), rel=1e-6)
    assert table["passes"].to_dict() == dict(zip(few["title"], y))


def test_influence_needs_the_films_of_the_fit(films):
    with pytest.raises(FilmsError, match="these are 100 films; the result was fitted to a table of 600"):
        influential_films(odds_ratios(films, "passes ~ genre_war"), films.head(100))


# ---- formulas of one's own


def test_what_enters_several_terms_has_no_marginal_effect_of_its_own(films):
    result = odds_ratios(films, "passes ~ genre_war * cast_female_10 + genre_horror")
    rows = result.table.set_index("term")
    assert rows.loc[["genre_war", "cast_female_10", "genre_war:cast_female_10"], "ame"].isna().all()
    assert rows.loc["genre_horror", "ame"] > 0
    assert (
        "No single marginal effect where something enters in several terms: read these terms together."
        in result.notes()
    )


@pytest.mark.parametrize(
    "formula, message",
    [
        ("passes ~ C(language)", "^language is text: make columns of 0 and 1 of it"),
        ("passes ~ np.log(cast_female_10)", r"^np.log\(cast_female_10\) has no finite value in some films"),
    ],
)
def test_formulas_that_cannot_be_used_say_why(films, formula, message):
    with pytest.raises(FilmsError, match=message):
        odds_ratios(films, formula)


@pytest.mark.parametrize("name, term", [("my score", 'Q("my score")'), ("étoile", "étoile")])
def test_holes_are_left_out_whatever_the_name_of_the_column(films, name, term):
    table = films.assign(**{name: films["imdb_votes"].where(films.index > 4) / 1e5})
    assert odds_ratios(table, f"passes ~ {term}").n_dropped == 5


def test_influence_refuses_films_in_another_order(films):
    with pytest.raises(FilmsError, match="not the films of the result, or not in their order"):
        influential_films(odds_ratios(films, "passes ~ genre_war"), films.iloc[::-1])
