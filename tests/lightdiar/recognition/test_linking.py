import math
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from lightdiar.recognition import linking
from lightdiar.recognition.linking import Linker, Linking, link
from lightdiar.stages.voiceprint import Voiceprint
from lightdiar.systems.diarizer import diarize
from lightdiar.systems.result import Diarization, Speaker
from lightdiar.timeline import Annotation, Turn


class OnALine:
    """Voices are points on a line; five nats for the same point, one less for each step between two."""

    voiceprinter = SimpleNamespace(n_dimensions=1)

    def log_likelihood_ratios(self, enrolled, tests):
        return 5.0 - abs(enrolled[:, 0][:, None] - tests[:, 0])


MODELS = OnALine()


def recording(name, *speakers):
    """Speakers are (name, place of the voice, seconds) or (name, place, seconds, p_female)."""
    turns, found, start = [], [], 0.0
    for who, place, seconds, *p_female in speakers:
        turns.append(Turn(start, start + seconds, who))
        voice = Voiceprint(np.array([place], np.float32), seconds)
        found.append(Speaker(who, seconds, *(p_female or [0.9]), voice=voice))
        start += seconds
    return Diarization(Annotation(turns, name), found, start + 1)


SERIES = [
    recording("one", ("SPEAKER_00", 0, 30, 0.95), ("SPEAKER_01", 20, 10, 0.1)),
    recording("two", ("SPEAKER_00", 21, 60, 0.3), ("SPEAKER_01", 40, 5, 0.5)),
    recording("three", ("SPEAKER_00", 1, 10, 0.7), ("SPEAKER_01", 0.5, 1.5, 0.99)),
]
TEXT = """\
3 recordings, 6 speakers, 4 people

person      gender     recordings  seconds  share
PERSON_001  uncertain           2     70.0  60.1%
PERSON_002  F                   2     40.0  34.3%
PERSON_003  uncertain           1      5.0   4.3%
PERSON_004  F                   1      1.5   1.3%

person      recording  speaker     gender     seconds  probability
PERSON_001  one        SPEAKER_01  M             10.0         0.88
PERSON_001  two        SPEAKER_00  uncertain     60.0         0.88
PERSON_002  one        SPEAKER_00  F             30.0         0.88
PERSON_002  three      SPEAKER_00  uncertain     10.0         0.88
PERSON_003  two        SPEAKER_01  uncertain      5.0
PERSON_004  three      SPEAKER_01  F              1.5"""


def test_a_series():
    """Voices of 0 and 1, and of 20 and 21, are one person each; 1.5 s are too little to be linked."""
    result = link(SERIES, models=MODELS, threshold=2.0)
    assert str(result) == TEXT
    assert repr(result) == "<Linking of 3 recordings, 6 speakers, 4 people>"
    assert (result.n_recordings, result.threshold) == (3, 2.0)
    assert result.table["probability"][0] == pytest.approx(1 / (1 + math.exp(-(5 - 1 - 2))))
    times = result.speaking_time()
    assert times.columns.tolist() == ["person", "recordings", "seconds", "share", "gender"]
    assert times["seconds"].tolist() == [70, 40, 5, 1.5]
    assert times["share"].sum() == pytest.approx(1)


def test_gender_is_pooled_by_speaking_time():
    """(10 * .1 + 60 * .3) / 70 and (30 * .95 + 10 * .7) / 40."""
    people = link(SERIES, models=MODELS, threshold=2.0).people
    assert [one.p_female for one in people[:2]] == pytest.approx([19 / 70, 35.5 / 40])


def test_results_are_taken_one_by_one_and_hardly_anything_is_kept():
    linker = Linker(models=MODELS, threshold=2.0)
    for result in SERIES:
        linker.add(result)
    assert str(linker.link()) == str(link(iter(SERIES), models=MODELS, threshold=2.0)) == TEXT
    assert not any(isinstance(value, (Annotation, Diarization)) for value in vars(linker).values())


def test_more_may_come_after_linking():
    linker = Linker(models=MODELS, threshold=2.0)
    linker.add(SERIES[0])
    assert linker.link().table["person"].tolist() == ["PERSON_001", "PERSON_002"]
    linker.add(SERIES[1])
    linker.add(SERIES[2])
    assert str(linker.link()) == TEXT


def test_the_same_people_whatever_the_order():
    forwards, backwards = (link(series, models=MODELS, threshold=2.0) for series in (SERIES, SERIES[::-1]))
    columns = ["recording", "speaker"]
    pd.testing.assert_frame_equal(
        forwards.table.sort_values(columns, ignore_index=True), backwards.table.sort_values(columns, ignore_index=True)
    )


def test_known_people_keep_their_names():
    series = [
        recording("one", ("ann", 0, 30), ("SPEAKER_01", 20, 10)),
        recording("two", ("ann", 90, 1), ("SPEAKER_00", 0, 20), ("bob", 0.1, 9)),  # ann is put together unheard
        recording("three", ("SPEAKER_07", 0.1, 5), ("PERSON_001", 19, 2)),
    ]
    result = link(series, models=MODELS, threshold=2.0)
    named = {(row.recording, row.speaker): row.person for row in result.table.itertuples()}
    assert named["one", "ann"] == named["two", "ann"] == "ann"
    assert named["two", "bob"] == named["three", "SPEAKER_07"] == "bob"
    assert named["one", "SPEAKER_01"] == named["three", "PERSON_001"] == "PERSON_001"
    assert named["two", "SPEAKER_00"] == "PERSON_002"  # ann speaks in two already; the number 1 is taken
    assert result.table.query("speaker == 'ann'")["probability"].isna().all()  # one of the two has hardly any speech


def test_by_default_the_threshold_follows_from_the_collection():
    recurring = [recording(f"film {n}", ("SPEAKER_00", 0, 9), ("SPEAKER_01", 50, 9)) for n in range(9)]
    strangers = [recording(f"film {n}", ("SPEAKER_00", 40 * n, 9), ("SPEAKER_01", 40 * n + 20, 9)) for n in range(9)]
    assert len(link(recurring, models=MODELS).people) == 2
    assert len(link(strangers, models=MODELS).people) == 18
    assert link(recurring, models=MODELS).threshold < 1 < 4 < link(strangers, models=MODELS).threshold


def test_recordings_without_a_name_are_numbered():
    result = link([recording("", ("SPEAKER_00", 0, 9)), recording("", ("SPEAKER_00", 0, 9))], models=MODELS)
    assert result.table["recording"].tolist() == ["recording 1", "recording 2"]


def test_a_name_may_be_given():
    linker = Linker(models=MODELS)
    for season in "12":
        linker.add(recording("pilot", ("SPEAKER_00", 0, 9)), f"season {season}/pilot")
    assert linker.link().table["recording"].tolist() == ["season 1/pilot", "season 2/pilot"]


@pytest.mark.parametrize("results", [[], [Diarization(Annotation(recording="silence"), [], 5.0)]])
def test_nobody(results, tmp_path):
    result = link(results, models=MODELS)
    n = len(results)
    assert str(result) == f"{n} recording{'s' * (n != 1)}, 0 speakers, 0 people"
    assert result._repr_html_() == f"<p>{result}</p>"
    assert result.table.columns.tolist() == ["person", "recording", "speaker", "seconds", "gender", "probability"]
    assert len(result.speaking_time()) == 0
    result.to_csv(tmp_path / "nobody.csv")
    assert (tmp_path / "nobody.csv").read_text() == "person,recording,speaker,seconds,gender,probability\n"


def test_a_voice_without_speech_is_alone():
    silent = Speaker("SPEAKER_00", 0.5, 0.5, voice=Voiceprint(np.zeros(1, np.float32), 0.0))
    results = [Diarization(Annotation([Turn(0, 0.5, "SPEAKER_00")], name), [silent], 1.0) for name in "ab"]
    assert link(results, models=MODELS).table["person"].tolist() == ["PERSON_001", "PERSON_002"]


def test_csv(tmp_path):
    link(SERIES, models=MODELS, threshold=2.0).to_csv(tmp_path / "who.csv")
    assert (tmp_path / "who.csv").read_bytes().decode().splitlines(keepends=True)[:2] == [
        "person,recording,speaker,seconds,gender,probability\n",
        "PERSON_001,one,SPEAKER_01,10.0,M,0.8808\n",
    ]
    assert (tmp_path / "who.csv").read_bytes().endswith(b"\nPERSON_004,three,SPEAKER_01,1.5,F,\n")


def test_no_name_is_a_formula(tmp_path):
    link([recording("=1+1", ("@ann", 0, 9))], models=MODELS).to_csv(tmp_path / "who.csv")
    assert (tmp_path / "who.csv").read_text().splitlines()[1].startswith("'@ann,'=1+1,'@ann,9.0,")


def test_html_is_escaped_and_text_steers_no_terminal():
    result = link([recording("<b>\x1b[31m", ("SPEAKER_00", 0, 9))], models=MODELS)
    html = result._repr_html_()
    assert "<td>&lt;b&gt;\\x1b[31m</td>" in html and "<b>" not in html
    assert html.startswith("<p>1 recording, 1 speaker, 1 person</p><table><thead><tr><th>person</th><th>gender</th>")
    assert "\x1b" not in str(result)


def test_of_many_only_the_first_are_shown(monkeypatch):
    monkeypatch.setattr(linking, "_MOST_SHOWN", 3)
    result = link(SERIES, models=MODELS, threshold=2.0)
    lines = str(result).splitlines()
    assert lines[6] == "and 1 more people" and lines[-1] == "and 3 more speakers"
    assert len(lines) == 13
    assert result._repr_html_().endswith("</table><p>and 3 more speakers</p>")


def test_voices_are_needed():
    without = Diarization(Annotation([Turn(0, 5, "SPEAKER_00")], "old"), [Speaker("SPEAKER_00", 5.0, 0.9)], 5.0)
    with pytest.raises(
        ValueError, match=r"old: SPEAKER_00 has no voiceprint; diarize the sound itself, with method 't"
    ):
        link([without], models=MODELS)


def test_voices_of_other_models_are_refused():
    other = Speaker("SPEAKER_00", 5.0, 0.9, voice=Voiceprint(np.zeros(7, np.float32), 5.0))
    with pytest.raises(
        ValueError, match=r"new: voiceprints of 7 dimensions are not those of these models, which have 1"
    ):
        link([Diarization(Annotation([Turn(0, 5, "SPEAKER_00")], "new"), [other], 5.0)], models=MODELS)


def test_a_recording_that_was_refused_leaves_nothing():
    linker = Linker(models=MODELS, threshold=2.0)
    linker.add(SERIES[0])
    with pytest.raises(ValueError, match="one: two recordings have this name; give each a name of its own"):
        linker.add(SERIES[0])
    linker.add(SERIES[1])
    linker.add(SERIES[2])
    assert str(linker.link()) == TEXT


@pytest.mark.parametrize("results", [["film.wav"], [None], "film.wav"])
def test_what_is_no_result_is_refused(results):
    with pytest.raises(TypeError, match="^a Diarization is needed; got "):
        link(results, models=MODELS)


@pytest.mark.parametrize("threshold", [math.nan, math.inf])
def test_a_threshold_is_a_number(threshold):
    with pytest.raises(ValueError, match=f"threshold={threshold} must be a finite number of nats"):
        link([], models=MODELS, threshold=threshold)


def test_four_voices_are_found_again(conversation):
    """Both halves of a conversation, each diarized for itself, with the models that ship."""
    sound, truth, _ = conversation
    half = len(sound.samples) // 2
    results = []
    for name, samples in (("first", sound.samples[:half]), ("second", sound.samples[half:])):
        found = diarize((samples, sound.sample_rate))
        results.append(Diarization(Annotation(found.turns, name), found.speakers, found.duration))
    result = link(results)
    assert isinstance(result, Linking)

    def speaker_of(row):
        """Who really speaks there."""
        shift = 0.0 if row.recording == "first" else half / sound.sample_rate
        (own,) = (one for one in results if one.annotation.recording == row.recording)
        shared = {}
        for turn in own.turns:
            for true in truth:
                both = min(turn.end + shift, true.end) - max(turn.start + shift, true.start)
                if turn.speaker == row.speaker and both > 0:
                    shared[true.speaker] = shared.get(true.speaker, 0.0) + both
        return max(shared, key=shared.get)

    true = [speaker_of(row) for row in result.table.itertuples()]
    assert len(set(zip(true, result.table["person"]))) == len(set(true)) == len(result.people) == 4
