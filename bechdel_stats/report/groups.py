"""Groups of films whose pass rates differ: from the other films, and from one another.

References
----------
.. [1] Newcombe, "Interval estimation for the difference between independent proportions", Statistics in Medicine 17,
   1998 (method 10).
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd

from bechdel_stats.describe.grouping import UNKNOWN
from bechdel_stats.describe.intervals import adjust_fdr, wilson
from bechdel_stats.describe.rates import PassRates

ENOUGH = 30  # films of a group that is named
FALSE_DISCOVERIES = 0.05
_KINDS = ("genres", "budget", "country")


@dataclass(frozen=True, eq=False)
class Groups:
    """Groups of films that fail more often than the others.

    Parameters
    ----------
    table : DataFrame
        One row per group that was tested: kind ("genres", "budget", "country", "director_woman", "writer_woman"),
        level, n_films, n_passes, pass_rate, ci_low, ci_high (Wilson), difference (from all other films, percentage
        points), p_value_fdr (Fisher's exact test, adjusted over all rows), fails_more (the difference is negative and
        the adjusted p-value below 0.05). Films without a woman among directors or writers are compared with those with
        one.
    """

    table: pd.DataFrame

    def of_kind(self, kind: str) -> pd.DataFrame:
        """Return the groups of a kind that fail more often, the lowest pass rate first."""
        chosen = self.table[self.table["fails_more"] & (self.table["kind"] == kind)]
        return chosen.sort_values(["pass_rate", "level"], kind="stable")


def groups_that_fail_more(passes: pd.Series, rates: Mapping[str, Any], women: Mapping[str, Any]) -> Groups:
    """Compare each genre, third of budgets and country of 30 films or more with all other films.

    Parameters
    ----------
    passes : Series of float
        Outcome of each film, NaN where not known.
    rates : mapping of str -> PassRates
        By genres, budget and country; those that are false are left out.
    women : mapping of str -> PassRates
        With ("yes") and without ("no") a woman among directors, and among writers.

    Returns
    -------
    groups : Groups
    """
    found = [_compared(kind, rates[kind].table, passes.count(), passes.sum()) for kind in _KINDS if rates.get(kind)]
    for kind, result in women.items():
        if result:
            known = result.table[result.table[kind].isin(("yes", "no"))]
            compared = _compared(kind, known, known["n_films"].sum(), known["n_passes"].sum())
            found.append(compared[compared["level"] == "no"])
    columns = ["kind", "level", "n_films", "n_passes", "pass_rate", "ci_low", "ci_high", "difference", "p_value_fdr"]
    if not found:
        return Groups(pd.DataFrame(columns=[*columns, "fails_more"]).astype({"fails_more": bool}))
    table = pd.concat(found, ignore_index=True)
    table["p_value_fdr"] = adjust_fdr(table["p_value"])
    fails_more = (table["difference"] < 0) & (table["p_value_fdr"] < FALSE_DISCOVERIES)
    return Groups(table[columns].assign(fails_more=fails_more))


def few_pooled(rates: PassRates, least: int = ENOUGH) -> PassRates:
    """Return pass rates by decade in which the first decades, and the last, are pooled as far as one has few films.

    A decade with few films in the first half is pooled with all before it, one in the second half with all after it,
    and with the next one if that is still too few.
    """
    table = rates.table
    decades = table[table["year"].str.fullmatch(r"\d{4}s")]
    others = table[~table.index.isin(decades.index)]
    n = decades["n_films"].to_numpy()
    few, half = np.flatnonzero(n < least), len(n) // 2
    first = few[few < half].max(initial=0)  # the last of the decades that are pooled at the beginning
    last = few[few >= half].min(initial=len(n) - 1)
    first += int(n[: first + 1].sum() < least)
    last -= int(n[last:].sum() < least)
    if last <= first:
        return rates
    years = [int(decade[:4]) for decade in decades["year"]]
    names = list(decades["year"])
    names[: first + 1] = [f"before {years[first] + 10}"] * (first + 1) if first else names[:1]
    names[last:] = [f"{years[last]} and later"] * (len(n) - last) if last < len(n) - 1 else names[last:]
    pooled = decades.assign(year=names).groupby("year", sort=False)[["n_films", "n_passes"]].sum().reset_index()
    pooled["pass_rate"] = pooled["n_passes"] / pooled["n_films"]
    pooled["ci_low"], pooled["ci_high"] = wilson(pooled["n_passes"], pooled["n_films"], rates.conf_level)
    return replace(rates, table=pd.concat([pooled, others], ignore_index=True)[list(table)])


def named_levels(table: pd.DataFrame, by: str) -> pd.DataFrame:
    """Return the rows of levels that are known, not pooled, and have enough films."""
    known = table[by].ne(UNKNOWN) & ~table[by].str.startswith("other (")
    return table[known & (table["n_films"] >= ENOUGH)]


def difference(first: pd.Series, second: pd.Series) -> tuple[float, float, float]:
    """Return how many percentage points the pass rate of a row is above that of another, with its interval [1]_."""
    from statsmodels.stats.proportion import confint_proportions_2indep

    counts = [int(row[name]) for row in (first, second) for name in ("n_passes", "n_films")]
    low, high = confint_proportions_2indep(*counts, method="newcomb", compare="diff")
    return 100 * (counts[0] / counts[1] - counts[2] / counts[3]), 100 * low, 100 * high


def _compared(kind, table, n_all, k_all):
    """Levels with enough films, their difference from all other films, and its p-value by Fisher's exact test."""
    from scipy.stats import hypergeom

    table = named_levels(table, kind).rename(columns={kind: "level"})
    table = table[table["n_films"] < n_all]
    n, k = table["n_films"], table["n_passes"]
    lower, upper = hypergeom.cdf(k, n_all, k_all, n), hypergeom.sf(k - 1, n_all, k_all, n)
    return table.assign(
        kind=kind,
        difference=100 * (table["pass_rate"] - (k_all - k) / (n_all - n)),
        p_value=np.minimum(1, 2 * np.minimum(lower, upper)),
    )
