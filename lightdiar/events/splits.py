"""What a corpus says to train and test on: the lists of a DCASE folder, or the columns of one list, before any sound.

`meta.txt` holds the events of all recordings, `evaluation_setup/fold1_train.txt`, `fold1_test.txt` and
`fold1_evaluate.txt` what is trained and tested on in fold 1, the last with the events of what is tested. Their names
may begin with a scene, as in `street_fold1_train.txt`; all scenes are then read. Each may be missing where another says
the same.
"""

import re
from collections.abc import Collection
from dataclasses import dataclass, replace
from pathlib import Path

from lightdiar.common.tables import printable, shortened
from lightdiar.errors import FormatError
from lightdiar.io.event_lists import ListedRecording, read_event_list
from lightdiar.io.lines import listed

_META, _SETUP = "meta.txt", "evaluation_setup"
_SPLIT = re.compile(r"(?:.+_)?fold(\d{1,9})_(train|test|evaluate)\.(?:txt|csv|tsv)", re.IGNORECASE)


@dataclass(frozen=True)
class Entry:
    """A recording, where a list names it.

    Parameters
    ----------
    source : Path
        The list.
    name : str
        The recording as it is written there.
    listed : ListedRecording
        What the list says of it.
    told : Entry, optional
        What tells its events, perhaps of another list; None if nothing does.
    """

    source: Path
    name: str
    listed: ListedRecording
    told: "Entry | None" = None

    def error(self, reason: str, line: int | None = None, text: str = "") -> FormatError:
        """An error that gives the place in the list, by default the first line that names the recording."""
        what = printable(f"{reason}: {shortened(text or self.name)}")
        return FormatError(f"{self.source}:{line or self.listed.line}: {what}")


def split_folder(
    path: Path, fold: int | None, labels: Collection[str] | None = None
) -> tuple[list[Entry], list[Entry]]:
    """What is trained and tested on in a fold of a folder in the layout of DCASE; without a fold, all is trained on.

    Raises
    ------
    FormatError
        If the folder has no such layout, a list is empty, or as `read_event_list` does.
    ValueError
        If there is no such fold, or one has to be chosen.
    """
    lists = list(_fold_lists(path))
    meta = _entries(path / _META, labels) if (path / _META).is_file() else {}
    numbers = {number for number, _, _ in lists}
    if fold is None and meta:
        return list(meta.values()), []
    if not meta and not lists:
        raise FormatError(f"{path}: has neither {_META} nor folds in {_SETUP}; name such a folder, or a list.")
    if fold is None:
        raise ValueError(f"{path}: has no {_META}, only folds: choose one of {_listed_numbers(numbers)}.")
    _check_fold(path, fold, numbers)
    train, test, truth = (
        {
            name: entry
            for number, of, file in lists
            if (number, of) == (fold, kind)
            for name, entry in _entries(file, labels).items()
        }
        for kind in ("train", "test", "evaluate")
    )
    tested = truth | test
    for kind, entries in (("train", train), ("test", tested)):
        if not entries:
            raise FormatError(f"{path / _SETUP}: fold{fold}_{kind}.txt lists no recordings, or is not there.")
    return (
        [_told(entry, [train, meta]) for entry in train.values()],
        [_told(entry, [truth, test, meta]) for entry in tested.values()],
    )


def split_list(path: Path, fold: int | None, labels: Collection[str] | None = None) -> tuple[list[Entry], list[Entry]]:
    """What is trained and tested on by a list: by its column fold if a fold is given, otherwise by its column subset.

    Raises
    ------
    FormatError
        If the fold or subset of a recording is missing where others have one, all that is trained on is for the
        validation, or as `read_event_list` does.
    ValueError
        If there is no such fold.
    """
    entries = list(_entries(path, labels).values())
    column, tested = ("subset", "test") if fold is None else ("fold", fold)
    if fold is not None:
        _check_fold(path, fold, {entry.listed.fold for entry in entries} - {None})
    values = [getattr(entry.listed, column) for entry in entries]
    unknown = [entry for entry, value in zip(entries, values) if value in ("", None)]
    if 0 < len(unknown) < len(entries):
        raise unknown[0].error(f"the {column} of this recording is missing")
    train = [entry for entry, value in zip(entries, values) if value != tested]
    if train and all(entry.listed.subset == "validation" for entry in train):
        raise train[0].error("this and all other recordings to train on are for the validation; some must be train")
    return train, [entry for entry, value in zip(entries, values) if value == tested]


def numbers_of_folds(path: Path) -> list[int]:
    """Numbers of the folds of a folder or a list, sorted; raises as `read_event_list` does."""
    if path.is_dir():
        return sorted({number for number, _, _ in _fold_lists(path)})
    return sorted({of.fold for of in read_event_list(path).values() if of.fold is not None})


def _entries(source, labels):
    """The recordings of a list by name; what it lists of them tells their events."""
    entries = (Entry(source, name, of) for name, of in read_event_list(source, labels).items())
    return {entry.name: replace(entry, told=entry) for entry in entries}


def _fold_lists(path):
    """Number, kind and file of each list in `evaluation_setup`, by name."""
    folder = path / _SETUP
    for file in sorted(folder.iterdir()) if folder.is_dir() else ():
        if found := _SPLIT.fullmatch(file.name):
            yield int(found[1]), found[2].lower(), file


def _told(entry, sources):
    """The entry with what tells its events: the first source that lists it, among those that list any events."""
    telling = [source for source in sources if any(other.listed.events for other in source.values())]
    of = next((source[entry.name] for source in telling if entry.name in source), entry if telling else None)
    return replace(entry, told=of)


def _check_fold(path, fold, numbers):
    if fold not in numbers:
        there = f"there are {_listed_numbers(numbers)}" if numbers else "it is not divided into folds"
        raise ValueError(f"{path}: has no fold {fold}; {there}.")


def _listed_numbers(numbers):
    return listed(map(str, sorted(numbers)), 20)
