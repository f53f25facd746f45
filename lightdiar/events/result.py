"""The result of listening for sound events: what is heard when in one recording."""

import json
import math
from collections.abc import Iterable
from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING

from lightdiar.common.exports import export
from lightdiar.common.files import PathLike
from lightdiar.common.foreign import read_json
from lightdiar.common.notation import count_of
from lightdiar.common.tables import aligned, html_table, printable
from lightdiar.errors import FormatError
from lightdiar.io.event_lists import ListedRecording, audacity_of, csv_text, dcase_text, textgrid_of
from lightdiar.io.lines import LATEST, listed, milliseconds, name_after
from lightdiar.timeline import Event, union

if TYPE_CHECKING:
    import pandas as pd

FRAME_COLUMNS = ["recording", "start", "end", "label", "probability"]
_LARGEST_RESULT = 100_000_000  # bytes


@dataclass(frozen=True, repr=False)
class SoundEvents:
    """What is heard when in one recording. Events of different labels, and of the same, may overlap.

    Parameters
    ----------
    events : iterable of Event
        In any order; stored as a tuple in time order.
    labels : iterable of str
        All that was listened for, heard or not.
    duration : float
        Length of the recording, seconds.
    recording : str, default=""
        Its name.

    Raises
    ------
    ValueError
        If an event has a label that was not listened for.

    Examples
    --------
    >>> events = [Event(0.5, 2, "door", 0.9), Event(1, 4, "music")]
    >>> sounds = SoundEvents(events, ("door", "music", "water"), 5.0, "film")
    >>> sounds
    <SoundEvents film: 5.0 s, 2 events, 2 of 3 labels heard>
    >>> print(sounds)
    film: 5.0 s, 2 events, 2 of 3 labels heard
    label  events  seconds  share
    door        1      1.5    30%
    music       1      3.0    60%
    water       0      0.0     0%
    """

    events: tuple[Event, ...]
    labels: tuple[str, ...]
    duration: float
    recording: str = ""

    if TYPE_CHECKING:  # takes iterables, holds tuples

        def __init__(
            self, events: Iterable[Event], labels: Iterable[str], duration: float, recording: str = ""
        ) -> None: ...

    def __post_init__(self):
        object.__setattr__(self, "events", tuple(sorted(self.events)))
        object.__setattr__(self, "labels", tuple(self.labels))
        if not 0 <= self.duration <= LATEST:
            raise ValueError(f"a duration is from 0 to {LATEST:.0f} s; got {self.duration}.")
        other = sorted({event.label for event in self.events} - set(self.labels))
        if other:
            raise ValueError(f"events have the labels {listed(other)}, which are not among {listed(self.labels)}.")

    def seconds(self) -> dict[str, float]:
        """How long each label is heard, in seconds; where its events overlap they count once."""
        return {
            label: math.fsum(part.duration for part in union(event for event in self.events if event.label == label))
            for label in self.labels
        }

    @export
    def to_dcase(self) -> str:
        """Write the events as a DCASE list to `path`, or return it as text if it is None, as all of these do.

        A line is file, onset, offset and label between tabs, without the file if the recording has no name.
        """
        return dcase_text(self._listed())

    @export
    def to_csv(self) -> str:
        """The events as CSV with the columns recording, onset, offset, label, probability; no cell is a formula."""
        return csv_text(self._listed())

    @export
    def to_textgrid(self) -> str:
        """The events as TextGrid of Praat, a tier for each label that is heard."""
        return textgrid_of(self.events, self.duration)

    @export
    def to_audacity(self) -> str:
        """The events as labels of Audacity: start, end and label."""
        return audacity_of(self.events)

    @export
    def to_json(self) -> str:
        """The events as JSON, which `read_json` reads back.

        ``{"events": [{"label": "door", "start": "0.500", "end": "2.000", "probability": 0.9}, ...],
        "labels": ["door", "music"], "recording": "film", "duration": 5.0}``. Events that round to 0 ms are left out.
        """
        times = [(event, *milliseconds(event)) for event in self.events]
        content = {
            "events": [
                {
                    "label": event.label,
                    "start": f"{start / 1000:.3f}",
                    "end": f"{end / 1000:.3f}",
                    "probability": round(float(event.probability), 4),
                }
                for event, start, end in times
                if end > start
            ],
            "labels": list(self.labels),
            "recording": self.recording,
            "duration": round(float(self.duration), 3),
        }
        return json.dumps(content, indent=2, ensure_ascii=False) + "\n"

    @classmethod
    def read_json(cls, path: PathLike) -> "SoundEvents":
        """Read what `to_json` wrote; a recording without a name gets that of the file.

        Raises
        ------
        FormatError
            If the file is no such JSON.
        """
        content = read_json(path, _LARGEST_RESULT)
        try:
            events = [
                Event(float(e["start"]), float(e["end"]), e["label"], float(e["probability"]))
                for e in content["events"]
            ]
            labels = [str(label) for label in content["labels"]]
            return cls(events, labels, float(content["duration"]), str(content.get("recording") or name_after(path)))
        except (AttributeError, KeyError, TypeError, ValueError) as error:
            reason = f"{error} is missing" if isinstance(error, KeyError) else str(error)
            raise FormatError(f"{path}: is no list of sound events written as JSON: {printable(reason)}") from None

    def to_frame(self) -> "pd.DataFrame":
        """Convert to a DataFrame with one row per event and columns recording, start, end, label, probability."""
        import pandas as pd

        rows = [(self.recording, e.start, e.end, e.label, e.probability) for e in self.events]
        frame = pd.DataFrame(rows, columns=FRAME_COLUMNS)
        return frame.astype({"start": float, "end": float, "probability": float})

    def __repr__(self) -> str:
        return f"<SoundEvents {self._headline()}>"

    def __str__(self) -> str:
        return "\n".join([self._headline(), *aligned(self._rows())])

    def _repr_html_(self):
        return f"<p>{escape(self._headline())}</p>{html_table(self._rows())}"

    def _listed(self):
        return {self.recording: ListedRecording(self.events)}

    def _headline(self):
        name = f"{printable(self.recording)}: " if self.recording else ""
        n_events, heard = len(self.events), len({event.label for event in self.events})
        return f"{name}{self.duration:.1f} s, {count_of(n_events, 'event')}, {heard} of {len(self.labels)} labels heard"

    def _rows(self):
        """Header and one row of texts per label."""
        labels, length = [event.label for event in self.events], self.duration or math.inf
        return [
            ("label", "events", "seconds", "share"),
            *(
                (label, str(labels.count(label)), f"{seconds:.1f}", f"{seconds / length:.0%}")
                for label, seconds in self.seconds().items()
            ),
        ]
