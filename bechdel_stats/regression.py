"""What goes with passing: logistic regression, odds ratios and average marginal effects.

An odds ratio of 1.6 for Horror says that, among films that are alike in everything else in the formula, the odds of
passing are 1.6 times as high with that genre as without it. It does not say why: these are associations in a collection
that volunteers chose.

References
----------
.. [1] Hosmer, Lemeshow and Sturdivant, "Applied logistic regression", 3rd ed., 2013.
.. [2] Fox and Monette, "Generalized collinearity diagnostics", JASA, 1992.
"""

import re
import warnings
from dataclasses import dataclass

import numpy as np
import pandas as pd

from bechdel_stats.design import GENRE_COLUMNS, LANGUAGE_COLUMNS, RUNTIME, YEAR, design_columns, design_matrix
from bechdel_stats.firth import fit_firth, profile_interval, separated_columns
from bechdel_stats.results import Summary
from bechdel_stats.schema import FilmsError, check_outcome, standardise, warn

GENDER_TERMS = ("cast_female_10", "director_woman", "writer_woman")
RECEPTION_TERMS = ("imdb_rating", "log10_imdb_votes")
_RARE = 10  # fewer films than this that pass, or that fail, and a genre or language is pooled
_UNITS = {"cast_female_10": "+10 points", "crew_female_10": "+10 points"}
_TOGETHER = {"log10_budget": "budget_missing", "budget_missing": "log10_budget"}  # in crude odds ratios


@dataclass(frozen=True, eq=False)
class OddsRatioResult:
    """Odds ratios of passing.

    Parameters
    ----------
    table : DataFrame
        A row per term: term, contrast (what is compared), n_films (how many have it; all for a number),
        crude_odds_ratio with crude_ci_low and crude_ci_high (the term alone, same films), odds_ratio with ci_low,
        ci_high, p_value and p_value_fdr (Benjamini-Hochberg over the terms), ame, ame_ci_low and ame_ci_high (average
        marginal effect, percentage points of the probability of passing), vif (generalised, per degree of freedom
        [2]_).
    n_films : int
        Films the model was fitted to.
    n_dropped : int
        Films left out because something in the formula is not known.
    dropped : dict of str -> int
        How often each column was not known; a film can lack several.
    pooled : tuple of str
        Rare genres and languages that share a column.
    left_out : tuple of str
        Columns without a value, or with the same one in all films.
    separated : tuple of str
        Terms seen with one outcome only; the model is then fitted by Firth's penalised likelihood.
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
    dropped: dict
    pooled: tuple
    left_out: tuple
    separated: tuple
    converged: bool
    covariance: str
    formula: str
    conf_level: float
    rows: np.ndarray
    model_results: object

    def summary(self):
        header = (
            ("films", self.n_films),
            ("left out, something not known", self.n_dropped),
            ("standard errors", self.covariance),
            ("confidence level", f"{self.conf_level:.0%}"),
            ("converged", self.converged),
        )
        intervals = {f"{k}odds_ratio": (f"{k}ci_low", f"{k}ci_high") for k in ("crude_", "")}
        intervals["ame"] = ("ame_ci_low", "ame_ci_high")
        decimals = dict.fromkeys(("ame", "ame_ci_low", "ame_ci_high", "vif"), 1)
        return Summary("Odds ratios of passing", self.table, header, self.notes(), decimals, intervals)

    def notes(self):
        """What a reader has to know beside the table."""
        notes = []
        if self.table["contrast"].str.contains("->").any():
            notes.append("-> compares the quartiles of a number that enters as a curve; p tests the whole curve.")
        if self.dropped:
            notes.append("Not known: " + ", ".join(f"{name} in {n} films" for name, n in self.dropped.items()) + ".")
        if self.left_out:
            notes.append(f"Left out, without a value or the same in all films: {', '.join(self.left_out)}.")
        if self.pooled:
            notes.append(f"Too rare to stand alone, pooled: {', '.join(self.pooled)}.")
        if self.separated:
            notes.append(
                f"Seen with one outcome only: {', '.join(self.separated)}. Fitted by Firth's penalised likelihood; "
                "intervals of these terms are profile intervals."
            )
        notes.append("Associations in films that volunteers chose, not causes.")
        return tuple(notes)

    def plot(self, ax=None):
        """Draw the odds ratios with their intervals on a log axis; returns `ax`."""
        from bechdel_stats.plotting import plot_odds

        return plot_odds(self, ax)

    def __repr__(self):
        return f"OddsRatioResult({len(self.table)} terms, {self.n_films} films, {self.n_dropped} left out)"

    def _repr_html_(self):
        return self.summary()._repr_html_()


@dataclass(frozen=True, eq=False)
class OddsPair:
    """The same films with and without the gender of cast and crew in the model.

    Genre and year go with passing largely through who is cast; only the two models side by side show it.

    Parameters
    ----------
    without, with_gender : OddsRatioResult
    """

    without: OddsRatioResult
    with_gender: OddsRatioResult

    @property
    def table(self):
        """Odds ratio, interval and FDR-adjusted p-value of each term in both models."""
        columns = ["odds_ratio", "ci_low", "ci_high", "p_value_fdr"]
        merged = self.with_gender.table[["term", "contrast", "n_films", *columns]].merge(
            self.without.table[["term", *columns]], on="term", how="left", suffixes=("", "_without")
        )
        names = {name: f"{name}_with" for name in columns}
        return merged.rename(columns=names)

    def summary(self):
        header = (("films", self.with_gender.n_films), ("left out, something not known", self.with_gender.n_dropped))
        title = "Odds ratios of passing, with and without cast and crew gender in the model"
        intervals = {f"odds_ratio_{k}": (f"ci_low_{k}", f"ci_high_{k}") for k in ("with", "without")}
        return Summary(title, self.table, header, self.with_gender.notes(), intervals=intervals)

    def plot(self, ax=None):
        """Draw both models' odds ratios side by side; returns `ax`."""
        from bechdel_stats.plotting import plot_odds_pair

        return plot_odds_pair(self, ax)

    def __repr__(self):
        return f"OddsPair({len(self.table)} terms, {self.with_gender.n_films} films)"

    def _repr_html_(self):
        return self.summary()._repr_html_()


def odds_ratios(films, formula=None, conf_level=0.95, *, gender=True, pre_release=True, cluster=None):
    """Odds ratios of passing the Bechdel test, crude and adjusted, by logistic regression [1]_.

    Parameters
    ----------
    films : DataFrame
        One row per film, with `passes` or `rating`.
    formula : str, optional
        Such as `"passes ~ genre_war + rcs(year, (1935, 1970, 2010))"`, over the columns of `design.design_columns` and
        the numeric columns of `films`; by default all attributes, see `default_formula`.
    conf_level : float, default=0.95
    gender : bool, default=True
        Whether the default formula holds cast and crew gender.
    pre_release : bool, default=True
        Whether the default formula leaves out votes, which exist only after release.
    cluster : str, optional
        A column such as "year": standard errors that allow films of one value to be alike; otherwise HC1.

    Returns
    -------
    result : OddsRatioResult

    Raises
    ------
    FilmsError
        If there is no outcome, the formula names an unknown column, or too few films are complete.

    Warns
    -----
    FilmsWarning
        If a term separates (Firth's method is used), or the fit did not converge.
    """
    if not 0 < conf_level < 1:
        raise ValueError(f"conf_level must lie between 0 and 1; got {conf_level}.")
    films = standardise(films)
    outcome = check_outcome(films)
    columns = inference_columns(films)
    pooled = left_out = ()
    if formula is None:
        formula, columns, pooled, left_out = default_formula(columns, outcome, gender=gender, pre_release=pre_release)
    right_side = _right_side(formula)
    complete, dropped = _complete(columns, right_side, outcome)
    groups = None
    if cluster is not None:
        if cluster not in films:
            raise FilmsError(f"cluster: there is no column {cluster!r}.")
        complete &= films[cluster].notna()
        groups = pd.factorize(films.loc[complete, cluster])[0]
    y = outcome[complete].to_numpy()
    if len(np.unique(y)) < 2:
        lacking = f" Not known: {', '.join(f'{name} ({n})' for name, n in dropped.items())}." if dropped else ""
        raise FilmsError(f"{len(y)} films are complete, with less than two outcomes: nothing to compare.{lacking}")
    X = design_matrix(right_side, columns[complete])
    _check_scale(X)
    fit = _fit_logit(np.asarray(X), y, X.design_info.column_names, groups)
    contrasts = _contrasts(X, columns[complete])
    separated = tuple(contrast.term for contrast in contrasts if set(contrast.columns) & set(fit.separated))
    if separated:
        warn(f"seen with one outcome only: {', '.join(separated)}. Fitted by Firth's penalised likelihood instead.")
    elif not fit.converged:
        warn("the fit did not converge: do not use its numbers. Leave terms out, or pool rare levels.")
    return OddsRatioResult(
        table=_table(np.asarray(X), y, fit, contrasts, groups, conf_level),
        n_films=len(y),
        n_dropped=int((~complete).sum()),
        dropped=dropped,
        pooled=pooled,
        left_out=left_out,
        separated=separated,
        converged=fit.converged,
        covariance="model-based (Firth)" if separated else "HC1" if groups is None else f"clustered by {cluster}",
        formula=f"passes ~ {right_side}",
        conf_level=conf_level,
        rows=np.flatnonzero(complete),
        model_results=fit.results,
    )


def odds_with_and_without_gender(films, conf_level=0.95, *, pre_release=True, cluster=None):
    """Fit the default formula twice to the same films: with and without cast and crew gender.

    Parameters and errors are those of `odds_ratios`.

    Returns
    -------
    pair : OddsPair
    """
    films = standardise(films)
    known = design_columns(films)[list(GENDER_TERMS)].notna().all(axis=1)
    if not known.any():
        raise FilmsError("no film has cast_female_share, director_female_share and writer_female_share all known.")
    with_gender = odds_ratios(films, conf_level=conf_level, pre_release=pre_release, cluster=cluster)
    without = odds_ratios(films[known], conf_level=conf_level, gender=False, pre_release=pre_release, cluster=cluster)
    return OddsPair(without, with_gender)


def inference_columns(films):
    """Design columns in which a missing budget is the median one, so that `budget_missing` compares with it."""
    columns = design_columns(films)
    columns["log10_budget"] = columns["log10_budget"].fillna(columns["log10_budget"].median())
    return columns


def default_formula(columns, outcome, *, gender=True, pre_release=True):
    """Choose all attributes that these films can tell apart.

    Parameters
    ----------
    columns : DataFrame
        As `inference_columns` returns them.
    outcome : Series
    gender, pre_release : bool
        See `odds_ratios`.

    Returns
    -------
    formula : str
    columns : DataFrame
        With the pooled columns `genre_other` and `language_other` added.
    pooled, left_out : tuple of str
    """
    numbers = ["year", "runtime", "log10_budget", "budget_missing"]
    numbers += [*(GENDER_TERMS if gender else ()), *(() if pre_release else RECEPTION_TERMS)]
    levels = [*GENRE_COLUMNS, *LANGUAGE_COLUMNS]
    empty = [name for name in [*numbers, *levels] if columns[name].isna().all()]
    rows = columns[[name for name in [*numbers, *levels] if name not in empty]].notna().all(axis=1) & outcome.notna()
    constant = [name for name in numbers if name not in empty and columns.loc[rows, name].nunique() < 2]
    columns, genres, pooled_genres = _pool(columns, outcome, rows, GENRE_COLUMNS, "genre_other")
    columns, languages, pooled_languages = _pool(columns, outcome, rows, LANGUAGE_COLUMNS, "language_other")
    terms = [name for name in [*numbers[:4], *genres, *languages, *numbers[4:]] if name not in [*empty, *constant]]
    if not terms:
        raise FilmsError(f"no column tells these {len(columns)} films apart: all are empty or constant.")
    splines = {"year": YEAR, "runtime": RUNTIME}
    formula = "passes ~ " + " + ".join(_spline(columns.loc[rows], name, splines) for name in terms)
    return formula, columns, pooled_genres + pooled_languages, _sources([*empty, *constant])


def influential_films(result, films, n_films=10):
    """Films that move the coefficients most, by Cook's distance.

    Parameters
    ----------
    result : OddsRatioResult
        Fitted to `films`, not by Firth's method.
    films : DataFrame
    n_films : int, default=10

    Returns
    -------
    table : DataFrame
        title (or index), passes, probability and cooks_distance, the largest first.
    """
    if result.separated:
        raise FilmsError("influence is not computed for a fit by Firth's penalised likelihood.")
    films = standardise(films).iloc[result.rows]
    table = pd.DataFrame(
        {
            "title": films["title"] if "title" in films else films.index,
            "passes": films["passes"].astype(int),
            "probability": result.model_results.predict(),
            "cooks_distance": result.model_results.get_influence().cooks_distance[0],
        }
    )
    return table.nlargest(n_films, "cooks_distance").reset_index(drop=True)


@dataclass(frozen=True, eq=False)
class _Fit:
    params: np.ndarray
    cov_params: np.ndarray
    converged: bool
    separated: tuple  # column numbers
    results: object


@dataclass(frozen=True, eq=False)
class _Contrast:
    term: str
    label: str
    columns: tuple  # column numbers of the term
    low: np.ndarray  # values of these columns in what is compared; None for the slope of a number
    high: np.ndarray


def _fit_logit(X, y, names, groups):
    """Maximum likelihood with robust standard errors, or Firth's method where a column separates."""
    import statsmodels.api as sm

    _check_rank(X, names)
    separated = tuple(int(column) for column in separated_columns(X, y))
    if separated:
        fit = fit_firth(X, y)
        return _Fit(fit.params, fit.cov_params, fit.converged, separated, fit)
    options = {"cov_type": "HC1"} if groups is None else {"cov_type": "cluster", "cov_kwds": {"groups": groups}}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # said through `converged`
        results = sm.Logit(y, pd.DataFrame(X, columns=names)).fit(maxiter=100, disp=0, **options)
    converged = bool(results.mle_retvals["converged"])
    return _Fit(results.params.to_numpy(), results.cov_params().to_numpy(), converged, (), results)


def _contrasts(X, columns):
    """What each term compares: 1 with 0, a level with the reference, a unit more, or the quartiles of a spline."""
    info, values, contrasts = X.design_info, np.asarray(X), []
    for term in info.terms:
        numbers = range(*info.slice(term).indices(len(info.column_names)))
        if not term.factors:
            continue
        spline = _spline_variable(term, info, columns) if len(numbers) > 1 else None
        if spline:
            quartiles = columns[spline].quantile([0.25, 0.75]).tolist()
            low, high = _basis(info, term, columns, spline, quartiles)
            label = f"{quartiles[0]:g} -> {quartiles[1]:g}"
            contrasts.append(_Contrast(spline, label, tuple(numbers), low, high))
            continue
        for number in numbers:
            name = info.column_names[number]
            if np.isin(values[:, number], (0.0, 1.0)).all():
                contrasts.append(_Contrast(name, "1 against 0", (number,), np.zeros(1), np.ones(1)))
            else:
                label = _UNITS.get(name, "x 10" if name.startswith("log10_") else "+1")
                contrasts.append(_Contrast(name, label, (number,), None, None))
    return contrasts


def _table(X, y, fit, contrasts, groups, conf_level):
    from scipy.stats import norm
    from statsmodels.stats.multitest import multipletests

    z = norm.ppf((1 + conf_level) / 2)
    names = [contrast.term for contrast in contrasts]
    rows = []
    for contrast in contrasts:
        together = [k for k, name in enumerate(names) if name == _TOGETHER.get(contrast.term)]
        alone = (0, *contrast.columns, *(number for k in together for number in contrasts[k].columns))
        crude = _fit_logit(X[:, alone], y, [f"x{number}" for number in alone], groups)
        positions = tuple(range(1, 1 + len(contrast.columns)))
        binary = contrast.label == "1 against 0"
        rows.append(
            {
                "term": contrast.term,
                "contrast": contrast.label,
                "n_films": int(X[:, contrast.columns[0]].sum()) if binary else len(y),
                **_odds("crude_", X[:, alone], y, crude, contrast, positions, z, conf_level),
                **_odds("", X, y, fit, contrast, contrast.columns, z, conf_level),
                "p_value": _p_value(X, y, fit, contrast),
                "p_value_fdr": np.nan,
                **_marginal(X, fit, contrast, z),
                "vif": _generalised_vif(X, contrast.columns),
            }
        )
    table = pd.DataFrame(rows)
    table["p_value_fdr"] = multipletests(table["p_value"], method="fdr_bh")[1]
    return table


def _odds(prefix, X, y, fit, contrast, positions, z, conf_level):
    """Odds ratio of a contrast and its interval; `positions` are its columns in X."""
    weights = np.ones(1) if contrast.low is None else contrast.high - contrast.low
    positions = list(positions)
    estimate = weights @ fit.params[positions]
    se = np.sqrt(weights @ fit.cov_params[np.ix_(positions, positions)] @ weights)
    low, high = estimate - z * se, estimate + z * se
    if len(positions) == 1 and positions[0] in fit.separated:
        low, high, _ = profile_interval(X, y, fit.results, positions[0], conf_level)
    with np.errstate(over="ignore"):  # an interval may end at infinity
        bounds = np.exp([estimate, low, high])
    return dict(zip((f"{prefix}odds_ratio", f"{prefix}ci_low", f"{prefix}ci_high"), bounds))


def _p_value(X, y, fit, contrast):
    """Wald test that all coefficients of the term are 0; of a separated term, the penalised likelihood ratio test."""
    from scipy.stats import chi2

    positions = list(contrast.columns)
    if len(positions) == 1 and positions[0] in fit.separated:
        return profile_interval(X, y, fit.results, positions[0])[2]
    params, covariance = fit.params[positions], fit.cov_params[np.ix_(positions, positions)]
    return float(chi2.sf(params @ np.linalg.solve(covariance, params), len(positions)))


def _marginal(X, fit, contrast, z):
    """Average marginal effect in points, by the delta method, over all films as they are but for the term."""
    positions = list(contrast.columns)
    if contrast.low is None:  # slope of the probability, statsmodels' get_margeff(method="dydx")
        p = 1 / (1 + np.exp(-X @ fit.params))
        slope = fit.params[positions[0]]
        effect = (p * (1 - p)).mean() * slope
        gradient = slope * (X * (p * (1 - p) * (1 - 2 * p))[:, None]).mean(axis=0)
        gradient[positions[0]] += (p * (1 - p)).mean()
    else:
        effect, gradient = 0.0, 0.0
        for values, sign in ((contrast.high, 1), (contrast.low, -1)):
            changed = X.copy()
            changed[:, positions] = values
            p = 1 / (1 + np.exp(-changed @ fit.params))
            effect = effect + sign * p.mean()
            gradient = gradient + sign * (changed * (p * (1 - p))[:, None]).mean(axis=0)
    half = z * np.sqrt(gradient @ fit.cov_params @ gradient)
    return {"ame": 100 * effect, "ame_ci_low": 100 * (effect - half), "ame_ci_high": 100 * (effect + half)}


def _generalised_vif(X, columns):
    """Generalised variance inflation factor per degree of freedom [2]_; the usual one for a single column."""
    others = np.setdiff1d(np.arange(1, X.shape[1]), columns)
    if not len(others):
        return 1.0
    order = [*columns, *others]
    correlation = np.corrcoef(X[:, order], rowvar=False)
    k = len(columns)
    parts = [np.atleast_2d(part) for part in (correlation[:k, :k], correlation[k:, k:], correlation)]
    own, rest, whole = (np.linalg.slogdet(part)[1] for part in parts)
    return float(np.exp((own + rest - whole) / k))


def _right_side(formula):
    """What stands right of `passes ~`."""
    left, tilde, right = formula.partition("~")
    if not tilde or left.strip() != "passes" or not right.strip():
        raise FilmsError(f"formula {formula!r}: it must read `passes ~ term + term`.")
    return right.strip()


def _complete(columns, right_side, outcome):
    """Which films have everything the formula needs; how often each column is not known."""
    named = set(re.findall(r"[A-Za-z_]\w*", right_side)) & set(columns.columns)
    missing = columns[sorted(named)].isna()
    lacking = [name for name in missing if missing[name].any()]
    dropped = {_sources([name])[0]: int(missing[name].sum()) for name in lacking}
    if outcome.isna().any():
        dropped = {"passes": int(outcome.isna().sum())} | dropped
    return ~missing.any(axis=1) & outcome.notna(), dropped


def _pool(columns, outcome, rows, names, other):
    """Put columns with too few films of either outcome into one; columns that no film has are left out."""
    names = list(names)
    passing = columns.loc[rows, names].mul(outcome[rows], axis=0).sum()
    failing = columns.loc[rows, names].sum() - passing
    rare = [name for name in names if min(passing[name], failing[name]) < _RARE or name == other]
    present = [name for name in rare if passing[name] + failing[name] > 0]
    common = [name for name in names if name not in rare]
    if not present:
        return columns, common, ()
    pooled = columns.assign(**{other: columns[present].max(axis=1)})
    return pooled, [*common, other], tuple(name for name in present if name != other)


def _sources(names):
    """Columns of the table that design columns are made of, each once."""
    sources = {
        "genre_": "genres", "language_": "language", "log10_budget": "budget", "cast_": "cast_female_share",
        "director_": "director_female_share", "writer_": "writer_female_share", "log10_imdb_votes": "imdb_votes",
    }  # fmt: skip
    found = (next((source for start, source in sources.items() if name.startswith(start)), name) for name in names)
    return tuple(dict.fromkeys(found))


def _spline(columns, name, splines):
    """A spline with the knots that lie inside the data, or the plain column where that leaves fewer than three."""
    if name not in splines:
        return name
    known = columns[name].dropna()
    knots = [knot for knot in map(int, re.findall(r"\d+", splines[name])) if known.min() < knot < known.max()]
    enough = len(knots) >= 3 and known.nunique() > len(knots)
    return f"rcs({name}, ({', '.join(map(str, knots))}))" if enough else name


def _spline_variable(term, info, columns):
    """The one number that a term of several columns is a function of, or None for a term with levels."""
    if any(info.factor_infos[factor].type == "categorical" for factor in term.factors):
        return None
    names = set(re.findall(r"[A-Za-z_]\w*", term.name())) & set(columns.columns)
    return names.pop() if len(names) == 1 else None


def _basis(info, term, columns, variable, values):
    """Values of the columns of a term where its variable has these values."""
    from patsy import build_design_matrices

    data = {name: np.repeat(columns[name].iloc[0], len(values)) for name in columns}
    matrix = build_design_matrices([info], data | {variable: np.array(values)})[0]
    return np.asarray(matrix)[:, info.slice(term)]


def _check_rank(X, names):
    from scipy.linalg import qr

    scale = np.linalg.norm(X, axis=0)
    r, pivots = qr(X / np.where(scale > 0, scale, 1.0), mode="r", pivoting=True)
    diagonal = np.abs(np.diag(r))
    rank = int((diagonal > 1e-9 * diagonal[0]).sum())
    if rank < X.shape[1]:
        redundant = ", ".join(sorted(names[number] for number in pivots[rank:]))
        raise FilmsError(f"column {redundant} follows from the others (or is constant): leave it out of the formula.")


def _check_scale(X):
    for name, deviation in zip(X.design_info.column_names, np.asarray(X).std(axis=0)):
        if deviation > 1e4:
            warn(f"column {name} varies by {deviation:.0e}: its odds ratio per unit reads 1.000. Use a log or a ratio.")
