"""Who speaks when in the recordings of a data set: RTTM files beside the sounds or apart from them."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from lightdiar.datasets.rows import Conversation, Read, Unplaced
from lightdiar.datasets.sounds import measured
from lightdiar.datasets.tree import Tree
from lightdiar.errors import FormatError
from lightdiar.io.lines import name_of
from lightdiar.io.manifests import recording_of_sound
from lightdiar.io.rttm import read_channels
from lightdiar.timeline import Annotation

AFTER_ITS_END = "somebody begins to speak after its end: the turns may be of another recording"


@dataclass(frozen=True)
class Truth:
    """A recording in a file of turns: how many people speak in it, and when the last turn begins (s)."""

    path: Path
    speakers: int
    last_start: float


def truth_of(path: Path, annotations: Iterable[Annotation]) -> Truth:
    """The truth about a recording, whose channels may have an Annotation each."""
    turns = [turn for annotation in annotations for turn in annotation]
    last = max((turn.start for turn in turns), default=0.0)
    return Truth(path, sum(len(annotation.speakers) for annotation in annotations), last)


def read_truths(tree: Tree) -> tuple[dict[str, list[Truth]], list[Unplaced]]:
    """The truths about each recording in the RTTM files of a folder, by name, and the files that cannot be read."""
    truths: dict[str, list[Truth]] = {}
    unplaced = []
    for file in tree.ending(".rttm"):
        path = tree.folder / file
        try:
            channels = read_channels(path)
        except (FormatError, OSError) as error:
            reason = str(error).removeprefix(f"{path}:").strip()
            unplaced.append(Unplaced(str(file), f"RTTM that cannot be read: {reason}"))
            continue
        recordings: dict[str, list[Annotation]] = {}
        for (name, _), channel in channels.items():
            recordings.setdefault(name or name_of(file.stem), []).append(channel.annotation)
        for name, annotations in recordings.items():
            truths.setdefault(name, []).append(truth_of(path, annotations))
    return truths, unplaced


def paired(tree: Tree, sounds: Iterable[PurePosixPath], truths: dict[str, list[Truth]], language: str = "") -> Read:
    """A row for each recording that has a sound and a truth, and what has none.

    Of several sounds of one recording the first is taken, of several truths the one beside the sound.
    """
    rows, unplaced = [], []
    taken: dict[str, PurePosixPath] = {}
    for sound in sounds:
        name = recording_of_sound(sound, truths)
        if name is None:
            unplaced.append(Unplaced(str(sound), "no RTTM tells who speaks in it"))
        elif taken.setdefault(name, sound) != sound:
            unplaced.append(Unplaced(str(sound), "another sound of this recording is taken"))
    lengths, unread = measured(tree, taken.values())
    for name, sound in taken.items():
        if sound not in lengths:
            continue
        path, seconds = tree.folder / sound, lengths[sound]
        found = [truth for truth in truths[name] if truth.path.parent == path.parent] or truths[name]
        if len(found) > 1:
            unplaced.append(Unplaced(str(sound), "several RTTM files tell who speaks in it"))
        elif seconds is not None and found[0].last_start > seconds:
            unplaced.append(Unplaced(str(sound), AFTER_ITS_END))
        else:
            rows.append(Conversation(path, found[0].path, found[0].speakers, seconds, language))
    used = {truth.path for name in taken for truth in truths[name]}
    silent = sorted({truth.path for own in truths.values() for truth in own} - used)
    unplaced += [Unplaced(path.relative_to(tree.folder).as_posix(), "there is no sound of its name") for path in silent]
    return list(rows), unplaced + unread
