"""How well later films are predicted by models of earlier ones: the question that a user of a model has.

Cross-validation mixes the years, so it hides what changes with time: which films are rated, what is known of them, and
what passing is associated with.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from bechdel_stats.data.schema import checked
from bechdel_stats.prediction.calibration import measure_period
from bechdel_stats.prediction.evaluation import check_fit, cross_validate, summary_of_periods, without
from bechdel_stats.prediction.model import fit_model, with_outcome
from bechdel_stats.results import Summary
from bechdel_stats.words.messages import FilmsError, Message, check_kind, check_whole

_UNTIL = (2002, 2007, 2012, 2017, 2023)


@dataclass(frozen=True, eq=False)
class OverTime:
    """Predictions of later films by models of earlier ones.

    Parameters
    ----------
    table : DataFrame
        One row per model: fitted_to (last year), n_fitted, tested (years), n_films, pass_rate, predicted (mean
        probability), auc, ci_low, ci_high, slope, in_the_large; see `calibration.measure_period`.
    n_left_out : int
        Films without an outcome or a year.
    """

    table: pd.DataFrame
    n_left_out: int

    def summary(self) -> Summary:
        """Return the table in readable form, as a `Summary`."""
        header = (("left out (no outcome or year)", self.n_left_out),)
        return summary_of_periods("Predictions of later films", self.table, header)

    def __repr__(self):
        return f"OverTime({len(self.table)} models, {self.table['n_films'].sum()} later films)"

    def _repr_html_(self):
        return self.summary()._repr_html_()


def validate_over_time(
    films: pd.DataFrame, until: Sequence[int] = _UNTIL, *, fit: Callable[[pd.DataFrame], Any] = fit_model
) -> OverTime:
    """Fit to the films up to each of some years, and predict those from then to the next of these years.

    Parameters
    ----------
    films : DataFrame
        With `year` and `rating`, or with `passes` alone; rows without outcome or year are left out and counted.
    until : sequence of int
        Years; after the last one, all later films are predicted. A year without films on both sides is left out.
    fit : callable
        `fit(films)` returns a model with `predict_proba(films)`, as `fit_model` and `fit_trees` do.

    Returns
    -------
    result : OverTime

    Raises
    ------
    FilmsError
        If no year has films on both sides.

    Examples
    --------
    >>> validate_over_time(films, [2007, 2012])  # doctest: +SKIP
    OverTime(2 models, 3679 later films)
    """
    check_fit(fit)
    check_kind("until", until, Sequence, "years in a row, such as [2007, 2012]")
    for year in until:
        check_whole("until", year)
    if not until:
        raise ValueError("until must hold a year or more, such as [2007, 2012]; got none.")
    films = checked(films)
    n_films = len(films)
    films, _ = with_outcome(films)
    years = films["year"].to_numpy() if "year" in films else np.full(len(films), np.nan)
    passes = films["passes"].to_numpy() == 1
    rows = []
    for first, last in zip(sorted(until), [*sorted(until)[1:], np.inf]):
        train, test = np.flatnonzero(years <= first), np.flatnonzero((years > first) & (years <= last))
        if len(train) and len(test):
            probability = fit(films.rows(train)).predict_proba(films.rows(test))[:, -1]
            tested = f"{first + 1}-{int(years[test].max())}"
            rows.append(
                {"fitted_to": first, "n_fitted": len(train), "tested": tested}
                | measure_period(passes[test], probability)
            )
    if not rows:
        raise FilmsError(Message("one_side", until=max(until), n_before=len(films), n_after=0))
    return OverTime(pd.DataFrame(rows), n_films - int(np.isfinite(years).sum()))


def figures(films: pd.DataFrame, progress: Callable[[str], object] | None = None) -> list[str]:
    """Measure predictions of later films, and with and without gender, text and reception; for the model card.

    Parameters
    ----------
    films : DataFrame
        With `rating`, or with `passes` alone.
    progress : callable, optional
        Called with the name of what is measured next.

    Returns
    -------
    lines : list of str
        One for each period of later films, if the table has any, and one for each combination of blocks.
    """
    if progress:
        progress("later films")
    try:
        over_time = validate_over_time(films)
        lines = [
            f"{row.n_films} films of {row.tested}, by a model of the {row.n_fitted} films up to {row.fitted_to}: "
            f"auc {row.auc:.3f}, calibration slope {row.slope:.2f}, passes {row.pass_rate:.1%}, "
            f"predicted {row.predicted:.1%}"
            for row in over_time.table.itertuples()
        ]
    except FilmsError:
        lines = []
    for lacking in (("gender", "text", "reception"), ("gender", "text"), ("text", "reception"), ("reception",), ()):
        name = f"without {', '.join(lacking)}" if lacking else "with all that is known"
        if progress:
            progress(name)
        result = cross_validate(without(films, *lacking))
        measured = ", ".join(f"{row.metric} {row.value:.3f}" for row in result.table.itertuples())
        lines.append(f"{len(result.rating)} films {name}: {measured}, calibration slope {result.slope:.2f}")
    return [*lines, f"the lines without years: of films unseen by the fit, {result.protocol}"]
