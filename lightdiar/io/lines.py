"""What the text formats have in common: lines, times, names, and errors that give the location.

Times are seconds. Reading: UTF-8 with or without BOM, any line endings; blank lines, comments (``;;``) and
segments of zero duration are skipped. Times that are not finite, negative starts and negative durations
raise `FormatError`, ``path:line: reason: text``.
Writing: UTF-8, ``\\n``, milliseconds; a file appears complete or not at all.
"""

import io
import math
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

from lightdiar.common.files import PathLike
from lightdiar.errors import FormatError
from lightdiar.timeline import Segment

NOTHING = "<NA>"  # "not applicable": here a recording without a name

_Parsed = TypeVar("_Parsed")


def parse_lines(path: PathLike, parse: Callable[[list[str]], _Parsed]) -> Iterator[_Parsed]:
    """Yield the result of `parse` on the fields of each line."""
    for number, line in numbered_lines(path):
        with place_of(path, number, line):
            parsed = parse(line.split())
        yield parsed


def numbered_lines(path: PathLike) -> Iterator[tuple[int, str]]:
    """Yield the number and stripped text of each line that is neither blank nor a comment."""
    data = Path(path).read_bytes()
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        number = data[: error.start].count(b"\n") + 1
        raise FormatError(
            f"{path}:{number}: not UTF-8 text, save it as UTF-8: {data[error.start : error.start + 20]!r}"
        ) from None
    for number, line in enumerate(io.StringIO(text, newline=None), start=1):
        line = line.strip()
        if line and not line.startswith(";;"):
            yield number, line


@contextmanager
def place_of(path: PathLike, number: int, line: str) -> Iterator[None]:
    """Turn a ValueError about a line into a FormatError that gives its location."""
    try:
        yield
    except ValueError as error:
        raise FormatError(f"{path}:{number}: {error}: {line}") from None


def recording_of(field: str) -> str:
    return "" if field == NOTHING else field


def number_of(field: str) -> float:
    try:
        number = float(field)
    except ValueError:
        raise ValueError(f"{field} is not a number of seconds") from None
    if not math.isfinite(number):
        raise ValueError(f"{field} is not a finite number of seconds")
    return number


def segment_of(start: float, end: float) -> Segment | None:
    """The segment, or None if its duration is zero."""
    if start < 0:
        raise ValueError(f"start must be 0 or later, not {start:g}")
    if end < start:
        raise ValueError(f"the end lies {start - end:g} s before the start")
    return Segment(start, end) if end > start else None


def joined_name(name: str) -> str:
    """The name with an underscore in place of white space."""
    return "_".join(name.split())


def milliseconds(segment: Segment) -> tuple[int, int]:
    """Start and end, rounded independently so that touching turns still touch."""
    return round(segment.start * 1000), round(segment.end * 1000)
