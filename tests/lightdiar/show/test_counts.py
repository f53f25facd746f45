"""How probable each number of women and men is, as a picture."""

import numpy as np
import pytest

from lightdiar.representation.counts import CountProbabilities
from lightdiar.show.counts import plot_counts

pytestmark = pytest.mark.usefixtures("no_window")

JOINT = np.array([[0.0, 0.04, 0.0, 0.0], [0.0, 0.64, 0.16, 0.001], [0.0, 0.159, 0.0, 0.0]])


def test_the_area_of_each_square_is_its_probability(axes, drawn):
    ax = plot_counts(JOINT, ax=axes)
    assert ax is axes
    areas = {
        (round(square.get_y() + square.get_height() / 2), round(square.get_x() + square.get_width() / 2)): (
            square.get_width() * square.get_height()
        )
        for square in ax.patches
    }
    assert areas == pytest.approx({(0, 1): 0.04, (1, 1): 0.64, (1, 2): 0.16, (2, 1): 0.159})
    places = {text.get_text(): text.get_position() for text in ax.texts}
    assert places["64"] == (1, 1) and places["4"] == (1, 0)
    # three men are next to impossible: no column for them
    assert drawn(ax.xaxis) == ["0\n0 %", "1\n84 %", "2\n16 %"]
    assert drawn(ax.yaxis) == ["0: 4 %", "1: 80 %", "2: 16 %"]


def test_what_was_counted_is_framed_also_where_nothing_was_drawn(drawn):
    ax = plot_counts(JOINT, {"M": 4, "F": 0})
    (frame,) = [patch for patch in ax.patches if not patch.get_fill()]
    assert frame.get_xy() == (3.5, -0.5) and frame.get_width() == frame.get_height() == 1
    assert drawn(ax.xaxis)[-1] == "4\n0 %" and ax.get_xlim() == (-0.5, 4.5)


def test_the_probabilities_draw_themselves():
    ax = CountProbabilities("film", {"M": 1, "F": 1}, JOINT).plot()
    assert {text.get_text() for text in ax.texts} == {"4", "64", "16"}
    assert [patch.get_xy() for patch in ax.patches if not patch.get_fill()] == [(0.5, 0.5)]


def test_certainty_is_one_field():
    ax = plot_counts([[1.0]], {"M": 0, "F": 0})
    assert [text.get_text() for text in ax.texts] == ["100"]


@pytest.mark.parametrize("wrong", [[[0.5, 0.4]], [[1.5, -0.5]], [1.0], np.zeros((0, 2)), [[np.nan, 1.0]]])
def test_what_is_no_distribution_is_refused(wrong):
    with pytest.raises(ValueError, match="joint must be a table of probabilities that add up to 1"):
        plot_counts(wrong)
