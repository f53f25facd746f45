"""The results of many recordings, read; what cannot be read is told, and the others are not affected."""

import os
from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import chain, count
from pathlib import Path

from lightdiar.common.files import PathLike
from lightdiar.errors import FormatError, LightdiarError
from lightdiar.systems.conversion import result_files
from lightdiar.systems.result import Diarization


@dataclass(frozen=True)
class Results:
    """Results of recordings by name, and why those of others are missing.

    Of several with one name, all but the first have the names of their folder and file: ``folder/file``.

    Parameters
    ----------
    found : dict of str to Diarization
    failed : dict of str to str
        By path, as it was given; each reason is one line.
    """

    found: dict[str, Diarization] = field(default_factory=dict)
    failed: dict[str, str] = field(default_factory=dict)


def read_results(paths: Iterable[PathLike]) -> Results:
    """Read files that `lightdiar diarize --out` wrote; of a folder, all ``.json`` in it, by name.

    Sound events that lie beside them (``.events.json``) are left out.

    A file that is given twice is read once. A folder that has none is one that failed.
    """
    if isinstance(paths, (str, bytes, os.PathLike)):
        raise TypeError(f"several paths are needed; got one. Write read_results([{str(paths)!r}]).")
    results = Results()
    files: dict[str, Path] = {}
    for path in map(Path, paths):
        try:
            files |= {os.path.realpath(file): file for file in result_files(path)}
        except FormatError as error:
            results.failed[str(path)] = _reason(error, path)
    for path in files.values():
        try:
            result = Diarization.read_json(path)
        except OSError as error:
            results.failed[str(path)] = error.strerror or str(error)
        except LightdiarError as error:
            results.failed[str(path)] = _reason(error, path)
        else:
            results.found[_new_name(results.found, path, result.annotation.recording)] = result
    return results


def _reason(error, path):
    """What an error says of a file, which stands beside it."""
    return str(error).removeprefix(str(path)).lstrip(": ")


def _new_name(taken, path, name):
    """The name or, if it is taken, that of the file behind its folder, with a number if need be."""
    longer = f"{path.absolute().parent.name}/{path.stem}"
    names = chain((name, longer), (f"{longer} ({number})" for number in count(2)))
    return next(each for each in names if each not in taken)
