"""Formats that cannot seek, and errors of libsndfile at every step."""

import numpy as np
import pytest
import soundfile

from lightdiar.errors import AudioError, DoubtfulResultWarning
from lightdiar.io.audio import blocks, duration, read

TONE = (0.4 * np.sin(2 * np.pi * 300 * np.arange(32000) / 8000)).astype(np.float32)


@pytest.mark.parametrize(("n_channels", "order"), [(6, "L C R l r low"), (8, "L C R s S l r low")])
@pytest.mark.parametrize("subtype", ["VORBIS", "OPUS"])
def test_of_vorbis_and_opus_too_the_centre_comes_third(tmp_path, subtype, n_channels, order):
    """Vorbis I specification, 4.3.9: the centre second, the low frequencies last; a tone is in the centre."""
    samples = np.zeros((48000, n_channels), np.float32)
    samples[:, order.split().index("C")] = 0.4 * np.sin(2 * np.pi * 300 * np.arange(48000) / 48000)
    soundfile.write(tmp_path / "a.ogg", samples, 48000, format="OGG", subtype=subtype)
    powers = [np.vdot(heard, heard) for heard in (one(tmp_path / "a.ogg", k + 1) for k in range(n_channels))]
    assert int(np.argmax(powers)) == 2 and powers[2] > 100 * sorted(powers)[-2]
    mix = read(tmp_path / "a.ogg").samples[4800:43200]
    assert np.abs(mix).max() == pytest.approx(0.2, abs=0.02)  # it counts double


def one(path, channel):
    return np.concatenate(list(blocks(path, 48000, channel=channel)))


@pytest.mark.parametrize(
    ("form", "subtype", "tolerance"),
    [
        ("WAV", "GSM610", 0.1),
        ("AIFF", "GSM610", 0.1),
        ("AU", "G721_32", 0.1),
        ("AU", "G723_24", 0.3),
        ("WAV", "G721_32", 0.1),
        ("WAV", "NMS_ADPCM_16", 0.5),
        ("WAV", "NMS_ADPCM_32", 0.2),
        ("XI", "DPCM_16", 0.01),
        ("WAV", "IMA_ADPCM", 0.1),
        ("VOC", "ULAW", 0.05),
    ],
)
def test_formats_of_telephones_and_trackers_are_read_whole(tmp_path, form, subtype, tolerance, recwarn):
    path = tmp_path / "a.wav"
    soundfile.write(path, TONE, 8000, format=form, subtype=subtype)
    audio = read(path)
    n_samples = len(audio.samples)
    assert 32000 <= n_samples < 33000 and not recwarn.list
    lag = np.correlate(audio.samples[4000:5000], TONE[3900:5100]).argmax() - 100
    assert np.abs(audio.samples[4000:5000] - TONE[4000 + lag : 5000 + lag]).max() < tolerance
    piece = read(path, start=1.25, end=2.5).samples
    assert np.array_equal(piece, audio.samples[int(1.25 * audio.sample_rate) : int(2.5 * audio.sample_rate)])
    assert len(read(path, start=99).samples) == 0
    assert duration(path) == n_samples / audio.sample_rate
    assert sum(len(block) for block in blocks(path, audio.sample_rate)) == n_samples


@pytest.mark.parametrize("form", ["VOC", "SVX", "MAT4"])
def test_half_of_a_file_is_not_taken_for_the_whole(tmp_path, form, recwarn):
    path = tmp_path / "a"
    soundfile.write(path, TONE, 8000, format=form, subtype="PCM_16")
    assert read(path).duration == 4.0 and not recwarn.list
    path.write_bytes(path.read_bytes()[:32000])
    with pytest.warns(DoubtfulResultWarning, match=r"is shorter than its header says; the 1\.99\d s that"):
        read(path)


def test_what_is_only_called_mp3_is_left_to_ffmpeg(tmp_path, no_ffmpeg):
    path = tmp_path / "a.mp3"
    soundfile.write(path, TONE, 8000)
    path.write_bytes(bytes(100) + path.read_bytes()[:1000] + np.random.default_rng(0).bytes(50_000))
    with pytest.raises(AudioError, match=r"a\.mp3: soundfile cannot read it as audio, and there is no ffmpeg"):
        read(path)
    soundfile.write(path, TONE, 8000, format="WAV")
    assert read(path).duration == 4.0


def test_an_mp3_that_begins_within_a_frame(tmp_path):
    path = tmp_path / "a.mp3"
    soundfile.write(path, TONE, 8000)
    path.write_bytes(path.read_bytes()[100:])
    with pytest.warns(DoubtfulResultWarning, match=r"is damaged \(\d+ of its \d+ bytes are no sound\); the 4\.1"):
        read(path)


def flac(path, seconds=8):
    noise = np.random.default_rng(0).uniform(-0.5, 0.5, seconds * 16000)
    soundfile.write(path, noise, 16000)
    return bytearray(path.read_bytes())


@pytest.mark.parametrize("damage", [b"\x55", b"\xaa", b"\x3c", b"\0"])
def test_flac_damaged_in_the_middle_is_read_on_in_time(tmp_path, damage):
    path = tmp_path / "a.flac"
    data = flac(path)
    whole = read(path).samples
    data[len(data) // 2 : len(data) // 2 + 100] = damage * 100
    path.write_bytes(data)
    with pytest.warns(
        DoubtfulResultWarning, match=r"is damaged \(.*flac decoder.*\).*; the 8\.000 s that could be read"
    ):
        damaged = read(path).samples
    assert np.array_equal(damaged[:60000], whole[:60000]) and np.array_equal(damaged[-50000:], whole[-50000:])
    with pytest.warns(DoubtfulResultWarning):
        assert np.array_equal(np.concatenate(list(blocks(path))), damaged)
    assert np.array_equal(read(path, end=2.0).samples, whole[:32000])  # before the damage: nothing to warn of
    assert np.array_equal(read(path, start=5, end=6).samples, whole[80000:96000])  # behind it, neither


def test_what_was_decoded_before_the_damage_is_kept(tmp_path):
    path = tmp_path / "a.flac"
    data = flac(path)
    whole = read(path).samples
    path.write_bytes(data[: len(data) // 2 + 50])
    with pytest.warns(DoubtfulResultWarning, match="is damaged"):
        cut = read(path).samples
    assert 60000 < len(cut) < 66000 and np.array_equal(cut, whole[: len(cut)])


class Breaking(soundfile.SoundFile):
    """A file whose `broken` step fails as libsndfile fails."""

    broken = ""

    def fail(self, step):
        if self.broken == step:
            raise soundfile.SoundFileRuntimeError(f"Error : cannot {step}.")

    def read(self, *arguments, **options):
        self.fail("read")
        return super().read(*arguments, **options)

    def seek(self, *arguments):
        self.fail("seek")
        return super().seek(*arguments)

    def close(self):
        was_closed = self.closed
        super().close()
        if not was_closed:
            self.fail("close")


@pytest.mark.parametrize("step", ["seek", "close", "read"])
def test_every_step_that_fails_is_told_or_done_otherwise(tmp_path, monkeypatch, step):
    path = tmp_path / "a.wav"
    soundfile.write(path, TONE, 8000)
    expected = read(path).samples
    monkeypatch.setattr(soundfile, "SoundFile", type("Broken", (Breaking,), {"broken": step}))
    if step == "read":
        with pytest.raises(ValueError, match=r"a\.wav: is damaged \(cannot read\); nothing could be read"):
            read(path)
        return
    assert np.array_equal(read(path).samples, expected)
    assert np.array_equal(read(path, start=1.5, end=2).samples, expected[12000:16000])
    assert duration(path) == 4.0
