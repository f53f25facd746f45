"""What a stream tells after each push: turns that are certain, the present guess, and who was found so far."""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from numbers import Real
from typing import TYPE_CHECKING

from lightdiar.systems.result import Diarization, Speaker
from lightdiar.timeline import Annotation, Segment, Turn


@dataclass(frozen=True)
class Gap:
    """Sound that was lost: what follows is so much later.

    Parameters
    ----------
    seconds : float

    Raises
    ------
    TypeError
        If it is no number.
    ValueError
        If it is not above 0 and finite.
    """

    seconds: float

    def __post_init__(self):
        if not isinstance(self.seconds, Real) or isinstance(self.seconds, bool):
            raise TypeError(f"a gap of {self.seconds!r} is no number of seconds; write Gap(2.5).")
        if not 0 < self.seconds < math.inf:
            raise ValueError(f"a gap of {self.seconds} s is impossible; it must be above 0 and finite.")


@dataclass(frozen=True)
class Merge:
    """Two speakers turned out to be one: the first name is given up, for all turns that had it.

    Parameters
    ----------
    time : float
        Seconds heard when it was found.
    speaker, into : str

    Examples
    --------
    >>> print(Merge(61.5, "SPEAKER_03", "SPEAKER_01"))
    merged SPEAKER_03 into SPEAKER_01
    """

    time: float
    speaker: str
    into: str

    def __str__(self) -> str:
        return f"merged {self.speaker} into {self.into}"


@dataclass(frozen=True)
class Update:
    """What a push of samples changed, and what is known so far.

    Parameters
    ----------
    time : float
        Seconds heard, gaps included.
    certain : iterable of Turn
        Turns, or pieces of turns, that became certain with this push, in time order. They never change, but for the
        names that a `Merge` gives up.
    guess : iterable of Turn
        Who probably speaks after what is certain. A speaker who is new may have another name once it is certain.
    merges : iterable of Merge
        Names given up with this push. They hold for all that was certain until then, in `certain` too; `guess` has the
        names that are left.
    speakers : iterable of Speaker
        All who certainly spoke so far, in order of appearance.
    gaps : iterable of Segment
        Gaps that were pushed.
    min_speaker_seconds : float, default=2.0
        Speakers who talked for less are not counted.

    Examples
    --------
    >>> ann, bob = Speaker("SPEAKER_00", 6.0, 0.97), Speaker("SPEAKER_01", 2.0, 0.1)
    >>> update = Update(9.0, certain=[Turn(6, 7, "SPEAKER_01")], speakers=[ann, bob])
    >>> update.counts, update.womens_share
    ({'M': 1, 'F': 1}, 0.75)
    """

    time: float
    certain: tuple[Turn, ...] = ()
    guess: tuple[Turn, ...] = ()
    merges: tuple[Merge, ...] = ()
    speakers: tuple[Speaker, ...] = ()
    gaps: tuple[Segment, ...] = ()
    min_speaker_seconds: float = 2.0

    if TYPE_CHECKING:  # takes any iterables, holds tuples

        def __init__(
            self,
            time: float,
            certain: Iterable[Turn] = (),
            guess: Iterable[Turn] = (),
            merges: Iterable[Merge] = (),
            speakers: Iterable[Speaker] = (),
            gaps: Iterable[Segment] = (),
            min_speaker_seconds: float = 2.0,
        ) -> None: ...

    def __post_init__(self):
        for name in ("certain", "guess", "merges", "speakers", "gaps"):
            object.__setattr__(self, name, tuple(getattr(self, name)))

    @property
    def counts(self) -> dict[str, int]:
        """Numbers of men, women and, only if there are any, children so far, as `Diarization.counts`."""
        return self._so_far.counts()

    @property
    def womens_share(self) -> float:
        """Share of women in the speaking time of women and men so far; NaN if there is none."""
        return self._so_far.female_share

    @property
    def _so_far(self):
        """The speakers as a result; when they spoke does not matter."""
        turns = [Turn(0, max(speaker.seconds, 0.001), speaker.name) for speaker in self.speakers]
        return Diarization(Annotation(turns), self.speakers, self.time, self.min_speaker_seconds)
