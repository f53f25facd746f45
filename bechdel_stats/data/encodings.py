"""Text of a table in the encoding it has: UTF-8, UTF-16, or what Windows, the Macintosh and older programs write."""

import codecs
import re
from collections.abc import Iterable, Iterator
from itertools import chain

from bechdel_stats.words.messages import FilmsError, Message, Verbatim, warn

_UTF16 = {codecs.BOM_UTF16_LE: "utf-16-le", codecs.BOM_UTF16_BE: "utf-16-be"}
_CONTROL = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f]")
_MAC_LETTER = re.compile(rb"[a-z][\x87-\x90\x9d\x9f]")  # such as é; Windows has signs and capitals there
_WINDOWS_LETTER = re.compile(rb"[a-z][\xe0-\xfe]")
_CYRILLIC_WORD = re.compile(rb"[\xc0-\xff\xa8\xb8]{3,}")
_ACCENT = re.compile(rb"[A-Za-z][\xc0-\xff]")  # a western word
_POLISH_WORD = re.compile(rb"[A-Za-z][\xb3\xb9\xbf][a-z]")  # has signs in Windows-1252, such as a superscript 3
_CODECS = {
    "Windows-1251": "cp1251", "Windows-1250": "cp1250", "Mac OS Roman": "mac_roman", "Windows-1252": "cp1252",
}  # fmt: skip
_AS_WINDOWS = {ord(sign): byte for byte in range(0x80, 0xA0) if (sign := bytes([byte]).decode("cp1252", "ignore"))}
_TWICE = re.compile(rb"\xc3[\x82\x83]\xc2[\x80-\xbf]")  # A with a tilde or circumflex, and what follows no letter
_NOT_ASCII = re.compile(rb"[\x80-\xff]+")
_PIECE = 1 << 20
_FEW = 5  # times as many good characters as bad ones make it UTF-8 that is damaged


def from_utf16(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """Yield the pieces of a file as UTF-8 if it is UTF-16, with a byte order mark or without; otherwise as they are."""
    pieces = iter(pieces)
    first = next(pieces, b"")
    while len(first) < 4 and (more := next(pieces, b"")):
        first += more
    encoding = _UTF16.get(first[:2]) or _unmarked(first[:200])
    if not encoding:
        yield from chain([first], pieces)
        return
    decoder = codecs.getincrementaldecoder(encoding)("replace")
    yield decoder.decode(first).removeprefix("\ufeff").encode("utf-8", "replace")
    for piece in pieces:
        yield decoder.decode(piece).encode("utf-8", "replace")


def to_utf8(name: str, content: bytes) -> bytes:
    """Return text as UTF-8 without byte order mark; what is not UTF-8, or was encoded twice, is told.

    Raises
    ------
    FilmsError
        If it is no text.
    """
    content = content.removeprefix(codecs.BOM_UTF8)
    if _is_utf8(content):
        return _encoded_once(name, content)
    if len(_CONTROL.findall(content[:100_000])) > min(len(content), 100_000) / 100:
        raise FilmsError(f"{name}: not a text file. Export it again, as CSV.")
    text = content.decode("utf-8", "replace")
    bad = text.count("\ufffd")
    if sum(character > "\x7f" for character in text) - bad > _FEW * bad:
        warn(Message("damaged_utf8", source=Verbatim(name), n=bad))
        return text.encode()
    encoding = _before_unicode(content)
    warn(Message("not_utf8", source=Verbatim(name), encoding=Verbatim(encoding)))
    try:
        return content.decode(_CODECS[encoding]).encode()
    except UnicodeDecodeError:
        return content.decode("latin-1").encode()


def _before_unicode(content):
    """The encoding of a text that is not Unicode, by the letters that it has in each: Russian, Polish or western."""
    if _count(_CYRILLIC_WORD, content) > _count(_ACCENT, content):
        return "Windows-1251"
    if _POLISH_WORD.search(content):
        return "Windows-1250"
    return "Mac OS Roman" if _count(_MAC_LETTER, content) > _count(_WINDOWS_LETTER, content) else "Windows-1252"


def _count(pattern, content):
    return sum(1 for _ in pattern.finditer(content))


def _is_utf8(content):
    """Whether the whole is UTF-8; a piece at a time, since text may take four times its bytes."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        for start in range(0, len(content), _PIECE):
            decoder.decode(content[start : start + _PIECE])
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def _encoded_once(name, content):
    """UTF-8 without letters that a program took for Windows-1252 and encoded again; they are told."""
    if not _TWICE.search(content):
        return content
    warn(Message("encoded_twice", source=Verbatim(name)))
    return _NOT_ASCII.sub(_decoded_once, content)


def _decoded_once(letters):
    """A run of letters as it was before it was encoded again, or as it is."""
    try:
        before = letters[0].decode().translate(_AS_WINDOWS).encode("latin-1")
        return before.decode().encode()
    except UnicodeError:
        return letters[0]


def _unmarked(first):
    """The byte order of text of which every other byte is zero, or "" if it is not so."""
    odd, even = first[1::2], first[::2]
    if len(odd) < 2 or max(odd.count(0), even.count(0)) < 0.9 * len(odd):
        return ""
    return "utf-16-le" if odd.count(0) > even.count(0) else "utf-16-be"
