import pytest

from lightdiar.io.cue_names import has_voice_tag, name_in_brackets, speakers_of, voice_tag


@pytest.mark.parametrize(
    ("name", "bracketed"),
    [
        ("ann", "[ann]"),
        ("<script>alert(1)</script>", "[&lt;script&gt;alert(1)&lt;/script&gt;]"),
        ("Tom & Jerry", "[Tom & Jerry]"),
        ("&lt;", "[&amp;lt;]"),
        ("&amp;lt;", "[&amp;amp;lt;]"),
        ("{\\an8}", "[{\\an8}]"),
        ("- a: b", "[- a: b]"),
    ],
)
def test_names_in_brackets_come_back(name, bracketed):
    assert name_in_brackets(name) == bracketed
    assert speakers_of([[f"{bracketed} text"], [bracketed]]) == [[name], [name]]
    assert speakers_of([[f"{voice_tag(name)}text"]]) == [[name]]


def test_no_name_is_a_tag():
    for text in (name_in_brackets("<b>"), voice_tag("<b>")[2:-1]):
        assert "<" not in text and ">" not in text
    with pytest.raises(ValueError, match=r"SRT cannot hold the character U\+005D in the name 'a\]b'"):
        name_in_brackets("a]b")


@pytest.mark.parametrize(
    ("line", "name"),
    [
        ("Ann: hello", "Ann"),
        ("ANN LEE :", "ANN LEE"),
        ("- <i>Ann</i>: hello", "Ann"),
        (">> Dr. O'Neil: hello", "Dr. O'Neil"),
        ("{\\an8}Ann: hello", "Ann"),
        ("\u5c0f\u660e: \u4f60\u597d", "\u5c0f\u660e"),
        ("I said it to all of you: no", ""),
        ("Well, Ann: no", ""),
        ("at 12:30", ""),
        ("http://x", ""),
        ("hello", ""),
    ],
)
def test_names_before_a_colon(line, name):
    assert speakers_of([[line]]) == [[name] if name else []]


@pytest.mark.parametrize(
    ("line", "name"),
    [
        ("<v Ann>hello", "Ann"),
        ("<v.loud.first Ann  Lee>hello</v>", "Ann Lee"),
        ("<i><v Tom &amp; Jerry>hello", "Tom & Jerry"),
        ("<v>hello", ""),
        ("<vx Ann>hello", ""),
    ],
)
def test_voice_tags(line, name):
    assert speakers_of([[line]]) == [[name] if name else []]
    assert has_voice_tag(line) == bool(name)


def test_a_file_has_the_form_that_most_cues_have():
    cues = [["Ann: hello"], ["[door slams]"], ["Bob: [laughs] who?"]]
    assert speakers_of(cues) == [["Ann"], [], ["Bob"]]
    assert speakers_of([["[Ann] Listen: now"], ["[Bob]: yes"], ["So: what?"]]) == [["Ann"], ["Bob"], []]


def test_lines_of_one_cue_may_name_several_speakers():
    assert speakers_of([["- Ann: hi", "- Bob: hi", "- Ann: again"]]) == [["Ann", "Bob"]]
