import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from python_speech_features.sigproc import framesig

from lightdiar.signal.frames import FrameGrid, runs
from lightdiar.timeline import Segment

GRID = FrameGrid(16000)


def edges(segments):
    return [(segment.start, segment.end) for segment in segments]


def test_lengths_in_samples():
    assert (GRID.frame_length, GRID.hop_length) == (400, 160)
    assert FrameGrid(8000, window=0.03, step=0.015).hop_length == 120


@pytest.mark.parametrize(
    "sample_rate, window, step",
    [(16000, 0.0, 0.01), (16000, 0.025, -0.01), (0, 0.025, 0.01), (16000, float("inf"), 0.01)],
)
def test_a_grid_without_samples_is_refused(sample_rate, window, step):
    with pytest.raises(ValueError, match=f"window={window} s and step={step} s must each hold a sample"):
        FrameGrid(sample_rate, window, step)


@pytest.mark.parametrize("n_samples", [1, 399, 400, 401, 559, 560, 561, 16000, 16001])
def test_frames_are_counted_as_python_speech_features_does(n_samples):
    frames = framesig(np.ones(n_samples), GRID.frame_length, GRID.hop_length)
    assert GRID.n_frames(n_samples) == len(frames)


def test_no_samples_no_frames():
    assert GRID.n_frames(0) == 0
    assert GRID.times(0).shape == (0,)
    assert GRID.segments([]) == []
    assert GRID.mask([Segment(0, 1)], 0).shape == (0,)


def test_times_are_the_middles_of_the_frames():
    assert GRID.times(3) == pytest.approx([0.0125, 0.0225, 0.0325])


def test_times_do_not_drift_where_the_step_is_no_whole_number_of_samples():
    grid = FrameGrid(22050)  # 551 samples every 221
    assert grid.times(1001)[1000] == pytest.approx((1000 * 221 + 275.5) / 22050)
    assert edges(grid.segments(np.arange(1000) < 500)) == [pytest.approx((0, (500 * 221 + 165) / 22050))]
    assert edges(grid.segments(np.ones(1000))) == [pytest.approx((0, (999 * 221 + 551) / 22050))]


def test_runs_are_half_open():
    assert runs([1, 1, 0, 1]).tolist() == [[0, 2], [3, 4]]
    assert runs([]).shape == (0, 2)


def test_a_decision_holds_for_the_middle_step_of_its_frame():
    assert edges(GRID.segments([0, 1, 1, 0, 0])) == [pytest.approx((0.0175, 0.0375))]


def test_the_outer_frames_reach_the_edges():
    assert edges(GRID.segments([1, 1, 1])) == [pytest.approx((0, 0.045))]
    assert edges(GRID.segments([1, 0, 1])) == [pytest.approx((0, 0.0175)), pytest.approx((0.0275, 0.045))]


def test_a_frame_is_inside_if_its_middle_is():
    assert GRID.mask([Segment(0.02, 0.03), Segment(0.04, 9)], 5).tolist() == [False, True, False, True, True]


@given(st.lists(st.booleans(), max_size=60), st.sampled_from([GRID, FrameGrid(22050)]))
def test_a_mask_survives_the_way_over_segments(mask, grid):
    assert grid.mask(grid.segments(mask), len(mask)).tolist() == mask
