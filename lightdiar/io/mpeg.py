"""MPEG audio (MP3): where its frames are, counted one by one.

The header of an MP3 tells its length only if an encoder put a "Xing" or "Info" frame in front. A decoder that has none
guesses from the bit rate of the first frame, one that meets a second stops at it, and bytes between frames confuse it.
So frames are counted here (ISO/IEC 11172-3, 2.4.1.3: each header gives its length), and each stream gets a first frame
that tells what is there.
"""

import struct
from dataclasses import dataclass, field
from typing import BinaryIO

from lightdiar.io.pieces import Piece, bytes_at

_KBITS = {  # version 1 or 2, layer: kbit/s by index
    (1, 1): (32, 64, 96, 128, 160, 192, 224, 256, 288, 320, 352, 384, 416, 448),
    (1, 2): (32, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384),
    (1, 3): (32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320),
    (2, 1): (32, 48, 56, 64, 80, 96, 112, 128, 144, 160, 176, 192, 224, 256),
    (2, 2): (8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160),
}
_KBITS[2, 3] = _KBITS[2, 2]
_RATES = {3: (44100, 48000, 32000), 2: (22050, 24000, 16000), 0: (11025, 12000, 8000)}  # by version bits
_TAGS = (b"Xing", b"Info")
_CHUNK = 1 << 20
_LONGEST = 2881  # bytes of a frame: layer 2, 160 kbit/s at 8 kHz, padded


def _frame_bytes(version, layer, bit_rate_index, rate_index, padding):
    """Length of a frame in bytes; 0 for a header that is reserved or does not tell."""
    if version == 1 or layer == 0 or rate_index == 3 or bit_rate_index in (0, 15):
        return 0
    low, layer = int(version != 3), 4 - layer
    bits = 1000 * _KBITS[1 + low, layer][bit_rate_index - 1]
    rate = _RATES[version][rate_index]
    if layer == 1:
        return 4 * (12 * bits // rate + padding)
    return (72 if low and layer == 3 else 144) * bits // rate + padding


_LENGTHS = [
    _frame_bytes(second >> 3 & 3, second >> 1 & 3, third >> 4, third >> 2 & 3, third >> 1 & 1) if second >= 0xE0 else 0
    for second in range(256)
    for third in range(256)
]  # by the second and third byte of a header; the first is 0xFF


@dataclass
class Stream:
    """Frames of one version, layer, rate and number of channels, and where they lie in the file."""

    kind: bytes  # a header without what may change from frame to frame
    tag: bytes = b""  # the whole frame that tells the number of frames, if there is one
    claimed: int = 0  # that number
    bit_rate: int = 0  # of its first frame, as in the header
    constant: bool = True  # whether all frames have that
    n_frames: int = 0
    ranges: list[tuple[int, int]] = field(default_factory=list)

    @property
    def n_bytes(self) -> int:
        """Bytes of its frames."""
        return sum(stop - start for start, stop in self.ranges)

    @property
    def seconds(self) -> float:
        """Duration of its frames."""
        layer, low = 4 - (self.kind[1] >> 1 & 3), self.kind[1] >> 3 & 3 != 3
        samples = 384 if layer == 1 else 576 if layer == 3 and low else 1152
        return self.n_frames * samples / _RATES[self.kind[1] >> 3 & 3][self.kind[2] >> 2 & 3]

    def pieces(self) -> list[Piece]:
        """The stream as a file of its own, led by a frame that tells what is there."""
        if self.claimed:
            return [_with_bytes(self.tag, self.n_bytes), *self.ranges]
        if self.constant:  # then a decoder that knows the number of bytes knows the length
            return list(self.ranges)
        return [_new_tag(self.kind, self.n_frames, self.n_bytes), *self.ranges]


def is_mpeg(file: BinaryIO) -> bool:
    """Whether a file begins, perhaps after an ID3 tag, with two frames, or with the only one that it has."""
    data = bytes_at(file, _id3_bytes(bytes_at(file, 0, 10)), 2 * _LONGEST)
    length = _length_at(data, 0)
    return length > 0 and (len(data) <= length + 4 or _length_at(data, length) > 0)


def holds_mpeg(file: BinaryIO, size: int) -> bool:
    """Whether frames, wherever they begin, are most of the first MiB of a file of `size` bytes, tags left aside."""
    found, n_lost, _ = streams(file, min(size, _CHUNK))
    return sum(stream.n_bytes for stream in found) > n_lost


def streams(file: BinaryIO, size: int) -> tuple[list[Stream], int, bool]:
    """The streams of a file, how many of its bytes are neither frames nor tags, whether its last frame is cut off."""
    found: list[Stream] = []
    n_lost, at, start, data, in_step = 0, 0, 0, b"", False
    lost = False
    while at + 4 <= size:
        i = at - start
        if i + 2 * _LONGEST + 4 > len(data) and start + len(data) < size:
            data, start, i = bytes_at(file, at, _CHUNK), at, 0
            if not data:  # the file was cut while it was read
                break
        length = _length_at(data, i)
        if in_step and at + length > size:
            return [stream for stream in found if stream.n_frames], n_lost, True
        if length and at + length <= size and (in_step or at + length + 4 > size or _length_at(data, i + length)):
            if lost:  # what frames keep for the next ones is lost too
                found.append(Stream(b""))
            _take(found, data[i : i + length], at)
            at, in_step, lost = at + length, True, False
            continue
        tag_bytes, in_step = _other_tag_bytes(data[i : i + 32], size - at), False
        following = data.find(b"\xff", i + 1)
        beyond = tag_bytes or (following if following > 0 else len(data)) - i
        if not tag_bytes:
            n_lost, lost = n_lost + min(beyond, size - at), True
        at += beyond
    return [stream for stream in found if stream.n_frames], n_lost, False


def _take(found, frame, at):
    """Add a frame to the last stream, or begin another: at a tag, after the last frame of a tag, at another kind."""
    kind = bytes((0xFF, frame[1] | 1, frame[2] & 0x0C, 0xC0 if frame[3] >= 0xC0 else 0))
    last = found[-1] if found else None
    if frame[1] & 6 == 2 and frame[_tag_at(kind) : _tag_at(kind) + 4] in _TAGS:
        found.append(Stream(kind, frame, _claimed(frame, _tag_at(kind))))
        return
    if last is None or last.kind != kind or 0 < last.claimed <= last.n_frames:
        found.append(last := Stream(kind, bit_rate=frame[2] >> 4))
    last.n_frames += 1
    last.constant &= frame[2] >> 4 == last.bit_rate
    if last.ranges and last.ranges[-1][1] == at:
        last.ranges[-1] = (last.ranges[-1][0], at + len(frame))
    else:
        last.ranges.append((at, at + len(frame)))


def _length_at(data, i):
    """Length of the frame whose header is at i; 0 if there is none."""
    return _LENGTHS[data[i + 1] << 8 | data[i + 2]] if i + 4 <= len(data) and data[i] == 0xFF else 0


def _tag_at(header):
    """Where in a frame of layer 3 the tag is: behind the header and the side information (2.4.1.7)."""
    mono = header[3] >= 0xC0
    return 4 + ((17 if mono else 32) if header[1] >> 3 & 3 == 3 else (9 if mono else 17))


def _claimed(tag, tag_at):
    """Number of frames that a tag tells; 0 if it does not, as of an encoder that crashed."""
    flags, n_frames = struct.unpack_from(">2I", tag.ljust(tag_at + 12, b"\0"), tag_at + 4)
    return n_frames if flags & 1 else 0


def _with_bytes(tag, n_bytes):
    """The same tag with the true number of bytes: a decoder that finds another one complains on the terminal."""
    at = _tag_at(tag) + 12
    if len(tag) < at + 4 or not tag[at - 5] & 2:
        return tag
    return tag[:at] + struct.pack(">I", min(len(tag) + n_bytes, 2**32 - 1)) + tag[at + 4 :]


def _new_tag(kind, n_frames, n_bytes):
    """A frame of silence that tells the number of frames and bytes."""
    if kind[1] >> 1 & 3 != 1:
        return b""  # only layer 3 knows such frames
    tag_at = _tag_at(kind)
    for index in range(1, 15):
        third = kind[2] | index << 4
        length = _LENGTHS[kind[1] << 8 | third]
        if length >= tag_at + 16:
            break
    fields = struct.pack(">4s3I", b"Xing", 3, min(n_frames, 2**32 - 1), min(length + n_bytes, 2**32 - 1))
    return (kind[:2] + bytes([third, kind[3]])).ljust(tag_at, b"\0") + fields.ljust(length - tag_at, b"\0")


def _id3_bytes(data):
    """Length of an ID3v2 tag, 0 if there is none."""
    if data[:3] != b"ID3" or len(data) < 10 or max(data[6:10]) > 127:
        return 0
    return 10 + (data[6] << 21 | data[7] << 14 | data[8] << 7 | data[9]) + (10 if data[5] & 0x10 else 0)


def _other_tag_bytes(data, rest):
    """Length of what players put between or behind the frames, 0 for anything else."""
    if data[:3] == b"TAG":
        return 128  # ID3v1
    if data[:8] == b"APETAGEX" and len(data) >= 32:  # the length it tells leaves out the header
        header = data[23] & 0xA0
        return int.from_bytes(data[12:16], "little") + 32 if header else 32
    if not data.strip(b"\0"):
        return min(len(data), rest)  # padding
    return _id3_bytes(data)
