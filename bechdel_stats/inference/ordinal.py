"""What is associated with each step of the score: ordinal and multinomial logistic regression of the rating 0-3.

The ordinal model has one odds ratio per term for all steps (two women; who talk; not about a man). Brant's test checks
whether that holds; if it does not, the multinomial model gives one ratio per score.

References
----------
.. [1] McCullagh, "Regression models for ordinal data", JRSS B, 1980.
.. [2] Brant, "Assessing proportionality in the proportional odds model for ordinal logistic regression", Biometrics,
   1990.
"""

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from bechdel_stats.data.schema import checked
from bechdel_stats.describe.intervals import adjust_fdr, check_level
from bechdel_stats.inference.contrasts import contrasts_of
from bechdel_stats.inference.design import names_in
from bechdel_stats.inference.firth import separated_columns
from bechdel_stats.inference.formulas import NOT_CAUSES, films_of_formula, model_matrix, notes_on_terms
from bechdel_stats.inference.regression import QUIET
from bechdel_stats.results import Summary
from bechdel_stats.words.messages import FilmsError, Message, warn

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_ONE_AT_A_TIME = threading.Lock()  # statsmodels changes filters of warnings, of all threads, around L-BFGS
SIGNIFICANT = 0.05  # level of Brant's test, below which the odds are not taken as proportional


@dataclass(frozen=True, eq=False)
class OrdinalResult:
    """Odds ratios of a higher score.

    Parameters
    ----------
    table : DataFrame
        One row per term: term, contrast, odds_ratio (of a score one step or more higher) with ci_low, ci_high and
        p_value; odds_ratio_1, odds_ratio_2 and odds_ratio_3 (of reaching that score, each from its own model), with
        ci_low_1, ci_high_1 and so on; brant_p_value (of the test that these three are equal) and p_value_fdr_brant
        (Benjamini-Hochberg).
    brant : tuple of (float, int, float)
        Chi-squared, degrees of freedom and p-value of the test of all terms at once; NaN as in `brant_test`.
    multinomial : DataFrame or None
        If the odds are not proportional: term, contrast, score (1-3, against 0), odds_ratio, ci_low, ci_high, p_value.
        Otherwise, or if that fit did not converge, None.
    n_films, n_dropped : int
    dropped : dict of str -> int
        Number of films in which each column is not known; a film can lack several.
    pooled, left_out : tuple of str
        As in `OddsRatioResult`.
    converged : bool
    conf_level : float
    formula : str
    model_results : statsmodels result
    """

    table: pd.DataFrame
    brant: tuple[float, int, float]
    multinomial: pd.DataFrame | None
    n_films: int
    n_dropped: int
    dropped: dict[str, int]
    pooled: tuple[str, ...]
    left_out: tuple[str, ...]
    converged: bool
    conf_level: float
    formula: str
    model_results: Any

    @property
    def proportional(self) -> bool:
        """Whether Brant's test does not reject one odds ratio per term for all steps."""
        return not self.brant[2] < SIGNIFICANT

    def summary(self) -> Summary:
        """Return the odds ratios in readable form, as a `Summary`."""
        chi2, df, p_value = self.brant
        p = "p < 0.001" if p_value < 0.001 else f"p = {p_value:.3f}"
        brant = f"chi2({df}) = {chi2:.1f}, {p}" if np.isfinite(chi2) else "not available"
        header = (
            ("films", self.n_films),
            ("left out, missing values", self.n_dropped),
            ("converged", self.converged),
            ("Brant's test of proportional odds", brant),
        )
        kinds = [kind for kind in ("", "_1", "_2", "_3") if f"odds_ratio{kind}" in self.table]
        intervals = {f"odds_ratio{kind}": (f"ci_low{kind}", f"ci_high{kind}") for kind in kinds}
        table = self.table.rename(columns={"brant_p_value": "p_value_brant"})
        return Summary("Odds ratios of a higher score", table, header, self.notes(), intervals=intervals)

    def notes(self) -> tuple[Message, ...]:
        """Return what a reader needs to know beside the table."""
        notes = [Message("steps_columns")]
        if not self.proportional:
            notes.append(Message("not_proportional"))
        notes += notes_on_terms(self)
        return (*notes, NOT_CAUSES)

    def plot(self, ax: "Axes | None" = None) -> "Axes":
        """Draw the common odds ratios with their intervals, and those of each step, and return `ax`."""
        from bechdel_stats.pictures.odds import plot_steps

        return plot_steps(self, ax)

    def __repr__(self):
        fair = "proportional" if self.proportional else "not proportional"
        return f"OrdinalResult({len(self.table)} terms, {self.n_films} films, odds {fair})"

    def _repr_html_(self):
        return self.summary()._repr_html_()


def ordinal_odds_ratios(
    films: pd.DataFrame,
    formula: str | None = None,
    conf_level: float = 0.95,
    *,
    gender: bool = True,
    pre_release: bool = True,
) -> OrdinalResult:
    """Estimate odds ratios of a higher rating, and test whether one per term is enough [1]_ [2]_.

    Parameters
    ----------
    films : DataFrame
        One row per film, with `rating`.
    formula : str, optional
        As for `odds_ratios`, with `rating` on the left.
    conf_level : float, default=0.95
    gender, pre_release : bool
        As for `odds_ratios`.

    Returns
    -------
    result : OrdinalResult

    Raises
    ------
    FilmsError
        If there is no rating, a term separates one of its steps, a column follows from the others, or too few films
        are complete.

    Warns
    -----
    FilmsWarning
        If a fit does not converge, or a column has a spread like that of raw dollars.
    """
    from statsmodels.miscmodels.ordinal_model import OrderedModel

    check_level(conf_level)
    found = films_of_formula(checked(films), formula, "rating", gender=gender, pre_release=pre_release)
    complete, terms, left_out = found.complete, found.terms, found.left_out
    columns = found.columns[complete]
    y = found.outcome[complete].astype(int).to_numpy()
    scores = np.unique(y)
    if len(scores) < 3:
        raise FilmsError(Message("few_ratings", n=len(y), n_ratings=len(scores)))
    matrix, contrasts, separated = _told_apart(terms, columns, y, scores)
    while separated and formula is None:  # rare levels that `default_formula` could not foresee
        kept = [term for term in terms.split(" + ") if not names_in(term, columns) & set(separated)]
        if not kept:
            break
        terms, left_out = " + ".join(kept), (*left_out, *separated)
        matrix, contrasts, separated = _told_apart(terms, columns, y, scores)
    if separated:
        raise FilmsError(Message("step_separated", terms=list(separated)))
    X = np.asarray(matrix)
    mean, scale = X[:, 1:].mean(axis=0), X[:, 1:].std(axis=0)
    with _ONE_AT_A_TIME, np.errstate(all="ignore"):
        model = OrderedModel(y, (X[:, 1:] - mean) / scale, distr="logit")
        results = model.fit(method="lbfgs", maxiter=500, disp=0, warn_convergence=False)
    converged = bool(results.mle_retvals["converged"])
    if not converged:
        warn(Message("ordinal_not_converged"))
    k = X.shape[1] - 1
    params = np.asarray(results.params)[:k] / scale
    covariance = np.asarray(results.cov_params())[:k, :k] / np.outer(scale, scale)
    table, brant = _table(X, y, scores, contrasts, params, covariance, conf_level)
    return OrdinalResult(
        table=table,
        brant=brant,
        multinomial=_multinomial(X, y, scores, contrasts, conf_level) if brant[2] < SIGNIFICANT else None,
        n_films=len(y),
        n_dropped=int((~complete).sum()),
        dropped=found.dropped,
        pooled=found.pooled,
        left_out=left_out,
        converged=converged,
        conf_level=conf_level,
        formula=f"rating ~ {terms}",
        model_results=results,
    )


def _told_apart(terms, columns, y, scores):
    """Design matrix, contrasts, and the terms that separate a step of the score."""
    matrix = model_matrix(terms, columns)
    contrasts = contrasts_of(matrix, columns)
    steps = [set(separated_columns(np.asarray(matrix), y >= score)) for score in scores[1:]]
    return matrix, contrasts, [c.term for c in contrasts if set(c.columns) & set.union(*steps)]


def brant_test(
    X: np.ndarray, y: np.ndarray, scores: np.ndarray
) -> tuple[np.ndarray, np.ndarray, Callable[[Sequence[int]], tuple[float, int, float]]]:
    """Fit a binary model to each step, and test that their slopes are equal [2]_.

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
        Of the slopes of each model.
    test : callable
        `test(columns)` gives chi-squared, degrees of freedom and p-value for some columns of X; chi-squared and
        p-value are NaN if too few films reach a step for a covariance of the slopes.
    """
    import statsmodels.api as sm
    from scipy.stats import chi2

    fits = [sm.Logit((y >= score).astype(float), X).fit(maxiter=100, disp=0) for score in scores[1:]]
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

    return slopes, covariance[np.arange(n_steps), np.arange(n_steps)], test


def _table(X, y, scores, contrasts, params, covariance, conf_level):
    from scipy.stats import norm

    z = norm.ppf((1 + conf_level) / 2)
    slopes, covariances, test = brant_test(X, y, scores)
    rows = []
    for contrast in contrasts:
        positions = np.array(contrast.columns) - 1
        odds, low, high = contrast.odds_ratio(params, covariance, z, positions)
        steps = {}
        for score, slope, spread in zip(scores[1:], slopes, covariances):
            ends = contrast.odds_ratio(slope, spread, z, positions)
            steps |= dict(zip((f"odds_ratio_{score}", f"ci_low_{score}", f"ci_high_{score}"), ends))
        rows.append(
            {
                "term": contrast.term,
                "contrast": contrast.label,
                "odds_ratio": odds,
                "ci_low": low,
                "ci_high": high,
                "p_value": contrast.wald_test(params, covariance, positions),
                **steps,
                "brant_p_value": test(contrast.columns)[2],
            }
        )
    table = pd.DataFrame(rows)
    table["p_value_fdr_brant"] = adjust_fdr(table["brant_p_value"])
    return table, test(range(1, X.shape[1]))


def _multinomial(X, y, scores, contrasts, conf_level):
    """Odds ratios of each score against the lowest."""
    import statsmodels.api as sm
    from scipy.stats import norm

    z = norm.ppf((1 + conf_level) / 2)
    mean, scale = np.r_[0.0, X[:, 1:].mean(axis=0)], np.r_[1.0, X[:, 1:].std(axis=0)]
    with np.errstate(all="ignore"):
        fit = sm.MNLogit(y, (X - mean) / scale).fit(maxiter=100, **QUIET)
    if not fit.mle_retvals["converged"]:
        warn(Message("multinomial_not_converged"))
        return None
    n_columns = X.shape[1]
    params, covariance = np.asarray(fit.params), np.asarray(fit.cov_params())
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
