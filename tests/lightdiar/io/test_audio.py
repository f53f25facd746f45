"""Sound in and out: every format, channels, blocks."""

import contextlib
import io
import os
import re
import subprocess
import sys
import tracemalloc

import numpy as np
import pytest
import soundfile

from lightdiar.errors import AudioError, DoubtfulResultWarning, LightdiarError
from lightdiar.io.audio import Audio, blocks, duration, mixed, read, to_mono, write
from lightdiar.io.resample import resample


def noise(n_samples, n_channels=1, seed=0):
    return np.random.default_rng(seed).uniform(-0.5, 0.5, (n_samples, n_channels)).astype(np.float32)


def tone(frequency, sample_rate, seconds=1.0, amplitude=0.5):
    return amplitude * np.sin(2 * np.pi * frequency * np.arange(int(seconds * sample_rate)) / sample_rate)


def test_audio_keeps_float32_and_counts_seconds():
    audio = Audio(np.zeros(8000), 16000)
    assert audio.samples.dtype == np.float32 and audio.duration == 0.5
    assert repr(audio) == "<Audio: 0.50 s at 16000 Hz>"
    with pytest.raises(AttributeError):
        audio.sample_rate = 8000


@pytest.mark.parametrize(
    ("samples", "sample_rate", "message"),
    [
        (np.zeros((5, 2)), 16000, r"got \(5, 2\)\. Use to_mono"),
        (np.zeros((1, 5)), 16000, r"got \(1, 5\)\. Use to_mono first; it takes \(n_samples, n_channels\)"),
        (
            np.zeros(5, np.int32),
            16000,
            r"floats in \[-1, 1\] or int16; got int32\. Divide by full scale, such as 2\*\*31",
        ),
        (np.zeros(5, np.uint8), 16000, r"got uint8\. Take off the middle and divide by it: \(samples - 128\.0\) / 128"),
        (np.zeros(5, complex), 16000, "got complex128\\.$"),
        (
            np.array([0, 1, np.nan, np.inf]),
            16000,
            "2 of 4 samples are NaN or beyond 1e10, the first is number 2. Full scale is 1: divide them",
        ),
        (np.zeros(5), 0, "sample_rate=0 must be an integer from 1000 to 384000 Hz"),
        (np.zeros(5), 16000.0, r"sample_rate=16000\.0 must be an integer"),
    ],
)
def test_audio_refuses_what_is_not_sound(samples, sample_rate, message):
    with pytest.raises(AudioError, match=message) as caught:
        Audio(samples, sample_rate)
    assert isinstance(caught.value, LightdiarError) and isinstance(caught.value, ValueError)


@pytest.mark.parametrize(
    ("suffix", "subtype", "tolerance"),
    [
        ("wav", "PCM_U8", 2**-7),
        ("wav", "PCM_16", 2**-15),
        ("wav", "PCM_24", 2**-23),
        ("wav", "PCM_32", 2**-24),
        ("wav", "FLOAT", 0),
        ("wav", "DOUBLE", 0),
        ("wav", "ULAW", 0.02),
        ("flac", "PCM_16", 2**-15),
        ("flac", "PCM_24", 2**-23),
        ("aiff", "PCM_16", 2**-15),
        ("ogg", "VORBIS", 0.1),
        ("mp3", "MPEG_LAYER_III", 0.1),
    ],
)
def test_every_format_is_read(tmp_path, suffix, subtype, tolerance):
    path = tmp_path / f"sound.{suffix}"
    samples = tone(300, 44100, seconds=3) + 0.1  # on a DC offset, which is kept
    soundfile.write(path, samples, 44100, subtype=subtype)
    audio = read(path)
    assert audio.sample_rate == 44100 and duration(path) == pytest.approx(3.0, abs=0.03)
    assert np.abs(audio.samples[2000:120000] - samples[2000:120000]).max() <= max(tolerance, 1e-7)
    piece = read(path, start=1.25, end=2.5).samples
    assert np.abs(piece - audio.samples[55125:110250]).max() < 1e-6
    assert len(read(path, start=10.0).samples) == 0


def test_int16_is_scaled():
    pcm = np.array([-32768, -1, 0, 16384], np.int16)
    assert Audio(pcm, 8000).samples.tolist() == [-1, -(2**-15), 0, 0.5] and pcm[0] == -32768
    assert to_mono(pcm).tolist() == Audio(pcm, 8000).samples.tolist()
    assert to_mono(np.stack([pcm, pcm], axis=1)).tolist() == Audio(pcm, 8000).samples.tolist()
    with pytest.raises(AudioError, match="got int64"):
        to_mono(np.arange(5))


@pytest.mark.parametrize("suffix", ["wav", "flac"])
def test_sixteen_bits_are_written_back_bit_for_bit(tmp_path, suffix):
    pcm = np.arange(-32768, 32768, dtype=np.int16)
    soundfile.write(tmp_path / "in.wav", pcm, 16000)
    write(tmp_path / f"out.{suffix}", read(tmp_path / "in.wav"))
    assert np.array_equal(soundfile.read(tmp_path / f"out.{suffix}", dtype="int16")[0], pcm)


def test_write_clips_and_replaces_all_or_nothing(tmp_path, monkeypatch):
    path = tmp_path / "a.wav"
    write(path, Audio(np.array([-2.0, 0.5, 2.0]), 8000))
    assert soundfile.read(path, dtype="int16")[0].tolist() == [-32768, 16384, 32767]
    before = path.read_bytes()

    def break_off(file, *args, **kwargs):
        file.write(b"half")
        raise OSError("disk full")

    monkeypatch.setattr(soundfile, "write", break_off)
    with pytest.raises(OSError, match="disk full"):
        write(path, Audio(np.zeros(3), 8000))
    assert path.read_bytes() == before and os.listdir(tmp_path) == ["a.wav"]


def test_write_refuses_what_it_cannot_keep(tmp_path):
    with pytest.raises(ValueError, match=r"written as \.wav or \.flac; got '\.mp3'"):
        write(tmp_path / "a.mp3", Audio(np.zeros(3), 8000))
    with pytest.raises(ValueError, match=r"cannot hold 0 samples\. Write a \.wav"):
        write(tmp_path / "a.flac", Audio(np.zeros(0), 8000))
    with pytest.raises(ValueError, match=r"a\.flac: a FLAC file cannot have a rate of 383999 Hz\. Write a \.wav file"):
        write(tmp_path / "a.flac", Audio(np.zeros(3), 383_999))


@pytest.mark.parametrize("rate", [65_535, 65_540, 383_990])
def test_write_keeps_every_rate_of_flac(tmp_path, rate):
    write(tmp_path / "a.flac", Audio(np.zeros(3), rate))
    assert read(tmp_path / "a.flac").sample_rate == rate


class Full(io.BytesIO):
    def write(self, data):
        raise OSError(28, "No space left on device")


@pytest.mark.parametrize("suffix", ["wav", "flac"])
def test_write_tells_that_the_disk_is_full(tmp_path, monkeypatch, suffix):
    monkeypatch.setattr("lightdiar.io.audio.replacing", lambda path: contextlib.nullcontext(Full()))
    with pytest.raises(OSError, match="No space left on device"):
        write(tmp_path / f"a.{suffix}", Audio(np.zeros(3), 8000))


@pytest.mark.parametrize("name", ["-", "-v.wav", "a b.wav", "Zoë 電影.wav", "50%d.wav", "http:x.wav"])
def test_any_name_is_only_a_name(tmp_path, monkeypatch, name):
    if os.name == "nt" and ":" in name:
        pytest.skip("no such name on Windows")
    monkeypatch.chdir(tmp_path)
    write("plain.wav", Audio(noise(100)[:, 0], 16000))
    os.replace("plain.wav", name)
    assert len(read(name).samples) == 100


def test_mono_is_the_mean_whatever_the_order():
    stereo = noise(1000, 2)
    assert np.array_equal(to_mono(stereo), to_mono(stereo[:, ::-1]))
    assert np.allclose(to_mono(stereo), stereo.mean(axis=1))
    assert np.array_equal(to_mono(stereo[:, 0]), stereo[:, 0])
    assert np.allclose(to_mono(noise(1000, 5)), noise(1000, 5).mean(axis=1), atol=1e-7)


def test_opposite_phases_do_not_cancel_speech():
    left = noise(1000)[:, 0]
    assert np.array_equal(to_mono(np.stack([left, -left], axis=1)), left)
    assert np.array_equal(to_mono(np.stack([0.95 * left, -left], axis=1)), -left)
    assert np.array_equal(to_mono(np.stack([left, 0 * left], axis=1)), left / 2)


@pytest.mark.parametrize("n_channels", [6, 8])
def test_of_a_film_the_front_is_heard(n_channels):
    film = noise(1000, n_channels)
    expected = (film[:, 0] + film[:, 1] + 2 * film[:, 2]) / 4
    assert np.allclose(to_mono(film), expected, atol=1e-7)


@pytest.mark.parametrize("n_channels", [6, 8])
def test_of_microphones_all_are_heard_where_the_front_is_silent(n_channels):
    microphones = noise(1000, n_channels)
    microphones[:, :3] = 0
    assert np.allclose(to_mono(microphones), microphones.mean(axis=1), atol=1e-7)
    microphones[:, 3:-1] = 0
    assert np.allclose(to_mono(microphones), microphones[:, -1] / n_channels, atol=1e-7)


def test_in_memory_it_is_mixed_as_a_file_is(tmp_path):
    """Second by second: here one side is in opposite phase from the second second on."""
    left = noise(2500)[:, 0]
    stereo = np.stack([left, np.where(np.arange(2500) < 1000, left, -left)], axis=1)
    soundfile.write(tmp_path / "a.wav", stereo, 1000, subtype="FLOAT")
    audio = mixed(stereo, 1000)
    assert audio.samples.tobytes() == read(tmp_path / "a.wav").samples.tobytes() == left.tobytes()
    assert audio.sample_rate == 1000 and not np.allclose(to_mono(stereo), left)
    assert mixed(left, 1000).samples is left and len(mixed(np.zeros((0, 2)), 1000).samples) == 0


def test_mono_needs_channels():
    with pytest.raises(ValueError, match=r"\(n_samples, n_channels\); got \(4, 0\)"):
        to_mono(np.zeros((4, 0)))


def test_channels_that_outnumber_samples_are_transposed():
    with pytest.raises(ValueError, match=r"got \(1, 9\), more channels than samples\. Transpose them: samples\.T\.$"):
        to_mono(np.zeros((1, 9)))
    assert to_mono(np.zeros((2, 2))).shape == (2,) and to_mono(np.zeros((0, 2))).shape == (0,)


def test_a_last_block_shorter_than_its_channels(tmp_path):
    for n_samples in (1, 2, 8001):
        soundfile.write(tmp_path / "a.wav", noise(n_samples, 6), 8000, subtype="FLOAT")
        assert len(read(tmp_path / "a.wav").samples) == n_samples


def test_a_rate_whose_filter_would_be_too_long_names_the_file(tmp_path):
    path = tmp_path / "a.wav"
    soundfile.write(path, np.zeros(2000), 383_999)
    assert read(path).sample_rate == 383_999
    with pytest.raises(AudioError, match=r"a\.wav: 383999 Hz to 16000 Hz is a ratio of 16000 to 383999, whose filter"):
        next(blocks(path))


@pytest.mark.parametrize(
    ("sample_rate", "n_channels", "subtype"),
    [
        (8000, 1, "PCM_U8"),
        (16000, 1, "PCM_16"),
        (44100, 2, "PCM_16"),
        (48000, 6, "PCM_24"),
        (96000, 2, "FLOAT"),
    ],
)
def test_blocks_are_the_same_samples_whatever_their_length(tmp_path, sample_rate, n_channels, subtype):
    path = tmp_path / "a.wav"
    soundfile.write(path, noise(int(3.3 * sample_rate) + 7, n_channels), sample_rate, subtype=subtype)
    audio = read(path)
    whole = resample(audio.samples, audio.sample_rate, 16000)
    for seconds in (0.01, 0.7, 1.0, 2.0, 30.0):
        pieces = list(blocks(path, seconds=seconds))
        assert {len(piece) for piece in pieces[:-1]} <= {int(seconds * 16000)}
        assert 0 < len(pieces[-1]) <= int(seconds * 16000)
        assert np.concatenate(pieces).tobytes() == whole.tobytes()


def test_blocks_of_a_part_are_the_part_that_is_read(tmp_path):
    path = tmp_path / "a.wav"
    soundfile.write(path, noise(3 * 44100, 2), 44100, subtype="FLOAT")
    for start, end in ((0.0, 1.5), (1.1, 2.7), (1.25, None), (2.9, 99.0)):
        part = read(path, start=start, end=end)
        assert part.duration == pytest.approx(min(end or 3.0, 3.0) - start, abs=1e-4)
        for seconds in (0.3, 30.0):
            pieces = list(blocks(path, start=start, end=end, seconds=seconds))
            assert np.concatenate(pieces).tobytes() == resample(part.samples, 44100, 16000).tobytes()


def test_a_part_beyond_the_end_is_an_error_of_blocks(tmp_path):
    path = tmp_path / "a.wav"
    soundfile.write(path, noise(8000, 1), 8000)
    with pytest.raises(AudioError, match=r"a\.wav: ends before 1 s, where it was to be heard from; start earlier\.$"):
        next(blocks(path, start=1.0))
    with pytest.raises(ValueError, match="start=2 s, end=1 s; need 0 <= start < end"):
        next(blocks(path, start=2, end=1))


def test_what_could_be_read_of_a_damaged_part_is_told(tmp_path):
    path = tmp_path / "a.wav"
    soundfile.write(path, noise(80000, 1), 8000)
    path.write_bytes(path.read_bytes()[: 44 + 2 * 32000])
    with pytest.warns(DoubtfulResultWarning, match=r"shorter than its header says.*; the 1\.500 s that could be read"):
        assert read(path, start=2.5).duration == 1.5
    with pytest.raises(AudioError, match=r"shorter than its header says.*; nothing could be read"):
        read(path, start=5.0)


def test_one_channel_is_that_channel(tmp_path):
    path, samples = tmp_path / "a.wav", noise(36000, 2)
    soundfile.write(path, samples, 16000, subtype="FLOAT")
    for channel in (1, 2):
        assert (np.concatenate(list(blocks(path, channel=channel))) == samples[:, channel - 1]).all()
    with pytest.raises(AudioError, match=r"a\.wav: has 2 channels; there is no channel 3\. Ask for one from 1 to 2\."):
        next(blocks(path, channel=3))
    soundfile.write(path, samples[:, 0], 16000)
    with pytest.raises(AudioError, match=r"a\.wav: has 1 channel; there is no channel 2\. It is mono: ask for 1\."):
        next(blocks(path, channel=2))


def test_who_listens_hears_the_channels_before_they_are_mixed(tmp_path):
    path, samples, heard = tmp_path / "a.wav", noise(20000, 2), []
    soundfile.write(path, samples, 8000, subtype="FLOAT")
    list(blocks(path, listen=lambda block, rate: heard.append((block, rate))))
    assert [rate for _, rate in heard] == [8000, 8000, 8000]
    assert (np.concatenate([block for block, _ in heard]) == samples).all()


def test_what_is_wrong_with_a_file_is_told_to_who_asks(tmp_path):
    soundfile.write(tmp_path / "bad.wav", np.full(100, np.nan), 16000, subtype="FLOAT")
    told = []
    assert not np.any(list(blocks(tmp_path / "bad.wav", tell=told.append)))  # a warning would be an error
    assert len(told) == 1 and "bad.wav: 100 samples are not a number" in told[0]


def test_a_long_file_does_not_lie_in_memory(tmp_path):
    path = tmp_path / "long.wav"
    soundfile.write(path, np.zeros((44100 * 60, 2), np.int16), 44100)
    next(blocks(path))  # imports
    tracemalloc.start()
    n_samples = sum(len(block) for block in blocks(path, seconds=10.0))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert n_samples == 60 * 16000 and peak < 6e6  # the file is 21 MB as float32


def test_blocks_must_hold_something(tmp_path):
    for seconds in (0.0, -1.0, float("nan"), float("inf")):
        with pytest.raises(ValueError, match=f"seconds={seconds} must hold a sample at 16000 Hz"):
            next(blocks(tmp_path / "a.wav", seconds=seconds))


@pytest.mark.parametrize(
    "start, end", [(-1, None), (2, 2), (3, 1), (float("nan"), None), (0, float("inf")), (0, 1e300)]
)
def test_read_needs_an_interval(tmp_path, start, end):
    with pytest.raises(ValueError, match=rf"start={start} s, end={re.escape(str(end))} s; need 0 <= start < end"):
        read(tmp_path / "a.wav", start=start, end=end)


@pytest.mark.parametrize("part", [{"start": "1"}, {"start": True}, {"end": "00:01:00"}])
def test_a_part_is_told_in_seconds(tmp_path, part):
    ((name, given),) = part.items()
    with pytest.raises(TypeError, match=f"^{name}={given!r} must be a number of seconds, such as 90.0"):
        read(tmp_path / "a.wav", **part)


def test_no_samples_and_one_sample(tmp_path):
    soundfile.write(tmp_path / "none.wav", np.zeros(0), 44100)
    assert list(blocks(tmp_path / "none.wav")) == []
    assert repr(read(tmp_path / "none.wav")) == "<Audio: 0.00 s at 44100 Hz>"
    assert duration(tmp_path / "none.wav") == 0.0
    soundfile.write(tmp_path / "one.wav", np.full(1, 0.5), 44100)
    assert [len(block) for block in blocks(tmp_path / "one.wav")] == [1]


def test_one_bad_value_is_said_in_the_singular(tmp_path):
    soundfile.write(tmp_path / "bad.wav", np.r_[np.nan, np.zeros(99)], 16000, subtype="FLOAT")
    told = []
    list(blocks(tmp_path / "bad.wav", tell=told.append))
    assert [line.split("; ")[0] for line in told] == [
        f"{tmp_path / 'bad.wav'}: 1 sample is not a number or beyond 1e10, the first at 0.000 s"
    ]


def test_bad_values_are_silence_and_are_counted(tmp_path):
    samples = noise(40000, 2)
    samples[20000, 0], samples[30000:30002, 1], samples[35000] = np.nan, np.inf, 1e30
    soundfile.write(tmp_path / "bad.wav", samples, 16000, subtype="FLOAT")
    message = r"4 samples are not a number or beyond 1e10, the first at 1\.250 s; they were replaced by silence"
    with pytest.warns(DoubtfulResultWarning, match=message) as caught:
        audio = read(tmp_path / "bad.wav")
    assert caught[0].filename == __file__
    assert audio.samples[20000] == samples[20000, 1] / 2 and audio.samples[35000] == 0
    with pytest.warns(DoubtfulResultWarning, match=message) as caught:
        list(blocks(tmp_path / "bad.wav"))
    assert caught[0].filename == __file__


def test_import_is_light():
    heavy = "import sys, lightdiar.io.audio; print([m for m in ('scipy.signal', 'soundfile') if m in sys.modules])"
    printed = subprocess.run([sys.executable, "-c", heavy], capture_output=True, text=True, check=True).stdout
    assert printed.strip() == "[]"
