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
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from bechdel_stats.describe.intervals import adjust_fdr, check_level
from bechdel_stats.inference.brant import brant_test
from bechdel_stats.inference.formulas import NOT_CAUSES, notes_on_terms
from bechdel_stats.inference.margins import score_margins
from bechdel_stats.inference.multinomial import fit_multinomial, multinomial_table
from bechdel_stats.inference.sandwich import critical_value
from bechdel_stats.inference.scores import scored_films
from bechdel_stats.results import Summary, p_text
from bechdel_stats.words.messages import Message, warn

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_ONE_AT_A_TIME = threading.Lock()  # statsmodels changes filters of warnings, of all threads, around L-BFGS
_MARGINS = ("ame", "ame_ci_low", "ame_ci_high")
SIGNIFICANT = 0.05  # level of Brant's test, below which the odds are not taken as proportional


@dataclass(frozen=True, eq=False)
class OrdinalResult:
    """Odds ratios of a higher score.

    Parameters
    ----------
    table : DataFrame
        One row per term: term, contrast, odds_ratio (of a score one step or more higher) with ci_low, ci_high and
        p_value; odds_ratio_1, odds_ratio_2 and odds_ratio_3 (of reaching that score, each from its own model) with
        ci_low_1, ci_high_1 and so on; brant_p_value (of the test that these three are equal) and p_value_fdr_brant
        (Benjamini-Hochberg).
    margins : DataFrame
        One row per term: term, contrast, ame_0 (average marginal effect on the probability of score 0, percentage
        points) with ame_ci_low_0 and ame_ci_high_0, and so on; those of all scores add up to 0.
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
    margins: pd.DataFrame
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
        p = p_text(p_value)
        brant = f"chi2({df}) = {chi2:.1f}, {p}" if np.isfinite(chi2) else "not available"
        header = (
            ("films", self.n_films),
            ("left out, missing values", self.n_dropped),
            ("converged", self.converged),
            ("Brant's test of proportional odds", brant),
        )
        intervals = {"odds_ratio": ("ci_low", "ci_high")} | self.step_intervals
        table = self.table.rename(columns={"brant_p_value": "p_value_brant"})
        return Summary("Odds ratios of a higher score", table, header, self.notes(), intervals=intervals)

    def summaries(self) -> tuple[Summary, ...]:
        """Return `summary()`, and the average marginal effects on each score as another `Summary`."""
        names = list(map(str, self.margins.columns[2:]))
        effects = [name for name in names if "_ci_" not in name]
        intervals = {name: (name.replace("ame", "ame_ci_low"), name.replace("ame", "ame_ci_high")) for name in effects}
        decimals = dict.fromkeys(names, 1)
        title = "Average marginal effects on the probability of each score, percentage points"
        return (self.summary(), Summary(title, self.margins, decimals=decimals, intervals=intervals))

    @property
    def step_intervals(self) -> dict[str, tuple[str, str]]:
        """The columns of each step's odds ratio and of its interval."""
        scores = [name[-1] for name in map(str, self.table) if name.startswith("odds_ratio_")]
        return {f"odds_ratio_{score}": (f"ci_low_{score}", f"ci_high_{score}") for score in scores}

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
        return "".join(summary._repr_html_() for summary in self.summaries())


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
    from scipy.special import expit
    from statsmodels.miscmodels.ordinal_model import OrderedModel

    check_level(conf_level)
    scored = scored_films(films, formula, gender=gender, pre_release=pre_release)
    found, X, y, scores, contrasts = scored.found, scored.X, scored.y, scored.scores, scored.contrasts
    mean, scale = X[:, 1:].mean(axis=0), X[:, 1:].std(axis=0)
    with _ONE_AT_A_TIME, np.errstate(all="ignore"):
        model = OrderedModel(y, (X[:, 1:] - mean) / scale, distr="logit")
        model.cdf = expit  # the same values as scipy.stats.logistic.cdf; derivatives take thousands of them
        results = model.fit(method="lbfgs", maxiter=500, disp=0, warn_convergence=False)
    converged = bool(results.mle_retvals["converged"])
    if not converged:
        warn(Message("ordinal_not_converged"))
    slopes, cuts, covariance = _of_raw_columns(results, mean, scale)
    table, brant = _table(X, y, scores, contrasts, slopes, covariance, conf_level)
    return OrdinalResult(
        table=table,
        margins=_margins(X[:, 1:], slopes, cuts, covariance, scores, contrasts, conf_level),
        brant=brant,
        multinomial=_multinomial(X, y, scores, contrasts, conf_level) if brant[2] < SIGNIFICANT else None,
        n_films=len(y),
        n_dropped=int((~found.complete).sum()),
        dropped=found.dropped,
        pooled=found.pooled,
        left_out=scored.left_out,
        converged=converged,
        conf_level=conf_level,
        formula=f"rating ~ {scored.terms}",
        model_results=results,
    )


def _of_raw_columns(results, mean, scale):
    """Slopes, cuts and their covariance, from statsmodels' for standardised columns.

    Its first cut is a parameter; the others are increments, of which the parameters are logarithms.
    """
    params, k = np.asarray(results.params), len(scale)
    steps = np.r_[params[k], np.exp(params[k + 1 :])]
    n_cuts = len(steps)
    jacobian = np.zeros((k + n_cuts, k + n_cuts))
    jacobian[:k, :k] = np.diag(1 / scale)
    jacobian[k:, :k] = mean / scale
    jacobian[k:, k:] = np.tril(np.ones((n_cuts, n_cuts))) * np.r_[1.0, steps[1:]]
    cuts = np.cumsum(steps) + params[:k] @ (mean / scale)
    return params[:k] / scale, cuts, jacobian @ np.asarray(results.cov_params()) @ jacobian.T


def _margins(X, slopes, cuts, covariance, scores, contrasts, conf_level):
    z = critical_value(conf_level)
    rows = []
    for contrast in contrasts:
        row = {"term": contrast.term, "contrast": contrast.label}
        for score, effect, error in zip(scores, *score_margins(X, slopes, cuts, covariance, contrast)):
            ends = (effect, effect - z * error, effect + z * error)
            row |= {f"{name}_{score}": 100 * value for name, value in zip(_MARGINS, ends)}
        rows.append(row)
    return pd.DataFrame(rows)


def _table(X, y, scores, contrasts, params, covariance, conf_level):
    z = critical_value(conf_level)
    slopes, spreads, test = brant_test(X, y, scores)
    rows = []
    for contrast in contrasts:
        positions = np.array(contrast.columns) - 1
        odds, low, high = contrast.odds_ratio(params, covariance, z, positions)
        steps = {}
        for score, slope, spread in zip(scores[1:], slopes, spreads):
            own = contrast.odds_ratio(slope, spread, z, positions)
            steps |= {f"{name}_{score}": value for name, value in zip(("odds_ratio", "ci_low", "ci_high"), own)}
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
    """The multinomial table, or None with a warning if that fit does not converge."""
    fit = fit_multinomial(X, y)
    if not fit.mle_retvals["converged"]:
        warn(Message("multinomial_not_converged"))
        return None
    return multinomial_table(fit, X, scores, contrasts, conf_level)
