import re
from xml.etree import ElementTree

from lightdiar.report.pictures import bar, dot, histogram, stacked
from lightdiar.show.svg import COLORS


def places(svg, name):
    return [float(x) for x in re.findall(rf' {name}="([\d.]+)"', svg)]


def test_a_bar_is_as_long_as_its_share():
    svg = bar(0.375, "M")
    assert f'width="37.50" height="10" fill="{COLORS["M"]}"' in svg


def test_shares_side_by_side_fill_the_picture():
    svg = stacked([(0.25, "F"), (0.75, "M")], 0.2, 0.3)
    assert places(svg, "width") == [25.0, 75.0]
    assert places(svg, "x") == [0.0, 25.0]
    assert 'd="M20.0 5H30.0"' in svg


def test_a_dot_stands_on_its_interval():
    svg = dot(0.5, 0.4, 0.625)
    assert 'd="M40.0 5H62.5"' in svg and 'd="M50.0 5h0"' in svg


def test_columns_are_as_high_as_their_counts():
    svg = histogram([1, 0, 4])
    assert places(svg, "height") == [10.0, 0.0, 40.0]
    assert [y + height for y, height in zip(places(svg, "y"), places(svg, "height"))] == [40.0, 40.0, 40.0]


def test_pictures_are_whole_and_not_read_aloud():
    for svg in (bar(1, "F"), stacked([(1, "F")], 0, 1), dot(0, 0, 0), histogram([1])):
        assert ElementTree.fromstring(svg).get("aria-hidden") == "true"
