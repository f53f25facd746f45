import numpy as np
import pandas as pd
import pytest
from scipy.special import logit

from bechdel_stats.prediction.explanation import _split, explain, find_film
from bechdel_stats.prediction.model import fit_model
from bechdel_stats.words.messages import FilmsError, FilmsWarning


@pytest.fixture(scope="module")
def few(films):
    return films[["title", "rating", "year", "cast_female_share", "director_female_share", "imdb_rating"]]


@pytest.fixture(scope="module")
def model(few):
    return fit_model(few)


@pytest.fixture(scope="module")
def binary(few):
    return fit_model(few.assign(passes=(few["rating"] == 3) * 1).drop(columns="rating"))


def test_contributions_add_up_to_the_difference(few, model):
    for row in (0, 7, 300):
        found = explain(few.iloc[[row]], model)
        assert found.passes == pytest.approx(model.predict_proba(few.iloc[[row]])[0, 3], abs=1e-12)
        assert found.table["log_odds"].sum() == pytest.approx(logit(found.passes) - logit(found.average), abs=1e-10)
        assert found.table["odds_ratio"].tolist() == pytest.approx(np.exp(found.table["log_odds"]).tolist())
        assert found.table["log_odds"].abs().is_monotonic_decreasing
    assert found.average == pytest.approx((few["rating"] == 3).mean(), abs=0.1)


def test_of_two_outcomes_it_is_the_coefficient_times_the_difference(few, binary):
    found = explain(few.iloc[[5]], binary).table.set_index("variable")["log_odds"]
    names = [name for name in binary.columns if name not in ("metascore",)]
    place = 1 + names.index("title_man") + 1 + 4 + 4  # intercept, titles, curves of year (4) and of cast share (4)
    coefficient = binary.coefficients[("basics", "gender", "reception")][place, 1]
    difference = few["director_female_share"].iloc[5] - binary.normal.mean[names.index("director_woman")]
    assert found["director and writer gender"] == pytest.approx(coefficient * difference, abs=1e-12)


def test_split_by_hand():
    # one column, three outcomes: log odds of the last are 2x - log(1 + e^x); all of the difference is its own
    coefficients = np.array([[0.0, 0, 0], [0, 1, 2]])
    parts, ends = _split(np.array([1.0, 0]), np.array([1.0, 3]), coefficients)
    assert ends.tolist() == pytest.approx([-np.log(2), 6 - np.log(1 + np.exp(3))])
    assert parts.tolist() == pytest.approx([0, 6 - np.log(1 + np.exp(3)) + np.log(2)])


def test_the_average_film_differs_in_nothing(model):
    mean = pd.Series(model.normal.mean, model.columns)
    film = {"year": mean["year"], "cast_female_share": mean["cast_female_10"] / 10}
    found = explain(film, model).table.set_index("variable")["log_odds"]
    assert found[["year", "cast gender"]].tolist() == pytest.approx([0, 0], abs=1e-9)


def test_what_is_printed(few, model):
    one = few.iloc[[0]].assign(title="Anna", year=1999, director_female_share=np.nan)
    text = str(explain(one, model).summary())
    lines = text.splitlines()
    assert lines[0] == "Why: Anna (1999)" and lines[1].startswith("average film passes")
    assert lines[4].split() == ["variable", "block", "value", "log_odds", "odds_ratio"]
    assert "Not known, taken as expected from the rest: director and writer gender." in text
    assert "(Aumann and Shapley)" in text and text.endswith("not what a change would bring about.")


def test_one_film_is_explained(few, model):
    with pytest.raises(FilmsError, match="one film is needed; got 2 rows"):
        explain(few.head(2), model)


FILMS = pd.DataFrame(
    {
        "imdb_id": ["tt0000012", "tt0000123", "tt0000003", "tt0000004", None],
        "title": ["Amélie", "Piano, The", "1917", "Alien", "Alien 3"],
        "year": [2001, 1993, 2019, 1979, 1992],
    }
)


@pytest.mark.parametrize(
    "which, row",
    [
        ("AMELIE", 0),
        ("the piano", 1),
        ("Piano", 1),
        ("tt0000012", 0),
        ("tt12", 0),
        ("1917", 2),  # a title before a row
        ("5", 4),
        ("alien", 3),  # the whole title wins
        ("alien 3", 4),
    ],
)
def test_films_are_found_by_title_id_or_row(which, row):
    assert find_film(FILMS, which).index.tolist() == [row]


def test_films_that_are_not_there_or_several():
    with pytest.raises(FilmsError, match="no film 'Aliens': give a title, an IMDb id, or a row from 1 to 5"):
        find_film(FILMS, "Aliens")
    for nothing in ("6", "0", "tt0000013", "-2", "", "?"):
        with pytest.raises(FilmsError, match="no film"):
            find_film(FILMS, nothing)
    with pytest.raises(FilmsError) as error:
        find_film(FILMS, "ali")
    assert str(error.value) == "'ali' may be Alien (1979, row 4), Alien 3 (1992, row 5). Give an IMDb id or a row."


def test_a_table_without_titles_has_rows():
    assert find_film(FILMS[["year"]], "2").index.tolist() == [1]


def test_a_film_that_is_found_is_read_as_its_table_is():
    """Of the column 1, 50, 60 the first is one per cent; alone, it would be all."""
    films = pd.DataFrame({"title": list("abc"), "cast_female_share": [1, 50, 60]})
    with pytest.warns(FilmsWarning, match="read as per cent"):
        assert find_film(films, "a")["cast_female_share"].tolist() == [0.01]
