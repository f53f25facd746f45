import pytest

from lightdiar.io.cue_names import has_words, name_in_brackets, speakers_of, voice_tag


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
    assert speakers_of([[f"{bracketed} text"], [bracketed]]) == ([[name], [name]], ["[Name]"])
    assert speakers_of([[f"{voice_tag(name)}text"]]) == ([[name]], ["<v Name>"])


def test_no_name_is_a_tag():
    for text in (name_in_brackets("<b>"), voice_tag("<b>")[2:-1]):
        assert "<" not in text and ">" not in text
    with pytest.raises(ValueError, match=r"SRT cannot hold the character \] \(U\+005D\) in the name 'a\]b'"):
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
    assert speakers_of([[line]])[0] == [[name] if name else []]


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
    assert speakers_of([[line]])[0] == [[name] if name else []]


@pytest.mark.parametrize(
    ("cues", "speakers"),
    [
        (["[Ann] hi", "BOB: hey", "[door slams]"], ["Ann", "BOB", ""]),
        (["Ann: hello", "[door slams]", "Bob: [laughs] who?"], ["Ann", "", "Bob"]),
        (["[Ann] Listen: now", "[Bob]: yes", "So: what?"], ["Ann", "Bob", ""]),
        (["BOB: one", "BOB: two", "[sighs] Well", "<v Cy>ho"], ["BOB", "BOB", "", "Cy"]),  # a sound before text
        (["[ann] one", "[bob] two", "[ann]"], ["ann", "bob", "ann"]),  # most begin so; ann stands before text, too
        (["[ann]", "[door slams]"], ["ann", "door slams"]),  # as `srt_text` writes it
        (["He said: no", "well", "ANN: yes"], ["", "", "ANN"]),
        (["He said: no", "ANN: yes"], ["", "ANN"]),  # half of the cues, but no name
        (["one", "two", "three", "Note: four"], ["", "", "", ""]),
        (["one", "two", "three", "four", "ann: five", "ann: six"], ["", "", "", "", "ann", "ann"]),
        (["[SPEAKER_00] one", "two", "three"], ["SPEAKER_00", "", ""]),
    ],
)
def test_each_cue_has_its_form_and_the_file_tells_names_from_the_rest(cues, speakers):
    assert speakers_of([[cue] for cue in cues])[0] == [[name] if name else [] for name in speakers]


def test_the_forms_that_name_somebody():
    assert speakers_of([["Ann: hi"], ["[Bob] hi"], ["[laughs]"]])[1] == ["[Name]", "Name:"]
    assert speakers_of([["hi"], []]) == ([[], []], [])


@pytest.mark.parametrize(
    ("line", "says_more"),
    [("[Ann]", False), ("<v Ann>Ann</v>", False), ("Ann:", False), ("[Ann] hi", True), ("<v Ann>hi", True)],
)
def test_words_are_more_than_the_name(line, says_more):
    assert has_words([line], speakers_of([[line]])[0][0]) is says_more


def test_lines_of_one_cue_may_name_several_speakers():
    assert speakers_of([["- Ann: hi", "- Bob: hi", "- Ann: again"]])[0] == [["Ann", "Bob"]]
