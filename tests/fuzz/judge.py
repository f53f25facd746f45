"""What is promised of any input, and whether it was kept: `fault` returns the first promise broken, or None."""

import csv
import io
import json
import re
import unicodedata
import xml.etree.ElementTree as ElementTree
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass, replace
from html.parser import HTMLParser

LONGEST_LINE = 4_000  # signs of a message; a table may be wider
MOST_PRINTED = 3_000_000  # bytes
PRINTED = {  # kind of output: what each of its lines looks like
    "counts": r".*: M \d+  F \d+(  child \d+)?(  \(.*\))?",
    "segments": r"\d+\.\d{3} \d+\.\d{3} speech",
    "rttm": r"SPEAKER \S+ \d \d+\.\d{3} \d+\.\d{3} <NA> <NA> \S+ <NA> <NA>",
    "text": r".*",
}
# libmpg123, inside libsndfile, remarks on damaged MP3 on stderr, and nothing can tell it not to; the commands keep
# it away, functions cannot
_REMARK = re.compile(r"(Note|Warning): .*|\[src/libmpg123/.*|")
_CONTROLS = ("Cc", "Zl", "Zp")  # what a terminal obeys, or a reader of lines takes for the end of one
_BIDI = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"  # what shows a text in another order
_RTTM = re.compile(PRINTED["rttm"])
_PROGRESS = re.compile(r"\[\d+/\d+\] .*")  # of `enrol` and `trials`, one line for each person or file


@dataclass(frozen=True)
class Outcome:
    """What happened to a case.

    Parameters
    ----------
    status : int or None
        Exit status; for a parser 0 (a result) or 2 (its own error); None if an exception came through.
    out, err : bytes
    trace : str
        The traceback, if an exception came through.
    before, after : dict of str to bytes
        Files by path, before and after.
    leftovers : tuple of str
        What else was left: temporary files, open files, children.
    """

    status: int | None
    out: bytes
    err: bytes
    trace: str
    before: Mapping[str, bytes]
    after: Mapping[str, bytes]
    leftovers: tuple[str, ...] = ()


def fault(case, outcome: Outcome) -> str | None:
    """The promise that was broken, in one line; None if all were kept."""
    heard = [line for line in outcome.err.split(b"\n") if not _REMARK.fullmatch(line.decode("utf-8", "replace"))]
    if case.argv[0] == "api":
        outcome = replace(outcome, err=b"\n".join(heard))
    checks = (_no_traceback, _status, _streams, _messages, _printed, _files, _survivor)
    return next(filter(None, (check(case, outcome) for check in checks)), None)


def _no_traceback(case, outcome):
    if outcome.trace:
        return f"exception: {outcome.trace.strip().splitlines()[-1][:200]}"
    if b"Traceback" in outcome.err and b"most recent call last" in outcome.err:
        return f"traceback on stderr: {_last(outcome.err)}"
    return None


def _status(case, outcome):
    return None if outcome.status in (0, 2) else f"exit status {outcome.status}: {_last(outcome.err)}"


def _streams(case, outcome):
    """Both streams are short UTF-8 without signs that a terminal would obey."""
    for name, data in (("stdout", outcome.out), ("stderr", outcome.err)):
        if len(data) > MOST_PRINTED:
            return f"{len(data)} bytes on {name}"
        try:
            text = data.decode("utf-8")
        except UnicodeDecodeError:
            return f"{name} is not UTF-8"
        odd = next(
            (
                sign
                for sign in text
                if sign not in "\n\t" and (unicodedata.category(sign) in _CONTROLS or sign in _BIDI)
            ),
            "",
        )
        if odd:
            return f"{name} holds the control sign {odd!r}"
    return None


def _messages(case, outcome):
    """Every line of stderr is a message of the program; a refusal says something."""
    program = case.argv[0]
    if program == "api":
        return "the error has more than one line" if outcome.status == 2 and b"\n" in outcome.err.strip(b"\n") else None
    lines = outcome.err.decode().splitlines()
    if lines and lines[0].startswith(f"usage: {program}"):
        return (
            None
            if outcome.status == 2 and re.match(rf"{program}( \S+){{0,2}}: error: ", lines[-1])
            else "usage without error"
        )
    quiet = {"tune", "train"} & set(case.argv[1:2])  # which report their progress
    for line in lines:
        if not quiet and not line.startswith(f"{program}: ") and not _PROGRESS.fullmatch(line):
            return f"stderr holds a line that is not the program's: {line[:150]}"
        if len(line) > LONGEST_LINE:
            return f"a message of {len(line)} signs: {line[:150]}"
    if outcome.status == 2 and not any(
        line.startswith(f"{program}: ") and not line.startswith(f"{program}: warning: ") for line in lines
    ):
        return "status 2 without an error message"
    return None


def _printed(case, outcome):
    text = outcome.out.decode()
    if case.argv[0] == "api":
        return f"a parser printed: {text[:100]}" if text else None
    lines = text.splitlines()
    if case.stdout in ("json", "json lines"):
        try:
            values = [_strict(line) for line in lines] if case.stdout == "json lines" else _concatenated(text)
        except ValueError as error:
            return f"stdout is not JSON: {error}"
        n_results = len(values[0]) if len(values) == 1 and isinstance(values[0], list) else len(values)
        return f"{n_results} results of {case.n_files} files" if n_results > max(1, case.n_files) else None
    bad = next((line for line in lines if not re.fullmatch(PRINTED[case.stdout], line)), None)
    if bad is not None:
        return f"stdout holds a line that is no result: {bad[:150]}"
    if case.stdout == "counts" and len(lines) > case.n_files:
        return f"{len(lines)} lines of {case.n_files} files"
    return None


def _files(case, outcome):
    """Inputs are as they were; what was written is whole; nothing else is there."""
    allowed = {name.removesuffix("?").rstrip("/"): name for name in case.outputs}
    for name, content in outcome.before.items():
        if name in allowed:
            continue
        if name not in outcome.after:
            return f"the input {name} is gone"
        if outcome.after[name] != content:
            return f"the input {name} was changed"
    written = {name: content for name, content in outcome.after.items() if outcome.before.get(name) != content}
    for name, content in written.items():
        top = next((each for each in allowed if name == each or name.startswith(f"{each}/")), None)
        if top is None:
            return f"left behind: {name}"
        problem = whole(name, content)
        if problem:
            return f"{name} is not whole: {problem}"
    if outcome.leftovers:
        return f"left behind: {', '.join(outcome.leftovers)}"
    if outcome.status == 0:
        missing = [key for key, name in allowed.items() if not name.endswith("?") and not _there(key, outcome.after)]
        if missing:
            return f"status 0 without {missing[0]}"
    elif case.n_files <= 1 and case.argv[1:2] != ("fetch",) and written:
        return f"status {outcome.status}, but {next(iter(written))} was written"
    return None


def _there(name, files):
    return any(each == name or each.startswith(f"{name}/") for each in files)


def _survivor(case, outcome):
    if not case.survivor:
        return None
    name = case.survivor
    found = name.encode() in outcome.out or any(f"{name}.rttm" in path for path in outcome.after)
    return None if found else f"no result of {name}, which is sound"


def whole(name: str, content: bytes) -> str | None:
    """What is wrong with a file that was written, by its ending; None if it is complete."""
    ending = name[name.rfind(".") :]
    try:
        if ending in (".npz", ".voices"):
            return _npz(content) or (_voices(content) if ending == ".voices" else None)
        if ending == ".png":
            complete = content.startswith(b"\x89PNG\r\n") and content.endswith(b"IEND\xaeB`\x82")
            return None if complete else "half a picture"
        utf16 = ending == ".srt" and content[:2] in (b"\xff\xfe", b"\xfe\xff")  # as the subtitle that was labelled
        text = content.decode("utf-16" if utf16 else "utf-8")
        if ending == ".rttm":
            bad = next((line for line in text.splitlines() if not _RTTM.fullmatch(line)), None)
            return None if bad is None else f"line {bad!r:.100}"
        if ending == ".json":
            _strict(text)
        elif ending == ".jsonl":
            if text and not text.endswith("\n"):
                return "half a line"
            for line in text.removeprefix("\ufeff").split("\n")[:-1]:
                _strict(line)
        elif ending == ".csv":
            limit = csv.field_size_limit(10**9)
            try:
                widths = {len(row) for row in csv.reader(io.StringIO(text)) if row}
            finally:
                csv.field_size_limit(limit)  # what is judged next has the usual one
            return None if len(widths) == 1 else f"rows of {sorted(widths)} cells"
        elif ending in (".svg", ".eaf"):
            ElementTree.fromstring(text)
        elif ending in (".html", ".md"):
            return _markup(text, ending)
        return None if text or ending in (".rttm", ".jsonl") else "empty"
    except Exception as error:
        return f"{type(error).__name__}: {error}"[:200]


def _npz(content):
    import numpy as np

    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        for name in archive.namelist():
            np.load(io.BytesIO(archive.read(name)), allow_pickle=False)
    return None


def _voices(content):
    """Whether every vector belongs to somebody with a name of their own."""
    import numpy as np

    with np.load(io.BytesIO(content), allow_pickle=False) as file:
        people = _strict(file["people"].tobytes().decode("utf-8"))["people"]
        shapes = file["vectors"].shape[:1], file["seconds"].shape
    names, n_sessions = [name for name, _ in people], sum(number for _, number in people)
    if len(set(names)) < len(names) or shapes != ((n_sessions,), (n_sessions,)):
        return f"names {names}, {n_sessions} sessions, arrays of {shapes}"[:200]
    return None


class _Tags(HTMLParser):
    def __init__(self):
        super().__init__()
        self.bad = ""

    def handle_starttag(self, tag, attributes):
        if tag in ("script", "iframe", "object") or any(
            name.startswith("on") or (name in ("src", "href") and "javascript:" in (value or ""))
            for name, value in attributes
        ):
            self.bad = f"<{tag}> {attributes}"[:150]


def _markup(text, ending):
    tags = _Tags()
    tags.feed(text)
    if tags.bad:
        return f"active content {tags.bad}"
    if ending == ".html" and "<html" in text and not text.rstrip().endswith("</html>"):
        return "the end is missing"
    return None if text else "empty"


def _strict(text):
    def refuse(word):
        raise ValueError(f"{word} is not JSON")

    return json.loads(text, parse_constant=refuse)


def _concatenated(text):
    """Values of JSON texts, one after the other."""
    values, place = [], 0
    text = text.strip()
    while place < len(text):
        value, place = json.JSONDecoder(parse_constant=_strict).raw_decode(text, place)
        values.append(value)
        while place < len(text) and text[place].isspace():
            place += 1
    return values


def _last(data):
    lines = data.decode("utf-8", "replace").strip().splitlines()
    return lines[-1][:200] if lines else "(nothing on stderr)"
