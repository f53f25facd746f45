"""Where a table begins: exports have lines above their header, such as a title or the name of a list."""

from collections.abc import Sequence

from bechdel_stats.data.columns import attribute_of, is_known

ROWS_TRIED = 15  # among which the header is looked for
_FEWEST = 2  # known names that make a row below the first one the header


def header_row(rows: Sequence[Sequence[object]]) -> int:
    """Return the place of the header among the first rows: the first row, unless one below has more known names.

    Names of one attribute count once: a row of passes and fails is a film.

    Examples
    --------
    >>> header_row([["Letterboxd list export v7"], ["Date", "Name"], ["2024-01-01", "Best"], ["Name", "Year"]])
    3
    >>> header_row([["title", "year"], ["Title", "1999"]])
    0
    >>> header_row([["Film", "Mako Mori", "Sexy Lamp"], ["Alien", "pass", "fail"]])
    0
    """
    known = [len({attribute_of(c) or c for c in row if isinstance(c, str) and is_known(c)}) for row in rows]
    best = max(range(len(rows)), key=lambda place: (known[place], -place))
    return best if known[best] >= _FEWEST and known[best] > known[0] else 0
