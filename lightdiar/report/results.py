"""The results of many recordings, read; what cannot be read is told, and the others are not affected."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path

from lightdiar.errors import LightdiarError
from lightdiar.systems.exchange import result_files
from lightdiar.systems.result import Diarization


@dataclass(frozen=True)
class Results:
    """Results of recordings by name, and why those of others are missing.

    Parameters
    ----------
    found : dict of str to Diarization
    failed : dict of str to str
        By file name; each reason is one line.
    """

    found: dict[str, Diarization] = field(default_factory=dict)
    failed: dict[str, str] = field(default_factory=dict)


def read_results(paths: Iterable[Path]) -> Results:
    """Read files that `lightdiar diarize --out` wrote; of a folder, all ``.json`` in it, by name.

    Raises
    ------
    FormatError
        If a folder has no ``.json`` in it.
    """
    results = Results()
    for path in chain.from_iterable(map(result_files, paths)):
        try:
            result = Diarization.read_json(path)
        except OSError as error:
            results.failed[path.name] = error.strerror or str(error)
        except LightdiarError as error:
            results.failed[path.name] = str(error).removeprefix(str(path)).lstrip(": ")
        else:
            name = result.annotation.recording
            results.found[name if name not in results.found else f"{path.parent.name}/{path.stem}"] = result
    return results
