import numpy as np
import pandas as pd
import pytest

from bechdel_stats.describe.rates import pass_rates
from bechdel_stats.words.messages import FilmsError


def test_rates_by_hand_and_as_printed(table):
    films = table(("War", 10, 30), ("Drama|Romance", 30, 10), (None, 1, 1))
    films.loc[len(films)] = ["War", np.nan]
    rates = pass_rates(films, "genres")
    assert rates.table["n_films"].tolist() == [40, 40, 40, 2]
    assert rates.table["n_passes"].tolist() == [10, 30, 30, 1]
    assert repr(rates) == "PassRates(by='genres', 4 levels, n_films=82)"
    assert str(rates.summary()) == (
        "Pass rate by genres\n"
        "films                  82\n"
        "left out (no outcome)  1\n"
        "confidence level       0.95\n"
        "genres   n_films  n_passes  pass_rate  ci_low  ci_high\n"
        "War           40        10      0.250   0.142    0.402\n"
        "Drama         40        30      0.750   0.598    0.858\n"
        "Romance       40        30      0.750   0.598    0.858\n"
        "unknown        2         1      0.500   0.095    0.905\n"
        "A film counts in each of its genres, so the rows overlap."
    )
    assert rates._repr_html_() == rates.summary()._repr_html_()


def test_rates_are_those_of_genres_unless_another_column_is_named(table):
    films = table(("War", 10, 30), ("Drama", 30, 10))
    assert str(pass_rates(films).summary()) == str(pass_rates(films, "genres").summary())
    with pytest.raises(FilmsError, match="^no column genres; this table has passes.$"):
        pass_rates(films[["passes"]])


def test_complex_numbers_are_levels_as_they_stand():
    films = pd.DataFrame({"x": [1j, 2j] * 2, "passes": [1, 0, 0, 0]})
    assert pass_rates(films, "x", min_films=1).table["x"].tolist() == ["2j", "1j"]


def test_small_levels_are_pooled_and_a_film_with_two_of_them_counts_once(table):
    films = table(("War", 20, 20), ("Music|Western", 2, 1), ("Music", 0, 4), ("Sport", 1, 0))
    rates = pass_rates(films, "genres", min_films=10)
    assert rates.table["genres"].tolist() == ["War", "other (3 levels)"]
    assert rates.table[["n_films", "n_passes"]].to_numpy().tolist() == [[40, 20], [8, 3]]
    assert rates.notes[-2:] == (
        "3 levels with fewer than 10 films are pooled.",
        "min_films=1 (--min-films 1) shows each of them.",
    )
    each = pass_rates(films, "genres", min_films=1).table
    assert each["n_films"].tolist() == [7, 40, 3, 1]


def test_one_small_level_keeps_its_name(table):
    rates = pass_rates(table(("War", 20, 20), ("Sport", 1, 0)), "genres")
    assert rates.table["genres"].tolist() == ["War", "Sport"] and len(rates.notes) == 1


def test_years_come_as_decades_and_periods_in_their_order():
    films = pd.DataFrame({"year": [2021, 1999, 1990, 1969, None, 2004, 2005], "passes": [1, 0, 1, 0, 1, 0, 1]})
    assert pass_rates(films, "year").table["year"].tolist() == ["1960s", "1990s", "2000s", "2020s", "unknown"]
    rates = pass_rates(films, "period").table
    assert rates["period"].tolist() == ["before 1970", "1990-2004", "2005 and later", "unknown"]
    assert rates["n_films"].tolist() == [1, 3, 2, 1]


def test_budgets_are_compared_within_their_period():
    films = pd.DataFrame({"year": [1960] * 6 + [2010] * 7, "passes": [1, 1, 0, 0, 0, 0, 1, 1, 0, 0, 0, 0, 1]})
    films["budget"] = [1e4, 1e4, 2e4, 2e4, 3e4, 3e4, 1e8, 1e8, 2e8, 2e8, 3e8, 3e8, None]
    rates = pass_rates(films, "budget").table
    assert rates["budget"].tolist() == ["low", "middle", "high", "unknown"]
    assert rates["n_films"].tolist() == [4, 4, 4, 1] and rates["n_passes"].tolist() == [4, 0, 0, 1]
    pd.testing.assert_frame_equal(rates, pass_rates(films[::-1], "budget").table)


def test_rates_refuse_what_they_cannot_use(rng, random_films):
    films = random_films(rng, 50)
    with pytest.raises(FilmsError, match="no column language; this table has genres, year"):
        pass_rates(films, "language")
    with pytest.raises(FilmsError, match="no outcome"):
        pass_rates(films.drop(columns="passes"), "year")


def test_a_column_is_found_by_its_other_names(table):
    rates = pass_rates(table(("War", 10, 30), ("Drama", 30, 10)), "Genre")
    assert rates.by == "genres" and rates.table["genres"].tolist() == ["War", "Drama"]


def test_tables_are_not_modified_and_a_double_index_does_no_harm(rng, random_films):
    films = random_films(rng, 300)
    before = films.copy()
    once = pass_rates(films, "genres")
    pd.testing.assert_frame_equal(films, before)
    pd.testing.assert_frame_equal(once.table, pass_rates(films.set_axis([7] * 300), "genres").table)
