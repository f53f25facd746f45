"""Lines of the field's text files, and what is common to them: times, names, and errors that say where.

Times are seconds. Reading: UTF-8 with or without BOM, any line ends; blank lines and comments (``;;``)
are skipped, and so are lines of zero length, which hold no time. Times that are not finite, negative
starts and negative lengths are refused as `FormatError`, ``path:line: reason: text``.
Writing: UTF-8, ``\\n``, milliseconds; a file appears complete or not at all.
"""

import io
import math
from contextlib import contextmanager
from pathlib import Path

from lightdiar.errors import FormatError
from lightdiar.timeline import Segment

NOTHING = "<NA>"  # "not applicable": here a recording without a name


def parse_lines(path, parse):
    """What `parse` makes of the fields of each line."""
    for number, line in numbered_lines(path):
        with place_of(path, number, line):
            parsed = parse(line.split())
        yield parsed


def numbered_lines(path):
    """Number and stripped text of each line that says something."""
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
def place_of(path, number, line):
    """Turn a ValueError about a line into a FormatError that says where."""
    try:
        yield
    except ValueError as error:
        raise FormatError(f"{path}:{number}: {error}: {line}") from None


def recording_of(field):
    return "" if field == NOTHING else field


def number_of(field):
    try:
        number = float(field)
    except ValueError:
        raise ValueError(f"{field} is not a number of seconds") from None
    if not math.isfinite(number):
        raise ValueError(f"{field} is not a finite number of seconds")
    return number


def segment_of(start, end):
    """The Segment, or None if it has no length."""
    if start < 0:
        raise ValueError(f"start must be 0 or later, not {start:g}")
    if end < start:
        raise ValueError(f"the end lies {start - end:g} s before the start")
    return Segment(start, end) if end > start else None


def joined_name(name):
    """The name without white space."""
    return "_".join(name.split())


def milliseconds(segment):
    """Start and end rounded each by itself, so that touching turns still touch."""
    return round(segment.start * 1000), round(segment.end * 1000)
