import numpy as np
import pytest

from lightdiar.signal.features import mfcc
from lightdiar.signal.frames import FrameGrid
from lightdiar.signal.pitch import f0
from lightdiar.stages.speech import (
    SPEECH_CLASSES,
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
    assert X.shape == (n_frames, 31)
    assert np.isfinite(X).all()


@pytest.fixture(scope="module")
def frames():
    """Five well separated clouds, one for each class, in stretches of 100 frames."""
    rng = np.random.default_rng(0)
    labels = np.repeat(np.tile(np.arange(len(SPEECH_CLASSES)), 8), 100)
    centres = 6 * rng.normal(size=(len(SPEECH_CLASSES), 6))
    return centres[labels] + rng.normal(size=(len(labels), 6)), labels


@pytest.fixture(scope="module")
def detector(frames):
    return fit_speech_detector(*frames, n_components=2)


def test_known_classes_are_found_again(detector, frames):
    X, labels = frames
    assert np.mean(detector.speech_mask(X) == (labels >= 3)) > 0.99
    assert np.mean(detector.predict(X) == labels) > 0.8  # the kind within a side is blurred over a second
    np.testing.assert_array_equal(detector.predict(X) >= 3, detector.speech_mask(X))


def test_a_lone_frame_does_not_switch(detector, frames):
    X, labels = frames
    X = X[labels == 0][:300].copy()
    X[150] = frames[0][labels == 3][0]
    assert detector.log_odds(X)[150] > 0
    assert not detector.speech_mask(X).any()


def test_training_is_deterministic(detector, frames):
    again = fit_speech_detector(*frames, n_components=2)
    np.testing.assert_array_equal(again.log_odds(frames[0]), detector.log_odds(frames[0]))


def test_no_frames_no_labels(detector):
    assert detector.speech_mask(np.zeros((0, 6))).shape == (0,)
    assert detector.predict(np.zeros((0, 6))).shape == (0,)


def test_other_features_are_refused(detector):
    with pytest.raises(ValueError, match=r"X has shape \(4, 5\); the detector needs \(n_frames, 6\)"):
        detector.log_odds(np.zeros((4, 5)))


def test_a_class_without_frames_is_named(frames):
    X, labels = frames
    with pytest.raises(ValueError, match="0 frames of 'music' cannot train 2 components"):
        fit_speech_detector(X[labels != 2], labels[labels != 2], n_components=2)
