"""Multiple imputation by chained equations: unknown attributes of a film are taken from films that are like it.

Each incomplete attribute is regressed on all others and the outcome, with coefficients drawn from their posterior
distribution; a film then gets the value of one of the five films whose expected value is nearest to its own [2]_, [3]_.
This goes round all incomplete attributes five times [1]_, and the whole is repeated for each imputation. As values are
those of other films, a share stays between 0 and 1, budgets keep their skewness, and an attribute of many columns, such
as genres, stays a combination that exists: its expected values are compared together, in the metric of their residual
covariance, as Little [2]_ does.

References
----------
.. [1] van Buuren, "Multiple imputation of discrete and continuous data by fully conditional specification", Statistical
   Methods in Medical Research 16, 2007.
.. [2] Little, "Missing-data adjustments in large surveys", Journal of Business and Economic Statistics 6, 1988.
.. [3] van Buuren, "Flexible imputation of missing data", 2nd ed., 2018, section 3.4 (type 1 matching).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

N_DONORS = 5
N_ROUNDS = 5
_RIDGE = 1e-5  # in variances, as in R's mice: for columns that are sums of others
_BLUR = 0.05  # of expectations, in residual deviations: films with equal ones do not all get the same five donors


@dataclass(frozen=True, eq=False)
class Block:
    """One attribute as imputation models see it.

    Parameters
    ----------
    name : str
    targets : ndarray of shape (n_films, n_targets)
        Columns whose expected values are compared, none of them constant; without any, all donors are alike. Rows of
        unknown values are not read.
    predictors : ndarray of shape (n_films, n_predictors)
        Columns by which other attributes are predicted.
    known : ndarray of bool, shape (n_films,)
    """

    name: str
    targets: np.ndarray
    predictors: np.ndarray
    known: np.ndarray


def impute_donors(
    blocks: Sequence[Block], outcome: np.ndarray, n_imputations: int, seed: int
) -> list[dict[str, np.ndarray]]:
    """Find, several times, from which film each film has each attribute.

    Parameters
    ----------
    blocks : sequence of Block
    outcome : ndarray of shape (n_films,)
        Without unknown values; it predicts every attribute, without which associations with it would be diluted.
    n_imputations : int
    seed : int
        Imputation k depends on `seed` and k only.

    Returns
    -------
    donors : list of dict of str -> ndarray of int, shape (n_films,)
        For each imputation and each block with unknown values, the row that a value is taken from: the film's own where
        it is known.
    """
    predictors = [_standardised(block) for block in blocks]
    ends = 2 + np.cumsum([0, *(part.shape[1] for part in predictors)])  # after the intercept and the outcome
    own = {block.name: np.arange(start, end) for block, (start, end) in zip(blocks, pairwise(ends))}
    Z = np.column_stack([np.ones(len(outcome)), outcome - outcome.mean(), *predictors])
    incomplete = [block for block in blocks if not block.known.all()]
    order = sorted(incomplete, key=lambda block: (~block.known).sum())
    return [_impute(order, Z.copy(), own, np.random.default_rng([seed, k])) for k in range(n_imputations)]


def _impute(order, Z, own, rng):
    """One imputation; unknown values of the columns Z are filled in."""
    donors = {block.name: np.arange(len(Z)) for block in order}

    def fill(block, found):
        unknown, columns = np.flatnonzero(~block.known), own[block.name]
        donors[block.name][unknown] = found
        Z[np.ix_(unknown, columns)] = Z[np.ix_(found, columns)]

    for block in order:
        fill(block, rng.choice(np.flatnonzero(block.known), (~block.known).sum()))
    varying = [block for block in order if block.targets.shape[1]]
    for _ in range(N_ROUNDS if len(varying) > 1 else 1):
        for block in varying:
            fill(block, matched_donors(np.delete(Z, own[block.name], axis=1), block.targets, block.known, rng))
    return donors


def matched_donors(X: np.ndarray, targets: np.ndarray, known: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Draw a donor for each row of unknown targets, by predictive mean matching.

    Parameters
    ----------
    X : ndarray of shape (n_films, n_predictors)
        With the intercept.
    targets : ndarray of shape (n_films, n_targets)
    known : ndarray of bool, shape (n_films,)
    rng : Generator

    Returns
    -------
    donors : ndarray of int, shape (n_unknown,)
        Rows whose targets are known.
    """
    from scipy.linalg import solve_triangular
    from scipy.spatial import cKDTree

    coefficients, drawn, spread = draw_coefficients(X[known], targets[known], rng)
    expected = solve_triangular(spread, (X[known] @ coefficients).T, lower=True).T
    wanted = solve_triangular(spread, (X[~known] @ drawn).T, lower=True).T
    expected += _BLUR * rng.standard_normal(expected.shape)
    wanted += _BLUR * rng.standard_normal(wanted.shape)
    n_donors = min(N_DONORS, len(expected))
    nearest = cKDTree(expected).query(wanted, n_donors)[1].reshape(len(wanted), n_donors)
    chosen = nearest[np.arange(len(wanted)), rng.integers(n_donors, size=len(wanted))]
    return np.flatnonzero(known)[chosen]


def draw_coefficients(
    X: np.ndarray, Y: np.ndarray, rng: np.random.Generator
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Regress Y on X, and draw coefficients from their posterior distribution under a flat prior.

    Parameters
    ----------
    X : ndarray of shape (n_rows, n_predictors)
    Y : ndarray of shape (n_rows, n_targets)

    Returns
    -------
    coefficients, drawn : ndarray of shape (n_predictors, n_targets)
    spread : ndarray of shape (n_targets, n_targets)
        Lower Cholesky factor of the residual covariance.
    """
    from scipy.linalg import cho_solve, solve_triangular

    (n, p), q = X.shape, Y.shape[1]
    gram = X.T @ X
    factor = np.linalg.cholesky(gram + np.diag(_RIDGE * gram.diagonal() + 1e-12))
    coefficients = cho_solve((factor, True), X.T @ Y)
    residuals = Y - X @ coefficients
    df = max(n - p, q)
    squares = residuals.T @ residuals
    squares += np.diag(_RIDGE * squares.diagonal() + 1e-12)
    lower = np.linalg.cholesky(squares)
    # inverse Wishart: squares = L L', drawn covariance = (L T^-T)(L T^-T)' with T of Bartlett's decomposition
    bartlett = np.tril(rng.standard_normal((q, q)), -1) + np.diag(np.sqrt(rng.chisquare(df - np.arange(q))))
    noise = solve_triangular(factor.T, rng.standard_normal((p, q)))  # covariance (X'X)^-1
    noise = solve_triangular(bartlett.T, noise.T).T @ lower.T
    return coefficients, coefficients + noise, lower / np.sqrt(df)


def _standardised(block):
    """Predictors with mean 0 and deviation 1 over known rows, so that the ridge is the same for all."""
    known = block.predictors[block.known]
    deviation = known.std(axis=0)
    return (block.predictors - known.mean(axis=0)) / np.where(deviation > 0, deviation, 1.0)
