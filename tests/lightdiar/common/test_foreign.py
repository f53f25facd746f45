"""Foreign text: limits on both sides, and errors of one line."""

import gzip
import json
import os
import random

import pytest

from lightdiar.common import foreign
from lightdiar.common.foreign import (
    DEEPEST,
    LONGEST_NUMBER,
    decode_text,
    decoded,
    json_items,
    parse_json,
    read_bytes,
    read_json,
    read_pieces,
    read_text,
    without_surrogates,
)
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


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-be"])
def test_text_is_read_by_its_mark_and_becomes_the_same_bytes(tmp_path, encoding):
    mark = b"\xfe\xff" if encoding == "utf-16-be" else b""
    data = mark + "Zoë\r\n".encode(encoding)
    (tmp_path / "a.txt").write_bytes(data)
    assert read_text(tmp_path / "a.txt") == "Zoë\r\n"
    text, found = decode_text(data, "a.txt")
    assert text.encode(found) == data
    with pytest.raises(FormatError, match="^a.txt:2: not UTF-8 text, save it as UTF-8: "):
        decode_text(data + (b"\xd8" if "16" in encoding else b"\xe9"), "a.txt")


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


@pytest.mark.parametrize("text", ['{"abc": "d\\\\\\"ef", "n": [12.5]},', '["\\\\\\\\", "é[", "]"], {"{": [] },'])
def test_the_depth_of_a_large_text_is_found_without_recursion(text):
    assert foreign._depth(text * 20_000) == 2  # more than a piece


# ---- pieces


def unpacked(path, largest):
    return b"".join(read_pieces(path, largest, gzipped=True, name="a.gz"))


def test_a_file_in_pieces_on_both_sides_of_its_limit(tmp_path):
    (tmp_path / "a").write_bytes(bytes(foreign.PIECE + 7))
    assert list(map(len, read_pieces(tmp_path / "a", foreign.PIECE + 7))) == [foreign.PIECE, 7]
    with pytest.raises(FormatError, match=f"/a: more than {foreign.PIECE + 6} bytes, which is the most that is read"):
        list(read_pieces(tmp_path / "a", foreign.PIECE + 6))
    with pytest.raises(FormatError, match="^x: is a folder"):
        list(read_pieces(tmp_path, 9, name="x"))


def test_gzip_of_several_members_and_padding_is_unpacked(tmp_path):
    members = [b"one", b"", bytes(1_000_000), random.Random(0).randbytes(400_000)]
    (tmp_path / "a").write_bytes(b"\0\0".join(map(gzip.compress, members)) + bytes(99_999))
    assert unpacked(tmp_path / "a", 1_400_003) == b"".join(members)
    with pytest.raises(FormatError, match="^a.gz: more than 1400002 bytes, which is the most that is read"):
        unpacked(tmp_path / "a", 1_400_002)


def test_a_gzip_bomb_is_given_up_at_the_limit(tmp_path):
    (tmp_path / "a").write_bytes(gzip.compress(bytes(50_000_000), 1))
    pieces = read_pieces(tmp_path / "a", 1_000_000, gzipped=True)
    seen = []
    with pytest.raises(FormatError, match="more than 1000000 bytes"):
        seen.extend(map(len, pieces))
    assert max(seen) <= foreign.PIECE and sum(seen) <= 1_000_000


def test_gzip_that_yields_nothing_ends_too(tmp_path, monkeypatch):
    monkeypatch.setattr(foreign, "MOST_MEMBERS", 5)
    empty = gzip.compress(b"")
    (tmp_path / "a").write_bytes(empty * 5)
    assert unpacked(tmp_path / "a", 1000) == b""
    (tmp_path / "a").write_bytes(empty * 6)
    with pytest.raises(FormatError, match="^a.gz: more than 5 gzip members. Unpack it first.$"):
        unpacked(tmp_path / "a", 1000)
    (tmp_path / "a").write_bytes(empty[:10] + b"\0\0\0\xff\xff" * 300)  # blocks of no bytes
    with pytest.raises(FormatError, match="more than 1000 bytes"):
        unpacked(tmp_path / "a", 1000)


@pytest.mark.parametrize(
    "change", [lambda whole: whole[:-1], lambda whole: whole + b"x", lambda whole: whole[:9] + b"x", lambda _: b""]
)
def test_gzip_that_is_damaged_is_named(tmp_path, change):
    (tmp_path / "a").write_bytes(change(gzip.compress(b"abc" * 99)))
    with pytest.raises(FormatError, match="^a.gz: not a complete gzip file. Copy or fetch it again.$"):
        unpacked(tmp_path / "a", 1000)


def test_text_in_pieces_is_cut_anywhere():
    data = "\ufeffaé\U0001f600\n".encode()
    assert "".join(decoded((data[n : n + 1] for n in range(len(data))), "x")) == "aé\U0001f600\n"
    with pytest.raises(FormatError, match=r"^x:3: not UTF-8 text, save it as UTF-8: b'\\xe9\\n'$"):
        list(decoded([b"a\nb", b"\ncaf", b"\xe9\n"], "x"))
    with pytest.raises(FormatError, match=r"^x:2: not UTF-8 text"):
        list(decoded([b"a\n\xc3"], "x"))


# ---- lists of JSON, item by item


def items(text, size=3, longest=10_000):
    return list(json_items((text[n : n + size] for n in range(0, len(text), size)), "x", longest))


def any_json(rng, depth=0):
    kind = rng.randrange(8 if depth < 3 else 6)
    if kind < 6:
        return [0, -12.5e-7, 123456789, 'é"\\[{,\n\U0001f600', None, True][kind]
    parts = [any_json(rng, depth + 1) for _ in range(rng.randrange(4))]
    return parts if kind == 6 else dict(zip("abc", parts))


@pytest.mark.parametrize("seed", range(60))
def test_items_are_those_of_the_whole_list_however_it_is_cut(seed):
    rng = random.Random(seed)
    value = [any_json(rng) for _ in range(rng.randrange(6))]
    text = json.dumps(value, ensure_ascii=rng.random() < 0.5, indent=rng.choice([None, 1]))
    for size in (1, 2, 7, 1000):
        assert items(text, size) == value
        for cut in range(1, len(text), 7):
            with pytest.raises(FormatError, match="^x:[0-9]+: is not JSON that can be read: [^\n]+$"):
                items(text[:cut], size)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "x:1: .* a list is needed"), (' {"a": 1}', "x:1: .* a list is needed"), ("[1]\n2", "x:2: .* Extra data"),
        ("[1\n2]", "x:2: .* Expecting ',' delimiter"), ("[1,]", "x:1: .* Expecting value"),
        ("[,1]", "x:1: .* Expecting value"), ("[\n\n{1}]", "x:3: .* Expecting property name"),
        ("[\n" + "[" * 101 + "]" * 101 + "]", "x:2: .* it is nested more than 100 levels deep"),
        ("[" * 100_000, "x:1: .* it is nested more than 100 levels deep"),
        ("[" + "1" * 301 + "]", "x:1: .* a number of 301 digits; at most 300 are read"),
        ('["' + "a" * 10_000 + '"]', "x:1: .* more than 10000 characters in an item"),
        ('[1,\n"' + "a" * 100_000, "x:2: .* more than 10000 characters in an item"),
    ],
    ids=range(12),
)  # fmt: skip
def test_lists_that_cannot_be_read_are_named_with_the_line(text, message):
    with pytest.raises(FormatError, match=f"^{message}"):
        items(text, 1000)


def test_items_may_be_as_long_as_the_limit_says_and_halves_of_pairs_are_replaced():
    assert items('["' + "a" * 9_998 + '"]', 1000) == ["a" * 9_998]
    assert items(r'["\ud800 \ud83d\ude00 \\ud800"]') == ["\ufffd \U0001f600 \\ud800"]


def test_surrogates_that_are_pairs_are_joined():
    assert without_surrogates("a \ud800 \ud83d\ude00 é") == "a \ufffd \U0001f600 é"
    assert without_surrogates("é") == "é"


def test_nan_and_infinity_say_that_nothing_is_known():
    assert parse_json('{"a": NaN, "b": [Infinity, -Infinity, "NaN"]}', "x") == {"a": None, "b": [None, None, "NaN"]}
    assert list(foreign.json_items(["[NaN, 1]"], "x", 100)) == [None, 1]
