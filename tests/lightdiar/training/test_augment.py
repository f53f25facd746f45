import itertools

import numpy as np
import pytest
from scipy.signal import lfilter, welch

from lightdiar.signal.pitch import f0
from lightdiar.training import augment
from lightdiar.training.augment import CONDITIONS, bed, copy, hiss, level, microphone, room, vary
from lightdiar.training.synthesis import VOICES, synthesize_speech

EACH_CONDITION = pytest.mark.parametrize("condition", sorted(set(CONDITIONS)))


@pytest.fixture(scope="module")
def backgrounds():
    rng = np.random.default_rng(9)
    tune = np.sin(2 * np.pi * 440 * np.arange(8000) / 16000).astype(np.float32)
    return {"noise": [rng.normal(size=20000).astype(np.float32)], "music": [tune], "empty kind": []}


def rms(samples):
    return np.sqrt(np.mean(np.square(samples, dtype=float)))


def decibels(ratio):
    return 20 * np.log10(ratio)


def signal_to_noise(mixture, speech):
    """Decibels between what `speech` explains of `mixture` and the rest."""
    gain = mixture @ speech / (speech @ speech)
    return decibels(rms(gain * speech) / rms(mixture - gain * speech))


@EACH_CONDITION
def test_the_same_seed_gives_the_same_copy(voice, backgrounds, condition):
    one, two, other = (copy(voice, condition, np.random.default_rng(seed), backgrounds) for seed in (1, 1, 2))
    assert np.array_equal(one, two)
    assert not np.array_equal(one, other)


@EACH_CONDITION
@pytest.mark.parametrize("n_samples", [0, 1, 37, 16000])
def test_copies_keep_their_length(voice, rng, backgrounds, condition, n_samples):
    out = copy(voice[:n_samples], condition, rng, backgrounds)
    assert out.shape == (n_samples,) and out.dtype == np.float32
    assert np.isfinite(out).all()


@EACH_CONDITION
def test_the_input_is_left_alone_and_the_level_is_drawn_anew(voice, backgrounds, condition):
    before = voice.copy()
    levels = [decibels(rms(copy(voice, condition, np.random.default_rng(seed), backgrounds))) for seed in range(15)]
    assert np.array_equal(voice, before)
    assert -36.01 < min(levels) < -30 and -22 < max(levels) < -15.99


@EACH_CONDITION
def test_silence_becomes_hiss(rng, backgrounds, condition):
    out = copy(np.zeros(8000, np.float32), condition, rng, backgrounds)
    assert np.isfinite(out).all() and 0.01 < rms(out) < 0.2


def test_clean_copies_hold_hiss_18_to_35_decibels_below_the_speech(voice, backgrounds):
    copies = [copy(voice, "clean", np.random.default_rng(seed), backgrounds) for seed in range(20)]
    ratios = [signal_to_noise(mixture, voice) for mixture in copies]
    assert 17.9 < min(ratios) < 22 and 31 < max(ratios) < 35.1


def test_film_copies_hold_a_bed_3_to_20_decibels_below_the_speech(voice, backgrounds, monkeypatch):
    monkeypatch.setattr(augment, "room", lambda rng, reverberation_time: np.ones(1))
    copies = [copy(voice, "film", np.random.default_rng(seed), backgrounds) for seed in range(20)]
    ratios = [signal_to_noise(mixture, voice) for mixture in copies]
    assert 2.5 < min(ratios) < 6 and 15 < max(ratios) < 20.1


def test_loud_peaks_are_not_clipped(rng):
    clicks = np.zeros(16000, np.float32)
    clicks[::4000] = 1
    copies = [copy(clicks, "clean", rng, {}) for _ in range(20)]
    crest = [np.abs(c).max() / rms(c) for c in copies]
    assert max(np.abs(c).max() for c in copies) > 1
    assert min(crest) > 0.9 * 1 / rms(clicks)


def test_a_telephone_passes_its_band_only(backgrounds):
    noise = np.random.default_rng(3).normal(size=64000)
    for seed in range(5):
        f, power = welch(copy(noise, "phone", np.random.default_rng(seed), backgrounds), 16000, nperseg=1024)
        band = power[(f > 500) & (f < 2500)].mean()
        assert power[(f > 4800) & (f < 7800)].mean() < 10**-1.4 * band
        assert power[(f > 500) & (f < 1000)].mean() == pytest.approx(band, rel=0.2)


@pytest.mark.parametrize("reverberation_time", [0.2, 0.5, 0.9])
def test_a_room_decays_by_60_decibels_in_its_reverberation_time(rng, reverberation_time):
    response = room(rng, reverberation_time)
    assert response[0] == 1 and not response[1:48].any()
    assert 2 <= -10 * np.log10(np.sum(response[1:] ** 2)) <= 12
    t, power = np.arange(48, len(response)) / 16000, np.log10(response[48:] ** 2 + 1e-30)
    assert 10 * np.polyfit(t, power, 1)[0] == pytest.approx(-60 / reverberation_time, rel=0.05)


def test_far_from_the_microphone_the_tail_is_louder_than_the_direct_sound(rng):
    levels = [10 * np.log10(np.sum(room(rng, 1.0, below=(-12, 4))[1:] ** 2)) for _ in range(40)]
    assert -4 <= min(levels) < 0 and 8 < max(levels) <= 12


def test_far_rooms_are_as_small_as_a_bathroom_and_as_large_as_a_church(monkeypatch):
    monkeypatch.setattr(augment, "room", lambda rng, seconds, below: (seconds, below))
    seconds, below = zip(*(augment.far_room(np.random.default_rng(seed)) for seed in range(50)))
    assert 0.2 <= min(seconds) < 0.3 and 3 < max(seconds) <= 4 and set(below) == {(-12.0, 4.0)}


def test_a_microphone_colours_octaves_and_may_lack_bass_or_treble():
    noise = np.random.default_rng(3).normal(size=160_000)
    hertz = welch(noise, 16000, nperseg=2048)[0]
    heard = [microphone(np.random.default_rng(seed), noise) for seed in range(60)]
    assert all(len(samples) == len(noise) for samples in heard)
    gain = 10 * np.log10(
        np.array([welch(x, 16000, nperseg=2048)[1] / welch(noise, 16000, nperseg=2048)[1] for x in heard])
    )
    bass, low, high, treble = (gain[:, np.argmin(abs(hertz - at))] for at in (30, 1000, 2000, 7700))
    assert np.std(high - low) == pytest.approx(4, abs=1)
    assert np.mean(bass - low < -20) == pytest.approx(0.3, abs=0.15)
    assert np.mean(treble - high < -15) == pytest.approx(0.25, abs=0.15)


def test_a_microphone_does_not_move_what_is_heard(rng):
    click = np.zeros(16000)
    click[8000] = 1
    assert all(abs(np.argmax(abs(microphone(rng, click))) - 8000) <= 2 for _ in range(20))
    assert microphone(rng, click[:100]).shape == (100,)


def test_a_room_smears_a_click(rng, backgrounds):
    click = np.zeros(16000)
    click[0] = 1
    clean, wet = (copy(click, c, np.random.default_rng(0), backgrounds) for c in ("clean", "room"))
    assert rms(wet[800:3000]) > 2 * rms(clean[800:3000])


def test_levels_are_root_mean_squares(voice):
    assert decibels(rms(level(voice))) == pytest.approx(-26, abs=1e-4)
    assert decibels(rms(level(voice * 1e-3, -40))) == pytest.approx(-40, abs=1e-4)
    assert level(np.zeros(3)).tolist() == [0, 0, 0]
    assert level(np.zeros(0)).shape == (0,)


def test_hiss_and_beds_have_unit_level_and_the_length_asked_for(rng, backgrounds):
    for n_samples in (100, 16000, 100_000):
        assert rms(hiss(rng, n_samples)) == pytest.approx(1, rel=1e-3)
        background = bed(rng, backgrounds, n_samples)
        assert background.shape == (n_samples,) and rms(background) == pytest.approx(1, rel=1e-3)


def test_hiss_is_louder_below(rng):
    f, power = welch(hiss(rng, 64000), 16000)
    assert power[f < 1000].mean() > 20 * power[f > 4000].mean()


def test_beds_draw_every_kind(backgrounds):
    def hums(samples):  # one clip that is a tone has its power in one line
        _, power = welch(samples, 16000, nperseg=2048)
        return power.max() > 0.3 * power.sum()

    found = [hums(bed(np.random.default_rng(seed), backgrounds, 16000)) for seed in range(20)]
    assert 2 < sum(found) < 18


def test_variation_changes_the_speed(rng):
    tone = np.sin(2 * np.pi * 1000 * np.arange(16000) / 16000)
    for _ in range(10):
        varied = vary(rng, tone)
        speed = len(tone) / len(varied)
        assert 0.7 < speed < 1.42
        peak = np.abs(np.fft.rfft(varied)).argmax() * 16000 / len(varied)
        assert peak == pytest.approx(1000 * speed, abs=2)


def test_an_unknown_condition_is_refused(voice, rng, backgrounds):
    with pytest.raises(ValueError, match="condition='radio' is not one of clean, room, band, narrow, phone, film"):
        copy(voice, "radio", rng, backgrounds)


@pytest.mark.parametrize("nothing", [{}, {"noise": []}])
def test_film_sound_needs_a_background(voice, rng, nothing):
    with pytest.raises(ValueError, match="backgrounds contain no clips; the film condition needs at least one"):
        copy(voice, "film", rng, nothing)


def test_a_telephone_leaves_nothing_above_4_khz_and_a_band_a_little():
    def high(condition):
        rng = np.random.default_rng(0)
        f, power = welch(copy(rng.normal(size=64000), condition, np.random.default_rng(1), {}), 16000, nperseg=1024)
        return power[f > 4500].sum() / power.sum()

    assert high("phone") < 1e-5 < 1e-3 < high("band")


def test_who_shares_a_recording_shares_its_room(voice, backgrounds, monkeypatch):
    monkeypatch.setattr(augment, "hiss", lambda rng, n_samples: np.zeros(n_samples))

    def wet(seed, shared):
        rng, shared = np.random.default_rng(seed), np.random.default_rng(shared)
        return augment.level(augment.copy(voice, "room", rng, backgrounds, shared=shared))

    np.testing.assert_allclose(wet(1, 7), wet(2, 7), rtol=0, atol=1e-6, equal_nan=False)
    assert np.abs(wet(1, 7) - wet(1, 8)).max() > 0.01


def test_pitch_changes_and_formants_stay():
    vowel = synthesize_speech(VOICES["Adam"], 3.0, seed=1)
    raised = augment.change_pitch(vowel, 1.5)
    assert len(raised) == pytest.approx(len(vowel) / 1.5, rel=0.02)
    before, after = (np.nanmedian(f0(x, 16000).f0) for x in (vowel, raised))
    assert after / before == pytest.approx(1.5, rel=0.08)

    def band_level(x):
        power = np.abs(np.fft.rfft(x)) ** 2
        edges = np.linspace(0, len(power), 9).astype(int)
        return 10 * np.log10([power[a:b].mean() for a, b in itertools.pairwise(edges)])

    shift = band_level(raised) - band_level(vowel)
    assert np.ptp(shift[:6]) < 8  # dB; played faster, the spectrum itself would move by half


def peak(samples):
    """Frequency at which a spectrum of a resonance in noise is highest, in Hz."""
    f, power = welch(samples, 16000, nperseg=1024)
    return f[power.argmax()]


def test_a_first_formant_moves_alone():
    """A resonance at 500 Hz half an octave up, at 707 Hz; one at 2000 Hz, and the pitch of 1, stay."""
    noise = np.random.default_rng(0).normal(size=64000)
    for hertz, expected in [(500, 707), (2000, 2000)]:
        pole = 0.97 * np.exp(2j * np.pi * hertz / 16000)
        vowel = lfilter([1], np.poly([pole, pole.conjugate()]), noise)
        moved = augment.change_pitch(vowel, 1.0, first_formant=0.5)
        assert peak(vowel) == pytest.approx(hertz, rel=0.05)
        assert peak(moved) == pytest.approx(expected, rel=0.07)


def test_a_spectrum_rises_by_octaves():
    """White noise with 6 dB per octave above 250 Hz: none at 125 Hz, 6 at 500, 18 at 2000."""
    noise = np.random.default_rng(0).normal(size=64000)
    raised = augment.change_pitch(noise, 1.0, slope=6.0)
    f, before = welch(noise, 16000, nperseg=512)
    _, after = welch(raised, 16000, nperseg=512)
    gain = 10 * np.log10(after / before)
    for hertz, expected in [(125, 0), (500, 6), (2000, 18)]:
        assert gain[np.abs(f - hertz) <= 64].mean() == pytest.approx(expected, abs=1.0)


def test_who_speaks_up_speaks_higher_and_brighter():
    """Pitch as drawn, -.3 to .7 octaves; for an octave of it, 4 dB in each of the octaves from 375 to 3000 Hz."""
    vowel = synthesize_speech(VOICES["Adam"], 1.0, seed=1)
    pitch, bright = [], []
    for seed in range(80):
        said = augment.vocal_effort(np.random.default_rng(seed), vowel)
        f, power = welch(said, 16000, nperseg=512)
        low, high = (power[(f >= edge) & (f < 2 * edge)].mean() for edge in (250, 2000))
        pitch.append(np.log2(len(vowel) / len(said)))
        bright.append(10 * np.log10(high / low))
    assert -0.31 < min(pitch) < -0.2 and 0.6 < max(pitch) < 0.71
    rise, _ = np.polyfit(pitch, bright, 1)
    assert rise == pytest.approx(3 * 4, abs=4)


def test_speech_activity_finds_speech_between_silences():
    speech = synthesize_speech(VOICES["Clara"], 2.0, seed=0)
    samples = np.concatenate([np.zeros(16000), speech, np.zeros(16000)])
    samples += 1e-4 * np.random.default_rng(0).normal(size=64000)
    mask = augment.speech_activity(samples)
    assert len(mask) == 400 and not mask[:90].any() and not mask[310:].any() and mask[110:290].mean() > 0.7
    assert len(augment.speech_activity(np.zeros(10))) == 0
