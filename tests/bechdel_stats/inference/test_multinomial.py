"""The multinomial model on its own: ratios of counts, and statsmodels."""

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
from statsmodels.stats.multitest import multipletests

from bechdel_stats.inference.multinomial import multinomial_odds_ratios
from bechdel_stats.inference.ordinal import ordinal_odds_ratios
from bechdel_stats.words.messages import FilmsError, FilmsWarning


def graded(war, drama):
    """Films of War and of Drama with these counts of the ratings 0-3."""
    rating = [*np.repeat(range(4), war), *np.repeat(range(4), drama)]
    return pd.DataFrame({"genres": ["War"] * sum(war) + ["Drama"] * sum(drama), "rating": rating})


def test_ratios_of_counts_by_hand():
    result = multinomial_odds_ratios(graded([40, 30, 20, 10], [20, 20, 25, 35]), "rating ~ genre_war", 0.9)
    assert result.table["score"].tolist() == [1, 2, 3] and result.lowest == 0
    expected = [30 * 20 / (40 * 20), 20 * 20 / (40 * 25), 10 * 20 / (40 * 35)]
    assert result.table["odds_ratio"].tolist() == pytest.approx(expected, rel=1e-5)
    woolf = [np.sqrt(1 / 40 + 1 / 20 + 1 / a + 1 / b) for a, b in ((30, 20), (20, 25), (10, 35))]
    half = np.log(result.table["ci_high"] / result.table["ci_low"]) / 2
    assert half.tolist() == pytest.approx((1.6448536269514722 * np.array(woolf)).tolist(), rel=1e-4)
    shown = str(result.summary())
    assert shown.startswith("Relative risk ratios of each score against 0\nfilms                     200\n")
    assert repr(result) == "MultinomialResult(1 terms, 200 films)" and result._repr_html_().count("<tr>") == 4


def test_the_model_is_that_of_statsmodels(films):
    table = multinomial_odds_ratios(films, "rating ~ genre_war + cast_female_10").table
    X = np.column_stack([np.ones(600), films["genres"].str.contains("War"), 10 * films["cast_female_share"]])
    theirs = sm.MNLogit(films["rating"].to_numpy(), X.astype(float)).fit(disp=0)
    for number, term in ((1, "genre_war"), (2, "cast_female_10")):
        own = table[table["term"] == term]
        assert np.log(own["odds_ratio"]).tolist() == pytest.approx(theirs.params[number].tolist(), abs=1e-5)
        assert own["p_value"].tolist() == pytest.approx(theirs.pvalues[number].tolist(), abs=1e-5)
    assert table["p_value_fdr"].tolist() == pytest.approx(multipletests(table["p_value"], method="fdr_bh")[1])


def test_it_is_the_one_beside_an_ordinal_model_that_does_not_fit(films):
    uneven = graded(war=[60, 60, 10, 60], drama=[40, 40, 90, 40])
    ordinal = ordinal_odds_ratios(uneven, "rating ~ genre_war")
    table = multinomial_odds_ratios(uneven, "rating ~ genre_war").table
    pd.testing.assert_frame_equal(ordinal.multinomial, table.drop(columns="p_value_fdr"))


def test_the_default_formula_and_what_is_left_out(films):
    holed = films.assign(runtime=films["runtime"].where(films.index >= 10))
    result = multinomial_odds_ratios(holed, gender=False)
    assert result.dropped == {"runtime": 10} and "10 of 600 films are left out. Not known: runtime" in str(
        result.summary()
    )
    assert "cast_female_10" not in set(result.table["term"]) and result.converged


def test_a_fit_without_an_end_says_so():
    with pytest.warns(FilmsWarning, match="the fit did not converge: do not use its estimates"):
        assert not multinomial_odds_ratios(graded([60, 0, 0, 60], [40, 40, 40, 40]), "rating ~ genre_war").converged


def test_rubbish(films):
    with pytest.raises(ValueError, match="conf_level must lie between 0 and 1; got 95"):
        multinomial_odds_ratios(films, conf_level=95)
    with pytest.raises(FilmsError, match="with 2 different ratings; 3 or 4 are needed"):
        multinomial_odds_ratios(films[films["rating"].isin([0, 3])])
