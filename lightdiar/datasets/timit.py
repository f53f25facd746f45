"""TIMIT [1]_: ``TRAIN/DR1/FCJF0/SA1.WAV``; the first letter of a speaker says woman or man.

Its files have headers of NIST SPHERE, in spite of their names. Copies hold each utterance twice, as SA1.WAV and
SA1.WAV.wav: the first is taken.

References
----------
.. [1] Garofolo et al., "TIMIT acoustic-phonetic continuous speech corpus", LDC93S1, 1993.
"""

import re
from pathlib import Path, PurePosixPath

from lightdiar.datasets.rows import Clip, Kind, Read, Unplaced
from lightdiar.datasets.sounds import measured
from lightdiar.datasets.tree import Tree

_UTTERANCE = re.compile(r"(?:.*/)?dr[1-8]/([fm])[a-z]{3}\d/[^/]+", re.IGNORECASE)


def _fits(tree: Tree) -> bool:
    return any(_UTTERANCE.fullmatch(str(sound)) for sound in tree.sounds)


def _read(tree: Tree, _extract: Path | None) -> Read:
    taken: dict[str, PurePosixPath] = {}
    unplaced = []
    for sound in tree.sounds:
        if not _UTTERANCE.fullmatch(str(sound)):
            unplaced.append(Unplaced(str(sound), "not in DRn/SPEAKER"))
        elif taken.setdefault(_utterance(sound), sound) != sound:
            unplaced.append(Unplaced(str(sound), "the same utterance as another file"))
    lengths, unread = measured(tree, taken.values())
    rows = [
        Clip(tree.folder / sound, sound.parts[-2].upper(), sound.parts[-2][0].upper(), seconds, "en")
        for sound, seconds in lengths.items()
    ]
    return list(rows), unplaced + unread


def _utterance(sound):
    """The path without any endings."""
    return f"{sound.parent}/{sound.name.partition('.')[0]}".lower()


TIMIT = Kind("timit", "TRAIN/DR1/FCJF0/SA1.WAV", _fits, _read)
