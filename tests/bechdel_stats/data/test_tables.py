import json

import numpy as np
import pandas as pd
import pytest

from bechdel_stats.data.tables import read_films
from bechdel_stats.words.messages import FilmsError, FilmsWarning


def test_credits_that_came_separately_join_on_the_tmdb_id(ratings, accounted):
    movies = [{"id": 11, "imdb_id": "tt0087015", "original_title": "x"}, {"id": 12, "original_title": "y"}]
    credits = [{"movie_id": number, "cast": [{"gender": gender}], "crew": []} for number, gender in ((12, 2), (11, 1))]
    films = read_films(ratings[:1], movies, credits)
    assert films.audit.rows["shape"].tolist() == ["bechdeltest.com", "TMDB", "TMDB credits"]
    assert films.table[["tmdb_id", "rating", "cast_female_share"]].values.tolist() == [[11, 2, 1]]
    accounted(films, 1, 2, 2)


def test_the_rated_films_are_the_rows_and_the_first_source_wins(ratings, accounted):
    attributes = pd.DataFrame(
        {
            "imdb_id": ["tt0420238", "tt0087015", "tt9999999"],
            "title": ["Despereaux", "C.H.U.D.", "Not Rated"],
            "runtime": [93, 96, 80],
            "year": [2007, 1984, 2000],
        }
    )
    films = read_films(ratings, attributes)
    assert films.table["title"].tolist() == ["C.H.U.D.", "The Tale of Despereaux", "Spider-Man: No Way Home"]
    np.testing.assert_array_equal(films.table["runtime"], [96, 93, np.nan])
    assert films.table["year"].tolist() == [1984, 2008, 2021]
    assert films.audit.dropped.values.tolist() == [["table 2", "no rating in any source", 1, "Not Rated"]]
    assert films.audit.disagreements.values.tolist() == [["title", "table 2", 2, 1], ["year", "table 2", 2, 1]]
    accounted(films, 3, 3)


def test_the_later_source_knows_what_the_first_does_not():
    first = pd.DataFrame({"imdb_id": ["1", "2"], "rating": [None, 3], "genres": ["War", None], "own": [None, 5]})
    second = pd.DataFrame({"imdb_id": ["2", "1"], "rating": [0, 1], "genres": ["Crime", "Drama"], "own": ["x", "y"]})
    first["note"], second["note"] = "a", "b"
    films = read_films(first, second)
    table = films.table
    assert table["note"].tolist() == ["a", "a"]  # not a column of ours, so not compared
    assert set(films.audit.disagreements["column"]) == {"rating", "passes", "genres"}
    assert table["rating"].tolist() == [1, 3] and table["passes"].tolist() == [0, 1]
    assert table["genres"].tolist() == ["War", "Crime"]
    assert table["own"].tolist() == ["y", 5]


def test_rating_in_one_source_and_passes_in_another_cannot_contradict_each_other():
    films = read_films([{"imdb_id": "1", "rating": 3}], [{"imdb_id": "1", "passes": 0}, {"imdb_id": "2", "passes": 1}])
    assert films.table["passes"].tolist() == [1, 1]
    assert films.audit.disagreements.values.tolist() == [["passes", "list 2", 1, 1]]


def test_where_nothing_is_rated_every_film_is_a_row(movie, accounted):
    films = read_films([movie(1, "tt0000001")], [movie(2, "tt0000002"), movie(1, "tt0000001")])
    assert films.table["tmdb_id"].tolist() == [1, 2]
    accounted(films, 1, 2)


def test_rows_without_a_usable_id_are_kept_apart_and_counted(ratings, accounted):
    with pytest.warns(
        FilmsWarning, match="list 1: column imdb_id: 1 of 2 values cannot be used .first: 'nm1'.: allowed"
    ):
        films = read_films(
            [{"imdbid": "", "rating": 3, "title": "A"}, {"imdbid": "nm1", "rating": 1, "title": "B"}, ratings[0]]
        )
    assert films.table["title"].tolist() == ["A", "B", "C.H.U.D."]
    assert films.audit.rows["rows_without_id"].tolist() == [2]
    accounted(films, 3)


def test_duplicates_of_one_rating_leave_the_most_complete(accounted):
    rows = [
        {"imdbid": "87015", "rating": 2, "title": "short", "year": None},
        {"imdbid": "0087015", "rating": 2, "title": "full", "year": 1984},
        {"imdbid": "tt0087015", "rating": None, "title": "unrated", "year": 1984},
    ]
    films = read_films(rows)
    assert films.table["title"].tolist() == ["full"]
    assert films.audit.dropped[["reason", "n_rows"]].values.tolist() == [["same film as another row that is kept", 2]]
    assert films.audit.duplicates.values.tolist() == [
        ["list 1", "tt0087015", "short; full; unrated", "2", 3, "the most complete is kept"]
    ]
    accounted(films, 3)


def test_contradictory_ratings_leave_no_row_of_that_film_in_any_source(ratings, accounted):
    rows = [{**ratings[0], "rating": 1}, ratings[1], ratings[0]]
    films = read_films(rows, pd.DataFrame({"imdb_id": ["tt0087015"], "title": ["C.H.U.D."], "rating": [2]}))
    assert films.table["imdb_id"].tolist() == ["tt0420238"]
    assert films.audit.dropped.values.tolist() == [
        ["list 1", "contradictory ratings", 2, "C.H.U.D."], ["table 2", "contradictory ratings", 1, "C.H.U.D."],
    ]  # fmt: skip
    duplicate = films.audit.duplicates.iloc[0]
    assert duplicate[["titles", "ratings", "n_rows"]].tolist() == ["C.H.U.D.", "1, 2", 2]
    assert duplicate["decision"] == "all left out: there is no telling which rating is right"
    accounted(films, 3, 1)


def test_contradictory_passes_count_as_contradictory_ratings():
    with pytest.raises(FilmsError, match="no film is left of 2 rows: 2 contradictory ratings"):
        read_films(pd.DataFrame({"imdb_id": ["1", "1"], "passes": [0, 1]}))


@pytest.mark.filterwarnings("ignore:.*column imdb_id.*'x'")
@pytest.mark.parametrize("seed", range(20))
def test_no_row_is_lost_whatever_the_sources(accounted, seed):
    rng = np.random.default_rng(seed)

    def source(n_rows):
        table = pd.DataFrame(
            {
                "imdb_id": rng.choice(["1", "2", "3", "4", "tt0000005", "", "x"], n_rows),
                "tmdb_id": rng.choice([1, 2, 3, np.nan], n_rows),
                "rating": rng.choice([0, 3, 3, 3, np.nan], n_rows),
                "year": rng.choice([1990, 2000, np.nan], n_rows),
            }
        )
        return table.drop(columns=rng.choice(table.columns, rng.integers(0, 2)))

    sources = [source(rng.integers(3, 9)) for _ in range(rng.integers(1, 4))]
    films = read_films(*sources, [{"imdb_id": "6", "rating": 3}])
    accounted(films, *map(len, sources), 1)
    ids = films.table["imdb_id"].dropna()
    assert ids.is_unique and "tt0000006" in set(ids)
    assert films.table["passes"].notna().all()


def test_the_order_of_the_sources_changes_no_film(ratings):
    other = pd.DataFrame({"imdb_id": ["tt0420238", "tt0087015"], "runtime": [93, 96]})
    one, two = read_films(ratings, other).table, read_films(other, ratings).table
    assert two["imdb_id"].tolist() == ["tt0420238", "tt0087015", "tt10872600"]
    two = two.loc[[1, 0, 2], list(one)].reset_index(drop=True)
    pd.testing.assert_frame_equal(one, two)


def test_what_is_given_is_not_modified_and_a_table_that_was_read_reads_the_same(ratings):
    given = pd.DataFrame(ratings, index=[4, 4, 4])
    before = given.copy(deep=True)
    films = read_films(given)
    pd.testing.assert_frame_equal(given, before)
    pd.testing.assert_frame_equal(read_films(films.table).table, films.table)
    assert films.table.index.tolist() == [0, 1, 2]


def test_films_that_fetch_did_not_find_are_counted(ratings, movie, accounted):
    films = read_films([movie(1, "tt0087015"), {"imdb_id": "tt0000002", "not_found": True}], ratings[:1])
    assert films.audit.dropped.values.tolist() == [["list 1", "not on TMDB", 1, "tt0000002"]]
    assert "not_found" not in films.table
    accounted(films, 2, 1)


def test_two_files_of_one_name_are_told_apart(ratings, accounted, tmp_path):
    for folder in ("a", "b"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "films.json").write_text(json.dumps(ratings))
    films = read_films(tmp_path / "a/films.json", tmp_path / "b/films.json")
    assert films.audit.rows["source"].tolist() == ["films.json (1)", "films.json (2)"]
    accounted(films, 3, 3)


def test_shared_films(accounted, shared):
    folder = shared / "films"
    raw = folder / "raw"
    with pytest.warns(FilmsWarning) as told:
        films = read_films(raw / "bechdeltest.json", raw / "tmdb_sample.json", folder / "films.csv.gz")
    lines = [str(warning.message) for warning in told]
    assert any("column budget: 5 of 3979 values" in line for line in lines)
    assert any("films.csv.gz: columns year and release_date differ in 14 rows" in line for line in lines)
    accounted(films, 6367, 188, 7913)
    assert films.table["imdb_id"].is_unique and films.table["imdb_id"].str.fullmatch(r"tt\d{7,8}").all()
    assert films.audit.duplicates["n_rows"].tolist() == [2] * 5
    assert not films.table["title"].str.contains("&\\w+;|, The$", na=False).any()
    assert films.audit.gender.set_index("source")["n_films"].drop("not known").sum() > 7000


def test_series_are_told_apart_from_what_tmdb_does_not_have():
    films = read_films(
        [{"imdb_id": "1", "rating": 3}, {"imdb_id": "2", "rating": 0}, {"imdb_id": "3", "rating": 1}],
        [{"imdb_id": "tt0000001", "id": 5, "not_found": None}, {"imdb_id": "tt0000002", "not_found": True},
         {"imdb_id": "tt0000003", "not_found": "series"}],
    )  # fmt: skip
    assert films.audit.dropped.values.tolist() == [
        ["list 2", "a series on TMDB", 1, "tt0000003"],
        ["list 2", "not on TMDB", 1, "tt0000002"],
    ]
    assert len(films.table) == 3
