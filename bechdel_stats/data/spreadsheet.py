"""The sheets of an Excel workbook as a table, through openpyxl, within the limits of `files`."""

import io
import warnings
import zipfile
import zlib
from collections.abc import Callable, Hashable, Iterable, Iterator
from importlib import import_module
from itertools import islice
from typing import Any

import pandas as pd

from bechdel_stats.data.columns import is_known
from bechdel_stats.data.preamble import ROWS_TRIED, header_row
from bechdel_stats.words.messages import FilmsError, Message, Verbatim, warn
from lightdiar.common.tables import printable

_MOST_UNPACKED = 400_000_000  # bytes of XML; a cell takes about 60
_NAMED, _SHOWN = 8, 31  # sheets in a message, and characters of each
_BROKEN = (
    ValueError, LookupError, TypeError, AttributeError, OSError, SyntaxError, EOFError, OverflowError, RecursionError,
    NotImplementedError, zipfile.BadZipFile, zlib.error,
)  # fmt: skip


def read_workbook(name: str, content: bytes, check_shape: Callable[[str, int, int], None]) -> pd.DataFrame:
    """Return the first sheet with known columns, below its header, with the rows of other sheets of the same columns.

    Parameters
    ----------
    name : str
        What messages call the file.
    content : bytes
    check_shape : callable
        `check_shape(name, n_rows, n_columns)` raises if a table is beyond a limit.

    Raises
    ------
    FilmsError
        If openpyxl is missing, or it is no workbook.
    """
    try:
        openpyxl = import_module("openpyxl")
    except ImportError:
        raise FilmsError(f"{name}: Excel needs openpyxl. pip install openpyxl, or save it as CSV.") from None
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            if sum(part.file_size for part in archive.infolist()) > _MOST_UNPACKED:
                raise FilmsError(f"{name}: more than {_MOST_UNPACKED // 1_000_000} MB, unpacked. Save it as CSV.")
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # styles and links that openpyxl leaves out
            book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=True)
            try:
                tables = {sheet.title: _table(name, sheet, check_shape) for sheet in book.worksheets}
            finally:
                book.close()
    except FilmsError:
        raise
    except _BROKEN:
        raise FilmsError(f"{name}: not a complete Excel workbook (.xlsx). Save it again, or as CSV.") from None
    return _chosen(name, {title: table for title, table in tables.items() if table is not None}, check_shape)


def numbered(names: Iterable[Hashable]) -> list[Hashable]:
    """Return names of columns with a number behind those that were there before, as pandas reads a CSV.

    Examples
    --------
    >>> numbered(["Title", "Title", "Year", "Title"])
    ['Title', 'Title.1', 'Year', 'Title.2']
    """
    names = list(names)
    taken = set(names)
    found: list[Hashable] = []
    counts: dict[Hashable, int] = {}
    for name in names:
        own = name
        while own in taken and name in counts:
            own = f"{name}.{counts[name]}"
            counts[name] += 1
        counts.setdefault(name, 1)
        taken.add(own)
        found.append(own)
    return found


def _chosen(name, tables, check_shape):
    """The first sheet with known columns, and others with the same in any order; those that are left out are told."""
    known = [title for title, table in tables.items() if any(map(is_known, table.columns))]
    if not tables:
        return pd.DataFrame()
    first = known[0] if known else next(iter(tables))
    same = [title for title, table in tables.items() if set(table.columns) == set(tables[first].columns)]
    left = [title for title in tables if title not in same]
    if left:
        shown = [Verbatim(printable(title)[:_SHOWN]) for title in left[:_NAMED]]
        more = [Verbatim("...")] * (len(left) > _NAMED)
        read = [Verbatim(printable(title)[:_SHOWN]) for title in same[:_NAMED]]
        warn(Message("sheets_left", source=Verbatim(name), read=read, left=[*shown, *more]))
    whole = pd.concat([tables[title] for title in same], ignore_index=True) if len(same) > 1 else tables[first]
    check_shape(name, *whole.shape)
    return whole


def _table(name, sheet, check_shape):
    """A sheet as a table, or None if it has no cells."""
    sheet.reset_dimensions()  # what the file says of its size is not believed
    rows = _filled_rows(name, sheet, check_shape)
    head = list(islice(rows, ROWS_TRIED))
    if not head:
        return None
    start = header_row(head)
    columns = list(head[start])
    body = [*head[start + 1 :], *rows]
    width = max(map(len, [columns, *body]))
    columns += [None] * (width - len(columns))
    body = [row + (None,) * (width - len(row)) for row in body]
    kept = [
        place for place in range(width) if columns[place] is not None or any(row[place] is not None for row in body)
    ]
    names = numbered("" if columns[place] is None else str(columns[place]) for place in kept)
    return pd.DataFrame([[row[place] for place in kept] for row in body], columns=names, dtype=object).infer_objects()


def _filled_rows(name: str, sheet: Any, check_shape: Callable[[str, int, int], None]) -> Iterator[tuple[Any, ...]]:
    """Rows with a value, without the empty cells at their ends."""
    for number, row in enumerate(sheet.iter_rows(values_only=True), start=1):
        width = max((place for place, value in enumerate(row, start=1) if value not in (None, "")), default=0)
        check_shape(name, number, width)
        if width:
            yield tuple(None if value == "" else value for value in row[:width])
