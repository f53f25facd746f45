"""A view of an open file: some of its byte ranges, and bytes that stand in for others, as one file."""

import io
import os
from bisect import bisect_right
from collections.abc import Sequence
from itertools import accumulate
from typing import BinaryIO

Piece = bytes | tuple[int, int]  # bytes themselves, or start and stop of a range in the file

_CHUNK = 1 << 20


class Pieces(io.RawIOBase):
    """Pieces of a file, one after another; reading never raises, as C code that calls back could not handle it.

    `failure` says afterwards why reading the file ended early, if it did.

    Examples
    --------
    >>> Pieces(io.BytesIO(b"abcdef"), [b"<", (1, 3), (5, 6), b">"]).read()
    b'<bcf>'
    """

    def __init__(self, file: BinaryIO, pieces: Sequence[Piece]) -> None:
        self._file, self._pieces = file, pieces
        self._ends = list(accumulate(_length(piece) for piece in pieces))
        self._position = 0
        self.failure: str | None = None

    def __len__(self) -> int:
        return self._ends[-1] if self._ends else 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._position

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        start = {os.SEEK_SET: 0, os.SEEK_CUR: self._position, os.SEEK_END: len(self)}[whence]
        self._position = max(0, start + offset)
        return self._position

    def readinto(self, buffer) -> int:
        view, n_read = memoryview(buffer).cast("B"), 0
        while n_read < len(view):
            number = bisect_right(self._ends, self._position)
            if number == len(self._pieces):
                break
            piece = self._pieces[number]
            skipped = self._position - (self._ends[number] - _length(piece))
            data = self._bytes(piece, skipped, len(view) - n_read)
            if not data:  # the file was cut while it was read, or the disk failed
                break
            view[n_read : n_read + len(data)] = data
            n_read += len(data)
            self._position += len(data)
        return n_read

    def _bytes(self, piece, skipped, most):
        if isinstance(piece, bytes):
            return piece[skipped : skipped + most]
        start, stop = piece
        try:
            self._file.seek(start + skipped)
            return self._file.read(min(most, stop - start - skipped))
        except (OSError, ValueError) as error:
            self.failure = str(error)
            return b""


def bytes_at(file: BinaryIO, start: int, n_bytes: int) -> bytes:
    """Bytes of an open file from a place on; fewer at its end."""
    file.seek(start)
    return file.read(n_bytes)


def find_all(file: BinaryIO, pattern: bytes) -> list[int]:
    """Places of a pattern in a file."""
    found, held, start = [], b"", 0
    file.seek(0)
    while chunk := file.read(_CHUNK):
        data = held + chunk
        at = data.find(pattern)
        while at >= 0:
            found.append(start + at)
            at = data.find(pattern, at + 1)
        held = data[-len(pattern) + 1 :]
        start += len(data) - len(held)
    return found


def _length(piece):
    return len(piece) if isinstance(piece, bytes) else piece[1] - piece[0]
