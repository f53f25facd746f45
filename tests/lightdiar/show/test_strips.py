import pytest

from lightdiar.show.strips import Strip, strips
from lightdiar.timeline import Event, Segment


def test_a_row_for_each_label_the_longest_heard_first():
    events = [Event(5, 6, "b"), Event(0, 2, "a"), Event(1, 3, "a"), Event(0, 4, "c"), Event(1, 2, "d")]
    rows = strips(events)
    assert [(row.name, row.seconds) for row in rows] == [("c", 4), ("a", 3), ("b", 1), ("d", 1)]
    assert rows[1].events == (Event(0, 2, "a"), Event(1, 3, "a"))
    assert strips([]) == []


def test_labels_beyond_the_most_share_a_row():
    events = [Event(number, 2 * number, f"l{number}") for number in range(1, 6)]
    rows = strips(events, most=2)
    assert [(row.labels, row.name) for row in rows] == [
        (("l5",), "l5"),
        (("l4",), "l4"),
        (("l3", "l2", "l1"), "3 others"),
    ]
    assert rows[2].seconds == 5  # 1 to 2, 2 to 4, 3 to 6
    assert rows[2].events == tuple(events[:3])


def test_one_label_too_many_has_a_row_too():
    assert [row.name for row in strips([Event(0, 1, "a"), Event(0, 2, "b"), Event(0, 3, "c")], most=2)] == list("cba")


@pytest.mark.parametrize(
    ("most", "expected"),
    [
        (4, [(0, 1), (2, 3), (3.5, 4), (9, 10)]),
        (3, [(0, 1), (2, 4), (9, 10)]),
        (2, [(0, 4), (9, 10)]),
        (1, [(0, 10)]),
    ],
)
def test_of_too_many_bars_the_nearest_are_joined(most, expected):
    times = [(9, 10), (0, 1), (2, 2.5), (2.2, 3), (3.5, 4)]
    row = Strip(("a",), tuple(Event(*time, "a") for time in times))
    assert row.bars(most) == [Segment(*time) for time in expected]


def test_bars_at_equal_distances_are_all_joined():
    row = Strip(("a",), tuple(Event(2 * number, 2 * number + 1, "a") for number in range(100)))
    assert row.bars(99) == [Segment(0, 199)] and len(row.bars(100)) == 100
