"""Pictures of speaker verification: the two errors against each other, the scores behind them, and what they are worth.

Every function draws on `ax`, by default a new one, and returns it; see `lightdiar.show.canvas`.
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike

from lightdiar.common.axes import BLUE, GREEN, ORANGE, PURPLE, SKY, VERMILLION, new_axes
from lightdiar.metrics.verification import detection_rates, equal_error_rate, error_rates, reliability
from lightdiar.show.canvas import legend_above

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_COLORS = (BLUE, VERMILLION, GREEN, "black", ORANGE, PURPLE, SKY)
_DASHES = ("-", (0, (6, 2)), (0, (2, 1.5)), (0, (6, 2, 1.5, 2)))
_MARKS = "os^DvPX*<>"
_TICKS = np.array([0.001, 0.01, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 40, 60, 80, 90, 95, 98, 99, 99.9]) / 100
_LOOKS: dict[str, dict[str, Any]] = {
    "different people": {"color": VERMILLION, "hatch": "////", "fill": False},
    "same person": {"facecolor": BLUE, "edgecolor": "black", "alpha": 0.55},
}
_FINEST = 2000  # steps of a curve over the width of the picture
_NEVER = 1e-9  # an error rate of 0, beyond every axis


def plot_det(systems: Mapping[str, tuple[ArrayLike, ArrayLike]], ax: "Axes | None" = None) -> "Axes":
    """Draw detection error trade-off curves [1]_: what each threshold costs in misses and in false alarms.

    Nearer to the lower left is better. Both axes are stretched so that normally distributed scores give a straight
    line. The mark is the equal error rate, where the curve crosses the diagonal.

    Parameters
    ----------
    systems : dict of str to (target_scores, other_scores)
        One curve for each name.
    ax : matplotlib Axes, optional

    Returns
    -------
    ax : matplotlib Axes

    References
    ----------
    .. [1] Martin et al., "The DET curve in assessment of detection task performance", Eurospeech 1997.
    """
    from scipy.special import ndtri

    if not systems:
        raise ValueError("no system to draw; give at least one: {name: (target_scores, other_scores)}.")
    ax = new_axes(ax, 5.6 + 0.2 * len(systems))
    rates = [equal_error_rate(*scores)[0] for scores in systems.values()]
    low, high = _det_ends(rates, [min(np.size(target), np.size(other)) for target, other in systems.values()])
    ends = ndtri([low, high])
    ax.plot(ends, ends, color="grey", linewidth=0.8, label="both errors equal")
    for number, (name, scores) in enumerate(systems.items()):
        _, missed, accepted = error_rates(*scores)
        points = ndtri(np.clip([accepted, missed], _NEVER, 1 - _NEVER))
        steps = np.round((points - ends[0]) / (ends[1] - ends[0]) * _FINEST)
        seen = np.r_[True, (np.diff(steps) != 0).any(axis=0)]
        centre = ndtri(np.clip(rates[number], low, high))
        _draw_curve(ax, number, points[:, seen], centre, f"{name}: EER {_percent(rates[number])} %")
    shown = _TICKS[(low <= _TICKS) & (high >= _TICKS)]
    for axis in (ax.xaxis, ax.yaxis):
        axis.set_ticks(ndtri(shown), [f"{100 * tick:g}" for tick in shown])
    ax.set(xlim=ends, ylim=ends, aspect="equal")
    ax.set_xlabel("False alarms: different people taken for one (%)")
    ax.set_ylabel("Misses: one person taken for two (%)")
    ax.grid(alpha=0.3)
    legend_above(ax)
    return ax


def plot_scores(
    target_scores: ArrayLike, other_scores: ArrayLike, threshold: float | None = None, ax: "Axes | None" = None
) -> "Axes":
    """Draw how the scores of both kinds of trials are distributed, and where the threshold cuts them.

    Parameters
    ----------
    target_scores, other_scores : array-like of float
        Finite.
    threshold : float, optional
        Trials with at least this score are accepted; by default that of the equal error rate.
    ax : matplotlib Axes, optional

    Returns
    -------
    ax : matplotlib Axes
        Each kind adds up to 100 %, however many trials it has.
    """
    target, other = np.asarray(target_scores, dtype=float), np.asarray(other_scores, dtype=float)
    n_infinite = np.isinf(target).sum() + np.isinf(other).sum()
    if n_infinite:
        raise ValueError(f"{n_infinite} scores are infinite and have no place; clip them: np.clip(scores, -100, 100).")
    if threshold is None:
        threshold = equal_error_rate(target, other)[1]
    rates = detection_rates(target, other, threshold)
    ax = new_axes(ax, 3.8)
    edges = np.histogram_bin_edges(np.concatenate([target, other]), bins=50).tolist()
    for kind, scores in (("different people", other), ("same person", target)):
        share = np.full(len(scores), 100 / len(scores))
        label = f"{kind} ({len(scores)} trials)"
        ax.hist(scores, bins=edges, weights=share, histtype="stepfilled", label=label, **_LOOKS[kind])
    if np.isfinite(threshold):
        label = (
            f"threshold {threshold:.3g}: accepts {_percent(rates.false_positive_rate)} % of different people,\n"
            f"refuses {_percent(1 - rates.true_positive_rate)} % of the same person"
        )
        ax.axvline(threshold, color="black", linestyle="--", linewidth=1.5, label=label)
    ax.set_xlabel("Score")
    ax.set_ylabel("Trials of each kind (%)")
    legend_above(ax)
    return ax


def plot_reliability(
    target_ratios: ArrayLike,
    other_ratios: ArrayLike,
    *,
    prior: float = 0.5,
    n_bins: int = 10,
    ax: "Axes | None" = None,
) -> "Axes":
    """Draw what log likelihood ratios predict against what is true; points on the diagonal can be taken at their word.

    Parameters
    ----------
    target_ratios, other_ratios, prior, n_bins
        See `lightdiar.metrics.verification.reliability`.
    ax : matplotlib Axes, optional

    Returns
    -------
    ax : matplotlib Axes
        Beside each point stands the number of trials in its bin. Above the diagonal the ratios are too low, below it
        too high.
    """
    table = reliability(target_ratios, other_ratios, prior=prior, n_bins=n_bins)
    ax = new_axes(ax, 5.2)
    ax.plot([0, 100], [0, 100], color="grey", linestyle="--", linewidth=1, label="as predicted")
    x, y = 100 * table["predicted"], 100 * table["observed"]
    ax.plot(x, y, color=BLUE, linewidth=0.8, alpha=0.5)
    ax.plot(x, y, "o", color=BLUE, markersize=7, label="observed, with the number of trials", zorder=3)
    for point in zip(x, y, table["n_targets"] + table["n_others"]):
        _write_number(ax, *point)
    ax.set(xlim=(-3, 103), ylim=(-3, 107), aspect="equal")
    ax.set_xlabel(f"Predicted: same person (%), at a prior of {100 * prior:g} %")
    ax.set_ylabel("Observed: same person (%)")
    ax.grid(alpha=0.3)
    legend_above(ax)
    return ax


def _det_ends(rates, sizes):
    """Ends of both axes: so that all equal error rates are well inside, and what few trials cannot show is not."""
    shown = [max(rate, 1 / size) for rate, size in zip(rates, sizes)]
    low = _TICKS[_TICKS <= max(min(shown) / 10, _TICKS[0])][-1]
    return low, _TICKS[_TICKS >= np.clip(3 * max(shown), 0.2, 0.6)][0] if max(shown) <= 0.5 else 0.99


def _draw_curve(ax, number, points, centre, label):
    """A curve in the style of this number, with a mark on the diagonal."""
    style = {"color": _COLORS[number % len(_COLORS)], "linestyle": _DASHES[number % len(_DASHES)]}
    ax.plot(*points, linewidth=1.6, **style)
    style |= {"marker": _MARKS[number % len(_MARKS)], "markersize": 8, "markeredgecolor": "black"}
    ax.plot([centre], [centre], label=label, clip_on=False, zorder=3, **style)


def _write_number(ax, x, y, number):
    """A number at a point, away from the diagonal but inside the axes."""
    below = 8 < y < x
    box = {"boxstyle": "square,pad=0.1", "facecolor": "white", "edgecolor": "none", "alpha": 0.8}
    style = {"ha": "center", "va": "top" if below else "bottom", "fontsize": 9, "bbox": box, "zorder": 4}
    ax.annotate(str(number), (x, y), xytext=(0, -9 if below else 9), textcoords="offset points", **style)


def _percent(rate):
    """Per cent, with one decimal or at least two digits."""
    return f"{100 * rate:.1f}" if rate >= 0.01 else f"{100 * rate:.2g}"
