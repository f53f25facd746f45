"""What the terms of a model compare, with estimates, intervals and tests of these contrasts.

References
----------
.. [1] Hosmer, Lemeshow and Sturdivant, "Applied logistic regression", 3rd ed., 2013, section 3.
.. [2] Fox and Monette, "Generalized collinearity diagnostics", JASA, 1992.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from bechdel_stats.attributes import TERM
from bechdel_stats.inference.design import names_in
from bechdel_stats.inference.sandwich import wald_p_value

if TYPE_CHECKING:
    from patsy import DesignMatrix


@dataclass(frozen=True, eq=False)
class Contrast:
    """What a term compares.

    Parameters
    ----------
    term : str
    label : str
        Such as "1 against 0", "+10 points", "92 -> 116".
    columns : tuple of int
        Positions of the term's columns in the design matrix.
    low, high : ndarray of shape (n_columns,), or None
        Values of these columns at the two points compared; None for a one-unit increase.
    alone : bool
        Whether the variables of the term enter no other term, so that it can be varied on its own.
    """

    term: str
    label: str
    columns: tuple[int, ...]
    low: np.ndarray | None = None
    high: np.ndarray | None = None
    alone: bool = True

    def log_odds(
        self, params: np.ndarray, cov_params: np.ndarray, positions: Sequence[int] | np.ndarray | None = None
    ) -> tuple[float, float]:
        """Return the log odds ratio and its standard error; `positions` replace `columns` for another matrix."""
        positions = list(self.columns if positions is None else positions)
        weights = np.ones(1) if self.low is None else self.high - self.low
        variance = weights @ cov_params[np.ix_(positions, positions)] @ weights
        return float(weights @ params[positions]), float(np.sqrt(variance))

    def odds_ratio(
        self, params: np.ndarray, cov_params: np.ndarray, z: float, positions: Sequence[int] | np.ndarray | None = None
    ) -> tuple[float, float, float]:
        """Return the odds ratio and the limits of its Wald interval, `z` standard errors to each side."""
        estimate, error = self.log_odds(params, cov_params, positions)
        with np.errstate(over="ignore"):  # an interval may end at infinity
            return tuple(np.exp([estimate, estimate - z * error, estimate + z * error]).tolist())

    def wald_test(
        self,
        params: np.ndarray,
        cov_params: np.ndarray,
        positions: Sequence[int] | np.ndarray | None = None,
        n_clusters: int | None = None,
    ) -> float:
        """Return the p-value of the Wald test that all coefficients of the term are 0; see `wald_p_value`."""
        positions = list(self.columns if positions is None else positions)
        params, covariance = params[positions], cov_params[np.ix_(positions, positions)]
        return wald_p_value(float(params @ np.linalg.solve(covariance, params)), len(positions), n_clusters)

    def contrast_test(
        self,
        params: np.ndarray,
        cov_params: np.ndarray,
        positions: Sequence[int] | np.ndarray | None = None,
        n_clusters: int | None = None,
    ) -> float:
        """Return the p-value of the test that the log odds ratio of this one comparison is 0."""
        estimate, error = self.log_odds(params, cov_params, positions)
        return wald_p_value((estimate / error) ** 2, 1, n_clusters)


def contrasts_of(X: "DesignMatrix", columns: pd.DataFrame) -> list[Contrast]:
    """Find what each term compares: 1 with 0, a level with the reference, one unit more, or the quartiles of a spline.

    Parameters
    ----------
    X : patsy.DesignMatrix of shape (n_films, n_columns)
    columns : DataFrame
        The columns that the matrix was computed from.

    Returns
    -------
    contrasts : list of Contrast
        In the order of the formula, without the intercept.
    """
    info, values, contrasts = X.design_info, np.asarray(X), []
    for term in info.terms:
        numbers = range(*info.slice(term).indices(len(info.column_names)))
        if not term.factors:
            continue
        own = names_in(term.name(), columns)
        alone = not any(own & names_in(other.name(), columns) for other in info.terms if other is not term)
        spline = _spline_variable(term, info, columns) if len(numbers) > 1 else None
        if spline:
            quartiles = columns[spline].quantile([0.25, 0.75]).tolist()
            low, high = _basis(info, term, columns, spline, quartiles)
            label = f"{quartiles[0]:g} -> {quartiles[1]:g}"
            contrasts.append(Contrast(spline, label, tuple(numbers), low, high, alone))
            continue
        for number in numbers:
            name = info.column_names[number]
            if np.isin(values[:, number], (0.0, 1.0)).all():
                contrasts.append(Contrast(name, "1 against 0", (number,), np.zeros(1), np.ones(1), alone))
            else:
                label = TERM[name].unit if name in TERM else "x 10" if name.startswith("log10_") else "+1"
                contrasts.append(Contrast(name, label, (number,), alone=alone))
    return contrasts


def marginal_effect(
    X: np.ndarray, params: np.ndarray, contrast: Contrast, weights: np.ndarray | None = None
) -> tuple[float, np.ndarray]:
    """Average marginal effect of a term on the probability, and its gradient by the coefficients (delta method).

    The average is over all films with their other terms as observed: of the slope of the probability for a number,
    otherwise of the difference between `high` and `low`, as in statsmodels' `get_margeff(dummy=True)`.

    Parameters
    ----------
    X : ndarray of shape (n_films, n_columns)
    params : ndarray of shape (n_columns,)
    contrast : Contrast
    weights : ndarray of shape (n_films,), optional
        Sampling weights of the films; all alike by default.

    Returns
    -------
    effect : float
    gradient : ndarray of shape (n_columns,)
        Both NaN if the term cannot be varied on its own, as in an interaction.
    """
    if not contrast.alone:
        return float("nan"), np.full(len(params), np.nan)
    positions = list(contrast.columns)
    if contrast.low is None:
        p = 1 / (1 + np.exp(-X @ params))
        slope = params[positions[0]]
        effect = np.average(p * (1 - p), weights=weights) * slope
        gradient = slope * np.average(X * (p * (1 - p) * (1 - 2 * p))[:, None], axis=0, weights=weights)
        gradient[positions[0]] += np.average(p * (1 - p), weights=weights)
        return float(effect), gradient
    effect, gradient = 0.0, np.zeros(len(params))
    for values, sign in ((contrast.high, 1), (contrast.low, -1)):
        changed = X.copy()
        changed[:, positions] = values
        p = 1 / (1 + np.exp(-changed @ params))
        effect += sign * np.average(p, weights=weights)
        gradient += sign * np.average(changed * (p * (1 - p))[:, None], axis=0, weights=weights)
    return float(effect), gradient


def generalised_vif(X: np.ndarray, columns: Sequence[int]) -> float:
    """Return the generalised variance inflation factor per degree of freedom [2]_; for one column, the usual VIF."""
    others = np.setdiff1d(np.arange(1, X.shape[1]), columns)
    if not len(others):
        return 1.0
    order = [*columns, *others]
    correlation = np.corrcoef(X[:, order], rowvar=False)
    k = len(columns)
    parts = [np.atleast_2d(part) for part in (correlation[:k, :k], correlation[k:, k:], correlation)]
    own, rest, whole = (np.linalg.slogdet(part)[1] for part in parts)
    return float(np.exp((own + rest - whole) / k))


def _spline_variable(term, info, columns):
    """The one variable that a term of several columns is a function of, or None for a categorical term."""
    if any(info.factor_infos[factor].type == "categorical" for factor in term.factors):
        return None
    names = names_in(term.name(), columns)
    return names.pop() if len(names) == 1 else None


def _basis(info, term, columns, variable, values):
    """The columns of a term at given values of its variable."""
    from patsy import build_design_matrices

    names = set().union(*(names_in(other.name(), columns) for other in info.terms))
    data = {name: np.repeat(columns[name].iloc[0], len(values)) for name in names}
    matrix = build_design_matrices([info], data | {variable: np.array(values)})[0]
    return np.asarray(matrix)[:, info.slice(term)]
