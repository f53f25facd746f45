"""The probability of a woman's voice by pitch alone."""

import numpy as np
import pytest

from lightdiar.signal.norms import female_by_pitch


def test_halfway_between_both_means_the_odds_are_even():
    assert female_by_pitch(np.array([np.sqrt(131 * 220)])) == pytest.approx(0.5)
    assert female_by_pitch(np.array([131.0])) == pytest.approx(1 - female_by_pitch(np.array([220.0])))


def test_the_odds_are_those_of_two_normal_densities():
    f0 = 180.0

    def density(mean):
        return np.exp(-0.5 * (np.log(f0 / mean) / 0.25) ** 2)

    assert female_by_pitch(np.array([f0])) == pytest.approx(density(220) / (density(220) + density(131)))


def test_the_median_of_the_voiced_frames_decides():
    assert female_by_pitch(np.array([np.nan, 100.0, 200.0, 3000.0])) == female_by_pitch(np.array([200.0]))
    assert female_by_pitch(np.array([])) == female_by_pitch(np.array([np.nan])) == 0.5
