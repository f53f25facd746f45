"""Confidence intervals for proportions, and p-values adjusted for multiple testing.

References
----------
.. [1] Wilson, "Probable inference, the law of succession, and statistical inference", JASA 22, 1927; compared with
   six others by Newcombe, "Two-sided confidence intervals for the single proportion", Statistics in Medicine 17, 1998.
.. [2] Benjamini and Hochberg, "Controlling the false discovery rate", Journal of the Royal Statistical Society B 57,
   1995.
"""

from numbers import Real

import numpy as np
from numpy.typing import ArrayLike

from bechdel_stats.words.messages import numbers_given


def wilson(
    n_passes: ArrayLike, n_films: ArrayLike, conf_level: float = 0.95
) -> tuple[float | np.ndarray, float | np.ndarray]:
    """Wilson's confidence interval for a proportion [1]_.

    The interval holds the proportions that the counts do not contradict.

    Parameters
    ----------
    n_passes, n_films : int or array of int
        Number of films that pass, and of films; the interval is NaN where there are no films.
    conf_level : float, default=0.95
        Between 0 and 1.

    Returns
    -------
    ci_low, ci_high : float or ndarray

    Raises
    ------
    ValueError
        If the level is not between 0 and 1, or more films pass than there are.

    Examples
    --------
    >>> [round(float(limit), 4) for limit in wilson(81, 263)]
    [0.2553, 0.3662]
    """
    from statsmodels.stats.proportion import proportion_confint

    check_level(conf_level)
    n_passes = numbers_given("n_passes", n_passes, "81")
    n_films = numbers_given("n_films", n_films, "263")
    if 1 < n_passes.size != n_films.size > 1:
        raise ValueError(f"n_passes and n_films must be as many; got {n_passes.size} and {n_films.size}.")
    if np.any((n_passes < 0) | (n_passes > n_films)):
        raise ValueError("n_passes must lie between 0 and n_films.")
    n_films = np.where(n_films > 0, n_films, np.nan)
    ci_low, ci_high = proportion_confint(n_passes, n_films, alpha=1 - conf_level, method="wilson")
    # exact, where the formula only comes within rounding error of 0 and 1
    return np.where(n_passes == 0, 0 * n_films, ci_low)[()], np.where(n_passes == n_films, 1.0, ci_high)[()]


def adjust_fdr(p_values: ArrayLike) -> np.ndarray:
    """Benjamini-Hochberg adjusted p-values [2]_.

    If every test with an adjusted p-value of at most 0.05 is called a finding, on average at most one finding in twenty
    is false.

    Parameters
    ----------
    p_values : array of float
        NaN counts as not tested and stays NaN.

    Returns
    -------
    p_values_fdr : ndarray of float

    Examples
    --------
    >>> adjust_fdr([0.01, 0.04, float("nan"), 0.03]).round(4).tolist()
    [0.03, 0.04, nan, 0.04]
    """
    from statsmodels.stats.multitest import multipletests

    p_values = numbers_given("p_values", p_values, "[0.01, 0.2]")
    tested = ~np.isnan(p_values)
    if np.any((p_values[tested] < 0) | (p_values[tested] > 1)):
        raise ValueError("p-values must lie between 0 and 1.")
    adjusted = np.full(p_values.shape, np.nan)
    if tested.any():
        adjusted[tested] = multipletests(p_values[tested], method="fdr_bh")[1]
    return adjusted


def check_level(conf_level: float) -> None:
    """Raise an error unless a confidence level is a number between 0 and 1."""
    if not isinstance(conf_level, Real):
        raise TypeError(f"conf_level must be a number between 0 and 1; got {type(conf_level).__name__}. Usual is 0.95.")
    if not 0 < conf_level < 1:
        raise ValueError(f"conf_level must lie between 0 and 1; got {conf_level}. Usual is 0.95.")
