"""A folder for each person, named by the person; what lies in folders below it is theirs, too.

genders.csv (speaker,gender), if it lies beside these folders, tells who is a woman and who a man.
"""

import warnings
from pathlib import Path

from lightdiar.common.tables import printable
from lightdiar.datasets.rows import Clip, Kind, Read, Unplaced
from lightdiar.datasets.sounds import measured
from lightdiar.datasets.tree import Tree
from lightdiar.errors import DoubtfulResultWarning
from lightdiar.io.genders import read_genders

FILMS = frozenset(".3gp .avi .flv .m4v .mkv .mov .mp4 .mpeg .mpg .ogv .webm .wmv".split())


def _fits(tree: Tree) -> bool:
    return any(len(sound.parts) > 1 and sound.suffix.lower() not in FILMS for sound in tree.sounds)


def _read(tree: Tree, _extract: Path | None) -> Read:
    table = tree.folder / "genders.csv"
    genders = read_genders(table) if table.is_file() else {}
    stray = [Unplaced(str(sound), "in nobody's folder") for sound in tree.sounds if len(sound.parts) < 2]
    lengths, unread = measured(tree, (sound for sound in tree.sounds if len(sound.parts) > 1))
    people = {sound.parts[0]: len(sound.parts) for sound in lengths}
    if len(people) == 1 and max(people.values()) > 2:
        (name,) = people
        message = f"{tree.folder}: one person, {printable(name)}; if the folders in it are people, name that folder."
        warnings.warn(message, DoubtfulResultWarning, stacklevel=4)
    rows = []
    for sound, seconds in lengths.items():
        speaker = sound.parts[0]
        gender = genders.get(speaker, "")
        rows.append(Clip(tree.folder / sound, speaker, gender if gender in ("F", "M") else "", seconds))
    return list(rows), stray + unread


PEOPLE = Kind("people", "a folder of sounds for each person", _fits, _read)
