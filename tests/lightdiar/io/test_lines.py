import unicodedata

import pytest

from lightdiar.errors import DoubtfulResultWarning, FormatError, LightdiarError
from lightdiar.io.lines import (
    by_recording,
    channel_of,
    listed,
    name_of,
    number_of,
    numbered_lines,
    place_of,
    segment_of,
    shortened,
    usual_form,
)
from lightdiar.timeline import Segment


@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
def test_any_line_ends_blank_lines_and_comments(text_file, line_end):
    text = "\ufeffone\n\n;; not this\n  two \n".replace("\n", line_end)
    assert list(numbered_lines(text_file(text))) == [(1, "one"), (4, "two")]


def test_a_format_error_is_a_value_error_of_ours():
    assert issubclass(FormatError, LightdiarError)
    assert issubclass(FormatError, ValueError)


def test_text_that_is_not_utf8_is_refused_with_its_line(text_file):
    with pytest.raises(FormatError, match=":2: not UTF-8"):
        list(numbered_lines(text_file("ann\nzoë\n", encoding="latin-1")))


@pytest.mark.parametrize(
    "unseen", ["\u200b", "\u200d", "\ufeff", "\u00ad", "\u2060", "\u3164", "\ufe0f", "\x00", "\x1b", "\U000e0041"]
)
def test_what_nobody_sees_is_left_out_with_a_warning(text_file, unseen):
    with pytest.warns(DoubtfulResultWarning) as warned:
        assert list(numbered_lines(text_file(f"ann\n\nbo{unseen}b\n"))) == [(1, "ann"), (3, "bob")]
    (warning,) = warned
    assert str(warning.message).endswith(
        f"file.txt:3: the character U+{ord(unseen):04X}, which nobody sees, was left out"
    )
    with pytest.warns(DoubtfulResultWarning, match=":1: .* was left out, as were 2 others in this file$"):
        assert list(numbered_lines(text_file(f"a{unseen}n{unseen}n\nb{unseen}ob"))) == [(1, "ann"), (2, "bob")]


def test_accents_and_scripts_are_kept(text_file):
    names = "Zo\u00eb \u05d0\u05d1 \u0645\u064f\u062d \u0928\u0940 \u4e2d \U0001f600"
    assert list(numbered_lines(text_file(names))) == [(1, names)]
    assert list(numbered_lines(text_file("Zoe\u0308"))) == [(1, "Zo\u00eb")]
    assert name_of("my\u200b film Zoe\u0308") == "my_film_Zo\u00eb"


def test_accents_without_end_take_no_time_without_end(text_file):
    """To put n accents in order takes n * n steps: of these 200,000, half a minute."""
    accents = "\u0301\u0316" * 100_000
    with pytest.raises(FormatError, match=":1: a line of more than 100000 characters"):
        list(numbered_lines(text_file(accents)))
    assert len(usual_form(accents)) == len(accents)


def test_long_texts_have_the_usual_form_too():
    for text in ("e\u0301\u0316" * 1000, "\U0001f600" * 1000, "\u2014" * 199 + "e\u0301", "a" + "\u0301\u0316" * 99):
        assert usual_form(text) == unicodedata.normalize("NFC", text)


def test_a_line_may_be_long_but_not_endless(text_file):
    assert list(numbered_lines(text_file("  " + "x" * 100_000 + "\nb"))) == [(1, "x" * 100_000), (2, "b")]
    with pytest.raises(FormatError, match=":3: a line of more than 100000 characters: xxx"):
        list(numbered_lines(text_file("a\n\n" + "x" * 100_001)))


def test_a_pipe_or_a_folder_is_no_text(tmp_path):
    with pytest.raises(FormatError, match="is a folder, not a regular file"):
        list(numbered_lines(tmp_path))


def test_times_up_to_a_thousand_hours():
    assert segment_of(0, 3_600_000) == Segment(0, 3_600_000)
    assert segment_of(3_600_000, 3_600_000) is None
    for start in (0, 3_600_001):
        with pytest.raises(
            ValueError, match="^3600001 s is later than any recording; times are seconds, at most 3600000"
        ):
            segment_of(start, 3_600_001)
    for text in ("1_0", "", "five", "0,5", "0x1"):
        with pytest.raises(ValueError, match=f"^{text} is not a number of seconds"):
            number_of(text)


@pytest.mark.parametrize(
    "field, channel",
    [
        ("1", "1"),
        ("01", "1"),
        ("0", "0"),
        ("12", "12"),
        ("A", "A"),
        ("b", "B"),
        ("ch2", "2"),
        ("Channel_3", "3"),
        ("<na>", "<NA>"),
    ],
)
def test_a_channel_is_written_in_several_ways(field, channel):
    assert channel_of(field) == channel


@pytest.mark.parametrize("field", ["vocals", "1.5", "-1", "AB", "1234567890", "\u0663", "ch"])
def test_what_is_no_channel_is_refused(field):
    with pytest.raises(ValueError, match=f"^the channel is a number or a letter, not {field}$"):
        channel_of(field)


def test_channels_by_recording():
    assert by_recording("a", {("x", "2"): 1, ("y", "1"): 2}) == {"x": 1, "y": 2}
    with pytest.warns(DoubtfulResultWarning, match="^a: y, z: on several channels"):
        named = by_recording("a", {("x", "2"): 1, ("y", "1"): 2, ("y", "A"): 3, ("z", "1"): 4, ("z", "2"): 5})
    assert named == {"x": 1, "y/1": 2, "y/A": 3, "z/1": 4, "z/2": 5}


def test_long_lines_and_many_names_are_cut_in_messages():
    assert shortened("x" * 200) == "x" * 200
    assert shortened("x" * 201) == "x" * 197 + "..."
    assert listed("abcde") == "a, b, c, d, e"
    assert listed("abcdefg") == "a, b, c, d, e and 2 more"
    with pytest.raises(FormatError) as error, place_of("a", 1, "x" * 100_000):
        raise ValueError("wrong")
    assert len(str(error.value)) < 300
