"""What is shown of a stream while it lasts: a picture on a terminal, lines elsewhere."""

import time
import warnings
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Protocol

from lightdiar.cli.terminal import Drawing, ansi_codes, size
from lightdiar.common.commandline import say, show
from lightdiar.live.screen import Screen
from lightdiar.live.update import Merge, Update
from lightdiar.systems.result import Diarization
from lightdiar.timeline import Segment, Turn

_DRAW_EVERY = 0.25  # seconds, at least
_TOUCHING = 1e-6  # seconds


class Display(Protocol):
    """What shows a stream."""

    def show(self, update: Update) -> None:
        """Show what a push found."""

    def say(self, line: str) -> None:
        """Report a problem, or the end, on stderr."""

    def end(self, result: Diarization, merges: Iterable[Merge]) -> None:
        """Show what only the end of the sound made certain, and which names it gave up."""


@contextmanager
def display(title: str, latency: float, *, plain: bool = False) -> Iterator[Display]:
    """Yield a picture if standard output is a terminal that can draw it, and lines otherwise or if they are wanted."""
    with ansi_codes() as can_draw:
        if plain or not can_draw:
            yield Lines(latency)
            return
        picture, before = Picture(title), warnings.showwarning
        warnings.showwarning = lambda message, *_args, **_kwargs: picture.say(f"lightdiar: warning: {message}")
        try:
            yield picture
        finally:
            warnings.showwarning = before


class Picture:
    """Draws who speaks in place, a few times a second."""

    def __init__(self, title: str) -> None:
        self._screen, self._drawing, self._drawn_at = Screen(f"{title}; Ctrl-C ends"), Drawing(), -_DRAW_EVERY

    def show(self, update: Update) -> None:
        self._screen.add(update)
        if time.monotonic() - self._drawn_at >= _DRAW_EVERY:
            self._draw()

    def say(self, line: str) -> None:  # above the picture
        self._drawing.clear()
        say(line)
        self._draw()

    def end(self, result: Diarization, merges: Iterable[Merge]) -> None:
        """Leave room for the result, which has all that was drawn."""
        self._drawing.clear()

    def _draw(self):
        columns, lines = size()
        self._drawing.draw(self._screen.lines(columns - 1, lines - 1))
        self._drawn_at = time.monotonic()


class Lines:
    """Prints turns as soon as they are certain and over: start, end and speaker, as `diarize` does."""

    def __init__(self, latency: float) -> None:
        self._latency = latency
        self._turn: Turn | None = None  # that may go on
        self._shown_to = 0.0

    def show(self, update: Update) -> None:
        """Print turns that are over, ``merged A into B``, and ``gap START END``."""
        for piece in update.certain:
            self._go_on(piece)
        self._tell(update.merges)
        if self._turn and self._turn.end < update.time - self._latency - 1:
            self._print()
        for gap in update.gaps:
            show(f"gap {gap.start:.3f} {gap.end:.3f}")

    def say(self, line: str) -> None:
        say(line)

    def end(self, result: Diarization, merges: Iterable[Merge]) -> None:
        self._tell(merges)
        rest = Segment(self._shown_to, max(result.duration, self._shown_to) + 1)
        for turn in result.annotation.crop(rest):
            self._go_on(turn)
        self._print()

    def _tell(self, merges):
        for merge in merges:
            if self._turn and self._turn.speaker == merge.speaker:
                self._print()  # while it still has this name
            show(merge)

    def _go_on(self, piece):
        """Make the turn longer, or print it and begin another."""
        self._shown_to = max(self._shown_to, piece.end)
        turn = self._turn
        if turn and turn.speaker == piece.speaker and abs(piece.start - turn.end) < _TOUCHING:
            self._turn = Turn(turn.start, piece.end, turn.speaker)
        else:
            self._print()
            self._turn = piece

    def _print(self):
        if self._turn:
            show(f"{self._turn.start:10.3f} {self._turn.end:10.3f}  {self._turn.speaker}")
        self._turn = None
