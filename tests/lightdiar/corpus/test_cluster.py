import os
import socket
import sys
import threading
import time
from contextlib import contextmanager

import pytest

from lightdiar import __version__
from lightdiar.corpus import cluster, process
from lightdiar.corpus.cluster import run_on_dask
from lightdiar.corpus.outcome import Outcome
from lightdiar.corpus.process import CannotGoOn

pytestmark = [
    pytest.mark.slow,  # a cluster
    pytest.mark.skipif(os.name == "nt", reason="signals as POSIX has them"),
]
KILLED = "its process was killed 2 times, at last with nothing else at work: too little memory?"

LATE = "not done after 0.5 s; if it needs longer, raise the time limit and try again what failed."


@contextmanager
def started(**how):
    """A cluster of one thread, or of processes, which gives a task up as soon as one worker dies."""
    dask = pytest.importorskip("dask", reason="dask.distributed is not installed")
    distributed = pytest.importorskip("distributed")
    settings = {"distributed.scheduler.allowed-failures": 0, "distributed.comm.timeouts.connect": "5s"}
    with (
        dask.config.set(settings),
        distributed.LocalCluster(
            threads_per_worker=1, dashboard_address=":0", silence_logs=60, protocol="tcp://", **how
        ) as dask_cluster,
    ):
        yield dask_cluster


@pytest.fixture(scope="module")
def here():
    """The address of a cluster whose worker is a thread of this process."""
    with started(n_workers=1, processes=False) as dask_cluster:
        yield dask_cluster.scheduler_address


@pytest.fixture
def run(work, tmp_path):
    """A function that does tasks and returns how they ended, by task."""

    def run(tasks, address, time_limit=30.0):
        ended = list(run_on_dask(work, tasks, folder=tmp_path, address=address, time_limit=time_limit))
        assert len({outcome.task for outcome in ended}) == len(ended)
        return {outcome.task: outcome for outcome in ended}

    return run


def test_no_task_suffers_from_those_that_crash_hang_or_are_killed(run, here, tmp_path, begun):
    fine = [f"fine-{number}" for number in range(8)]
    tasks = [*fine[:3], "crashes", fine[3], "hangs", *fine[4:6], "killed", "raises", *fine[6:]]
    ended = run(iter(tasks), here, time_limit=0.5)
    crashed = "its process crashed 2 times (exit status 7): a damaged file, or a fault of a decoder."
    assert ended == {name: Outcome(name, None, 1) for name in fine} | {
        "crashes": Outcome("crashes", crashed, 2),
        "hangs": Outcome("hangs", LATE, 1),
        "killed": Outcome("killed", KILLED, 2),
        "raises": Outcome("raises", "film.wav: holds no sound.", 1),
    }
    assert list(ended)[-1] == "killed"  # again, and alone
    assert {path.stem for path in tmp_path.glob("*.done")} == set(fine)
    assert [begun(task) for task in tasks] == [1 + (task in ("crashes", "killed")) for task in tasks]
    assert not list(tmp_path.glob("*.seen"))


def test_tasks_are_read_only_as_workers_need_them(work, here, tmp_path):
    read = []
    tasks = (read.append(number) or f"fine-{number}" for number in range(50))
    ended = run_on_dask(work, tasks, folder=tmp_path, address=here, time_limit=30)
    next(ended)
    assert len(read) == 2
    assert len(list(ended)) == 49


def text_of(path):
    return path.read_text().strip() if path.exists() else ""


def is_running(pid):
    try:
        os.kill(int(pid), 0)
    except ProcessLookupError:
        return False
    return True


def test_whoever_stops_listening_stops_the_work(work, here, tmp_path, monkeypatch):
    monkeypatch.setattr(process, "_LOOK", 0.05)
    ended = run_on_dask(work, ["fine", "hangs"], folder=tmp_path, address=here, time_limit=None)
    next(ended)
    while not (child := text_of(tmp_path / "hangs.begun")):
        time.sleep(0.02)
    ended.close()
    deadline = time.monotonic() + 5
    while is_running(child) and time.monotonic() < deadline:
        time.sleep(0.02)
    assert not is_running(child)


def test_tasks_that_dask_loses_are_handed_to_it_again(work, here, tmp_path, begun):
    from distributed import Client, Future

    def known(dask_scheduler):
        return list(dask_scheduler.tasks)

    tasks = [f"slow-{number}" for number in range(4)]
    ended = run_on_dask(work, tasks, folder=tmp_path, address=here, time_limit=30)
    outcomes = [next(ended)]
    with Client(here, set_as_default=False) as other:
        keys = other.run_on_scheduler(known)
        other.cancel([Future(key, other) for key in keys], force=True)
    outcomes += ended
    assert len(keys) >= 2
    assert sorted(outcomes, key=lambda outcome: outcome.task) == [Outcome(task, None, 1) for task in tasks]


def test_a_full_disk_ends_the_run(run, here):
    with pytest.raises(CannotGoOn, match=r"^tcp://[\d.:]+: the disk is full\.$"):
        run(["fine", "ends"], here)


def test_workers_of_another_version_are_refused(run, here, monkeypatch):
    monkeypatch.setattr(cluster, "__version__", "0.0.1")
    same = f"Install lightdiar {__version__} with the scheduler and all workers."
    with pytest.raises(CannotGoOn, match=rf"^tcp://[\d.:]+ has lightdiar {__version__}, not 0\.0\.1\. {same}$"):
        run(["fine"], here)


def test_workers_that_do_not_see_the_results_are_refused(run, here, tmp_path, monkeypatch):
    @contextmanager
    def elsewhere(folder):
        yield folder / "other" / "file"

    monkeypatch.setattr(cluster, "_seen", elsewhere)
    with pytest.raises(CannotGoOn, match=r" does not see .*other: results need a folder that all machines share\.$"):
        run(["fine"], here)


def test_what_killed_runs_left_in_the_folder_is_removed(run, here, tmp_path):
    (tmp_path / "dask-0.seen").touch()
    run(["fine"], here)
    assert not list(tmp_path.glob("*.seen"))


def test_a_scheduler_that_ends_is_told_and_what_is_done_is_kept(work, tmp_path, monkeypatch):
    monkeypatch.setattr(cluster, "_CONNECTING", 1.0)
    tasks = [f"slow-{number}" for number in range(50)]
    with started(n_workers=1, processes=False) as ending:
        address = ending.scheduler_address
        ended = run_on_dask(work, tasks, folder=tmp_path, address=address, time_limit=30)
        first = next(ended)
        ending.close()
        message = (
            rf"^{ending.scheduler_address}: the Dask scheduler has ended\. What is done is kept; start one and run "
        )
        with pytest.raises(ConnectionError, match=message):
            list(ended)
    assert (tmp_path / f"{first.task}.done").exists()
    assert len(list(tmp_path.glob("*.done"))) < 50


def test_a_worker_that_dies_costs_its_tasks_a_second_try_and_a_killer_its_name(run, tmp_path):
    fine = [f"slow-{number}" for number in range(6)]
    with started(n_workers=2) as workers:
        ended = run([*fine[:2], "stopped", *fine[2:], "kills"], workers.scheduler_address)
    assert {task: outcome.error for task, outcome in ended.items()} == {
        **dict.fromkeys([*fine, "stopped"]),
        "kills": KILLED,
    }
    assert {path.stem for path in tmp_path.glob("*.done")} == {*fine, "stopped"}
    assert ended["stopped"].attempts == ended["kills"].attempts == 2


def test_an_address_where_nobody_answers_is_told_in_time(run, monkeypatch):
    assert cluster._CONNECTING <= 5  # and 10 in all
    monkeypatch.setattr(cluster, "_CONNECTING", 0.3)
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        address = f"tcp://127.0.0.1:{silent.getsockname()[1]}"
        with pytest.raises(ConnectionError, match=rf"^{address}: no Dask scheduler answers: "):
            run(["fine"], address)
        silent.listen()
        with pytest.raises(
            ConnectionError, match=rf"^{address}: no Dask scheduler answers: nothing came in 0\.3 s\. Correct"
        ):
            run(["fine"], address)
    with pytest.raises(ConnectionError, match=r"^nonsense: no Dask scheduler answers: missing port number in address"):
        run(["fine"], "nonsense")


def test_a_server_of_another_kind_is_no_scheduler(run):
    with socket.create_server(("127.0.0.1", 0)) as server:

        def answer():
            with server.accept()[0] as line:
                line.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")

        thread = threading.Thread(target=answer)
        thread.start()
        address = f"tcp://127.0.0.1:{server.getsockname()[1]}"
        with pytest.raises(ConnectionError, match=rf"^{address}: no Dask scheduler answers: "):
            run(["fine"], address)
        thread.join()


def test_without_dask_it_is_told_what_to_install(run, monkeypatch):
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(
        ImportError, match=r'^A Dask cluster needs dask\.distributed: pip install "lightdiar\[dask\]"\.$'
    ):
        run(["fine"], "tcp://127.0.0.1:8786")
