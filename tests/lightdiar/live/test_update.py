"""What a stream tells: values, and the counts that run along."""

import math

import pytest

from lightdiar.live.update import Gap, Merge, Update
from lightdiar.systems.result import Speaker


def test_counts_and_share_run_along():
    speakers = [Speaker("A", 6.0, 0.97), Speaker("B", 2.0, 0.1), Speaker("C", 1.9, 0.9), Speaker("D", 5.0, 0.5, 0.99)]
    update = Update(20.0, speakers=speakers)
    assert update.counts == {"M": 1, "F": 1, "child": 1}  # C has not yet spoken for two seconds
    assert update.womens_share == pytest.approx((6 + 1.9) / (6 + 1.9 + 2))


def test_nobody_has_spoken_yet():
    update = Update(0.5)
    assert update.counts == {"M": 0, "F": 0} and math.isnan(update.womens_share)


def test_iterables_become_tuples():
    update = Update(1.0, certain=[], guess=iter([]), merges=[Merge(1.0, "B", "A")])
    assert (update.certain, update.guess, update.merges) == ((), (), (Merge(1.0, "B", "A"),))


@pytest.mark.parametrize("seconds", [0, -1, math.inf, math.nan])
def test_impossible_gaps_are_refused(seconds):
    with pytest.raises(ValueError, match="a gap of .* s is impossible; it must be above 0 and finite"):
        Gap(seconds)


@pytest.mark.parametrize("seconds", ["2.5", None, True])
def test_a_gap_is_a_number_of_seconds(seconds):
    with pytest.raises(TypeError, match=rf"^a gap of {seconds!r} is no number of seconds; write Gap\(2\.5\)\.$"):
        Gap(seconds)
