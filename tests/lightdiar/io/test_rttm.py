import re

import pytest

from lightdiar.errors import FormatError
from lightdiar.io.rttm import read_rttm, rttm_text, write_rttm
from lightdiar.timeline import Annotation, Turn

LINE = "SPEAKER {recording} 1 {start} {duration} <NA> <NA> {speaker} <NA> <NA>\n"


def rttm_line(recording="news", start="0.5", duration="1.5", speaker="ann"):
    return LINE.format(recording=recording, start=start, duration=duration, speaker=speaker)


def test_rttm_goes_there_and_back(tmp_path):
    news = Annotation([Turn(0.1, 0.3, "ann"), Turn(0.3, 7200.123, "bob")], "news")
    film = Annotation([Turn(3, 4, "zoë")], "film")
    write_rttm(tmp_path / "all.rttm", [news, film])
    assert read_rttm(tmp_path / "all.rttm") == {"news": news, "film": film}
    write_rttm(tmp_path / "nameless.rttm", Annotation(film.turns))
    assert read_rttm(tmp_path / "nameless.rttm") == {"": Annotation(film.turns)}


def test_the_channel_of_a_speaker_is_the_third_field():
    annotation = Annotation([Turn(0, 1, "ann"), Turn(1, 2, "bob")], "call")
    lines = rttm_text(annotation, {"bob": 2}).splitlines()
    assert lines[0] == "SPEAKER call 1 0.000 1.000 <NA> <NA> ann <NA> <NA>"
    assert lines[1] == "SPEAKER call 2 1.000 1.000 <NA> <NA> bob <NA> <NA>"


def test_rttm_text_to_the_letter():
    annotation = Annotation([Turn(0.1234, 2, "Ann Lee"), Turn(3, 3.0002, "bob")], "my film")
    assert rttm_text(annotation) == "SPEAKER my_film 1 0.123 1.877 <NA> <NA> Ann_Lee <NA> <NA>\n"


def test_touching_turns_still_touch_in_milliseconds(text_file):
    text = rttm_text(Annotation([Turn(0.0004, 1.00049, "a"), Turn(1.00049, 2.0, "b")], "x"))
    first, second = read_rttm(text_file(text))["x"]
    assert first.end == second.start


def test_rttm_does_not_merge_two_speakers_by_their_names():
    with pytest.raises(ValueError, match="two of these speakers become one: ann lee, ann_lee"):
        rttm_text(Annotation([Turn(0, 1, "ann lee"), Turn(1, 2, "ann_lee")]))


def test_rttm_from_the_wild(text_file):
    text = (
        "\ufeff;; a comment\r\n\r\nSPKR-INFO news 1 <NA> <NA> <NA> unknown ann <NA> <NA>\r\n"
        "  SPEAKER\tnews 1 5e-1  1.5E+0 <NA> <NA> ann <NA>\r\n" + rttm_line(duration="0.000", speaker="bob")
    )
    assert read_rttm(text_file(text)) == {"news": Annotation([Turn(0.5, 2, "ann")], "news")}


def test_a_recording_whose_only_line_has_no_length_is_silent(text_file):
    assert read_rttm(text_file(rttm_line(duration="0"))) == {"news": Annotation((), "news")}
    assert read_rttm(text_file("")) == {}


@pytest.mark.parametrize(
    "line, reason",
    [
        (rttm_line(start="nan"), "nan is not a finite number of seconds"),
        (rttm_line(duration="inf"), "inf is not a finite number of seconds"),
        (rttm_line(duration="-0.5"), "the end lies 0.5 s before the start"),
        (rttm_line(start="-1"), "start must be 0 or later, not -1"),
        (rttm_line(start="<NA>"), "<NA> is not a number of seconds"),
        (rttm_line(speaker="Ann Mary Lee"), "8 to 10 fields without spaces in them, not 12"),
        ("SPEAKER news 1 0.0 1.0\n", "8 to 10 fields without spaces in them, not 5"),
        ("start,end,speaker\n", "an RTTM line starts with its type"),
    ],
)
def test_a_bad_rttm_line_is_named_with_its_place(text_file, line, reason):
    path = text_file(rttm_line() + line)
    with pytest.raises(
        FormatError, match=f"^{re.escape(f'{path}:2: ')}.*{re.escape(reason)}.*{re.escape(line.strip())}$"
    ):
        read_rttm(path)


@pytest.mark.slow
def test_every_shared_rttm_file_reads_and_writes_alike(shared, tmp_path):
    paths = sorted((shared / "corpora").rglob("*.rttm"))
    assert len(paths) > 100
    for path in paths:
        annotations = read_rttm(path)
        assert annotations
        write_rttm(tmp_path / "again.rttm", annotations.values())
        assert read_rttm(tmp_path / "again.rttm") == annotations
