"""Tables of speakers and their genders."""

import csv

from lightdiar.common.files import PathLike
from lightdiar.errors import FormatError
from lightdiar.io.lines import numbered_lines, place_of

GENDERS = ("F", "M", "child", "uncertain", "unknown")


def read_genders(path: PathLike) -> dict[str, str]:
    """Read a CSV table of speakers: "F", "M", "child", "uncertain" or "unknown" for each.

    The header must contain the columns speaker and gender; a blank gender means unknown.
    """
    header, genders = None, {}
    for number, line in numbered_lines(path):
        with place_of(path, number, line):
            cells = [cell.strip() for cell in next(csv.reader([line]))]
            if header is None:
                header = cells
                if not {"speaker", "gender"} <= set(header):
                    raise ValueError("the header needs the columns speaker and gender")
                continue
            if len(cells) != len(header):
                raise ValueError(f"the header has {len(header)} columns, this line {len(cells)}")
            row = dict(zip(header, cells))
            row["gender"] = row["gender"] or "unknown"
            if row["gender"] not in GENDERS:
                raise ValueError(f"gender must be one of {', '.join(GENDERS)}")
            if row["speaker"] in genders:
                raise ValueError("the speaker occurs twice")
            genders[row["speaker"]] = row["gender"]
    if header is None:
        raise FormatError(f"{path}:1: the header needs the columns speaker and gender: (empty file)")
    return genders
