"""A file made of pieces of another."""

import io
import os

from lightdiar.io.pieces import Pieces, bytes_at, find_all


def test_pieces_are_read_as_one_file():
    view = Pieces(io.BytesIO(b"0123456789"), [b"<<", (2, 4), (9, 10), b"", b">"])
    assert len(view) == 6 and view.readable() and view.seekable()
    assert view.read() == b"<<239>" and view.read() == b""
    for start in range(7):
        for length in range(7 - start):
            assert view.seek(start) == start == view.tell()
            assert view.read(length) == b"<<239>"[start : start + length]
    assert view.seek(-2, os.SEEK_END) == 4 and view.seek(1, os.SEEK_CUR) == 5 and view.seek(-9, os.SEEK_CUR) == 0


def test_no_pieces():
    view = Pieces(io.BytesIO(b"abc"), [])
    assert len(view) == 0 and view.read() == b""


class Failing(io.BytesIO):
    def read(self, size=-1):
        raise OSError("the disk failed")


def test_reading_never_raises_but_tells():
    view = Pieces(Failing(b"abc"), [b"<", (0, 3)])
    assert view.read() == b"<" and view.failure == "the disk failed"


def test_a_file_that_became_shorter_ends():
    assert Pieces(io.BytesIO(b"ab"), [(0, 5), b">"]).read() == b"ab"


def test_a_pattern_is_found_across_chunks():
    size = 1 << 20
    data = bytearray(3 * size)
    for place in (0, 100, size - 2, 2 * size - 3, 3 * size - 4):
        data[place : place + 4] = b"fLaC"
    assert find_all(io.BytesIO(data), b"fLaC") == [0, 100, size - 2, 2 * size - 3, 3 * size - 4]
    assert find_all(io.BytesIO(b""), b"fLaC") == []


def test_bytes_at_a_place():
    assert bytes_at(io.BytesIO(b"abcdef"), 2, 3) == b"cde" and bytes_at(io.BytesIO(b"abcdef"), 5, 3) == b"f"
