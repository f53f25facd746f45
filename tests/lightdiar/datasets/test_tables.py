import pytest

from lightdiar.common import foreign
from lightdiar.datasets.tables import has_columns, read_table
from lightdiar.errors import FormatError


@pytest.fixture
def table(tmp_path):
    def write(content):
        path = tmp_path / "t.tsv"
        path.write_bytes(content.encode())
        return path

    return write


def test_columns_are_found_by_name_and_quotes_are_letters(table, monkeypatch):
    path = table('\ufeffid\tsaid \tage\r\n7\t"Well, no\t\r\n\r\n8\t x \tten')
    for size in (1 << 18, 3):  # also in pieces that cut through a line
        monkeypatch.setattr(foreign, "PIECE", size)
        found = list(read_table(path, ("said", "id"), ("age", "height")))
        assert found == [(2, ['"Well, no', "7", "", ""]), (4, ["x", "8", "ten", ""])]


def test_commas_separate_where_the_first_line_has_them(table):
    path = table("VoxCeleb2 ID ,VGGFace2 ID ,Gender ,Set \nid00012 ,n000012 ,m ,dev \n")
    assert list(read_table(path, ("VoxCeleb2 ID", "Gender"))) == [(2, ["id00012", "m"])]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "t.tsv:1: no column id: "),
        ("a\tb\n", "t.tsv:1: no column id: a\\\\tb"),
        ("id\tb\n1\t2\n3\n", "t.tsv:3: 1 cells; the first line has 2: 3"),
        ("id\tb\n1\t2\t\x1b\n", "t.tsv:2: 3 cells; the first line has 2: 1\\\\t2\\\\t\\\\x1b"),
    ],
)
def test_a_broken_table_is_refused_with_the_line(table, text, message):
    with pytest.raises(FormatError, match=message):
        list(read_table(table(text), ("id",)))


def test_a_table_that_is_not_utf8_is_refused_with_the_line(tmp_path):
    (tmp_path / "t.tsv").write_bytes("id\tname\n1\tRené\n".encode("latin-1"))
    with pytest.raises(FormatError, match="t.tsv:2: not UTF-8 text"):
        list(read_table(tmp_path / "t.tsv", ("id",)))


def test_tables_are_known_by_their_first_line(table, tmp_path):
    assert has_columns(table("client_id\tpath\tage\n"), "path", "client_id")
    assert not has_columns(table("path\n"), "path", "client_id")
    assert not has_columns(tmp_path / "missing.tsv", "path")
