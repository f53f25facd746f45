"""The charts of the report, as SVG: estimates with their intervals in rows or columns, points, and curves.

All look alike: dark text on white, colours of Okabe and Ito, a shape for each series, every estimate with its interval.
Texts come in the language of the page.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from bechdel_stats.pictures import svg
from bechdel_stats.pictures.canvas import GREY
from bechdel_stats.pictures.svg import GRID, INK, WIDTH, Axis
from lightdiar.common.axes import BLUE, GREEN, ORANGE, VERMILLION

Estimate = tuple[float, float, float]  # value, lower and upper bound; NaN is not drawn
STYLES = (("circle", BLUE, False), ("square", VERMILLION, True), ("up", GREEN, False), ("down", ORANGE, False))
_ROW = 24  # height of a row with one line and one estimate
_LABELS = 172  # most pixels for the labels of rows
_TOP = 8
_WIDTHS = {"line": 3, "dashed": 2, "thin": 1}  # of lines in the legend
FURTHEST = 20.0  # ratios above this, or below its inverse, are drawn at the edge, with an arrow


@dataclass(frozen=True)
class Scale:
    """The axis of the values.

    Parameters
    ----------
    label : str
        What the values are.
    write : callable
        `write(value)` gives the text of a tick.
    low, high : float, optional
        Ends; by default those of the data, between `FURTHEST` and its inverse on a log axis.
    log : bool
    line : float, optional
        Where a line marks "no difference".
    """

    label: str
    write: Callable[[float], str]
    low: float | None = None
    high: float | None = None
    log: bool = False
    line: float | None = None

    def axis(self, estimates: Sequence[Estimate], start: float, end: float) -> Axis:
        """Return the axis over these pixels."""
        ends = [end for estimate in estimates for end in estimate if end == end]
        ends += [] if self.line is None or not ends else [self.line]
        low, high = (min(ends, default=0.0), max(ends, default=1.0))
        if self.log:
            low, high = max(min(low, 0.5), 1 / FURTHEST), min(max(high, 2.0), FURTHEST)
        elif low == high:
            high = low + 1
        return Axis(
            low if self.low is None else self.low, high if self.high is None else self.high, start, end, self.log
        )


def rows(
    title: str,
    description: str,
    labels: Sequence[str],
    estimates: Sequence[Sequence[Estimate]],
    scale: Scale,
    series: Sequence[str] = (),
) -> str:
    """Draw one row per label, with an estimate of each series and its interval.

    Parameters
    ----------
    title, description : str
        For those who cannot see the picture.
    labels : sequence of str
    estimates : sequence of sequence of (float, float, float)
        For each label, value and interval of each series.
    scale : Scale
    series : sequence of str
        Names for the legend, if there are several.

    Returns
    -------
    svg : str
    """
    wrapped = [svg.wrapped(label, _LABELS) for label in labels]
    left = 10 + max((svg.width_of(line) for label in wrapped for line in label), default=0)
    n_series = max((len(row) for row in estimates), default=1)
    heights = [max(_ROW + svg.LINE * (len(label) - 1), 10 + 12 * n_series) for label in wrapped]
    axis = scale.axis([estimate for row in estimates for estimate in row], left + 6, WIDTH - 14)
    parts, top = _legend(series)
    y, body = top, []
    for label, row, height in zip(wrapped, estimates, heights):
        middle = y + height / 2
        body.append(svg.lines(left - 4, middle, label, anchor="end"))
        for number, estimate in enumerate(row):
            offset = 12 * (number - (len(row) - 1) / 2)
            body += _across(axis, estimate, middle + offset, STYLES[number])
        y += height
    parts += _ticks_below(axis, scale, top, y)
    caption, height = _caption(scale.label, y + 18)
    return svg.picture(height, [*parts, *body, caption], title, description)


def columns(
    title: str, description: str, labels: Sequence[str], estimates: Sequence[Estimate], scale: Scale, joined: int
) -> str:
    """Draw one column per label, in order; a line joins the first `joined` of them. Parameters as for `rows`."""
    top, bottom, left = _TOP, 190, 44
    caption = svg.wrapped(scale.label, WIDTH - 8)
    top += svg.LINE * len(caption)
    parts = [svg.text(4, 14 + svg.LINE * number, line) for number, line in enumerate(caption)]
    axis = scale.axis(estimates, bottom, top + 6)
    for tick in axis.ticks():
        y = axis.place(tick)
        parts.append(svg.path([(left, y), (WIDTH - 6, y)], GRID))
        parts.append(svg.text(left - 6, y + 4.5, scale.write(tick), anchor="end"))
    step = (WIDTH - 6 - left) / max(len(labels), 1)
    xs = [left + step * (number + 0.5) for number in range(len(labels))]
    line = [(x, axis.place(value)) for x, (value, _, _) in zip(xs[:joined], estimates)]
    parts += [svg.path(line, BLUE, 1.5)] if len(line) > 1 else []
    each = max(1, -(-max(map(svg.width_of, labels), default=0) // step))  # labels that would overlap are left out
    for number, (x, label, (value, low, high)) in enumerate(zip(xs, labels, estimates)):
        parts.append(svg.path([(x, axis.place(low)), (x, axis.place(high))], BLUE, 2))
        parts.append(svg.mark("circle", x, axis.place(value), BLUE))
        if (len(labels) - 1 - number) % each == 0:
            parts.append(svg.text(x, bottom + 18, label, anchor="middle"))
    return svg.picture(bottom + 28, parts, title, description)


def points(
    title: str,
    description: str,
    xs: Sequence[float],
    estimates: Sequence[Estimate],
    across: Scale,
    up: Scale,
    name: str,
) -> str:
    """Draw estimates against another number of the same scale, with the line of equality, which has a name."""
    left, right, bottom, parts, top = 44, WIDTH - 90, 330, [svg.text(4, 14, up.label)], 24
    x_axis, y_axis = across.axis([], left, right), up.axis(estimates, bottom, top)
    parts += _frame(x_axis, y_axis, across, up)
    ends = [(x_axis.place(end), y_axis.place(end)) for end in (x_axis.low, x_axis.high)]
    parts.append(svg.path(ends, GREY, 1.4, dashed=True))
    parts.append(svg.lines(right + 4, top + 20, svg.wrapped(name, WIDTH - right - 6)))
    drawn = [(x_axis.place(x), estimate) for x, estimate in zip(xs, estimates)]
    parts.append(svg.path([(x, y_axis.place(value)) for x, (value, _, _) in drawn], BLUE))
    for x, (value, low, high) in drawn:
        parts.append(svg.path([(x, y_axis.place(low)), (x, y_axis.place(high))], BLUE, 2))
        parts.append(svg.mark("circle", x, y_axis.place(value), BLUE))
    caption, height = _caption(across.label, bottom + 18)
    return svg.picture(height, [*parts, caption], title, description)


def curve(
    title: str,
    description: str,
    xs: Sequence[float],
    estimates: Sequence[Estimate],
    across: Scale,
    up: Scale,
    names: Sequence[str],
    singles: Sequence[Sequence[float]] = (),
    beside: Sequence[float] = (),
) -> str:
    """Draw a curve in its band, over thin lines of single films, or with another curve beside it, which is dashed.

    `names` are those of the curve, its band, and the thin lines or the other curve.
    """
    left, right, bottom = 44, WIDTH - 14, 230
    third = ("dashed", VERMILLION, False) if beside else ("thin", GREY, False)
    styles = (("line", BLUE, False), ("band", BLUE, False), third)[: len(names)]
    parts, top = _legend(names, styles)
    top += svg.LINE + 8
    parts.append(svg.text(4, top - 12, up.label))
    x_axis = Axis(min(xs), max(xs) if max(xs) > min(xs) else min(xs) + 1, left, right)
    y_axis = up.axis(estimates, bottom, top)
    parts += _frame(x_axis, y_axis, across, up)
    for single in singles:
        parts.append(svg.path([(x_axis.place(x), y_axis.place(y)) for x, y in zip(xs, single)], GREY, 0.5))
    upper, lower, middle = (
        [(x_axis.place(x), y_axis.place(estimate[part])) for x, estimate in zip(xs, estimates)] for part in (2, 1, 0)
    )
    parts += [svg.band(upper, lower, BLUE), svg.path(middle, BLUE, 3)]
    if beside:
        parts.append(
            svg.path([(x_axis.place(x), y_axis.place(y)) for x, y in zip(xs, beside)], VERMILLION, 2, dashed=True)
        )
    caption, height = _caption(across.label, bottom + 18)
    return svg.picture(height, [*parts, caption], title, description)


def _across(axis, estimate, y, style):
    """A mark and its interval, with arrows where the interval goes on beyond the axis."""
    (value, low, high), (shape, colour, hollow) = estimate, style
    if value != value:
        return
    if low == low and high == high:
        yield svg.path([(axis.place(low), y), (axis.place(high), y)], colour, 2)
        if low < axis.low:
            yield svg.mark("arrow", axis.start, y, colour)
        if high > axis.high:
            yield svg.mark("arrow", axis.end, y, colour, turn=180)
    yield svg.mark(shape, axis.place(value), y, colour, hollow=hollow)


def _ticks_below(axis, scale, top, bottom):
    """Lines of the grid with their values below, and the line of no difference."""
    for tick in axis.ticks():
        x = axis.place(tick)
        yield svg.path([(x, top), (x, bottom)], GRID)
        yield svg.text(x, bottom + 16, scale.write(tick), anchor="middle")
    if scale.line is not None and axis.low <= scale.line <= axis.high:
        x = axis.place(scale.line)
        yield svg.path([(x, top), (x, bottom)], INK, 1.2)


def _frame(x_axis, y_axis, across, up):
    """Grid and values of two axes; `start` of the vertical one is its bottom."""
    yield from _ticks_below(x_axis, across, y_axis.end, y_axis.start)
    for tick in y_axis.ticks():
        y = y_axis.place(tick)
        yield svg.path([(x_axis.start, y), (x_axis.end, y)], GRID)
        yield svg.text(x_axis.start - 6, y + 4.5, up.write(tick), anchor="end")


def _legend(names, styles=STYLES):
    """The legend, as many names in a line as fit, and the y where the chart begins."""
    parts, x, y = [], 10.0, _TOP + 6
    if len(names) < 2:
        return parts, _TOP
    for name, (shape, colour, hollow) in zip(names, styles):
        if x > 10 and x + 22 + svg.width_of(name) > WIDTH:
            x, y = 10.0, y + svg.LINE + 3
        parts.append(_key(shape, x, y, colour, hollow))
        parts.append(svg.text(x + 14, y + 4.5, name))
        x += 30 + svg.width_of(name)
    return parts, y + svg.LINE


def _key(shape, x, y, colour, hollow):
    """What stands for a series in the legend."""
    if shape == "band":
        return svg.band([(x - 8, y - 6), (x + 8, y - 6)], [(x - 8, y + 6), (x + 8, y + 6)], colour)
    if shape in _WIDTHS:
        return svg.path([(x - 8, y), (x + 8, y)], colour, _WIDTHS[shape], dashed=shape == "dashed")
    return svg.mark(shape, x, y, colour, hollow=hollow)


def _caption(label, y):
    """What an axis shows, below it, and the height of the picture."""
    wrapped = svg.wrapped(label, WIDTH - 8)
    middle = y + svg.LINE * (len(wrapped) + 1) / 2
    return svg.lines(WIDTH / 2, middle, wrapped, anchor="middle"), y + svg.LINE * len(wrapped) + 12
