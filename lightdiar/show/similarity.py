"""How alike all windows of a recording sound: the matrix that clustering sees."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike

from lightdiar.common.axes import new_axes
from lightdiar.show.canvas import all_finite, block_means, blocks, colour_bar, heat_map, say, time_axis
from lightdiar.show.timeline import draw_turns
from lightdiar.timeline import Annotation

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_MOST_WINDOWS = 500  # rows of the picture
_LIMIT = 0.95  # share of the scores that have a colour of their own
_ROW = 0.19  # inches, for each speaker above the matrix
_MOST_ROOM = 0.4  # of the height of the picture, for all of them
_PAUSE = 4.0  # times the usual distance between windows: a longer pause is left empty
_EMPTY = "#c4c4c4"  # no colour of a score


def plot_similarity(
    scores: ArrayLike,
    times: ArrayLike,
    annotation: Annotation | None = None,
    genders: Mapping[str, str] | None = None,
    label: str = "Score",
    ax: "Axes | None" = None,
) -> "Axes":
    """Draw how alike the windows of a recording are, each with each, over time in both directions.

    Blocks along the diagonal are turns of one speaker; a block of their colour off it is the same speaker again.

    Parameters
    ----------
    scores : array-like of shape (n_windows, n_windows)
        Above 0 where the voices are alike, such as ``plda.log_likelihood_ratio(Y)`` or ``cosine_scores(Y, Y)`` of the
        embeddings of the windows. More than 500 windows are drawn as means of neighbours.
    times : array-like of shape (n_windows,)
        Middle of each window, seconds, increasing. Long pauses without a window are grey.
    annotation : Annotation, optional
        Who speaks when, found or true: drawn above the matrix, a row for each speaker.
    genders : dict, optional
        As for `plot_timeline`.
    label : str, default="Score"
        What the scores are, such as "Log likelihood ratio (nats)".
    ax : matplotlib Axes, optional

    Returns
    -------
    ax : matplotlib Axes
        Those of the matrix; without windows they are empty and say so.

    Raises
    ------
    ValueError
        If the scores are no square of finite numbers, or the times do not match them or do not increase.
    """
    scores, times = np.asarray(scores), np.asarray(times, dtype=float)
    if scores.ndim != 2 or times.shape != scores.shape[:1] or len(set(scores.shape)) != 1:
        raise ValueError(
            f"scores {scores.shape} and times {times.shape} must be (n_windows, n_windows) and (n_windows,)."
        )
    if not (np.isfinite(times).all() and (np.diff(times) > 0).all() and (times >= 0).all()):
        raise ValueError("times must be finite seconds from 0 on, each later than the one before.")
    if not all_finite(scores):
        raise ValueError("scores contain NaN or infinity, which have no colour; replace them, as by np.nan_to_num.")
    ax = new_axes(ax, 5.0 + _ROW * len(annotation.speakers if annotation else []))
    edges, places = _cells(times) if len(times) else (np.array([0.0, 1.0]), [])
    for downwards in (False, True):
        time_axis(ax, edges[-1], downwards=downwards)
    if annotation:
        _draw_turns_above(ax, annotation, genders or {}, edges[-1])
    if len(times) == 0:
        say(ax, "no windows")
        return ax
    neighbours = blocks(len(times), _MOST_WINDOWS)
    means = block_means(block_means(scores, neighbours).T, neighbours).T
    values = np.full((len(edges) - 1, len(edges) - 1), np.nan)
    values[np.ix_(places, places)] = means
    limit = _limit(means)
    ax.axhspan(0.0, edges[-1], facecolor=_EMPTY, linewidth=0, zorder=-1)
    mesh = heat_map(ax, edges, edges, values, cmap="PuOr_r", vmin=-limit, vmax=limit)
    colour_bar(ax, mesh, label, extend="both")
    return ax


def _cells(times):
    """Edges of the cells on the time axis, and which of them are blocks of windows; the others are empty."""
    edges = blocks(len(times), _MOST_WINDOWS)
    first, last = times[edges[:-1]], times[edges[1:] - 1]
    spacing = np.median(np.diff(times)) if len(times) > 1 else 1.0
    start, end = np.maximum(0.0, first - spacing / 2), last + spacing / 2
    near = first[1:] - last[:-1] <= _PAUSE * spacing
    middle = (first[1:] + last[:-1]) / 2
    start[1:], end[:-1] = np.where(near, middle, start[1:]), np.where(near, middle, end[:-1])
    both = np.unique(np.concatenate([start, end]))
    return both, np.searchsorted(both, start)


def _limit(means):
    """The score that gets the strongest colour."""
    others = np.abs(means[~np.eye(len(means), dtype=bool)]) if len(means) > 1 else np.abs(means)
    return np.quantile(others, _LIMIT) or 1.0


def _draw_turns_above(ax, annotation, genders, end):
    """Rows of turns over the matrix, which is `end` seconds high; narrower ones if there are too many."""
    n_rows = len(annotation.speakers) + 0.5  # and a gap
    inches = ax.get_position().height * ax.figure.bbox.height / ax.figure.dpi
    share = min(_MOST_ROOM, _ROW * n_rows / inches)
    height = end * share / (1 - share) / n_rows
    labels = draw_turns(ax, annotation, genders, -height * n_rows, height)
    style = {"ha": "right", "va": "center", "fontsize": 9 * min(1.0, _MOST_ROOM * inches / _ROW / n_rows)}
    for row, label in enumerate(labels):
        ax.text(-0.01, height * (row + 0.5 - n_rows), label, transform=ax.get_yaxis_transform(), **style)
    ax.set_ylim(end, -height * n_rows)
