"""The harness itself, and a short run of it."""

import io
import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from tests.fuzz.entries import ENTRIES, Case, Draw, entry_of
from tests.fuzz.judge import Outcome, fault, whole
from tests.fuzz.seeds import VOICES
from tests.fuzz.worker import put

ROOT = Path(__file__).parent.parent


def npz(**arrays):
    content = io.BytesIO()
    np.savez(content, **arrays)
    return content.getvalue()


def voices(people, n_vectors):
    """A file of voices with such people."""
    head = np.frombuffer(json.dumps({"people": people}).encode(), np.uint8)
    return npz(people=head, vectors=np.ones((n_vectors, 4)), seconds=np.ones(n_vectors))


MADE = {"pcm_16.wav": b"RIFF" + bytes(60), VOICES: voices([["ann", 2], ["bob", 1]], 3)}


def outcome(status=0, out="", err="", trace="", before=None, after=None, leftovers=()):
    before = before or {}
    return Outcome(status, out.encode(), err.encode(), trace, before, before if after is None else after, leftovers)


def count(**changes):
    return fault(Case(("lightdiar", "count", "a.wav"), {}, stdout="counts", n_files=1), outcome(**changes))


def test_a_clean_result_and_a_refusal_of_one_line_are_what_is_promised():
    assert count(out="a.wav: M 0  F 1\n") is None
    assert count(out="a.wav: M 0  F 1  (number uncertain)\n", err="lightdiar: warning: short\n") is None
    assert count(status=2, err="lightdiar: a.wav: is empty (0 bytes).\n") is None
    assert count(status=2, err="usage: lightdiar count [-h]\nlightdiar count: error: argument\n") is None


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        (dict(status=None, trace="Traceback\nKeyError: 'x'\n"), "exception: KeyError: 'x'"),
        (dict(status=1), r"exit status 1"),
        (dict(status=2), "without an error message"),
        (dict(status=2, err="lightdiar: warning: short\n"), "without an error message"),
        (dict(err="Note: Illegal Audio-MPEG-Header\n"), "not the program's"),
        (dict(err="lightdiar: " + "x" * 5000), "a message of 5011 signs"),
        (
            dict(status=2, err="Traceback (most recent call last):\nValueError: x\n"),
            "traceback on stderr: ValueError: x",
        ),
        (dict(out="Error 1 : 22\na.wav: M 0  F 1\n"), "no result: Error 1 : 22"),
        (dict(out="a.wav: M 0  F 1\nb.wav: M 9  F 9\n"), "2 lines of 1 files"),
        (dict(out="\x1b[31m: M 0  F 1\n"), "control sign"),
        (dict(before={"a.wav": b"x"}, after={"a.wav": b"y"}), "a.wav was changed"),
        (dict(before={"a.wav": b"x"}, after={}), "a.wav is gone"),
        (dict(after={"lightdiar-1-a.part": b""}), "left behind: lightdiar-1-a.part"),
        (dict(leftovers=("1 open files",)), "left behind: 1 open files"),
    ],
)
def test_each_broken_promise_is_a_fault(changes, said):
    assert said in count(**changes)


def test_outputs_are_there_and_whole_after_status_0_and_absent_after_2():
    case = Case(("bechdel-stats", "predict", "f.csv", "--out", "o.csv"), {}, outputs=("o.csv",))
    assert fault(case, outcome(after={"o.csv": b"a,b\n1,2\n"})) is None
    assert fault(case, outcome()) == "status 0 without o.csv"
    assert "rows of" in fault(case, outcome(after={"o.csv": b"a,b\n1\n"}))
    refused = outcome(status=2, err="bechdel-stats: no\n", after={"o.csv": b"a,b\n1,2\n"})
    assert fault(case, refused) == "status 2, but o.csv was written"


def test_a_sound_file_beside_a_damaged_one_must_have_its_result():
    case = Case(("lightdiar", "count", "a.wav", "good.wav"), {}, stdout="counts", n_files=2, survivor="good")
    said = "lightdiar: a.wav: is empty\n"
    assert fault(case, outcome(status=2, err=said, out="good.wav: M 0  F 1\n")) is None
    assert "no result of good" in fault(case, outcome(status=2, err=said))


@pytest.mark.parametrize(
    ("name", "good", "bad"),
    [
        ("x.rttm", "SPEAKER a 1 0.000 1.000 <NA> <NA> b <NA> <NA>\n", "SPEAKER a 1 0.000"),
        ("x.json", '{"a": 1}', '{"a": NaN}'),
        ("x.jsonl", '{"a": 1}\n', '{"a": 1}\n{"a"\n'),
        ("x.svg", "<svg/>", "<svg>"),
        ("x.html", "<html></html>", "<html><script>1</script></html>"),
        ("x.md", "plain", '<img src="x" onerror="y">'),
        ("x.txt", "x", ""),
        ("x.png", b"\x89PNG\r\n...IEND\xaeB`\x82", b"\x89PNG\r\n..."),
        ("x.npz", npz(a=np.ones(3)), npz(a=np.ones(3))[:-30]),
        ("x.voices", voices([["ann", 2], ["bob", 1]], 3), voices([["ann", 2], ["bob", 1]], 2)),
        ("x.voices", voices([["ann", 2], ["bob", 1]], 3), voices([["ann", 2], ["ann", 1]], 3)),
    ],
)
def test_what_is_whole(name, good, bad):
    good, bad = (text.encode() if isinstance(text, str) else text for text in (good, bad))
    assert whole(name, good) is None
    assert whole(name, bad)


def test_progress_is_a_line_of_its_own():
    case = Case(("lightdiar", "enrol", "p", "--out", "o.voices"), {}, outputs=("o.voices?",))
    assert fault(case, outcome(err="[1/2] ann: not enrolled\nlightdiar: warning: short\n")) is None
    assert "not the program's" in fault(case, outcome(err="[1/2]\n"))


@pytest.mark.skipif(os.name == "nt", reason="links need rights")
def test_links_are_made_after_the_files(tmp_path):
    put(Case((), {"p/a.wav": b"x"}, links={"p/again": ".", "p/gone.wav": "absent"}), tmp_path)
    assert (tmp_path / "p/again/again/a.wav").read_bytes() == b"x"
    assert not (tmp_path / "p/gone.wav").exists()


def test_an_input_follows_from_the_seed_and_its_number():
    for number in range(60):
        entry = entry_of(0, number)
        first, second = (entry.make(Draw(0, number, MADE)) for _ in range(2))
        assert first == second
    assert len({entry_of(0, number).name for number in range(3000)}) == len(ENTRIES)
    assert entry_of(0, 5, "score").name.startswith("lightdiar score")


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="memory and what is left behind are read from /proc")
def test_two_hundred_inputs():
    """Every promise of `tests.fuzz.judge` on 200 damaged inputs; `python -m tests.fuzz` has the options."""
    command = [sys.executable, "-m", "tests.fuzz", "--inputs", "200"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, encoding="utf-8")
    assert done.returncode == 0, done.stderr[-5000:] + done.stdout
