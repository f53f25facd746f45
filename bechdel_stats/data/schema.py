"""The schema of a table of films: one row per film, with known columns and values.

`standardise` converts any table to it, with a warning that names the column for values it cannot use. Columns that are
not listed are kept but never used, above all those about the rating itself (when it was added, whether it is disputed,
what it became later), which would leak the outcome into the predictors.
"""

import re
from collections.abc import Iterable, Sequence

import numpy as np
import pandas as pd

from bechdel_stats.attributes import ATTRIBUTE, ATTRIBUTES, Attribute
from bechdel_stats.levels import GENRES, OTHER_COUNTRIES, OTHER_GENRES
from bechdel_stats.words.messages import FilmsError, Message, Verbatim, warn
from lightdiar.common.foreign import parse_json, without_surrogates
from lightdiar.common.tables import printable
from lightdiar.errors import FormatError

MISSING = ("", "na", "n/a", "nan", "none", "null", "unknown", r"\n", "-")  # in lower case; all mean "not known"
_SHOWN = 60  # characters of a value in a message
_OUTCOMES = {  # of the test, in lower case
    **dict.fromkeys(("pass", "passes", "passed", "yes", "true"), 1.0),
    **dict.fromkeys(("fail", "fails", "failed", "no", "false"), 0.0),
}
_NAMES = {alias: attribute.name for attribute in ATTRIBUTES for alias in attribute.aliases}
_GENRE_NAMES = OTHER_GENRES | {genre.lower(): genre for genre in GENRES}


class CheckedFilms(pd.DataFrame):
    """A table of films that `standardise` has returned, marked so that it is not checked again.

    Other pandas operations return a plain DataFrame; `rows` and `without` keep the mark.
    """

    @property
    def _constructor(self):
        return pd.DataFrame

    def rows(self, chosen: "Sequence[int] | np.ndarray | pd.Series") -> "CheckedFilms":
        """Return some of the films, chosen by position or by a mask."""
        return CheckedFilms(self.iloc[np.asarray(chosen)])

    def without(self, columns: Iterable[str]) -> "CheckedFilms":
        """Return the films without some columns; columns that do not exist are ignored."""
        return CheckedFilms(self.drop(columns=list(columns), errors="ignore"))


def checked(films: pd.DataFrame) -> CheckedFilms:
    """Return the films passed to a public function, standardised unless they already are."""
    return films if isinstance(films, CheckedFilms) else CheckedFilms(standardise(films))


def standardise(films: pd.DataFrame) -> pd.DataFrame:
    """Convert a table of films to the columns and values of `bechdel_stats.attributes`.

    Parameters
    ----------
    films : DataFrame
        One row per film, with columns under any of their known names; never modified.

    Returns
    -------
    films : DataFrame
        Same rows, order and index; known columns are renamed and typed, others are unchanged, but True and False among
        unknown values become 1, 0 and NaN. `passes` is derived from `rating` where it is known, and `year` from
        `release_date`; of several countries, the first is kept. `passes` may be PASS and FAIL, or yes and no.

    Raises
    ------
    TypeError
        If `films` is not a DataFrame.
    FilmsError
        If a column occurs twice, none of its values can be used, or rating and passes contradict each other.

    Warns
    -----
    FilmsWarning
        For each column with unusable values: how many there are, and the first.
    """
    films = rename_columns(films)
    for attribute in ATTRIBUTES:
        if attribute.name in films:
            films[attribute.name] = _READERS[attribute.kind](films[attribute.name], attribute)
    for name in films.columns.difference(list(ATTRIBUTE)):
        if films[name].dtype == object and pd.api.types.infer_dtype(films[name]) == "boolean":
            films[name] = films[name].where(films[name].notna(), np.nan).astype(float)
    if "rating" in films:
        passes = (films["rating"] == 3).astype(float).where(films["rating"].notna())
        if "passes" in films:
            wrong = films.index[passes.notna() & films["passes"].notna() & (passes != films["passes"])]
            if len(wrong):
                raise FilmsError(Message("contradiction", n=len(wrong), first=Verbatim(wrong[0])))
            passes = passes.fillna(films["passes"])
        films["passes"] = passes
    return films


def rename_columns(films: pd.DataFrame) -> pd.DataFrame:
    """Give known columns their standard names and leave values unchanged; errors are those of `standardise`."""
    if not isinstance(films, pd.DataFrame):
        raise TypeError(f"films must be a pandas DataFrame; got {type(films).__name__}. read_films reads files.")
    films = films.rename(columns={a: n for a, n in _NAMES.items() if a in films and n not in films})
    twice = sorted({str(name) for name in films.columns[films.columns.duplicated()]})
    if twice:
        raise FilmsError(Message("column_twice", column=twice[0]))
    if "year" not in films and "release_date" in films:
        films["year"] = films["release_date"].astype("string").str.slice(0, 4)
    if "country" not in films and "countries" in films:
        films["country"] = films["countries"]
    return films


def check_outcome(films: pd.DataFrame, column: str = "passes") -> pd.Series:
    """Return the outcome of each film; both outcomes, or several ratings, must occur.

    Parameters
    ----------
    films : DataFrame
        As returned by `standardise`.
    column : {"passes", "rating"}

    Returns
    -------
    outcome : Series of float
        NaN where not known.

    Raises
    ------
    FilmsError
        If the column is missing or holds fewer than two different values.
    """
    if column not in films:
        needed = Message("passes_or_rating" if column == "passes" else "rating_needed")
        raise FilmsError(Message("no_outcome", column=needed, columns=first_columns(films)))
    values = films[column].dropna().unique()
    if len(values) < 2:
        found = Message("only_value", value=values[0]) if len(values) else Message("no_value")
        raise FilmsError(Message("one_outcome", column=column, found=found, n=len(films)))
    return films[column]


def first_columns(films: pd.DataFrame) -> Message | list[str]:
    """Return the columns of a table as an error message lists them: the first eight."""
    if not films.shape[1]:
        return Message("no_columns")
    return [*(printable(str(name))[:_SHOWN] for name in films.columns[:8]), *["..."] * (films.shape[1] > 8)]


def allowed_values(column: Attribute) -> Message:
    """Return which values an attribute can have, as part of an error message."""
    if column.kind != "number":
        return Message("allowed_known")
    if column.name == "rating":
        return Message("allowed_ratings")
    if column.name == "passes":
        return Message("allowed_outcomes")
    if column.high == 1:
        return Message("allowed_share")
    if np.isfinite(column.high):
        return Message("allowed_range", low=column.low, high=column.high)
    return Message("allowed_least", low=column.low)


def genre_indicators(genres: pd.Series) -> dict[str, pd.Series]:
    """Return genre -> Series: whether each film has the genre, 0 or 1, NaN where its genres are not known.

    Parameters
    ----------
    genres : Series of str
        As returned by `standardise`.
    """
    unique = genres.dropna().drop_duplicates()
    names = dict(zip(unique, split_genres(unique)))
    having = {genre: [text for text, found in names.items() if genre in found] for genre in GENRES}
    return {genre: genres.isin(texts).astype(float).where(genres.notna()) for genre, texts in having.items()}


def split_genres(genres: pd.Series) -> pd.Series:
    """Return the genres of each film as a list of names, empty where they are not known.

    Parameters
    ----------
    genres : Series of str
        As returned by `standardise`, separated by `|`.
    """
    return genres.map(lambda text: text.split("|") if isinstance(text, str) else [])


def _read_number(values, column):
    if pd.api.types.is_numeric_dtype(values):
        numbers = values.astype(float)
    else:
        texts = values.map(lambda value: value.strip() if isinstance(value, str) else value)
        known = texts.notna() & ~texts.astype(str).str.lower().isin(MISSING)
        outcomes = _OUTCOMES if column.name == "passes" else {}
        numbers = texts.where(known).map(lambda value: _float_of(value, outcomes)).astype(float)
        reason = allowed_values(column) if outcomes else Message("not_a_number")
        _tell_unusable(values, known & numbers.isna(), known, column, reason)
    if not column.zero:
        numbers = numbers.mask(numbers == 0)
    possible = numbers.between(column.low, column.high) & np.isfinite(numbers)
    if column.block == "outcome":
        possible &= numbers == numbers.round()
    if column.block == "gender" and column.high == 1 and possible.any():
        shares = numbers[numbers > 0]
        if ((shares > 1) & (shares <= 100)).sum() > len(shares) / 2:  # 1 would be read as 100 %
            raise FilmsError(Message("per_cent", column=column.name, allowed=allowed_values(column)))
    _tell_unusable(values, numbers.notna() & ~possible, numbers.notna(), column, allowed_values(column))
    return numbers.where(possible)


def _float_of(value, words):
    """A value as a float: NaN if it is not a number or one of the words, infinite if it is too large."""
    if isinstance(value, str) and value.lower() in words:
        return words[value.lower()]
    try:
        return float(value)
    except OverflowError:
        return np.inf
    except (TypeError, ValueError):
        return np.nan


def _read_text(values, column):
    missing = ("",) if column.name == "title" else MISSING  # "Unknown" and "None" are titles of films
    texts = [_text_of(value, missing) for value in values.to_numpy(dtype=object)]
    texts = pd.Series(texts, index=values.index, dtype=object)
    if column.name == "country":
        return _map_unique(texts, _country_of)
    return _map_unique(texts, str.lower) if column.kind == "code" else texts


def _read_genres(values, column):
    texts = _read_text(values, column)
    names = {text: _genre_names(text) for text in texts.dropna().unique()}
    unknown = sorted({name for row in names.values() for name in row if name not in GENRES})
    if unknown:
        shown = [*map(_shown, unknown[:5]), *["..."] * (len(unknown) > 5)]
        warn(Message("unknown_genres", n=len(unknown), shown=shown, known=list(GENRES)))
    return _map_unique(texts, lambda text: "|".join(names[text]) or None)


def _map_unique(texts, function):
    """Apply a function once to each distinct text; None stays None."""
    results = {text: function(text) for text in texts.dropna().unique()}
    return pd.Series([results.get(text) for text in texts.to_numpy()], index=texts.index, dtype=object)


_READERS = {"number": _read_number, "text": _read_text, "code": _read_text, "genres": _read_genres}


def _text_of(value, missing=MISSING):
    """One value as text, or None; lists (of names, or of TMDB's dicts) are joined by `|`."""
    if isinstance(value, str):
        text = value.strip()
        if text[:1] == "[" and text[-1:] == "]":
            try:
                return _text_of(parse_json(re.sub(r"(?<!\\)'", '"', text), "cell"))
            except FormatError:
                return text
    elif isinstance(value, (list, tuple, set, np.ndarray)):
        names = [item.get("name", item.get("iso_3166_1")) if isinstance(item, dict) else item for item in value]
        text = "|".join(str(name).strip() for name in names if name)
    else:
        text = "" if value is None or value is pd.NA or value != value else str(value)
    return None if len(text) < 8 and text.lower() in missing else without_surrogates(text)


def _genre_names(text):
    """Genres in a text, sorted: the known ones under their standard names, then the unknown ones."""
    names = [name.strip() for name in re.split(r"[|;,/]", text)]
    names = [_GENRE_NAMES.get(name.lower(), name) for name in names if name.lower() not in MISSING]
    return sorted(set(names), key=lambda name: (name not in GENRES, name))


def _country_of(text):
    first = re.split(r"[|;,]", text)[0].strip()
    return OTHER_COUNTRIES.get(first.lower(), first)


def _tell_unusable(values, unusable, known, column, reason):
    """Warn that some values count as missing; raise if that leaves none."""
    if not unusable.any():
        return
    first = values[unusable].iloc[0]
    told = dict(column=column.name, n=int(unusable.sum()), n_known=int(known.sum()), reason=reason)
    told["first"] = first if isinstance(first, float) else _shown(repr(first) if isinstance(first, str) else first)
    if (unusable.sum() == known.sum() and column.block == "outcome") or unusable.sum() == known.sum() > 1:
        raise FilmsError(Message("unusable_column", **told))
    warn(Message("unusable_values", **told))


def _shown(value):
    """A value of a table as a message shows it: on one line, and cut if it is long."""
    text = printable(without_surrogates(str(value)))
    return Verbatim(text if len(text) <= _SHOWN else f"{text[:_SHOWN]}...")
