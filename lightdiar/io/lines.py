"""What the text formats have in common: lines, times, names, channels, and errors that give the location.

Times are seconds, at most `LATEST`; lines have at most `LONGEST_LINE` characters. Reading: UTF-8 with or without BOM,
UTF-16 with BOM, any line endings; blank lines, comments (``;;``, not in subtitles) and segments of zero duration are
skipped. Times that are not finite or too late, negative starts and negative durations raise `FormatError`,
``path:line: reason: text``.

One person has one name: text becomes NFC (the same accent may come as one character or as two), and characters that
nobody sees are left out, with a warning. A recording on several channels becomes one recording for each.

Writing: UTF-8, ``\\n``, milliseconds; a file appears complete or not at all.
"""

import math
import re
import unicodedata
import warnings
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from itertools import pairwise
from pathlib import Path
from typing import TypeVar

from lightdiar.common.files import PathLike
from lightdiar.common.foreign import read_text
from lightdiar.common.tables import printable, shortened
from lightdiar.errors import DoubtfulResultWarning, FormatError
from lightdiar.timeline import Segment

NOTHING = "<NA>"  # "not applicable": here a recording without a name
LATEST = 3_600_000.0  # seconds, 1000 hours: later times are mistakes, such as milliseconds
LONGEST_LINE = 100_000  # characters

# control characters that are no white space, and those that Unicode says to ignore where they cannot be displayed
_UNSEEN = re.compile(
    "[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f"
    "\u202a-\u202e\u2060-\u206f\u2800\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb"
    "\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff]"
)
_MANY_ACCENTS = re.compile(r"[^\w\x00-\x7f]{200}")  # or other signs that are no letters, which have one or two
_LINE = re.compile(r"\S[^\n]*")  # without the white space before it
_TIME = re.compile(r"(?:(?:(\d{1,3}):)?(\d{1,3}):)?(\d{1,7}(?:\.\d{1,9})?)", re.ASCII)
_CHANNEL = re.compile(r"(?:ch(?:an(?:nel)?)?[-_]?)?0*(\d{1,9})|([a-z])|<na>", re.IGNORECASE | re.ASCII)

_Parsed = TypeVar("_Parsed")


def parse_lines(path: PathLike, parse: Callable[[list[str]], _Parsed]) -> Iterator[_Parsed]:
    """Yield the result of `parse` on the fields of each line."""
    for number, line in numbered_lines(path):
        with place_of(path, number, line):
            parsed = parse(line.split())
        yield parsed


def numbered_lines(path: PathLike, *, comments: bool = True, tell: bool = True) -> Iterator[tuple[int, str]]:
    """Yield the number and stripped text of each line that is neither blank nor, where there are any, a comment."""
    text = text_of(path, tell=tell)
    number, counted = 1, 0
    for found in _LINE.finditer(text):
        number, counted = number + text.count("\n", counted, found.start()), found.start()
        if found.end() - found.start() > LONGEST_LINE:
            raise FormatError(f"{path}:{number}: a line of more than {LONGEST_LINE} characters: {shortened(found[0])}")
        line = found[0].rstrip()
        if not (comments and line.startswith(";;")):
            yield number, line


def text_of(path: PathLike, *, tell: bool = True) -> str:
    """The text of a file as people see it: in one Unicode form, without characters that nobody sees, lines by LF.

    Those characters are told in a warning, unless it was told when the file was read before.
    """
    text = read_text(path)
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    return _seen(path, text) if tell else usual_form(text)


@contextmanager
def place_of(path: PathLike, number: int, line: str) -> Iterator[None]:
    """Turn a ValueError about a line into a FormatError that gives its location."""
    try:
        yield
    except ValueError as error:
        raise FormatError(f"{path}:{number}: {printable(f'{error}: {shortened(line)}')}") from None


def listed(names: Iterable[str], most: int = 5) -> str:
    """Names for a message; of many only the first."""
    names = [shortened(name, 100) for name in names]
    more = f" and {len(names) - most} more" if len(names) > most else ""
    return ", ".join(names[:most]) + more


def recording_of(field: str) -> str:
    return "" if field == NOTHING else field


def channel_of(field: str) -> str:
    """The channel, written in one way: 1 for 01 and ch1, A for a."""
    found = _CHANNEL.fullmatch(field)
    if not found:
        raise ValueError(f"the channel is a number or a letter, not {shortened(field)}")
    return found[1] or (found[2] or NOTHING).upper()


def by_recording(path: PathLike, channels: Mapping[tuple[str, str], _Parsed]) -> dict[str, _Parsed]:
    """Name what was read by recording; of a recording on several channels each is one, ``recording/channel``."""
    several = _on_several_channels(channels)
    if several:
        warnings.warn(
            f"{path}: {listed(several)}: on several channels, which are recordings of their own, such as "
            f"{_apart(*next(key for key in channels if key[0] in several))}",
            DoubtfulResultWarning,
            stacklevel=3,
        )
    named = {_apart(*key) if key[0] in several else key[0]: parsed for key, parsed in channels.items()}
    if len(named) < len(channels):
        raise FormatError(f"{path}: a channel of {listed(several)} has the name of another recording; rename one.")
    return named


def number_of(field: str) -> float:
    try:
        if "_" in field:  # 1_000 is a number to Python alone
            raise ValueError
        number = float(field)
    except ValueError:
        raise ValueError(f"{shortened(field)} is not a number of seconds") from None
    if not math.isfinite(number):
        raise ValueError(f"{shortened(field)} is not a finite number of seconds")
    return number


def time_of(field: str) -> float:
    """Seconds of a time that is written as seconds, or as H:MM:SS.

    Examples
    --------
    >>> time_of("90"), time_of("1:30"), time_of("1:02:03.5")
    (90.0, 90.0, 3723.5)
    """
    found = _TIME.fullmatch(field)
    hours, minutes, seconds = found.groups(default="0") if found else ("0", "0", "nan")
    if found and (found[2] is None or float(seconds) < 60) and (found[1] is None or int(minutes) < 60):
        return 3600 * int(hours) + 60 * int(minutes) + float(seconds)
    raise ValueError(f"{field!r} must be seconds, or H:MM:SS, such as 90, 1:30 or 1:02:03.5.")


def segment_of(start: float, end: float) -> Segment | None:
    """The segment, or None if its duration is zero."""
    if start < 0:
        raise ValueError(f"start must be 0 or later, not {start:g}")
    if end < start:
        raise ValueError(f"the end lies {start - end:g} s before the start")
    if end > LATEST:
        raise ValueError(
            f"{end:.9g} s is later than any recording; times are seconds, at most {LATEST:.0f} (1000 hours)"
        )
    return Segment(start, end) if end > start else None


def joined_name(name: str) -> str:
    """The name with an underscore in place of white space."""
    return "_".join(name.split())


def name_of(stem: str) -> str:
    """The name that a file of this name has inside text files."""
    return joined_name(usual_form(stem))


def name_after(path: PathLike) -> str:
    """The name of a recording of which a file says nothing: that of the file without its ending."""
    return name_of(Path(path).stem.encode("utf-8", "backslashreplace").decode())


def usual_form(text: str) -> str:
    """The text in one Unicode form (NFC), without characters that nobody sees."""
    return _composed(_UNSEEN.sub("", text))


def milliseconds(segment: Segment) -> tuple[int, int]:
    """Start and end, rounded independently so that touching turns still touch."""
    return round(segment.start * 1000), round(segment.end * 1000)


def _seen(path, text):
    """The text as people see it."""
    first = _UNSEEN.search(text)
    if first:
        number = text.count("\n", 0, first.start()) + 1
        text, n_unseen = _UNSEEN.subn("", text)
        more = f", as were {n_unseen - 1} others in this file" if n_unseen > 1 else ""
        warnings.warn(
            f"{path}:{number}: the character U+{ord(first[0]):04X}, which nobody sees, was left out{more}",
            DoubtfulResultWarning,
            stacklevel=4,
        )
    return _composed(text)


def _composed(text):
    """The text in NFC; of accents in a row, only so many are put in order at once: it takes the square of them."""
    if text.isascii():
        return text
    places = [0, *(found.end() for found in _MANY_ACCENTS.finditer(text)), len(text)]
    return "".join(unicodedata.normalize("NFC", text[start:end]) for start, end in pairwise(places))


def _apart(recording, channel):
    return f"{recording}/{channel}"


def _on_several_channels(channels):
    """Recordings that occur with more than one channel, in order."""
    of: dict[str, set[str]] = {}
    for recording, channel in channels:
        of.setdefault(recording, set()).add(channel)
    return [recording for recording, own in of.items() if len(own) > 1]
