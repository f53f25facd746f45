import numpy as np
import pytest

from lightdiar.events.smoothing import smoothed


def decided(mask, median, least_event, least_gap):
    """The same on decisions, step by step as it is described."""
    n, reach = len(mask), median // 2
    mask = [sum(mask[min(max(i + d, 0), n - 1)] for d in range(-reach, reach + 1)) > reach for i in range(n)]
    for length, value in ((least_gap, True), (least_event, False)):
        start = 0
        for end in range(1, n + 1):
            if end == n or mask[end] != mask[start]:
                at_the_ends = value and (start == 0 or end == n)  # what lies before the first event is no gap
                if mask[start] != value and end - start < length and not at_the_ends:
                    mask[start:end] = [value] * (end - start)
                start = end
    return mask


def test_a_threshold_on_smoothed_scores_decides_as_smoothing_of_decisions_does(rng):
    for trial in range(400):
        scores = np.round(rng.random(rng.integers(0, 40)), 1 + trial % 2 * 5)  # half of them with equal values
        median, least_event, least_gap = 2 * int(rng.integers(0, 5)) + 1, *map(int, rng.integers(1, 9, 2))
        for threshold in (0.3, 0.5, 0.7):
            found = smoothed(scores, median, least_event, least_gap) > threshold
            assert found.tolist() == decided((scores > threshold).tolist(), median, least_event, least_gap)


def test_widths_of_one_step_leave_scores_as_they_are(rng):
    scores = rng.random(9)
    assert smoothed(scores) is scores
    scores.flags.writeable = False
    smoothed(scores, 3, 2, 2)


@pytest.mark.parametrize("n", [0, 1, 3])
def test_what_is_longer_than_the_recording_leaves_nothing(n):
    assert smoothed(np.ones(n), 5, 1, 100_000).tolist() == [1.0] * n
    assert np.isneginf(smoothed(np.ones(n), 5, 100_000, 1)).all()
