"""A passage, sound without gaps, followed as it goes on: where there is speech, and which voice it is.

What lies back by the latency is certain. Speech and voices of all that is later are looked at again with each step, and
what is certain stands fast in it: it is the past that the search for the best path starts from.
"""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from lightdiar.live.hearing import Hearing, Loudness
from lightdiar.live.people import People
from lightdiar.signal.frames import runs
from lightdiar.signal.frontend import GRID, SAMPLE_RATE
from lightdiar.stages.segmentation import fill_pauses, widen_turns, window_of_frame
from lightdiar.stages.speech import SpeechDetector

WINDOW, SHIFT = 150, 75  # frames, as offline
_SHORT = 1.3  # windows: shorter runs of speech stay whole
_PAUSE_IN_SEGMENT, _EDGE = 30, 5  # frames, as offline
_FIRM = 30.0  # nats: the log odds of what is certain
_GUARD, _CONTEXT = 100, 400  # frames of the certain past that the search for speech and that for pauses starts from


@dataclass(frozen=True, eq=False)
class Stretch:
    """Frames of one voice.

    Parameters
    ----------
    start, end : int
        First frame, and end.
    voice : int
    """

    start: int
    end: int
    voice: int


class Passage:
    """The speech and the voices of a sound without gaps.

    Parameters
    ----------
    detector : SpeechDetector
    loudness : Loudness
    people : People
    latency : int
        Frames after which all is certain.
    pause : int
        Pauses of up to so many frames belong to the turn around them.

    Attributes
    ----------
    n_certain : int
        Number of frames that are certain.
    """

    def __init__(self, detector: SpeechDetector, loudness: Loudness, people: People, latency: int, pause: int) -> None:
        self._detector, self._people, self._latency, self._pause = detector, people, latency, pause
        self.hearing = Hearing(detector, loudness)
        self.n_certain, self._n_samples = 0, 0
        self._open = 0  # where the first window begins that is not certain
        self._first = 0  # frame at which the two below begin
        self._speech, self._voice = np.zeros(0, bool), np.zeros(0, int)  # certain first, then guessed

    def push(self, samples: np.ndarray, *, last: bool = False) -> tuple[list[Stretch], list[Stretch]]:
        """Hear a step of samples at 16 kHz; all is certain after the last one.

        Returns
        -------
        certain, guess : list of Stretch
            What became certain with it, and what is guessed about the time after that, in time order.
        """
        self.hearing.push(samples)
        self._n_samples += len(samples)
        n, before = self.hearing.n_frames, self.n_certain
        due = n if last else min(n, self._n_samples // GRID.hop_length - self._latency)
        self.n_certain = max(before, due)
        self._forget()
        self._find_speech(before)
        self._find_voices(before)
        labels = widen_turns(fill_pauses(self._voice, self._pause), _EDGE)
        return self._stretches(labels, before, self.n_certain), self._stretches(labels, self.n_certain, n)

    @property
    def seconds(self) -> float:
        """Seconds heard so far."""
        return self._n_samples / SAMPLE_RATE

    def frames(self, stretch: Stretch) -> tuple[np.ndarray, np.ndarray]:
        """Cepstra (n_frames, 24) and F0 (n_frames,) of a stretch that has just become certain."""
        own = slice(stretch.start - self.hearing.first, stretch.end - self.hearing.first)
        return self.hearing.mfcc[own], self.hearing.f0[own]

    @staticmethod
    def time_of(edge: int) -> float:
        """Seconds from the start to the boundary before a frame, as in `FrameGrid`: its step is in the middle of it."""
        middle = edge * GRID.hop_length + (GRID.frame_length - GRID.hop_length) / 2
        return middle / SAMPLE_RATE if edge else 0.0

    def rename(self, voice: int, into: int) -> None:
        """A voice is another one."""
        self._voice[self._voice == voice] = into

    def _find_speech(self, before):
        """Decide about all that was not certain before."""
        n, first = self.hearing.n_frames, max(self._first, before - _GUARD)
        odds = self.hearing.odds[first - self.hearing.first :].copy()
        known = self._speech[first - self._first : before - self._first]
        odds[: len(known)] = np.where(known, _FIRM, -_FIRM)
        found = self._detector.best_path(odds)[before - first : n - first]
        self._speech = np.concatenate([self._speech[: before - self._first], found])

    def _find_voices(self, before):
        """Likewise; windows that lie in what is certain now are remembered."""
        n, first, hearing = self.hearing.n_frames, max(self._first, before - _CONTEXT), self.hearing
        spoken = fill_pauses(np.where(self._speech[first - self._first :], 0, -1), _PAUSE_IN_SEGMENT) == 0
        spoken[: max(0, self._open - first)] = False
        windows = cut_windows(spoken) + first
        voice = np.full(n - before, -1)
        if len(windows):
            origin = max(hearing.first, windows[0, 0] - 2)
            around = slice(origin - hearing.first, None)
            pieces = self._people.pieces(hearing.mfcc[around], self._speech[origin - self._first :], windows - origin)
            points = self._people.points(pieces)
            said = np.array([self._last_said(start, min(end, before)) for start, end in windows])
            judged = self._people.judge(points, said)
            here = window_of_frame(windows - first, n - first)[before - first :]
            voice = np.where(spoken[before - first :] & (here >= 0), judged[here], -1)
        self._voice = np.concatenate([self._voice[: before - self._first], voice])
        self._people.say(int(voice[: self.n_certain - before].max(initial=-1)))
        self._open = self.n_certain
        for row, (start, end) in enumerate(windows):
            if end > self.n_certain:
                self._open = min(start, self.n_certain)  # where speech yet to come begins may still move
                break
            said = self._voice[start - self._first : end - self._first]
            self._people.remember(pieces[row], points[row], judged[row], said[said >= 0])

    def _last_said(self, start, end):
        """The last certain voice from a frame to another, or -1."""
        voice = self._voice[start - self._first : max(start, end) - self._first]
        voice = voice[voice >= 0]
        return voice[-1] if len(voice) else -1

    def _stretches(self, labels, start, end):
        own = labels[start - self._first : end - self._first]
        edges = np.flatnonzero(np.diff(own, prepend=-2, append=-2))
        return [Stretch(start + int(a), start + int(b), int(own[a])) for a, b in pairwise(edges) if own[a] >= 0]

    def _forget(self):
        """Keep what the features are kept of."""
        n = self.hearing.first - self._first
        if n > 0:
            self._speech, self._voice, self._first = self._speech[n:].copy(), self._voice[n:].copy(), self.hearing.first


def cut_windows(mask: np.ndarray) -> np.ndarray:
    """Cut runs of speech that go on into overlapping windows, int, shape (n_windows, 2).

    As `lightdiar.stages.segmentation.uniform_windows`, but each window keeps its place while the run grows; only the
    last one moves with its end.
    """
    windows = []
    for start, end in runs(mask):
        if end - start <= _SHORT * WINDOW:
            windows.append((start, end))
            continue
        starts = [*range(start, end - WINDOW + 1, SHIFT)]
        if starts[-1] + WINDOW < end:
            starts.append(end - WINDOW)
        windows += [(first, first + WINDOW) for first in starts]
    return np.array(windows, int).reshape(-1, 2)
