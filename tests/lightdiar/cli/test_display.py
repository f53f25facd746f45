"""What is shown of a stream while it lasts, as lines and as a picture."""

import os
import types
import warnings

import pytest

from lightdiar.cli import display as module
from lightdiar.cli import terminal
from lightdiar.cli.display import Lines, Picture, display
from lightdiar.errors import DoubtfulResultWarning
from lightdiar.live.update import Merge, Update
from lightdiar.systems.result import Diarization, Speaker
from lightdiar.timeline import Annotation, Segment, Turn
from tests.lightdiar.cli.emulator import Terminal

MERGED = (Merge(20.0, "BERT", "DORA"),)  # by the end
ANNA = (Speaker("ANNA", 3.0, 0.9),)


def update(seconds, *certain, **fields):
    return Update(
        **{"time": seconds, "certain": certain, "guess": (), "merges": (), "speakers": ANNA, "gaps": (), **fields}
    )


def result(*turns, duration=20.0):
    speakers = [Speaker(name, 1.0, 0.9) for name in {turn.speaker for turn in turns}]
    return Diarization(Annotation(turns), speakers, duration)


@pytest.fixture
def lines(capsys):
    """A function that shows updates as lines, and the lines of the last of them."""
    shown = Lines(latency=2.0)

    def show(*updates):
        for each in updates:
            capsys.readouterr()
            shown.end(each, MERGED) if isinstance(each, Diarization) else shown.show(each)
        return capsys.readouterr().out.splitlines()

    return show


def test_pieces_of_a_turn_are_one_line_once_another_turn_begins(lines):
    pieces = [update(2.5 + k / 2, Turn(k / 2, k / 2 + 0.5, "ANNA")) for k in range(4)]
    assert lines(*pieces) == []
    assert lines(update(4.5, Turn(2.0, 2.25, "BERT"), Turn(2.25, 2.5, "CARL"))) == [
        "     0.000      2.000  ANNA",
        "     2.000      2.250  BERT",
    ]


def test_a_turn_is_over_if_nothing_follows_and_the_next_of_the_same_speaker_is_another(lines):
    assert lines(update(5.0, Turn(2.0, 2.5, "ANNA"))) == []
    assert lines(update(5.4)) == []
    assert lines(update(5.6)) == ["     2.000      2.500  ANNA"]
    assert lines(update(8.0, Turn(5.0, 5.5, "ANNA")), update(8.5, Turn(5.75, 6.0, "ANNA"))) == [
        "     5.000      5.500  ANNA"
    ]


@pytest.mark.parametrize("name", ["CARL", "ANNA"])
def test_no_turn_of_a_name_is_printed_after_it_was_given_up(lines, name):
    merged = (Merge(4.5, "CARL", "ANNA"),)
    assert lines(update(4.0, Turn(1.0, 2.0, "CARL")), update(4.5, Turn(2.0, 2.5, name), merges=merged)) == [
        f"     1.000      {'2.500' if name == 'CARL' else '2.000'}  CARL",
        "merged CARL into ANNA",
    ]


def test_the_end_shows_only_what_was_not_certain_before(lines):
    end = result(Turn(0, 2, "ANNA"), Turn(2, 4, "DORA"), Turn(4, 6, "ANNA"))
    assert lines(update(5.0, Turn(0, 2, "ANNA"), Turn(2, 3, "BERT")), end) == [
        "     2.000      3.000  BERT",
        "merged BERT into DORA",
        "     3.000      4.000  DORA",
        "     4.000      6.000  ANNA",
    ]


def test_with_infinite_latency_all_comes_at_the_end(capsys):
    shown = Lines(latency=float("inf"))
    shown.show(update(9.0))
    shown.end(result(Turn(0, 2, "ANNA"), duration=9.0), ())
    assert capsys.readouterr().out == "     0.000      2.000  ANNA\n"


def test_gaps_are_told_when_they_are_known(lines):
    assert lines(update(9.0, gaps=(Segment(8.0, 8.75),))) == ["gap 8.000 8.750"]


def test_lines_where_no_picture_can_be_drawn_or_none_is_wanted(monkeypatch):
    monkeypatch.setenv("TERM", "xterm")
    with display("film", 2.0) as shown:
        assert isinstance(shown, Lines)
    monkeypatch.setattr("sys.stdout", Terminal())
    with display("film", 2.0, plain=True) as shown:
        assert isinstance(shown, Lines)


@pytest.fixture
def clock(monkeypatch):
    now = types.SimpleNamespace(seconds=50.0)
    monkeypatch.setattr(module.time, "monotonic", lambda: now.seconds)
    for place in (module, terminal):
        monkeypatch.setattr(place, "size", lambda: os.terminal_size((60, 10)))
    monkeypatch.setattr(terminal, "_on_windows", lambda: False)
    monkeypatch.setenv("TERM", "xterm")
    return now


def test_a_picture_is_drawn_in_place_at_most_four_times_a_second(monkeypatch, clock):
    screen = Terminal()
    monkeypatch.setattr("sys.stdout", screen)
    with display("film", 2.0) as shown:
        assert isinstance(shown, Picture)
        for k in range(100):  # ten seconds
            shown.show(update(k / 10, guess=(Turn(0, k / 10 + 0.01, "ANNA"),)))
            clock.seconds += 0.1
        assert screen.writes == 34  # every third
        assert screen.lines == [
            "0:09  film; Ctrl-C ends",
            "1 woman, 0 men; women's share of the speaking time 100%",
            "  speaker      voice             time share",
            "> ANNA         woman 0.90        0:03  100%  ##############",
            "",
            "                             -30 s          -15 s       now",
            "> ANNA                                           ::::::::::",
            "",
        ]
        shown.end(result(), MERGED)
    assert screen.lines == [""] and (screen.row, screen.column) == (0, 0)


def test_a_warning_stands_above_the_picture(monkeypatch, clock, capsys):
    screen = Terminal()
    monkeypatch.setattr("sys.stdout", screen)
    monkeypatch.setattr(module, "say", lambda line: screen.write(line + "\n"))
    with warnings.catch_warnings():
        warnings.simplefilter("always")
        before = warnings.showwarning
        with display("film", 2.0) as shown:
            shown.show(update(1.0, speakers=()))
            warnings.warn("the microphone gives nothing but silence.", DoubtfulResultWarning, stacklevel=1)
            shown.show(update(1.2, speakers=()))
        assert warnings.showwarning is before
    assert screen.lines == [
        "lightdiar: warning: the microphone gives nothing but silence.",
        "0:01  film; Ctrl-C ends",
        "no speaker is certain yet",
        "",
    ]


def test_after_an_error_the_cursor_stands_below_the_picture(monkeypatch, clock):
    screen = Terminal()
    monkeypatch.setattr("sys.stdout", screen)
    with pytest.raises(KeyboardInterrupt), display("film", 2.0) as shown:
        shown.show(update(1.0))
        raise KeyboardInterrupt
    assert screen.lines[0] == "0:01  film; Ctrl-C ends" and (screen.row, screen.column) == (len(screen.lines) - 1, 0)
