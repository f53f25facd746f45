"""Corpora of sound events as they come: folders laid out as those of the DCASE challenges [1]_, or one list.

How folders are laid out is written in `lightdiar.events.splits`, how lists are in `lightdiar.io.event_lists`. In one
list, a column subset or fold says what is tested on, and subset what training is validated on.

References
----------
.. [1] Mesaros, Heittola and Virtanen, "TUT database for acoustic scene classification and sound event detection",
   EUSIPCO, 2016.
"""

import os
from collections.abc import Collection
from dataclasses import dataclass, replace
from pathlib import Path

from lightdiar.common.files import PathLike
from lightdiar.errors import AudioError, FormatError
from lightdiar.events.splits import numbers_of_folds, split_folder, split_list
from lightdiar.io import audio
from lightdiar.io.lines import name_of
from lightdiar.recognition.people import SOUNDS
from lightdiar.timeline import Event

ROUNDING = 0.5  # seconds that an event may go on after its recording, whose coding may round its length


@dataclass(frozen=True)
class Recording:
    """A sound file, and what is heard in it.

    Parameters
    ----------
    path : Path
    events : tuple of Event, or None
        In time order, all within the recording; None if the corpus does not tell.
    scene : str, default=""
        Where it was recorded, if the corpus tells.
    validation : bool, default=False
        Whether the corpus keeps it to choose thresholds and the end of training.
    """

    path: Path
    events: tuple[Event, ...] | None
    scene: str = ""
    validation: bool = False


@dataclass(frozen=True)
class Fold:
    """What is trained on, and what is tested on.

    Parameters
    ----------
    train, test : tuple of Recording
        In the order of their lists; none is in both. Those kept for validation are in `train`.
    name : str
        "fold 1", or that of the corpus if it is not divided into folds.
    """

    train: tuple[Recording, ...]
    test: tuple[Recording, ...]
    name: str


def read_corpus(path: PathLike, fold: int | None = None, *, labels: Collection[str] | None = None) -> Fold:
    """Read which recordings are trained and tested on, and what is heard in each.

    Parameters
    ----------
    path : str or Path
        A folder in the layout of DCASE, or a list. Recordings are named relative to that folder, or to that of
        the list; where a list names them without their ending, as RTTM does, any sound of that name is taken.
    fold : int, optional
        Which fold, see `folds_of`. By default all recordings are trained on, except those whose subset in a list
        is test.
    labels : collection of str, optional
        All that may be listed; by default any.

    Returns
    -------
    fold : Fold
        Events that go on after the end of the recording by at most 0.5 s, as lengths of MP3 and Ogg are rounded, end
        with it.

    Raises
    ------
    FormatError
        With the place, as `read_event_list`, and if a recording is not there or no sound, an event is beyond its
        end, a recording is both trained and tested on, or all that is trained on is one recording.
    ValueError
        If there is no such fold, or one has to be chosen.
    FileNotFoundError
        If there is no such folder or list.
    """
    path = Path(path)
    train, test = (split_folder if path.is_dir() else split_list)(path, fold, labels)
    if not train and not test:
        raise FormatError(f"{path}: no recording is listed.")
    find = _Finder(path if path.is_dir() else path.parent)
    files = [find.path(entry) for entry in (*train, *test)]
    _check_apart(train, test, files)
    if len(train) == 1:
        raise train[0].error("only one recording to train on, and none to validate on; two are the least")
    recordings = [_recording(entry, file, find.duration(entry, file)) for entry, file in zip((*train, *test), files)]
    name = Path(os.path.abspath(path)).name if fold is None else f"fold {fold}"
    return Fold(tuple(recordings[: len(train)]), tuple(recordings[len(train) :]), name)


def folds_of(path: PathLike) -> list[int]:
    """Numbers of the folds of a corpus, sorted; none if it is not divided into folds.

    Raises
    ------
    FormatError
        As `read_event_list`.
    FileNotFoundError
        If there is no such folder or list.
    """
    return numbers_of_folds(Path(path))


def _check_apart(train, test, files):
    """FormatError if a file is both trained and tested on, under whatever name."""
    real = [os.path.normcase(os.path.realpath(file)) for file in files]
    trained = dict(zip(real, train))
    both = [(entry, trained[file]) for entry, file in zip(test, real[len(train) :]) if file in trained]
    if both:
        first, other = both[0]
        more = f", like {len(both) - 1} more of this fold" if len(both) > 1 else ""
        raise first.error(f"it is trained on, too ({other.source.name}:{other.listed.line}){more}")


def _recording(entry, file, duration):
    """The recording, with events that end with it."""
    scene = entry.listed.scene or (entry.told.listed.scene if entry.told else "")
    validation = entry.listed.subset == "validation"
    if not entry.told:
        return Recording(file, None, scene, validation)
    told, events = entry.told, entry.told.listed.events
    if duration is None:
        return Recording(file, tuple(sorted(events)), scene, validation)
    for event, line in zip(events, told.listed.lines):
        if event.start >= duration or event.end > duration + ROUNDING:
            reason = f"the recording is {duration:.3f} s long, the event goes from {event.start:g} to {event.end:g} s"
            raise told.error(reason, line, f"{event.label} in {entry.name}")
    events = sorted(replace(event, end=min(event.end, duration)) for event in events)
    return Recording(file, tuple(events), scene, validation)


class _Finder:
    """The sound files of a corpus below one folder, each looked at once."""

    def __init__(self, root):
        self.root, self.folders, self.durations = root, {}, {}

    def path(self, entry):
        """The file of an entry."""
        names = dict.fromkeys((entry.name, entry.name.replace("\\", "/")))  # as Windows writes it
        for file in (self.root / name for name in names):
            if os.path.isfile(file):  # False for a name that no file can have, too
                return file
            if file.suffix.lower() not in SOUNDS and (sound := self._sounds(file.parent).get(name_of(file.name))):
                return sound
        raise entry.error(f"there is no such recording in {self.root}")

    def duration(self, entry, file):
        """Length in seconds by the header; None if it does not tell."""
        if file not in self.durations:
            try:
                self.durations[file] = audio.duration(file)
            except AudioError as error:
                raise FormatError(f"{entry.source}:{entry.listed.line}: {error}") from None
        return self.durations[file]

    def _sounds(self, folder):
        """The sounds of a folder by their names without endings."""
        if folder not in self.folders:
            files = sorted(folder.iterdir()) if os.path.isdir(folder) else []
            self.folders[folder] = {name_of(file.stem): file for file in files if file.suffix.lower() in SOUNDS}
        return self.folders[folder]
