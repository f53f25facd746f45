"""Sound through a pipe, against the file that was piped, and with writers that end too early or write other things."""

import io
import struct

import numpy as np
import pytest
import soundfile

from lightdiar.errors import AudioError, DoubtfulResultWarning
from lightdiar.io.piped import piped

CHANNELS = np.random.default_rng(0).uniform(-0.5, 0.5, (2001, 2)).astype(np.float32)
STREAMED = b"\xff\xff\xff\xff"


class Pipe:
    """Gives at most `most` bytes at once, and remembers how many were asked for."""

    def __init__(self, data, most=7):
        self.file, self.most, self.asked = io.BytesIO(data), most, []

    def read1(self, n_bytes):
        self.asked.append(n_bytes)
        return self.file.read1(min(n_bytes, self.most))


def wav(samples, rate=8000, subtype="PCM_16", **options):
    file = io.BytesIO()
    soundfile.write(file, samples, rate, subtype=subtype, format="WAV", **options)
    return file.getvalue()


def heard(data, **options):
    rate, pieces = piped(io.BytesIO(data), **options)
    return rate, np.concatenate([*pieces, np.empty(0, np.float32)])


def test_samples_without_a_header_are_16_bits():
    rate, samples = heard(struct.pack("<4h", 0, 16384, -32768, 1), raw_rate=8000)
    assert rate == 8000 and samples.tolist() == [0, 0.5, -1, 1 / 32768] and samples.dtype == np.float32


@pytest.mark.parametrize("subtype", ["PCM_U8", "PCM_16", "PCM_24", "PCM_32", "FLOAT", "DOUBLE", "ALAW", "ULAW"])
def test_a_wav_is_what_it_is_as_a_file(subtype):
    data = wav(CHANNELS, subtype=subtype)
    rate, samples = heard(data)
    expected = soundfile.read(io.BytesIO(data), dtype="float32")[0]
    assert rate == 8000
    np.testing.assert_array_equal(samples, (expected[:, 0] + expected[:, 1]) / np.float32(2))


def test_a_wav_that_knew_no_length_is_read_to_the_end_and_others_to_their_length():
    data = wav(CHANNELS[:, 0])
    at = data.index(b"data") + 4
    whole = heard(data)[1]
    for n_bytes in (STREAMED, bytes(4), b"\x00\xff\xff\x7f"):
        np.testing.assert_array_equal(heard(data[:at] + n_bytes + data[at + 4 :])[1], whole)
    np.testing.assert_array_equal(heard(data + b"LIST\x04\x00\x00\x00abcd")[1], whole)


def test_chunks_before_the_sound_are_passed_over_and_extensible_headers_are_read():
    data = wav(CHANNELS[:, 0])
    odd = b"junk\x03\x00\x00\x00abc\x00"
    np.testing.assert_array_equal(heard(data[:12] + odd + data[12:])[1], heard(data)[1])
    file = io.BytesIO()
    soundfile.write(file, CHANNELS, 8000, subtype="PCM_16", format="WAVEX")
    assert heard(file.getvalue())[0] == 8000 and len(heard(file.getvalue())[1]) == 2001


def test_pieces_last_a_tenth_of_a_second_whatever_comes_at_once_and_nothing_more_is_waited_for():
    data = wav(CHANNELS)
    pieces = {most: list(piped(Pipe(data, most))[1]) for most in (1, 7, 100_000)}
    for found in pieces.values():
        assert [len(piece) for piece in found] == [800, 800, 401]
        np.testing.assert_array_equal(np.concatenate(found), np.concatenate(pieces[7]))
    pipe = Pipe(data, 100_000)
    next(piped(pipe)[1])
    assert pipe.file.tell() == len(data) - 4 * 2001 + 4 * 800


def test_one_sample_of_six_channels_is_mixed_as_every_other():
    six = np.full((801, 6), 0.25, np.float32)
    assert heard(wav(six))[1].tolist() == [0.25] * 801


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "standard input: is empty. Does the program that writes to the pipe say why?"),
        (b"RIFF\x00\x00\x00\x00WAVEfmt ", "standard input: ends within its header."),
        (b"talk\n" * 2000, "standard input: is text, no sound. Let ffmpeg convert it: ffmpeg -i SOUND -f s16le"),
        ("caf\u00e9".encode() * 1000, "standard input: is text"),
        (b"fLaC\x00\x00\x00\x22", "standard input: is FLAC; a pipe is read as 16-bit samples or WAV. Let ffmpeg"),
        (b"\x00\x00\x00\x20ftypisom", "standard input: is MP4;"),
        (b"RIFF\x00\x00\x00\x00AVI LIST", "standard input: is AVI or another kind of RIFF;"),
        (b"riff\x2e\x91\xcf\x11", "standard input: is W64;"),
        (bytes.fromhex("3026b2758e66cf11a6d9"), "standard input: is WMA;"),
        (bytes(100) + (b"\xff\xfb\x90\x64" + bytes(413)) * 4, "standard input: is MP3;"),
        ((b"\x47\x40\x00\x10" + bytes(184)) * 3, "standard input: is MPEG-TS;"),
        (bytes(100) + (b"\xff\xf1\x50\x80\x04\x3f\xfc" + bytes(26)) * 4, "standard input: is AAC;"),
        (b"RIFF\x00\x00\x00\x00WAVEdata\x02\x00\x00\x00ab", "its header does not say what its samples are"),
        (b"RIFF\x00\x00\x00\x00WAVEjunk\xff\xff\xff\x7f", "a chunk of 2147483647 bytes before the sound"),
        (wav(CHANNELS, rate=500), "standard input: sample_rate=500 must be an integer from 1000"),
        (wav(CHANNELS, subtype="MS_ADPCM"), "a WAV of kind 2 with 4 bits cannot be read"),
        (wav(np.zeros((9, 65))), "it has 65 channels; 1 to 64 can be read"),
    ],
)
def test_what_is_no_sound_that_can_be_read_is_one_line(data, message):
    with pytest.raises(AudioError, match="^standard input: ") as error:
        piped(io.BytesIO(data))
    assert message in str(error.value) and "\n" not in str(error.value)


@pytest.mark.parametrize("loudness", [3, 300, 30_000])
def test_noise_is_not_taken_for_frames(loudness):
    noise = np.random.default_rng(0).integers(-loudness, loudness, (500, 2048)).astype("<i2")
    assert all(piped(io.BytesIO(samples.tobytes()))[0] == 16000 for samples in noise)


def test_quiet_sound_is_not_taken_for_text():
    for samples in (np.zeros(2000), np.full(2000, 1), np.random.default_rng(0).integers(-9, 9, 2000)):
        assert len(heard(samples.astype("<i2").tobytes())[1]) == 2000


def test_an_end_too_early_is_a_warning_and_what_came_is_used():
    with pytest.warns(DoubtfulResultWarning, match="ends within a sample: was it cut off, or are these no 16-bit"):
        assert len(heard(bytes(2001))[1]) == 1000
    with pytest.warns(DoubtfulResultWarning, match="standard input: ends 0.125 s before its header says"):
        assert len(heard(wav(CHANNELS)[:-4000])[1]) == 1001


def test_sound_beyond_what_the_header_says_is_heard_but_not_what_players_put_behind_it():
    data, samples = wav(CHANNELS[:, 0]), CHANNELS[:, 0]
    at = data.index(b"data") + 4
    with pytest.warns(
        DoubtfulResultWarning, match=r"went on after the 0.125 s that its header tells of; all that came"
    ):
        found = heard(data[:at] + struct.pack("<I", 2000) + data[at + 4 :])[1]
    np.testing.assert_array_equal(found, heard(data)[1])
    for behind in (b"TAG".ljust(128, b"\xff"), bytes(5000), b"bext" + bytes(range(256)) * 9):
        assert len(heard(data + behind)[1]) == len(samples)


def test_a_second_recording_behind_the_first_is_a_warning():
    with pytest.warns(
        DoubtfulResultWarning, match="a second recording follows the first, whose 0.250 s were used. Let"
    ):
        assert len(heard(wav(CHANNELS) + wav(CHANNELS))[1]) == 2001


def test_what_is_no_number_becomes_silence_with_one_warning():
    samples = np.full(2000, 0.5, np.float32)
    samples[[3, 900, 901]] = np.nan, np.inf, 1e20
    with pytest.warns(DoubtfulResultWarning, match="not a number or beyond 1e10") as warned:
        heard_samples = heard(wav(samples, subtype="FLOAT"))[1]
    assert len(warned) == 1 and np.flatnonzero(heard_samples != 0.5).tolist() == [3, 900, 901]
    assert not heard_samples[[3, 900, 901]].any()
