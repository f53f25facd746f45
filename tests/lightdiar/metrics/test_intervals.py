"""Time cut at every boundary, worked out by hand."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lightdiar.metrics import intervals
from lightdiar.metrics.intervals import scored_intervals
from lightdiar.timeline import Annotation, Segment, Turn

# A and B overlap from 8 to 10 s; speaker 2 takes over from A two seconds too early
REFERENCE = Annotation([Turn(0, 10, "A"), Turn(8, 12, "B")])
HYPOTHESIS = Annotation([Turn(0, 6, "1"), Turn(6, 12, "2")])
SILENCE = Annotation()


def by_hand(*rows):
    """Rows (seconds, who speaks in truth, in output) as the three arrays."""
    seconds = np.array([row[0] for row in rows], float)
    R = np.array([[name in true for name in "AB"] for _, true, _ in rows]).reshape(-1, 2)
    H = np.array([[name in found for name in "12"] for _, _, found in rows]).reshape(-1, 2)
    return seconds, R, H


def matrices(*arguments, **options):
    """Seconds of the scored intervals, and who speaks in each in truth and output; columns in order of names."""
    cut = scored_intervals(*arguments, **options)

    def speaks(voices):
        columns = [cut.count(voices, voices.speaker == voices.speakers.index(n)) for n in sorted(voices.speakers)]
        each = np.array(columns, int).reshape(len(columns), len(cut.seconds)).T
        assert each.max(initial=0) <= 1 and each.sum(axis=1).tolist() == cut.count(voices).tolist()
        assert cut.speaking(voices)[np.argsort(voices.speakers)] == pytest.approx(cut.seconds @ each)
        return each.astype(bool)

    return cut.seconds, speaks(cut.reference), speaks(cut.hypothesis)


def assert_same(found, expected):
    for ours, theirs in zip(found, expected, strict=True):
        assert ours.shape == theirs.shape and ours == pytest.approx(theirs)
    assert [array.dtype for array in found] == [float, bool, bool]


def test_without_options():
    expected = by_hand((6, "A", "1"), (2, "A", "2"), (2, "AB", "2"), (2, "B", "2"))
    assert_same(matrices(REFERENCE, HYPOTHESIS, None), expected)


def test_a_collar_takes_its_seconds_on_each_side_of_every_true_boundary():
    # of 0, 8, 10 and 12 s half a second before and after; the boundary at 6 s is of the output and stays
    expected = by_hand((5.5, "A", "1"), (1.5, "A", "2"), (1, "AB", "2"), (1, "B", "2"))
    assert_same(matrices(REFERENCE, HYPOTHESIS, None, 0.5), expected)
    # those of 8, 10 and 12 s meet: 0 to 1.5 s and 6.5 to 13.5 s are gone
    assert_same(matrices(REFERENCE, HYPOTHESIS, None, 1.5), by_hand((4.5, "A", "1"), (0.5, "A", "2")))


def test_overlap_is_left_out_where_two_true_speakers_talk():
    expected = by_hand((6, "A", "1"), (2, "A", "2"), (2, "B", "2"))
    assert_same(matrices(REFERENCE, HYPOTHESIS, None, skip_overlap=True), expected)
    # of the output two may talk at once
    everybody = Annotation([Turn(0, 8, "1"), Turn(0, 8, "2")])
    found = matrices(REFERENCE, everybody, Segment(0, 8), skip_overlap=True)
    assert_same(found, by_hand((8, "A", "12")))


@pytest.mark.parametrize(
    ("uem", "expected"),
    [
        (Segment(5, 9), [(1, "A", "1"), (2, "A", "2"), (1, "AB", "2")]),
        ([Segment(1, 2), Segment(11, 99)], [(1, "A", "1"), (1, "B", "2"), (87, "", "")]),
        ([Segment(8, 10), Segment(9, 11)], [(1, "AB", "2"), (1, "AB", "2"), (1, "B", "2")]),  # 9-10 s counts once
        ([Segment(-5, 0)], [(5, "", "")]),
        ([], []),
    ],
    ids=["one region", "two regions", "regions that overlap", "before everything", "no region"],
)
def test_only_the_regions_of_a_uem_are_scored(uem, expected):
    assert_same(matrices(REFERENCE, HYPOTHESIS, uem), by_hand(*expected))
    if isinstance(uem, list):
        assert_same(matrices(REFERENCE, HYPOTHESIS, iter(uem)), by_hand(*expected))


def test_collar_overlap_and_uem_together():
    # 5-9 s without the collar of 8 s leaves 5-7.5 s and 8.5-9 s, and there two talk at once
    found = matrices(REFERENCE, HYPOTHESIS, Segment(5, 9), 0.5, True)
    assert_same(found, by_hand((1, "A", "1"), (1.5, "A", "2")))


def test_without_a_uem_the_time_in_which_nobody_talks_has_no_rows():
    apart = Annotation([Turn(0, 1, "A"), Turn(5, 6, "B")])
    seconds, R, H = matrices(apart, SILENCE, None)
    assert seconds.tolist() == [1, 1] and R.tolist() == [[True, False], [False, True]] and H.shape == (2, 0)


def test_who_overlaps_itself_counts_once():
    twice = Annotation([Turn(0, 2, "A"), Turn(1, 3, "A")])
    seconds, R, H = matrices(twice, SILENCE, None)
    assert seconds.tolist() == [1, 1, 1] and R.tolist() == [[True]] * 3 and H.shape == (3, 0)


def test_speakers_are_numbered_by_when_they_talk_whatever_their_names():
    turns = {"early": [(0, 1), (8, 9)], "also early": [(0, 1), (6, 7)], "late": [(2, 3)], "longer": [(0, 2)]}
    order = ["also early", "early", "longer", "late"]
    for names in (turns, dict(zip(turns, "zyxw")), dict(zip(turns, "bdac"))):
        named = dict(zip(turns, names))
        annotation = Annotation([Turn(*times, named[name]) for name, own in turns.items() for times in own])
        assert scored_intervals(annotation, SILENCE, None).reference.speakers == tuple(named[name] for name in order)


def test_turns_of_one_speaker_that_touch_are_one_and_those_of_two_are_two():
    talk = Annotation([Turn(0, 2, "a"), Turn(1, 3, "a"), Turn(3, 4, "a"), Turn(4, 5, "b"), Turn(6, 7, "b")])
    found = scored_intervals(talk, SILENCE, None)
    voices = found.reference
    assert [found.edges[voices.first].tolist(), found.edges[voices.last].tolist()] == [[0, 4, 6], [4, 5, 7]]
    assert voices.speaker.tolist() == [0, 1, 1]


def test_pairs_of_turns_that_overlap_by_hand():
    """A 0-10 and B 8-12 s, 1 0-6 and 2 6-12 s; that 1 ends where B is not yet there and touches 2 counts nothing."""
    found = scored_intervals(REFERENCE, HYPOTHESIS, None)
    pairs = found.overlaps()
    times = found.edges[pairs.first].tolist(), found.edges[pairs.last].tolist()
    assert sorted(zip(pairs.true.tolist(), pairs.found.tolist(), *times)) == [
        (0, 0, 0, 6),
        (0, 1, 6, 10),
        (1, 1, 8, 12),
    ]
    assert [part.tolist() for part in found.shared(pairs)] == [[0, 0, 1], [0, 1, 1], [6, 4, 4]]
    nowhere = scored_intervals(REFERENCE, HYPOTHESIS, Segment(20, 30))  # pairs that share no scored time are none
    assert [part.tolist() for part in nowhere.shared(nowhere.overlaps())] == [[], [], []]


def test_more_pairs_than_can_be_scored_are_refused(monkeypatch):
    everybody = Annotation([Turn(0, 1, name) for name in "abc"], "party")
    monkeypatch.setattr(intervals, "MOST_OVERLAPS", 9)
    assert len(scored_intervals(everybody, everybody, None).overlaps().true) == 9
    monkeypatch.setattr(intervals, "MOST_OVERLAPS", 8)
    with pytest.raises(
        ValueError, match="^party: 3 true and 3 found speakers talk at once in 9 pairs of turns; at most 8"
    ):
        scored_intervals(everybody, everybody, None).overlaps()


def test_times_beyond_any_recording_are_refused():
    latest = Annotation([Turn(0, 1e12, "A")])
    assert matrices(latest, SILENCE, None)[0].tolist() == [1e12]
    for end in (1.1e12, 1e308):
        with pytest.raises(ValueError, match="lies beyond any recording; at most 1e[+]12 s are scored"):
            scored_intervals(latest, Annotation([Turn(0, end, "1")]), None)


def test_a_collar_too_short_for_a_late_time_takes_nothing():
    late = Annotation([Turn(1e6, 1e6 + 1, "A")])
    assert matrices(late, SILENCE, None, 1e-12)[0].tolist() == [1]


def test_silence_has_no_rows():
    seconds, R, H = matrices(SILENCE, SILENCE, None)
    assert (seconds.shape, R.shape, H.shape) == ((0,), (0, 0), (0, 0))


turns = st.builds(
    lambda start, length, speaker: Turn(start / 10, (start + length) / 10, speaker),
    st.integers(0, 200),
    st.integers(1, 60),
    st.sampled_from("abc"),
)


@settings(max_examples=50, deadline=None)
@given(st.lists(turns, max_size=8).map(Annotation), st.lists(turns, max_size=8).map(Annotation))
def test_every_speaker_keeps_its_time(reference, hypothesis):
    seconds, R, H = matrices(reference, hypothesis, None)
    assert (seconds > 0).all()
    assert (seconds @ R).tolist() == pytest.approx(list(reference.seconds().values()))
    assert (seconds @ H).tolist() == pytest.approx(list(hypothesis.seconds().values()))
    assert (R.any(axis=1) | H.any(axis=1)).all()


def test_only_annotations_are_compared():
    for pair in ((REFERENCE, [Turn(0, 1, "A")]), ([Turn(0, 1, "A")], REFERENCE)):
        with pytest.raises(TypeError, match="an Annotation is needed; got list"):
            scored_intervals(*pair, None)
