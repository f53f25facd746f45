"""Predicted scores of films that nobody has rated: multinomial logistic regression with a ridge penalty.

There is one set of coefficients for each combination of blocks (cast and crew gender, text, reception) in addition to
the basics, and a film is scored with the set that matches what is known about it. Missing values within a block are
filled by `imputation`. The score is the most probable one; rounding the expected score would be wrong more often.
"""

import threading
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal, overload

import numpy as np
import pandas as pd

from bechdel_stats.attributes import ATTRIBUTES
from bechdel_stats.data.schema import CheckedFilms, check_outcome, checked, rename_columns
from bechdel_stats.inference.design import design_columns, design_matrix
from bechdel_stats.prediction.blocks import BLOCKS, OPTIONAL, RATINGS, combinations, formula, names_of
from bechdel_stats.prediction.coefficients import LARGEST, check_coefficients, check_columns, check_normal
from bechdel_stats.prediction.imputation import JointNormal, fit_joint_normal
from bechdel_stats.words.messages import FilmsError, Message, Verbatim, warn
from lightdiar.common.archive import read_arrays, read_card, write_archive
from lightdiar.common.files import PathLike

SHIPPED = Path(__file__).parent.parent / "parameters"
COEFFICIENTS = "coefficients.npz"
RIDGE = 0.005  # scikit-learn's C: one over the weight of the penalty on standardised columns

_ONE_AT_A_TIME = threading.Lock()  # limits are those of the process: of two fits at once one would take them back
_ROWS = 20_000  # films predicted at a time: about 100 MB


@dataclass(frozen=True, eq=False)
class BechdelModel:
    """A fitted model, as used by `predict_bechdel`.

    Parameters
    ----------
    columns : tuple of str
        Design columns, in the order of `normal`.
    normal : JointNormal
        Joint distribution of these columns.
    coefficients : dict of tuple of str -> ndarray of shape (1 + n_terms, 4)
        For each combination of blocks, basics alone first: the intercepts, then one row per column of its formula; one
        column per rating.
    card : dict
        Source, licence, recipe, figures.
    """

    columns: tuple[str, ...]
    normal: JointNormal
    coefficients: dict[tuple[str, ...], np.ndarray]
    card: dict[str, Any]

    def __repr__(self):
        return f"BechdelModel({len(self.columns)} columns, {len(self.coefficients)} combinations of blocks)"

    def predict_proba(self, films: pd.DataFrame) -> np.ndarray:
        """Predict the probability of each rating.

        Parameters
        ----------
        films : DataFrame
            One row per film; see `bechdel_stats.attributes`. Missing columns and values are allowed.

        Returns
        -------
        probabilities : ndarray of shape (n_films, 4)
        """
        if not isinstance(films, CheckedFilms):  # the outcome is not used, not even an invalid one
            films = checked(rename_columns(films).drop(columns=["rating", "passes"], errors="ignore"))
        blocks = (films.iloc[start : start + _ROWS] for start in range(0, len(films), _ROWS))
        columns = (design_columns(block).reindex(columns=list(self.columns)) for block in blocks)
        return np.vstack([np.empty((0, len(RATINGS))), *map(self._probabilities, columns)])

    def _probabilities(self, columns):
        present = _present(columns)
        probabilities = np.empty((len(columns), len(RATINGS)))
        left = np.ones(len(columns), dtype=bool)
        for blocks, coefficients in reversed(self.coefficients.items()):  # the order is from fewer blocks to more
            chosen = left & np.logical_and.reduce([left, *(present[block] for block in blocks[1:])])
            left &= ~chosen
            if chosen.any():
                X = _design_matrix(self._fill(columns[chosen], blocks))
                probabilities[chosen] = _softmax(X @ coefficients)
        return probabilities

    def _fill(self, columns, blocks):
        """Columns of some blocks, with missing values filled."""
        names = names_of(self.columns, blocks)
        normal = self.normal.select([self.columns.index(name) for name in names])
        return pd.DataFrame(normal.expect(columns[names].to_numpy()), index=columns.index, columns=names)

    def save(self, folder: PathLike) -> None:
        """Write the coefficients (plain arrays, no pickle) and the card to a folder."""
        arrays = {"mean": self.normal.mean, "covariance": self.normal.covariance}
        arrays |= {"_".join(blocks): values for blocks, values in self.coefficients.items()}
        write_archive(Path(folder) / COEFFICIENTS, arrays, self.card | {"columns": list(self.columns)})


def fit_model(films: pd.DataFrame, card: dict[str, Any] | None = None) -> BechdelModel:
    """Fit a model of the rating to films.

    Parameters
    ----------
    films : DataFrame
        One row per film, with `rating`; rows without it are left out.
    card : dict, optional
        Entries of the model card: source, licence, figures.

    Returns
    -------
    model : BechdelModel

    Raises
    ------
    FilmsError
        If a rating never occurs, or nothing in `BLOCKS["basics"]` is known of any film.

    Warns
    -----
    FilmsWarning
        For each combination of blocks that is known of too few films to have all four ratings; such films are then
        predicted from fewer blocks.
    """
    from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]  # stubs

    films = checked(films)
    rating: Any = check_outcome(films, "rating")
    missing = sorted(set(RATINGS) - set(rating.dropna()))
    if missing:
        raise FilmsError(Message("missing_rating", ratings=list(map(str, missing))))
    films, rating = films.rows(rating.notna()), rating.dropna().astype(int).to_numpy()
    columns = design_columns(films)[[name for block in BLOCKS.values() for name in block]]
    columns = columns.loc[:, columns.notna().any()]
    if not set(columns) & set(BLOCKS["basics"]):
        raise FilmsError(Message("nothing_known"))
    with _ONE_AT_A_TIME, threadpool_limits(limits=1):  # waiting threads make thousands of small systems 6 times slower
        normal = fit_joint_normal(columns.to_numpy())
    model = BechdelModel(tuple(columns), normal, {}, card or {})
    present = _present(columns)
    for blocks in combinations([block for block in OPTIONAL if present[block].any()]):
        rows = np.logical_and.reduce([np.ones(len(films), dtype=bool), *(present[block] for block in blocks[1:])])
        if len(set(rating[rows])) < len(RATINGS):
            warn(Message("too_few_for_block", blocks=list(blocks[1:]), n=int(rows.sum())))
            continue
        X = _design_matrix(model._fill(columns[rows], blocks))
        model.coefficients[blocks] = _fit_ridge(X, rating[rows])
    return model


@overload
def predict_bechdel(
    films: pd.DataFrame, proba: Literal[False] = False, model: BechdelModel | None = None
) -> pd.Series: ...
@overload
def predict_bechdel(films: pd.DataFrame, proba: Literal[True], model: BechdelModel | None = None) -> pd.DataFrame: ...
def predict_bechdel(
    films: pd.DataFrame, proba: bool = False, model: BechdelModel | None = None
) -> pd.Series | pd.DataFrame:
    """Predict the Bechdel score of films from what is known about them.

    Parameters
    ----------
    films : DataFrame
        One row per film, with any columns of `bechdel_stats.attributes`, the more the better. The rating is not used.
    proba : bool, default=False
        Return probabilities instead of scores.
    model : BechdelModel, optional
        By default the shipped one.

    Returns
    -------
    scores : Series of int, or DataFrame
        The most probable score (0-3) of each film, with the index of `films`; with `proba`, columns `score_0` to
        `score_3`, which sum to 1, and `passes`, the probability of passing (that of score 3).

    Warns
    -----
    FilmsWarning
        If columns that would help are missing; the message lists them.

    Examples
    --------
    >>> films = pd.DataFrame({"year": [1955, 2019], "genres": ["Western", "Drama|Romance"]}, index=["a", "b"])
    >>> predict_bechdel(films)  # doctest: +SKIP
    a    1
    b    3
    Name: score, dtype: int64
    """
    model = model or load_model()
    missing = missing_columns(films)
    if missing:
        warn(Message("predicted_without", columns=missing))
    probabilities = model.predict_proba(films)
    if not proba:
        return pd.Series(probabilities.argmax(axis=1).astype(np.int64), index=films.index, name="score")
    table = pd.DataFrame(probabilities, index=films.index, columns=[f"score_{rating}" for rating in RATINGS])
    return table.assign(passes=table["score_3"])


def missing_columns(films: pd.DataFrame) -> list[str]:
    """Return the columns that a prediction could use but that are missing or empty."""
    films = rename_columns(films)
    wanted = [attribute.name for attribute in ATTRIBUTES if attribute.block in BLOCKS]
    return [name for name in wanted if name not in films or not films[name].notna().any()]


def load_model(folder: PathLike = SHIPPED) -> BechdelModel:
    """Load a model, by default the shipped one; its files are checked and cannot run code.

    Raises
    ------
    FilmsError
        If a file is missing, damaged, or not of this version.
    """
    return _shipped() if folder == SHIPPED else _load(folder)


@lru_cache
def _shipped():
    return _load(SHIPPED)


def _load(folder):
    try:
        card, arrays = read_card(folder), read_arrays(Path(folder) / COEFFICIENTS, LARGEST)
        columns = check_columns(card.get("columns"))
        model = BechdelModel(columns, check_normal(arrays, columns), check_coefficients(arrays, columns), card)
        if folder != SHIPPED:
            _probe(model)
    except (ValueError, np.linalg.LinAlgError) as error:
        reason = Verbatim(str(error).rstrip("."))
        raise FilmsError(Message("not_a_model", folder=Verbatim(folder), reason=reason)) from None
    return model


def _probe(model):
    """Raise ValueError unless a film of which nothing is known, and one of which all is, have four probabilities."""
    columns = pd.DataFrame([model.normal.mean], columns=list(model.columns))
    for known in (columns * np.nan, columns):
        probabilities = model._probabilities(known)
        if not (probabilities >= 0).all() or not np.allclose(probabilities.sum(axis=1), 1):
            raise ValueError("its probabilities do not sum to 1")


def _present(columns):
    """Block -> mask of the films of which anything in the block is known."""
    known = columns.notna()
    return {b: known.loc[:, known.columns.isin(names)].any(axis=1).to_numpy() for b, names in BLOCKS.items()}


def _design_matrix(columns):
    """Intercept and one column per term of the formula, shape (n_films, 1 + n_terms)."""
    arrays = {name: columns[name].to_numpy() for name in columns}  # patsy is twice as fast with arrays as with Series
    scales = {
        "year": lambda x: ("decades_since_2000", (x - 2000) / 10),
        "runtime": lambda x: ("half_hour", (x - 100) / 30),
    }
    arrays |= dict(scale(arrays[name]) for name, scale in scales.items() if name in arrays)
    return np.asarray(design_matrix(formula(columns.columns), arrays))


def _fit_ridge(X, rating):
    """Coefficients on the scale of X; the penalty is on standardised columns."""
    from sklearn.linear_model import LogisticRegression

    mean, scale = X[:, 1:].mean(axis=0), X[:, 1:].std(axis=0)
    scale[scale <= 1e-9 * np.abs(X[:, 1:]).max(axis=0)] = 1.0  # constant, up to rounding
    fitted = LogisticRegression(C=RIDGE, max_iter=1000).fit((X[:, 1:] - mean) / scale, rating)
    slopes = fitted.coef_.T / scale[:, None]
    return np.vstack([fitted.intercept_ - mean @ slopes, slopes])


def _softmax(logits):
    exponentials = np.exp(logits - logits.max(axis=1, keepdims=True))
    return exponentials / exponentials.sum(axis=1, keepdims=True)
