import os
import pickle
import signal
import subprocess
import sys
import time

import pytest

from lightdiar.corpus import process
from lightdiar.corpus.process import Abandoned, CannotGoOn, Killed, Process

POSIX = pytest.mark.skipif(os.name == "nt", reason="signals as POSIX has them")
TERMS = {"time_limit": 30, "attempts": 2}


@pytest.fixture
def odd(work):
    with Process(work) as process:
        yield process


def pids(folder, task):
    return (folder / f"{task}.begun").read_text().split()


def gone(pid):
    """Whether a process, and with it all that it started, ends within 5 s."""
    for _ in range(100):
        listed = subprocess.run(["ps", "-A", "-o", "pgid=,stat="], capture_output=True, text=True, check=True).stdout
        if not any(group == pid and state[0] != "Z" for group, state in map(str.split, listed.splitlines())):
            return True
        time.sleep(0.05)
    return False


@pytest.mark.parametrize(
    ("task", "answer"),
    [
        ("fine", (None, 1)),
        ("raises", ("film.wav: holds no sound.", 1)),
        ("unexpected", ("KeyError: 'key'", 1)),
        ("memory", ("too little memory.", 1)),
        ("leaves", ("SystemExit: bye", 1)),
        ("prints", (None, 1)),
        ("crashes", ("its process crashed 2 times (exit status 7): a damaged file, or a fault of a decoder.", 2)),
    ],
)
def test_whatever_happens_is_told_and_the_next_task_is_done(odd, task, answer):
    assert odd.attempt(task, **TERMS) == answer
    assert odd.attempt("fine", **TERMS) == (None, 1)


def test_a_process_is_kept_for_all_tasks_until_one_ends_it(odd, tmp_path, begun):
    for task in ("fine", "raises", "fine", "crashes", "fine"):
        odd.attempt(task, **TERMS)
    first, second, third = pids(tmp_path, "fine")
    assert first == second != third
    assert begun("crashes") == 2


def test_as_many_processes_crash_as_are_allowed(odd, begun):
    error, attempts = odd.attempt("crashes", time_limit=30, attempts=1)
    assert (error[:28], attempts, begun("crashes")) == ("its process crashed (exit st", 1, 1)


@POSIX
def test_one_that_hangs_ends_in_time_with_all_it_had_started(odd, tmp_path):
    began = time.monotonic()
    answer = odd.attempt("hangs", time_limit=0.3, attempts=2)
    assert answer == ("not done after 0.3 s; if it needs longer, raise the time limit and try again what failed.", 1)
    assert time.monotonic() - began < 3
    (pid,) = pids(tmp_path, "hangs")
    assert gone(pid)


@POSIX
def test_being_killed_is_no_crash(odd, begun):
    with pytest.raises(Killed):
        odd.attempt("killed", **TERMS)
    assert begun("killed") == 1
    assert odd.attempt("fine", **TERMS) == (None, 1)


@POSIX
def test_a_process_killed_while_it_waits_harms_no_task(odd, tmp_path):
    odd.attempt("fine", **TERMS)
    (pid,) = pids(tmp_path, "fine")
    os.kill(int(pid), signal.SIGKILL)
    odd._child.wait(timeout=5)
    assert odd.attempt("fine-2", **TERMS) == (None, 1)


def test_a_task_that_nobody_wants_is_abandoned(odd, monkeypatch):
    monkeypatch.setattr(process, "_LOOK", 0.01)
    with pytest.raises(Abandoned):
        odd.attempt("hangs", time_limit=None, attempts=2, wanted=lambda: False)
    assert odd.attempt("fine", **TERMS) == (None, 1)


def test_work_can_end_everything(odd):
    with pytest.raises(CannotGoOn, match=r"^the disk is full\.$"):
        odd.attempt("ends", **TERMS)


class Unreadable:
    """Work that can be written but not read."""

    def __call__(self, task):
        """Never called."""

    def __reduce__(self):
        return (int, ("no number",))


def test_work_that_cannot_be_loaded_is_nobodys_fault():
    with (
        Process(Unreadable()) as odd,
        pytest.raises(CannotGoOn, match=r"cannot start with .*: invalid literal for int\(\)"),
    ):
        odd.attempt("fine", **TERMS)


def test_a_process_has_one_thread(odd, tmp_path, monkeypatch):
    monkeypatch.setenv("OMP_NUM_THREADS", "8")
    odd.attempt("threads", **TERMS)
    assert (tmp_path / "threads").read_text() == "1"


@POSIX
def test_a_process_ends_with_the_one_who_started_it(work, tmp_path):
    script = (
        "import os, pickle, sys, threading; from lightdiar.corpus.process import Process\n"
        "sys.path[:] = pickle.load(sys.stdin.buffer)\n"
        "work = pickle.load(sys.stdin.buffer)\n"
        "Process(work).attempt('hangs', time_limit=None, attempts=1)"
    )
    parent = subprocess.Popen([sys.executable, "-c", script], stdin=subprocess.PIPE)
    parent.stdin.write(pickle.dumps(sys.path) + pickle.dumps(work))
    parent.stdin.flush()
    deadline = time.monotonic() + 20
    while not ((tmp_path / "hangs.begun").exists() and pids(tmp_path, "hangs")) and time.monotonic() < deadline:
        time.sleep(0.02)
    parent.kill()
    parent.communicate()
    (pid,) = pids(tmp_path, "hangs")
    assert gone(pid)


def test_a_process_killed_while_it_starts_is_no_reason_to_end(tmp_path, monkeypatch):
    """As the system does where memory is short: the task is put aside, and others can be done."""
    monkeypatch.setattr(process, "_send", lambda child, value: child.kill())
    with Process(len) as other, pytest.raises(Killed):
        other.attempt("a film", **TERMS)
