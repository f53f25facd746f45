"""The table of what is heard of the Bechdel test in recordings of films: the bridge from sound to films.

`lightdiar bechdel FILE... --out ear.csv` writes it, one row per recording, with the columns of `COLUMNS`; whoever has
recordings adds `imdb_id` where the name of a recording does not say which film it is. The last criterion, what women
speak about, cannot be heard: nothing in the table says that a film passes.
"""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from bechdel_stats.data.columns import header
from bechdel_stats.data.files import read_file
from bechdel_stats.data.readers import imdb_id
from bechdel_stats.data.values import is_missing, to_numbers
from bechdel_stats.words.messages import FilmsError, check_kind
from lightdiar.common.tables import printable

_SHARE = (0.0, 1.0, "a number from 0 to 1")
_SECONDS = (0.0, 1e7, "seconds, 0 or more")
_COUNT = (0.0, 1e5, "a whole number, 0 or more")
_NUMBERS = {
    "duration": _SECONDS,
    "speech_seconds": _SECONDS,
    "n_women": _COUNT,
    "n_men": _COUNT,
    "female_share": _SHARE,
    "female_share_low": _SHARE,
    "female_share_high": _SHARE,
    "p_two_women": _SHARE,
    "p_women_talk": _SHARE,
    "exchanges": _COUNT,
    "exchange_seconds": _SECONDS,
}
COLUMNS = ("recording", *_NUMBERS, "places")
_NEEDED = ("p_two_women", "p_women_talk")  # a recording without speech has no share of women, but these it has
_SHOWN = 40  # characters of a value in a message


def is_ear(columns: Iterable[Any]) -> bool:
    """Return whether a table with these columns is one of recordings: its shares and lengths are not those of films."""
    return {header(name) for name in columns} >= set(_NEEDED)


def read_ear(source: str | Path | pd.DataFrame) -> pd.DataFrame:
    """Read a table of what is heard in recordings, and check it.

    Parameters
    ----------
    source : path or DataFrame
        As `lightdiar bechdel` writes it, or what a spreadsheet has made of that, decimal commas too: `COLUMNS` in any
        order, and `imdb_id` if somebody has added it; further columns are left out.

    Returns
    -------
    ear : DataFrame
        One row per recording: `COLUMNS`, numbers as float (NaN where empty), and imdb_id (None where not given).

    Raises
    ------
    FilmsError
        If a column is missing, a value cannot be used, or a recording has no name or two rows; the message names the
        row, counted from 1 below the header.
    OSError
        If there is no such file.
    """
    check_kind("source", source, (str, Path, pd.DataFrame), "a path or a DataFrame of recordings")
    name, table = ("table", source) if isinstance(source, pd.DataFrame) else read_file(Path(source))
    table = table.set_axis([header(column) for column in table.columns], axis=1).reset_index(drop=True)
    table = table.loc[:, ~table.columns.duplicated()]
    missing = [column for column in COLUMNS if column not in table]
    if missing:
        raise FilmsError(f"{name}: no column {', '.join(missing)}. `lightdiar bechdel FILE... --out ear.csv` has them.")
    if table.empty:
        raise FilmsError(f"{name}: no recordings in it. Leave it out.")
    ear = pd.DataFrame({"recording": _names(name, table["recording"])})
    for column in _NUMBERS:
        ear[column] = _numbers(name, table[column])
    ear["places"] = ["" if _is_empty(value) else str(value) for value in table["places"]]
    ear["imdb_id"] = _ids(name, table["imdb_id"]) if "imdb_id" in table else None
    return ear


def _names(name, values):
    """Names of the recordings, each once."""
    names = ["" if value is None or value != value else str(value).strip() for value in values]
    first: dict[str, int] = {}
    for row, recording in enumerate(names, start=1):
        if not recording:
            raise FilmsError(f"{name}: row {row}: recording is empty. Name it, or delete the row.")
        if first.setdefault(recording, row) != row:
            raise FilmsError(
                f"{name}: row {row}: recording {_shown(recording)} is in row {first[recording]} too. Keep one of them."
            )
    return pd.Series(names, values.index, dtype=object)


def _numbers(name, values):
    """A column of numbers within its limits; NaN for empty cells where they may be empty."""
    low, high, allowed = _NUMBERS[values.name]
    numbers, empty = to_numbers(values), values.map(_is_empty)
    usable = numbers.between(low, high) | (empty & (values.name not in _NEEDED))
    if allowed == _COUNT[2]:
        usable &= empty | (numbers == numbers.round())
    for row in np.flatnonzero(~usable):
        raise FilmsError(f"{name}: row {row + 1}: {values.name} is {_shown(values[row])}; it must be {allowed}.")
    return numbers


def _ids(name, values):
    """IMDb ids, None for empty cells."""
    ids = [None if _is_empty(value) else imdb_id(value) for value in values]
    for row, (found, value) in enumerate(zip(ids, values), start=1):
        if found is None and not _is_empty(value):
            raise FilmsError(f"{name}: row {row}: imdb_id is {_shown(value)}; it must be tt and digits, or empty.")
    return pd.Series(ids, values.index, dtype=object)


def _is_empty(value):
    return value is None or value is pd.NA or value != value or is_missing(str(value))


def _shown(value):
    return "empty" if _is_empty(value) else repr(printable(str(value))[:_SHOWN])
