import numpy as np
import pytest

from lightdiar.events.labels import LabelSet
from lightdiar.timeline import Event


def steps(start, end, n_steps=10, step=0.1):
    """Which steps an event is active in."""
    return np.flatnonzero(LabelSet(("x",)).matrix([Event(start, end, "x")], n_steps, step)[:, 0]).tolist()


@pytest.mark.parametrize(
    ("start", "end", "active"),
    [
        (0.1, 0.3, [1, 2]),
        (0.15, 0.35, [1, 2, 3]),  # half of the first and of the last
        (0.16, 0.34, [2]),
        (0.35, 0.45, [3, 4]),  # 0.35 / 0.1 is 3.4999999999999996
        (0.55, 0.65, [5, 6]),  # 0.55 / 0.1 is 5.500000000000001
        (0.06, 0.11, [0]),  # half of no step: most of this one
        (0.09, 0.12, [1]),
        (0.501, 0.502, [5]),
        (0.98, 1.2, [9]),
        (1.0, 1.05, [9]),  # in a last step that was rounded off
        (1.2, 1.5, []),
        (0, 9, list(range(10))),
    ],
)
def test_steps_of_an_event_by_hand(start, end, active):
    assert steps(start, end) == active


def test_coverage_of_random_events(rng):
    """At least half a step is covered where it is active, at most half where it is not, and no event gets lost."""
    for start, length in rng.uniform(0, [4.5, 0.5], (300, 2)):
        active = steps(start, start + length, 50)
        edges = np.arange(51) / 10
        covered = np.clip(np.minimum(edges[1:], start + length) - np.maximum(edges[:-1], start), 0, None)
        expected = np.flatnonzero(covered >= 0.05 - 1e-7).tolist() or [int(covered.argmax())]
        assert active == expected


def test_regular_labels_unions_and_intersections():
    labels = LabelSet(("car", "horn"), {"vehicle": ("car", "bus")}, {"jam": ("car", "horn")})
    assert labels.names == ("car", "horn", "vehicle", "jam")
    assert labels.members == ("bus", "car", "horn")
    events = [Event(0, 0.3, "car"), Event(0.2, 0.5, "horn"), Event(0.4, 0.6, "bus"), Event(0, 0.7, "rain")]
    assert labels.matrix(events, 6).T.astype(int).tolist() == [
        [1, 1, 1, 0, 0, 0],
        [0, 0, 1, 1, 1, 0],
        [1, 1, 1, 0, 1, 1],
        [0, 0, 1, 0, 0, 0],
    ]
    assert labels.matrix([], 4).shape == (4, 4) and not labels.matrix([], 4).any()
    assert labels.matrix(events, 0).shape == (0, 4)


def test_events_of_the_classes_are_active_where_their_matrix_is(rng):
    labels = LabelSet(("a",), {"any": ("a", "b", "c")}, {"all": ("a", "b", "c")})
    times = np.sort(rng.choice(200, (30, 2)), axis=1)
    events = [Event(start / 10, end / 10, str(rng.choice([*"abc"]))) for start, end in times if end > start]
    made = LabelSet(labels.names).matrix(labels.relabelled(events), 200)
    assert np.array_equal(made, labels.matrix(events, 200)) and made.any(axis=0).all()


@pytest.mark.parametrize(
    ("parts", "message"),
    [
        (((),), "a set of labels needs at least one class"),
        ((("",),), "a set of labels needs at least one class, and each a name"),
        ((("car", "car"),), "classes need names of their own; car is there twice"),
        ((("car",), {"car": ("bus",)}), "classes need names of their own; car is there twice"),
        ((("car",), {"vehicle": ()}), "class vehicle is made of no labels"),
        ((("car",), {}, {"jam": ()}), "class jam is made of no labels"),
    ],
)
def test_sets_that_are_none(parts, message):
    with pytest.raises(ValueError, match=message):
        LabelSet(*parts)
