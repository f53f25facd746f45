"""Where detectors hear speech, under the sound itself and under each other."""

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike

from lightdiar.common.axes import BLUE, new_axes
from lightdiar.show.canvas import COLUMNS, INK, PALE, blocks, one_channel, say, time_axis
from lightdiar.signal.frames import FrameGrid
from lightdiar.timeline import Segment, union

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_SOUND, _BAR = 1.0, 0.55  # half the height of the waveform; height of a bar; a row is 1
_SLACK = 2  # frames: the same sound at another sample rate may have one more or less

Decision = Iterable[Segment] | np.ndarray


def plot_speech(
    samples: ArrayLike,
    sample_rate: int,
    decisions: Mapping[str, Decision],
    truth: Decision | None = None,
    ax: "Axes | None" = None,
) -> "Axes":
    """Draw the waveform, and below it a row for each detector: the bars are where it hears speech.

    Parameters
    ----------
    samples : array-like of shape (n_samples,)
        Waveform at any scale; a long one is drawn as its highest and lowest samples.
    sample_rate : int
        Hz.
    decisions : dict
        For each name, either segments or turns (of an `Annotation`, say), or a mask: a bool array of shape (n_frames,)
        on frames of 25 ms every 10 ms.
    truth : segments or mask, optional
        Drawn first, and as a pale band behind all rows: a bar outside it is a false alarm, a gap inside it is missed.
    ax : matplotlib Axes, optional

    Returns
    -------
    ax : matplotlib Axes
        An empty sound gives empty axes that say so.

    Raises
    ------
    ValueError
        If the samples are not one-dimensional and finite, or a mask is not as long as the sound.
    TypeError
        If a decision is neither segments nor a mask.
    """
    samples = one_channel(samples)
    grid = FrameGrid(sample_rate)
    named = {"truth": truth, **decisions} if truth is not None else decisions
    rows = {name: _spans(name, decision, grid, len(samples)) for name, decision in named.items()}
    ax = new_axes(ax, 2.0 + 0.3 * len(rows))
    time_axis(ax, len(samples) / sample_rate or 1.0)
    if truth is not None:
        for start, duration in rows["truth"]:
            ax.axvspan(start, start + duration, color=PALE, linewidth=0, zorder=0)
    if len(samples):
        _draw_waveform(ax, samples, sample_rate)
    else:
        say(ax, "no sound")
    for row, (name, spans) in enumerate(rows.items()):
        color = INK if truth is not None and row == 0 else BLUE
        ax.broken_barh(spans, (_place(row) - _BAR / 2, _BAR), facecolor=color, edgecolor=color, linewidth=0.5)
    ax.set_yticks([0, *(_place(row) for row in range(len(rows)))], ["sound", *rows])
    ax.set_ylim(_place(len(rows) - 1) - 0.5 if rows else -1.2 * _SOUND, 1.2 * _SOUND)
    ax.tick_params(axis="y", length=0)
    return ax


def _place(row):
    """Middle of a row, below the waveform."""
    return -_SOUND - 0.8 - row


def _spans(name, decision, grid, n_samples):
    """(start, duration) of disjoint stretches of speech."""
    if isinstance(decision, np.ndarray):
        n_frames = grid.n_frames(n_samples)
        if decision.dtype != bool or decision.ndim != 1:
            raise TypeError(
                f"{name}: a mask is a bool array of shape (n_frames,); got {decision.dtype} of shape {decision.shape}."
            )
        if abs(len(decision) - n_frames) > _SLACK:
            raise ValueError(f"{name}: the mask has {len(decision)} frames; the sound has {n_frames}, every 10 ms.")
        decision = grid.segments(decision)
    segments = list(decision)
    for segment in segments:
        if not isinstance(segment, Segment):
            raise TypeError(f"{name}: give segments or a bool array; got {segment!r}. Use Segment(start, end).")
    return [(segment.start, segment.duration) for segment in union(segments)]


def _draw_waveform(ax, samples, sample_rate):
    """The waveform between its lowest and highest samples, its peak at the edge of its row."""
    edges = blocks(len(samples), 2 * COLUMNS)
    low, high = (reduce.reduceat(samples, edges[:-1]).astype(float) for reduce in (np.minimum, np.maximum))
    peak = max(high.max(), -low.min()) or 1.0
    times = (edges[:-1] + edges[1:] - 1) / 2 / sample_rate
    ax.fill_between(times, low / peak, high / peak, facecolor=INK, edgecolor=INK, linewidth=0.5)
