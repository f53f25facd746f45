"""Tasks done by a Dask cluster that runs already, one at a time on each thread of its workers.

A worker of Dask does a task in a process of its own (`lightdiar.corpus.process`), so that one that crashes, hangs or
fills the memory never harms the worker, nor other tasks with it. Dask counts the death of a worker against all tasks
that were on it and gives them up after a few (KilledWorker [1]_); here such tasks are only suspects. They are put aside
and done at the end, with nothing else at work, so that an innocent one is never blamed. Results are written by the
workers, into a folder that all machines share; through Dask go only names and errors.

References
----------
.. [1] "Why did my worker die?", https://distributed.dask.org/en/stable/killed.html.
"""

import asyncio
import logging
import pickle
import queue
import secrets
import warnings
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import CancelledError, ThreadPoolExecutor
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from time import monotonic, sleep
from typing import Any

from lightdiar._version import __version__
from lightdiar.corpus.outcome import Outcome
from lightdiar.corpus.process import CannotGoOn
from lightdiar.corpus.worker import DONE, REFUSED, SAME, SUSPECT, do
from lightdiar.errors import DoubtfulResultWarning

_CONNECTING = 5.0  # seconds until a scheduler that does not answer is given up
_WAITING = 2  # tasks known to the scheduler for each thread, so that none waits for the client
_LOOK = 5.0  # seconds between two looks at how many workers there are


def run_on_dask(
    work: Callable[[Any], object],
    tasks: Iterable[Any],
    *,
    folder: Path,
    address: str,
    time_limit: float | None,
    attempts: int = 2,
) -> Iterator[Outcome]:
    """Do tasks on a Dask cluster and yield what became of each, as they end.

    Parameters
    ----------
    work : callable
        ``work(task)`` puts the results in place itself; it may be called again for a task that is done, if the
        worker died before it could say so.
    tasks : iterable
        Picklable; read as far as there are workers to do them.
    folder : path
        Where `work` writes; every worker must see it under this name.
    address : str
        Of the scheduler, such as ``"tcp://10.0.0.1:8786"``.
    time_limit : float or None
        Seconds for a task.
    attempts : int, default=2
        How many processes may crash over a task.

    Yields
    ------
    outcome : Outcome

    Raises
    ------
    ImportError
        If dask.distributed is not installed.
    ConnectionError
        If no scheduler answers, or it ends; what is done is in place.
    CannotGoOn
        If a worker has another version of lightdiar or does not see the folder, or `work` says so.
    """
    with _connected(address) as client, _seen(folder) as token:
        cluster = _Cluster(client, address, (__version__, str(token), pickle.dumps(work), time_limit, attempts))
        suspects = []
        for task, kind, *answer in cluster.each(tasks):
            if kind == SUSPECT:
                suspects.append(task)
            else:
                yield Outcome(task, *answer)
        for task in suspects:
            yield _alone(cluster, task, attempts)


def _alone(cluster, task, attempts):
    """The outcome of a task whose process or worker was killed, with nothing else at work."""
    for attempt in range(2, max(2, attempts) + 1):
        ((_, kind, *answer),) = cluster.each([task])
        if kind == DONE:
            error, n_begun = answer
            return Outcome(task, error, attempt - 1 + n_begun)
    return Outcome.killed(task, attempt)


class _Cluster:
    """Tasks in flight: handed to the scheduler a few at a time, and again when Dask loses them."""

    def __init__(self, client, address, terms):
        self.client, self.address, self.terms = client, address, terms
        self.ended, self.in_flight = queue.Queue(), {}
        self.n_wanted, self.looked = 0, -_LOOK

    def each(self, tasks):
        """Yield (task, kind, answer...) of each task as it ends; kind is done or suspect."""
        tasks = iter(tasks)
        while True:
            for task in islice(tasks, max(0, self._room() - len(self.in_flight))):
                self._submit(task)
            if not self.in_flight:
                return
            future = self._next_ended()
            if future is None:
                continue
            task = self.in_flight.pop(future)
            kind, *answer = self._answer(future)
            if kind == REFUSED:
                raise CannotGoOn(*answer)
            if kind is None:
                self._submit(task)
            else:
                yield task, kind, *answer

    def _room(self):
        """How many tasks the scheduler should know; workers come and go."""
        if monotonic() - self.looked > _LOOK:
            self.looked = monotonic()
            with self._alive():
                n_threads = sum(self.client.nthreads().values())
            if not n_threads and not self.n_wanted:
                start = f"dask worker {self.address} --nthreads 1"
                warnings.warn(f"{self.address}: has no workers yet; start some: {start}", DoubtfulResultWarning, 2)
            self.n_wanted = _WAITING * max(1, n_threads)
        return self.n_wanted

    def _submit(self, task):
        with self._alive():
            future = self.client.submit(do, *self.terms, pickle.dumps(task), pure=False, retries=0)
        self.in_flight[future] = task
        future.add_done_callback(self.ended.put)

    def _next_ended(self):
        """A future that ended; None if none did for a while."""
        try:
            return self.ended.get(timeout=1.0)
        except queue.Empty:
            if self.client.status not in ("running", "connecting"):
                raise self._gone() from None
            return None

    def _answer(self, future):
        """Kind and answer of a future that ended; kind is None if Dask lost it."""
        from distributed import KilledWorker

        try:
            return future.result(timeout=_LOOK)
        except KilledWorker:
            return (SUSPECT,)
        except (CancelledError, asyncio.CancelledError, TimeoutError, asyncio.TimeoutError):
            while self.client.status == "connecting":
                sleep(0.1)
            if self.client.status != "running":
                raise self._gone() from None
            return (None,)
        except Exception as error:  # raised on the way, where lightdiar is not there
            reason = _first_line(error.__cause__ or error)
            return REFUSED, f"{self.address}: tasks cannot be read there: {reason}. {SAME}"

    @contextmanager
    def _alive(self):
        """Tell what it means if the scheduler does not answer."""
        try:
            yield
        except (OSError, RuntimeError, CancelledError) as error:
            raise self._gone() from error

    def _gone(self):
        return ConnectionError(
            f"{self.address}: the Dask scheduler has ended. What is done is kept; start one and run again to go on."
        )


@contextmanager
def _connected(address):
    """A client of the scheduler; its tasks end with it."""
    try:
        from distributed import Client
    except ImportError:
        raise ImportError('A Dask cluster needs dask.distributed: pip install "lightdiar[dask]".') from None
    with _quiet():
        try:
            _knock(address)
            client = Client(address, timeout=_CONNECTING, set_as_default=False)
        except Exception as error:  # what a server of another kind answers may lead to anything
            reason = _first_line(error).rstrip(".") or f"nothing came in {_CONNECTING:g} s"
            raise ConnectionError(
                f"{address}: no Dask scheduler answers: {reason}. Correct the address, or start one."
            ) from None
        with client:
            yield client


def _knock(address):
    """Raise unless something that speaks as Dask does answers: half a client would take long to close."""
    from distributed.comm import connect
    from distributed.security import Security

    async def knock():
        comm = await connect(address, timeout=_CONNECTING, **Security().get_connection_args("client"))
        comm.abort()

    with ThreadPoolExecutor(1) as thread:  # in a notebook this one has an event loop already
        thread.submit(lambda: asyncio.run(asyncio.wait_for(knock(), _CONNECTING))).result()


def _first_line(error):
    return str(error).partition("\n")[0]


@contextmanager
def _quiet():
    """Keep to ourselves what Dask logs about connections; what matters becomes an error."""
    loggers = [logging.getLogger(name) for name in ("distributed", "distributed.client")]
    levels = [logger.level for logger in loggers]
    for logger in loggers:
        logger.setLevel(logging.CRITICAL + 1)
    try:
        yield
    finally:
        for logger, level in zip(loggers, levels):
            logger.setLevel(level)


@contextmanager
def _seen(folder):
    """A new file in a folder, by which a worker knows that it sees the same."""
    folder = Path(folder).resolve()
    for left in folder.glob("dask-*.seen"):  # by a run that was killed
        left.unlink(missing_ok=True)
    token = folder / f"dask-{secrets.token_hex(8)}.seen"
    token.touch(exist_ok=False)
    try:
        yield token
    finally:
        token.unlink(missing_ok=True)
