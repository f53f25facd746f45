"""Films: a file for each, or a folder of clips for each, named by the film."""

from pathlib import Path

from lightdiar.datasets.people import FILMS as _ENDINGS
from lightdiar.datasets.rows import FilmClip, Kind, Read
from lightdiar.datasets.sounds import measured
from lightdiar.datasets.tree import Tree


def _fits(tree: Tree) -> bool:
    return any(sound.suffix.lower() in _ENDINGS for sound in tree.sounds)


def _read(tree: Tree, _extract: Path | None) -> Read:
    lengths, unread = measured(tree, tree.sounds)
    rows = [FilmClip(tree.folder / sound, sound.parts[0] if len(sound.parts) > 1 else sound.stem) for sound in lengths]
    return list(rows), unread


FILMS = Kind("films", "films, or a folder of clips for each film", _fits, _read)
