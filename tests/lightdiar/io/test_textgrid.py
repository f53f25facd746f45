import parselmouth
import pytest
from parselmouth.praat import call
from praatio import textgrid as praatio

from lightdiar.errors import FormatError
from lightdiar.io.textgrid import read_textgrid, says_more, textgrid_text
from lightdiar.timeline import Annotation, Turn

TALK = Annotation([Turn(0.5, 2, 'ann "A" lee'), Turn(2, 3, 'ann "A" lee'), Turn(0, 4, "<b>")], "talk")
TEXT = """\
File type = "ooTextFile"
Object class = "TextGrid"

xmin = 0.000 
xmax = 5.000 
tiers? <exists> 
size = 2 
item []: 
    item [1]:
        class = "IntervalTier" 
        name = "<b>" 
        xmin = 0.000 
        xmax = 5.000 
        intervals: size = 2 
        intervals [1]:
            xmin = 0.000 
            xmax = 4.000 
            text = "<b>" 
        intervals [2]:
            xmin = 4.000 
            xmax = 5.000 
            text = "" 
    item [2]:
        class = "IntervalTier" 
        name = "ann ""A"" lee" 
        xmin = 0.000 
        xmax = 5.000 
        intervals: size = 4 
        intervals [1]:
            xmin = 0.000 
            xmax = 0.500 
            text = "" 
        intervals [2]:
            xmin = 0.500 
            xmax = 2.000 
            text = "ann ""A"" lee" 
        intervals [3]:
            xmin = 2.000 
            xmax = 3.000 
            text = "ann ""A"" lee" 
        intervals [4]:
            xmin = 3.000 
            xmax = 5.000 
            text = "" 
"""  # noqa: W291, Praat ends lines with a blank


@pytest.fixture
def grid(tmp_path):
    """A function that writes an Annotation as a TextGrid."""

    def write(annotation, duration=0.0):
        path = tmp_path / "file.TextGrid"
        path.write_text(textgrid_text(annotation, duration), encoding="utf-8", newline="\n")
        return path

    return write


def test_textgrid_to_the_letter(text_file):
    assert textgrid_text(TALK, 5.0) == TEXT
    assert read_textgrid(text_file(TEXT)) == {"file": Annotation(TALK.turns, "file")}


def test_praat_reads_the_same_tiers(grid):
    found = parselmouth.read(str(grid(TALK, 5.0)))
    assert (found.xmin, found.xmax) == (0, 5)
    assert [call(found, "Get tier name", tier) for tier in (1, 2)] == ["<b>", 'ann "A" lee']
    labels = [call(found, "Get label of interval", 2, place) for place in range(1, 5)]
    assert labels == ["", 'ann "A" lee', 'ann "A" lee', ""]
    assert [call(found, "Get start time of interval", 2, place) for place in range(1, 5)] == [0, 0.5, 2, 3]


def test_praatio_reads_the_same_tiers(grid):
    found = praatio.openTextgrid(str(grid(TALK, 5.0)), includeEmptyIntervals=False)
    assert found.tierNames == ("<b>", 'ann "A" lee') and found.maxTimestamp == 5
    entries = [tuple(entry) for entry in found.getTier('ann "A" lee').entries]
    assert entries == [(0.5, 2, 'ann "A" lee'), (2, 3, 'ann "A" lee')]


def test_every_tier_covers_the_recording_and_its_last_turn(grid):
    late = Annotation([Turn(0, 4, "a"), Turn(6, 7.25, "b")])
    for duration, end in ((5.0, 7.25), (9.0, 9.0), (0.0, 7.25)):
        found = praatio.openTextgrid(str(grid(late, duration)), includeEmptyIntervals=True)
        for tier in found.tiers:
            assert tier.entries[0].start == 0 and tier.entries[-1].end == end
            assert all(one.end == other.start for one, other in zip(tier.entries, tier.entries[1:]))


def test_nobody_is_a_tier_without_turns(grid):
    path = grid(Annotation((), "x"), 2.0)
    assert call(parselmouth.read(str(path)), "Get tier name", 1) == "nobody"
    assert read_textgrid(path) == {"file": Annotation((), "file")}
    assert parselmouth.read(str(grid(Annotation()))).xmax == 0.001


def test_what_praat_writes_is_read_long_and_short_and_in_utf16(tmp_path, grid):
    zoe = Annotation([Turn(0.5, 2, 'Zo\u00eb "Z"'), Turn(1, 2.25, "bob")], "file")
    found = parselmouth.read(str(grid(zoe, 3.0)))
    call(found, "Insert point tier", 1, "bells")
    call(found, "Insert point", 1, 0.25, "ding")
    path = tmp_path / "file.TextGrid"
    for command in ("Save as text file", "Save as short text file"):
        for encoding in ("UTF-8", "UTF-16"):
            call("Text writing preferences", encoding)
            call(found, f"{command}...", str(path))
            assert path.read_bytes().startswith(b"\xfe\xff") == (encoding == "UTF-16")
            assert read_textgrid(path) == {"file": zoe}
            assert read_textgrid(path, ["bob"])["file"].speakers == ["bob"]


SHORT = 'File type = "ooTextFile"\nObject class = "TextGrid"\n\n0\n2\n<exists>\n1\n'
POINTS = f'{SHORT}"TextTier"\n"bells"\n0\n2\n1\n1\n"ding"\n'
MORE = "more follows than the sizes of the file and of its tiers announce; correct them"
NO_TEXTGRID = 'no TextGrid, whose file type is "ooTextFile" and class "TextGrid"; save it as text in Praat'


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (POINTS, "1: a tier of intervals is needed for each speaker; there is only points: bells"),
        (f"{SHORT.split('<')[0]}<absent>\n", "1: a tier of intervals is needed for each speaker; there is no tier"),
        ("hello\nyou", f"1: {NO_TEXTGRID}: hello"),
        ('"Praat chronological TextGrid text file"\n', f'1: {NO_TEXTGRID}: "Praat chronological TextGrid text file"'),
        (SHORT.replace("TextGrid", "Pitch 1"), f'1: {NO_TEXTGRID}: File type = "ooTextFile"'),
        ("", f"1: {NO_TEXTGRID}: "),
        (f'{SHORT}"SpellTier"\n"a"\n0\n2\n1\n', "11: a tier is an IntervalTier or a TextTier, not SpellTier: 2"),
        (f'{SHORT}"IntervalTier"\n"a"\n0\n2\n2\n0\n1\n"x"\n', "16: a number is missing here: "),
        (f'{SHORT}"IntervalTier"\n"a"\n0\n2\n1\n0\n1\n"x"\n1\n2\n"y"\n', f"16: {MORE}: 1"),
        (f'{SHORT}"IntervalTier"\n"a"\n0\n2\n1\n0\n1\n"x"\n"IntervalTier"\n"b"\n', f'16: {MORE}: "IntervalTier"'),
        (f'{SHORT.replace("exists", "absent")}"IntervalTier"\n', f"7: {MORE}: 1"),
        (f'{SHORT}"IntervalTier"\n"a"\n0\n2\n1\n1\n0\n"x"\n', "14: the end lies 1 s before the start: 0"),
        (f'{SHORT}"IntervalTier"\n"a"\n0\n2\n1\n"x"\n', '13: a number is missing here: "x"'),
        (f'{SHORT}"IntervalTier"\n"a"\n0\n2\n1.5\n', "12: a whole number is missing here: 1.5"),
    ],
)
def test_what_is_no_textgrid_is_told_with_its_line(text_file, text, message):
    path = text_file(text)
    with pytest.raises(FormatError) as caught:
        read_textgrid(path)
    assert str(caught.value) == f"{path}:{message}"


def test_a_tier_that_is_not_there_is_told(text_file):
    path = text_file(TEXT)
    with pytest.raises(FormatError) as caught:
        read_textgrid(path, ["<b>", "bob"])
    assert str(caught.value) == f'{path}:1: no tier of intervals is called bob; there is <b>, ann "A" lee'


def test_comments_and_a_tier_without_a_name(text_file):
    text = f'{SHORT}"IntervalTier" ! the "first"\n""\n0\n2\n2\n0\n1\n" "\n1\n2\n"hello ! you"\n'
    assert read_textgrid(text_file(text)) == {"file": Annotation([Turn(1, 2, "tier 1")], "file")}


def test_what_intervals_say_beside_names(text_file):
    assert not says_more(text_file(TEXT))
    path = text_file(TEXT.replace('text = "<b>"', 'text = "hello"'))
    assert says_more(path) and says_more(path, ["<b>"]) and not says_more(path, ['ann "A" lee'])
