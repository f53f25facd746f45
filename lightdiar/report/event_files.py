"""The sound events of one recording, from what ``lightdiar events apply`` wrote or from any other list."""

import re
from pathlib import Path

from lightdiar.common.files import PathLike
from lightdiar.common.tables import printable
from lightdiar.errors import FormatError
from lightdiar.events.result import SoundEvents
from lightdiar.io.event_lists import ListedRecording, read_event_list
from lightdiar.io.formats import EVENT_SUFFIXES
from lightdiar.io.lines import joined_name, listed, name_after

_FORMATS = ("json", "csv", "dcase")  # those that tell most come first
_ENDING = re.compile(r"\.(?!\d+$)\w{1,5}$")  # of the file of a recording


def read_events_of(path: PathLike, recording: str) -> SoundEvents:
    """Read what else is heard in a recording.

    Parameters
    ----------
    path : str or Path
        A list as `lightdiar.io.event_lists` describes them, JSON of `SoundEvents`, or a folder with
        ``RECORDING.events.json``, ``.csv`` or ``.txt`` in it.
    recording : str
        Its name. In a list or JSON it may stand behind folders and have the ending of a file; where no recording is
        named, it is this one.

    Returns
    -------
    events : SoundEvents
        A list tells neither what was listened for nor how long the recording is: the labels are those that are heard,
        and the duration goes to the end of the last event.

    Raises
    ------
    FormatError
        If nothing is listed under this name, or the list cannot be read.
    OSError
        If there is no such file.
    """
    path = _file_in(Path(path), recording) if Path(path).is_dir() else Path(path)
    if path.suffix.lower() == ".json":
        return _of_recording(SoundEvents.read_json(path), path, recording)
    events = _listed(path, recording).events
    end = max((event.end for event in events), default=0.0)
    return SoundEvents(events, dict.fromkeys(event.label for event in events), end, recording)


def _file_in(folder, recording):
    """The file of this recording's events in a folder."""
    names = [f"{recording}{EVENT_SUFFIXES[name]}" for name in _FORMATS]
    found = [folder / name for name in names if Path(name).name == name and (folder / name).is_file()]
    if not found:
        raise FormatError(
            f"{folder}: has no {names[-1]}; make it with `lightdiar events apply FILE --out {folder}`, or give a list."
        )
    return found[0]


def _of_recording(events, path, recording):
    """The events; FormatError if they are those of another recording, which JSON without a name does not say."""
    if events.recording != name_after(path) and joined_name(recording) not in _names(events.recording):
        raise FormatError(
            f"{path}: is of {printable(events.recording)}, not of {recording}; give the events of this recording."
        )
    return events


def _listed(path, recording):
    """What a list says of a recording."""
    recordings = read_event_list(path)
    if not any(of.named for of in recordings.values()):
        return next(iter(recordings.values()), ListedRecording())
    own = [name for name in recordings if joined_name(recording) in _names(name)]
    if len(own) == 1:
        return recordings[own[0]]
    if own:
        raise FormatError(f"{path}: {listed(own)} have the name {recording}; keep the lines of one of them.")
    raise FormatError(
        f"{path}: lists nothing of {recording}, but of {listed(recordings)}; give the list of this recording."
    )


def _names(name):
    """A name as it stands in a list, without its folders, and without the ending of a file."""
    last = re.split(r"[/\\]", name)[-1]
    return {joined_name(each) for each in (name, last, _ENDING.sub("", last))}
