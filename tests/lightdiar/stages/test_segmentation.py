import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lightdiar.models.gaussian import delta_bic
from lightdiar.signal.frames import runs
from lightdiar.stages.segmentation import bic_changes, fill_pauses, uniform_windows, widen_turns, window_of_frame

MASKS = st.lists(st.tuples(st.integers(0, 40), st.integers(1, 700)), max_size=8).map(
    lambda parts: np.concatenate([np.zeros(5, bool)] + [np.arange(a + b) >= a for a, b in parts])
)


def test_windows_by_hand():
    mask = np.zeros(1000, dtype=bool)
    mask[10:205] = mask[300:600] = mask[700:905] = True  # 195 stays whole; 300; 205
    assert uniform_windows(mask).tolist() == [
        [10, 205],
        [300, 450],
        [375, 525],
        [450, 600],
        [700, 850],
        [755, 905],
    ]


@given(MASKS)
def test_windows_cover_speech_and_nothing_else(mask):
    windows = uniform_windows(mask)
    covered = np.zeros(len(mask), dtype=bool)
    for start, end in windows:
        covered[start:end] = True
        assert end - start <= 195
    assert (covered == mask).all()
    assert (np.diff(windows[:, 0]) > 0).all()


@given(MASKS)
def test_every_frame_asks_the_window_nearest_to_it_in_its_own_run(mask):
    windows = uniform_windows(mask)
    numbers = window_of_frame(windows, len(mask))
    assert ((numbers >= 0) == mask).all()
    for start, end in runs(mask):
        inside = np.flatnonzero((windows[:, 0] >= start) & (windows[:, 1] <= end))
        distance = np.abs(np.arange(start, end)[:, None] - windows[inside].mean(axis=1))
        chosen = distance[np.arange(end - start), numbers[start:end] - inside[0]]
        assert (chosen == distance.min(axis=1)).all()


def test_no_speech_no_windows():
    assert uniform_windows([]).shape == uniform_windows(np.zeros(9)).shape == (0, 2)
    assert window_of_frame(uniform_windows(np.zeros(9)), 9).tolist() == [-1] * 9


def speech(*parts, n_features=5):
    rng = np.random.default_rng(0)
    return np.concatenate([rng.normal(mean, 1 + mean / 2, (n, n_features)) for mean, n in parts])


def test_changes_are_found_where_they_are():
    changes = bic_changes(speech((0, 400), (2, 300), (0, 1730), (2, 150), (0, 333)))
    assert np.abs(changes - [400, 700, 2430, 2580]).max() <= 10


def test_a_change_scores_as_delta_bic_says():
    X = speech((0, 200), (1, 200))
    score = delta_bic(X, 200)
    assert score > 0
    price = score - delta_bic(X, 200, penalty_weight=2)  # of one unit of penalty weight
    fair = 1 + score / price
    assert bic_changes(X, penalty_weight=0.98 * fair, min_frames=200).tolist() == [200]
    assert bic_changes(X, penalty_weight=1.02 * fair, min_frames=200).tolist() == []


def test_one_voice_has_no_changes():
    assert bic_changes(speech((0, 5000))).tolist() == []


@pytest.mark.parametrize("n_frames", [0, 1, 199])
def test_too_short_for_a_change(n_frames):
    assert bic_changes(speech((0, n_frames))).tolist() == []


def test_a_covariance_needs_frames():
    with pytest.raises(
        ValueError, match="min_frames=5 is too short for a covariance of 5 features; it must be at least 6"
    ):
        bic_changes(speech((0, 100)), min_frames=5)


def test_pauses_belong_to_who_speaks_before_and_after():
    labels = np.array([-1, 0, -1, 0, -1, -1, -1, 0, -1, 1, -1])
    assert fill_pauses(labels, 2).tolist() == [-1, 0, 0, 0, -1, -1, -1, 0, -1, 1, -1]
    assert fill_pauses(labels, 3).tolist() == [-1, 0, 0, 0, 0, 0, 0, 0, -1, 1, -1]
    assert fill_pauses(np.zeros(0, int), 3).tolist() == []


def test_turns_are_widened_to_the_middle_of_a_pause_at_most():
    labels = np.array([-1, -1, -1, 0, -1, -1, -1, 1, -1])
    assert widen_turns(labels, 1).tolist() == [-1, -1, 0, 0, 0, -1, 1, 1, -1]
    assert widen_turns(labels, 9).tolist() == [-1, -1, 0, 0, 0, -1, 1, 1, -1]
    assert widen_turns(np.full(4, -1), 2).tolist() == [-1] * 4


def test_a_frame_belongs_to_a_segment_that_holds_it():
    numbers = window_of_frame(np.array([[0, 1000], [1000, 1100]]), 1100)
    assert numbers.tolist() == [0] * 1000 + [1] * 100
