"""How a fit ended, and that those who fit tell it truly."""

from dataclasses import FrozenInstanceError

import numpy as np
import pytest

from lightdiar.common.convergence import Convergence
from lightdiar.models.gmm import GMM, fit_gmm
from lightdiar.models.ivectors import TotalVariability, fit_total_variability
from lightdiar.models.vbhmm import soften, vb_hmm


def test_an_end_is_not_changed_afterwards():
    ended = Convergence(7, True)
    with pytest.raises(FrozenInstanceError, match="cannot assign to field 'converged'"):
        ended.converged = False
    assert ended == Convergence(n_iter=7, converged=True) != Convergence(8, True)
    assert repr(ended) == "Convergence(n_iter=7, converged=True)"


@pytest.fixture(scope="module")
def fits(drawn):
    """Name -> function of the number of iterations that gives an end and what was found."""
    rng = np.random.default_rng(0)
    T = rng.normal(0, 0.5, (2, 3, 1))
    N, w = rng.uniform(20, 60, (200, 2)), rng.normal(size=(200, 1))
    F = N[..., None] * np.einsum("cdr,ur->ucd", T, w) + np.sqrt(N)[..., None] * rng.normal(size=(200, 2, 3))
    phi, labels = np.full(5, 6.0), np.repeat([0, 1, 0, 2], 15)
    Y = rng.normal(0, np.sqrt(6), (3, 5))[labels] + rng.normal(size=(60, 5))

    def mixture(n_iter):
        found = fit_gmm(drawn[:600], 3, n_iter=n_iter)
        return found.convergence, found.means

    def total_variability(n_iter):
        found = fit_total_variability(N, F, 1, n_iter=n_iter, tolerance=1e-3)
        return found.convergence, found.T

    def speakers(n_iter):
        found = vb_hmm(Y, phi, soften(rng_labels), n_iter=n_iter)
        assert len(found.elbo) == found.convergence.n_iter
        return found.convergence, found.responsibilities

    rng_labels = rng.integers(0, 4, 60)
    return {"mixture": mixture, "total variability": total_variability, "speakers": speakers}


@pytest.mark.parametrize("name", ["mixture", "total variability", "speakers"])
def test_a_fit_stops_where_it_says_and_not_before(fits, name):
    """The iteration at which it came to rest is the first that may be the last: with one fewer it runs out of them."""
    fit = fits[name]
    ended, found = fit(500)
    assert ended.converged is True and 2 < ended.n_iter < 500
    assert fit(ended.n_iter)[0] == ended and np.array_equal(fit(ended.n_iter)[1], found)
    short, other = fit(ended.n_iter - 1)
    assert short == Convergence(ended.n_iter - 1, False) and short.converged is False
    assert not np.array_equal(other, found)


def test_what_was_not_fitted_has_no_end():
    assert GMM(np.ones(1), np.zeros((1, 2)), np.ones((1, 2))).convergence is None
    assert TotalVariability(np.zeros((1, 2, 1))).convergence is None


def test_no_iterations_come_to_no_rest():
    ended = fit_total_variability(np.ones((4, 1)), np.ones((4, 1, 2)), 1, n_iter=0).convergence
    assert ended == Convergence(0, False)
