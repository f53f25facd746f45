"""A file of films as a table of what it holds, within limits that are checked before memory is used.

Whatever the file, reading takes less than 300 MB and 10 s: sizes count after unpacking; the credits of TMDB become
shares as soon as a record is read, so a file of JSON lines, or a JSON list, may be much larger than a table.
"""

import csv
import io
import re
import sys
import warnings
from collections.abc import Callable, Iterable, Iterator
from importlib import import_module
from itertools import chain, islice
from pathlib import Path
from typing import Any

import pandas as pd

from bechdel_stats.attributes import ATTRIBUTE
from bechdel_stats.data.columns import attribute_of, is_known
from bechdel_stats.data.credits import parse
from bechdel_stats.data.encodings import from_utf16, to_utf8
from bechdel_stats.data.preamble import ROWS_TRIED, header_row
from bechdel_stats.data.spreadsheet import read_workbook
from bechdel_stats.data.tmdb import is_tmdb, lighten
from bechdel_stats.data.values import MISSING
from bechdel_stats.words.messages import FilmsError, Message, Verbatim, warn
from lightdiar.common.foreign import (
    TooLarge,
    decoded,
    json_items,
    parse_json,
    read_pieces,
    without_surrogates,
)
from lightdiar.common.tables import printable, rearmed
from lightdiar.errors import FormatError

FORMATS = (".csv", ".tsv", ".txt", ".json", ".jsonl", ".xlsx", ".parquet")  # all but the last two may end in .gz too
LARGEST_TABLE = 48_000_000  # bytes of CSV, TSV, Excel and Parquet
LARGEST_RECORDS = 300_000_000  # bytes of JSON lines, or of a JSON list, which are read a record at a time
LARGEST_OBJECT = 16_000_000  # bytes of JSON that is one object
LONGEST_RECORD = 4_000_000  # characters
LONGEST_CELL = 1_000_000  # characters
MOST_ROWS = 200_000
MOST_COLUMNS = 2_000
MOST_CELLS = 2_000_000
MOST_SEPARATORS = 4_000_000  # of cells and rows, and commas in texts
MOST_MEMORY = 150_000_000  # bytes of the values of JSON records
_AS_TEXT = re.compile(r'="([^"]*)"')  # a formula that keeps the zeros of an id in a spreadsheet
_LONGEST_HEAD = 100_000  # characters of a line in which names of columns are looked for
_BEGIN = rb"(?:\xef\xbb\xbf)?\s*"
_JSON = re.compile(_BEGIN + rb'(?:\[\s*\{|\{\s*")')  # how a list of records, or an object, begins
_TWICE = re.compile(r'\s*"(?:\s|\\[nrt])*[\[{]')  # JSON in a text of JSON
_FOREIGN = (
    (_BEGIN + rb"<(?:!doctype|html|head|body|table|\?xml)\b", "a web page. Open it, and save its table as CSV"),
    (rb"PK\x03\x04", "a workbook or another archive (ZIP). Name it .xlsx if it is a workbook, or unpack it"),
    (rb"\xd0\xcf\x11\xe0", "an old Excel workbook (.xls). Open it in Excel, and save it as .xlsx or CSV"),
    (rb"\x1f\x8b", "compressed (gzip). Add .gz to its name"),
)  # how what is no text begins, what it is and what to do about it
_HEAD = 4_000_000  # bytes that hold the header, and more of the first row than its cells may have
_BINARY = (".xlsx", ".parquet")
_ENVELOPES = 3  # levels at most around a list of records
_NOT_KNOWN = sorted({form for word in MISSING for form in (word, word.upper(), word.capitalize())} | {"NaN", "<NA>"})
_AS_WRITTEN = ("title", "recording")  # "None" is a title
_UNKNOWN = float("nan")
_LISTED = ("genres", "language", "country")  # attributes of which a film may have several
_SIGNS = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "bars", "^": "carets"}  # between cells
_NOTATIONS = ("recording", "count", "dollars", "tmdb")  # readers of texts: 007 is not 7, and 1.234 may be 1234


def read_file(path: Path) -> tuple[str, pd.DataFrame]:
    """Read a file of films.

    Parameters
    ----------
    path : Path
        As `sources.read_source` describes.

    Returns
    -------
    name : str
        Name of the file, without folder and with control characters escaped.
    table : DataFrame
        One row per record, with the columns of the file; of TMDB's records, shares in place of credits.

    Raises
    ------
    FilmsError
        If it cannot be read, or is beyond a limit; the message names the file.
    OSError
        If there is no such file.
    """
    name = printable(path.name)
    gzipped = path.suffix.lower() == ".gz"
    suffix = Path(path.stem).suffix.lower() if gzipped else path.suffix.lower()
    readers: dict[str, tuple[Callable[[str, Iterable[bytes]], pd.DataFrame], int]] = {
        ".csv": (_from_csv, LARGEST_TABLE),
        ".tsv": (_from_csv, LARGEST_TABLE),
        ".txt": (_from_csv, LARGEST_TABLE),
        ".json": (_from_json, LARGEST_RECORDS),
        ".jsonl": (_from_lines, LARGEST_RECORDS),
        ".xlsx": (_from_workbook, LARGEST_TABLE),
        ".parquet": (_from_parquet, LARGEST_TABLE),
    }
    if suffix not in readers:
        raise FilmsError(f"{name}: films are read from {', '.join(FORMATS)}; got {printable(suffix) or 'no suffix'}.")
    read, largest = readers[suffix]
    whole = read_pieces(path, largest, gzipped=gzipped and suffix not in _BINARY, name=name)
    try:
        table = read(name, whole if suffix in _BINARY else from_utf16(_known(name, whole)))
    except TooLarge:
        raise _beyond("large_table", name, largest // 1_000_000) from None
    except FormatError as error:
        raise FilmsError(Message("unreadable", reason=Verbatim(error))) from None
    finally:
        whole.close()  # its file, on the way out of an error too
    for column, values in table.items():
        if max(map(len, _texts(values)), default=0) > LONGEST_CELL:
            raise _beyond("long_cell", name, LONGEST_CELL, column=_shown(column))
    return name, table


def _known(name, pieces):
    """The pieces of a text; FilmsError if they begin like something else."""
    first = next(pieces, b"")
    for begin, what in _FOREIGN:
        if re.match(begin, first, re.IGNORECASE):
            raise FilmsError(f"{name}: this is {what}.")
    yield first
    yield from pieces


def table_of_records(name: str, records: Iterable[Any]) -> pd.DataFrame:
    """Return a table of records, which may be made and dropped one by one; FilmsError as `read_file`."""
    columns: dict[Any, int] = {}
    rows: list[tuple[Any, ...]] = []
    n_bytes = 0
    for number, record in enumerate(_unwrapped(records), start=1):
        if not isinstance(record, dict):
            raise FilmsError(f"{name}: record {number} is not a record but {record!r:.40}. Correct or delete it.")
        light = lighten(record)
        for column in light:
            columns.setdefault(column, len(columns))
        _check_shape(name, number, len(columns))
        row = tuple(_storable(light.get(column, _UNKNOWN)) for column in columns)
        n_bytes += sys.getsizeof(row) + sum(map(_memory, row))
        if n_bytes > MOST_MEMORY:
            raise _beyond("much_memory", name, MOST_MEMORY // 1_000_000, number=number)
        rows.append(row)
    n_columns = len(columns)
    rows = [row if len(row) == n_columns else row + (_UNKNOWN,) * (n_columns - len(row)) for row in rows]
    return pd.DataFrame(rows, columns=list(columns))


def table_of_object(name: str, content: dict[Any, Any]) -> pd.DataFrame:
    """Return a table of one record, of records or values by their keys, or of columns; FilmsError as `read_file`.

    Keys of records that are IMDb ids, or titles where none is given, become a column; numbers of rows do not.
    """
    inner = next(iter(content.values())) if len(content) == 1 and not any(map(is_known, content)) else None
    if isinstance(inner, dict) and inner and not _are_ids(content) and (_all(inner, dict) or _all(inner, list)):
        return table_of_object(name, inner)
    table = _columns_of_lists(name, content) if content else None
    if table is not None:
        return table
    if not content or enclosed(content) or not _all(content, dict):
        return table_of_records(name, [content])
    if not any(is_known(column) for column in content) and any(is_known(key) for key in next(iter(content.values()))):
        return _with_keys(table_of_records(name, content.values()), list(content))  # {row: {column: value}}
    _check_shape(name, len(set().union(*content.values())), len(content))
    table = pd.DataFrame(content)
    return _with_keys(table.reset_index(drop=True), table.index.tolist())


def _all(content, kind):
    return all(isinstance(value, kind) for value in content.values())


def _with_keys(table, keys):
    """A table of records with what their keys tell: IMDb ids, or titles where it has none."""
    there = {attribute_of(column) for column in table}
    if "imdb_id" not in there and _are_ids(keys):
        return table.assign(imdb_id=keys)
    if "title" in there or len(table) != len(keys) or all(str(key).isdigit() for key in keys):
        return table
    return table.assign(title=keys)


def _are_ids(keys):
    return all(re.fullmatch(r"tt\d{5,9}", str(key)) for key in keys)


def _columns_of_lists(name, content):
    """The table in pandas' {column: [values]} or {"columns": ..., "data": [rows]}, or None."""
    columns, rows = content.get("columns"), content.get("data")
    if isinstance(columns, list) and isinstance(rows, list) and all(isinstance(row, list) for row in rows):
        _check_shape(name, len(rows), len(columns))
        return table_of_records(name, (dict(zip(map(str, columns), row)) for row in rows))
    if not _all(content, list) or is_tmdb(content):
        return None
    lengths = {column: len(values) for column, values in content.items()}
    shortest, longest = min(lengths.values()), max(lengths.values())
    single = any(attribute_of(column) not in ("", *_LISTED) for column in content)  # a film has one title, not a list
    if not single and (len(content) == 1 or shortest < longest):
        return None
    if shortest < longest:
        shown = ", ".join(f"{_shown(column)} {length}" for column, length in [*lengths.items()][:8])
        raise FilmsError(f"{name}: lists of different lengths ({shown}). Give each column a value for every film.")
    _check_shape(name, longest, len(content))
    return table_of_records(name, (dict(zip(content, row)) for row in zip(*content.values())))


def enclosed(content: dict[Any, Any], depth: int = _ENVELOPES) -> list[dict[Any, Any]]:
    """Return the records in an envelope, such as the `results` of a search; none if it is a film itself.

    Examples
    --------
    >>> enclosed({"page": 1, "results": [{"title": "Alien"}]}), enclosed({"title": "Alien", "genres": [{"id": 27}]})
    ([{'title': 'Alien'}], [])
    """
    if is_tmdb(content) or any(isinstance(name, str) and is_known(name) for name in content):
        return []
    found: list[dict[Any, Any]] = []
    for name, value in content.items():
        if name == "schema":  # of pandas, in front of its data
            continue
        if isinstance(value, dict) and depth > 1:
            value = enclosed(value, depth - 1)
        if isinstance(value, list) and len(value) > len(found) and all(isinstance(item, dict) for item in value):
            found = value
    return found


def _unwrapped(records):
    """Records, those in envelopes one by one, with the values of a query to Wikidata in place of their descriptions."""
    for record in records:
        if isinstance(record, str) and record.lstrip().startswith("{"):
            record = parse(record) or record  # encoded twice
        inner = enclosed(record) if isinstance(record, dict) else []
        for film in inner or [record]:
            if inner and all(isinstance(value, dict) and "value" in value for value in film.values()):
                film = {name: value["value"] for name, value in film.items()}
            yield _without_company(film)


def _without_company(record):
    """A film with, not below, what Trakt says of it: when it was listed or seen."""
    inner = record.get("movie") if isinstance(record, dict) else None
    if not isinstance(inner, dict) or not any(map(is_known, inner)):
        return record
    return {name: value for name, value in record.items() if name != "movie"} | inner


def lines_of_records(name: str, texts: Iterable[str]) -> Iterator[Any]:
    """Yield the records of JSON lines, given in pieces; a last line that is cut off is left out with a warning."""
    for number, (line, ended) in enumerate(_lines(name, texts), start=1):
        if number > 2 * MOST_ROWS:  # blank ones among them
            raise _beyond("many_rows", name, MOST_ROWS)
        if not line.strip():
            continue
        try:
            record = parse_json(line, f"{name}:{number}")
        except FormatError as error:
            if not ended and number > 1:
                warn(Message("line_cut_off", source=Verbatim(name)))
                return
            raise FilmsError(Message("bad_line", reason=Verbatim(error), line=Verbatim(f"{line[:40]!r}"))) from None
        yield record


def _lines(name, texts):
    """Lines of a text in pieces, and whether each has an end: all but the last."""
    parts, length = [], 0
    for text in texts:
        *lines, rest = text.split("\n")
        for line in lines:
            parts.append(line)
            yield _checked_line(name, parts), True
            parts, length = [], 0
        parts.append(rest)
        length += len(rest)
        if length > LONGEST_RECORD:
            break
    yield _checked_line(name, parts), False


def _checked_line(name, parts):
    line = "".join(parts)
    if len(line) > LONGEST_RECORD:
        raise _beyond("long_record", name, LONGEST_RECORD)
    return line


def _from_lines(name, pieces):
    table = table_of_records(name, lines_of_records(name, decoded(pieces, name)))
    if table.empty:
        raise _empty(name)
    return table


def _from_json(name, pieces):
    texts = decoded(pieces, name)
    head = "".join(islice(texts, 16))  # 4 MB
    if not head.strip():
        raise _empty(name)
    if head.lstrip().startswith("["):
        return table_of_records(name, json_items(chain([head], texts), name, LONGEST_RECORD))
    if _TWICE.match(head):
        held = parse_json(_whole(name, head, texts), name)
        return _from_json(name, [without_surrogates(str(held)).encode()])
    if not head.lstrip().startswith("{"):
        raise FilmsError(f"{name}: a list of records is needed; got {head.strip()[:20]!r}. Name it .csv if it is CSV.")
    if _is_lines(head):
        return table_of_records(name, lines_of_records(name, chain([head], texts)))
    text = _whole(name, head, texts)
    # an entry of an object, a list and a value take at least so many bytes
    if 240 * text.count("{") + 80 * text.count("[") + 70 * text.count(",") > MOST_MEMORY:
        raise _beyond("large_object", name, LARGEST_OBJECT // 1_000_000)
    return table_of_object(name, parse_json(text, name))


def _whole(name, head, texts):
    """A text that begins with `head`; FilmsError if it is longer than a JSON object may be."""
    parts, length = [head], len(head)
    while length <= LARGEST_OBJECT and (text := next(texts, "")):
        parts.append(text)
        length += len(text)
    if length > LARGEST_OBJECT:
        raise _beyond("large_object", name, LARGEST_OBJECT // 1_000_000)
    return "".join(parts)


def _is_lines(head):
    """Whether a text that begins so is JSON lines, as pandas writes them to .json: its first line is a record."""
    first, _, rest = head.lstrip().partition("\n")
    try:
        return bool(rest.strip()) and isinstance(parse_json(first, ""), dict)
    except FormatError:
        return False


def _from_csv(name, pieces):
    content = b"".join(pieces)
    if _JSON.match(content):
        return _from_json(name, [content])
    text = to_utf8(name, content)
    head = text[:_HEAD].decode("utf-8", "ignore")
    if not text.strip():
        raise _empty(name)
    start, separator = _begin(name, head)
    text = text[len(head[:start].encode()) :]
    if sum(text.count(mark) for mark in (separator.encode(), b"\n", b"\r")) > MOST_SEPARATORS:
        raise _beyond("many_cells", name, MOST_CELLS)
    header = _header(name, head[start:], separator)
    how = {"sep": separator, "index_col": False, "low_memory": False, "keep_default_na": False}
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", pd.errors.ParserWarning)
            columns = pd.read_csv(io.StringIO(header), nrows=0, **how).columns
            words = {column: _NOT_KNOWN for column in columns if attribute_of(column) not in _AS_WRITTEN}
            texts = {column: str for column in columns if _reader_of(column) in _NOTATIONS}
            most = min(MOST_ROWS, MOST_CELLS // max(1, len(columns)))
            table = pd.read_csv(io.BytesIO(text), na_values=words, dtype=texts, nrows=most + 1, **how)
    except (pd.errors.ParserError, pd.errors.ParserWarning, pd.errors.EmptyDataError) as error:
        reason = _long_row(text, separator, head[:start].count("\n"))
        if not reason:
            reason = printable(" ".join(str(error).split()).removeprefix("Error tokenizing data. C error: "))
            reason = f"rows and header do not fit: {reason}. Export it again."
        raise FilmsError(f"{name}: {reason}") from None
    _check_shape(name, len(table), len(columns))
    return _unmarked(table)


def _reader_of(column):
    attribute = attribute_of(column)
    return ATTRIBUTE[attribute].reader if attribute else ""


def _long_row(text, separator, n_before):
    """What to do about the first row that is longer than the header, which has lines above it; empty if none is."""
    rows = csv.reader(io.StringIO(text.decode("utf-8", "replace"), newline=""), delimiter=separator)
    try:
        width = len(next(rows))
        line = n_before + rows.line_num + 1
        for row in rows:
            if len(row) > width:
                cells = f"line {line} has {len(row)} cells, the header {width}"
                return f"{cells}: put texts with {_SIGNS[separator]} in quotes, or export it again."
            line = n_before + rows.line_num + 1
    except csv.Error:  # a cell that is too long for it
        pass
    return ""


def _begin(name, head):
    """Where the header begins, and the sign between cells."""
    found = (line for line in re.finditer(r"[^\r\n]+", head) if line[0].strip())
    lines, starts = zip(*((line[0], line.start()) for line in islice(found, ROWS_TRIED)))
    separators = [max(_SIGNS, key=line.count) for line in lines]
    rows = [next(csv.reader([line[:_LONGEST_HEAD]], delimiter=sign), []) for line, sign in zip(lines, separators)]
    row = header_row(rows)
    return starts[row], separators[row]


def _header(name, head, separator):
    """The text of the header; it and the first row, which says how wide a table is, fit."""
    end = _end_of_row(name, head, 0, separator)
    _end_of_row(name, head, end, separator)
    return head[:end]


def _end_of_row(name, head, place, separator):
    """Where a row of CSV ends; FilmsError if it has too many cells."""
    field = re.compile(rf'(?:"[^"]*(?:""[^"]*)*(?:"|\Z))?[^{separator}\r\n]*({re.escape(separator)}|\r\n|\n|\r|\Z)')
    for _ in range(MOST_COLUMNS):
        found = field.match(head, place)
        place = found.end()
        if found[1] != separator:
            return place
    raise _beyond("many_columns", name, MOST_COLUMNS)


def _unmarked(table):
    """A table whose texts have lost the marks of a spreadsheet: the apostrophe that disarms formulas, ="..."."""
    for column in table:
        values = table[column]
        if any(_plain_text(text) != text for text in _texts(values)):
            plain = [_plain_text(v) if isinstance(v, str) else v for v in values]
            table[column] = pd.Series(plain, table.index, dtype=values.dtype)
    return table


def _plain_text(text):
    found = _AS_TEXT.fullmatch(text)
    return found[1] if found else rearmed(text)


def _from_workbook(name, pieces):
    return read_workbook(name, b"".join(pieces), _check_shape)


def _from_parquet(name, pieces):
    content = b"".join(pieces)
    try:
        _check_parquet(name, content)
        return pd.read_parquet(io.BytesIO(content))
    except ImportError:
        raise FilmsError(f"{name}: Parquet needs pyarrow. pip install pyarrow, or save it as CSV.") from None
    except FilmsError:
        raise
    except (ValueError, OSError, LookupError, TypeError, NotImplementedError, MemoryError):  # pyarrow's errors are some
        raise FilmsError(f"{name}: not a complete Parquet file. Export it again.") from None


def _check_parquet(name, content):
    """Refuse a file whose table is beyond a limit; a text that is stored once may fill a million rows."""
    pa, pc, pq = (import_module(name) for name in ("pyarrow", "pyarrow.compute", "pyarrow.parquet"))

    schema = pq.read_schema(io.BytesIO(content))
    texts = [field.name for field in schema if pa.types.is_string(field.type) or pa.types.is_binary(field.type)]
    with pq.ParquetFile(io.BytesIO(content), read_dictionary=texts) as file:
        _check_shape(name, file.metadata.num_rows, len(schema))
        groups = range(file.metadata.num_row_groups)
        n_bytes = sum(file.metadata.row_group(group).total_byte_size for group in groups)
        for batch in file.iter_batches(batch_size=1024) if n_bytes <= LARGEST_TABLE else ():
            for column in batch.columns:
                if pa.types.is_dictionary(column.type):
                    lengths = pc.take(pc.binary_length(column.dictionary), column.indices)
                    n_bytes += pc.sum(lengths).as_py() or 0
                else:
                    n_bytes += column.nbytes * (10 if pa.types.is_nested(column.type) else 1)
            if n_bytes > 2 * LARGEST_TABLE:
                break
    if n_bytes > 2 * LARGEST_TABLE:
        raise _beyond("large_table", name, LARGEST_TABLE // 1_000_000)


def _texts(values):
    """The texts in a column."""
    if pd.api.types.is_numeric_dtype(values):
        return []
    return [value for value in values.to_numpy(dtype=object) if isinstance(value, str)]


def _storable(value):
    """A text without halves of surrogate pairs, which pandas cannot hold; other values as they are."""
    return without_surrogates(value) if isinstance(value, str) and not value.isascii() else value


def _memory(value):
    """Bytes of a value of JSON and what is in it."""
    if isinstance(value, dict):
        return sys.getsizeof(value) + sum(map(_memory, value)) + sum(map(_memory, value.values()))
    return sys.getsizeof(value) + (sum(map(_memory, value)) if isinstance(value, list) else 0)


def _check_shape(name, n_rows, n_columns):
    if n_columns > MOST_COLUMNS:
        raise _beyond("many_columns", name, MOST_COLUMNS)
    if n_rows > MOST_ROWS:
        raise _beyond("many_rows", name, MOST_ROWS)
    if n_rows * n_columns > MOST_CELLS:
        raise _beyond("many_cells", name, MOST_CELLS)


def _beyond(code, name, most, **values):
    """The error that a file is beyond a limit."""
    return FilmsError(Message(code, source=Verbatim(name), most=most, **values))


def _empty(name):
    return FilmsError(f"{name}: empty file. Leave it out, or fetch it again.")


def _shown(text):
    return Verbatim(printable(str(text))[:40])
