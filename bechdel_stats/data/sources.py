"""One source of films, a file, a list of records or a DataFrame of any known shape, converted to our columns.

Known shapes are the dump of bechdeltest.com (`id` is the number there, titles are HTML-encoded and inverted, IMDb ids
lack the tt and often leading zeros), records of the TMDB API (`id` is the TMDB id; a budget of 0 means not known; the
gender of cast and crew is in the credits) and plain tables with our own column names.
"""

import gzip
import html
import io
import json
import re
import warnings
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from bechdel_stats.attributes import ATTRIBUTES
from bechdel_stats.data.credits import gender_shares, parse_list
from bechdel_stats.data.schema import MISSING, standardise
from bechdel_stats.words.messages import FilmsError, Message, Verbatim, collected, warn

FORMATS = (".csv", ".tsv", ".json", ".jsonl", ".parquet")  # all but the last may end in .gz too
NOT_FOUND = "not_found"  # column that marks films unknown to TMDB in the records of `fetch`
_KNOWN = {name for attribute in ATTRIBUTES for name in (attribute.name, *attribute.aliases)}
_TMDB = {"original_title", "vote_average", "production_countries", "spoken_languages", "credits", "cast", "crew"}
_LISTS = ("genres", "production_countries", "production_companies", "spoken_languages")
_NOT_KNOWN = sorted({form for word in MISSING for form in (word, word.upper(), word.capitalize())} | {"NaN", "<NA>"})
_ARTICLES = (
    "The|A|An|Le|La|Les|L['\u2019]|Un|Une|Der|Die|Das|Ein|Eine|El|Los|Las|Una|Il|Lo|Gli|Uno|O|Os|As|De|Het|Den|Det"
)
_INVERTED = re.compile(rf"(?P<title>.*\S) ?, ?(?P<article>{_ARTICLES})(?P<alias> [(\[].*[)\]])?")


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
        each with or without .gz, or Parquet if pyarrow is installed; or the contents of such a file.
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
    unknown = not _KNOWN.union(_TMDB).intersection(raw.columns)
    if unknown:
        shown = ", ".join(str(column)[:40] for column in raw.columns[:5])
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
    plain = None
    while plain != title:  # some are encoded twice
        plain, title = title, html.unescape(title)
    title = " ".join(title.split())
    found = _INVERTED.fullmatch(title)
    if not found:
        return title
    space = "" if found["article"].endswith(("'", "\u2019")) else " "
    return f"{found['article']}{space}{found['title']}{found['alias'] or ''}"


def read_lines(name: str, text: str) -> list[Any]:
    """Return the records of JSON lines; a truncated last line is left out with a warning."""
    lines = text.split("\n")
    records = []
    for number, line in enumerate(lines, start=1):
        try:
            if line.strip():
                records.append(json.loads(line))
        except ValueError:
            if number < len(lines) or number == 1:
                raise FilmsError(f"{name}:{number}: not a JSON record: {line[:40]!r}. Correct or delete it.") from None
            warn(Message("line_cut_off", source=Verbatim(name)))
    return records


def _load(source, number):
    """Name and unprocessed DataFrame of a source."""
    if isinstance(source, pd.DataFrame):
        return f"table {number}", source
    if isinstance(source, (list, dict)):
        return f"list {number}", _from_json(f"list {number}", source)
    if isinstance(source, (str, Path)):
        path = Path(source)
        suffix = Path(path.stem).suffix.lower() if path.suffix.lower() == ".gz" else path.suffix.lower()
        if suffix not in FORMATS:
            raise FilmsError(f"{path.name}: films are read from {', '.join(FORMATS)}; got {suffix or 'no suffix'}.")
        return path.name, _from_file(path, suffix)
    raise TypeError(f"a source is a path, a list of records or a DataFrame; got {type(source).__name__}.")


def _from_file(path, suffix):
    content = path.read_bytes()
    if suffix == ".parquet":
        return _from_parquet(path.name, content)
    try:
        text = (gzip.decompress(content) if path.suffix.lower() == ".gz" else content).decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise FilmsError(f"{path.name}: not UTF-8 (byte {error.start}). Save it as UTF-8.") from None
    except (OSError, EOFError, zlib.error):
        raise FilmsError(f"{path.name}: not a complete gzip file. Copy or fetch it again.") from None
    if not text.strip():
        raise FilmsError(f"{path.name}: empty file. Leave it out, or fetch it again.")
    if suffix == ".jsonl":
        return _from_json(path.name, read_lines(path.name, text))
    if suffix == ".json":
        try:
            return _from_json(path.name, json.loads(text))
        except RecursionError:
            raise FilmsError(f"{path.name}: nested too deeply for a table. Fetch or export it again.") from None
        except json.JSONDecodeError as error:
            raise FilmsError(f"{path.name}:{error.lineno}: not JSON: {error.msg}. Fetch or export it again.") from None
    return _from_csv(path.name, text)


def _from_csv(name, text):
    first = text.lstrip().split("\n", 1)[0]
    how = {"sep": max(",;\t", key=first.count), "index_col": False, "low_memory": False, "keep_default_na": False}
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", pd.errors.ParserWarning)
            columns = pd.read_csv(io.StringIO(text), nrows=0, **how).columns
            words = {column: _NOT_KNOWN for column in columns if "title" not in column}  # "NA" and "None" are titles
            return pd.read_csv(io.StringIO(text), na_values=words, **how)
    except (pd.errors.ParserError, pd.errors.ParserWarning) as error:
        reason = " ".join(str(error).split()).removeprefix("Error tokenizing data. C error: ")
        raise FilmsError(f"{name}: rows and header do not fit: {reason}. Export it again.") from None


def _from_parquet(name, content):
    try:
        return pd.read_parquet(io.BytesIO(content))
    except ImportError:
        raise FilmsError(f"{name}: Parquet needs pyarrow. pip install pyarrow, or save it as CSV.") from None
    except (ValueError, OSError):  # pyarrow's own errors are of these two kinds
        raise FilmsError(f"{name}: not a complete Parquet file. Export it again.") from None


def _from_json(name, content):
    """Table from a list of records, one record, or pandas' {column: {row: value}}."""
    if isinstance(content, dict):
        columns = content and all(isinstance(values, dict) for values in content.values())
        return pd.DataFrame(content) if columns else pd.DataFrame([content])
    if not isinstance(content, list):
        raise FilmsError(f"{name}: a list of records is needed; got {content!r:.40}.")
    for number, record in enumerate(content, start=1):
        if not isinstance(record, dict):
            raise FilmsError(f"{name}: record {number} is not a record but {record!r:.40}. Correct or delete it.")
    return pd.DataFrame(content)


def _shape(raw):
    """The shape of a source, and its table with our column names."""
    if "rating" in raw and ("imdbid" in raw or "id" in raw) and not _TMDB & set(raw):
        return "bechdeltest.com", raw.rename(columns={"id": "bechdel_id"})
    if not (_TMDB & set(raw) and {"id", "movie_id", "credits"} & set(raw)):
        return "table", _with_gender_source(raw, "not stated")
    table = raw.rename(columns={"id": "tmdb_id", "movie_id": "tmdb_id", "production_countries": "countries"})
    for column in (*_LISTS, "countries"):
        if column in table:
            table[column] = table[column].map(_names, na_action="ignore")
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


def _names(value):
    """Names in one of TMDB's lists, separated by |."""
    items = parse_list(value)
    if items is None:
        return value
    names = (item.get("name") or item.get("iso_3166_1") if isinstance(item, dict) else item for item in items)
    return "|".join(str(name) for name in names if name)
