from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
from statsmodels.miscmodels.ordinal_model import OrderedModel

from bechdel_stats.inference.ordinal import ordinal_odds_ratios
from bechdel_stats.words.messages import FilmsError, FilmsWarning

FORMULA = "rating ~ genre_war + cast_female_10 + director_woman"


def graded(war, drama):
    """Films of War and of Drama with these counts of the ratings 0-3."""
    return pd.DataFrame(
        {
            "genres": ["War"] * sum(war) + ["Drama"] * sum(drama),
            "rating": [*np.repeat(range(4), war), *np.repeat(range(4), drama)],
        }
    )


@pytest.fixture(scope="module")
def uneven():
    """War goes with the lowest step by e^-1.5 and with the others not at all."""
    rng = np.random.default_rng(4)
    n = 1500
    war, year = rng.integers(0, 2, n), rng.integers(1950, 2020, n)
    first = rng.random(n) < 1 / (1 + np.exp(-1.5 + 1.5 * war))
    rating = np.where(first, rng.integers(1, 4, n), 0)
    return pd.DataFrame({"genres": np.where(war == 1, "War", "Drama"), "year": year, "rating": rating})


@pytest.fixture(scope="module")
def three_terms(films):
    return ordinal_odds_ratios(films, FORMULA)


def test_where_the_models_of_the_steps_contradict_each_other_brants_test_is_not_available():
    """Six random columns and 24 films: the chances of two steps cross, and no covariance of their slopes is left."""
    names = list("abcdef")
    table = pd.DataFrame(np.random.default_rng(0).normal(size=(24, 6)), columns=names).assign(rating=np.arange(24) % 4)
    result = ordinal_odds_ratios(table, f"rating ~ {' + '.join(names)}")
    assert np.isnan(result.brant[0]) and result.brant[1] == 12 and np.isnan(result.brant[2])
    assert result.proportional and result.multinomial is None
    assert dict(result.summary().header)["Brant's test of proportional odds"] == "not available"
    assert np.isfinite(result.table[["odds_ratio", "odds_ratio_1", "odds_ratio_2", "odds_ratio_3"]]).all(axis=None)


def test_the_ordinal_model_is_that_of_statsmodels(films, three_terms):
    X = np.column_stack(
        [films["genres"].str.contains("War"), 10 * films["cast_female_share"], films["director_female_share"]]
    ).astype(float)
    theirs = OrderedModel(films["rating"].to_numpy(), X, distr="logit").fit(method="bfgs", disp=0, gtol=1e-8)
    ours = three_terms.table
    assert np.log(ours["odds_ratio"]).tolist() == pytest.approx(theirs.params[:3], abs=1e-4)
    assert np.log(ours["ci_low"]).tolist() == pytest.approx(theirs.conf_int()[:3, 0], abs=1e-4)
    assert np.log(ours["ci_high"]).tolist() == pytest.approx(theirs.conf_int()[:3, 1], abs=1e-4)
    assert ours["p_value"].tolist() == pytest.approx(theirs.pvalues[:3], abs=1e-4)


def test_the_ratio_of_each_step_is_that_of_its_own_logit(films):
    table = ordinal_odds_ratios(films, "rating ~ cast_female_10").table
    X = sm.add_constant(10 * films["cast_female_share"].to_numpy())
    for score in (1, 2, 3):
        own = sm.Logit((films["rating"] >= score).astype(float).to_numpy(), X).fit(disp=0)
        slope = own.params[1]
        assert np.log(table[f"odds_ratio_{score}"][0]) == pytest.approx(slope, abs=1e-6)
        ends = np.log(table.loc[0, [f"ci_low_{score}", f"ci_high_{score}"]].astype(float))
        assert ends.tolist() == pytest.approx(own.conf_int()[1].tolist(), abs=1e-6)


def test_proportional_odds_are_not_rejected_and_the_truth_is_found(films):
    result = ordinal_odds_ratios(films.drop(columns=["language", "budget", "runtime"]))
    assert result.proportional and result.brant[2] > 0.05 and result.multinomial is None
    assert result.table["p_value_fdr_brant"].min() > 0.05 and result.converged
    table = result.table.set_index("term")
    for term, log_odds in (("cast_female_10", 0.4), ("genre_war", -1.0)):
        assert table.loc[term, "ci_low"] < np.exp(log_odds) < table.loc[term, "ci_high"]
    assert "odds proportional" in repr(result) and "not proportional" not in str(result.summary())


def test_a_violated_term_is_found_and_only_it(uneven):
    result = ordinal_odds_ratios(uneven, "rating ~ genre_war + year")
    assert not result.proportional and "odds not proportional" in repr(result)
    table = result.table.set_index("term")
    assert table.loc["genre_war", "brant_p_value"] < 1e-4 and table.loc["year", "brant_p_value"] > 0.05
    war = table.loc["genre_war", ["odds_ratio_1", "odds_ratio_2", "odds_ratio_3"]].astype(float)
    assert war["odds_ratio_1"] == pytest.approx(np.exp(-1.5), rel=0.25) and war.is_monotonic_increasing
    assert "read these three, or `.multinomial`, not the common odds ratio" in str(result.summary())


def test_the_multinomial_has_the_ratios_of_each_table(uneven):
    result = ordinal_odds_ratios(uneven, "rating ~ genre_war")
    counts = pd.crosstab(uneven["genres"], uneven["rating"])
    assert result.multinomial["score"].tolist() == [1, 2, 3]
    for row in result.multinomial.itertuples():
        a, b = counts.loc["War", [row.score, 0]]
        c, d = counts.loc["Drama", [row.score, 0]]
        assert row.odds_ratio == pytest.approx(a * d / (b * c), rel=1e-5)
        half = 1.959963984540054 * np.sqrt(1 / a + 1 / b + 1 / c + 1 / d)  # Woolf
        assert np.log(row.ci_high / row.odds_ratio) == pytest.approx(half, rel=1e-4)


def test_a_multinomial_without_an_end_is_left_out_and_said():
    films = graded(war=[60, 0, 0, 60], drama=[40, 40, 40, 40])  # never 1 or 2 in War: its ratios are 0
    with pytest.warns(FilmsWarning, match="multinomial fit did not converge and is left out"):
        result = ordinal_odds_ratios(films, "rating ~ genre_war")
    assert result.multinomial is None and not result.proportional


def test_summary_prints_exactly_this():
    result = ordinal_odds_ratios(graded(war=[40, 30, 20, 10], drama=[20, 20, 25, 35]), "rating ~ genre_war")
    assert str(result.summary()) == SUMMARY
    assert result._repr_html_().startswith(result.summary()._repr_html_())
    assert repr(result) == "OrdinalResult(1 terms, 200 films, odds proportional)"


SUMMARY = """\
Odds ratios of a higher score
films                              200
left out, missing values           0
converged                          yes
Brant's test of proportional odds  chi2(2) = 2.0, p = 0.375
term       contrast            odds_ratio  p_value       odds_ratio_1       odds_ratio_2       odds_ratio_3  p_value_brant  p_value_fdr_brant
genre_war  1 against 0  0.29 [0.17, 0.49]   <0.001  0.38 [0.20, 0.71]  0.29 [0.16, 0.51]  0.21 [0.10, 0.45]          0.375              0.375
odds_ratio_1, _2, _3: of reaching that score, each from its own model.
Associations in these films, not causes."""  # noqa: E501


def test_what_was_left_out_pooled_and_not_known_is_shown(films):
    holed = films.assign(runtime=films["runtime"].where(films.index >= 10), year=2000)
    result = ordinal_odds_ratios(holed)
    assert result.dropped == {"runtime": 10} and result.n_dropped == 10 and result.n_films == 590
    assert "year" in result.left_out and "genre_horror" in result.pooled  # horror: fewer than ten rated 2
    shown = str(result.summary())
    assert "Not known: runtime in 10 films." in shown and "pooled: genre_horror, genre_romance, language_ja." in shown
    assert "or the reference level): year." in shown
    assert shown.endswith("Associations in these films, not causes.")


def test_films_are_not_modified_and_twice_is_the_same(films, three_terms):
    before = films.copy()
    one, other = str(three_terms.summary()), str(ordinal_odds_ratios(films, FORMULA).summary())
    pd.testing.assert_frame_equal(films, before)
    assert one == other == str(ordinal_odds_ratios(films.set_axis([0] * len(films)), FORMULA).summary())


def test_three_ratings_will_do(films):
    table = ordinal_odds_ratios(films[films["rating"] != 2], "rating ~ genre_war").table
    assert {"odds_ratio_1", "odds_ratio_3"} <= set(table) and "odds_ratio_2" not in table


def test_raw_dollars_are_called_out(films):
    with pytest.warns(FilmsWarning, match="column budget varies by 2e.07"):
        ordinal_odds_ratios(films, "rating ~ budget")


@pytest.mark.parametrize(
    "change, formula, message",
    [
        (lambda films: films.drop(columns="rating"), None, "a column rating .0-3. is needed"),
        (lambda films: films[films["rating"].isin([0, 3])], FORMULA, "with 2 different ratings; 3 or 4 are needed"),
        (lambda films: films, "passes ~ year", "it must read `rating ~ term . term`"),
        (lambda films: films, "rating ~ passes", "passes is the outcome"),
        (lambda films: films.assign(same=3.0), "rating ~ same + year", "column same is a linear combination"),
        (lambda films: films.assign(age=1 - films["year"]), "rating ~ age + year", "column .* is a linear combination"),
        (lambda films: films.assign(top=films["rating"] == 3), "rating ~ top", "top: all or none of their films reach"),
        (
            lambda films: films.head(5).assign(rating=[0, 1, 2, 3, 0]),
            FORMULA + " + year + runtime",
            "5 films are complete, and the formula has 6 columns: too few films",
        ),
        (lambda films: films.head(0), None, "column rating holds no value in 0 rows"),
    ],
)
def test_tables_that_cannot_be_used(films, change, formula, message):
    with pytest.raises(FilmsError, match=message):
        ordinal_odds_ratios(change(films), formula)


def test_rubbish_level(films):
    with pytest.raises(ValueError, match="conf_level must lie between 0 and 1; got 95"):
        ordinal_odds_ratios(films, FORMULA, 95)


def test_a_fit_that_does_not_converge_says_so(films, monkeypatch):
    fit = OrderedModel.fit
    monkeypatch.setattr(OrderedModel, "fit", lambda self, maxiter, **options: fit(self, maxiter=1, **options))
    with pytest.warns(FilmsWarning, match="the ordinal fit did not converge: do not use its estimates"):
        assert not ordinal_odds_ratios(films, FORMULA).converged


def test_a_level_that_separates_a_step_is_left_out_of_the_default_and_said(films):
    rare = films.assign(genres=films["genres"].where(films["rating"] != 0, "Drama"))  # only dramas have no two women
    result = ordinal_odds_ratios(rare.drop(columns=["language", "budget", "runtime"]), gender=False)
    assert {"genre_war", "genre_horror"} <= {*result.left_out, *result.pooled}
    assert not result.table["term"].isin(["genre_war", "genre_horror"]).any()


def test_eight_threads_fit_as_one_does(films):
    parts = [films.sample(200, random_state=number) for number in range(8)]
    serial = [ordinal_odds_ratios(part, FORMULA).table for part in parts]
    with ThreadPoolExecutor(8) as pool:
        tables = list(pool.map(lambda part: ordinal_odds_ratios(part, FORMULA).table, parts))
    for table, expected in zip(tables, serial):
        pd.testing.assert_frame_equal(table, expected, check_exact=True)
