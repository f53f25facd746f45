"""Who speaks when, and what else is heard: segments, turns, events and annotations as values, and their algebra.

All times are seconds from the start of the recording; intervals are half-open, ``[start, end)``.
All values are immutable: operations return new ones.
"""

import math
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from lightdiar.common.notation import count_of

if TYPE_CHECKING:
    import pandas as pd

FRAME_COLUMNS = ["recording", "start", "end", "speaker"]


@dataclass(frozen=True, order=True)
class Segment:
    """An interval ``[start, end)``.

    Parameters
    ----------
    start, end : float
        Finite seconds, with end after start.

    Raises
    ------
    ValueError
        If a time is not finite, or the end is not after the start.
    TypeError
        If a time is no number.
    """

    start: float
    end: float

    def __post_init__(self):
        for name in ("start", "end"):
            object.__setattr__(self, name, _seconds(name, getattr(self, name)))
        if not (math.isfinite(self.start) and math.isfinite(self.end) and self.end > self.start):
            raise ValueError(
                f"a segment needs finite seconds with end > start; got start={self.start}, end={self.end}. "
                "Drop empty segments, and swap the two times if they are in the wrong order."
            )

    @property
    def duration(self) -> float:
        """Length in seconds."""
        return self.end - self.start

    def overlap(self, other: "Segment") -> float:
        """Seconds shared with another segment (0.0 if they do not overlap)."""
        return max(0.0, min(self.end, other.end) - max(self.start, other.start))


@dataclass(frozen=True, order=True)
class Turn(Segment):
    """A segment in which one speaker talks.

    Parameters
    ----------
    start, end : float
        Seconds, as in `Segment`.
    speaker : str
        Name of the speaker; not empty.
    """

    speaker: str

    def __post_init__(self):
        super().__post_init__()
        if not isinstance(self.speaker, str):
            raise TypeError(f"a speaker's name must be a string; got {self.speaker!r}. Use str({self.speaker!r}).")
        if not self.speaker:
            raise ValueError(f"the turn from {self.start} to {self.end} s needs a speaker; got an empty name.")

    @property
    def segment(self) -> Segment:
        """The turn without its speaker."""
        return Segment(self.start, self.end)


@dataclass(frozen=True, order=True)
class Event(Segment):
    """A segment in which a sound is heard.

    Parameters
    ----------
    start, end : float
        Seconds, as in `Segment`; onset and offset.
    label : str
        What it is; not empty.
    probability : float, default=1.0
        How sure it is, 0 to 1; 1 if a person said so.
    """

    label: str
    probability: float = 1.0

    def __post_init__(self):
        super().__post_init__()
        if not isinstance(self.label, str):
            raise TypeError(f"a label must be a string; got {self.label!r}. Use str({self.label!r}).")
        if not self.label:
            raise ValueError(f"the event from {self.start} to {self.end} s needs a label; got an empty one.")
        if not 0 <= self.probability <= 1:
            raise ValueError(f"a probability is from 0 to 1; the event at {self.start} s has {self.probability}.")


def union(segments: Iterable[Segment], max_gap: float = 0.0) -> list[Segment]:
    """Join segments (or turns) that overlap, touch, or lie at most `max_gap` seconds apart.

    Returns
    -------
    segments : list of Segment
        Disjoint and in time order.

    Raises
    ------
    ValueError
        If `max_gap` is less than 0.

    Examples
    --------
    >>> union([Segment(2, 3), Segment(0, 1), Segment(0.5, 1.5)])
    [Segment(start=0.0, end=1.5), Segment(start=2.0, end=3.0)]
    """
    if not max_gap >= 0:
        raise ValueError(f"max_gap={max_gap} must be seconds, 0 or more; 0 joins what touches.")
    spans: list[list[float]] = []
    for segment in sorted(segments, key=lambda segment: segment.start):
        if spans and segment.start - spans[-1][1] <= max_gap:
            spans[-1][1] = max(spans[-1][1], segment.end)
        else:
            spans.append([segment.start, segment.end])
    return [Segment(start, end) for start, end in spans]


def difference(segments: Iterable[Segment], holes: Iterable[Segment]) -> list[Segment]:
    """The parts of segments that lie in none of the holes, disjoint and in time order.

    Examples
    --------
    >>> difference([Segment(0, 5)], [Segment(1, 2), Segment(4, 9)])
    [Segment(start=0.0, end=1.0), Segment(start=2.0, end=4.0)]
    """
    gaps = union(holes)
    ends = [gap.end for gap in gaps]
    rest = []
    for segment in union(segments):
        start, place = segment.start, bisect_right(ends, segment.start)
        while place < len(gaps) and gaps[place].start < segment.end:
            if gaps[place].start > start:
                rest.append(Segment(start, gaps[place].start))
            start, place = gaps[place].end, place + 1
        if start < segment.end:
            rest.append(Segment(start, segment.end))
    return rest


@dataclass(frozen=True, repr=False)
class Annotation:
    """Who speaks when in one recording. Turns of different speakers may overlap.

    Parameters
    ----------
    turns : iterable of Turn
        In any order; stored as a tuple sorted by start, end and speaker.
    recording : str, default=""
        Name of the recording.

    Examples
    --------
    >>> talk = Annotation([Turn(2, 3, "ann"), Turn(0, 2.5, "bob")], "news")
    >>> talk
    <Annotation news: 2 turns, 2 speakers, 3.0 s of speech>
    >>> talk.seconds()
    {'ann': 1.0, 'bob': 2.5}
    """

    turns: tuple[Turn, ...] = ()
    recording: str = ""

    if TYPE_CHECKING:  # takes any iterable, holds a tuple

        def __init__(self, turns: Iterable[Turn] = (), recording: str = "") -> None: ...

    def __post_init__(self):
        turns = tuple(self.turns)
        for turn in turns:
            if not isinstance(turn, Turn):
                raise TypeError(f"an annotation holds turns; got {turn!r}. Use Turn(start, end, speaker).")
        object.__setattr__(self, "turns", tuple(sorted(turns)))

    def __len__(self) -> int:
        return len(self.turns)

    def __iter__(self) -> Iterator[Turn]:
        return iter(self.turns)

    def __repr__(self) -> str:
        speech = sum(segment.duration for segment in self.speech())
        name = f" {self.recording}" if self.recording else ""
        return (
            f"<Annotation{name}: {count_of(len(self), 'turn')}, {count_of(len(self.speakers), 'speaker')}, "
            f"{speech:.1f} s of speech>"
        )

    @property
    def speakers(self) -> list[str]:
        """Names of the speakers, sorted."""
        return sorted({turn.speaker for turn in self.turns})

    def speech(self) -> list[Segment]:
        """Where anyone speaks, as disjoint segments."""
        return union(self.turns)

    def seconds(self) -> dict[str, float]:
        """Speaking time of each speaker in seconds; overlapping turns of the same speaker count once."""
        return {
            speaker: math.fsum(segment.duration for segment in union(turns))
            for speaker, turns in self._turns_by_speaker().items()
        }

    def main_speaker(self, segment: Segment) -> str | None:
        """Who speaks longest in a segment, of equals the first by name; None if nobody does."""
        seconds = self.crop(segment).seconds()
        return max(seconds, key=lambda speaker: seconds[speaker], default=None)

    def crop(self, segments: Segment | Iterable[Segment]) -> "Annotation":
        """Keep the parts of turns that lie inside a segment, or inside any of several."""
        inside = union([segments] if isinstance(segments, Segment) else segments)
        ends = [segment.end for segment in inside]
        turns = []
        for turn in self.turns:
            for segment in inside[bisect_right(ends, turn.start) :]:
                if segment.start >= turn.end:
                    break
                turns.append(Turn(max(turn.start, segment.start), min(turn.end, segment.end), turn.speaker))
        return Annotation(turns, self.recording)

    def relabel(self, mapping: Mapping[str, str]) -> "Annotation":
        """Rename speakers by a dict; those not in it keep their names, and several may share a new one."""
        turns = (Turn(turn.start, turn.end, mapping.get(turn.speaker, turn.speaker)) for turn in self.turns)
        return Annotation(turns, self.recording)

    def fill_gaps(self, max_gap: float) -> "Annotation":
        """Join turns of the same speaker at most `max_gap` seconds apart (with 0, only those that touch or overlap)."""
        turns = (
            Turn(segment.start, segment.end, speaker)
            for speaker, own in self._turns_by_speaker().items()
            for segment in union(own, max_gap)
        )
        return Annotation(turns, self.recording)

    def itertracks(self, yield_label: bool = False) -> Iterator[tuple[Any, ...]]:
        """Iterate as pyannote does: (Segment, track), or (Segment, track, speaker) with `yield_label`.

        The track is the index of the turn.
        """
        for track, turn in enumerate(self.turns):
            yield (turn.segment, track, turn.speaker) if yield_label else (turn.segment, track)

    def to_frame(self) -> "pd.DataFrame":
        """Convert to a DataFrame with one row per turn and columns recording, start, end, speaker."""
        import pandas as pd

        rows = [(self.recording, turn.start, turn.end, turn.speaker) for turn in self.turns]
        return pd.DataFrame(rows, columns=FRAME_COLUMNS)

    @classmethod
    def from_frame(cls, frame: "pd.DataFrame") -> "Annotation":
        """Create an annotation from a DataFrame with columns start, end, speaker and optionally recording.

        Raises
        ------
        ValueError
            If a column is missing or the rows belong to several recordings.
        """
        missing = [column for column in FRAME_COLUMNS[1:] if column not in frame.columns]
        if missing:
            raise ValueError(
                f"the table lacks {', '.join(missing)}; it has {', '.join(map(str, frame.columns))}. "
                "Rename its columns to start, end, speaker."
            )
        recordings = frame["recording"].unique().tolist() if "recording" in frame.columns else []
        if len(recordings) > 1:
            raise ValueError(
                f"the table contains {len(recordings)} recordings; an annotation holds only one. "
                'Use {name: Annotation.from_frame(rows) for name, rows in frame.groupby("recording")}.'
            )
        rows = zip(frame["start"], frame["end"], frame["speaker"])
        return cls((Turn(*row) for row in rows), recordings[0] if recordings else "")

    def _turns_by_speaker(self) -> dict[str, list[Turn]]:
        turns: dict[str, list[Turn]] = {speaker: [] for speaker in self.speakers}
        for turn in self.turns:
            turns[turn.speaker].append(turn)
        return turns


def check_annotation(annotation: object) -> Annotation:
    """The annotation; TypeError if it is anything else."""
    if not isinstance(annotation, Annotation):
        raise TypeError(
            f"an Annotation is needed; got {type(annotation).__name__}. "
            "read_turns gives one per recording in a dict, and a Diarization holds one as .annotation."
        )
    return annotation


def check_segments(segments: Segment | Iterable[Segment], name: str) -> list[Segment]:
    """A segment or several as a list; TypeError, in which they have this name, if anything else is among them."""
    held = [segments] if isinstance(segments, Segment) else list(segments)
    if odd := [segment for segment in held if not isinstance(segment, Segment)]:
        raise TypeError(f"{name} holds segments; got {odd[0]!r:.80}. Use Segment(start, end), in seconds.")
    return held


def _seconds(name, time):
    try:
        return float(time)
    except (TypeError, ValueError) as error:
        raise type(error)(f"{name}={time!r:.40} must be seconds, such as 12.5.") from None
