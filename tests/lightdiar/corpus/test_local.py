import os
import signal
import threading
import time

import pytest

from lightdiar.corpus import process
from lightdiar.corpus.local import run_local
from lightdiar.corpus.outcome import Outcome
from lightdiar.corpus.process import CannotGoOn

POSIX = pytest.mark.skipif(os.name == "nt", reason="signals as POSIX has them")

LATE = "not done after 0.5 s; if it needs longer, raise the time limit and try again what failed."


@pytest.fixture(autouse=True)
def _soon(monkeypatch):
    monkeypatch.setattr(process, "_LOOK", 0.05)


def run(work, tasks, n_jobs=2, time_limit=30):
    return {outcome.task: outcome for outcome in run_local(work, tasks, n_jobs=n_jobs, time_limit=time_limit)}


def running(folder):
    """Processes that have begun a task and still are there."""
    pids = {pid for path in folder.glob("*.begun") for pid in path.read_text().split()}
    return [pid for pid in pids if os.path.exists(f"/proc/{pid}")]


@POSIX
@pytest.mark.slow
def test_no_task_suffers_from_those_that_crash_hang_or_are_killed(work, tmp_path, begun):
    fine = [f"fine-{number}" for number in range(8)]
    tasks = [*fine[:3], "crashes", fine[3], "hangs", *fine[4:6], "killed", "raises", *fine[6:]]
    ended = run(work, iter(tasks), time_limit=0.5)
    assert ended == {name: Outcome(name, None, 1) for name in fine} | {
        "crashes": Outcome(
            "crashes", "its process crashed 2 times (exit status 7): a damaged file, or a fault of a decoder.", 2
        ),
        "hangs": Outcome("hangs", LATE, 1),
        "killed": Outcome(
            "killed", "its process was killed 2 times, at last with nothing else at work: too little memory?", 2
        ),
        "raises": Outcome("raises", "film.wav: holds no sound.", 1),
    }
    assert list(ended)[-1] == "killed"  # again, and alone
    assert [begun(task) for task in tasks] == [1 + (task in ("crashes", "killed")) for task in tasks]
    assert not running(tmp_path)


@POSIX
def test_one_that_was_killed_by_chance_is_done_when_all_others_are(work, tmp_path):
    killed = threading.Thread(target=_kill, args=(tmp_path, "slow-0"))
    killed.start()
    ended = run(work, ["slow-0", "fine"], n_jobs=1)
    killed.join()
    assert list(ended.values()) == [Outcome("fine", None, 1), Outcome("slow-0", None, 2)]


def _kill(folder, task):
    """Kill the process that does a task, as soon as it does."""
    while not ((path := folder / f"{task}.begun").exists() and path.read_text().strip()):
        time.sleep(0.005)
    os.kill(int(path.read_text()), signal.SIGKILL)


@POSIX
def test_ctrl_c_ends_the_processes_at_once(work, tmp_path):
    ended = run_local(work, ["fine", "hangs"], n_jobs=2, time_limit=None)
    assert next(ended) == Outcome("fine", None, 1)
    while not (tmp_path / "hangs.begun").exists():
        time.sleep(0.01)
    begun = time.monotonic()
    with pytest.raises(KeyboardInterrupt):
        ended.throw(KeyboardInterrupt)
    assert time.monotonic() - begun < 2
    assert not running(tmp_path)


def test_tasks_are_read_as_there_are_processes(work):
    read = []
    ended = run_local(work, (read.append(n) or f"fine-{n}" for n in range(50)), n_jobs=1, time_limit=30)
    next(ended)
    ended.close()
    assert len(read) < 10


def test_a_full_disk_ends_the_run(work, tmp_path):
    with pytest.raises(CannotGoOn, match=r"^the disk is full\.$"):
        run(work, ["ends", *(f"slow-{number}" for number in range(20))], n_jobs=1)
    assert not list(tmp_path.glob("slow-*.done"))


def test_without_tasks_nothing_is_started(work):
    assert run(work, []) == {}


def test_an_error_of_the_list_is_raised(work):
    with pytest.raises(ZeroDivisionError):
        run(work, (1 // n for n in (0,)))
