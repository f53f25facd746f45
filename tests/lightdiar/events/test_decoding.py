import numpy as np
import pytest

from lightdiar.events.decoding import Decoding, events_of
from lightdiar.signal.frames import runs
from lightdiar.timeline import Event


def decoded(text, **settings):
    """Steps written as # and blanks, decoded with a threshold of 0.5; as they then look."""
    p = np.where(np.array(list(text)) == "#", 0.9, 0.2)[:, None]
    return "".join(np.where(Decoding([0.5], **settings).active(p)[:, 0], "#", " "))


def test_each_class_has_its_threshold():
    p = np.array([[0.3, 0.3], [0.5, 0.5], [0.7, 0.7]])
    assert Decoding([0.5, 0.2]).active(p).tolist() == [[False, True], [False, True], [True, True]]


@pytest.mark.parametrize(
    ("settings", "before", "after"),
    [
        ({}, " #  ## # ", " #  ## # "),
        ({"median": 3}, " #  ##  # ", "    ##    "),
        ({"median": 3}, "# ## ##", "#######"),  # as if the ends went on
        ({"median": 5}, "  ## ##  #   ", "   ### #     "),
        ({"least_gap": 2}, " # #  # ", " ###  # "),
        ({"least_gap": 3}, " # #  # ", " ###### "),
        ({"least_gap": 9}, "  ##  ", "  ##  "),  # what lies before the first event is no gap
        ({"least_event": 2}, "# ## ### #", "  ## ###  "),
        ({"least_gap": 2, "least_event": 3}, " # #   # ", " ###     "),  # gaps first
    ],
)
def test_filters_by_hand(settings, before, after):
    assert decoded(before, **settings) == after


def test_the_median_of_decisions_is_the_decision_on_medians(rng):
    from scipy.ndimage import median_filter

    p = rng.random((500, 1))
    ours = Decoding([0.4], median=7).active(p)[:, 0]
    assert np.array_equal(ours, median_filter(p[:, 0], 7, mode="nearest") > 0.4)


def test_durations_of_each_label(rng):
    p = rng.random((3000, 3))
    active = Decoding([0.5, 0.6, 0.7], least_event=[1, 4, 9], least_gap=[1, 3, 2]).active(p)
    for column, event, gap in zip(active.T, (1, 4, 9), (1, 3, 2)):
        sounding = runs(column)
        assert len(sounding) > 3
        assert (sounding[:, 1] - sounding[:, 0]).min() >= event
        assert (sounding[1:, 0] - sounding[:-1, 1]).min() >= gap


def test_hmm_weighs_evidence_against_changes():
    """Log odds 2.2 over the threshold for a step: less than two changes of 2 cost, three such steps are more."""
    assert decoded("  #      ###   ", penalty=2.0) == "         ###   "
    assert decoded("  #      ###   ", penalty=1.0) == "  #      ###   "
    assert decoded("  ## ##  ", penalty=2.0) == "  #####  "


def test_hmm_without_a_penalty_is_the_threshold(rng):
    p = rng.random((400, 2))
    thresholds = [0.3, 0.8]
    assert np.array_equal(Decoding(thresholds, penalty=0.0).active(p), Decoding(thresholds).active(p))


def test_hmm_keeps_least_durations(rng):
    p = rng.random((3000, 1))
    sounding = runs(Decoding([0.5], least_event=6, least_gap=4, penalty=0.5).active(p)[:, 0])
    inside = sounding[1:-1]
    assert len(inside) > 10
    assert (inside[:, 1] - inside[:, 0]).min() >= 6
    assert (sounding[1:, 0] - sounding[:-1, 1]).min() >= 4


@pytest.mark.parametrize("penalty", [None, 2.0])
def test_certainty_and_nothing_have_an_answer(penalty):
    decoding = Decoding([0.0, 1.0], median=3, penalty=penalty)
    assert decoding.active(np.zeros((0, 2))).shape == (0, 2)
    p = np.array([[0.0, 1.0], [1.0, 0.0], [1.0, 1.0]], np.float32)
    assert decoding.active(p)[:, 1].tolist() == [False] * 3
    assert Decoding([], penalty=penalty).active(np.zeros((5, 0))).shape == (5, 0)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"thresholds": [1.5]}, "must be one row of numbers from 0 to 1"),
        ({"thresholds": [np.nan]}, "must be one row of numbers from 0 to 1"),
        ({"thresholds": 0.5}, "must be one row of numbers from 0 to 1"),
        ({"thresholds": [0.5], "median": 4}, "must be odd, so that a step is in the middle; 5 is usual"),
        ({"thresholds": [0.5], "median": 0}, "median=0 must be one whole number of steps, 1 or more"),
        ({"thresholds": [0.5], "least_event": 1.5}, "least_event=1.5 must be one whole number"),
        ({"thresholds": [0.5], "least_gap": [1, 2]}, r"least_gap=\[1, 2\] must .* or one for each of 1 labels"),
        ({"thresholds": [0.5], "penalty": -1}, "penalty=-1 must be 0 or more"),
    ],
)
def test_what_is_impossible_is_said(arguments, message):
    with pytest.raises(ValueError, match=message):
        Decoding(**arguments)


def test_probabilities_need_a_column_for_each_label():
    with pytest.raises(ValueError, match=r"probabilities of shape \(3, 1\) need a column for each of 2 labels"):
        Decoding([0.5, 0.5]).active(np.zeros((3, 1)))


def test_events_by_hand():
    active = np.array([[0, 1], [1, 1], [1, 0], [0, 0], [1, 0]], bool)
    p = np.array([[0.1, 0.5], [0.5, 0.75], [1.0, 0], [0, 0], [0.625, 0]])
    assert events_of(active, p, ["car", "bird"], 0.43) == [
        Event(0.0, 0.2, "bird", 0.625),
        Event(0.1, 0.3, "car", 0.75),
        Event(0.4, 0.43, "car", 0.625),
    ]


def test_times_are_tenths_and_a_step_after_the_end_is_left_out():
    active = np.zeros((4, 1), bool)
    active[3] = True
    assert events_of(active, np.ones((4, 1)), ["car"], 0.4)[0].start == 0.3  # not 0.30000000000000004
    assert events_of(active, np.ones((4, 1)), ["car"], 0.3) == []
    assert events_of(active[:0], np.ones((0, 1)), ["car"], 0.0) == []


def test_events_need_matching_shapes():
    with pytest.raises(ValueError, match=r"active \(2, 1\) and probabilities \(2, 1\) need a column for each of 2"):
        events_of(np.zeros((2, 1), bool), np.zeros((2, 1)), ["car", "bird"], 0.2)
