"""What is done with a recording of a corpus: it is diarized, and its results are put in place."""

import os
import warnings
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path

from lightdiar.common.commandline import told
from lightdiar.corpus.film import Film, State
from lightdiar.corpus.folder import Folder
from lightdiar.corpus.options import Options
from lightdiar.corpus.process import CannotGoOn
from lightdiar.corpus.rows import Row, without_path
from lightdiar.errors import DoubtfulResultWarning, LightdiarError


@dataclass(frozen=True)
class Diarizing:
    """Work that diarizes a film, in a process of its own.

    Parameters
    ----------
    results : Path
        The folder of results, from the root.
    options : Options
    """

    results: Path
    options: Options

    def __call__(self, film: Film) -> None:
        """Put the results of a film in place, unless they are.

        Raises
        ------
        LightdiarError, ValueError, OSError
            If the film cannot be diarized.
        CannotGoOn
            If results cannot be written.
        """
        folder = Folder(self.results)
        if folder.row(film.name):  # this is the second worker that was given it
            return
        diarizer = _diarizer(self.options)
        begun, state, heard = _cpu_seconds(), State.of(film.file), self.options.heard() | film.part
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("ignore")
            warnings.simplefilter("always", DoubtfulResultWarning)
            result = diarizer.predict(film.file, **heard)
        result = replace(result, annotation=replace(result.annotation, recording=film.name))
        doubts = list(dict.fromkeys(without_path(str(each.message), film) for each in caught))
        if State.of(film.file) != state:
            doubts.append("the file changed while it was read; run again when it is complete")
        row = Row.heard(film, state, result, "; ".join(doubts))
        row = replace(row, duration=round(result.duration - heard["start"], 3))
        files = {".rttm": result.to_rttm(), ".json": result.to_json()}
        folder.place(replace(row, cpu_seconds=round(_cpu_seconds() - begun, 2)), files)


@lru_cache(maxsize=1)
def _diarizer(options):
    """The diarizer of this process, with its models."""
    try:
        return options.diarizer()
    except (LightdiarError, ValueError, OSError) as error:
        raise CannotGoOn(told(error)) from error


def _cpu_seconds():
    """Seconds of CPU so far, of this process and of programs that it started."""
    return sum(os.times()[:4])
