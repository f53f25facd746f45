"""Tables that come with data sets: cells between tabs or commas, without quotes, of any length."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from lightdiar.common.foreign import decoded, read_pieces
from lightdiar.common.tables import printable, shortened
from lightdiar.errors import FormatError

LARGEST = 4_000_000_000  # bytes; the table of the English Common Voice has 1 GB


def read_table(path: Path, needed: Sequence[str], wanted: Sequence[str] = ()) -> Iterator[tuple[int, list[str]]]:
    """Yield the line number and the cells of these columns of each row, without blanks around them.

    Parameters
    ----------
    path : Path
        Text whose first line names the columns.
    needed, wanted : sequence of str
        The columns; those that are only wanted are "" if the table lacks them.

    Raises
    ------
    FormatError
        With the line, if a needed column is missing or a row has more or fewer cells than there are columns.
    """
    lines = enumerate(_lines(path), 1)
    _, head = next(lines, (1, ""))
    separator = "\t" if "\t" in head and "," not in head else ","
    names = [name.strip() for name in head.split(separator)]
    missing = [name for name in needed if name not in names]
    if missing:
        raise FormatError(f"{path}:1: no column {', '.join(missing)}: {printable(shortened(head))}")
    places = [names.index(name) if name in names else -1 for name in (*needed, *wanted)]
    for number, line in lines:
        if not line.strip():
            continue
        cells = line.split(separator)
        if len(cells) != len(names):
            reason = f"{len(cells)} cells; the first line has {len(names)}"
            raise FormatError(f"{path}:{number}: {reason}: {printable(shortened(line))}")
        yield number, [cells[place].strip() if place >= 0 else "" for place in places]


def has_columns(path: Path, *names: str) -> bool:
    """Whether the first line of a file names these columns, between tabs."""
    try:
        with path.open(encoding="utf-8-sig", errors="replace") as file:
            return set(names) <= {name.strip() for name in file.readline(10_000).split("\t")}
    except OSError:
        return False


def _lines(path):
    """The lines of a text file, read piece by piece; CR at an end goes with the blanks around cells."""
    rest = ""
    for text in decoded(read_pieces(path, LARGEST), path):
        *whole, rest = (rest + text).split("\n")
        yield from whole
    if rest:
        yield rest
