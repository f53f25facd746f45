"""Sound in memory, in the shapes of other libraries."""

import io
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from lightdiar.errors import AudioError
from lightdiar.io.audio import Audio
from lightdiar.io.memory import as_sound

STEREO = np.random.default_rng(0).integers(-32768, 32768, (1000, 2)).astype(np.int16)
MEAN = STEREO.astype(np.float32).mean(axis=1) / 32768


@pytest.mark.parametrize(
    "sound",
    [
        (STEREO, 8000),
        (STEREO.astype(np.float64) / 32768, 8000),
        (STEREO / np.float32(32768), np.int64(8000)),
        (STEREO.astype(">i2"), 8000),
        {"waveform": STEREO.T, "sample_rate": 8000},
        {"waveform": STEREO.T / np.float32(32768), "sample_rate": 8000, "uri": "call"},
    ],
)
def test_samples_with_a_rate(sound):
    audio = as_sound(sound)
    assert audio.sample_rate == 8000 and np.allclose(audio.samples, MEAN, atol=1e-6)


def test_one_channel():
    for sound in ((STEREO[:, 0], 8000), {"waveform": STEREO[None, :, 0], "sample_rate": 8000}):
        assert np.array_equal(as_sound(sound).samples * 32768, STEREO[:, 0])
    assert np.array_equal(as_sound({"waveform": STEREO[:, 0], "sample_rate": 8000}).samples * 32768, STEREO[:, 0])
    assert as_sound(([0.0, 0.5], 8000)).samples.tolist() == [0.0, 0.5]


def test_paths_files_and_audio_stay_as_they_are(tmp_path):
    for sound in ("a.wav", Path("a.wav"), io.BytesIO(b"abc"), Audio(np.zeros(10), 8000)):
        assert as_sound(sound) is sound


@pytest.mark.parametrize(
    ("sound", "message"),
    [
        ((8000, STEREO), r"expected \(samples, rate\), got \(rate, samples\); swap them"),
        (STEREO, r"type ndarray cannot be read; say their rate: \(samples, rate\); give a path, an Audio"),
        (b"RIFF", r"type bytes cannot be read; wrap them: io\.BytesIO\(data\)"),
        (None, "type NoneType cannot be read; give a path, an Audio, a file open in binary mode"),
        ({"audio": "a.wav"}, r"type dict cannot be read; .*\"waveform\": \(channels, samples\), \"sample_rate\""),
        ((STEREO, 8000, 1), "type tuple cannot be read"),
        ([STEREO, 8000], "type list cannot be read"),
        (3, "type int cannot be read"),
        (
            SimpleNamespace(read=len, seek=len, samplerate=8000),
            r"cannot be read; read it: \(file\.read\(\), file\.samplerate\)",
        ),
    ],
)
def test_anything_else_is_a_type_error(sound, message):
    with pytest.raises(TypeError, match=message):
        as_sound(sound)


def test_impossible_samples_and_rates():
    with pytest.raises(ValueError, match=r"got \(2, 1000\), more channels than samples\. Transpose them: samples\.T"):
        as_sound((STEREO.T, 8000))
    with pytest.raises(ValueError, match=r"waveform.*\(channels, samples\); got \(1000, 2\)"):
        as_sound({"waveform": STEREO, "sample_rate": 8000})
    with pytest.raises(AudioError, match="sample_rate=8000.0 must be an integer"):
        as_sound((STEREO, 8000.0))
    with pytest.raises(AudioError, match="samples must be floats .* or int16; got int64"):
        as_sound((STEREO.astype(np.int64), 8000))
