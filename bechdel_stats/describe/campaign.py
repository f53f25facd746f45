"""Combinations of genre, budget, period and country whose films fail most.

Many combinations are tested, so p-values are adjusted for the false discovery rate [1]_. Rates say which films fail,
not why.

References
----------
.. [1] Benjamini and Hochberg, "Controlling the false discovery rate", Journal of the Royal Statistical Society B 57,
   1995.
"""

from dataclasses import dataclass
from itertools import combinations

import numpy as np
import pandas as pd

from bechdel_stats.describe.grouping import UNKNOWN, levels_of
from bechdel_stats.describe.intervals import adjust_fdr, check_level
from bechdel_stats.describe.rates import DECIMALS, with_outcome, with_rates
from bechdel_stats.describe.shrinkage import shrink
from bechdel_stats.results import Summary
from bechdel_stats.words.messages import FilmsError, Message, check_whole

TARGETS = ("genres", "budget", "period", "country")
_SHOWN = 20
_DECIMALS = DECIMALS | {"shrunken_rate": 3, "difference": 1}


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


def campaign(films: pd.DataFrame, conf_level: float = 0.95, min_films: int = 30) -> Campaign:
    """Find the combinations of genre, budget, period and country whose films fail most.

    All combinations of one to four of them with at least `min_films` films are compared with all other films by
    Fisher's exact test (two-sided, doubling the smaller tail), which needs no large counts and does not treat the rate
    of the other films as known. The p-values are adjusted over all combinations tested. Combinations are ordered by a
    shrunken rate, so that small ones do not come first by chance: levels of one attribute are drawn towards the rate of
    all films, combinations towards what their levels add up to; what clearly differs stays where it is (see
    `bechdel_stats.describe.shrinkage`). The rows overlap: a combination and its parts share films.

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
    """
    check_level(conf_level)
    check_whole("min_films", min_films, 1)
    known, n_dropped = with_outcome(films)
    needs = {"period": "year"}
    known = known.without(["period"])  # a column of that name is not the period meant here
    targets = [by for by in TARGETS if needs.get(by, by) in known]
    if not targets:
        raise FilmsError(Message("nothing_to_combine"))
    table = _combinations(known, targets, min_films)
    if table.empty:
        raise FilmsError(Message("no_combination", least=min_films, n=len(known)))
    table = _compared(with_rates(table, conf_level), targets, known["passes"])
    table["fails_more"] = (table["difference"] < 0) & (table["p_value_fdr"] < 1 - conf_level)
    keys = ["shrunken_rate", *targets]
    table = table.sort_values(keys, kind="stable").reset_index(drop=True)
    notes = [Message("campaign_tested", n=len(table), least=min_films), Message("campaign_columns")]
    absent = [needs.get(by, by) for by in TARGETS if by not in targets]
    if absent:
        notes.append(Message("not_in_table", columns=absent))
    return Campaign(table, len(known), n_dropped, conf_level, tuple(notes))


def _combinations(films, targets, min_films):
    """Films and passes of each combination of known levels that has enough films, but not all of them."""
    frame = films[["passes"]].assign(**{by: levels_of(films, by)[0] for by in targets if by != "genres"})
    by_genre = frame.join(levels_of(films, "genres")[0].rename("genres")) if "genres" in targets else frame
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


def _compared(table, targets, passes):
    """Add the shrunken rate, the difference from the other films and its p-values."""
    from scipy.stats import hypergeom

    n, k = table["n_films"], table["n_passes"]
    n_all, k_all = len(passes), int(passes.sum())
    lower, upper = hypergeom.cdf(k, n_all, k_all, n), hypergeom.sf(k - 1, n_all, k_all, n)
    return table.assign(
        shrunken_rate=_shrunken(table, targets, k_all / n_all),
        difference=100 * (table["pass_rate"] - (k_all - k) / (n_all - n)),
        p_value=np.minimum(1, 2 * np.minimum(lower, upper)),
        p_value_fdr=lambda t: adjust_fdr(t["p_value"]),
    )


def _shrunken(table, targets, mean):
    """Shrunken rates; combinations of the same attributes together, single levels first.

    A combination is drawn towards the sum of the effects of its levels on the log-odds scale.
    """
    from scipy.special import expit, logit

    varying = table[targets].ne("any")
    kinds = varying.agg(lambda row: tuple(row.index[row]), axis=1)
    rates = pd.Series(np.nan, table.index)
    effects = pd.DataFrame(0.0, table.index, targets)
    for kind in sorted(kinds.unique(), key=len):
        cells = table[kinds == kind]
        expected = expit(logit(mean) + effects.loc[cells.index].sum(axis=1))
        rates[cells.index] = shrink(cells["n_passes"], cells["n_films"], expected)
        if len(kind) == 1:
            effect = logit(rates[cells.index]).set_axis(cells[kind[0]]) - logit(mean)
            others = kinds.map(len) > 1
            effects.loc[others, kind[0]] = table.loc[others, kind[0]].map(effect).fillna(0.0)
    return rates
