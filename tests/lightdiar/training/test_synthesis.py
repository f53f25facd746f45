"""The synthetic voice keeps its word: pitch, formants, turns and seeds are what was asked for."""

import numpy as np
import pytest
from scipy.linalg import solve_toeplitz

from lightdiar.signal import pitch
from lightdiar.training.synthesis import (
    LEVEL,
    VOICES,
    VOWELS,
    Voice,
    synthesize_conversation,
    synthesize_speech,
    synthesize_vowel,
)


def f0_of(samples, sample_rate, fmin=70, fmax=350):
    """Pitch at the first of the highest peaks of the autocorrelation, refined by a parabola."""
    power = np.abs(np.fft.rfft(samples * np.hanning(len(samples)), 2 * len(samples))) ** 2
    autocorrelation = np.fft.irfft(power)
    lags = np.arange(int(sample_rate / fmax), int(sample_rate / fmin))
    lags = lags[autocorrelation[lags] > np.maximum(autocorrelation[lags - 1], autocorrelation[lags + 1])]
    lag = lags[autocorrelation[lags] > 0.95 * autocorrelation[lags].max()][0]
    left, top, right = autocorrelation[lag - 1 : lag + 2]
    return sample_rate / (lag + 0.5 * (left - right) / (left - 2 * top + right))


def formants_of(samples, sample_rate):
    """Peaks of the spectrum of a linear prediction, Hz."""
    samples = np.diff(samples) * np.hanning(len(samples) - 1)
    autocorrelation = np.fft.irfft(np.abs(np.fft.rfft(samples, 2 * len(samples))) ** 2)[:21]
    predictor = solve_toeplitz(autocorrelation[:-1], autocorrelation[1:])
    envelope = -np.log(np.abs(np.fft.rfft(np.concatenate([[1], -predictor]), sample_rate // 5)))
    return 5 * (1 + np.flatnonzero((envelope[1:-1] > envelope[:-2]) & (envelope[1:-1] > envelope[2:])))


def share_above(samples, frequency, sample_rate=16000):
    power = np.abs(np.fft.rfft(samples)) ** 2
    return power[int(frequency * len(samples) / sample_rate) :].sum() / power.sum()


@pytest.mark.parametrize("f0", [80, 110, 160, 220, 300])
@pytest.mark.parametrize("sample_rate", [8000, 16000, 44100])
def test_a_vowel_has_the_pitch_asked_for(f0, sample_rate):
    vowel = synthesize_vowel(Voice(f0, "M"), "ae", 1.0, sample_rate=sample_rate)
    assert f0_of(vowel[sample_rate // 4 : sample_rate * 3 // 4], sample_rate) == pytest.approx(f0, rel=0.01)


@pytest.mark.parametrize("name", VOICES)
def test_speech_has_the_pitch_of_its_voice_and_moves_around_it(name):
    voice = VOICES[name]
    speech = synthesize_speech(voice, 12.0, seed=3)
    track = pitch.f0(speech, 16000).f0
    f0 = track[np.isfinite(track)]
    assert np.median(f0) == pytest.approx(voice.f0, rel=0.06)
    low, high = np.percentile(f0, [20, 80]) / voice.f0
    assert 0.8 < low < 0.99 and 1.01 < high < 1.2


def test_pitch_falls_in_a_phrase():
    starts, ends = [], []
    for seed in range(12):
        speech = synthesize_speech(VOICES["Clara"], 1.0, seed=seed)
        loud = [frame for frame in speech.reshape(-1, 800) if frame.std() > 0.7 * LEVEL]
        starts.append(f0_of(loud[0], 16000))
        ends.append(f0_of(loud[-1], 16000))
    assert np.median(ends) < 0.95 * np.median(starts)


@pytest.mark.parametrize("vowel", ["i", "ae", "a", "uh"])
@pytest.mark.parametrize("scale", [0.9, 1.0, 1.15])
def test_formants_are_where_asked(vowel, scale):
    shape = (1.0, 1.05, 0.96)
    voice = Voice(100, "M", scale, shape)
    asked = np.array(VOWELS[vowel]) * scale * shape
    found = formants_of(synthesize_vowel(voice, vowel, 1.0)[4000:12000], 16000)
    nearest = found[np.abs(found[:, None] - asked).argmin(axis=0)]
    assert np.abs(nearest - asked).max() < 60  # Hz; partials are 100 Hz apart


def test_a_soft_voice_is_duller_and_a_breathy_one_noisier():
    plain, soft, breathy = (
        synthesize_vowel(Voice(120, "F", **more), "a", 1.0) for more in ({}, {"softness": 0.7}, {"breath": 0.5})
    )
    assert share_above(soft, 3000) < 0.5 * share_above(plain, 3000)
    assert share_above(breathy, 4500) > 2 * share_above(plain, 4500)


def test_speech_has_the_syllables_and_the_hiss_of_speech():
    speech = synthesize_speech(VOICES["Adam"], 30.0)
    loudness = np.sqrt((speech.reshape(-1, 160) ** 2).mean(axis=1))
    modulation = np.abs(np.fft.rfft(loudness - loudness.mean())) ** 2
    rates = np.fft.rfftfreq(len(loudness), 0.01)
    per_octave = [modulation[(rates >= f) & (rates < 2 * f)].sum() for f in (0.5, 1, 3, 12, 24)]
    assert np.argmax(per_octave) == 2  # 3 to 6 Hz
    assert 10**-2.7 < share_above(speech, 4000) < 10**-1.0


@pytest.mark.parametrize("seconds", [0.1, 0.35, 1.0, 7.77])
def test_speech_fills_its_time(seconds):
    speech = synthesize_speech(VOICES["Clara"], seconds)
    assert speech.dtype == np.float32 and len(speech) == round(seconds * 16000)
    assert speech.std() == pytest.approx(LEVEL, rel=0.01) and np.abs(speech).max() < 1


def test_turns_are_where_the_truth_says(conversation):
    audio, reference, genders = conversation
    assert 50 < audio.duration < 70
    assert genders == {"Adam": "M", "Bruno": "M", "Clara": "F", "Diana": "F"}
    assert reference.speakers == sorted(genders) and min(reference.seconds().values()) > 5
    inside = np.zeros(len(audio.samples), dtype=bool)
    for turn in reference:
        start, end = round(turn.start * 16000), round(turn.end * 16000)
        inside[start:end] = True
        for edge in (audio.samples[start : start + 2400], audio.samples[end - 2400 : end]):
            assert edge.std() > 0.1 * LEVEL
    quiet = audio.samples[~inside]
    assert np.abs(quiet).max() < 0.03 * LEVEL and quiet.std() > 0
    assert all(a.speaker != b.speaker for a, b in zip(reference.turns, reference.turns[1:]))
    assert all(0.29 < b.start - a.end < 0.91 for a, b in zip(reference.turns, reference.turns[1:]))


def test_voices_differ_in_spectrum_and_not_only_in_pitch():
    from python_speech_features import mfcc

    means = {
        (name, seed): mfcc(synthesize_speech(voice, 3.0, seed=seed), 16000, nfft=512).mean(axis=0)[1:]
        for name, voice in VOICES.items()
        for seed in range(4)
    }
    for (name, seed), mean in means.items():
        others = {key: np.linalg.norm(mean - other) for key, other in means.items() if key != (name, seed)}
        assert min(others, key=others.get)[0] == name


def test_same_seed_same_sound():
    one, two, other = (synthesize_conversation(n_turns=3, seed=seed) for seed in (5, 5, 6))
    assert one[0].samples.tobytes() == two[0].samples.tobytes() and one[1] == two[1]
    assert one[0].samples.tobytes() != other[0].samples.tobytes()


def test_few_voices_and_no_turns():
    audio, reference, genders = synthesize_conversation({"Eve": Voice(210, "F", 1.15)}, n_turns=2)
    assert reference.speakers == ["Eve"] and len(reference) == 2 and genders == {"Eve": "F"}
    audio, reference, _ = synthesize_conversation(n_turns=0)
    assert len(reference) == 0 and audio.duration == 0.5


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: Voice(20, "M"), "f0=20: must be from 60 to 400"),
        (lambda: Voice(float("nan"), "M"), "f0=nan: must be from 60"),
        (lambda: Voice(120, "male"), "gender='male': must be 'M' or 'F'"),
        (lambda: Voice(120, "M", 2.0), r"formant_scale=2\.0: must be from 0\.7 to 1\.5"),
        (lambda: Voice(120, "M", formant_shape=(1, 1)), r"formant_shape=\(1, 1\) must hold 3 factors"),
        (lambda: Voice(120, "M", softness=1.0), r"softness=1\.0: must be from 0\.0 to 0\.9"),
        (lambda: synthesize_speech(VOICES["Adam"], 0.0), r"seconds=0\.0: must be from 0\.1 to 3600"),
        (
            lambda: synthesize_speech(VOICES["Adam"], 1.0, sample_rate=500),
            "sample_rate=500: must be from 8000",
        ),
        (lambda: synthesize_vowel(VOICES["Adam"], "oo"), "vowel='oo' is unknown; choose from i, e, ae, a"),
        (lambda: synthesize_conversation({}), "0 voices, 16 turns: need at least 1 voice"),
        (lambda: synthesize_conversation(n_turns=-1), "4 voices, -1 turns"),
    ],
)
def test_what_no_voice_can_do_is_refused(make, message):
    with pytest.raises(ValueError, match=message):
        make()
