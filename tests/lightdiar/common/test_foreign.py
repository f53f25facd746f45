"""Foreign text: limits on both sides, and errors of one line."""

import os

import pytest

from lightdiar.common import foreign
from lightdiar.common.foreign import DEEPEST, LONGEST_NUMBER, parse_json, read_bytes, read_json, read_text
from lightdiar.errors import FormatError


def test_json_is_read_as_it_stands(tmp_path):
    (tmp_path / "a.json").write_bytes(b'\xef\xbb\xbf{"a": [1, 2.5, null, true], "b": "[[[{\\"", "c": {}}')
    assert read_json(tmp_path / "a.json") == {"a": [1, 2.5, None, True], "b": '[[[{"', "c": {}}


def test_depth_on_both_sides_of_the_limit():
    value = parse_json("[" * DEEPEST + "]" * DEEPEST, "x")
    for _ in range(DEEPEST - 1):
        (value,) = value
    assert value == []
    for text in ("[" * (DEEPEST + 1) + "]" * (DEEPEST + 1), '{"a":' * 200_000, "[" * 1_000_000):
        with pytest.raises(
            FormatError, match="^x: is not JSON that can be read: it is nested more than 100 levels deep$"
        ):
            parse_json(text, "x")


def test_brackets_side_by_side_or_in_strings_are_not_depth():
    assert parse_json("[" + ",".join(["[]"] * 500) + "]", "x") == [[]] * 500
    assert parse_json('["' + "[" * 500 + '\\"' + "{" * 500 + '"]', "x") == ["[" * 500 + '"' + "{" * 500]


def test_digits_on_both_sides_of_the_limit():
    assert parse_json("-" + "7" * (LONGEST_NUMBER - 1), "x") == -int("7" * (LONGEST_NUMBER - 1))
    with pytest.raises(FormatError, match="films.json: .* a number of 5000 digits; at most 300 are read"):
        parse_json("[1, " + "7" * 5000 + "]", "films.json")


def test_half_a_surrogate_pair_is_replaced_and_whole_ones_and_backslashes_stay():
    assert parse_json(r'"\ud800 \uDC00 \ud83d\ude00 \\ud800 é"', "x") == "\ufffd \ufffd \U0001f600 \\ud800 é"


@pytest.mark.parametrize("text", ["", "{", "[1,]", "nul", '"a', '{"a" 1}', "\x00"])
def test_what_is_not_json_is_one_line(text):
    with pytest.raises(FormatError, match="^x:3: is not JSON that can be read: [^\n]*$"):
        parse_json(text, "x:3")


def test_text_that_is_not_utf8_is_named_with_its_line(tmp_path):
    (tmp_path / "a.txt").write_bytes(b"one\ntwo caf\xe9\n")
    with pytest.raises(FormatError, match=r"a.txt:2: not UTF-8 text, save it as UTF-8: b'\\xe9\\n'"):
        read_text(tmp_path / "a.txt")


def test_size_on_both_sides_of_the_limit(tmp_path):
    (tmp_path / "a").write_bytes(bytes(10))
    assert read_bytes(tmp_path / "a", 10) == bytes(10)
    with pytest.raises(FormatError, match="a: more than 9 bytes, which is the most that is read"):
        read_bytes(tmp_path / "a", 9)


def test_the_size_of_a_file_is_not_believed(monkeypatch, tmp_path):
    """A file in /proc says that it has 0 bytes."""
    if not os.path.exists("/proc/self/status"):
        pytest.skip("there is no /proc here")
    assert "Threads" in read_text("/proc/self/status")


def test_only_regular_files_are_opened(tmp_path):
    with pytest.raises(FormatError, match="is a folder, not a regular file"):
        read_bytes(tmp_path)
    with pytest.raises(FileNotFoundError):
        read_bytes(tmp_path / "none")
    if hasattr(os, "mkfifo"):
        os.mkfifo(tmp_path / "pipe")  # opening it would wait for ever
        with pytest.raises(FormatError, match="pipe: is a pipe or a device, not a regular file; save the text"):
            read_bytes(tmp_path / "pipe")


def test_the_depth_of_a_large_text_is_found_without_recursion():
    assert foreign._depth('{"abc": "d\\"ef", "n": [12.5]},' * 10_000) == 2
