import numpy as np
import pytest

from bechdel_stats.inference.brant import brant_test


def test_brant_closed_form_of_a_binary_column():
    y = np.repeat([0, 1, 2, 3] * 2, [40, 30, 20, 10, 20, 20, 25, 35])
    X = np.column_stack([np.ones(200), np.repeat([0, 1], 100)])
    slopes, _, test = brant_test(X, y, np.arange(4))
    # odds of reaching each score: 60/40, 30/70, 10/90 against 80/20, 60/40, 35/65
    by_hand = np.log([4 / 1.5, 1.5 / (3 / 7), (35 / 65) / (1 / 9)])
    assert slopes[:, 0] == pytest.approx(by_hand)
    assert slopes[:, 0] == pytest.approx([0.98082925, 1.25276297, 1.57818537], abs=1e-7)
    chi2, df, p_value = test([1])
    assert (chi2, df, p_value) == (pytest.approx(1.960341070, abs=1e-7), 2, pytest.approx(0.375247101, abs=1e-7))
