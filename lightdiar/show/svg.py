"""Who speaks when as a picture: inline SVG, no plotting library needed."""

import math
from collections.abc import Mapping
from html import escape

from lightdiar.timeline import Annotation

# Okabe and Ito, "Color universal design", 2008: distinct for colour-blind readers, visible on light and
# on dark pages. The word beside each name says the same without colour.
COLORS = {"F": "#e69f00", "M": "#3d8fd1", "child": "#009e73", "uncertain": "#8c8c8c"}

_ROW, _BAR, _AXIS = 24, 14, 26  # heights in pixels
_WIDTH, _MARGIN = 900, 12
_CHARACTER = 7.0  # width of a character in the 12 px font, slightly generous
_STEPS = [  # seconds between ticks
    *(0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5),
    *(1, 2, 5, 10, 20, 30, 60, 120, 300, 600, 1200, 1800, 3600),
]


def timeline_svg(annotation: Annotation, duration: float, genders: Mapping[str, str] | None = None) -> str:
    """Draw one row per speaker, in order of first appearance, over a time axis.

    Parameters
    ----------
    annotation : Annotation
        The turns.
    duration : float
        Length of the recording, seconds; the right end of the axis.
    genders : dict, optional
        "F", "M" or "child" for each speaker. Any other value is drawn grey with a "?", a missing speaker grey without.

    Returns
    -------
    svg : str
        An ``<svg>`` element; identical input gives identical text.
    """
    genders = genders or {}
    end = max([duration, *(turn.end for turn in annotation)])
    if not end > 0:
        raise ValueError(f"duration must be more than 0 s; got {duration}.")
    speakers = list(dict.fromkeys(turn.speaker for turn in annotation))
    labels = [speaker_label(speaker, genders) for speaker in speakers]
    left = _MARGIN + _CHARACTER * max((len(label) for label in labels), default=0) + 8
    scale = (_WIDTH - left - 3 * _MARGIN) / end
    bottom = _ROW * len(speakers) + 4

    parts = []
    for row, (speaker, label) in enumerate(zip(speakers, labels)):
        middle = row * _ROW + _ROW / 2
        parts.append(f'<text x="{left - 8:.1f}" y="{middle + 4:.1f}" text-anchor="end">{_text(label)}</text>')
        color = COLORS.get(genders.get(speaker, "uncertain"), COLORS["uncertain"])
        bars = "".join(
            f'<rect x="{left + scale * turn.start:.1f}" y="{middle - _BAR / 2:.1f}" '
            f'width="{max(1.0, scale * turn.duration):.1f}" height="{_BAR}">'
            f"<title>{_text(speaker)} {turn.start:.2f}-{turn.end:.2f} s</title></rect>"
            for turn in annotation
            if turn.speaker == speaker
        )
        parts.append(f'<g fill="{color}">{bars}</g>')
    parts.append(f'<path d="M{left:.1f} {bottom}H{left + scale * end:.1f}" stroke="currentColor"/>')
    for time, text in time_ticks(0.0, end):
        x = left + scale * time
        parts.append(f'<path d="M{x:.1f} {bottom}v4" stroke="currentColor"/>')
        parts.append(f'<text x="{x:.1f}" y="{bottom + 17}" text-anchor="middle">{text}</text>')

    height = bottom + _AXIS
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" role="img" aria-label="who speaks when" '
        f'viewBox="0 0 {_WIDTH} {height}" style="max-width:{_WIDTH}px;width:100%" '
        f'font-family="sans-serif" font-size="12" fill="currentColor">{"".join(parts)}</svg>'
    )


def speaker_label(speaker: str, genders: Mapping[str, str]) -> str:
    """Name and gender of a speaker; the middle of a long name is omitted."""
    name = speaker if len(speaker) <= 24 else f"{speaker[:12]}...{speaker[-9:]}"
    if speaker not in genders:
        return name
    gender = genders[speaker]
    return f"{name} {gender if gender in COLORS and gender != 'uncertain' else '?'}"


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
