"""Levels whose ratio is known."""

import numpy as np
import pytest

from lightdiar.signal.snr import speech_to_background
from lightdiar.systems.diarizer import Diarizer


def test_the_power_of_the_background_is_taken_from_that_of_the_speech():
    """Speech of mean power (11 + 31) / 2 = 21, with a background of 1 in it: 20, that is, 13 dB."""
    speech = np.repeat([True, False, True], 50)
    power = np.concatenate([np.full(50, 11.0), np.ones(50), np.full(50, 31.0)])
    assert speech_to_background(np.log(power), speech) == pytest.approx(10 * np.log10(20))


@pytest.mark.parametrize("gain", [1e-6, 1.0, 1e6])
def test_the_ratio_does_not_hang_on_the_level(gain, rng):
    speech = rng.random(2000) < 0.6
    power = rng.uniform(1, 2, 2000) * np.where(speech, 40, 1)
    expected = speech_to_background(np.log(power), speech)
    assert 10 < expected < 17
    assert speech_to_background(np.log(gain * power), speech) == pytest.approx(expected)


def test_music_far_from_any_speech_and_a_door_in_a_pause_do_not_count():
    speech = np.zeros(1000, bool)
    speech[100:300] = True
    power = np.where(speech, 11.0, 1.0)
    quiet = speech_to_background(np.log(power), speech)
    power[400:] = 1e6  # from a second after the last frame of speech on
    power[40:60] = 1e4  # of the 200 frames near speech a tenth
    assert speech_to_background(np.log(power), speech) == pytest.approx(quiet) == pytest.approx(10)
    power[301:399] = 1e6
    assert speech_to_background(np.log(power), speech) == -10


def test_the_hundred_frames_on_each_side_of_speech_are_its_background():
    power = np.concatenate([[101.0], 1 + np.arange(1, 300) / 1000])
    noise = np.sqrt(power[50] * power[51])  # the median of the logarithms
    expected = pytest.approx(10 * np.log10((101 - noise) / noise))
    assert speech_to_background(np.log(power), power == 101) == expected
    assert speech_to_background(np.log(power[::-1]), power[::-1] == 101) == expected


def test_twenty_frames_of_background_are_the_fewest():
    speech = np.ones(500, bool)
    speech[200:219] = False
    power = np.where(speech, 11.0, 1.0)
    assert speech_to_background(np.log(power), speech) is None
    speech[219], power[219] = False, 1.0
    assert speech_to_background(np.log(power), speech) == pytest.approx(10)


def test_it_is_none_without_speech_and_without_pauses():
    for speech in (np.zeros(500, bool), np.ones(500, bool), np.zeros(0, bool)):
        assert speech_to_background(np.zeros(len(speech)), speech) is None


def test_it_lies_from_minus_10_to_60_dB():
    speech = np.repeat([True, False], 100)
    assert speech_to_background(np.where(speech, 60.0, -60.0), speech) == 60
    assert speech_to_background(np.where(speech, -60.0, 60.0), speech) == -10
    assert speech_to_background(np.zeros(200, np.float32), speech) == -10


def test_a_recording_knows_it():
    """Noise of a hundred times the power of that before and after it, on top of it: 20 dB."""
    rng = np.random.default_rng(1)
    speech = np.zeros(800, bool)
    speech[100:700] = True
    samples = 0.01 * rng.normal(size=128000) * np.where(np.repeat(speech, 160), 10.05, 1)
    result = Diarizer(method="untrained", detector=lambda analysis: speech[:799]).predict((samples, 16000))
    assert result.snr == pytest.approx(20, abs=0.5)
    assert Diarizer(method="untrained").predict((np.zeros(32000), 16000)).snr is None
