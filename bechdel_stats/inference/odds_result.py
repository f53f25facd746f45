"""`OddsRatioResult`: odds ratios of passing, and how they are displayed."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from bechdel_stats.inference.fit import FitStatistics
from bechdel_stats.inference.formulas import NOT_CAUSES, notes_on_terms
from bechdel_stats.inference.sampling import Weights
from bechdel_stats.results import Summary, p_text
from bechdel_stats.words.messages import Message

if TYPE_CHECKING:
    from matplotlib.axes import Axes

EVENTS = 5  # films with the rarer outcome for each column [Vittinghoff and McCulloch, AJE 2007]
_COLLINEAR = 100  # a variance inflation factor above this is told


@dataclass(frozen=True, eq=False)
class OddsRatioResult:
    """Odds ratios of passing.

    Parameters
    ----------
    table : DataFrame
        One row per term: term, contrast (what is compared), n_films (films that have it; all for a number, those with
        a known budget for the budget) and n_passes, crude_odds_ratio with crude_ci_low and crude_ci_high (the term
        alone, same films), odds_ratio with ci_low and ci_high, p_value (of all columns of the term, as of a curve),
        p_value_contrast (of this odds ratio alone), p_value_fdr (p_value, Benjamini-Hochberg over the terms), ame,
        ame_ci_low and ame_ci_high (average marginal effect, percentage points of the probability of passing), vif
        (generalised, per degree of freedom).
    levels : DataFrame
        Films and passes at each level and its reference: variable, level, n_films, n_passes, pass_rate, odds_ratio,
        ci_low, ci_high. The odds ratio of a reference is 1, without an interval.
    n_films : int
        Number of films the model was fitted to.
    n_dropped : int
        Number of films left out because something in the formula is not known.
    dropped : dict of str -> int
        Number of films in which each column is not known; a film can lack several.
    pooled : tuple of str
        Rare genres and languages that share a column.
    left_out : tuple of str
        Columns that are empty or constant, levels that even when pooled have one outcome only, and reference levels.
    separated : tuple of str
        Terms that occur with one outcome only; the model is then fitted by Firth's penalised likelihood.
    converged : bool
    covariance : str
        How standard errors were computed.
    formula : str
    conf_level : float
    rows : ndarray of int
        Positions of the films the model was fitted to.
    statistics : FitStatistics or None
        Log likelihood, likelihood-ratio test, AIC, BIC and pseudo R squared; None with weights or under separation.
    weights : Weights or None
        Sampling weights of the films the model was fitted to.
    model_results : statsmodels result, or FirthFit
    """

    table: pd.DataFrame
    levels: pd.DataFrame
    n_films: int
    n_dropped: int
    dropped: dict[str, int]
    pooled: tuple[str, ...]
    left_out: tuple[str, ...]
    separated: tuple[str, ...]
    converged: bool
    covariance: str
    formula: str
    conf_level: float
    rows: np.ndarray
    statistics: FitStatistics | None
    weights: Weights | None
    model_results: Any

    def summary(self) -> Summary:
        """Return the odds ratios in readable form, as a `Summary`."""
        header = (
            ("films", self.n_films),
            ("left out, missing values", self.n_dropped),
            *self._of_weights(),
            ("standard errors", self.covariance),
            ("confidence level", f"{100 * self.conf_level:g}%"),
            ("converged", self.converged),
            *self._of_fit(),
        )
        intervals = {f"{k}odds_ratio": (f"{k}ci_low", f"{k}ci_high") for k in ("crude_", "")}
        intervals["ame"] = ("ame_ci_low", "ame_ci_high")
        decimals = dict.fromkeys(("ame", "ame_ci_low", "ame_ci_high", "vif"), 1)
        curves = self.table["contrast"].str.contains("->").any()
        table = self.table if curves else self.table.drop(columns="p_value_contrast")  # which is then p_value
        return Summary("Odds ratios of passing", table, header, self.notes(), decimals, intervals)

    def summaries(self) -> tuple[Summary, ...]:
        """Return `summary()`, and the films and passes at each level with its reference, if there are levels."""
        if self.levels.empty:
            return (self.summary(),)
        decimals = {"pass_rate": 3}
        intervals = {"odds_ratio": ("ci_low", "ci_high")}
        title = "Films and passes at each level; the odds ratio of a reference is 1"
        return (self.summary(), Summary(title, self.levels, decimals=decimals, intervals=intervals))

    def _of_weights(self):
        if self.weights is None:
            return ()
        return (
            ("effective films (Kish)", round(self.weights.n_effective, 1)),
            ("design effect of the weights", self.weights.design_effect),
        )

    def _of_fit(self):
        fit = self.statistics
        if fit is None:
            return ()
        p = "" if np.isnan(fit.p_value) else f", {p_text(fit.p_value)}"
        return (
            ("log likelihood", fit.log_likelihood),
            ("likelihood ratio to no terms", f"chi2({fit.df}) = {fit.chi2:.1f}{p}"),
            ("AIC, BIC", f"{fit.aic:.1f}, {fit.bic:.1f}"),
            ("McFadden's pseudo R2", f"{fit.mcfadden:.3f}"),
        )

    def _rarer(self):
        """Films with the rarer outcome."""
        n_passes = int(self.model_results.model.endog.sum())
        return min(n_passes, self.n_films - n_passes)

    def notes(self) -> tuple[Message, ...]:
        """Return what a reader needs to know beside the table."""
        notes = notes_on_terms(self)
        if self.statistics and self._rarer() < EVENTS * self.statistics.df:
            notes.append(Message("few_events", n=self._rarer(), k=self.statistics.df, least=EVENTS))
        if self.weights is not None:
            notes.append(Message("weighted"))
            if self.weights.n_zero:
                notes.append(Message("weighted_zero", n=self.weights.n_zero))
        if self.separated:
            notes.append(Message("separated", terms=list(self.separated)))
        return (*notes, *collinear(self.table), NOT_CAUSES)

    def plot(self, ax: "Axes | None" = None) -> "Axes":
        """Draw the odds ratios with their intervals on a log axis, and return `ax`."""
        from bechdel_stats.pictures.odds import plot_odds

        return plot_odds(self, ax)

    def __repr__(self):
        return f"OddsRatioResult({len(self.table)} terms, {self.n_films} films, {self.n_dropped} left out)"

    def _repr_html_(self):
        return self.summary()._repr_html_()


def collinear(table: pd.DataFrame) -> tuple[Message, ...]:
    """Return what is to be told of terms, with their `vif`, that nearly follow from the others: one text or none."""
    terms = table.loc[table["vif"] > _COLLINEAR, "term"].tolist()
    return (Message("collinear", terms=terms, limit=_COLLINEAR),) if terms else ()
