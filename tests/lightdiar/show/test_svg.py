"""The picture of who speaks when, read back as XML."""

import xml.etree.ElementTree as ET

import pytest

from lightdiar.show.svg import COLORS, timeline_svg
from lightdiar.timeline import Annotation, Event, Turn

NEWS = Annotation([Turn(0, 6, "SPEAKER_00"), Turn(6, 8.3456, "SPEAKER_01"), Turn(8.5, 10, "SPEAKER_02")], "news")
SVG = "{http://www.w3.org/2000/svg}"


def parts(svg, name):
    return list(ET.fromstring(svg).iter(f"{SVG}{name}"))


def texts(svg):
    return [text.text for text in parts(svg, "text")]


def numbers(elements, name):
    return [float(element.get(name)) for element in elements]


def test_the_timeline_draws_each_turn_in_its_place():
    genders = {"SPEAKER_00": "F", "SPEAKER_01": "unknown"}
    svg = timeline_svg(NEWS, 12.0, genders)
    assert svg == timeline_svg(NEWS, 12.0, genders)
    bars = parts(svg, "rect")
    lefts, widths = numbers(bars, "x"), numbers(bars, "width")
    scale = widths[0] / 6
    assert lefts[1] - lefts[0] == pytest.approx(6 * scale, abs=0.2)
    assert widths[1] == pytest.approx(2.3456 * scale, abs=0.2)
    assert texts(svg)[:3] == ["SPEAKER_00 F", "SPEAKER_01 ?", "SPEAKER_02"]
    assert texts(svg)[3:] == ["0 s", "2 s", "4 s", "6 s", "8 s", "10 s", "12 s"]
    colors = [group.get("fill") for group in parts(svg, "g")]
    assert colors == [COLORS["F"], COLORS["uncertain"], COLORS["uncertain"]]


def test_each_gender_has_its_colour_and_its_word():
    names = ["ann", "bob", "kim", "who", "pat"]
    annotation = Annotation([Turn(number, number + 1, name) for number, name in enumerate(names)])
    svg = timeline_svg(annotation, 5.0, {"ann": "F", "bob": "M", "kim": "child", "who": "uncertain"})
    assert texts(svg)[:5] == ["ann F", "bob M", "kim child", "who ?", "pat"]
    expected = ["#e69f00", "#3d8fd1", "#009e73", "#8c8c8c", "#8c8c8c"]
    assert [group.get("fill") for group in parts(svg, "g")] == expected


def test_a_row_for_each_speaker_in_order_of_appearance_with_all_its_turns():
    annotation = Annotation([Turn(0, 1, "zoe"), Turn(1, 2, "ann"), Turn(3, 4, "zoe")])
    svg = timeline_svg(annotation, 4.0)
    assert texts(svg)[:2] == ["zoe", "ann"]
    rows = [numbers(list(group), "y") for group in parts(svg, "g")]
    assert [len(row) for row in rows] == [2, 1]
    assert rows[0][0] == rows[0][1] < rows[1][0] < float(parts(svg, "text")[2].get("y"))  # above the axis
    titles = [title.text for title in parts(svg, "title")]
    assert titles == ["zoe 0.00-1.00 s", "zoe 3.00-4.00 s", "ann 1.00-2.00 s"]


def test_the_axis_lies_under_the_turns():
    """A tick stands at its second: 4 s where the turn of 4 to 6 s begins, 6 s where it ends."""
    svg = timeline_svg(Annotation([Turn(4, 6, "ann")]), 10.0)
    (bar,) = parts(svg, "rect")
    ticks = {text.text: float(text.get("x")) for text in parts(svg, "text")[1:]}
    assert ticks["4 s"] == pytest.approx(float(bar.get("x")), abs=0.1)
    assert ticks["6 s"] == pytest.approx(float(bar.get("x")) + float(bar.get("width")), abs=0.2)
    label = parts(svg, "text")[0]
    assert label.get("text-anchor") == "end" and float(label.get("x")) < ticks["0 s"]


@pytest.mark.parametrize(
    ("duration", "expected"),
    [
        (0.3, ["0 s", "0.1 s", "0.2 s", "0.3 s"]),
        (0.5, ["0 s", "0.1 s", "0.2 s", "0.3 s", "0.4 s", "0.5 s"]),
        (10.0, ["0 s", "1 s", "2 s", "3 s", "4 s", "5 s", "6 s", "7 s", "8 s", "9 s", "10 s"]),
        (3.0, ["0 s", "0.5 s", "1 s", "1.5 s", "2 s", "2.5 s", "3 s"]),
        (59.0, ["0 s", "10 s", "20 s", "30 s", "40 s", "50 s"]),
        (120.0, ["0 s", "20 s", "40 s", "60 s", "80 s", "100 s", "120 s"]),
        (121.0, ["0:00", "0:20", "0:40", "1:00", "1:20", "1:40", "2:00"]),
        (3600.0, ["0:00", "10:00", "20:00", "30:00", "40:00", "50:00", "60:00"]),
        (7200.0, ["0:00:00", "0:20:00", "0:40:00", "1:00:00", "1:20:00", "1:40:00", "2:00:00"]),
    ],
)
def test_ticks_are_round_times(duration, expected):
    assert texts(timeline_svg(Annotation(), duration)) == expected


@pytest.mark.parametrize(
    "duration, last", [(0.5, "0.5 s"), (120, "120 s"), (300, "5:00"), (7200, "2:00:00"), (100000, "27:00:00")]
)
def test_the_axis_is_readable_at_any_length(duration, last):
    texts = [text.text for text in ET.fromstring(timeline_svg(Annotation(), duration)) if text.text]
    assert texts[-1] == last
    assert 3 <= len(texts) <= 11


def test_of_a_long_name_the_ends_are_shown_and_the_whole_is_told():
    whole, cut = "abcdefghijklmnopqrstuvwx", "interviewer_of_the_third_day"
    svg = timeline_svg(Annotation([Turn(0, 1, whole), Turn(1, 2, cut)]), 2.0, {cut: "M"})
    assert texts(svg)[:2] == [whole, "interviewer_...third_day M"]
    assert [title.text for title in parts(svg, "title")] == [f"{whole} 0.00-1.00 s", f"{cut} 1.00-2.00 s"]


def test_the_picture_makes_room_for_the_longest_label():
    def left(name):
        return float(parts(timeline_svg(Annotation([Turn(0, 1, name)]), 1.0), "rect")[0].get("x"))

    assert left("abcdefghijkl") - left("ab") == pytest.approx(10 * 7.0)
    assert left("a" * 24) == left("a" * 500)


def test_nothing_is_drawn_outside_the_picture():
    for duration in (12.0, 9.0):  # a turn may end after the sound as its header tells it
        svg = timeline_svg(NEWS, duration)
        root = ET.fromstring(svg)
        _, _, width, height = map(float, root.get("viewBox").split())
        bars = parts(svg, "rect")
        ends = [x + w for x, w in zip(numbers(bars, "x"), numbers(bars, "width"))]
        assert max(ends) < width and max(numbers(parts(svg, "text"), "x")) < width
        assert max(numbers(parts(svg, "text"), "y")) < height


def test_a_turn_too_short_to_see_is_a_pixel_wide():
    svg = timeline_svg(Annotation([Turn(5, 5.01, "ann")]), 3600.0)
    assert [bar.get("width") for bar in parts(svg, "rect")] == ["1.0"]


def test_names_are_text_and_no_markup():
    name = '<Ann & "Bob"\'s>'
    svg = timeline_svg(Annotation([Turn(0, 1, name)]), 1.0, {name: "F"})
    assert texts(svg)[0] == f"{name} F"
    assert [title.text for title in parts(svg, "title")] == [f"{name} 0.00-1.00 s"]
    assert "<Ann" not in svg and "&lt;Ann &amp; " in svg


def test_where_nothing_is_said_there_is_an_axis_alone():
    svg = timeline_svg(Annotation(), 3.0)
    assert parts(svg, "rect") == parts(svg, "g") == []
    assert texts(svg) == ["0 s", "0.5 s", "1 s", "1.5 s", "2 s", "2.5 s", "3 s"]
    assert ET.fromstring(svg).get("viewBox") == "0 0 900 30"
    assert timeline_svg(NEWS, 12.0, None) == timeline_svg(NEWS, 12.0, {})


def test_events_lie_below_the_turns_in_thin_rows_on_the_same_axis():
    """Music from 6 to 12 s lies under the second turn and beyond; the label that is heard longest comes first."""
    events = [Event(1, 1.5, "door"), Event(6, 12, "music", 0.4), Event(3, 4, "door")]
    svg = timeline_svg(NEWS, 10.0, events=events)
    assert texts(svg)[:5] == ["SPEAKER_00", "SPEAKER_01", "SPEAKER_02", "music", "door"]
    assert texts(svg)[-1] == "12 s"  # an event may end after the sound as its header tells it
    turns, music, doors = parts(svg, "rect")[:3], parts(svg, "rect")[3], parts(svg, "rect")[4:]
    assert float(music.get("x")) == float(turns[1].get("x"))
    assert max(numbers(turns, "y")) + 14 < float(music.get("y")) < float(doors[0].get("y")) == float(doors[1].get("y"))
    assert {bar.get("height") for bar in turns} == {"14"} and {bar.get("height") for bar in (music, *doors)} == {"6"}
    assert [title.text for title in parts(svg, "title")][3:] == [
        "music 6.00-12.00 s",
        "door 1.00-1.50 s",
        "door 3.00-4.00 s",
    ]
    assert ET.fromstring(svg).get("aria-label") == "who speaks when, and what else is heard"
    assert max(numbers(doors, "y")) < float(parts(svg, "text")[5].get("y"))  # above the axis
    assert timeline_svg(NEWS, 10.0, events=iter(events)) == svg
    assert timeline_svg(NEWS, 12.0, events=[]) == timeline_svg(NEWS, 12.0)


def test_ten_thousand_events_in_a_minute_are_a_small_picture_of_the_same_extent(rng):
    starts = rng.uniform(0, 60, 10_000)
    svg = timeline_svg(NEWS, 60.0, events=[Event(s, s + 0.01, f"<{n % 14}>") for n, s in enumerate(starts)])
    assert len(svg) < 500_000 and len(parts(svg, "rect")) <= 3 + 13 * 300
    assert texts(svg)[15] == "2 others" and "<1" not in svg
    thin = [bar for bar in parts(svg, "rect") if bar.get("height") == "6"]
    assert min(numbers(thin, "x")) < 100 and max(numbers(thin, "x")) > 800


def test_the_picture_says_to_those_who_cannot_see_it_what_it_is():
    root = ET.fromstring(timeline_svg(NEWS, 12.0))
    assert (root.tag, root.get("role"), root.get("aria-label")) == (f"{SVG}svg", "img", "who speaks when")


def test_a_timeline_needs_a_length():
    with pytest.raises(ValueError, match="more than 0 s; got 0"):
        timeline_svg(Annotation(), 0)
    with pytest.raises(ValueError, match="more than 0 s; got -1"):
        timeline_svg(Annotation(), -1)


def test_a_control_character_in_a_name_leaves_the_picture_readable():
    svg = timeline_svg(Annotation([Turn(0, 1, "a\x00b\x1b")]), 1.0)
    assert "a\N{REPLACEMENT CHARACTER}b" in "".join(ET.fromstring(svg).itertext())
