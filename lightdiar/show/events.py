"""Sound events, drawn with matplotlib: when they are heard, over the sound itself, and what is taken for what."""

from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike

from lightdiar.common.axes import BLUE, new_axes
from lightdiar.show.canvas import INK, PALE, colour_bar, heat_map, legend_above, plain, time_axis
from lightdiar.show.spectrogram import plot_spectrogram
from lightdiar.timeline import Event

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_BAR = 0.6  # of a row
_PALEST = 0.2  # how opaque an event is that has no probability at all
_ROW, _GAP = 0.22, 0.6  # over a spectrogram: inches of a row; rows between it and them
_MOST_ROOM = 0.5  # of the height of a picture, for all rows over a spectrogram
_MOST_EDGES = 40  # events whose edges are drawn through a spectrogram; more would hide it
_LARGEST = 16  # labels of a confusion picture with numbers in its cells


def plot_events(
    events: Iterable[Event],
    ax: "Axes | None" = None,
    *,
    reference: Iterable[Event] | None = None,
    labels: Sequence[str] | None = None,
    duration: float | None = None,
) -> "Axes":
    """Draw one row per label over a time axis; the paler a bar, the less sure the event.

    Parameters
    ----------
    events : iterable of Event
        What was found.
    ax : matplotlib Axes, optional
    reference : iterable of Event, optional
        What is true: each row then has two thin bars, above the truth and below what was found.
    labels : sequence of str, optional
        The rows, from above; other labels are not drawn. By default all, in order of first appearance.
    duration : float, optional
        Length of the recording, seconds; the end of the last event if it is not given or later.

    Returns
    -------
    ax : matplotlib Axes

    Raises
    ------
    ValueError
        If there is neither a duration above 0 s nor an event.
    """
    events, truth = list(events), None if reference is None else list(reference)
    end = max([duration or 0.0, *(event.end for event in (*events, *(truth or [])))])
    if not end > 0:
        raise ValueError(f"a picture without events needs a duration of more than 0 s; got {duration}.")
    labels = _labels(labels, events, truth)
    ax = new_axes(ax, 1.0 + 0.3 * max(1, len(labels)))
    _draw_rows(ax, events, truth, labels, lambda row: row)
    ax.set_yticks([row + 0.5 for row in range(len(labels))], [plain(label) for label in labels])
    ax.set_ylim(max(1, len(labels)), 0)
    ax.tick_params(axis="y", length=0)
    time_axis(ax, end)
    return ax


def plot_events_over_spectrogram(
    samples: ArrayLike,
    sample_rate: int,
    events: Iterable[Event],
    ax: "Axes | None" = None,
    *,
    reference: Iterable[Event] | None = None,
    labels: Sequence[str] | None = None,
) -> "Axes":
    """Draw a spectrogram and, above it on the same time axis, the rows of `plot_events`.

    Where there are few events, thin lines lead from their edges down into the sound.

    Parameters
    ----------
    samples, sample_rate
        See `lightdiar.show.spectrogram.plot_spectrogram`.
    events, ax, reference, labels
        See `plot_events`.

    Returns
    -------
    ax : matplotlib Axes
        Its frequency axis is logarithmic and goes on above the spectrogram, where the rows are.

    Raises
    ------
    ValueError
        If the samples are not one-dimensional and finite, or the sample rate is too low.
    """
    events, truth = list(events), None if reference is None else list(reference)
    labels = _labels(labels, events, truth)
    n_rows = len(labels) + _GAP
    ax = new_axes(ax, 3.6 + _ROW * n_rows)
    plot_spectrogram(samples, sample_rate, ax=ax)
    if not labels:
        return ax
    low, high = ax.get_ylim()
    inches = ax.get_position().height * ax.figure.bbox.height / ax.figure.dpi
    share = min(_MOST_ROOM, _ROW * n_rows / inches)
    octaves = np.log2(high / low) * share / (1 - share) / n_rows  # of a row

    def place(row):
        return high * 2 ** (octaves * (n_rows - row))

    _draw_edges(ax, [event for event in (events or truth or []) if event.label in labels], low, high)
    _draw_rows(ax, events, truth, labels, place)
    ax.axhline(high, color=INK, linewidth=0.8)
    ticks = [(tick, text.get_text()) for tick, text in zip(ax.get_yticks(), ax.get_yticklabels())]
    ticks += [(place(row + 0.5), plain(label)) for row, label in enumerate(labels)]
    ax.set_yticks(*zip(*ticks))
    ax.set_ylabel("Frequency (Hz)", y=(1 - share) / 2)
    ax.set_ylim(low, place(0))
    return ax


def plot_confusion(matrix: ArrayLike, labels: Sequence[str], ax: "Axes | None" = None) -> "Axes":
    """Draw a confusion matrix: a row for each true label, a column for each that was found.

    The colour of a cell is its share of the row, which stands in it in per cent above the number itself.

    Parameters
    ----------
    matrix : array-like of shape (n_labels, n_labels)
        Numbers of recordings, events or seconds, none negative: rows are true, columns found.
    labels : sequence of str, length n_labels
        Such as those of a model, and "nothing".
    ax : matplotlib Axes, optional

    Returns
    -------
    ax : matplotlib Axes
        A row without any number is grey. Of more than 16 labels the cells have colours alone.

    Raises
    ------
    ValueError
        If the matrix is not square, does not match the labels, or has numbers below 0 or not finite.
    """
    counts = np.asarray(matrix, dtype=float)
    n_labels = len(labels)
    if counts.shape != (n_labels, n_labels) or not n_labels:
        raise ValueError(f"matrix has shape {counts.shape}; with {n_labels} labels it must be (n_labels, n_labels).")
    if not (np.isfinite(counts).all() and (counts >= 0).all()):
        raise ValueError("the numbers of a confusion matrix must be finite, and none below 0.")
    ax = new_axes(ax, 2.4 + 0.4 * min(n_labels, _LARGEST))
    total = counts.sum(axis=1, keepdims=True)
    shares = np.divide(100 * counts, total, out=np.full_like(counts, np.nan), where=total > 0)
    edges = np.arange(n_labels + 1)
    ax.set_facecolor(PALE)
    colour_bar(ax, heat_map(ax, edges, edges, shares, cmap="Blues", vmin=0, vmax=100), "Share of the row (%)")
    names = [plain(label) for label in labels]
    ax.set_xticks(edges[:-1] + 0.5, names, rotation=45, ha="right", rotation_mode="anchor")
    ax.set_yticks(edges[:-1] + 0.5, names)
    ax.tick_params(length=0, labelsize=10 * min(1.0, _LARGEST / n_labels))
    ax.set(xlim=(0, n_labels), ylim=(n_labels, 0), xlabel="Found", ylabel="True")
    if n_labels <= _LARGEST:
        for row, column in zip(*np.nonzero(counts)):
            _write_cell(ax, row, column, shares[row, column], counts[row, column])
    return ax


def _labels(labels: Sequence[str] | None, events: list[Event], truth: list[Event] | None) -> list[str]:
    """The rows: those asked for, or all labels in order of first appearance."""
    return list(dict.fromkeys(labels if labels is not None else (e.label for e in sorted([*events, *(truth or [])]))))


def _draw_rows(
    ax: "Axes",
    events: list[Event],
    truth: list[Event] | None,
    labels: list[str],
    place: Callable[[float], float],
) -> None:
    """Draw the bars of each label; `place` says where a row and its parts are on the axis."""
    edge = (1 - _BAR) / 2
    middle = edge if truth is None else 0.5
    for row, label in enumerate(labels):
        ax.axhline(place(row + 1), color=PALE, linewidth=0.6, zorder=0)
        if truth is not None:
            _draw_bars(ax, truth, label, INK, place(row + edge), place(row + middle))
        _draw_bars(ax, events, label, BLUE, place(row + middle), place(row + 1 - edge))
    unsure = any(event.probability < 1 for event in events)
    if truth is not None or unsure:
        _draw_legend(ax, truth is not None, unsure)


def _draw_bars(ax, events, label, color, top, bottom):
    from matplotlib.colors import to_rgba

    own = [event for event in events if event.label == label]
    faces = [to_rgba(color, _PALEST + (1 - _PALEST) * event.probability) for event in own]
    # the outline keeps an event visible that is narrower than a pixel, or pale
    bars = [(event.start, event.duration) for event in own]
    ax.broken_barh(bars, (bottom, top - bottom), facecolors=faces, edgecolors=color, linewidth=0.5)


def _draw_legend(ax, has_truth, unsure):
    from matplotlib.patches import Patch

    found = "found (paler: less sure)" if unsure else "found"
    entries = [("truth", INK)] * has_truth + [(found, BLUE)]
    legend_above(ax, handles=[Patch(color=color, label=name) for name, color in entries], ncols=2, handlelength=1.5)


def _draw_edges(ax, events, low, high):
    """Lines through a spectrogram where events begin and end."""
    if len(events) <= _MOST_EDGES:
        times = [time for event in events for time in (event.start, event.end)]
        ax.vlines(times, low, high, color="white", linewidth=0.6, linestyle=(0, (2, 3)))


def _write_cell(ax, row, column, share, count):
    """The share of a cell, and the number below it if that is another one."""
    color = "white" if share > 55 else INK
    style = {"ha": "center", "va": "center", "color": color, "fontsize": 9}
    ax.text(column + 0.5, row + 0.36, f"{share:.0f}", **style)
    ax.text(column + 0.5, row + 0.7, f"{round(count, 1):.12g}", **(style | {"fontsize": 7}))
