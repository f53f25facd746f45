"""Pictures of sound events read back from their axes."""

import numpy as np
import pytest

from lightdiar.common.axes import BLUE
from lightdiar.show.canvas import INK
from lightdiar.show.events import plot_confusion, plot_events, plot_events_over_spectrogram
from lightdiar.timeline import Event
from tests.lightdiar.show.test_timeline import boxes

pytestmark = pytest.mark.usefixtures("no_window")

RATE = 8000
FOUND = [Event(3, 4, "music", 0.25), Event(0, 1, "door"), Event(3.5, 6, "music", 1.0)]
TRUE = [Event(3, 6, "music"), Event(1, 2, "water")]


def legend(ax):
    return [text.get_text() for text in ax.get_legend().get_texts()] if ax.get_legend() else []


def test_each_event_lies_in_the_row_of_its_label_and_is_paler_if_less_sure(drawn):
    ax = plot_events(FOUND, duration=8.0)
    assert drawn(ax.yaxis) == ["door", "music"] and ax.get_ylim() == (2, 0) and ax.get_xlim() == (0, 8)
    doors, music = ax.collections
    assert boxes(doors) == [(0, 0.2, 1, 0.8)]
    assert boxes(music) == [(3, 1.2, 4, 1.8), (3.5, 1.2, 6, 1.8)]
    np.testing.assert_allclose(music.get_facecolor()[:, 3], [0.4, 1.0])  # 0.2 and 0.8 times the probability
    np.testing.assert_allclose(music.get_edgecolor()[:, 3], 1.0)
    assert legend(ax) == ["found (paler: less sure)"]
    assert legend(plot_events([Event(0, 1, "door")])) == []


def test_the_truth_lies_above_what_was_found_in_the_same_row(drawn):
    from matplotlib.colors import to_hex

    ax = plot_events(FOUND, reference=TRUE)
    assert drawn(ax.yaxis) == ["door", "water", "music"] and ax.get_xlim() == (0, 6)
    rows = [(to_hex(c.get_edgecolor()[0]).upper(), boxes(c)) for c in ax.collections if c.get_paths()]
    assert rows == [
        (BLUE.upper(), [(0, 0.5, 1, 0.8)]),
        (INK.upper(), [(1, 1.2, 2, 1.5)]),
        (INK.upper(), [(3, 2.2, 6, 2.5)]),
        (BLUE.upper(), [(3, 2.5, 4, 2.8), (3.5, 2.5, 6, 2.8)]),
    ]
    assert legend(ax) == ["truth", "found (paler: less sure)"]
    assert legend(plot_events([], reference=TRUE)) == ["truth", "found"]


def test_only_the_labels_that_are_asked_for_in_their_order(drawn):
    ax = plot_events(FOUND, labels=["music", "fire", "music"])
    assert drawn(ax.yaxis) == ["music", "fire"]
    assert [len(row.get_paths()) for row in ax.collections] == [2, 0]


def test_without_events_there_is_an_axis_alone(drawn):
    ax = plot_events([], duration=3.0)
    assert drawn(ax.yaxis) == [] and ax.get_xlim() == (0, 3)
    with pytest.raises(ValueError, match="without events needs a duration of more than 0 s; got None"):
        plot_events([], reference=[])


def test_a_label_is_no_formula(drawn):
    assert drawn(plot_events([Event(0, 1, "$a$\x07")]).yaxis) == ["\\$a\\$\N{REPLACEMENT CHARACTER}"]


def test_events_over_a_spectrogram_are_above_its_frequencies_at_their_times(drawn):
    ax = plot_events_over_spectrogram(np.sin(np.arange(8 * RATE)), RATE, FOUND, reference=TRUE)
    low, high = ax.get_ylim()
    assert low == 50 and high > 4000 and ax.get_xlim() == (0, 8)
    assert drawn(ax.yaxis)[-4:] == ["4000", "door", "water", "music"]
    bars = {box[:3:2]: box for row in ax.collections[2:] for box in boxes(row)}
    assert set(bars) == {(0, 1), (1, 2), (3, 6), (3, 4), (3.5, 6)}
    bottoms = [bars[span][1] for span in ((3.5, 6), (3, 6), (1, 2), (0, 1))]
    assert 4000 < bottoms[0] < bottoms[1] < bottoms[2] < bottoms[3] < high
    places = ax.get_yticks()[-3:]
    assert bars[0, 1][1] < places[0] <= bars[0, 1][3] * 1.001  # a name stands beside its bars
    edges = ax.collections[1]
    assert sorted({path.vertices[0, 0] for path in edges.get_paths()}) == [0, 1, 3, 3.5, 4, 6]
    assert {tuple(path.vertices[:, 1]) for path in edges.get_paths()} == {(50, 4000)}


def test_many_events_do_not_hide_the_sound():
    many = [Event(number / 10, number / 10 + 0.05, "tick") for number in range(41)]
    sound = np.sin(np.arange(5 * RATE))
    assert len(plot_events_over_spectrogram(sound, RATE, many).collections) == 2
    assert len(plot_events_over_spectrogram(sound, RATE, many[:40]).collections) == 3


def test_a_spectrogram_without_events_stays_as_it_is(drawn, axes):
    ax = plot_events_over_spectrogram(np.sin(np.arange(RATE)), RATE, [], axes)
    assert ax is axes and ax.get_ylim() == (50, 4000) and drawn(ax.yaxis)[-1] == "4000"


def test_a_confusion_shows_shares_of_the_truth_and_numbers(drawn, axes):
    ax = plot_confusion([[3, 1, 0], [0, 0, 0], [0, 2.5, 7.5]], ["dog", "$x$", "rain"], axes)
    shares = np.asarray(ax.collections[0].get_array(), float)
    np.testing.assert_allclose(shares, [[75, 25, 0], [np.nan] * 3, [0, 25, 75]])
    written = [(text.get_position(), text.get_text()) for text in ax.texts]
    assert written == [
        ((0.5, 0.36), "75"),
        ((0.5, 0.7), "3"),
        ((1.5, 0.36), "25"),
        ((1.5, 0.7), "1"),
        ((1.5, 2.36), "25"),
        ((1.5, 2.7), "2.5"),
        ((2.5, 2.36), "75"),
        ((2.5, 2.7), "7.5"),
    ]
    assert ax.get_ylim() == (3, 0) and (ax.get_xlabel(), ax.get_ylabel()) == ("Found", "True")
    assert drawn(ax.xaxis) == drawn(ax.yaxis) == ["dog", r"\$x\$", "rain"]
    assert [text.get_color() for text in ax.texts[:3]] == ["white", "white", INK]


def test_large_numbers_are_written_out():
    assert plot_confusion([[12345]], ["a"]).texts[1].get_text() == "12345"


def test_of_many_labels_colours_alone_are_drawn():
    assert len(plot_confusion(np.ones((17, 17)), list("abcdefghijklmnopq")).texts) == 0


@pytest.mark.parametrize(
    ("matrix", "labels", "message"),
    [
        ([[1, 2]], ["a"], r"matrix has shape \(1, 2\); with 1 labels it must be \(n_labels, n_labels\)"),
        ([[1, 2], [3, 4]], ["a"], r"matrix has shape \(2, 2\); with 1 labels"),
        ([], [], r"matrix has shape \(0,\); with 0 labels"),
        ([[-1]], ["a"], "must be finite, and none below 0"),
        ([[np.nan]], ["a"], "must be finite, and none below 0"),
    ],
)
def test_a_confusion_that_cannot_be_drawn_is_refused(matrix, labels, message):
    with pytest.raises(ValueError, match=message):
        plot_confusion(matrix, labels)
