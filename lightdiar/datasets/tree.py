"""All files below a folder, listed once."""

import os
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path, PurePosixPath

from lightdiar.common.files import PathLike
from lightdiar.recognition.people import SOUNDS


@dataclass(frozen=True)
class Tree:
    """A folder and the files below it, whose names are relative to it and have ``/`` on every system.

    Parameters
    ----------
    folder : Path
    files : tuple of str
        Sorted. What is hidden (``.name``, ``__MACOSX``) is left out.
    left_out : tuple of (str, str)
        What cannot be listed, and why: folders that may not be read, sounds that are no files or links to nothing, and
        sounds whose names are not UTF-8.
    """

    folder: Path
    files: tuple[str, ...]
    left_out: tuple[tuple[str, str], ...] = ()

    @cached_property
    def sounds(self) -> list[PurePosixPath]:
        """Files whose ending is that of a sound or a film."""
        return [path for path in map(PurePosixPath, self.files) if path.suffix.lower() in SOUNDS]

    def ending(self, *suffixes: str) -> list[PurePosixPath]:
        """Files whose name ends so, in small or capital letters."""
        return [PurePosixPath(name) for name in self.files if name.lower().endswith(suffixes)]

    def near(self, name: str) -> Path | None:
        """The file of this name, in small or capital letters, closest to the top, or in the two folders above."""
        inside = [file for file in self.files if file.rpartition("/")[2].lower() == name.lower()]
        if inside:
            return self.folder / min(inside, key=lambda file: (file.count("/"), file))
        for above in Path(os.path.abspath(self.folder)).parents[:2]:
            if found := sorted(path for path in above.glob("*.*") if path.name.lower() == name.lower()):
                return found[0]
        return None


def read_tree(folder: PathLike) -> Tree:
    """List a folder; links to folders are followed, but no folder is entered twice.

    Raises
    ------
    NotADirectoryError
        If it is none.
    """
    folder = Path(folder)
    if not folder.is_dir():
        what = "is a file" if folder.exists() else "does not exist"
        raise NotADirectoryError(f"{folder}: {what}; name the folder of a data set.")
    entered = set(map(str, Path(os.path.realpath(folder)).parents))  # links that lead up are not followed
    files: list[str] = []
    left_out: list[tuple[str, str]] = []
    waiting, links = [""], list[str]()  # where a link leads another path may lead, too: those without links go first
    while waiting or links:
        place = waiting.pop() if waiting else links.pop(0)
        real = os.path.realpath(folder / place)
        if real in entered:
            continue
        entered.add(real)
        try:
            with os.scandir(folder / place) as entries:
                inside = sorted(entries, key=lambda entry: entry.name)
        except OSError:
            left_out.append((place, "a folder that may not be read"))
            continue
        for entry in inside:
            name = f"{place}/{entry.name}" if place else entry.name
            if entry.name.startswith(".") or entry.name == "__MACOSX":
                continue
            if _is(entry.is_dir):
                (links if entry.is_symlink() else waiting).append(name)
            elif _is(entry.is_file):
                files.append(name)
            elif PurePosixPath(name).suffix.lower() in SOUNDS:
                left_out.append((name, "a link to nothing" if entry.is_symlink() else "not a file"))
    odd = [name for name in files if not _is_text(name)]
    left_out += [(name, "its name is not UTF-8") for name in odd if PurePosixPath(name).suffix.lower() in SOUNDS]
    return Tree(folder, tuple(sorted(set(files) - set(odd))), tuple(sorted(left_out)))


def _is_text(name):
    """Whether a name can be written; half a surrogate pair in it stands for a byte that is not UTF-8."""
    return not any("\ud800" <= character <= "\udfff" for character in name)


def _is(test):
    """Whether an entry of a folder is that; no if a link leads in circles."""
    try:
        return test()
    except OSError:
        return False
