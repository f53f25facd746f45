"""Pass rates by year, genre, country and other attributes.

Intervals are Wilson's [1]_, which stay between 0 and 1 and keep their level in small groups. Rates say which films
pass, not why.

References
----------
.. [1] Wilson, "Probable inference, the law of succession, and statistical inference", JASA 22, 1927; compared with
   six others by Newcombe, "Two-sided confidence intervals for the single proportion", Statistics in Medicine 17, 1998.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from bechdel_stats.data.schema import CheckedFilms, check_outcome, checked
from bechdel_stats.describe.grouping import UNKNOWN, column_named, levels_of, pool
from bechdel_stats.describe.intervals import check_level, wilson
from bechdel_stats.results import Summary
from bechdel_stats.words.messages import Message

if TYPE_CHECKING:
    from matplotlib.axes import Axes

DECIMALS = {"pass_rate": 3, "ci_low": 3, "ci_high": 3}


@dataclass(frozen=True, eq=False)
class PassRates:
    """Pass rate of each level of one attribute.

    Parameters
    ----------
    by : str
        The attribute, which is also the name of the table's first column.
    table : DataFrame
        One row per level: the level, n_films, n_passes, pass_rate, ci_low, ci_high.
    n_films, n_dropped : int
        Number of films counted, and of films left out because their outcome is not known.
    conf_level : float
    notes : tuple of Message
    """

    by: str
    table: pd.DataFrame
    n_films: int
    n_dropped: int
    conf_level: float
    notes: tuple[Message, ...]

    def summary(self) -> Summary:
        """Return the table in readable form, as a `Summary`."""
        header = (
            ("films", self.n_films),
            ("left out (no outcome)", self.n_dropped),
            ("confidence level", self.conf_level),
        )
        return Summary(f"Pass rate by {self.by}", self.table, header, self.notes, DECIMALS)

    def plot(self, ax: "Axes | None" = None) -> "Axes":
        """Draw the rates with their intervals, and return `ax`."""
        from bechdel_stats.pictures.rates import plot_rates

        return plot_rates(self, ax)

    def __repr__(self):
        return f"PassRates(by={self.by!r}, {len(self.table)} levels, n_films={self.n_films})"

    def _repr_html_(self):
        return self.summary()._repr_html_()


def pass_rates(films: pd.DataFrame, by: str, conf_level: float = 0.95, min_films: int = 30) -> PassRates:
    """Compute the pass rate of each level of an attribute, with Wilson's interval.

    Parameters
    ----------
    films : DataFrame
        One row per film, with passes or rating; never modified.
    by : str
        "year" (decades), "period" (four in all), "genres" (a film counts in each of its genres), "budget" (thirds of
        the films of each period, as dollars lose value over time), or any other column, under any name that
        `bechdel_stats.attributes` knows, English or French. Numbers with more than 12 distinct values are cut into
        four groups of equal size, named after the smallest and largest number in each; a value that more than a quarter
        of the films share is a group of its own. A share of which that is true of 0 or 1 is "none", "some" or "all";
        columns of 0 and 1 are "no" and "yes".
    conf_level : float, default=0.95
    min_films : int, default=30
        If several levels have fewer films, they are pooled into one; ordered levels and "unknown" are not.

    Returns
    -------
    rates : PassRates
        Ordered levels in their order, others from the lowest rate to the highest; pooled and unknown ones last.

    Raises
    ------
    FilmsError
        If the column or the outcome is missing, or if all films pass or none do.
    """
    check_level(conf_level)
    known, n_dropped = with_outcome(films)
    by = column_named(known, by)
    levels, order = levels_of(known, by)
    notes = []
    if by == "genres":
        notes.append(Message("genres_overlap"))
    if by == "budget":
        notes.append(Message("budget_thirds"))
    if not order:
        levels, small = pool(levels, min_films)
        if len(small):
            notes.append(Message("levels_pooled", n=len(small), least=min_films))
            notes.append(Message("levels_shown_by", least=int(small.min())))
    passes = known["passes"].reindex(levels.index)
    table = passes.groupby(levels).agg(n_films="size", n_passes="sum").rename_axis(by).reset_index()
    table["n_passes"] = table["n_passes"].astype(int)
    table = with_rates(table, conf_level)
    last = table[by].eq(UNKNOWN).astype(int) * 2 + table[by].str.startswith("other (").astype(int)
    rank = table[by].map({level: number for number, level in enumerate(order)}) if order else table["pass_rate"]
    order_of = pd.DataFrame({"last": last, "rank": rank, "level": table[by]}).sort_values(["last", "rank", "level"])
    table = table.loc[order_of.index].reset_index(drop=True)
    return PassRates(by, table, len(known), n_dropped, conf_level, tuple(notes))


def with_outcome(films: pd.DataFrame) -> tuple[CheckedFilms, int]:
    """Return the films whose outcome is known, numbered from 0, and how many there are of the others."""
    films = checked(films)
    known = films.rows(check_outcome(films).notna())
    # renumber the rows: an index may hold the same label twice
    return CheckedFilms(known.reset_index(drop=True)), len(films) - len(known)


def with_rates(table: pd.DataFrame, conf_level: float) -> pd.DataFrame:
    """Return a table of n_films and n_passes with pass_rate, ci_low and ci_high."""
    table = table.assign(pass_rate=table["n_passes"] / table["n_films"])
    table["ci_low"], table["ci_high"] = wilson(table["n_passes"], table["n_films"], conf_level)
    return table
