"""The words of a table of films: one row per film, these columns, these values.

`standardise` brings any table to them and says, in a warning that names the column, what it could not use. Columns
that are not listed here are kept and never used: above all those about the rating itself (when it was added, whether
it is disputed, what it became later), which would leak the answer into the question.
"""

import json
import re
import sys
import warnings
from dataclasses import dataclass

import numpy as np
import pandas as pd

MISSING = ("", "na", "n/a", "nan", "none", "null", "unknown", r"\n", "-")  # in lower case; all mean "not known"


class FilmsError(ValueError):
    """A table of films cannot be used; the message names the column and says what to do."""


class FilmsWarning(UserWarning):
    """A table of films, or a model of it, stands on thin ice somewhere; the message says where."""


@dataclass(frozen=True)
class Column:
    """One column of a table of films.

    Parameters
    ----------
    name : str
        A lower-case identifier.
    kind : {"text", "code", "genres", "number"}
        How its values are read; numbers become float64 with NaN for "not known".
    about : str
        What it holds, for people.
    block : {"", "outcome", "basics", "gender", "text", "reception"}
        What it tells a model: basics, cast and crew gender and text are known before release, reception after it.
    aliases : tuple of str
        Other names under which it is known in public tables.
    low, high : float
        Smallest and largest possible number; zero budgets and the like are "not known".
    """

    name: str
    kind: str
    about: str
    block: str = ""
    aliases: tuple = ()
    low: float = -np.inf
    high: float = np.inf


_share = {"kind": "number", "block": "gender", "low": 0.0, "high": 1.0}
_count = {"kind": "number", "block": "gender", "low": 0.0}
_after = {"kind": "number", "block": "reception"}

COLUMNS = (
    Column("imdb_id", "text", "IMDb id, tt and at least seven digits", aliases=("imdbid",)),
    Column("tmdb_id", "number", "TMDB id", low=1),
    Column("title", "text", "title"),
    Column("rating", "number", "bechdeltest.com rating 0-3; 3 passes", "outcome", ("score", "bechdel_rating"), 0, 3),
    Column("passes", "number", "1 if the film passes (rating 3), else 0", "outcome", (), 0, 1),
    Column("year", "number", "year of release", "basics", (), 1870, 2100),
    Column("genres", "genres", "genres, separated by |", "basics"),
    Column("runtime", "number", "length, minutes", "basics", (), 1, 1000),
    Column("language", "code", "original language, ISO 639-1", "basics", ("original_language",)),
    Column("country", "text", "main country of production", "basics", ("country_main",)),
    Column("budget", "number", "budget, US dollars of the time", "basics", (), 1_000, 1e9),
    Column("mpaa", "text", "certificate in the United States"),
    Column("cast_female_share", about="women among the credited cast of known gender", **_share),
    Column("cast_women", about="women in the credited cast", aliases=("cast_female_tmdb",), **_count),
    Column("cast_men", about="men in the credited cast", aliases=("cast_male_tmdb",), **_count),
    Column("named_women", about="cast with a woman's first name", aliases=("cast_female_guess",), **_count),
    Column("named_men", about="cast with a man's first name", aliases=("cast_male_guess",), **_count),
    Column("principal_women", about="women in the principal cast", aliases=("principal_female_imdb",), **_count),
    Column("principal_men", about="men in the principal cast", aliases=("principal_male_imdb",), **_count),
    Column("lead_female", about="1 if the first-billed actor is a woman", **_share),
    Column("crew_female_share", about="women among the credited crew of known gender", **_share),
    Column("director_female_share", about="women among the directors of known gender", **_share),
    Column("writer_female_share", about="women among the writers of known gender", **_share),
    Column("poster_women", about="women's faces on the poster", **_count),
    Column("poster_men", about="men's faces on the poster", **_count),
    Column("cast_gender_source", "code", "where the gender of the cast comes from"),
    Column("overview", "text", "summary of the plot, in English", "text"),
    Column("imdb_rating", about="mean vote on IMDb", low=1, high=10, **_after),
    Column("imdb_votes", about="number of votes on IMDb", low=1, **_after),
    Column("tmdb_vote_average", about="mean vote on TMDB", aliases=("vote_average",), low=0.5, high=10, **_after),
    Column("tmdb_vote_count", about="number of votes on TMDB", aliases=("vote_count",), low=1, **_after),
    Column("tmdb_popularity", about="popularity on TMDB", aliases=("popularity",), low=0, **_after),
    Column("metascore", about="critics' mean on Metacritic", low=0, high=100, **_after),
    Column("revenue", about="revenue, US dollars of the time", low=1_000, **_after),
)
COLUMN = {column.name: column for column in COLUMNS}
_NAMES = {alias: column.name for column in COLUMNS for alias in column.aliases}
_ZERO_IS_MISSING = ("tmdb_id", "runtime", "budget", "revenue", "imdb_votes", "tmdb_vote_count", "tmdb_vote_average")

GENRES = (
    "Action", "Adventure", "Animation", "Comedy", "Crime", "Documentary", "Drama", "Family", "Fantasy", "Foreign",
    "History", "Horror", "Music", "Mystery", "Romance", "Science Fiction", "Sport", "TV Movie", "Thriller", "War",
    "Western",
)  # fmt: skip
_GENRE_NAMES = {
    "biography": "History",
    "biopic": "History",
    "film-noir": "Crime",
    "film noir": "Crime",
    "kids": "Family",
    "musical": "Music",
    "sci-fi": "Science Fiction",
    "scifi": "Science Fiction",
    "sports": "Sport",
    "suspense": "Thriller",
} | {genre.lower(): genre for genre in GENRES}  # fmt: skip
_COUNTRIES = {
    "us": "United States",
    "usa": "United States",
    "united states of america": "United States",
    "gb": "United Kingdom",
    "uk": "United Kingdom",
    "west germany": "Germany",
    "east germany": "Germany",
    "fr": "France",
    "de": "Germany",
    "ca": "Canada",
    "jp": "Japan",
    "it": "Italy",
    "in": "India",
    "es": "Spain",
    "au": "Australia",
}


def standardise(films):
    """Bring a table of films to the columns and values of `COLUMNS`.

    Parameters
    ----------
    films : DataFrame
        One row per film, under any of the known names; never modified.

    Returns
    -------
    films : DataFrame
        Same rows, order and index; known columns renamed and typed, the others as they were. `passes` is made of
        `rating` where there is one; `year` of `release_date`; the country is the first of several.

    Raises
    ------
    TypeError
        If `films` is not a DataFrame.
    FilmsError
        If a column occurs twice, or none of its values can be used, or rating and passes contradict each other.

    Warns
    -----
    FilmsWarning
        For each column of which some values could not be used: how many, and the first.
    """
    films = rename_columns(films)
    for column in COLUMNS:
        if column.name in films:
            films[column.name] = _READERS[column.kind](films[column.name], column)
    if "rating" in films:
        passes = (films["rating"] == 3).astype(float).where(films["rating"].notna())
        if "passes" in films:
            wrong = films.index[passes.notna() & films["passes"].notna() & (passes != films["passes"])]
            if len(wrong):
                raise FilmsError(
                    f"rating and passes contradict each other in {len(wrong)} rows (first: {wrong[0]}). A film passes "
                    "when its rating is 3; leave one of the columns out."
                )
            passes = passes.fillna(films["passes"])
        films["passes"] = passes
    return films


def rename_columns(films):
    """Give known columns the names of `COLUMNS`; values stay as they are. Errors are those of `standardise`."""
    if not isinstance(films, pd.DataFrame):
        raise TypeError(f"films must be a pandas DataFrame; got {type(films).__name__}. read_films reads files.")
    films = films.rename(columns={a: n for a, n in _NAMES.items() if a in films and n not in films})
    twice = sorted({str(name) for name in films.columns[films.columns.duplicated()]})
    if twice:
        raise FilmsError(f"column {twice[0]} occurs twice. Keep one of them.")
    if "year" not in films and "release_date" in films:
        films["year"] = films["release_date"].astype("string").str.slice(0, 4)
    if "country" not in films and "countries" in films:
        films["country"] = films["countries"]
    return films


def check_outcome(films, column="passes"):
    """Return the outcome of each film; both outcomes, or several ratings, must occur.

    Parameters
    ----------
    films : DataFrame
        As `standardise` returns it.
    column : {"passes", "rating"}

    Returns
    -------
    outcome : Series of float
        NaN where it is not known.

    Raises
    ------
    FilmsError
        If the column is missing or holds fewer than two different values.
    """
    if column not in films:
        needs = "passes (0 or 1) or rating (0-3)" if column == "passes" else "rating (0-3)"
        present = ", ".join(map(str, films.columns[:8])) + (", ..." if films.shape[1] > 8 else "")
        raise FilmsError(f"no outcome: a column {needs} is needed; this table has {present or 'no columns'}.")
    values = films[column].dropna().unique()
    if len(values) < 2:
        found = f"only {values[0]:g}" if len(values) else "no value"
        raise FilmsError(f"column {column} holds {found} in {len(films)} rows: nothing to compare. Add other films.")
    return films[column]


def split_genres(genres):
    """Genres of each film as a list of names; an empty list where they are not known.

    Parameters
    ----------
    genres : Series of str
        As `standardise` returns it, separated by `|`.
    """
    return genres.map(lambda text: text.split("|") if isinstance(text, str) else [])


def _read_number(values, column):
    if pd.api.types.is_numeric_dtype(values):
        numbers = values.astype(float)
    else:
        texts = values.map(lambda value: value.strip() if isinstance(value, str) else value)
        known = texts.notna() & ~texts.astype(str).str.lower().isin(MISSING)
        numbers = texts.where(known).map(_float_of).astype(float)
        _tell_unusable(values, known & numbers.isna(), known, column, "not a number")
    if column.name in _ZERO_IS_MISSING:
        numbers = numbers.mask(numbers == 0)
    possible = numbers.between(column.low, column.high) & np.isfinite(numbers)
    if column.block == "outcome":
        possible &= numbers == numbers.round()
    if column.block == "gender" and column.high == 1 and possible.any():
        shares = numbers[numbers > 0]
        if ((shares > 1) & (shares <= 100)).sum() > len(shares) / 2:  # 1 would be read as 100 %
            raise FilmsError(f"column {column.name}: most values lie over 1; {_allowed(column)}. Divide them by 100.")
    _tell_unusable(values, numbers.notna() & ~possible, numbers.notna(), column, _allowed(column))
    return numbers.where(possible)


def _float_of(value):
    """A number, or NaN for what is none; numbers too large for a float are infinite."""
    try:
        return float(value)
    except OverflowError:
        return np.inf
    except (TypeError, ValueError):
        return np.nan


def _read_text(values, column):
    missing = ("",) if column.name == "title" else MISSING  # "Unknown" and "None" are films
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
        shown = ", ".join(unknown[:5]) + (", ..." if len(unknown) > 5 else "")
        warn(f"genres: {len(unknown)} unknown ({shown}) are kept and not used. Known are {', '.join(GENRES)}.")
    return _map_unique(texts, lambda text: "|".join(names[text]) or None)


def _map_unique(texts, function):
    """Apply a function once to each different text; None stays None."""
    results = {text: function(text) for text in texts.dropna().unique()}
    return pd.Series([results.get(text) for text in texts.to_numpy()], index=texts.index, dtype=object)


_READERS = {"number": _read_number, "text": _read_text, "code": _read_text, "genres": _read_genres}


def _text_of(value, missing=MISSING):
    """One value as text, or None; lists (of names, or of TMDB's dicts) are joined by `|`."""
    if isinstance(value, str):
        text = value.strip()
        if text[:1] == "[" and text[-1:] == "]":
            try:
                return _text_of(json.loads(re.sub(r"(?<!\\)'", '"', text)))
            except ValueError:
                return text
    elif isinstance(value, (list, tuple, set, np.ndarray)):
        names = [item.get("name", item.get("iso_3166_1")) if isinstance(item, dict) else item for item in value]
        text = "|".join(str(name).strip() for name in names if name)
    else:
        text = "" if value is None or value is pd.NA or value != value else str(value)
    return None if len(text) < 8 and text.lower() in missing else text


def _genre_names(text):
    """Known genres of a text, under their standard names and sorted, then the unknown ones."""
    names = [name.strip() for name in re.split(r"[|;,/]", text)]
    names = [_GENRE_NAMES.get(name.lower(), name) for name in names if name.lower() not in MISSING]
    return sorted(set(names), key=lambda name: (name not in GENRES, name))


def _country_of(text):
    first = re.split(r"[|;,]", text)[0].strip()
    return _COUNTRIES.get(first.lower(), first)


def _allowed(column):
    if column.name == "rating":
        return "allowed are 0, 1, 2 and 3"
    if column.name == "passes":
        return "allowed are 0 and 1"
    if np.isfinite(column.high):
        hint = "; a share, not per cent" if column.high == 1 else ""
        return f"allowed is {column.low:g} to {column.high:g}{hint}"
    return f"allowed is {column.low:g} or more"


def _tell_unusable(values, unusable, known, column, reason):
    """Warn that some values count as missing; raise if that leaves none."""
    if not unusable.any():
        return
    first = f"{values[unusable].iloc[0]!r}" if isinstance(values[unusable].iloc[0], str) else values[unusable].iloc[0]
    found = f"column {column.name}: {int(unusable.sum())} of {int(known.sum())} values cannot be used"
    if (unusable.sum() == known.sum() and column.block == "outcome") or unusable.sum() == known.sum() > 1:
        raise FilmsError(f"{found} (first: {first}): {reason}. Mend the column or leave it out.")
    warn(f"{found} (first: {first}): {reason}. They count as missing.")


def warn(message):
    """Warn, pointing to the line of the user that called into this package."""
    level, frame = 1, sys._getframe(1)
    while frame and frame.f_globals.get("__name__", "").startswith("bechdel_stats"):
        level, frame = level + 1, frame.f_back
    warnings.warn(message, FilmsWarning, stacklevel=level + 1)
