"""Tables of speakers: who is a woman, who a man."""

import csv

from lightdiar.errors import FormatError
from lightdiar.io.lines import numbered_lines, place_of

_GENDERS = ("F", "M", "child", "uncertain", "unknown")


def read_genders(path):
    """Read a CSV table of speakers: dict speaker -> "F", "M", "child", "uncertain" or "unknown".

    The header names at least the columns speaker and gender.
    """
    header, genders = None, {}
    for number, line in numbered_lines(path):
        cells = [cell.strip() for cell in next(csv.reader([line]))]
        with place_of(path, number, line):
            if header is None:
                header = cells
                if not {"speaker", "gender"} <= set(header):
                    raise ValueError("the header needs the columns speaker and gender")
                continue
            if len(cells) != len(header):
                raise ValueError(f"the header has {len(header)} columns, this line {len(cells)}")
            row = dict(zip(header, cells))
            if row["gender"] not in _GENDERS:
                raise ValueError(f"gender must be one of {', '.join(_GENDERS)}")
            if row["speaker"] in genders:
                raise ValueError("the speaker occurs twice")
            genders[row["speaker"]] = row["gender"]
    if header is None:
        raise FormatError(f"{path}:1: the header needs the columns speaker and gender: (empty file)")
    return genders
