"""Common Voice [1]_: ``LANGUAGE/validated.tsv`` and ``LANGUAGE/clips/NAME.mp3``.

validated.tsv lists what listeners confirmed; without it its parts train.tsv, dev.tsv and test.tsv are read. Ages are
given by decades: "twenties" becomes 25. Genders other than male and female become blank. Lengths are those of
clip_durations.tsv, if it is there.

References
----------
.. [1] Ardila et al., "Common Voice: a massively-multilingual speech corpus", LREC 2020.
"""

from collections.abc import Iterable, Iterator
from pathlib import Path, PurePosixPath

from lightdiar.common.tables import shortened
from lightdiar.datasets.rows import Clip, Kind, Read, Unplaced
from lightdiar.datasets.sounds import measured
from lightdiar.datasets.tables import has_columns, read_table
from lightdiar.datasets.tree import Tree
from lightdiar.errors import FormatError

_LISTS = ("validated.tsv",), ("train.tsv", "dev.tsv", "test.tsv")
_GENDERS = {"male": "M", "male_masculine": "M", "female": "F", "female_feminine": "F"}
_DECADES = "teens twenties thirties fourties fifties sixties seventies eighties nineties".split()  # as they spell them
_AGES = {decade: 15.0 + 10 * place for place, decade in enumerate(_DECADES)}
_SHORTEST = 16  # characters of a name; identifiers have 128, of which these tell people apart


def _fits(tree: Tree) -> bool:
    return any(True for _ in _lists(tree))


def _read(tree: Tree, _extract: Path | None) -> Read:
    listed: dict[PurePosixPath, list[str]] = {}
    unplaced = []
    durations: dict[PurePosixPath, float] = {}
    inside: dict[PurePosixPath, dict[str, PurePosixPath]] = {}
    for sound in tree.sounds:
        inside.setdefault(sound.parent, {})[sound.stem] = sound
    for table in _lists(tree):
        clips = PurePosixPath(table).parent / "clips"
        sounds = inside.get(clips, {})
        known = _durations(tree.folder / clips.parent / "clip_durations.tsv")
        for _, (client, path, *about) in read_table(tree.folder / table, ("client_id", "path"), _ABOUT):
            stem = PurePosixPath(path).name.removesuffix(".mp3")
            if stem in sounds:
                listed[sounds[stem]] = [client, *about]
                if stem in known:
                    durations[sounds[stem]] = known[stem]
            else:
                unplaced.append(Unplaced(str(clips / path), "is listed, but not there"))
    unplaced += [Unplaced(str(sound), "is not listed") for sound in tree.sounds if sound not in listed]
    lengths, unread = measured(tree, (sound for sound in listed if sound not in durations))
    seconds = lengths | durations
    names = _short_names({client for client, *_ in listed.values()})
    rows = [_clip(tree, sound, names, seconds[sound], *listed[sound]) for sound in sorted(listed) if sound in seconds]
    return list(rows), unplaced + unread


_ABOUT = ("gender", "age", "locale")


def _clip(tree, sound, names, seconds, client, gender, age, locale):
    speaker = names[client]
    return Clip(tree.folder / sound, speaker, _GENDERS.get(gender, ""), seconds, locale, _AGES.get(age))


def _lists(tree: Tree) -> Iterator[str]:
    """The tables to be read, relative to the folder."""
    tables = {str(path) for path in tree.ending(".tsv")}
    for folder in sorted({str(PurePosixPath(table).parent) for table in tables}):
        for names in _LISTS:
            found = [str(PurePosixPath(folder) / name) for name in names]
            found = [t for t in found if t in tables and has_columns(tree.folder / t, "client_id", "path")]
            yield from found
            if found:
                break


def _durations(path):
    """Seconds of each clip by its name without ending, if the table is there."""
    if not path.is_file():
        return {}
    column = "duration[ms]" if has_columns(path, "duration[ms]") else "duration"
    durations = {}
    for number, (clip, milliseconds) in read_table(path, ("clip", column)):
        if not milliseconds.isdecimal():
            raise FormatError(f"{path}:{number}: not a whole number of ms: {shortened(milliseconds, 100)!r}")
        durations[clip.removesuffix(".mp3")] = int(milliseconds) / 1000
    return durations


def _short_names(clients: Iterable[str]) -> dict[str, str]:
    """A short name for each identifier: its first characters, as many as tell all apart."""
    clients = set(clients)
    longest = max(map(len, clients), default=0)
    lengths = range(_SHORTEST, max(longest, _SHORTEST) + 1)
    length = next(n for n in lengths if len({client[:n] for client in clients}) == len(clients))
    return {client: client[:length] for client in clients}


COMMONVOICE = Kind("commonvoice", "validated.tsv and clips/*.mp3", _fits, _read)
