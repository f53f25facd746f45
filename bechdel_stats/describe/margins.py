"""Tables of margins: how many films of each kind there are in the world, and which of ours are of that kind.

A row is a cell: levels of one or more columns and a count `n`, or a `share`. Rows that fill the same columns are a
margin together; a column left empty does not matter to the row, so a file may hold several margins.
"""

import re
from dataclasses import dataclass

import numpy as np
import pandas as pd

from bechdel_stats.attributes import ATTRIBUTE
from bechdel_stats.data.schema import CheckedFilms, first_columns, split_genres, standardise
from bechdel_stats.data.values import to_numbers
from bechdel_stats.describe.grouping import column_named, levels_of
from bechdel_stats.words.messages import FilmsError, Message, Verbatim
from lightdiar.common.tables import printable

COUNTS = ("n", "n_films", "count", "films", "share", "nombre", "effectif", "part")
_ANY = ("", "any", "nan", "none")
_YEARS = (  # how a range of years is written, and its first and last
    (r"(\d{3}0)s|années (\d{3}0)", lambda start: (start, start + 9)),
    (r"(\d{4})", lambda year: (year, year)),
    (r"(\d{4}) ?(?:-|–|to|à) ?(\d{4})", lambda first, last: (first, last)),
    (r"(?:before|avant) (\d{4})|< ?(\d{4})", lambda year: (-np.inf, year - 1)),
    (r"(\d{4}) ?(?:\+|and later|et après)", lambda year: (year, np.inf)),
)


@dataclass(frozen=True, eq=False)
class Margin:
    """Cells that share their columns.

    Parameters
    ----------
    columns : tuple of str
        Columns of the films.
    cells : tuple of str
        Names of the cells, such as "1990-1999, France".
    targets : ndarray of shape (n_cells,)
        Share of each cell; they sum to 1.
    members : ndarray of bool, shape (n_films, n_cells)
        Which films are in which cells: a film is in the cells of each of its genres, otherwise in one at most.
    """

    columns: tuple[str, ...]
    cells: tuple[str, ...]
    targets: np.ndarray
    members: np.ndarray


def margins_of(films: CheckedFilms, margins: pd.DataFrame) -> list[Margin]:
    """Return the margins that a table holds.

    Parameters
    ----------
    films : CheckedFilms
    margins : DataFrame
        As the module describes. Years may be single ones or ranges: "1994", "1990s", "1990-1999", "before 1970",
        "2005 and later"; a column named decade holds decades. Columns, countries, languages and genres may go by any
        name that films may have.

    Raises
    ------
    FilmsError
        If there is no count or it is not a number of 0 or more, a column or a range of years is not known, or cells
        overlap.
    """
    margins = margins.rename(columns=lambda name: str(name).strip())
    counts = [name for name in margins if str(name).lower() in COUNTS]
    if len(counts) != 1 or len(margins.columns) < 2:
        raise FilmsError(Message("margins_count", columns=first_columns(margins)))
    targets = to_numbers(margins[counts[0]])
    wrong = ~(np.isfinite(targets) & (targets >= 0))
    if wrong.any():
        raise FilmsError(Message("margins_number", first=_shown(margins[counts[0]][wrong].iloc[0])))
    texts = margins.drop(columns=counts).apply(lambda values: values.map(_cell_text))
    columns = {name: column_named(films, name) for name in texts}
    inside = {name: _members(films, column, name, texts[name]) for name, column in columns.items()}
    kinds = texts.ne("").agg(lambda row: tuple(row.index[row]), axis=1)
    kinds = kinds[kinds.map(len).gt(0) & targets.gt(0)]
    if kinds.empty:
        raise FilmsError(Message("margins_no_film", n=len(films)))
    return [
        _margin(films, texts.loc[kinds.index[kinds == kind], list(kind)], columns, inside, targets)
        for kind in dict.fromkeys(kinds)
    ]


def _cell_text(value):
    text = re.sub(r"\s+", " ", str(value)).strip().removesuffix(".0")
    return "" if text.lower() in _ANY else text


def _margin(films, rows, columns, inside, targets):
    names = tuple(", ".join(map(_shown, row)) for row in rows.itertuples(index=False))
    members = np.ones((len(films), len(rows)), bool)
    for name in rows:
        members &= np.column_stack([inside[name][text] for text in rows[name]])
    kinds = tuple(columns[name] for name in rows)
    twice = sorted({name for name in names if names.count(name) > 1})
    crowded = np.flatnonzero(members.sum(axis=1) > 1)
    if twice or ("genres" not in kinds and len(crowded)):
        shared = twice * 2 or [names[cell] for cell in np.flatnonzero(members[crowded[0]])]
        raise FilmsError(Message("margins_overlap", one=_shown(shared[0]), other=_shown(shared[1])))
    shares = targets[rows.index].to_numpy(float)
    return Margin(kinds, names, shares / shares.sum(), members)


def _members(films, column, name, texts):
    """Level as written -> which films have it."""
    unique = [text for text in texts.unique() if text]
    if column == "year":
        decade = column_named(films, name) != name and name.lower().startswith(("dec", "déc"))
        return {text: films["year"].between(*_years(f"{text}s" if decade else text)).to_numpy() for text in unique}
    attribute = ATTRIBUTE.get(column)
    if attribute is None or attribute.kind == "number" or column == "period":
        levels = levels_of(films, column)[0]
        return {text: levels.eq(text).to_numpy() for text in unique}
    written = pd.Series(unique, dtype=object)
    known = standardise(pd.DataFrame({column: written})).get(column, written)
    known = known.where(known.notna(), written)
    if column == "genres":
        genres = split_genres(films["genres"])
        return {
            text: genres.map(lambda own, level=level: level in own).to_numpy(bool) for text, level in zip(unique, known)
        }
    return {text: films[column].eq(level).to_numpy(bool) for text, level in zip(unique, known)}


def _years(text):
    for pattern, ends in _YEARS:
        found = re.fullmatch(pattern, text, re.IGNORECASE)
        if found:
            return ends(*(int(part) for part in found.groups() if part))
    raise FilmsError(Message("margins_year", text=_shown(text)))


def _shown(text):
    return Verbatim(printable(str(text))[:60])
