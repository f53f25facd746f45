"""One source of films, a file, a list of records or a DataFrame of any known shape, converted to our columns.

Known shapes are the dump of bechdeltest.com (`id` is the number there, titles are HTML-encoded and inverted, IMDb ids
lack the tt and often leading zeros), records of the TMDB API (`id` is the TMDB id; a budget of 0 means not known; the
gender of cast and crew is in the credits; `genre_ids` stand for genres) and plain tables with our own column names.
"""

import html
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from bechdel_stats.attributes import ATTRIBUTES
from bechdel_stats.data.credits import gender_shares
from bechdel_stats.data.files import read_file, table_of_object, table_of_records
from bechdel_stats.data.schema import standardise
from bechdel_stats.data.tmdb import COLUMNS, LISTS, genres_of_ids, is_tmdb, names
from bechdel_stats.words.messages import FilmsError, Message, Verbatim, collected, warn
from lightdiar.common.foreign import without_surrogates
from lightdiar.common.tables import printable

NOT_FOUND = "not_found"  # column that marks films unknown to TMDB, and its series, in the records of `fetch`
SERIES = "series"  # what it holds for what TMDB has as television
_KNOWN = {name for attribute in ATTRIBUTES for name in (attribute.name, *attribute.aliases)} | {"genre_ids"}
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
    shape : {"bechdeltest.com", "TMDB", "TMDB credits", "table"}
    table : DataFrame
        One row per record, in our columns, with ids and titles corrected.
    warnings : tuple of Message
        Values that `standardise` could not use.
    """

    name: str
    shape: str
    table: pd.DataFrame
    warnings: tuple[Message, ...]


def read_source(source: str | Path | list[dict[str, Any]] | dict[str, Any] | pd.DataFrame, number: int = 1) -> Source:
    """Read one source of films.

    Parameters
    ----------
    source : path, list of dict, dict or DataFrame
        CSV (separated by comma, semicolon or tab), JSON (records, or pandas' {column: {row: value}}) or JSON lines,
        each with or without .gz, or Parquet if pyarrow is installed; or the contents of such a file. The limits are
        those of `bechdel_stats.data.files`.
    number : int, default=1
        Position among the sources; part of the name of those that are not files.

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
    name, raw = _load(source, number)
    if raw.empty:
        raise FilmsError(f"{name}: no films in it. Leave it out.")
    unknown = not _KNOWN.union(COLUMNS).intersection(raw.columns)
    if unknown:
        shown = ", ".join(printable(str(column))[:40] for column in raw.columns[:5])
        raise FilmsError(f"{name}: no column is known (it has {shown}). Name them imdb_id, title, year, rating, ...")
    shape, table = _shape(raw.reset_index(drop=True))
    for column in ("imdb_id", "imdbid"):
        if column in table:
            table[column] = table[column].map(imdb_id).astype(object)
    if "title" in table:
        table["title"] = table["title"].map(clean_title)
    with collected() as messages:
        try:
            table = standardise(table)
        except FilmsError as error:
            raise FilmsError(Message("of_source", source=Verbatim(name), message=error.message)) from None
    told = tuple(Message("of_source", source=Verbatim(name), message=message) for message in messages)
    for text in told:
        warn(text)
    return Source(name, shape, table, told)


def imdb_id(value: object) -> str | None:
    """Return an IMDb id as tt and at least seven digits, or None if the value is not one.

    Examples
    --------
    >>> [imdb_id(value) for value in ("87015", "tt0087015", 87015.0, "10872600", "nm0000158", None)]
    ['tt0087015', 'tt0087015', 'tt0087015', 'tt10872600', None, None]
    """
    found = re.fullmatch(r"\s*(?:tt)?(\d{1,9})(?:\.0+)?\s*", str(value), re.IGNORECASE)
    return f"tt{int(found[1]):07d}" if found and int(found[1]) else None


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


def _shape(raw):
    """The shape of a source, and its table with our column names."""
    if "rating" in raw and ("imdbid" in raw or "id" in raw) and not COLUMNS & set(raw):
        return "bechdeltest.com", raw.rename(columns={"id": "bechdel_id"})
    if "genre_ids" in raw and "genres" not in raw:
        raw = raw.assign(genres=raw["genre_ids"].map(genres_of_ids))
    if not is_tmdb(raw):
        return "table", _with_gender_source(raw, "not stated")
    table = raw.rename(columns={"id": "tmdb_id", "movie_id": "tmdb_id", "production_countries": "countries"})
    for column in (*LISTS, "countries"):
        if column in table:
            table[column] = table[column].map(names, na_action="ignore")
    if {"credits", "cast", "crew"} & set(raw):
        shares = gender_shares(raw)
        table = table.drop(columns=["credits", "cast", "crew"], errors="ignore").assign(**shares)
        table = _with_gender_source(table, "tmdb")
    return "TMDB credits" if {"cast", "crew"} & set(raw) and "original_title" not in raw else "TMDB", table


def _with_gender_source(table, source):
    """Record where the gender of the cast comes from, so that it is not mistaken for that of another source."""
    if "cast_female_share" not in table or "cast_gender_source" in table:
        return table
    known = table["cast_female_share"].notna()
    return table.assign(cast_gender_source=pd.Series(source, table.index, dtype=object).where(known, None))
