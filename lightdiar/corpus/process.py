"""Work on one task at a time in a process of its own, which may crash or hang and harms nobody.

The process is started by its command line and spoken to through its standard input and output, so that it can be
started from anywhere, also from a worker of Dask, which multiprocessing refuses ("daemonic processes are not allowed
to have children"), and so that scripts need no ``if __name__ == "__main__"``. It uses one thread, keeps what it has
loaded from one task to the next, and ends at once when the process that started it does, however that ends.
"""

import os
import pickle
import queue
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from time import monotonic
from typing import Any

from lightdiar.common.commandline import THREADS, told
from lightdiar.errors import LightdiarError

_LOOK = 1.0  # seconds between two questions whether the task is still wanted
_KILL_GROUP = getattr(os, "killpg", None)  # not on Windows
_KILLED = -9 if os.name != "nt" else 1  # what a process that somebody else ended leaves


class Abandoned(Exception):
    """Nobody wants the task any more."""


class Killed(Exception):
    """Something outside ended the process: the system, short of memory, or a person. The task may be innocent."""


class CannotGoOn(LightdiarError):
    """No task can be done: raised by the work itself, or if it cannot be loaded where it should be done."""


@dataclass(frozen=True)
class _Ready:
    """The process can begin."""


@dataclass(frozen=True)
class _Done:
    """A task is done, or why not, and whether others can be."""

    error: str | None
    goes_on: bool = True


class Process:
    """A process that does tasks one at a time; started for the first, and again after it ended.

    Parameters
    ----------
    work : callable
        ``work(task)``, picklable; what it raises is the task's error, `CannotGoOn` that of all tasks.

    Examples
    --------
    >>> with Process(len) as process:
    ...     process.attempt("a film", time_limit=60, attempts=2), process.attempt(7, time_limit=60, attempts=2)
    ((None, 1), ("TypeError: object of type 'int' has no len()", 1))
    """

    def __init__(self, work: Callable[[Any], object]) -> None:
        self.work = work
        self._child: Any = None  # subprocess.Popen, whose pipes could be None for a type checker
        self._answers: queue.Queue[Any] = queue.Queue()

    def __enter__(self) -> "Process":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def attempt(
        self, task: Any, *, time_limit: float | None, attempts: int, wanted: Callable[[], bool] = lambda: True
    ) -> tuple[str | None, int]:
        """Do a task; again, in a new process, if its process crashes over it.

        Parameters
        ----------
        task : object
            Picklable.
        time_limit : float or None
            Seconds after which the process is ended; the task is not tried again.
        attempts : int
            How many processes may crash over the task.
        wanted : callable, optional
            Asked every second whether to go on.

        Returns
        -------
        error : str or None
            Why the task could not be done.
        attempts : int
            How often it was begun.

        Raises
        ------
        Killed
            If the process did not crash but was ended from outside.
        Abandoned
            If the task is not wanted any more.
        CannotGoOn
            If no task can be done.
        """
        for attempt in range(1, attempts + 1):
            self._start(wanted)
            _send(self._child, task)
            try:
                answer = self._answer(time_limit, wanted)
            except TimeoutError:
                more = "if it needs longer, raise the time limit and try again what failed"
                return f"not done after {time_limit:g} s; {more}.", attempt
            if answer is not None:
                if not answer.goes_on:
                    raise CannotGoOn(answer.error)
                return answer.error, attempt
            if (status := self._status()) == _KILLED:
                raise Killed
        times = "" if attempts == 1 else f" {attempts} times"
        return f"its process crashed{times} ({_named(status)}): a damaged file, or a fault of a decoder.", attempts

    def close(self) -> None:
        """End the process, also while it works."""
        child, self._child = self._child, None
        if child is None:
            return
        _kill(child)
        child.wait()
        with suppress(OSError):  # what it did not read any more
            child.stdin.close()

    def _start(self, wanted):
        """Start the process unless it waits for a task."""
        if self._child is not None and self._child.poll() is None:
            return
        self.close()
        command = [sys.executable, "-c", "from lightdiar.corpus.process import main; main()"]
        # a session of its own: Ctrl-C is for the one who started it, and a program that it started can be ended too
        self._child = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env={**os.environ, **dict.fromkeys(THREADS, "1"), "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
            start_new_session=os.name != "nt",
            creationflags=getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0),
        )
        self._answers = queue.Queue()
        threading.Thread(target=_listen, args=(self._child.stdout, self._answers), daemon=True).start()
        _send(self._child, pickle.dumps(self.work))
        answer = self._answer(None, wanted)
        if isinstance(answer, _Ready):
            return
        if answer is None and (status := self._status()) == _KILLED:
            raise Killed
        reason = answer.error if answer else f"it ended with {_named(status)}."
        self.close()
        raise CannotGoOn(f"a process for the recordings cannot start with {sys.executable}: {reason}")

    def _answer(self, time_limit, wanted):
        """What the process says next; None if it ended. TimeoutError and Abandoned end it."""
        deadline = monotonic() + (float("inf") if time_limit is None else time_limit)
        while True:
            try:
                return self._answers.get(timeout=max(0.0, min(_LOOK, deadline - monotonic())))
            except queue.Empty:
                pass
            if monotonic() >= deadline:
                self.close()
                raise TimeoutError
            if not wanted():
                self.close()
                raise Abandoned

    def _status(self):
        """The exit status of a process that ended, and with it what it had started."""
        try:
            status = self._child.wait(timeout=10)
        except subprocess.TimeoutExpired:  # it has only closed its output
            status = _KILLED
        self.close()
        return status


def _named(status):
    """An exit status in words."""
    try:
        return signal.Signals(-status).name
    except ValueError:
        return f"exit status {status}"


def _send(child, value):
    """Give the process something; if it has just ended, that is noticed when it should answer."""
    with suppress(OSError):
        pickle.dump(value, child.stdin)
        child.stdin.flush()


def _listen(stream, answers):
    """Take what the process says until it ends, which is None."""
    with stream:
        while True:
            try:
                answers.put(pickle.load(stream))
            except Exception:  # it ended, perhaps within a word
                answers.put(None)
                return


def _kill(child):
    """End a process and the programs that it started."""
    with suppress(OSError):  # they have ended already
        if _KILL_GROUP:
            _KILL_GROUP(child.pid, -_KILLED)
        else:
            child.kill()


def main() -> None:
    """The process itself: read what to do, then a task at a time; end with the one who started it."""
    with os.fdopen(os.dup(1), "wb") as answers, os.fdopen(os.dup(0), "rb") as questions:
        os.dup2(2, 1)  # what libraries print is no answer
        nowhere = os.open(os.devnull, os.O_RDONLY)
        os.dup2(nowhere, 0)
        os.close(nowhere)
        tasks: queue.Queue[Any] = queue.Queue()

        def answer(value):
            pickle.dump(value, answers)
            answers.flush()

        try:
            work = pickle.loads(pickle.load(questions))
        except Exception as error:
            answer(_failed(error))
            return
        threading.Thread(target=_read, args=(questions, tasks), daemon=True).start()
        answer(_Ready())
        while True:
            task = tasks.get()
            try:
                work(task)
            except BaseException as error:
                answer(_failed(error))
            else:
                answer(_Done(None))


def _read(questions, tasks):
    """Take tasks as they come; without anybody to give them, the process ends, whatever it is doing."""
    try:
        while True:
            tasks.put(pickle.load(questions))
    except Exception:  # the other end is closed, or was, within a word
        if _KILL_GROUP:
            _KILL_GROUP(0, -_KILLED)  # with the programs that it started
        os._exit(1)


def _failed(error):
    if isinstance(error, (LightdiarError, ValueError, OSError, ImportError)):
        return _Done(told(error), goes_on=not isinstance(error, CannotGoOn))
    return _Done("too little memory." if isinstance(error, MemoryError) else f"{type(error).__name__}: {error}")
