"""Who speaks when, drawn with matplotlib; `lightdiar.show.svg` draws the same without it."""

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from lightdiar.common.axes import new_axes
from lightdiar.show.canvas import COLUMNS, INK, plain, time_axis
from lightdiar.show.strips import strips
from lightdiar.show.svg import COLORS, speaker_label, without_middle
from lightdiar.timeline import Annotation, Event, check_annotation

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_BAR = 0.6  # of a row
_EVENT_ROW, _EVENT_BAR, _GAP = 0.75, 0.3, 0.25  # rows of a speaker


def plot_timeline(
    annotation: Annotation,
    duration: float | None = None,
    genders: Mapping[str, str] | None = None,
    ax: "Axes | None" = None,
    *,
    events: Iterable[Event] = (),
) -> "Axes":
    """Draw one row per speaker, in order of first appearance, over a time axis.

    Parameters
    ----------
    annotation : Annotation
        The turns; without any there is an axis alone.
    duration : float, optional
        Length of the recording, seconds; the end of the last turn or event if it is not given or later.
    genders : dict, optional
        "F", "M" or "child" for each speaker. Any other value is drawn grey with a "?", a missing speaker grey without.
    ax : matplotlib Axes, optional
    events : iterable of Event, optional
        What else is heard: thin rows below the turns, the label heard longest first; labels after the twelfth share a
        row.

    Returns
    -------
    ax : matplotlib Axes

    Raises
    ------
    ValueError
        If there is neither a duration above 0 s nor a turn nor an event.
    """
    rows = strips(events := list(events))
    end = max([duration or 0.0, *(part.end for part in (*check_annotation(annotation), *events))])
    if not end > 0:
        raise ValueError(f"a timeline without turns needs a duration of more than 0 s; got {duration}.")
    n_speakers = len(annotation.speakers)
    first = n_speakers + (_GAP if n_speakers else 0.0)
    bottom = max(1.0, first + _EVENT_ROW * len(rows) if rows else n_speakers)
    ax = new_axes(ax, 1.0 + 0.3 * bottom)
    labels = draw_turns(ax, annotation, genders or {}, 0.0, 1.0)
    places = [row + 0.5 for row in range(n_speakers)]
    for row, strip in enumerate(rows):
        places.append(first + _EVENT_ROW * (row + 0.5))
        labels.append(plain(without_middle(strip.name)))
        bars = [(bar.start, bar.duration) for bar in strip.bars(COLUMNS)]
        place = places[-1] - _EVENT_BAR / 2, _EVENT_BAR
        ax.broken_barh(bars, place, facecolor=INK, edgecolor=INK, linewidth=0.5)
    ax.set_yticks(places, labels)
    ax.set_ylim(bottom, 0)
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
    return [plain(speaker_label(speaker, genders)) for speaker in speakers]
