import xml.etree.ElementTree as ET

import pytest

from bechdel_stats.pictures import svg
from bechdel_stats.pictures.svg import Axis


def test_values_are_placed_between_the_ends_and_never_beyond():
    axis = Axis(0, 100, 50, 250)
    assert [axis.place(value) for value in (0, 25, 100, -5, 300)] == [50, 100, 250, 50, 250]
    upward = Axis(0, 1, 200, 0)  # y grows downwards
    assert upward.place(0.25) == 150


def test_ratios_and_their_inverses_are_as_far_from_one_on_a_log_axis():
    axis = Axis(0.25, 4, 0, 100, log=True)
    assert [axis.place(value) for value in (0.25, 0.5, 1, 2, 4)] == pytest.approx([0, 25, 50, 75, 100])
    assert axis.ticks() == [0.5, 1, 2]
    assert Axis(0.05, 20, 0, 100, log=True).ticks() == [0.1, 1, 10]


@pytest.mark.parametrize(
    "low, high, ticks",
    [
        (0, 100, [0, 20, 40, 60, 80, 100]),
        (-23, 34, [-20, -10, 0, 10, 20, 30]),
        (-0.015, 0.021, [-0.01, 0, 0.01, 0.02]),
        (1980, 2019, [1980, 1990, 2000, 2010]),
    ],
)
def test_ticks_are_round(low, high, ticks):
    assert Axis(low, high, 0, 1).ticks() == pytest.approx(ticks)


def test_texts_are_escaped_and_hold_no_control_characters():
    made = svg.picture(20, [svg.text(1, 2, "<b>&\x07")], "A < B", "\x00")
    root = ET.fromstring(made)
    assert [child.text for child in root] == ["A < B", " ", "<b>& "]
    assert root.attrib["role"] == "img"


def test_coordinates_are_short():
    assert svg.path([(1.04, -0.04), (2.25, 3)], "#000") == (
        '<path d="M1 0L2.2 3" fill="none" stroke="#000" stroke-width="1"/>'
    )


def test_long_words_are_broken_and_nothing_is_one_line():
    assert svg.wrapped("a" * 30, 100) == ["a" * 12, "a" * 12, "a" * 6]
    assert svg.wrapped("", 100) == [""]
