"""Files of several streams, and those that need mending before libsndfile reads them."""

import contextlib
import io
import shutil
import warnings

import numpy as np
import pytest
import soundfile

from lightdiar.errors import AudioError, DoubtfulResultWarning
from lightdiar.io.audio import duration, read
from lightdiar.io.layout import MOST_PARTS, layout

NOISE = np.random.default_rng(0).uniform(-0.5, 0.5, 24000).astype(np.float32)


def sound(form, samples=NOISE, rate=16000, **options):
    file = io.BytesIO()
    soundfile.write(file, samples, rate, format=form, **options)
    return file.getvalue()


def one_part(form, samples=NOISE, **options):
    return read(io.BytesIO(sound(form, samples, **options))).samples


@pytest.mark.parametrize("form", ["WAV", "FLAC", "OGG", "AIFF", "AU", "CAF", "W64", "RF64"])
def test_a_whole_file_is_read_as_it_is(form):
    data = sound(form)
    assert layout(io.BytesIO(data), len(data)) == layout(io.BytesIO(b"film"), 4)


@pytest.mark.parametrize("form", ["FLAC", "OGG"])
def test_joined_files_are_read_to_the_end(tmp_path, form, recwarn):
    path = tmp_path / "a"
    path.write_bytes(sound(form) + sound(form, NOISE[:8000]) + sound(form, NOISE[8000:]))
    expected = [one_part(form), one_part(form, NOISE[:8000]), one_part(form, NOISE[8000:])]
    audio = read(path)
    assert np.array_equal(audio.samples, np.concatenate(expected)) and duration(path) == 3.0
    assert np.array_equal(read(path, start=1.75, end=2.5).samples, audio.samples[28000:40000])
    assert len(read(path, start=9).samples) == 0 and not recwarn.list


def test_parts_may_have_other_channels_but_not_another_rate(tmp_path):
    path = tmp_path / "a.flac"
    path.write_bytes(sound("FLAC") + sound("FLAC", np.stack([NOISE, NOISE], axis=1)))
    assert np.array_equal(read(path).samples, np.tile(one_part("FLAC"), 2))
    path.write_bytes(sound("FLAC") + sound("FLAC", rate=8000) + sound("FLAC"))
    message = (
        r"a\.flac: the 3\.000 s at 8000 Hz joined to a recording at 16000 Hz was not read; the 3\.000 s that could"
    )
    with pytest.warns(DoubtfulResultWarning, match=message):
        assert read(path).duration == 3.0


def test_a_part_that_cannot_be_read_is_told(tmp_path):
    path = tmp_path / "a.flac"
    path.write_bytes(sound("FLAC") + b"fLaC\0\0\0\x22" + bytes(5000))
    with pytest.warns(
        DoubtfulResultWarning, match="one of the recordings joined in it cannot be read; the 1.500 s that"
    ):
        assert read(path).duration == 1.5


def test_ogg_that_is_cut_off(tmp_path):
    path, data = tmp_path / "a.ogg", sound("OGG")
    path.write_bytes(data[:-10])
    with pytest.warns(DoubtfulResultWarning, match=r"is cut off in the middle of a page; the \d\.\d+ s that could"):
        assert read(path).duration > 0.1


@pytest.fixture
def dump(tmp_path):
    """A file of a MIDI dump: a header of 21 bytes, blocks of 127 for 40 samples of 16 bits."""
    path = tmp_path / "a.sds"
    soundfile.write(path, NOISE[:8000], 8000, format="SDS")
    return path


@pytest.mark.skipif(shutil.which("ffmpeg") is None, reason="needs ffmpeg")
def test_midi_dumps_print_nothing(dump, capfd):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # ffmpeg complains of the end of each
        whole, data = read(dump).samples, bytearray(dump.read_bytes())
    assert len(whole) == 8000 and np.abs(whole - NOISE[:8000]).max() < 2e-4
    for block in (3, 50, 199):
        data[21 + 127 * block + block % 2] ^= 0x55
    dump.write_bytes(data[:5000])
    with contextlib.suppress(AudioError), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        read(dump)
    assert capfd.readouterr() == ("", "")


def test_a_header_that_tells_of_less_than_the_file_has(tmp_path):
    path = tmp_path / "a.caf"
    path.write_bytes(sound("CAF") + sound("CAF"))
    with pytest.warns(DoubtfulResultWarning, match=r"\d+ of its \d+ bytes are not part of the sound that its header"):
        assert read(path).duration == 1.5
    path.write_bytes(sound("CAF") + bytes(len(sound("CAF")) // 8))
    assert read(path).duration == 1.5


def test_most_parts(monkeypatch):
    assert MOST_PARTS == 10_000
    one = sound("FLAC", NOISE[:1600])
    monkeypatch.setattr("lightdiar.io.layout.MOST_PARTS", 3)
    assert read(io.BytesIO(3 * one)).duration == pytest.approx(0.3)
    with pytest.warns(DoubtfulResultWarning, match="holds 4 joined recordings, of which 3 were read; the 0.300 s that"):
        read(io.BytesIO(4 * one))


def test_the_same_problem_of_many_parts_is_told_once():
    data = sound("FLAC", NOISE[:1600]) + 500 * (b"fLaC\0\0\0\x22" + bytes(60))
    with pytest.warns(DoubtfulResultWarning) as caught:
        assert read(io.BytesIO(data)).duration == pytest.approx(0.1)
    assert str(caught[0].message).count("cannot be read") == 1
