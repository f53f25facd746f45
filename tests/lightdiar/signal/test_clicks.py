import numpy as np
import pytest

from lightdiar.io.resample import resample
from lightdiar.signal.clicks import without_clicks

RATE = 16000


def cleaned(samples, length=None):
    """The sound in blocks of a length, without clicks."""
    blocks = np.split(samples, range(length, len(samples), length)) if length else [samples]
    return np.concatenate([np.zeros(0, np.float32), *without_clicks(blocks)])


@pytest.fixture(scope="module")
def noise():
    return np.random.default_rng(0).normal(0, 0.1, 20 * RATE).astype(np.float32)


@pytest.mark.parametrize("length", [None, 160, 7777])
def test_a_wild_sample_is_silenced_with_what_is_around_it_and_the_rest_stays(noise, length):
    wild = noise.copy()
    wild[5000], wild[200_000] = 1e4, -1e9
    expected = noise.copy()
    expected[5000 - 64 : 5000 + 65] = expected[200_000 - 64 : 200_000 + 65] = 0
    np.testing.assert_array_equal(cleaned(wild, length), expected)


def test_what_resampling_made_of_a_click_goes_too(noise):
    wild = resample(noise, RATE, 48000)
    wild[300_000] = 1e4
    assert np.abs(resample(wild, 48000, RATE)).max() > 1000
    assert np.abs(cleaned(resample(wild, 48000, RATE))).max() < 1


def test_where_nothing_is_a_hundred_times_as_loud_not_a_bit_changes(noise):
    limit = 100 * np.partition(np.abs(noise[:128_000]), 126_720)[126_720]
    loud = noise.copy()
    loud[1000] = 0.999 * limit
    np.testing.assert_array_equal(cleaned(loud), loud)
    loud[1000] = 1.001 * limit
    assert cleaned(loud)[1000] == 0


def test_a_word_in_eight_seconds_of_hiss_stays(noise):
    """Two hundredths of the samples are no click, however quiet the others are."""
    quiet = noise * np.float32(1e-4)
    quiet[40_000:43_200] = noise[40_000:43_200]
    np.testing.assert_array_equal(cleaned(quiet), quiet)


@pytest.mark.parametrize("odd", [np.nan, np.inf])
def test_of_what_is_not_finite_others_have_to_tell(noise, odd):
    broken = noise[:RATE].copy()
    broken[10] = odd
    np.testing.assert_array_equal(cleaned(broken), broken)


@pytest.mark.parametrize("samples", [np.zeros(0, np.float32), np.zeros(9, np.float32), np.ones(1, np.float32)])
def test_no_sound_and_hardly_any(samples):
    np.testing.assert_array_equal(cleaned(samples), samples)
