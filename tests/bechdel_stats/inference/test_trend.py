import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
from scipy import stats

from bechdel_stats.describe.intervals import wilson
from bechdel_stats.inference.design import rcs
from bechdel_stats.inference.trend import trend
from bechdel_stats.words.messages import FilmsError, FilmsWarning

Z = 1.959963984540054


@pytest.fixture(scope="module")
def two_years():
    """10 of 40 films pass in 2000, 45 of 60 in 2010."""
    return pd.DataFrame(
        {"year": np.repeat([2000, 2010], [40, 60]), "passes": np.repeat([1, 0, 1, 0], [10, 30, 45, 15])}
    )


@pytest.fixture(scope="module")
def result(films):
    return trend(films[["rating", "year", "genres", "runtime"]])


def test_two_years_by_hand(two_years):
    result = trend(two_years)
    table = result.table.set_index("year")
    assert table.index.tolist() == list(range(2000, 2011)) and result.lack
    assert table["crude"][[2000, 2010]].tolist() == pytest.approx([0.25, 0.75])
    assert table["crude"][2005] == pytest.approx(0.5)  # a line in log odds
    assert table["pass_rate"].dropna().tolist() == [0.25, 0.75] and table["n_films"].sum() == 100
    low, high = wilson([10, 45], [40, 60])
    assert table["rate_ci_low"].dropna().tolist() == pytest.approx(low)
    assert table["rate_ci_high"].dropna().tolist() == pytest.approx(high)
    woolf = 1 / 10 + 1 / 30 + 1 / 45 + 1 / 15
    (test,) = result.tests.to_dict("records")  # of a line there is nothing more to test
    assert (test["model"], test["test"], test["df"]) == ("crude", "no trend", 1)
    assert test["chi2"] == pytest.approx(0.98 * np.log(9) ** 2 / woolf, rel=1e-5)  # HC1: 100 / 98
    (change,) = result.changes.to_dict("records")
    half = 100 * Z * np.sqrt(100 / 98) * np.sqrt(0.25 * 0.75 / 40 + 0.75 * 0.25 / 60)
    assert change["points_per_decade"] == pytest.approx(50)
    assert (change["ci_low"], change["ci_high"]) == pytest.approx((50 - half, 50 + half), rel=1e-5)
    half = Z * np.sqrt(100 / 98) * np.sqrt(1 / 10 + 1 / 30)  # of the log odds in 2000
    ends = 1 / (1 + np.exp(-np.array([np.log(1 / 3) - half, np.log(1 / 3) + half])))
    assert table.loc[2000, ["crude_ci_low", "crude_ci_high"]].tolist() == pytest.approx(ends.tolist(), rel=1e-5)


def test_margins_are_those_of_statsmodels(result, films):
    """The adjusted curve by predictions of films of each year; its band by numeric derivatives."""
    knots = [1950, 1970, 1990, 2005]
    assert result.formula.startswith("passes ~ rcs(year, (1950, 1970, 1990, 2005)) + ")
    genres = [films["genres"].str.contains(name) for name in ("Comedy", "Drama", "Horror", "Romance", "War")]
    runtime = rcs(films["runtime"].clip(10, 240), (75, 95, 110, 140))

    def design(year):
        return np.column_stack([np.ones(600), rcs(year, knots), runtime, *genres]).astype(float)

    X, y = design(films["year"]), (films["rating"] == 3).astype(float).to_numpy()
    fit = sm.Logit(y, X).fit(disp=0, cov_type="HC0")
    fit._results.cov_params_default = fit.cov_params() * len(X) / (len(X) - X.shape[1])  # HC1

    def margin(params, year):
        return fit.model.predict(params, design(np.full(600, year))).mean()

    def errors(function):
        steps = 1e-4 / np.abs(X).max(axis=0)
        moved = steps * np.eye(len(steps))
        gradient = np.array([function(fit.params + h) - function(fit.params - h) for h in moved]) / (2 * steps)
        return np.sqrt(gradient @ fit.cov_params() @ gradient)

    table = result.table.set_index("year")
    p, se = margin(fit.params, 1980), errors(lambda params: margin(params, 1980))
    reach = Z * se / (p * (1 - p))
    logits = np.log(p / (1 - p)) + np.array([0, -reach, reach])
    expected = 1 / (1 + np.exp(-logits))
    assert table.loc[1980, ["adjusted", "ci_low", "ci_high"]].tolist() == pytest.approx(expected.tolist(), abs=1e-5)

    first, last = table.index[0], table.index[-1]
    rows = result.changes.set_index(["model", "first"])
    for start in (first, last - 20):
        difference = lambda params, start=start: 1000 / (last - start) * (margin(params, last) - margin(params, start))  # noqa: E731
        row, half = rows.loc[("adjusted", start)], Z * errors(difference)
        assert row["points_per_decade"] == pytest.approx(difference(fit.params), abs=1e-3)
        assert (row["ci_low"], row["ci_high"]) == pytest.approx(
            (difference(fit.params) - half, difference(fit.params) + half), abs=1e-2
        )
    tests = result.tests.set_index(["model", "test"])["p_value"]
    whole, curved = np.eye(len(fit.params))[1:4], np.eye(len(fit.params))[2:4]
    assert tests["adjusted", "no trend"] == pytest.approx(float(fit.wald_test(whole, scalar=True).pvalue), rel=1e-4)
    line = float(fit.wald_test(curved, scalar=True).pvalue)
    assert tests["adjusted", "a straight line"] == pytest.approx(line, rel=1e-4)


def test_a_known_trend_is_found():
    """Films of a genre that always passes less become more: nothing changes among alike films, the crude rate falls."""
    rng = np.random.default_rng(6)
    year = rng.integers(1960, 2021, 4000)
    war = rng.random(4000) < (year - 1950) / 80
    passes = rng.random(4000) < np.where(war, 0.3, 0.7)
    result = trend(pd.DataFrame({"year": year, "genres": np.where(war, "War", "Drama"), "passes": passes * 1.0}))
    whole = result.changes[result.changes["first"] == 1960].set_index("model")
    assert whole.loc["crude", "ci_low"] < -100 * 0.4 / 8 < whole.loc["crude", "ci_high"] < 0
    assert whole.loc["adjusted", "ci_low"] < 0 < whole.loc["adjusted", "ci_high"]
    p_values = result.tests.set_index(["model", "test"])["p_value"]
    assert p_values["crude", "no trend"] < 1e-6 and p_values["adjusted", "no trend"] > 0.05
    assert result.adjusted_for == ("genres",)


@pytest.mark.slow
def test_tests_keep_their_level():
    rng = np.random.default_rng(7)
    p_values = []
    for _ in range(100):
        films = pd.DataFrame({"year": rng.integers(1980, 2020, 400), "passes": rng.integers(0, 2, 400)})
        p_values += trend(films).tests["p_value"].tolist()
    assert (np.array(p_values) < 0.05).mean() < 0.12  # 200 tests, in pairs
    assert stats.kstest(p_values, "uniform").pvalue > 0.001


def test_gender_is_adjusted_for_if_asked(films):
    without, with_gender = trend(films), trend(films, gender=True)
    assert "cast_female_share" not in without.adjusted_for and "cast_female_share" in with_gender.adjusted_for
    assert without.adjusted_for == ("runtime", "budget", "genres", "language")
    assert with_gender.table["crude"].tolist() == without.table["crude"].tolist()
    bands = [result.table["ci_high"] - result.table["ci_low"] for result in (without, trend(films, conf_level=0.8))]
    assert (bands[0] > bands[1]).all()


def test_films_without_year_or_outcome_are_left_out_and_nothing_is_modified(films):
    holed = films.assign(year=films["year"].where(films.index >= 50), rating=films["rating"].where(films.index < 590))
    before = holed.copy()
    one, other = trend(holed), trend(holed.set_axis([0] * 600))
    pd.testing.assert_frame_equal(holed, before)
    assert one.n_films == one.table["n_films"].sum() == 540
    assert str(one.summary()) == str(other.summary())
    bare = trend(holed[["rating", "year"]])
    assert bare.table["adjusted"].isna().all() and bare.n_adjusted == 0 and set(bare.tests["model"]) == {"crude"}
    assert "No adjusted curve: no column tells these 540 films apart" in str(bare.summary())


def test_summary_prints_exactly_this(two_years):
    assert str(trend(two_years).summary()) == SUMMARY
    assert repr(trend(two_years)) == "Trend(2000-2010, 100 films, 0 complete)"


SUMMARY = """\
Pass rate by year
films                               100
of which complete                   0
crude, test of no trend             chi2(1) = 21.3, p < 0.001
crude, points per decade 2000-2010  +50.0 [+32.5, +67.5]
confidence level                    95%
years      n_films             pass_rate                 crude  adjusted
2000-2004       40  0.250 [0.142, 0.402]  0.341 [0.223, 0.483]
2010-2010       60  0.750 [0.628, 0.842]  0.750 [0.624, 0.844]
Rates are those of all films of a period; crude and adjusted are the curves in its middle.
No adjusted curve: no column tells these 100 films apart: all are empty or constant.
Associations in these films, not causes."""


def test_years_with_few_films_are_pooled():
    n_films = [10, 0, 20, 30, 29, 40, 2]
    years = np.repeat(np.arange(2000, 2007), n_films)
    points = trend(pd.DataFrame({"year": years, "passes": np.arange(len(years)) % 2})).points()
    assert points["n_films"].tolist() == [30, 30, 71]  # 29 is not enough; the last 2 join the group before
    assert points["year"].tolist() == pytest.approx([2000 + 4 / 3, 2003, (29 * 2004 + 40 * 2005 + 2 * 2006) / 71])
    assert points["pass_rate"].tolist() == [0.5, 0.5, 35 / 71]  # the first film of 61 to 131 fails
    low, _ = wilson([15, 15], [30, 30])
    assert points["ci_low"].tolist()[:2] == low.tolist()
    few = trend(pd.DataFrame({"year": [2000] * 3 + [2001] * 4, "passes": [0, 1, 1, 0, 1, 0, 1]})).points()
    assert few["n_films"].tolist() == [7]


@pytest.mark.parametrize("year", [[2000.0, 2000], [np.nan, np.nan], [2000, np.nan]])
def test_a_table_without_two_years_is_refused(year):
    films = pd.DataFrame({"year": year * 5, "passes": [1, 0, 0, 1, 0, 1, 1, 0, 0, 1]})
    with pytest.raises(FilmsError, match="^a trend needs films of two years or more: a column year, known for films"):
        trend(films)


def test_years_that_tell_the_outcome_are_told_and_the_curve_stays_between_0_and_1():
    films = pd.DataFrame({"year": np.repeat([1900, 2000, 2010], 20), "passes": np.repeat([0, 0, 1], 20)})
    with pytest.warns(FilmsWarning, match="the fit did not converge"):
        table = trend(films).table
    curves = table[["crude", "crude_ci_low", "crude_ci_high"]]
    assert curves.ge(0).all().all() and curves.le(1).all().all()


def test_other_tables_are_refused(two_years):
    with pytest.raises(FilmsError, match="with an outcome; this table has passes.$"):
        trend(two_years[["passes"]])
    with pytest.raises(FilmsError, match="no outcome: a column passes"):
        trend(two_years[["year"]])
    with pytest.raises(ValueError, match="conf_level must lie between 0 and 1; got 2"):
        trend(two_years, conf_level=2)
