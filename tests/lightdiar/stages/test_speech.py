import numpy as np
import pytest

from lightdiar.models.boosting import Boosting
from lightdiar.signal.features import mfcc
from lightdiar.signal.frames import FrameGrid
from lightdiar.signal.frontend import Analysis
from lightdiar.signal.pitch import f0
from lightdiar.stages import speech
from lightdiar.stages.speech import (
    SPEECH_CLASSES,
    Column,
    SpeechDetector,
    detector_features,
    energy_vad,
    fit_speech_detector,
    ltsd_vad,
)

RATE = 16000
GRID = FrameGrid(RATE)


def burst_in_noise(gain=1.0, offset=0.0):
    """Three seconds of faint noise with a loud tone complex from 1 to 2 s."""
    rng = np.random.default_rng(0)
    t = np.arange(3 * RATE) / RATE
    tone = sum(np.sin(2 * np.pi * 150 * k * t) / k for k in range(1, 20))
    return gain * (0.001 * rng.normal(size=len(t)) + 0.1 * tone * ((t >= 1) & (t < 2))) + offset


@pytest.mark.parametrize("detect", [energy_vad, ltsd_vad])
@pytest.mark.parametrize("gain, offset", [(1, 0), (0.01, 0), (5, 0), (1, 0.3)])
def test_a_burst_is_found_whatever_the_gain_and_offset(detect, gain, offset):
    (segment,) = detect(burst_in_noise(gain, offset), RATE)
    assert segment.start == pytest.approx(1, abs=0.1)
    assert segment.end == pytest.approx(2, abs=0.1)


@pytest.mark.parametrize("detect", [energy_vad, ltsd_vad])
@pytest.mark.parametrize("samples", [np.zeros(0), np.zeros(RATE), np.full(RATE, 0.5), np.zeros(1)])
def test_nothing_to_hear_is_no_speech(detect, samples):
    assert detect(samples, RATE) == []


@pytest.mark.parametrize("detect", [energy_vad, ltsd_vad])
def test_steady_noise_is_no_speech(detect):
    assert detect(np.random.default_rng(1).normal(size=2 * RATE), RATE) == []


def test_shares_out_of_order():
    with pytest.raises(ValueError, match="on=0.2, off=0.3: need 0 <= off <= on <= 1"):
        energy_vad(burst_in_noise(), RATE, on=0.2)


def test_clicks_are_dropped_and_stops_within_words_joined():
    samples = 0.001 * np.random.default_rng(0).normal(size=3 * RATE)
    for start, end in ((0.5, 0.6), (1.0, 1.4), (1.55, 2.0), (2.5, 2.52)):
        samples[int(start * RATE) : int(end * RATE)] *= 100
    found = energy_vad(samples, RATE)
    assert [(s.start, s.end) for s in found] == [
        (pytest.approx(0.5, abs=0.03), pytest.approx(0.6, abs=0.03)),
        (pytest.approx(1.0, abs=0.03), pytest.approx(2.0, abs=0.03)),
    ]


def features_of(samples):
    pitch = f0(samples, RATE)
    X = mfcc(samples, RATE, n_mfcc=24, n_filters=30)
    n = min(len(X), len(pitch.f0))
    return detector_features(X[:n], pitch.f0[:n], pitch.strength[:n])


def test_features_do_not_know_the_gain():
    quiet, loud = features_of(burst_in_noise()), features_of(burst_in_noise(20))
    np.testing.assert_allclose(quiet, loud, atol=0.02)


@pytest.mark.parametrize("n_frames", [0, 1, 3])
def test_features_of_very_little(n_frames):
    X = detector_features(np.zeros((n_frames, 24)), np.full(n_frames, np.nan), np.zeros(n_frames))
    assert X.shape == (n_frames, 47)
    assert np.isfinite(X).all()


def features_of_level(hertz):
    """Log energy that swings so often; all bands move with it."""
    cepstra = np.zeros((600, 24))
    cepstra[:, 0] = 3 * np.sin(2 * np.pi * hertz * np.arange(600) / 100)
    return detector_features(cepstra, np.full(600, np.nan), np.zeros(600))[300]


@pytest.mark.parametrize(("hertz", "place"), [(1.7, 0), (4.2, 1), (9, 2)])
def test_movement_is_told_by_its_rate(hertz, place):
    x = features_of_level(hertz)
    assert x[Column.MODULATION].argmax() == place
    assert x[Column.SYNCHRONY] == pytest.approx(np.log(0.02 + 1), abs=0.03)
    assert x[Column.FLUX] == pytest.approx(np.log(0.05), abs=1e-3)  # the shape of the spectrum stays


@pytest.mark.parametrize(
    ("octaves_per_second", "shares"),
    [(0, (1, 0, 0)), (0.3, (0, 0, 0)), (1, (0, 1, 0)), (-1, (0, 1, 0)), (8, (0, 0, 1))],
)
def test_pitch_holds_glides_or_jumps(octaves_per_second, shares):
    pitch = 200 * 2 ** (octaves_per_second * (np.arange(400) - 200) / 100)
    x = detector_features(np.zeros((400, 24)), pitch, np.ones(400))[200]
    assert x[[Column.STEADY, Column.GLIDING, Column.JUMPING]] == pytest.approx(np.array(shares) / 1.05, abs=1e-3)
    assert x[Column.MEAN_PITCH] == pytest.approx(np.log2(200 / 180), abs=0.01)
    assert x[Column.VOICED_SHARES] == pytest.approx([1, 1])


def test_voicing_that_changes():
    pitch = np.where(np.arange(600) % 20 < 10, 150.0, np.nan)
    cepstra = np.zeros((600, 24))
    cepstra[:, 0] = np.where(np.isnan(pitch), -1.0, 2.0)
    x = detector_features(cepstra, pitch, np.ones(600))[300]
    assert x[Column.SWITCHES] == pytest.approx(0.1, abs=0.01)
    assert x[Column.VOICED_SHARES] == pytest.approx([0.5, 0.5], abs=0.01)
    assert x[Column.VOICED_LEVEL] == pytest.approx(3, abs=0.1)


def test_features_in_blocks_are_those_of_the_whole(monkeypatch):
    rng = np.random.default_rng(0)
    cepstra = rng.normal(size=(2500, 24)).astype(np.float32)
    pitch = np.where(rng.random(2500) < 0.5, rng.uniform(80, 300, 2500), np.nan).astype(np.float32)
    analysis = Analysis(cepstra, pitch, rng.uniform(0, 1, 2500).astype(np.float32), 25.0)
    whole = detector_features(cepstra, pitch, analysis.strength)
    monkeypatch.setattr(speech, "_BLOCK_FRAMES", 1000)
    blocks = list(speech._feature_blocks(analysis))
    assert [len(X) for X in blocks] == [1000, 1000, 500]
    np.testing.assert_allclose(np.concatenate(blocks), whole, atol=1e-3)


def stretches(*runs):
    """Log odds of -5 with runs of other values: (value, start, end)."""
    odds = np.full(1000, -5.0)
    for value, start, end in runs:
        odds[start:end] = value
    return odds


@pytest.mark.parametrize(
    ("runs", "kept"),
    [
        ([(4, 100, 200)], [True]),
        ([(1.45, 100, 200)], [False]),  # 145 / 150 nats, less than 1
        ([(1.55, 100, 200)], [True]),  # 155 / 150
        ([(1.1, 100, 900)], [True]),  # 880 / 850
        ([(4, 100, 200), (1, 499, 599)], [True, True]),  # one stretch: 500 / 250
        ([(4, 100, 200), (1, 500, 600)], [True, False]),  # two, three seconds apart
        ([(1.4, 100, 200), (1, 300, 400)], [False, False]),  # 240 / 250
        ([(4, 0, 100), (1, 900, 1000)], [True, False]),
        ([], []),
    ],
)
def test_a_stretch_without_strong_evidence_is_no_speech(runs, kept):
    found = SpeechDetector(no_trees()).best_path(stretches(*runs))
    expected = np.zeros(1000, bool)
    for (_, start, end), keep in zip(runs, kept):
        expected[start:end] = keep
    np.testing.assert_array_equal(found, expected)


def test_less_evidence_is_enough_where_less_is_asked():
    odds = stretches((1.45, 100, 200), (0.7, 600, 700))  # 145 / 150 nats, 70 / 150
    found = SpeechDetector(no_trees()).best_path(odds, least_evidence=0.5)
    assert np.flatnonzero(found).tolist() == list(range(100, 200))


def test_nothing_and_nothing_but_speech():
    detector = SpeechDetector(no_trees())
    assert detector.best_path(np.zeros(0)).shape == (0,)
    assert detector.best_path(np.full(60, 3.0)).all()


def no_trees():
    return Boosting(*np.zeros((6, 0), np.float32), 0.0)


@pytest.fixture(scope="module")
def frames():
    """Five well separated clouds, one for each class, in stretches of 100 frames."""
    rng = np.random.default_rng(0)
    labels = np.repeat(np.tile(np.arange(len(SPEECH_CLASSES)), 8), 100)
    centres = 6 * rng.normal(size=(len(SPEECH_CLASSES), 6))
    return centres[labels] + rng.normal(size=(len(labels), 6)), labels


@pytest.fixture(scope="module")
def detector(frames):
    return fit_speech_detector(*frames)


def test_known_classes_are_found_again(detector, frames):
    X, labels = frames
    assert np.mean(detector.best_path(detector.log_odds(X)) == (labels >= 3)) > 0.99


def test_a_lone_frame_does_not_switch(detector, frames):
    X, labels = frames
    X = X[labels == 0][:300].copy()
    X[150] = frames[0][labels == 3][0]
    assert detector.log_odds(X)[150] > 0
    assert not detector.best_path(detector.log_odds(X)).any()


def test_training_is_deterministic(detector, frames):
    again = fit_speech_detector(*frames)
    np.testing.assert_array_equal(again.log_odds(frames[0]), detector.log_odds(frames[0]))


def test_no_frames_no_labels(detector):
    assert detector.best_path(detector.log_odds(np.zeros((0, 6)))).shape == (0,)


def test_a_bias_is_added(detector, frames):
    np.testing.assert_allclose(detector.biased(0.5).log_odds(frames[0]), detector.log_odds(frames[0]) + 0.5)


def test_other_features_are_refused(detector):
    need = detector.n_features
    with pytest.raises(ValueError, match=rf"X has shape \(4, {need - 1}\); the detector needs \(n_frames, {need}\)"):
        detector.log_odds(np.zeros((4, need - 1)))


def test_a_class_without_frames_is_named(frames):
    X, labels = frames
    with pytest.raises(ValueError, match="no frame is 'music'; provide scenes"):
        fit_speech_detector(X[labels != 2], labels[labels != 2])
