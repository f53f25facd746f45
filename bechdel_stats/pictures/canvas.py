"""What all plots share: their legend and height, and how they are saved.

Style and colours are those of `lightdiar.common.axes`, and markers differ in shape for greyscale printing. Every
estimate is drawn with its interval; ratios have a log axis with a line at 1. Drawing functions take an `ax` (by default
a new one) and return it.
"""

import io
import textwrap
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from lightdiar.common.axes import STYLE, WIDTH, check_matplotlib
from lightdiar.common.files import PathLike, write_bytes

if TYPE_CHECKING:
    from matplotlib.axes import Axes

SUFFIXES = (".png", ".svg", ".pdf")
GREY = "#808080"
_STYLE = {**STYLE, "svg.fonttype": "none", "svg.hashsalt": "bechdel_stats"}


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
    check_matplotlib()
    from matplotlib import rc_context
    from matplotlib.figure import Figure

    with rc_context(_STYLE):
        figure = Figure(figsize=(WIDTH, inches), layout="constrained")
        draw(figure.subplots())
        return _bytes(figure, "svg").decode("utf-8")


def height(n_rows: int, lines: int = 1) -> float:
    """Return the height in inches of a plot with one row per term or level, each of `lines` lines of text."""
    return 1.4 + (0.02 + 0.22 * lines) * n_rows


def legend_above(ax: "Axes") -> None:
    """Put the legend above the plot, where it covers nothing."""
    ax.legend(loc="lower right", bbox_to_anchor=(1.0, 1.0), frameon=False)


def wrap(text: str, width: int = 42) -> str:
    """Return a text broken into lines for an axis."""
    return textwrap.fill(text, width, break_on_hyphens=False, break_long_words=False)


def _bytes(figure, kind):
    """Contents of a figure's file, without date or version."""
    from matplotlib import rc_context

    metadata = {"svg": {"Date": None, "Creator": None}, "pdf": {"CreationDate": None}, "png": {"Software": None}}
    buffer = io.BytesIO()
    with rc_context(_STYLE):
        figure.savefig(buffer, format=kind, metadata=metadata[kind], dpi=150)
    return buffer.getvalue()
