"""Intervals by drawing speakers or recordings: what a draw is, by hand, and how often the intervals hold the truth."""

from functools import partial
from itertools import product

import numpy as np
import pytest

from lightdiar.metrics.bootstrap import Interval, recording_intervals, speaker_intervals
from lightdiar.metrics.diarization import DiarizationScore
from lightdiar.metrics.sound_events import event_based, segment_based
from lightdiar.metrics.tagging import tagging
from lightdiar.metrics.verification import cllr, equal_error_rate, minimum_cost
from lightdiar.timeline import Event


def equal_error(*scores, **weights):
    return equal_error_rate(*scores, **weights)[0]


def mean_of_targets(target, other, target_weights=None, other_weights=None):
    return np.average(target, weights=target_weights)


def mean_of_others(target, other, target_weights=None, other_weights=None):
    return np.average(other, weights=other_weights)


def trials_of(rng, n_speakers, n_recordings, spread=1.0):
    """Scores of all pairs of recordings, and their speakers; whoever is hoarse is hoarse in all trials."""
    speaker = np.repeat(np.arange(n_speakers), n_recordings)
    hoarse = rng.normal(0, spread, n_speakers)
    i, j = np.triu_indices(len(speaker), 1)
    first, second = speaker[i], speaker[j]
    same = first == second
    scores = np.where(same, 2 + hoarse[first], 0.5 * (hoarse[first] + hoarse[second]) - 2)
    return scores + rng.normal(0, 0.5, len(scores)), first, second


def test_a_trial_counts_as_often_as_both_its_speakers_were_drawn():
    """Three speakers: in every draw weights are w_i and w_i w_j of whole w that add up to 3, and 0 is left out."""
    people = ["ann", "bob", "cy"]
    pairs = list(product(people, people))
    scores = np.arange(9.0)
    seen = set()

    def figure(target, other, target_weights=None, other_weights=None):
        if target_weights is not None:
            times = dict.fromkeys(people, 0)
            for score, weight in zip(target, target_weights):
                times[pairs[int(score)][0]] = int(weight)
            assert sum(times.values()) == 3
            counts = {pairs[int(score)]: weight for score, weight in zip(other, other_weights)}
            assert counts == {
                (one, two): times[one] * times[two] for one, two in pairs if one != two and times[one] * times[two]
            }
            seen.add(tuple(times.values()))
        return 0.0

    assert speaker_intervals({"none": figure}, scores, *zip(*pairs), n_draws=200)["none"] == Interval(0, 0, 0)
    # all but the draws of one speaker three times, in which nobody is compared with another
    assert seen == {(1, 1, 1), (0, 1, 2), (0, 2, 1), (1, 0, 2), (1, 2, 0), (2, 0, 1), (2, 1, 0)}


def test_two_speakers_by_hand():
    """Only draws of both are left: each time all trials count once."""
    scores, enrolled, tested = [3.0, 2.0, -1.0, 1.0], ["a", "b", "a", "b"], ["a", "b", "b", "a"]
    found = speaker_intervals({"Cllr": cllr, "targets": mean_of_targets}, scores, enrolled, tested, n_draws=50)
    value = cllr([3, 2], [-1, 1])
    assert found == {"Cllr": Interval(value, value, value), "targets": Interval(2.5, 2.5, 2.5)}


def test_the_deviation_of_a_mean_over_speakers_is_the_textbook_one():
    """One target trial for each of n speakers, of values x: draws of the mean deviate by std(x) / sqrt(n)."""
    rng = np.random.default_rng(0)
    x = rng.normal(0, 1, 60)
    own, pairs = np.arange(60), np.arange(60)
    scores, first, second = np.r_[x, np.zeros(60)], np.r_[own, pairs], np.r_[own, (pairs + 1) % 60]
    found = speaker_intervals({"mean": mean_of_targets}, scores, first, second, n_draws=4000)["mean"]
    deviation = x.std() / np.sqrt(60)
    assert found.value == pytest.approx(x.mean())
    assert (found.high - found.low) / 2 == pytest.approx(1.96 * deviation, rel=0.06)
    half = speaker_intervals({"mean": mean_of_targets}, scores, first, second, n_draws=4000, level=0.5)["mean"]
    assert (half.high - half.low) / 2 == pytest.approx(0.6745 * deviation, rel=0.06)


def test_intervals_hold_the_truth_about_as_often_as_they_say():
    """Means of trials of speakers who differ; single trials drawn instead would hold it in few cases."""
    rng = np.random.default_rng(1)
    held = np.zeros((80, 2))
    for row in held:
        found = speaker_intervals(
            {"same": mean_of_targets, "other": mean_of_others}, *trials_of(rng, 30, 3), n_draws=200
        )
        row[:] = [found["same"].low <= 2 <= found["same"].high, found["other"].low <= -2 <= found["other"].high]
    assert (held.mean(axis=0) >= 0.85).all()


def test_figures_of_verification_lie_in_their_intervals(rng):
    figures = {"EER": equal_error, "minDCF": partial(minimum_cost, prior=0.05), "Cllr": cllr}
    scores, first, second = trials_of(rng, 20, 4)
    names = np.array([f"person {number}" for number in range(20)])
    found = speaker_intervals(figures, scores, names[first], names[second], n_draws=200)
    same = first == second
    assert found["EER"].value == equal_error(scores[same], scores[~same])
    for interval in found.values():
        assert interval.low < interval.value < interval.high
    # all figures are of the same draws, whichever are asked for
    assert speaker_intervals({"Cllr": cllr}, scores, first, second, n_draws=200)["Cllr"] == found["Cllr"]
    assert speaker_intervals({"Cllr": cllr}, scores, first, second, n_draws=200, seed=1)["Cllr"] != found["Cllr"]


def test_the_order_of_trials_does_not_matter(rng):
    scores, first, second = trials_of(rng, 8, 3)
    order = np.r_[0, 1 + rng.permutation(len(scores) - 1)]
    found = speaker_intervals({"EER": equal_error}, scores, first, second, n_draws=50)["EER"]
    mirrored = speaker_intervals({"EER": equal_error}, scores, second, first, n_draws=50)["EER"]
    shuffled = speaker_intervals({"EER": equal_error}, scores[order], first[order], second[order], n_draws=50)["EER"]
    assert mirrored.value == shuffled.value == found.value


@pytest.mark.parametrize(
    ("trials", "options", "message"),
    [
        (([1.0, 2.0], ["a"], ["a"]), {}, r"scores of shape \(2,\), 1 speakers enrolled and 1 tested must be as many"),
        (([1.0, 2.0], ["a", "b"], ["a", "b"]), {}, "2 of 2 trials are target trials; both kinds are needed"),
        (([1.0, 2.0], ["a", "b"], ["b", "a"]), {}, "0 of 2 trials are target trials"),
        (([1.0, 2.0], ["a", None], ["a", "b"]), {}, "1 speakers have no name; every trial needs one on both sides"),
        (([], [], []), {}, "0 of 0 trials are target trials"),
        (([1.0, np.nan], ["a", "b"], ["a", "a"]), {}, "1 of 1 other scores are NaN"),
        (([1.0, 2.0], ["a", "b"], ["a", "a"]), {"n_draws": 0}, "n_draws=0 must be 1 or more; 1000 is usual"),
        (([1.0, 2.0], ["a", "b"], ["a", "a"]), {"level": 95}, "level=95 must be between 0 and 1; 0.95 is usual"),
    ],
)
def test_rubbish_is_refused(trials, options, message):
    with pytest.raises(ValueError, match=message):
        speaker_intervals({"Cllr": cllr}, *trials, **options)


# --- recordings


def right_of(answers):
    return [tagging(["a"], [answer], ["a", "b"]) for answer in answers]


FIGURE = {"accuracy": lambda counts: counts.accuracy}


def test_each_draw_takes_as_many_recordings_as_there_are():
    """Two recordings, one right: 0, 1/2 and 1 are drawn in a quarter, a half and a quarter."""
    seen = []

    def figure(counts):
        seen.append(counts.accuracy)
        assert counts.confusion.sum() == 2
        return counts.accuracy

    whole = recording_intervals({"accuracy": figure}, right_of("ab"), n_draws=2000)["accuracy"]
    assert whole == Interval(0.5, 0, 1)
    shares = np.bincount(2 * np.array(seen[:2000], int) + (np.array(seen[:2000]) == 0.5), minlength=3) / 2000
    assert shares == pytest.approx([0.25, 0.5, 0.25], abs=0.03)


def test_the_interval_is_that_of_a_binomial_share():
    """40 of 100 recordings right: 0.4 +- 1.96 sqrt(0.4 * 0.6 / 100)."""
    found = recording_intervals(FIGURE, right_of("a" * 40 + "b" * 60), n_draws=4000)["accuracy"]
    assert found.value == 0.4
    assert (found.low, found.high) == pytest.approx((0.304, 0.496), abs=0.015)


def test_segments_of_a_recording_are_drawn_together():
    """Ten recordings of 100 segments, each all right or all wrong, are ten pieces of evidence and not 1,000."""
    truth = [Event(0, 100, "a")]
    counts = [segment_based(truth, truth if place % 2 else [], ["a"], duration=100) for place in range(10)]
    found = recording_intervals({"recall": lambda counts: counts.micro.recall}, counts)["recall"]
    assert found.value == 0.5
    assert (found.low, found.high) == (0.2, 0.8)  # quantiles of a binomial of 10


def test_a_draw_without_the_class_does_not_count_for_it():
    """Of b, heard in one of two recordings and found, recall is 1 in every draw that has it; of c, there is none."""
    counts = [event_based(events, events, ["a", "b", "c"]) for events in ([Event(0, 1, "a")], [Event(0, 1, "b")])]
    figures = {label: partial(lambda label, counts: counts.of(label).recall, label) for label in "bc"}
    found = recording_intervals(figures, counts)
    assert found["b"] == Interval(1, 1, 1)
    assert np.isnan([found["c"].value, found["c"].low, found["c"].high]).all()


def test_whatever_adds_can_be_drawn():
    scores = [DiarizationScore(10, 1, 0, 0), DiarizationScore(30, 0, 0, 9)]
    found = recording_intervals({"DER": lambda score: score.der}, scores)["DER"]
    assert found == Interval(0.25, pytest.approx(0.1), pytest.approx(0.3))


def test_the_same_seed_gives_the_same_interval_of_recordings():
    counts = right_of("aababbbaab" * 3)
    first, again, other = (recording_intervals(FIGURE, counts, n_draws=99, seed=seed) for seed in (1, 1, 2))
    assert first == again != other


def test_recordings_that_cannot_be_drawn():
    with pytest.raises(ValueError, match="no recording was counted"):
        recording_intervals(FIGURE, [])
    with pytest.raises(ValueError, match="counts of a, b and of b do not add"):
        recording_intervals(FIGURE, [*right_of("a"), tagging(["b"], ["b"], ["b"])])
    with pytest.raises(ValueError, match="n_draws=0 must be 1 or more"):
        recording_intervals(FIGURE, right_of("ab"), n_draws=0)
    with pytest.raises(ValueError, match="level=1 must be between 0 and 1"):
        recording_intervals(FIGURE, right_of("ab"), level=1)
