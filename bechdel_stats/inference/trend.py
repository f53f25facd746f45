"""How the share of films that pass has changed with the year: crude, and among films that are otherwise alike.

Passing is regressed on a restricted cubic spline of the year, alone and with the other attributes. The adjusted curve
is standardised: for each year, the mean probability of all films if they were of that year and otherwise as they are,
with a band by the delta method [1]_ [2]_, on the logit scale so that it stays between 0 and 1.

References
----------
.. [1] Lane and Nelder, "Analysis of covariance and standardization as instances of prediction", Biometrics 38, 1982.
.. [2] Harrell, "Regression modeling strategies", 2nd ed., 2015, sections 2.4.5 and 9.2 (splines, tests of curves).
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from bechdel_stats.data.schema import check_outcome, checked, first_columns
from bechdel_stats.describe.intervals import check_level, wilson
from bechdel_stats.inference.design import curve, names_in
from bechdel_stats.inference.filling import source_of
from bechdel_stats.inference.fit import fit_logit
from bechdel_stats.inference.formulas import (
    NOT_CAUSES,
    complete_rows,
    default_formula,
    inference_columns,
    model_matrix,
    right_side,
)
from bechdel_stats.inference.sandwich import critical_value, wald_p_value
from bechdel_stats.results import Summary, p_text
from bechdel_stats.words.messages import FilmsError, Message, warn

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_RECENT = 20  # years
_FEW = 30  # films: years with fewer are drawn with the years after them
_KNOTS = (1910, 1930, 1950, 1970, 1990, 2005, 2016)
_BETWEEN = 40  # films


@dataclass(frozen=True, eq=False)
class Trend:
    """The share of films that pass, by year.

    Parameters
    ----------
    table : DataFrame
        One row for each year from the first to the last: year, n_films, n_passes, pass_rate with Wilson's interval
        rate_ci_low and rate_ci_high (NaN without films), crude with crude_ci_low and crude_ci_high (the curve of all
        films), adjusted with ci_low and ci_high (the standardised curve of complete films).
    tests : DataFrame
        model ("crude", "adjusted"), test ("no trend": the whole curve is flat; "a straight line": on the logit scale),
        chi2, df, p_value, by Wald.
    changes : DataFrame
        model, first, last, points_per_decade (percentage points that the curve rises in ten years, on average from the
        first to the last year), ci_low, ci_high, p_value: over all years, and over the last 20.
    n_films : int
        Number of films with year and outcome.
    n_adjusted : int
        Of which complete, to which the adjusted curve is fitted; 0 if there is none.
    adjusted_for : tuple of str
        Columns that the adjusted curve holds alike.
    lack : str
        Why there is no adjusted curve, if there is none; its columns are NaN and it is not in `tests` and `changes`.
    formula : str
    conf_level : float
    """

    table: pd.DataFrame
    tests: pd.DataFrame
    changes: pd.DataFrame
    n_films: int
    n_adjusted: int
    adjusted_for: tuple[str, ...]
    lack: str
    formula: str
    conf_level: float

    def summary(self) -> Summary:
        """Return the trend in readable form, by decades or, below 50 years, by five years, as a `Summary`."""
        header: list[tuple[str, object]] = [("films", self.n_films), ("of which complete", self.n_adjusted)]
        for row in self.tests.to_dict("records"):
            p = p_text(row["p_value"])
            header.append((f"{row['model']}, test of {row['test']}", f"chi2({row['df']}) = {row['chi2']:.1f}, {p}"))
        for row in self.changes.to_dict("records"):
            label = f"{row['model']}, points per decade {row['first']}-{row['last']}"
            header.append((label, f"{row['points_per_decade']:+.1f} [{row['ci_low']:+.1f}, {row['ci_high']:+.1f}]"))
        header.append(("confidence level", f"{100 * self.conf_level:g}%"))
        intervals = {
            "pass_rate": ("rate_ci_low", "rate_ci_high"),
            "crude": ("crude_ci_low", "crude_ci_high"),
            "adjusted": ("ci_low", "ci_high"),
        }
        table = self._periods()
        return Summary("Pass rate by year", table, tuple(header), self.notes(), dict.fromkeys(table, 3), intervals)

    def notes(self) -> tuple[Message, ...]:
        """Return what a reader needs to know beside the table."""
        notes = [Message("trend_periods")]
        if self.lack:
            notes.append(Message("trend_unadjusted", reason=self.lack))
        else:
            notes.append(Message("trend_adjusted", n=self.n_adjusted, columns=list(self.adjusted_for)))
        return (*notes, NOT_CAUSES)

    def plot(self, ax: "Axes | None" = None) -> "Axes":
        """Draw rates, crude and adjusted curve with its band, and return `ax`."""
        from bechdel_stats.pictures.trend import plot_trend

        return plot_trend(self, ax)

    def points(self) -> pd.DataFrame:
        """Return rates of years, those with few films pooled with the years after them, as the plot shows them.

        Returns
        -------
        points : DataFrame
            year (the mean over the films), n_films (30 or more; what is left at the end joins the last), pass_rate,
            ci_low, ci_high.
        """
        groups, number, n = [], 0, 0
        for n_films in self.table["n_films"]:
            groups.append(number)
            n += n_films
            if n >= _FEW:
                number, n = number + 1, 0
        if n and number:
            groups = [min(group, number - 1) for group in groups]
        frame = self.table.assign(moment=self.table["year"] * self.table["n_films"])
        sums = frame.groupby(np.array(groups))[["n_films", "n_passes", "moment"]].sum()
        sums = sums[sums["n_films"] > 0]
        low, high = wilson(sums["n_passes"], sums["n_films"], self.conf_level)
        points = sums.assign(year=sums["moment"] / sums["n_films"], pass_rate=sums["n_passes"] / sums["n_films"])
        return points.assign(ci_low=low, ci_high=high)[["year", "n_films", "pass_rate", "ci_low", "ci_high"]]

    def _periods(self):
        """Rates of periods, and the curves in their middle; periods without films are left out."""
        year = self.table["year"]
        step = 10 if year.iloc[-1] - year.iloc[0] >= 50 else 5
        rows = []
        for start, part in self.table.groupby(year // step * step):
            n, passes = int(part["n_films"].sum()), int(part["n_passes"].sum())
            if n:
                low, high = (float(end[0]) for end in wilson([passes], [n], self.conf_level))
                first, last = int(part["year"].iloc[0]), int(part["year"].iloc[-1])
                rates = {"pass_rate": passes / n, "rate_ci_low": low, "rate_ci_high": high}
                middle = part.iloc[len(part) // 2]
                curves = middle[["crude", "crude_ci_low", "crude_ci_high", "adjusted", "ci_low", "ci_high"]]
                rows.append({"years": f"{first}-{last}", "n_films": n, **rates, **curves})
        return pd.DataFrame(rows)

    def __repr__(self):
        first, last = self.table["year"].iloc[[0, -1]]
        return f"Trend({first}-{last}, {self.n_films} films, {self.n_adjusted} complete)"

    def _repr_html_(self):
        return self.summary()._repr_html_()


def trend(films: pd.DataFrame, *, gender: bool = False, conf_level: float = 0.95) -> Trend:
    """Estimate how the share of films that pass has changed with the year, crude and adjusted.

    Parameters
    ----------
    films : DataFrame
        One row per film, with `year` and `passes` or `rating`; other attributes are adjusted for as in the default
        formula of `odds_ratios`.
    gender : bool, default=False
        Whether to adjust for cast and crew gender too, which have changed with the year themselves.
    conf_level : float, default=0.95

    Returns
    -------
    result : Trend

    Raises
    ------
    FilmsError
        If there is no outcome, or there are not two years.

    Warns
    -----
    FilmsWarning
        If a fit does not converge.
    """
    check_level(conf_level)
    films = checked(films)
    outcome = check_outcome(films)
    if "year" not in films or films.loc[outcome.notna(), "year"].nunique() < 2:
        raise FilmsError(Message("no_years", columns=first_columns(films)))
    films = films.rows(outcome.notna() & films["year"].notna())
    outcome = check_outcome(films)
    spline = _spline(films["year"])
    table = _rates(films["year"], outcome, conf_level)
    crude = _curve(spline, films[["year"]].astype(float), outcome, table["year"], conf_level)
    table[["crude", "crude_ci_low", "crude_ci_high"]] = crude.margins
    adjusted_for: tuple[str, ...] = ()
    found, n_adjusted, lack = {"crude": crude}, 0, ""
    table[["adjusted", "ci_low", "ci_high"]] = np.nan
    try:
        columns, terms = _other_terms(films, outcome, gender)
        complete = complete_rows(columns, f"{spline} + {terms}", outcome)[0]
        found["adjusted"] = adjusted = _curve(
            f"{spline} + {terms}", columns[complete], outcome[complete], table["year"], conf_level
        )
        table[["adjusted", "ci_low", "ci_high"]] = adjusted.margins
        n_adjusted = int(complete.sum())
        adjusted_for = tuple(dict.fromkeys(source_of(name) for name in columns if name in names_in(terms, columns)))
    except FilmsError as error:
        lack = error.message
    return Trend(
        table=table,
        tests=pd.DataFrame([row for name, fit in found.items() for row in fit.tests(name)]),
        changes=pd.DataFrame([row for name, fit in found.items() for row in fit.changes(name, table["year"])]),
        n_films=len(films),
        n_adjusted=n_adjusted,
        adjusted_for=adjusted_for,
        lack=lack,
        formula=f"passes ~ {spline}" if lack else f"passes ~ {spline} + {terms}",
        conf_level=conf_level,
    )


@dataclass(frozen=True, eq=False)
class _Curve:
    """A fitted curve: margins of shape (n_years, 3), their gradients, and where the columns of the year are."""

    margins: np.ndarray
    gradients: np.ndarray  # (n_years, n_columns)
    params: np.ndarray
    cov_params: np.ndarray
    own: list[int]
    conf_level: float

    def tests(self, model):
        for test, columns in (("no trend", self.own), ("a straight line", self.own[1:])):
            if columns:
                params, covariance = self.params[columns], self.cov_params[np.ix_(columns, columns)]
                statistic, df = float(params @ np.linalg.solve(covariance, params)), len(columns)
                yield dict(model=model, test=test, chi2=statistic, df=df, p_value=wald_p_value(statistic, df))

    def changes(self, model, years):
        from scipy.stats import norm

        z = critical_value(self.conf_level)
        n = len(years) - 1
        for start in (0, n - _RECENT) if n > _RECENT else (0,):
            per_decade = 1000 / (n - start)  # percentage points
            change = per_decade * (self.margins[-1, 0] - self.margins[start, 0])
            gradient = per_decade * (self.gradients[-1] - self.gradients[start])
            error = float(np.sqrt(gradient @ self.cov_params @ gradient))
            yield {
                "model": model,
                "first": int(years.iloc[start]),
                "last": int(years.iloc[-1]),
                "points_per_decade": change,
                "ci_low": change - z * error,
                "ci_high": change + z * error,
                "p_value": float(2 * norm.sf(abs(change) / error)),
            }


def _spline(years):
    """A curve with those knots that have enough films before, between and after them; a line if they are too few."""
    knots, before = [], 0
    for knot in _KNOTS:
        below = int((years < knot).sum())
        if below - before >= _BETWEEN and len(years) - below >= _BETWEEN:
            knots, before = [*knots, knot], below
    if len(knots) < 3:
        knots = sorted(set(years.quantile([0.1, 0.5, 0.9]).round()))
    return curve("year", knots) if len(knots) >= 3 and years.nunique() > len(knots) else "year"


def _other_terms(films, outcome, gender):
    """Design columns, and the terms of the default formula without the year."""
    columns = inference_columns(films)
    formula, columns, *_ = default_formula(columns, outcome, gender=gender)
    kept = [term for term in right_side(formula).split(" + ") if "year" not in names_in(term, columns)]
    if not kept:
        raise FilmsError(Message("all_alike", n=len(films)))
    return columns, " + ".join(kept)


def _rates(year, outcome, conf_level):
    """Films, passes and rate of every year."""
    whole = year // 1
    table = pd.DataFrame({"year": np.arange(int(whole.min()), int(whole.max()) + 1)})
    counts = outcome.groupby(whole.to_numpy()).agg(["size", "sum"]).reindex(table["year"], fill_value=0)
    table["n_films"], table["n_passes"] = counts["size"].to_numpy(int), counts["sum"].to_numpy(int)
    some = table["n_films"] > 0
    table["pass_rate"] = (table["n_passes"] / table["n_films"]).where(some)
    low, high = wilson(table.loc[some, "n_passes"], table.loc[some, "n_films"], conf_level)
    table.loc[some, "rate_ci_low"], table.loc[some, "rate_ci_high"] = low, high
    return table


def _curve(terms, columns, outcome, years, conf_level):
    """Fit a formula that begins with the term of the year, and standardise it over its films for each year."""
    from patsy import build_design_matrices

    matrix = model_matrix(terms, columns)
    info, X = matrix.design_info, np.array(matrix)
    fit = fit_logit(X, outcome.to_numpy(), info.column_names)
    if not fit.converged:
        warn(Message("not_converged"))
    (term,) = (term for term in info.terms if names_in(term.name(), columns) == {"year"})
    own = list(range(*info.slice(term).indices(X.shape[1])))
    names = names_in(terms, columns)
    data = {name: np.repeat(columns[name].iloc[0], len(years)) for name in names} | {"year": years.to_numpy(float)}
    basis = np.asarray(build_design_matrices([info], data)[0])[:, own]
    margins, gradients = [], []
    for row in basis:
        X[:, own] = row
        p = 1 / (1 + np.exp(-X @ fit.params))
        margins.append(p.mean())
        gradients.append((p * (1 - p)) @ X / len(X))
    means, slopes = np.clip(margins, 1e-9, 1 - 1e-9), np.array(gradients)  # in far years they can round to 0 or 1
    errors = np.sqrt(np.einsum("ij,jk,ik->i", slopes, fit.cov_params, slopes)) / (means * (1 - means))
    logits, reach = np.log(means / (1 - means)), critical_value(conf_level) * errors
    band = [1 / (1 + np.exp(-ends)) for ends in (logits - reach, logits + reach)]
    return _Curve(np.column_stack([means, *band]), slopes, fit.params, fit.cov_params, own, conf_level)
