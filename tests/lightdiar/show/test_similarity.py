"""The matrix of windows read back from the drawn colours."""

import numpy as np
import pytest

from lightdiar.show.similarity import plot_similarity
from lightdiar.timeline import Annotation, Turn

pytestmark = pytest.mark.usefixtures("no_window")

TALK = Annotation([Turn(0, 2, "ann"), Turn(2, 4, "bob"), Turn(4, 5, "ann")])


def picture(ax):
    """Edges of the cells in both directions, and their values, NaN where there is no window."""
    mesh = next(item for item in ax.collections if item.get_array() is not None)
    edges = mesh.get_coordinates()
    return edges[0, :, 0], edges[:, 0, 1], np.ma.filled(mesh.get_array(), np.nan)


def test_each_pair_of_windows_is_a_cell_at_its_times(axes):
    scores = np.array([[5.0, 1, -2], [1, 5, -1], [-2, -1, 5]])
    ax = plot_similarity(scores, [0.5, 1.5, 2.5], label="Cosine", ax=axes)
    x, y, values = picture(ax)
    assert x.tolist() == y.tolist() == [0, 1, 2, 3]
    assert values.tolist() == scores.tolist()
    assert ax.get_xlim() == (0, 3) and ax.get_ylim() == (3, 0)
    (bar,) = (other for other in ax.figure.axes if other is not ax)
    assert bar.get_ylabel() == "Cosine"


def test_0_lies_in_the_middle_of_the_colours_and_few_strong_scores_do_not_pale_the_others(rng):
    scores = rng.uniform(-1, 3, (40, 40))
    scores[3, 7] = 1000.0
    low, high = next(item for item in plot_similarity(scores, np.arange(40)).collections).get_clim()
    assert low == -high and 2.5 < high < 3


def test_a_long_pause_is_left_empty():
    """Windows at 1, 2, 3 and 20, 21 s: between 3.5 and 19.5 s there is none."""
    ax = plot_similarity(np.arange(25.0).reshape(5, 5), [1, 2, 3, 20, 21])
    x, _, values = picture(ax)
    assert x.tolist() == [0.5, 1.5, 2.5, 3.5, 19.5, 20.5, 21.5]
    assert np.isnan(values[3]).all() and np.isnan(values[:, 3]).all()
    assert values[:3, 4:].tolist() == [[3, 4], [8, 9], [13, 14]]
    assert len(ax.patches) == 1  # what shines through


def test_short_pauses_are_shared_by_their_neighbours():
    x, _, values = picture(plot_similarity(np.eye(4), [0.5, 1.5, 2.5, 5.5]))
    assert x.tolist() == [0, 1, 2, 4, 6] and values.tolist() == np.eye(4).tolist()


def test_of_many_windows_means_of_neighbours_are_drawn():
    labels = np.arange(1500) // 300 % 2
    scores = np.where(labels[:, None] == labels, 2.0, -3.0)
    x, _, values = picture(plot_similarity(scores, 0.75 * np.arange(1500)))
    assert values.shape == (500, 500) and x[-1] == pytest.approx(0.75 * 1499.5)
    assert values[0, 0] == 2 and values[0, 100] == -3 and values[0, 200] == 2 and values[100, 499] == -3
    one = np.zeros((1500, 1500))
    one[1, 5] = 9.0
    assert picture(plot_similarity(one, np.arange(1500)))[2][0, 1] == 1  # of 3 x 3


def test_turns_lie_above_the_matrix_on_the_same_axis(drawn):
    ax = plot_similarity(np.eye(5), np.arange(5) + 0.5, TALK, {"ann": "F", "bob": "M"})
    rows = [item for item in ax.collections if item.get_array() is None]
    boxes = [[path.get_extents() for path in row.get_paths()] for row in rows]
    assert [[(box.x0, box.x1) for box in row] for row in boxes] == [[(0, 2), (4, 5)], [(2, 4)]]
    top = ax.get_ylim()[1]
    assert top <= boxes[0][0].y0 < boxes[0][0].y1 < boxes[1][0].y0 < boxes[1][0].y1 < 0
    words = [(text.get_text(), text.get_position()[1]) for text in ax.texts]
    assert [word for word, _ in words] == ["ann F", "bob M"]
    assert boxes[0][0].y0 < words[0][1] < boxes[0][0].y1 and boxes[1][0].y0 < words[1][1] < boxes[1][0].y1
    assert drawn(ax.yaxis) == ["0 s", "1 s", "2 s", "3 s", "4 s", "5 s"]  # no time is negative


def test_many_speakers_leave_room_for_the_matrix(axes):
    crowd = Annotation([Turn(number, number + 1, f"SPEAKER_{number:02d}") for number in range(30)])
    plot_similarity(np.eye(30), np.arange(30) + 0.5, crowd, ax=axes)
    bottom, top = axes.get_ylim()
    assert bottom / (bottom - top) == pytest.approx(0.6)
    assert axes.texts[0].get_fontsize() < 5


def test_one_window_and_none(drawn):
    assert picture(plot_similarity([[3.0]], [0.75]))[2].tolist() == [[3]]
    assert picture(plot_similarity([[0.0]], [0.75]))[2].tolist() == [[0]]
    ax = plot_similarity(np.zeros((0, 0)), [], TALK)
    assert "no windows" in [text.get_text() for text in ax.texts]
    assert drawn(ax.xaxis)[-1] == "1 s"


@pytest.mark.parametrize(
    ("scores", "times", "text"),
    [
        (np.zeros((2, 3)), [0, 1], r"^scores \(2, 3\) and times \(2,\) must be \(n_windows, n_windows\)"),
        (np.zeros((2, 2)), [0, 1, 2], r"^scores \(2, 2\) and times \(3,\) must be"),
        (np.zeros(2), [0, 1], r"^scores \(2,\) and times \(2,\) must be"),
        (np.zeros((2, 2)), [1, 1], "^times must be finite seconds from 0 on, each later than the one before"),
        (np.zeros((2, 2)), [-1, 1], "^times must be"),
        (np.zeros((2, 2)), [0, np.inf], "^times must be"),
        (np.array([[1, np.inf], [-np.inf, 1]]), [0, 1], "^scores contain NaN or infinity"),
    ],
)
def test_rubbish_is_refused(scores, times, text):
    with pytest.raises(ValueError, match=text):
        plot_similarity(scores, times)
