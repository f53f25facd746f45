import re
import xml.etree.ElementTree as ET

import numpy as np
import pytest

from bechdel_stats.pictures import charts
from bechdel_stats.pictures.charts import Scale

PERCENT = Scale("Films that pass (%)", lambda tick: f"{tick:.0f}", 0, 100)
RATIO = Scale("Odds ratio", lambda tick: f"{tick:g}", log=True, line=1)
SPACE = "{http://www.w3.org/2000/svg}"


def texts(svg):
    return [element.text for element in ET.fromstring(svg).iter(f"{SPACE}text")]


def marks(svg):
    """Places of the filled and hollow marks that are not arrows."""
    found = re.findall(r'<path d="(M-4|M-3.6|M0)[^"]*" transform="translate\(([\d.]+) ([\d.]+)\)', svg)
    return [(float(x), float(y)) for _, x, y in found]


def test_rows_stand_in_their_order_with_value_and_interval():
    svg = charts.rows("T", "d", ["War", "Drama"], [[(25, 20, 30)], [(75, 50, 100)]], PERCENT)
    assert texts(svg)[-3:] == ["War", "Drama", "Films that pass (%)"]
    (x1, y1), (x2, y2) = marks(svg)
    start, end = 10 + 5 * 8.2 + 6, 440 - 14
    assert (x1 - start) / (end - start) == pytest.approx(0.25, abs=0.001) and y1 < y2
    assert (x2 - start) / (end - start) == pytest.approx(0.75, abs=0.001)
    assert ET.fromstring(svg)[0].text == "T" and ET.fromstring(svg)[1].text == "d"


def test_what_is_not_known_is_not_drawn_and_what_lies_beyond_ends_in_an_arrow():
    estimates = [[(2.0, 1.0, np.inf), (np.nan, np.nan, np.nan)], [(0.001, 0.0, 0.5), (1.0, 0.5, 2.0)]]
    svg = charts.rows("T", "", ["a", "b"], estimates, RATIO, ("with", "without"))
    assert len(marks(svg)) == 3 + 2  # and two in the legend
    assert svg.count("M3 -5l-8 5l8 5z") == 2 and svg.count("rotate(180)") == 1
    assert "nan" not in svg and "inf" not in svg
    assert texts(svg)[:2] == ["with", "without"]


def test_columns_leave_out_labels_that_would_overlap_and_keep_the_last():
    decades = [f"{year}" for year in range(1890, 2030, 10)]
    svg = charts.columns("T", "", decades, [(50, 40, 60)] * 14, PERCENT, joined=13)
    shown = [label for label in texts(svg) if label in decades]
    assert shown[-1] == "2020" and 2 < len(shown) < 14 and len(marks(svg)) == 14


def test_points_and_curves_are_well_formed():
    points = charts.points("T", "", [10, 90], [(20, 10, 30), (80, 70, 90)], PERCENT, PERCENT, "perfect")
    assert "stroke-dasharray" in points and "perfect" in texts(points)
    years = Scale("Year", lambda tick: f"{tick:.0f}")
    estimates = [(40, 30, 50), (60, 50, 70)]
    curve = charts.curve("T", "", [1950, 2020], estimates, years, PERCENT, ("mean", "band", "films"), [[40, 60]])
    assert {"mean", "band", "films", "1960", "Year"} <= set(texts(curve))
    assert 'fill-opacity="0.18"' in curve


def test_the_same_numbers_give_the_same_bytes_and_labels_are_escaped():
    made = [charts.rows("T", "", ["<script>"], [[(25, 20, 30)]], PERCENT) for _ in range(2)]
    assert made[0] == made[1] and "<script>" not in made[0] and "&lt;script&gt;" in made[0]


def test_charts_of_nothing_are_empty():
    for svg in (charts.rows("T", "", [], [], RATIO), charts.columns("T", "", [], [], PERCENT, 0)):
        assert ET.fromstring(svg).tag == f"{SPACE}svg"
