"""Plots of predictions: calibration, importance, dependence, local effects, and why a film is predicted so."""

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from bechdel_stats.pictures.canvas import GREY, height, legend_above, wrap
from bechdel_stats.pictures.rates import rate_errors
from bechdel_stats.words.language import Words
from lightdiar.common.axes import BLUE, VERMILLION, new_axes

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_N_CURVES = 30
_PERCENTS = (1, 5, 10, 20, 30, 40, 50, 60, 70, 80, 90, 95, 99)  # marks of an axis in log odds


def plot_calibration(evaluation: Any, ax: "Axes | None" = None, language: str = "en") -> "Axes":
    """Draw the share of films that pass against the predicted probability, for each tenth of the films.

    Parameters
    ----------
    evaluation : Evaluation
    ax : matplotlib Axes, optional
    language : {"en", "fr"}

    Returns
    -------
    ax : matplotlib Axes
    """
    words, curve = Words(language), evaluation.calibration
    ax = new_axes(ax, 4.6)
    ax.plot([0, 100], [0, 100], "--", color=GREY, linewidth=1, label=words("perfect"))
    ax.errorbar(
        100 * curve["predicted"], 100 * curve["pass_rate"], rate_errors(curve), fmt="o-", color=BLUE, linewidth=1
    )
    ax.set(xlabel=words("calibration_x"), ylabel=words("calibration_y"), xlim=(0, 100), ylim=(0, 100), aspect="equal")
    ax.legend(frameon=False, loc="lower right")
    ax.grid(alpha=0.3)
    return ax


def plot_importance(table: pd.DataFrame, ax: "Axes | None" = None, language: str = "en") -> "Axes":
    """Draw the result of `permutation_importance`: the loss of AUC for each variable, with its standard deviation."""
    words = Words(language)
    ax = new_axes(ax, height(len(table), lines=2))
    y = np.arange(len(table))[::-1]
    ax.axvline(0, color="black", linewidth=0.8)
    ax.errorbar(table["auc_loss"], y, xerr=table["auc_loss_sd"], fmt="o", color=BLUE, capsize=2)
    ax.set_yticks(y, [wrap(words.name(name), 24) for name in table["variable"]])
    ax.set_xlabel(words("importance_axis"))
    ax.locator_params(axis="x", nbins=5)
    ax.xaxis.set_major_formatter(lambda value, _: words.number(value, 3))
    ax.grid(axis="x", alpha=0.3)
    return ax


def plot_dependence(dependence: Any, ax: "Axes | None" = None, language: str = "en") -> "Axes":
    """Draw the mean predicted probability, the curves of some single films, and the band of the middle 80 % of films.

    Parameters
    ----------
    dependence : Dependence
    ax : matplotlib Axes, optional
    language : {"en", "fr"}

    Returns
    -------
    ax : matplotlib Axes
    """
    words, table, column = Words(language), dependence.table, dependence.column
    ax = new_axes(ax, 3.9)
    scale = 100 if column.endswith("_share") else 1
    x = scale * table["value"]
    chosen = np.unique(np.linspace(0, len(dependence.curves) - 1, _N_CURVES).astype(int))
    for number, row in enumerate(chosen):
        label = words("single_films") if number == 0 else None
        ax.plot(x, 100 * dependence.curves[row], color=GREY, linewidth=0.5, alpha=0.6, label=label)
    ax.fill_between(x, 100 * table["low"], 100 * table["high"], color=BLUE, alpha=0.15, label=words("middle_80"))
    ax.plot(x, 100 * table["probability"], color=BLUE, linewidth=2.5, label=words("mean_curve"))
    ax.set(ylabel=words("dependence_axis"), ylim=(0, 100))
    ax.margins(x=0)
    ax.set_xlabel(words.axis(column))
    ax.grid(alpha=0.3)
    legend_above(ax)
    return ax


def plot_explanation(explanation: Any, ax: "Axes | None" = None, language: str = "en") -> "Axes":
    """Draw what sets a film apart from the average film: each variable begins where the one above it ends.

    Parameters
    ----------
    explanation : Explanation
    ax : matplotlib Axes, optional
    language : {"en", "fr"}

    Returns
    -------
    ax : matplotlib Axes
    """
    words, table = Words(language), explanation.table
    ax = new_axes(ax, height(len(table) + 1, lines=2))
    steps = table["log_odds"].to_numpy()
    start = np.log(explanation.average / (1 - explanation.average))
    ends = start + np.cumsum(steps)
    y = np.arange(len(steps))[::-1]
    ax.barh(y, steps, left=ends - steps, color=np.where(steps > 0, BLUE, VERMILLION), height=0.6)
    for value in (start, ends[-1]):
        ax.axvline(value, color=GREY, linewidth=0.8, linestyle="--")
    ax.set_yticks(y, [wrap(words.name(name), 24) for name in table["variable"]])
    ax.set_xlabel(words("explanation_axis"))
    ax.set_title(explanation.film, fontsize="medium", loc="left")
    ax.margins(x=0.06)
    low, high = ax.get_xlim()
    shown = [percent for percent in _PERCENTS if low <= np.log(percent / (100 - percent)) <= high]
    ax.set_xticks([np.log(percent / (100 - percent)) for percent in shown], [str(percent) for percent in shown])
    ax.grid(axis="x", alpha=0.3)
    return ax


def plot_local_effects(effects: Any, ax: "Axes | None" = None, language: str = "en") -> "Axes":
    """Draw accumulated local effects, in percentage points of the predicted probability, with marks at the edges."""
    words, table, column = Words(language), effects.table, effects.column
    ax = new_axes(ax, 3.9)
    ax.axhline(0, color="black", linewidth=0.8)
    scale = 100 if column.endswith("_share") else 1
    ax.plot(scale * table["value"], 100 * table["effect"], "o-", color=BLUE, markersize=3, linewidth=2)
    ax.set(xlabel=words.axis(column), ylabel=words("local_effects_axis"))
    ax.grid(alpha=0.3)
    return ax
