import json
import re

import pytest

from lightdiar.events.result import SoundEvents
from lightdiar.report.recording import recording_report
from lightdiar.report.sound import Sound
from lightdiar.systems.result import Diarization
from lightdiar.timeline import Annotation, Event
from tests.lightdiar.report.test_recording import read

SOUNDS = SoundEvents(
    [
        Event(0, 12, "music", 0.9),
        Event(10, 24, "music", 0.6),
        Event(33, 36, "door", 0.995),
        Event(50, 51, "<script>alert(1)</script>", 0.5),
    ],
    ("music", "door", "<script>alert(1)</script>", "water", "<b>"),
    60.0,
    "talk",
)


def content(html):
    """What the script draws."""
    return json.loads(re.search(r'<script type="application/json" id="data">(.*)</script>', html)[1])["data"]


def test_how_long_each_sound_is_heard_and_how_sure_it_is(talk):
    """Music is heard from 0 to 24 of 60 s; (12 * 0.9 + 14 * 0.6) / 26 is 74 %."""
    said = read(recording_report(talk, events=SOUNDS))
    assert "Who speaks when, and what else is heard" in said
    assert "a program, which is often wrong" in said and "Listen before you quote them." in said
    assert "music 0:10 24.0 s 40% 2 74%" in said
    assert "door 0:33 3.0 s 5% 1 >99%" in said
    assert "Listened for, but not heard: water and <b>." in said


def test_in_french_the_labels_of_the_model_that_ships_are_french(talk):
    html = recording_report(talk, language="fr", events=SOUNDS)
    assert "musique 0:10 24,0 s 40 % 2 74 %" in read(html)
    assert "Recherchés, mais non entendus : eau et <b>." in read(html)
    assert [row["name"] for row in content(html)["sounds"]] == ["musique", "porte", "<script>alert(1)</script>"]


def test_where_everything_is_certain_no_probability_is_shown(talk):
    events = SoundEvents([Event(0, 6, "music")], ("music",), 60.0)
    said = read(recording_report(talk, events=events))
    assert "music 0:00 6.0 s 10% 1 " in said and "mean probability" not in said


def test_the_longest_of_a_sound_can_be_played(talk):
    html = recording_report(talk, events=SOUNDS, sound=Sound("talk.wav", "talk.wav"))
    assert 'aria-label="Play from 0:10" data-play="10.00 24.00"' in html


def test_the_script_draws_the_same_rows(talk):
    sounds = content(recording_report(talk, events=SOUNDS))["sounds"]
    assert sounds == [
        {"name": "music", "bars": [[0, 24]]},
        {"name": "door", "bars": [[33, 36]]},
        {"name": "<script>alert(1)</script>", "bars": [[50, 51]]},
    ]
    assert content(recording_report(talk))["sounds"] == []


def test_labels_are_text(talk):
    name = "</script><img src=x onerror=alert(1)>\u202e"
    html = recording_report(talk, events=SoundEvents([Event(0, 1, name)], (name, f"{name} too"), 60.0))
    assert "<img" not in html and "\u202e" not in html
    assert len(re.findall("<script", html)) == len(re.findall("</script>", html)) == 2


@pytest.mark.parametrize(
    ("language", "sentence"), [("en", "The list has no sound."), ("fr", "La liste ne contient aucun son.")]
)
def test_no_sound_is_said_and_no_row_is_drawn(talk, language, sentence):
    html = recording_report(talk, language=language, events=SoundEvents((), ("music",), 60.0))
    assert sentence in read(html) and content(html)["sounds"] == []
    assert sentence not in read(recording_report(talk, language=language))


def test_sounds_are_drawn_where_nobody_speaks():
    html = recording_report(Diarization(Annotation(), [], 30.0), events=SOUNDS)
    drawn = content(html)
    assert drawn["speakers"] == drawn["turns"] == [] and len(drawn["sounds"]) == 3
    assert drawn["duration"] == 51  # an event ends after the recording
    assert 'id="timeline"' in html and "All turns as a table" not in html
    assert "music 0:10 24.0 s 47% 2 74%" in read(html)


def test_ten_thousand_events_in_a_minute_add_less_than_100_kilobytes(talk, rng):
    labels = [f"label {number}" for number in range(14)]
    events = [Event(start, start + 0.05, labels[n % 14], 0.5) for n, start in enumerate(rng.uniform(0, 59, 10_000))]
    html = recording_report(talk, events=SoundEvents(events, labels, 60.0))
    assert len(html.encode()) < len(recording_report(talk).encode()) + 100_000
    rows = content(html)["sounds"]
    assert len(rows) == 13 and rows[-1]["name"] == "2 others"
    one = recording_report(talk, events=SoundEvents(events[::14], labels, 60.0))
    assert [row["name"] for row in content(one)["sounds"]] == ["label 0"]


def test_any_number_of_events_and_labels_adds_less_than_300_kilobytes(talk):
    """The worst: a thousand bars in each of 13 rows, far apart in a recording of a thousand hours."""
    events = [Event(1000 * n, 1000 * n + 1.25, f"label {k}") for n in range(1100) for k in range(13)]
    others = [Event(n, n + 0.5, f"other {n}") for n in range(1000)]
    names = sorted({event.label for event in (*events, *others)} | {f"unheard {n}" for n in range(1000)})
    html = recording_report(talk, events=SoundEvents([*events, *others], names, 3_000_000.0))
    assert len(html.encode()) < len(recording_report(talk).encode()) + 300_000
    assert all(len(row["bars"]) <= 1000 for row in content(html)["sounds"])
    assert "and 970 others." in read(html)
