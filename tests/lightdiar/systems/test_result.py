import json
import math
import xml.etree.ElementTree as ET
from dataclasses import replace

import numpy as np
import pytest

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


def test_counts_leave_out_who_says_little():
    assert RESULT.counts() == {"M": 1, "F": 1}
    assert Diarization(NEWS, SPEAKERS, 12.0, min_speaker_seconds=1.5).counts() == {"M": 1, "F": 2}
    assert NOTHING.counts() == {"M": 0, "F": 0}


def test_children_are_neither_men_nor_women():
    speakers = [Speaker("SPEAKER_00", 6.0, 0.49, 0.99), *SPEAKERS[:2]]
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
    assert RESULT.female_share == pytest.approx(7.5 / 9.8456)
    assert math.isnan(NOTHING.female_share)


def test_turns_and_tracks_are_those_of_the_annotation():
    assert RESULT.turns == NEWS.turns
    assert next(RESULT.itertracks(yield_label=True)) == (Segment(0, 6), 0, "SPEAKER_00")
    assert next(RESULT.itertracks()) == (Segment(0, 6), 0)


def test_json_to_the_letter(tmp_path):
    assert json.loads(RESULT.to_json()) == {
        "diarization": [
            {"speaker": "SPEAKER_00", "start": "0.000", "end": "6.000"},
            {"speaker": "SPEAKER_01", "start": "6.000", "end": "8.346"},
            {"speaker": "SPEAKER_02", "start": "8.500", "end": "10.000"},
        ],
        "speakers": [
            {"speaker": "SPEAKER_00", "gender": "F", "probability": 0.97, "seconds": 6.0},
            {"speaker": "SPEAKER_01", "gender": "uncertain", "probability": 0.7, "seconds": 2.346},
            {"speaker": "SPEAKER_02", "gender": "uncertain", "probability": 0.5, "seconds": 1.5},
        ],
        "agreement": 1.0,
    }
    assert RESULT.to_json(tmp_path / "news.json") is None
    assert (tmp_path / "news.json").read_bytes() == RESULT.to_json().encode()
    assert json.loads(NOTHING.to_json()) == {"diarization": [], "speakers": [], "agreement": 1.0}


def test_json_and_rttm_round_alike():
    """5.5275 lies below the half in binary, 5527.5 does not."""
    result = Diarization(Annotation([Turn(0.5275, 5.5275, "a")], "x"), [Speaker("a", 5.0, 0.9)], 9.0)
    (turn,) = json.loads(result.to_json())["diarization"]
    assert (turn["start"], turn["end"]) == ("0.528", "5.528")
    assert result.to_rttm().split()[3:5] == ["0.528", "5.000"]


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
            {"speaker": "Zoë van Dam", "gender": "F", "probability": 0.97, "seconds": 6.0, "name_probability": 0.9877},
            {"speaker": "SPEAKER_01", "gender": "M", "probability": 0.9, "seconds": 2.0},
        ],
        "agreement": 1.0,
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
