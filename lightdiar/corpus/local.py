"""Tasks done on this machine, each of several threads with a process of its own."""

import queue
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from itertools import islice
from typing import Any

from lightdiar.corpus.outcome import Outcome
from lightdiar.corpus.process import Abandoned, Killed, Process


def run_local(
    work: Callable[[Any], object],
    tasks: Iterable[Any],
    *,
    n_jobs: int,
    time_limit: float | None,
    attempts: int = 2,
) -> Iterator[Outcome]:
    """Do tasks in processes of this machine and yield what became of each, as they end.

    A task whose process is killed from outside, as the system does where memory is short, may be innocent: it is put
    aside and done at the end, with nothing else at work.

    Parameters
    ----------
    work : callable
        ``work(task)`` puts the results in place itself.
    tasks : iterable
        Picklable; read as there are processes to do them.
    n_jobs : int
        Number of processes.
    time_limit : float or None
        Seconds for a task.
    attempts : int, default=2
        How many processes may crash over a task.

    Yields
    ------
    outcome : Outcome
        Whoever stops listening, also by Ctrl-C, ends the processes.

    Raises
    ------
    CannotGoOn
        If `work` says so; what is done is in place.
    """
    terms = {"time_limit": time_limit, "attempts": attempts}
    suspects = []
    with closing(_each(work, tasks, n_jobs, terms)) as ended:
        for task, answer in ended:
            if answer is None:
                suspects.append(task)
            else:
                yield Outcome(task, *answer)
    for task in suspects:
        yield _alone(work, task, terms)


def _alone(work, task, terms):
    """The outcome of a task whose process was killed, with nothing else at work."""
    for attempt in range(2, max(2, terms["attempts"]) + 1):
        with closing(_each(work, [task], 1, terms)) as ended:
            ((_, answer),) = ended
        if answer is not None:
            error, n_begun = answer
            return Outcome(task, error, attempt - 1 + n_begun)
    return Outcome.killed(task, attempt)


def _each(work, tasks, n_jobs, terms):
    """Yield (task, answer of `Process.attempt`) of each task as it ends; the answer is None if it was killed."""
    waiting, lock = iter(tasks), threading.Lock()
    ended: queue.Queue[Any] = queue.Queue()
    stopped = threading.Event()

    def given():
        """The next task in a list, which is empty if there is none."""
        with lock:
            return [] if stopped.is_set() else list(islice(waiting, 1))

    def serve():
        try:
            with Process(work) as process:
                while left := given():
                    try:
                        answer = process.attempt(*left, **terms, wanted=lambda: not stopped.is_set())
                    except Killed:
                        answer = None
                    ended.put((*left, answer))
            ended.put(None)
        except Abandoned:
            pass
        except BaseException as error:  # raised where somebody listens
            ended.put(error)

    threads = [threading.Thread(target=serve) for _ in range(n_jobs)]
    for thread in threads:
        thread.start()
    try:
        n_serving = n_jobs
        while n_serving:
            event = _next(ended)
            if isinstance(event, BaseException):
                raise event
            if event is None:
                n_serving -= 1
            else:
                yield event
    finally:
        stopped.set()
        for thread in threads:
            thread.join()


def _next(events):
    """The next event; Windows hears Ctrl-C only between waits."""
    while True:
        try:
            return events.get(timeout=0.5)
        except queue.Empty:
            continue
