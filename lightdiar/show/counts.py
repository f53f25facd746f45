"""How probable each number of women and men is."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike

from lightdiar.common.axes import BLUE, new_axes
from lightdiar.show.canvas import INK

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_SEEN = 0.005  # probability from which on a number has a place in the picture


def plot_counts(joint: ArrayLike, counts: Mapping[str, int] | None = None, ax: "Axes | None" = None) -> "Axes":
    """Draw the probability of each number of women and men, a field for each pair, with its per cent.

    The area of a square is its probability, so that what is seen adds up; a frame is around the numbers that were
    counted. Rows and columns have their sums at the edge: the probability of each number of women, and of men.

    Parameters
    ----------
    joint : array-like of shape (n_women + 1, n_men + 1)
        Probabilities, as `CountProbabilities.joint`.
    counts : dict of str to int, optional
        "M" and "F", as of `Diarization.counts`.
    ax : matplotlib Axes, optional

    Returns
    -------
    ax : matplotlib Axes

    Raises
    ------
    ValueError
        If `joint` is no table of probabilities that add up to 1.
    """
    from matplotlib.patches import Rectangle

    p = np.asarray(joint, dtype=float)
    if p.ndim != 2 or not p.size or not (p >= 0).all() or not np.isclose(p.sum(), 1):
        raise ValueError(
            f"joint must be a table of probabilities that add up to 1; got shape {p.shape}, sum {p.sum()}."
        )
    found = (counts["F"], counts["M"]) if counts else (0, 0)
    n_women, n_men = (max(_last(p.sum(axis=1 - axis)), found[axis]) + 1 for axis in (0, 1))
    shown = np.zeros((n_women, n_men))
    inside = p[:n_women, :n_men]
    shown[: inside.shape[0], : inside.shape[1]] = inside
    ax = new_axes(ax, 1.6 + 0.55 * n_women)
    for (women, men), chance in np.ndenumerate(shown):
        if chance >= _SEEN:
            side = np.sqrt(chance)
            ax.add_patch(Rectangle((men - side / 2, women - side / 2), side, side, color=BLUE, alpha=0.45, linewidth=0))
            ax.text(men, women, f"{100 * chance:.0f}", ha="center", va="center", fontsize=10)
    if counts:
        corner = counts["M"] - 0.5, counts["F"] - 0.5
        ax.add_patch(Rectangle(corner, 1, 1, fill=False, edgecolor=INK, linewidth=2, clip_on=False, zorder=3))
    ax.set(xlim=(-0.5, n_men - 0.5), ylim=(-0.5, n_women - 0.5), aspect="equal")
    ax.set_xticks(range(n_men), _sums(shown.sum(axis=0)))
    ax.set_yticks(range(n_women), _sums(shown.sum(axis=1), between=": "))
    ax.set_xlabel("Men (%)")
    ax.set_ylabel("Women (%)")
    ax.tick_params(length=0)
    if counts:
        ax.set_title("Probability of each pair of numbers (%); framed: counted", fontsize=10)
    return ax


def _last(p):
    """The largest number that is seen."""
    return int(np.flatnonzero(p >= min(_SEEN, p.max()))[-1])


def _sums(p, between="\n"):
    """Labels of numbers with their probability."""
    return [f"{number}{between}{100 * chance:.0f} %" for number, chance in enumerate(p)]
