import numpy as np
import pandas as pd
import pytest

from bechdel_stats.data.matching import films_of, title_key
from bechdel_stats.data.tables import read_films


def rows(*lines):
    """Rows from (source, title, year, imdb_id, tmdb_id)."""
    table = pd.DataFrame(lines, columns=["source", "title", "year", "imdb_id", "tmdb_id"])
    return table.astype({"year": float, "tmdb_id": float}).assign(movielens_id=np.nan, wikidata_id=None)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("The Matrix", "matrix"), ("Amélie", "AMELIE"), ("Fast & Furious", "Fast and Furious"),
        ("L'Avventura", "Avventura"),
        ("Spider-Man: No Way Home", "Spider Man - No Way Home"), ("Les Misérables", "Miserables"),
    ],
)  # fmt: skip
def test_titles_that_are_the_same(one, other):
    assert title_key(one) == title_key(other)


def test_titles_that_are_not():
    assert title_key("The") == "the" and title_key("千と千尋") == "千と千尋" and title_key(None) == ""
    assert title_key("Alien") != title_key("Aliens")
    assert title_key("Łódź") == "lodz" and title_key("Сталкер 2") != title_key("Солярис 2")


def test_the_same_title_and_year_is_the_same_film_where_ids_lack():
    films, matches = films_of(rows((0, "The Thing", 1982, None, None), (1, "Thing", 1982, "tt0084787", None)))
    assert films == ["tt0084787"] * 2 and matches.empty


def test_a_year_apart_is_joined_and_listed():
    films, matches = films_of(rows((0, "Alien", 1979, None, None), (1, "Alien", 1980, None, 348)))
    assert films == ["tmdb 348"] * 2
    assert matches.values.tolist() == [["Alien", 1979, 0, "Alien", 1980, 1, "joined: the years differ by one"]]
    films, matches = films_of(rows((0, "Alien", 1979, None, None), (1, "Alien", np.nan, None, 348)))
    assert films == ["tmdb 348"] * 2 and matches["decision"].tolist() == ["joined: a year is not known"]


@pytest.mark.parametrize(
    "lines",
    [
        [(0, "King Kong", 1933, None, None), (1, "King Kong", 2005, "tt0360717", None)],  # two years
        [(0, "Alien", 1979, "tt0000001", None), (1, "Alien", 1979, "tt0000002", None)],  # two ids of one kind
        [(0, "Alien", 1979, None, None), (0, "Alien", 1980, None, None)],  # one source, a year apart
        [(0, "Alien", np.nan, None, None), (0, "Alien", np.nan, None, None)],  # one source, no year
    ],
)
def test_what_stays_apart(lines):
    films, matches = films_of(rows(*lines))
    assert len(set(films)) == 2 and matches.empty


def test_several_candidates_are_never_joined_and_listed():
    lines = [
        (0, "Hamlet", 1990, None, None),
        (1, "Hamlet", 1990, "tt0000001", None),
        (1, "Hamlet", 1990, "tt0000002", None),
    ]
    films, matches = films_of(rows(*lines))
    assert films == ["row 0", "tt0000001", "tt0000002"]
    assert matches["decision"].tolist() == ["not joined: there are several candidates"]


def test_duplicates_without_ids_are_found_in_one_source():
    films = read_films(
        pd.DataFrame({"title": ["Alien", "ALIEN", "Aliens"], "year": [1979, 1979, 1986], "rating": [3, 3, 3]})
    )
    assert films.table["title"].tolist() == ["Alien", "Aliens"]
    assert films.audit.duplicates["decision"].tolist() == ["the most complete is kept"]


def test_three_kinds_of_ids_lead_to_one_film():
    movies = pd.DataFrame({"movieId": [7], "title": ["Alien (1979)"], "genres": ["Horror|Sci-Fi"]})
    links = pd.DataFrame({"movieId": [7], "imdbId": ["0078748"], "tmdbId": [348]})
    films = read_films(movies, links, [{"imdbid": "78748", "id": 1, "rating": 3, "title": "Alien"}]).table
    assert films[["imdb_id", "tmdb_id", "title", "year", "genres", "rating"]].values.tolist() == [
        ["tt0078748", 348, "Alien", 1979, "Horror|Science Fiction", 3]
    ]


def test_the_audit_lists_doubtful_pairs_with_the_names_of_the_sources():
    films = read_films(
        pd.DataFrame({"title": ["Alien"], "year": [1980], "rating": [3]}),
        pd.DataFrame({"title": ["Alien"], "year": [1979], "imdb_id": ["tt0078748"]}),
    )
    assert films.audit.matches.values.tolist() == [
        ["Alien", 1980, "table 1", "Alien", 1979, "table 2", "joined: the years differ by one"]
    ]
    assert len(films.table) == 1 and films.table["imdb_id"].tolist() == ["tt0078748"]


def test_thousands_of_films_of_one_title_take_no_time():
    import time

    before = time.process_time()
    films_of(rows(*((0, "Untitled", np.nan, None, None) for _ in range(20_000))))
    assert time.process_time() - before < 5
