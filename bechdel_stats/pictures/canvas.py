"""What all plots share: style, size, and how they are saved.

Colours are those of Okabe and Ito, which colour-blind readers can tell apart, and markers differ in shape for greyscale
printing. Every estimate is drawn with its interval; ratios have a log axis with a line at 1. Drawing functions take an
`ax` (by default a new one) and return it.
"""

import io
import textwrap
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from lightdiar.common.files import PathLike, write_bytes

if TYPE_CHECKING:
    from matplotlib.axes import Axes

SUFFIXES = (".png", ".svg", ".pdf")
BLUE, VERMILLION, GREEN, ORANGE, GREY = "#0072B2", "#D55E00", "#009E73", "#E69F00", "#808080"
_STYLE = {
    "font.size": 11,
    "font.family": "sans-serif",
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.unicode_minus": False,
    "svg.fonttype": "none",
    "svg.hashsalt": "bechdel_stats",
}
_WIDTH = 6.2  # inches


def save_plot(ax: "Axes", path: PathLike) -> None:
    """Save the figure that `ax` is part of as .png, .svg or .pdf; the same figure gives the same bytes.

    Raises
    ------
    ValueError
        If the path has another suffix.
    OSError
        If the file cannot be written.
    """
    suffix = Path(path).suffix
    if suffix not in SUFFIXES:
        raise ValueError(f"a plot is written as .png, .svg or .pdf; got {suffix or 'no suffix'}.")
    write_bytes(path, _bytes(ax.figure, suffix[1:]))


def to_svg(draw: "Callable[[Axes], object]", inches: float) -> str:
    """Return a plot as SVG, with text kept as text and without a date.

    Parameters
    ----------
    draw : callable
        `draw(ax)` draws the plot.
    inches : float
        Height; the width is fixed.
    """
    from matplotlib.figure import Figure

    with _matplotlib().rc_context(_STYLE):
        figure = Figure(figsize=(_WIDTH, inches), layout="constrained")
        draw(figure.subplots())
        return _bytes(figure, "svg").decode("utf-8")


def height(n_rows: int, lines: int = 1) -> float:
    """Return the height in inches of a plot with one row per term or level, each of `lines` lines of text."""
    return 1.4 + (0.02 + 0.22 * lines) * n_rows


def has_matplotlib() -> bool:
    """Whether plots can be drawn."""
    return find_spec("matplotlib") is not None


def check_matplotlib() -> None:
    """Raise ImportError if plots cannot be drawn."""
    if not has_matplotlib():
        raise ImportError("plots need matplotlib: pip install lightdiar[plot]")


def new_axes(ax: "Axes | None", inches: float) -> "Axes":
    """Return `ax`, or new axes of this height if it is None."""
    if ax is not None:
        return ax
    matplotlib = _matplotlib()
    import matplotlib.pyplot as plt

    with matplotlib.rc_context(_STYLE):
        ax = plt.subplots(figsize=(_WIDTH, inches), layout="constrained")[1]
        interactive = matplotlib.is_interactive()
    matplotlib.interactive(interactive)  # a first figure turns it on in a notebook, and the context off again
    return ax


def legend_above(ax: "Axes") -> None:
    """Put the legend above the plot, where it covers nothing."""
    ax.legend(loc="lower right", bbox_to_anchor=(1.0, 1.0), frameon=False)


def wrap(text: str, width: int = 42) -> str:
    """Return a text broken into lines for an axis."""
    return textwrap.fill(text, width, break_on_hyphens=False, break_long_words=False)


def _matplotlib():
    check_matplotlib()
    import matplotlib

    return matplotlib


def _bytes(figure, kind):
    """Contents of a figure's file, without date or version."""
    metadata = {"svg": {"Date": None, "Creator": None}, "pdf": {"CreationDate": None}, "png": {"Software": None}}
    buffer = io.BytesIO()
    with _matplotlib().rc_context(_STYLE):
        figure.savefig(buffer, format=kind, metadata=metadata[kind], dpi=150)
    return buffer.getvalue()
