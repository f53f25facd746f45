"""What predictions are based on: permutation importance, partial dependence, and other values for one film.

These describe the model, not the world: a film with a different cast is a different film.

References
----------
.. [1] Breiman, "Random forests", Machine Learning, 2001 (permutation importance).
.. [2] Friedman, "Greedy function approximation", Annals of Statistics, 2001, section 8.2 (partial dependence).
.. [3] Goldstein et al., "Peeking inside the black box", JCGS, 2015 (individual conditional expectation).
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from bechdel_stats.attributes import ATTRIBUTE, ATTRIBUTES, VARIABLES
from bechdel_stats.data.readers import allowed_values
from bechdel_stats.data.schema import (
    CheckedFilms,
    checked,
    standardise,
)
from bechdel_stats.prediction.blocks import BLOCKS
from bechdel_stats.prediction.evaluation import check_fit, folds
from bechdel_stats.prediction.model import BechdelModel, fit_model, given_model, probability_table, with_outcome
from bechdel_stats.results import Summary
from bechdel_stats.words.messages import (
    FilmsError,
    Message,
    Verbatim,
    check_kind,
    check_whole,
    collected,
    numbers_given,
)

if TYPE_CHECKING:
    from matplotlib.axes import Axes

CAUTION = Message("model_not_world")
_ROWS = 20_000  # films predicted at once


@dataclass(frozen=True, eq=False)
class Dependence:
    """Predicted probability of passing as one column varies.

    Parameters
    ----------
    column : str
    values : ndarray of shape (n_values,)
    curves : ndarray of shape (n_films, n_values)
        One curve per film (ICE).
    table : DataFrame
        value, probability (mean of the curves, the partial dependence), low and high (the middle 80 % of the films).
    """

    column: str
    values: np.ndarray
    curves: np.ndarray
    table: pd.DataFrame

    def plot(self, ax: "Axes | None" = None) -> "Axes":
        """Draw the mean curve and those of some single films, and return `ax`."""
        from bechdel_stats.pictures.predictions import plot_dependence

        return plot_dependence(self, ax)

    def __repr__(self):
        return f"Dependence({self.column}, {len(self.curves)} films, {len(self.values)} values)"

    def _repr_html_(self):
        return Summary(f"Predicted probability of passing by {self.column}", self.table)._repr_html_()


def permutation_importance(
    films: pd.DataFrame,
    *,
    fit: Callable[[pd.DataFrame], Any] = fit_model,
    n_folds: int = 5,
    n_repeats: int = 3,
    seed: int = 0,
) -> pd.DataFrame:
    """Measure how much worse unseen films are predicted when a variable is shuffled among them [1]_.

    Columns that carry the same information are shuffled together (see `bechdel_stats.attributes`). Information that
    other variables share remains available from them, so the losses do not add up.

    Parameters
    ----------
    films : DataFrame
        With `rating`, or with `passes` alone.
    fit : callable
        As for `cross_validate`, whose folds these are.
    n_folds, n_repeats, seed : int

    Returns
    -------
    table : DataFrame
        variable, auc_loss (mean drop in AUC), auc_loss_sd (over folds and repeats), the largest first.
    """
    from sklearn.metrics import roc_auc_score

    check_fit(fit)
    check_whole("n_repeats", n_repeats, 1)
    films, _ = with_outcome(films)
    variables = {
        name: [attribute.name for attribute in ATTRIBUTES if attribute.variable == name and attribute.name in films]
        for name in VARIABLES
    }
    losses: dict[str, list[float]] = {name: [] for name, columns in variables.items() if columns}
    rng = np.random.default_rng(seed)
    for train, test in folds(films, n_folds, seed):
        model, unseen = fit(films.rows(train)), films.rows(test)
        passes = unseen["passes"].to_numpy()
        shuffled = [unseen]
        for name in losses:
            for _ in range(n_repeats):
                order = rng.permutation(len(unseen))
                columns = {column: unseen[column].to_numpy()[order] for column in variables[name]}
                shuffled.append(unseen.assign(**columns))
        predicted = _together(model, shuffled)
        whole, *worse = (roc_auc_score(passes, probabilities) for probabilities in predicted)
        for number, found in enumerate(losses.values()):
            found.extend(whole - auc for auc in worse[number * n_repeats : (number + 1) * n_repeats])
    table = pd.DataFrame(
        {
            "variable": list(losses),
            "auc_loss": [np.mean(values) for values in losses.values()],
            "auc_loss_sd": [np.std(values, ddof=1) for values in losses.values()],
        }
    )
    return table.sort_values("auc_loss", ascending=False, kind="stable", ignore_index=True)


def partial_dependence(
    films: pd.DataFrame,
    column: str,
    values: ArrayLike | None = None,
    *,
    model: BechdelModel | None = None,
    max_films: int = 500,
) -> Dependence:
    """Predict the same films with one column set to each of several values [2]_ [3]_.

    Parameters
    ----------
    films : DataFrame
    column : str
        A numeric column that a model uses, such as "cast_female_share"; others that count the same cast are left out.
    values : sequence of float, optional
        By default 20 between the 2nd and 98th percentiles of the column.
    model : BechdelModel, optional
        By default the shipped one.
    max_films : int, default=500
        Number of evenly spaced rows that are used from a larger table.

    Returns
    -------
    dependence : Dependence
    """
    films = checked(films)
    check_numeric(films, column)
    if values is None:
        low, high = films[column].quantile([0.02, 0.98])
        values = np.linspace(low, high, 20)
    values = numbers_given("values", values, "[0.2, 0.5]")
    if values.ndim != 1 or not len(values) or np.isnan(values).any():
        raise ValueError(f"values must be one or more known numbers in a row; got {values.tolist()!r:.40}.")
    check_whole("max_films", max_films, 1)
    sample = films.rows(np.unique(np.linspace(0, len(films) - 1, min(max_films, len(films))).astype(int)))
    model = given_model(model)
    for value in values:
        _check_limits(column, value)
    curves = _together(model, [_change(sample, {column: value}) for value in values]).T
    low, high = np.quantile(curves, [0.1, 0.9], axis=0)
    table = pd.DataFrame({"value": values, "probability": curves.mean(axis=0), "low": low, "high": high})
    return Dependence(column, values, curves, table)


def what_if(
    film: pd.DataFrame | pd.Series | dict[str, Any], changes: Mapping[str, Any], *, model: BechdelModel | None = None
) -> Summary:
    """Predict a film as it is and with other values in some columns.

    If the cast is changed, other columns that count it are left out: with another share of women, the old counts of
    women and men no longer hold.

    Parameters
    ----------
    film : DataFrame of one row, Series or dict
    changes : dict of str -> value
        Such as `{"cast_female_share": 0.5}`.
    model : BechdelModel, optional
        By default the shipped one.

    Returns
    -------
    summary : Summary
        Probability of each score and of passing, as it is and changed; its note cautions that this is what the model
        says of similar films, not what a change would bring about.

    Raises
    ------
    FilmsError
        If `film` is not one film, or `changes` is empty, names a column that no model uses or has an impossible value.
    """
    check_kind("changes", changes, Mapping, 'a dict, such as {"cast_female_share": 0.5}')
    film = checked(pd.DataFrame([dict(film)]) if isinstance(film, (dict, pd.Series)) else film)
    if len(film) != 1:
        raise FilmsError(Message("one_film", n=len(film)))
    unusable = [name for name in changes if not _used(name)]
    if unusable or not changes:
        code, usable = ("unusable_change" if unusable else "no_change"), list(filter(_used, ATTRIBUTE))
        raise FilmsError(Message(code, unusable=list(map(Verbatim, unusable)), columns=usable))
    for name, value in changes.items():
        _check_limits(name, value)
    model = given_model(model)
    changed = _change(film, changes)
    with collected():  # reported here
        read = standardise(changed)
    impossible = [name for name in changes if changed[name].notna().all() and read[name].isna().all()]
    if impossible:
        raise _impossible(impossible[0], changes[impossible[0]])
    probabilities = np.vstack([model.predict_proba(film), model.predict_proba(changed)])
    table = probability_table(probabilities, pd.RangeIndex(2))
    table.insert(0, "film", ["as it is", ", ".join(f"{name} = {value}" for name, value in changes.items())])
    return Summary("Predicted probabilities", table, notes=(CAUTION,))


def _together(model, versions):
    """Probability of passing of several versions of the same films, shape (n_versions, n_films), many at once."""
    at_once = max(1, _ROWS // max(1, len(versions[0])))
    blocks = (versions[start : start + at_once] for start in range(0, len(versions), at_once))
    tables = (CheckedFilms(pd.concat(block, ignore_index=True)) for block in blocks)
    return np.concatenate([model.predict_proba(films)[:, -1] for films in tables]).reshape(len(versions), -1)


def _check_limits(column, value):
    """Refuse a bare number beyond the limits of an attribute: in one value, 50 is no share and no per cent."""
    attribute = ATTRIBUTE[column]
    try:
        number = float(value) if attribute.kind == "number" else attribute.high
    except (TypeError, ValueError):
        return  # "50 %" and other words are read
    if not attribute.low <= number <= attribute.high and number == number:
        raise _impossible(column, value)


def _impossible(column, value):
    allowed = allowed_values(ATTRIBUTE[column])
    return FilmsError(Message("impossible_change", column=column, value=Verbatim(value), allowed=allowed))


def check_numeric(films: CheckedFilms, column: str) -> None:
    """Raise FilmsError unless a model uses a column as a number, and films have values of it."""
    check_kind("column", column, str, "the name of a column, such as year")
    numeric = _used(column) and ATTRIBUTE[column].kind == "number"
    if not numeric or column not in films or films[column].isna().all():
        raise FilmsError(Message("not_a_model_column", column=Verbatim(column)))


def without_same_cast(films: pd.DataFrame, changed: Collection[str]) -> pd.DataFrame:
    """Return films without the columns that count a cast that other, changed columns count too."""
    same_cast = [attribute.name for attribute in ATTRIBUTES if attribute.same_cast]
    if not set(changed) & set(same_cast):
        return films
    return films.drop(columns=[name for name in same_cast if name in films and name not in changed])


def _used(name):
    """Whether a model uses a column."""
    return name in ATTRIBUTE and ATTRIBUTE[name].block in BLOCKS


def _change(films, changes):
    """Films with other values in some columns; if the cast changes, other columns that count it are left out."""
    values = {name: [value] * len(films) for name, value in changes.items()}  # a value can be a list of genres
    return without_same_cast(films, changes).assign(**values)
