"""The account of a stream: who certainly spoke when, under which name, and who turned out to be the same.

Voices are numbers; a voice gets its name when it is certain for the first time, and keeps it until a merge.
"""

from collections.abc import Iterable

import numpy as np

from lightdiar.live.evidence import Evidence
from lightdiar.live.update import Merge
from lightdiar.stages.gender import GenderModel
from lightdiar.systems.result import Diarization, Speaker
from lightdiar.timeline import Annotation, Segment, Turn

_TOUCHING = 1e-6  # seconds


class Ledger:
    """What is certain.

    Parameters
    ----------
    gender : GenderModel

    Attributes
    ----------
    merges : list of Merge
        All so far.
    """

    def __init__(self, gender: GenderModel) -> None:
        self._gender = gender
        self._turns: list[tuple[float, float, int]] = []  # start, end, number of the name; in time order
        self._number: dict[int, int] = {}  # of the name of each voice
        self._into: list[int] = []  # of each name, the one that it was merged into, or itself
        self._seconds: list[float] = []
        self._evidence: list[Evidence] = []
        self.merges: list[Merge] = []

    def add(self, segment: Segment, voice: int, mfcc: np.ndarray, f0: np.ndarray) -> Turn:
        """Take a stretch of a voice for certain, with its frames; return it under the name."""
        if voice not in self._number:
            self._number[voice] = len(self._into)
            self._into.append(len(self._into))
            self._seconds.append(0.0)
            self._evidence.append(Evidence(self._gender))
        number, start = self._number[voice], segment.start
        if self._turns and self._turns[-1][2] == number and start - self._turns[-1][1] < _TOUCHING:
            start = self._turns.pop()[0]
        self._turns.append((start, segment.end, number))
        self._seconds[number] += segment.duration
        self._evidence[number].hear(mfcc, f0)
        return Turn(segment.start, segment.end, _name(number))

    def guess(self, segments: Iterable[tuple[Segment, int]]) -> list[Turn]:
        """Segments and voices as turns; new voices have the names that come next."""
        new: dict[int, int] = {}
        turns = []
        for segment, voice in segments:
            number = self._number.get(voice)
            if number is None:
                number = new.setdefault(voice, len(self._into) + len(new))
            turns.append(Turn(segment.start, segment.end, _name(number)))
        return turns

    def merge(self, voice: int, into: int, time: float) -> list[Merge]:
        """A voice is another one: of two names the earlier one stays."""
        one, other = self._number.get(voice), self._number.get(into)
        if one is None:
            return []
        if other is None:
            self._number[into] = one
            return []
        kept, gone = min(one, other), max(one, other)
        if kept == gone:
            return []
        self._number = {voice: kept if number == gone else number for voice, number in self._number.items()}
        self._into[gone] = kept
        self._seconds[kept] += self._seconds[gone]
        self._evidence[kept].join(self._evidence[gone])
        self._evidence[gone] = Evidence(self._gender)
        self.merges.append(Merge(time, _name(gone), _name(kept)))
        return self.merges[-1:]

    def speakers(self) -> list[Speaker]:
        """All who certainly spoke so far, in order of appearance."""
        left = [number for number, into in enumerate(self._into) if number == into]
        found = [self._evidence[number] for number in left]
        return [Speaker(_name(n), self._seconds[n], one.p_female, one.p_child) for n, one in zip(left, found)]

    def result(self, duration: float, gaps: Iterable[Segment], pause: float, agreement: float) -> Diarization:
        """All turns, with the names that are left; pauses of up to `pause` seconds belong to the turn around them."""
        turns = _joined([(start, end, self._last_name(number)) for start, end, number in self._turns], gaps, pause)
        annotation = Annotation(Turn(start, end, _name(number)) for start, end, number in turns)
        seconds = annotation.seconds()
        speakers = [
            Speaker(found.name, seconds[found.name], found.p_female, found.p_child) for found in self.speakers()
        ]
        return Diarization(annotation, speakers, duration, agreement=agreement)

    def _last_name(self, number):
        while self._into[number] != number:
            number = self._into[number]
        return number


def _joined(turns, gaps, pause):
    """Turns in time order, of which those of one speaker are one if only a pause is between them, and no gap."""
    starts = [gap.start for gap in gaps]
    joined: list[tuple[float, float, int]] = []
    for start, end, number in turns:
        before = joined[-1] if joined else None
        if before and before[2] == number and start - before[1] <= pause:
            lost = np.searchsorted(starts, start + _TOUCHING) > np.searchsorted(starts, before[1] - _TOUCHING)
            if not lost:
                start = joined.pop()[0]
        joined.append((start, end, number))
    return joined


def _name(number):
    return f"SPEAKER_{number:02d}"
