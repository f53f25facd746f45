"""How good a model is on recordings with a known truth: by segments of 1 s, and event by event.

Counts of single recordings are pooled, over folds too, and intervals are drawn by recording.
"""

import csv
import io
import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain

from lightdiar.common.tables import aligned, disarmed
from lightdiar.events.result import SoundEvents
from lightdiar.metrics.bootstrap import Interval, recording_intervals
from lightdiar.metrics.sound_events import event_based, segment_based
from lightdiar.timeline import Event

MEASURES = {"segments": "segments of 1 s", "onsets": "onset within 0.2 s", "events": "onset and offset"}
_FIGURES = ("f1", "error_rate")


@dataclass(frozen=True)
class Scored:
    """One recording: what was found, and what is there.

    Parameters
    ----------
    found : SoundEvents
        Its labels are those that the model knows.
    truth : tuple of Event
        Of all labels that count.
    """

    found: SoundEvents
    truth: tuple[Event, ...]


@dataclass(frozen=True)
class Row:
    """The figures of one label, or of all, by one measure.

    Parameters
    ----------
    measure : {"segments", "onsets", "events"}
    average : {"micro", "macro", "label"}
        Of all labels together, their mean, or of one.
    label : str
        Empty if of all.
    n_true, n_found : int
        Segments or events.
    f1, error_rate : Interval
        Of 1000 draws of the recordings, 95 %.
    """

    measure: str
    average: str
    label: str
    n_true: int
    n_found: int
    f1: Interval
    error_rate: Interval


@dataclass(frozen=True)
class Evaluation:
    """The figures of a model, or of those of all folds.

    Parameters
    ----------
    rows : tuple of Row
    unknown : tuple of str
        Labels of the truth that the model that heard them has not learnt: they count as missed.
    n_recordings : int
    """

    rows: tuple[Row, ...]
    unknown: tuple[str, ...]
    n_recordings: int

    def to_csv(self) -> str:
        """A line for each row; fractions, empty where there was nothing to measure."""
        text = io.StringIO()
        writer = csv.writer(text, lineterminator="\n")
        bounds = [f"{figure}{part}" for figure in _FIGURES for part in ("", "_low", "_high")]
        writer.writerow(["measure", "average", "label", "n_true", "n_found", *bounds])
        for row in self.rows:
            parts = [(one.value, one.low, one.high) for one in (row.f1, row.error_rate)]
            numbers = ["" if math.isnan(number) else f"{number:.6f}" for number in chain(*parts)]
            writer.writerow([row.measure, row.average, disarmed(row.label), row.n_true, row.n_found, *numbers])
        return text.getvalue()

    def __str__(self) -> str:
        lines = []
        for measure, words in MEASURES.items():
            rows = [row for row in self.rows if row.measure == measure]
            table = [(words, "true", "found", "F1 %", "95 %", "error rate", "95 %")]
            for row in rows:
                f1 = _told(row.f1, 100, 1)
                name = row.label or {"micro": "(all together)", "macro": "(mean of labels)"}[row.average]
                table.append((name, str(row.n_true), str(row.n_found), *f1, *_told(row.error_rate, 1, 2)))
            lines += [*aligned(table), ""]
        if self.unknown:
            lines.append(f"not learnt, so all of them are missed: {', '.join(self.unknown)}")
        return "\n".join(lines).rstrip("\n")


def evaluate(scored: Sequence[Scored], labels: Sequence[str], *, n_draws: int = 1000) -> Evaluation:
    """Compare what was found with the truth.

    Parameters
    ----------
    scored : sequence of Scored
        At least one; with events of the given labels only.
    labels : sequence of str
    n_draws : int, default=1000
        Draws of the recordings for the intervals.

    Returns
    -------
    evaluation : Evaluation

    Raises
    ------
    ValueError
        If there is no recording.
    """
    missing = {event.label for one in scored for event in one.truth if event.label not in one.found.labels}
    rows = []
    for measure in MEASURES:
        counts = [_counted(measure, one, labels) for one in scored]
        kinds = [("micro", ""), ("macro", ""), *(("label", label) for label in labels)]
        figures = {
            f"{number} {name}": figure for number, kind in enumerate(kinds) for name, figure in _figures(*kind).items()
        }
        intervals = recording_intervals(figures, counts, n_draws=n_draws)
        whole = sum(counts)
        for number, (kind, label) in enumerate(kinds):
            place = labels.index(label) if label else slice(None)
            n_true, n_found = (int(part[place].sum()) for part in (whole.n_reference, whole.n_estimated))
            both = (intervals[f"{number} {name}"] for name in _FIGURES)
            rows.append(Row(measure, kind, label, n_true, n_found, *both))
    return Evaluation(tuple(rows), tuple(sorted(missing)), len(scored))


def _counted(measure, one, labels):
    """The counts of one recording by one measure."""
    truth, found = one.truth, one.found.events
    if measure == "segments":
        return segment_based(truth, found, labels, duration=one.found.duration or None)
    return event_based(truth, found, labels, offset=measure == "events")


def _figures(kind, label):
    """What gives the figures of counts; those of the same counts are computed once."""
    if kind == "label":
        part = lru_cache(maxsize=1)(lambda counts: counts.of(label))
    else:
        part = lru_cache(maxsize=1)(lambda counts: counts.micro if kind == "micro" else counts.macro())
    return {name: lambda counts, name=name: getattr(part(counts), name) for name in _FIGURES}


def _told(interval, factor, digits):
    """An interval as two texts: its value, and its bounds."""
    if math.isnan(interval.value):
        return "-", ""
    value, *bounds = (f"{factor * number:.{digits}f}" for number in (interval.value, interval.low, interval.high))
    return value, f"[{', '.join(bounds)}]"
