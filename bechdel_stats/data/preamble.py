"""Where a table begins: exports have lines above their header, such as the name of a list, or a header of two rows."""

import re
from collections.abc import Iterable, Sequence
from itertools import compress

import pandas as pd

from bechdel_stats.data.columns import attribute_of, is_known
from bechdel_stats.levels import plain

ROWS_TRIED = 15  # among which the header is looked for
_FEWEST = 2  # known names that make a row below the first one the header
_ABOUT_FILMS = frozenset("film films movie movies bechdel test info infos details general".split())  # not of people
_BLANK = re.compile(r"\s*(?:Unnamed: \d+(?:_level_\d+)?)?(?:\.\d+)?\s*")  # names where there is none


def header_row(rows: Sequence[Sequence[object]]) -> int:
    """Return the place of the header among the first rows: the first row, unless one below has more known names.

    Names of one attribute count once: a row of passes and fails is a film. Of two rows that are a header together, it
    is the upper one.

    Examples
    --------
    >>> header_row([["Letterboxd list export v7"], ["Date", "Name"], ["2024-01-01", "Best"], ["Name", "Year"]])
    3
    >>> header_row([["title", "year"], ["Title", "1999"]])
    0
    >>> header_row([["Film", "Mako Mori", "Sexy Lamp"], ["Alien", "pass", "fail"]])
    0
    >>> header_row([["Title", "Bechdel", None, None], ["", "score", "passes", "dubious"]])
    0
    """
    known = [len({attribute_of(c) or c for c in row if isinstance(c, str) and is_known(c)}) for row in rows]
    best = max(range(len(rows)), key=lambda place: (known[place], -place))
    if known[best] < _FEWEST or known[best] <= known[0]:
        return 0
    goes_on = any(_is_name(above) and not below for above, below in zip(rows[best - 1], rows[best]))
    return best - goes_on


def name_of_levels(levels: Iterable[object]) -> str:
    """Return the name of a column that has several: joined by "_", or the last of them below one that is about films.

    Examples
    --------
    >>> [name_of_levels(levels) for levels in (("Director", "name"), ("Film", "year"), ("Bechdel", "score"), ("x", 1))]
    ['Director_name', 'year', 'Bechdel_score', 'x_1']
    """
    said = [text for text in map(str, levels) if not _BLANK.fullmatch(text) and text != "nan"]
    joined = "_".join(said)
    *groups, last = said or [""]
    about_films = set(plain(" ".join(groups)).split()) <= _ABOUT_FILMS
    return last if about_films and is_known(last) and attribute_of(last) != attribute_of(joined) else joined


def with_second_header(raw: pd.DataFrame) -> pd.DataFrame:
    """Return a table whose header goes on in its first row, as below merged cells, with the names that both make.

    It does if columns without a name get one that is known from it, and no column loses such a name.
    """
    names = list(map(str, raw.columns))
    blank = [bool(_BLANK.fullmatch(name)) for name in names]
    if raw.empty or not any(blank):
        return raw
    first = ["" if pd.api.types.is_scalar(cell) and pd.isna(cell) else cell for cell in raw.iloc[0]]
    if not all(isinstance(cell, str) for cell in first):
        return raw
    groups = pd.Series(names).mask(pd.Series(blank)).ffill().fillna("")
    both = [name_of_levels((group, cell)) if cell else name for group, cell, name in zip(groups, first, names)]
    named = any(map(is_known, compress(both, blank)))
    if not named or any(is_known(name) and not is_known(new) for name, new in zip(names, both)):
        return raw
    return raw.set_axis(both, axis=1).iloc[1:].reset_index(drop=True).infer_objects()


def _is_name(cell):
    return isinstance(cell, str) and is_known(cell)
