"""What ffmpeg pipes, written by hand."""

import io

import numpy as np

from lightdiar.io.matroska import Matroska


def element(identifier, data):
    return bytes.fromhex(identifier) + (1 << 56 | len(data)).to_bytes(8, "big") + data


def unknown(identifier):
    """An element that is open to its end."""
    return bytes.fromhex(identifier) + b"\x01" + b"\xff" * 7


def test_blocks_have_times(matroska):
    reader = Matroska(io.BytesIO(matroska(22050, 2, [(0, [1, 2]), (2.5, [3, 4, 5, 6])])))
    assert (reader.sample_rate, reader.n_channels, reader.time) == (22050, 2, 0.0)
    blocks = []
    while block := reader.block():
        blocks.append((block[0], np.frombuffer(block[1], "<f4").tolist()))
    assert blocks == [(0.0, [1.0, 2.0]), (2.5, [3.0, 4.0, 5.0, 6.0])] and reader.block() is None
    assert reader.time is None


def test_times_within_a_cluster_and_a_group():
    simple = element("A3", b"\x81\x00\x10\x80" + bytes(8))  # 16 ms after the cluster
    group = element("A0", element("A1", b"\x81\xff\xf0\x00" + bytes(4)) + element("9B", b"\5"))  # 16 ms before it
    reader = Matroska(
        io.BytesIO(unknown("18538067") + unknown("1F43B675") + element("E7", b"\x03\xe8") + simple + group)
    )
    assert reader.block() == (1.016, bytes(8)) and reader.block() == (0.984, bytes(4)) and reader.block() is None


def test_nothing():
    for data in (b"", b"\0", b"\x1a\x45"):
        reader = Matroska(io.BytesIO(data))
        assert (reader.sample_rate, reader.n_channels, reader.block()) == (0, 0, None)
