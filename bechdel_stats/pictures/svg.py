"""Elements of small SVG pictures: text, lines, marks and axes; no plotting library is needed.

Coordinates are pixels of a picture `WIDTH` wide, which is shown between 360 and 640 pixels wide, so that its text stays
readable on a phone. Identical input gives identical text.
"""

import math
import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

WIDTH = 440
SIZE = 14  # of text
LINE = 16  # from one line of text to the next
INK, GRID = "#1a1a1a", "#d5d9dd"
_CHARACTER = 8.2  # width of a character, slightly generous
_SHAPES = {  # paths around the origin, distinct without colour
    "circle": "M-4 0a4 4 0 1 0 8 0a4 4 0 1 0 -8 0z",
    "square": "M-3.6 -3.6h7.2v7.2h-7.2z",
    "up": "M0 -4.6l4.4 8h-8.8z",
    "down": "M0 4.6l4.4 -8h-8.8z",
    "arrow": "M3 -5l-8 5l8 5z",
}


@dataclass(frozen=True)
class Axis:
    """Maps values to pixels, linearly or logarithmically; values beyond the ends are placed at the ends.

    Parameters
    ----------
    low, high : float
        Values at the ends.
    start, end : float
        Their pixels.
    log : bool
    """

    low: float
    high: float
    start: float
    end: float
    log: bool = False

    def place(self, value: float) -> float:
        """Return the pixel of a value."""
        low, high, value = (math.log(v) if self.log else v for v in (self.low, self.high, self.inside(value)))
        return self.start + (value - low) / (high - low) * (self.end - self.start)

    def inside(self, value: float) -> float:
        """Return the value, or the end of the axis that it lies beyond."""
        return min(max(value, self.low), self.high)

    def ticks(self, most: int = 6) -> list[float]:
        """Return round values on the axis, at most `most` of them."""
        if self.log:
            known = [tick for tick in (0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20) if self.low <= tick <= self.high]
            return known if len(known) <= most else [tick for tick in known if math.log10(tick) % 1 == 0]
        power = 10 ** math.floor(math.log10((self.high - self.low) / most))
        steps = (power * factor for factor in (1, 2, 5, 10, 20))
        step = next(step for step in steps if (self.high - self.low) / step < most)
        first = math.ceil(round(self.low / step, 9))
        return [step * n for n in range(first, math.floor(round(self.high / step, 9)) + 1)]


def text(
    x: float, y: float, words: str, *, anchor: str = "start", size: int = SIZE, bold: bool = False, fill: str = INK
) -> str:
    """Return one line of text; `y` is its baseline."""
    style = (f' font-size="{size}"' if size != SIZE else "") + (' font-weight="bold"' if bold else "")
    ink = f' fill="{fill}"' if fill != INK else ""
    at = f'x="{_number(x)}" y="{_number(y)}"'
    return f'<text {at} text-anchor="{anchor}"{style}{ink}>{xml(words)}</text>'


def lines(x: float, y: float, words: Sequence[str], *, anchor: str = "start") -> str:
    """Return several lines of text, centred vertically on `y`."""
    first = y + SIZE * 0.36 - (len(words) - 1) * LINE / 2
    return "".join(text(x, first + LINE * number, line, anchor=anchor) for number, line in enumerate(words))


def path(points: Sequence[tuple[float, float]], colour: str, width: float = 1, *, dashed: bool = False) -> str:
    """Return a line through points."""
    dash = ' stroke-dasharray="4 3"' if dashed else ""
    return f'<path d="{_through(points)}" fill="none" stroke="{colour}" stroke-width="{_number(width)}"{dash}/>'


def band(upper: Sequence[tuple[float, float]], lower: Sequence[tuple[float, float]], colour: str) -> str:
    """Return the area between two lines, in a light tint."""
    return f'<path d="{_through([*upper, *reversed(lower)])}z" fill="{colour}" fill-opacity="0.18"/>'


def mark(shape: str, x: float, y: float, colour: str, *, hollow: bool = False, turn: int = 0) -> str:
    """Return a mark: circle, square, up, down, or an arrow that points to the left, turned by `turn` degrees."""
    turned = f" rotate({turn})" if turn else ""
    fill = f'fill="#fff" stroke="{colour}" stroke-width="1.6"' if hollow else f'fill="{colour}"'
    return f'<path d="{_SHAPES[shape]}" transform="translate({_number(x)} {_number(y)}){turned}" {fill}/>'


def wrapped(words: str, pixels: float) -> list[str]:
    """Return a text as lines that fit into so many pixels."""
    width = max(6, int(pixels / _CHARACTER))
    return textwrap.wrap(words, width, break_on_hyphens=False, break_long_words=True) or [""]


def width_of(words: str) -> float:
    """Return about how many pixels wide a text is."""
    return _CHARACTER * len(words)


def picture(height: float, parts: Sequence[str], title: str, description: str) -> str:
    """Return an `<svg>` element with a title and a description for those who cannot see it."""
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" role="img" viewBox="0 0 {WIDTH} {_number(height)}" '
        f'font-size="{SIZE}" fill="{INK}"><title>{xml(title)}</title><desc>{xml(description)}</desc>'
        f"{''.join(parts)}</svg>"
    )


def xml(words: str) -> str:
    """Return a text as XML, which allows no control characters."""
    return escape("".join(c if c >= " " else " " for c in words))


def _through(points):
    return "M" + "L".join(f"{_number(x)} {_number(y)}" for x, y in points)


def _number(value):
    text = f"{value:.1f}".removesuffix(".0")
    return "0" if text == "-0" else text
