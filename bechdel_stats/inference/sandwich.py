"""Robust standard errors of regressions, and the distributions that go with them.

A robust covariance is a sum over independent units: each film, or each cluster of films. Here it is kept as one row for
each unit, its *deviations*, so that deviations of several fits to the same films can be put side by side: the products
of their columns are the covariances between the fits.

With few clusters the usual clustered errors are too small, and chi-squared tests of curves far too generous. The
jackknife of Bell and McCaffrey, called CR3 or CV3, linearised for a logit [3]_, with t and F on G - 1 degrees of
freedom for G clusters, holds its level down to very few: see `tests/bechdel_stats/inference/test_sandwich.py`.

References
----------
.. [1] MacKinnon and White, "Some heteroskedasticity-consistent covariance matrix estimators with improved finite sample
   properties", Journal of Econometrics, 1985 (HC1, which is n / (n - k) times HC0).
.. [2] Bell and McCaffrey, "Bias reduction in standard errors for linear regression with multi-stage samples", Survey
   Methodology, 2002.
.. [3] MacKinnon, Nielsen and Webb, "Cluster-robust jackknife and bootstrap inference for logistic regression models",
   Econometric Reviews, 2025.
.. [4] Cameron and Miller, "A practitioner's guide to cluster-robust inference", Journal of Human Resources, 2015.
.. [5] Hotelling, "The generalization of Student's ratio", Annals of Mathematical Statistics, 1931.
"""

import numpy as np

FEW_CLUSTERS = 30  # below about so many, clustered standard errors are rough [4]
_SINGULAR = 1e-8  # share of the information that is left without a cluster


class LoneCluster(Exception):
    """Raised if coefficients cannot be estimated without one cluster.

    Parameters
    ----------
    group : int
        Number of the cluster.
    column : int
        The column that is most so.
    """

    def __init__(self, group: int, column: int):
        super().__init__(group, column)
        self.group, self.column = group, column


def deviations(
    X: np.ndarray, residuals: np.ndarray, weights: np.ndarray, groups: np.ndarray | None = None
) -> np.ndarray:
    """Return what each unit adds to the estimates: HC1 [1]_ for films, CR3 [2]_ [3]_ for clusters.

    Parameters
    ----------
    X : ndarray of shape (n_films, n_columns)
        With the intercept first.
    residuals : ndarray of shape (n_films,) or (n_films, n_outcomes)
        Such that the score of a film is its row of X times its residual.
    weights : ndarray of shape (n_films,)
        Such that the information is ``X.T @ diag(weights) @ X``.
    groups : ndarray of int of shape (n_films,), optional
        Number of the cluster of each film, from 0.

    Returns
    -------
    rows : ndarray of shape (n_units, n_columns) or (n_units, n_columns, n_outcomes)
        ``rows.T @ rows`` is the covariance of the coefficients.

    Raises
    ------
    LoneCluster
        If a column says nothing outside one cluster.
    """
    n_films, n_columns = X.shape
    information = (X * weights[:, None]).T @ X
    outcomes = residuals.reshape(n_films, -1)
    if groups is None:
        scale = np.sqrt(n_films / (n_films - n_columns))
        rows = scale * (X @ np.linalg.inv(information))[:, :, None] * outcomes[:, None, :]
    else:
        rows = _jackknife(X, outcomes, weights, information, groups)
    return rows.reshape(len(rows), *([n_columns] if residuals.ndim == 1 else [n_columns, -1]))


def _jackknife(X, residuals, weights, information, groups):
    """How far one Newton step moves the estimates when a cluster is left out, scaled to a covariance."""
    whitener = np.linalg.inv(np.linalg.cholesky(information)).T  # of columns: then the information is the identity
    white = X @ whitener
    order = np.argsort(groups, kind="stable")
    members = np.split(order, np.flatnonzero(np.diff(groups[order])) + 1)
    rows = []
    for group, own in enumerate(members):
        left = np.eye(X.shape[1]) - (white[own] * weights[own, None]).T @ white[own]
        share, directions = np.linalg.eigh(left)
        if share[0] < _SINGULAR:
            moved = np.abs(whitener @ directions[:, 0]) * X.std(axis=0)  # that of the intercept is 0
            raise LoneCluster(group, int(moved.argmax()))
        step = directions @ ((directions.T @ (white[own].T @ residuals[own])) / share[:, None])
        rows.append(whitener @ step)
    return np.sqrt((len(members) - 1) / len(members)) * np.array(rows)


def critical_value(conf_level: float, n_clusters: int | None = None) -> float:
    """Return how many standard errors an interval reaches to each side: of the normal, or of t with clusters."""
    from scipy.stats import norm, t

    tail = (1 + conf_level) / 2
    return float(norm.ppf(tail) if n_clusters is None else t.ppf(tail, n_clusters - 1))


def wald_p_value(statistic: float, n_columns: int, n_clusters: int | None = None) -> float:
    """Return the p-value of a joint Wald test: chi-squared, or with clusters F as for Hotelling's T squared [5]_.

    T squared / (G - 1) is a ratio of a normal's square to an estimated variance on G - 1 degrees of freedom; for one
    column this is the test by t.
    """
    from scipy.stats import chi2, f

    if n_clusters is None:
        return float(chi2.sf(statistic, n_columns))
    df = n_clusters - n_columns
    return float(f.sf(statistic * df / ((n_clusters - 1) * n_columns), n_columns, df))
