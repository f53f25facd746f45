import json
import math

import pytest

from lightdiar.corpus.film import Film, State
from lightdiar.corpus.rows import Row, without_path
from lightdiar.errors import FormatError
from lightdiar.representation.bechdel import bechdel_by_ear
from lightdiar.systems.result import Diarization, Speaker
from lightdiar.timeline import Annotation, Turn

FILM = Film("e1", "/home/ann/films/a/e1.mkv", "a/e1.mkv", {"year": "1999"}, start=90.0)
STATE = State(12, "ab")


@pytest.fixture
def result():
    """A woman speaks for 6 s and, in between, a man for 2 s; 0.5 s of it at once."""
    turns = [Turn(0, 3, "S1"), Turn(2.5, 4.5, "S0"), Turn(5, 8, "S1")]
    speakers = [Speaker("S0", 2.0, 0.1), Speaker("S1", 6.0, 0.97)]
    return Diarization(Annotation(turns, "e1"), speakers, 9.0004, agreement=0.8)


def test_a_row_tells_what_was_found(result):
    row = Row.heard(FILM, STATE, result, "a doubt")
    low, high = bechdel_by_ear(result).share_interval
    assert row == Row(
        "e1",
        "a/e1.mkv",
        {"year": "1999"},
        {"start": 90.0},
        STATE,
        duration=9.0,
        speech=7.5,
        womens_share=0.75,
        share_low=round(low, 4),
        share_high=round(high, 4),
        n_women=1,
        n_men=1,
        n_children=0,
        agreement=0.8,
        speakers=[
            {"speaker": "S1", "gender": "F", "p_female": 0.97, "p_child": 0.0, "seconds": 6.0, "first": 0, "last": 8},
            {
                "speaker": "S0",
                "gender": "M",
                "p_female": 0.1,
                "p_child": 0.0,
                "seconds": 2.0,
                "first": 2.5,
                "last": 4.5,
            },
        ],
        warning="a doubt",
    )
    assert row.share_low < 0.75 < row.share_high


@pytest.mark.parametrize(
    "result",
    [
        Diarization(Annotation([], "e1"), [], 9.0),
        Diarization(Annotation([Turn(0, 1, "S")], "e1"), [Speaker("S", 1.0, 0.5)], 9.0),
        Diarization(Annotation([Turn(0, 1, "S")], "e1"), [Speaker("S", 1.0, 0.5, 0.99)], 9.0),
    ],
    ids=["silence", "no gender known", "a child"],
)
def test_without_women_and_men_there_is_no_share(result):
    row = Row.heard(FILM, STATE, result, "")
    assert row.womens_share is None
    assert row.speech == sum(turn.duration for turn in result.turns)
    assert "NaN" not in row.to_json()


def test_rows_are_read_as_they_were_written(result, tmp_path):
    path = tmp_path / "row.json"
    for row in (Row.heard(FILM, STATE, result, ""), Row.failed(FILM, "is empty"), Row("caf\u00e9", "caf\u00e9.wav")):
        path.write_text(row.to_json(), encoding="utf-8")
        assert Row.read(path) == row


def test_seconds_of_cpu_come_last_so_that_all_else_can_be_compared(result):
    assert list(json.loads(Row.heard(FILM, STATE, result, "").to_json()))[-1] == "cpu_seconds"


@pytest.mark.parametrize(
    "rubbish", ["[]", "3", '{"recording": "a"}', '{"state": null}', "{}", '{"state": {"size": 1, "colour": 2}}']
)
def test_rubbish_is_no_row(tmp_path, rubbish):
    path = tmp_path / "row.json"
    path.write_text(rubbish)
    with pytest.raises(FormatError, match=r"row\.json: is not what `lightdiar corpus` wrote of a recording\.$"):
        Row.read(path)


def test_a_failed_row_says_why_and_not_where_the_file_lies(tmp_path):
    row = Row.failed(FILM, "/home/ann/films/a/e1.mkv: is empty (0 bytes). Fetch or record it again.")
    assert row.error == "is empty (0 bytes). Fetch or record it again."
    assert (row.recording, row.path, row.columns, row.part) == ("e1", "a/e1.mkv", {"year": "1999"}, {"start": 90.0})
    assert row.state is row.duration is row.n_women is row.cpu_seconds is None
    path = tmp_path / "e1.mkv"
    path.write_bytes(b"rubbish")
    assert Row.failed(Film("e1", str(path), "e1.mkv"), "no sound").state.size == 7


def test_a_message_names_a_file_as_the_list_does():
    assert without_path("ffmpeg: /home/ann/films/a/e1.mkv has no sound", FILM) == "ffmpeg: a/e1.mkv has no sound"
    assert without_path("/home/ann/films/a/e1.mkv: damaged", FILM) == "damaged"


def test_shares_are_rounded_to_what_they_are_worth():
    result = Diarization(
        Annotation([Turn(0, 1, "S"), Turn(1, 3, "T")], "e1"), [Speaker("S", 1.0, 0.9), Speaker("T", 2.0, 0.1)], 9.0
    )
    assert Row.heard(FILM, STATE, result, "").womens_share == 0.3333
    assert not math.isnan(Row.heard(FILM, STATE, result, "").share_low)
