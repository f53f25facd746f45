"""Tables as aligned text, and names from strangers as text that cannot steer a terminal."""

import re
from collections.abc import Sequence
from html import escape
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

# C0, DEL, C1, line and paragraph separators, marks that turn the direction of writing round, and halves of
# surrogate pairs, which stand for what is not UTF-8 in file names
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
_FORMULA = re.compile(r"'*[=+\-@\t\r\n]")


def printable(text: str) -> str:
    """Return a text with its control characters escaped as Python does, so that it stays on its line.

    Examples
    --------
    >>> print(printable("\\x1b[31mred\\nline"))
    \\x1b[31mred\\nline
    """
    return _CONTROL.sub(lambda found: found[0].encode("unicode_escape").decode("ascii"), text)


def shortened(text: str, most: int = 200) -> str:
    """Return the text, or its beginning if it has more than `most` characters.

    Examples
    --------
    >>> shortened("a long title", 8)
    'a lon...'
    """
    return text if len(text) <= most else f"{text[: most - 3]}..."


def disarmed(text: str) -> str:
    """Return the text of a CSV cell so that no spreadsheet takes it for a formula.

    One that begins with ``=``, ``+``, ``-``, ``@``, a tab or a line break gets an apostrophe in front, as does one that
    begins so after apostrophes; `rearmed` takes one off again.

    Examples
    --------
    >>> print(disarmed("=1+1"), disarmed("'Tis"), rearmed(disarmed("'=1")))
    '=1+1 'Tis '=1
    """
    return f"'{text}" if _FORMULA.match(text) else text


def rearmed(text: str) -> str:
    """Return the text from which `disarmed` made this one."""
    return text[1:] if text.startswith("'") and _FORMULA.match(text) else text


def disarmed_table(table: "pd.DataFrame") -> "pd.DataFrame":
    """The table with all its texts, and the names of rows and columns, `disarmed`.

    Examples
    --------
    >>> import pandas as pd
    >>> print(disarmed_table(pd.DataFrame({"name": ["=1+1"], "seconds": [-2.0]})).to_csv(index=False), end="")
    name,seconds
    '=1+1,-2.0
    """
    import pandas as pd

    table = table.rename(index=_harmless, columns=_harmless)
    for name in table:
        if not pd.api.types.is_numeric_dtype(table[name]):
            values = [_harmless(value) for value in table[name]]
            table[name] = pd.Series(values, table.index, dtype=object)  # `rename` has made a copy
    return table


def _harmless(value):
    return disarmed(value) if isinstance(value, str) else value


def html_table(rows: Sequence[Sequence[str]]) -> str:
    """Format a table as HTML, header first; the cells are escaped.

    Examples
    --------
    >>> html_table([("name",), ("a<b",)])
    '<table><thead><tr><th>name</th></tr></thead><tbody><tr><td>a&lt;b</td></tr></tbody></table>'
    """
    head, *body = rows
    lines = "".join(_html_row(row, "td") for row in body)
    return f"<table><thead>{_html_row(head, 'th')}</thead><tbody>{lines}</tbody></table>"


def _html_row(cells, tag):
    return f"<tr>{''.join(f'<{tag}>{escape(cell)}</{tag}>' for cell in cells)}</tr>"


def aligned(rows: Sequence[Sequence[str]], n_left: int = 1) -> list[str]:
    """Format a table as aligned lines.

    Parameters
    ----------
    rows : list of sequence of str
        Header first; all rows of equal length. Control characters are escaped.
    n_left : int, default=1
        Number of left-aligned columns (names and words); the others (numbers) are right-aligned.

    Returns
    -------
    lines : list of str

    Examples
    --------
    >>> print(*aligned([("speaker", "seconds"), ("ann", "12.0"), ("bob", "3.5")]), sep="\\n")
    speaker  seconds
    ann         12.0
    bob          3.5
    """
    return aligned_columns(rows, [place < n_left for place in range(max(map(len, rows), default=0))])


def aligned_columns(rows: Sequence[Sequence[str]], left: Sequence[bool]) -> list[str]:
    """Format a table as `aligned` does, with the side of each column given."""
    rows = [[printable(cell) for cell in row] for row in rows]
    widths = [max(map(len, column)) for column in zip(*rows)]
    return [
        "  ".join(
            cell.ljust(width) if on_the_left else cell.rjust(width)
            for cell, width, on_the_left in zip(row, widths, left)
        ).rstrip()
        for row in rows
    ]
