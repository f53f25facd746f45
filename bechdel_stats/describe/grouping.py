"""Groups of films by one attribute: decades, genres, thirds of budgets, shares, quarters; which column is meant."""

from difflib import get_close_matches
from unicodedata import combining, normalize

import numpy as np
import pandas as pd

from bechdel_stats.attributes import ATTRIBUTE, ATTRIBUTES
from bechdel_stats.data.schema import first_columns, split_genres
from bechdel_stats.data.values import holds_numbers
from bechdel_stats.words.messages import FilmsError, Message, Verbatim

UNKNOWN = "unknown"
PERIODS = {-np.inf: "before 1970", 1970: "1970-1989", 1990: "1990-2004", 2005: "2005 and later"}
BUDGETS = ("low", "middle", "high")
SHARES = ("none", "some", "all")
FLAGS = ("no", "yes")
_GROUPINGS = {"decade": "year", "decennie": "year", "periode": "period", "period": "period"}
_MANY = 12  # numbers with more distinct values than this are cut into groups
_N_GROUPS = 4
_CLOSE = 0.7  # of difflib; "colour" is not "country"
_PLAIN = 10_000  # columns of smaller numbers, such as years, have no thousands separator


def column_named(films: pd.DataFrame, by: str) -> str:
    """Return the column, or "period", that a name stands for.

    Case, accents, the final s of a plural, alternative names of public tables and the readable names of
    `bechdel_stats.attributes` in English and French do not matter: `genre`, `Langue` and `décennie` are understood.

    Raises
    ------
    FilmsError
        If there is no such column; a similar name is suggested.
    """
    if by in films:
        return by
    names = dict(_GROUPINGS) if "year" in films else {}
    for attribute in ATTRIBUTES:
        if attribute.name in films:
            names |= {_plain(name): attribute.name for name in (*attribute.aliases, *attribute.label)}
    names |= {_plain(name): name for name in films.columns}
    wanted = _plain(by)
    for name in (wanted, wanted + "s", wanted.removesuffix("s")):
        if name in names:
            return names[name]
    told = {"column": Verbatim("year" if by == "period" else by), "columns": first_columns(films)}
    close = get_close_matches(wanted, names, 1, _CLOSE)
    if close:
        raise FilmsError(Message("no_column_close", close=Verbatim(names[close[0]]), **told))
    raise FilmsError(Message("no_column", **told))


def _plain(name):
    """A name without case, accents and underscores."""
    letters = normalize("NFKD", str(name).casefold().replace("_", " "))
    return "".join(letter for letter in letters if not combining(letter)).strip()


def levels_of(films: pd.DataFrame, by: str) -> tuple[pd.Series, list[str]]:
    """Return the level of each film, and the order of the levels.

    Parameters
    ----------
    films : DataFrame
        As returned by `standardise`.
    by : str
        As returned by `column_named`.

    Returns
    -------
    levels : Series of str
        With the index of the films; "genres" has one row per genre of a film. Unknown values are "unknown".
    order : list of str
        Levels in their order, empty if they have none.
    """
    if by == "genres":
        return split_genres(films["genres"]).explode().fillna(UNKNOWN).astype(object), []
    if by == "year":
        decades = films["year"] // 10 * 10
        return _text(decades.map("{:.0f}s".format, na_action="ignore")), [f"{year}s" for year in range(1870, 2110, 10)]
    if by == "period" and by not in films:
        return _periods(films["year"]), list(PERIODS.values())
    if by == "budget":
        return _budget_thirds(films), list(BUDGETS)
    if holds_numbers(films[by]) or pd.api.types.is_bool_dtype(films[by]):
        return _number_levels(films[by].astype(float))
    return _text(films[by].map(str, na_action="ignore")), []


def _text(values):
    return values.astype(object).where(values.notna(), UNKNOWN)


def _periods(year):
    edges = [*PERIODS, np.inf]
    return _text(pd.cut(year, edges, right=False, labels=list(PERIODS.values())))


def _budget_thirds(films):
    period = _periods(films["year"]) if "year" in films else pd.Series("", films.index)
    share = films["budget"].groupby(period).rank(pct=True)  # equal budgets, equal ranks, in any order of rows
    return _text(pd.cut(share, [0, 1 / 3, 2 / 3, 1], labels=list(BUDGETS)))


def _number_levels(numbers):
    """No and yes; none, some and all of a share; each of a few values; otherwise groups of equal size."""
    values, counts = np.unique(numbers.dropna(), return_counts=True)
    attribute = ATTRIBUTE.get(numbers.name)
    by_name = str(numbers.name).endswith("_share")
    if np.isin(values, [0, 1]).all() and not by_name and (attribute is None or attribute.high == 1):
        return _text(numbers.map(dict(enumerate(FLAGS)))), list(FLAGS)
    common = values[counts > counts.sum() / _N_GROUPS]  # quantiles would fall on them
    inside = (values >= 0) & (values <= 1)
    share = inside.all() and (by_name or (attribute is None and (values % 1 > 0).any()))
    if share and np.isin(common, [0, 1]).any():
        levels = numbers.map(lambda value: SHARES[(value > 0) + (value == 1)], na_action="ignore")
        return _text(levels), list(SHARES)
    if len(values) <= _MANY:
        return _text(numbers.map("{:g}".format, na_action="ignore")), [f"{value:g}" for value in values]
    return _ranges(numbers, _edges(numbers.dropna().to_numpy(), common))


def _edges(numbers, common):
    """Upper ends of groups of about equal size; a value that more than a quarter of the films share is one group."""
    edges = {numbers.max()}
    for low, high in zip([-np.inf, *common], [*common, np.inf]):
        between = numbers[(numbers > low) & (numbers < high)]
        if len(between):
            n_groups = max(1, round(_N_GROUPS * len(between) / len(numbers)))
            edges |= set(np.quantile(between, np.arange(1, n_groups + 1) / n_groups))
    return np.sort([*edges.union(common)])


def _ranges(numbers, edges):
    """Each number's group, named after the smallest and largest number in it: `61 to 70`."""
    codes = pd.cut(numbers, [-np.inf, *edges], labels=False)
    groups = numbers.groupby(codes)
    lows, highs = groups.min(), groups.max()
    decimals, most = 0, _most_decimals(highs.to_numpy())
    while decimals < most and (highs.round(decimals).array[:-1] >= lows.round(decimals).array[1:]).any():
        decimals += 1
    spec = ",.12g" if highs.abs().max() >= _PLAIN else ".12g"
    lows, highs = (ends.round(decimals).map(lambda value: format(value, spec)) for ends in (lows, highs))
    texts = {code: low if low == highs[code] else f"{low} to {highs[code]}" for code, low in lows.items()}
    return _text(codes.map(texts)), list(texts.values())


def _most_decimals(highs):
    """Decimals that give the middle one of some numbers three digits."""
    middle = np.median(np.abs(highs))
    return max(0, 2 - int(np.floor(np.log10(middle)))) if middle > 0 else 2


def pool(levels: pd.Series, min_films: int) -> tuple[pd.Series, pd.Series]:
    """Pool small levels into one, unless there is only one of them.

    Returns
    -------
    levels : Series of str
        A film with two small genres counts once among the others.
    small : Series of int
        Films of each level that was pooled.
    """
    counts = levels[levels != UNKNOWN].value_counts()
    small = counts[counts < min_films]
    if len(small) < 2:
        return levels, small[:0]
    pooled = levels.mask(levels.isin(small.index), str(Message("other_levels", n=len(small))))
    return pooled[~pd.DataFrame({"film": pooled.index, "level": pooled.array}).duplicated().to_numpy()], small
