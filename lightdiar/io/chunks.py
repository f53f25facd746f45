"""WAV, AIFF and AU: where the sound lies, whatever their headers say; W64 and CAF: whether it is all there.

A recorder that crashed leaves the size of the sound at 0, or at what it was when it last wrote it; a WAV beyond 4 GiB
has its size modulo 4 GiB; files that were joined with ``cat`` have a header each. libsndfile believes the first one.
"""

import struct
from typing import BinaryIO

from lightdiar.io.pieces import Piece, bytes_at

FoundPart = tuple[list[Piece], str | None]

_FORMS = {  # file mark, form: byte order, name of the chunk with the sound
    (b"RIFF", b"WAVE"): ("<", b"data"),
    (b"RF64", b"WAVE"): ("<", b"data"),
    (b"RIFX", b"WAVE"): (">", b"data"),
    (b"FORM", b"AIFF"): (">", b"SSND"),
    (b"FORM", b"AIFC"): (">", b"SSND"),
}
_LONG_FORMS = {  # file mark: place of the first chunk, its header, bytes that its size leaves out, where others begin
    b"riff": (40, "<16sQ", 0, 8),  # W64
    b"caff": (8, ">4sQ", 12, 1),
}
_AU_HEADER = 24  # bytes, at least
_STREAMED, _STREAMED_LONG = 0x7FFFFF00, 2**62  # a size from here on was written by a program that did not know it
CUT = "is shorter than its header says"
TAIL = 1024  # bytes after the sound that are no chunk and no sound: padding, the tag of a player (ID3v1 has 128)


def chunked_parts(file: BinaryIO, size: int) -> list[FoundPart]:
    """Parts of a WAV or AIFF file, each as a file of its own, and what is wrong with it; none of another file."""
    parts: list[FoundPart] = []
    start = 0
    while start < size and _form_at(file, start):
        found, problem, start = _parts_at(file, start, size)
        parts += [(pieces, problem) for pieces in found]
    return parts


def au_parts(file: BinaryIO, size: int) -> list[FoundPart]:
    """The same for an AU file."""
    parts: list[FoundPart] = []
    start = 0
    while start < size and (mark := bytes_at(file, start, 12))[:4] in (b".snd", b"dns.") and len(mark) == 12:
        offset, n_bytes = struct.unpack(">2I" if mark[:4] == b".snd" else "<2I", mark[4:])
        if offset < _AU_HEADER:
            break
        stop = start + offset + n_bytes
        if n_bytes < _STREAMED and stop < size and bytes_at(file, stop, 4) not in (b".snd", b"dns."):
            if _is_tail(file, stop, size):
                stop = size
            else:
                parts.append(([mark[:8], b"\xff" * 4, (start + 12, size)], _goes_on(stop, size)))
                return parts
        parts.append(([(start, min(stop, size))], CUT if stop > size and n_bytes < _STREAMED else None))
        start = stop
    return parts


def is_cut(file: BinaryIO, size: int) -> bool:
    """Whether a W64 or CAF file ends before its sound does according to its header; False of another file."""
    mark = bytes_at(file, 0, 4)
    if mark not in _LONG_FORMS:
        return False
    at, header, uncounted, step = _LONG_FORMS[mark]
    length = struct.calcsize(header)
    while at + length <= size:
        name, n_bytes = struct.unpack(header, bytes_at(file, at, length))
        stop = at + uncounted + n_bytes
        if name[:4] == b"data":
            return stop > size and n_bytes < _STREAMED_LONG
        at = max(stop + -stop % step, at + length)
    return False


def is_chunk_name(name: bytes) -> bool:
    """Whether all bytes are printable, as those are that a chunk begins with, and samples hardly ever."""
    return all(32 <= code < 127 for code in name)


def _form_at(file, start):
    head = bytes_at(file, start, 12)
    return _FORMS.get((head[:4], head[8:]))


def _parts_at(file, start, size):
    """Pieces of the part that starts at `start`, and of any that share its header; their problem; where they end."""
    order, sound = _form_at(file, start)
    long_size = None  # of the sound of an RF64 file, in its first chunk
    at = start + 12
    while at + 8 <= size:
        name, n_bytes = struct.unpack(order + "4sI", bytes_at(file, at, 8))
        if name == b"ds64":
            long_size = int.from_bytes(bytes_at(file, at + 16, 8), "little")
        if name == sound:
            break
        at += 8 + n_bytes + n_bytes % 2
    else:
        return [[(start, size)]], None, size
    streamed = _STREAMED
    if n_bytes == 0xFFFFFFFF and long_size is not None:
        n_bytes, streamed = long_size, _STREAMED_LONG
    stop = at + 8 + n_bytes
    if n_bytes >= streamed or stop == size:
        return [[(start, size)]], None, size
    if stop > size:
        return [[(start, size)]], CUT, size
    for behind in (stop + stop % 2, stop):  # some programs leave out the byte that makes a size even
        behind, more = _after_chunks(file, behind, size, order, sound)
        if behind >= size or _form_at(file, behind):
            first = (start, more[0][0] if more else min(behind, size))
            return [[first], *([(start, at), again] for again in more)], None, min(behind, size)
    if _is_tail(file, stop, size):
        return [[(start, size)]], None, size
    return [_mended(file, start, at, size, order, sound)], _goes_on(stop, size), size


def _after_chunks(file, at, size, order, sound):
    """Place after the chunks that follow one another from `at`, at most `size`, and ranges of those that hold sound."""
    more = []
    while at + 8 <= size:
        name, n_bytes = struct.unpack(order + "4sI", bytes_at(file, at, 8))
        stop = at + 8 + n_bytes
        if not is_chunk_name(name) or stop > size or _form_at(file, at):
            return at, more
        if name == sound:
            more.append((at, stop))
        at = stop + n_bytes % 2
    return size if not bytes_at(file, at, 8).strip(b"\0") else at, more


def _mended(file, start, at, size, order, sound):
    """The part with a header that says that the sound reaches the end of the file."""
    n_bytes = size - at - 8
    if sound == b"SSND":  # libsndfile takes 0 for "to the end"
        return [(start, at + 4), bytes(4), (at + 8, size)]
    if n_bytes < _STREAMED and bytes_at(file, start, 4) != b"RF64":
        return [(start, at + 4), struct.pack(order + "I", n_bytes), (at + 8, size)]
    long_sizes = struct.pack("<4sI3QI", b"ds64", 28, size - start + 28, n_bytes, 0, 0)
    fields = bytes_at(file, start + 12, at - start - 12)
    if fields[:4] == b"ds64":
        fields = fields[8 + int.from_bytes(fields[4:8], "little") :]
    return [b"RF64" + b"\xff" * 4 + b"WAVE" + long_sizes + fields + b"data" + b"\xff" * 4, (at + 8, size)]


def _goes_on(stop, size):
    return f"its header says that its sound ends at byte {stop}, but it goes on to byte {size}"


def _is_tail(file, stop, size):
    """Whether what follows the sound is too little to be sound, or zeros."""
    if size - stop <= TAIL:
        return True
    if (size - stop) % 2**32 == 0:  # a size modulo 4 GiB
        return False
    while chunk := bytes_at(file, stop, 1 << 20):
        if chunk.strip(b"\0"):
            return False
        stop += len(chunk)
    return True
