"""The largest matching: by hand, as large as scipy's on random graphs, and on paths longer than Python's stack."""

import numpy as np
import pytest
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import maximum_bipartite_matching

from lightdiar.metrics.matching import largest_matching


def test_who_came_first_makes_room():
    """Rows 0, 1, 2 fit columns {0, 1}, {0}, {0, 2}: all three are matched only as 1, 0, 2."""
    assert largest_matching(np.array([0, 0, 1, 2, 2]), np.array([0, 1, 0, 0, 2])) == {0: 1, 1: 0, 2: 2}


def test_nothing_fits():
    assert largest_matching(np.zeros(0, int), np.zeros(0, int)) == {}


@pytest.mark.parametrize("n_fitting", [1, 2.5, 3, 8])
def test_as_many_pairs_as_scipy_finds_one_to_one_and_all_fitting(rng, n_fitting):
    """Where each fits two or three, many searches run into what is used up, and must go back."""
    for _ in range(20):
        fits = rng.random((160, 150)) < n_fitting / 150
        column_of = largest_matching(*np.nonzero(fits))
        assert len(column_of) == (maximum_bipartite_matching(csr_matrix(fits)) >= 0).sum()
        assert len(set(column_of.values())) == len(column_of)
        assert all(fits[row, column] for row, column in column_of.items())


def test_a_path_through_everything():
    """Row i fits columns i and i + 1, the last row only the last but one: whoever is in the way moves by one."""
    n = 3000
    rows = np.append(np.repeat(np.arange(n), 2), n)
    columns = np.append((np.arange(n)[:, None] + [0, 1]).ravel(), 0)
    column_of = largest_matching(rows, columns)
    assert column_of == {n: 0, **{row: row + 1 for row in range(n)}}
