import os
from pathlib import Path

import numpy as np
import pytest

from lightdiar.signal import pitch
from lightdiar.signal.pitch import f0

RATE = 16000


def tone(frequency, duration=0.5, sample_rate=RATE):
    return np.sin(2 * np.pi * frequency * np.arange(int(duration * sample_rate)) / sample_rate + 0.3)


def harmonics(frequency, numbers, duration=0.5, sample_rate=RATE):
    return sum(tone(number * frequency, duration, sample_rate) for number in numbers)


def pulses(frequency, sample_rate=RATE):
    """All harmonics below half the rate: their sum is that of a geometric series."""
    n = int(sample_rate / 2 / frequency) - 1
    angle = 2 * np.pi * frequency * np.arange(int(0.5 * sample_rate)) / sample_rate
    z = np.exp(1j * angle)
    with np.errstate(invalid="ignore"):
        total = np.where(abs(z - 1) < 1e-9, n, z * (z**n - 1) / (z - 1))
    return (total * np.exp(0.3j)).imag


def test_pulses_are_the_sum_of_their_harmonics():
    for frequency, sample_rate in ((62.0, 8000), (100.0, 16000), (203.7, 22050)):
        every = range(1, int(sample_rate / 2 / frequency))
        assert abs(pulses(frequency, sample_rate) - harmonics(frequency, every, 0.5, sample_rate)).max() < 1e-6


def inner(track):
    """Without the frames that reach beyond the end of the sound."""
    return track.f0[: -len(track.f0) // 10]


def noise(seconds, seed=0):
    return np.random.default_rng(seed).normal(size=int(seconds * RATE))


@pytest.fixture
def voices():
    """Three seconds: silence, a glide, noise, a tone with overtones, silence."""
    t = np.arange(RATE) / RATE
    glide = np.sin(2 * np.pi * (100 * t + 40 * t**2))
    chord = harmonics(210.5, [1, 2, 3], 0.5)
    quiet = np.zeros(RATE // 4)
    return np.concatenate([quiet, glide, 0.3 * noise(0.8), chord, quiet])


@pytest.mark.parametrize("sample_rate", [8000, 16000, 22050, 44100, 48000])
@pytest.mark.parametrize("frequency", [62.0, 110.3, 203.7, 268.3, 391.0])
def test_tones_and_pulse_trains_to_a_tenth_of_a_per_cent(frequency, sample_rate):
    for sound in (tone(frequency, sample_rate=sample_rate), pulses(frequency, sample_rate)):
        track = f0(sound, sample_rate)
        np.testing.assert_allclose(inner(track), frequency, rtol=1e-3)
        assert track.strength[:-6].min() > 0.97


def test_a_glide_is_followed_within_one_per_cent():
    t = np.arange(2 * RATE) / RATE
    track = f0(np.sin(2 * np.pi * (90 * t + 60 * t**2)), RATE)
    expected = 90 + 120 * track.grid.times(len(track.f0))
    np.testing.assert_allclose(inner(track), expected[: len(inner(track))], rtol=0.01)


def test_missing_fundamental():
    np.testing.assert_allclose(inner(f0(harmonics(120, [3, 4, 5, 6]), RATE)), 120, rtol=1e-3)


@pytest.mark.parametrize("weights", [(1, 3), (3, 1), (1, 9)])
def test_strong_or_weak_second_harmonic_does_not_move_the_octave(weights):
    sound = weights[0] * tone(150) + weights[1] * tone(300) + 0.5 * weights[0] * tone(450)
    np.testing.assert_allclose(inner(f0(sound, RATE)), 150, rtol=1e-3)


def test_of_equal_peaks_the_highest_frequency_within_range_is_meant():
    np.testing.assert_allclose(inner(f0(tone(390), RATE)), 390, rtol=1e-3)  # not 195, 130, ...
    np.testing.assert_allclose(inner(f0(tone(390), RATE, fmin=20)), 390, rtol=1e-3)  # 19 equal peaks
    np.testing.assert_allclose(inner(f0(tone(390), RATE, fmax=300)), 195, rtol=1e-3)


def test_the_ends_of_the_range():
    np.testing.assert_allclose(inner(f0(tone(80.3), RATE, fmin=80)), 80.3, rtol=1e-3)
    np.testing.assert_allclose(inner(f0(tone(299), RATE, fmax=300)), 299, rtol=1e-3)
    assert np.isnan(inner(f0(tone(79.8), RATE, fmin=80))).all()


def test_white_noise_is_unvoiced():
    track = f0(noise(5), RATE)
    assert np.isnan(track.f0).mean() > 0.98
    assert 0 < np.median(track.strength) < 0.4


def test_voicing_threshold_lets_noise_in():
    assert np.isnan(f0(noise(1), RATE, voicing_threshold=0.0).f0).mean() < 0.1


def test_quiet_sound_is_unvoiced_but_periodic():
    sound = np.concatenate([tone(150), 0.01 * tone(150)])
    track = f0(sound, RATE)
    assert not np.isnan(track.f0[:40]).any()
    assert np.isnan(track.f0[60:]).all()
    assert track.strength[60:90].min() > 0.98
    assert not np.isnan(f0(sound, RATE, silence_threshold=0.005).f0[60:90]).any()


def test_a_click_does_not_silence_the_rest():
    sound = 0.001 * tone(150, 5.0)
    sound[RATE] = 1.0
    assert np.isnan(f0(sound, RATE).f0).mean() < 0.05


@pytest.mark.parametrize("level", [0.0, 0.3, -12345.678])
def test_a_constant_is_unvoiced(level):
    track = f0(np.full(RATE, level), RATE, silence_threshold=0.0)
    assert np.isnan(track.f0[:-6]).all()  # the last frames hold the step down to the zeros behind the end
    assert (track.strength[:-6] == 0).all()


def test_no_samples_no_frames():
    track = f0([], RATE)
    assert track.f0.shape == track.strength.shape == (0,)


@pytest.mark.parametrize("n_samples", [1, 2, 10, 500, 800, 801])
def test_very_short_sounds(n_samples):
    track = f0(noise(0.1)[:n_samples], RATE)
    assert track.f0.shape == track.strength.shape == (1 if n_samples <= 800 else 2,)


def test_frames_lie_where_the_grid_says(voices):
    for step in (0.005, 0.010, 0.020, 0.1):
        track = f0(voices, RATE, step=step)
        assert (track.grid.window, track.grid.step) == (0.05, step)
        assert len(track.f0) == len(track.strength) == track.grid.n_frames(len(voices))
    track = f0(voices, RATE)
    glide, chord = track.grid.segments(~np.isnan(track.f0))
    assert (glide.start, glide.end) == pytest.approx((0.25, 1.25), abs=0.03)
    assert (chord.start, chord.end) == pytest.approx((2.05, 2.55), abs=0.03)


def test_strength_and_f0_stay_in_range(voices):
    track = f0(voices + 0.01 * noise(3)[: len(voices)], RATE, fmin=80, fmax=300)
    assert (track.strength >= 0).all() and (track.strength <= 1).all()
    assert np.nanmin(track.f0) >= 80 and np.nanmax(track.f0) <= 300
    below_zero = f0(tone(50) + 0.5 * tone(115), RATE, fmin=100, fmax=130)  # the only peak in range
    assert (below_zero.strength[:-6] == 0).all() and np.isnan(below_zero.f0[:-6]).all()


@pytest.mark.parametrize("gain, offset", [(10, 0), (0.1, 0), (-1, 0), (32768, 0), (1, 0.2), (-0.5, -0.1)])
def test_gain_polarity_and_offset_do_not_matter(voices, gain, offset):
    sound = voices + 0.01 * noise(3)[: len(voices)]
    plain, changed = f0(sound, RATE), f0(gain * sound + offset, RATE)
    np.testing.assert_allclose(changed.f0[:-6], plain.f0[:-6], rtol=1e-4)
    np.testing.assert_allclose(changed.strength[:-6], plain.strength[:-6], atol=1e-4)


@pytest.mark.parametrize("block", [1, 7, 50, 100000])
def test_size_of_a_block_changes_nothing(voices, monkeypatch, block):
    sound = voices + 0.01 * noise(3)[: len(voices)]
    expected = f0(sound, RATE)
    monkeypatch.setattr(pitch, "_BLOCK", block)
    track = f0(sound, RATE)
    np.testing.assert_array_equal(track.f0, expected.f0)
    np.testing.assert_array_equal(track.strength, expected.strength)


@pytest.mark.parametrize("seed", range(8))
def test_the_path_is_the_best_of_all_paths(seed):
    rng = np.random.default_rng(seed)
    n_frames, n_voiced, step = 6, 2, 0.020
    unvoiced, voiced = rng.uniform(0, 1, n_frames), rng.uniform(0, 1, (n_frames, n_voiced))
    octave = rng.normal(0, 2, (n_frames, n_voiced))
    voiced[2, 1:] = octave[2, 1:] = np.nan

    def worth(states):
        total = 0.0
        for i, state in enumerate(states):
            total += unvoiced[i] if state == 0 else voiced[i, state - 1]
            if i and (state == 0) != (states[i - 1] == 0):
                total -= 0.14 / 2  # costs hold for 10 ms; frames are 20 ms apart
            elif i and state:
                total -= 0.35 / 2 * abs(octave[i, state - 1] - octave[i - 1, states[i - 1] - 1])
        return total

    every = np.stack(np.meshgrid(*[range(n_voiced + 1)] * n_frames, indexing="ij"), -1).reshape(-1, n_frames)
    best = max((tuple(states) for states in every if states[2] < 2), key=worth)
    assert tuple(pitch._best_path(unvoiced, voiced, octave, step)) == best


def test_the_sound_is_left_alone(voices):
    before = voices.copy()
    f0(voices, RATE)
    np.testing.assert_array_equal(voices, before)


def test_whole_numbers_are_sound_too():
    np.testing.assert_allclose(inner(f0((20000 * tone(150)).astype(np.int16), RATE)), 150, rtol=1e-3)


@pytest.mark.parametrize(
    "options, message",
    [
        ({"fmin": 400}, r"fmin=400 Hz, fmax=400.0 Hz: need 0 < fmin < fmax <= 2000 Hz; fmin=60, fmax=400"),
        ({"fmin": 0}, r"fmin=0 Hz"),
        ({"fmax": 3000}, r"fmax=3000 Hz"),
        ({"sample_rate": 600}, r"fmax <= 300 Hz"),
        ({"voicing_threshold": 45}, r"voicing_threshold=45, .* between 0 and 1; 0.5"),
        ({"silence_threshold": -1}, r"silence_threshold=-1: .* 0.03"),
        ({"step": 0}, r"step=0 s"),
        ({"samples": np.zeros((2, 800))}, r"shape \(2, 800\); give one channel"),
        ({"samples": np.repeat([0.0, np.nan], RATE)}, r"NaN or infinity between 0.00 and 1.3"),
    ],
)
def test_errors_say_what_would_work(options, message):
    with pytest.raises(ValueError, match=message):
        f0(**({"samples": np.zeros(RATE), "sample_rate": RATE} | options))


def test_as_good_as_praat_on_real_speech():
    parselmouth = pytest.importorskip("parselmouth", reason="parselmouth is not installed")
    soundfile = pytest.importorskip("soundfile")
    if "LIGHTDIAR_SHARED" not in os.environ:
        pytest.skip("LIGHTDIAR_SHARED does not name the folder with the FDA utterances")
    ours, praats, references = [], [], []
    for path in sorted(Path(os.environ["LIGHTDIAR_SHARED"], "corpora/dev/f0").glob("*.flac")):
        samples, sample_rate = soundfile.read(path)
        reference = np.loadtxt(path.with_suffix(".f0ref"))
        moments = np.arange(len(reference)) * 0.015
        track = f0(samples, sample_rate)
        theirs = parselmouth.Sound(samples, sample_rate).to_pitch_ac(0.010, 60.0, pitch_ceiling=400.0)
        ours.append(at(moments, track.grid.times(len(track.f0)), np.nan_to_num(track.f0)))
        praats.append(at(moments, theirs.xs(), theirs.selected_array["frequency"]))
        references.append(reference)
    ours, praats, references = map(np.concatenate, (ours, praats, references))
    assert (gross_and_total(references, ours) <= gross_and_total(references, praats) + 0.005).all()
    gross, total = gross_and_total(praats, ours)
    assert gross < 0.005 and total < 0.05


def at(moments, times, values):
    return values[np.searchsorted((times[1:] + times[:-1]) / 2, moments)]


def gross_and_total(reference, estimate):
    both = (reference > 0) & (estimate > 0)
    gross = np.abs(estimate[both] / reference[both] - 1) > 0.2
    wrong = ((reference > 0) != (estimate > 0)).sum() + gross.sum()
    return np.array([gross.mean(), wrong / len(reference)])
