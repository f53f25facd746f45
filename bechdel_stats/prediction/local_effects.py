"""Accumulated local effects: how the prediction moves with one column among films that have such values.

Partial dependence sets a column to every value in every film, also where other columns make it impossible (a short film
of four hours). Here each film is moved only within the bin it is in, and the small differences are added up, so columns
that go together are not blamed for one another.

References
----------
.. [1] Apley and Zhu, "Visualizing the effects of predictor variables in black box supervised learning models", JRSS B
   82, 2020.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from bechdel_stats.data.schema import CheckedFilms, checked
from bechdel_stats.prediction.importance import check_numeric, without_same_cast
from bechdel_stats.prediction.model import BechdelModel, given_model
from bechdel_stats.results import Summary
from bechdel_stats.words.messages import FilmsError, Message, Verbatim, check_whole

if TYPE_CHECKING:
    from matplotlib.axes import Axes


@dataclass(frozen=True, eq=False)
class LocalEffects:
    """Accumulated local effects of a column on the predicted probability of passing.

    Parameters
    ----------
    column : str
    table : DataFrame
        One row per edge of a bin: value, effect (difference in probability from the mean film; the mean over films is
        0), n_films (in the bin that ends here; 0 for the first edge).
    """

    column: str
    table: pd.DataFrame

    def summary(self) -> Summary:
        """Return the effects in readable form, as a `Summary`."""
        title = f"Accumulated local effects of {self.column} on the probability of passing"
        return Summary(title, self.table, notes=(Message("model_not_world"),), decimals={"effect": 3})

    def plot(self, ax: "Axes | None" = None) -> "Axes":
        """Draw the curve, and return `ax`."""
        from bechdel_stats.pictures.predictions import plot_local_effects

        return plot_local_effects(self, ax)

    def __repr__(self):
        return f"LocalEffects({self.column}, {self.table['n_films'].sum()} films, {len(self.table) - 1} bins)"

    def _repr_html_(self):
        return self.summary()._repr_html_()


def accumulated_local_effects(
    films: pd.DataFrame, column: str, *, n_bins: int = 20, model: BechdelModel | None = None
) -> LocalEffects:
    """Accumulate how predictions change as films move within bins of one column [1]_.

    Parameters
    ----------
    films : DataFrame
    column : str
        A numeric column that a model uses; other columns that count the same cast are left out. Films without a value
        are left out.
    n_bins : int, default=20
        Bins of about equally many films; fewer where values tie.
    model : BechdelModel, optional
        By default the shipped one.

    Returns
    -------
    effects : LocalEffects

    Raises
    ------
    FilmsError
        If no model uses the column as a number, or it has fewer than two values.
    """
    check_whole("n_bins", n_bins, 1)
    films = checked(films)
    check_numeric(films, column)
    films = films.rows(films[column].notna())
    values = films[column].to_numpy()
    edges = np.unique(np.quantile(values, np.linspace(0, 1, n_bins + 1), method="inverted_cdf"))
    if len(edges) < 2:
        raise FilmsError(Message("one_value", column=Verbatim(column), value=float(edges[0])))
    model = given_model(model)
    place = np.clip(np.searchsorted(edges, values, "left"), 1, len(edges) - 1)  # bin k: (edge k-1, edge k]
    low, high = (_passing(model, films, column, edges[place - side]) for side in (1, 0))
    n_films = np.bincount(place, minlength=len(edges))
    steps = np.bincount(place, high - low, minlength=len(edges)) / np.maximum(n_films, 1)
    effect = np.cumsum(steps)
    effect -= np.average((effect[1:] + effect[:-1]) / 2, weights=n_films[1:])
    return LocalEffects(column, pd.DataFrame({"value": edges, "effect": effect, "n_films": n_films}))


def _passing(model, films, column, values):
    changed = without_same_cast(films, [column]).assign(**{column: values})
    return model.predict_proba(CheckedFilms(changed))[:, -1]
