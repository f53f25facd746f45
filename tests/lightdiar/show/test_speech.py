"""Decisions under the sound, read back from their bars."""

import numpy as np
import pytest

from lightdiar.show.speech import plot_speech
from lightdiar.signal.frames import FrameGrid
from lightdiar.timeline import Annotation, Segment, Turn

pytestmark = pytest.mark.usefixtures("no_window")

RATE = 8000
SOUND = np.concatenate([np.zeros(RATE), 0.5 * np.sin(np.arange(RATE)), np.zeros(RATE)])
TRUTH = Annotation([Turn(0.9, 1.6, "ann"), Turn(1.5, 2.1, "bob")])


def bars(collection):
    """(start, end) of the bars of a row."""
    boxes = [path.get_extents() for path in collection.get_paths()]
    return [(round(box.x0, 6), round(box.x1, 6)) for box in boxes]


def rows(ax):
    return ax.collections[1:]  # the first is the waveform


def test_a_row_for_each_detector_in_order_under_the_sound(drawn, axes):
    mask = FrameGrid(RATE).mask([Segment(1, 2)], 299)
    ax = plot_speech(SOUND, RATE, {"hand": [Segment(1, 2), Segment(0.2, 0.4)], "mask": mask, "deaf": []}, ax=axes)
    assert drawn(ax.yaxis) == ["sound", "hand", "mask", "deaf"]
    assert [bars(row) for row in rows(ax)] == [[(0.2, 0.4), (1, 2)], [(0.9975, 1.9975)], []]
    places = ax.get_yticks()
    assert (np.diff(places) < 0).all() and places[0] == 0
    middle = [row.get_paths()[0].get_extents() for row in rows(ax)[:2]]
    assert [(box.y0 + box.y1) / 2 for box in middle] == pytest.approx(places[1:3])
    low, high = ax.get_ylim()
    assert low < places[-1] and high > 1 and ax.get_xlim() == (0, 3)


def test_the_truth_comes_first_and_lies_behind_all_rows(drawn):
    """Overlapping turns are one stretch of speech."""
    ax = plot_speech(SOUND, RATE, {"hand": [Segment(1, 2)]}, TRUTH)
    assert drawn(ax.yaxis) == ["sound", "truth", "hand"]
    assert [bars(row) for row in rows(ax)] == [[(0.9, 2.1)], [(1, 2)]]
    truth, hand = (row.get_facecolor()[0].tolist() for row in rows(ax))
    assert truth != hand
    (band,) = ax.patches
    box = band.get_extents().transformed(ax.transData.inverted())
    assert (box.x0, box.x1) == (pytest.approx(0.9), pytest.approx(2.1))
    assert (box.y0, box.y1) == pytest.approx(ax.get_ylim()) and band.get_zorder() < rows(ax)[0].get_zorder()


def test_the_waveform_keeps_its_highest_and_lowest_samples():
    """A click of one sample in 300 s, of which each column is 0.15 s."""
    sound = np.zeros(300 * 1000, np.int16)
    sound[123_456], sound[200_000] = 20_000, -10_000
    ax = plot_speech(sound, 1000, {})
    (outline,) = ax.collections[0].get_paths()
    x, y = outline.vertices.T
    assert (y.max(), y.min()) == (1, -0.5)
    assert x[y.argmax()] == pytest.approx(123.456, abs=0.1) and x[y.argmin()] == pytest.approx(200, abs=0.1)
    assert len(x) < 5000
    sound[123_457:123_460] = 20_000  # four of them are no higher than one
    np.testing.assert_array_equal(plot_speech(sound, 1000, {}).collections[0].get_paths()[0].vertices, outline.vertices)


def test_a_mask_may_be_a_frame_longer_or_shorter_and_no_more():
    n_frames = FrameGrid(RATE).n_frames(len(SOUND))
    assert bars(rows(plot_speech(SOUND, RATE, {"all": np.ones(n_frames + 1, bool)}))[0])[0][0] == 0
    with pytest.raises(ValueError, match=rf"^all: the mask has 150 frames; the sound has {n_frames}, every 10 ms"):
        plot_speech(SOUND, RATE, {"all": np.ones(150, bool)})


def test_nothing_has_a_picture(drawn):
    ax = plot_speech([], RATE, {"energy": [], "mask": np.zeros(0, bool)})
    assert [text.get_text() for text in ax.texts] == ["no sound"]
    assert drawn(ax.yaxis) == ["sound", "energy", "mask"]
    silent = plot_speech(np.zeros(100), RATE, {}, [])
    assert (silent.collections[0].get_paths()[0].vertices[:, 1] == 0).all() and drawn(silent.yaxis)[1:] == ["truth"]


def test_rubbish_is_refused():
    with pytest.raises(TypeError, match=r"^hand: give segments or a bool array; got \(1, 2\)\. Use Segment"):
        plot_speech(SOUND, RATE, {"hand": [(1, 2)]})
    with pytest.raises(TypeError, match=r"^truth: a mask is a bool array of shape \(n_frames,\); got float64"):
        plot_speech(SOUND, RATE, {}, np.ones(299))
    with pytest.raises(ValueError, match="^samples contain NaN or infinity"):
        plot_speech([np.inf], RATE, {})
