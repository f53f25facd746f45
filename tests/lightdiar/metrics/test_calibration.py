"""Probabilities against what happened."""

import numpy as np
import pytest

from lightdiar.metrics.calibration import calibration


def test_bins_by_hand():
    """0.05 and 0.15 stand in bins of their own, 0.95 and 1 in the last; the empty bins are left out."""
    found = calibration([0.05, 0.15, 0.95, 1.0, 1.0], [True, False, True, True, False])
    assert found.counts.tolist() == [1, 1, 3]
    assert found.predicted == pytest.approx([0.05, 0.15, 2.95 / 3])
    assert found.observed == pytest.approx([1, 0, 2 / 3])
    assert found.error == pytest.approx((0.95 + 0.15 + 0.95) / 5)


def test_the_number_of_bins_is_given():
    found = calibration([0.1, 0.4, 0.6], [0, 1, 1], n_bins=2)
    assert found.counts.tolist() == [2, 1] and found.predicted == pytest.approx([0.25, 0.6])
    assert found.error == pytest.approx((2 * 0.25 + 0.4) / 3)
    assert calibration([0.1, 0.4, 0.6], [0, 1, 1], n_bins=1).error == pytest.approx(2 / 3 - 1.1 / 3)


def test_a_bin_begins_with_its_lower_bound():
    assert calibration([0.5, 0.49999], [True, True], n_bins=2).counts.tolist() == [1, 1]
    assert calibration([0.0, 1.0], [False, True]).error == 0


def test_probabilities_that_are_true_have_no_error_but_that_of_chance(rng):
    p = rng.random(100_000)
    happened = rng.random(100_000) < p
    assert calibration(p, happened).error < 0.005
    assert calibration(p, ~happened).error == pytest.approx(0.5, abs=0.01)  # mean of |1 - 2p|
    assert calibration(p**2, happened).error == pytest.approx(1 / 6, abs=0.01)  # mean of p - p squared


def test_by_chance_the_error_is_what_the_docstring_says(rng):
    for n, about in ((100, 0.1), (200, 0.07)):
        p = rng.random((300, n))
        errors = [calibration(row, rng.random(n) < row).error for row in p]
        assert np.mean(errors) == pytest.approx(about, abs=0.02)


def test_the_order_does_not_matter(rng):
    p, happened = rng.random(500), rng.random(500) < 0.3
    order = rng.permutation(500)
    assert calibration(p[order], happened[order]).error == pytest.approx(calibration(p, happened).error)


@pytest.mark.parametrize(
    ("p", "happened", "message"),
    [
        ([], [], r"p \(0,\) and happened \(0,\) must be two lists of the same length, not empty"),
        ([0.5], [True, False], r"p \(1,\) and happened \(2,\) must be"),
        ([[0.5]], [[True]], r"p \(1, 1\) and happened \(1, 1\) must be"),
        ([0.5, 1.5], [True, False], "probabilities lie from 0 to 1; got 0.5 to 1.5"),
        ([-0.5, 0.5], [True, False], "probabilities lie from 0 to 1; got -0.5 to 0.5"),
        ([np.nan, 0.5], [True, False], "probabilities lie from 0 to 1; got nan"),
    ],
)
def test_what_is_no_probability_is_refused(p, happened, message):
    with pytest.raises(ValueError, match=message):
        calibration(p, happened)
