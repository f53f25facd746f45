"""What a data set gives: a row of the manifest for each recording, and what could not be placed."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from lightdiar.datasets.tree import Tree


@dataclass(frozen=True)
class Clip:
    """Speech of one person.

    Parameters
    ----------
    path : Path
    speaker : str
    gender : str, default=""
        "F" or "M"; blank if the data set does not tell, or tells something else.
    seconds : float, optional
        Length by the header; None if it takes decoding to know.
    language : str, default=""
        Code such as "en".
    age : float, optional
        Years.
    """

    path: Path
    speaker: str
    gender: str = ""
    seconds: float | None = None
    language: str = ""
    age: float | None = None


@dataclass(frozen=True)
class Conversation:
    """Speech of several people.

    Parameters
    ----------
    path, rttm : Path
        The sound, and the file that tells who speaks when.
    speakers : int
        How many that file has.
    seconds : float, optional
    language : str, default=""
        As for `Clip`.
    """

    path: Path
    rttm: Path
    speakers: int
    seconds: float | None = None
    language: str = ""


@dataclass(frozen=True)
class FilmClip:
    """A film, or a clip of one."""

    path: Path
    film: str


@dataclass(frozen=True)
class Unplaced:
    """A file, relative to the folder of the data set, that has no place in the manifest, and why."""

    path: str
    reason: str


def new_folder(extract: Path | None, folder: Path, what: str) -> Path:
    """The folder for what a data set holds in files of other kinds, which is not made yet.

    Raises
    ------
    ValueError
        If none is named.
    FileExistsError
        If it is there and not empty.
    """
    if extract is None:
        raise ValueError(f"{folder}: holds {what}; name a new folder for what is in there: extract=.")
    if extract.exists() and not (extract.is_dir() and not any(extract.iterdir())):
        raise FileExistsError(f"{extract}: is there already; to unpack {what}, remove it or choose another name.")
    return extract


Row = Clip | Conversation | FilmClip
Read = tuple[list[Row], list[Unplaced]]


@dataclass(frozen=True)
class Kind:
    """A kind of data set.

    Parameters
    ----------
    name : str
        As in ``--kind``.
    label : str
        What is in such a folder.
    fits : callable
        Whether a folder, as a `Tree`, is laid out so.
    read : callable
        Rows and what has no place, of a Tree. The second argument is a folder for what the data set holds in files of
        other kinds, or None.
    """

    name: str
    label: str
    fits: Callable[[Tree], bool]
    read: Callable[[Tree, Path | None], Read]
