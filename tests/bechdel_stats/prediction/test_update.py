import numpy as np
import pytest

from bechdel_stats.prediction.update import fit_update


def test_a_shift_by_hand():
    """Three of four films pass where a half was expected: b of the symmetric pair solves 4 (s(2b) - 3/4) + b = 0."""
    shift, slopes = fit_update(np.log(np.full((4, 2), 0.5)), np.zeros((4, 1)), np.array([1, 1, 1, 0]))
    b = shift[1]
    assert shift[0] == pytest.approx(-b) and 4 * (1 / (1 + np.exp(-2 * b)) - 0.75) + b == pytest.approx(0, abs=1e-7)
    assert slopes.tolist() == [[0, 0]]  # a constant column tells nothing


def test_what_the_offset_knows_is_not_estimated_again(rng):
    n = 4000
    base, heard = rng.normal(0, 1, (2, n))
    base = base + 0.7 * heard  # the two go together
    outcome = (rng.random(n) < 1 / (1 + np.exp(-(base + 0.8 * heard - 0.3)))).astype(int)
    offset = np.column_stack([np.zeros(n), base])
    shift, slopes = fit_update(offset - np.log(np.exp(offset).sum(axis=1, keepdims=True)), heard[:, None], outcome)
    assert slopes[0, 1] - slopes[0, 0] == pytest.approx(0.8, abs=0.12)
    assert shift[1] - shift[0] == pytest.approx(-0.3, abs=0.1)


def test_units_do_not_matter(rng):
    offset, X, outcome = np.log(rng.dirichlet(np.ones(4), 60)), rng.normal(5, 2, (60, 2)), rng.integers(0, 4, 60)
    shift, slopes = fit_update(offset, X, outcome)
    moved, wider = fit_update(offset, X * 1000 + 7, outcome)
    np.testing.assert_allclose(offset + shift + X @ slopes, offset + moved + (X * 1000 + 7) @ wider, atol=1e-5)
    order = rng.permutation(60)
    np.testing.assert_allclose(fit_update(offset[order], X[order], outcome[order])[1], slopes, atol=1e-6)


def test_few_films_and_outcomes_that_never_occur_give_finite_coefficients():
    """One column separates the films, and outcomes 1 and 2 are missing: the prior keeps everything finite."""
    X, outcome = np.arange(6.0)[:, None], np.array([0, 0, 0, 3, 3, 3])
    shift, slopes = fit_update(np.log(np.full((6, 4), 0.25)), X, outcome)
    assert np.isfinite(shift).all() and 0 < slopes[0, 3] - slopes[0, 0] < 3
