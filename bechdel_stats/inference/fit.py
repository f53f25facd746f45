"""One logistic regression with its robust covariance: by maximum likelihood, or by Firth's method under separation.

With sampling weights each film counts so many times in the likelihood, a pseudo-likelihood; the covariance is that of
the weighted scores [1]_. Constant weights change nothing.

References
----------
.. [1] Binder, "On the variances of asymptotically normal estimators from complex surveys", International Statistical
   Review, 1983; as `svyglm` of R's package survey with `ids = ~1`, whose factor is n / (n - 1), not n / (n - k).
.. [2] McFadden, "Conditional logit analysis of qualitative choice behavior", in Frontiers in Econometrics, 1974.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from bechdel_stats.inference.firth import fit_firth, separated_columns
from bechdel_stats.inference.sandwich import critical_value, deviations

QUIET: dict[str, Any] = {  # no warnings, which only filters of the whole process could stop: see `converged`
    "disp": 0,
    "warn_convergence": False,
    "callback": lambda params: None,  # that of statsmodels warns of separation
}


@dataclass(frozen=True, eq=False)
class Fit:
    """A fitted logistic regression.

    Parameters
    ----------
    params : ndarray of shape (n_columns,)
    cov_params : ndarray of shape (n_columns, n_columns)
    deviations : ndarray of shape (n_units, n_columns), or None
        See `sandwich.deviations`; None if a column separates: the covariance is then that of Firth's model.
    n_clusters : int or None
        Number of clusters of the covariance.
    converged : bool
    separated : tuple of int
        Columns that separate.
    results : statsmodels result, or FirthFit
    """

    params: np.ndarray
    cov_params: np.ndarray
    deviations: np.ndarray | None
    n_clusters: int | None
    converged: bool
    separated: tuple[int, ...]
    results: Any

    def critical_value(self, conf_level: float) -> float:
        """Return how many standard errors an interval reaches to each side."""
        return critical_value(conf_level, self.n_clusters)


@dataclass(frozen=True)
class FitStatistics:
    """How well a model fits the films it was fitted to, by its likelihood.

    Parameters
    ----------
    log_likelihood, null_log_likelihood : float
        Of the model, and of the intercept alone.
    chi2 : float
        Likelihood-ratio statistic against the intercept alone.
    df : int
        Its degrees of freedom: columns without the intercept.
    p_value : float
        Of the likelihood-ratio test; NaN with clusters, in which films are not independent.
    aic, bic : float
        Akaike's and Schwarz's criteria; smaller is better, among models of the same films.
    mcfadden : float
        McFadden's pseudo R squared [2]_: 1 less the ratio of the log likelihoods.
    """

    log_likelihood: float
    null_log_likelihood: float
    chi2: float
    df: int
    p_value: float
    aic: float
    bic: float
    mcfadden: float


def fit_logit(
    X: np.ndarray,
    y: np.ndarray,
    names: Sequence[str],
    groups: np.ndarray | None = None,
    weights: np.ndarray | None = None,
) -> Fit:
    """Fit by maximum likelihood with robust standard errors, or by Firth's method where a column separates.

    Parameters
    ----------
    X : ndarray of shape (n_films, n_columns)
        With the intercept first.
    y : ndarray of shape (n_films,)
        0 or 1.
    names : sequence of str
        Names of the columns.
    groups : ndarray of int of shape (n_films,), optional
        Number of the cluster of each film, from 0.
    weights : ndarray of shape (n_films,), optional
        Sampling weights with a mean of 1.

    Raises
    ------
    LoneCluster
        If a column says nothing outside one cluster.
    """
    separated = tuple(int(column) for column in separated_columns(X, y))
    if separated:
        fit = fit_firth(X, y)
        return Fit(fit.params, fit.cov_params, None, None, fit.converged, separated, fit)
    results, converged = _maximum_likelihood(X, y, names, weights)
    params = np.asarray(results.params)
    p = 1 / (1 + np.exp(-X @ params))
    each = np.ones(len(y)) if weights is None else weights
    rows = deviations(X, each * (y - p), each * p * (1 - p), groups)
    covariance = rows.T @ rows
    n_clusters = None if groups is None else len(rows)
    inner = results._results  # its tables, tests and intervals use what is set here
    inner.cov_params_default = covariance
    inner.cov_type, kind = ("HC1", "HC1") if groups is None else ("cluster", "CR3, a linearised jackknife")
    inner.cov_kwds = {"description": f"Standard errors are robust: {kind}."}
    if groups is not None:
        inner.use_t, inner.df_resid_inference = True, len(rows) - 1
    return Fit(params, covariance, rows, n_clusters, converged, (), results)


def fit_statistics(X: np.ndarray, y: np.ndarray, fit: Fit) -> FitStatistics | None:
    """Return the statistics of an unweighted fit by maximum likelihood, or None under separation."""
    from scipy.stats import chi2

    if fit.deviations is None:
        return None
    n, k = X.shape
    logit = X @ fit.params
    log_likelihood = float((y * logit - np.logaddexp(0, logit)).sum())
    null = float(n * (y.mean() * np.log(y.mean()) + (1 - y.mean()) * np.log(1 - y.mean())))
    statistic = 2 * (log_likelihood - null)
    return FitStatistics(
        log_likelihood=log_likelihood,
        null_log_likelihood=null,
        chi2=statistic,
        df=k - 1,
        p_value=float(chi2.sf(statistic, k - 1)) if fit.n_clusters is None else float("nan"),
        aic=2 * k - 2 * log_likelihood,
        bic=float(np.log(n) * k - 2 * log_likelihood),
        mcfadden=1 - log_likelihood / null,
    )


def _maximum_likelihood(X, y, names, weights):
    from statsmodels.discrete.discrete_model import Logit
    from statsmodels.genmod.families import Binomial
    from statsmodels.genmod.generalized_linear_model import GLM

    X = pd.DataFrame(X, columns=names)
    with np.errstate(all="ignore"):
        if weights is None:
            results = Logit(y, X).fit(maxiter=100, **QUIET)
            return results, bool(results.mle_retvals["converged"])
        results = GLM(y, X, family=Binomial(), freq_weights=weights).fit(maxiter=100)
        return results, bool(results.converged)
