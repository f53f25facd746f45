"""What a sound file is made of: one stream as its header says, several that were joined, or one that needs mending.

libsndfile reads the first stream, as far as the header in front of it says. Here the rest is found, so that sound is
never lost without a word.
"""

from dataclasses import dataclass, field
from typing import BinaryIO

from lightdiar.io import mpeg
from lightdiar.io.chunks import CUT, au_parts, chunked_parts, is_cut
from lightdiar.io.pieces import Piece, bytes_at, find_all

MOST_PARTS = 10_000  # recordings joined in one file; 27 hours of pieces of 10 s

_FLAC_BLOCKS = (b"\0\0\0\x22", b"\x80\0\0\x22")  # the first block of a FLAC stream, of 34 bytes, follows its mark
_OGG_START = b"OggS\0\x02"  # mark, version, and the flag of a first page
_LEAST_SECONDS = 0.1  # of MP3; less is the tag of some player behind it, or an encoder that counts one frame too many


@dataclass
class Layout:
    """Parts of a file, each the pieces of a file of its own, and `problems` known without decoding.

    No parts if the file can be read as it is.
    """

    parts: list[list[Piece]] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)


def layout(file: BinaryIO, size: int) -> Layout:
    """What the open file of `size` bytes is made of."""
    found = _layout(file, size)
    if len(found.parts) > MOST_PARTS:
        found.problems.append(f"holds {len(found.parts)} joined recordings, of which {MOST_PARTS} were read")
        del found.parts[MOST_PARTS:]
    return found


def mpeg_within(file: BinaryIO, size: int) -> Layout:
    """What a file called MP3 that does not begin with a frame is made of; no parts if it is no MP3."""
    return _mpeg(file, size) if mpeg.holds_mpeg(file, size) else Layout()


def _layout(file, size):
    head = bytes_at(file, 0, 4)
    if head == b"OggS":
        return _ogg(file, size)
    if head == b"fLaC":
        starts = [place for place in find_all(file, b"fLaC") if bytes_at(file, place + 4, 4) in _FLAC_BLOCKS]
        return Layout(_between(starts, size) if len(starts) > 1 else [])
    if parts := chunked_parts(file, size) or au_parts(file, size):
        pieces = [pieces for pieces, _ in parts]
        return Layout([] if pieces == [[(0, size)]] else pieces, [problem for _, problem in parts if problem])
    if is_cut(file, size):
        return Layout(problems=[CUT])
    return _mpeg(file, size) if mpeg.is_mpeg(file) else Layout()


def _between(starts, size):
    return [[(start, stop)] for start, stop in zip(starts, [*starts[1:], size])]


def _ogg(file, size):
    """Links of a chained file begin with a first page that does not follow another first page."""
    starts, after = [], -1
    for place in find_all(file, _OGG_START):
        if place != after:
            starts.append(place)
        after = place + _ogg_page_bytes(file, place)
    last = max(0, size - 2 * 65307)  # the longest page has 65307 bytes
    found = last + bytes_at(file, last, size - last).rfind(b"OggS")
    cut = found >= last and found + _ogg_page_bytes(file, found) > size
    return Layout(_between(starts, size) if len(starts) > 1 else [], ["is cut off in the middle of a page"] * cut)


def _ogg_page_bytes(file, place):
    head = bytes_at(file, place, 27 + 255)
    if len(head) < 27:
        return 27
    return 27 + head[26] + sum(head[27 : 27 + head[26]])


def _mpeg(file, size):
    streams, n_lost, cut = mpeg.streams(file, size)
    whole = []
    missing = 0.0  # seconds that tags tell of, less those found
    for stream in streams:
        if not stream.claimed and whole and 0 < whole[-1].claimed == whole[-1].n_frames and _is_flush(stream):
            continue
        whole.append(stream)
        missing = (
            stream.seconds * (stream.claimed / stream.n_frames - 1) if stream.claimed else missing - stream.seconds
        )
    problems = ["is cut off in the middle of a frame"] * cut
    n_bytes = sum(stream.n_bytes for stream in streams)
    if n_bytes and n_lost * sum(stream.seconds for stream in streams) / n_bytes > _LEAST_SECONDS:
        problems.append(f"is damaged ({n_lost} of its {size} bytes are no sound)")
    if missing > _LEAST_SECONDS:
        problems.append(f"{CUT} ({missing:.3f} s are missing)")
    return Layout([stream.pieces() for stream in whole], problems)


def _is_flush(stream):
    """Whether these are frames that an encoder appended without counting them: the end of its filter bank."""
    return stream.n_frames <= 2
