"""One source of films, a file, a list of records or a DataFrame of any known shape, converted to our columns.

`shapes` tells the shapes apart, `columns` what each column is taken for, `readers` what its values are.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from bechdel_stats.data.columns import attribute_of, header, index_levels, is_known
from bechdel_stats.data.ear import is_ear
from bechdel_stats.data.files import read_file, table_of_object, table_of_records
from bechdel_stats.data.preamble import name_of_levels, with_second_header
from bechdel_stats.data.readers import ColumnRead
from bechdel_stats.data.schema import read_columns
from bechdel_stats.data.shapes import films_only, shaped, without_headers, without_series, without_subtotals
from bechdel_stats.data.spreadsheet import numbered
from bechdel_stats.data.tmdb import COLUMNS
from bechdel_stats.words.messages import FilmsError, Message, Verbatim, collected, warn
from lightdiar.common.tables import printable

_NO_ATTRIBUTE = ("", "imdb_id", "tmdb_id", "movielens_id")  # of words in cells: "imdb" is a source
NOT_FOUND = "not_found"  # column that marks films unknown to TMDB, and its series, in the records of `fetch`
SERIES = "series"  # what it holds for what TMDB has as television


@dataclass(frozen=True, eq=False)
class Source:
    """One source of films.

    Parameters
    ----------
    name : str
        Name of the file without its folder, or "list 1", "table 2" by position among the sources.
    shape : {"bechdeltest.com", "TMDB", "TMDB credits", "Wikidata", "table"}
    table : DataFrame
        One row per record, in our columns, with ids and titles corrected.
    warnings : tuple of str
        What could not be used, and what was not read as it stands.
    columns : tuple of ColumnRead
        What each column was taken for, in the order of the table.
    """

    name: str
    shape: str
    table: pd.DataFrame
    warnings: tuple[str, ...]
    columns: tuple[ColumnRead, ...]


def read_source(
    source: str | Path | list[dict[str, Any]] | dict[str, Any] | pd.DataFrame,
    number: int = 1,
    columns: Mapping[str, str] | None = None,
) -> Source:
    """Read one source of films.

    Parameters
    ----------
    source : path, list of dict, dict or DataFrame
        CSV (separated by comma, semicolon, tab or bar), JSON (records, also in the envelope of an API, or pandas'
        {column: {row: value}}) or JSON lines, each with or without .gz, an Excel workbook if openpyxl is installed, or
        Parquet if pyarrow is; or the contents of such a file. The limits are those of `bechdel_stats.data.files`. A
        named index is a column; of columns of the same name, the second is called "name.1", as in pandas; levels of
        columns are joined by "_", as are the two rows of a header with merged cells.
    number : int, default=1
        Position among the sources; part of the name of those that are not files.
    columns : mapping of str -> str, optional
        As in `standardise`; those that this source does not have are ignored.

    Returns
    -------
    source : Source

    Raises
    ------
    FilmsError
        If the file cannot be read, is empty or has no known column; the message names the file.
    OSError
        If there is no such file.

    Warns
    -----
    FilmsWarning
        As `standardise` does; the message begins with the name of the source.
    """
    with collected() as messages:
        name, raw = _load(source, number)
        plain = _plain_columns(raw)
        headed = _plain_columns(with_second_header(plain))
        if len(headed) < len(plain):
            warn(Message("second_header", source=Verbatim(name)))
        raw = _left(name, _with_index(headed), "headers_left", without_headers)
    for text in messages:
        warn(text)
    if raw.empty:
        raise FilmsError(f"{name}: no films in it. Leave it out.")
    if is_ear(raw.columns):
        raise FilmsError(f"{name}: a table of recordings, not of films: give it as --ear {name} beside the films.")
    if not columns:
        _check_rows(name, raw)
    if not columns and not COLUMNS.intersection(raw.columns) and not any(is_known(column) for column in raw.columns):
        shown = ", ".join(printable(str(column))[:40] for column in raw.columns[:5])
        raise FilmsError(
            f"{name}: no column is known (it has {shown}). Name them imdb_id, title, year, rating, ..., or say what "
            "they are: --column THEIRS=OURS."
        )
    with collected() as left_out:
        raw = _left(name, raw, "subtotals_left", without_subtotals)
        raw = _left(name, raw, "totals_left", films_only)
        raw = _left(name, raw, "series_left", without_series)
    for text in left_out:
        warn(text)
    shape, table = shaped(raw)
    try:
        table, read = read_columns(table, _of_this(columns or {}, table))
    except FilmsError as error:
        raise FilmsError(Message("of_source", source=Verbatim(name), message=error.message)) from None
    told = tuple(
        Message("of_source", source=Verbatim(name), message=message) for column in read for message in column.told
    )
    for text in told:
        warn(text)
    return Source(name, shape, table, (*messages, *left_out, *told), read)


def _left(name, raw, code, without):
    """What a function leaves of a table; how many rows it took for no films is told."""
    films = without(raw)
    if len(films) < len(raw):
        warn(Message(code, source=Verbatim(name), n=len(raw) - len(films)))
    return films


def _check_rows(name, raw):
    """Refuse a table whose rows are attributes of films: all films in columns, or a row for each value of each film."""
    for place in range(raw.shape[1]):
        cells = raw.iloc[:, place]
        if pd.api.types.is_numeric_dtype(cells):
            continue
        if place and not all(map(_names_attribute, cells)):  # mostly ends at the first cell
            continue
        known = [cell for cell in cells if _names_attribute(cell)]
        if len(known) < len(cells) / 2 or len(set(map(attribute_of, known))) < 2:
            continue
        shown = f"column {printable(str(raw.columns[place]))[:40]} holds {', '.join(dict.fromkeys(known[:3]))}"
        how = ", with a column for each" if len(set(known)) < len(known) else ": transpose the table"
        raise FilmsError(f"{name}: {shown}, which are attributes of films. Give each film one row{how}.")


def _names_attribute(cell):
    return isinstance(cell, str) and attribute_of(cell) not in _NO_ATTRIBUTE


def _plain_columns(raw):
    """A table with columns of different names, on one level."""
    names = [name_of_levels(name) if isinstance(raw.columns, pd.MultiIndex) else name for name in raw.columns]
    names = [name.strip("\ufeff \t") if isinstance(name, str) else name for name in names]
    return raw.set_axis(numbered(names), axis=1)


def _with_index(raw):
    """A table with the named levels of its index as columns, but for those that it has, and the index 0, 1, ..."""
    levels = index_levels(raw)
    raw = raw.reset_index(drop=True)
    return pd.concat([pd.DataFrame(levels, raw.index), raw], axis=1) if levels else raw


def _of_this(columns, table):
    """Those of the columns named by the user that a table has."""
    there = {header(name) for name in table.columns}
    return {theirs: ours for theirs, ours in columns.items() if header(theirs) in there}


def _load(source, number):
    """Name and unprocessed DataFrame of a source."""
    if isinstance(source, pd.DataFrame):
        return f"table {number}", source
    if isinstance(source, list):
        return f"list {number}", table_of_records(f"list {number}", source)
    if isinstance(source, dict):
        return f"list {number}", table_of_object(f"list {number}", source)
    if isinstance(source, (str, Path)):
        return read_file(Path(source))
    raise TypeError(f"a source is a path, a list of records or a DataFrame; got {type(source).__name__}.")
