"""Damage: of bytes, of texts, of values. Each function takes a `random.Random` and returns something new."""

import json
import random
import struct
from collections.abc import Sequence
from copy import deepcopy
from typing import Any

LARGEST = 3_000_000  # bytes of a damaged input
NUMBERS = (0, 1, 2, 127, 255, 0x7FFF, 0xFFFF, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFF, 383_999, 1000, 999, 44100)
CELLS = (
    *("", " ", "nan", "inf", "-inf", "1e308", "1e400", "-1", "-0", "0", "3", "4", "3.5", "1.7e308", "0x10", "1_000"),
    *("\u00b2", "\u0661\u0662", "9" * 400, "9" * 5000, "True", "None", "NA", "null", "tt0000001", "tt00", "1,5"),
    *("=1+1", "+1", "-1+2", "@SUM(1)", "=cmd|' /C calc'!A0", "<script>alert(1)</script>", "<img src=x onerror=a>"),
    *("\x1b[31mred\x1b[0m", "\x1b]0;title\x07", "a\nb", "a\r\nb", "a\rb", "a\tb", "a\x00b", "\x7f", "\u0085", "\u2028"),
    *("\u202eabc", "\ufeff", "\u200b", "e\u0301", "\U0001f600", "\ud800", "[REC] x", "\\input{x}", "a & b % $ # _ { }"),
    *(
        "[{'name': 'X'}]",
        "[" * 5000,
        "{" * 3000,
        '{"a":' * 2000,
        "[1, 2",
        "[None]",
        "{'a': {1}}",
        "(" * 300,
        "-" * 2000,
    ),
    *(
        "__import__('os').system('touch pwned')",
        "A" * 60_000,
        "&amp;" * 3000,
        "&" + "amp;" * 3000,
        "a," * 5000 + " The",
    ),
    *(
        "|" * 5000,
        "Drama|" * 300,
        '"',
        "'",
        '"a""b',
        ",",
        ";",
        "rcs",
        "np",
        "C",
        "Q('year')",
        "__class__",
        "passes",
        "\\",
    ),
)
NAMES = ("year", "title", "rating", "genres", "np", "rcs", "C", "I", "", " ", "Year", "__class__", "a b", "a~b", "=x")
PEOPLE = (  # names of people: in other Unicode forms, with blanks, reserved, unseen, long
    *("ann", "Ann", "ANN ", " ann", "ann  smith", "ann_smith", "Zo\u00eb", "Zoe\u0308", "stra\u00dfe", "STRASSE"),
    *("\u0130", "i\u0307", "\u017fpeaker_1", "SPEAKER_00", "speaker  1", "SPEAKER\u00a07", "SPEAKER_\u0661"),
    *("PERSON_001", "somebody else", "one voice", "<NA>", "NA", "nan", "", " ", "\u3000", "\u200b", "a\u200bb"),
    *("\ufeffann", "\u2800", "\u202eann", "a\u2066b", "\x1b[31mann", "a\nb", "a\tb", "\x1f", "\u0085", "\u2028"),
    *("\udce9", "\ud800", "a" * 100, "a" * 101, "a\u0301" * 100, "\u0301" * 100, "\u0958" * 60, "a" * 5000),
    *("\U0001f600" * 60, "a/b", "a\\b", "..", ".", ".ann", "-x", "--help", "CON", "nul.", "=1+1", "<b>", '"'),
    *("a,b", "$(touch pwned)", "%s", "\u674e\u5c0f\u9f99", "\u0644\u064a", "\ufffd", "\uffff", "\U000e0041"),
    *("{}", "*", "0", "1", "target", "\u0301\u0316" * 30_000),
)
VALUES: tuple[Any, ...] = (
    *(None, True, False, 0, -1, 3, 1.5, 1e308, -1e308, 10**30, 10**400, float("nan"), float("inf"), "", "x", [], {}),
    *([[]], [None], [1, "a"], {"a": {"b": []}}, [{"name": []}], [{"gender": "x"}], {"": 0}, ["\ud800"], "\x1b[31m"),
)


def damaged(rng: random.Random, data: bytes, others: Sequence[bytes] = ()) -> bytes:
    """Bytes with one to four changes; most of them near the start, where headers are."""
    for _ in range(rng.choice((1, 1, 1, 2, 4))):
        data = rng.choice(_BYTES)(rng, data, others)[:LARGEST]
    return data


def _place(rng, data):
    near = min(len(data), rng.choice((16, 64, 64, 256, 4096, 1 << 30)))
    return rng.randrange(near) if near else 0


def _cut(rng, data, others):
    return data[: _place(rng, data)]


def _behead(rng, data, others):
    return data[_place(rng, data) :]


def _flip(rng, data, others):
    changed = bytearray(data)
    for _ in range(rng.choice((1, 1, 2, 8, 64))):
        if changed:
            changed[_place(rng, data)] ^= 1 << rng.randrange(8)
    return bytes(changed)


def _overwrite(rng, data, others):
    place, size = _place(rng, data), rng.choice((1, 2, 4, 8, 64, 1000))
    filled = rng.choice((bytes(size), b"\xff" * size, rng.randbytes(size), b"A" * size))
    return data[:place] + filled + data[place + size :]


def _number(rng, data, others):
    """A field of the header becomes an extreme number."""
    how = rng.choice(("<I", ">I", "<H", ">H", "<Q", ">Q"))
    place, most = _place(rng, data), 256 ** struct.calcsize(how) - 1
    number = struct.pack(how, rng.choice((*NUMBERS, rng.getrandbits(64))) & most)
    if rng.random() < 0.6:  # fields of headers are aligned
        place &= ~1
    return data[:place] + number + data[place + len(number) :]


def _remove(rng, data, others):
    place = _place(rng, data)
    return data[:place] + data[place + rng.choice((1, 2, 7, 100, 5000)) :]


def _insert(rng, data, others):
    place = _place(rng, data)
    return data[:place] + rng.randbytes(rng.choice((1, 2, 7, 100, 5000))) + data[place:]


def _repeat(rng, data, others):
    place, size = _place(rng, data), rng.choice((1, 4, 30, 1000))
    return data[:place] + data[place : place + size] * rng.choice((2, 10, 200)) + data[place + size :]


def _splice(rng, data, others):
    other = rng.choice(others) if others else data
    place = _place(rng, data)
    return rng.choice((data + other, data[:place] + other[_place(rng, other) :], other[:place] + data[place:]))


def _nothing_or_noise(rng, data, others):
    return rng.choice((b"", b"\n", b"\0" * 100, rng.randbytes(200), b"\xff\xfe" + data, b"\xef\xbb\xbf" + data))


_BYTES = (
    _cut,
    _behead,
    _flip,
    _flip,
    _overwrite,
    _number,
    _number,
    _number,
    _remove,
    _insert,
    _repeat,
    _splice,
) * 3 + (_nothing_or_noise,)


def damaged_text(rng: random.Random, text: str) -> bytes:
    """A text with a few words, lines or signs changed; sometimes damaged as bytes."""
    if rng.random() < 0.15:
        return damaged(rng, text.encode())
    lines = text.splitlines(keepends=True)
    for _ in range(rng.choice((1, 1, 1, 2, 5))):
        place = rng.randrange(len(lines)) if lines else 0
        line = lines[place] if lines else ""
        what = rng.randrange(9)
        if what == 0:
            lines[place : place + 1] = []
        elif what == 1:
            lines.insert(place, line)
        elif what == 2:
            lines[place : place + 1] = [line.rstrip("\n"), rng.choice(("\r\n", "\r", "\u2028", "\x0b", "\x00", ""))]
        elif what == 3:
            lines.insert(place, rng.choice(CELLS) + "\n")
        elif what == 4:
            lines = lines * rng.choice((2, 50)) if len(lines) < 500 else lines
        else:
            words = _split(line)
            if words:
                where = rng.randrange(len(words))
                mild = words[rng.randrange(len(words))], str(rng.randrange(-1, 10)), f"{rng.uniform(0, 20):.3f}"
                words[where] = rng.choice(mild) if rng.random() < 0.6 else rng.choice(CELLS)
                lines[place : place + 1] = ["".join(words)]
    changed = "".join(lines)[:LARGEST]
    if rng.random() < 0.1:
        changed = changed.replace("\n", rng.choice(("\r\n", "\r")))
    encoding = rng.choice(("utf-8",) * 8 + ("utf-8-sig", "utf-16", "latin-1"))
    return changed.encode(encoding, "replace" if encoding == "latin-1" else "surrogatepass")


def _split(line):
    """Words and what stands between them."""
    parts = [""]
    for sign in line:
        if sign.isalnum() == parts[-1][-1:].isalnum() and parts[-1]:
            parts[-1] += sign
        else:
            parts.append(sign)
    return parts[1:]


def damaged_value(rng: random.Random, value: Any, changes: int = 0) -> Any:
    """A copy of a JSON value in which some nodes are another value, gone, or renamed."""
    changed = json.loads(json.dumps(value))
    for _ in range(changes or rng.choice((1, 1, 2, 6))):
        parent, node = None, changed
        key: Any = None
        while isinstance(node, (dict, list)) and node and (parent is None or rng.random() < 0.75):
            key = rng.choice(list(node)) if isinstance(node, dict) else rng.randrange(len(node))
            parent, node = node, node[key]
        new = deepcopy(rng.choice(VALUES)) if rng.random() < 0.5 else rng.choice(CELLS)
        if rng.random() < 0.3:
            new = rng.choice((rng.randrange(-1, 10), round(rng.uniform(0, 2), 3)))
        if parent is None:
            return new
        what = rng.random()
        if what < 0.7:
            parent[key] = new
        elif what < 0.8:
            del parent[key]
        elif isinstance(parent, dict):
            parent[rng.choice(NAMES)] = parent.pop(key) if what < 0.9 else new
        else:
            parent.insert(key, new)
    return changed


def damaged_json(rng: random.Random, value: Any) -> bytes:
    """JSON with changed values, sometimes with changed signs, sometimes nested deeply."""
    what = rng.random()
    if what < 0.7:
        return json.dumps(damaged_value(rng, value), ensure_ascii=rng.random() < 0.9).encode("utf-8", "surrogatepass")
    if what < 0.85:
        return damaged_text(rng, json.dumps(value, indent=rng.choice((None, 1))))
    if what < 0.9:
        depth = rng.choice((99, 101, 500, 20_000, 200_000))
        return rng.choice(("[" * depth + "]" * depth, '{"a":' * depth + "1" + "}" * depth, "[" * depth)).encode()
    return damaged(rng, json.dumps(value).encode())


def damaged_rows(rng: random.Random, rows: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """A table with odd cells, and sometimes an odd, a missing or another column."""
    rows = [dict(row) for row in rows]
    names = list(rows[0])
    for _ in range(rng.choice((1, 1, 3, 10))):
        what, name = rng.random(), rng.choice(names)
        if what < 0.6:
            for row in rng.sample(rows, rng.choice((1, 1, 2, len(rows)))):
                row[name] = rng.choice(CELLS)
        elif what < 0.7:
            cell = rng.choice(CELLS)
            for row in rows:
                row[name] = cell
        elif what < 0.8:
            new = rng.choice(NAMES)
            rows = [{new if key == name else key: cell for key, cell in row.items()} for row in rows]
        elif what < 0.9 and len(names) > 1:
            rows = [{key: cell for key, cell in row.items() if key != name} for row in rows]
        else:
            rows = rows[: rng.choice((1, 2, 5, 30))] + [dict(row) for row in rng.choices(rows, k=3)]
        names = list(rows[0])
    return rows
