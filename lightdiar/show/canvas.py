"""What all pictures drawn with matplotlib share: a legend, an axis of time, and colours for numbers.

Every function that draws takes an `ax`, by default a new one (`lightdiar.common.axes`), and returns it; none shows a
window or changes a setting of matplotlib. Places, words, dashes and hatching tell the same as colours.
"""

from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike

from lightdiar.show.svg import time_ticks

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.collections import QuadMesh

INK, PALE = "#333333", "#e6e6e6"
COLUMNS = 1000  # of a picture: more could not be seen, and would fill the memory
_MOST_TICKS, _FINEST_TICK = 6, 0.001  # steps between the times of an axis; seconds


def legend_above(ax: "Axes", **style: Any) -> None:
    """Put the legend where it covers nothing, its lines long enough to show their dashes."""
    place = {"loc": "lower center", "bbox_to_anchor": (0.5, 1.0), "borderaxespad": 0.2}
    ax.legend(**{"handlelength": 3.5, "frameon": False, "fontsize": 10, **place, **style})


def time_axis(ax: "Axes", end: float, *, downwards: bool = False) -> None:
    """Let time run from 0 to `end` seconds to the right or downwards; its ticks stay round in any part of it."""
    from matplotlib.ticker import FuncFormatter, Locator

    axis = ax.yaxis if downwards else ax.xaxis

    def ticks():
        return dict(time_ticks(*sorted(axis.get_view_interval()), _MOST_TICKS, _FINEST_TICK))

    class RoundTimes(Locator):
        def __call__(self):
            return list(ticks())

    if downwards:
        ax.set_ylim(end, 0)
    else:
        ax.set_xlim(0, end)
    axis.set_major_locator(RoundTimes())
    axis.set_major_formatter(FuncFormatter(lambda time, _: ticks().get(time, "")))
    axis.set_label_text("Time")


def heat_map(ax: "Axes", x: np.ndarray, y: np.ndarray, values: np.ndarray, **style: Any) -> "QuadMesh":
    """Draw values as colours between the edges `x` and `y`, as pixels also in a vector format."""
    return ax.pcolormesh(x, y, values, shading="flat", rasterized=True, **style)


def colour_bar(ax: "Axes", mesh: "QuadMesh", label: str, **style: Any) -> None:
    """Say beside `ax` which colour is which number."""
    bar = ax.figure.colorbar(mesh, ax=ax, pad=0.02, **style)
    bar.set_label(label, fontsize=10)
    bar.outline.set_visible(False)


def say(ax: "Axes", text: str) -> None:
    """Write in the middle of `ax` why there is nothing to see."""
    ax.text(0.5, 0.5, text, transform=ax.transAxes, ha="center", va="center", color=INK)


def plain(label: str) -> str:
    """The label as it is: a dollar sign begins no formula, and what is no letter gets no box."""
    return "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in label).replace("$", r"\$")


def one_channel(samples: ArrayLike) -> np.ndarray:
    """Return samples as an array, without a copy.

    Raises
    ------
    ValueError
        If they are not one-dimensional and finite.
    """
    array = np.asarray(samples)
    if array.ndim != 1:
        raise ValueError(f"samples has shape {array.shape}; give one channel, shape (n_samples,).")
    if not all_finite(array):
        raise ValueError("samples contain NaN or infinity; every sample must be finite: np.nan_to_num replaces them.")
    return array


def all_finite(array: np.ndarray) -> bool:
    """Whether no number is NaN or infinite, without another array of that size."""
    return bool(array.size == 0 or (np.isfinite(array.min()) and np.isfinite(array.max())))


def blocks(n: int, most: int = COLUMNS) -> np.ndarray:
    """Edges of equal blocks of `n` things, the last one perhaps shorter: at most `most` blocks, int (n_blocks + 1,)."""
    return np.append(np.arange(0, n, max(1, -(-n // most))), n)


def block_means(X: np.ndarray, edges: np.ndarray) -> np.ndarray:
    """Means over blocks of rows, shape (n_blocks, n_columns), float64."""
    return np.stack([X[start:end].mean(axis=0, dtype=np.float64) for start, end in pairwise(edges)])
