"""The live picture, to the character."""

import pytest

from lightdiar.live.screen import Screen, clock
from lightdiar.live.update import Merge, Update
from lightdiar.systems.result import Speaker
from lightdiar.timeline import Segment, Turn

ANNA, BERT, CARL = "SPEAKER_00", "SPEAKER_01", "SPEAKER_02"
SPEAKERS = Speaker(ANNA, 30.0, 0.97), Speaker(BERT, 20.0, 0.01), Speaker(CARL, 10.0, 0.39)


def update(seconds, **fields):
    return Update(**{"time": seconds, "certain": (), "guess": (), "merges": (), "speakers": (), "gaps": (), **fields})


def drawn(*updates, width=80, height=20, title="the microphone desk"):
    screen = Screen(title)
    for each in updates:
        screen.add(each)
    return "\n".join(screen.lines(width, height)) + "\n"


MINUTE = update(
    65.5,
    certain=(Turn(3, 20, ANNA), Turn(30, 41.5, BERT), Turn(41.5, 50, CARL)),
    guess=(Turn(62.2, 65.5, BERT),),
    speakers=SPEAKERS,
    gaps=(Segment(22, 24),),
)


def test_before_anything_is_heard_and_before_anybody_speaks():
    assert drawn() == "0:00  the microphone desk\n"
    for guess in ((), (Turn(1, 3.5, ANNA),)):
        assert drawn(update(3.5, guess=guess)) == "0:03  the microphone desk\nno speaker is certain yet\n"


def test_a_minute_in_80_columns():
    assert (
        drawn(MINUTE)
        == """\
1:05  the microphone desk
1 woman, 2 men; women's share of the speaking time 50%
  speaker      voice             time share
  SPEAKER_00   woman 0.97        0:30   50%  ##################
> SPEAKER_01   man 0.99          0:20   33%  ############
  SPEAKER_02   uncertain 0.61    0:10   17%  ######

               -60 s          -45 s          -30 s          -15 s       now
  SPEAKER_00   ##############  xx
> SPEAKER_01                   xx      ############                    ::::
  SPEAKER_02                   xx                 #########
0:22 gap of 2.0 s: sound was lost
"""
    )


def test_a_minute_in_60_columns_is_45_seconds():
    text = drawn(MINUTE, width=60)
    assert "\n               -45 s          -30 s          -15 s       now\n" in text
    assert "\n  SPEAKER_00    xx\n" in text and "\n> SPEAKER_01    xx" in text
    assert "  SPEAKER_00   woman 0.97        0:30   50%  ########\n" in text
    assert max(map(len, text.splitlines())) <= 60


def test_a_merge_is_told_and_takes_the_turns_along():
    later = update(70.0, speakers=SPEAKERS[:2], merges=(Merge(70.0, CARL, ANNA),))
    assert drawn(MINUTE, later).splitlines()[-4:] == [
        "  SPEAKER_00   ##########  xx                 #########",
        "  SPEAKER_01               xx      ############",
        "0:22 gap of 2.0 s: sound was lost",
        "1:10 merged SPEAKER_02 into SPEAKER_00",
    ]


def test_only_the_last_minute_and_the_last_three_events_are_kept():
    screen = Screen("")
    for second in range(1000):
        gap = Segment(second, second + 0.5)
        screen.add(update(second + 1, certain=(Turn(second, second + 1, ANNA),), speakers=SPEAKERS[:1], gaps=(gap,)))
    assert [len(kept) for kept in (screen._turns, screen._gaps, screen._events)] == [60, 60, 3]
    assert screen.lines()[-3:] == [f"{clock(second)} gap of 0.5 s: sound was lost" for second in (997, 998, 999)]


def many(n):
    return tuple(Speaker(f"SPEAKER_{number:02}", 5.0 + number % 3, 0.9) for number in range(n))


@pytest.mark.parametrize("height", [8, 12, 20])
@pytest.mark.parametrize("n", [1, 3, 7, 12])
@pytest.mark.parametrize("width", [10, 40, 60, 80, 200])
def test_it_fits(width, height, n):
    merges = tuple(Merge(float(second), "X" * 90, "Y" * 90) for second in range(5))
    lines = drawn(update(99.0, speakers=many(n), merges=merges), width=width, height=height).splitlines()
    assert len(lines) <= height and max(map(len, lines)) <= min(width, 80)


def test_speakers_for_whom_there_is_no_line_are_summed_and_those_who_speak_most_are_shown():
    now = Turn(98, 99, "SPEAKER_03")
    lines = drawn(update(99.0, speakers=many(12), guess=(now,)), height=15).splitlines()
    assert [line[2:12] for line in lines[3:7]] == ["SPEAKER_02", "SPEAKER_05", "SPEAKER_08", "SPEAKER_11"]
    assert lines[7] == "> and 8 more                     0:44   61%"


def test_names_from_strangers_stay_in_their_place():
    speakers = (Speaker("\x1b[31mred\n", 4.0, 0.5), Speaker("a very long name of somebody", 4.0, 0.5))
    text = drawn(update(9.0, speakers=speakers), title="\x1b[2Jmike")
    assert "\x1b" not in text and "\\x1b[2Jmike" in text
    assert "\n  a very lo... uncertain 0.50    0:04   50%" in text and "\n  \\x1b[31mr..." in text


def test_nobody_spoke_long_enough_to_be_counted():
    text = drawn(update(9.0, speakers=(Speaker(ANNA, 0.5, 0.5),)))
    assert "\n0 women, 0 men; women's share of the speaking time -\n" in text
