from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
from statsmodels.stats.multitest import multipletests

from bechdel_stats.inference.influence import influential_films
from bechdel_stats.inference.regression import odds_ratios
from bechdel_stats.words.messages import FilmsError, FilmsWarning


@pytest.fixture(scope="module")
def by_year(films):
    """The default formula with clusters, and how much films move it."""
    result = odds_ratios(films, cluster="year")
    return result, influential_films(result, films)["cooks_distance"]


def logit(X, y, **options):
    return sm.Logit(y, X).fit(disp=0, **options)


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


def test_fdr_is_that_of_statsmodels(both):
    table = both[0].table
    assert table["p_value_fdr"].tolist() == pytest.approx(multipletests(table["p_value"], method="fdr_bh")[1])


def test_crude_odds_ratios_are_of_the_term_alone(results, by_hand, hc1):
    X, y = by_hand
    row, alone = row_of(results["HC1"][0], "cast_female_10"), hc1(X[:, [0, 2]], y)
    assert np.log(row["crude_odds_ratio"]) == pytest.approx(alone.params[1], abs=1e-6)
    interval = np.log(row[["crude_ci_low", "crude_ci_high"]].astype(float))
    assert interval.tolist() == pytest.approx(alone.conf_int()[1], abs=1e-6)


def test_a_2x2_table_by_hand():
    a, b, c, d = 12, 30, 40, 25
    row = odds_ratios(two_by_two(a, b, c, d), "passes ~ genre_war").table.iloc[0]
    assert row["odds_ratio"] == pytest.approx(a * d / (b * c)) == pytest.approx(row["crude_odds_ratio"])
    n = a + b + c + d
    woolf = np.sqrt((1 / a + 1 / b + 1 / c + 1 / d) * n / (n - 2))  # HC1: the factor is for two coefficients
    half = np.log(row["ci_high"] / row["ci_low"]) / 2
    assert half == pytest.approx(1.959963984540054 * woolf, rel=1e-6)
    assert row["ame"] == pytest.approx(100 * (a / (a + b) - c / (c + d)), abs=1e-6)
    assert (row["n_films"], row["contrast"], row["vif"]) == (a + b, "1 against 0", 1)


def test_summary_prints_exactly_this():
    films = two_by_two(12, 30, 40, 25).assign(runtime=np.tile([70.0, 100, 130, 160, np.nan], 22)[:107])
    result = odds_ratios(films, "passes ~ genre_war + half_hour", 0.9)
    assert repr(result) == "OddsRatioResult(2 terms, 86 films, 21 left out)"
    assert str(result.summary()) == SUMMARY and str(result.summaries()[1]) == LEVELS
    assert "<td" in result._repr_html_() and result._repr_html_() == result.summary()._repr_html_()


SUMMARY = """\
Odds ratios of passing
films                         86
left out, missing values      21
standard errors               HC1
confidence level              90%
converged                     yes
log likelihood                -55.20
likelihood ratio to no terms  chi2(2) = 8.8, p = 0.012
AIC, BIC                      116.4, 123.8
McFadden's pseudo R2          0.074
term       contrast     n_films  n_passes   crude_odds_ratio         odds_ratio  p_value  p_value_fdr                   ame  vif
genre_war  1 against 0       34        10  0.26 [0.12, 0.57]  0.26 [0.12, 0.57]    0.005        0.010  -32.2 [-49.5, -14.9]  1.0
half_hour  +1                86        42  0.96 [0.70, 1.33]  0.94 [0.67, 1.33]    0.778        0.778      -1.3 [-9.0, 6.3]  1.0
21 of 107 films are left out. Not known: runtime in 21 films.
Associations in these films, not causes."""  # noqa: E501

LEVELS = """\
Films and passes at each level; the odds ratio of a reference is 1
variable   level      n_films  n_passes  pass_rate         odds_ratio
genre_war  reference       52        32      0.615               1.00
genre_war  genre_war       34        10      0.294  0.26 [0.12, 0.57]"""


def test_statistics_of_the_fit_are_those_of_statsmodels(films):
    result = odds_ratios(films, "passes ~ genre_war + cast_female_10")
    ours, theirs = result.statistics, result.model_results
    assert ours.log_likelihood == pytest.approx(theirs.llf) and ours.null_log_likelihood == pytest.approx(theirs.llnull)
    assert (ours.chi2, ours.df) == (pytest.approx(theirs.llr), 2) and ours.p_value == pytest.approx(theirs.llr_pvalue)
    assert (ours.aic, ours.bic) == (pytest.approx(theirs.aic), pytest.approx(theirs.bic))
    assert ours.mcfadden == pytest.approx(theirs.prsquared)


def test_the_statistics_of_a_2x2_table_by_hand():
    ours = odds_ratios(two_by_two(12, 30, 40, 25), "passes ~ genre_war").statistics
    counts, totals, overall = np.array([12, 30, 40, 25]), np.array([42, 42, 65, 65]), np.array([52, 55, 52, 55])
    assert ours.log_likelihood == pytest.approx((counts * np.log(counts / totals)).sum())
    assert ours.chi2 == pytest.approx(2 * (counts * np.log(counts / totals / (overall / 107))).sum())
    assert ours.aic == pytest.approx(4 - 2 * ours.log_likelihood)


def test_with_clusters_the_likelihood_is_no_test(by_year):
    statistics = by_year[0].statistics
    assert np.isnan(statistics.p_value) and np.isfinite(statistics.aic)
    header = dict(by_year[0].summary().header)
    assert header["likelihood ratio to no terms"] == f"chi2({statistics.df}) = {statistics.chi2:.1f}"


def test_levels_that_exclude_each_other_share_a_reference(films):
    levels = odds_ratios(films, "passes ~ language_fr + language_ja + genre_war + genre_horror").levels
    assert levels["variable"].tolist() == ["language"] * 3 + ["genre_war"] * 2 + ["genre_horror"] * 2
    assert levels["level"].tolist()[:3] == ["reference", "language_fr", "language_ja"]
    english, french = films["language"] == "en", films["language"] == "fr"
    passes = films["rating"] == 3
    assert levels["n_films"].tolist()[:2] == [english.sum(), french.sum()]
    assert levels["n_passes"].tolist()[:2] == [passes[english].sum(), passes[french].sum()]
    references = levels[levels["level"] == "reference"]
    assert (references["odds_ratio"] == 1).all() and references[["ci_low", "ci_high"]].isna().all(axis=None)
    decades = odds_ratios(films, "passes ~ C(decade)").levels
    assert decades["variable"].tolist() == ["C(decade)"] * 8 and decades["level"][1] == "C(decade)[T.1950.0]"
    assert decades["n_films"].sum() == 600
    assert len(odds_ratios(films, "passes ~ cast_female_10").summaries()) == 1  # a number has no levels


def test_films_beside_the_budget_are_those_with_a_budget(default_odds, films):
    row = row_of(default_odds, "log10_budget")
    assert row["n_films"] == films["budget"].notna().sum() < default_odds.n_films
    assert row["n_passes"] == (films["rating"] == 3)[films["budget"].notna()].sum()


def test_terms_that_nearly_follow_from_others_are_named(films):
    shifted = films["cast_female_share"] + 0.001 * np.sin(films.index)
    message = r"nearly a combination of the other terms \(variance inflation factor above 100\): cast_female_10, copy. "
    with pytest.warns(FilmsWarning, match=f"^{message}"):
        result = odds_ratios(films.assign(copy=shifted), "passes ~ cast_female_10 + copy + genre_war")
    assert sum("nearly a combination" in note for note in result.notes()) == 1
    loose = films["cast_female_share"] + 0.05 * np.sin(films.index)  # a factor of about 40
    assert odds_ratios(films.assign(copy=loose), "passes ~ cast_female_10 + copy").table["vif"].between(10, 99).all()


@pytest.mark.parametrize("level, shown", [(0.9, "90%"), (0.995, "99.5%")])
def test_the_level_of_confidence_is_kept_and_shown(films, hc1, level, shown):
    result = odds_ratios(films, "passes ~ genre_war", level)
    interval = hc1(result.model_results.model.exog, result.model_results.model.endog).conf_int(1 - level)
    assert np.log(result.table["ci_low"][0]) == pytest.approx(interval[1][0], abs=1e-6)
    assert dict(result.summary().header)["confidence level"] == shown


def test_the_truth_is_found(default_odds):
    table = default_odds.table.set_index("term")
    assert table.loc["cast_female_10", "ci_low"] < np.exp(0.4) < table.loc["cast_female_10", "ci_high"]
    assert table.loc["genre_war", "ci_low"] < np.exp(-1) < table.loc["genre_war", "ci_high"]
    assert table.loc["genre_horror", "ci_low"] < np.exp(0.8) < table.loc["genre_horror", "ci_high"]
    assert table.loc["director_woman", "p_value_fdr"] > 0.05


def test_films_are_not_modified_and_twice_is_the_same(films, default_odds):
    before = films.copy()
    one, other = odds_ratios(films), default_odds
    pd.testing.assert_frame_equal(films, before)
    assert one.summary().to_csv() == other.summary().to_csv() and str(one.summary()) == str(other.summary())


@pytest.mark.parametrize("index", [[0] * 600, pd.MultiIndex.from_arrays([[0] * 600, [1] * 600])], ids=["same", "multi"])
def test_the_index_does_not_matter(films, by_year, index):
    expected, cooks_distance = by_year
    moved = films.set_axis(index)
    found = odds_ratios(moved, cluster="year")
    pd.testing.assert_frame_equal(found.table, expected.table)
    influential = influential_films(found, moved.drop(columns="title"))
    assert influential["cooks_distance"].tolist() == cooks_distance.tolist()


def test_a_separating_level_is_fitted_by_firth_and_said_aloud(films):
    rare = films.assign(genres=np.where((films["rating"] == 3) & (films.index < 40), "Western", films["genres"]))
    with pytest.warns(FilmsWarning, match="occurring with one outcome only: genre_western. Fitted by Firth"):
        result = odds_ratios(rare, "passes ~ genre_western + genre_war")
    row = row_of(result, "genre_western")
    assert result.separated == ("genre_western",) and result.covariance == "model-based (Firth)"
    assert 1 < row["ci_low"] < row["odds_ratio"] < row["ci_high"] < 1e5  # not 1e9 with SE 12,000
    n, n_western = len(rare), int((rare["genres"] == "Western").sum())
    n_passes = int((rare["rating"] == 3).sum())
    a, b, c, d = n_western + 0.5, 0.5, n_passes - n_western + 0.5, n - n_passes + 0.5
    assert row["crude_odds_ratio"] == pytest.approx(a * d / (b * c), rel=1e-5)
    assert "Occurring with one outcome only: genre_western. Fitted by Firth" in str(result.summary())
    with pytest.raises(FilmsError, match="influence can only be computed for a converged maximum likelihood fit"):
        influential_films(result, rare)
    with pytest.warns(FilmsWarning, match="instead, without the clusters by year"):
        odds_ratios(rare, "passes ~ genre_western", cluster="year")


def test_clustered_errors_are_wider_where_films_of_a_cluster_are_alike(films):
    alike = pd.concat([films] * 4, ignore_index=True)
    plain = odds_ratios(alike, "passes ~ genre_war")
    clustered = odds_ratios(alike.assign(film=alike["title"]), "passes ~ genre_war", cluster="film")
    width = [np.log(r.table["ci_high"][0] / r.table["ci_low"][0]) for r in (plain, clustered)]
    assert width[1] / width[0] == pytest.approx(2, rel=0.01)  # four copies tell no more than one
    assert clustered.covariance == "clustered by film (CR3, t with 599 degrees of freedom)"
    assert plain.covariance == "HC1"


def test_a_fit_that_does_not_converge_says_so(films, monkeypatch):
    fit = sm.Logit.fit
    monkeypatch.setattr(sm.Logit, "fit", lambda self, maxiter, **options: fit(self, maxiter=1, **options))
    with pytest.warns(FilmsWarning, match="the fit did not converge: do not use its estimates"):
        result = odds_ratios(films, "passes ~ cast_female_10")
    assert not result.converged and dict(result.summary().header)["converged"] is False


@pytest.mark.parametrize(
    "change, message",
    [
        (lambda films: films.drop(columns="rating"), "no outcome: a column passes .0 or 1. or rating .0-3. is needed"),
        (lambda films: films[films["rating"] == 3], "column passes holds only 1 in 308 rows: nothing to compare"),
        (lambda films: films.head(0), "column passes holds no value in 0 rows"),
        (lambda films: films.head(1), "column passes holds only . in 1 row"),
        (lambda films: films[["rating"]], "no column tells these 600 films apart: all are empty or constant"),
        (lambda films: films.head(7), "7 films are complete, and the formula has .* columns: too few"),
    ],
)
def test_tables_that_cannot_be_used(films, change, message):
    with pytest.raises(FilmsError, match=message):
        odds_ratios(change(films))


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


def in_threads(function, arguments):
    """Results of calls in 8 threads at once, which warnings would end."""
    with ThreadPoolExecutor(8) as pool:
        return list(pool.map(function, arguments))


def test_eight_threads_fit_as_one_does(films):
    parts = [films.sample(300, random_state=number) for number in range(8)]
    formula = "passes ~ genre_war + cast_female_10 + half_hour"
    serial = [odds_ratios(part, formula).table for part in parts]
    for table, expected in zip(in_threads(lambda part: odds_ratios(part, formula).table, parts), serial):
        pd.testing.assert_frame_equal(table, expected, check_exact=True)


@pytest.mark.parametrize(("n_passes", "said"), [(9, True), (10, False), (290, False), (291, True)])
def test_few_films_with_one_outcome_for_many_columns_are_told(n_passes, said):
    """Two columns need ten films with the rarer outcome."""
    rng = np.random.default_rng(3)
    films = pd.DataFrame({"passes": np.repeat([1.0, 0.0], [n_passes, 300 - n_passes])})
    films["a"], films["b"] = rng.normal(size=300), rng.normal(size=300)
    told = [note for note in odds_ratios(films, "passes ~ a + b").notes() if note.startswith("Few films for so many")]
    assert bool(told) == said
