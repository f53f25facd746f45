"""What is associated with passing: logistic regression, odds ratios and average marginal effects.

An odds ratio of 1.6 for Horror means that, among films that are alike in everything else in the formula, the odds of
passing are 1.6 times as high with that genre as without it. It does not say why: these are associations in a collection
chosen by volunteers.

References
----------
.. [1] Hosmer, Lemeshow and Sturdivant, "Applied logistic regression", 3rd ed., 2013.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from bechdel_stats.data.schema import CheckedFilms, checked
from bechdel_stats.describe.intervals import check_level
from bechdel_stats.inference.contrasts import Contrast, contrasts_of
from bechdel_stats.inference.estimates import estimates, levels
from bechdel_stats.inference.fit import Fit, fit_logit, fit_statistics
from bechdel_stats.inference.formulas import FormulaFilms, films_of_formula, model_matrix
from bechdel_stats.inference.odds_result import OddsRatioResult, collinear
from bechdel_stats.inference.sampling import Weights, check_clusters, read_weights
from bechdel_stats.inference.sandwich import LoneCluster
from bechdel_stats.words.messages import FilmsError, Message, Verbatim, check_kind, warn


def odds_ratios(
    films: pd.DataFrame,
    formula: str | None = None,
    conf_level: float = 0.95,
    *,
    gender: bool = True,
    pre_release: bool = True,
    cluster: str | None = None,
    weights: "str | ArrayLike | None" = None,
) -> OddsRatioResult:
    """Estimate odds ratios of passing the Bechdel test, crude and adjusted, by logistic regression [1]_.

    Parameters
    ----------
    films : DataFrame
        One row per film, with `passes` or `rating`.
    formula : str, optional
        Such as `"passes ~ genre_war + rcs(year, (1935, 1970, 2010))"`, over the columns of `design.design_columns` and
        the numeric columns of `films`; by default all attributes, see `default_formula`.
    conf_level : float, default=0.95
    gender : bool, default=True
        Whether the default formula includes cast and crew gender.
    pre_release : bool, default=True
        Whether the default formula leaves out votes and ratings, which exist only after release.
    cluster : str, optional
        A column such as "year", for standard errors clustered by its values (CR3), and tests by t and F on the number
        of clusters less 1; by default HC1, n / (n - k) times HC0 for n films and k columns. See `inference.sandwich`.
    weights : str, Series or array of shape (n_films,), optional
        Sampling weights, such as those of a post-stratification: a column of `films`, a Series with the index of
        `films`, or numbers in its order. Each film then counts so many times in the likelihood and in marginal effects;
        standard errors stay robust, and the scale of the weights does not matter. Films of weight 0 are left out.

    Returns
    -------
    result : OddsRatioResult

    Raises
    ------
    FilmsError
        If there is no outcome, the formula names an unknown column or the outcome, a column follows from the others,
        too few films are complete, a term has as many columns as there are clusters, or says nothing outside one of
        them, or weights are missing or negative.

    Warns
    -----
    FilmsWarning
        If a term separates (Firth's method is used, with model-based standard errors), the fit does not converge, a
        column has a spread like that of raw dollars, a term nearly follows from the others (variance inflation factor
        above 100), or there are fewer than 30 clusters.
    """
    check_level(conf_level)
    films = checked(films)
    found = films_of_formula(films, formula, "passes", gender=gender, pre_release=pre_release)
    return fit_odds(films, found, conf_level, cluster, read_weights(films, weights)).result


@dataclass(frozen=True, eq=False)
class OddsModel:
    """A result with what it was computed from.

    Parameters
    ----------
    result : OddsRatioResult
    X : ndarray of shape (n_films, n_columns)
    y : ndarray of shape (n_films,)
    contrasts : list of Contrast
    fit : Fit
    groups, weights : ndarray of shape (n_films,), or None
    """

    result: OddsRatioResult
    X: np.ndarray
    y: np.ndarray
    contrasts: list[Contrast]
    fit: Fit
    groups: np.ndarray | None
    weights: np.ndarray | None


def fit_odds(
    films: CheckedFilms, found: FormulaFilms, conf_level: float, cluster: str | None, weights: pd.Series | None
) -> OddsModel:
    """Fit the formula of `found` to its films; parameters and errors are those of `odds_ratios`."""
    complete, dropped = found.complete, dict(found.dropped)
    if cluster is not None:
        check_kind("cluster", cluster, str, "the name of a column, such as year")
        if cluster not in films:
            raise FilmsError(Message("no_cluster_column", column=Verbatim(cluster)))
        unknown = films[cluster].isna()
        dropped |= {cluster: int(unknown.sum())} if unknown.any() else {}
        complete = complete & ~unknown
    sample = None
    if weights is not None:
        weightless = complete & (weights == 0)
        complete = complete & (weights > 0)
        own = weights[complete].to_numpy()
        sample = Weights(own / own.mean() if len(own) else own, int(weightless.sum()))
    y = found.outcome[complete].to_numpy()
    if len(np.unique(y)) < 2:
        columns = [Message("column_of_films", column=name, n=n) for name, n in dropped.items()]
        lacking = Message("few_outcomes_lacking", columns=columns) if columns else Message("nothing")
        raise FilmsError(Message("few_outcomes", n=len(y), lacking=lacking))
    groups, names = (None, ()) if cluster is None else pd.factorize(films.loc[complete, cluster])
    if groups is not None and len(names) < 2:
        raise FilmsError(Message("one_cluster", column=cluster, n=len(y)))
    columns = found.columns[complete]
    X = model_matrix(found.terms, columns)
    contrasts = contrasts_of(X, columns)
    each = None if sample is None else sample.values
    try:
        fit = fit_logit(np.asarray(X), y, X.design_info.column_names, groups, each)
    except LoneCluster as lone:
        values = {"column": Verbatim(cluster), "value": Verbatim(names[lone.group])}
        raise FilmsError(Message("lone_cluster", term=_term_of(contrasts, lone.column), **values)) from None
    separated = tuple(contrast.term for contrast in contrasts if set(contrast.columns) & set(fit.separated))
    if separated and sample is not None:
        raise FilmsError(Message("separated_weights", terms=list(separated)))
    if cluster is not None and not separated:
        check_clusters(cluster, len(names), contrasts)
    table = estimates(np.asarray(X), y, fit, contrasts, conf_level, groups, each)
    _tell(separated, cluster, fit, table)
    result = OddsRatioResult(
        table=table,
        levels=levels(np.asarray(X), y, contrasts, table),
        n_films=len(y),
        n_dropped=int((~complete).sum()),
        dropped=dropped,
        pooled=found.pooled,
        left_out=found.left_out,
        separated=separated,
        converged=fit.converged,
        covariance=_covariance(fit, cluster),
        formula=f"passes ~ {found.terms}",
        conf_level=conf_level,
        rows=np.flatnonzero(complete),
        statistics=None if sample else fit_statistics(np.asarray(X), y, fit),
        weights=sample,
        model_results=fit.results,
    )
    return OddsModel(result, np.asarray(X), y, contrasts, fit, groups, each)


def _tell(separated, cluster, fit, table):
    """Warn of what makes a fit doubtful."""
    if separated:
        clusters = Message("nothing") if cluster is None else Message("without_clusters", column=cluster)
        warn(Message("separated_now", terms=list(separated), clusters=clusters))
    if not fit.converged:
        warn(Message("not_converged"))
    for message in collinear(table):
        warn(message)


def _covariance(fit, cluster):
    if fit.separated:
        return "model-based (Firth)"
    if fit.n_clusters is None:
        return "HC1"
    return f"clustered by {cluster} (CR3, t with {fit.n_clusters - 1} degrees of freedom)"


def _term_of(contrasts, column):
    """The term that a column of the design matrix belongs to."""
    return next(contrast.term for contrast in contrasts if column in contrast.columns)
