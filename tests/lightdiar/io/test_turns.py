import pytest

from lightdiar.io.turns import tiers, written_name, written_turns
from lightdiar.timeline import Annotation, Turn


def test_times_are_rounded_by_themselves_and_what_has_no_length_is_left_out():
    annotation = Annotation([Turn(0.0004, 1.00049, "a"), Turn(1.00049, 2, "b"), Turn(3, 3.0004, "c")])
    assert written_turns(annotation, "SRT") == [(0, 1000, "a"), (1000, 2000, "b")]


@pytest.mark.parametrize(
    ("name", "what"),
    [
        ("ann\nlee", r"the character U+000A in the name 'ann\nlee'"),
        ("\tann", r"the character U+0009 in the name '\tann'"),
        ("ann\u2028lee", r"the character U+2028 in the name 'ann\u2028lee'"),
        ("ann\udce9", r"the character U+DCE9 in the name 'ann\udce9'"),
        ("ann\uffff", "the character U+FFFF in the name 'ann\\uffff'"),
        (" ann", "a blank at an end, or several in a row, in the name ' ann'"),
        ("ann  lee", "a blank at an end, or several in a row, in the name 'ann  lee'"),
        ("ann\xa0", r"the character U+00A0 in the name 'ann\xa0'"),
        ("\u200b", r"nothing that is seen in the name '\u200b'"),
        ("a]", "the character ] (U+005D) in the name 'a]'"),
    ],
)
def test_names_that_would_not_come_back_are_refused(name, what):
    with pytest.raises(ValueError) as caught:
        written_name(name, "SRT", "[]")
    assert str(caught.value) == f"SRT cannot hold {what}. Rename the speaker with annotation.relabel({{old: new}})."


def test_a_name_is_written_as_people_see_it():
    assert written_name("Zoe\u0308\u200b", "EAF") == "Zo\u00eb"
    assert written_name("ann\xa0lee <b>", "EAF") == "ann\xa0lee <b>"
    both = Annotation([Turn(0, 1, "Zoe\u0308"), Turn(1, 2, "Zo\u00eb")])
    with pytest.raises(ValueError, match="EAF cannot hold .* two of these speakers become one: Zoe\u0308, Zo\u00eb"):
        written_turns(both, "EAF")


def test_times_that_no_reader_takes_are_not_written():
    with pytest.raises(ValueError, match="start must be 0 or later, not -1"):
        written_turns(Annotation([Turn(-1, 1, "a")]), "SRT")
    with pytest.raises(ValueError, match="3600001 s is later than any recording"):
        written_turns(Annotation([Turn(0, 3_600_001, "a")]), "SRT")


def test_turns_of_one_speaker_that_overlap_are_on_several_tiers():
    turns = [(0, 5, "b"), (1, 3, "a"), (2, 4, "b"), (4, 6, "b"), (5, 7, "b")]
    assert tiers(turns) == [("b", [(0, 5), (5, 7)]), ("b", [(2, 4), (4, 6)]), ("a", [(1, 3)])]
    assert tiers([]) == []
