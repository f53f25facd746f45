"""Axes of pictures drawn with matplotlib: where they come from, their style, their size and their colours.

They need matplotlib (``pip install lightdiar[plot]``), which is imported where it is used. Colours are those of Okabe
and Ito, which colour-blind readers can tell apart.
"""

from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from matplotlib.axes import Axes

BLUE, VERMILLION, GREEN, ORANGE, PURPLE, SKY = "#0072B2", "#D55E00", "#009E73", "#E69F00", "#CC79A7", "#56B4E9"
STYLE: dict[Any, Any] = {
    "font.size": 11,
    "font.family": "sans-serif",
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.unicode_minus": False,
}
WIDTH = 6.2  # inches


def has_matplotlib() -> bool:
    """Whether pictures can be drawn."""
    return find_spec("matplotlib") is not None


def check_matplotlib() -> None:
    """Raise ImportError if pictures cannot be drawn."""
    if not has_matplotlib():
        raise ImportError("plots need matplotlib: pip install lightdiar[plot]")


def new_axes(ax: "Axes | None", inches: float) -> "Axes":
    """Return `ax`, or new axes of this height if it is None.

    Raises
    ------
    ImportError
        If there is no matplotlib.
    """
    check_matplotlib()
    if ax is not None:
        return ax
    import matplotlib
    import matplotlib.pyplot as plt

    # outside the context: in a notebook the first figure turns the showing of pictures on, and the context off again
    figure = plt.figure(figsize=(WIDTH, inches), layout="constrained")
    with matplotlib.rc_context(STYLE):
        return figure.add_subplot()
