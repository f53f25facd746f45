"""A stream of which nothing is told until it ends: a `Diarizer` on a thread of its own, fed through a queue."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from queue import Full, Queue
from threading import Thread
from typing import Any

import numpy as np

from lightdiar.live.news import News
from lightdiar.live.update import Merge
from lightdiar.signal.frontend import SAMPLE_RATE
from lightdiar.systems.diarizer import Diarizer
from lightdiar.systems.result import Diarization
from lightdiar.timeline import Segment, difference

_BLOCK, _MOST_BLOCKS = 10 * SAMPLE_RATE, 6  # samples, and blocks of so many in the queue: a minute
_PATIENCE = 0.2  # seconds between looks at whether the thread has failed


class Whole:
    """What `Diarizer.predict_blocks` finds in sound that is pushed; where sound was lost, it hears silence.

    All raise what the diarizer raised.

    Parameters
    ----------
    diarizer : Diarizer
    """

    merges: Sequence[Merge] = ()  # names are given at the end

    def __init__(self, diarizer: Diarizer) -> None:
        self._queue: Queue[np.ndarray | None] = Queue(_MOST_BLOCKS)
        self._n_samples = 0
        self._result: Any = None  # until the thread has ended
        self._failure: Exception | None = None
        self._thread = Thread(
            target=self._work, args=(diarizer,), daemon=True
        )  # it must not keep a program from ending
        self._thread.start()

    def hear(self, samples: np.ndarray) -> News:
        """Hear samples at 16 kHz."""
        for start in range(0, len(samples), _BLOCK):
            self._put(samples[start : start + _BLOCK])
        return News()

    def skip(self, rest: np.ndarray, gap: Segment) -> News:
        """Hear the last samples before a gap, and so much silence that what follows comes when it should."""
        self.hear(rest)
        n_samples = round(gap.end * SAMPLE_RATE) - self._n_samples
        for start in range(0, n_samples, _BLOCK):
            self._put(np.zeros(min(_BLOCK, n_samples - start), np.float32))
        return News()

    def finish(self, rest: np.ndarray, duration: float, gaps: Sequence[Segment]) -> Diarization:
        """The result, after the last samples; no turn is in a gap."""
        self.hear(rest)
        self._put(None)
        self._thread.join()
        if self._failure:
            raise self._failure
        return without(self._result, gaps) if gaps else self._result

    def _put(self, block):
        self._n_samples += 0 if block is None else len(block)
        while True:
            if self._failure:
                raise self._failure
            try:
                return self._queue.put(block, timeout=_PATIENCE)
            except Full:
                continue

    def _blocks(self) -> Iterator[np.ndarray]:
        while (block := self._queue.get()) is not None:
            yield block

    def _work(self, diarizer):
        try:
            self._result = diarizer.predict_blocks(self._blocks())
        except Exception as error:  # for whoever pushes next
            self._failure = error


def without(result: Diarization, gaps: Sequence[Segment]) -> Diarization:
    """A result whose turns end at gaps."""
    held = result.annotation.crop(difference([Segment(0, result.duration)], gaps))
    seconds = held.seconds()
    speakers = tuple(
        replace(speaker, seconds=seconds[speaker.name]) for speaker in result.speakers if speaker.name in seconds
    )
    return replace(result, annotation=held, speakers=speakers)
