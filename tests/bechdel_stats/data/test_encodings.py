import codecs

import pytest

from bechdel_stats.data.encodings import from_utf16, to_utf8
from bechdel_stats.data.tables import read_films
from bechdel_stats.words.messages import FilmsError, FilmsWarning

TEXT = "title;year\nAm\u00e9lie \u2013 l\u2019\u0153uvre;2001\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("size", [1, 3, 1000])
def test_unicode_is_read_whatever_its_form(encoding, size):
    content = TEXT.encode(encoding)
    pieces = [content[start : start + size] for start in range(0, len(content), size)]
    assert to_utf8("a.csv", b"".join(from_utf16(pieces))).decode() == TEXT


def test_what_windows_writes_is_read_and_told():
    with pytest.warns(FilmsWarning, match="^a.csv: not UTF-8; read as Windows-1252.$"):
        assert to_utf8("a.csv", TEXT.encode("cp1252")).decode() == TEXT
    with pytest.warns(FilmsWarning, match="Windows-1252"):
        assert to_utf8("a.csv", b"caf\xe9 \x81").decode() == "caf\u00e9 \x81"


@pytest.mark.parametrize(
    "text", ["Am\u00e9lie \u2013 l\u2019\u0153uvre", "Fran\u00e7ois; M\u00e4dchen f\u00fcr \u00c9t\u00e9"]
)
def test_what_the_macintosh_writes_is_read_and_told(text):
    with pytest.warns(FilmsWarning, match="^a.csv: not UTF-8; read as Mac OS Roman.$"):
        assert to_utf8("a.csv", text.encode("mac_roman")).decode() == text
    with pytest.warns(FilmsWarning, match="^a.csv: not UTF-8; read as Windows-1252.$"):
        assert to_utf8("a.csv", text.encode("cp1252")).decode() == text


@pytest.mark.parametrize(
    ("encoding", "text"),
    [
        ("1251", "Название;Год\nЧужой;1979\nAlien;1979"),
        ("1250", "Tytuł;Rok;Płeć reżysera\nŁódź podwodna;1981;mężczyzna"),
        ("1252", "Título;Año\n¿Qué hé hecho? m³;1984"),
        ("1252", "ÉÉÉ; Amélie, Zoé à Pâques"),
    ],
)
def test_what_windows_writes_in_russia_and_poland_is_read_and_told(encoding, text):
    with pytest.warns(FilmsWarning, match=f"^a.csv: not UTF-8; read as Windows-{encoding}.$"):
        assert to_utf8("a.csv", text.encode(f"cp{encoding}")).decode() == text


def test_signs_of_windows_are_no_letters_of_the_macintosh():
    text = "Ocean\u2019s Eleven \u2013 \u201cone\u201d\u2026 80\u00a0\u20ac, Mi\u0161"
    with pytest.warns(FilmsWarning, match="^a.csv: not UTF-8; read as Windows-1252.$"):
        assert to_utf8("a.csv", text.encode("cp1252")).decode() == text


def test_letters_that_were_encoded_twice_are_told_and_read_as_they_were():
    text = "Am\u00e9lie \u2013 l\u2019\u0153uvre; \u00c0 \u00c1 \u00e0 \u0142\u00f3d\u017a; \u65e5\u672c"
    twice = text.encode().decode("latin-1").encode()
    windows = "Am\u00e9lie \u2013 l\u2019\u0153uvre".encode().decode("cp1252").encode()
    for content, once in (
        (twice, text),
        (windows, text[:16]),
        (windows + b";" + text.encode(), text[:16] + ";" + text),
    ):
        with pytest.warns(FilmsWarning, match="^a.csv: letters that were encoded in UTF-8 twice are read as they were"):
            assert to_utf8("a.csv", content).decode() == once
    portuguese = "IRM\u00c3 N\u00c3O, \u00c2NGELA; \u00ab\u00a0caf\u00e9\u2026\u00bb"
    assert to_utf8("a.csv", portuguese.encode()).decode() == portuguese


def test_one_damaged_place_does_not_spoil_the_other_letters():
    content = ("\u00e9" * 20).encode() + b"\xe9;" + ("\u00e8" * 20).encode()
    with pytest.warns(FilmsWarning, match="^a.csv: 1 place is not UTF-8 and replaced"):
        assert to_utf8("a.csv", content).decode() == "\u00e9" * 20 + "\ufffd;" + "\u00e8" * 20


def test_what_is_no_text_is_refused():
    with pytest.raises(FilmsError, match="^a.csv: not a text file. Export it again, as CSV.$"):
        to_utf8("a.csv", bytes(range(256)) * 10)
    assert list(from_utf16([])) == [b""] and to_utf8("a.csv", b"") == b""
    assert codecs.BOM_UTF8 + b"x" not in to_utf8("a.csv", codecs.BOM_UTF8 + b"x")


def test_json_in_utf16_as_powershell_writes_it(tmp_path):
    (tmp_path / "a.json").write_bytes(
        '[{"imdbid": "1", "id": 1, "rating": 3, "title": "\u00c9t\u00e9"}]'.encode("utf-16")
    )
    assert read_films(tmp_path / "a.json").table["title"].tolist() == ["\u00c9t\u00e9"]
