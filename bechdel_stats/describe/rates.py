"""Pass rates by year, genre, country and other attributes.

Intervals are Wilson's [1]_, which stay between 0 and 1 and keep their level in small groups. Rates say which films
pass, not why.

References
----------
.. [1] Wilson, "Probable inference, the law of succession, and statistical inference", JASA 22, 1927; compared with
   six others by Newcombe, "Two-sided confidence intervals for the single proportion", Statistics in Medicine 17, 1998.
.. [2] Korn and Graubard, "Confidence intervals for proportions with small expected number of positive counts estimated
   from survey data", Survey Methodology 24, 1998.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from bechdel_stats.data.schema import CheckedFilms, check_outcome, checked
from bechdel_stats.describe.grouping import UNKNOWN, column_named, levels_of, pool
from bechdel_stats.describe.intervals import check_level, wilson
from bechdel_stats.results import Summary
from bechdel_stats.words.messages import FilmsError, Message, check_kind, check_whole, numbers_given

if TYPE_CHECKING:
    from matplotlib.axes import Axes

DECIMALS = {"pass_rate": 3, "ci_low": 3, "ci_high": 3, "n_effective": 0}


@dataclass(frozen=True, eq=False)
class PassRates:
    """Pass rate of each level of one attribute.

    Parameters
    ----------
    by : str
        The attribute, which is also the name of the table's first column.
    table : DataFrame
        One row per level: the level, n_films, n_passes, pass_rate, ci_low, ci_high; with weights, n_effective too.
    n_films, n_dropped : int
        Number of films counted, and of films left out because their outcome is not known (or their weight).
    conf_level : float
    notes : tuple of Message
    overall : DataFrame or None
        With weights, the same of all films, in one row.
    """

    by: str
    table: pd.DataFrame
    n_films: int
    n_dropped: int
    conf_level: float
    notes: tuple[Message, ...]
    overall: pd.DataFrame | None = None

    def summary(self) -> Summary:
        """Return the table in readable form, as a `Summary`."""
        header: list[tuple[str, object]] = [
            ("films", self.n_films),
            ("left out (no outcome)", self.n_dropped),
            ("confidence level", self.conf_level),
        ]
        if self.overall is not None:
            header[1] = ("left out (no outcome or weight)", self.n_dropped)
            rate, low, high = self.overall.loc[0, ["pass_rate", "ci_low", "ci_high"]]
            header.append(("pass rate of all, weighted", f"{rate:.3f} [{low:.3f} to {high:.3f}]"))
        return Summary(f"Pass rate by {self.by}", self.table, tuple(header), self.notes, DECIMALS)

    def plot(self, ax: "Axes | None" = None) -> "Axes":
        """Draw the rates with their intervals, and return `ax`."""
        from bechdel_stats.pictures.rates import plot_rates

        return plot_rates(self, ax)

    def __repr__(self):
        return f"PassRates(by={self.by!r}, {len(self.table)} levels, n_films={self.n_films})"

    def _repr_html_(self):
        return self.summary()._repr_html_()


def pass_rates(
    films: pd.DataFrame,
    by: str = "genres",
    conf_level: float = 0.95,
    min_films: int = 30,
    *,
    weights: pd.Series | np.ndarray | None = None,
) -> PassRates:
    """Compute the pass rate of each level of an attribute, with Wilson's interval.

    Parameters
    ----------
    films : DataFrame
        One row per film, with passes or rating; never modified.
    by : str, default="genres"
        "year" (decades), "period" (four in all), "genres" (a film counts in each of its genres), "budget" (thirds of
        the films of each period, as dollars lose value over time), or any other column, under any name that
        `bechdel_stats.attributes` knows, English or French. Numbers with more than 12 distinct values are cut into
        four groups of equal size, named after the smallest and largest number in each; a value that more than a quarter
        of the films share is a group of its own. A share of which that is true of 0 or 1 is "none", "some" or "all";
        columns of 0 and 1 are "no" and "yes".
    conf_level : float, default=0.95
    min_films : int, default=30
        If several levels have fewer films, they are pooled into one; ordered levels and "unknown" are not.
    weights : array or Series of shape (n_films,), optional
        Such as those of `post_stratify`, in the order of the films; NaN leaves a film out. Rates are then weighted
        means, and intervals Wilson's with an effective number of films [2]_: rate (1 - rate) over the linearised
        variance, the sum of squares of weight (outcome - rate) over the square of the sum of weights; at most the
        number of films, and Kish's number where all films pass or none do. n_films and n_passes stay unweighted.

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
    check_kind("by", by, str, "the name of a column, such as genres")
    check_whole("min_films", min_films)
    films = checked(films)
    weights, n_all = None if weights is None else _usable(weights, len(films)), len(films)
    if weights is not None:
        kept = (weights > 0) & check_outcome(films).notna().to_numpy()
        films, weights = films.rows(kept), weights[kept]
    known = with_outcome(films)[0]
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
    table, overall = with_rates(table, conf_level), None
    if weights is not None:
        own = weights[levels.index]
        table = table.assign(**_weighted(passes.to_numpy(), own, levels.to_numpy(), table[by], conf_level))
        overall = pd.DataFrame({"n_films": [len(known)], "n_passes": [int(known["passes"].sum())]})
        everywhere = np.zeros(len(known))
        overall = overall.assign(**_weighted(known["passes"].to_numpy(), weights, everywhere, [0], conf_level))
        effect = len(weights) * (weights**2).sum() / weights.sum() ** 2
        notes.append(Message("weighted_to_margins", effect=float(effect)))
    last = table[by].eq(UNKNOWN).astype(int) * 2 + table[by].str.startswith("other (").astype(int)
    rank = table[by].map({level: number for number, level in enumerate(order)}) if order else table["pass_rate"]
    order_of = pd.DataFrame({"last": last, "rank": rank, "level": table[by]}).sort_values(["last", "rank", "level"])
    table = table.loc[order_of.index].reset_index(drop=True)
    return PassRates(by, table, len(known), n_all - len(known), conf_level, tuple(notes), overall)


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


def _usable(weights, n_films):
    """Weights as an array, 0 for films to leave out."""
    weights = numbers_given("weights", weights, "[1.0, 2.5], one for each film")
    if weights.shape != (n_films,) or (weights < 0).any() or np.isinf(weights).any() or not np.nansum(weights) > 0:
        raise FilmsError(Message("weights_of_rates", n=n_films))
    return np.nan_to_num(weights)


def _weighted(passes, weights, levels, order, conf_level):
    """Weighted rates of levels, with Wilson's intervals for effective numbers of films."""
    rates, sizes = [], []
    for level in order:
        y, w = passes[levels == level], weights[levels == level]
        rate = np.clip(w @ y / w.sum(), 0, 1) if 0 < y.sum() < len(y) else y.mean()
        variance = (w**2 * (y - rate) ** 2).sum() / w.sum() ** 2
        size = rate * (1 - rate) / variance if variance > 0 else w.sum() ** 2 / (w**2).sum()
        rates.append(rate)
        sizes.append(min(size, len(y)))
    rates, sizes = np.array(rates), np.array(sizes)
    ci_low, ci_high = wilson(rates * sizes, sizes, conf_level)
    return {"pass_rate": rates, "ci_low": ci_low, "ci_high": ci_high, "n_effective": sizes}
