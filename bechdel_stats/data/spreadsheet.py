"""The first sheet of an Excel workbook as a table, through openpyxl, within the limits of `files`."""

import io
import warnings
import zipfile
import zlib
from collections.abc import Callable, Iterator
from importlib import import_module
from itertools import islice
from typing import Any

import pandas as pd

from bechdel_stats.data.preamble import header_row
from bechdel_stats.words.messages import FilmsError

_MOST_UNPACKED = 400_000_000  # bytes of XML; a cell takes about 60
_TRIED = 15  # rows among which the header is looked for
_BROKEN = (
    ValueError, LookupError, TypeError, AttributeError, OSError, SyntaxError, EOFError, OverflowError, RecursionError,
    NotImplementedError, zipfile.BadZipFile, zlib.error,
)  # fmt: skip


def read_workbook(name: str, content: bytes, check_shape: Callable[[str, int, int], None]) -> pd.DataFrame:
    """Return the first sheet that has rows, below its header.

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
                tables = (_table(name, sheet, check_shape) for sheet in book.worksheets)
                return next((table for table in tables if table is not None), pd.DataFrame())
            finally:
                book.close()
    except FilmsError:
        raise
    except _BROKEN:
        raise FilmsError(f"{name}: not a complete Excel workbook (.xlsx). Save it again, or as CSV.") from None


def _table(name, sheet, check_shape):
    """A sheet as a table, or None if it has no cells."""
    sheet.reset_dimensions()  # what the file says of its size is not believed
    rows = _filled_rows(name, sheet, check_shape)
    head = list(islice(rows, _TRIED))
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
    names = ["" if columns[place] is None else str(columns[place]) for place in kept]
    return pd.DataFrame([[row[place] for place in kept] for row in body], columns=names, dtype=object).infer_objects()


def _filled_rows(name: str, sheet: Any, check_shape: Callable[[str, int, int], None]) -> Iterator[tuple[Any, ...]]:
    """Rows with a value, without the empty cells at their ends."""
    for number, row in enumerate(sheet.iter_rows(values_only=True), start=1):
        width = max((place for place, value in enumerate(row, start=1) if value not in (None, "")), default=0)
        check_shape(name, number, width)
        if width:
            yield tuple(None if value == "" else value for value in row[:width])
