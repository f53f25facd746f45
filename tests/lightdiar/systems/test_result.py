import json
import math
import re
import xml.etree.ElementTree as ET
from dataclasses import replace

import numpy as np
import pytest

from lightdiar.errors import FormatError
from lightdiar.io.rttm import read_rttm
from lightdiar.show.svg import COLORS
from lightdiar.stages.voiceprint import Voiceprint
from lightdiar.systems.result import CERTAIN, CERTAIN_CHILD, Diarization, Speaker
from lightdiar.timeline import Annotation, Segment, Turn

NEWS = Annotation([Turn(0, 6, "SPEAKER_00"), Turn(6, 8.3456, "SPEAKER_01"), Turn(8.5, 10, "SPEAKER_02")], "news")
SPEAKERS = [
    Speaker("SPEAKER_02", 1.5, 0.5),
    Speaker("SPEAKER_01", 2.3456, 0.3),
    Speaker("SPEAKER_00", 6.0, 0.97),
]
RESULT = Diarization(NEWS, SPEAKERS, 12.0)
NOTHING = Diarization(Annotation((), "silence"), [], 3.0)


@pytest.mark.parametrize(
    "p_female, gender, likelier, probability",
    [
        (1, "F", "F", 1),
        (CERTAIN, "F", "F", 0.8),
        (0.79, "uncertain", "F", 0.79),
        (0.21, "uncertain", "M", 0.79),
        (0, "M", "M", 1),
    ],
)
def test_a_gender_is_stated_only_when_it_is_probable(p_female, gender, likelier, probability):
    speaker = Speaker("x", 1.0, p_female)
    assert (speaker.gender, speaker.likelier_gender) == (gender, likelier)
    assert speaker.probability == pytest.approx(probability)


def test_both_ends_of_certainty_are_alike():
    assert Speaker("x", 1.0, 0.2).gender == "M"


def test_a_child_is_declared_only_when_it_is_really_probable():
    child = Speaker("x", 1.0, 0.5, CERTAIN_CHILD)
    assert (child.gender, child.likelier_gender, child.probability) == ("child", "child", CERTAIN_CHILD)
    doubtful = Speaker("x", 1.0, 0.55, CERTAIN_CHILD - 0.01)
    assert (doubtful.gender, doubtful.likelier_gender, doubtful.probability) == ("uncertain", "F", 0.55)


@pytest.mark.parametrize("seconds", [-1.0, math.nan, math.inf])
def test_speaking_time_is_checked(seconds):
    """A result with such a speaker counted him as if he had not spoken."""
    with pytest.raises(ValueError, match=rf"^seconds of x are from 0 to 3600000; got {seconds}\.$"):
        Speaker("x", seconds, 0.5)
    with pytest.raises(TypeError, match=r"^seconds of x must be a number, such as 12\.5; got '3'\.$"):
        Speaker("x", "3", 0.5)


@pytest.mark.parametrize("p", [-0.1, 1.1, math.nan])
def test_a_probability_is_checked(p):
    with pytest.raises(ValueError, match=f"p_female is a probability from 0 to 1; got {p} for x"):
        Speaker("x", 1.0, p)
    with pytest.raises(ValueError, match=f"p_child is a probability from 0 to 1; got {p} for x"):
        Speaker("x", 1.0, 0.5, p)


def test_speakers_come_in_order_of_appearance():
    assert [speaker.name for speaker in RESULT.speakers] == ["SPEAKER_00", "SPEAKER_01", "SPEAKER_02"]
    late = Annotation([Turn(0, 1, "zoe"), Turn(1, 2, "ann")])
    speakers = [Speaker("ann", 1.0, 0.9), Speaker("zoe", 1.0, 0.9)]
    assert [speaker.name for speaker in Diarization(late, speakers, 2.0).speakers] == ["zoe", "ann"]


def test_speakers_must_be_those_of_the_annotation():
    with pytest.raises(ValueError, match=r"\(SPEAKER_00, SPEAKER_01, SPEAKER_02\); got SPEAKER_00\."):
        Diarization(NEWS, SPEAKERS[-1:], 12.0)


def test_speakers_may_come_one_by_one_and_are_speakers():
    assert Diarization(NEWS, iter(SPEAKERS), 12.0) == RESULT
    with pytest.raises(TypeError, match=r"^the speakers must be Speakers; got 'ann'\. Use Speaker\(name, seconds, p_f"):
        Diarization(NEWS, ["ann"], 12.0)
    with pytest.raises(
        TypeError, match=r"^an Annotation is needed; got list\. read_turns gives one per recording in a"
    ):
        Diarization([], [], 12.0)


def test_counts_leave_out_who_says_little():
    assert RESULT.counts() == {"M": 1, "F": 1}
    assert Diarization(NEWS, SPEAKERS, 12.0, min_speaker_seconds=2.4).counts() == {"M": 0, "F": 1}
    assert NOTHING.counts() == {"M": 0, "F": 0}


def test_children_are_neither_men_nor_women():
    speakers = [Speaker("SPEAKER_00", 6.0, 0.49, 0.99), replace(SPEAKERS[0], p_female=0.51), SPEAKERS[1]]
    result = Diarization(NEWS, speakers, 12.0)
    assert result.counts() == {"M": 1, "F": 0, "child": 1}
    assert result.female_share == pytest.approx(1.5 / 3.8456)
    assert str(result).splitlines()[:3] == [
        "news: 12.0 s, 3 speakers (1 M, 0 F, 1 child), 3 turns",
        "speaker     gender     probability  seconds  share",
        "SPEAKER_00  child             0.99      6.0  60.9%",
    ]
    assert json.loads(result.to_json())["speakers"][0]["gender"] == "child"
    assert result.to_frame()["gender"][0] == "child"
    assert "SPEAKER_00 child<" in result._repr_html_() and COLORS["child"] in result._repr_html_()
    assert Diarization(NEWS, speakers, 12.0, min_speaker_seconds=7.0).counts() == {"M": 0, "F": 0}


def test_female_share():
    assert RESULT.female_share == pytest.approx(6 / 8.3456)  # nothing is known of SPEAKER_02
    assert math.isnan(NOTHING.female_share)


def test_even_odds_are_neither_a_woman_nor_a_man():
    tie = Speaker("x", 1.0, 0.5)
    assert (tie.gender, tie.likelier_gender, tie.probability) == ("uncertain", "uncertain", 0.5)
    assert Diarization(NEWS, SPEAKERS, 12.0, min_speaker_seconds=0.0).counts() == {"M": 1, "F": 1}


def test_turns_without_genders_have_no_share():
    turns = replace(RESULT, speakers=[replace(speaker, p_female=0.5) for speaker in SPEAKERS])
    assert not turns.genders_known and math.isnan(turns.female_share)
    assert str(turns).splitlines()[0] == "news: 12.0 s, 3 speakers (genders not known), 3 turns"
    assert RESULT.genders_known and NOTHING.genders_known
    assert replace(turns, speakers=[*turns.speakers[:2], replace(turns.speakers[2], p_child=1.0)]).genders_known


def test_what_a_person_said_is_exact():
    told = [Speaker("x", 1.0, *p).told for p in ((0, 0), (1, 0), (0.5, 1), (0.9999, 0), (0.5, 0.9999), (0.5, 0))]
    assert told == [True, True, True, False, False, False]


def test_turns_and_tracks_are_those_of_the_annotation():
    assert RESULT.turns == NEWS.turns
    assert next(RESULT.itertracks(yield_label=True)) == (Segment(0, 6), 0, "SPEAKER_00")
    assert next(RESULT.itertracks()) == (Segment(0, 6), 0)


def speaker_json(name, gender, probability, seconds, p_female, **more):
    known = {"speaker": name, "gender": gender, "probability": probability, "seconds": seconds}
    return {**known, "p_female": p_female, "p_child": 0.0, **more}


def test_json_to_the_letter(tmp_path):
    assert json.loads(RESULT.to_json()) == {
        "diarization": [
            {"speaker": "SPEAKER_00", "start": "0.000", "end": "6.000"},
            {"speaker": "SPEAKER_01", "start": "6.000", "end": "8.346"},
            {"speaker": "SPEAKER_02", "start": "8.500", "end": "10.000"},
        ],
        "speakers": [
            speaker_json("SPEAKER_00", "F", 0.97, 6.0, 0.97),
            speaker_json("SPEAKER_01", "uncertain", 0.7, 2.346, 0.3),
            speaker_json("SPEAKER_02", "uncertain", 0.5, 1.5, 0.5),
        ],
        "agreement": None,
        "recording": "news",
        "duration": 12.0,
        "min_speaker_seconds": 2.0,
        "snr": None,
    }
    assert RESULT.to_json(tmp_path / "news.json") is None
    assert (tmp_path / "news.json").read_bytes() == RESULT.to_json().encode()
    assert json.loads(replace(NOTHING, snr=12.345).to_json()) == {
        "diarization": [],
        "speakers": [],
        "agreement": None,
        "recording": "silence",
        "duration": 3.0,
        "min_speaker_seconds": 2.0,
        "snr": 12.3,
    }


def test_json_and_rttm_round_alike():
    """5.5275 lies below the half in binary, 5527.5 does not."""
    result = Diarization(Annotation([Turn(0.5275, 5.5275, "a")], "x"), [Speaker("a", 5.0, 0.9)], 9.0)
    (turn,) = json.loads(result.to_json())["diarization"]
    assert (turn["start"], turn["end"]) == ("0.528", "5.528")
    assert result.to_rttm().split()[3:5] == ["0.528", "5.000"]


def test_what_rounds_to_nothing_is_in_no_json(tmp_path):
    """Turns of 0 ms cannot be read back, nor can a speaker who has no others."""
    turns = [Turn(1.0001, 1.0004, "b"), Turn(0, 3, "a"), Turn(3.0001, 3.0002, "a"), Turn(4.0003, 4.0007, "c")]
    speakers = [Speaker("a", 3.0001, 0.9), Speaker("b", 0.0003, 0.2), Speaker("c", 0.0004, 0.3)]
    found = read_back(tmp_path, Diarization(Annotation(turns, "x"), speakers, 9.0).to_json())
    assert found.turns == (Turn(0, 3, "a"), Turn(4, 4.001, "c"))
    assert [(speaker.name, speaker.seconds) for speaker in found.speakers] == [("a", 3.0), ("c", 0.001)]


def test_rttm(tmp_path):
    assert RESULT.to_rttm().splitlines()[1] == "SPEAKER news 1 6.000 2.346 <NA> <NA> SPEAKER_01 <NA> <NA>"
    RESULT.to_rttm(tmp_path / "news.rttm")
    assert read_rttm(tmp_path / "news.rttm")["news"].turns[2] == NEWS.turns[2]
    assert NOTHING.to_rttm() == ""


def test_frame():
    frame = RESULT.to_frame()
    assert list(frame.columns) == ["recording", "start", "end", "speaker", "gender"]
    assert frame["gender"].tolist() == ["F", "uncertain", "uncertain"]
    assert list(NOTHING.to_frame().columns) == list(frame.columns)


def test_print_to_the_letter():
    assert repr(RESULT) == "<Diarization news: 12.0 s, 3 speakers (1 M, 1 F), 3 turns>"
    assert str(RESULT).splitlines() == [
        "news: 12.0 s, 3 speakers (1 M, 1 F), 3 turns",
        "speaker     gender     probability  seconds  share",
        "SPEAKER_00  F                 0.97      6.0  60.9%",
        "SPEAKER_01  uncertain         0.70      2.3  23.8%",
        "SPEAKER_02  uncertain         0.50      1.5  15.2%",
        "not counted: 1 below 2 s",
    ]
    assert str(NOTHING) == "silence: 3.0 s, no speech found"
    assert repr(NOTHING) == "<Diarization silence: 3.0 s, no speech found>"


def test_html_is_well_formed_and_escaped():
    annotation = Annotation([Turn(0, 1, "<Ann & Bob>")], "a<b")
    html = Diarization(annotation, [Speaker("<Ann & Bob>", 1.0, 0.9)], 2.0)._repr_html_()
    page = ET.fromstring(f"<div>{html}</div>")
    assert "<Ann & Bob>" in [cell.text for cell in page.iter("td")]
    assert page.find("{http://www.w3.org/2000/svg}svg") is not None
    assert NOTHING._repr_html_() == "<p>silence: 3.0 s, no speech found</p>"


def test_doubt_about_the_number_of_speakers_is_said():
    doubtful = replace(RESULT, agreement=0.6)
    assert str(doubtful) == f"{RESULT}\nnumber of speakers uncertain: 60% of the clusterings agree"
    assert doubtful._repr_html_() == (
        f"{RESULT._repr_html_()}<p>number of speakers uncertain: 60% of the clusterings agree</p>"
    )
    assert json.loads(doubtful.to_json())["agreement"] == 0.6
    assert str(replace(RESULT, agreement=1.0)) == str(replace(RESULT, agreement=None)) == str(RESULT)
    with pytest.raises(ValueError, match="agreement is a share from 0 to 1; got 1.5"):
        replace(RESULT, agreement=1.5)


CALL = Diarization(
    Annotation([Turn(0, 6, "SPEAKER_00"), Turn(5, 7, "SPEAKER_01")], "call"),
    [Speaker("SPEAKER_00", 6.0, 0.97, channel=2), Speaker("SPEAKER_01", 2.0, 0.1, channel=1)],
    8.0,
)


def test_channels_are_told_where_they_are_known():
    assert str(CALL).splitlines() == [
        "call: 8.0 s, 2 speakers (1 M, 1 F), 2 turns",
        "speaker     gender  probability  seconds  share  channel",
        "SPEAKER_00  F              0.97      6.0  75.0%        2",
        "SPEAKER_01  M              0.90      2.0  25.0%        1",
    ]
    assert [line.split()[2] for line in CALL.to_rttm().splitlines()] == ["2", "1"]
    assert [speaker["channel"] for speaker in json.loads(CALL.to_json())["speakers"]] == [2, 1]
    assert list(CALL.to_frame()["channel"]) == [2, 1]


def test_channels_are_not_mentioned_where_they_were_mixed():
    assert "channel" not in str(RESULT) + RESULT.to_json() + RESULT._repr_html_()
    assert list(RESULT.to_frame()) == ["recording", "start", "end", "speaker", "gender"]


VOICE = Voiceprint(np.full(400, 1234.5, np.float32), 5.4321)
NAMED = Diarization(
    Annotation([Turn(0, 6, "Zoë van Dam"), Turn(6, 8, "SPEAKER_01")], "talk"),
    [
        Speaker("Zoë van Dam", 6.0, 0.97, p_name=0.98765, voice=VOICE),
        Speaker("SPEAKER_01", 2.0, 0.1, voice=replace(VOICE)),
    ],
    9.0,
)


def test_names_that_were_found_are_told_with_their_probability(tmp_path):
    assert str(NAMED).splitlines() == [
        "talk: 9.0 s, 2 speakers (1 M, 1 F), 2 turns",
        "speaker      gender  probability  seconds  share  name",
        "Zoë van Dam  F              0.97      6.0  75.0%  0.99",
        "SPEAKER_01   M              0.90      2.0  25.0%",
    ]
    assert json.loads(NAMED.to_json()) == {
        "diarization": [
            {"speaker": "Zoë van Dam", "start": "0.000", "end": "6.000"},
            {"speaker": "SPEAKER_01", "start": "6.000", "end": "8.000"},
        ],
        "speakers": [
            speaker_json("Zoë van Dam", "F", 0.97, 6.0, 0.97, name_probability=0.9877),
            speaker_json("SPEAKER_01", "M", 0.9, 2.0, 0.1),
        ],
        "agreement": None,
        "recording": "talk",
        "duration": 9.0,
        "min_speaker_seconds": 2.0,
        "snr": None,
    }
    assert "Zoë van Dam" in NAMED.to_json()
    assert NAMED.to_frame()["speaker"].tolist() == ["Zoë van Dam", "SPEAKER_01"]
    NAMED.to_rttm(tmp_path / "talk.rttm")
    assert read_rttm(tmp_path / "talk.rttm")["talk"].turns == (Turn(0, 6, "Zoë_van_Dam"), Turn(6, 8, "SPEAKER_01"))
    page = ET.fromstring(f"<div>{NAMED._repr_html_()}</div>")
    cells = [cell.text for cell in page.iter("td")]
    assert cells[:6] == ["Zoë van Dam", "F", "0.97", "6.0", "75.0%", "0.99"] and cells[11] is None


def test_a_name_and_a_channel_stand_side_by_side():
    speakers = [replace(speaker, channel=number) for number, speaker in enumerate(NAMED.speakers, 1)]
    assert str(replace(NAMED, speakers=speakers)).splitlines()[1:] == [
        "speaker      gender  probability  seconds  share  name  channel",
        "Zoë van Dam  F              0.97      6.0  75.0%  0.99        1",
        "SPEAKER_01   M              0.90      2.0  25.0%              2",
    ]


def test_names_are_not_mentioned_where_none_was_looked_for():
    assert "name" not in str(RESULT) + RESULT.to_json()
    assert "name" not in ET.tostring(ET.fromstring(f"<div>{RESULT._repr_html_()}</div>").find("table"), "unicode")


def test_voiceprints_are_in_no_output(tmp_path):
    NAMED.to_json(tmp_path / "talk.json")
    NAMED.to_rttm(tmp_path / "talk.rttm")
    NAMED.to_frame().to_csv(tmp_path / "talk.csv")
    outputs = [repr(NAMED), str(NAMED), repr(NAMED.speakers), NAMED._repr_html_(), str(list(NAMED.itertracks(True)))]
    outputs += [path.read_text(encoding="utf-8") for path in tmp_path.iterdir()]
    bare = [replace(speaker, voice=None) for speaker in NAMED.speakers]
    without = replace(NAMED, speakers=bare)
    assert not any("1234" in text or "5.43" in text or "oiceprint" in text for text in outputs)
    assert (NAMED.to_json(), str(NAMED), NAMED._repr_html_()) == (
        without.to_json(),
        str(without),
        without._repr_html_(),
    )
    assert without == NAMED and hash(bare[0]) == hash(NAMED.speakers[0])


@pytest.mark.parametrize("p", [-0.1, 1.1, math.nan])
def test_the_probability_of_a_name_is_checked(p):
    with pytest.raises(ValueError, match=f"p_name is a probability from 0 to 1; got {p} for x"):
        Speaker("x", 1.0, 0.5, p_name=p)
    assert Speaker("x", 1.0, 0.5, p_name=0.0).p_name == 0 and Speaker("x", 1.0, 0.5).p_name is None


def read_back(folder, content):
    """The result in a file of this content: text, or what is written as JSON."""
    path = folder / "from a file.json"
    path.write_text(content if isinstance(content, str) else json.dumps(content), encoding="utf-8")
    return Diarization.read_json(path)


@pytest.mark.parametrize("result", [RESULT, NOTHING, CALL, NAMED], ids=lambda result: result.annotation.recording)
def test_json_is_read_back_as_it_was(tmp_path, result):
    exact = [Turn(turn.start, round(turn.end, 3), turn.speaker) for turn in result.turns]
    speakers = [
        replace(speaker, seconds=round(speaker.seconds, 3), p_name=speaker.p_name and round(speaker.p_name, 4))
        for speaker in result.speakers
    ]
    full = dict(annotation=Annotation(exact, result.annotation.recording), speakers=speakers)
    full |= dict(duration=60.5, min_speaker_seconds=0.5, agreement=0.6, snr=-3.2)
    for expected in (replace(result, **full), replace(result, **full | dict(snr=None, agreement=None))):
        found = read_back(tmp_path, expected.to_json())
        assert found == expected and found.to_json() == expected.to_json()


def test_a_child_and_doubt_are_read_back(tmp_path):
    speakers = [Speaker("SPEAKER_00", 6.0, 0.31, 0.97), Speaker("SPEAKER_01", 2.346, 0.62, 0.5), SPEAKERS[0]]
    found = read_back(tmp_path, Diarization(NEWS, speakers, 12.0).to_json())
    assert found.speakers == tuple(speakers)


def test_json_of_older_versions_is_read(tmp_path):
    """It says nothing of the recording, its length and its background, nor the odds of who is uncertain."""
    speakers = [("F", 0.97), ("M", 0.9), ("child", 0.96), ("uncertain", 0.7)]
    old = {
        "diarization": [{"speaker": f"S{n}", "start": f"{n}.000", "end": f"{n + 1}.500"} for n in range(4)],
        "speakers": [
            {"speaker": f"S{n}", "gender": gender, "probability": p, "seconds": 1.5}
            for n, (gender, p) in enumerate(speakers)
        ],
        "agreement": 0.8,
    }
    found = read_back(tmp_path, old)
    assert found.annotation.recording == "from_a_file"
    assert (found.duration, found.min_speaker_seconds, found.agreement, found.snr) == (4.5, 2.0, 0.8, None)
    assert [(s.gender, s.p_female, s.p_child) for s in found.speakers] == [
        ("F", 0.97, 0.0),
        ("M", pytest.approx(0.1), 0.0),
        ("child", 0.5, 0.96),
        ("uncertain", 0.5, 0.0),
    ]
    del old["agreement"]
    assert read_back(tmp_path, old).agreement is None
    assert read_back(tmp_path, {"diarization": [], "speakers": []}).duration == 0.0


def without(key):
    return {k: value for k, value in json.loads(RESULT.to_json()).items() if k != key}


def with_speaker(**values):
    first, *others = json.loads(RESULT.to_json())["speakers"]
    return without("speakers") | {"speakers": [first | values, *others]}


def with_turn(**values):
    first, *others = json.loads(RESULT.to_json())["diarization"]
    return without("diarization") | {"diarization": [first | values, *others]}


ONE = (
    "is not a result that `lightdiar diarize` wrote as JSON: one object with diarization and speakers is needed; "
    "`lightdiar diarize FILE... --out DIR` writes it for each file$"
)
OTHER = "SPEAKER_00: {} contradicts p_female {} and p_child 0; correct them, or take p_female and p_child out$"


def test_what_is_taken_out_of_a_file_follows_from_the_rest(tmp_path):
    content = with_speaker(gender="M", probability=0.9)
    for speaker in content["speakers"]:
        for key in ("seconds", "p_female", "p_child")[: 3 if speaker["gender"] == "M" else 1]:
            del speaker[key]
    content["diarization"][0]["end"], content["diarization"][2]["end"] = "5.500", "13.000"
    del content["duration"]
    found = read_back(tmp_path, content)
    assert [speaker.seconds for speaker in found.speakers] == [5.5, pytest.approx(2.346), 4.5]
    assert (found.speakers[0].gender, found.speakers[0].probability, found.duration) == ("M", 0.9, 13.0)


@pytest.mark.parametrize("p_female", [0.5, 0.50004, 0.79996, 0.80004, 0.20004, 0.19996])
@pytest.mark.parametrize("p_child", [0.0, 0.94996, 0.95004])
def test_rounding_is_no_contradiction(tmp_path, p_female, p_child):
    turns = [Turn(number + 0.0005, number + 0.7505, "a") for number in range(0, 20, 2)]
    turns.append(Turn(0.2, 0.4, "a"))  # heard on another channel at once
    speakers = [Speaker("a", 7.7, p_female, p_child)]
    assert read_back(tmp_path, Diarization(Annotation(turns), speakers, 18.7505).to_json()).speakers[0].seconds == 7.7


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ("", "is not JSON that can be read"),
        ("{", "is not JSON that can be read"),
        ("[" * 1000, "nested more than 100 levels"),
        ("3", ONE),
        ("[]", ONE),
        (f"[{RESULT.to_json()}]", ONE),
        ("null", ONE),
        ("{}", "'diarization' is missing"),
        (without("speakers"), "'speakers' is missing"),
        (without("diarization") | {"diarization": "talk"}, "diarization is a list of objects, not 'talk'$"),
        (without("diarization") | {"diarization": []}, r"must be those of the annotation \(none\); got SPEAKER_00"),
        (without("speakers") | {"speakers": []}, r"\(SPEAKER_00, SPEAKER_01, SPEAKER_02\); got none"),
        (without("speakers") | {"speakers": [3]}, r"speakers is a list of objects, not \[3\]$"),
        (with_turn(start="-1"), "start is a number from 0 to 3600000, not '-1'"),
        (with_turn(start="soon"), "start is a number from 0 to 3600000, not 'soon'"),
        (with_turn(end="nan"), "end is a number from 0 to 3600000, not 'nan'"),
        (with_turn(end="1e300"), "end is a number from 0 to 3600000, not '1e300'"),
        (with_turn(end=None), "end is a number from 0 to 3600000, not None"),
        (with_turn(end="0.000"), "finite seconds with end > start; got start=0.0, end=0.0"),
        (with_turn(speaker=["a"]), r"a speaker's name must be a string; got \['a'\]"),
        (with_turn(speaker=""), "needs a speaker; got an empty name"),
        (with_speaker(speaker="stranger"), "SPEAKER_02\\); got stranger, SPEAKER_01, SPEAKER_02"),
        (with_speaker(speaker=7), "speaker is a text, not 7$"),
        (with_speaker(seconds=0), "seconds is a number from 0.001 to 3600000, not 0"),
        (with_speaker(seconds=-6), "seconds is a number from 0.001 to 3600000, not -6"),
        (with_speaker(seconds=True), "seconds is a number from 0.001 to 3600000, not True"),
        (with_speaker(p_female=1.5), "p_female is a probability from 0 to 1; got 1.5 for SPEAKER_00"),
        (with_speaker(p_female="no"), "p_female is a number from 0 to 3600000, not 'no'"),
        (with_speaker(probability=[1]), r"probability is a number from 0 to 3600000, not \[1\]"),
        (with_speaker(gender=["F"]), r"gender is F or M or child or uncertain, not \['F'\]$"),
        (with_speaker(gender="female"), "gender is F or M or child or uncertain, not 'female'$"),
        (with_speaker(gender="M"), OTHER.format("gender M with probability 0.97", "0.97")),
        (with_speaker(gender="uncertain"), OTHER.format("gender uncertain with probability 0.97", "0.97")),
        (with_speaker(p_female=0.03), OTHER.format("gender F with probability 0.97", "0.03")),
        (with_speaker(probability=1), OTHER.format("gender F with probability 1", "0.97")),
        (
            with_speaker(seconds=6.003),
            r"SPEAKER_00: seconds 6\.003 contradicts its turns, which last 6\.000 s; correct them, or take seconds",
        ),
        (
            with_turn(end="5.9"),
            r"SPEAKER_00: seconds 6 contradicts its turns, which last 5\.900 s; correct them, or take seconds out$",
        ),
        (
            without("x") | {"duration": 9.9},
            r"duration 9\.9 contradicts the turns, of which the last ends at 10\.000 s; correct them, or take",
        ),
        (with_speaker(channel="left"), "channel is a number from 1, not 'left'"),
        (with_speaker(channel=0), "channel is a number from 1, not 0"),
        (with_speaker(channel=True), "channel is a number from 1, not True"),
        (with_speaker(name_probability=2), "p_name is a probability from 0 to 1; got 2.0"),
        (without("x") | {"agreement": 1.5}, "agreement is a share from 0 to 1; got 1.5"),
        (without("x") | {"duration": "nan"}, "duration is a number from 0 to 3600000, not 'nan'"),
        (without("x") | {"duration": -1}, "duration is a number from 0 to 3600000, not -1"),
        (without("x") | {"min_speaker_seconds": []}, r"min_speaker_seconds is a number from 0 to 3600000, not \[\]"),
        (without("x") | {"snr": "loud"}, "snr is a number from -100 to 3600000, not 'loud'"),
        (without("x") | {"snr": "nan"}, "snr is a number from -100 to 3600000, not 'nan'"),
    ],
)
def test_rubbish_is_refused_by_one_line_with_the_path(tmp_path, content, reason):
    with pytest.raises(FormatError, match=reason) as error:
        read_back(tmp_path, content)
    assert str(error.value).startswith(str(tmp_path / "from a file.json")) and "\n" not in str(error.value)


def test_a_file_that_is_not_there(tmp_path):
    with pytest.raises(FileNotFoundError):
        Diarization.read_json(tmp_path / "none.json")


@pytest.mark.parametrize(
    ("changed", "kind", "told"),
    [
        ({"duration": "61.5"}, TypeError, "duration must be a number of seconds, such as 12.5; got '61.5'."),
        ({"duration": -5}, ValueError, "duration is from 0 to 3600000 s; got -5."),
        ({"duration": math.nan}, ValueError, "duration is from 0 to 3600000 s; got nan."),
        (
            {"min_speaker_seconds": None},
            TypeError,
            "min_speaker_seconds must be a number of seconds",
        ),
        ({"min_speaker_seconds": -1}, ValueError, "min_speaker_seconds is from 0 to 3600000 s; got -1."),
    ],
)
def test_seconds_of_a_result_are_numbers(changed, kind, told):
    with pytest.raises(kind, match=f"^{re.escape(told)}"):
        replace(RESULT, **changed)
