"""VoxCeleb 1 [1]_ and 2: ``wav/idXXXXX/VIDEO/NNNNN.wav`` or ``.m4a``.

vox1_meta.csv and vox2_meta.csv, in the folder or above it, tell who is a woman and who a man.

References
----------
.. [1] Nagrani, Chung and Zisserman, "VoxCeleb: a large-scale speaker identification dataset", Interspeech 2017.
"""

import re
from pathlib import Path

from lightdiar.common.tables import shortened
from lightdiar.datasets.rows import Clip, Kind, Read, Unplaced
from lightdiar.datasets.sounds import measured
from lightdiar.datasets.tables import read_table
from lightdiar.datasets.tree import Tree
from lightdiar.errors import FormatError

_CLIP = re.compile(r"(?:.*/)?(id\d{5})/[^/]+/[^/]+")
_TABLES = {"vox1_meta.csv": "VoxCeleb1 ID", "vox2_meta.csv": "VoxCeleb2 ID"}
_GENDERS = {"f": "F", "m": "M"}


def _fits(tree: Tree) -> bool:
    return any(_CLIP.fullmatch(str(sound)) for sound in tree.sounds)


def _read(tree: Tree, _extract: Path | None) -> Read:
    speakers = {sound: found[1] for sound in tree.sounds if (found := _CLIP.fullmatch(str(sound)))}
    others = [Unplaced(str(sound), "not in idXXXXX/VIDEO") for sound in tree.sounds if sound not in speakers]
    genders: dict[str, str] = {}
    for name, column in _TABLES.items():
        if table := tree.near(name):
            genders.update(_genders(table, column))
    lengths, unread = measured(tree, speakers)
    rows = [
        Clip(tree.folder / sound, speakers[sound], genders.get(speakers[sound], ""), seconds)
        for sound, seconds in lengths.items()
    ]
    return list(rows), others + unread


def _genders(path, column):
    """F or M of each speaker in a table."""
    genders = {}
    for number, (speaker, gender) in read_table(path, (column, "Gender")):
        if gender.lower() not in _GENDERS:
            raise FormatError(f"{path}:{number}: the gender is f or m: {shortened(gender, 100)!r}")
        genders[speaker] = _GENDERS[gender.lower()]
    return genders


VOXCELEB = Kind("voxceleb", "idXXXXX/VIDEO/NNNNN.wav, vox1_meta.csv", _fits, _read)
