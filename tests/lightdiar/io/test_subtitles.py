import re

import pysubs2
import pytest
import webvtt

from lightdiar.errors import DoubtfulResultWarning, FormatError
from lightdiar.io.subtitles import name_cues, read_srt, read_vtt, says_more, srt_text, vtt_text
from lightdiar.timeline import Annotation, Segment, Turn

TALK = Annotation([Turn(0.5, 2, "ann"), Turn(1.25, 3725.004, "<b>Bob & Co")], "talk")
SRT = """\
1
00:00:00,500 --> 00:00:02,000
[ann]

2
00:00:01,250 --> 01:02:05,004
[&lt;b&gt;Bob & Co]

"""
VTT = """\
WEBVTT

00:00:00.500 --> 00:00:02.000
<v ann>ann</v>

00:00:01.250 --> 01:02:05.004
<v &lt;b&gt;Bob &amp; Co>&lt;b&gt;Bob &amp; Co</v>

"""


def test_subtitles_to_the_letter():
    assert srt_text(TALK) == SRT
    assert vtt_text(TALK) == VTT
    assert srt_text(Annotation()) == "" and vtt_text(Annotation()) == "WEBVTT\n\n"


def test_subtitles_come_back_by_the_name_of_the_file(text_file):
    for text, read in ((SRT, read_srt), (VTT, read_vtt), (SRT.replace("\n", "\r\n"), read_srt)):
        assert read(text_file(text)) == {"file": Annotation(TALK.turns, "file")}
    assert read_srt(text_file("")) == {"file": Annotation((), "file")} == read_vtt(text_file("WEBVTT\n\n"))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_encodings_with_their_marks(text_file, encoding):
    path = text_file(SRT.replace("ann", "Zo\u00eb"), encoding)
    assert read_srt(path)["file"].speakers == ["<b>Bob & Co", "Zo\u00eb"]


def test_pysubs2_reads_the_same_cues():
    cues = pysubs2.SSAFile.from_string(srt_text(TALK), "srt")
    assert [(cue.start, cue.end, cue.text) for cue in cues] == [
        (500, 2000, "[ann]"),
        (1250, 3725004, "[&lt;b&gt;Bob & Co]"),
    ]
    cues = pysubs2.SSAFile.from_string(vtt_text(TALK), "vtt")
    assert [(cue.start, cue.end, cue.text) for cue in cues] == [
        (500, 2000, "ann"),
        (1250, 3725004, "&lt;b&gt;Bob &amp; Co"),
    ]


def test_webvtt_reads_the_same_voices():
    cues = webvtt.from_string(vtt_text(TALK))
    assert [(cue.start, cue.end, cue.voice) for cue in cues] == [
        ("00:00:00.500", "00:00:02.000", "ann"),
        ("00:00:01.250", "01:02:05.004", "&lt;b&gt;Bob &amp; Co"),  # it leaves escapes as they are
    ]


def test_vtt_from_the_wild(text_file):
    text = (
        "WEBVTT - a title\n\nSTYLE\n::cue { color: red }\n\nNOTE\nAnn: no cue\n\nfirst\n"
        "00:01.000 --> 00:02.5 align:left line:0\n<v.loud Ann>Hello\n<v Bob>and you\n\n"
        "00:03.000 --> 00:03.000\n<v Cy>\n"
    )
    assert read_vtt(text_file(text))["file"] == Annotation([Turn(1, 2.5, "Ann"), Turn(1, 2.5, "Bob")], "file")


def test_cues_without_a_speaker_are_left_out_and_counted(text_file):
    path = text_file("1\n00:00:01,000 --> 00:00:02,000\nAnn: hi\n\n2\n00:00:03,000 --> 00:00:04,000\nho\n")
    message = "file.txt: 1 of 2 cues name no speaker as Name: and are left out: line 6: ho$"
    with pytest.warns(DoubtfulResultWarning, match=message):
        assert read_srt(path)["file"] == Annotation([Turn(1, 2, "Ann")], "file")


@pytest.mark.parametrize(("read", "head"), [(read_srt, "1\n"), (read_vtt, "WEBVTT\n\n")])
def test_subtitles_have_no_comments(text_file, read, head):
    """In RTTM a line that begins so is one; here somebody winks, and what follows is said in the same cue."""
    path = text_file(f"{head}00:00:01.000 --> 00:00:02.000\n;;) [hello]: hi\n[Bob] you\n")
    assert read(path)["file"] == Annotation([Turn(1, 2, "Bob")], "file")
    winks = text_file(f"{head}00:00:01.000 --> 00:00:02.000\n;;-) Ann: hi\n")
    with pytest.raises(FormatError, match=r"no cue names its speaker; .*: ;;-\) Ann: hi$"):
        read(winks)


A_CUE = "there is no cue in it; a cue is a line such as 00:00:01,000 --> 00:00:02,500 and its text below"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            "1\n00:00:01,000 --> 00:00:02,000\nHello\nthere\n",
            "2: no cue names its speaker; write [Name] or Name: before the text, or <v Name> in WebVTT: Hello there",
        ),
        ("SPEAKER x 1 0 5 <NA> <NA> a\n", f"1: {A_CUE}: SPEAKER x 1 0 5 <NA> <NA> a"),
        (
            "1\n00:00:05,000 --> 00:00:04,000\n[a]\n",
            "2: the end lies 1 s before the start: 00:00:05,000 --> 00:00:04,000",
        ),
        ("\n00:xx --> 1\n[a]\n", "2: times are written as 00:00:01,000 --> 00:00:02,500: 00:xx --> 1"),
        (
            "999999:00:00,000 --> 999999:00:01,000\n[a]\n",
            "1: 3.5999964e+09 s is later than any recording; times are seconds, at most 3600000 (1000 hours): "
            "999999:00:00,000 --> 999999:00:01,000",
        ),
    ],
)
def test_what_is_no_srt_is_told_with_its_line(text_file, text, message):
    path = text_file(text)
    with pytest.raises(FormatError) as caught:
        read_srt(path)
    assert str(caught.value) == f"{path}:{message}"


def test_wrong_encodings_are_told_with_their_line(text_file):
    path = text_file("1\n00:00:01,000 --> 00:00:02,000\n[Ren\xe9]\n", "cp1252")
    with pytest.raises(FormatError, match=re.escape(r"file.txt:3: not UTF-8 text, save it as UTF-8: b'\xe9]\n'")):
        read_srt(path)


def test_webvtt_begins_with_its_name(text_file):
    with pytest.raises(FormatError, match="file.txt:1: a WebVTT file begins with WEBVTT: 1$"):
        read_vtt(text_file(SRT))
    with pytest.raises(FormatError, match=r"file.txt:1: a WebVTT file begins with WEBVTT: \(empty file\)"):
        read_vtt(text_file(""))


FILM = (
    "\ufeff1\r\n00:00:01,000 --> 00:00:03,000 X1:5\r\n<i>Hello</i>  there \r\nand you\r\n\r\n\r\n"
    "2\n00:00:02,500 --> 00:00:04,000\nBye --\u2028now\n\n3\n00:00:09,000 --> 00:00:09,500\n\u202bnobody\u202c"
)


def test_only_names_are_added_to_cues():
    def speaker_of(segment):
        return {Segment(1, 3): "ann", Segment(2.5, 4): "<b>"}.get(segment)

    named = name_cues(FILM, speaker_of, "film.srt")
    assert named == FILM.replace("<i>Hello", "[ann] <i>Hello").replace("Bye", "[&lt;b&gt;] Bye")
    assert name_cues(FILM, lambda segment: None, "film.srt") == FILM


def test_cues_that_name_their_speaker_stay_and_are_counted():
    text = "WEBVTT\n\n00:01.000 --> 00:02.000\nHi\n\n00:03.000 --> 00:04.000\n<v Bob>Ho\n\n00:05.000 --> 00:06.000\n\n"
    with pytest.warns(
        DoubtfulResultWarning, match="film.vtt: 1 of 3 cues name their speaker already and stay as they are"
    ):
        named = name_cues(text, lambda segment: "a&b", "film.vtt")
    assert named == text.replace("Hi", "<v a&amp;b>Hi")


@pytest.mark.parametrize("name", ["SPEAKER_00", "ann"])
@pytest.mark.parametrize("text", [FILM, "WEBVTT\n\n" + FILM.replace(",", ".")])
def test_cues_are_named_once(text, name):
    named = name_cues(text, lambda segment: name if segment.start == 1 else None, "film")
    assert named.count(name) == 1
    with pytest.warns(DoubtfulResultWarning, match="1 of 3 cues name their speaker already"):
        assert name_cues(named, lambda segment: name if segment.start == 1 else None, "film") == named


def test_the_first_cues_that_are_left_out_are_shown(text_file):
    texts = ["[Ann] hi", "BOB: hey", *(f"[noise {number}]" for number in range(5))]
    path = text_file("".join(f"00:00:0{at},000 --> 00:00:0{at},500\n{text}\n\n" for at, text in enumerate(texts)))
    with pytest.warns(DoubtfulResultWarning) as told:
        assert read_srt(path)["file"] == Annotation([Turn(0, 0.5, "Ann"), Turn(1, 1.5, "BOB")], "file")
    assert [str(warning.message) for warning in told] == [
        f"{path}: 5 of 7 cues name no speaker as [Name] or Name: and are left out: line 7: [noise 0]; "
        "line 10: [noise 1]; line 13: [noise 2]; and 2 more"
    ]


def test_what_subtitles_say_beside_names(text_file):
    for ours in (SRT, VTT):
        assert not says_more(text_file(ours))
    assert says_more(text_file(SRT.replace("[ann]", "[ann] hello")))
    assert says_more(text_file(VTT.replace("ann</v>", "hello</v>")))


def test_what_has_no_cue_cannot_be_labelled():
    with pytest.raises(FormatError, match=f"^film.srt:1: {re.escape(A_CUE)}: hello$"):
        name_cues("hello\nyou", lambda segment: "ann", "film.srt")
    with pytest.raises(FormatError, match="^film.srt:2: times are written as 00:00:01,000 --> 00:00:02,500: a --> b$"):
        name_cues("1\na --> b\n", lambda segment: "ann", "film.srt")
    with pytest.raises(ValueError, match=r"SRT cannot hold the character \] \(U\+005D\)"):
        name_cues(FILM, lambda segment: "a]", "film.srt")
