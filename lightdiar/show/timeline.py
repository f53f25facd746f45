"""Who speaks when, drawn with matplotlib; `lightdiar.show.svg` draws the same without it."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from lightdiar.common.axes import new_axes
from lightdiar.show.canvas import time_axis
from lightdiar.show.svg import COLORS, speaker_label
from lightdiar.timeline import Annotation

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_BAR = 0.6  # of a row


def plot_timeline(
    annotation: Annotation,
    duration: float | None = None,
    genders: Mapping[str, str] | None = None,
    ax: "Axes | None" = None,
) -> "Axes":
    """Draw one row per speaker, in order of first appearance, over a time axis.

    Parameters
    ----------
    annotation : Annotation
        The turns; without any there is an axis alone.
    duration : float, optional
        Length of the recording, seconds; the end of the last turn if it is not given or later.
    genders : dict, optional
        "F", "M" or "child" for each speaker. Any other value is drawn grey with a "?", a missing speaker grey without.
    ax : matplotlib Axes, optional

    Returns
    -------
    ax : matplotlib Axes

    Raises
    ------
    ValueError
        If there is neither a duration above 0 s nor a turn.
    """
    end = max([duration or 0.0, *(turn.end for turn in annotation)])
    if not end > 0:
        raise ValueError(f"a timeline without turns needs a duration of more than 0 s; got {duration}.")
    n_speakers = max(1, len(annotation.speakers))
    ax = new_axes(ax, 1.0 + 0.3 * n_speakers)
    labels = draw_turns(ax, annotation, genders or {}, 0.0, 1.0)
    ax.set_yticks([row + 0.5 for row in range(len(labels))], labels)
    ax.set_ylim(n_speakers, 0)
    ax.tick_params(axis="y", length=0)
    time_axis(ax, end)
    return ax


def draw_turns(ax: "Axes", annotation: Annotation, genders: Mapping[str, str], top: float, height: float) -> list[str]:
    """Draw rows of turns, each of this height, from `top` on; return the name and the word of gender of each row."""
    speakers = list(dict.fromkeys(turn.speaker for turn in annotation))
    for row, speaker in enumerate(speakers):
        color = COLORS.get(genders.get(speaker, "uncertain"), COLORS["uncertain"])
        bars = [(turn.start, turn.duration) for turn in annotation if turn.speaker == speaker]
        place = top + height * (row + (1 - _BAR) / 2), height * _BAR
        # the outline keeps a turn visible that is narrower than a pixel
        ax.broken_barh(bars, place, facecolor=color, edgecolor=color, linewidth=0.5)
    return [_text(speaker_label(speaker, genders)) for speaker in speakers]


def _text(label):
    """The label as it is: a dollar sign begins no formula, and what is no letter gets no box."""
    return "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in label).replace("$", r"\$")
