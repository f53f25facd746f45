import csv
import io
import json

import pytest

from lightdiar.errors import FormatError
from lightdiar.events.result import SoundEvents
from lightdiar.io.event_lists import read_event_list
from lightdiar.timeline import Event

EVENTS = (Event(0.5, 2, "=door", 0.9), Event(1, 4, "music", 0.8125), Event(3, 4.5, "music"))
SOUNDS = SoundEvents(EVENTS[::-1], ("=door", "music", "water"), 10.0, "film")


def test_events_are_in_time_order_and_seconds_count_once():
    assert SOUNDS.events == EVENTS
    assert SOUNDS.seconds() == {"=door": 1.5, "music": 3.5, "water": 0.0}


def test_printed_text():
    assert repr(SOUNDS) == "<SoundEvents film: 10.0 s, 3 events, 2 of 3 labels heard>"
    assert str(SOUNDS).splitlines() == [
        "film: 10.0 s, 3 events, 2 of 3 labels heard",
        "label  events  seconds  share",
        "=door       1      1.5    15%",
        "music       2      3.5    35%",
        "water       0      0.0     0%",
    ]
    assert str(SoundEvents((), ("\x1b[31mred",), 0.0, "a\nb")) == (
        "a\\nb: 0.0 s, 0 events, 0 of 1 labels heard\n"
        "label        events  seconds  share\n"
        "\\x1b[31mred       0      0.0     0%"
    )


def test_shares_of_a_recording_of_no_length_are_zero():
    assert str(SoundEvents([Event(0, 1, "door")], ["door"], 0.0)).splitlines()[-1] == "door        1      1.0     0%"


def test_names_from_strangers_are_escaped():
    html = SoundEvents([Event(0, 1, "<b>")], ["<b>"], 2.0, "<script>")._repr_html_()
    assert "<b>" not in html and "<script>" not in html and "&lt;script&gt;: 2.0 s" in html


def test_lists_are_read_back(tmp_path):
    SOUNDS.to_dcase(tmp_path / "film.txt")
    assert (tmp_path / "film.txt").read_text(encoding="utf-8").splitlines()[0] == "film\t0.500\t2.000\t=door"
    SOUNDS.to_csv(tmp_path / "film.csv")
    assert read_event_list(tmp_path / "film.csv")["film"].events == EVENTS
    assert [cells[3] for cells in csv.reader(io.StringIO(SOUNDS.to_csv()))] == ["label", "'=door", "music", "music"]
    SOUNDS.to_audacity(tmp_path / "film.txt")
    heard = read_event_list(tmp_path / "film.txt")["film"].events
    assert [(e.start, e.end, e.label) for e in heard] == [(e.start, e.end, e.label) for e in EVENTS]
    assert SOUNDS.to_textgrid().count("class =") == 1 + 3  # overlapping music has a tier of its own


def test_json_is_read_back(tmp_path):
    SOUNDS.to_json(tmp_path / "film.json")
    assert SoundEvents.read_json(tmp_path / "film.json") == SOUNDS
    nameless = SoundEvents((), ("music",), 1.5)
    nameless.to_json(tmp_path / "other.json")
    assert SoundEvents.read_json(tmp_path / "other.json") == SoundEvents((), ("music",), 1.5, "other")


def test_frame():
    frame = SOUNDS.to_frame()
    assert list(frame.columns) == ["recording", "start", "end", "label", "probability"]
    assert frame.values.tolist()[0] == ["film", 0.5, 2.0, "=door", 0.9]
    assert SoundEvents((), ("music",), 1.0).to_frame().dtypes["start"].kind == "f"


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"labels": ["music"]}, "events have the labels =door, which are not among music"),
        ({"duration": -1}, "a duration is from 0 to 3600000 s; got -1.0"),
        ({"duration": None}, "float() argument must be"),
        ({"events": [{"label": "music", "start": "0"}]}, "'end' is missing"),
        ({"events": [{"label": "music", "start": 2, "end": 1, "probability": 1}]}, "a segment needs finite seconds"),
        ({"events": [{"label": 5, "start": 0, "end": 1, "probability": 1}]}, "a label must be a string; got 5"),
        ({"events": [{"label": "music", "start": 0, "end": 1, "probability": 2}]}, "a probability is from 0 to 1"),
        ({"events": 7}, "'int' object is not iterable"),
        ({"labels": None}, "'NoneType' object is not iterable"),
    ],
)
def test_json_from_strangers(tmp_path, change, reason):
    path = tmp_path / "film.json"
    path.write_text(json.dumps(json.loads(SOUNDS.to_json()) | change), encoding="utf-8")
    with pytest.raises(FormatError) as caught:
        SoundEvents.read_json(path)
    assert str(caught.value).startswith(f"{path}: is no list of sound events written as JSON: {reason}")


def test_json_that_is_no_object(tmp_path):
    path = tmp_path / "film.json"
    for text in ("[]", "5", "null", '"x"'):
        path.write_text(text, encoding="utf-8")
        with pytest.raises(FormatError, match="is no list of sound events"):
            SoundEvents.read_json(path)


def test_labels_that_were_not_listened_for():
    with pytest.raises(ValueError, match="events have the labels music, which are not among door, water"):
        SoundEvents([Event(0, 1, "music")], ("door", "water"), 5.0)
