"""The work behind the page: one job at a time, in a thread of its own, with progress and a way to stop."""

import threading
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from queue import SimpleQueue
from typing import Any

from lightdiar.errors import LightdiarError

WAITING, WORKING, DONE, FAILED = "waiting", "working", "done", "failed"


class Stopped(Exception):
    """The job is no longer wanted."""


@dataclass(eq=False)
class Job:
    """A piece of work, and what is known of it.

    Parameters
    ----------
    number : int
    function : callable
        Called with the job; what it returns is the answer. It calls `progress` now and then.
    drop : callable
        Called instead if the job is no longer wanted when its turn comes.
    state : str
        "waiting", "working", "done" or "failed".
    part : float, optional
        How much is done, 0 to 1; None if that is not known.
    answer : dict, optional
        What the function returned.
    problem : str
        Why it failed.
    notes : list of str
        What is doubtful.
    """

    number: int
    function: Callable[["Job"], dict[str, Any]]
    drop: Callable[[], object]
    state: str = WAITING
    part: float | None = None
    answer: dict[str, Any] | None = None
    problem: str = ""
    notes: list[str] = field(default_factory=list)
    unwanted: bool = False

    def progress(self, part: float | None) -> None:
        """Say how much is done; raises `Stopped` if the job is no longer wanted."""
        if self.unwanted:
            raise Stopped
        self.part = part

    def to_dict(self) -> dict[str, Any]:
        """The job as the page sees it."""
        return {name: getattr(self, name) for name in ("number", "state", "part", "answer", "problem", "notes")}


class Work:
    """Does jobs in the order in which they come.

    Parameters
    ----------
    report : callable, optional
        Called with where a fault of ours happened.
    """

    def __init__(self, report: Callable[[str], object] | None = None) -> None:
        self.report = report
        self.jobs: dict[int, Job] = {}
        self._numbers = count(1)
        self._own = threading.local()  # where this thread takes its notes
        self._queue: SimpleQueue[Job | None] = SimpleQueue()
        self._thread = threading.Thread(target=self._run, name="lightdiar page", daemon=True)
        self._thread.start()

    def start(self, function: Callable[[Job], dict[str, Any]], drop: Callable[[], object] = lambda: None) -> Job:
        """Add a job; see `Job`."""
        job = Job(next(self._numbers), function, drop)
        self.jobs[job.number] = job
        self._queue.put(job)
        return job

    def note(self, message: str) -> None:
        """Something is doubtful about what this thread does: its job, or what it does `noting`."""
        if (notes := getattr(self._own, "notes", None)) is not None:
            notes.append(message)

    @contextmanager
    def noting(self, notes: list[str]) -> Iterator[None]:
        """Take the notes of this thread in a list."""
        self._own.notes = notes
        try:
            yield
        finally:
            self._own.notes = None

    def drop_ended(self) -> None:
        """Forget the jobs that have ended, and so what they answered."""
        for job in list(self.jobs.values()):
            if job.state in (DONE, FAILED):
                self.jobs.pop(job.number, None)

    def stop(self, job: Job) -> None:
        """The job is no longer wanted; one that is being done ends when it next tells its progress."""
        job.unwanted = True

    def close(self, timeout: float = 5.0) -> None:
        """End; what is still to be done is not."""
        for job in list(self.jobs.values()):
            job.unwanted = True
        self._queue.put(None)
        self._thread.join(timeout)

    def _run(self):
        while job := self._queue.get():
            with self.noting(job.notes):
                self._do(job)
            del job  # or its answer would stay here until the next one comes

    def _do(self, job):
        job.state = WORKING
        try:
            if job.unwanted:
                job.drop()
                raise Stopped
            job.answer = job.function(job)
            job.state = DONE
        except Stopped:
            job.state = FAILED
        except (LightdiarError, ValueError, OSError) as error:
            job.problem, job.state = str(error), FAILED
        except Exception as error:  # a fault of ours must not end all later work
            if self.report:
                self.report(traceback.format_exc())
            job.problem, job.state = f"{type(error).__name__}: {error}", FAILED
