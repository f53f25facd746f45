"""Weights that make films chosen by volunteers resemble a population of films in margins that the user gives.

The weights are those of raking [1]_, computed as exponential calibration [2]_: exp(x b), with one coefficient for each
cell. With one margin of cells that do not overlap this is post-stratification: the share of a cell in the population
over its share in the films. Weights correct what the margins tell apart, and nothing else: within a cell, the films
that volunteers chose still stand for those they did not.

References
----------
.. [1] Deming and Stephan, "On a least squares adjustment of a sampled frequency table when the expected marginal totals
   are known", Annals of Mathematical Statistics 11, 1940.
.. [2] Deville and Särndal, "Calibration estimators in survey sampling", JASA 87, 1992.
.. [3] Kish, "Weighting for unequal Pi", Journal of Official Statistics 8, 1992.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from bechdel_stats.data.schema import checked
from bechdel_stats.describe.margins import margins_of
from bechdel_stats.results import Summary
from bechdel_stats.words.messages import FilmsError, Message, Verbatim, check_kind

_NAMED = 8  # cells in a message
_MOST_EMPTY = 0.2
_TOLERANCE = 1e-8
_MOST_STEPS = 100
_DECIMALS = dict.fromkeys(("target_share", "film_share", "weighted_share"), 3)


@dataclass(frozen=True, eq=False)
class PostStratification:
    """Weights of films.

    Parameters
    ----------
    weights : Series of float
        With the index of the films; their mean is 1. NaN for films that are in no cell of some margin.
    table : DataFrame
        One row per cell: margin (its columns), cell, n_films, target_share, film_share, weighted_share, weight_low,
        weight_high. Shares are of all mentions in a margin: a film counts in each of its genres.
    n_films, n_dropped : int
        Number of films with a weight, and without.
    notes : tuple of Message
    """

    weights: pd.Series
    table: pd.DataFrame
    n_films: int
    n_dropped: int
    notes: tuple[Message, ...]

    @property
    def design_effect(self) -> float:
        """Kish's: how much larger the variance of a mean is than with equal weights, 1 plus their squared CV [3]_."""
        return float((self.weights**2).mean() / self.weights.mean() ** 2)

    @property
    def n_effective(self) -> float:
        """Number of films with equal weights that would tell as much."""
        return self.n_films / self.design_effect

    def summary(self) -> Summary:
        """Return the cells in readable form, as a `Summary`."""
        header = (
            ("films", self.n_films),
            ("left out (in no cell)", self.n_dropped),
            ("design effect", self.design_effect),
            ("effective number of films", round(self.n_effective)),
        )
        return Summary("Weights of films", self.table, header, self.notes, _DECIMALS)

    def __repr__(self):
        return f"PostStratification(n_films={self.n_films}, design_effect={self.design_effect:.2f})"

    def _repr_html_(self):
        return self.summary()._repr_html_()


def post_stratify(films: pd.DataFrame, margins: pd.DataFrame) -> PostStratification:
    """Weight films so that their shares are those of a table of margins.

    Parameters
    ----------
    films : DataFrame
        One row per film; never modified. Give the films that the analysis uses, such as those with an outcome.
    margins : DataFrame
        One row per cell: columns of levels, such as year, country and genre, and `n` (counts in the population) or
        `share`. Rows that fill the same columns form a margin; several margins are raked. Years may be ranges:
        "1990s", "1990-1999", "before 1970", "2005 and later". A film counts in the cell of each of its genres, and
        counts or shares by genre are read in the same way; only their proportions matter.

    Returns
    -------
    weighting : PostStratification

    Raises
    ------
    FilmsError
        If the table is not one of margins (see `bechdel_stats.describe.margins`), no film is in it, more than a fifth
        of a margin is in cells without films, or no positive weights meet all margins.
    """
    check_kind("margins", margins, pd.DataFrame, "a DataFrame with a column n or share and columns of films")
    films = checked(films)
    found = margins_of(films, margins)
    used = np.logical_and.reduce([margin.members.any(axis=1) for margin in found])
    if not used.any():
        raise FilmsError(Message("margins_no_film", n=len(films)))
    notes, designs, filled = [], [], []
    for margin in found:
        members = margin.members[used]
        there = members.any(axis=0)
        notes += _empty(margin, there)
        targets = margin.targets[there] / margin.targets[there].sum()
        members = members[:, there].astype(float)
        filled.append(members)
        # a cell's share of all mentions is its target where the weighted sum of this is 0
        designs.append(members - targets * members.sum(axis=1, keepdims=True))
    weights = _calibrated(np.hstack(designs))
    rows = [row for margin, members in zip(found, filled) for row in _rows(margin, members, weights)]
    if not used.all():
        outside = {" x ".join(margin.columns): int((~margin.members.any(axis=1)).sum()) for margin in found}
        shown = [Message("column_of_films", column=Verbatim(name), n=n) for name, n in outside.items() if n]
        notes.append(Message("margins_outside", n=int((~used).sum()), margins=shown))
    series = pd.Series(np.nan, films.index, name="weight")
    series[used] = weights
    return PostStratification(series, pd.DataFrame(rows), int(used.sum()), int((~used).sum()), tuple(notes))


def _empty(margin, there):
    """A note about cells without films, or an error if there is too much in them."""
    if there.all():
        return
    empty = [cell for cell, filled in zip(margin.cells, there) if not filled]
    told = {"cells": [*(Verbatim(cell) for cell in empty[:_NAMED]), *[Verbatim("...")] * (len(empty) > _NAMED)]}
    told |= {"share": float(margin.targets[~there].sum())}
    if told["share"] > _MOST_EMPTY:
        raise FilmsError(Message("margins_empty_cells", most=_MOST_EMPTY, **told))
    yield Message("margins_empty", **told)


def _calibrated(x):
    """Weights exp(x b) of mean 1 with a weighted sum of x of 0, by Newton's method: the log of their sum is convex."""
    b = np.zeros(x.shape[1])
    scale = np.abs(x).max()
    for _ in range(_MOST_STEPS):
        log_sum, p = _softmax(x @ b)
        gradient = p @ x
        if np.abs(gradient).max() <= _TOLERANCE * scale:
            return len(x) * p
        hessian = (x.T * p) @ x - np.outer(gradient, gradient)
        step = -np.linalg.lstsq(hessian, gradient, rcond=1e-10)[0]
        size = 1.0
        while size > _TOLERANCE and _softmax(x @ (b + size * step))[0] > log_sum:
            size /= 2
        b = b + size * step
    raise FilmsError(Message("margins_not_met"))


def _softmax(values):
    top = values.max()
    exponentials = np.exp(values - top)
    return top + np.log(exponentials.sum()), exponentials / exponentials.sum()


def _rows(margin, members, weights):
    there = [number for number, cell in enumerate(margin.members.any(axis=0)) if cell]
    kept = margin.targets[there].sum()
    for number, own in zip(there, members.T):
        chosen = weights[own > 0]
        yield {
            "margin": " x ".join(margin.columns),
            "cell": margin.cells[number],
            "n_films": len(chosen),
            "target_share": margin.targets[number] / kept,
            "film_share": own.sum() / members.sum(),
            "weighted_share": own @ weights / (members.sum(axis=1) @ weights),
            "weight_low": chosen.min(),
            "weight_high": chosen.max(),
        }
