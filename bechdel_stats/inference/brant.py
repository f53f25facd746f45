"""Brant's test: whether one odds ratio per term is enough for all steps of the score.

References
----------
.. [1] Brant, "Assessing proportionality in the proportional odds model for ordinal logistic regression", Biometrics,
   1990.
"""

from collections.abc import Callable, Sequence

import numpy as np


def brant_test(
    X: np.ndarray, y: np.ndarray, scores: np.ndarray
) -> tuple[np.ndarray, np.ndarray, Callable[[Sequence[int]], tuple[float, int, float]]]:
    """Fit a binary model to each step, and test that their slopes are equal [1]_.

    Parameters
    ----------
    X : ndarray of shape (n_films, n_columns)
        With the intercept first.
    y : ndarray of shape (n_films,)
    scores : ndarray
        The distinct scores, increasing.

    Returns
    -------
    slopes : ndarray of shape (n_scores - 1, n_columns - 1)
        Of reaching each score but the lowest.
    covariances : ndarray of shape (n_scores - 1, n_columns - 1, n_columns - 1)
        Of the slopes of each step.
    test : callable
        `test(columns)` gives chi-squared, degrees of freedom and p-value for some columns of X; chi-squared and
        p-value are NaN if too few films reach a step for a covariance of the slopes.
    """
    from scipy.stats import chi2
    from statsmodels.discrete.discrete_model import Logit

    fits = [Logit((y >= score).astype(float), X).fit(maxiter=100, disp=0) for score in scores[1:]]
    slopes = np.array([fit.params[1:] for fit in fits])
    p = np.array([fit.predict() for fit in fits])
    inverses = [np.linalg.inv((X * (q * (1 - q))[:, None]).T @ X) for q in p]
    n_steps, n_slopes = slopes.shape
    covariance = np.empty((n_steps, n_steps, n_slopes, n_slopes))
    for j in range(n_steps):
        for k in range(j, n_steps):  # reaching k implies reaching j: their covariance is p_k - p_j p_k
            between = (X * (p[k] - p[j] * p[k])[:, None]).T @ X
            covariance[j, k] = (inverses[j] @ between @ inverses[k])[1:, 1:]
            covariance[k, j] = covariance[j, k].T

    def test(columns):
        positions = np.asarray(columns) - 1
        difference = (slopes[0] - slopes[1:])[:, positions].ravel()
        parts = covariance[:, :, positions[:, None], positions]
        blocks = [
            [parts[0, 0] - parts[0, k] - parts[j, 0] + parts[j, k] for k in range(1, n_steps)]
            for j in range(1, n_steps)
        ]
        matrix = np.block(blocks)
        try:
            np.linalg.cholesky(matrix)
        except np.linalg.LinAlgError:  # separate fits can contradict each other; it is then no covariance
            return np.nan, len(difference), np.nan
        statistic = float(difference @ np.linalg.solve(matrix, difference))
        return statistic, len(difference), float(chi2.sf(statistic, len(difference)))

    return slopes, covariance[range(n_steps), range(n_steps)], test
