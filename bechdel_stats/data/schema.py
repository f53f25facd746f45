"""The schema of a table of films: one row per film, with known columns and values.

`standardise` converts any table to it, with a warning that names the column for values it cannot use. Columns that are
not listed are kept but never used, above all those about the rating itself (when it was added, whether it is disputed,
what it became later), which would leak the outcome into the predictors.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from itertools import chain

import numpy as np
import pandas as pd

from bechdel_stats.attributes import ATTRIBUTE, ATTRIBUTES
from bechdel_stats.data.columns import names_outcome, says_fails, take, theirs_of, with_clean_test, with_index
from bechdel_stats.data.readers import ColumnRead, read_attribute
from bechdel_stats.data.shapes import opened
from bechdel_stats.levels import GENRES
from bechdel_stats.words.messages import FilmsError, Message, Verbatim, warn
from lightdiar.common.tables import printable

_SHOWN = 60  # characters of a value in a message
_OUTCOME = "rating", "passes"
_ENOUGH = 20  # films of which some pass
_APART = {"year": 1, "runtime": 1}  # by which two columns may differ: a festival's year, seconds left out
_ROUNDED = 0.01  # the same of other numbers
_TOLD = "bechdel_stats: told"  # in the `attrs` of a table that was read: which of its columns differ


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


def without_outcome(films: pd.DataFrame) -> CheckedFilms:
    """Return the films `opened` and `checked`, without `rating` and `passes`, whose impossible values are not told."""
    if isinstance(films, CheckedFilms):
        return films.without(_OUTCOME)
    _check_frame(films)
    films = opened(with_index(films))
    taken = take(films)
    outcomes = (places.get(name, ()) for places in (taken.sources, taken.others) for name in _OUTCOME)
    unused = [*taken.refused, *chain.from_iterable(outcomes)]
    return CheckedFilms(standardise(films, {str(films.columns[place]): "" for place in unused})).without(_OUTCOME)


def standardise(films: pd.DataFrame, columns: Mapping[str, str] | None = None) -> pd.DataFrame:
    """Convert a table of films to the columns and values of `bechdel_stats.attributes`.

    Parameters
    ----------
    films : DataFrame
        One row per film, with columns under any of their known names, whatever their case; never modified. A level of
        its index under such a name is a column too, and no longer has the name as a level.
    columns : mapping of str -> str, optional
        Names of columns in the table and the attributes that they stand for, such as {"Ma note": "rating"}; an empty
        name leaves a column unused.

    Returns
    -------
    films : DataFrame
        Same rows, order and index; known columns are renamed and typed, others are unchanged, but True and False among
        unknown values become 1, 0 and NaN. `passes` is derived from `rating` where it is known, and `year` from a date
        of release; of several countries or languages, the first is kept. A column with the name of an attribute that
        does not hold it is called `their_...`.

    Raises
    ------
    TypeError
        If `films` is not a DataFrame.
    FilmsError
        If `columns` names a column that is not there, or no attribute.

    Warns
    -----
    FilmsWarning
        For each column with unusable values: how many there are, and examples. They count as missing; a column of which
        none can be used is not used.
    """
    table, read = read_columns(films, columns)
    for column in read:
        for message in column.told:
            warn(message)
    return table


def read_columns(
    films: pd.DataFrame, columns: Mapping[str, str] | None = None
) -> tuple[pd.DataFrame, tuple[ColumnRead, ...]]:
    """Do what `standardise` does without a warning, and return what each column was taken for as well."""
    _check_frame(films)
    films = with_clean_test(with_index(films))
    taken = take(films, columns)
    theirs = [printable(str(name)) for name in films.columns]
    table = films.set_axis(taken.names, axis=1)
    read: dict[int, ColumnRead] = {}
    for attribute in ATTRIBUTES:
        values = None
        for place in taken.sources.get(attribute.name, ()):
            own, read[place] = _read_column(films, place, theirs, attribute)
            if values is not None and own is not None:
                wrong = _contradict(values, own, attribute)
                for message in _differences(films, theirs, taken.sources[attribute.name][0], place, wrong):
                    _tell_of(read, place, message)
            if values is None or (own is not None and values.isna().any()):
                values = own if values is None or own is None else values.where(values.notna(), own)
        if values is not None:
            table[attribute.name] = values
        elif attribute.name in table:
            table = table.rename(columns={attribute.name: theirs_of(attribute.name)})
        for place in taken.others.get(attribute.name, ()):
            read[place] = _read_other(films, place, theirs, attribute, values, taken.sources[attribute.name][0])
    for place, reason in taken.refused.items():
        told = () if any(reason in column.told for column in read.values()) else (reason,)
        read[place] = _not_read(films, place, theirs, told)
    for name in table.columns.difference(list(ATTRIBUTE)):
        if table[name].dtype == object and pd.api.types.infer_dtype(table[name]) == "boolean":
            table[name] = table[name].where(table[name].notna(), np.nan).astype(float)
    contradiction = _derive_passes(table)
    if contradiction:
        _tell_of(read, taken.sources["passes"][0], contradiction)
    if "rating" in table and _none_passes(table["rating"]):
        place = taken.sources["rating"][0]
        n_known = int(table["rating"].notna().sum())
        _tell_of(read, place, Message("no_score_of_3", column=Verbatim(theirs[place]), n=n_known))
    if "year" in table and _are_first_of_blocks(table):
        place = taken.sources["year"][0]
        if not read[place].n_unusable:
            _tell_of(read, place, Message("first_of_blocks", column="year", n=int(table["year"].isna().sum())))
    table.attrs = {**films.attrs, _TOLD: True}
    return table, tuple(read.get(place) or _not_read(films, place, theirs) for place in range(len(theirs)))


def _not_read(films, place, theirs, told=()):
    """What is told of a column that no attribute is read from."""
    return ColumnRead(theirs[place], "", int(films.iloc[:, place].notna().sum()), 0, told)


def _tell_of(read, place, message):
    """Tell one thing more of a column."""
    read[place] = replace(read[place], told=(*read[place].told, message))


def _read_column(films, place, theirs, attribute):
    """The values of an attribute in a column, None if none can be used, and what is told; of "fails", yes means no."""
    own, read = read_attribute(films.iloc[:, place], theirs[place], attribute)
    if attribute.name == "passes" and says_fails(films.columns[place]) and own is not None:
        own = own.where(films.iloc[:, place].map(names_outcome), 1 - own)
    return own, read


def _read_other(films, place, theirs, attribute, values, used):
    """What is told of a column that is not used, as another of the same outcome is: where the two differ."""
    own, told = _read_column(films, place, theirs, attribute)[0], ()
    if own is not None and values is not None:
        wrong = own.notna() & values.notna() & (own != values)
        told = _differences(films, theirs, used, place, wrong)
    return _not_read(films, place, theirs, told)


def _contradict(values, own, attribute):
    """In which rows two columns know an attribute, of which there is one only, and differ by more than rounding."""
    if attribute.name == "imdb_id":
        apart = values != own
    elif attribute.kind == "number" and attribute.block != "reception":  # there are several titles, and votes grow
        apart = (values - own).abs() > _APART.get(attribute.name, _ROUNDED)
    else:
        apart = False
    return values.notna() & own.notna() & apart


def _differences(films, theirs, used, place, wrong):
    """The message that a column differs in some rows from the one that is used; none if in no row, or told before."""
    if _TOLD in films.attrs or not wrong.any():
        return ()
    shown = {"used": Verbatim(theirs[used]), "column": Verbatim(theirs[place]), "n": int(wrong.sum())}
    return (Message("columns_differ", first=Verbatim(films.index[wrong.to_numpy()][0]), **shown),)


def _none_passes(ratings):
    """Whether so many films have no score of 3 that other codes of two outcomes are more likely than scores."""
    known = ratings.dropna()
    return len(known) >= _ENOUGH and known.nunique() == 2 and not (known == 3).any()


def _are_first_of_blocks(table):
    """Whether years stand in the first row of each block only, as where cells were merged: in order, each once."""
    years = table["year"]
    known = years.dropna()
    if not 2 <= len(known) <= len(years) / 2 or pd.isna(years.iloc[0]) or not known.is_unique:
        return False
    ordered = known.is_monotonic_increasing or known.is_monotonic_decreasing
    return ordered and bool(table[years.isna().to_numpy()].notna().any(axis=1).all())


def _derive_passes(table):
    """Set `passes` where the rating is known; return what is to be told if the two contradict each other."""
    if "rating" not in table:
        return None
    passes = (table["rating"] == 3).astype(float).where(table["rating"].notna())
    if "passes" not in table:
        table["passes"] = passes
        return None
    wrong = passes.notna() & table["passes"].notna() & (passes != table["passes"])
    table["passes"] = passes.fillna(table["passes"]).mask(wrong)
    table["rating"] = table["rating"].mask(wrong)
    return Message("contradiction", n=int(wrong.sum()), first=Verbatim(table.index[wrong][0])) if wrong.any() else None


def _check_frame(films):
    if not isinstance(films, pd.DataFrame):
        how = "Take its .table." if hasattr(films, "table") else "read_films reads files."
        raise TypeError(f"films must be a pandas DataFrame; got {type(films).__name__}. {how}")
    if films.columns.nlevels > 1:
        first = Verbatim(printable(str(films.columns[0]))[:_SHOWN])
        raise FilmsError(Message("levels_of_names", n=films.columns.nlevels, first=first))


def rename_columns(films: pd.DataFrame) -> pd.DataFrame:
    """Give known columns the names of their attributes; values stay what they are. Errors: as `standardise`."""
    _check_frame(films)
    films = with_index(films)
    taken = take(films)
    named = films.set_axis(taken.names, axis=1)
    fills = {name: films.iloc[:, places[0]] for name, places in taken.sources.items() if name not in taken.names}
    return named.assign(**fills)


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


def genre_indicators(genres: pd.Series) -> dict[str, pd.Series]:
    """Return genre -> Series: whether each film has the genre, 0 or 1, NaN where its genres are not known.

    Parameters
    ----------
    genres : Series of str
        As returned by `standardise`.
    """
    codes, different = pd.factorize(genres)
    names = split_genres(pd.Series(different, dtype=object))
    having = {genre: [float(genre in found) for found in names] for genre in GENRES}
    return {genre: pd.Series(np.array([*has, np.nan])[codes], genres.index) for genre, has in having.items()}


def split_genres(genres: pd.Series) -> pd.Series:
    """Return the genres of each film as a list of names, empty where they are not known.

    Parameters
    ----------
    genres : Series of str
        As returned by `standardise`, separated by `|`.
    """
    return genres.map(lambda text: text.split("|") if isinstance(text, str) else [])
