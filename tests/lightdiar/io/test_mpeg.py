"""Frames counted by hand: MPEG 2 layer 3, 16 kHz, mono has 576 samples (36 ms) and 72 * bits / 16000 bytes a frame."""

import io
import struct

import numpy as np
import pytest

from lightdiar.errors import DoubtfulResultWarning
from lightdiar.io.audio import duration, read
from lightdiar.io.mpeg import is_mpeg, streams

KBITS = (8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160)
ID3 = b"ID3\4\0\0\0\0\1\0" + bytes(128)  # 128 bytes follow the header: 1 * 128 + 0


def frame(kbits=64, rate_bits=0x08, last=0xC0):
    """A frame of silence."""
    third = KBITS.index(kbits) + 1 << 4 | rate_bits
    rate = {0x00: 22050, 0x04: 24000, 0x08: 16000}[rate_bits]
    return (b"\xff\xf3" + bytes([third, last])).ljust(72 * 1000 * kbits // rate, b"\0")


def tag(n_frames, n_bytes=0, name=b"Info"):
    """A frame that tells the number of frames (and of bytes, its own too); mono: behind 9 bytes of side information."""
    fields = struct.pack(">4s3I", name, 3 if n_bytes else 1, n_frames, n_bytes)
    return frame()[:13] + fields + bytes(288 - 13 - len(fields))


def found(data):
    return streams(io.BytesIO(data), len(data))


def test_lengths_of_frames():
    whole, n_lost, cut = found(frame(64) + frame(8) + frame(160) + frame(64))
    assert [(s.n_frames, s.ranges, s.constant, s.claimed) for s in whole] == [
        (4, [(0, 288 + 36 + 720 + 288)], False, 0)
    ]
    assert (n_lost, cut) == (0, False) and whole[0].seconds == pytest.approx(4 * 0.036)


def test_length_of_frames_of_the_other_layers():
    layer2 = b"\xff\xfd\xa4\x00".ljust(144 * 192000 // 48000, b"\0")  # MPEG 1, 192 kbit/s, 48 kHz: 1152 samples
    layer1 = b"\xff\xff\xc4\x00".ljust(4 * (12 * 384000 // 48000), b"\0")  # 384 kbit/s, 48 kHz: 384 samples
    for data, seconds in ((layer2, 0.024), (layer1, 0.008)):
        (stream,) = found(3 * data)[0]
        assert stream.n_frames == 3 and stream.seconds == pytest.approx(3 * seconds)


def test_tags_begin_streams():
    data = tag(2) + 2 * frame() + tag(3, name=b"Xing") + 3 * frame()
    assert [(s.claimed, s.n_frames, s.ranges) for s in found(data)[0]] == [
        (2, 2, [(288, 864)]),
        (3, 3, [(1152, 2016)]),
    ]


def test_what_follows_the_last_frame_of_a_tag_is_a_stream_of_its_own():
    assert [(s.claimed, s.n_frames) for s in found(tag(2) + 5 * frame())[0]] == [(2, 2), (0, 3)]


def test_a_tag_that_was_never_filled_in_counts_nothing():
    assert [(s.claimed, s.n_frames) for s in found(tag(0) + 5 * frame())[0]] == [(0, 5)]


def test_another_rate_or_number_of_channels_is_another_stream():
    data = 2 * frame() + 2 * frame(rate_bits=0x04) + 2 * frame(rate_bits=0x04, last=0)
    assert [(s.n_frames, s.kind[2], s.kind[3]) for s in found(data)[0]] == [(2, 8, 0xC0), (2, 4, 0xC0), (2, 4, 0)]


def test_tags_of_players_are_neither_sound_nor_damage():
    ape = b"APETAGEX" + struct.pack("<4I8x", 2000, 100, 1, 0xA0000000) + bytes(100)
    data = ID3 + 3 * frame() + ID3 + 2 * frame() + ape + b"TAG" + bytes(125)
    whole, n_lost, cut = found(data)
    assert [s.n_frames for s in whole] == [5] and (n_lost, cut) == (0, False)
    assert whole[0].ranges == [(138, 138 + 3 * 288), (276 + 3 * 288, 276 + 5 * 288)]


def test_damage_is_counted_and_begins_a_stream():
    whole, n_lost, cut = found(3 * frame() + b"\x55" * 700 + 4 * frame())
    assert [s.n_frames for s in whole] == [3, 4] and (n_lost, cut) == (700, False)


def test_a_last_frame_that_is_cut_off():
    whole, _, cut = found((4 * frame())[:-1])
    assert [s.n_frames for s in whole] == [3] and cut
    assert not found(4 * frame())[2]


def test_frames_across_chunks():
    whole, n_lost, _ = found(8000 * frame(160))  # 5.8 MB
    assert [(s.n_frames, len(s.ranges)) for s in whole] == [(8000, 1)] and n_lost == 0


def test_what_begins_like_mpeg():
    assert is_mpeg(io.BytesIO(2 * frame())) and is_mpeg(io.BytesIO(ID3 + 2 * frame())) and is_mpeg(io.BytesIO(frame()))
    for data in (
        b"",
        b"\xff",
        b"\xff\xf3",
        b"RIFF" + bytes(100),
        frame() + bytes(300),
        b"\xff\xf1\x50\x80" + bytes(99),
    ):
        assert not is_mpeg(io.BytesIO(data)), data[:4]


def test_variable_rate_without_a_tag_is_read_whole(tmp_path, recwarn):
    path = tmp_path / "a.mp3"
    path.write_bytes(10 * frame(160) + 90 * frame(8))  # by the first frames alone, it would have 14 frames
    # a decoder that knows the length leaves out its own delay, 529 samples
    assert len(read(path).samples) == 100 * 576 - 529
    assert duration(path) == pytest.approx(100 * 0.036, abs=0.04)
    path.write_bytes(10 * frame(8) + 90 * frame(160))
    assert len(read(path).samples) == 100 * 576 - 529
    assert not recwarn.list


def test_constant_rate_is_complete_whatever_tags_surround_it(tmp_path, recwarn):
    path = tmp_path / "a.mp3"
    path.write_bytes(ID3 + 100 * frame() + b"TAG" + bytes(125) + bytes(400))
    assert len(read(path).samples) == 100 * 576 and not recwarn.list


def test_joined_files_are_read_to_the_end_in_silence(tmp_path, capfd, recwarn):
    path = tmp_path / "a.mp3"
    path.write_bytes(tag(50, 288 * 51) + 50 * frame() + ID3 + tag(100, 288 * 101) + 100 * frame())
    assert len(read(path).samples) == 2 * -529 + 150 * 576 and duration(path) == pytest.approx(5.4, abs=0.07)
    path.write_bytes(tag(50, 288 * 51) + 150 * frame())  # the second file has no tag
    assert len(read(path).samples) == 150 * 576 - 529
    path.write_bytes(tag(50, 288 * 51) + 52 * frame())  # no second file: the end of the filter bank
    assert len(read(path).samples) == 50 * 576 - 529
    assert capfd.readouterr() == ("", "") and not recwarn.list


def test_a_joined_file_at_another_rate_is_named(tmp_path):
    path = tmp_path / "a.mp3"
    path.write_bytes(100 * frame() + 50 * frame(rate_bits=0x04))
    message = (
        r"the 1\.200 s at 24000 Hz joined to a recording at 16000 Hz was not read; the 3\.600 s that could be read"
    )
    with pytest.warns(DoubtfulResultWarning, match=message):
        assert read(path).duration == pytest.approx(3.6)


def test_damage_and_missing_frames_are_told(tmp_path):
    path = tmp_path / "a.mp3"
    path.write_bytes(50 * frame() + b"\x55" * 3000 + 50 * frame())
    with pytest.warns(
        DoubtfulResultWarning, match=r"a\.mp3: is damaged \(3000 of its 31800 bytes are no sound\); the 3\.6"
    ):
        assert len(read(path).samples) == 100 * 576
    path.write_bytes(tag(100, 288 * 101) + 50 * frame())
    with pytest.warns(DoubtfulResultWarning, match=r"shorter than its header says \(1\.800 s are missing\)"):
        read(path)
    path.write_bytes(tag(102, 288 * 103) + 100 * frame())  # 72 ms: an encoder that counts its tag, too
    assert np.all(read(path).samples == 0)
