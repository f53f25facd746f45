import os
import sys

import pytest

from lightdiar.corpus.listing import read_listing
from lightdiar.errors import DoubtfulResultWarning, FormatError


def write(path, content=""):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def test_all_sounds_and_films_below_a_folder_are_listed_in_the_order_of_their_paths(tmp_path):
    for name in "b.WAV a/c.mkv a/notes.txt .hidden/d.wav .e.wav a/b/f.flac results/recordings/x/x.json".split():
        write(tmp_path / name)
    films = read_listing(tmp_path)
    assert [(film.name, film.path) for film in films] == [("f", "a/b/f.flac"), ("c", "a/c.mkv"), ("b", "b.WAV")]
    assert films[0].file == str(tmp_path / "a" / "b" / "f.flac")
    assert all(film.columns == film.part == {} for film in films)


@pytest.mark.skipif(sys.platform == "win32", reason="links need rights there")
def test_links_that_lead_in_circles_do_not_hang_and_a_file_is_done_once(tmp_path):
    folder = tmp_path / "films"
    write(folder / "a" / "film.wav")
    (folder / "a" / "up").symlink_to(folder)
    (folder / "self").symlink_to(folder / "self")
    (folder / "again.wav").symlink_to(folder / "a" / "film.wav")
    with pytest.warns(DoubtfulResultWarning, match=r"films: listed more than once, and done once: again\.wav$"):
        films = read_listing(folder)
    assert [film.path for film in films] == ["a/film.wav"]


def test_a_folder_without_sound_is_told(tmp_path):
    with pytest.raises(
        ValueError, match=r"holds no sound or film, by the endings of its files; found nothing in it\.$"
    ):
        read_listing(tmp_path)
    write(tmp_path / "notes.txt")
    with pytest.raises(ValueError, match=r"; found 1 other file in it\.$"):
        read_listing(tmp_path)


def test_one_recording_and_what_is_not_there_are_no_list(tmp_path):
    film = write(tmp_path / "film.mkv")
    with pytest.raises(
        ValueError, match=r"film\.mkv: is one recording\. Name a folder or a list; or run `lightdiar dia"
    ):
        read_listing(film)
    with pytest.raises(FormatError, match=r"films: cannot be read: No such file .*Name a folder or a list\.$"):
        read_listing(tmp_path / "films")


TABLE = "path,year,Track,start,end\nfilms/a.mkv,1990,fr,1:00,\nfilms/b.mkv,'=1,2,,1:30:00.5\n"


@pytest.mark.parametrize(
    "content",
    [
        TABLE,
        "\ufeff" + TABLE,
        TABLE.replace("\n", "\r\n"),
        TABLE.replace(",", ";"),
        TABLE.replace(",", ";").replace("00.5", "00,5"),
        TABLE.replace(",", "\t"),
        "\n" + TABLE + "\n,,,,\n",
        TABLE.encode("utf-16"),
        TABLE.replace("films/a.mkv", '"films/a.mkv"'),
    ],
)
def test_a_table_says_what_is_heard_and_keeps_its_columns(tmp_path, content):
    first, second = read_listing(write(tmp_path / "list.csv", content))
    assert (first.name, first.path, first.file) == ("a", "films/a.mkv", str(tmp_path / "films" / "a.mkv"))
    assert first.part == {"track": "fra", "start": 60.0}
    assert first.columns == {"year": "1990", "track": "fr", "start": "1:00", "end": ""}
    assert second.part == {"track": 2, "end": 5400.5}
    assert second.columns["year"] == "=1"


def test_a_plain_list_has_a_path_on_each_line(tmp_path):
    content = "a, b.wav\r\n\n  c.wav\nd\u00e9j\u00e0.wav"
    films = read_listing(write(tmp_path / "list.txt", content))
    assert [film.path for film in films] == ["a, b.wav", "c.wav", "d\u00e9j\u00e0.wav"]
    assert [film.name for film in films] == ["a,_b", "c", "d\u00e9j\u00e0"]


def test_paths_that_are_missing_are_listed_and_those_there_twice_once(tmp_path):
    absolute = os.path.join(tmp_path, "a.wav")
    with pytest.warns(DoubtfulResultWarning, match=r"listed more than once, and done once: \./a\.wav, .*a\.wav \(2\)$"):
        films = read_listing(write(tmp_path / "list.csv", f"path,n\na.wav,1\n./a.wav,2\n{absolute},3\n"))
    assert [(film.path, film.columns) for film in films] == [("a.wav", {"n": "1"})]


def test_two_parts_of_one_film_are_two(tmp_path):
    films = read_listing(write(tmp_path / "list.csv", "path,start,end\na.wav,0,60\na.wav,60,120\n"))
    assert [film.name for film in films] == ["a_wav", "a_wav_2"]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("file\na.wav\n", r"list\.csv:1: no column path: file$"),
        ("path,year\na.wav\n", r"list\.csv:2: 1 cells; the header has 2: a\.wav$"),
        ("path,year\n,1990\n", r"list\.csv:2: no path of a recording: ''; name one, or remove the row$"),
        ("path,start\na.wav,soon\n", r"list\.csv:2: 'soon' must be seconds, or H:MM:SS"),
        ("path,start,end\na.wav,5,4\n", r"list\.csv:2: start=5\.0 s, end=4\.0 s; need 0 <= start < end"),
        ("path,track\na.wav,0\n", r"list\.csv:2: track=0 must be a number, from 1"),
        ("path,year,year\na.wav,1,2\n", r"list\.csv:1: the header names the column year twice$"),
        ("path\n", r"list\.csv: no rows; a list names at least one recording\.$"),
        ("", r"list\.csv:1: no column path: $"),
        (b"path\n\xff.wav\n", r"list\.csv:2: not UTF-8 text"),
        ("path\n" + "a" * 200_000, r"list\.csv:2: not CSV that can be read: field larger than field limit"),
    ],
)
def test_a_broken_list_is_told_with_its_line(tmp_path, content, message):
    with pytest.raises(FormatError, match=message):
        read_listing(write(tmp_path / "list.csv", content))


def test_columns_without_a_name_are_numbered(tmp_path):
    (film,) = read_listing(write(tmp_path / "list.csv", ",path\n7,a.wav\n"))
    assert film.columns == {"column_1": "7"}
