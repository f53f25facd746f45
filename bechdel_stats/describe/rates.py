"""Pass rates by year, genre, country and other attributes, and the combinations of attributes that fail most.

Intervals are Wilson's [1]_, which stay between 0 and 1 and keep their level in small groups; where many groups are
tested, p-values are adjusted for the false discovery rate [2]_. Rates say which films pass, not why.

References
----------
.. [1] Wilson, "Probable inference, the law of succession, and statistical inference", JASA 22, 1927; compared with
   six others by Newcombe, "Two-sided confidence intervals for the single proportion", Statistics in Medicine 17, 1998.
.. [2] Benjamini and Hochberg, "Controlling the false discovery rate", Journal of the Royal Statistical Society B 57,
   1995.
"""

from dataclasses import dataclass
from itertools import combinations, pairwise
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from bechdel_stats.data.schema import check_outcome, checked, first_columns, split_genres
from bechdel_stats.describe.intervals import adjust_fdr, check_level, wilson
from bechdel_stats.results import Summary
from bechdel_stats.words.messages import FilmsError, Message, Verbatim

if TYPE_CHECKING:
    from matplotlib.axes import Axes

UNKNOWN = "unknown"
PERIODS = {-np.inf: "before 1970", 1970: "1970-1989", 1990: "1990-2004", 2005: "2005 and later"}
BUDGETS = ("low", "middle", "high")
TARGETS = ("genres", "budget", "period", "country")
_MANY = 12  # numbers with more distinct values than this are cut into four groups
_SHOWN = 20
_DECIMALS = {"pass_rate": 3, "ci_low": 3, "ci_high": 3, "shrunken_rate": 3, "difference": 1}


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
        return Summary(f"Pass rate by {self.by}", self.table, header, self.notes, _DECIMALS)

    def plot(self, ax: "Axes | None" = None) -> "Axes":
        """Draw the rates with their intervals, and return `ax`."""
        from bechdel_stats.pictures.rates import plot_rates

        return plot_rates(self, ax)

    def __repr__(self):
        return f"PassRates(by={self.by!r}, {len(self.table)} levels, n_films={self.n_films})"

    def _repr_html_(self):
        return self.summary()._repr_html_()


@dataclass(frozen=True, eq=False)
class Campaign:
    """Combinations of genre, budget, period and country, those that fail most first.

    Parameters
    ----------
    table : DataFrame
        One row per combination tested; see `campaign`.
    n_films, n_dropped : int
        Number of films counted, and of films left out because their outcome is not known.
    conf_level : float
    notes : tuple of Message
    """

    table: pd.DataFrame
    n_films: int
    n_dropped: int
    conf_level: float
    notes: tuple[Message, ...]

    @property
    def n_tested(self) -> int:
        """Number of combinations tested, over which the p-values are adjusted."""
        return len(self.table)

    def summary(self) -> Summary:
        """Return the first combinations that fail more often than the other films, as a `Summary`."""
        fail_more = self.table[self.table["fails_more"]].drop(columns="fails_more")
        header = (
            ("films", self.n_films),
            ("left out (no outcome)", self.n_dropped),
            ("combinations tested", self.n_tested),
            ("of these fail more often", len(fail_more)),
        )
        title = "Combinations that fail most"
        return Summary(title, fail_more.head(_SHOWN), header, self.notes, _DECIMALS)

    def __repr__(self):
        return f"Campaign(n_tested={self.n_tested}, {self.table['fails_more'].sum()} fail more, n_films={self.n_films})"

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
        the films of each period, as dollars lose value over time), or any other column; numbers with more than 12
        distinct values are cut into four groups of equal size.
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
    known, n_dropped = _with_outcome(films)
    levels, order = _levels(known, by)
    notes = []
    if by == "genres":
        notes.append(Message("genres_overlap"))
    if by == "budget":
        notes.append(Message("budget_thirds"))
    if not order:
        levels, n_pooled = _pool(levels, min_films)
        if n_pooled:
            notes.append(Message("levels_pooled", n=n_pooled, least=min_films))
    passes = known["passes"].reindex(levels.index)
    table = passes.groupby(levels).agg(n_films="size", n_passes="sum").rename_axis(by).reset_index()
    table["n_passes"] = table["n_passes"].astype(int)
    table = _with_rate(table, conf_level)
    last = table[by].eq(UNKNOWN).astype(int) * 2 + table[by].str.startswith("other (").astype(int)
    rank = table[by].map({level: number for number, level in enumerate(order)}) if order else table["pass_rate"]
    order_of = pd.DataFrame({"last": last, "rank": rank, "level": table[by]}).sort_values(["last", "rank", "level"])
    table = table.loc[order_of.index].reset_index(drop=True)
    return PassRates(by, table, len(known), n_dropped, conf_level, tuple(notes))


def campaign(films: pd.DataFrame, conf_level: float = 0.95, min_films: int = 30) -> Campaign:
    """Find the combinations of genre, budget, period and country whose films fail most.

    All combinations of one to four of them with at least `min_films` films are compared with all other films by
    Fisher's exact test (two-sided, doubling the smaller tail), which needs no large counts and does not treat the rate
    of the other films as known. The p-values are adjusted over all combinations tested. Combinations are ordered by a
    rate shrunken towards their mean (beta-binomial, prior by the method of moments [1]_), so that small ones do not
    come first by chance. The rows overlap: a combination and its parts share films.

    Parameters
    ----------
    films : DataFrame
        One row per film, with passes or rating and one or more of genres, budget, year, country; never modified.
    conf_level : float, default=0.95
        Of the intervals; a combination fails more if its adjusted p-value is below one minus this level.
    min_films : int, default=30
        Size of the smallest combination tested. Unknown levels are not tested.

    Returns
    -------
    campaign : Campaign
        Its table holds genres, budget, period, country ("any" if not part of the combination), n_films, n_passes,
        pass_rate, ci_low, ci_high, shrunken_rate, difference (rate minus that of the other films, percentage points),
        p_value, p_value_fdr, fails_more (true if the difference is negative and the adjusted p-value small).

    Raises
    ------
    FilmsError
        If the outcome or all four attributes are missing, or no combination is large enough.

    References
    ----------
    .. [1] Kleinman, "Proportions with extraneous variance", JASA 68, 1973.
    """
    check_level(conf_level)
    known, n_dropped = _with_outcome(films)
    needs = {"period": "year"}
    targets = [by for by in TARGETS if needs.get(by, by) in known]
    if not targets:
        raise FilmsError(Message("nothing_to_combine"))
    table = _combinations(known, targets, min_films)
    if table.empty:
        raise FilmsError(Message("no_combination", least=min_films, n=len(known)))
    table = _compared(_with_rate(table, conf_level), known["passes"])
    table["fails_more"] = (table["difference"] < 0) & (table["p_value_fdr"] < 1 - conf_level)
    keys = ["shrunken_rate", *targets]
    table = table.sort_values(keys, kind="stable").reset_index(drop=True)
    notes = [Message("campaign_tested", n=len(table), least=min_films), Message("campaign_columns")]
    absent = [needs.get(by, by) for by in TARGETS if by not in targets]
    if absent:
        notes.append(Message("not_in_table", columns=absent))
    return Campaign(table, len(known), n_dropped, conf_level, tuple(notes))


def _with_outcome(films):
    films = checked(films)
    outcome = check_outcome(films)
    # renumber the rows: an index may hold the same label twice
    known = films[outcome.notna()].reset_index(drop=True)
    return known, len(films) - len(known)


def _with_rate(table, conf_level):
    table = table.assign(pass_rate=table["n_passes"] / table["n_films"])
    table["ci_low"], table["ci_high"] = wilson(table["n_passes"], table["n_films"], conf_level)
    return table


def _levels(films, by):
    """Level of each film, one row per genre for genres, and the order of the levels if they have one."""
    source = "year" if by == "period" else by
    if source not in films:
        raise FilmsError(Message("no_column", column=Verbatim(source), columns=first_columns(films)))
    if by == "genres":
        return split_genres(films["genres"]).explode().fillna(UNKNOWN).astype(object), []
    if by == "year":
        decades = films["year"] // 10 * 10
        return _text(decades.map("{:.0f}s".format, na_action="ignore")), [f"{year}s" for year in range(1870, 2110, 10)]
    if by == "period":
        return _periods(films["year"]), list(PERIODS.values())
    if by == "budget":
        return _budget_thirds(films), list(BUDGETS)
    if pd.api.types.is_numeric_dtype(films[by]) and not pd.api.types.is_bool_dtype(films[by]):
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
    values = np.unique(numbers.dropna())
    if len(values) <= _MANY:
        return _text(numbers.map("{:g}".format, na_action="ignore")), [f"{value:g}" for value in values]
    edges = np.unique(np.nanquantile(numbers, [0, 0.25, 0.5, 0.75, 1]))
    labels = [f"{low:.4g} to {high:.4g}" for low, high in pairwise(edges)]
    return _text(pd.cut(numbers, edges, labels=labels, include_lowest=True)), labels


def _pool(levels, min_films):
    """Pool small levels into one, unless there is only one of them."""
    counts = levels[levels != UNKNOWN].value_counts()
    small = counts.index[counts < min_films]
    if len(small) < 2:
        return levels, 0
    pooled = levels.mask(levels.isin(small), str(Message("other_levels", n=len(small))))
    # a film with two small genres counts once among the others
    return pooled[~pd.DataFrame({"film": pooled.index, "level": pooled.array}).duplicated().to_numpy()], len(small)


def _combinations(films, targets, min_films):
    """Films and passes of each combination of known levels that has enough films, but not all of them."""
    frame = films[["passes"]].assign(**{by: _levels(films, by)[0] for by in targets if by != "genres"})
    by_genre = frame.join(_levels(films, "genres")[0].rename("genres")) if "genres" in targets else frame
    cells = []
    for size in range(1, len(targets) + 1):
        for chosen in map(list, combinations(targets, size)):
            rows = by_genre if "genres" in chosen else frame
            cell = rows.groupby(chosen)["passes"].agg(n_films="size", n_passes="sum").reset_index()
            known = cell[chosen].ne(UNKNOWN).all(axis=1) & cell["n_films"].between(min_films, len(films) - 1)
            cells.append(cell[known])
    table = pd.concat(cells, ignore_index=True).astype({"n_passes": int})
    table[targets] = table[targets].astype(object).fillna("any")
    return table[[*targets, "n_films", "n_passes"]]


def _compared(table, passes):
    """Add the shrunken rate, the difference from the other films and its p-values."""
    from scipy.stats import hypergeom

    n, k = table["n_films"], table["n_passes"]
    n_all, k_all = len(passes), int(passes.sum())
    lower, upper = hypergeom.cdf(k, n_all, k_all, n), hypergeom.sf(k - 1, n_all, k_all, n)
    return table.assign(
        shrunken_rate=_shrunken(k.to_numpy(), n.to_numpy()),
        difference=100 * (table["pass_rate"] - (k_all - k) / (n_all - n)),
        p_value=np.minimum(1, 2 * np.minimum(lower, upper)),
        p_value_fdr=lambda t: adjust_fdr(t["p_value"]),
    )


def _shrunken(k, n):
    """Posterior mean of each rate; the beta prior, by moments, has the variance that chance does not explain."""
    mean, total, n_cells = k.sum() / n.sum(), n.sum(), len(n)
    chance = mean * (1 - mean)
    excess = total - (n**2).sum() / total - (n_cells - 1)
    if chance == 0 or excess <= 0:
        return np.full(n_cells, mean)
    spread = (n * (k / n - mean) ** 2).sum() / chance - (n_cells - 1)
    correlation = np.clip(spread / excess, 0, 1)
    trust = n * correlation / (1 - correlation + n * correlation)
    return trust * k / n + (1 - trust) * mean
