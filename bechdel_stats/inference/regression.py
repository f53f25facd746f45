"""What is associated with passing: logistic regression, odds ratios and average marginal effects.

An odds ratio of 1.6 for Horror means that, among films that are alike in everything else in the formula, the odds of
passing are 1.6 times as high with that genre as without it. It does not say why: these are associations in a collection
chosen by volunteers.

References
----------
.. [1] Hosmer, Lemeshow and Sturdivant, "Applied logistic regression", 3rd ed., 2013.
.. [2] Pregibon, "Logistic regression diagnostics", Annals of Statistics, 1981.
.. [3] Cameron and Miller, "A practitioner's guide to cluster-robust inference", Journal of Human Resources, 2015.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from bechdel_stats.attributes import ATTRIBUTE_OF_TERM
from bechdel_stats.data.schema import checked
from bechdel_stats.describe.intervals import adjust_fdr, check_level
from bechdel_stats.inference.contrasts import contrasts_of, generalised_vif, marginal_effect
from bechdel_stats.inference.design import design_columns
from bechdel_stats.inference.firth import fit_firth, profile_interval, separated_columns
from bechdel_stats.inference.formulas import NOT_CAUSES, films_of_formula, model_matrix, notes_on_terms, odds_terms
from bechdel_stats.results import Summary
from bechdel_stats.words.messages import FilmsError, Message, Verbatim, collected, warn

if TYPE_CHECKING:
    from matplotlib.axes import Axes

FEW_CLUSTERS = 30  # below about so many, clustered standard errors are too small [3]
QUIET: dict[str, Any] = {  # no warnings, which only filters of the whole process could stop: see `converged`
    "disp": 0,
    "warn_convergence": False,
    "callback": lambda params: None,  # that of statsmodels warns of separation
}
_TOGETHER = {"log10_budget": "budget_missing", "budget_missing": "log10_budget"}  # together in crude odds ratios


@dataclass(frozen=True, eq=False)
class OddsRatioResult:
    """Odds ratios of passing.

    Parameters
    ----------
    table : DataFrame
        One row per term: term, contrast (what is compared), n_films (films that have it; all for a number),
        crude_odds_ratio with crude_ci_low and crude_ci_high (the term alone, same films), odds_ratio with ci_low,
        ci_high, p_value and p_value_fdr (Benjamini-Hochberg over the terms), ame, ame_ci_low and ame_ci_high (average
        marginal effect, percentage points of the probability of passing), vif (generalised, per degree of freedom).
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
    model_results : statsmodels result, or FirthFit
    """

    table: pd.DataFrame
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
    model_results: Any

    def summary(self) -> Summary:
        """Return the odds ratios in readable form, as a `Summary`."""
        header = (
            ("films", self.n_films),
            ("left out, missing values", self.n_dropped),
            ("standard errors", self.covariance),
            ("confidence level", f"{100 * self.conf_level:g}%"),
            ("converged", self.converged),
        )
        intervals = {f"{k}odds_ratio": (f"{k}ci_low", f"{k}ci_high") for k in ("crude_", "")}
        intervals["ame"] = ("ame_ci_low", "ame_ci_high")
        decimals = dict.fromkeys(("ame", "ame_ci_low", "ame_ci_high", "vif"), 1)
        return Summary("Odds ratios of passing", self.table, header, self.notes(), decimals, intervals)

    def notes(self) -> tuple[Message, ...]:
        """Return what a reader needs to know beside the table."""
        notes = notes_on_terms(self)
        if self.separated:
            notes.append(Message("separated", terms=list(self.separated)))
        return (*notes, NOT_CAUSES)

    def plot(self, ax: "Axes | None" = None) -> "Axes":
        """Draw the odds ratios with their intervals on a log axis, and return `ax`."""
        from bechdel_stats.pictures.odds import plot_odds

        return plot_odds(self, ax)

    def __repr__(self):
        return f"OddsRatioResult({len(self.table)} terms, {self.n_films} films, {self.n_dropped} left out)"

    def _repr_html_(self):
        return self.summary()._repr_html_()


@dataclass(frozen=True, eq=False)
class OddsPair:
    """Odds ratios for the same films with and without the gender of cast and crew in the model.

    Genre and year are associated with passing largely through who is cast; only the two models side by side show it.

    Parameters
    ----------
    without, with_gender : OddsRatioResult
    """

    without: OddsRatioResult
    with_gender: OddsRatioResult

    @property
    def table(self) -> pd.DataFrame:
        """Odds ratio, interval and FDR-adjusted p-value of each term in both models."""
        columns = ["odds_ratio", "ci_low", "ci_high", "p_value_fdr"]
        merged = self.with_gender.table[["term", "contrast", "n_films", *columns]].merge(
            self.without.table[["term", *columns]], on="term", how="left", suffixes=("", "_without")
        )
        names = {name: f"{name}_with" for name in columns}
        return merged.rename(columns=names)

    def summary(self) -> Summary:
        """Return both models' odds ratios in readable form, as a `Summary`."""
        header = (("films", self.with_gender.n_films), ("left out, missing values", self.with_gender.n_dropped))
        title = "Odds ratios of passing, with and without cast and crew gender in the model"
        intervals = {f"odds_ratio_{k}": (f"ci_low_{k}", f"ci_high_{k}") for k in ("with", "without")}
        return Summary(title, self.table, header, self.with_gender.notes(), intervals=intervals)

    def plot(self, ax: "Axes | None" = None) -> "Axes":
        """Draw the odds ratios of both models side by side, and return `ax`."""
        from bechdel_stats.pictures.odds import plot_odds_pair

        return plot_odds_pair(self, ax)

    def __repr__(self):
        return f"OddsPair({len(self.table)} terms, {self.with_gender.n_films} films)"

    def _repr_html_(self):
        return self.summary()._repr_html_()


def odds_ratios(
    films: pd.DataFrame,
    formula: str | None = None,
    conf_level: float = 0.95,
    *,
    gender: bool = True,
    pre_release: bool = True,
    cluster: str | None = None,
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
        A column such as "year", for standard errors clustered by its values; by default statsmodels' HC1, which for a
        logit has no small-sample factor.

    Returns
    -------
    result : OddsRatioResult

    Raises
    ------
    FilmsError
        If there is no outcome, the formula names an unknown column or the outcome, a column follows from the others,
        too few films are complete, or there are fewer clusters than columns in the formula.

    Warns
    -----
    FilmsWarning
        If a term separates (Firth's method is used, with model-based standard errors), the fit does not converge, a
        column has a spread like that of raw dollars, or there are fewer than 30 clusters.
    """
    check_level(conf_level)
    films = checked(films)
    found = films_of_formula(films, formula, "passes", gender=gender, pre_release=pre_release)
    complete, dropped = found.complete, found.dropped
    groups = None
    if cluster is not None:
        if cluster not in films:
            raise FilmsError(Message("no_cluster_column", column=Verbatim(cluster)))
        unknown = films[cluster].isna()
        dropped |= {cluster: int(unknown.sum())} if unknown.any() else {}
        complete &= ~unknown
        groups = pd.factorize(films.loc[complete, cluster])[0]
    y = found.outcome[complete].to_numpy()
    if len(np.unique(y)) < 2:
        columns = [Message("column_of_films", column=name, n=n) for name, n in dropped.items()]
        lacking = Message("few_outcomes_lacking", columns=columns) if columns else Message("nothing")
        raise FilmsError(Message("few_outcomes", n=len(y), lacking=lacking))
    if groups is not None and groups.max() < 1:
        raise FilmsError(Message("one_cluster", column=cluster, n=len(y)))
    X = model_matrix(found.terms, found.columns[complete])
    fit = _fit_logit(np.asarray(X), y, X.design_info.column_names, groups)
    contrasts = contrasts_of(X, found.columns[complete])
    separated = tuple(contrast.term for contrast in contrasts if set(contrast.columns) & set(fit.separated))
    if groups is not None and not separated:
        _check_clusters(cluster, int(groups.max()) + 1, X.shape[1])
    if separated:
        clusters = Message("nothing") if groups is None else Message("without_clusters", column=cluster)
        warn(Message("separated_now", terms=list(separated), clusters=clusters))
    if not fit.converged:
        warn(Message("not_converged"))
    return OddsRatioResult(
        table=_table(np.asarray(X), y, fit, contrasts, groups, conf_level),
        n_films=len(y),
        n_dropped=int((~complete).sum()),
        dropped=dropped,
        pooled=found.pooled,
        left_out=found.left_out,
        separated=separated,
        converged=fit.converged,
        covariance="model-based (Firth)" if separated else "HC1" if groups is None else f"clustered by {cluster}",
        formula=f"passes ~ {found.terms}",
        conf_level=conf_level,
        rows=np.flatnonzero(complete),
        model_results=fit.results,
    )


def odds_with_and_without_gender(
    films: pd.DataFrame, conf_level: float = 0.95, *, pre_release: bool = True, cluster: str | None = None
) -> OddsPair:
    """Fit the default formula twice to the same films: with and without cast and crew gender.

    Parameters and errors are those of `odds_ratios`; at least one column of cast or crew gender must have values.

    Returns
    -------
    pair : OddsPair
    """
    films = checked(films)
    terms = odds_terms("gender")
    gender = design_columns(films)[list(terms)].dropna(axis=1, how="all")
    if not gender.shape[1]:
        raise FilmsError(Message("no_gender_to_pair", columns=[ATTRIBUTE_OF_TERM[term].name for term in terms]))
    known = gender.notna().all(axis=1)
    with collected() as messages:
        with_gender = odds_ratios(films, conf_level=conf_level, pre_release=pre_release, cluster=cluster)
        without = odds_ratios(
            films.rows(known), conf_level=conf_level, gender=False, pre_release=pre_release, cluster=cluster
        )
    for message in dict.fromkeys(messages):  # most are the same of both
        warn(message)
    return OddsPair(without, with_gender)


def influential_films(result: OddsRatioResult, films: pd.DataFrame, n_films: int = 10) -> pd.DataFrame:
    """Find the films that move the coefficients most, by Cook's distance.

    Parameters
    ----------
    result : OddsRatioResult
        A result fitted to `films`, not by Firth's method.
    films : DataFrame
    n_films : int, default=10

    Returns
    -------
    table : DataFrame
        title (or index), passes, probability and cooks_distance [2]_, the largest first.
    """
    if result.separated or not result.converged:
        raise FilmsError(Message("no_influence"))
    n_fitted = result.n_films + result.n_dropped
    if len(films) != n_fitted:
        raise FilmsError(Message("other_table", n=len(films), n_fitted=n_fitted))
    films = checked(films).rows(result.rows)
    if not np.array_equal(films["passes"], result.model_results.model.endog):
        raise FilmsError(Message("other_films"))
    plain = result.model_results.model.fit(start_params=result.model_results.params, disp=0)  # not robust, as in [2]
    table = pd.DataFrame(
        {
            "title": films["title"].tolist() if "title" in films else films.index.tolist(),
            "passes": films["passes"].astype(int).to_numpy(),
            "probability": plain.predict(),
            "cooks_distance": plain.get_influence().cooks_distance[0],
        }
    )
    return table.nlargest(n_films, "cooks_distance").reset_index(drop=True)


@dataclass(frozen=True, eq=False)
class _Fit:
    params: np.ndarray
    cov_params: np.ndarray
    converged: bool
    separated: tuple[int, ...]  # column numbers
    results: Any


def _fit_logit(X, y, names, groups):
    """Maximum likelihood with robust standard errors, or Firth's method where a column separates."""
    import statsmodels.api as sm

    separated = tuple(int(column) for column in separated_columns(X, y))
    if separated:
        fit = fit_firth(X, y)
        return _Fit(fit.params, fit.cov_params, fit.converged, separated, fit)
    options = {"cov_type": "HC1"} if groups is None else {"cov_type": "cluster", "cov_kwds": {"groups": groups}}
    with np.errstate(all="ignore"):
        results = sm.Logit(y, pd.DataFrame(X, columns=names)).fit(maxiter=100, **QUIET, **options)
    converged = bool(results.mle_retvals["converged"])
    return _Fit(results.params.to_numpy(), results.cov_params().to_numpy(), converged, (), results)


def _check_clusters(column, n, n_columns):
    """The covariance is a sum of a matrix of rank 1 for each cluster, so fewer of them than columns make it singular.

    As no term has as many columns as the formula, each has a test of all its coefficients.
    """
    if n < n_columns:
        raise FilmsError(Message("few_clusters", column=Verbatim(column), n=n, n_columns=n_columns))
    if n < FEW_CLUSTERS:
        warn(Message("small_clusters", column=Verbatim(column), n=n, least=FEW_CLUSTERS))


def _table(X, y, fit, contrasts, groups, conf_level):
    from scipy.stats import norm

    z = norm.ppf((1 + conf_level) / 2)
    columns = {contrast.term: contrast.columns for contrast in contrasts}
    rows = []
    for contrast in contrasts:
        alone = [0, *contrast.columns, *columns.get(_TOGETHER.get(contrast.term), ())]
        crude = _fit_logit(X[:, alone], y, [f"x{number}" for number in alone], groups)
        positions = range(1, 1 + len(contrast.columns))
        crude_odds, crude_low, crude_high, _ = _odds(X[:, alone], y, crude, contrast, positions, z, conf_level)
        odds, low, high, p_value = _odds(X, y, fit, contrast, contrast.columns, z, conf_level)
        effect, error = marginal_effect(X, fit.params, fit.cov_params, contrast)
        rows.append(
            {
                "term": contrast.term,
                "contrast": contrast.label,
                "n_films": int(X[:, contrast.columns[0]].sum()) if contrast.label == "1 against 0" else len(y),
                "crude_odds_ratio": crude_odds,
                "crude_ci_low": crude_low,
                "crude_ci_high": crude_high,
                "odds_ratio": odds,
                "ci_low": low,
                "ci_high": high,
                "p_value": p_value,
                "p_value_fdr": np.nan,
                "ame": 100 * effect,
                "ame_ci_low": 100 * (effect - z * error),
                "ame_ci_high": 100 * (effect + z * error),
                "vif": generalised_vif(X, contrast.columns),
            }
        )
    table = pd.DataFrame(rows)
    table["p_value_fdr"] = adjust_fdr(table["p_value"])
    return table


def _odds(X, y, fit, contrast, positions, z, conf_level):
    """Odds ratio, interval and p-value; by profile penalised likelihood where the term separates."""
    odds, low, high = contrast.odds_ratio(fit.params, fit.cov_params, z, positions)
    if len(positions) == 1 and positions[0] in fit.separated:
        *ends, p_value = profile_interval(X, y, fit.results, positions[0], conf_level)
        with np.errstate(over="ignore"):
            low, high = np.exp(ends).tolist()
    else:
        p_value = contrast.wald_test(fit.params, fit.cov_params, positions)
    return odds, low, high, p_value
