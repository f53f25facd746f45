"""Lines that are drawn in the same place of a terminal again and again.

The cursor is never hidden, and stands below what was drawn: whatever ends the program, the terminal is as it was.
"""

import os
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager

_OUTPUT, _VIRTUAL_TERMINAL = -11, 4  # Windows' numbers of standard output, and of a console that knows ANSI codes


@contextmanager
def ansi_codes() -> Iterator[bool]:
    """Whether standard output is a terminal that moves its cursor when told to; Windows' console is asked to."""
    if not sys.stdout.isatty():
        yield False
    elif _on_windows():
        with _windows_console() as understands:
            yield understands
    else:
        yield os.environ.get("TERM", "dumb") != "dumb"


class Drawing:
    """Lines on a terminal that others take the place of."""

    def __init__(self) -> None:
        self._n_lines, self._size = 0, size()

    def draw(self, lines: list[str]) -> None:
        """Draw lines, shorter than the terminal is wide, in place of those drawn before."""
        self._write(self._back() + "".join(f"{line}\x1b[K\n" for line in lines) + "\x1b[J")
        self._n_lines = len(lines)

    def clear(self) -> None:
        """Remove what was drawn."""
        self._write(self._back() + "\x1b[J")
        self._n_lines = 0

    def _back(self):
        """The codes that lead to where the lines begin; after a change of size nobody knows, so all is cleared."""
        before, self._size = self._size, size()
        if self._n_lines and before != self._size:
            return "\x1b[2J\x1b[H"
        return f"\r\x1b[{self._n_lines}A" if self._n_lines else "\r"

    def _write(self, text):
        sys.stdout.write(text)  # at once: nothing flickers
        sys.stdout.flush()


def size() -> os.terminal_size:
    """Columns and lines of the terminal."""
    return shutil.get_terminal_size((80, 24))


def _on_windows():
    return os.name == "nt"


@contextmanager
def _windows_console():
    """Turn the codes on, and at the end as they were; False if this Windows has none."""
    import ctypes

    kernel = ctypes.windll.kernel32
    handle, mode = kernel.GetStdHandle(_OUTPUT), ctypes.c_uint32()
    known = kernel.GetConsoleMode(handle, ctypes.byref(mode))
    understands = bool(known and kernel.SetConsoleMode(handle, mode.value | _VIRTUAL_TERMINAL))
    try:
        yield understands
    finally:
        if understands:
            kernel.SetConsoleMode(handle, mode.value)
