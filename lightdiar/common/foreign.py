"""Text and JSON from strangers, read with limits: an odd file is an error of one line, never a full memory.

A file must be a regular one (a pipe may never end, a device such as /dev/zero never does) and no larger than its kind
can need. Text is UTF-8 with or without BOM. JSON is nested at most `DEEPEST` levels deep and has numbers of at most
`LONGEST_NUMBER` digits; half a surrogate pair, which no file could hold, becomes U+FFFD.
"""

import json
import re
import stat
from pathlib import Path
from typing import Any

from lightdiar.common.files import PathLike
from lightdiar.errors import FormatError

LARGEST_TEXT = 64_000_000  # bytes; an RTTM line of 60 bytes every second is 6 MB in 24 hours
DEEPEST = 100
LONGEST_NUMBER = 300  # digits; float64 ends at 309

_STRING_OR_REST = re.compile(r'"(?:[^"\\]|\\.)*"?|[^\[\]{}"]+', re.DOTALL)
_SURROGATES = re.compile(r"(\\\\|\\u[dD][89abAB]..\\u[dD][c-fC-F]..)|\\u[dD][89a-fA-F]..")


def read_bytes(path: PathLike, largest: int = LARGEST_TEXT) -> bytes:
    """Read a regular file of at most `largest` bytes.

    Raises
    ------
    FormatError
        If it is not a regular file, or larger.
    OSError
        If there is no such file, or it may not be read.
    """
    path = Path(path)
    mode = path.stat().st_mode  # before opening: to open a pipe would wait for somebody to write
    if not stat.S_ISREG(mode):
        kind = "a folder" if stat.S_ISDIR(mode) else "a pipe or a device"
        raise FormatError(f"{path}: is {kind}, not a regular file; save the text to a file first.")
    with path.open("rb") as file:
        data = file.read(largest + 1)  # a file in /proc says it has 0 bytes
    if len(data) > largest:
        raise FormatError(f"{path}: more than {largest} bytes, which is the most that is read.")
    return data


def read_text(path: PathLike, largest: int = LARGEST_TEXT) -> str:
    """Read a UTF-8 text file.

    Raises
    ------
    FormatError
        As `read_bytes`, or, with the line, if it is not UTF-8.
    OSError
        As `read_bytes`.
    """
    data = read_bytes(path, largest)
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        number = data[: error.start].count(b"\n") + 1
        raise FormatError(
            f"{path}:{number}: not UTF-8 text, save it as UTF-8: {data[error.start : error.start + 20]!r}"
        ) from None


def read_json(path: PathLike, largest: int = LARGEST_TEXT) -> Any:
    """Read a JSON file; raises as `read_text` and `parse_json` do."""
    return parse_json(read_text(path, largest), path)


def parse_json(text: str, where: object) -> Any:
    """Parse JSON.

    Parameters
    ----------
    text : str
    where : path or str
        What messages begin with, such as a path or ``path:line``.

    Raises
    ------
    FormatError
        If it is not JSON, is nested too deeply or has a number of too many digits.
    """
    if "\\u" in text:
        text = _SURROGATES.sub(lambda found: found[1] or "\\ufffd", text)
    try:
        if _depth(text) > DEEPEST:
            raise ValueError(f"it is nested more than {DEEPEST} levels deep")
        return json.loads(text, parse_int=_integer)
    except (ValueError, RecursionError) as error:
        raise FormatError(f"{where}: is not JSON that can be read: {error}") from None


def _depth(text):
    """Levels of brackets outside strings."""
    import numpy as np

    brackets = np.frombuffer(_STRING_OR_REST.sub("", text).encode("ascii", "replace"), np.uint8)
    opened = (brackets == ord("[")) | (brackets == ord("{"))
    return int(np.cumsum(np.where(opened, 1, -1), dtype=np.int64).max(initial=0))


def _integer(digits):
    if len(digits) > LONGEST_NUMBER:
        raise ValueError(f"a number of {len(digits)} digits; at most {LONGEST_NUMBER} are read")
    return int(digits)
