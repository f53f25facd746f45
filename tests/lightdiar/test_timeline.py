from itertools import pairwise

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import lightdiar
from lightdiar.timeline import Annotation, Segment, Turn, check_annotation, difference, union

TALK = Annotation([Turn(4, 6, "bob"), Turn(0, 2, "ann"), Turn(1.5, 3, "bob"), Turn(2.2, 2.5, "ann")], "news")

milliseconds = st.integers(0, 5000)
turns = st.builds(
    lambda start, length, speaker: Turn(start / 1000, (start + length) / 1000, speaker),
    milliseconds,
    st.integers(1, 2000),
    st.sampled_from("abc"),
)
annotations = st.lists(turns, max_size=12).map(Annotation)


@pytest.mark.parametrize("start, end", [(2, 2), (3, 1), (float("nan"), 1), (0, float("inf"))])
def test_a_segment_without_a_finite_length_is_refused(start, end):
    with pytest.raises(ValueError, match=f"end > start; got start={float(start)}, end={float(end)}"):
        Segment(start, end)


def test_segments_are_frozen_floats_and_measure_their_overlap():
    segment = Segment(1, 3)
    assert (segment.start, type(segment.start), segment.duration) == (1.0, float, 2.0)
    assert segment.overlap(Segment(2, 5)) == 1.0
    assert segment.overlap(Segment(3, 5)) == 0.0
    with pytest.raises(AttributeError):
        segment.start = 0.0


def test_a_turn_needs_a_name():
    with pytest.raises(TypeError, match=r"name must be a string; got 3\. Use str\(3\)"):
        Turn(0, 1, 3)
    with pytest.raises(ValueError, match="empty name"):
        Turn(0, 1, "")
    assert Turn(0, 1, "ann").segment == Segment(0, 1)


def test_an_annotation_sorts_its_turns_and_refuses_other_things():
    assert [turn.start for turn in TALK] == [0.0, 1.5, 2.2, 4.0]
    assert len(TALK) == 4
    assert TALK.speakers == ["ann", "bob"]
    with pytest.raises(TypeError, match=r"holds turns; got Segment\(start=0.0, end=1.0\)"):
        Annotation([Segment(0, 1)])


def test_speaking_time_and_speech_by_hand():
    assert TALK.seconds() == pytest.approx({"ann": 2.3, "bob": 3.5})
    assert TALK.speech() == [Segment(0, 3), Segment(4, 6)]
    assert repr(TALK) == "<Annotation news: 4 turns, 2 speakers, 5.0 s of speech>"


def test_the_empty_annotation_is_silent():
    empty = Annotation()
    assert (empty.seconds(), empty.speech(), empty.speakers, len(empty.crop(Segment(0, 1)))) == (
        {},
        [],
        [],
        0,
    )
    assert repr(empty) == "<Annotation: 0 turns, 0 speakers, 0.0 s of speech>"


def test_overlap_with_oneself_counts_once():
    assert Annotation([Turn(0, 2, "ann"), Turn(1, 3, "ann")]).seconds() == {"ann": 3.0}


def test_the_main_speaker_of_a_segment_has_most_of_it():
    assert TALK.main_speaker(Segment(1, 2.3)) == "ann"  # 1.1 s, bob 0.8 s
    assert TALK.main_speaker(Segment(1.6, 2)) == "ann"  # of equals the first by name
    assert TALK.main_speaker(Segment(1.6, 3)) == "bob"
    assert TALK.main_speaker(Segment(3, 4)) is None


def test_crop_by_hand():
    cropped = TALK.crop([Segment(1, 2.3), Segment(5, 9)])
    assert cropped.turns == (
        Turn(1, 2, "ann"),
        Turn(1.5, 2.3, "bob"),
        Turn(2.2, 2.3, "ann"),
        Turn(5, 6, "bob"),
    )
    assert cropped.recording == "news"
    assert TALK.crop(Segment(3, 4)).turns == ()


def test_fill_gaps_joins_only_the_same_speaker():
    assert TALK.fill_gaps(0.25).turns == (Turn(0, 2.5, "ann"), Turn(1.5, 3, "bob"), Turn(4, 6, "bob"))
    assert TALK.fill_gaps(0.1) == TALK


def test_relabel_renames_and_merges():
    assert TALK.relabel({"bob": "ann"}).speakers == ["ann"]
    assert TALK.relabel({"bob": "carl", "nobody": "x"}).speakers == ["ann", "carl"]
    assert TALK.speakers == ["ann", "bob"]


def test_itertracks_is_that_of_pyannote():
    assert next(TALK.itertracks()) == (Segment(0, 2), 0)
    assert list(TALK.itertracks(yield_label=True))[-1] == (Segment(4, 6), 3, "bob")


def test_frames_go_there_and_back():
    frame = TALK.to_frame()
    assert list(frame.columns) == ["recording", "start", "end", "speaker"]
    assert Annotation.from_frame(frame) == TALK
    assert Annotation.from_frame(frame.drop(columns="recording")) == Annotation(TALK.turns)
    assert Annotation.from_frame(Annotation().to_frame()) == Annotation()


def test_from_frame_says_what_is_missing_or_too_much():
    with pytest.raises(ValueError, match="lacks end; it has start, speaker"):
        Annotation.from_frame(pd.DataFrame({"start": [0], "speaker": ["a"]}))
    two = pd.concat([TALK.to_frame(), TALK.to_frame().assign(recording="other")])
    with pytest.raises(ValueError, match="contains 2 recordings"):
        Annotation.from_frame(two)


@given(annotations)
def test_union_is_disjoint_sorted_and_covers_every_turn(annotation):
    speech = annotation.speech()
    assert all(left.end < right.start for left, right in pairwise(speech))
    assert all(any(s.start <= turn.start and turn.end <= s.end for s in speech) for turn in annotation)
    assert union(speech) == speech


@given(annotations, turns)
def test_a_crop_and_its_complement_hold_all_the_time(annotation, cut):
    inside = annotation.crop(Segment(cut.start, cut.end))
    outside = annotation.crop([Segment(-1, cut.start), Segment(cut.end, 100)])
    for speaker, seconds in annotation.seconds().items():
        parts = inside.seconds().get(speaker, 0.0) + outside.seconds().get(speaker, 0.0)
        assert parts == pytest.approx(seconds, abs=1e-9)


def test_difference_by_hand():
    segments = [Segment(0, 4), Segment(3, 6), Segment(8, 9)]
    assert difference(segments, []) == [Segment(0, 6), Segment(8, 9)]
    assert difference(segments, [Segment(1, 2), Segment(1.5, 2.5), Segment(5, 8.5)]) == [
        Segment(0, 1),
        Segment(2.5, 5),
        Segment(8.5, 9),
    ]
    assert difference(segments, [Segment(-1, 0), Segment(6, 8), Segment(9, 10)]) == [Segment(0, 6), Segment(8, 9)]
    assert difference(segments, [Segment(-1, 10)]) == difference([], segments) == []
    assert difference(iter(segments), iter([Segment(0, 5)])) == [Segment(5, 6), Segment(8, 9)]


def test_only_an_annotation_is_one():
    assert check_annotation(TALK) is TALK
    with pytest.raises(TypeError) as told:
        check_annotation({"talk": TALK})
    assert str(told.value) == (
        "an Annotation is needed; got dict. read_turns gives one per recording in a dict, and a Diarization holds one "
        "as .annotation."
    )


@pytest.mark.parametrize(
    ("call", "needed"),
    [
        (lambda wrong: lightdiar.find_exchanges(wrong), "an Annotation is"),
        (lambda wrong: lightdiar.who_answers_whom(wrong), "an Annotation is"),
        (lambda wrong: lightdiar.timeline_svg(wrong, 9.0), "an Annotation is"),
        (lambda wrong: lightdiar.plot_timeline(wrong, 9.0), "an Annotation is"),
        (lambda wrong: lightdiar.write_rttm("x.rttm", [wrong]), "an Annotation is"),
        (lambda wrong: lightdiar.write_turns("x.srt", [wrong]), "an Annotation is"),
        (lambda wrong: lightdiar.bechdel_by_ear(wrong), "a Diarization is"),
        (lambda wrong: lightdiar.count_probabilities(wrong), "a Diarization is"),
        (lambda wrong: lightdiar.recording_report(wrong), "a Diarization is"),
        (lambda wrong: lightdiar.folder_report(wrong), "Results are"),
    ],
)
@pytest.mark.parametrize("wrong", [None, "film.wav", 5, [TALK]], ids=lambda wrong: type(wrong).__name__)
def test_what_is_no_annotation_and_no_result_is_told_wherever_one_is_needed(call, needed, wrong):
    with pytest.raises(TypeError, match=f"^{needed} needed; got {type(wrong).__name__}\\. "):
        call(wrong)


def test_one_path_is_no_list_of_paths():
    with pytest.raises(TypeError, match=r"^several paths are needed; got one\. Write read_results\(\['results'\]\)\.$"):
        lightdiar.read_results("results")


@pytest.mark.parametrize(
    ("call", "kind", "told"),
    [
        (lambda: Segment(None, 1), TypeError, "start=None must be seconds, such as 12.5."),
        (lambda: Turn(0, "soon", "ann"), ValueError, "end='soon' must be seconds, such as 12.5."),
        (lambda: TALK.fill_gaps(-1), ValueError, "max_gap=-1 must be seconds, 0 or more; 0 joins what touches."),
        (lambda: union([], float("nan")), ValueError, "max_gap=nan must be seconds, 0 or more; 0 joins what touches."),
        (
            lambda: lightdiar.diarization_error(TALK, TALK, uem=["0-5"]),
            TypeError,
            "uem holds segments; got '0-5'. Use Segment(start, end), in seconds.",
        ),
    ],
)
def test_what_is_no_time_and_no_segment_is_told(call, kind, told):
    with pytest.raises(kind) as error:
        call()
    assert str(error.value) == told
