"""The lines of a list of sound events, in whatever form they come, as rows of named texts.

A list has a header that names its columns, or each line says by its numbers what its fields are: the first two that
follow one another are onset and offset, what stands before them is the file and perhaps the scene, the one after them
is the label. Lists are separated by tabs, commas, semicolons or blanks, and RTTM lines are known by their ten fields.
"""

import csv
import re
from collections.abc import Iterator

from lightdiar.common.files import PathLike
from lightdiar.common.tables import rearmed
from lightdiar.io.lines import NOTHING, number_of, numbered_lines, place_of, recording_of

_COLUMNS = {  # and what people call them
    "recording": "recording path file filename file_name audio_filename",
    "scene": "scene scene_label",
    "onset": "onset start event_onset",
    "offset": "offset end event_offset",
    "duration": "duration seconds",
    "label": "label event_label class",
    "probability": "probability",
    "subset": "subset",
    "fold": "fold",
}
_NAMES = {alias: name for name, aliases in _COLUMNS.items() for alias in aliases.split()}
_SEPARATORS = ("\t", ",", ";", None)  # None is any white space
_ONSETS = {2: (0,), 3: (0, 1), 4: (1, 2, 0)}  # which field may be the onset, by their number, the likeliest first
_OTHER_ONSETS = (2, 1, 0)
_PITCHES = "\\"  # begins a line of Audacity's that tells the frequencies of the label before
_FILE = re.compile(r"\.\w{1,5}$")
_FORM = "a line is file, scene, onset, offset, label, or less: no scene, no file and scene, or no event"

Row = dict[str, str]


def event_rows(path: PathLike) -> Iterator[tuple[int, str, Row]]:
    """Yield number, text and row of each line of a list.

    Parameters
    ----------
    path : str or Path

    Yields
    ------
    number : int
    line : str
    row : dict of str to str
        What it says of recording, scene, onset, offset, duration, label, probability, subset and fold; not what it
        leaves empty. Times are texts with a decimal point.

    Raises
    ------
    FormatError
        If a line has none of these forms, or the header lacks a column.
    """
    lines = [(number, line) for number, line in numbered_lines(path) if line.split(None, 1)[0] != _PITCHES]
    separator = _separator([line for _, line in lines])
    header = None
    for number, line in lines:
        with place_of(path, number, line):
            fields = _fields(line, separator)
            if number == lines[0][0] and (header := _header(fields)):
                _check_header(header)
                continue
            row = _named(fields, header, separator) if header else _placed(fields, separator)
        if row:
            yield number, line, row


def _separator(lines):
    """What separates the fields: the first sign with which a line is an event or a header, else the first there is."""
    for separator in _SEPARATORS:
        rows = ([field.strip(' "') for field in line.split(separator)] for line in lines)
        if any(_onset([_pointed(field, separator) for field in row]) is not None for row in rows):
            return separator
    for separator in _SEPARATORS:
        if lines and _header([name.strip(' "') for name in lines[0].split(separator)]):
            return separator
    if all(_FILE.search(line) for line in lines):  # whose names may hold any sign
        return "\t"
    return next((sign for sign in _SEPARATORS[:-1] if any(sign in line for line in lines)), None)


def _fields(line, separator):
    """The fields of a line, stripped."""
    if separator not in (",", ";"):
        fields = [field.strip() for field in line.split(separator)]
    else:
        try:
            (cells,) = csv.reader([line], delimiter=separator, skipinitialspace=True, strict=True)
        except csv.Error as error:
            raise ValueError(f"not CSV that can be read, {error}") from None
        fields = [rearmed(cell.strip()) for cell in cells]
    return [_pointed(field, separator) for field in fields]


def _pointed(field, separator):
    """A number with a decimal point, if it has a comma that separates nothing; other fields as they are."""
    pointed = field.replace(",", ".", 1)
    return pointed if separator != "," and _is_number(pointed) else field


def _header(fields):
    """The columns that a header names, "" where it names none of them; None if it is no header."""
    names = [_NAMES.get(field.lower(), "") for field in fields]
    return names if len(set(names) - {""}) > 1 else None


def _check_header(names):
    timed = {"onset", "offset"} <= set(names) or "duration" in names
    if timed != ("label" in names):
        raise ValueError("the header needs the columns onset and offset (or duration) and label, or none of them")
    twice = [name for name in _COLUMNS if names.count(name) > 1]
    if twice:
        raise ValueError(f"the header names the {twice[0]} twice: leave one of the columns out")


def _named(fields, header, separator):
    """A row by its header; blank cells at the end of a line between tabs may have been cut off."""
    if len(fields) > len(header) or (len(fields) < len(header) and separator != "\t"):
        raise ValueError(f"the header has {len(header)} columns, this line {len(fields)}")
    return {name: field for name, field in zip(header, fields) if name and field}


def _placed(fields, separator):
    """A row by the numbers in it."""
    while fields and not fields[-1]:
        fields = fields[:-1]
    if separator is None and _is_rttm(fields):
        label = next((field for field in fields[7:4:-1] if field != NOTHING), "")
        row = {"recording": recording_of(fields[1]), "onset": fields[3], "duration": fields[4], "label": label}
        return {name: field for name, field in row.items() if field}
    place = _onset(fields)
    if place is None and len(fields) > 2:
        place = _ONSETS.get(len(fields), _OTHER_ONSETS)[0]
        try:
            number_of(next(field for field in fields[place : place + 2] if not _is_number(field)))
        except ValueError as error:
            raise ValueError(f"{error}; {_FORM}") from None
    names = ("recording", "scene")[: len(fields) if place is None else place]
    row = dict(zip(names, fields))
    if place is not None:
        label = " ".join(fields[place + 2 :]) if separator is None else "".join(fields[place + 2 : place + 3])
        row |= {"onset": fields[place], "offset": fields[place + 1], "label": label}
    return {name: field for name, field in row.items() if field}


def _onset(fields):
    """Which field is the onset: a number, as is the next; None if there is no event."""
    places = _ONSETS.get(len(fields), _OTHER_ONSETS) if len(fields) > 1 else ()
    return next((place for place in places if all(map(_is_number, fields[place : place + 2]))), None)


def _is_rttm(fields):
    return 8 <= len(fields) <= 10 and fields[0].isupper() and all(map(_is_number, fields[3:5]))


def _is_number(field):
    try:
        float(field)  # also one that is not finite, which is a time that is wrong
    except ValueError:
        return False
    return True
