"""Tables as aligned text."""


def aligned(rows, n_left=1):
    """Lines of a table.

    Parameters
    ----------
    rows : list of sequence of str
        The head first; all of one length.
    n_left : int, default=1
        Columns of names and words, aligned to the left; numbers are aligned to the right.

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
