"""Rates of many groups after discounting chance: a beta-binomial model that tells few groups apart from many.

With one spread for all groups [1]_, a clearly different group among many alike is given nearly their mean, against what
its test says. Here each group's spread is drawn from a mixture that the groups share, and whose weights are fitted by
EM [2]_: if most groups differ by chance alone, they are given the mean, and one that does not keeps its rate.

References
----------
.. [1] Kleinman, "Proportions with extraneous variance", JASA 68, 1973.
.. [2] Stephens, "False discovery rates: a new deal", Biostatistics 18, 2017.
"""

import numpy as np
from numpy.typing import ArrayLike

_ROOTS = (np.arange(50) + 0.5) / 50  # of the intraclass correlation: spread over that of single films
_PRIOR = 1 / (1 + (_ROOTS / 0.2) ** 2)  # counts as one group; half of it is within 10 points of a mean of one half
_N_STEPS = 200


def shrink(n_passes: ArrayLike, n_films: ArrayLike, means: ArrayLike) -> np.ndarray:
    """Return the posterior mean of each rate.

    A rate moves towards its mean the more, the fewer films it rests on, the nearer it is to it, and the fewer of the
    other groups differ from theirs beyond chance.

    Parameters
    ----------
    n_passes, n_films : array of shape (n_groups,)
    means : float or array of shape (n_groups,)
        Expected rate of each group, above 0 and below 1.

    Returns
    -------
    rates : ndarray of shape (n_groups,)

    Examples
    --------
    >>> shrink([10, 50, 50, 50], 100, 0.5).round(2).tolist()
    [0.11, 0.5, 0.5, 0.5]
    """
    from scipy.special import betaln

    k, n, mean = (np.asarray(part, float)[..., None] for part in np.broadcast_arrays(n_passes, n_films, means))
    films = (1 - _ROOTS**2) / _ROOTS**2  # each component counts as this many films at the mean
    a, b = films * mean, films * (1 - mean)
    likelihood = betaln(k + a, n - k + b) - betaln(a, b)
    likelihood = np.exp(likelihood - likelihood.max(axis=1, keepdims=True))
    prior = weights = _PRIOR / _PRIOR.sum()
    for _ in range(_N_STEPS):
        posterior = likelihood * weights
        posterior /= posterior.sum(axis=1, keepdims=True)
        weights = (prior + posterior.sum(axis=0)) / (1 + len(k))
    return (posterior * (k + a) / (n + films)).sum(axis=1)
