"""Plots of odds ratios: one row per term, on a log axis."""

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from bechdel_stats.attributes import ATTRIBUTE_OF_TERM
from bechdel_stats.pictures.canvas import height, legend_above, wrap
from bechdel_stats.pictures.charts import FURTHEST
from bechdel_stats.words.language import Words
from lightdiar.common.axes import BLUE, GREEN, ORANGE, VERMILLION, new_axes

if TYPE_CHECKING:
    from matplotlib.axes import Axes


def plot_odds(result: Any, ax: "Axes | None" = None, language: str = "en") -> "Axes":
    """Draw odds ratios with their intervals.

    Parameters
    ----------
    result : OddsRatioResult
    ax : matplotlib Axes, optional
    language : {"en", "fr"}

    Returns
    -------
    ax : matplotlib Axes
    """
    words = Words(language)
    table = reading_order(result.table, "odds_ratio")
    ax = new_axes(ax, height(len(table)))
    _forest(ax, table, [("", "odds_ratio", "ci_low", "ci_high")], words, words("odds_axis"))
    return ax


def plot_odds_pair(pair: Any, ax: "Axes | None" = None, language: str = "en") -> "Axes":
    """Draw the odds ratios of an `OddsPair` side by side, with and without gender; see `plot_odds`."""
    words = Words(language)
    table = reading_order(pair.table, "odds_ratio_without")
    ax = new_axes(ax, height(len(table)))
    series = [
        (words(f"{kind}_gender"), f"odds_ratio_{kind}", f"ci_low_{kind}", f"ci_high_{kind}")
        for kind in ("with", "without")
    ]
    _forest(ax, table, series, words, words("odds_axis"))
    return ax


def plot_odds_imputed(result: Any, ax: "Axes | None" = None, language: str = "en") -> "Axes":
    """Draw the odds ratios of an `ImputedOddsResult` beside those of complete films; see `plot_odds`."""
    words = Words(language)
    table = reading_order(result.table, "odds_ratio")
    ax = new_axes(ax, height(len(table)))
    complete = ("odds_ratio_complete", "ci_low_complete", "ci_high_complete")
    series = [(words("imputed_films"), "odds_ratio", "ci_low", "ci_high"), (words("complete_films"), *complete)]
    _forest(ax, table, series, words, words("odds_axis"))
    return ax


def plot_steps(result: Any, ax: "Axes | None" = None, language: str = "en") -> "Axes":
    """Draw the common odds ratios of an `OrdinalResult` with their intervals, and those of each step beside them."""
    words = Words(language)
    table = reading_order(result.table, "odds_ratio")
    ax = new_axes(ax, height(len(table)))
    _forest(ax, table, [(words("all_steps"), "odds_ratio", "ci_low", "ci_high")], words, words("steps_axis"))
    marks = zip((1, 2, 3), "1v^", (VERMILLION, GREEN, ORANGE))
    for score, mark, colour in marks:
        if f"odds_ratio_{score}" in table:
            label = words("reaching", score=score)
            x = table[f"odds_ratio_{score}"].clip(1 / FURTHEST, FURTHEST)
            ax.plot(x, np.arange(len(table)) + 0.3, mark, color=colour, markersize=5, label=label)
    legend_above(ax)
    return ax


def reading_order(table: pd.DataFrame, ratio: str) -> pd.DataFrame:
    """Return a table of terms in reading order: gender, then numbers, then genres and languages by their ratio."""
    keys = []
    for number, (term, value) in enumerate(zip(table["term"], table[ratio])):
        group = _group_of(term)
        keys.append((group, -value if group > 1 else number, number))
    return table.iloc[[key[-1] for key in sorted(keys)]]


def _group_of(term):
    """0 for gender, 1 for numbers, 2 for genres, 3 for languages."""
    attribute = ATTRIBUTE_OF_TERM.get(term)
    if attribute is None:
        return 1
    return {"genres": 2, "language": 3}.get(attribute.name, 0 if attribute.block == "gender" else 1)


def _forest(ax, table, series, words, label):
    """Draw ratios and intervals, one row per term; `series` are a label and the columns of ratio, low and high."""
    y = np.arange(len(table))
    offsets = np.linspace(-0.17, 0.17, len(series)) if len(series) > 1 else [0.0]
    styles = (("o", BLUE, BLUE), ("s", VERMILLION, "white"))
    ax.axvline(1, color="black", linewidth=0.8)
    for (name, ratio, low, high), offset, (mark, colour, face) in zip(series, offsets, styles):
        known = table[ratio].notna().to_numpy()
        shown = table.loc[known, [ratio, low, high]].clip(1 / FURTHEST, FURTHEST)
        errors = np.array([shown[ratio] - shown[low], shown[high] - shown[ratio]])
        style = {"fmt": mark, "color": colour, "markerfacecolor": face, "markersize": 4.5, "elinewidth": 1.2}
        ax.errorbar(shown[ratio], y[known] + offset, xerr=errors, label=name or None, **style)
    ax.set_xscale("log")
    low, high = ax.get_xlim()
    ticks = [tick for tick in (0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20) if low <= tick <= high]
    ax.set_xticks(ticks, [words.number(tick, 0 if tick >= 1 else 2 if tick < 0.1 else 1) for tick in ticks])
    ax.minorticks_off()
    ax.set_yticks(y, [words.term(term, contrast) for term, contrast in zip(table["term"], table["contrast"])])
    ax.set_ylim(len(table) - 0.4, -0.6)
    ax.set_xlabel(wrap(label))
    ax.grid(axis="x", alpha=0.3)
    if len(series) > 1:
        legend_above(ax)
