import csv
import os
from pathlib import Path

import numpy as np
import pytest

from lightdiar.io import audio
from lightdiar.io.resample import resample
from lightdiar.models.gmm import GMM
from lightdiar.signal.frontend import SAMPLE_RATE, Analysis, analyse
from lightdiar.stages.gender import (
    MEAN_SHARES,
    VOICES,
    GenderModel,
    VoiceprintGender,
    draw_excerpts,
    fit_gender_model,
    fit_voiceprint_gender,
    gender_by_pitch,
    mean_shift,
    pitch_shift,
    pooled,
)
from lightdiar.systems import bundle

N_FEATURES = 6
CENTRES = {"woman": 1.5, "man": -1.5, "child": 4.0}  # of half the features; the others negative


def voice_frames(rng, voice, n_frames):
    """MFCC with log energy first, and F0 with every third frame unvoiced."""
    sign = np.repeat([-1, 1], N_FEATURES // 2)
    X = rng.normal(rng.normal(0, 0.3, N_FEATURES) + CENTRES[voice] * sign, 2, (n_frames, N_FEATURES))
    f0 = np.where(np.arange(n_frames) % 3 == 0, np.nan, 200.0)
    return np.column_stack([rng.normal(0, 5, n_frames), X]), f0


@pytest.fixture(scope="module")
def training():
    rng = np.random.default_rng(0)
    voices = [voice for voice in VOICES for _ in range(20)]
    return [voice_frames(rng, voice, 300) for voice in voices], voices, [f"s{i}" for i in range(len(voices))]


@pytest.fixture(scope="module")
def model(training):
    return fit_gender_model(*training, n_components=4, C=30)  # 60 clips are few: the usual ridge would outweigh them


def one_component_model(coefficients, pitch, intercepts):
    """Of both views; the coefficients of the second are those of the first times 10."""
    ubm = GMM(np.ones(1), np.zeros((1, 1)), np.ones((1, 1)))
    both = np.outer(coefficients, [1, 10]).reshape(3, 2, 1, 1)
    return GenderModel(ubm, ubm, both, np.asarray(pitch), np.asarray(intercepts))


def test_mean_shift_by_hand():
    # 16 frames at 4 are at 2 without half of their mean; 16 frames of prior at 0 leave 1, in deviations of 2
    ubm = GMM(np.ones(1), np.zeros((1, 1)), np.full((1, 1), 4.0))
    assert mean_shift(ubm, np.full((16, 1), 4.0), 0.5) == pytest.approx(0.5)
    assert mean_shift(ubm, np.full((16, 1), 4.0), 0.0) == pytest.approx(1.0)


def test_without_all_of_the_mean_the_microphone_does_not_matter():
    """A filter adds the same to the cepstra of every frame."""
    rng = np.random.default_rng(5)
    ubm = GMM(np.full(2, 0.5), np.array([[1.0], [-1.0]]), np.ones((2, 1)))
    X = rng.exponential(1.0, (60, 1))
    half, none = (mean_shift(ubm, X + 3.0, share) - mean_shift(ubm, X, share) for share in MEAN_SHARES)
    assert np.abs(half).max() > 0.1
    assert none == pytest.approx(0, abs=1e-5)
    assert np.abs(mean_shift(ubm, X, 1.0)).max() > 0.1


def test_evidence_grows_with_frames_and_then_no_more():
    ubm = GMM(np.ones(1), np.zeros((1, 1)), np.ones((1, 1)))
    shift = [mean_shift(ubm, np.full((n_frames, 1), 2.0), 0.5).item() for n_frames in (5, 50, 150, 1500, 50_000)]
    assert shift[0] < shift[1] < shift[2] < 1
    assert shift[2:] == pytest.approx([150 / 166] * 3, rel=1e-5)


def test_pitch_shift_by_hand():
    # 16 frames an octave above 190 Hz, and 16 of prior at it
    assert pitch_shift(np.full(16, 380.0)) == pytest.approx([0.5, 0, 0])
    # 1 of 16 frames an octave too low, 1 too high: octave errors that nothing notices
    assert pitch_shift(np.array([190.0] + [380.0] * 14 + [760.0])) == pytest.approx([0.5, 0, 0])
    two_octaves = pitch_shift(190 * 2 ** np.linspace(-1, 1, 500))
    assert two_octaves == pytest.approx(np.array([0, 0.8, 0.8]) * 150 / 166)


def test_probabilities_by_hand():
    # a shift of 0.5 (16 frames of 2), none without all of their mean, and half an octave (16 at 380 Hz): logits of
    # 1 + 0.5, -1 - 0.5 and 0.25
    model = one_component_model(
        [2.0, -2.0, 0.0], [[1.0, 9.0, 9.0], [-1.0, 9.0, 9.0], [0.0, 9.0, 9.0]], [0.0, 0.0, 0.25]
    )
    mfcc = np.column_stack([np.arange(16), np.full(16, 2.0)])
    expected = np.exp([1.5, -1.5, 0.25]) / np.exp([1.5, -1.5, 0.25]).sum()
    assert model.probabilities(mfcc, np.full(16, 380.0)) == pytest.approx(tuple(expected))


def test_new_speakers_are_told_apart(model):
    rng = np.random.default_rng(1)
    for number, voice in enumerate(VOICES):
        assert all(np.argmax(model.probabilities(*voice_frames(rng, voice, 300))) == number for _ in range(20))


def test_few_frames_give_less_certainty_than_many(model):
    rng = np.random.default_rng(2)
    clips = [voice_frames(rng, "woman", 300) for _ in range(20)]
    few, many = (np.mean([model.probabilities(mfcc[:n], f0[:n])[0] for mfcc, f0 in clips]) for n in (6, 300))
    assert 1 / 3 < few < 0.8 < many


def test_order_loudness_and_unvoiced_frames_do_not_matter(model):
    rng = np.random.default_rng(3)
    mfcc, f0 = voice_frames(rng, "man", 200)
    p = model.probabilities(mfcc, f0)
    assert model.probabilities(mfcc + 30 * (np.arange(N_FEATURES + 1) == 0), f0) == p
    assert model.probabilities(mfcc[::-1], f0[::-1]) == pytest.approx(p, abs=1e-5)
    changed = np.where(np.isnan(f0)[:, None], 99.0, mfcc)
    assert model.probabilities(changed, f0) == p


def test_without_voice_no_verdict(model):
    n_columns = N_FEATURES + 1
    assert model.probabilities(np.zeros((0, n_columns)), np.zeros(0)) == (0.5, 0.5, 0.0)
    assert model.probabilities(np.ones((50, n_columns)), np.full(50, np.nan)) == (0.5, 0.5, 0.0)


def pitched(f0):
    """An analysis of a second of one pitch."""
    n = 100
    return Analysis(np.zeros((n, 24), np.float32), np.full(n, f0, np.float32), np.ones(n, np.float32), 1.0)


def test_gender_is_that_of_the_median_pitch():
    everything = np.ones(100, bool)
    p = [gender_by_pitch(pitched(f0), everything)[0] for f0 in (80, 131, 169.76, 220, 400)]
    assert p == sorted(p)
    assert p[2] == pytest.approx(0.5, abs=1e-3)
    assert p[1] == pytest.approx(1 / (1 + np.exp(np.log(220 / 131) ** 2 / (2 * 0.25**2))))
    assert p[1] + p[3] == pytest.approx(1)
    assert gender_by_pitch(pitched(np.nan), everything) == (0.5, 0.5, 0.0)


def test_only_the_pitch_of_the_frames_in_the_mask_counts():
    f0 = np.r_[np.full(40, 131.0), np.full(30, 220.0), np.full(30, np.nan)].astype(np.float32)
    sound = Analysis(np.zeros((100, 24), np.float32), f0, np.ones(100, np.float32), 1.0)
    man, woman = np.arange(100) < 40, np.arange(100) >= 40
    assert gender_by_pitch(sound, man) == gender_by_pitch(pitched(131.0), np.ones(100, bool))
    assert gender_by_pitch(sound, woman) == gender_by_pitch(pitched(220.0), np.ones(100, bool))
    assert gender_by_pitch(sound, np.zeros(100, bool)) == (0.5, 0.5, 0.0)
    sure, other, child = gender_by_pitch(sound, woman)
    assert sure + other == pytest.approx(1) and child == 0


def test_two_judgements_are_pooled_by_their_geometric_means():
    # sqrt(.8 * .2), sqrt(.1 * .4) and sqrt(.1 * .4), divided by their sum of .8
    assert pooled((0.8, 0.1, 0.1), (0.2, 0.4, 0.4)) == pytest.approx((0.5, 0.25, 0.25))
    assert pooled((0.7, 0.2, 0.1)) == pytest.approx((0.7, 0.2, 0.1))
    assert pooled((0.7, 0.2, 0.1), (0.7, 0.2, 0.1)) == pytest.approx((0.7, 0.2, 0.1))
    sure = pooled((1.0, 0.0, 0.0), (0.0, 1.0, 0.0))
    assert sure[:2] == pytest.approx((0.5, 0.5), abs=1e-4) and sum(sure) == pytest.approx(1)


def test_the_voiceprint_counts_as_much_as_the_frames(model):
    mfcc, f0 = voice_frames(np.random.default_rng(4), "man", 300)
    analysis = Analysis(mfcc.astype(np.float32), f0.astype(np.float32), np.ones(300, np.float32), 3.0)
    mask = np.arange(300) < 200
    by_frames = model.probabilities(analysis.mfcc[mask], analysis.f0[mask])
    assert model(analysis, mask) == by_frames and by_frames[1] > 0.9
    assert model(analysis, mask, by_frames[::-1]) == pytest.approx(pooled(by_frames, by_frames[::-1]))


def test_gender_of_a_supervector_by_hand():
    logistic = VoiceprintGender(np.log([[2.0, 1.0], [1.0, 4.0], [1.0, 1.0]]), np.array([0.0, 0.0, np.log(2)]))
    found = logistic.probabilities(np.array([[0.0, 0.0], [1.0, 0.0], [1.0, 1.0]]))
    assert found == pytest.approx(np.array([[1, 1, 2], [2, 1, 2], [2, 4, 2]]) / np.array([[4], [5], [8]]))
    for coefficients, intercepts in ((np.ones((2, 4)), np.ones(3)), (np.ones(3), np.ones(3)), (np.ones((3, 4)), 0.0)):
        with pytest.raises(ValueError, match=r"must be \(3, n\) and \(3,\)"):
            VoiceprintGender(coefficients, intercepts)


def test_genders_are_learnt_from_supervectors():
    rng = np.random.default_rng(0)
    voices = [voice for voice in VOICES for _ in range(50)]
    vectors = rng.normal(np.array([CENTRES[voice] for voice in voices])[:, None] * [1, 0, 0, 0], 0.5, (150, 4))
    model = fit_voiceprint_gender(vectors, voices, range(150), C=10)
    asked = np.array([[1.5, 9, 0, 0], [-1.5, 0, 9, 0], [4.0, 0, 0, 9]])
    assert model.probabilities(asked).argmax(axis=1).tolist() == [0, 1, 2]
    known = fit_voiceprint_gender(np.repeat(vectors, 2, axis=0), np.repeat(voices, 2), np.repeat(range(150), 2), C=10)
    assert known.probabilities(asked) == pytest.approx(
        model.probabilities(asked), abs=0.02
    )  # people count, not vectors


def test_excerpts_lie_within_the_clip():
    rng = np.random.default_rng(0)
    assert list(draw_excerpts(rng, 0)) == [] and list(draw_excerpts(rng, 7, (7, 9))) == [slice(0, 7)]
    whole, *parts = draw_excerpts(rng, 100, (20, 60, 100))
    assert whole == slice(0, 100) and [part.stop - part.start for part in parts] == [20, 60]
    assert all(0 <= part.start and part.stop <= 100 for part in parts)


def test_same_clips_same_model(training, model):
    again = fit_gender_model(*training, n_components=4, C=30)
    np.testing.assert_array_equal(again.coefficients, model.coefficients)
    np.testing.assert_array_equal(again.ubm.means, model.ubm.means)


def test_each_speaker_weighs_the_same(training):
    """One man with a woman's voice, heard a hundred times, must not make men of the women."""
    clips, voices, speakers = training
    rng = np.random.default_rng(4)
    odd = [voice_frames(rng, "woman", 300) for _ in range(100)]
    model = fit_gender_model(clips + odd, voices + ["man"] * 100, speakers + ["odd"] * 100, n_components=4)
    assert all(model.probabilities(*voice_frames(rng, "woman", 300))[0] > 0.7 for _ in range(10))


def test_rubbish_is_refused(model, training):
    with pytest.raises(ValueError, match=r"mfcc has 4 columns; this model needs 7"):
        model.probabilities(np.zeros((10, 4)), np.full(10, 100.0))
    with pytest.raises(ValueError, match=r"mfcc \(10, 7\) and f0 \(9,\)"):
        model.probabilities(np.zeros((10, 7)), np.full(9, 100.0))
    clips, voices, speakers = training
    with pytest.raises(ValueError, match="60 clips, 59 voices, 60 speakers"):
        fit_gender_model(clips, voices[1:], speakers)
    with pytest.raises(ValueError, match="voices are child, man; all of woman, man, child"):
        fit_gender_model(clips[20:], voices[20:], speakers[20:])
    ubms = model.ubm, model.centred_ubm
    with pytest.raises(ValueError, match=r"coefficients \(2, 2, 4, 6\) must be \(3, 2, 4, 6\)"):
        GenderModel(*ubms, model.coefficients[:2], model.pitch, model.intercepts)
    with pytest.raises(ValueError, match=r"pitch \(3, 2\) must be \(3, 3\)"):
        GenderModel(*ubms, model.coefficients, model.pitch[:, :2], model.intercepts)
    with pytest.raises(ValueError, match=r"centred_ubm \(1, 1\) must be as ubm, \(4, 6\)"):
        odd = GMM(np.ones(1), np.zeros((1, 1)), np.ones((1, 1)))
        GenderModel(model.ubm, odd, model.coefficients, model.pitch, model.intercepts)


@pytest.mark.slow
def test_adults_of_the_development_corpora():
    """Every fourth clip: read (one man of ten has a woman's pitch), acted in anger, German, accented."""
    if "LIGHTDIAR_SHARED" not in os.environ:
        pytest.skip("LIGHTDIAR_SHARED is not set to the folder of shared corpora")
    if not (bundle.SHIPPED / bundle.PARAMETERS).exists():
        pytest.skip("no models are installed")
    model, right = bundle.load().gender, []
    for corpus in ("librispeech", "ravdess", "emodb", "speechocean762"):
        manifest = Path(os.environ["LIGHTDIAR_SHARED"]) / "corpora" / "dev" / corpus / "manifest.csv"
        with manifest.open(encoding="utf-8", newline="") as file:
            rows = [row for row in csv.DictReader(file) if float(row.get("age") or 30) >= 16][::4]
        for row in rows:
            sound = audio.read(manifest.parent / row["path"])
            analysis = analyse([resample(sound.samples, sound.sample_rate, SAMPLE_RATE)])
            loud = analysis.mfcc[:, 0] > analysis.mfcc[:, 0].max() - 6
            woman, man, _ = model.probabilities(analysis.mfcc[loud], analysis.f0[loud])
            right.append((woman >= man) == (row["gender"] == "F"))
    assert np.mean(right) >= 0.92
