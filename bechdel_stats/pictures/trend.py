"""Plot of the trend: rates with their intervals, and the crude and the adjusted curve."""

from typing import TYPE_CHECKING, Any

from bechdel_stats.pictures.canvas import GREY, legend_above, wrap
from bechdel_stats.pictures.rates import rate_errors
from bechdel_stats.words.language import Words
from lightdiar.common.axes import BLUE, VERMILLION, new_axes

if TYPE_CHECKING:
    from matplotlib.axes import Axes


def plot_trend(result: Any, ax: "Axes | None" = None, language: str = "en") -> "Axes":
    """Draw rates of years, pooled where films are few, the crude curve, and the adjusted curve with its band.

    Parameters
    ----------
    result : Trend
    ax : matplotlib Axes, optional
    language : {"en", "fr"}

    Returns
    -------
    ax : matplotlib Axes
    """
    words, table = Words(language), result.table
    ax = new_axes(ax, 3.9)
    points = result.points()
    style: dict[str, Any] = {"fmt": "o", "color": GREY, "markersize": 3, "elinewidth": 0.8, "alpha": 0.7}
    ax.errorbar(points["year"], 100 * points["pass_rate"], rate_errors(points), label=words("trend_rates"), **style)
    ax.plot(table["year"], 100 * table["crude"], "--", color=VERMILLION, label=words("trend_crude"))
    if table["adjusted"].notna().any():
        ax.fill_between(
            table["year"], 100 * table["ci_low"], 100 * table["ci_high"], color=BLUE, alpha=0.2, linewidth=0
        )
        ax.plot(table["year"], 100 * table["adjusted"], color=BLUE, linewidth=2, label=words("trend_curve"))
    ax.set(xlabel=words.axis("year"), ylabel=wrap(words("rate_axis_short"), 26), ylim=(-3, 103))
    ax.grid(axis="y", alpha=0.3)
    legend_above(ax)
    return ax
