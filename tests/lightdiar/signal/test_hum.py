import numpy as np
import pytest

from lightdiar.signal.hum import without_hum

RATE = 16000


def noise(seconds, seed=0):
    return (0.05 * np.random.default_rng(seed).normal(size=round(seconds * RATE))).astype(np.float32)


def tone(frequency, n_samples, decibels=0.0):
    """A sine with the power of `noise`, or `decibels` more."""
    return 0.05 * 10 ** (decibels / 20) * np.sqrt(2) * np.sin(2 * np.pi * frequency * np.arange(n_samples) / RATE)


def rumble(n_samples, decibels):
    """Noise below 60 Hz with the power of `noise`, or `decibels` more."""
    spectrum = np.fft.rfft(np.random.default_rng(1).normal(size=n_samples))
    frequency = np.fft.rfftfreq(n_samples, 1 / RATE)
    wave = np.fft.irfft(spectrum * ((frequency > 5) & (frequency < 60)), n_samples)
    return 0.05 * 10 ** (decibels / 20) * wave / wave.std()


def clean(samples, *lengths):
    """The sound without hum, given in blocks of these lengths and then in one."""
    edges = np.cumsum(lengths, dtype=int)
    return np.concatenate(list(without_hum(np.split(samples, edges))))


def below(samples, frequency):
    """The sound below a frequency."""
    spectrum = np.fft.rfft(samples)
    spectrum[round(frequency * len(samples) / RATE) :] = 0
    return np.fft.irfft(spectrum, len(samples))


def rms(samples):
    return np.sqrt(np.mean(np.square(samples, dtype=np.float64)))


@pytest.mark.parametrize("seconds", [0, 4.9, 5, 9, 16.01, 24])
def test_sound_without_hum_does_not_change_by_a_bit(seconds):
    samples = noise(seconds)
    assert np.array_equal(clean(samples), samples)


@pytest.mark.parametrize("lengths", [[1, 127999], [333] * 600, [256001, 0, 7]])
def test_the_cut_of_the_stream_does_not_matter(lengths):
    samples = (noise(31) + tone(50, 31 * RATE)).astype(np.float32)
    assert np.array_equal(clean(samples, *lengths), clean(samples))


@pytest.mark.parametrize("decibels", [0, 20])
@pytest.mark.parametrize(
    ("frequencies", "seconds"),
    [([50], 5), ([60, 120, 180, 240, 540], 20.37), ([50.02, 100.04], 17), ([49.8, 199.2], 25)],
)
def test_tones_go_and_the_rest_stays(frequencies, seconds, decibels):
    """What is left differs from the sound without hum by less than a tenth of it, up to the edges."""
    samples = noise(seconds)
    hum = sum(tone(frequency, len(samples), decibels) for frequency in frequencies)
    difference = clean((samples + hum).astype(np.float32)) - samples
    assert rms(difference) < 0.1 * rms(samples)
    assert rms(difference[: RATE // 2]) < 0.2 * rms(samples)
    assert rms(difference[-RATE // 2 :]) < 0.2 * rms(samples)


@pytest.mark.parametrize(("seconds", "gone"), [(4.99, False), (5.0, True)])
def test_a_sound_too_short_to_know_hum_from_a_vowel_is_left_alone(seconds, gone):
    samples = (noise(seconds) + tone(150, round(seconds * RATE))).astype(np.float32)
    assert np.array_equal(clean(samples), samples) is not gone


def test_a_tone_of_some_seconds_is_no_hum():
    """Sung, played or beeped: 1 s in 20."""
    samples = noise(20)
    samples[160000:176000] += tone(300, 16000, -10).astype(np.float32)
    assert np.array_equal(clean(samples), samples)


@pytest.mark.parametrize(("frequency", "gone"), [(99, False), (99.6, True), (300, True), (504, False), (1050, False)])
def test_tones_of_other_frequencies_are_no_hum(frequency, gone):
    """Within 0.5 % of a multiple of 50 or 60 Hz, up to 1000 Hz."""
    samples = (noise(20) + tone(frequency, 20 * RATE)).astype(np.float32)
    assert np.array_equal(clean(samples), samples) is not gone


def test_a_loop_is_no_hum():
    """What repeats every second has a tone each hertz, none of which stands out."""
    samples = np.tile(noise(1), 20)
    assert np.array_equal(clean(samples), samples)


@pytest.mark.parametrize(("decibels", "left"), [(-4, -4), (-2, -9), (0, -21), (1, -22), (20, -22)])
def test_rumble_stays_up_to_3_db_below_the_rest_and_goes_beyond(decibels, left):
    """Below -3 dB nothing changes; each dB more leaves 6 dB less (-2 dB: -3 - 6), down to -22."""
    samples = noise(20) - below(noise(20), 90)
    samples *= 0.05 / rms(samples)
    loud = (samples + rumble(len(samples), decibels)).astype(np.float32)
    found = clean(loud)
    assert 20 * np.log10(rms(below(found, 60)) / 0.05) == pytest.approx(left, abs=0.7)
    assert rms(found - below(found, 95) - (samples - below(samples, 95))) < 0.05 * 0.05
    assert np.array_equal(found, loud) == (decibels == -4)


def test_an_offset_is_neither():
    samples = noise(20) + np.float32(0.5)
    assert np.array_equal(clean(samples), samples)


@pytest.mark.parametrize("value", [0.0, 0.25])
def test_silence_stays(value):
    samples = np.full(20 * RATE, value, np.float32)
    assert abs(clean(samples) - samples).max() <= 1e-6 * value


@pytest.mark.parametrize("gain", [0.1, 10, 1e-6, 1e9])
def test_gain_goes_through(gain):
    samples = noise(20) + tone(50, 20 * RATE)
    loud = clean((samples * gain).astype(np.float32))
    assert abs(loud / gain - clean(samples.astype(np.float32))).max() < 1e-6


def test_a_sample_that_is_no_number_is_passed_on_in_its_place():
    samples = (noise(60) + tone(50, 60 * RATE)).astype(np.float32)
    samples[30 * RATE] = np.nan
    found = clean(samples)
    assert np.flatnonzero(np.isnan(found)).tolist() == [30 * RATE]
    assert rms(found[: 10 * RATE] - noise(60)[: 10 * RATE]) < 0.1 * 0.05


def test_the_input_is_left_alone():
    samples = (noise(20) + tone(50, 20 * RATE)).astype(np.float32)
    before = samples.copy()
    clean(samples)
    assert np.array_equal(samples, before)
