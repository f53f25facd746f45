"""The timeline read back from its axes; it says what the one without matplotlib says."""

import xml.etree.ElementTree as ET

import pytest

from lightdiar.show.svg import COLORS, timeline_svg
from lightdiar.show.timeline import plot_timeline
from lightdiar.systems.result import Diarization, Speaker
from lightdiar.timeline import Annotation, Event, Turn

pytestmark = pytest.mark.usefixtures("no_window")

NAMES = ("zoe", "bob", "kim", "who", "pat")
TALK = Annotation([Turn(number, number + 1, name) for number, name in enumerate(NAMES)] + [Turn(8, 9.5, "zoe")])
GENDERS = {"zoe": "F", "bob": "M", "kim": "child", "who": "uncertain"}


def boxes(collection):
    """(left, top, right, bottom) of the bars of a row."""
    return [tuple(path.get_extents().extents.round(6)) for path in collection.get_paths()]


def colours(ax):
    from matplotlib.colors import to_hex

    return [to_hex(row.get_facecolor()[0]) for row in ax.collections]


def test_each_turn_lies_in_the_row_of_its_speaker(drawn):
    ax = plot_timeline(TALK, 12.0, GENDERS)
    assert drawn(ax.yaxis) == ["zoe F", "bob M", "kim child", "who ?", "pat"]
    assert ax.get_yticks().tolist() == [0.5, 1.5, 2.5, 3.5, 4.5] and ax.get_ylim() == (5, 0)
    rows = [boxes(row) for row in ax.collections]
    assert rows[0] == [(0, 0.2, 1, 0.8), (8, 0.2, 9.5, 0.8)]
    assert rows[1:] == [[(row, row + 0.2, row + 1, row + 0.8)] for row in range(1, 5)]
    assert ax.get_xlim() == (0, 12)


def test_colours_and_words_are_those_of_the_picture_without_matplotlib(drawn):
    ax = plot_timeline(TALK, 12.0, GENDERS)
    svg = ET.fromstring(timeline_svg(TALK, 12.0, GENDERS))
    assert colours(ax) == [group.get("fill") for group in svg.iter("{http://www.w3.org/2000/svg}g")]
    words = [text.text for text in svg.iter("{http://www.w3.org/2000/svg}text")]
    assert drawn(ax.yaxis) == words[:5] and set(drawn(ax.xaxis)) <= set(words[5:])


def test_a_turn_too_short_to_see_has_an_outline():
    ax = plot_timeline(Annotation([Turn(5, 5.01, "ann")]), 3600.0)
    (row,) = ax.collections
    assert row.get_linewidth()[0] > 0 and row.get_edgecolor().tolist() == row.get_facecolor().tolist()


def test_the_end_is_that_of_the_sound_or_of_the_last_turn():
    assert plot_timeline(TALK).get_xlim() == plot_timeline(TALK, 4.0).get_xlim() == (0, 9.5)


def test_events_are_thin_rows_below(drawn):
    events = [Event(2, 3, "a$b$"), Event(11, 14, "music"), Event(6, 7, "music")]
    ax = plot_timeline(TALK, 12.0, GENDERS, events=events)
    assert drawn(ax.yaxis)[4:] == ["pat", "music", r"a\$b\$"] and ax.get_xlim() == (0, 14)
    assert [boxes(row) for row in ax.collections[5:]] == [
        [(6, 5.475, 7, 5.775), (11, 5.475, 14, 5.775)],
        [(2, 6.225, 3, 6.525)],
    ]
    assert ax.get_ylim() == (6.75, 0)
    alone = plot_timeline(Annotation(), events=events)
    assert alone.get_xlim() == (0, 14) and drawn(alone.yaxis) == ["music", r"a\$b\$"]


def test_where_nothing_is_said_there_is_an_axis_alone(drawn, axes):
    ax = plot_timeline(Annotation(), 3.0, ax=axes)
    assert not ax.collections and drawn(ax.yaxis) == [] and drawn(ax.xaxis)[-1] == "3 s"
    for duration in (None, 0, -1):
        with pytest.raises(ValueError, match=f"without turns needs a duration of more than 0 s; got {duration}"):
            plot_timeline(Annotation(), duration)


def test_a_name_is_no_formula_and_no_box(drawn):
    """Two dollar signs would set what is between them in italics, and break on a backslash."""
    from matplotlib.cbook import is_math_text

    name = r"$\frac{a$ \$ " + "\x07"
    ax = plot_timeline(Annotation([Turn(0, 1, name)]), 1.0)
    (label,) = drawn(ax.yaxis)
    assert label.replace(r"\$", "$") == name.replace("\x07", "\N{REPLACEMENT CHARACTER}")
    assert is_math_text(name) and not is_math_text(label)


def test_a_diarization_draws_itself(axes, drawn):
    speakers = [Speaker("zoe", 2.5, 0.97), Speaker("bob", 1, 0.3), Speaker("kim", 1, 0.5, 0.99)]
    annotation = Annotation([turn for turn in TALK if turn.speaker in ("zoe", "bob", "kim")])
    ax = Diarization(annotation, speakers, 20.0).plot(axes)
    assert ax is axes and ax.get_xlim() == (0, 20)
    assert drawn(ax.yaxis) == ["zoe F", "bob ?", "kim child"]
    assert colours(ax) == [COLORS["F"], COLORS["uncertain"], COLORS["child"]]
    assert Diarization(Annotation(), [], 3.0).plot().get_xlim() == (0, 3)
    assert drawn(Diarization(Annotation(), [], 3.0).plot(events=[Event(0, 1, "door")]).yaxis) == ["door"]
