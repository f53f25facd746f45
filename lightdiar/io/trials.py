"""Lists of trials: which two recordings are compared, and whether one person speaks in both.

One trial a line, its label first or last: ``1 enrol test`` (VoxCeleb [1]_), ``enrol test target`` (Kaldi). The fields
are separated by blanks, tabs or commas; with commas, a name with blanks or commas in it stands in quotes. A first line
``label,enrol,test`` is skipped.

References
----------
.. [1] Nagrani, Chung and Zisserman, "VoxCeleb: a large-scale speaker identification dataset", Interspeech 2017.
"""

import csv
from dataclasses import dataclass
from sys import intern

from lightdiar.common.files import PathLike
from lightdiar.errors import FormatError
from lightdiar.io.lines import numbered_lines, place_of

MOST_TRIALS = 2_000_000  # those of VoxCeleb have 600,000
_WORDS = {"target": True, "nontarget": False}
_NUMBERS = {"1": True, "0": False}
_FORM = "a trial is a line such as: 1 enrol test, or: enrol test nontarget"


@dataclass(frozen=True, slots=True)
class Trial:
    """Two recordings that are compared.

    Parameters
    ----------
    same : bool
        Whether one person speaks in both: a target trial.
    enrol, test : str
        Names as in the list, such as paths; `enrol` may also be a person.
    """

    same: bool
    enrol: str
    test: str


def read_trials(path: PathLike) -> tuple[Trial, ...]:
    """Read a list of trials.

    Parameters
    ----------
    path : str or Path
        Text file. Labels are 1 or target where one person speaks in both, 0 or nontarget otherwise; comments start
        with ``;;``.

    Returns
    -------
    trials : tuple of Trial
        In file order; a trial that is there twice is there twice. Names are NFC.

    Raises
    ------
    FormatError
        If a line is no trial, there is none, or there are more than 2,000,000.
    """
    trials: list[Trial] = []
    for place, (number, line) in enumerate(numbered_lines(path)):
        fields = _fields(line)
        if place or not _is_header(fields):
            with place_of(path, number, line):
                if len(trials) == MOST_TRIALS:
                    raise ValueError(f"more than {MOST_TRIALS} trials cannot be read; give a part of them")
                trials.append(_trial(fields))
    if not trials:
        raise FormatError(f"{path}:1: no trial in it; {_FORM}: (empty list)")
    return tuple(trials)


def _fields(line):
    """The three fields of a line, or all if there are not three."""
    for separator in ",\t":
        if separator in line:
            cells = next(csv.reader([line], delimiter=separator, skipinitialspace=True))
            if len(cells) == 3:
                return [cell.strip() for cell in cells]
    return line.split()


def _is_header(fields):
    """Whether these name the columns, such as ``label,enrol,test``."""
    names = [field.lower() for field in fields]
    return len(names) == 3 and [name for name in names if name not in ("label", "same")] == ["enrol", "test"]


def _trial(fields):
    if len(fields) != 3:
        raise ValueError(
            f'{_FORM}; this has {len(fields)} fields. For names with blanks use commas and quotes: 1,"a b.wav",c.wav'
        )
    if not all(fields):
        raise ValueError("one of the three fields is empty")
    first, last = fields[0].lower(), fields[2].lower()
    for labels in (_WORDS, _NUMBERS):  # a recording is called 1 rather than target
        if first in labels and last in labels:
            raise ValueError("the first and the last field could both be the label; write target or nontarget for it")
        if first in labels:
            return Trial(labels[first], *map(intern, fields[1:]))
        if last in labels:
            return Trial(labels[last], *map(intern, fields[:2]))
    raise ValueError("the first or the last field must be the label: 1 or target, 0 or nontarget")
