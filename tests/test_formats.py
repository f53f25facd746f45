import os
import re
from pathlib import Path

import pytest

from lightdiar.errors import FormatError, LightdiarError
from lightdiar.formats import (
    read_genders,
    read_lab,
    read_rttm,
    read_uem,
    rttm_text,
    write_rttm,
    write_text,
    write_uem,
)
from lightdiar.timeline import Annotation, Segment, Turn

LINE = "SPEAKER {recording} 1 {start} {duration} <NA> <NA> {speaker} <NA> <NA>\n"


def rttm_line(recording="news", start="0.5", duration="1.5", speaker="ann"):
    return LINE.format(recording=recording, start=start, duration=duration, speaker=speaker)


@pytest.fixture
def file(tmp_path):
    def write(text, encoding="utf-8"):
        path = tmp_path / "file.txt"
        path.write_bytes(text.encode(encoding))
        return path

    return write


def test_rttm_goes_there_and_back(tmp_path):
    news = Annotation([Turn(0.1, 0.3, "ann"), Turn(0.3, 7200.123, "bob")], "news")
    film = Annotation([Turn(3, 4, "zoë")], "film")
    write_rttm(tmp_path / "all.rttm", [news, film])
    assert read_rttm(tmp_path / "all.rttm") == {"news": news, "film": film}
    write_rttm(tmp_path / "nameless.rttm", Annotation(film.turns))
    assert read_rttm(tmp_path / "nameless.rttm") == {"": Annotation(film.turns)}


def test_rttm_text_to_the_letter():
    annotation = Annotation([Turn(0.1234, 2, "Ann Lee"), Turn(3, 3.0002, "bob")], "my film")
    assert rttm_text(annotation) == "SPEAKER my_film 1 0.123 1.877 <NA> <NA> Ann_Lee <NA> <NA>\n"


def test_touching_turns_still_touch_in_milliseconds(file):
    text = rttm_text(Annotation([Turn(0.0004, 1.00049, "a"), Turn(1.00049, 2.0, "b")], "x"))
    first, second = read_rttm(file(text))["x"]
    assert first.end == second.start


def test_rttm_does_not_merge_two_speakers_by_their_names():
    with pytest.raises(ValueError, match="two of these speakers become one: ann lee, ann_lee"):
        rttm_text(Annotation([Turn(0, 1, "ann lee"), Turn(1, 2, "ann_lee")]))


def test_rttm_from_the_wild(file):
    text = (
        "\ufeff;; a comment\r\n\r\nSPKR-INFO news 1 <NA> <NA> <NA> unknown ann <NA> <NA>\r\n"
        "  SPEAKER\tnews 1 5e-1  1.5E+0 <NA> <NA> ann <NA>\r\n" + rttm_line(duration="0.000", speaker="bob")
    )
    assert read_rttm(file(text)) == {"news": Annotation([Turn(0.5, 2, "ann")], "news")}


@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
def test_any_line_ends(file, line_end):
    text = (rttm_line() + rttm_line(start="3")).replace("\n", line_end)
    assert len(read_rttm(file(text))["news"]) == 2


def test_a_recording_whose_only_line_has_no_length_is_silent(file):
    assert read_rttm(file(rttm_line(duration="0"))) == {"news": Annotation((), "news")}
    assert read_rttm(file("")) == {}


@pytest.mark.parametrize(
    "line, reason",
    [
        (rttm_line(start="nan"), "nan is not a finite number of seconds"),
        (rttm_line(duration="inf"), "inf is not a finite number of seconds"),
        (rttm_line(duration="-0.5"), "the end lies 0.5 s before the start"),
        (rttm_line(start="-1"), "start must be 0 or later, not -1"),
        (rttm_line(start="<NA>"), "<NA> is not a number of seconds"),
        (rttm_line(speaker="Ann Mary Lee"), "8 to 10 fields without blanks in them, not 12"),
        ("SPEAKER news 1 0.0 1.0\n", "8 to 10 fields without blanks in them, not 5"),
        ("start,end,speaker\n", "an RTTM line begins with its type"),
    ],
)
def test_a_bad_rttm_line_is_named_with_its_place(file, line, reason):
    path = file(rttm_line() + line)
    with pytest.raises(
        FormatError, match=f"^{re.escape(f'{path}:2: ')}.*{re.escape(reason)}.*{re.escape(line.strip())}$"
    ):
        read_rttm(path)


def test_a_format_error_is_a_value_error_of_ours():
    assert issubclass(FormatError, LightdiarError)
    assert issubclass(FormatError, ValueError)


def test_text_that_is_not_utf8_is_refused(file):
    with pytest.raises(FormatError, match=":2: not UTF-8"):
        read_rttm(file(rttm_line() + rttm_line(speaker="zoë"), encoding="latin-1"))


def test_uem_goes_there_and_back(tmp_path, file):
    regions = {"news": [Segment(0, 10.5), Segment(20, 30)], "film": [Segment(1, 2)]}
    write_uem(tmp_path / "all.uem", regions)
    assert (tmp_path / "all.uem").read_bytes().startswith(b"news 1 0.000 10.500\nnews 1 20.000")
    assert read_uem(tmp_path / "all.uem") == regions
    with pytest.raises(FormatError, match=r"4 fields \(recording channel start end\), not 3: news 0 10"):
        read_uem(file("news 0 10\n"))


def test_lab(file):
    marks = read_lab(file("0.00000 0.20981 S\r\n0.20981 0.77443 V\n1\t2\tdog barks\n3 3 V\n"))
    assert marks == [
        (Segment(0, 0.20981), "S"),
        (Segment(0.20981, 0.77443), "V"),
        (Segment(1, 2), "dog barks"),
    ]
    with pytest.raises(FormatError, match=r":1: a label line has 3 fields \(start end label\), not 2: 0 1"):
        read_lab(file("0 1\n"))


def test_genders(file):
    text = '\ufeffspeaker,gender,seconds\r\nann,F,51.20\r\n"lee, bob",M,18\r\nx,unknown,3\r\n'
    assert read_genders(file(text)) == {"ann": "F", "lee, bob": "M", "x": "unknown"}


@pytest.mark.parametrize(
    "text, message",
    [
        ("", ":1: the header needs the columns speaker and gender"),
        ("name,sex\nann,F\n", ":1: the header needs the columns speaker and gender: name,sex"),
        ("speaker,gender\nann,female\n", ":2: gender must be one of F, M, child, uncertain, unknown: ann,female"),
        ("speaker,gender\nann\n", ":2: the header has 2 columns, this line 1: ann"),
        ("speaker,gender\nann,F\nann,M\n", ":3: the speaker occurs twice: ann,M"),
    ],
)
def test_a_bad_speaker_table_is_named_with_its_place(file, text, message):
    with pytest.raises(FormatError, match=re.escape(message)):
        read_genders(file(text))


def test_an_interrupted_write_leaves_the_old_file_and_nothing_else(tmp_path, monkeypatch):
    path = tmp_path / "out.rttm"
    write_text(path, "old\n")

    def interrupted(source, target):
        raise KeyboardInterrupt

    monkeypatch.setattr(os, "replace", interrupted)
    with pytest.raises(KeyboardInterrupt):
        write_text(path, "new\n")
    assert path.read_text(encoding="utf-8") == "old\n"
    assert list(tmp_path.iterdir()) == [path]


def test_a_missing_folder_is_named(tmp_path):
    with pytest.raises(FileNotFoundError, match="there is no folder .*nowhere"):
        write_text(tmp_path / "nowhere" / "out.txt", "text")


def test_every_shared_label_file_reads_and_writes_alike(tmp_path):
    shared = os.environ.get("LIGHTDIAR_SHARED")
    if not shared:
        pytest.skip("LIGHTDIAR_SHARED is not set: real label files are not at hand")
    paths = sorted(Path(shared, "corpora").rglob("*.rttm"))
    assert len(paths) > 100
    for path in paths:
        annotations = read_rttm(path)
        assert annotations
        write_rttm(tmp_path / "again.rttm", annotations.values())
        assert read_rttm(tmp_path / "again.rttm") == annotations
    for path in Path(shared, "corpora").rglob("*.lab"):
        assert {label for _, label in read_lab(path)} == {"S", "V"}
    for path in Path(shared, "corpora").rglob("*.genders.csv"):
        assert read_genders(path)
