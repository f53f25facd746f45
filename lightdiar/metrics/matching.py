"""Pairs of things that fit each other, as many as possible, each in one pair.

Of several largest matchings, which one is found depends on the order of the search. The errors that sed_eval counts
as substitutions depend on it, too: this follows its order, which is that of mir_eval [2]_. (scipy's
`maximum_bipartite_matching` gives as many pairs, but others.)

References
----------
.. [1] Hopcroft and Karp, "An n^(5/2) algorithm for maximum matchings in bipartite graphs", SIAM Journal on Computing 2,
   1973.
.. [2] Raffel et al., "mir_eval: a transparent implementation of common MIR metrics", ISMIR 2014.
"""

import numpy as np


def largest_matching(rows: np.ndarray, columns: np.ndarray) -> dict[int, int]:
    """Match rows and columns that fit, one to one, as many as possible [1]_.

    Parameters
    ----------
    rows, columns : ndarray of int, shape (n_pairs,)
        The pairs that fit, sorted by row, then column.

    Returns
    -------
    column_of : dict of int to int
        The column of each row that is matched.

    Examples
    --------
    >>> largest_matching(np.array([0, 0, 1]), np.array([0, 1, 0]))
    {0: 1, 1: 0}
    """
    fitting: dict[int, list[int]] = {}  # the rows that fit each column
    for row, column in zip(rows.tolist(), columns.tolist()):
        fitting.setdefault(column, []).append(row)
    column_of: dict[int, int] = {}
    for column, its_rows in fitting.items():  # most pairs are found by taking the first free one
        free = next((row for row in its_rows if row not in column_of), None)
        if free is not None:
            column_of[free] = column
    while True:
        above, below, ends = _layers(fitting, column_of)
        if not ends:
            return dict(sorted(column_of.items()))
        for row in ends:
            column_of.update(_alternating_path(row, above, below))


def _layers(fitting, column_of):
    """The shortest alternating paths from free columns, in layers, breadth first.

    Returns the columns from which each row was reached, the row from which each column was (None for a free one), and
    the free rows in which paths end.
    """
    matched = set(column_of.values())
    above = {}
    below = {column: None for column in fitting if column not in matched}
    layer, ends = list(below), []
    while layer and not ends:
        reached = {}
        for column in layer:
            for row in fitting[column]:
                if row not in above:
                    reached.setdefault(row, []).append(column)
        above |= reached
        ends = [row for row in reached if row not in column_of]
        layer = [column_of[row] for row in reached if row in column_of]
        below.update((column_of[row], row) for row in reached if row in column_of)
    return above, below, ends


def _alternating_path(end, above, below):
    """Pairs of row and column on a path back from a free row to a free column; what is passed is used up.

    It is empty if there is no such path. With a stack of its own: a path can be longer than Python's.
    """
    pairs = []
    stack = [(end, iter(above.pop(end, ())))]
    while stack:
        row, choices = stack[-1]
        column = next((column for column in choices if column in below), None)
        if column is None:
            stack.pop()
            del pairs[-1:]
            continue
        pairs.append((row, column))
        before = below.pop(column)
        if before is None:
            return pairs
        stack.append((before, iter(above.pop(before, ()))))
    return []
