"""Lists of sound events: what is heard when in each recording, as the DCASE challenges [1]_ and spreadsheets write it.

A line is an event, ``file scene onset offset label``, or shorter ``file onset offset label`` or ``onset offset label``;
a line of only the file, or file and scene, is a recording in which nothing is listed. Fields are separated by tabs,
commas, semicolons or blanks; what follows the label is left out. A list with a header may have its columns in any
order, and RTTM its ten fields. Times are seconds.

References
----------
.. [1] Mesaros, Heittola and Virtanen, "TUT database for acoustic scene classification and sound event detection",
   EUSIPCO, 2016.
"""

import csv
import io
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field

from lightdiar.common.files import PathLike
from lightdiar.common.tables import disarmed, shortened
from lightdiar.errors import SpeakerNameError
from lightdiar.io.event_rows import event_rows
from lightdiar.io.lab import audacity_text
from lightdiar.io.lines import listed, milliseconds, name_after, number_of, place_of, segment_of
from lightdiar.io.textgrid import textgrid_text
from lightdiar.io.turns import written_name
from lightdiar.timeline import Annotation, Event, Turn

SUBSETS = ("train", "validation", "test")


@dataclass(frozen=True)
class ListedRecording:
    """What a list says of one recording.

    Parameters
    ----------
    events : tuple of Event
        In the order of the list.
    scene : str, default=""
        Where it was recorded, if the list says so.
    subset : {"", "train", "validation", "test"}, default=""
        What it is for, if the list has such a column.
    fold : int, optional
        The fold in which it is tested, if the list has such a column.
    line : int, default=0
        The first line that names it.
    lines : tuple of int, default=()
        The line of each event.
    named : bool, default=True
        Whether the list names it, or it has the name of the list.
    """

    events: tuple[Event, ...] = ()
    scene: str = ""
    subset: str = ""
    fold: int | None = None
    line: int = field(default=0, compare=False)
    lines: tuple[int, ...] = field(default=(), compare=False)
    named: bool = field(default=True, compare=False)


def read_event_list(path: PathLike, labels: Collection[str] | None = None) -> dict[str, ListedRecording]:
    """Read what is heard when in each recording of a list.

    Parameters
    ----------
    path : str or Path
        See `lightdiar.io.event_lists` for its forms. A header names at least the columns label, and onset and offset
        (or start and end), or a duration in place of the offset; where it names no onset either, it is 0. Recordings
        are in a column path, file, filename or recording. Columns scene, probability, subset (train, validation or
        test) and fold are read, others are left out.
    labels : collection of str, optional
        All that may be there; by default any.

    Returns
    -------
    recordings : dict of str to ListedRecording
        By name as it is written, in order of first appearance. Where no recording is named, the events are those of
        one that has the name of the list without its ending.

    Raises
    ------
    FormatError
        If an offset is not after its onset, a time is not finite, negative or beyond 1000 hours, a label is missing
        or not one of `labels`, or a recording has two scenes, subsets or folds.

    Examples
    --------
    >>> import os, tempfile
    >>> path = os.path.join(tempfile.mkdtemp(), "meta.txt")
    >>> with open(path, "w") as file:
    ...     _ = file.write("audio/b099.wav street 0.2 2.5 car")
    >>> read_event_list(path)["audio/b099.wav"].events
    (Event(start=0.2, end=2.5, label='car', probability=1.0),)
    """
    found: dict[str, _Found] = {}
    for number, line, row in event_rows(path):
        with place_of(path, number, line):
            recording = found.setdefault(row.get("recording") or name_after(path), _Found(number))
            recording.named |= "recording" in row
            _note(recording, row)
            if any(name in row for name in ("onset", "offset", "label")):
                recording.events.append(_event(row, labels))
                recording.lines.append(number)
    return {
        name: ListedRecording(tuple(of.events), of.scene, of.subset, of.fold, of.line, tuple(of.lines), of.named)
        for name, of in found.items()
    }


@dataclass
class _Found:
    """What was read of a recording so far."""

    line: int
    scene: str = ""
    subset: str = ""
    fold: int | None = None
    events: list[Event] = field(default_factory=list)
    lines: list[int] = field(default_factory=list)
    named: bool = False


def _note(recording, row):
    """Remember scene, subset and fold of a recording; ValueError if it had others before."""
    told = {"scene": row.get("scene"), "subset": row.get("subset", "").lower(), "fold": row.get("fold")}
    if told["subset"] and told["subset"] not in SUBSETS:
        raise ValueError(f"the subset is train, validation or test, not {shortened(told['subset'], 50)}")
    if told["fold"]:
        if not (told["fold"].isdecimal() and len(told["fold"]) < 10):
            raise ValueError(f"the fold is a whole number, not {shortened(told['fold'], 50)}")
        told["fold"] = int(told["fold"])
    for name, value in told.items():
        before = getattr(recording, name)
        if value in (None, ""):
            continue
        if before not in (None, "", value):
            raise ValueError(f"the {name} of this recording was {shortened(str(before), 50)} before")
        setattr(recording, name, value)


def _event(row, labels):
    """The event of a row."""
    label = row.get("label")
    if not label:
        raise ValueError("the label is missing")
    if labels is not None and label not in labels:
        raise ValueError(f"the label {shortened(label, 50)} is not known; labels are {listed(sorted(labels), 20)}")
    if "offset" not in row and "duration" not in row:
        raise ValueError("the offset is missing")
    if "onset" not in row and "offset" in row:
        raise ValueError("the onset is missing")
    onset = number_of(row.get("onset", "0"))
    # sums such as 0.1 + 0.2 miss the decimal that was meant: round to nanoseconds
    offset = number_of(row["offset"]) if "offset" in row else round(onset + number_of(row["duration"]), 9)
    if offset <= onset:
        raise ValueError("the offset must be after the onset")
    segment_of(onset, offset)
    return Event(onset, offset, label, _probability(row.get("probability", "1")))


def _probability(text):
    try:
        return float(text)
    except ValueError:
        raise ValueError(f"the probability is a number from 0 to 1, not {shortened(text, 50)}") from None


def dcase_text(recordings: Mapping[str, ListedRecording]) -> str:
    """Format events as a DCASE list, fields between tabs: file, scene if there is one, onset, offset, label.

    A recording without events is a line of its own; one without a name has lines without a file. Events that round to
    0 ms are left out.

    Raises
    ------
    ValueError
        If a name or a label cannot stand between tabs.

    Examples
    --------
    >>> street = ListedRecording((Event(0.5, 2, "car"),), "street")
    >>> print(dcase_text({"a.wav": street, "b.wav": ListedRecording()}).expandtabs(8), end="")
    a.wav   street  0.500   2.000   car
    b.wav
    """
    lines = []
    for name, recording in recordings.items():
        place = [_written(text, "A DCASE list") for text in (name, recording.scene) if text]
        events = [fields for fields, _ in _written_events(recording.events, "A DCASE list")]
        lines += ["\t".join([*place, *fields]) for fields in events] or ["\t".join(place)] * bool(place)
    return "".join(f"{line}\n" for line in lines)


def csv_text(recordings: Mapping[str, ListedRecording]) -> str:
    """Format events as CSV with the columns recording, onset, offset, label, probability.

    Columns scene, subset and fold follow if anything is known of them. A recording without events is a row of its
    own. No spreadsheet takes a name for a formula: see `lightdiar.common.tables.disarmed`. Events that round to 0 ms
    are left out.

    Raises
    ------
    ValueError
        If a name or a label cannot stand on a line.

    Examples
    --------
    >>> print(csv_text({"a.wav": ListedRecording((Event(0.5, 2, "=1+1", 0.75),)), "b.wav": ListedRecording()}), end="")
    recording,onset,offset,label,probability
    a.wav,0.500,2.000,'=1+1,0.75
    b.wav,,,,
    """
    more = [name for name in ("scene", "subset", "fold") if any(_known(of, name) for of in recordings.values())]
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(["recording", "onset", "offset", "label", "probability", *more])
    for name, recording in recordings.items():
        events = [[*fields, f"{round(p, 4):g}"] for fields, p in _written_events(recording.events, "CSV")]
        known = [_known(recording, column) for column in more]
        for cells in events or [[""] * 4] * bool(name):
            row = [name and _written(name, "CSV"), *cells, *known]
            writer.writerow([disarmed(cell) for cell in row])
    return text.getvalue()


def textgrid_of(events: Iterable[Event], duration: float = 0.0) -> str:
    """Format events as a TextGrid of Praat, a tier for each label; raises as `dcase_text` does."""
    return textgrid_text(_as_turns(events, "TextGrid"), duration)


def audacity_of(events: Iterable[Event]) -> str:
    """Format events as labels of Audacity: start, end and label; raises as `dcase_text` does."""
    return audacity_text(_as_turns(events, "Audacity"))


def _known(recording, column):
    """Scene, subset or fold as it is written; empty if it is not known."""
    value = getattr(recording, column)
    return "" if value in (None, "") else _written(str(value), "CSV")


def _as_turns(events, form):
    return Annotation(Turn(event.start, event.end, _written(event.label, form)) for event in events)


def _written_events(events, form):
    """Onset, offset and label of each event as texts, and its probability."""
    for event in events:
        start, end = milliseconds(event)
        if segment_of(start / 1000, end / 1000):
            yield (f"{start / 1000:.3f}", f"{end / 1000:.3f}", _written(event.label, form)), event.probability


def _written(name, form):
    """A name or label as it is written; ValueError if the format cannot hold it."""
    try:
        return written_name(name, form)
    except SpeakerNameError as error:
        raise ValueError(f"{error.reason} Give it another one.") from None
