import re
import warnings

import numpy as np
import pandas as pd
import pytest

from bechdel_stats.data.schema import checked
from bechdel_stats.inference.formulas import (
    complete_rows,
    default_formula,
    films_of_formula,
    inference_columns,
    model_matrix,
    odds_terms,
    refuse_text,
    right_side,
)
from bechdel_stats.inference.regression import odds_ratios
from bechdel_stats.prediction.model import fit_model
from bechdel_stats.words.messages import FilmsError, FilmsWarning


def row_of(result, term):
    return result.table.set_index("term").loc[term]


# ---- the default formula by hand


@pytest.fixture
def sixty():
    """Sixty films, half of which pass, with a bit of everything; every third budget is not known."""
    number = np.arange(60)
    return pd.DataFrame(
        {
            "year": np.linspace(1950, 2010, 60).round(),
            "runtime": np.tile([60.0, 80, 100, 120, 150], 12),
            "budget": np.where(number % 3 == 0, np.nan, 10.0 ** (5 + number % 2)),
            "genres": np.tile(["War", "Drama", "Drama|War", "Comedy", "Sport"], 12),
            "language": np.tile(["en", "fr"], 30),
            "cast_female_share": number % 7 / 10,
            "imdb_rating": 5.0 + number % 4,
            "passes": (number % 4 < 2) * 1.0,
        }
    )


def formula_of(films, **options):
    """The default formula without its left side, and what was pooled and left out."""
    films = checked(films)
    formula, _, pooled, left_out = default_formula(inference_columns(films), films["passes"], **options)
    assert formula.startswith("passes ~ ")
    return formula.removeprefix("passes ~ "), pooled, left_out


BASICS = (
    "rcs(year, (1970, 1992, 2004)) + rcs(runtime, (75, 95, 110, 140)) + log10_budget + budget_missing"
    " + genre_drama + genre_war + genre_other + language_fr"
)


def test_the_default_formula_of_a_small_table(sixty):
    # 1935 and 2016 are knots of the year outside of the data; Comedy and Sport have six films of each outcome
    pooled = ("genre_comedy", "genre_sport")
    lacking = ("director_female_share", "writer_female_share")
    assert formula_of(sixty) == (f"{BASICS} + cast_female_10", pooled, lacking)
    assert formula_of(sixty, gender=False) == (BASICS, pooled, ())
    after = f"{BASICS} + cast_female_10 + imdb_rating"
    assert formula_of(sixty, pre_release=False) == (after, pooled, (*lacking, "imdb_votes"))


def test_knots_outside_of_the_data_and_too_few_of_them(sixty):
    assert formula_of(sixty.assign(year=sixty["year"] + 60))[0].startswith("year + rcs(")  # 2010 to 2070: one inside
    assert formula_of(sixty.assign(runtime=np.tile([70.0, 115, 141], 20)))[0].split(" + ")[1] == "runtime"  # 3 values
    some = np.tile([70.0, 115, 120, 139], 15)
    assert formula_of(sixty.assign(runtime=some))[0].split(" + ")[1] == "rcs(runtime, (75, 95, 110))"


def test_what_tells_nothing_is_left_out_of_the_default_formula(sixty):
    bare = sixty.assign(budget=1e6, year=2000, language="en", cast_female_share=np.nan)
    formula, _, left_out = formula_of(bare)
    assert formula == "rcs(runtime, (75, 95, 110, 140)) + genre_drama + genre_war + genre_other"
    assert left_out == ("cast_female_share", "director_female_share", "writer_female_share", "year", "budget")


def test_terms_that_enter_default_formulas():
    assert odds_terms("basics") == ("year", "runtime", "log10_budget", "budget_missing")
    assert odds_terms("gender") == ("cast_female_10", "director_woman", "writer_woman")
    assert odds_terms("reception") == ("imdb_rating", "log10_imdb_votes") and odds_terms("text") == ()


def test_a_missing_budget_is_the_median_one(sixty):
    columns = inference_columns(checked(sixty.assign(budget=[np.nan, 1e5, 1e6, 1e8] * 15)))
    assert columns["log10_budget"].tolist() == [6, 5, 6, 8] * 15
    assert columns["budget_missing"].tolist() == [1, 0, 0, 0] * 15
    assert inference_columns(checked(sixty.drop(columns="budget")))["log10_budget"].isna().all()


def test_films_of_a_formula_are_those_that_have_all_it_names(sixty):
    sixty.loc[[0, 1], "runtime"] = np.nan
    sixty.loc[[1, 2], "passes"] = np.nan
    sixty["own"] = np.where(sixty.index == 3, np.nan, 1.0)
    found = films_of_formula(checked(sixty), "passes ~ half_hour + own", "passes", gender=True, pre_release=True)
    assert found.terms == "half_hour + own"
    assert np.flatnonzero(~found.complete).tolist() == [0, 1, 2, 3]
    assert found.dropped == {"passes": 2, "runtime": 2, "own": 1}
    assert found.pooled == found.left_out == ()


def test_complete_rows_by_hand():
    columns = pd.DataFrame({"half_hour": [1, np.nan, 3, 4], "log_words": [np.nan, np.nan, 1, 1], "own": np.nan})
    outcome = pd.Series([1.0, 0, np.nan, 1], name="passes")
    complete, dropped = complete_rows(columns, "half_hour + np.exp(log_words)", outcome)
    assert complete.tolist() == [False, False, False, True]
    assert list(dropped.items()) == [("passes", 1), ("runtime", 1), ("overview", 2)]  # under the names of the table


# ---- formulas of one's own


@pytest.mark.parametrize(
    "formula, outcome, right",
    [
        ("passes ~ year", "passes", "year"),
        ("  rating~genre_war + C(year) ", "rating", "genre_war + C(year)"),
        ("passes ~ imdb_rating + passes_2", "passes", "imdb_rating + passes_2"),  # the outcome is in no word of these
    ],
)
def test_the_right_side_of_a_formula(formula, outcome, right):
    assert right_side(formula, outcome) == right


@pytest.mark.parametrize(
    "formula, outcome, message",
    [
        ("passes ~ year", "rating", "formula 'passes ~ year': it must read `rating ~ term + term`."),
        ("passes year", "passes", "formula 'passes year': it must read `passes ~ term + term`."),
        ("", "passes", "formula '': it must read `passes ~ term + term`."),
        (10_001 * "x", "passes", "a formula of 10001 characters; at most 10000 are read."),
        (
            "passes  ~  year + (2 3)",
            "passes",
            "formula 'passes  ~  year + (2 3)': at character 20, '2 3)': something is missing, too many or out of "
            "place here.",
        ),
        (
            "passes ~ year ~ runtime",
            "passes",
            "formula 'passes ~ year ~ runtime': at character 15, '~': not part of a formula, which holds columns, "
            "numbers, functions and + - * / : ** ( ).",
        ),
        ("passes ~  ", "passes", "formula 'passes ~  ': it must read `passes ~ term + term`."),
        ("~ year", "passes", "formula '~ year': it must read `passes ~ term + term`."),
        (
            "passes ~ year + np.log(rating)",
            "passes",
            "formula 'passes ~ year + np.log(rating)': rating is the outcome. Leave it out of the right-hand side.",
        ),
        (
            "passes ~ ｒating",  # the same name to Python
            "passes",
            "formula 'passes ~ ｒating': rating is the outcome. Leave it out of the right-hand side.",
        ),
        (
            "rating ~ Q('passes')",
            "rating",
            "formula \"rating ~ Q('passes')\": passes is the outcome. Leave it out of the right-hand side.",
        ),
    ],
)
def test_a_right_side_that_is_none_is_refused(formula, outcome, message):
    with pytest.raises(FilmsError, match=f"^{re.escape(message)}$"):
        right_side(formula, outcome)


def test_a_text_column_named_like_a_function_is_not_in_the_formula():
    films = pd.DataFrame({"rcs": ["A"], "year": [2000.0]})
    refuse_text("rcs(year, (1, 2, 3))", films, films[["year"]])


def test_text_columns_are_refused_but_not_those_that_a_number_stands_for():
    films = pd.DataFrame({"studio": ["A"], "year": [2000.0], "genres": ["War"]})
    refuse_text("year + genre_war", films, films[["year"]].assign(genre_war=1.0))
    with pytest.raises(FilmsError, match=r"^studio is text: make .*, such as \(films\['studio'\] == value\) \* 1\.$"):
        refuse_text("year + C(studio)", films, films[["year"]])


@pytest.mark.parametrize("right", ["rating + passes", "passes + rating"])
def test_of_two_outcomes_on_the_right_the_first_in_the_alphabet_is_named(right):
    with pytest.raises(FilmsError, match=": passes is the outcome"):
        right_side(f"rating ~ {right}", "rating")


def test_the_matrix_of_a_formula_by_hand_and_what_it_refuses():
    columns = pd.DataFrame({"a": [1.0, 2, 3, 5], "b": [1.0, 0, 0, 1], "twice": [2.0, 4, 6, 10]})
    assert np.asarray(model_matrix("a + b", columns)).tolist() == [[1, 1, 1], [1, 2, 0], [1, 3, 0], [1, 5, 1]]
    for formula in ("0 + a", "a - 1", "1"):
        message = f"formula '{formula}': it needs the intercept and a term. Leave `0`, `- 1` or a lone `1` out."
        with pytest.raises(FilmsError, match=f"^{re.escape(message)}$"):
            model_matrix(formula, columns)
    with pytest.raises(FilmsError, match="^3 films are complete, and the formula has 3 columns: too few films for it"):
        model_matrix("a + b", columns.head(3))
    with pytest.raises(FilmsError, match="^column (a|twice) is a linear combination of the others"):
        model_matrix("a + twice", columns)


def test_a_column_is_wide_beyond_a_standard_deviation_of_ten_thousand():
    columns = pd.DataFrame({"dollars": [-10_000.0, 10_000, 10_000, -10_000]})
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        model_matrix("dollars", columns)
    with pytest.warns(FilmsWarning, match="^column dollars varies by 1e.04: its odds ratio per unit reads 1.000"):
        model_matrix("dollars", 1.001 * columns)


# ---- through odds ratios


def test_raw_dollars_are_called_out_and_the_default_has_their_logarithm(films, default_odds):
    with pytest.warns(
        FilmsWarning, match="column budget varies by 2e.07: its odds ratio per unit reads 1.000. Use a log"
    ):
        odds_ratios(films, "passes ~ budget")
    row = row_of(default_odds, "log10_budget")
    assert row["contrast"] == "x 10" and 0.7 < row["odds_ratio"] < 1.4


def test_missing_budgets_keep_their_films_and_get_a_term(films, default_odds):
    result = default_odds
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
    assert "or the reference level): genre_western." in str(result.summary())


def test_votes_only_after_release_and_the_rating_about_itself_never(films, default_odds):
    leaky = films.assign(dubious=(films["rating"] == 3).astype(int), score_2023=films["rating"], bechdel_id=films.index)
    before, after = odds_ratios(leaky), odds_ratios(leaky, pre_release=False)
    assert set(after.table["term"]) - set(before.table["term"]) == {"imdb_rating", "log10_imdb_votes"}
    for result in (before, after):
        assert not re.search("dubious|score|bechdel", result.formula)
    assert before.table.equals(default_odds.table)
    for outcome in ("rating", "passes"):
        with pytest.raises(FilmsError, match=f"{outcome} is the outcome. Leave it out of the right-hand side"):
            odds_ratios(films, f"passes ~ genre_war + {outcome}")


def test_empty_and_constant_columns_are_named(films):
    bare = films.assign(runtime=np.nan, year=2000, genres="Drama", writer_female_share=0.0).drop(columns="language")
    result = odds_ratios(bare)
    assert set(result.left_out) == {"runtime", "year", "genre_drama", "writer_female_share", "language"}
    assert "Left out (empty, constant or nearly so, or the reference level): " in str(result.summary())
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
        FilmsError, match="column (age|same|year) is a linear combination of the others .or is constant.: leave"
    ):
        odds_ratios(table, formula)


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


def test_default_odds_do_not_mind_columns_named_like_functions(films, default_odds):
    named = films.assign(
        rcs=films["imdb_votes"].where(films.index > 9), np=1.5, C=films.index, I="text", log=films.index
    )
    result = odds_ratios(named)
    pd.testing.assert_frame_equal(result.table, default_odds.table)
    assert result.dropped == default_odds.dropped and result.left_out == default_odds.left_out


def test_a_column_of_the_table_is_used_in_formulas_default_models_and_predictions(films):
    """Genres unknown, but a column of their own: the odds ratio is that of its four counts."""
    own = pd.DataFrame({"genre_horror": np.repeat([0, 0, 1, 1], [40, 56, 45, 29])})
    own["passes"] = np.repeat([0, 1, 0, 1], [40, 56, 45, 29])
    for result in (odds_ratios(own, "passes ~ genre_horror"), odds_ratios(own)):
        row = result.table.iloc[0]
        assert (row["term"], row["n_films"], row["n_passes"]) == ("genre_horror", 74, 29)
        assert row["odds_ratio"] == pytest.approx(40 * 29 / (56 * 45))
    model = fit_model(films)
    plain = films.drop(columns="genres")
    horror = films["genres"].str.contains("Horror") * 1
    with_own, without = model.predict_proba(plain.assign(genre_horror=horror)), model.predict_proba(plain)
    assert (np.abs(with_own - without).max(axis=1) > 1e-3).any()


def test_a_column_of_the_table_is_not_known_by_its_own_name(films):
    own = films.assign(genre_horror=np.where(films.index < 7, np.nan, films["genres"].str.contains("Horror")))
    assert odds_ratios(own, "passes ~ genre_horror").dropped == {"genre_horror": 7}


def test_a_text_column_with_the_name_of_ours_is_refused_in_a_formula_and_ignored_elsewhere(films):
    own = films.assign(genre_horror=np.where(films["genres"].str.contains("Horror"), "oui", "non"))
    with pytest.raises(FilmsError, match="^genre_horror is text: make columns of 0 and 1 of it"):
        odds_ratios(own, "passes ~ genre_horror")
    assert odds_ratios(own).table.equals(odds_ratios(films).table)


def test_a_column_of_complex_numbers_is_refused_in_a_formula(films):
    own = films.assign(x=np.arange(len(films)) * 1j)
    message = r"^x holds complex numbers: make real ones of them, such as films\['x'\].abs\(\).$"
    with pytest.raises(FilmsError, match=message):
        odds_ratios(own, "passes ~ x")
    assert odds_ratios(own).table.equals(odds_ratios(films).table)


def test_a_log_budget_of_the_table_is_not_filled(films):
    own = films.drop(columns="budget").assign(log10_budget=np.log10(films["budget"]))
    result = odds_ratios(own, "passes ~ log10_budget")
    assert result.n_films == films["budget"].notna().sum() and "budget_missing" not in set(
        odds_ratios(own).table["term"]
    )
