import itertools
import json
import math

import numpy as np
import pytest

from lightdiar.io.rttm import read_rttm
from lightdiar.recognition.answers import Candidate, Identification
from lightdiar.recognition.naming import name_speakers
from lightdiar.stages.voiceprint import Voiceprint
from lightdiar.systems.result import Diarization, Speaker
from lightdiar.timeline import Annotation, Turn

PEOPLE = ("ann", "bob", "cleo")


def diarization(*seconds):
    """Speakers who talk one after the other."""
    ends = np.cumsum(seconds).tolist()
    turns = [Turn(end - own, end, f"SPEAKER_{k:02d}") for k, (own, end) in enumerate(zip(seconds, ends))]
    speakers = [
        Speaker(turn.speaker, turn.duration, 0.2 * k, 0.1 * k, voice=Voiceprint(np.full(3, k, np.float32), 1.0 + k))
        for k, turn in enumerate(turns)
    ]
    return Diarization(Annotation(turns, "talk"), speakers, ends[-1] if ends else 1.0, agreement=0.8)


def answers(*rows):
    """The probabilities of the people, in any order, for each speaker."""
    found = []
    for row in rows:
        people = [Candidate(name, p, 0.0) for name, p in zip(PEOPLE, row)]
        found.append(Identification(tuple(sorted(people, key=lambda one: -one.probability)), 1 - sum(row), 0.5, 4.0))
    return found


def names(result):
    return [speaker.name for speaker in result.speakers]


def test_speakers_get_the_names_of_those_whom_they_are_with_nine_tenths_of_the_probability():
    result = name_speakers(diarization(5, 6, 7), answers([0.02, 0.9, 0.01], [0.02, 0, 0.899], [0.91, 0.02, 0.01]))
    assert names(result) == ["bob", "SPEAKER_01", "ann"]
    assert [speaker.p_name for speaker in result.speakers] == [0.9, None, 0.91]
    assert [(turn.start, turn.end, turn.speaker) for turn in result.turns] == [
        (0, 5, "bob"),
        (5, 11, "SPEAKER_01"),
        (11, 18, "ann"),
    ]
    assert (result.annotation.recording, result.duration, result.agreement) == ("talk", 18, 0.8)


def test_all_else_of_a_speaker_stays():
    before, after = diarization(5, 6), name_speakers(diarization(5, 6), answers([0.9, 0, 0], [0, 0, 0.95]))
    for one, other in zip(before.speakers, after.speakers):
        assert (one.seconds, one.p_female, one.p_child, one.channel) == (
            other.seconds,
            other.p_female,
            other.p_child,
            other.channel,
        )
        assert np.array_equal(one.voice.vector, other.voice.vector)


def test_each_name_is_given_once_to_whoever_has_it_most_probably():
    """Who comes first must not take it: the odds of the first are 11.5, of the second 99, and 99 > 11.5."""
    result = name_speakers(diarization(5, 6, 7), answers([0.92, 0.03, 0], [0.99, 0, 0], [0.95, 0.01, 0]))
    assert names(result) == ["SPEAKER_00", "ann", "SPEAKER_02"]
    assert [speaker.p_name for speaker in result.speakers] == [None, 0.99, None]


@pytest.mark.parametrize("seed", range(20))
def test_no_other_way_of_giving_each_name_once_is_likelier(seed):
    """Truth: all ways for up to four speakers, by the product of the odds of those who are named, each 9 or more."""
    rng = np.random.default_rng(seed)
    P = rng.dirichlet([0.1] * 4, rng.integers(1, 5))[:, :3]
    result = name_speakers(diarization(*[4] * len(P)), answers(*P.tolist()))
    taken = [name for name in names(result) if name in PEOPLE]
    assert len(set(taken)) == len(taken)

    def product(way):
        own = [row[PEOPLE.index(name)] for row, name in zip(P, way) if name]
        return math.prod(p / (1 - p) if p >= 0.9 else 0 for p in own)

    ways = [way for way in itertools.product((None, *PEOPLE), repeat=len(P))
            if len(set(filter(None, way))) == len(way) - way.count(None)]  # fmt: skip
    assert product([name if name in PEOPLE else None for name in names(result)]) == max(map(product, ways))


def test_who_may_repeat_becomes_one_speaker():
    result = name_speakers(diarization(6, 4, 2), answers([0.98, 0, 0], [0, 0.96, 0], [0.9, 0, 0.02]), repeat=True)
    assert names(result) == ["ann", "bob"]
    ann = result.speakers[0]
    assert ann.seconds == 8
    # six seconds of 0, 0 and 0.98, and two of 0.4, 0.2 and 0.9
    assert (ann.p_female, ann.p_child, ann.p_name) == pytest.approx((0.1, 0.05, 0.96))
    assert ann.voice.seconds == 4 and ann.voice.vector.tolist() == [1.5, 1.5, 1.5]  # 1 s of 0, 3 s of 2
    assert [turn.speaker for turn in result.turns] == ["ann", "bob", "ann"]
    assert sum(turn.duration for turn in result.turns if turn.speaker == "ann") == ann.seconds


def test_one_person_on_two_channels_is_on_none_of_them():
    turns = [Turn(0, 4, "SPEAKER_00"), Turn(4, 8, "SPEAKER_01"), Turn(8, 9, "SPEAKER_02")]
    voice = Voiceprint(np.zeros(3, np.float32), 4.0)
    speakers = [Speaker(turn.speaker, turn.duration, 0.5, channel=c, voice=voice) for turn, c in zip(turns, (1, 2, 2))]
    call = Diarization(Annotation(turns), speakers, 9.0)
    same, apart = (answers([0.9, 0, 0], row, [0, 0, 0]) for row in ([0.9, 0, 0], [0, 0.9, 0]))
    assert [s.channel for s in name_speakers(call, same, repeat=True).speakers] == [None, 2]
    assert [s.channel for s in name_speakers(call, apart, repeat=True).speakers] == [1, 2, 2]


def test_a_speaker_without_speech_and_a_recording_without_speakers():
    nothing = answers([1 / 6, 1 / 6, 1 / 6])  # no evidence: the prior
    assert names(name_speakers(diarization(5), nothing)) == ["SPEAKER_00"]
    assert name_speakers(diarization(), []).speakers == ()
    assert name_speakers(diarization(), [], repeat=True).speakers == ()


def test_more_speakers_than_people_and_more_people_than_speakers():
    few = [Identification((Candidate("ann", p, 0.0),), 1 - p, 0.5, 4.0) for p in (0.9, 0.95, 0.92)]
    assert names(name_speakers(diarization(5, 5, 5), few)) == ["SPEAKER_00", "ann", "SPEAKER_02"]
    assert names(name_speakers(diarization(5), answers([0, 0, 1.0]))) == ["cleo"]


@pytest.mark.parametrize("p", [1.0, 1 - 1e-16])
def test_certainty_is_no_infinite_odds(p):
    assert names(name_speakers(diarization(5, 5), answers([p, 0, 0], [0, p, 0]))) == ["ann", "bob"]


def test_names_with_blanks_survive_and_become_underscores_in_rttm(tmp_path):
    people = [Identification((Candidate("Zoë van Dam", 0.9, 2.0),), 0.1, 0.5, 4.0)]
    result = name_speakers(diarization(5), people)
    result.to_rttm(tmp_path / "talk.rttm")
    assert read_rttm(tmp_path / "talk.rttm")["talk"].turns == (Turn(0, 5, "Zoë_van_Dam"),)
    content = json.loads(result.to_json())
    assert content["diarization"][0]["speaker"] == content["speakers"][0]["speaker"] == "Zoë van Dam"
