"""Manifests: CSV tables of sounds, whose paths are relative to the table; other columns say what is known of each.

All commands that take a manifest read it here. Sounds of single speakers have the columns path,speaker,gender, and
conversations path,rttm, where rttm is a file that tells who speaks when.
"""

import csv
import io
from collections.abc import Iterable, Iterator
from pathlib import Path, PurePath

from lightdiar.common.files import PathLike
from lightdiar.common.foreign import read_text
from lightdiar.errors import FormatError
from lightdiar.io.lines import name_of

LARGEST_MANIFEST = 32_000_000  # bytes
MOST_ROWS = 300_000


def read_manifest(path: PathLike, columns: Iterable[str]) -> Iterator[tuple[int, dict[str, str]]]:
    """Yield the rows, by column, each with the number of its last line.

    Parameters
    ----------
    path : path
        UTF-8 CSV with a header.
    columns : iterable of str
        Those that it must have; path is one of them.

    Raises
    ------
    FormatError
        If it cannot be read, a column is missing, a row has more or fewer cells than the header or no path, or there
        are no rows, or more than 300,000.
    """
    try:
        lines = csv.reader(io.StringIO(read_text(path, LARGEST_MANIFEST), newline=""))
    except OSError as error:
        raise FormatError(f"{path}: cannot be read: {error.strerror}") from None
    n_rows = 0
    try:
        header = next((row for row in lines if row), [])
        missing = [column for column in columns if column not in header]
        if missing:
            raise FormatError(f"{path}:1: no column {', '.join(missing)}; a manifest needs {','.join(columns)}")
        for cells in filter(None, lines):
            if len(cells) != len(header):
                raise FormatError(f"{path}:{lines.line_num}: {len(cells)} cells; the header has {len(header)}")
            row = dict(zip(header, cells))
            if not row["path"] or "\0" in row["path"]:
                raise FormatError(f"{path}:{lines.line_num}: no path of a sound: {row['path']!r:.40}")
            n_rows += 1
            if n_rows > MOST_ROWS:
                raise FormatError(f"{path}: more than {MOST_ROWS} rows, which is the most that is read.")
            yield lines.line_num, row
    except csv.Error as error:
        raise FormatError(f"{path}:{lines.line_num}: not CSV that can be read: {error}") from None
    if not n_rows:
        raise FormatError(f"{path}: no rows; a manifest lists at least one sound")


def is_manifest(path: PathLike, *columns: str) -> bool:
    """Whether this is a CSV file whose header has a column path and these: other tables end in .csv, too."""
    path = Path(path)
    if path.suffix.lower() != ".csv" or not path.is_file():
        return False
    with path.open(encoding="utf-8-sig", errors="replace", newline="") as file:
        header = next(csv.reader([file.readline(10_000)]), [])
    return {"path", *columns} <= set(header)


def sounds_with_truth(path: PathLike) -> list[tuple[Path, Path]]:
    """The sound and the file of turns of each row of a manifest of conversations; errors as of `read_manifest`."""
    folder, pairs = Path(path).parent, []
    for number, row in read_manifest(path, ("path", "rttm")):
        if not row["rttm"]:
            raise FormatError(f"{path}:{number}: no file of turns in the column rttm: {row['path']!r:.100}")
        pairs.append((folder / row["path"], folder / row["rttm"]))
    return pairs


def recording_of_sound(sound: PathLike, recordings: Iterable[str]) -> str | None:
    """Which of the recordings in a file of turns a sound is, by name.

    It is called like the file, or as in AMI like its beginning before the first point. A recording without a name is
    any.

    Examples
    --------
    >>> recording_of_sound("amicorpus/ES2002a/audio/ES2002a.Mix-Headset.wav", ["ES2002a", "ES2002b"])
    'ES2002a'
    """
    known = set(recordings)
    stem = name_of(PurePath(sound).stem)
    return next((name for name in (stem, stem.partition(".")[0], "") if name in known), None)
