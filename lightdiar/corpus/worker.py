"""What a worker of Dask does with a task: hand it to a process of its own, which waits a while for the next one."""

import pickle
import threading
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from lightdiar._version import __version__
from lightdiar.corpus.process import Abandoned, CannotGoOn, Killed, Process

DONE, SUSPECT, REFUSED = "done", "suspect", "refused"
SAME = f"Install lightdiar {__version__} with the scheduler and all workers."
_IDLE = 60.0  # seconds after which a process without a task ends

_idle: dict[bytes, list[tuple[Process, threading.Timer]]] = {}  # processes that wait, by their work
_lock = threading.Lock()


def do(version: str, token: str, work: bytes, time_limit: float | None, attempts: int, task: bytes) -> tuple[Any, ...]:
    """Do a task on a worker, in a process of its own.

    Parameters
    ----------
    version : str
        Of lightdiar, where the tasks come from.
    token : str
        A file that must be seen.
    work, task : bytes
        Pickled, so that the scheduler need not know what they are.
    time_limit, attempts
        As in `Process.attempt`.

    Returns
    -------
    kind : str
        `DONE`, followed by the error (None if there is none) and the number of attempts; `SUSPECT`, if the process was
        killed; or `REFUSED`, followed by why nothing can be done here.
    """
    from distributed import get_worker

    worker = get_worker()
    if version != __version__:
        return REFUSED, f"{worker.address} has lightdiar {__version__}, not {version}. {SAME}"
    if not Path(token).exists():
        folder = Path(token).parent
        return REFUSED, f"{worker.address} does not see {folder}: results need a folder that all machines share."
    key = worker.get_current_task()

    def wanted():
        state = worker.state.tasks.get(key)
        return state is not None and state.state in ("executing", "long-running")

    try:
        with _process(work) as process:
            return DONE, *process.attempt(pickle.loads(task), time_limit=time_limit, attempts=attempts, wanted=wanted)
    except (Killed, Abandoned):
        return (SUSPECT,)
    except CannotGoOn as error:
        return REFUSED, f"{worker.address}: {error}"


@contextmanager
def _process(work):
    """A process that nobody else uses; it is kept for a while for the next task."""
    with _lock:
        waiting = _idle.setdefault(work, [])
        process, timer = waiting.pop() if waiting else (Process(pickle.loads(work)), None)
    if timer:
        timer.cancel()
    try:
        yield process
    except BaseException:
        process.close()
        raise
    timer = threading.Timer(_IDLE, _retire, (work, process))
    timer.daemon = True
    with _lock:
        _idle[work].append((process, timer))
    timer.start()


def _retire(work, process):
    """End a process if it still waits."""
    with _lock:
        left = [(other, timer) for other, timer in _idle[work] if other is not process]
        waits = len(left) < len(_idle[work])
        _idle[work] = left
    if waits:
        process.close()
