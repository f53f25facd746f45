"""Names, merges and the result, by hand."""

import numpy as np
import pytest

from lightdiar.live.ledger import Ledger
from lightdiar.live.update import Merge
from lightdiar.timeline import Segment, Turn


class Even:
    def probabilities(self, mfcc, f0):
        return 0.8, 0.2, 0.0


@pytest.fixture
def ledger():
    return Ledger(Even())


def add(ledger, start, end, voice):
    return ledger.add(Segment(start, end), voice, np.zeros((1, 24), np.float32), np.array([100], np.float32))


def test_voices_are_named_in_order_of_appearance(ledger):
    turns = [add(ledger, 0, 1, 7), add(ledger, 1, 2, 3), add(ledger, 2, 3, 7)]
    assert turns == [Turn(0, 1, "SPEAKER_00"), Turn(1, 2, "SPEAKER_01"), Turn(2, 3, "SPEAKER_00")]
    assert [(s.name, s.seconds, s.p_female) for s in ledger.speakers()] == [
        ("SPEAKER_00", 2, 0.8),
        ("SPEAKER_01", 1, 0.8),
    ]


def test_a_guess_takes_no_name(ledger):
    add(ledger, 0, 1, 5)
    guess = ledger.guess([(Segment(1, 2), 9), (Segment(2, 3), 8), (Segment(3, 4), 5), (Segment(4, 5), 9)])
    assert [turn.speaker[-1] for turn in guess] == ["1", "2", "0", "1"]
    assert add(ledger, 1, 2, 8).speaker == "SPEAKER_01"


def test_of_two_names_the_earlier_stays(ledger):
    for number, voice in enumerate([4, 2, 6]):
        add(ledger, number, number + 1, voice)
    assert ledger.merge(4, 6, 3.5) == [Merge(3.5, "SPEAKER_02", "SPEAKER_00")]
    assert add(ledger, 3, 4, 6) == Turn(3, 4, "SPEAKER_00")
    assert [(s.name, s.seconds) for s in ledger.speakers()] == [("SPEAKER_00", 3), ("SPEAKER_01", 1)]
    assert ledger.merge(4, 6, 4.5) == []
    assert add(ledger, 4, 5, 1) == Turn(4, 5, "SPEAKER_03")  # a name that was given up is not given again
    assert ledger.merge(6, 2, 5.5) == [Merge(5.5, "SPEAKER_01", "SPEAKER_00")] and len(ledger.merges) == 2


def test_voices_without_names_become_one_in_silence(ledger):
    assert ledger.merge(3, 2, 1.0) == []
    add(ledger, 0, 1, 5)
    assert ledger.merge(5, 8, 1.0) == []
    assert add(ledger, 1, 2, 8).speaker == "SPEAKER_00"


def test_the_result_has_the_names_that_are_left_and_no_pauses_within_turns(ledger):
    for start, end, voice in [(0, 1, 0), (1, 2, 1), (2, 3, 0), (3.5, 4, 2), (6, 7, 2), (7, 8, 1), (8.5, 9, 1)]:
        add(ledger, start, end, voice)
    ledger.merge(2, 0, 9.0)
    result = ledger.result(10.0, [Segment(8.2, 8.3)], 1.0, 0.8)
    assert [(t.start, t.end, t.speaker[-1]) for t in result.turns] == [
        (0, 1, "0"), (1, 2, "1"), (2, 4, "0"), (6, 7, "0"), (7, 8, "1"), (8.5, 9, "1"),
    ]  # fmt: skip
    assert [(s.name, s.seconds) for s in result.speakers] == [("SPEAKER_00", 4), ("SPEAKER_01", 2.5)]
    assert (result.duration, result.agreement) == (10, 0.8)


def test_pieces_of_a_turn_are_kept_as_one(ledger):
    for number in range(1000):
        add(ledger, number / 2, (number + 1) / 2, 0)
    assert ledger._turns == [(0, 500, 0)]


def test_nobody_spoke(ledger):
    result = ledger.result(3.0, [], 1.0, 1.0)
    assert (result.turns, result.speakers, result.duration) == ((), (), 3)
