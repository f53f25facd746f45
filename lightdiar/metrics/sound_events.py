"""How well sound events were found: segment by segment, or event by event.

Segments ask what is heard in each second: a class is active in a segment if any of its events touches it. Events ask
whether each was found as such, with its onset and offset. Both are those of sed_eval 0.2.1 [2]_, to the last digit
where it defines a figure; where it does not, see `lightdiar.metrics.event_counts`.

References
----------
.. [1] Mesaros, Heittola and Virtanen, "Metrics for polyphonic sound event detection", Applied Sciences 6, 2016.
.. [2] Heittola and Mesaros, "sed_eval: evaluation toolbox for sound event detection", version 0.2.1, 2018.
"""

import math
from collections.abc import Sequence

import numpy as np

from lightdiar.metrics.counts import checked_labels, places
from lightdiar.metrics.event_counts import EventCounts, SegmentCounts
from lightdiar.metrics.intervals import expanded
from lightdiar.metrics.matching import largest_matching
from lightdiar.timeline import Event

MOST_SEGMENTS = 100_000_000  # of all labels together; a thousand hours in seconds, of 27 labels
MOST_PAIRS = 10_000_000  # pairs of events that begin within the collar; 10,000 events in a minute have some 700,000
_SLACK = 1e-6  # seconds by which candidates are searched farther than the collar; more than rounding, less than matters


def segment_based(
    reference: Sequence[Event],
    estimated: Sequence[Event],
    labels: Sequence[str],
    *,
    duration: float | None = None,
    segment: float = 1.0,
) -> SegmentCounts:
    """Compare what is heard in each segment of a recording with what was reported [1]_.

    Parameters
    ----------
    reference, estimated : sequence of Event
        Truth and output for one recording; either may be empty.
    labels : sequence of str
        The classes that count, all different.
    duration : float, optional
        Seconds of the recording that count; what lies outside does not. By default up to the last offset of either:
        then an output that is too long adds segments.
    segment : float, default=1.0
        Seconds of a segment. The last one may be shorter.

    Returns
    -------
    counts : SegmentCounts
        Without events and `duration` they are all 0. What lies before 0 s does not count.

    Raises
    ------
    ValueError
        If an event has a label that is not listed, `duration` or `segment` is not a positive number, or there are
        more than 100 million segments of all labels together.

    Notes
    -----
    An onset on the border of two segments belongs to the second, an offset to the first, up to rounding as in sed_eval:
    0.3 / 0.1 is a little less than 3, so that an event that begins at 0.3 s touches the third segment of 0.1 s. For
    seconds, and fractions of them that are powers of 2, there is no rounding.

    Examples
    --------
    >>> truth = [Event(0, 2.5, "car"), Event(2.8, 4.5, "car"), Event(6, 10, "car")]
    >>> counts = segment_based(truth, [Event(1, 3.5, "car"), Event(7, 8, "car")], ["car"])
    >>> counts.micro.accuracy, round(counts.error_rate, 4)
    (0.5, 0.5556)
    >>> print(counts)
    F1 61.5 %, error rate 0.56 (0.00 substituted, 0.56 deleted, 0.00 inserted)
    """
    labels = checked_labels(labels)
    if not 0 < segment < math.inf:
        raise ValueError(f"segment={segment} must be a positive number of seconds; 1.0 is usual.")
    if duration is None:
        duration = max((event.end for event in [*reference, *estimated]), default=0.0)
    elif not 0 < duration < math.inf:
        raise ValueError(f"duration={duration} must be the positive length of the recording in seconds.")
    if duration / segment * len(labels) > MOST_SEGMENTS:
        raise ValueError(
            f"{duration:g} s in segments of {segment:g} s, of {len(labels)} labels, are too many to count; at most "
            f"{MOST_SEGMENTS} are. Take longer segments, or count parts of the recording."
        )
    n_segments = max(0, math.ceil(duration / segment))
    heard, reported = (_active(events, labels, n_segments, segment) for events in (reference, estimated))
    right, missed, wrong = heard & reported, heard & ~reported, reported & ~heard
    return SegmentCounts(
        labels,
        true_positives=right.sum(axis=0),
        false_positives=wrong.sum(axis=0),
        false_negatives=missed.sum(axis=0),
        substitutions=int(np.minimum(missed.sum(axis=1), wrong.sum(axis=1)).sum()),
        true_negatives=(~heard & ~reported).sum(axis=0),
        instead=_with_none(missed).T @ _with_none(wrong),
    )


def event_based(
    reference: Sequence[Event],
    estimated: Sequence[Event],
    labels: Sequence[str],
    *,
    collar: float = 0.2,
    offset: bool = True,
    percentage: float = 0.5,
) -> EventCounts:
    """Compare events as such: an event is found if one of its class begins, and ends, at about the same time [1]_.

    Each event is matched with at most one, and as many as possible are, whatever their order. Of the rest, in order, a
    missed event and the first false one of another class with fitting times are a substitution. How many of these
    there are can depend on the order of the events.

    Parameters
    ----------
    reference, estimated, labels
        See `segment_based`.
    collar : float, default=0.2
        Largest distance of the two onsets, seconds. There is no tolerance for rounding: 2.2 is farther than 0.2 from
        2.0 in floating point.
    offset : bool, default=True
        The offsets must fit, too; otherwise onsets alone decide.
    percentage : float, default=0.5
        Their largest distance is this fraction of the length of the true event, or the collar if that is more.

    Returns
    -------
    counts : EventCounts

    Raises
    ------
    ValueError
        If an event has a label that is not listed, `collar` or `percentage` is negative or not finite, or more than
        10 million pairs of events begin within the collar.

    Notes
    -----
    10,000 true and as many reported events in a minute take about two seconds. Memory grows with the pairs of events
    whose onsets are a collar apart at most.

    Examples
    --------
    >>> truth = [Event(0, 2.5, "car"), Event(2.8, 4.5, "car"), Event(6, 10, "car")]
    >>> counts = event_based(truth, [Event(0.2, 3.5, "car"), Event(6, 8, "car")], ["car"])
    >>> counts.f1, round(counts.error_rate, 4)
    (0.8, 0.3333)
    """
    labels = checked_labels(labels)
    for name, value in {"collar": collar, "percentage": percentage}.items():
        if not 0 <= value < math.inf:
            raise ValueError(f"{name}={value} must be 0 or more; {'0.2 s' if name == 'collar' else '0.5'} is usual.")
    true, found = _arrays(reference, labels), _arrays(estimated, labels)
    rows, columns = _fitting_times(true, found, collar, percentage if offset else math.inf)
    same = true[2][rows] == found[2][columns]
    column_of = largest_matching(rows[same], columns[same])
    matched = list(column_of), list(column_of.values())
    left = ~(np.isin(rows, matched[0]) | np.isin(columns, matched[1]))
    n_true, n_found, n_right = (
        np.bincount(classes, minlength=len(labels)) for classes in (true[2], found[2], true[2][matched[0]])
    )
    return EventCounts(
        labels,
        true_positives=n_right,
        false_positives=n_found - n_right,
        false_negatives=n_true - n_right,
        substitutions=_first_come(rows[left], columns[left]),
    )


def _arrays(events, labels):
    """Onsets, offsets and the numbers of the labels, each of shape (n_events,)."""
    starts, ends = (np.array([getattr(event, time) for event in events], float) for time in ("start", "end"))
    return starts, ends, places((event.label for event in events), labels)


def _active(events, labels, n_segments, segment):
    """In which segments an event of each label lies, if only for a moment; bool, shape (n_segments, n_labels)."""
    starts, ends, classes = _arrays(events, labels)
    first = np.clip(np.floor(starts / segment), 0, n_segments).astype(int)
    last = np.clip(np.ceil(ends / segment), 0, n_segments).astype(int)
    change = np.zeros((n_segments + 1, len(labels)), int)
    np.add.at(change, (first, classes), 1)
    np.add.at(change, (last, classes), -1)
    return change[:-1].cumsum(axis=0) > 0


def _with_none(active):
    """As numbers, and a column more: 1 where none of them is active."""
    return np.column_stack([active, ~active.any(axis=1)]).astype(int)


def _fitting_times(true, found, collar, percentage):
    """Pairs of a true event and a reported one whose times fit, as two arrays of places, sorted by both."""
    (true_starts, true_ends, _), (starts, ends, _) = true, found
    order = np.argsort(starts, kind="stable")
    low = np.searchsorted(starts[order], true_starts - collar - _SLACK)
    high = np.searchsorted(starts[order], true_starts + collar + _SLACK)
    n_near = (high - low).sum()
    if n_near > MOST_PAIRS:
        raise ValueError(
            f"{n_near} pairs of the {len(true_starts)} true and {len(starts)} reported events begin within "
            f"{collar} s of each other; at most {MOST_PAIRS} are compared. Take a smaller collar, or count segments."
        )
    rows, near = expanded(low, high)
    columns = order[near]
    reach = np.maximum(collar, percentage * (true_ends - true_starts))
    fits = np.abs(true_starts[rows] - starts[columns]) <= collar
    fits &= np.abs(true_ends[rows] - ends[columns]) <= reach[rows]
    rows, columns = rows[fits], columns[fits]
    order = np.lexsort((columns, rows))
    return rows[order], columns[order]


def _first_come(rows, columns):
    """Number of pairs if each row in turn takes the first of its columns that is left."""
    taken, served = set(), -1
    for row, column in zip(rows.tolist(), columns.tolist()):
        if row != served and column not in taken:
            taken.add(column)
            served = row
    return len(taken)
