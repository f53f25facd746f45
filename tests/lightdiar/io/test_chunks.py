"""Headers that tell too little, and several of them."""

import io
import os
import struct

import numpy as np
import pytest
import soundfile

from lightdiar.errors import AudioError, DoubtfulResultWarning
from lightdiar.io.audio import duration, read
from lightdiar.io.chunks import au_parts, chunked_parts, is_cut

SAMPLES = np.random.default_rng(0).integers(-3000, 3000, 8000).astype(np.int16)  # 1 s at 8 kHz, 16000 bytes


def sound(form, samples=SAMPLES, subtype="PCM_16"):
    file = io.BytesIO()
    soundfile.write(file, samples, 8000, format=form, subtype=subtype)
    return bytearray(file.getvalue())


def size_at(data, form):
    """Where the size of the sound is written, and how."""
    return {"WAV": (40, "<I"), "RF64": (28, "<Q"), "AIFF": (data.find(b"SSND") + 4, ">I"), "AU": (8, ">I")}[form]


@pytest.fixture
def told(tmp_path, recwarn):
    """A function: samples of a file with given bytes, and the warning."""

    def tell(data, form):
        path = tmp_path / f"a.{form.lower()}"
        path.write_bytes(data)
        recwarn.clear()
        samples = read(path).samples
        (tmp_path / "messages").write_text("", encoding="utf-8")
        return samples, [str(warning.message).removeprefix(f"{path}: ") for warning in recwarn.list]

    return tell


@pytest.mark.parametrize("form", ["WAV", "RF64", "AU"])
@pytest.mark.parametrize("size", [0, 4000])
def test_a_size_that_was_never_brought_up_to_date(told, form, size):
    data = sound(form)
    at, kind = size_at(data, form)
    first = len(data) - 16000
    data[at : at + struct.calcsize(kind)] = struct.pack(kind, size)
    samples, messages = told(data, form)
    assert np.array_equal(samples * 32768, SAMPLES)
    assert messages == [
        f"its header says that its sound ends at byte {first + size}, but it goes on to byte {first + 16000}; the "
        "1.000 s that could be read were used. Fetch or convert the file again if that is not all of it."
    ]


def test_aiff_whose_size_is_too_small(told):
    data = sound("AIFF")
    at, kind = size_at(data, "AIFF")
    data[at : at + 4] = struct.pack(kind, 4008)
    samples, messages = told(data, "AIFF")
    assert np.array_equal(samples * 32768, SAMPLES) and "goes on to byte" in messages[0]


@pytest.mark.parametrize("subtype", ["GSM610", "IMA_ADPCM", "ULAW"])
def test_telephone_sound_of_size_0(told, subtype):
    data = sound("WAV", subtype=subtype)
    whole = told(data, "WAV")[0]
    at = data.find(b"data") + 4
    data[at : at + 4] = bytes(4)
    samples, messages = told(data, "WAV")
    assert np.array_equal(samples, whole) and len(messages) == 1


@pytest.mark.parametrize("form", ["WAV", "AIFF", "AU"])
def test_joined_files(told, form):
    samples, messages = told(sound(form) + sound(form, SAMPLES[::-1]) + sound(form), form)
    assert np.array_equal(samples * 32768, np.concatenate([SAMPLES, SAMPLES[::-1], SAMPLES])) and not messages


def test_duration_is_that_of_all_parts(tmp_path):
    (tmp_path / "a.wav").write_bytes(sound("WAV") + sound("WAV"))
    assert duration(tmp_path / "a.wav") == 2.0


def chunk(name, data):
    return name + struct.pack("<I", len(data)) + data + bytes(len(data) % 2)


@pytest.mark.parametrize(
    "behind",
    [
        b"",
        chunk(b"LIST", b"x" * 5001),
        chunk(b"LIST", b"x" * 3001)[:-1],  # the last byte that makes it even is often left out
        chunk(b"id3 ", b"x" * 2000) + chunk(b"bext", b"y" * 3000),
        bytes(50_000),  # zeros
        b"TAG" + b"x" * 125,
        b"\x81" * 1024,  # the most that is taken for something else than sound
    ],
)
def test_what_belongs_behind_the_sound_is_not_sound(told, behind):
    samples, messages = told(sound("WAV") + behind, "WAV")
    assert len(samples) == 8000 and not messages


def test_more_bytes_behind_the_sound_are_sound(told):
    samples, messages = told(sound("WAV") + b"\x81" * 1026, "WAV")
    assert len(samples) == 8513 and "goes on to byte 17070" in messages[0]


def test_an_odd_number_of_bytes_without_the_byte_that_makes_it_even(told):
    data = sound("WAV", SAMPLES[:7999], "PCM_U8")
    whole = told(data, "WAV")[0]
    samples, messages = told(data[: 44 + 7999] + chunk(b"LIST", b"x" * 3000), "WAV")
    assert np.array_equal(samples, whole) and not messages


def test_a_wav_that_streams_is_left_alone():
    data = sound("WAV")
    for size in (0xFFFFFFFF, 0x7FFFFFFF, 0x7FFFFF00):
        data[40:44] = struct.pack("<I", size)
        assert chunked_parts(io.BytesIO(data), len(data)) == [([(0, len(data))], None)]


def test_a_size_beyond_4_gib_wraps(tmp_path):
    """A file with a hole in the disk of 4 GiB and 16000 bytes of sound; its header says 16000."""
    path = tmp_path / "a.wav"
    with path.open("wb") as file:
        file.write(sound("WAV"))
        try:
            file.seek(44 + 2**32 + 15998)
            file.write(b"\1\0")
        except OSError:
            pytest.skip("no files with holes here")
    if os.name == "nt":
        pytest.skip("a file with a hole is written in full")
    assert duration(path) == (2**32 + 16000) / 16000
    assert np.array_equal(read(path, end=1).samples * 32768, SAMPLES)
    last = (2**32 + 16000) / 16000 - 1
    with pytest.warns(DoubtfulResultWarning, match="ends at byte 16044, but it goes on to byte 4294983340"):
        assert read(path, start=last).samples[-1] * 32768 == 1


@pytest.mark.parametrize("form", ["WAV", "RF64", "AIFF", "AU", "W64"])
def test_sound_that_ends_before_its_header_says(told, form):
    data = sound(form)
    first = data.find(SAMPLES.astype(">i2" if form in ("AIFF", "AU") else "<i2").tobytes())
    samples, messages = told(data[: first + 10_000], form)
    assert np.array_equal(samples * 32768, SAMPLES[:5000])
    assert messages == [
        "is shorter than its header says; the 0.625 s that could be read were used. Fetch or convert the file again "
        "if that is not all of it."
    ]
    with pytest.raises(
        AudioError, match=r"of its \d+ bytes are not part|is shorter than its header says; nothing could"
    ):
        told(data[:first], form)


def test_a_long_file_that_is_cut(told):
    data = sound("RF64")
    at, kind = size_at(data, "RF64")
    data[at : at + 8] = struct.pack(kind, 5 * 2**30)
    assert "is shorter than its header says; the 1.000 s" in told(data, "RF64")[1][0]
    data[at : at + 8] = b"\xff" * 8  # written by a program that did not know
    assert chunked_parts(io.BytesIO(data), len(data)) == [([(0, len(data))], None)]


@pytest.mark.parametrize("form", ["W64", "CAF"])
def test_sizes_of_64_bits(form):
    data = sound(form)
    assert not is_cut(io.BytesIO(data), len(data)) and is_cut(io.BytesIO(data[:-1]), len(data) - 1)
    at = data.find(SAMPLES.astype(">i2" if form == "CAF" else "<i2").tobytes()) - (12 if form == "CAF" else 8)
    data[at : at + 8] = b"\xff" * 8
    assert not is_cut(io.BytesIO(data), len(data))
    assert not is_cut(io.BytesIO(data[: at - 20]), at - 20)  # there is no chunk of sound
    assert not is_cut(io.BytesIO(sound("WAV")[:-1]), 16043)


@pytest.mark.parametrize("between", [b"", b"LIST"])
@pytest.mark.parametrize(("form", "order"), [("WAV", "<"), ("AIFF", ">")])
def test_a_second_chunk_of_sound_is_read_too(told, form, order, between):
    data, name = sound(form), b"data" if form == "WAV" else b"SSND"
    more = sound(form, SAMPLES[:3000])
    other = between and between + struct.pack(order + "I", 2000) + bytes(2000)
    samples, messages = told(data + other + more[more.find(name) :] + other + more[more.find(name) :], form)
    assert np.array_equal(samples * 32768, np.concatenate([SAMPLES, SAMPLES[:3000], SAMPLES[:3000]])) and not messages
    nothing = {"WAV": bytes(4), "AIFF": b"\0\0\0\x08" + bytes(8)}[form]
    samples, messages = told(data + name + nothing, form)
    assert np.array_equal(samples * 32768, SAMPLES) and not messages  # an empty one is nothing


@pytest.mark.parametrize("offset", [0, 23])
def test_a_header_too_short_for_one_ends_the_search(offset):
    """An offset and a size of 0 would lead back to the start for ever."""
    data = b".snd" + struct.pack(">5I", offset, 0, 3, 8000, 1) + bytes(100)
    assert au_parts(io.BytesIO(data), len(data)) == []
