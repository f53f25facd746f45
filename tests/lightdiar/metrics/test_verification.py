"""Same speaker or not: error rates and costs worked out by hand, and those of scikit-learn."""

from functools import partial

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import norm

from lightdiar.metrics.verification import (
    DetectionRates,
    actual_cost,
    cllr,
    detection_rates,
    equal_error_rate,
    error_rates,
    fit_calibration,
    minimum_cllr,
    minimum_cost,
    reliability,
)


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


# Four targets and five others, by hand. At 3: 1 of 4 is missed, 2 of 5 accepted (the other 3 comes along with the
# target 3). At 4: 1/2 and 1/5. At 5: 3/4 and 0. At 1: nothing is missed, 3/5 accepted.
TARGETS, OTHERS = [1, 3, 4, 5], [0, 0.5, 1, 3, 4]


def test_the_points_of_the_curve_by_hand():
    thresholds, missed, accepted = error_rates(TARGETS, OTHERS)
    assert thresholds.tolist() == [np.inf, 5, 4, 3, 1, 0.5, 0]
    assert missed.tolist() == [1, 0.75, 0.5, 0.25, 0, 0, 0]
    np.testing.assert_allclose(accepted, [0, 0, 0.2, 0.4, 0.6, 0.8, 1], atol=1e-15)


@pytest.mark.parametrize(
    ("prior", "cost"),
    [
        (0.5, 0.6),  # at 1: 0 + 3/5 (at 3: 1/4 + 2/5)
        (0.01, 0.75),  # at 5: 3/4 (at 4: 1/2 + 99/5)
        (0.9, 0.6),  # at 1, in units of the 10 % of others: 9 * 0 + 3/5
        (0.4, 0.75),  # at 5; at 3: 1/4 + 1.5 * 2/5 = 0.85
    ],
)
def test_minimum_cost_by_hand(prior, cost):
    assert minimum_cost(TARGETS, OTHERS, prior=prior) == pytest.approx(cost, abs=1e-15)


def test_an_actual_cost_by_hand():
    """At a prior of 1 % the threshold is ln 99 = 4.595: 1 of 3 is missed, 1 of 4 accepted, which costs 99 times it."""
    targets, others = [5, 4.6, 4.5], [4.6, 4.59, 0, -1]
    assert actual_cost(targets, others, prior=0.01) == pytest.approx(1 / 3 + 99 / 4)
    assert minimum_cost(targets, others) == pytest.approx(2 / 3)
    assert actual_cost(targets, others, prior=0.5) == pytest.approx(3 / 4)  # at 0: 3 of 4 are accepted


def test_a_ratio_at_the_very_threshold_is_accepted():
    assert actual_cost([0.0], [-1.0], prior=0.5) == 0
    assert detection_rates([1.0], [1.0], 1.0).false_positive_rate == 1


def test_rates_at_a_threshold_by_hand():
    """At 3, 3 of 4 targets and 2 of 5 others are accepted: 6 of 9 decisions are right."""
    rates = detection_rates(TARGETS, OTHERS, 3)
    assert rates == DetectionRates(0.75, 0.4, 0.6, pytest.approx(2 / 3), pytest.approx(6 / 9))
    assert detection_rates(TARGETS, OTHERS, np.inf) == DetectionRates(0, 0, 1, 0, pytest.approx(5 / 9))
    assert detection_rates(TARGETS, OTHERS, -np.inf).true_positive_rate == 1


def test_minimum_cllr_by_hand():
    """Scores 0 (other), 1 (target), 2 (other), 3 (target): 1 and 2 violate the order and are pooled.

    The pool holds half of both kinds, a ratio of 1, which costs a bit: (1/2 + 1/2) / 2.
    """
    assert minimum_cllr([1, 3], [0, 2]) == pytest.approx(0.5)
    assert minimum_cllr([0, 1], [2, 3]) == 1.0  # the wrong way round, all are pooled
    # all three of one score: a third of the targets is apart. The pool has 2/3 of targets to 1 of others.
    expected = (2 / 3 * np.log2(1 + 3 / 2) + np.log2(1 + 2 / 3)) / 2
    assert minimum_cllr([1, 1, 2], [1, 1, 1]) == pytest.approx(expected)


@pytest.fixture(params=["continuous", "ties", "wrong way round", "few"])
def trials(request, rng):
    """Scores of targets and of others."""
    target, other = rng.normal(1.5, 1.3, 700), rng.normal(-0.5, 1, 4000)
    if request.param == "ties":
        return np.round(target, 1), np.round(other, 1)
    if request.param == "few":
        return np.round(target[:9], 1), np.round(other[:13], 1)
    return (-target, -other) if request.param == "wrong way round" else (target, other)


@pytest.fixture(params=["equal", "weighted"])
def weights(request, trials, rng):
    """How often each trial counts; some not at all."""
    if request.param == "equal":
        return [np.ones(len(scores)) for scores in trials]
    return [np.r_[1, rng.integers(0, 4, len(scores) - 1)] for scores in trials]


def labelled(trials, weights):
    """Trials as scikit-learn has them: labels, scores and weights."""
    return np.repeat([1, 0], [len(scores) for scores in trials]), np.concatenate(trials), np.concatenate(weights)


def named(weights):
    return dict(zip(("target_weights", "other_weights"), weights))


def test_curves_and_costs_are_those_of_scikit_learn(trials, weights):
    from sklearn.metrics import det_curve, roc_curve

    same, scores, counts = labelled(trials, weights)
    found = error_rates(*trials, **named(weights))
    accepted, hit, thresholds = roc_curve(same, scores, sample_weight=counts, drop_intermediate=False)
    at = np.searchsorted(-thresholds, -found[0])  # scikit-learn also has thresholds of trials that count 0
    np.testing.assert_allclose(found[1], 1 - hit[at], atol=1e-9)
    np.testing.assert_allclose(found[2], accepted[at], atol=1e-9)
    crossing = np.argmin(abs(accepted - (1 - hit)))
    assert equal_error_rate(*trials, **named(weights))[0] == pytest.approx(
        (accepted[crossing] + 1 - hit[crossing]) / 2, abs=1e-9
    )
    false_alarms, misses, _ = det_curve(same, scores, sample_weight=counts)
    for prior in (0.01, 0.05, 0.5, 0.8):
        # det_curve leaves out the end at which nothing is accepted, and that at which all is
        costs = [*(prior * misses + (1 - prior) * false_alarms), prior, 1 - prior]
        expected = min(costs) / min(prior, 1 - prior)
        assert minimum_cost(*trials, prior=prior, **named(weights)) == pytest.approx(expected, abs=1e-9)


def test_rates_are_those_of_scikit_learn(trials, weights):
    from sklearn.metrics import accuracy_score, f1_score, precision_score, recall_score

    same, scores, counts = labelled(trials, weights)
    for threshold in (-0.5, 0.3, 1.0):
        rates = detection_rates(*trials, threshold, **named(weights))
        answers = scores >= threshold
        for score, rate in (
            (recall_score, rates.true_positive_rate),
            (partial(precision_score, zero_division=1), rates.precision),
            (f1_score, rates.f_measure),
            (accuracy_score, rates.accuracy),
        ):
            assert rate == pytest.approx(score(same, answers, sample_weight=counts), abs=1e-9)
        others = np.average(answers[same == 0], weights=counts[same == 0])
        assert rates.false_positive_rate == pytest.approx(others, abs=1e-9)


def test_minimum_cllr_is_that_of_isotonic_regression(trials, weights):
    """Posteriors of scikit-learn's isotonic regression, both kinds with a weight of one half, in bits."""
    from sklearn.isotonic import IsotonicRegression
    from sklearn.metrics import log_loss

    same, scores, counts = labelled(trials, weights)
    balanced = counts / np.where(same, weights[0].sum(), weights[1].sum())
    posterior = IsotonicRegression(y_min=0, y_max=1).fit(scores, same, balanced).predict(scores)
    bits = log_loss(same, posterior, sample_weight=balanced) / np.log(2)
    assert minimum_cllr(*trials, **named(weights)) == pytest.approx(bits, abs=1e-9)


FIGURES = {
    "equal error": equal_error_rate,
    "minimum cost": minimum_cost,
    "actual cost": partial(actual_cost, prior=0.05),
    "cllr": cllr,
    "minimum cllr": minimum_cllr,
    "rates": lambda *scores, **weights: tuple(vars(detection_rates(*scores, 0.4, **weights)).values()),
}


@pytest.mark.parametrize("name", FIGURES)
def test_a_weight_counts_a_trial_so_many_times(name, trials, weights):
    repeated = [np.repeat(scores, counts.astype(int)) for scores, counts in zip(trials, weights)]
    assert FIGURES[name](*trials, **named(weights)) == pytest.approx(FIGURES[name](*repeated), abs=1e-12)


@pytest.mark.parametrize("name", FIGURES)
def test_the_order_of_trials_does_not_matter(name, trials):
    assert FIGURES[name](*(scores[::-1] for scores in trials)) == pytest.approx(FIGURES[name](*trials), abs=1e-12)


def test_no_threshold_and_no_curve_does_better_than_the_best(trials):
    for prior in (0.01, 0.3, 0.95):
        assert 0 <= minimum_cost(*trials, prior=prior) <= min(1, actual_cost(*trials, prior=prior) + 1e-12)
    assert minimum_cllr(*trials) <= cllr(*trials)
    slope, offset = fit_calibration(*trials)
    if slope > 0:
        assert minimum_cllr(*trials) <= cllr(*(slope * scores + offset for scores in trials))


def test_a_trial_of_no_weight_is_not_there_even_where_it_would_cost_infinitely():
    assert cllr([3.0, -np.inf], [-3.0], target_weights=[1, 0]) == cllr([3.0], [-3.0])


def test_ratios_that_keep_their_word_lie_on_the_diagonal():
    """Of a ratio of 3 there are three targets for each other (as shares), so that 75 % is right; likewise of 1/3."""
    targets, others = [np.log(3)] * 3 + [-np.log(3)], [np.log(3)] + [-np.log(3)] * 3
    table = reliability(targets, others, n_bins=4)
    assert table.columns.tolist() == ["predicted", "observed", "n_targets", "n_others"]
    np.testing.assert_allclose(table, [[0.25, 0.25, 1, 3], [0.75, 0.75, 3, 1]])


def test_reliability_at_a_prior_by_hand():
    """A prior of 0.2 has odds of 1/4: ratios of 4 and 1 are 1/2 and 1/5, and a target weighs 0.2/2, an other 0.8/4."""
    table = reliability(np.log([4, 1]), np.log([4, 1, 1, 1]), prior=0.2, n_bins=5)
    expected = [[0.2, 0.1 / (0.1 + 3 * 0.2), 1, 3], [0.5, 0.1 / (0.1 + 0.2), 1, 1]]
    np.testing.assert_allclose(table, expected)
    certain = reliability([np.inf, 800], [-np.inf])
    np.testing.assert_allclose(certain, [[0, 0, 0, 1], [1, 1, 2, 0]])


def test_a_million_trials_take_a_moment(rng):
    """Means of 0 and 3, deviation 1: the ratio is exp(3 x - 4.5), and the best threshold where it is 99."""
    target, other = rng.normal(3, 1, 20_000), rng.normal(0, 1, 980_000)
    at = (np.log(99) + 4.5) / 3
    assert minimum_cost(target, other) == pytest.approx(norm.cdf(at - 3) + 99 * norm.sf(at), abs=0.01)
    assert equal_error_rate(target, other)[0] == pytest.approx(norm.cdf(-1.5), abs=0.005)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: equal_error_rate([], [1.0]), r"target scores of shape \(0,\) must be one row of at least one number"),
        (lambda: minimum_cost([1.0], [[1.0]]), r"other scores of shape \(1, 1\) must be one row"),
        (lambda: cllr([1.0, np.nan], [0.0]), "1 of 2 target scores are NaN; leave these trials out"),
        (lambda: minimum_cost([1.0], [0.0], prior=1), "prior=1 must be between 0 and 1; 0.01 is usual"),
        (lambda: actual_cost([1.0], [0.0], prior=np.nan), "prior=nan must be between 0 and 1"),
        (lambda: detection_rates([1.0], [0.0], np.nan), "threshold=nan must be a number"),
        (lambda: reliability([1.0], [0.0], n_bins=0), "n_bins=0 must be 1 or more; 10 is usual"),
        (
            lambda: cllr([1.0], [0.0], target_weights=[1, 2]),
            r"target weights of shape \(2,\) must be one for each of 1",
        ),
        (lambda: cllr([1.0], [0.0, 1], other_weights=[-1, 2]), "other weights from -1 to 2 must be 0 or more"),
        (
            lambda: minimum_cllr([1.0], [0.0], other_weights=[0]),
            "other weights from 0 to 0 must be 0 or more, not all 0",
        ),
    ],
)
def test_rubbish_is_refused(call, message):
    with pytest.raises(ValueError, match=message):
        call()
