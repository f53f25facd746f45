"""Drawing in place, as a terminal that knows the few codes that are used shows it."""

import ctypes
import os
import types

import pytest

from lightdiar.cli import terminal
from lightdiar.cli.terminal import Drawing, ansi_codes
from tests.lightdiar.cli.emulator import Terminal


@pytest.fixture
def set_up(monkeypatch):
    """A function: a terminal of 80 columns takes the place of standard output, within the test."""

    def replace():
        screen = Terminal()
        monkeypatch.setattr("sys.stdout", screen)
        monkeypatch.setattr(terminal, "size", lambda: os.terminal_size((80, 24)))
        return screen

    return replace


def test_lines_take_the_place_of_those_before(set_up):
    screen = set_up()
    screen.write("$ lightdiar stream\n")
    drawing = Drawing()
    for lines in (["one", "two two"], ["eleven", "2", "three"], ["1"]):
        drawing.draw(lines)
        assert screen.lines == ["$ lightdiar stream", *lines, ""] and screen.column == 0
    drawing.clear()
    assert screen.lines == ["$ lightdiar stream", ""] and screen.row == 1
    drawing.draw(["again"])
    assert screen.lines == ["$ lightdiar stream", "again", ""]
    assert screen.writes == 1 + 3 + 1 + 1  # a drawing is written at once


def test_after_a_change_of_size_all_is_drawn_anew(set_up, monkeypatch):
    screen = set_up()
    drawing = Drawing()
    drawing.draw(["one", "two"])
    monkeypatch.setattr(terminal, "size", lambda: os.terminal_size((60, 24)))
    drawing.draw(["three"])
    assert screen.lines[:2] == ["three", ""]
    drawing.draw(["four"])
    assert screen.lines[:2] == ["four", ""]


@pytest.mark.parametrize(("term", "can"), [("xterm-256color", True), ("dumb", False), (None, False)])
@pytest.mark.skipif(os.name == "nt", reason="there the console is asked")
def test_codes_are_for_terminals_that_know_them(monkeypatch, term, can):
    monkeypatch.setenv("TERM", term) if term else monkeypatch.delenv("TERM", raising=False)
    monkeypatch.setattr("sys.stdout", Terminal())
    with ansi_codes() as known:
        assert known is can
    monkeypatch.setattr("sys.stdout", Terminal(is_terminal=False))
    with ansi_codes() as known:
        assert known is False


class Kernel:
    """Windows' console: its mode, and whether it is new enough for codes."""

    def __init__(self, mode, knows_codes):
        self.mode, self.knows_codes = mode, knows_codes

    def GetStdHandle(self, number):
        assert number == -11
        return 7

    def GetConsoleMode(self, handle, mode):
        mode._obj.value = self.mode
        return self.mode is not None

    def SetConsoleMode(self, handle, mode):
        if mode & 4 and not self.knows_codes:
            return 0
        self.mode = mode
        return 1


@pytest.mark.parametrize("knows_codes", [True, False])
def test_windows_console_is_asked_and_left_as_it_was(monkeypatch, knows_codes):
    kernel = Kernel(3, knows_codes)
    monkeypatch.setattr(ctypes, "windll", types.SimpleNamespace(kernel32=kernel), raising=False)
    monkeypatch.setattr(terminal, "_on_windows", lambda: True)
    monkeypatch.setattr("sys.stdout", Terminal())
    with pytest.raises(KeyboardInterrupt), ansi_codes() as known:
        assert known is knows_codes and kernel.mode == (7 if knows_codes else 3)
        raise KeyboardInterrupt
    assert kernel.mode == 3
