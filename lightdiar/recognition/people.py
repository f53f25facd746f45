"""Who is who: folders of people's recordings, and the names that people may have.

A person is a folder, everything below it is theirs, and each folder that holds sounds is one session: what was recorded
on one occasion resembles itself in more than the voice. LibriSpeech (``SPEAKER/CHAPTER/FILE``) and VoxCeleb
(``SPEAKER/VIDEO/FILE``) are laid out in this way.
"""

import os
import re
import unicodedata
import warnings
from collections.abc import Iterable, Mapping
from numbers import Real
from pathlib import Path
from typing import Any

from lightdiar.common.files import PathLike
from lightdiar.common.tables import printable, shortened
from lightdiar.errors import DoubtfulResultWarning
from lightdiar.io.lines import joined_name, listed, name_of, usual_form
from lightdiar.io.manifests import is_manifest, read_manifest
from lightdiar.io.memory import as_sound

_UNKNOWN = re.compile(r"SPEAKER_\d+|<NA>|somebody_else", re.IGNORECASE)  # in RTTM and in answers
LONGEST_NAME = 100  # characters
SOUNDS = frozenset(
    ".3gp .aac .ac3 .aif .aifc .aiff .amr .au .avi .caf .flac .flv .m4a .m4b .m4v .mka .mkv .mov .mp2 .mp3 .mp4 .mpeg "
    ".mpg .oga .ogg .ogv .opus .rf64 .snd .sph .voc .w64 .wav .wave .webm .wma .wmv".split()
)


def find_people(folder: PathLike) -> dict[str, dict[str, tuple[Path, ...]]]:
    """Find the sound files of people, one folder for each person.

    Parameters
    ----------
    folder : path
        Holds a folder for each person, named by the person. Sounds are files with one of the suffixes `SOUNDS`, at any
        depth; other files are passed over, and so is what is hidden (``.name``, ``__MACOSX``).

    Returns
    -------
    people : dict of str to dict of str to tuple of Path
        Name, session and files, all in alphabetical order. A session is the folder of the files relative to the
        person's, "." for the person's own.

    Raises
    ------
    NotADirectoryError
        If it is not a folder.
    ValueError
        If no person has sound, or if names are impossible or too much alike, see `check_names`.

    Warns
    -----
    DoubtfulResultWarning
        If sounds lie beside the folders of people, or folders hold no sound.
    """
    folder = Path(folder)
    if not folder.is_dir():
        what = "is a file" if folder.exists() else "does not exist"
        raise NotADirectoryError(f"{folder}: {what}; name a folder that holds one folder for each person.")
    inside = sorted(path for path in folder.iterdir() if not _hidden(path))
    people = {path.name: _sessions(path, folder) for path in inside if path.is_dir()}
    silent = [name for name, sessions in people.items() if not sessions]
    stray = [path.name for path in inside if _is_sound(path)]
    if not inside:
        raise ValueError(f"{folder}: is empty; it must hold one folder of sounds for each person.")
    if len(silent) == len(people):
        found = f"folders with sound: 0 of {len(people)}; sounds beside them: {len(stray)}"
        raise ValueError(f"{folder}: {found}; put the sounds of each person into a folder named by them.")
    if stray:
        _warn(f"{folder}: sounds that belong to nobody are left out ({len(stray)}): {_listed(stray)}")
    if silent:
        _warn(f"{folder}: folders without sound are left out ({len(silent)}): {_listed(silent)}")
    people = {name: sessions for name, sessions in people.items() if sessions}
    return dict(zip(check_names(people), people.values()))


def as_people(people: "PathLike | Mapping[str, Any]") -> dict[str, dict[str, tuple[Any, ...]]]:
    """People and their sounds by session, from a folder or from what is in memory.

    Parameters
    ----------
    people : path or mapping
        A folder as for `find_people`, a manifest (a CSV with the columns path and speaker), or names with the sounds of
        each: one, a list of them, or sessions of them as `find_people` gives. Sounds are those of
        `lightdiar.io.memory.as_sound`.

    Returns
    -------
    people : dict of str to dict of str to tuple
        Name, session and sounds, in the order given. Sounds without sessions are one, "".

    Raises
    ------
    TypeError
        If it is neither, or a sound is none.
    ValueError
        If there is nobody, or somebody without sound, and as `find_people` and `check_names`.

    Examples
    --------
    >>> as_people({"ann": ["ann1.wav", "ann2.wav"], "bob": "bob.wav"})
    {'ann': {'': ('ann1.wav', 'ann2.wav')}, 'bob': {'': ('bob.wav',)}}
    """
    if isinstance(people, (str, os.PathLike)):
        listed_people = _people_of(people) if is_manifest(people, "speaker") else find_people(people)
        return {name: dict(sessions) for name, sessions in listed_people.items()}
    if not isinstance(people, Mapping):
        raise TypeError(
            f"people of type {type(people).__name__} cannot be read; give a folder that holds one folder for each "
            "person, or {name: sounds}."
        )
    if not people:
        raise ValueError("there is nobody: no names are given. Give {name: sounds}.")
    return {name: sounds_of(name, sounds) for name, sounds in zip(check_names(people), people.values())}


def check_name(name: str) -> str:
    """The name of a person as it is stored: in one Unicode form (NFC), without characters that nobody sees.

    Raises
    ------
    TypeError
        If it is not text.
    ValueError
        If it is empty or longer than 100 characters, begins or ends with a blank, or contains a slash, a backslash or a
        control character such as a line break: it stands in lines of text and tables. Nor may it be one that RTTM has
        for speakers who are not known, such as SPEAKER_00 or <NA>.

    Examples
    --------
    >>> check_name("Zoe\\u0308 Smith")
    'Zoë Smith'
    """
    if not isinstance(name, str):
        raise TypeError(f"a name is text, not {type(name).__name__}: {printable(shortened(str(name), 50))}.")
    shown = printable(shortened(name, 50))
    if printable(name) != name:
        raise ValueError(f"the name {shown} contains a control character; take it out.")
    if "/" in name or "\\" in name:
        raise ValueError(f"the name {shown} contains a slash or a backslash; write - instead.")
    name = usual_form(name)
    if _UNKNOWN.fullmatch(joined_name(name)):
        raise ValueError(f"the name {shown} is what people who are not known are called; choose another.")
    if not name.strip():
        raise ValueError(f"the name {shown!r} is empty; give one, such as ann.")
    if name != name.strip():
        raise ValueError(f"the name {shown!r} begins or ends with a blank; write {name.strip()!r}.")
    if len(name) > LONGEST_NAME:
        raise ValueError(f"the name {shown} has {len(name)} characters; at most {LONGEST_NAME} are possible.")
    return name


def check_names(names: Iterable[str]) -> list[str]:
    """The names as `check_name` gives them, if nobody can take one for another.

    Raises
    ------
    ValueError
        If two differ only in capitals, in Unicode form, or in blanks, which become underscores in RTTM.

    Examples
    --------
    >>> check_names(["ann", "Ann"])
    Traceback (most recent call last):
        ...
    ValueError: the names 'ann' and 'Ann' are too much alike, they differ only in capitals, accents' form or blanks; ...
    """
    checked: dict[str, str] = {}
    for name in map(check_name, names):
        key = unicodedata.normalize("NFC", name_of(name).casefold())
        if key in checked and checked[key] == name:
            raise ValueError(f"the name {name!r} occurs twice; rename one.")
        if key in checked:
            raise ValueError(
                f"the names {checked[key]!r} and {name!r} are too much alike, they differ only in capitals, accents' "
                "form or blanks; rename one."
            )
        checked[key] = name
    return list(checked.values())


def sounds_of(name: str, sounds: Any) -> dict[str, tuple[Any, ...]]:
    """The sounds of one person by session; without sessions, there is one, ""."""
    if isinstance(sounds, Mapping) and not {"waveform", "sample_rate"} <= sounds.keys():
        sessions = {session: _several(own) for session, own in sounds.items()}
    else:
        sessions = {"": _several(sounds)}
    if not sessions or not all(sessions.values()):
        raise ValueError(f"{name}: there is no sound; give at least one.")
    for own in sessions.values():
        for sound in own:
            as_sound(sound)  # raises if it is none
    return sessions


def _people_of(manifest):
    """The sounds of each person in a manifest; those of one folder are a session."""
    people: dict[str, dict[Path, tuple[Path, ...]]] = {}
    for _, row in read_manifest(manifest, ("path", "speaker")):
        path = Path(manifest).parent / row["path"]
        sessions, folder = people.setdefault(row["speaker"], {}), Path(row["path"]).parent
        sessions[folder] = (*sessions.get(folder, ()), path)
    return dict(zip(check_names(people), map(_named_shortly, people.values())))


def _named_shortly(sessions):
    """Sessions by the names of their folders, or by all of the path where two folders have one name."""
    names = [folder.name for folder in sessions]
    return {
        folder.name if names.count(folder.name) == 1 else folder.as_posix(): own for folder, own in sessions.items()
    }


def _several(sounds):
    """A tuple of sounds; (samples, rate) is one sound."""
    is_one = isinstance(sounds, tuple) and len(sounds) == 2 and any(isinstance(part, Real) for part in sounds)
    return tuple(sounds) if isinstance(sounds, (list, tuple)) and not is_one else (sounds,)


def _sessions(person, folder):
    """Files of one person by session; links that lead back or up are not followed."""
    above = Path(os.path.realpath(folder))
    entered = {above, *above.parents, *Path(os.path.realpath(person)).parents}
    waiting, found = [person], {}
    while waiting:
        place = waiting.pop()
        real = Path(os.path.realpath(place))
        if real in entered:
            continue
        entered.add(real)
        inside = sorted(path for path in place.iterdir() if not _hidden(path))
        waiting += [path for path in inside if path.is_dir()]
        files = tuple(path for path in inside if _is_sound(path))
        if files:
            found[place.relative_to(person).as_posix()] = files
    return dict(sorted(found.items()))


def _hidden(path):
    return path.name.startswith(".") or path.name == "__MACOSX"


def _is_sound(path):
    return path.suffix.lower() in SOUNDS and path.is_file()


def _listed(names):
    return printable(listed(names))


def _warn(message):
    warnings.warn(message, DoubtfulResultWarning, stacklevel=3)
