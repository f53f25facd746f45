"""The recordings of a corpus: those below a folder, or those of a list with whatever else it says of them."""

import csv
import io
import os
import warnings
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path, PurePath

from lightdiar.common.files import PathLike
from lightdiar.common.foreign import read_text
from lightdiar.common.notation import count_of
from lightdiar.common.tables import printable, rearmed, shortened
from lightdiar.corpus.film import Film
from lightdiar.corpus.names import names_of
from lightdiar.datasets.tree import read_tree
from lightdiar.errors import DoubtfulResultWarning, FormatError
from lightdiar.io.audio import check_part
from lightdiar.io.lines import listed, time_of
from lightdiar.io.manifests import LARGEST_MANIFEST, MOST_ROWS
from lightdiar.io.tracks import checked_track
from lightdiar.recognition.people import SOUNDS

_PART = ("track", "start", "end")


@dataclass(frozen=True)
class _Listed:
    """A row of a list."""

    path: str
    columns: dict[str, str] = field(default_factory=dict)
    part: dict[str, int | str | float] = field(default_factory=dict)


def read_listing(source: PathLike) -> list[Film]:
    """List the recordings of a corpus, with names for their results.

    Parameters
    ----------
    source : path
        A folder, of which all sounds and films are taken, at any depth (hidden ones are not); or a list: a text with
        a path on each line, or a CSV with a column path. Paths are relative to the list. Columns track, start and end
        (seconds, or H:MM:SS) say what of a film is heard; all others are kept.

    Returns
    -------
    films : list of Film
        In the order of the list, or of their paths; each once.

    Raises
    ------
    FormatError
        If the list cannot be read, or names nothing, or a part of a film that cannot be.
    ValueError
        If nothing below the folder is a sound or a film by its ending.

    Warns
    -----
    DoubtfulResultWarning
        Of recordings that are listed more than once, and of what cannot be listed.
    """
    source = Path(source)
    if source.is_dir():
        rows, home = _below(source), source
    elif source.suffix.lower() in SOUNDS:
        raise ValueError(f"{source}: is one recording. Name a folder or a list; or run `lightdiar diarize {source}`.")
    else:
        rows, home = list(_of_list(source)), source.parent
    home = Path(os.path.abspath(home))
    files = [os.path.join(home, row.path) for row in rows]
    once, again = {}, []
    for row, file in zip(rows, files):
        key = (os.path.realpath(file), *row.part.items())
        if key in once:
            again.append(row.path)
        else:
            once[key] = (row, file)
    if again:
        n = len(again)
        _warn(f"{source}: listed more than once, and done once: {listed(map(printable, again))}{f' ({n})' * (n > 1)}")
    names = names_of([PurePath(row.path).as_posix() for row, _ in once.values()])
    return [Film(name, file, row.path, row.columns, **row.part) for name, (row, file) in zip(names, once.values())]


def _below(folder):
    """A row for each sound below a folder."""
    tree = read_tree(folder)
    for name, reason in tree.left_out:
        _warn(f"{folder}: left out: {printable(name)}: {reason}")
    if not tree.sounds:
        found = count_of(len(tree.files), "other file") if tree.files else "nothing"
        raise ValueError(f"{folder}: holds no sound or film, by the endings of its files; found {found} in it.")
    return [_Listed(path.as_posix()) for path in tree.sounds]


def _of_list(path) -> Iterator[_Listed]:
    """The rows of a list."""
    try:
        text = read_text(path, LARGEST_MANIFEST).replace("\r\n", "\n").replace("\r", "\n")
    except OSError as error:
        raise FormatError(f"{path}: cannot be read: {error.strerror}. Name a folder or a list.") from None
    first = text.lstrip("\n").partition("\n")[0]
    separators = [sign for sign in ",;\t" if "path" in [cell.strip(' "').lower() for cell in first.split(sign)]]
    n_rows = 0
    if separators:
        rows = _of_table(path, text, max(separators, key=first.count))
    elif path.suffix.lower() in (".csv", ".tsv"):
        raise FormatError(f"{path}:1: no column path: {printable(shortened(first))}")
    else:
        lines = enumerate(text.split("\n"), 1)
        rows = ((number, _Listed(line.strip())) for number, line in lines if line.strip())
    for number, row in rows:
        if not row.path or "\0" in row.path:
            raise FormatError(f"{path}:{number}: no path of a recording: {row.path!r:.40}; name one, or remove the row")
        n_rows += 1
        if n_rows > MOST_ROWS:
            raise FormatError(f"{path}: more than {MOST_ROWS} rows, which is the most that is read.")
        yield row
    if not n_rows:
        raise FormatError(f"{path}: no rows; a list names at least one recording.")


def _of_table(path, text, separator):
    """Number of the line and content of each row of a CSV."""
    lines = csv.reader(io.StringIO(text, newline=""), delimiter=separator, skipinitialspace=True)
    header = None
    try:
        for cells in lines:
            cells = [rearmed(cell.strip()) for cell in cells]
            if not any(cells):
                continue
            if header is None:
                header = _header(path, cells)
                continue
            if len(cells) != len(header):
                reason = f"{len(cells)} cells; the header has {len(header)}"
                raise FormatError(f"{path}:{lines.line_num}: {reason}: {printable(shortened(separator.join(cells)))}")
            columns = dict(zip(header, cells))
            try:
                yield lines.line_num, _Listed(columns.pop("path"), columns, _part(columns, separator))
            except ValueError as error:
                raise FormatError(f"{path}:{lines.line_num}: {error}") from None
    except csv.Error as error:
        raise FormatError(f"{path}:{lines.line_num}: not CSV that can be read: {error}") from None


def _header(path, cells):
    """The names of the columns; those that mean something in small letters, those without a name numbered."""
    known = ("path", *_PART)
    names = [cell.lower() if cell.lower() in known else cell for cell in cells]
    names = [name or f"column_{place}" for place, name in enumerate(names, 1)]
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice:
        raise FormatError(f"{path}:1: the header names the column {printable(shortened(twice))} twice")
    return names


def _part(columns, separator):
    """What of a film is heard, as far as its row says so."""
    told = {name: columns[name] for name in _PART if columns.get(name)}
    if "track" in told:
        track = told["track"]
        told["track"] = checked_track(int(track) if track.isascii() and track.isdigit() else track)
    for name in ("start", "end"):
        if name in told:
            told[name] = time_of(told[name] if separator == "," else told[name].replace(",", "."))
    check_part(told.get("start", 0.0), told.get("end"))
    return told


def _warn(message):
    warnings.warn(message, DoubtfulResultWarning, stacklevel=4)
