"""Same speaker or not: error rates and costs worked out by hand."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import norm

from lightdiar.metrics.verification import cllr, equal_error_rate, fit_calibration


@pytest.mark.parametrize(
    ("targets", "others", "rate", "threshold"),
    [
        ([3, 4], [1, 2], 0.0, 3),
        ([1, 2], [3, 4], 1.0, 3),  # the wrong way round: at 3 both targets are missed and both others accepted
        ([2, 4, 5, 6, 7], [0, 1, 1, 3, 4.5], 0.2, 4),  # 2 is missed, 4.5 accepted
        ([7, 5, 2, 6, 4], [4.5, 1, 3, 1, 0], 0.2, 4),  # in another order
        ([1, 2, 3, 4], [0, 2.5], 0.5, 2.5),  # 1 and 2 are missed, 2.5 accepted
        ([1, 2, 3], [0, 0.5, 0.7, 2.5], 7 / 24, 2),  # 1 is missed, 2.5 accepted: between 1/3 and 1/4
    ],
)
def test_equal_error_rate_by_hand(targets, others, rate, threshold):
    assert equal_error_rate(targets, others) == (pytest.approx(rate), threshold)


def test_scores_that_are_all_alike_are_chance():
    assert equal_error_rate([1, 1, 1], [1, 1])[0] == 0.5


def test_two_normal_distributions_cross_where_they_should():
    """Means of 0 and 2, deviation 1: an error of Phi(-1) at 1."""
    rng = np.random.default_rng(0)
    rate, threshold = equal_error_rate(rng.normal(2, 1, 20_000), rng.normal(0, 1, 20_000))
    assert rate == pytest.approx(norm.cdf(-1), abs=0.005) and threshold == pytest.approx(1, abs=0.05)


scores = st.lists(st.integers(-20, 20), min_size=1, max_size=12)


@settings(max_examples=25, deadline=None)
@given(scores, scores)
def test_a_rising_curve_changes_no_rate_and_moves_the_threshold_along(targets, others):
    rate, threshold = equal_error_rate(targets, others)
    assert 0 <= rate <= 1
    for curve in (lambda x: 3 * x - 7, lambda x: x**3, lambda x: np.exp(x / 5)):
        found = equal_error_rate(curve(np.array(targets, float)), curve(np.array(others, float)))
        assert found == (rate, threshold if np.isinf(threshold) else pytest.approx(curve(threshold)))


@settings(max_examples=25, deadline=None)
@given(scores, scores)
def test_at_the_threshold_both_errors_are_as_near_as_they_get(targets, others):
    rate, threshold = equal_error_rate(targets, others)
    targets, others = np.array(targets), np.array(others)

    def errors(t):
        return np.mean(targets < t), np.mean(others >= t)

    missed, accepted = errors(threshold)
    assert rate == pytest.approx((missed + accepted) / 2)
    least = min(abs(np.subtract(*errors(t))) for t in [*targets, *others, np.inf])
    assert abs(missed - accepted) == pytest.approx(least)


def test_ratios_of_0_tell_nothing_and_cost_a_bit():
    assert cllr([0, 0, 0], [0, 0]) == 1.0
    assert cllr([0.0], np.zeros(50)) == pytest.approx(1.0)


def test_costs_by_hand():
    """Ratios of 3 and 1/3 on the right side cost log2(1 + 1/3) bits, on the wrong side log2(1 + 3) = 2."""
    assert cllr([np.log(3)], [-np.log(3)]) == pytest.approx(np.log2(4 / 3))
    assert cllr([-np.log(3)], [np.log(3)]) == pytest.approx(2.0)
    assert cllr([np.log(3)], [np.log(3)]) == pytest.approx((np.log2(4 / 3) + 2) / 2)
    assert cllr([np.log(7)] * 4, [-np.log(7)]) == pytest.approx(np.log2(8 / 7))


def test_targets_and_others_weigh_the_same_however_many_there_are():
    # targets: the mean of log2(4/3) and 1; others, ten times as many: 0.5
    expected = ((np.log2(4 / 3) + 1) / 2 + 0.5) / 2
    assert cllr([np.log(3), 0], [np.log(np.sqrt(2) - 1)] * 20) == pytest.approx(expected)


def test_certainty_is_free_where_it_is_right_and_ruinous_where_it_is_wrong():
    assert cllr([1000.0], [-1000.0]) == 0.0
    assert cllr([-1000.0], [-1000.0]) == pytest.approx(500 / np.log(2))


@pytest.fixture(scope="module")
def ratios():
    """True log likelihood ratios: targets N(2, 4) against others N(-2, 4), nats."""
    rng = np.random.default_rng(0)
    return rng.normal(2, 2, 20_000), rng.normal(-2, 2, 20_000)


@pytest.mark.parametrize(("slope", "offset"), [(1, 0), (0.2, 3), (50, -400)])
def test_calibration_recovers_a_known_line(ratios, slope, offset):
    """Scores that lie on a line through the true ratios are put back on it."""
    scores = [(ratio - offset) / slope for ratio in ratios]
    found_slope, found_offset = fit_calibration(*scores)
    assert found_slope == pytest.approx(slope, rel=0.03)
    assert np.mean(np.concatenate(scores)) * found_slope + found_offset == pytest.approx(0, abs=0.05)
    assert found_offset == pytest.approx(offset, rel=0.03, abs=0.05)


def test_calibration_is_the_best_of_all_lines(ratios):
    targets, others = (ratio[:2000] / 3 + 1 for ratio in ratios)
    slope, offset = fit_calibration(targets, others)
    best = cllr(slope * targets + offset, slope * others + offset)
    for a, b in ((1.05, 0), (0.95, 0), (1, 0.05), (1, -0.05), (1.02, 0.03)):
        assert cllr(a * slope * targets + offset + b, a * slope * others + offset + b) > best
    assert best < cllr(targets, others) < 1.0


def test_calibration_changes_no_equal_error_rate(ratios):
    targets, others = (5 * ratio + 20 for ratio in ratios)
    slope, offset = fit_calibration(targets, others)
    before, threshold = equal_error_rate(targets, others)
    after, calibrated = equal_error_rate(slope * targets + offset, slope * others + offset)
    assert after == before == pytest.approx(norm.cdf(-1), abs=0.005)
    assert calibrated == pytest.approx(slope * threshold + offset) == pytest.approx(0, abs=0.1)


def test_scores_that_are_larger_for_others_get_a_falling_line(ratios):
    slope, offset = fit_calibration(-ratios[0], -ratios[1])
    assert slope == pytest.approx(-1, rel=0.03) and offset == pytest.approx(0, abs=0.05)


def test_scores_far_from_0_are_calibrated_too():
    rng = np.random.default_rng(0)
    targets, others = rng.normal(2, 2, 4000), rng.normal(-2, 2, 4000)
    slope, offset = fit_calibration(targets + 1e5, others + 1e5)
    assert slope == pytest.approx(1, rel=0.05) and slope * 1e5 + offset == pytest.approx(0, abs=0.1)


def test_a_single_other_score_gives_a_line():
    assert np.isfinite(fit_calibration([1.0, 2.0, -1.0], [0.0])).all()
