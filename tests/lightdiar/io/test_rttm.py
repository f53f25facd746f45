import re

import pytest

from lightdiar.errors import DoubtfulResultWarning, FormatError
from lightdiar.io.rttm import Channel, join_channels, read_channels, read_rttm, rttm_text, write_rttm
from lightdiar.timeline import Annotation, Segment, Turn

LINE = "SPEAKER {recording} 1 {start} {duration} <NA> <NA> {speaker} <NA> <NA>\n"


def rttm_line(recording="news", start="0.5", duration="1.5", speaker="ann"):
    return LINE.format(recording=recording, start=start, duration=duration, speaker=speaker)


def test_rttm_goes_there_and_back(tmp_path):
    news = Annotation([Turn(0.1, 0.3, "ann"), Turn(0.3, 7200.123, "bob")], "news")
    film = Annotation([Turn(3, 4, "zoë")], "film")
    write_rttm(tmp_path / "all.rttm", [news, film])
    assert read_rttm(tmp_path / "all.rttm") == {"news": news, "film": film}
    write_rttm(tmp_path / "nameless.rttm", Annotation(film.turns))
    assert read_rttm(tmp_path / "nameless.rttm") == {"": Annotation(film.turns)}


def test_the_channel_of_a_speaker_is_the_third_field():
    annotation = Annotation([Turn(0, 1, "ann"), Turn(1, 2, "bob")], "call")
    lines = rttm_text(annotation, {"bob": 2}).splitlines()
    assert lines[0] == "SPEAKER call 1 0.000 1.000 <NA> <NA> ann <NA> <NA>"
    assert lines[1] == "SPEAKER call 2 1.000 1.000 <NA> <NA> bob <NA> <NA>"


def test_rttm_text_to_the_letter():
    annotation = Annotation([Turn(0.1234, 2, "Ann Lee"), Turn(3, 3.0002, "bob")], "my film")
    assert rttm_text(annotation) == "SPEAKER my_film 1 0.123 1.877 <NA> <NA> Ann_Lee <NA> <NA>\n"


def test_touching_turns_still_touch_in_milliseconds(text_file):
    text = rttm_text(Annotation([Turn(0.0004, 1.00049, "a"), Turn(1.00049, 2.0, "b")], "x"))
    first, second = read_rttm(text_file(text))["x"]
    assert first.end == second.start


def test_rttm_does_not_merge_two_speakers_by_their_names():
    with pytest.raises(ValueError, match="two of these speakers become one: ann lee, ann_lee"):
        rttm_text(Annotation([Turn(0, 1, "ann lee"), Turn(1, 2, "ann_lee")]))


@pytest.mark.parametrize("name", ["<NA>", " ", "<na>", "\u200b"])
def test_rttm_does_not_write_what_stands_for_no_name(name):
    with pytest.raises(ValueError, match=re.escape(f"RTTM cannot hold the name {name!r}, which stands for none")):
        rttm_text(Annotation([Turn(0, 1, name)]))


def test_rttm_from_the_wild(text_file):
    text = (
        "\ufeff;; a comment\r\n\r\nSPKR-INFO news 1 <NA> <NA> <NA> unknown ann <NA> <NA>\r\n"
        "  SPEAKER\tnews 1 5e-1  1.5E+0 <NA> <NA> ann <NA>\r\n" + rttm_line(duration="0.000", speaker="bob")
    )
    assert read_rttm(text_file(text)) == {"news": Annotation([Turn(0.5, 2, "ann")], "news")}


def test_a_recording_whose_only_line_has_no_length_is_silent(text_file):
    assert read_rttm(text_file(rttm_line(duration="0"))) == {"news": Annotation((), "news")}
    assert read_rttm(text_file("")) == {}


@pytest.mark.parametrize(
    "line, reason",
    [
        (rttm_line(start="nan"), "nan is not a finite number of seconds"),
        (rttm_line(duration="inf"), "inf is not a finite number of seconds"),
        (rttm_line(duration="-0.5"), "the end lies 0.5 s before the start"),
        (rttm_line(start="-1"), "start must be 0 or later, not -1"),
        (rttm_line(start="<NA>"), "<NA> is not a number of seconds"),
        (rttm_line(speaker="Ann Mary Lee"), "8 to 10 fields without spaces in them, not 12"),
        ("SPEAKER news 1 0.0 1.0\n", "8 to 10 fields without spaces in them, not 5"),
        ("start,end,speaker\n", "an RTTM line starts with its type"),
    ],
)
def test_a_bad_rttm_line_is_named_with_its_place(text_file, line, reason):
    path = text_file(rttm_line() + line)
    with pytest.raises(
        FormatError, match=f"^{re.escape(f'{path}:2: ')}.*{re.escape(reason)}.*{re.escape(line.strip())}$"
    ):
        read_rttm(path)


SHORT = "SPEAKER news 1 0 5 <NA> <NA> "


@pytest.mark.parametrize(
    "end", ["", " <NA>", " <NA> <NA>", " 0.95", " 0.95 1.5", " 1", " - -", " NA none", " 1e-3 <na>"]
)
def test_the_name_is_the_eighth_field_whatever_comes_after(text_file, end):
    assert read_rttm(text_file(f"{SHORT}ann{end}\n")) == {"news": Annotation([Turn(0, 5, "ann")], "news")}


@pytest.mark.parametrize("before", ["<NA> <NA>", "<na> -", "NA NA", "<NA> adult_female", "none unknown"])
def test_fields_that_do_not_apply_are_written_in_several_ways(text_file, before):
    assert read_rttm(text_file(f"SPEAKER news 1 0 5 {before} ann <NA>\n"))["news"].speakers == ["ann"]


MOVED = "; a space in a name moves all fields after it: write _ in its place"


@pytest.mark.parametrize(
    "line, reason",
    [
        ("SPEAKER news 1 0 5 <NA> ann <NA>", f"field 7 must be <NA>, not ann{MOVED}"),
        ("SPEAKER news 1 0 5 <NA> <NA> <NA> ann", "field 8, the speaker's name, is <NA>: name the speaker there"),
        (f"{SHORT}ann lee", f"field 9 must be a number or <NA>, not lee{MOVED}"),
        (f"{SHORT}ann lee <NA>", f"field 9 must be a number or <NA>, not lee{MOVED}"),
        (f"{SHORT}ann 2 lee", f"field 10 must be a number or <NA>, not lee{MOVED}"),
        (f"{SHORT}ann 0.5 inf", f"field 10 must be a number or <NA>, not inf{MOVED}"),
        ("SPEAKER my news 1 0 5 <NA> <NA> ann <NA>", f"the channel is a number or a letter, not news{MOVED}"),
        ("SPEAKER news 2 1 0 5 <NA> <NA> ann <NA>", f"field 6 must be <NA>, not 5{MOVED}"),
        ("SPEAKER news 2 1 0 5 <NA> <NA> ann", f"field 6 must be <NA>, not 5{MOVED}"),
        ("SPEAKER channel A 1 2.5 5 <NA> <NA> ann <NA>", f"field 6 must be <NA>, not 5{MOVED}"),
        ("SPEAKER my news 2 1 0 5 <NA> <NA> ann", f"the channel is a number or a letter, not news{MOVED}"),
        ("SPEAKER news 2 7 1 0 5 <NA> <NA> ann", f"field 6 must be <NA>, not 0{MOVED}"),
        ("SPEAKER my news 1 0 5 <NA> <NA> ann lee", f"the channel is a number or a letter, not news{MOVED}"),
        (f"{SHORT}ann\u00a0lee", f"field 9 must be a number or <NA>, not lee{MOVED}"),
        ("NOSCORE my news 1 0 5", f"the channel is a number or a letter, not news{MOVED}"),
        ("NOSCORE news 2 1 0 5 <NA> <NA> <NA> <NA>", f"field 6 must be <NA>, not 5{MOVED}"),
        ("NOSCORE news 1 0", "a NOSCORE line has 5 to 10 fields without spaces in them, not 4"),
        ("NOSCORE news 1 0 -5", "the end lies 5 s before the start"),
        ("SPEAKER news 1 0 1_0 <NA> <NA> ann", "1_0 is not a number of seconds"),
        ("SPEAKER news 1 0 1e308 <NA> <NA> ann", "1e+308 s is later than any recording; times are seconds, at most"),
    ],
)
def test_a_line_whose_fields_have_moved_is_refused(text_file, line, reason):
    path = text_file(f"{SHORT}bob\n{line}\n")
    with pytest.raises(FormatError, match=f"^{re.escape(f'{path}:2: {reason}')}"):
        read_rttm(path)


def test_speakers_who_differ_by_a_number_after_a_space_are_not_one(text_file):
    path = text_file(f"{SHORT}Speaker 0\n{SHORT}Speaker 0\n{SHORT}ann 1\n{SHORT}Speaker 1\n")
    message = (
        "4: after Speaker comes 1, in line 1 0: write _ for a space in a name, and confidences with a decimal point"
    )
    with pytest.raises(FormatError, match=message):
        read_rttm(path)
    with pytest.raises(FormatError, match="2: after ann comes 2, in line 1 none"):
        read_rttm(text_file(f"{SHORT}ann\n{SHORT}ann 2\n"))
    with pytest.raises(FormatError, match="2: after ann comes no whole number, in line 1 2"):
        read_rttm(text_file(f"{SHORT}ann 2\n{SHORT}ann\n"))
    # numbers that are confidences, a whole one among them, and the same number in another recording
    sound = f"{SHORT}ann 0.5\n{SHORT}ann 1\n{SHORT}ann 0.75\n{SHORT.replace('news', 'film')}ann 0\n"
    assert [len(annotation) for annotation in read_rttm(text_file(sound)).values()] == [3, 1]


def test_channels_are_recordings_of_their_own(text_file):
    path = text_file(
        "SPEAKER call 1 0 5 <NA> <NA> ann\nSPEAKER call 2 3 5 <NA> <NA> ann\nSPEAKER news 2 0 1 <NA> <NA> bob\n"
        "SPEAKER call ch02 9 1 <NA> <NA> bob\n"
    )
    with pytest.warns(DoubtfulResultWarning, match="call: on several channels, which are recordings.*such as call/1$"):
        found = read_rttm(path)
    assert found == {
        "call/1": Annotation([Turn(0, 5, "ann")], "call/1"),
        "call/2": Annotation([Turn(3, 8, "ann"), Turn(9, 10, "bob")], "call/2"),
        "news": Annotation([Turn(0, 1, "bob")], "news"),
    }
    clash = text_file("".join(f"SPEAKER {name} 0 5 <NA> <NA> ann\n" for name in ("call 1", "call 2", "call/1 1")))
    message = "a channel of call has the name of another recording; rename one"
    with pytest.warns(DoubtfulResultWarning), pytest.raises(FormatError, match=message):
        read_rttm(clash)


def test_time_that_is_not_to_be_scored(text_file):
    path = text_file(
        f"NOSCORE news 1 2 3 <NA> <NA> <NA> <NA>\n{SHORT}ann\nNOSCORE news 1 7 1\nNOSCORE film 1 0 0 <NA> <NA> <NA>\n"
    )
    channels = read_channels(path)
    assert channels == {
        ("news", "1"): Channel(Annotation([Turn(0, 5, "ann")], "news"), (Segment(2, 5), Segment(7, 8))),
        ("film", "1"): Channel(Annotation((), "film"), ()),
    }
    with pytest.warns(DoubtfulResultWarning, match="NOSCORE lines are left out, the time of news that they exclude"):
        assert list(read_rttm(path)) == ["news", "film"]


def test_joined_channels_keep_speakers_apart():
    one = Channel(Annotation([Turn(0, 5, "ann")], "call"), (Segment(0, 1),))
    two = Channel(Annotation([Turn(3, 8, "ann")], "call"))
    joined = Annotation([Turn(0, 5, "ann/1"), Turn(3, 8, "ann/2")], "call")
    assert join_channels({"1": one, "2": two}) == Channel(joined, (Segment(0, 1),))
    assert join_channels({"1": one}) is one


def test_one_name_written_in_two_ways_is_one_speaker(text_file):
    path = text_file(f"{SHORT}Zo\u00eb\n{SHORT}Zoe\u0308\n")
    assert read_rttm(path)["news"].speakers == ["Zo\u00eb"]
    with pytest.raises(ValueError, match="become one: Zoe\u0308, Zo\u00eb"):
        rttm_text(Annotation([Turn(0, 1, "Zo\u00eb"), Turn(1, 2, "Zoe\u0308")]))


@pytest.mark.slow
def test_every_shared_rttm_file_reads_and_writes_alike(shared, tmp_path):
    paths = sorted((shared / "corpora").rglob("*.rttm"))
    assert len(paths) > 100
    for path in paths:
        annotations = read_rttm(path)
        assert annotations
        write_rttm(tmp_path / "again.rttm", annotations.values())
        assert read_rttm(tmp_path / "again.rttm") == annotations


def test_a_line_that_would_break_the_message_is_escaped(tmp_path):
    (tmp_path / "a.rttm").write_text("SPEAKER news 1 \x1c\u2028 2 <NA> <NA> ann <NA> <NA>\n", encoding="utf-8")
    with pytest.raises(FormatError) as caught:
        read_rttm(tmp_path / "a.rttm")
    assert len(str(caught.value).splitlines()) == 1 and r"news 1 \x1c\u2028 2" in str(caught.value)
