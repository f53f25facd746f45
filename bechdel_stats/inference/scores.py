"""The films, design matrix and scores 0-3 that an ordinal or multinomial model is fitted to."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from bechdel_stats.data.schema import checked
from bechdel_stats.inference.contrasts import Contrast, contrasts_of
from bechdel_stats.inference.design import names_in
from bechdel_stats.inference.firth import separated_columns
from bechdel_stats.inference.formulas import FormulaFilms, films_of_formula, model_matrix
from bechdel_stats.words.messages import FilmsError, Message


@dataclass(frozen=True, eq=False)
class ScoredFilms:
    """Films with their scores, and the columns of a formula.

    Parameters
    ----------
    found : FormulaFilms
    terms : str
        Right-hand side of the formula, without rare levels that separate a step of the score.
    left_out : tuple of str
        As in `OddsRatioResult`, with those levels.
    X : ndarray of shape (n_films, n_columns)
    y : ndarray of int of shape (n_films,)
    scores : ndarray of int
        The distinct scores, increasing.
    contrasts : list of Contrast
    """

    found: FormulaFilms
    terms: str
    left_out: tuple[str, ...]
    X: np.ndarray
    y: np.ndarray
    scores: np.ndarray
    contrasts: list[Contrast]


def scored_films(films: pd.DataFrame, formula: str | None, *, gender: bool, pre_release: bool) -> ScoredFilms:
    """Find the films, columns and scores of a formula; parameters and errors as for `ordinal_odds_ratios`."""
    found = films_of_formula(checked(films), formula, "rating", gender=gender, pre_release=pre_release)
    terms, left_out, columns = found.terms, found.left_out, found.columns[found.complete]
    y = found.outcome[found.complete].astype(int).to_numpy()
    scores = np.unique(y)
    if len(scores) < 3:
        raise FilmsError(Message("few_ratings", n=len(y), n_ratings=len(scores)))
    matrix, contrasts, separated = _told_apart(terms, columns, y, scores)
    while separated and formula is None:  # rare levels that `default_formula` could not foresee
        kept = [term for term in terms.split(" + ") if not names_in(term, columns) & set(separated)]
        if not kept:
            break
        terms, left_out = " + ".join(kept), (*left_out, *separated)
        matrix, contrasts, separated = _told_apart(terms, columns, y, scores)
    if separated:
        raise FilmsError(Message("step_separated", terms=list(separated)))
    return ScoredFilms(found, terms, left_out, np.asarray(matrix), y, scores, contrasts)


def _told_apart(terms, columns, y, scores):
    """Design matrix, contrasts, and the terms that separate a step of the score."""
    matrix = model_matrix(terms, columns)
    contrasts = contrasts_of(matrix, columns)
    steps = [set(separated_columns(np.asarray(matrix), y >= score)) for score in scores[1:]]
    return matrix, contrasts, [c.term for c in contrasts if set(c.columns) & set.union(*steps)]
