import gzip
import json
import warnings

import numpy as np
import pandas as pd
import pytest

from bechdel_stats.data.sources import clean_title, imdb_id
from bechdel_stats.data.tables import read_films
from bechdel_stats.words.messages import FilmsError, FilmsWarning

RATINGS = [
    {"id": 1, "imdbid": "0087015", "title": "C.H.U.D.", "year": 1984, "rating": 2},
    {"id": 2, "imdbid": "420238", "title": "Tale of Despereaux, The", "year": 2008, "rating": "3"},
    {"id": 3, "imdbid": "10872600", "title": "Spider-Man: No Way Home", "year": 2021, "rating": 1},
]


def movie(number, imdb=None, cast=(), crew=(), **more):
    """A TMDB record with credits; cast are genders in order of billing, crew are (gender, job, department)."""
    cast = [{"id": row, "gender": gender, "order": row} for row, gender in enumerate(cast)]
    crew = [
        {"id": 100 + row, "gender": gender, "job": job, "department": department}
        for row, (gender, job, department) in enumerate(crew)
    ]
    return {"id": number, "imdb_id": imdb, "original_title": "-", "credits": {"cast": cast, "crew": crew}, **more}


def accounted(films, *n_rows):
    """Check that every row of every source is in the table or in the list of what was left out."""
    rows, dropped = films.audit.rows, films.audit.dropped
    assert rows["rows_in"].tolist() == list(n_rows)
    left_out = [dropped.loc[dropped["source"] == name, "n_rows"].sum() for name in rows["source"]]
    assert (rows["rows_kept"] + left_out).tolist() == list(n_rows)
    assert rows["rows_dropped"].tolist() == left_out
    assert films.audit.n_dropped == sum(left_out)
    assert films.audit.n_films == len(films.table)


# one value at a time


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("0087015", "tt0087015"), ("87015", "tt0087015"), ("tt87015", "tt0087015"), (87015, "tt0087015"),
        (87015.0, "tt0087015"), (np.int64(53285), "tt0053285"), ("87015.0", "tt0087015"), (" TT0087015 ", "tt0087015"),
        ("10872600", "tt10872600"), ("010872600", "tt10872600"), ("tt10872600", "tt10872600"),
        ("", None), ("0", None), (0, None), (None, None), (np.nan, None), (pd.NA, None), ("nm0000158", None),
        ("87015.5", None), ("tt", None), (-5, None), (True, None),
    ],
)  # fmt: skip
def test_imdb_ids_get_back_their_tt_and_zeros(value, expected):
    assert imdb_id(value) == expected


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("Matrix, The", "The Matrix"), ("Beautiful Mind, A", "A Beautiful Mind"), ("Affair, An", "An Affair"),
        ("Avventura, L'", "L'Avventura"), ("Haine, La", "La Haine"), ("Blechtrommel, Die", "Die Blechtrommel"),
        ("Boot, Das", "Das Boot"), ("Laberinto del fauno, El", "El Laberinto del fauno"),
        ("Cock and Bull, The (UK)", "The Cock and Bull (UK)"),
        ("Nasty Girl (Das schreckliche M&auml;dchen), The", "The Nasty Girl (Das schreckliche M\u00e4dchen)"),
        ("Good, the Bad and the Ugly, The", "The Good, the Bad and the Ugly"),
        ("I, Tonya", "I, Tonya"), ("Good Morning, Vietnam", "Good Morning, Vietnam"), ("Paris, Texas", "Paris, Texas"),
        ("She, a Chinese", "She, a Chinese"), ("Goodbye, Mr. Chips", "Goodbye, Mr. Chips"), ("The", "The"),
        ("Crouching Tiger, Hidden Dragon", "Crouching Tiger, Hidden Dragon"), ("", ""), (", The", ", The"),
        ("Don&#39;t", "Don't"), ("sh&amp;#333;jo", "sh\u014djo"), ("Tom & Jerry", "Tom & Jerry"), ("A &lt; B", "A < B"),
        ("Notre  Dame II, The", "The Notre Dame II"), ("First Purge , The", "The First Purge"),
        (None, None),
    ],
)  # fmt: skip
def test_titles_are_decoded_and_only_articles_move(title, expected):
    assert clean_title(title) == expected
    assert clean_title(expected) == expected


# shapes


def test_the_dump_of_bechdeltest():
    films = read_films(RATINGS)
    assert films.audit.rows["shape"].tolist() == ["bechdeltest.com"]
    assert films.table["imdb_id"].tolist() == ["tt0087015", "tt0420238", "tt10872600"]
    assert films.table["title"].tolist() == ["C.H.U.D.", "The Tale of Despereaux", "Spider-Man: No Way Home"]
    assert films.table["bechdel_id"].tolist() == [1, 2, 3]
    assert films.table["passes"].tolist() == [0, 1, 0]
    assert "tmdb_id" not in films.table
    accounted(films, 3)


def test_an_id_beside_a_rating_is_not_the_tmdb_id_even_where_the_imdb_id_has_our_name():
    films = read_films([{"id": 1, "imdb_id": 87015, "rating": 2, "title": "C.H.U.D."}])
    assert "tmdb_id" not in films.table and films.table["bechdel_id"].tolist() == [1]


def test_an_id_beside_a_rating_and_attributes_of_tmdb_is_the_tmdb_id():
    table = read_films([{"id": 5, "rating": 2, "vote_average": 7.5}, {"id": 6, "rating": 3, "vote_average": 5}]).table
    assert table["tmdb_id"].tolist() == [5, 6] and "bechdel_id" not in table


def test_records_and_column_oriented_json_are_the_same():
    columns = json.loads(pd.DataFrame(RATINGS, index=[5, 3, 9]).to_json())
    pd.testing.assert_frame_equal(read_films(columns).table, read_films(RATINGS).table)


def test_tmdb_records():
    record = {
        "id": 33015, "imdb_id": "tt0015863", "title": "Go West", "original_title": "Go West", "budget": 0,
        "revenue": 0, "runtime": 69.0, "original_language": "en", "release_date": "1925-11-01", "vote_average": 7.0,
        "vote_count": 77, "popularity": 6.2, "genres": [{"id": 35, "name": "Comedy"}, {"id": 37, "name": "Western"}],
        "production_countries": [{"iso_3166_1": "US", "name": "United States of America"}],
        "spoken_languages": [{"english_name": "No Language", "iso_639_1": "xx", "name": "No Language"}],
    }  # fmt: skip
    film = read_films([record]).table.iloc[0]
    assert np.isnan(film["budget"]) and np.isnan(film["revenue"])  # 0 is not known
    assert film[["tmdb_id", "imdb_id", "year", "runtime", "tmdb_vote_average", "tmdb_vote_count"]].tolist() == [
        33015, "tt0015863", 1925, 69, 7.0, 77,
    ]  # fmt: skip
    assert film[["genres", "country", "language", "spoken_languages"]].tolist() == [
        "Comedy|Western", "United States", "en", "No Language",
    ]  # fmt: skip


@pytest.mark.parametrize("write", [json.dumps, repr])
def test_lists_that_a_csv_turned_into_text(write, tmp_path):
    genres = [{"id": 35, "name": "Comedy"}]
    companies = [{"name": "Jack's"}, {"name": 'The "A"'}]
    cast = [{"name": "O'Brien", "gender": 1, "order": 0}, {"name": "B", "gender": 2, "order": 1}]
    table = {"id": [1], "genres": [write(genres)], "production_companies": [write(companies)], "cast": [write(cast)]}
    pd.DataFrame(table).to_csv(tmp_path / "films.csv", index=False)
    film = read_films(tmp_path / "films.csv").table.iloc[0]
    assert film[["genres", "production_companies"]].tolist() == ["Comedy", 'Jack\'s|The "A"']
    assert film[["cast_women", "cast_men", "lead_female"]].tolist() == [1, 1, 1]


# gender


def test_gender_0_is_not_a_woman_and_3_is_in_neither_count():
    crew = [
        (2, "Director", "Directing"), (1, "Director", "Directing"), (0, "Director", "Directing"),
        (1, "Screenplay", "Writing"), (0, "Novel", "Writing"), (2, "Editor", "Editing"), (3, "Gaffer", "Lighting"),
    ]  # fmt: skip
    films = read_films([movie(1, cast=[0, 3, 2, 1, 1, 2, 2], crew=crew)])
    film = films.table.iloc[0]
    assert film[["cast_women", "cast_men", "cast_nonbinary", "cast_unknown"]].tolist() == [2, 3, 1, 1]
    assert film["cast_female_share"] == 2 / 5
    assert film["lead_female"] == 0  # the first who is a woman or a man
    assert film[["director_female_share", "writer_female_share", "crew_female_share"]].tolist() == [1 / 2, 1, 1 / 2]
    assert film["cast_gender_source"] == "tmdb"
    people = films.audit.people
    assert dict(zip(people["gender"], people["n_people"])) == {"non-binary": 1, "not known": 1}


@pytest.mark.parametrize("cast", [[], [0, 0, 0], [3, 0]])
def test_a_cast_of_unknown_gender_has_no_share(cast):
    film = read_films([movie(1, cast=cast)]).table.iloc[0]
    columns = ["cast_women", "cast_men", "cast_female_share", "lead_female", "crew_female_share"]
    assert film[columns].isna().all() and film["cast_gender_source"] is None


def test_billing_is_by_order_and_someone_credited_twice_is_one_person():
    cast = [{"id": 7, "gender": 2, "order": 1}, {"id": 8, "gender": 1, "order": 0}, {"id": 7, "gender": 2, "order": 2}]
    crew = [{"id": 7, "gender": 2, "job": job, "department": "Writing"} for job in ("Story", "Screenplay")]
    crew.append({"id": 9, "gender": 1, "job": "Director", "department": "Directing"})
    film = read_films([{"id": 1, "original_title": "x", "cast": cast, "crew": crew}]).table.iloc[0]
    assert film[["cast_women", "cast_men", "lead_female"]].tolist() == [1, 1, 1]
    assert film["crew_female_share"] == 1 / 2


def test_credits_that_came_separately_join_on_the_tmdb_id():
    movies = [{"id": 11, "imdb_id": "tt0087015", "original_title": "x"}, {"id": 12, "original_title": "y"}]
    credits = [{"movie_id": number, "cast": [{"gender": gender}], "crew": []} for number, gender in ((12, 2), (11, 1))]
    films = read_films(RATINGS[:1], movies, credits)
    assert films.audit.rows["shape"].tolist() == ["bechdeltest.com", "TMDB", "TMDB credits"]
    assert films.table[["tmdb_id", "rating", "cast_female_share"]].values.tolist() == [[11, 2, 1]]
    accounted(films, 1, 2, 2)


@pytest.mark.parametrize("rubbish", [None, "x", {"cast": "x"}, {"cast": [None, 5, {}]}, "{'cast': [", 5])
def test_rubbish_in_credits_is_not_known(rubbish):
    film = read_films([{**movie(1), "credits": rubbish}]).table.iloc[0]
    assert np.isnan(film["cast_female_share"])


def test_gender_of_one_source_is_not_ascribed_to_another():
    own = pd.DataFrame({"imdb_id": ["tt0000001", "tt0000002"], "cast_female_share": [0.25, np.nan]})
    films = read_films(own, [movie(1, "tt0000001", cast=[1]), movie(2, "tt0000002", cast=[1])])
    assert films.table["cast_female_share"].tolist() == [0.25, 1]
    assert films.table["cast_gender_source"].tolist() == ["not said", "tmdb"]


# joining


def test_the_rated_films_are_the_rows_and_the_first_source_wins():
    attributes = pd.DataFrame(
        {
            "imdb_id": ["tt0420238", "tt0087015", "tt9999999"],
            "title": ["Despereaux", "C.H.U.D.", "Not Rated"],
            "runtime": [93, 96, 80],
            "year": [2007, 1984, 2000],
        }
    )
    films = read_films(RATINGS, attributes)
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


def test_where_nothing_is_rated_every_film_is_a_row():
    films = read_films([movie(1, "tt0000001")], [movie(2, "tt0000002"), movie(1, "tt0000001")])
    assert films.table["tmdb_id"].tolist() == [1, 2]
    accounted(films, 1, 2)


def test_rows_without_a_usable_id_are_kept_apart_and_counted():
    films = read_films(
        [{"imdbid": "", "rating": 3, "title": "A"}, {"imdbid": "nm1", "rating": 1, "title": "B"}, RATINGS[0]]
    )
    assert films.table["title"].tolist() == ["A", "B", "C.H.U.D."]
    assert films.audit.rows["rows_without_id"].tolist() == [2]
    accounted(films, 3)


def test_duplicates_of_one_rating_leave_the_most_complete():
    rows = [
        {"imdbid": "87015", "rating": 2, "title": "short", "year": None},
        {"imdbid": "0087015", "rating": 2, "title": "full", "year": 1984},
        {"imdbid": "tt0087015", "rating": None, "title": "unrated", "year": 1984},
    ]
    films = read_films(rows)
    assert films.table["title"].tolist() == ["full"]
    assert films.audit.dropped[["reason", "n_rows"]].values.tolist() == [["same film as a row that is kept", 2]]
    assert films.audit.duplicates.values.tolist() == [
        ["list 1", "tt0087015", "short; full; unrated", "2", 3, "the most complete is kept"]
    ]
    accounted(films, 3)


def test_contradictory_ratings_leave_no_row_of_that_film_in_any_source():
    rows = [{**RATINGS[0], "rating": 1}, RATINGS[1], RATINGS[0]]
    films = read_films(rows, pd.DataFrame({"imdb_id": ["tt0087015"], "title": ["C.H.U.D."], "rating": [2]}))
    assert films.table["imdb_id"].tolist() == ["tt0420238"]
    assert films.audit.dropped.values.tolist() == [
        ["list 1", "contradictory ratings", 2, "C.H.U.D."], ["table 2", "contradictory ratings", 1, "C.H.U.D."],
    ]  # fmt: skip
    duplicate = films.audit.duplicates.iloc[0]
    assert duplicate[["titles", "ratings", "n_rows"]].tolist() == ["C.H.U.D.", "1, 2", 2]
    assert duplicate["decision"] == "all left out: nobody knows which rating is right"
    accounted(films, 3, 1)


def test_contradictory_passes_count_as_contradictory_ratings():
    with pytest.raises(FilmsError, match="no film is left of 2 rows: 2 contradictory ratings"):
        read_films(pd.DataFrame({"imdb_id": ["1", "1"], "passes": [0, 1]}))


@pytest.mark.parametrize("seed", range(20))
def test_no_row_is_lost_whatever_the_sources(seed):
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


def test_the_order_of_the_sources_changes_no_film():
    other = pd.DataFrame({"imdb_id": ["tt0420238", "tt0087015"], "runtime": [93, 96]})
    one, two = read_films(RATINGS, other).table, read_films(other, RATINGS).table
    assert two["imdb_id"].tolist() == ["tt0420238", "tt0087015", "tt10872600"]
    two = two.loc[[1, 0, 2], list(one)].reset_index(drop=True)
    pd.testing.assert_frame_equal(one, two)


def test_what_is_given_is_not_modified_and_a_table_that_was_read_reads_the_same():
    given = pd.DataFrame(RATINGS, index=[4, 4, 4])
    before = given.copy(deep=True)
    films = read_films(given)
    pd.testing.assert_frame_equal(given, before)
    pd.testing.assert_frame_equal(read_films(films.table).table, films.table)
    assert films.table.index.tolist() == [0, 1, 2]


def test_films_that_fetch_did_not_find_are_counted():
    films = read_films([movie(1, "tt0087015"), {"imdb_id": "tt0000002", "not_found": True}], RATINGS[:1])
    assert films.audit.dropped.values.tolist() == [["list 1", "not on TMDB", 1, "tt0000002"]]
    assert "not_found" not in films.table
    accounted(films, 2, 1)


# files


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_csv_in_any_dress_keeps_zeros_and_accents(tmp_path, encoding, separator):
    text = f"imdbid{separator}title{separator}rating\n0087015{separator}Am\u00e9lie{separator}3\n"
    (tmp_path / "films.csv").write_bytes(text.encode(encoding))
    film = read_films(tmp_path / "films.csv").table.iloc[0]
    assert film[["imdb_id", "title", "rating"]].tolist() == ["tt0087015", "Am\u00e9lie", 3]


def test_films_called_na_and_none_keep_their_names(tmp_path):
    (tmp_path / "films.csv").write_text("title,runtime\nNA,NA\nNone,90\n,80\n")
    table = read_films(tmp_path / "films.csv").table
    assert table["title"].tolist() == ["NA", "None", None]
    np.testing.assert_array_equal(table["runtime"], [np.nan, 90, 80])


@pytest.mark.parametrize("suffix", [".csv", ".json", ".jsonl", ".csv.gz", ".json.gz", ".jsonl.gz"])
def test_every_format_holds_the_same(tmp_path, suffix):
    path = tmp_path / f"films{suffix}"
    text = {
        ".csv": pd.DataFrame(RATINGS).to_csv(index=False),
        ".json": "\ufeff" + json.dumps(RATINGS),
        ".jsonl": "".join(json.dumps(record) + "\n" for record in RATINGS),
    }[suffix.removesuffix(".gz")].encode()
    path.write_bytes(gzip.compress(text) if suffix.endswith(".gz") else text)
    films = read_films(str(path))
    pd.testing.assert_frame_equal(films.table, read_films(RATINGS).table)
    assert films.audit.rows["source"].tolist() == [path.name]  # no folder


def test_parquet(tmp_path):
    pytest.importorskip("pyarrow")
    pd.DataFrame(RATINGS).assign(rating=[2, 3, 1]).to_parquet(tmp_path / "films.parquet")
    pd.testing.assert_frame_equal(read_films(tmp_path / "films.parquet").table, read_films(RATINGS).table)
    (tmp_path / "cut.parquet").write_bytes((tmp_path / "films.parquet").read_bytes()[:100])
    with pytest.raises(FilmsError, match="cut.parquet: not a complete Parquet file"):
        read_films(tmp_path / "cut.parquet")


def test_parquet_without_pyarrow_says_what_to_do(tmp_path, monkeypatch):
    def missing(_):
        raise ImportError("no pyarrow")

    monkeypatch.setattr(pd, "read_parquet", missing)
    (tmp_path / "films.parquet").write_bytes(b"PAR1")
    with pytest.raises(FilmsError, match="films.parquet: Parquet needs pyarrow. pip install pyarrow, or save"):
        read_films(tmp_path / "films.parquet")


def test_two_files_of_one_name_are_told_apart(tmp_path):
    for folder in ("a", "b"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "films.json").write_text(json.dumps(RATINGS))
    films = read_films(tmp_path / "a/films.json", tmp_path / "b/films.json")
    assert films.audit.rows["source"].tolist() == ["films.json (1)", "films.json (2)"]
    accounted(films, 3, 3)


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("a.csv", b"", "a.csv: empty file"),
        ("a.json", b" \n", "a.json: empty file"),
        ("a.csv", b"imdb_id,title\n", "a.csv: no films in it"),
        ("a.json", b"[]", "a.json: no films in it"),
        ("a.json", b"{}", "a.json: no films in it"),
        ("a.json", b"[1, 2]", "a.json: record 1 is not a record but 1"),
        ("a.json", b'"x"', "a.json: a list of records is needed; got 'x'"),
        ("a.json", b'[{"imdbid": "1",\n "rat', "a.json:2: not JSON"),
        ("a.json", b'{"status_code": 7, "status_message": "No"}', "a.json: no column is known .it has status_code"),
        ("a.csv", b"a,b\n1,2\n", "a.csv: no column is known .it has a, b"),
        ("a.csv", b"title,year\nx,1999\ny,2000,3\n", "a.csv: rows and header do not fit: Expected 2 fields in line 3"),
        ("a.csv", b"title,year\nx,1999,3\ny,2000,3\n", "a.csv: rows and header do not fit: Length of header"),
        ("a.csv", "title,year\nAm\u00e9lie,2001\n".encode("latin-1"), r"a.csv: not UTF-8 \(byte 13\). Save it"),
        ("a.csv.gz", b"title,year\nx,1999\n", "a.csv.gz: not a complete gzip file"),
        ("a.csv.gz", gzip.compress(b"title,year\nx,1999\n" * 99)[:-9], "a.csv.gz: not a complete gzip file"),
        ("a.xlsx", b"PK", "films are read from .csv, .tsv, .json, .jsonl, .parquet; got .xlsx"),
        ("a", b"", "got no suffix"),
        ("a.jsonl", b'{"id": 1}\n{"id\n{"id": 2}\n', "a.jsonl:2: not a JSON record: '{\"id'"),
        ("a.csv", b"title,cast_female_share\nx,40\ny,50\n", "a.csv: column cast_female_share: 2 of 2"),
    ],
)
def test_files_that_cannot_be_used_are_named_with_the_reason_in_one_line(tmp_path, name, content, message):
    (tmp_path / name).write_bytes(content)
    with pytest.raises(FilmsError, match=message) as error:
        read_films(tmp_path / name)
    assert "\n" not in str(error.value) and str(tmp_path) not in str(error.value)


def test_what_is_no_source_is_an_error(tmp_path):
    with pytest.raises(FilmsError, match="no films: name at least one file"):
        read_films()
    with pytest.raises(FilmsError, match="list 2: no films in it"):
        read_films(RATINGS, [])
    with pytest.raises(TypeError, match="a source is a path, a list of records or a DataFrame; got int"):
        read_films(5)
    with pytest.raises(FileNotFoundError):
        read_films(tmp_path / "none.csv")


def test_a_last_line_that_was_cut_off_is_left_out_with_a_warning(tmp_path):
    (tmp_path / "films.jsonl").write_text(json.dumps(movie(1, "tt0000001")) + '\n{"id": 2, "imdb')
    with pytest.warns(FilmsWarning, match="films.jsonl: the last line is cut off"):
        films = read_films(tmp_path / "films.jsonl")
    assert films.table["tmdb_id"].tolist() == [1]


def test_warnings_name_the_source_point_to_the_caller_and_stay_in_the_audit():
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        films = read_films(RATINGS, pd.DataFrame({"imdb_id": ["1", "2"], "year": [1999, 99]}))
    (text,) = films.audit.warnings
    assert text.startswith("table 2: column year: 1 of 2 values cannot be used (first: 99)")
    assert [str(warning.message) for warning in caught] == [text]
    assert caught[0].filename == __file__
    assert text in repr(films.audit.summary())


# the audit


@pytest.fixture
def decades():
    """Sixty films: budgets of the 1950s are not known, runtimes miss now and then in both decades."""
    year = np.repeat([1955, 1965, 1995], [15, 15, 30])
    table = pd.DataFrame({"year": year, "rating": np.tile([0, 3, 3], 20), "budget": np.where(year < 1970, 0, 5e6)})
    table["runtime"] = np.where(np.arange(60) % 6, 90, np.nan)
    table["imdb_id"] = np.arange(1, 61)
    return table


def test_missing_values_by_column_and_by_year(decades):
    report = read_films(decades).audit
    missing = report.missing.set_index("column")
    assert missing.loc["budget"].tolist() == [30, 0.5] and missing.loc["runtime"].tolist() == [10, 1 / 6]
    assert missing.loc["rating", "n_missing"] == 0
    by_year = report.missing_by_year
    assert list(by_year) == ["decade", "n_films", "runtime", "budget"]
    assert by_year["decade"].tolist() == ["1950s", "1960s", "1990s"]
    assert by_year["n_films"].tolist() == [15, 15, 30] and by_year["budget"].tolist() == [1, 1, 0]


def test_missingness_that_follows_the_year_is_said_and_other_missingness_is_not(decades):
    decades["year"] = np.repeat([1955, 1995], 30)
    notes = read_films(decades).audit.notes
    assert "What is missing follows the year in 1 column: budget 0% (1990s) to 100% (1950s)." in notes
    assert not any("runtime" in note for note in notes)
    even = decades.assign(budget=np.where(np.arange(60) % 2, 5e6, 0))
    assert not any("follows the year" in note for note in read_films(even).audit.notes)


@pytest.mark.parametrize(("missing", "said"), [((2, 5, 20), False), ((10, 18, 100), False), ((20, 80, 400), True),
                                               ((100, 190, 1000), False), ((0, 19, 19), False)])  # fmt: skip
def test_only_differences_between_decades_that_are_large_and_not_chance_are_said(missing, said):
    first, second, n_films = missing  # missing values in each of two decades of so many films
    table = pd.DataFrame({"year": np.repeat([1955, 1995], n_films), "runtime": 90.0})
    table.loc[: first - 1, "runtime"] = np.nan
    table.loc[n_films : n_films + second - 1, "runtime"] = np.nan
    note = "What is missing follows the year in 1 column: runtime 5% (1950s) to 20% (1990s)."
    assert read_films(table).audit.notes == ((note,) if said else ())


def test_films_without_a_year_are_a_row_of_their_own():
    films = pd.DataFrame({"imdb_id": ["1", "2", "3"], "year": [1999, None, 2001], "runtime": [None, None, 90]})
    table = read_films(films).audit.missing_by_year
    assert table.values.tolist() == [["1990s", 1, 1], ["2000s", 1, 0], ["not known", 1, 1]]


def test_volunteers_are_mentioned_where_there_are_ratings():
    assert any("chosen and rated by volunteers" in note for note in read_films(pd.DataFrame(RATINGS)).audit.notes)
    assert read_films(pd.DataFrame({"title": ["x"]})).audit.notes == ()


def test_gender_by_source():
    films = pd.DataFrame(
        {
            "rating": [3, 0, 3, 3, 0],
            "cast_female_share": [0.2, 0.4, 0.6, np.nan, np.nan],
            "cast_gender_source": ["tmdb", "TMDB", "imdb", "imdb", None],
        }
    )
    report = read_films(films).audit
    np.testing.assert_array_equal(report.gender["source"], ["imdb", "tmdb", "not known"])
    assert report.gender["n_films"].tolist() == [1, 2, 2]
    np.testing.assert_allclose(report.gender["mean_female_share"], [0.6, 0.3, np.nan])
    np.testing.assert_allclose(report.gender["pass_rate"], [1, 0.5, 0.5])
    assert "The gender of the cast comes from 2 sources; women are 60% imdb, 30% tmdb." in report.notes


def test_sources_of_gender_are_compared_on_the_same_films():
    films = pd.DataFrame(
        {
            "cast_women": [1, 2, 3, 0, 5], "cast_men": [3, 2, 1, 0, 5],  # .25 .5 .75 - .5
            "named_women": [1, 1, 1, 1, None], "named_men": [1, 3, 0, 1, None],  # .5 .25 1 .5 -
        }
    )  # fmt: skip
    report = read_films(films).audit
    compared = report.gender_agreement.iloc[0]
    assert compared["compared"] == "cast - first names" and compared["n_films"] == 3
    assert compared["mean_difference"] == pytest.approx((1.5 - 1.75) / 3)
    assert compared["correlation"] == pytest.approx(np.corrcoef([0.25, 0.5, 0.75], [0.5, 0.25, 1])[0, 1])
    assert any("correlates 0.65 between cast and first names (3 films)" in note for note in report.notes)


def test_sources_of_gender_that_agree_are_not_called_different():
    films = pd.DataFrame({"cast_women": [1, 2, 3], "cast_men": [3, 2, 1]})
    films = films.assign(named_women=films["cast_women"], named_men=films["cast_men"])
    report = read_films(films).audit
    assert report.gender_agreement["correlation"].tolist() == [pytest.approx(1)] and report.notes == ()
    assert read_films(films.iloc[[0, 0]]).audit.gender_agreement["correlation"].isna().all()  # nothing varies


def test_printed_audit():
    films = read_films([RATINGS[0], RATINGS[1], {**RATINGS[1], "id": 9}], [movie(5, "tt0087015", title="CHUD")])
    assert repr(films) == "<Films: 2 films, 18 columns, 1 rows dropped>"
    assert repr(films.audit) == "<Audit: 2 films from 2 sources, 1 rows dropped>"
    summaries = films.audit.summaries()
    assert repr(summaries[0]).split("\n") == [
        "Where the films come from",
        "films         2",
        "rows dropped  1",
        "warnings      0",
        "source  shape            rows_in  rows_kept  rows_dropped  rows_without_id  rows_rated",
        "list 1  bechdeltest.com        3          2             1                0           2",
        "list 2  TMDB                   1          1             0                0           0",
        "Films are chosen and rated by volunteers: rates hold for the films they chose, not for all films.",
    ]
    assert repr(summaries[1]).split("\n") == [
        "Rows left out",
        "source  reason                           n_rows  examples",
        "list 1  same film as a row that is kept       1  The Tale of Despereaux",
    ]
    assert [summary.title for summary in summaries[2:5]] == [
        "Films that occur twice", "Sources that differ", "Missing values",
    ]  # fmt: skip
    by_decade = next(summary for summary in summaries if "decade" in summary.title)
    assert repr(by_decade).split("\n")[1:3] == [
        "column                 1980s  2000s",
        "tmdb_id                 0.00   1.00",
    ]
    assert films._repr_html_() == "".join(summary._repr_html_() for summary in summaries)


def test_all_of_the_audit_as_one_table(decades):
    frame = read_films(decades).audit.to_frame()
    rows = frame.set_index(["part", "row", "item"])["value"]
    assert rows["rows", "table 1", "rows_in"] == 60
    assert rows["missing", "budget", "share"] == 0.5
    assert rows["missing_by_year", "1990s", "budget"] == 0


def test_two_runs_are_equal(decades):
    one, two = (read_films(RATINGS, decades) for _ in range(2))
    assert [repr(part) for part in one.audit.summaries()] == [repr(part) for part in two.audit.summaries()]
    assert one.table.to_csv() == two.table.to_csv()


# the shared films


def test_shared_films(shared):
    folder = shared / "films"
    raw = folder / "raw"
    with pytest.warns(FilmsWarning, match="column (budget|revenue)"):
        films = read_films(raw / "bechdeltest.json", raw / "tmdb_sample.json", folder / "films.csv.gz")
    accounted(films, 6367, 188, 7913)
    assert films.table["imdb_id"].is_unique and films.table["imdb_id"].str.fullmatch(r"tt\d{7,8}").all()
    assert films.audit.duplicates["n_rows"].tolist() == [2] * 5
    assert not films.table["title"].str.contains("&\\w+;|, The$", na=False).any()
    assert films.audit.gender.set_index("source")["n_films"].drop("not known").sum() > 7000
