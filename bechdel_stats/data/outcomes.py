"""Whether a column named like an outcome holds Bechdel scores, passes and fails, a certificate, or somebody's taste.

A name alone does not make a Bechdel score. Whole numbers from 0 to 3 do, if the name says so; under the names "rating"
and "score" they do unless something speaks of taste: half stars, numbers above 3, a scale without a 0, or the company
of columns in which people keep their own ratings.
"""

from collections.abc import Set

import numpy as np
import pandas as pd

from bechdel_stats.data.values import is_missing, outcome_of, score_of
from bechdel_stats.levels import plain

BARE = ("rating", "score")  # names that stand for other things too
_COMPANY = frozenset(("passes", "bechdel_id", "clean_test", "dubious", "submitterid"))  # of a Bechdel score
_TASTE = frozenset(
    "userid user_id movieid movielens_id letterboxd_uri rewatch watched_date your_rating date_rated timestamp".split()
)
_CERTIFICATES = frozenset(
    "g|pg|pg 13|r|nc 17|x|m|gp|approved|passed|unrated|not rated|nr|tv ma|tv 14|tv pg|tv g|tv y|tv y7|u|ua|12|12a|15|"
    "18|tous publics|12 ans|16 ans".split("|")
)
_ENOUGH = 20  # films among which a Bechdel score would have a 0
_FEW = 3  # values that say too little to be taste
_MOSTLY = 0.9  # of the values: the others may be slips


def outcome_held(values: pd.Series, name: str, company: Set[str]) -> str:
    """Return what a column holds that has one of the names of `rating`.

    Parameters
    ----------
    values : Series
        As they came.
    name : str
        Its name as `columns.header` writes it.
    company : set of str
        Names of all columns of the table, written so.

    Returns
    -------
    attribute : {"rating", "passes", "mpaa", ""}
        "" for numbers that are taste, and for what is neither a number nor an outcome.
    """
    counts = values.dropna().map(str).value_counts()  # lists among them cannot be counted
    counts = counts[[not is_missing(text) for text in counts.index]]
    if counts.empty:
        return "rating"
    texts = [text.strip() for text in counts.index]
    numbers = np.array([score_of(text) for text in texts])
    words = [outcome_of(text) == outcome_of(text) for text in texts]
    if _share(np.isnan(numbers) & words, counts) > _share(~np.isnan(numbers), counts):
        return "passes"
    if name not in BARE:
        return "passes" if "score" not in name and "rating" not in name and np.isin(numbers, (0, 1)).all() else "rating"
    scores = np.isin(numbers, (0, 1, 2, 3))
    if _share([plain(text) in _CERTIFICATES for text in texts], counts) > 0.5 and not scores.all():
        return "mpaa"
    return "rating" if scores.any() and (company & _COMPANY or not _is_taste(numbers, counts, company)) else ""


def _is_taste(numbers, counts, company):
    known = ~np.isnan(numbers)
    numbers, counts = numbers[known], counts[known]
    if company & _TASTE or (counts.sum() >= _ENOUGH and 1 <= numbers.min() < numbers.max()):
        return True
    return counts.sum() > _FEW and _share(np.isin(numbers, (0, 1, 2, 3)), counts) < _MOSTLY


def _share(chosen, counts):
    return counts[np.asarray(chosen, dtype=bool)].sum() / counts.sum()
