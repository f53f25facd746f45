"""Who speaks when as a picture: inline SVG, no plotting library needed."""

import math
from collections.abc import Iterable, Mapping, Sequence
from html import escape
from typing import NamedTuple

from lightdiar.show.strips import strips
from lightdiar.timeline import Annotation, Event, Segment, check_annotation

# Okabe and Ito, "Color universal design", 2008: distinct for colour-blind readers, visible on light and
# on dark pages. The word beside each name says the same without colour.
COLORS = {"F": "#e69f00", "M": "#3d8fd1", "child": "#009e73", "uncertain": "#8c8c8c"}

_ROW, _BAR, _AXIS = 24, 14, 26  # heights in pixels
_EVENT_ROW, _EVENT_BAR, _GAP = 18, 6, 6  # of events, and between them and the turns
_MOST_BARS = 300  # of a row of events
_WIDTH, _MARGIN = 900, 12
_CHARACTER = 7.0  # width of a character in the 12 px font, slightly generous
_STEPS = [  # seconds between ticks
    *(0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5),
    *(1, 2, 5, 10, 20, 30, 60, 120, 300, 600, 1200, 1800, 3600),
]


def timeline_svg(
    annotation: Annotation,
    duration: float,
    genders: Mapping[str, str] | None = None,
    *,
    events: Iterable[Event] = (),
) -> str:
    """Draw one row per speaker, in order of first appearance, over a time axis.

    Parameters
    ----------
    annotation : Annotation
        The turns.
    duration : float
        Length of the recording, seconds; the right end of the axis.
    genders : dict, optional
        "F", "M" or "child" for each speaker. Any other value is drawn grey with a "?", a missing speaker grey without.
    events : iterable of Event, optional
        What else is heard: thin rows below the turns, the label heard longest first. Labels after the twelfth share a
        row, and where there are too many events to be told apart, neighbours are joined.

    Returns
    -------
    svg : str
        An ``<svg>`` element; identical input gives identical text.

    Raises
    ------
    ValueError
        If there is neither a duration above 0 s nor a turn nor an event.
    """
    genders, events = genders or {}, list(events)
    end = max([duration, *(part.end for part in (*check_annotation(annotation), *events))])
    if not end > 0:
        raise ValueError(f"duration must be more than 0 s; got {duration}.")
    rows, bottom = _rows(annotation, genders, events)
    left = _MARGIN + _CHARACTER * max((len(row.label) for row in rows), default=0) + 8
    scale = (_WIDTH - left - 3 * _MARGIN) / end
    parts = [part for row in rows for part in _drawn(row, left, scale)]
    parts.append(f'<path d="M{left:.1f} {bottom}H{left + scale * end:.1f}" stroke="currentColor"/>')
    for time, text in time_ticks(0.0, end):
        x = left + scale * time
        parts.append(f'<path d="M{x:.1f} {bottom}v4" stroke="currentColor"/>')
        parts.append(f'<text x="{x:.1f}" y="{bottom + 17}" text-anchor="middle">{text}</text>')

    height = bottom + _AXIS
    shown = "who speaks when, and what else is heard" if events else "who speaks when"
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" role="img" aria-label="{shown}" '
        f'viewBox="0 0 {_WIDTH} {height}" style="max-width:{_WIDTH}px;width:100%" '
        f'font-family="sans-serif" font-size="12" fill="currentColor">{"".join(parts)}</svg>'
    )


class _Row(NamedTuple):
    """A speaker's turns, or the events of a label."""

    label: str
    name: str
    segments: Sequence[Segment]
    fill: str
    middle: float
    bar: int


def _rows(annotation, genders, events):
    """The rows, and where they end: a row for each speaker, below them those of events."""
    rows, top = [], 0
    for speaker in dict.fromkeys(turn.speaker for turn in annotation):
        color = COLORS.get(genders.get(speaker, "uncertain"), COLORS["uncertain"])
        own = [turn for turn in annotation if turn.speaker == speaker]
        rows.append(_Row(speaker_label(speaker, genders), speaker, own, f'fill="{color}"', top + _ROW / 2, _BAR))
        top += _ROW
    top += _GAP if rows and events else 0
    for strip in strips(events):
        look = 'fill-opacity="0.7"', top + _EVENT_ROW / 2, _EVENT_BAR
        rows.append(_Row(without_middle(strip.name), strip.name, strip.bars(_MOST_BARS), *look))
        top += _EVENT_ROW
    return rows, top + 4


def _drawn(row, left, scale):
    """The label and the bars of a row."""
    yield f'<text x="{left - 8:.1f}" y="{row.middle + 4:.1f}" text-anchor="end">{_text(row.label)}</text>'
    bars = "".join(
        f'<rect x="{left + scale * segment.start:.1f}" y="{row.middle - row.bar / 2:.1f}" '
        f'width="{max(1.0, scale * segment.duration):.1f}" height="{row.bar}">'
        f"<title>{_text(row.name)} {segment.start:.2f}-{segment.end:.2f} s</title></rect>"
        for segment in row.segments
    )
    yield f"<g {row.fill}>{bars}</g>"


def speaker_label(speaker: str, genders: Mapping[str, str]) -> str:
    """Name and gender of a speaker; the middle of a long name is omitted."""
    name = without_middle(speaker)
    if speaker not in genders:
        return name
    gender = genders[speaker]
    return f"{name} {gender if gender in COLORS and gender != 'uncertain' else '?'}"


def without_middle(name: str) -> str:
    """The name, or the ends of a long one."""
    return name if len(name) <= 24 else f"{name[:12]}...{name[-9:]}"


def time_ticks(start: float, end: float, most: int = 10, finest: float = 0.1) -> list[tuple[float, str]]:
    """Round times from `start` to `end`, none before 0, and their labels.

    There are at most `most` steps, and none is shorter than `finest` seconds. Labels are seconds up to two minutes,
    then m:ss or h:mm:ss.
    """
    start = max(0.0, start)
    span = end - start
    steps = (step for step in _STEPS if step >= finest and span / step <= most)
    step = next(steps, 3600 * -(-span // (3600 * most)))
    first, last = math.ceil(start / step - 1e-9), math.floor(end / step + 1e-9)
    return [(step * number, _clock(step * number, step, end)) for number in range(first, last + 1)]


def _clock(time, step, end):
    if end <= 120:
        return f"{time:g} s"
    digits = max(0, math.ceil(-math.log10(step) - 1e-9))
    minute, second = divmod(round(time, digits), 60)
    text = f"{second:0{digits + 3}.{digits}f}" if digits else f"{second:02.0f}"
    if end <= 3600:
        return f"{minute:.0f}:{text}"
    return f"{minute // 60:.0f}:{minute % 60:02.0f}:{text}"


def _text(name):
    """The name as XML, which allows no control characters."""
    return escape("".join(c if c >= " " else "\N{REPLACEMENT CHARACTER}" for c in name))
