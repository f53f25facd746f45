"""Logistic regression when a term separates: Firth's penalised likelihood.

If a term occurs with one outcome only, its maximum likelihood estimate is infinite. Firth's penalty, half the log
determinant of the Fisher information (Jeffreys' prior), keeps it finite and removes the first-order bias.

References
----------
.. [1] Firth, "Bias reduction of maximum likelihood estimates", Biometrika, 1993.
.. [2] Heinze and Schemper, "A solution to the problem of separation in logistic regression", Statistics in Medicine,
   2002 (profile penalised likelihood).
.. [3] Konis, "Linear programming algorithms for detecting separated data in binary logistic regression models", 2007.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np

_ALL_LOST = 1e6  # of twice the log likelihood, where it is not finite


@dataclass(frozen=True, eq=False)
class FirthFit:
    """A fit by penalised likelihood.

    Parameters
    ----------
    params : ndarray of shape (n_columns,)
    cov_params : ndarray of shape (n_columns, n_columns)
        Inverse Fisher information.
    penalised_log_likelihood : float
    converged : bool
    """

    params: np.ndarray
    cov_params: np.ndarray
    penalised_log_likelihood: float
    converged: bool


def fit_firth(
    X: np.ndarray,
    y: np.ndarray,
    *,
    start: np.ndarray | None = None,
    held: int | None = None,
    max_iter: int = 100,
    tolerance: float = 1e-8,
) -> FirthFit:
    """Fit by Newton steps on the modified score, halved as long as the penalised likelihood falls [1]_.

    Parameters
    ----------
    X : ndarray of shape (n_rows, n_columns)
        With the intercept column.
    y : ndarray of shape (n_rows,)
        0 or 1.
    start : ndarray of shape (n_columns,), optional
    held : int, optional
        A column whose coefficient is held at its starting value; it still enters the penalty.

    Returns
    -------
    fit : FirthFit
    """
    free = np.delete(np.arange(X.shape[1]), [] if held is None else held)
    beta = np.zeros(X.shape[1]) if start is None else np.array(start, dtype=float)
    value, information, p = _penalised_likelihood(X, y, beta)
    if not np.isfinite(value):  # so far away there is no way back
        return FirthFit(beta, np.full(information.shape, np.nan), -np.inf, False)
    converged = False
    for _ in range(max_iter):
        inverse = np.linalg.pinv(information, hermitian=True)
        leverage = p * (1 - p) * ((X @ inverse) * X).sum(axis=1)
        score = X[:, free].T @ (y - p + leverage * (0.5 - p))
        step = np.linalg.pinv(information[np.ix_(free, free)], hermitian=True) @ score
        step *= min(1.0, 5.0 / max(np.abs(step).max(), 1e-300))  # no odds ratio changes by more than e^5 at once
        for _ in range(30):
            tried = beta.copy()
            tried[free] += step
            new_value, new_information, new_p = _penalised_likelihood(X, y, tried)
            if new_value >= value - 1e-12:
                break
            step = step / 2
        if not np.isfinite(new_value):
            break
        gain = new_value - value
        beta, value, information, p = tried, new_value, new_information, new_p
        if np.abs(step).max() < tolerance or (
            np.abs(step).max() < 1e-7 and gain < 1e-10
        ):  # rounding can keep steps from shrinking
            converged = True
            break
    return FirthFit(beta, np.linalg.pinv(information, hermitian=True), float(value), converged)


def profile_interval(
    X: np.ndarray, y: np.ndarray, fit: FirthFit, column: int, conf_level: float = 0.95
) -> tuple[float, float, float]:
    """Profile penalised likelihood interval and p-value of one coefficient [2]_.

    Returns
    -------
    low, high, p_value : float
    """
    from scipy.optimize import brentq
    from scipy.stats import chi2

    se = float(np.sqrt(fit.cov_params[column, column]))
    estimate = float(fit.params[column])

    def drop(value):
        """Twice the loss of penalised log likelihood when the coefficient is held at `value`."""
        start = fit.params.copy()
        start[column] = value
        held = fit_firth(X, y, start=start, held=column)
        return min(2 * (fit.penalised_log_likelihood - held.penalised_log_likelihood), _ALL_LOST)

    def bound(direction):
        reach = se
        while drop(estimate + direction * reach) < target and reach < 1e3 * se:
            reach *= 2
        if drop(estimate + direction * reach) < target:
            return direction * np.inf
        low, high = sorted((estimate, estimate + direction * reach))
        return brentq(lambda value: drop(value) - target, low, high, xtol=1e-6)

    target = chi2.ppf(conf_level, 1)
    return bound(-1), bound(1), float(chi2.sf(max(drop(0.0), 0.0), 1))


def separated_columns(X: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Find the columns along which the outcome is separated, by linear programming [3]_.

    Parameters
    ----------
    X : ndarray of shape (n_rows, n_columns)
    y : ndarray of shape (n_rows,)

    Returns
    -------
    columns : ndarray of int
        Empty if the maximum likelihood estimate exists.
    """
    from scipy.optimize import linprog

    signed = X * np.where(np.asarray(y) == 1, 1.0, -1.0)[:, None]
    if _overlaps(signed):
        return np.array([], dtype=int)
    scale = np.abs(signed).max(axis=0)
    signed = np.unique(signed / np.where(scale > 0, scale, 1.0), axis=0)
    solution: Any = linprog(
        -signed.sum(axis=0), A_ub=-signed, b_ub=np.zeros(len(signed)), bounds=(-1, 1), method="highs"
    )
    return np.flatnonzero(np.abs(solution.x) > 1e-6)


def _overlaps(signed):
    """Whether positive weights w with `signed.T @ w = 0` were found: then nothing separates, by Gordan's theorem.

    At the maximum of the likelihood, |y - p| are such weights. A few Newton steps come close to them and a projection
    makes them exact; for many films this takes a hundredth of the time of the linear programme.
    """
    q = np.linalg.qr(signed)[0]
    beta = np.zeros(q.shape[1])
    for _ in range(8):
        w = 1 / (1 + np.exp(np.clip(q @ beta, -700, 700)))
        beta += np.linalg.pinv((q * (w * (1 - w))[:, None]).T @ q, hermitian=True) @ (q.T @ w)
    w = 1 / (1 + np.exp(np.clip(q @ beta, -700, 700)))
    return bool((w - q @ (q.T @ w)).min() > 1e-8)


def _penalised_likelihood(X, y, beta):
    """Log likelihood plus half the log determinant of the information; the information; fitted probabilities."""
    logit = X @ beta
    p = 1 / (1 + np.exp(-np.clip(logit, -700, 700)))
    information = (X * (p * (1 - p))[:, None]).T @ X
    with np.errstate(invalid="ignore"):  # the information is all zeros far away: the penalty is beyond bounds
        return (y * logit - np.logaddexp(0, logit)).sum() + np.linalg.slogdet(information)[1] / 2, information, p
