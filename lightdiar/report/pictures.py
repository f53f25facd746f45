"""Small pictures beside numbers: bars, and shares with their intervals. The numbers always stand in the text too."""

from collections.abc import Iterable

from lightdiar.report.page import Markup
from lightdiar.show.svg import COLORS

_HIGH = 10  # of a picture that is 100 wide and as wide as its place on the page


def bar(share: float, kind: str) -> Markup:
    """Return a bar for a share of 0 to 1, in the colour of a kind of voice."""
    return _picture("bar", _rect(0, share, COLORS[kind]))


def stacked(shares: Iterable[tuple[float, str]], low: float, high: float) -> Markup:
    """Return shares side by side, which have a sum of 1, and an interval of the first."""
    parts, start = [], 0.0
    for share, kind in shares:
        parts.append(_rect(start, share, COLORS[kind]))
        start += share
    return _picture("stacked", *parts, _whisker(low, high, 5))


def dot(share: float, low: float, high: float) -> Markup:
    """Return a share as a dot with its interval, between none and all, with a line at a half."""
    half = '<path class="half" d="M50 -6V16"/>'
    place = f'<path class="dot" d="M{100 * share:.1f} 5h0"/>'
    return _picture("dots", half, _whisker(low, high, 5), place)


def histogram(counts: Iterable[int]) -> Markup:
    """Return columns of equal width, the highest as high as the picture."""
    counts = list(counts)
    most, width = max(counts), 100 / len(counts)
    columns = (
        f'<rect x="{width * place + 0.6:.2f}" y="{40 * (1 - n / most):.2f}" width="{width - 1.2:.2f}" '
        f'height="{40 * n / most:.2f}"/>'
        for place, n in enumerate(counts)
    )
    return _picture("histogram", *columns, height=40)


def _picture(kind, *parts, height=_HIGH):
    head = f'<svg class="{kind}" viewBox="0 0 100 {height}" preserveAspectRatio="none" aria-hidden="true">'
    return Markup(f"{head}{''.join(parts)}</svg>")


def _rect(start, share, color):
    return f'<rect x="{100 * start:.2f}" width="{100 * share:.2f}" height="{_HIGH}" fill="{color}"/>'


def _whisker(low, high, y):
    return f'<path class="whisker" d="M{100 * low:.1f} {y}H{100 * high:.1f}"/>'
