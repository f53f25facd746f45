"""Matroska as ffmpeg writes it to a pipe: blocks of samples, each with its time."""

import struct
from typing import BinaryIO

_SEGMENT, _CLUSTER, _TRACKS, _TRACK, _AUDIO = 0x18538067, 0x1F43B675, 0x1654AE6B, 0xAE, 0xE1
_RATE, _CHANNELS, _TIME, _SIMPLE_BLOCK, _GROUP, _BLOCK = 0xB5, 0x9F, 0xE7, 0xA3, 0xA0, 0xA1
_OPENED = (_SEGMENT, _CLUSTER, _TRACKS, _TRACK, _AUDIO, _GROUP)  # what is inside is read in turn


class Matroska:
    """Rate and number of channels of the one track, then its blocks.

    Attributes
    ----------
    sample_rate, n_channels : int
        0 if the pipe ended before they came.
    """

    def __init__(self, pipe: BinaryIO) -> None:
        self._pipe = pipe
        self._time = 0  # of the cluster, milliseconds
        self.sample_rate = self.n_channels = 0
        self._ahead = self._read_block()

    @property
    def time(self) -> float | None:
        """Time in seconds of the next block; None at the end."""
        return None if self._ahead is None else self._ahead[0]

    def block(self) -> tuple[float, bytes] | None:
        """Time in seconds and samples of the next block; None at the end."""
        block = self._ahead
        self._ahead = None if block is None else self._read_block()
        return block

    def _read_block(self):
        while (kind := self._number(keep_length=True)) is not None:
            size = self._number()
            if kind in _OPENED:
                continue
            data = self._pipe.read(size or 0)
            if kind == _TIME:
                self._time = int.from_bytes(data, "big")
            elif kind == _RATE:
                (rate,) = struct.unpack(">f" if size == 4 else ">d", data)
                self.sample_rate = int(rate)
            elif kind == _CHANNELS:
                self.n_channels = int.from_bytes(data, "big")
            elif kind in (_SIMPLE_BLOCK, _BLOCK) and len(data) > 4:  # track (1 byte), time (2), flags (1)
                return (self._time + int.from_bytes(data[1:3], "big", signed=True)) / 1000, data[4:]
        return None

    def _number(self, keep_length=False):
        """A number whose leading zero bits tell its length; identifiers keep the bit that ends them."""
        first = self._pipe.read(1)
        if not first or not first[0]:
            return None
        n_bytes = 9 - first[0].bit_length()
        number = int.from_bytes(first + self._pipe.read(n_bytes - 1), "big") if n_bytes > 1 else first[0]
        return number if keep_length else number - (1 << 7 * n_bytes)
