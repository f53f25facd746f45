"""Files of films: limits on both sides, and little memory whatever they hold."""

import gzip
import json
import sys
import tracemalloc

import numpy as np
import pandas as pd
import pytest

from bechdel_stats.data import files
from bechdel_stats.data.files import lines_of_records, read_file, table_of_object, table_of_records
from bechdel_stats.words.messages import FilmsError, FilmsWarning


@pytest.fixture
def read(tmp_path):
    """Write a file and read it; the name of the file is the first argument."""

    def read(name, content):
        (tmp_path / name).write_bytes(content if isinstance(content, bytes) else content.encode())
        return read_file(tmp_path / name)[1]

    return read


def refused(read, name, content, message):
    with pytest.raises(FilmsError, match=f"^{name}: {message}") as error:
        read(name, content)
    assert error.value.message.code and "\n" not in str(error.value)


def peak(function):
    """Most bytes that are held while a function runs."""
    tracemalloc.start()
    try:
        function()
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize(
    ("limit", "value", "fits", "beyond", "message"),
    [
        ("MOST_ROWS", 2, "a\n1\n2\n", "a\n1\n2\n3\n", "more than 2 rows. Keep the films you need.$"),
        ("MOST_COLUMNS", 2, "a,b\n1,2\n", "a,b,c\n1,2,3\n", "more than 2 columns. Keep the columns you need.$"),
        ("MOST_COLUMNS", 2, "a,b\n1,2\n", "a,b\n1,2,,,\n", "more than 2 columns"),  # the first row
        ("MOST_CELLS", 4, "a,b\n1,2\n3,4\n", "a,b\n1,2\n3,4\n5,6\n", "more than (4 cells|2 rows)"),
        ("MOST_SEPARATORS", 3, "a,b\n1,2", "a,b\n1,2\n", "more than 2000000 cells"),
        ("LONGEST_CELL", 3, "title\nabc\n", "title\nabcd\n", "column title: a text of more than 3 characters"),
    ],
)
@pytest.mark.parametrize("name", ["a.csv", "a.tsv", "a.csv.gz"])
def test_limits_of_csv(read, monkeypatch, limit, value, fits, beyond, message, name):
    pack = gzip.compress if name.endswith(".gz") else bytes
    monkeypatch.setattr(files, limit, value)
    read(name, pack(fits.encode()))
    refused(read, name, pack(beyond.encode()), message)


def test_the_limit_of_bytes_counts_what_is_unpacked(read, monkeypatch):
    monkeypatch.setattr(files, "LARGEST_TABLE", 1_000_000)
    text = "title\n" + 5 * ("A" * 199_000 + "\n")
    assert len(read("a.csv.gz", gzip.compress(text.encode()))) == 5
    refused(
        read, "a.csv.gz", gzip.compress(2 * text.encode()), "more than 1 MB, unpacked. Keep the columns you need, or"
    )


def test_a_bomb_of_gzip_takes_no_memory(read, monkeypatch):
    monkeypatch.setattr(files, "LARGEST_TABLE", 4_000_000)
    packed = gzip.compress(b"title,year\n" + b"A" * 50_000_000, 1)
    assert peak(lambda: refused(read, "a.csv.gz", packed, "more than 4 MB")) < 15_000_000


@pytest.mark.parametrize("start", ["", "\n \n", "\ufeff", "\r\n"])
def test_blank_lines_and_a_mark_before_the_header_are_skipped(read, start):
    assert read("a.csv", start + "title,year\nA,1990\n").to_dict("list") == {"title": ["A"], "year": [1990]}


def test_a_header_may_span_lines_and_hold_separators(read):
    table = read("a.csv", '"title","a\nb, ""c"""\n"x, y","1\n2"\n')
    assert table.to_dict("list") == {"title": ["x, y"], 'a\nb, "c"': ["1\n2"]}


def test_a_long_title_is_read_whole(read):
    title = "W" * 200_000
    assert read("a.csv", f'title,year\n"{title}",1990\n')["title"].tolist() == [title]


def test_an_apostrophe_before_a_formula_is_taken_off_and_others_stay(read):
    table = read("a.csv", "title,mpaa\n'=1+1,'-\n''=x,'Tis\n'Tis Pity,\n")
    assert table["title"].tolist() == ["=1+1", "'=x", "'Tis Pity"] and table["mpaa"].tolist()[:2] == ["-", "'Tis"]


# JSON


def test_limits_of_json(read, monkeypatch):
    records = [{"title": "A", "a": 1}, {"title": "B", "b": 2}]
    for name, text in (("a.json", json.dumps(records)), ("a.jsonl", "\n".join(map(json.dumps, records)))):
        for limit, fits, message in (
            ("MOST_ROWS", 2, "more than 1 rows"),
            ("MOST_COLUMNS", 3, "more than 2 columns"),
            ("MOST_CELLS", 6, "more than 5 cells"),
        ):
            with monkeypatch.context() as patch:
                patch.setattr(files, limit, fits)
                assert read(name, text).shape == (2, 3)
                patch.setattr(files, limit, fits - 1)
                refused(read, name, text, message)


def test_a_record_has_a_longest_length(read, monkeypatch):
    monkeypatch.setattr(files, "LONGEST_RECORD", 300_000)
    fits, beyond = ('{"title": "' + "A" * n + '"}' for n in (299_987, 299_988))
    for text in (fits, f"{fits}\n{fits}"):
        assert read("a.jsonl", text)["title"].str.len().eq(299_987).all()
    for text in (beyond, f"{fits}\n{beyond}", f"{beyond}\n{fits}"):
        refused(read, "a.jsonl", text, "a line of more than 300000 characters; each must hold one film.$")
    assert read("a.json", f"[{fits}]").shape == (1, 1)
    with pytest.raises(FilmsError, match="^a.json:1: .* more than 300000 characters in an item"):
        read("a.json", f"[{beyond}]")


def test_a_key_for_each_record_makes_no_table(read, monkeypatch):
    monkeypatch.setattr(files, "MOST_CELLS", 200_000)
    content = json.dumps([{"title": "A", f"k{n}": n} for n in range(12_000)])
    assert peak(lambda: refused(read, "a.json", content, "more than 200000 cells")) < 10_000_000
    content = json.dumps({f"k{n}": {str(n): 1} for n in range(448)})  # 448 x 448 = 200,704
    refused(read, "a.json", content, "more than 200000 cells")


def test_values_have_a_most_of_memory(read, monkeypatch):
    monkeypatch.setattr(files, "MOST_MEMORY", 2_000_000)
    content = json.dumps([{"title": "A", "x": [[[]]] * 9}] * 50_000)
    refused(read, "a.json", content, "record [0-9]+: the values up to there take more than 2 MB. Keep the columns you")
    refused(
        read, "a.json", '{"title": [' + "{}," * 9_000 + "{}]}", "one JSON object of more than 16 MB, or of too many"
    )
    assert read("a.json", '{"title": [' + "{}," * 6_000 + "{}]}").shape == (6_001, 1)


def test_one_object_has_a_most_of_characters(read, monkeypatch):
    monkeypatch.setattr(files, "LARGEST_OBJECT", 5_000_000)
    text = '{"title": {"1": "' + "A" * 900_000 + '"}}'
    assert read("a.json", text.ljust(5_000_000)).shape == (1, 1)
    refused(
        read, "a.json", text.ljust(5_000_001), "one JSON object of more than 5 MB, or of too many values. Save it as"
    )


def test_credits_are_shares_as_soon_as_they_are_read(read):
    cast = [{"id": n, "gender": 1 + n % 2, "order": n, "name": "Somebody"} for n in range(300)]
    line = json.dumps({"id": 1, "original_title": "x", "credits": {"cast": cast, "crew": []}})
    assert peak(lambda: read("a.jsonl", f"{line}\n" * 60)) < 6_000_000  # of 1 MB of text, 8 MB of objects
    table = read("a.json", f"[{line}, {line}]")
    assert [value["cast_women"] for value in table["credits"]] == [150, 150]


def test_records_are_the_table_that_pandas_makes_of_them():
    records = [{"a": 1, "b": "x"}, {"b": None, "c": 2.5}, {"a": True, "d": [1]}, {"c": None}]
    pd.testing.assert_frame_equal(table_of_records("x", iter(records)), pd.DataFrame(records))
    for values in ([1, None], [1, 2.5], [True, None], [2**70, 1], ["1", 1], [None, None], [True, False]):
        records = [{"a": value} for value in values] + [{"b": 1}]
        pd.testing.assert_frame_equal(table_of_records("x", records), pd.DataFrame(records))


def test_an_object_is_columns_or_one_record():
    assert table_of_object("x", {"a": {"1": 5, "2": 6}, "b": {"2": 7}}).shape == (2, 2)
    assert table_of_object("x", {"a": 1, "b": {"2": 7}}).shape == (1, 2)
    assert table_of_object("x", {}).empty


def test_lines_are_records_blank_ones_aside():
    assert list(lines_of_records("f", ['{"id": 1}\n\n  \n {"i', 'd": 2} \n'])) == [{"id": 1}, {"id": 2}]
    assert list(lines_of_records("f", [])) == []
    with pytest.warns(FilmsWarning, match="^f: the last line is cut off and left out. Fetch again"):
        assert list(lines_of_records("f", ['{"id": 1}\n{"id"'])) == [{"id": 1}]
    for text in ('{"id"', '{"id"\n{"id": 1}\n'):
        with pytest.raises(
            FilmsError, match="^f:1: is not JSON that can be read: .*: '{\"id\"'. Correct or delete it.$"
        ):
            list(lines_of_records("f", [text]))


def test_blank_lines_come_to_an_end(monkeypatch):
    monkeypatch.setattr(files, "MOST_ROWS", 5)
    assert list(lines_of_records("f", ["\n" * 9])) == []
    with pytest.raises(FilmsError, match="^f: more than 5 rows"):
        list(lines_of_records("f", ["\n" * 10]))


# names, and what is no file


@pytest.mark.skipif(sys.platform in ("win32", "darwin"), reason="names are text there")
def test_a_name_that_is_not_utf8_or_has_control_characters_is_escaped(tmp_path):
    (tmp_path / "a\udce9\x1b\n.csv").write_text("title\nA\n")
    assert read_file(tmp_path / "a\udce9\x1b\n.csv")[0] == r"a\udce9\x1b\n.csv"


def test_only_regular_files_are_read(tmp_path):
    (tmp_path / "a.csv").mkdir()
    with pytest.raises(FilmsError, match="^a.csv: is a folder, not a regular file"):
        read_file(tmp_path / "a.csv")


def test_parquet_has_the_limits_of_what_it_unpacks_to(tmp_path, monkeypatch):
    pytest.importorskip("pyarrow")
    monkeypatch.setattr(files, "LARGEST_TABLE", 1_000_000)
    films = pd.DataFrame({"title": ["A" * 9_000] * 100, "year": np.arange(100)})
    films.to_parquet(tmp_path / "a.parquet")
    pd.testing.assert_frame_equal(read_file(tmp_path / "a.parquet")[1], films)
    pd.concat([films] * 3).to_parquet(tmp_path / "a.parquet")  # a text that is stored once
    assert (tmp_path / "a.parquet").stat().st_size < 50_000
    with pytest.raises(FilmsError, match="^a.parquet: more than 1 MB, unpacked"):
        read_file(tmp_path / "a.parquet")
    monkeypatch.setattr(files, "MOST_ROWS", 299)
    with pytest.raises(FilmsError, match="^a.parquet: more than 299 rows"):
        read_file(tmp_path / "a.parquet")
