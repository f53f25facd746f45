"""Rubin's rules: one estimate from those of several imputations, with the uncertainty that imputing adds.

References
----------
.. [1] Rubin, "Multiple imputation for nonresponse in surveys", 1987, chapter 3.
.. [2] Barnard and Rubin, "Small-sample degrees of freedom with multiple imputation", Biometrika 86, 1999.
.. [3] Li, Raghunathan and Rubin, "Large-sample significance levels from multiply imputed data using moment-based
   statistics and an F reference distribution", JASA 86, 1991.
"""

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Pooled:
    """An estimate pooled over imputations.

    Parameters
    ----------
    estimate, error : float
        The mean of the estimates, and its standard error.
    df : float
        Degrees of freedom of its t distribution; infinite if imputing made no difference.
    fmi : float
        Fraction of the information on the estimate that is missing with the values.
    """

    estimate: float
    error: float
    df: float
    fmi: float

    def interval(self, conf_level: float) -> tuple[float, float]:
        """Return the limits of the confidence interval."""
        half = float(_t(self.df).ppf((1 + conf_level) / 2)) * self.error
        return self.estimate - half, self.estimate + half

    @property
    def p_value(self) -> float:
        """P-value of the test that the estimate is 0."""
        return float(2 * _t(self.df).sf(abs(self.estimate) / self.error))


def pool(estimates: np.ndarray, variances: np.ndarray, df_complete: float) -> Pooled:
    """Pool the estimates of one number by Rubin's rules [1]_, with the degrees of freedom of Barnard and Rubin [2]_.

    Parameters
    ----------
    estimates, variances : ndarray of shape (n_imputations,)
        At least two.
    df_complete : float
        Degrees of freedom that the estimate would have if no value were missing.

    Returns
    -------
    pooled : Pooled
        If all estimates are equal, as when nothing was imputed, the usual normal distribution holds.
    """
    m, within, between = len(estimates), float(np.mean(variances)), float(np.var(estimates, ddof=1))
    added = (1 + 1 / m) * between
    total = within + added
    estimate, error = float(np.mean(estimates)), float(np.sqrt(total))
    if added <= 1e-12 * within:  # rounding
        return Pooled(estimate, error, float("inf"), 0.0)
    lost = added / total
    df_many = (m - 1) / lost**2
    df_observed = (df_complete + 1) / (df_complete + 3) * df_complete * (1 - lost)
    df = 1 / (1 / df_many + 1 / df_observed)
    increase = added / within
    return Pooled(estimate, error, df, (increase + 2 / (df + 3)) / (increase + 1))


def pooled_wald_test(params: np.ndarray, covariances: np.ndarray) -> float:
    """Return the p-value of the test that several coefficients are 0, the D1 of Li, Raghunathan and Rubin [3]_.

    Parameters
    ----------
    params : ndarray of shape (n_imputations, n_params)
    covariances : ndarray of shape (n_imputations, n_params, n_params)
    """
    from scipy.stats import chi2, f

    m, k = params.shape
    mean, within = params.mean(axis=0), covariances.mean(axis=0)
    between = np.atleast_2d(np.cov(params, rowvar=False))
    increase = float((1 + 1 / m) * np.trace(np.linalg.solve(within, between)) / k)
    statistic = float(mean @ np.linalg.solve(within, mean))
    if increase <= 1e-12:  # rounding
        return float(chi2.sf(statistic, k))
    t = k * (m - 1)
    few = t * (1 + 1 / k) * (1 + 1 / increase) ** 2 / 2  # the formula for t of 4 or less
    df = 4 + (t - 4) * (1 + (1 - 2 / t) / increase) ** 2 if t > 4 else few
    return float(f.sf(statistic / (k * (1 + increase)), k, df))


def _t(df):
    from scipy.stats import norm, t

    return t(df) if np.isfinite(df) else norm()
