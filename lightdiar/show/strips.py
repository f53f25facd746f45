"""Rows of events under a timeline: a row for each label, and no more rows and bars than can be seen."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise

from lightdiar.timeline import Event, Segment, union

_MOST = 12  # labels with a row of their own


@dataclass(frozen=True)
class Strip:
    """A row of events.

    Parameters
    ----------
    labels : tuple of str
        One; in the last row perhaps many, which are heard less than those above.
    events : tuple of Event
        In time order.
    """

    labels: tuple[str, ...]
    events: tuple[Event, ...]

    @property
    def name(self) -> str:
        """The label, or how many others there are."""
        return self.labels[0] if len(self.labels) == 1 else f"{len(self.labels)} others"

    @property
    def seconds(self) -> float:
        """How long any of its events is heard."""
        return sum(segment.duration for segment in union(self.events))

    def bars(self, most: int) -> list[Segment]:
        """Where any of its events is heard: at most so many segments, those joined that are nearest to each other."""
        segments = union(self.events)
        gaps = sorted(later.start - sooner.end for sooner, later in pairwise(segments))
        return segments if len(segments) <= most else union(segments, gaps[len(segments) - most - 1])


def strips(events: Iterable[Event], most: int = _MOST) -> list[Strip]:
    """Events by label, the label that is heard longest first; those beyond `most` share one more row."""
    by_label: dict[str, list[Event]] = {}
    for event in sorted(events):
        by_label.setdefault(event.label, []).append(event)
    rows = [Strip((label,), tuple(own)) for label, own in sorted(by_label.items())]
    rows.sort(key=lambda row: -row.seconds)
    if len(rows) <= most + 1:
        return rows
    labels = (row.labels[0] for row in rows[most:])
    others = (event for row in rows[most:] for event in row.events)
    return [*rows[:most], Strip(tuple(labels), tuple(sorted(others)))]
