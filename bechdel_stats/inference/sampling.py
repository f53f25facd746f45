"""How films were sampled: clusters of films that belong together, and weights of films that stand for others.

References
----------
.. [1] Kish, "Survey sampling", 1965 (effective sample size and design effect of weights).
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from bechdel_stats.data.values import to_numbers
from bechdel_stats.inference.contrasts import Contrast
from bechdel_stats.inference.sandwich import FEW_CLUSTERS
from bechdel_stats.words.messages import FilmsError, Message, Verbatim, warn


@dataclass(frozen=True, eq=False)
class Weights:
    """Sampling weights of the films of a model.

    Parameters
    ----------
    values : ndarray of shape (n_films,)
        With a mean of 1.
    n_zero : int
        Number of films left out, as their weight is 0.
    """

    values: np.ndarray
    n_zero: int

    @property
    def n_effective(self) -> float:
        """Number of equally weighted films that would tell as much [1]_."""
        return float(self.values.sum() ** 2 / (self.values**2).sum())

    @property
    def design_effect(self) -> float:
        """Films over effective films: 1 if all weights are alike [1]_."""
        return len(self.values) / self.n_effective


def read_weights(films: pd.DataFrame, weights: "str | ArrayLike | None") -> pd.Series | None:
    """Return the weight of each film of a table, checked; None without weights.

    Parameters
    ----------
    films : DataFrame
    weights : str, Series, array of shape (n_films,), or None
        A column of the table, or one number a film; a Series must have the index of the table. A film without a weight
        is left out, as one of weight 0 is.

    Raises
    ------
    FilmsError
        If there is no such column, the lengths or indices differ, or a weight is negative, infinite or no number, or
        all are 0.
    """
    if weights is None:
        return None
    if isinstance(weights, str):
        if weights not in films:
            raise FilmsError(Message("no_weights_column", column=Verbatim(weights)))
        weights = films[weights]
    elif isinstance(weights, pd.Series) and not weights.index.equals(films.index):
        raise FilmsError(Message("weights_index"))
    given = pd.Series(np.asarray(weights).ravel())
    values = to_numbers(given).where(given.notna(), 0.0).to_numpy(float)
    if len(values) != len(films):
        raise FilmsError(Message("weights_length", n=len(values), n_films=len(films)))
    unusable = ~(np.isfinite(values) & (values >= 0))
    if unusable.any():
        first = Verbatim(str(np.asarray(weights).ravel()[unusable.argmax()]))
        raise FilmsError(Message("weights_unusable", n=int(unusable.sum()), n_films=len(films), first=first))
    if not values.any():
        raise FilmsError(Message("weights_zero", n=len(values)))
    return pd.Series(values, films.index)


def check_clusters(column: str, n: int, contrasts: list[Contrast]) -> None:
    """Refuse fewer clusters than a joint test needs, and warn of few.

    G clusters give a covariance of rank G - 1, so that no more coefficients can be tested together.

    Raises
    ------
    FilmsError
        If a term has as many columns as there are clusters, or more.

    Warns
    -----
    FilmsWarning
        Below 30 clusters.
    """
    widest = max(contrasts, key=lambda contrast: len(contrast.columns))
    if n <= len(widest.columns):
        values = {"column": Verbatim(column), "n": n, "term": widest.term, "n_columns": len(widest.columns)}
        raise FilmsError(Message("few_clusters", **values))
    if n < FEW_CLUSTERS:
        warn(Message("small_clusters", column=Verbatim(column), n=n, least=FEW_CLUSTERS))
