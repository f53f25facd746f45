"""Imputation of missing values: a joint normal distribution of all columns, fitted by EM.

Tables of films have many missing values: half the budgets, a quarter of the summaries, whole columns that an analyst
does not have. Each is replaced by its expectation given the known values of the film, so one model serves every pattern
of missing values.

References
----------
.. [1] Little and Rubin, "Statistical analysis with missing data", 3rd ed., 2019, section 11.2.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from lightdiar.common.convergence import Convergence

_RIDGE = 1e-3  # in variances: keeps the regression stable for columns that are nearly sums of others


@dataclass(frozen=True, eq=False)
class JointNormal:
    """Mean and covariance of the columns.

    Parameters
    ----------
    mean : ndarray of shape (n_columns,)
    covariance : ndarray of shape (n_columns, n_columns)
    convergence : Convergence, optional
        How EM ended; None if the distribution was not fitted here.
    """

    mean: np.ndarray
    covariance: np.ndarray
    convergence: Convergence | None = None

    def select(self, columns: Sequence[int]) -> "JointNormal":
        """Return the distribution of some of the columns, given by their positions."""
        return JointNormal(self.mean[columns], self.covariance[np.ix_(columns, columns)], self.convergence)

    def beside(self, other: "JointNormal") -> "JointNormal":
        """Return the distribution of these columns and of others that are independent of them."""
        n = len(self.mean)
        covariance = np.zeros((n + len(other.mean),) * 2)
        covariance[:n, :n], covariance[n:, n:] = self.covariance, other.covariance
        return JointNormal(np.concatenate([self.mean, other.mean]), covariance, self.convergence)

    def expect(self, X: np.ndarray) -> np.ndarray:
        """Fill each NaN with its expectation given the known values of its row.

        Parameters
        ----------
        X : ndarray of shape (n_rows, n_columns)

        Returns
        -------
        filled : ndarray of shape (n_rows, n_columns)
        """
        filled = np.array(X, dtype=float)
        for rows, known, unknown in _patterns(X):
            if len(unknown):
                coefficients = self.regress(known, unknown)
                centred = filled[rows[:, None], known] - self.mean[known]
                filled[rows[:, None], unknown] = self.mean[unknown] + centred @ coefficients
        return filled

    def regress(self, known: np.ndarray, unknown: np.ndarray) -> np.ndarray:
        """Return the coefficients of unknown columns regressed on known ones, one column per unknown column."""
        within = self.covariance[known[:, None], known]
        variances = within.diagonal()
        ridge = _RIDGE * np.where(variances > 0, variances, 1.0)  # 1 for constants
        within.flat[:: len(known) + 1] += ridge
        return np.linalg.solve(within, self.covariance[known[:, None], unknown])


def fit_joint_normal(X: np.ndarray, *, tolerance: float = 2e-3, max_iter: int = 100) -> JointNormal:
    """Fit a joint normal distribution to columns with missing values, by EM [1]_.

    Parameters
    ----------
    X : ndarray of shape (n_rows, n_columns)
        NaN where not known; every column needs at least one known value.
    tolerance : float, default=2e-3
        EM ends when no mean changes by more than this many standard deviations, and no covariance by more variances.
    max_iter : int, default=100

    Returns
    -------
    normal : JointNormal
    """
    if np.isnan(X).all(axis=0).any():
        raise ValueError(f"column {np.flatnonzero(np.isnan(X).all(axis=0))[0]} has no known value. Leave it out.")
    scale = np.nanstd(X, axis=0)
    constant = scale <= 1e-9 * np.nanmax(np.abs(X), axis=0)  # up to rounding
    scale[constant] = 1.0
    shift = np.nanmean(X, axis=0)
    X = np.where(constant, 0.0, 1.0) * (X - shift) / scale
    patterns = _patterns(X)
    normal = JointNormal(np.zeros(X.shape[1]), np.diag(np.nanvar(X, axis=0)))
    for n_iter in range(1, max_iter + 1):
        before, normal = normal, _em_step(X, patterns, normal)
        moved = max(np.abs(normal.mean - before.mean).max(), np.abs(normal.covariance - before.covariance).max())
        converged = bool(moved <= tolerance)
        if converged:
            break
    return JointNormal(
        shift + scale * normal.mean, normal.covariance * np.outer(scale, scale), Convergence(n_iter, converged)
    )


def _em_step(X, patterns, normal):
    """Expected sums and products under `normal` (E), and the distribution that matches them (M)."""
    n_rows, n_columns = X.shape
    filled = X.copy()
    spread = np.zeros((n_columns, n_columns))  # variance that the expectations leave out
    for rows, known, unknown in patterns:
        if not len(unknown):
            continue
        coefficients = normal.regress(known, unknown)
        centred = X[rows[:, None], known] - normal.mean[known]
        filled[rows[:, None], unknown] = normal.mean[unknown] + centred @ coefficients
        among = unknown[:, None], unknown
        explained = normal.covariance[unknown[:, None], known] @ coefficients
        spread[among] += len(rows) * (normal.covariance[among] - explained)
    mean = filled.mean(axis=0)
    centred = filled - mean
    return JointNormal(mean, (centred.T @ centred + spread) / n_rows)


def _patterns(X):
    """Groups of rows with the same known columns: numbers of the rows, of the known columns and of the others."""
    known = ~np.isnan(X)
    order = np.lexsort(np.packbits(known, axis=1).T)
    changes = np.flatnonzero((known[order][1:] != known[order][:-1]).any(axis=1)) + 1
    groups = [rows for rows in np.split(order, changes) if len(rows)]
    return [(rows, np.flatnonzero(known[rows[0]]), np.flatnonzero(~known[rows[0]])) for rows in groups]
