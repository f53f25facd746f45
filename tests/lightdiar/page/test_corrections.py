import pytest

from lightdiar.page.corrections import Correction, corrected, typed_name
from lightdiar.systems.result import Diarization, Speaker
from lightdiar.timeline import Annotation, Turn


@pytest.fixture
def found():
    turns = [Turn(0, 3, "A"), Turn(3, 4, "B"), Turn(4, 6, "C"), Turn(6, 7, "A")]
    speakers = [Speaker("A", 4.0, 0.9, 0.1), Speaker("B", 1.0, 0.5, 0.6), Speaker("C", 2.0, 0.1, p_name=0.95)]
    return Diarization(Annotation(turns, "talk"), speakers, duration=8.0, agreement=0.6)


def test_nothing_to_correct(found):
    assert corrected(found, {}) == found


def test_a_name_by_hand_is_not_one_found_by_the_voice(found):
    result = corrected(found, {"C": Correction("Ann")})
    assert [speaker.name for speaker in result.speakers] == ["A", "B", "Ann"]
    assert result.speakers[2].p_name is None and result.speakers[2].p_female == 0.1
    assert [turn.speaker for turn in result.turns] == ["A", "B", "Ann", "A"]
    assert (result.agreement, result.duration, result.annotation.recording) == (0.6, 8.0, "talk")
    assert corrected(found, {"C": Correction("C")}).speakers[2].p_name == 0.95


@pytest.mark.parametrize(("gender", "p_female", "p_child"), [("F", 1.0, 0.0), ("M", 0.0, 0.0), ("child", 0.5, 1.0)])
def test_a_gender_by_hand_is_certain(found, gender, p_female, p_child):
    one = corrected(found, {"B": Correction("B", gender)}).speakers[1]
    assert (one.gender, one.probability) == (gender, 1.0)
    assert (one.p_female, one.p_child, one.seconds) == (p_female, p_child, 1.0)


def test_two_become_one_weighted_by_how_long_they_speak(found):
    result = corrected(found, {"B": Correction("A")})
    one = result.speakers[0]
    assert one.seconds == 5.0
    assert one.p_female == pytest.approx((4 * 0.9 + 1 * 0.5) / 5)
    assert one.p_child == pytest.approx((4 * 0.1 + 1 * 0.6) / 5)
    assert [(turn.start, turn.end, turn.speaker) for turn in result.turns] == [(0, 4, "A"), (4, 6, "C"), (6, 7, "A")]
    assert result.agreement is None  # somebody knows how many there are


def test_what_was_set_by_hand_of_one_holds_for_both(found):
    result = corrected(found, {"A": Correction("Ann"), "C": Correction("Ann", "M")})
    assert [(speaker.name, speaker.p_female) for speaker in result.speakers] == [("Ann", 0.0), ("B", 0.5)]


def test_names_may_be_exchanged(found):
    result = corrected(found, {"A": Correction("C"), "C": Correction("A")})
    assert {speaker.name: speaker.seconds for speaker in result.speakers} == {"C": 4.0, "B": 1.0, "A": 2.0}


def test_unknown_genders_are_refused():
    with pytest.raises(ValueError, match=r"gender='f' must be one of F, M, child, or None\."):
        Correction("Ann", "f")


def test_typed_names_have_one_form():
    assert typed_name(" Zoe\u0308 \xa0 Smith\u202e ") == "Zo\u00eb Smith"
    with pytest.raises(ValueError, match=r"^the name has 101 characters; at most 100 are possible\.$"):
        typed_name("x" * 101)
