"""Tables as aligned text."""

from collections.abc import Sequence


def aligned(rows: Sequence[Sequence[str]], n_left: int = 1) -> list[str]:
    """Format a table as aligned lines.

    Parameters
    ----------
    rows : list of sequence of str
        Header first; all rows of equal length.
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
    widths = [max(map(len, column)) for column in zip(*rows)]
    return [
        "  ".join(
            cell.ljust(width) if place < n_left else cell.rjust(width)
            for place, (cell, width) in enumerate(zip(row, widths))
        ).rstrip()
        for row in rows
    ]
