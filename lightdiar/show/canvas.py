"""What all pictures drawn with matplotlib share: style, size, an axis of time, and colours for numbers.

They need matplotlib (``pip install lightdiar[plot]``), which is imported where it is used. Every function that draws
takes an `ax`, by default a new one, and returns it; none shows a window or changes a setting of matplotlib. Colours are
those of Okabe and Ito, which colour-blind readers can tell apart; places, words, dashes and hatching tell the same.
"""

from importlib.util import find_spec
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike

from lightdiar.show.svg import time_ticks

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.collections import QuadMesh

BLUE, VERMILLION, GREEN, ORANGE, PURPLE, SKY = "#0072B2", "#D55E00", "#009E73", "#E69F00", "#CC79A7", "#56B4E9"
INK, PALE = "#333333", "#e6e6e6"
COLUMNS = 1000  # of a picture: more could not be seen, and would fill the memory
_STYLE = {"font.size": 11, "axes.spines.top": False, "axes.spines.right": False, "axes.unicode_minus": False}
_WIDTH = 6.2  # inches
_MOST_TICKS, _FINEST_TICK = 6, 0.001  # steps between the times of an axis; seconds


def new_axes(ax: "Axes | None", inches: float) -> "Axes":
    """Return `ax`, or new axes of this height if it is None.

    Raises
    ------
    ImportError
        If there is no matplotlib.
    """
    if find_spec("matplotlib") is None:
        raise ImportError("plots need matplotlib: pip install lightdiar[plot]")
    return _axes_of_our_own(inches) if ax is None else ax


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


def _axes_of_our_own(inches):
    import matplotlib
    import matplotlib.pyplot as plt

    # outside the context: in a notebook the first figure turns the showing of pictures on, and the context off again
    figure = plt.figure(figsize=(_WIDTH, inches), layout="constrained")
    with matplotlib.rc_context(_STYLE):
        return figure.add_subplot()
