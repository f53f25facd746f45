"""Text and JSON from strangers, read with limits: an odd file is an error of one line, never a full memory.

A file must be a regular one (a pipe may never end, a device such as /dev/zero never does) and no larger than its kind
can need, also after unpacking. Text is UTF-8 with or without BOM, or UTF-16 with BOM. JSON is nested at most `DEEPEST`
levels deep and has numbers of at most `LONGEST_NUMBER` digits; half a surrogate pair, which no file could hold, becomes
U+FFFD. What may be long is read piece by piece: `read_pieces`, `decoded` and `json_items` never hold more than a piece
or an item.
"""

import codecs
import json
import re
import zlib
from collections.abc import Generator, Iterable, Iterator
from itertools import chain
from pathlib import Path
from typing import Any, BinaryIO

from lightdiar.common.files import PathLike, other_than_file
from lightdiar.errors import FormatError

LARGEST_TEXT = 64_000_000  # bytes; an RTTM line of 60 bytes every second is 6 MB in 24 hours
DEEPEST = 100
LONGEST_NUMBER = 300  # digits; float64 ends at 309
PIECE = 1 << 18  # bytes
MOST_MEMBERS = 100_000  # of a gzip file; block gzip has one in 64 kB

_UTF16 = {codecs.BOM_UTF16_LE: "utf-16-le", codecs.BOM_UTF16_BE: "utf-16-be"}
_HALF = re.compile(r"\\u[dD][89a-fA-F]")
_TOO_DEEP = f"it is nested more than {DEEPEST} levels deep"
_SPACE = re.compile(r"[ \t\n\r]*")
_SURROGATES = re.compile(r"(\\\\|\\u[dD][89abAB]..\\u[dD][c-fC-F]..)|\\u[dD][89a-fA-F]..")


class TooLarge(FormatError):
    """More bytes than are read."""


def read_bytes(path: PathLike, largest: int = LARGEST_TEXT) -> bytes:
    """Read a regular file of at most `largest` bytes.

    Raises
    ------
    FormatError
        If it is not a regular file, or larger.
    OSError
        If there is no such file, or it may not be read.
    """
    with _opened(path, path) as file:
        data = file.read(largest + 1)  # a file in /proc says it has 0 bytes
    if len(data) > largest:
        raise _too_large(path, largest)
    return data


def read_pieces(
    path: PathLike, largest: int, *, gzipped: bool = False, name: object = None
) -> Generator[bytes, None, None]:
    """Yield the bytes of a regular file of at most `largest` bytes piece by piece, unpacked if it is gzipped.

    Parameters
    ----------
    path : path
    largest : int
        The most that is yielded in all, and the most that is read.
    gzipped : bool, default=False
        Of one or more members; what they claim to hold is not believed.
    name : str, optional
        What messages call the file; default the path.

    Raises
    ------
    FormatError
        If it is not a regular file, is larger, or not a complete gzip file.
    OSError
        If there is no such file, or it may not be read.
    """
    name, n_bytes = path if name is None else name, 0
    with _opened(path, name) as file:
        for piece in _unpacked(file, name, largest) if gzipped else iter(lambda: file.read(PIECE), b""):
            n_bytes += len(piece)
            if n_bytes > largest:
                raise _too_large(name, largest)
            yield piece


def decoded(pieces: Iterable[bytes], where: object) -> Iterator[str]:
    """Yield UTF-8 text piece by piece, without BOM; FormatError with the line if it is not UTF-8."""
    decoder, line = codecs.getincrementaldecoder("utf-8-sig")(), 1
    for piece in chain(pieces, [b""]):
        try:
            yield decoder.decode(piece, final=not piece)
        except UnicodeDecodeError as error:
            line += error.object[: error.start].count(b"\n")
            raise _not_utf8(f"{where}:{line}", error.object[error.start :]) from None
        line += piece.count(b"\n")


def read_text(path: PathLike, largest: int = LARGEST_TEXT) -> str:
    """Read a text file, UTF-8 with or without BOM, or UTF-16 with BOM.

    Raises
    ------
    FormatError
        As `read_bytes`, or, with the line, if it is not UTF-8.
    OSError
        As `read_bytes`.
    """
    return decode_text(read_bytes(path, largest), path)[0].removeprefix("\ufeff")


def decode_text(data: bytes, where: object) -> tuple[str, str]:
    """Return a text and its encoding, by which it becomes the same bytes again; a BOM is its first character.

    Raises
    ------
    FormatError
        With the line, if it is neither UTF-8 nor, with BOM, UTF-16.
    """
    encoding = _UTF16.get(data[:2], "utf-8")
    try:
        return data.decode(encoding), encoding
    except UnicodeDecodeError as error:
        number = data[: error.start].count(b"\n") + 1
        raise _not_utf8(f"{where}:{number}", data[error.start :]) from None


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
    try:
        if _depth(text) > DEEPEST:
            raise ValueError(_TOO_DEEP)
        return json.loads(_replaced(text), parse_int=_integer, parse_constant=_unknown)
    except (ValueError, RecursionError) as error:
        raise FormatError(f"{where}: is not JSON that can be read: {error}") from None


def json_items(texts: Iterable[str], where: object, longest: int) -> Iterator[Any]:
    """Yield the items of a JSON list one at a time.

    Parameters
    ----------
    texts : iterable of str
        The text in pieces, as `decoded` yields them; it begins with ``[``.
    where : path or str
        What messages begin with.
    longest : int
        The most characters of an item.

    Raises
    ------
    FormatError
        With the line, as `parse_json` does, or if an item is longer or the list does not end.
    """
    window = _Window(texts, where)
    decoder = json.JSONDecoder(parse_int=_integer, parse_constant=_unknown)
    if window.skip(0) != "[":
        raise window.error("a list is needed", window.start)
    sign = window.skip(window.start + 1)
    while sign != "]":
        value, end = _first_item(window, decoder, longest)
        item = window.text[window.start : end]
        if _depth(item) > DEEPEST:
            raise window.error(_TOO_DEEP, window.start)
        replaced = _replaced(item)
        yield value if replaced is item else decoder.decode(replaced)
        sign = window.skip(end)
        if sign not in (",", "]"):
            raise window.error("Expecting ',' delimiter", window.start)
        if sign == ",":
            window.skip(window.start + 1)
    if window.skip(window.start + 1):
        raise window.error("Extra data", window.start)


class _Window:
    """The part of a long text that is being parsed: from `start` on in `text`."""

    def __init__(self, texts, where):
        self.texts, self.where, self.text, self.start, self.line = iter(texts), where, "", 0, 1

    def more(self):
        """Drop what is done and read on until there is about twice as much; False at the end."""
        self.line += self.text.count("\n", 0, self.start)
        parts = [self.text[self.start :]]
        self.start, missing = 0, max(1, len(parts[0]))
        for text in self.texts:
            parts.append(text)
            missing -= len(text)
            if missing <= 0:
                break
        grown = any(parts[1:])
        self.text = "".join(parts)
        return grown

    def skip(self, place):
        """Go to the first character from a place on that is no blank, and return it; nothing at the end."""
        self.start = _SPACE.match(self.text, place).end()
        while self.start == len(self.text) and self.more():
            self.start = _SPACE.match(self.text, 0).end()
        return self.text[self.start : self.start + 1]

    def error(self, reason, place):
        line = self.line + self.text.count("\n", 0, place)
        return FormatError(f"{self.where}:{line}: is not JSON that can be read: {reason}")


def _first_item(window, decoder, longest):
    """The item at the start of a window and where it ends; the window grows until it holds the item."""
    while True:
        try:
            value, end = decoder.raw_decode(window.text, window.start)
            if end < len(window.text) - 10 or window.text[end : end + 1] in tuple(" \t\n\r,]"):  # no number goes on
                if end - window.start > longest:
                    raise window.error(f"more than {longest} characters in an item", window.start)
                return value, end
            reason, place = "Expecting ',' delimiter", end
        except json.JSONDecodeError as error:
            reason, place = error.msg, error.pos
            if not reason.startswith("Unterminated") and place < len(window.text) - 10:
                raise window.error(reason, place) from None
        except RecursionError:
            raise window.error(_TOO_DEEP, window.start) from None
        except ValueError as error:
            raise window.error(error, window.start) from None
        if len(window.text) - window.start > longest:
            raise window.error(f"more than {longest} characters in an item", window.start)
        place -= window.start
        if not window.more():
            raise window.error(reason, place)


def without_surrogates(text: str) -> str:
    """Return a text in which halves of surrogate pairs, which no file can hold, are U+FFFD."""
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return text


def _opened(path: PathLike, name: object) -> BinaryIO:
    """A regular file, open for reading bytes."""
    kind = other_than_file(Path(path).stat().st_mode)  # before opening: a pipe would wait for somebody to write
    if kind:
        raise FormatError(f"{name}: is {kind}, not a regular file; save the text to a file first.")
    return open(path, "rb")


def _unpacked(file, name, largest):
    """Pieces of a gzip file."""
    n_read = n_members = 0
    unpacker, packed = None, b""
    while packed := packed or file.read(PIECE >> 4):  # little at a time: what follows a member is copied
        if unpacker is None:
            packed = packed.lstrip(b"\0")  # members may be padded
            if not packed:
                continue
            unpacker, n_members = zlib.decompressobj(31), n_members + 1
            if n_members > MOST_MEMBERS:
                raise FormatError(f"{name}: more than {MOST_MEMBERS} gzip members. Unpack it first.")
        n_read += len(packed)
        try:
            piece = unpacker.decompress(packed, PIECE)
        except zlib.error:
            raise _not_gzip(name) from None
        packed = unpacker.unconsumed_tail
        if unpacker.eof:
            packed, unpacker = unpacker.unused_data, None
        n_read -= len(packed)
        if n_read > largest:
            raise _too_large(name, largest)
        yield piece
    if unpacker is not None or not n_members:
        raise _not_gzip(name)


def _not_gzip(name):
    return FormatError(f"{name}: not a complete gzip file. Copy or fetch it again.")


def _too_large(name, largest):
    return TooLarge(f"{name}: more than {largest} bytes, which is the most that is read.")


def _not_utf8(where, data):
    return FormatError(f"{where}: not UTF-8 text, save it as UTF-8: {data[:20]!r}")


def _replaced(text):
    return text if not _HALF.search(text) else _SURROGATES.sub(lambda found: found[1] or "\\ufffd", text)


def _depth(text):
    """Levels of brackets outside strings; 0 if there are too few brackets for it to matter."""
    import numpy as np

    if text.count("[") + text.count("{") <= DEEPEST:
        return 0
    if "\\" in text:
        text = text.replace("\\\\", "").replace('\\"', "")
    deepest = depth = 0
    quotes = 0  # so far; odd within a string
    for start in range(0, len(text), PIECE):
        signs = np.frombuffer(text[start : start + PIECE].encode("ascii", "replace"), np.uint8)
        curly = signs | 0x20  # [ and ] become { and }
        signs = signs[(curly == ord("{")) | (curly == ord("}")) | (signs == ord('"'))]
        quoted = (np.cumsum(signs == ord('"')) + quotes) % 2 == 1
        opened = (signs == ord("[")) | (signs == ord("{"))
        levels = depth + np.cumsum(np.where(quoted | (signs == ord('"')), 0, np.where(opened, 1, -1)))
        if len(levels):
            deepest, depth = max(deepest, int(levels.max())), int(levels[-1])
        quotes += int((signs == ord('"')).sum())
    return deepest


def _unknown(name):
    """NaN and Infinity, which programs write though JSON has none, say that nothing is known."""
    return None


def _integer(digits):
    if len(digits) > LONGEST_NUMBER:
        raise ValueError(f"a number of {len(digits)} digits; at most {LONGEST_NUMBER} are read")
    return int(digits)
