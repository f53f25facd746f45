"""How good predictions are: on films that the model has not seen, with intervals and calibration.

References
----------
.. [1] Efron and Tibshirani, "An introduction to the bootstrap", 1993, section 13.3 (percentile intervals).
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from bechdel_stats.attributes import ATTRIBUTES
from bechdel_stats.data.schema import CheckedFilms, checked
from bechdel_stats.inference.design import design_columns
from bechdel_stats.prediction.blocks import BLOCKS, OUTCOMES, RATINGS
from bechdel_stats.prediction.calibration import by_decade, calibration_curve, calibration_line
from bechdel_stats.prediction.metrics import METRICS, Metrics, draws
from bechdel_stats.prediction.model import fit_model, with_outcome
from bechdel_stats.results import Summary
from bechdel_stats.words.messages import FilmsError, Message, Verbatim, check_kind, check_whole, numbers_given, warn
from lightdiar.common.notation import count_of

if TYPE_CHECKING:
    from matplotlib.axes import Axes


@dataclass(frozen=True, eq=False)
class Evaluation:
    """Predictions of films by models that have not seen them.

    Parameters
    ----------
    table : DataFrame
        One row per metric: metric, value, ci_low, ci_high (bootstrap over films [1]_).
    calibration : DataFrame
        One row per tenth of the films, by predicted probability: predicted, pass_rate, ci_low, ci_high, n_films.
    probabilities : ndarray of shape (n_films, 4), or (n_films, 2) of fail and pass
    rating : ndarray of shape (n_films,)
        Scores 0-3; 0 or 1 where films have pass and fail alone.
    slope, intercept, ece : float
        Slope and intercept of the calibration line in logits (1 and 0 are perfect; NaN if not finite, see
        `calibration_line`), and expected calibration error.
    protocol : str
    periods : DataFrame
        One row per decade, see `calibration.measure_period`; empty if years are not known.
    n_left_out : int
        Films of the table without an outcome, or without a year that decides their side.
    """

    table: pd.DataFrame
    calibration: pd.DataFrame
    probabilities: np.ndarray
    rating: np.ndarray
    slope: float
    intercept: float
    ece: float
    protocol: str
    periods: pd.DataFrame
    n_left_out: int = 0

    @property
    def passes(self) -> np.ndarray:
        """Whether each film passes, shape (n_films,)."""
        return self.rating == self.probabilities.shape[1] - 1

    def summary(self) -> Summary:
        """Return metrics and calibration in readable form, as a `Summary`."""
        left_out = (("left out (no outcome)", self.n_left_out),) if self.n_left_out else ()
        header = (
            ("films", len(self.rating)),
            *left_out,
            ("protocol", self.protocol),
            ("calibration slope", self.slope),
            ("calibration intercept", self.intercept),
            ("calibration error", self.ece),
        )
        decimals = dict.fromkeys(("value", "ci_low", "ci_high"), 3)
        return Summary("Predictions of unseen films", self.table, header, decimals=decimals)

    def summary_by_period(self) -> Summary:
        """Return how good predictions are decade by decade, as a `Summary`."""
        return summary_of_periods("Predictions of unseen films, by decade", self.periods)

    def plot(self, ax: "Axes | None" = None) -> "Axes":
        """Draw the calibration curve, and return `ax`."""
        from bechdel_stats.pictures.predictions import plot_calibration

        return plot_calibration(self, ax)

    def __repr__(self):
        auc = self.table.set_index("metric").value["auc"]
        return f"Evaluation({count_of(len(self.rating), 'film')}, AUC {auc:.3f}, {self.protocol})"

    def _repr_html_(self):
        return self.summary()._repr_html_()


def cross_validate(
    films: pd.DataFrame,
    *,
    fit: Callable[[pd.DataFrame], Any] = fit_model,
    n_folds: int = 5,
    seed: int = 0,
    groups: str | None = None,
    until: int | None = None,
) -> Evaluation:
    """Predict each film with a model fitted to other films.

    Parameters
    ----------
    films : DataFrame
        With `rating`, or with `passes` alone; rows without the outcome are left out and counted.
    fit : callable
        `fit(films)` returns a model with `predict_proba(films)`, as `fit_model` and `fit_trees` do.
    n_folds : int, default=5
        Number of folds, stratified by passing.
    seed : int, default=0
    groups : str, optional
        A column such as "year": films with the same value stay in one fold, as do films without a value.
    until : int, optional
        Instead of using folds, fit to films up to this year and predict later ones.

    Returns
    -------
    evaluation : Evaluation

    Raises
    ------
    FilmsError
        If there are too few films, or groups, for the folds, or none on one side of `until`.

    Warns
    -----
    FilmsWarning
        If films without a year cannot be assigned to a side of `until`; the message says how many.
    """
    check_fit(fit)
    films = checked(films)
    n_films = len(films)
    films, outcome = with_outcome(films)
    probabilities = np.full((len(films), len(OUTCOMES[str(outcome.name)])), np.nan)
    for train, test in folds(films, n_folds, seed, groups, until):
        probabilities[test] = fit(films.rows(train)).predict_proba(films.rows(test))
    tested = ~np.isnan(probabilities[:, 0])
    kind = f"grouped by {groups}" if groups else "stratified by passing"
    protocol = f"fitted to {until} and before" if until else f"{n_folds}-fold cross-validation, {kind}, seed {seed}"
    years = films["year"][tested] if "year" in films else None
    result = evaluate(outcome[tested], probabilities[tested], protocol=protocol, seed=seed, years=years)
    return replace(result, n_left_out=n_films - len(films))


def evaluate(
    rating: ArrayLike,
    probabilities: ArrayLike,
    *,
    protocol: str = "given predictions",
    seed: int = 0,
    years: ArrayLike | None = None,
) -> Evaluation:
    """Evaluate predicted probabilities against known ratings.

    Parameters
    ----------
    rating : array of int, shape (n_films,)
        Scores 0-3; with two probabilities, 0 or 1.
    probabilities : ndarray of shape (n_films, 4) or (n_films, 2)
        Of each rating, or of fail and pass; the last column is that of passing.
    protocol : str
        How the predictions were made, for the reader.
    seed : int, default=0
        Of the bootstrap.
    years : array, shape (n_films,), optional
        For the table by decade.

    Returns
    -------
    evaluation : Evaluation

    Raises
    ------
    ValueError
        If a rating is not one of 0-3, or there are not four probabilities per film (or two) that sum to 1.
    FilmsError
        If all films pass, or none do.
    """
    rating = numbers_given("rating", rating, "[0, 3]")
    probabilities = numbers_given("probabilities", probabilities, "[[0.1, 0.2, 0.1, 0.6]]")
    n_outcomes = probabilities.shape[-1] if probabilities.ndim else 0
    fit_together = rating.ndim == 1 and probabilities.shape == (len(rating), n_outcomes)
    if not fit_together or n_outcomes not in map(len, OUTCOMES.values()):
        raise ValueError(
            f"{rating.size} ratings need probabilities of shape ({rating.size}, 4); got {probabilities.shape}."
        )
    if not np.isin(rating, np.arange(n_outcomes)).all():
        allowed = "ratings must be 0, 1, 2 or 3" if n_outcomes == len(RATINGS) else "outcomes must be 0 or 1"
        raise ValueError(f"{allowed}. Leave films out that have none.")
    if not (probabilities >= 0).all() or not np.allclose(probabilities.sum(axis=1), 1):
        raise ValueError("the probabilities of a film must not be negative and must sum to 1.")
    rating = rating.astype(int)
    passes = rating == n_outcomes - 1
    if len(np.unique(passes)) < 2:
        raise FilmsError(Message("not_measurable"))
    metrics = Metrics(rating, probabilities)
    low, high = np.quantile([metrics.of(draw) for draw in draws(passes, seed)], [0.025, 0.975], axis=0)
    table = pd.DataFrame({"metric": METRICS[: len(low)], "value": metrics.of(), "ci_low": low, "ci_high": high})
    slope, intercept = calibration_line(passes, probabilities[:, -1])
    curve = calibration_curve(passes, probabilities[:, -1])
    ece = float(np.average((curve.predicted - curve.pass_rate).abs(), weights=curve.n_films))
    periods = (
        pd.DataFrame() if years is None else by_decade(passes, probabilities[:, -1], np.asarray(years, dtype=float))
    )
    return Evaluation(table, curve, probabilities, rating, slope, intercept, ece, protocol, periods)


def fit_trees(films: pd.DataFrame) -> "_Trees":
    """Fit boosted trees to the columns of `fit_model`, to show how much a model without a formula could gain.

    Parameters
    ----------
    films : DataFrame
        With `rating`, or with `passes` alone; rows without the outcome are left out.

    Returns
    -------
    model : object with `predict_proba(films)`
    """
    return _Trees().fit(films)


class _Trees:
    def fit(self, films):
        from sklearn.ensemble import HistGradientBoostingClassifier

        # small steps and small trees: with 8,000 films larger ones only overfit
        self.trees_ = HistGradientBoostingClassifier(
            max_iter=200, learning_rate=0.04, max_leaf_nodes=12, l2_regularization=1.0, random_state=0
        )
        films, outcome = with_outcome(films)
        self.n_outcomes_ = len(OUTCOMES[str(outcome.name)])
        columns = design_columns(films)[[name for names in BLOCKS.values() for name in names]]
        self.columns_ = columns.columns[columns.nunique() > 1]
        if not len(self.columns_):
            raise FilmsError(Message("all_alike", n=len(films)))
        self.trees_.fit(columns[self.columns_].to_numpy(), outcome.to_numpy())
        return self

    def predict_proba(self, films):
        columns = design_columns(checked(films))[self.columns_]
        probabilities = np.zeros((len(films), self.n_outcomes_))
        probabilities[:, self.trees_.classes_] = self.trees_.predict_proba(columns.to_numpy())
        return probabilities


def without(films: pd.DataFrame, *blocks: str) -> CheckedFilms:
    """Return films without the columns of some blocks ("gender", "text", "reception").

    Examples
    --------
    >>> without(pd.DataFrame({"year": [2001], "imdb_votes": [900]}), "reception").columns.tolist()
    ['year']
    """
    return checked(films).without(attribute.name for attribute in ATTRIBUTES if attribute.block in blocks)


def summary_of_periods(title: str, periods: pd.DataFrame, header: tuple[tuple[str, object], ...] = ()) -> Summary:
    """Return measures of periods, one row each, as a `Summary`."""
    decimals = dict.fromkeys(("pass_rate", "predicted", "auc", "ci_low", "ci_high"), 3)
    return Summary(title, periods, header, (Message("periods_read"),), decimals, {"auc": ("ci_low", "ci_high")})


def check_fit(fit: object) -> None:
    """Raise TypeError unless an argument can be called, as `fit_model` can."""
    check_kind("fit", fit, Callable, "a function that returns a model, such as fit_model")  # type: ignore[arg-type]


def folds(
    films: pd.DataFrame, n_folds: int = 5, seed: int = 0, groups: str | None = None, until: int | None = None
) -> Iterable[tuple[np.ndarray, np.ndarray]]:
    """Return pairs of row numbers, of films to fit to and of films to predict; see `cross_validate`."""
    from sklearn.model_selection import StratifiedGroupKFold, StratifiedKFold

    check_whole("seed", seed)
    passes = films["passes"].to_numpy()
    if until is not None:
        check_whole("until", until)
        year = films["year"].to_numpy() if "year" in films else np.full(len(films), np.nan)
        if np.isnan(year).any():
            warn(Message("without_year", until=until, n=int(np.isnan(year).sum())))
        train, test = np.flatnonzero(year <= until), np.flatnonzero(year > until)
        if not len(train) or not len(test):
            raise FilmsError(Message("one_side", until=until, n_before=len(train), n_after=len(test)))
        return [(train, test)]
    check_whole("n_folds", n_folds, 2)
    smallest = int(np.bincount(passes.astype(int), minlength=2).min())
    if smallest < n_folds:
        raise FilmsError(Message("few_for_folds", n_folds=n_folds, n=smallest))
    if groups is not None:
        check_kind("groups", groups, str, "the name of a column, such as year")
        if groups not in films:
            raise FilmsError(Message("no_group_column", column=Verbatim(groups)))
        keys, values = pd.factorize(films[groups])
        if len(values) < n_folds:
            raise FilmsError(Message("few_groups", n_folds=n_folds, column=groups, n=len(values)))
        return StratifiedGroupKFold(n_folds, shuffle=True, random_state=seed).split(passes, passes, keys)
    return StratifiedKFold(n_folds, shuffle=True, random_state=seed).split(passes, passes)
