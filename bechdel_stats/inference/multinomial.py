"""What is associated with each score 0-3 against the lowest: multinomial logistic regression.

A ratio of 0.5 for War at score 3 means that, among films alike in everything else in the formula, the odds of score 3
rather than 0 are half as high with that genre: a relative risk ratio. No order of the scores is assumed.

References
----------
.. [1] Hosmer, Lemeshow and Sturdivant, "Applied logistic regression", 3rd ed., 2013, section 8.1.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from bechdel_stats.describe.intervals import adjust_fdr, check_level
from bechdel_stats.inference.contrasts import Contrast
from bechdel_stats.inference.fit import QUIET
from bechdel_stats.inference.formulas import NOT_CAUSES, notes_on_terms
from bechdel_stats.inference.sandwich import critical_value
from bechdel_stats.inference.scores import scored_films
from bechdel_stats.results import Summary
from bechdel_stats.words.messages import Message, warn


@dataclass(frozen=True, eq=False)
class MultinomialResult:
    """Relative risk ratios of each score against the lowest.

    Parameters
    ----------
    table : DataFrame
        One row per term and score: term, contrast, score, odds_ratio (of that score rather than the lowest) with ci_low
        and ci_high, p_value and p_value_fdr (Benjamini-Hochberg over all rows).
    lowest : int
        The score that the others are compared with, 0 if it occurs.
    n_films, n_dropped : int
    dropped : dict of str -> int
        Number of films in which each column is not known; a film can lack several.
    pooled, left_out : tuple of str
        As in `OddsRatioResult`.
    converged : bool
    conf_level : float
    formula : str
    model_results : statsmodels result
        Of standardised columns.
    """

    table: pd.DataFrame
    lowest: int
    n_films: int
    n_dropped: int
    dropped: dict[str, int]
    pooled: tuple[str, ...]
    left_out: tuple[str, ...]
    converged: bool
    conf_level: float
    formula: str
    model_results: Any

    def summary(self) -> Summary:
        """Return the ratios in readable form, as a `Summary`."""
        header = (
            ("films", self.n_films),
            ("left out, missing values", self.n_dropped),
            ("confidence level", f"{100 * self.conf_level:g}%"),
            ("converged", self.converged),
        )
        title = f"Relative risk ratios of each score against {self.lowest}"
        intervals = {"odds_ratio": ("ci_low", "ci_high")}
        return Summary(title, self.table, header, (*notes_on_terms(self), NOT_CAUSES), intervals=intervals)

    def __repr__(self):
        return f"MultinomialResult({self.table['term'].nunique()} terms, {self.n_films} films)"

    def _repr_html_(self):
        return self.summary()._repr_html_()


def multinomial_odds_ratios(
    films: pd.DataFrame,
    formula: str | None = None,
    conf_level: float = 0.95,
    *,
    gender: bool = True,
    pre_release: bool = True,
) -> MultinomialResult:
    """Estimate relative risk ratios of each score against the lowest, by multinomial logistic regression [1]_.

    Parameters, errors and warnings are those of `ordinal_odds_ratios`.

    Returns
    -------
    result : MultinomialResult
    """
    check_level(conf_level)
    scored = scored_films(films, formula, gender=gender, pre_release=pre_release)
    found = scored.found
    results = fit_multinomial(scored.X, scored.y)
    converged = bool(results.mle_retvals["converged"])
    if not converged:
        warn(Message("not_converged"))
    table = multinomial_table(results, scored.X, scored.scores, scored.contrasts, conf_level)
    return MultinomialResult(
        table=table.assign(p_value_fdr=adjust_fdr(table["p_value"])),
        lowest=int(scored.scores[0]),
        n_films=len(scored.y),
        n_dropped=int((~found.complete).sum()),
        dropped=found.dropped,
        pooled=found.pooled,
        left_out=scored.left_out,
        converged=converged,
        conf_level=conf_level,
        formula=f"rating ~ {scored.terms}",
        model_results=results,
    )


def fit_multinomial(X: np.ndarray, y: np.ndarray) -> Any:
    """Fit by maximum likelihood to standardised columns, the intercept first; returns statsmodels' result."""
    from statsmodels.discrete.discrete_model import MNLogit

    mean, scale = _scale(X)
    with np.errstate(all="ignore"):
        return MNLogit(y, (X - mean) / scale).fit(maxiter=100, **QUIET)


def multinomial_table(
    results: Any, X: np.ndarray, scores: np.ndarray, contrasts: list[Contrast], conf_level: float
) -> pd.DataFrame:
    """Return the ratios of a fit of `fit_multinomial`: a row per term and score, as in `MultinomialResult`."""
    z, n_columns, (_, scale) = critical_value(conf_level), X.shape[1], _scale(X)
    params, covariance = np.asarray(results.params), np.asarray(results.cov_params())
    rows = []
    for contrast in contrasts:
        for k, score in enumerate(scores[1:]):
            own = slice(k * n_columns, (k + 1) * n_columns)
            slopes, spread = params[:, k] / scale, covariance[own, own] / np.outer(scale, scale)
            rows.append(
                {
                    "term": contrast.term,
                    "contrast": contrast.label,
                    "score": int(score),
                    **dict(zip(("odds_ratio", "ci_low", "ci_high"), contrast.odds_ratio(slopes, spread, z))),
                    "p_value": contrast.wald_test(slopes, spread),
                }
            )
    return pd.DataFrame(rows)


def _scale(X):
    """Mean and deviation of each column; those of the intercept leave it as it is."""
    return np.r_[0.0, X[:, 1:].mean(axis=0)], np.r_[1.0, X[:, 1:].std(axis=0)]
