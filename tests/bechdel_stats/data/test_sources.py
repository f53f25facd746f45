import gzip
import json
import sys
import time
import warnings

import numpy as np
import pandas as pd
import pytest

from bechdel_stats.data.readers import imdb_id
from bechdel_stats.data.sources import read_source
from bechdel_stats.data.tables import read_films
from bechdel_stats.data.titles import clean_title
from bechdel_stats.words.messages import FilmsError, FilmsWarning


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
        ("Alien [citation needed]", "Alien"), ("*batteries not included", "*batteries not included"), ("<3", "<3"),
        ("&lt;b&gt;M*A*S*H&lt;/b&gt;", "M*A*S*H"), ("Matrix, The[2]", "The Matrix"), ("Rec [4K]", "Rec [4K]"),
        ("Alien [de]", "Alien [de]"),
        ("Don&#39;t", "Don't"), ("sh&amp;#333;jo", "sh\u014djo"), ("Tom & Jerry", "Tom & Jerry"), ("A &lt; B", "A < B"),
        ("Notre  Dame II, The", "The Notre Dame II"), ("First Purge , The", "The First Purge"),
        (None, None),
    ],
)  # fmt: skip
def test_titles_are_decoded_and_only_articles_move(title, expected):
    assert clean_title(title) == expected
    assert clean_title(expected) == expected


@pytest.mark.parametrize(
    "title",
    [
        ", A (x" * 30_000, ", A (x" * 30_000 + ")", ",A" * 100_000, "&" + "amp;" * 50_000, " ," * 100_000,
        "&#" + "9" * 200_000, "&amp;#" + "9" * 200_000 + ";", "&#" * 100_000, "[(" * 100_000 + ")", "\ud800" * 200_000,
    ],
    ids=range(10),
)  # fmt: skip
def test_a_title_of_200000_characters_takes_no_time(title):
    before = time.process_time()
    clean_title(title)
    assert time.process_time() - before < 1  # 50 s where time grows with the square


def test_codes_of_characters_of_any_length_are_read():
    assert clean_title("&#" + "0" * 5000 + "65; &#" + "9" * 5000 + ";") == "A \ufffd"


def test_halves_of_surrogate_pairs_in_titles_and_texts_are_replaced():
    with pytest.warns(
        FilmsWarning, match="column country: 1 of 1 values cannot be used .first: '\ufffd'.: not a known name"
    ):
        film = read_source([{"title": "A \ud800 B", "mpaa": "['\\ud800', 'R']", "country": "\udfff"}]).table.iloc[0]
    assert film[["title", "mpaa", "country"]].tolist() == ["A \ufffd B", "\ufffd|R", None]


def test_titles_in_several_languages_are_the_english_ones():
    titles = [{"original": "Am\u00e9lie", "en": "Amelie"}, {"original": "Ran", "en": None}, "Alien", {"fr": "Le Trou"}]
    with pytest.warns(FilmsWarning) as caught:
        films = read_films([{"title": title, "year": 1999, "rating": 3} for title in titles]).table
    assert films["title"].tolist() == ["Amelie", "Ran", "Alien", None]
    assert [str(warning.message) for warning in caught] == [
        "list 1: column title: 1 of 4 values cannot be used (first: {'fr': 'Le Trou'}): allowed: a text. They count as "
        "missing."
    ]


def test_ids_of_genres_stand_for_genres_that_are_not_given():
    record = {"id": 1, "original_title": "x", "genre_ids": [28, 878]}
    assert read_source([record]).table["genres"].tolist() == ["Action|Science Fiction"]
    assert read_source([{**record, "genres": "War"}]).table["genres"].tolist() == ["War"]
    assert read_source([{"genre_ids": "[18]", "title": "x"}]).table["genres"].tolist() == ["Drama"]
    for ids in ([18, 35], "[18, 35]", "18|35", "18, 35", ["18", "35"]):
        assert read_source([{"Genre IDs": ids, "title": "x"}]).table["genres"].tolist() == ["Comedy|Drama"]
    assert read_source(pd.DataFrame({"title": ["x"], "genre_ids": [18]})).table["genres"].tolist() == ["Drama"]
    assert read_source([{"title": "x", "genres": "[18, 35]"}]).table["genres"].tolist() == ["Comedy|Drama"]
    with pytest.warns(FilmsWarning, match=r"genres: 1 unknown name .*: 5 \(1\)"):
        assert read_source([{**record, "genre_ids": [5]}]).table["genres"].tolist() == [None]


def test_numbers_that_are_no_headers_of_genres_are_no_flags_of_them():
    films = pd.DataFrame({"title": ["x", "y"], "12": [0, 1], "14": [1, 1], "16": [0, 0], "18": [1, 0]})
    assert "genres" not in read_source(films).table


def test_texts_lose_html_footnotes_and_signs_that_cannot_be_seen():
    films = pd.DataFrame({
        "title": ["<i>Alien</i>[1]", "He\u200bat\u2020", "[REC] [note 2]", "<br/>", "\u200eJaws<sup>[2][3]</sup>"],
        "year": ["1979[1]", "<b>1995</b>", "2007 [a]", "1999", "1975"],
        "runtime": ["117 minutes[3]", "170[4]", "<i>78</i>", "90", "124 min"],
        "genres": ["Horror[1], <i>Sci-Fi</i>", "Crime\u200b", "Horror &amp; War", "Drama", "Thriller [5]"],
        "country": ["USA[2]", "United States\u200b", "Spain [b]", "<b>France</b>", "US"],
    })  # fmt: skip
    table = read_source(films).table
    assert table["title"].tolist() == ["Alien", "Heat", "[REC]", None, "Jaws"]
    assert table["year"].tolist() == [1979, 1995, 2007, 1999, 1975]
    assert table["runtime"].tolist() == [117, 170, 78, 90, 124]
    assert table["genres"].tolist() == ["Horror|Science Fiction", "Crime", "Horror|War", "Drama", "Thriller"]
    assert table["country"].tolist() == ["United States", "United States", "Spain", "France", "United States"]


# shapes


def test_the_dump_of_bechdeltest(ratings, accounted):
    films = read_films(ratings)
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


def test_records_and_column_oriented_json_are_the_same(ratings):
    columns = json.loads(pd.DataFrame(ratings, index=[5, 3, 9]).to_json())
    pd.testing.assert_frame_equal(read_films(columns).table, read_films(ratings).table)


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


def test_gender_of_one_source_is_not_ascribed_to_another(movie):
    own = pd.DataFrame({"imdb_id": ["tt0000001", "tt0000002"], "cast_female_share": [0.25, np.nan]})
    films = read_films(own, [movie(1, "tt0000001", cast=[1]), movie(2, "tt0000002", cast=[1])])
    assert films.table["cast_female_share"].tolist() == [0.25, 1]
    assert films.table["cast_gender_source"].tolist() == ["not stated", "tmdb"]


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
def test_every_format_holds_the_same(ratings, tmp_path, suffix):
    path = tmp_path / f"films{suffix}"
    text = {
        ".csv": pd.DataFrame(ratings).to_csv(index=False),
        ".json": "\ufeff" + json.dumps(ratings),
        ".jsonl": "".join(json.dumps(record) + "\n" for record in ratings),
    }[suffix.removesuffix(".gz")].encode()
    path.write_bytes(gzip.compress(text) if suffix.endswith(".gz") else text)
    films = read_films(str(path))
    pd.testing.assert_frame_equal(films.table, read_films(ratings).table)
    assert films.audit.rows["source"].tolist() == [path.name]  # no folder


def test_parquet(ratings, tmp_path):
    pytest.importorskip("pyarrow")
    pd.DataFrame(ratings).assign(rating=[2, 3, 1]).to_parquet(tmp_path / "films.parquet")
    pd.testing.assert_frame_equal(read_films(tmp_path / "films.parquet").table, read_films(ratings).table)
    (tmp_path / "cut.parquet").write_bytes((tmp_path / "films.parquet").read_bytes()[:100])
    with pytest.raises(FilmsError, match="cut.parquet: not a complete Parquet file"):
        read_films(tmp_path / "cut.parquet")


def test_parquet_without_pyarrow_says_what_to_do(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    (tmp_path / "films.parquet").write_bytes(b"PAR1")
    with pytest.raises(FilmsError, match="films.parquet: Parquet needs pyarrow. pip install pyarrow, or save"):
        read_films(tmp_path / "films.parquet")


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("a.csv", b"", "a.csv: empty file"),
        ("a.json", b" \n", "a.json: empty file"),
        ("a.csv", b"imdb_id,title\n", "a.csv: no films in it"),
        ("a.json", b"[]", "a.json: no films in it"),
        ("a.json", b"{}", "a.json: no films in it"),
        ("a.json", b"[1, 2]", "a.json: record 1 is not a record but 1"),
        ("a.json", b'"x"', "a.json: a list of records is needed; got '\"x\"'. Name it .csv if it is CSV.$"),
        (
            "a.json",
            b"title,year\nAlien,1979\n",
            r"a.json: a list of records is needed; got 'title,year.nAlien,197'. Name",
        ),
        (
            "a.json",
            b'{"title": ["A", "B"], "year": [1999, 2001, 2003]}',
            r"^a.json: lists of different lengths \(title 2, year 3\). Give each column a value for every film.$",
        ),
        (
            "a.csv",
            b"<!DOCTYPE html><html><table></table></html>",
            "^a.csv: this is a web page. Open it, and save its table as CSV.$",
        ),
        (
            "a.json",
            b"\n<html><body>503</body></html>",
            "^a.json: this is a web page. Open it, and save its table as CSV.$",
        ),
        (
            "a.csv",
            b"PK\x03\x04...",
            "^a.csv: this is a workbook or another archive .ZIP.. Name it .xlsx if it is a workb",
        ),
        ("a.csv", b"\xd0\xcf\x11\xe0\xa1", "^a.csv: this is an old Excel workbook .* save it as .xlsx or CSV.$"),
        ("a.csv", b"\x1f\x8b\x08", "^a.csv: this is compressed .gzip.. Add .gz to its name.$"),
        ("a.json", b'[{"imdbid": "1",\n "rat', "a.json:2: is not JSON that can be read: Unterminated string"),
        ("a.json", b'{"status_code": 7, "status_message": "No"}', "a.json: no column is known .it has status_code"),
        ("a.csv", b"a,b\n1,2\n", "a.csv: no column is known .it has a, b"),
        (
            "a.csv",
            b"title,year,rating\nThe Good, the Bad and the Ugly,1966,0\n",
            "^a.csv: line 2 has 4 cells, the header 3: put texts with commas in quotes, or export it again.$",
        ),
        ("a.csv", b"title,year\nx,1999\ny,2000,3\n", "^a.csv: line 3 has 3 cells, the header 2: put texts with commas"),
        ("a.csv", b"title,year\nx,1999,3\ny,2000,3\n", "^a.csv: line 2 has 3 cells, the header 2: put texts with"),
        (
            "a.csv",
            b'My list\r\n\r\ntitle;year\r\n"x\r\nz";1\r\ny;2;3\r\n',
            "^a.csv: line 6 has 3 .* with semicolons in",
        ),
        (
            "a.csv",
            b"title,year\n" + b"x" * 200_000 + b",1\ny,2,3\n",
            "^a.csv: rows and header do not fit: Expected 2 fields",
        ),
        ("a.csv", bytes(range(256)) * 9, "a.csv: not a text file. Export it again, as CSV."),
        ("a.csv.gz", b"title,year\nx,1999\n", "a.csv.gz: not a complete gzip file"),
        ("a.csv.gz", gzip.compress(b"title,year\nx,1999\n" * 99, mtime=0)[:-9], "a.csv.gz: not a complete gzip file"),
        ("a.xlsx", b"PK", r"a.xlsx: not a complete Excel workbook \(.xlsx\). Save it again, or as CSV."),
        ("a.xls", b"PK", "films are read from .csv, .tsv, .txt, .json, .jsonl, .xlsx, .parquet; got .xls"),
        ("a", b"", "got no suffix"),
        (
            "a.jsonl",
            b'{"id": 1}\n{"id\n{"id": 2}\n',
            "a.jsonl:2: is not JSON that can be read: .*: '{\"id'. Correct or delete it.",
        ),
    ],
)
def test_files_that_cannot_be_used_are_named_with_the_reason_in_one_line(tmp_path, name, content, message):
    (tmp_path / name).write_bytes(content)
    with pytest.raises(FilmsError, match=message) as error:
        read_films(tmp_path / name)
    assert "\n" not in str(error.value) and str(tmp_path) not in str(error.value)


def test_what_is_no_source_is_an_error(ratings, tmp_path):
    with pytest.raises(FilmsError, match="no films: name at least one file"):
        read_films()
    with pytest.raises(FilmsError, match="list 2: no films in it"):
        read_films(ratings, [])
    with pytest.raises(TypeError, match="a source is a path, a list of records or a DataFrame; got int"):
        read_films(5)
    with pytest.raises(FileNotFoundError):
        read_films(tmp_path / "none.csv")


def test_a_last_line_that_was_cut_off_is_left_out_with_a_warning(movie, tmp_path):
    (tmp_path / "films.jsonl").write_text(json.dumps(movie(1, "tt0000001")) + '\n{"id": 2, "imdb')
    with pytest.warns(FilmsWarning, match="films.jsonl: the last line is cut off"):
        films = read_films(tmp_path / "films.jsonl")
    assert films.table["tmdb_id"].tolist() == [1]


def test_warnings_name_the_source_point_to_the_caller_and_stay_in_the_audit(ratings):
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        films = read_films(ratings, pd.DataFrame({"imdb_id": ["1", "2"], "year": [1999, 99]}))
    (text,) = films.audit.warnings
    assert text.startswith("table 2: column year: 1 of 2 values cannot be used (first: 99)")
    assert [str(warning.message) for warning in caught] == [text]
    assert caught[0].filename == __file__
    assert text in repr(films.audit.summary())


# one source alone


@pytest.mark.parametrize(
    "source, name, shape, columns",
    [
        ([{"imdbid": "1", "rating": 3}], "list 4", "bechdeltest.com", ["imdb_id", "rating", "passes"]),
        ([{"id": 3, "rating": 2}], "list 4", "bechdeltest.com", ["bechdel_id", "rating", "passes"]),
        ({"title": "x", "year": 1999}, "list 4", "table", ["title", "year"]),
        (pd.DataFrame({"title": ["x"], "own": [1]}), "table 4", "table", ["title", "own"]),
        (
            pd.DataFrame({"cast_female_share": [0.5]}),
            "table 4",
            "table",
            ["cast_female_share", "cast_gender_source"],
        ),
        ([{"id": 1, "original_title": "x"}], "list 4", "TMDB", ["tmdb_id", "original_title"]),
    ],
)
def test_a_source_has_a_name_by_its_place_and_a_shape_by_its_columns(source, name, shape, columns):
    read = read_source(source, 4)
    assert (read.name, read.shape, list(read.table), read.warnings) == (name, shape, columns, ())


def test_credits_of_tmdb_are_a_shape_of_their_own_and_become_shares():
    read = read_source([{"movie_id": 7, "title": "x", "cast": '[{"gender": 1}]', "crew": "[]"}])
    assert (read.name, read.shape) == ("list 1", "TMDB credits")
    film = read.table.iloc[0]
    assert film[["tmdb_id", "cast_women", "cast_female_share", "cast_gender_source"]].tolist() == [7, 1, 1, "tmdb"]
    assert not {"cast", "crew", "credits", "movie_id"} & set(read.table)


def test_what_cannot_be_used_is_said_as_a_message_under_the_name_of_the_source():
    with pytest.warns(FilmsWarning, match="^table 2: column year: 1 of 2 values cannot be used"):
        (told,) = read_source(pd.DataFrame({"year": [1999, 99]}), 2).warnings
    assert told.code == "of_source" and told.values["source"] == "table 2"
    assert told.values["message"].code == "unusable_values"
    with pytest.warns(FilmsWarning, match="^table 2: column year: 2 of 2 .*: 98, 99.*The column is not used"):
        read = read_source(pd.DataFrame({"year": [98, 99], "title": ["A", "B"]}), 2)
    assert read.warnings[0].values["message"].code == "unusable_column"
    assert list(read.table) == ["their_year", "title"] and read.columns[0].attribute == ""


def test_a_source_is_not_modified_and_its_rows_are_numbered_anew():
    given = pd.DataFrame({"imdbid": ["1", "2"], "title": ["A, The", "B &amp; C"]}, index=[7, 7])
    before = given.copy(deep=True)
    table = read_source(given).table
    pd.testing.assert_frame_equal(given, before)
    assert table.to_dict("list") == {"imdb_id": ["tt0000001", "tt0000002"], "title": ["The A", "B & C"]}
    assert table.index.tolist() == [0, 1]


@pytest.mark.parametrize("name", ["FILMS.CSV", "films.TSV", "films.Csv.GZ"])
def test_suffixes_may_be_capitals(tmp_path, name):
    text = b"title\tyear\nx\t1999\n"
    (tmp_path / name).write_bytes(gzip.compress(text) if name.endswith("GZ") else text)
    read = read_source(tmp_path / name)
    assert read.name == name and read.table.values.tolist() == [["x", 1999]]


def test_json_that_is_nested_too_deeply_is_named(tmp_path):
    (tmp_path / "deep.json").write_text("[" * 100_000)
    with pytest.raises(FilmsError, match="^deep.json:1: is not JSON that .*: it is nested more than 100 levels deep$"):
        read_source(tmp_path / "deep.json")


def test_lists_of_names_are_joined_and_text_stays():
    record = {
        "id": 1,
        "original_title": "x",
        "production_countries": [{"iso_3166_1": "FR"}, {"iso_3166_1": "JP", "name": "Japan"}],
        "genres": "[{'name': 'War'}, {'name': ''}]",
        "production_companies": "Jack's",
    }
    film = read_source([record]).table.iloc[0]
    assert film[["countries", "country", "genres", "production_companies"]].tolist() == [
        "FR|Japan", "France", "War", "Jack's",
    ]  # fmt: skip


def test_totals_at_the_foot_of_a_table_are_no_films():
    rows = {
        "title": ["Total Recall", "Total", "Alien", "Moyenne", "TOTAL films"],
        "year": [1990, 1991, 1979, None, None],
    }
    with pytest.warns(
        FilmsWarning, match="^table 1: 2 rows of totals or means at the foot are no films and left out.$"
    ):
        table = read_source(pd.DataFrame(rows)).table
    assert table["title"].tolist() == ["Total Recall", "Total", "Alien"]
    with_ids = pd.DataFrame({"title": ["Alien", "Total"], "imdb_id": ["1", "2"]})
    assert len(read_source(with_ids).table) == 2


@pytest.mark.parametrize(
    "foot",
    ["Total;;;190\nMoyenne;;1999,5;95\n", ";;;\nTotal;;;190\n;;;\nMoyenne;n.c.;;95 min\n;;;\n",
     "Nombre de films;2;;\nGrand total;;;190\n", ";2 films;;\n;Total général;;190\n"],
)  # fmt: skip
def test_a_total_may_stand_in_any_column(foot, tmp_path):
    path = tmp_path / "a.csv"
    path.write_text("N°;Titre;Année;Durée\n1;Alien;1979;100\n2;Total Recall;1990;90\n" + foot, encoding="utf-8")
    with pytest.warns(FilmsWarning, match="^a.csv: 2 rows of totals or means at the foot are no films and left out.$"):
        table = read_films(path).table
    assert table["title"].tolist() == ["Alien", "Total Recall"] and table["year"].tolist() == [1979, 1990]


@pytest.mark.parametrize(
    ("name", "kinds"),
    [
        ("Title Type", ["Movie", "TV Series", "TV Mini Series", "TV Movie", "Video Game", "TV Episode", "Short"]),
        ("titleType", ["movie", "tvSeries", "tvMiniSeries", "tvMovie", "videoGame", "tvEpisode", "short"]),
        ("Type", ["movie", "series", "TV series", "movie", "game", "episode", "movie"]),
        ("type", ["Movie", "TV Show", "TV Show", "movie", "show", "episode", "Movie"]),
        ("media_type", ["movie", "tv", "tv", "movie", "tv", "tv", None]),
    ],
)
def test_series_episodes_and_games_are_no_films(name, kinds):
    rows = [{"Title": f"Film {n}", "Year": 1990 + n, name: kind} for n, kind in enumerate(kinds)]
    with pytest.warns(FilmsWarning, match=r"^table 1: 4 rows of series, episodes or games are no films and left out"):
        source = read_source(pd.DataFrame(rows))
    assert list(source.table["title"]) == ["Film 0", "Film 3", "Film 6"]


def test_a_table_of_nothing_but_series_is_read():
    rows = [{"Title": f"Series {n}", "Year": 1990 + n, "Type": "series"} for n in range(3)]
    assert len(read_source(pd.DataFrame(rows)).table) == 3


def test_subtotals_are_no_films_wherever_they_stand():
    films = pd.DataFrame({
        "title": ["Alien", "Subtotal 1970s", "Heat", "Sous-total", "Subtotals", "Summe"],
        "year": [1979, None, 1995, None, 2001, None], "rating": [3, 3, 1, 1, 2, 7],
    })  # fmt: skip
    with pytest.warns(FilmsWarning) as caught:
        read = read_films(films).table
    assert [str(warning.message) for warning in caught] == [
        "table 1: 2 rows of subtotals are no films and left out.",
        "table 1: 1 row of totals or means at the foot is no film and left out.",
    ]
    assert read["title"].tolist() == ["Alien", "Heat", "Subtotals"]
    with_id = films.iloc[:2].assign(imdb_id=["tt0078748", "tt0113277"])
    assert read_films(with_id).table["title"].tolist() == ["Alien", "Subtotal 1970s"]


def test_remarks_below_totals_are_no_films_either():
    rows = {"title": ["Alien", "Total", "Nb de films", "Source : CNC"], "year": [1979, 1979, 1, None]}
    with pytest.warns(
        FilmsWarning, match="^table 1: 3 rows of totals or means at the foot are no films and left out.$"
    ):
        assert read_films(pd.DataFrame(rows)).table["title"].tolist() == ["Alien"]
    films = pd.DataFrame({"title": ["Alien", "Total", "Heat"], "year": [1979, 1991, None]})
    assert read_films(films).table["title"].tolist() == ["Alien", "Total", "Heat"]
    alone = pd.DataFrame({"title": ["Alien", "Quay: A Film"], "year": [1979, None]})
    assert len(read_films(alone).table) == 2


def test_a_film_named_like_a_total_is_a_film():
    films = pd.DataFrame({"title": ["Alien", "Total Recall", "Ensemble"], "genres": ["Horror", "Action", "Comedy"]})
    assert read_films(films).table["title"].tolist() == ["Alien", "Total Recall", "Ensemble"]


def test_empty_rows_are_counted_and_no_films(tmp_path):
    (tmp_path / "a.csv").write_text("Titre;Année\nAlien;1979\n;\nHeat;1995\n;n.c.\n", encoding="utf-8")
    films = read_films(tmp_path / "a.csv")
    assert films.table["title"].tolist() == ["Alien", "Heat"]
    assert films.audit.dropped.values.tolist() == [["a.csv", "empty row", 2, "row 1; row 3"]]


# tables as people hold them


def test_of_columns_with_the_same_name_the_first_is_read():
    twice = pd.DataFrame([["A", "B", 1999], ["C", "D", 2001]], columns=["Title", "Title ", "Year"])
    read = read_source(twice)
    assert read.table.to_dict("list") == {"title": ["A", "C"], "Title.1": ["B", "D"], "year": [1999, 2001]}
    assert [column.attribute for column in read.columns] == ["title", "", "year"]
    ids = pd.DataFrame([["A", "[18]", "[27]"]], columns=["title", "genre_ids", "genre_ids"])
    assert read_source(ids).table["genres"].tolist() == ["Drama"]


def test_ids_and_titles_in_the_index_are_columns(ratings):
    ratings = pd.DataFrame(ratings)
    attributes = pd.DataFrame({"imdb_id": ratings["imdbid"], "runtime": [90, 95, 148]})
    expected = read_films(ratings, attributes).table
    found = read_films(ratings.set_index("imdbid"), attributes.set_index("imdb_id")).table
    pd.testing.assert_frame_equal(found[expected.columns], expected)
    levels = attributes.assign(title=["a", "b", "c"], row=1).set_index(["imdb_id", "title", "row"])
    assert list(read_source(levels).table) == ["imdb_id", "title", "row", "runtime"]
    same = levels.rename_axis(index=["imdb_id", "title", "title"])
    assert list(read_source(same).table) == ["imdb_id", "title", "runtime"]
    doubled = attributes.set_index("imdb_id", drop=False)
    assert list(read_source(doubled).table) == ["imdb_id", "runtime"]
    assert list(read_source(attributes.set_index(["imdb_id", "runtime"])).table) == ["imdb_id", "runtime"]


def test_columns_on_several_levels_are_joined():
    levels = pd.DataFrame(
        [["A", 1999, 2]], columns=pd.MultiIndex.from_tuples([("film", "title"), ("year", ""), ("x", 1)])
    )
    assert read_films(levels).table.to_dict("list") == {"title": ["A"], "year": [1999], "x_1": [2]}


@pytest.mark.parametrize(
    "header",
    [
        "Film,Year,Bechdel,,\n,,score,dubious,genre\n",
        "Bechdel by film\nTitle,Year,Bechdel,,Info\n,,score,dubious,genre\n",
        "Film,,Bechdel,,\nName,Year,score,dubious,genre\n",
        "Film,Year,Test,,\n,,Rating,Dubious,Genre\n",
    ],
)
def test_a_header_in_two_rows_is_read_as_one(header, tmp_path):
    (tmp_path / "films.csv").write_text(header + "Alien,1979,3,0,War\nHeat,1995,1,1,Crime\n")
    with warnings.catch_warnings():
        warnings.filterwarnings(
            "ignore", "films.csv: the header goes on in the row below it; names of columns are made"
        )
        films = read_films(tmp_path / "films.csv").table
    names = ["title", "year", "rating", "dubious", "genres"]
    assert films[names].to_numpy().tolist() == [["Alien", 1979, 3, 0, "War"], ["Heat", 1995, 1, 1, "Crime"]]


def test_a_header_in_two_rows_is_told_and_a_film_below_a_column_without_name_is_none(tmp_path):
    (tmp_path / "films.csv").write_text("Film,Director,\n,Name,Gender\nAlien,Scott,m\nClueless,Heckerling,f\n")
    with pytest.warns(FilmsWarning, match="^films.csv: the header goes on in the row below it; names of columns are"):
        films = read_films(tmp_path / "films.csv").table
    assert films["title"].tolist() == ["Alien", "Clueless"] and films["director_female_share"].tolist() == [0, 1]
    (tmp_path / "films.csv").write_text("Title,,Country\nAlien,film,USA\nHeat,film,USA\n")
    assert read_films(tmp_path / "films.csv").table["title"].tolist() == ["Alien", "Heat"]


def test_groups_over_columns_are_left_out_where_they_are_films():
    names = [
        ("Film", "title"),
        ("Film", "year"),
        ("Bechdel", "score"),
        ("Director", "name"),
        ("Unnamed: 4_level_0", "genre"),
    ]
    table = read_films(pd.DataFrame([["A", 1999, 3, "B", "War"]], columns=pd.MultiIndex.from_tuples(names))).table
    assert table.to_dict("list") == {
        "title": ["A"], "year": [1999], "rating": [3], "Director_name": ["B"], "genres": ["War"], "passes": [1]
    }  # fmt: skip


def test_formulas_that_hold_a_text_are_that_text(tmp_path):
    (tmp_path / "a.csv").write_text(
        'imdb_id,title,rating\n="0087015","=""Alien""",="3"\n"=""420238""","=""A"" & B",0\n'
    )
    films = read_films(tmp_path / "a.csv").table
    assert films[["imdb_id", "title", "rating"]].to_numpy().tolist() == [
        ["tt0087015", "Alien", 3], ["tt0420238", '="A" & B', 0],
    ]  # fmt: skip


def test_json_lines_may_be_called_json(ratings, tmp_path):
    path = tmp_path / "films.json"
    for start, end in (("", ""), ("\ufeff\n", "\n\n")):
        path.write_text(start + "\n".join(map(json.dumps, ratings)) + end)
        pd.testing.assert_frame_equal(read_films(path).table, read_films(ratings).table)
    path.write_text(json.dumps(ratings[0]) + "\n{\n" + json.dumps(ratings[1]) + "\n")
    with pytest.raises(
        FilmsError, match="^films.json:2: is not JSON that can be read: .*: '{'. Correct or delete it.$"
    ):
        read_films(path)
    path.write_text(json.dumps({"title": "A", "year": 1999}) + "\n\n")
    assert read_films(path).table["title"].tolist() == ["A"]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            "title,Alien,Heat\nyear,1979,1995\nbechdel,3,1\n",
            "title holds year, bechdel, .* one row: transpose the table",
        ),
        ("film,what,value\nAlien,year,1979\nAlien,rating,3\nHeat,year,1995\n", "what holds year, .* a column for each"),
    ],
)
def test_tables_of_attributes_in_rows_are_refused_with_what_to_do(text, message, tmp_path):
    (tmp_path / "films.csv").write_text(text)
    with pytest.raises(FilmsError, match=message):
        read_films(tmp_path / "films.csv")


def test_names_of_sources_in_cells_are_no_attributes():
    films = pd.DataFrame({"title": ["A", "B"], "from": ["imdb", "tmdb"]})
    assert read_films(films).table["title"].tolist() == ["A", "B"]
