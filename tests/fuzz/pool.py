"""Worker processes under watch: one that takes too long, or dies, is replaced, and the input is a failure."""

import multiprocessing
import os
import pickle
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from multiprocessing.connection import wait
from pathlib import Path

from tests.fuzz import worker
from tests.fuzz.entries import BY_NAME, entry_of

WAITED = 6  # times the limit may pass on the clock, of a busy machine, before a case counts as one that waits for ever
RENEW_AFTER = 1000  # cases; so that what one process has cached does not hide what a fresh one would need


@dataclass(frozen=True)
class Result:
    """What became of an input."""

    number: int
    entry: str
    fault: str | None
    refused: bool
    seconds: float
    megabytes: float
    detail: str = ""


def run(
    numbers: Sequence[int],
    sounds: Mapping[str, bytes],
    *,
    seed: int = 0,
    kind: str = "",
    n_jobs: int = 2,
    seconds: float = 10.0,
    megabytes: int = 300,
) -> Iterator[Result]:
    """Run the inputs of these numbers and yield their results as they come.

    Parameters
    ----------
    numbers : sequence of int
    sounds : dict of str to bytes
        What `seeds.made` made.
    seed : int
    kind : str
        Part of the names of the entry points that are tried; empty for all.
    n_jobs : int
        Worker processes.
    seconds, megabytes : float
        Limits of each input: time of the processor; memory over the interpreter with its imports.
    """
    with tempfile.TemporaryDirectory(prefix="fuzz-") as folder:
        stored = Path(folder) / "sounds.pickle"
        stored.write_bytes(pickle.dumps(dict(sounds)))
        todo = iter(numbers)
        watched = [_Watched(seed, stored, Path(folder) / f"worker{n}", megabytes) for n in range(n_jobs)]
        try:
            for each in watched:
                each.give(next(todo, None), seed, kind)
            while busy := [each for each in watched if each.number is not None]:
                wait([each.pipe for each in busy], timeout=0.2)
                for each in busy:
                    result = each.result(seconds)
                    if result:
                        yield result
                        each.give(next(todo, None), seed, kind)
        finally:
            for each in watched:
                each.stop()


class _Watched:
    """A worker process and the input it is at."""

    def __init__(self, seed, sounds, folder, megabytes):
        self._arguments = seed, str(sounds), str(folder), megabytes
        self.number = self.entry = None
        self._start()

    def _start(self):
        context = multiprocessing.get_context("spawn")
        self.pipe, other = context.Pipe()
        self.process = context.Process(target=worker.serve, args=(other, *self._arguments), daemon=True)
        self.process.start()
        other.close()
        self.n_done, self.ready, self.worn = 0, False, False

    def give(self, number, seed, kind):
        """Hand over the next input; None if there is none."""
        if number is not None and (self.worn or self.n_done >= RENEW_AFTER):
            self.stop()
            self._start()
        self.number = number
        if number is not None:
            self.entry = entry_of(seed, number, kind).name
            self.pipe.send((self.entry, number))
            self._note_time()

    def _note_time(self):
        self.since, self.worked = time.monotonic(), _processor_time(self.process.pid)

    def result(self, seconds):
        """The result, if there is one or the time is over."""
        try:
            while self.pipe.poll():
                answer = self.pipe.recv()
                if answer == "ready":
                    self.ready = True
                    self._note_time()
                    continue
                self.n_done += 1
                found, refused, took, used, detail, self.worn = answer
                limit = max(seconds, BY_NAME[self.entry].seconds)
                if not found and took > limit:
                    found = f"time: {took:.1f} s"
                return Result(self.number, self.entry, found, refused, took, used, detail)
        except (EOFError, OSError):
            self.process.join()
            return self._lost(f"the process died ({self.process.exitcode})")
        limit = max(seconds, BY_NAME[self.entry].seconds)
        waited, worked = time.monotonic() - self.since, _processor_time(self.process.pid) - self.worked
        if (self.ready and (worked > limit + 1 or waited > WAITED * limit)) or waited > 600:
            return self._lost(f"time: stopped after {worked:.0f} s of the processor, {waited:.0f} s of the clock")
        return None

    def _lost(self, why):
        took = time.monotonic() - self.since
        self.stop()
        self._start()
        return Result(self.number, self.entry, why, False, took, 0.0)

    def stop(self):
        self.process.kill()
        self.process.join()
        self.pipe.close()


def _processor_time(process):
    """Seconds that a process and its children have worked; 0 where the system does not say."""
    try:
        numbers = Path(f"/proc/{process}/stat").read_text(encoding="ascii", errors="replace").rpartition(")")[2].split()
    except OSError:
        return 0.0
    return sum(map(int, numbers[11:15])) / os.sysconf("SC_CLK_TCK")
