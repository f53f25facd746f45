"""LibriSpeech [1]_, and sets laid out like it: ``SUBSET/SPEAKER/CHAPTER/SPEAKER-CHAPTER-UTTERANCE.flac``.

SPEAKERS.TXT, in the folder or above it, tells who is a woman and who a man. Its columns are ID, SEX, SUBSET, MINUTES
and NAME between bars; a name may hold bars, too.

References
----------
.. [1] Panayotov, Chen, Povey and Khudanpur, "Librispeech: an ASR corpus based on public domain audio books", ICASSP
   2015.
"""

import re
from pathlib import Path

from lightdiar.datasets.rows import Clip, Kind, Read, Unplaced
from lightdiar.datasets.sounds import measured
from lightdiar.datasets.tree import Tree
from lightdiar.io.lines import numbered_lines, place_of

_UTTERANCE = re.compile(r"(?:.*/)?(\d+)/(\d+)/\1[-_]\2[-_][^/]*")


def _fits(tree: Tree) -> bool:
    return any(_UTTERANCE.fullmatch(str(sound)) for sound in tree.sounds)


def _read(tree: Tree, _extract: Path | None) -> Read:
    speakers = {sound: found[1] for sound in tree.sounds if (found := _UTTERANCE.fullmatch(str(sound)))}
    others = [
        Unplaced(str(sound), "not named SPEAKER/CHAPTER/SPEAKER-CHAPTER-...")
        for sound in tree.sounds
        if sound not in speakers
    ]
    table = tree.near("SPEAKERS.TXT")
    genders = _genders(table) if table else {}
    lengths, unread = measured(tree, speakers)
    rows = [
        Clip(tree.folder / sound, speakers[sound], genders.get(speakers[sound], ""), seconds, "en")
        for sound, seconds in lengths.items()
    ]
    return list(rows), others + unread


def _genders(path):
    """F or M of each speaker in SPEAKERS.TXT."""
    genders = {}
    for number, line in numbered_lines(path, tell=False):
        if line.startswith(";"):
            continue
        with place_of(path, number, line):
            cells = [cell.strip() for cell in line.split("|", 4)]
            if len(cells) != 5 or cells[1] not in ("F", "M"):
                raise ValueError("a speaker is a line such as: 14 | F | train-clean-360 | 25.03 | Kristin LeMoine")
            genders[cells[0]] = cells[1]
    return genders


LIBRISPEECH = Kind("librispeech", "SPEAKER/CHAPTER/SPEAKER-CHAPTER-UTTERANCE.flac, SPEAKERS.TXT", _fits, _read)
