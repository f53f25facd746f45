"""One source of films, a file, a list of records or a DataFrame of any known shape, converted to our columns.

`shapes` tells the shapes apart, `columns` what each column is taken for, `readers` what its values are.
"""

import html
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from bechdel_stats.data.columns import header, is_known
from bechdel_stats.data.files import read_file, table_of_object, table_of_records
from bechdel_stats.data.readers import ColumnRead
from bechdel_stats.data.schema import read_columns
from bechdel_stats.data.shapes import shaped
from bechdel_stats.data.tmdb import COLUMNS
from bechdel_stats.words.messages import FilmsError, Message, Verbatim, collected, warn
from lightdiar.common.foreign import without_surrogates
from lightdiar.common.tables import printable

NOT_FOUND = "not_found"  # column that marks films unknown to TMDB, and its series, in the records of `fetch`
SERIES = "series"  # what it holds for what TMDB has as television
_ARTICLES = (
    "The|A|An|Le|La|Les|L['\u2019]|Un|Une|Der|Die|Das|Ein|Eine|El|Los|Las|Una|Il|Lo|Gli|Uno|O|Os|As|De|Het|Den|Det"
)
_ARTICLE = re.compile(rf" ?, ?({_ARTICLES})(?= [(\[]|$)")
_LONG_CODE = re.compile("&#([0-9]{8,});?")
_TIMES_ENCODED = 4  # at most; each time costs a pass


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
    warnings : tuple of Message
        What could not be used, and what was not read as it stands.
    columns : tuple of ColumnRead
        What each column was taken for, in the order of the table.
    """

    name: str
    shape: str
    table: pd.DataFrame
    warnings: tuple[Message, ...]
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
        Parquet if pyarrow is; or the contents of such a file. The limits are those of `bechdel_stats.data.files`.
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
    for text in messages:
        warn(text)
    if raw.empty:
        raise FilmsError(f"{name}: no films in it. Leave it out.")
    raw = raw.rename(columns=lambda column: column.strip("\ufeff \t") if isinstance(column, str) else column)
    if not columns and not COLUMNS.intersection(raw.columns) and not any(is_known(column) for column in raw.columns):
        shown = ", ".join(printable(str(column))[:40] for column in raw.columns[:5])
        raise FilmsError(
            f"{name}: no column is known (it has {shown}). Name them imdb_id, title, year, rating, ..., or say what "
            "they are: --column THEIRS=OURS."
        )
    shape, table = shaped(raw.reset_index(drop=True))
    try:
        table, read = read_columns(table, _of_this(columns or {}, table))
    except FilmsError as error:
        raise FilmsError(Message("of_source", source=Verbatim(name), message=error.message)) from None
    if "title" in table:
        table["title"] = table["title"].map(clean_title)
    told = tuple(
        Message("of_source", source=Verbatim(name), message=message) for column in read for message in column.told
    )
    for text in told:
        warn(text)
    return Source(name, shape, table, (*messages, *told), read)


def _of_this(columns, table):
    """Those of the columns named by the user that a table has."""
    there = {header(name) for name in table.columns}
    return {theirs: ours for theirs, ours in columns.items() if header(theirs) in there}


def clean_title(title: Any) -> Any:
    """Return a title without HTML codes and with its article at the front.

    Only articles move: the comma in "I, Tonya" stays.

    Examples
    --------
    >>> [clean_title(title) for title in ("Tale of Despereaux, The", "Avventura, L'", "I, Tonya", "King &amp; Country")]
    ['The Tale of Despereaux', "L'Avventura", 'I, Tonya', 'King & Country']
    """
    if not isinstance(title, str):
        return title
    title = without_surrogates(title)
    for _ in range(_TIMES_ENCODED):
        plain, title = title, html.unescape(_LONG_CODE.sub(_short_code, title))
        if plain == title:
            break
    title = " ".join(title.split())
    found = _inverted(title)
    if not found or not found.start():
        return title
    space = "" if found[1].endswith(("'", "\u2019")) else " "
    return f"{found[1]}{space}{title[: found.start()]}{title[found.end() :]}"


def _inverted(title):
    """The match of the last comma and article at the end of a title, or before its other title in brackets."""
    if title.endswith((")", "]")):
        return max(_ARTICLE.finditer(title), key=lambda found: found.start(), default=None)
    comma = max(0, title.rfind(","))
    return _ARTICLE.fullmatch(title, comma - (title[:comma][-1:] == " "))


def _short_code(found):
    """The code of a character with few digits; beyond Unicode any is as good as another."""
    return f"&#{(found[1].lstrip('0') or '0')[:8]};"


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
