"""Features from the past alone: like those offline once the level is known, bounded, and blind to gain and offset."""

import numpy as np
import pytest

from lightdiar.live import hearing as module
from lightdiar.live.hearing import Hearing, Loudness
from lightdiar.signal.frontend import analyse

STEP = 1600


class Level:
    """A detector whose log odds are the level relative to that of speech."""

    def log_odds(self, X):
        return X[:, 0]


def hear(samples, step=STEP, loudness=None):
    hearing = Hearing(Level(), loudness or Loudness())
    for start in range(0, len(samples), step):
        hearing.push(samples[start : start + step])
    return hearing


@pytest.mark.parametrize("step", [1600, 24000])
def test_features_are_those_of_the_whole_recording(voice, step):
    heard, offline = hear(voice, step), analyse([voice])
    n = heard.n_frames
    assert n == len(offline) - 1 == 298  # the last one reaches beyond the end
    assert abs(heard.mfcc - offline.mfcc[:n]).mean() < 0.15 and abs(heard.mfcc[:, 0] - offline.mfcc[:n, 0]).max() < 0.1
    both = np.isfinite(heard.f0[50:-10]) & np.isfinite(offline.f0[50 : n - 10])
    assert both.mean() > 0.95 and abs(heard.f0[50:-10] - offline.f0[50 : n - 10])[both].max() < 2
    assert len(heard.f0) == len(heard.strength) == len(heard.odds) == n


def test_what_was_judged_once_and_lies_back_stays(voice):
    long = np.tile(voice, 4)
    early, late = hear(long[:128000]), hear(long[:144000])
    n = early.n_frames - module._REACH
    assert n > 400 and np.array_equal(early.odds[:n], late.odds[:n]) and np.array_equal(early.f0[:n], late.f0[:n])
    assert np.array_equal(early.mfcc, late.mfcc[: early.n_frames])


def test_gain_and_offset_change_nothing_else(voice):
    plain, loud = hear(voice), hear(8 * voice + 0.5)
    assert np.allclose(loud.mfcc[:, 1:], plain.mfcc[:, 1:], atol=1e-2)
    assert np.allclose(loud.odds, plain.odds, atol=1e-2)
    assert loud.mfcc[:, 0] - plain.mfcc[:, 0] == pytest.approx(np.full(298, np.log(64)), abs=1e-2)


def test_only_the_last_seconds_are_kept(voice, monkeypatch):
    monkeypatch.setattr(module, "KEPT_FRAMES", 100)
    monkeypatch.setattr(module, "_REACH", 50)
    monkeypatch.setattr(module, "_CONTEXT", 30)
    heard, whole = hear(voice), analyse([voice])
    assert heard.n_frames == 298 and 100 <= len(heard.mfcc) <= 130
    assert heard.first == 298 - len(heard.mfcc) == 298 - len(heard.odds) == 298 - len(heard.f0)
    assert abs(heard.mfcc[:, 0] - whole.mfcc[heard.first : 298, 0]).max() < 0.1
    assert len(heard._samples) <= (module._PITCH_FRAMES + 2) * 160 + 16000 + STEP


@pytest.mark.parametrize("samples", [np.zeros(4800, np.float32), np.full(4800, 0.3, np.float32)])
def test_digital_silence_has_a_level(samples):
    heard = hear(samples)
    assert heard.n_frames == 28 and np.isfinite(heard.mfcc).all() and np.isfinite(heard.odds).all()
    assert np.isnan(heard.f0).all()


def test_too_little_for_a_frame():
    heard = hear(np.ones(399, np.float32))
    assert heard.n_frames == 0
    heard.push(np.ones(1, np.float32))
    assert heard.n_frames == 1 == len(heard.odds)


def test_the_level_of_speech_is_that_of_loud_voiced_frames():
    loudness = Loudness()
    energy = np.arange(200, dtype=np.float32)
    loudness.hear_speech(energy, np.zeros(200, np.float32))
    assert loudness.of_speech == pytest.approx(0.8 * 199)  # of all, while few are surely voiced
    loudness.hear_speech(energy, np.where(energy < 101, 0.9, 0.1).astype(np.float32))
    assert loudness.of_speech == pytest.approx(80)
    for _ in range(400):
        loudness.hear_speech(np.full(100, 7, np.float32), np.full(100, 0.9, np.float32))
    assert loudness.of_speech == 7 and len(loudness._energy) == module._LOUD_FRAMES


def test_offset_and_dither_are_those_of_the_last_minute():
    loudness = Loudness()
    loudness.hear(np.tile([0.5, -0.5], 8000))
    assert loudness.offset == 0 and loudness.dither == pytest.approx(0.5 * 10 ** (-55 / 20))
    for _ in range(60):
        loudness.hear(np.full(16000, 0.25))
    assert loudness.offset == 0.25
    assert loudness.dither == pytest.approx(0.5 * 10 ** (-75 / 20))  # silence, after something was heard
