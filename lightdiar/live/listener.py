"""From 16 kHz sound, with gaps, to who certainly spoke and who probably does."""

from collections.abc import Iterable, Sequence

import numpy as np

from lightdiar.live.hearing import Loudness
from lightdiar.live.ledger import Ledger
from lightdiar.live.news import News
from lightdiar.live.passage import Passage
from lightdiar.live.people import People
from lightdiar.live.update import Merge
from lightdiar.signal.frontend import GRID
from lightdiar.systems import bundle
from lightdiar.systems.diarizer import Diarizer
from lightdiar.systems.result import Diarization
from lightdiar.timeline import Segment, Turn


class Listener:
    """Follows one passage after another; voices are remembered over the gaps between them.

    Parameters
    ----------
    diarizer : Diarizer
        Its models, settings and most speakers hold here too.
    step, latency : int
        Frames.
    """

    def __init__(self, diarizer: Diarizer, step: int, latency: int) -> None:
        models = diarizer.models or bundle.load()
        self._settings, self._latency, self._step_length = diarizer.settings, latency, step * GRID.hop_length
        self._detector = models.speech.biased(diarizer.settings.speech_bias)
        self._people = People(models.embedder, diarizer.settings, diarizer.max_speakers)
        self._ledger, self._loudness = Ledger(models.gender), Loudness()
        self._held = np.zeros(0, np.float32)
        self._guess: list[Turn] = []
        self._begin(0.0)

    @property
    def merges(self) -> Sequence[Merge]:
        """All so far."""
        return self._ledger.merges

    def hear(self, samples: np.ndarray) -> News:
        """Hear samples at 16 kHz, which are worked on in whole steps."""
        self._held = np.concatenate([self._held, samples])
        certain, merges = [], []
        while len(self._held) >= self._step_length:
            step, self._held = self._held[: self._step_length], self._held[self._step_length :]
            found, became = self._advance(step)
            certain += found
            merges += became
        self._held = self._held.copy()  # a view would keep the whole block
        return News(certain, self._guess, merges, self._ledger.speakers())

    def skip(self, rest: np.ndarray, gap: Segment) -> News:
        """End the passage with the last samples before a gap; the next one begins after it."""
        before = self.hear(rest)
        certain, merges = self._advance(self._held, end=gap.start)
        self._begin(gap.end)
        return News([*before.certain, *certain], (), [*before.merges, *merges], self._ledger.speakers())

    def finish(self, rest: np.ndarray, duration: float, gaps: Iterable[Segment]) -> Diarization:
        """The result, after the last samples."""
        self.hear(rest)
        self._advance(self._held, end=duration)
        agreement = self._people.review(last=True)
        self._merge(duration)
        return self._ledger.result(duration, gaps, self._settings.pause, agreement)

    def _begin(self, start):
        """Begin a passage at a time."""
        self._start, self._held = start, self._held[:0]
        pause = round(self._settings.pause / GRID.step)
        self._passage = Passage(self._detector, self._loudness, self._people, self._latency, pause)
        self._guess = []

    def _advance(self, samples, end=None):
        """Work on a step, or on the last samples of a passage, which ends at a time."""
        certain, guess = self._passage.push(samples, last=end is not None)
        turns = [
            self._ledger.add(self._segment(stretch, end), stretch.voice, *self._passage.frames(stretch))
            for stretch in certain
        ]
        self._people.review()
        merges = self._merge(self._start + self._passage.seconds)
        self._guess = self._ledger.guess((self._segment(stretch, None), stretch.voice) for stretch in guess)
        return turns, merges

    def _merge(self, time):
        """Tell all of the voices that turned out to be others."""
        merges = []
        for voice, into in self._people.merged():
            self._passage.rename(voice, into)
            merges += self._ledger.merge(voice, into, time)
        return merges

    def _segment(self, stretch, end):
        """When a stretch was heard; what reaches to the last frame ends with the passage, if it has ended."""
        start, stop = (self._start + self._passage.time_of(edge) for edge in (stretch.start, stretch.end))
        if end is not None:
            stop = end if stretch.end == self._passage.hearing.n_frames else min(stop, end)
        return Segment(start, stop)
