"""Two models of the same films, with and without the gender of cast and crew, on one scale.

Odds ratios of two models cannot be compared: a variable left out makes all others smaller, even one that is unrelated
to them (they are not collapsible). Two measures can. Average marginal effects are in percentage points in both models;
the error of their difference takes into account that both are of the same films. And Karlson, Holm and Breen's method
[1]_ gives the odds ratios without gender on the scale of the model with gender: the gender columns are replaced by
their residuals, given all others, so that they tell nothing of the others, but the rest of the model is as large.

References
----------
.. [1] Karlson, Holm and Breen, "Comparing regression coefficients between same-sample nested models using logit and
   probit: a new method", Sociological Methodology, 2012.
.. [2] Mood, "Logistic regression: why we cannot do what we think we can do, and what we can do about it", European
   Sociological Review, 2010.
"""

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from bechdel_stats.attributes import ATTRIBUTE_OF_TERM
from bechdel_stats.data.schema import checked
from bechdel_stats.describe.intervals import check_level
from bechdel_stats.inference.contrasts import marginal_effect
from bechdel_stats.inference.design import design_columns, names_in
from bechdel_stats.inference.formulas import films_of_formula, odds_terms
from bechdel_stats.inference.odds_result import OddsRatioResult
from bechdel_stats.inference.regression import OddsModel, fit_odds
from bechdel_stats.inference.sampling import read_weights
from bechdel_stats.inference.sandwich import deviations, wald_p_value
from bechdel_stats.results import Summary
from bechdel_stats.words.messages import FilmsError, Message, collected, warn

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_SCALED = ("odds_ratio_rescaled", "ci_low_rescaled", "ci_high_rescaled", "p_value_rescaled")
_MARGINS = ("ame", "ame_ci_low", "ame_ci_high")


@dataclass(frozen=True, eq=False)
class OddsPair:
    """Odds ratios for the same films with and without the gender of cast and crew in the model.

    Genre and year are associated with passing largely through who is cast; only the two models side by side show it.

    Parameters
    ----------
    without, with_gender : OddsRatioResult
    one_scale : DataFrame
        One row per term of both models: term; odds_ratio_rescaled with ci_low_rescaled and ci_high_rescaled, the odds
        ratio without gender on the scale of the model with gender [1]_; p_value_rescaled, of the test that it is that
        with gender; ame_difference with ame_ci_low_difference and ame_ci_high_difference, the average marginal effect
        with gender less that without, in percentage points. NaN without an interval where a term separates.
    """

    without: OddsRatioResult
    with_gender: OddsRatioResult
    one_scale: pd.DataFrame

    @property
    def table(self) -> pd.DataFrame:
        """Films, odds ratios, intervals and FDR-adjusted p-values of each term in both models, and `one_scale`.

        Average marginal effects are ame_with and ame_without, with their intervals.
        """
        columns = ["odds_ratio", "ci_low", "ci_high", "p_value_fdr"]
        shown = [*columns, *_MARGINS]
        merged = self.with_gender.table[["term", "contrast", "n_films", "n_passes", *shown]].merge(
            self.without.table[["term", *shown]], on="term", how="left", suffixes=("_with", "_without")
        )
        merged = merged.merge(self.one_scale, on="term", how="left")
        ratios = [f"{name}_{kind}" for kind in ("with", "without") for name in columns]
        margins = [f"{name}_{kind}" for kind in ("with", "without", "difference") for name in _MARGINS]
        return merged[["term", "contrast", "n_films", "n_passes", *ratios, *_SCALED, *margins]]

    def summary(self) -> Summary:
        """Return both models' odds ratios in readable form, as a `Summary`."""
        header = (("films", self.with_gender.n_films), ("left out, missing values", self.with_gender.n_dropped))
        title = "Odds ratios of passing, with and without cast and crew gender in the model"
        intervals = {f"odds_ratio_{k}": (f"ci_low_{k}", f"ci_high_{k}") for k in ("with", "without")}
        table = self.table
        last = list(table).index("p_value_fdr_without")
        return Summary(title, table.iloc[:, : last + 1], header, self.with_gender.notes(), intervals=intervals)

    def summaries(self) -> tuple[Summary, ...]:
        """Return `summary()`, and what can be compared between the models, as another `Summary`."""
        both = self.table[self.table["odds_ratio_without"].notna()]
        ratios = ["odds_ratio_with", "ci_low_with", "ci_high_with", *_SCALED]
        margins = [f"{name}_{kind}" for kind in ("with", "without", "difference") for name in _MARGINS]
        intervals = {f"odds_ratio_{k}": (f"ci_low_{k}", f"ci_high_{k}") for k in ("with", "rescaled")}
        intervals |= {f"ame_{k}": (f"ame_ci_low_{k}", f"ame_ci_high_{k}") for k in ("with", "without", "difference")}
        title = "The same, comparable: odds ratios on one scale, and average marginal effects"
        notes = [Message("rescaled"), Message("margins_compared")]
        if self.with_gender.separated or self.without.separated:
            notes.append(Message("not_compared"))
        table = both[["term", "contrast", *ratios, *margins]]
        decimals = dict.fromkeys(margins, 1)
        return (self.summary(), Summary(title, table, (), tuple(notes), decimals, intervals))

    def plot(self, ax: "Axes | None" = None) -> "Axes":
        """Draw the odds ratios of both models side by side, and return `ax`."""
        from bechdel_stats.pictures.odds import plot_odds_pair

        return plot_odds_pair(self, ax)

    def __repr__(self):
        return f"OddsPair({len(self.table)} terms, {self.with_gender.n_films} films)"

    def _repr_html_(self):
        return "".join(summary._repr_html_() for summary in self.summaries())


def odds_with_and_without_gender(
    films: pd.DataFrame,
    conf_level: float = 0.95,
    *,
    pre_release: bool = True,
    cluster: str | None = None,
    weights: "str | ArrayLike | None" = None,
) -> OddsPair:
    """Fit the default formula twice to the same films: with and without cast and crew gender.

    Odds ratios of the two cannot be compared [2]_; average marginal effects and rescaled odds ratios [1]_ can.
    Parameters and errors are those of `odds_ratios`; at least one column of cast or crew gender must have values.

    Returns
    -------
    pair : OddsPair
    """
    check_level(conf_level)
    films = checked(films)
    gender = odds_terms("gender")
    if design_columns(films)[list(gender)].isna().all(axis=None):
        raise FilmsError(Message("no_gender_to_pair", columns=[ATTRIBUTE_OF_TERM[term].name for term in gender]))
    found = films_of_formula(films, None, "passes", gender=True, pre_release=pre_release)
    others = [term for term in found.terms.split(" + ") if not names_in(term, gender)]
    if not others:
        raise FilmsError(Message("only_gender_to_pair"))
    about_gender = {ATTRIBUTE_OF_TERM[term].name for term in gender}
    plain = replace(
        found,
        terms=" + ".join(others),
        left_out=tuple(name for name in found.left_out if name not in about_gender),
    )
    read = read_weights(films, weights)
    with collected() as messages:
        full = fit_odds(films, found, conf_level, cluster, read)
        reduced = fit_odds(films, plain, conf_level, cluster, read)
    for message in dict.fromkeys(messages):  # most are the same of both
        warn(message)
    return OddsPair(reduced.result, full.result, _one_scale(full, reduced, conf_level))


def _one_scale(full: OddsModel, reduced: OddsModel, conf_level: float) -> pd.DataFrame:
    """The table of `OddsPair.one_scale`."""
    kept = _kept_columns(full, reduced)
    comparable = full.fit.deviations is not None and reduced.fit.deviations is not None
    if comparable:
        taken, moved = _gender_on_others(full, kept)
    z = full.fit.critical_value(conf_level)
    own = {contrast.term: contrast for contrast in full.contrasts}
    rows = []
    for contrast in reduced.contrasts:
        before, before_gradient = marginal_effect(reduced.X, reduced.fit.params, contrast, reduced.weights)
        after, after_gradient = marginal_effect(full.X, full.fit.params, own[contrast.term], full.weights)
        row = {"term": contrast.term, **dict.fromkeys(_SCALED, np.nan)}
        error = np.nan
        if comparable:
            apart = full.fit.deviations @ after_gradient - reduced.fit.deviations @ before_gradient
            error = float(np.linalg.norm(apart))
            positions = [kept[column] for column in contrast.columns]
            step = np.ones(1) if contrast.low is None else contrast.high - contrast.low
            row |= dict(zip(_SCALED, _rescaled(full.fit, positions, step, taken, moved, z)))
        difference = after - before
        effects = (difference, difference - z * error, difference + z * error)
        row |= {f"{name}_difference": 100 * value for name, value in zip(_MARGINS, effects)}
        rows.append(row)
    return pd.DataFrame(rows)


def _kept_columns(full, reduced):
    """Where the columns of the model without gender stand in the other; the intercept stands first in both."""
    own = {contrast.term: contrast.columns for contrast in full.contrasts}
    pairs = [(0, 0), *(pair for each in reduced.contrasts for pair in zip(each.columns, own[each.term]))]
    return [there for _, there in sorted(pairs)]


def _gender_on_others(full, kept):
    """What the other columns take over of gender: coefficients of shape (n_full_columns,), and their deviations.

    By least squares of the gender columns on the others; `params[kept] + taken` are the coefficients of the model of
    the others and the residuals of gender.
    """
    gender = np.setdiff1d(np.arange(full.X.shape[1]), kept)
    others, columns = full.X[:, kept], full.X[:, gender]
    weights = np.ones(len(others)) if full.weights is None else full.weights
    weighted = others * weights[:, None]
    slopes = np.linalg.solve(weighted.T @ others, weighted.T @ columns)  # (n_kept, n_gender)
    residuals = weights[:, None] * (columns - others @ slopes)
    moved = deviations(others, residuals, weights, full.groups)  # (n_units, n_kept, n_gender)
    taken, rows = np.zeros(full.X.shape[1]), np.zeros_like(full.fit.deviations)
    taken[kept] = slopes @ full.fit.params[gender]
    rows[:, kept] = moved @ full.fit.params[gender] + full.fit.deviations[:, gender] @ slopes.T
    return taken, rows


def _rescaled(fit, positions, step, taken, moved, z):
    """Odds ratio without gender on the scale with gender, its interval, and p of the difference."""
    difference = float(step @ taken[positions])
    error = float(np.linalg.norm(moved[:, positions] @ step))
    estimate = float(step @ fit.params[positions]) + difference
    spread = float(np.linalg.norm((fit.deviations + moved)[:, positions] @ step))
    p_value = wald_p_value((difference / error) ** 2, 1, fit.n_clusters) if error else np.nan
    with np.errstate(over="ignore"):
        return *np.exp([estimate, estimate - z * spread, estimate + z * spread]).tolist(), p_value
