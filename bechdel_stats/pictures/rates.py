"""Plots of pass rates, with their intervals."""

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from bechdel_stats.pictures.canvas import height, wrap
from bechdel_stats.words.language import Words
from bechdel_stats.words.messages import FilmsError, Message
from lightdiar.common.axes import BLUE, new_axes

if TYPE_CHECKING:
    from matplotlib.axes import Axes


def plot_rates(rates: Any, ax: "Axes | None" = None, language: str = "en") -> "Axes":
    """Draw pass rates with their intervals: decades from left to right, other levels one per row.

    Parameters
    ----------
    rates : PassRates
    ax : matplotlib Axes, optional
    language : {"en", "fr"}

    Returns
    -------
    ax : matplotlib Axes
    """
    words, table = Words(language), rates.table
    if rates.by == "year":
        ax = new_axes(ax, 3.2)
        labels = [level[:-1] if level.endswith("0s") else words.name(level) for level in table["year"]]
        x = np.arange(len(table))
        ax.errorbar(x, 100 * table["pass_rate"], rate_errors(table), fmt="o-", color=BLUE, linewidth=1)
        ax.set_xticks(x, labels, rotation=45, ha="right", rotation_mode="anchor")
        ax.set(xlabel=words("decade_axis"), ylabel=wrap(words("rate_axis_short"), 26), ylim=(-3, 100))
        ax.grid(axis="y", alpha=0.3)
        return ax
    labels = [f"{words.name(level)} ({words.number(n, 0)})" for level, n in zip(table[rates.by], table["n_films"])]
    ax = new_axes(ax, height(len(table)))
    _rate_rows(ax, table, labels, words("rate_axis"))
    return ax


def plot_types(types: Any, ax: "Axes | None" = None, language: str = "en") -> "Axes":
    """Draw the pass rate of each type of `FilmTypes`, the lowest at the bottom; see `plot_rates`."""
    words = Words(language)
    if "pass_rate" not in types.table:
        raise FilmsError(Message("types_without_outcome"))
    table = types.table.sort_values("pass_rate", kind="stable")
    labels = [
        wrap(f"{words.name(name)} ({words.number(n, 0)})", 34) for name, n in zip(table["name"], table["n_films"])
    ]
    ax = new_axes(ax, height(len(table), lines=2))
    _rate_rows(ax, table, labels, words("rate_axis"))
    return ax


def _rate_rows(ax, table, labels, label):
    """Draw pass rates and intervals, the first row at the bottom."""
    y = np.arange(len(table))
    ax.errorbar(100 * table["pass_rate"], y, xerr=rate_errors(table), fmt="o", color=BLUE, capsize=2)
    ax.set_yticks(y, labels)
    ax.set(xlabel=wrap(label), xlim=(0, 100), ylim=(-0.6, len(table) - 0.4))
    ax.grid(axis="x", alpha=0.3)


def rate_errors(table: pd.DataFrame) -> np.ndarray:
    """Return how far intervals reach below and above pass rates, in percentage points, never negative by rounding."""
    errors = np.array([table["pass_rate"] - table["ci_low"], table["ci_high"] - table["pass_rate"]])
    return 100 * errors.clip(0)
