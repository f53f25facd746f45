"""A resampler that does not notice the cuts."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.signal import resample_poly

from lightdiar.errors import AudioError
from lightdiar.io.resample import LARGEST_TERM, Resampler, _lowpass, resample

RATES = [8000, 11025, 16000, 22050, 44100, 48000, 96000]


def noise(n_samples, n_channels=1, seed=0):
    return np.random.default_rng(seed).uniform(-0.5, 0.5, (n_samples, n_channels)).astype(np.float32)


def tone(frequency, sample_rate, seconds=1.0, amplitude=0.5):
    return amplitude * np.sin(2 * np.pi * frequency * np.arange(int(seconds * sample_rate)) / sample_rate)


@pytest.mark.parametrize("orig_rate", RATES)
@pytest.mark.parametrize("target_rate", [8000, 16000, 44100])
def test_resample_equals_resample_poly_with_the_same_filter(orig_rate, target_rate):
    samples = noise(5001)[:, 0]
    common = np.gcd(orig_rate, target_rate)
    up, down = target_rate // common, orig_rate // common
    ours = resample(samples, orig_rate, target_rate)
    assert len(ours) == -(-5001 * up // down)
    theirs = samples if up == down else resample_poly(samples.astype(float), up, down, window=_lowpass(up, down) / up)
    assert np.abs(ours - theirs).max() < 1e-6


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(RATES), st.sampled_from([8000, 16000]), st.lists(st.integers(0, 1500), max_size=12))
def test_resampling_does_not_notice_cuts(orig_rate, target_rate, lengths):
    samples = noise(sum(lengths))[:, 0]
    resampler = Resampler(orig_rate, target_rate)
    pieces = [resampler.push(piece) for piece in np.split(samples, np.cumsum(lengths)[:-1])]
    in_pieces = np.concatenate([*pieces, resampler.flush()])
    assert in_pieces.dtype == np.float32
    assert in_pieces.tobytes() == resample(samples, orig_rate, target_rate).tobytes()


@pytest.mark.parametrize("orig_rate", [r for r in RATES if r != 16000])
@pytest.mark.parametrize("frequency", [200, 3000])
def test_a_tone_keeps_its_frequency_and_amplitude(orig_rate, frequency):
    ours = resample(tone(frequency, orig_rate), orig_rate, 16000)
    assert np.abs(ours - tone(frequency, 16000))[500:-500].max() < 0.5e-3


def test_speech_band_passes_and_aliases_are_60_db_down():
    passed, alias = (resample(tone(f, 44100), 44100, 16000)[500:-500] for f in (7300, 9000))
    assert np.sqrt(2) * passed.std() == pytest.approx(0.5, rel=0.01)
    assert np.sqrt(2) * alias.std() < 0.5 * 10 ** (-60 / 20)
    image = resample(tone(3000, 8000), 8000, 16000)[500:-500] * np.hanning(15000)
    spectrum = np.abs(np.fft.rfft(image))
    assert spectrum[len(spectrum) // 2 + 100 :].max() < spectrum.max() * 10 ** (-60 / 20)


def test_resample_refuses_rates_nobody_has():
    with pytest.raises(AudioError, match="sample_rate=2000000000 must be an integer from 1000 to 384000 Hz"):
        resample(np.zeros(10), 2_000_000_000, 16000)


def test_the_longest_filter(monkeypatch):
    assert LARGEST_TERM == 50_000
    for orig_rate, target_rate in ((50_001, 16_000), (16_000, 50_001), (383_999, 16_000)):
        with pytest.raises(AudioError, match=f"^{orig_rate} Hz to {target_rate} Hz is a ratio of .* up to 50000 are"):
            resample(np.zeros(100), orig_rate, target_rate)
    for usual in (192_000, 352_800, 384_000, 48_048, 96_096):
        Resampler(usual, 16_000)
    monkeypatch.setattr("lightdiar.io.resample.LARGEST_TERM", 441)
    assert len(resample(np.zeros(441), 44_100, 16_000)) == 160
    monkeypatch.setattr("lightdiar.io.resample.LARGEST_TERM", 440)
    with pytest.raises(AudioError, match="44100 Hz to 16000 Hz is a ratio of 160 to 441"):
        resample(np.zeros(441), 44_100, 16_000)
