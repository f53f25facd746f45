"""What all pictures share: style, size, and how they become files.

Colours are those of Okabe and Ito, which the colour-blind tell apart, and marks differ in shape for prints in grey.
Whatever is estimated is drawn with its interval; ratios have a log axis with a line at 1. Drawing functions take an
`ax` (a new one if none is given) and return it.
"""

import io
import textwrap
from pathlib import Path

from lightdiar.common.files import write_bytes

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


def save_plot(ax, path):
    """Write the picture that `ax` is part of: .png, .svg or .pdf; the same picture gives the same bytes.

    Raises
    ------
    ValueError
        If the suffix is another one.
    OSError
        If the file cannot be written.
    """
    suffix = Path(path).suffix
    if suffix not in (".png", ".svg", ".pdf"):
        raise ValueError(f"a picture is written as .png, .svg or .pdf; got {suffix or 'no suffix'}.")
    write_bytes(path, _bytes(ax.figure, suffix[1:]))


def to_svg(draw, inches):
    """Return a picture as SVG, with its text as text and without a date.

    Parameters
    ----------
    draw : callable
        `draw(ax)` draws it.
    inches : float
        Height; the width is always the same.
    """
    from matplotlib.figure import Figure

    with _matplotlib().rc_context(_STYLE):
        figure = Figure(figsize=(_WIDTH, inches), layout="constrained")
        draw(figure.subplots())
        return _bytes(figure, "svg").decode("utf-8")


def height(n_rows, lines=1):
    """Height in inches of a picture with a row per term or level, of so many lines of text."""
    return 1.4 + (0.02 + 0.22 * lines) * n_rows


def has_matplotlib():
    """Whether pictures can be drawn."""
    try:
        _matplotlib()
    except ImportError:
        return False
    return True


def new_axes(ax, inches):
    if ax is not None:
        return ax
    matplotlib = _matplotlib()
    import matplotlib.pyplot as plt

    with matplotlib.rc_context(_STYLE):
        return plt.subplots(figsize=(_WIDTH, inches), layout="constrained")[1]


def legend_above(ax):
    """Put the legend above the picture, where it covers nothing."""
    ax.legend(loc="lower right", bbox_to_anchor=(1.0, 1.0), frameon=False)


def wrap(text, width=42):
    return textwrap.fill(text, width, break_on_hyphens=False, break_long_words=False)


def _matplotlib():
    try:
        import matplotlib
    except ImportError:
        raise ImportError("pictures need matplotlib: pip install lightdiar[plot]") from None
    return matplotlib


def _bytes(figure, kind):
    """A figure as a file without date or version."""
    metadata = {"svg": {"Date": None, "Creator": None}, "pdf": {"CreationDate": None}, "png": {"Software": None}}
    buffer = io.BytesIO()
    with _matplotlib().rc_context(_STYLE):
        figure.savefig(buffer, format=kind, metadata=metadata[kind], dpi=150)
    return buffer.getvalue()
