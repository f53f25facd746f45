from dataclasses import fields
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from bechdel_stats.data.schema import checked
from bechdel_stats.describe.rates import pass_rates
from bechdel_stats.inference.comparison import odds_with_and_without_gender
from bechdel_stats.report.analyses import Analyses, Lack, analyse
from bechdel_stats.report.findings import findings
from bechdel_stats.words.language import Words
from bechdel_stats.words.messages import Message

FOR_ALL = ["How many pass"]


def made(**results):
    """Analyses of which only some results are there."""
    films = pd.DataFrame({"passes": np.repeat([1.0, 0.0], [81, 182])})  # Newcombe (1998): 81 of 263
    lack = Lack(Message("none"))
    lacking = {field.name: lack for field in fields(Analyses)} | {"rates": {"year": lack, "genres": lack}}
    return Analyses(**lacking | {"films": films} | results)


def said(language="en", **results):
    return dict(findings(made(**results), Words(language)))


def rates_of(by, *rows):
    """Rates of levels: name, number of films, rate; the interval is a tenth to each side."""
    table = pd.DataFrame(rows, columns=[by, "n_films", "pass_rate"])
    table = table.assign(ci_low=table["pass_rate"] - 0.1, ci_high=table["pass_rate"] + 0.1)
    return {"year": Lack(Message("none")), "genres": Lack(Message("none")), by: SimpleNamespace(table=table)}


def pair_of(*rows):
    """A pair: term, contrast, odds ratio with and without gender on one scale; marginal effects are not clear."""
    table = pd.DataFrame(rows, columns=["term", "contrast", "odds_ratio_with", "odds_ratio_rescaled"])
    for kind in ("with", "rescaled"):
        table[f"ci_low_{kind}"], table[f"ci_high_{kind}"] = table[f"odds_ratio_{kind}"] / 2, 9.0
    return SimpleNamespace(table=table, with_gender=effects_of())


def effects_of(*rows):
    """A model: term, contrast, marginal effect, half of its interval, p-value; the odds ratio is 2 [1 to 4]."""
    table = pd.DataFrame(rows, columns=["term", "contrast", "ame", "half", "p_value_fdr"])
    table = table.assign(ame_ci_low=table["ame"] - table["half"], ame_ci_high=table["ame"] + table["half"])
    return SimpleNamespace(table=table.assign(odds_ratio=2.0, ci_low=1.0, ci_high=4.0))


def measured(accuracy, auc):
    table = pd.DataFrame({"metric": ["auc", "accuracy"], "value": [auc, accuracy], "ci_low": 0.25, "ci_high": 0.875})
    return SimpleNamespace(table=table, passes=np.array([True, True, True, False]))


# ---- sentences of results made by hand


def test_where_nothing_can_be_computed_the_share_and_the_caution_stand():
    text = said()
    assert list(text) == FOR_ALL
    assert text["How many pass"] == "Of 263 films, 30.8% [25.5% to 36.6%] pass the test."
    assert said("fr")["Combien réussissent"] == (
        "Sur 263 films, 30,8\u00a0% [25,5\u00a0% à 36,6\u00a0%] réussissent le test."
    )


def test_scores_of_those_that_fail_are_shares_of_all_films():
    films = pd.DataFrame({"rating": np.repeat([3.0, 2, 1, 0, np.nan], [10, 5, 15, 10, 3])})
    films["passes"] = (films["rating"] == 3).astype(float).where(films["rating"].notna())
    assert said(films=films)["How many pass"] == (
        "Of 40 films, 25.0% [14.2% to 40.2%] pass the test. Among those that fail, score 1 is the most common, with "
        "37.5% [24.2% to 53.0%] of all films; score 0: 25.0% [14.2% to 40.2%]; score 2: 12.5% [5.5% to 26.1%]. "
        "Score 3 passes; score 2: the women talk, but only about a man; score 1: they do not talk to each other; score "
        "0: there are fewer than two."
    )


def test_the_first_and_the_last_decade_with_enough_films_are_compared():
    rows = [("1910s", 29, 0.2), ("1950s", 40, 0.3), ("1960s", 40, 0.9), ("2010s", 30, 0.6), ("unknown", 500, 0.1)]
    assert said(rates=rates_of("year", *rows))["Over time"] == (
        "30.0% [20.0% to 40.0%] of films from the 1950s pass, and 60.0% [50.0% to 70.0%] of those from the 2010s."
    )
    rows = [("1910s", 100, 0.2), *rows[1:], ("2020s", 100, 0.5)]
    assert said("fr", rates=rates_of("year", *rows))["Au fil du temps"] == (
        "20,0\u00a0% [10,0\u00a0% à 30,0\u00a0%] des films des années 1910 réussissent, et 50,0\u00a0% "
        "[40,0\u00a0% à 60,0\u00a0%] de ceux des années 2020."
    )


def test_the_change_of_the_last_years_takes_the_place_of_the_decades(trend_of):
    rates = rates_of("year", ("1950s", 40, 0.3), ("2010s", 30, 0.6))
    assert said(rates=rates, trend=trend_of(("crude", 2003, 2023, 4.0, 1.0, 7.0)))["Over time"] == (
        "From 2003 to 2023, the share of films that pass has risen by 4.0 [1.0 to 7.0] percentage points per decade."
    )


def test_one_decade_is_no_trend():
    rows = [("1950s", 40, 0.3), ("1960s", 29, 0.9), ("unknown", 500, 0.1)]
    assert list(said(rates=rates_of("year", *rows))) == FOR_ALL


def test_the_trend_among_films_that_are_alike_needs_a_curve_of_the_year_in_both_models():
    rates = rates_of("year", ("1950s", 100, 0.3), ("2010s", 100, 0.6))
    text = said(rates=rates, pair=pair_of(("year", "1986.25 -> 2011", 1.5, 3.0)))["Over time"]
    assert text.endswith(
        "in the other attributes of the model, the odds of passing in 2011 are 3.00 [1.50 to 9.00] times those in "
        "1986; among films that are also alike in cast and crew gender, 1.50 [0.75 to 9.00] times (both on one scale)."
    )
    for row in (("year", "+1", 1.5, 3.0), ("year", "1986.25 -> 2011", 1.5, np.nan), ("runtime", "90 -> 120", 1.5, 3.0)):
        assert said(rates=rates, pair=pair_of(row))["Over time"].endswith("of those from the 2010s.")


def test_two_genres_at_each_end_are_named_from_four_on():
    rows = [("War", 100, 0.2), ("Crime", 100, 0.3), ("Music", 150, 0.6), ("Romance", 200, 0.7), ("Sport", 99, 0.1)]
    rows += [("other (3 levels)", 400, 0.9), ("unknown", 400, 0.95)]
    assert said(rates=rates_of("genres", *rows))["Genres"] == (
        "Among genres with 100 films or more, the pass rate is lowest for War (20.0% [10.0% to 30.0%]) and Crime "
        "(30.0% [20.0% to 40.0%]) and highest for Romance (70.0% [60.0% to 80.0%]) and Music (60.0% [50.0% to 70.0%])."
    )
    few = [rows[0], rows[3], ("Sport", 30, 0.1), *rows[5:]]
    assert said(rates=rates_of("genres", *few))["Genres"] == (
        "Among genres with 100 films or more, the pass rate is lowest for War (20.0% [10.0% to 30.0%]) and highest "
        "for Romance (70.0% [60.0% to 80.0%])."
    )
    small = [("Sport", 30, 0.1), *rows[3:4]]
    assert said("fr", rates=rates_of("genres", *small))["Genres"] == (
        "Parmi les genres d'au moins 30 films, le taux de réussite est le plus bas pour «\u00a0Sport\u00a0» "
        "(10,0\u00a0% [0,0\u00a0% à 20,0\u00a0%]) et le plus élevé pour «\u00a0Romance\u00a0» "
        "(70,0\u00a0% [60,0\u00a0% à 80,0\u00a0%])."
    )
    assert list(said(rates=rates_of("genres", *rows[3:4], *rows[5:]))) == FOR_ALL


def test_odds_of_the_lowest_and_the_highest_genre_follow_where_both_models_have_them():
    rates = rates_of("genres", ("War", 100, 0.2), ("Romance", 200, 0.7))
    pair = pair_of(("genre_war", "1 against 0", 0.9, 0.5), ("genre_romance", "1 against 0", 1.2, np.nan))
    assert said("fr", rates=rates, pair=pair)["Genres"].endswith(
        ". «\u00a0Guerre\u00a0», par rapport à des films semblables par ailleurs\u00a0: rapport de cotes "
        "0,50 [0,25 à 9,00], et 0,90 [0,45 à 9,00] une fois la part des femmes (distribution et équipe) dans le modèle "
        "(les deux sur une même échelle)."
    )


def test_the_terms_that_are_clearest_are_named_whatever_their_unit():
    odds = effects_of(
        ("director_woman", "1 against 0", 10.0, 9.0, 0.03),
        ("cast_female_10", "+10 points", 8.0, 1.0, 0.001),  # the clearest: eight times half of its interval
        ("genre_war", "1 against 0", -6.0, 2.0, 0.01),
        ("budget_missing", "1 against 0", 30.0, 1.0, 0.001),  # says nothing of a film
        ("genre_crime", "1 against 0", -9.0, 1.0, 0.06),  # p too large
        ("genre_sport", "1 against 0", 9.0, 9.5, 0.01),  # the interval holds 0
        ("genre_music", "1 against 0", 5.0, 3.0, 0.04),
    )
    odds_ratio = "(odds ratio 2.00 [1.00 to 4.00])"
    difference = "is associated with a difference of"
    points = "percentage points in the probability of passing"
    assert said(odds=odds)["Strongest associations with passing"] == (
        f"With everything else in the model held equal: “Cast: +10 points of women” {difference} +8.0 [+7.0 to +9.0] "
        f"{points} {odds_ratio}; “War” {difference} \u22126.0 [\u22128.0 to \u22124.0] {points} {odds_ratio}; "
        f"“Music” {difference} +5.0 [+2.0 to +8.0] {points} {odds_ratio}."
    )


def test_the_model_with_gender_of_a_pair_is_read_and_none_may_stand_out():
    pair = pair_of()
    assert said(pair=pair, odds=None)["Strongest associations with passing"] == (
        "No attribute is significant after adjusting for multiple testing (false discovery rate 5%)."
    )
    pair.with_gender = effects_of(("genre_war", "1 against 0", -6.0, 2.0, 0.01))
    assert "“War”" in said(pair=pair, odds=None)["Strongest associations with passing"]


def test_predictions_are_held_against_the_commoner_answer():
    text = said("en", logistic=measured(0.75, 0.8), without_gender=None, trees=None)
    begun = text["How well unseen films are predicted"]
    assert begun == (
        "From what is known before release, the model is right for 75.0% [25.0% to 87.5%] of unseen films; always "
        "giving the more common answer would be right for 75.0% [30.1% to 95.4%]. Given a film that passes and one "
        "that fails, it gives the first the higher probability in 80.0% [25.0% to 87.5%] of pairs (AUC)."
    )
    more = {"logistic": measured(0.75, 0.8), "without_gender": measured(0.5, 0.625), "trees": measured(0.5, 0.5)}
    assert said(**more)["How well unseen films are predicted"] == begun + (
        " Without cast and crew gender or the plot summary: 62.5% [25.0% to 87.5%] of pairs."
        " Boosted trees: 50.0% [25.0% to 87.5%]."
    )


def types_of(reliable=True, n_films=40):
    table = pd.DataFrame({"name": ["Drama", "Horror; small budgets", "War", "Western", "Music"]})
    table = table.assign(n_films=[*[n_films] * 4, 1], pass_rate=[0.5, 0.75, 0.25, np.nan, 0.0], ci_low=0.125)
    return SimpleNamespace(table=table.assign(ci_high=0.875), n_types=5, reliable=reliable)


def test_types_are_named_by_their_rates_not_by_their_size_and_never_a_type_of_one_film():
    text = said("fr", types=types_of())["Types de films"]
    assert text == (
        "Sur 5 types de films, obtenus sans utiliser le résultat du test, «\u00a0Guerre\u00a0» a le taux de "
        "réussite le plus bas, 25,0\u00a0% [12,5\u00a0% à 87,5\u00a0%], et «\u00a0Horreur\u00a0; petits budgets\u00a0» "
        "le plus élevé, 75,0\u00a0% [12,5\u00a0% à 87,5\u00a0%]."
    )
    assert list(said(types=SimpleNamespace(table=types_of().table[["name"]], n_types=4))) == FOR_ALL


@pytest.mark.parametrize("doubtful", [{"reliable": False}, {"n_films": 29}])
def test_types_that_other_films_would_not_show_are_no_headline(doubtful):
    assert list(said(types=types_of(**doubtful))) == FOR_ALL
    assert list(said(types=types_of(n_films=30))) == [*FOR_ALL, "Types of films"]


# ---- of real results


@pytest.mark.slow
def test_the_summary_holds_the_figures_of_the_results(analyses, pages):
    rate = analyses.films["passes"].mean()
    evaluated = analyses.logistic.table.set_index("metric")
    cast = analyses.pair.with_gender.table.set_index("term").loc["cast_female_10"]
    genres = analyses.rates["genres"].table.query("n_films >= 30")
    english, french = (dict(findings(analyses, Words(language))) for language in ("en", "fr"))
    assert f"Of 250 films, {100 * rate:.1f}% [" in english["How many pass"]
    auc = "{value:.1%} [{ci_low:.1%} to {ci_high:.1%}]".format(**evaluated.loc["auc"])
    assert auc in english["How well unseen films are predicted"]
    accuracy = "right for {value:.1%} [{ci_low:.1%} to {ci_high:.1%}]".format(**evaluated.loc["accuracy"])
    assert accuracy in english["How well unseen films are predicted"]
    together = english["Strongest associations with passing"]
    shown = "difference of +{ame:.1f} [+{ame_ci_low:.1f} to +{ame_ci_high:.1f}] percentage points".format(**cast)
    assert f"“Cast: +10 points of women” is associated with a {shown}" in together
    assert "(odds ratio {odds_ratio:.2f} [{ci_low:.2f} to {ci_high:.2f}])".format(**cast) in together
    lowest = "lowest for {genres} ({pass_rate:.1%} [{ci_low:.1%} to {ci_high:.1%}])".format(**genres.iloc[0])
    assert lowest in english["Genres"]
    assert f"{100 * rate:.1f}".replace(".", ",") in french["Combien réussissent"]
    # and the page repeats them
    assert together in pages["en"].text and shown in pages["en"].text


@pytest.mark.slow
def test_shares_of_scores_add_up(analyses):
    counts = analyses.films["rating"].value_counts()
    text = dict(findings(analyses, Words("en")))["How many pass"]
    for score in range(3):
        assert f"{counts[score] / 250:.1%} [" in text
    assert f"score {counts.drop(3).idxmax():.0f} is the most common, with" in text


@pytest.mark.slow
def test_no_term_stands_out_where_nothing_goes_with_passing(few):
    rng = np.random.default_rng(1)
    text = dict(findings(analyse(checked(few.assign(passes=rng.integers(0, 2, 90)))), Words("en")))
    assert text["Strongest associations with passing"].startswith("No attribute is significant after")


@pytest.mark.slow
def test_the_summary_of_the_shared_films_is_the_published_one(shared):
    columns = ["score", "year", "genres", "cast_female_share", "director_female_share", "writer_female_share"]
    films = checked(pd.read_csv(shared / "films" / "films.csv.gz", usecols=columns))
    lacking = dict.fromkeys(field.name for field in fields(Analyses))
    rates = {by: pass_rates(films, by) for by in ("year", "genres")}
    some = lacking | {"films": films, "rates": rates, "pair": odds_with_and_without_gender(films)}
    text = dict(findings(Analyses(**some), Words("fr")))
    assert text["Combien réussissent"].startswith("Sur 7\u202f913 films, 57,2\u00a0% [56,1\u00a0% à 58,3\u00a0%]")
    assert "le plus bas pour «\u00a0Western\u00a0» (23,0\u00a0% [16,5\u00a0% à 31,1\u00a0%])" in text["Genres"]
    assert "Distribution\u00a0: +10 points de femmes" in text["Associations les plus nettes avec la réussite"]
