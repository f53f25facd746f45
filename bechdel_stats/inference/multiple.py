"""Odds ratios of passing from all films, with unknown attributes imputed several times.

Leaving out every film of which something is not known loses a third of them, and those that stay are not like the
others: old films and small ones lack more. Here the attributes are imputed, see `chained`, the model is fitted to each
imputation, and Rubin's rules pool the fits, see `pooling`. The result stands beside that of complete films.

References
----------
.. [1] van Buuren, "Flexible imputation of missing data", 2nd ed., 2018.
.. [2] White, Royston and Wood, "Multiple imputation using chained equations: issues and guidance for practice",
   Statistics in Medicine 30, 2011 (which variables enter imputation models).
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from bechdel_stats.data.schema import check_outcome, checked
from bechdel_stats.describe.intervals import adjust_fdr, check_level
from bechdel_stats.inference.chained import impute_donors
from bechdel_stats.inference.contrasts import contrasts_of
from bechdel_stats.inference.design import design_columns, names_in
from bechdel_stats.inference.filling import default_attributes, filled_columns, imputation_blocks, source_of
from bechdel_stats.inference.fit import fit_logit
from bechdel_stats.inference.formulas import (
    NOT_CAUSES,
    default_formula,
    in_films,
    model_matrix,
    notes_on_terms,
    refuse_text,
    right_side,
)
from bechdel_stats.inference.grammar import shown_formula
from bechdel_stats.inference.odds_result import OddsRatioResult
from bechdel_stats.inference.pooling import pool, pooled_wald_test
from bechdel_stats.inference.regression import odds_ratios
from bechdel_stats.results import Summary
from bechdel_stats.words.messages import FilmsError, Message, Verbatim, check_whole, collected, warn

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_INDICATOR = "budget_missing"


@dataclass(frozen=True, eq=False)
class ImputedOddsResult:
    """Odds ratios of passing, pooled over imputations, beside those of complete films.

    Parameters
    ----------
    table : DataFrame
        One row per term: term, contrast, odds_ratio with ci_low, ci_high, p_value and p_value_fdr (Benjamini-Hochberg),
        df (degrees of freedom of the interval), fmi (fraction of missing information), and odds_ratio_complete with
        ci_low_complete, ci_high_complete and p_value_fdr_complete, as `odds_ratios` gives them.
    n_films : int
        Number of films the model was fitted to: all with an outcome.
    n_imputations : int
    imputed : dict of str -> int
        Number of films in which each column of the formula was imputed.
    auxiliary : tuple of str
        Columns that are not in the formula but in the imputation models.
    dropped : dict of str -> int
        Number of films left out, whose outcome is not known.
    pooled, left_out : tuple of str
        As in `OddsRatioResult`.
    separated : tuple of str
        Terms that occur with one outcome only in some imputation.
    converged : bool
    covariance : str
        How standard errors within an imputation were computed.
    formula : str
    conf_level : float
    params : ndarray of shape (n_imputations, n_columns)
        Coefficients of each imputation, the intercept first.
    complete : OddsRatioResult or None
        The result of complete films, if there is one.
    lack : str
        Otherwise why there is none.
    """

    table: pd.DataFrame
    n_films: int
    n_imputations: int
    imputed: dict[str, int]
    auxiliary: tuple[str, ...]
    dropped: dict[str, int]
    pooled: tuple[str, ...]
    left_out: tuple[str, ...]
    separated: tuple[str, ...]
    converged: bool
    covariance: str
    formula: str
    conf_level: float
    params: np.ndarray
    complete: OddsRatioResult | None
    lack: str

    @property
    def n_dropped(self) -> int:
        """Number of films without an outcome, which are left out."""
        return sum(self.dropped.values())

    @property
    def n_complete(self) -> int:
        """Number of films of which everything in the formula is known, but perhaps the budget."""
        return self.complete.n_films if self.complete else 0

    def summary(self) -> Summary:
        """Return the odds ratios in readable form, as a `Summary`."""
        header = (
            ("films", self.n_films),
            ("of which complete", self.n_complete),
            ("imputations", self.n_imputations),
            ("standard errors", f"{self.covariance}, Rubin's rules"),
            ("confidence level", f"{100 * self.conf_level:g}%"),
            ("converged", self.converged),
        )
        intervals = {f"odds_ratio{k}": (f"ci_low{k}", f"ci_high{k}") for k in ("", "_complete")}
        title = "Odds ratios of passing, unknown values imputed"
        return Summary(title, self.table, header, self.notes(), {"df": 0}, intervals)

    def notes(self) -> tuple[Message, ...]:
        """Return what a reader needs to know beside the table."""
        notes = []
        if self.imputed:
            notes.append(Message("imputed_values", n=self.n_imputations, columns=in_films(self.imputed)))
            notes.append(Message("imputed_at_random"))
        if self.imputed and self.auxiliary:
            notes.append(Message("imputed_with", columns=list(self.auxiliary)))
        notes.append(Message("imputed_columns", n=self.n_complete))
        if not self.complete:
            notes.append(Message("no_complete_result", reason=self.lack))
        notes += notes_on_terms(self)
        if self.separated:
            notes.append(Message("separated_imputed", terms=list(self.separated)))
        return (*notes, NOT_CAUSES)

    def plot(self, ax: "Axes | None" = None) -> "Axes":
        """Draw the odds ratios of imputed and of complete films side by side, and return `ax`."""
        from bechdel_stats.pictures.odds import plot_odds_imputed

        return plot_odds_imputed(self, ax)

    def __repr__(self):
        return f"ImputedOddsResult({len(self.table)} terms, {self.n_films} films, {self.n_imputations} imputations)"

    def _repr_html_(self):
        return self.summary()._repr_html_()


def imputed_odds_ratios(
    films: pd.DataFrame,
    formula: str | None = None,
    *,
    gender: bool = True,
    pre_release: bool = True,
    n_imputations: int = 10,
    seed: int = 0,
    conf_level: float = 0.95,
) -> ImputedOddsResult:
    """Estimate odds ratios of passing from all films, with unknown attributes imputed [1]_.

    The imputation models hold the outcome, the attributes of the formula and, where at least half of the films have
    them, those of the default formula, with votes and ratings, which say much about budgets [2]_. The default formula
    is that of `odds_ratios` for complete films, without the indicator of unknown budgets.

    Parameters
    ----------
    films : DataFrame
        One row per film, with `passes` or `rating`; films without an outcome are left out.
    formula : str, optional
        As for `odds_ratios`.
    gender, pre_release : bool
        As for `odds_ratios`.
    n_imputations : int, default=10
        At least 2.
    seed : int, default=0
        The same films and seed give the same numbers.
    conf_level : float, default=0.95

    Returns
    -------
    result : ImputedOddsResult
        If nothing is missing, its odds ratios are those of `odds_ratios`.

    Raises
    ------
    FilmsError
        As `odds_ratios`, whose result for complete films stands beside, or if the formula names `budget_missing`.
    ValueError
        If there are fewer than two imputations.
    """
    check_whole("n_imputations", n_imputations, 2)
    check_whole("seed", seed)
    check_level(conf_level)
    films = checked(films)
    outcome = check_outcome(films)
    rated = outcome.notna()
    films, y = films.rows(rated), outcome[rated]
    with collected() as messages:
        complete, lack = _of_complete_films(films, formula, conf_level, gender, pre_release)
        columns = design_columns(films)
        terms = None if formula is None else _given_terms(formula, films, columns)
        named = names_in(terms, columns) if terms else ()
        needed = {source_of(name) for name in named} or default_attributes(gender=gender, pre_release=pre_release)
        blocks = imputation_blocks(columns, needed)
        unknown = sorted({source_of(name) for name in named} - {block.name for block in blocks})
        if unknown:
            raise FilmsError(Message("nothing_to_impute", columns=unknown))
        donors = impute_donors(blocks, y.to_numpy(), n_imputations, seed)
        pooled: tuple[str, ...] = ()
        left_out: tuple[str, ...] = ()
        if terms is None:
            formula, columns, pooled, left_out = default_formula(
                filled_columns(columns, donors[0]), y, gender=gender, pre_release=pre_release
            )
            terms = right_side(formula)
        matrices, first = _matrices(terms, columns, donors)
        names = matrices[0].design_info.column_names
        fits = [fit_logit(np.asarray(X), y.to_numpy(), names) for X in matrices]
        converged = all(fit.converged for fit in fits)
        if not converged:
            warn(Message("not_converged"))
    for message in dict.fromkeys(messages):  # most are the same of both models
        warn(message)
    compared = first.iloc[complete.rows] if complete else first  # of these, the quartiles of both
    contrasts = contrasts_of(matrices[0], compared)
    separate = {number for fit in fits for number in fit.separated}
    separated = tuple(contrast.term for contrast in contrasts if separate & set(contrast.columns))
    table = _pooled_table(fits, contrasts, len(y) - len(names), conf_level)
    used = {source_of(name) for name in names_in(terms, columns)}
    return ImputedOddsResult(
        table=table.merge(_beside(complete, pooled), on=["term", "contrast"], how="left"),
        n_films=len(y),
        n_imputations=n_imputations,
        imputed={block.name: int((~block.known).sum()) for block in blocks if block.name in used & set(donors[0])},
        auxiliary=tuple(block.name for block in blocks if block.name not in used),
        dropped={} if rated.all() else {"passes": int((~rated).sum())},
        pooled=pooled,
        left_out=left_out,
        separated=separated,
        converged=converged,
        covariance="model-based (Firth)" if separated else "HC1",
        formula=f"passes ~ {terms}",
        conf_level=conf_level,
        params=np.array([fit.params for fit in fits]),
        complete=complete,
        lack=lack,
    )


def _of_complete_films(films, formula, conf_level, gender, pre_release):
    """Result of complete films, or None and the reason."""
    try:
        return odds_ratios(films, formula, conf_level, gender=gender, pre_release=pre_release), ""
    except FilmsError as error:  # if it is not for want of complete films, imputation will raise it too
        return None, error.message


def _given_terms(formula, films, columns):
    """The right-hand side of a formula, without the indicator of unknown budgets, which is then 0 in all films."""
    terms = right_side(formula)
    refuse_text(terms, films, columns)
    if _INDICATOR in names_in(terms, columns):
        raise FilmsError(Message("indicator_imputed", formula=shown_formula(formula), column=Verbatim(_INDICATOR)))
    return terms


def _matrices(terms, columns, donors):
    """Design matrix of each imputation, all with the same columns, and what the first was computed from."""
    from patsy import build_design_matrices

    first = filled_columns(columns, donors[0])
    matrices = [model_matrix(terms, first)]
    needed = sorted(names_in(terms, columns))
    for rows in donors[1:]:
        filled = filled_columns(columns[needed], rows)
        matrices += build_design_matrices([matrices[0].design_info], filled, NA_action="raise")
    return matrices, first


def _pooled_table(fits, contrasts, df_complete, conf_level):
    params, covariances = np.array([fit.params for fit in fits]), np.array([fit.cov_params for fit in fits])
    rows = []
    for contrast in contrasts:
        log_odds = np.array([contrast.log_odds(fit.params, fit.cov_params) for fit in fits])
        pooled = pool(log_odds[:, 0], log_odds[:, 1] ** 2, df_complete)
        own = list(contrast.columns)
        several = len(own) > 1
        p_value = pooled_wald_test(params[:, own], covariances[:, own][:, :, own]) if several else pooled.p_value
        with np.errstate(over="ignore"):  # an interval may end at infinity
            ratio, low, high = np.exp([pooled.estimate, *pooled.interval(conf_level)]).tolist()
        rows.append(
            {
                "term": contrast.term,
                "contrast": contrast.label,
                "odds_ratio": ratio,
                "ci_low": low,
                "ci_high": high,
                "p_value": p_value,
                "p_value_fdr": np.nan,
                "df": pooled.df,
                "fmi": pooled.fmi,
            }
        )
    table = pd.DataFrame(rows)
    table["p_value_fdr"] = adjust_fdr(table["p_value"])
    return table


def _beside(complete, pooled):
    """The columns of complete films; rare levels are left out if others were pooled there."""
    columns = ["odds_ratio", "ci_low", "ci_high", "p_value_fdr"]
    names = {name: f"{name}_complete" for name in columns}
    if complete is None:
        return pd.DataFrame({"term": [], "contrast": []}, dtype=object).assign(**dict.fromkeys(names.values(), np.nan))
    other = set(complete.pooled) ^ set(pooled)
    unlike = {term for term in complete.table["term"] if term.endswith("_other") and _kin(term, other)}
    table = complete.table[~complete.table["term"].isin(unlike)]
    return table[["term", "contrast", *columns]].rename(columns=names)


def _kin(pool, levels):
    """Whether some of these levels belong to the attribute of a pool."""
    return any(source_of(level) == source_of(pool) for level in levels)
