"""Predictions of films that nobody has rated: multinomial logistic regression with a ridge penalty.

There is one set of coefficients for each combination of blocks (cast and crew gender, text, reception) in addition to
the basics, and a film is scored with the set that matches what is known about it. Missing values within a block are
filled by `imputation`. The score is the most probable one; rounding the expected score would be wrong more often.
Films with pass and fail alone give a model of two outcomes instead of four scores: binary logistic regression.

What is heard in recordings is known of far fewer films than the rest. It is therefore fitted on top of the model of all
films: a film with a recording has the coefficients of its other blocks and those of `update`, one without a recording
is predicted as if nothing had been heard of any film.
"""

import os
import threading
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal, overload

import numpy as np
import pandas as pd

from bechdel_stats.attributes import ATTRIBUTES
from bechdel_stats.data.schema import CheckedFilms, check_outcome, checked, rename_columns, without_outcome
from bechdel_stats.inference.design import design_columns, design_matrix, same_design
from bechdel_stats.inference.odds_result import EVENTS
from bechdel_stats.prediction.blocks import BLOCKS, OUTCOMES, RATINGS, UNHEARD, combinations, formula, names_of
from bechdel_stats.prediction.coefficients import (
    LARGEST,
    check_coefficients,
    check_columns,
    check_last_year,
    check_normal,
)
from bechdel_stats.prediction.imputation import JointNormal, fit_joint_normal
from bechdel_stats.prediction.update import fit_update
from bechdel_stats.words.messages import FilmsError, Message, Verbatim, check_kind, warn
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
    coefficients : dict of tuple of str -> ndarray of shape (1 + n_terms, n_outcomes)
        For each combination of blocks, basics alone first: the intercepts, then one row per column of its formula; one
        column per rating 0-3, or per outcome, fail and pass.
    card : dict
        Source, licence, recipe, figures.
    last_year : float
        Of the films behind the coefficients; later films are predicted as if of this year.
    """

    columns: tuple[str, ...]
    normal: JointNormal
    coefficients: dict[tuple[str, ...], np.ndarray]
    card: dict[str, Any]
    last_year: float = np.inf

    def __repr__(self):
        what = "" if self.has_scores else ", pass or fail"
        return f"BechdelModel({len(self.columns)} columns, {len(self.coefficients)} combinations of blocks{what})"

    @property
    def has_scores(self) -> bool:
        """Whether it predicts scores 0-3, not only pass and fail."""
        return self._n_outcomes == len(RATINGS)

    @property
    def uses_ear(self) -> bool:
        """Whether it was fitted with what is heard in recordings."""
        return any("ear" in blocks for blocks in self.coefficients)

    @property
    def _n_outcomes(self):
        return next(iter(self.coefficients.values())).shape[1]

    def predict_proba(self, films: pd.DataFrame) -> np.ndarray:
        """Predict the probability of each rating, or of failing and passing.

        Parameters
        ----------
        films : DataFrame
            One row per film; see `bechdel_stats.attributes`. Missing columns and values are allowed.

        Returns
        -------
        probabilities : ndarray of shape (n_films, 4), or (n_films, 2) if the model was fitted to pass and fail
            The last column is the probability of passing.
        """
        films = without_outcome(films)
        blocks = (films.iloc[start : start + _ROWS] for start in range(0, len(films), _ROWS))
        return np.vstack(
            [np.empty((0, self._n_outcomes)), *(self._probabilities(self._known(block)) for block in blocks)]
        )

    def _known(self, films):
        """Design columns of checked films, NaN where not known."""
        columns = design_columns(films).reindex(columns=list(self.columns))
        if "year" in columns:
            columns["year"] = columns["year"].clip(upper=self.last_year)
        return columns

    def _probabilities(self, columns):
        probabilities = np.empty((len(columns), self._n_outcomes))
        for blocks, chosen in self._choices(columns):
            X = np.asarray(design_of(self._fill(columns[chosen], blocks)))
            probabilities[chosen] = _softmax(X @ self.coefficients[blocks])
        return probabilities

    def _choices(self, columns):
        """Pairs of a combination of blocks and the mask of the films that are predicted from it."""
        present = _present(columns)
        left = np.ones(len(columns), dtype=bool)
        for blocks in reversed(self.coefficients):  # the order is from fewer blocks to more
            chosen = left & np.logical_and.reduce([left, *(present[block] for block in blocks[1:])])
            left &= ~chosen
            if chosen.any():
                yield blocks, chosen

    def _fill(self, columns, blocks):
        """Columns of some blocks, with missing values filled."""
        names = names_of(self.columns, blocks)
        normal = self.normal.select([self.columns.index(name) for name in names])
        return pd.DataFrame(normal.expect(columns[names].to_numpy()), index=columns.index, columns=names)

    def save(self, folder: PathLike) -> None:
        """Write the coefficients (plain arrays, no pickle) and the card to a folder."""
        arrays = {"mean": self.normal.mean, "covariance": self.normal.covariance}
        if np.isfinite(self.last_year):
            arrays["last_year"] = np.array(self.last_year)
        arrays |= {"_".join(blocks): values for blocks, values in self.coefficients.items()}
        write_archive(Path(folder) / COEFFICIENTS, arrays, self.card | {"columns": list(self.columns)})


def fit_model(films: pd.DataFrame, card: dict[str, Any] | None = None) -> BechdelModel:
    """Fit a model to films with ratings 0-3 or, if there are none, with pass and fail.

    Parameters
    ----------
    films : DataFrame
        One row per film, with `rating`, or with `passes` alone; rows without the outcome are left out.
    card : dict, optional
        Entries of the model card: source, licence, figures.

    Returns
    -------
    model : BechdelModel

    Raises
    ------
    FilmsError
        If a rating, or an outcome, never occurs, or nothing in `BLOCKS["basics"]` is known of any film.

    Warns
    -----
    FilmsWarning
        For each combination of blocks that is known of too few films to have all outcomes; such films are then
        predicted from fewer blocks. And if too few films with a recording pass, or fail, to fit what is heard.
    """
    from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]  # stubs

    films, outcome = with_outcome(films)
    n_outcomes = len(OUTCOMES[str(outcome.name)])
    missing = sorted(set(OUTCOMES[str(outcome.name)]) - set(outcome))
    if missing:
        raise FilmsError(Message("missing_rating", ratings=list(map(str, missing))))
    columns = design_columns(films)[[name for block in BLOCKS.values() for name in block]]
    columns = columns.loc[:, columns.notna().any()]
    if not set(columns) & set(BLOCKS["basics"]):
        raise FilmsError(Message("nothing_known"))
    ear = columns[names_of(columns, ["ear"])]
    columns = columns.drop(columns=ear.columns)
    with _ONE_AT_A_TIME, threadpool_limits(limits=1):  # waiting threads make thousands of small systems 6 times slower
        normal = fit_joint_normal(columns.to_numpy())
    last_year = columns["year"].max() if "year" in columns else np.inf
    model = BechdelModel(tuple(columns), normal, {}, card or {}, float(last_year))
    present, outcomes = _present(columns), outcome.to_numpy()
    for blocks in combinations([block for block in UNHEARD if present[block].any()]):
        rows = np.logical_and.reduce([np.ones(len(films), dtype=bool), *(present[block] for block in blocks[1:])])
        if len(set(outcomes[rows])) < n_outcomes:
            warn(Message("too_few_for_block", blocks=list(blocks[1:]), n=int(rows.sum())))
            continue
        X = np.asarray(design_of(model._fill(columns[rows], blocks)))
        model.coefficients[blocks] = _fit_ridge(X, outcomes[rows])
    return _with_ear(model, columns, ear, outcomes)


def _with_ear(model, columns, ear, outcomes):
    """The model with what is heard in recordings on top of it; as it is if there are too few recordings."""
    heard = ear.notna().any(axis=1).to_numpy()
    passes = outcomes[heard] == model._n_outcomes - 1
    n_pass, n_fail, least = int(passes.sum()), int((~passes).sum()), EVENTS * ear.shape[1]
    is_enough = min(n_pass, n_fail) >= least
    if not is_enough:
        warn(Message("ear_too_few", least=least, n_pass=n_pass, n_fail=n_fail))
    if not (is_enough and heard.any()):
        return model
    normal = fit_joint_normal(ear[heard].to_numpy())
    X, offset = normal.expect(ear[heard].to_numpy()), np.log(model._probabilities(columns[heard]))
    shift, slopes = fit_update(offset, X, outcomes[heard])
    coefficients = {}
    for blocks, values in model.coefficients.items():
        with_ear = (*blocks, "ear")
        coefficients |= {blocks: values, with_ear: np.vstack([values[0] + shift, values[1:], slopes])}
    names = (*model.columns, *ear.columns)
    return replace(model, columns=names, normal=model.normal.beside(normal), coefficients=coefficients)


def with_outcome(films: pd.DataFrame) -> tuple[CheckedFilms, pd.Series]:
    """Return the films whose outcome is known, and that outcome as int: `rating`, or `passes` where no film has one.

    Raises
    ------
    FilmsError
        If there is neither, or it is the same for all films.
    """
    films = checked(films)
    known = [name for name in OUTCOMES if name in films and films[name].notna().any()]
    name = known[0] if known else next(iter(OUTCOMES))
    outcome: Any = check_outcome(films, name)
    return films.rows(outcome.notna()), outcome.dropna().astype(int)


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
        `score_3`, which sum to 1, and `passes`, the probability of passing (that of score 3). Of a model that was
        fitted to pass and fail, `passes` alone.

    Raises
    ------
    FilmsError
        If scores are asked of a model that was fitted to pass and fail: it has none, and 1 would mean two things.

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
    model = given_model(model)
    if not proba and not model.has_scores:
        raise FilmsError(Message("no_scores"))
    known = without_outcome(films)
    missing = missing_columns(known)
    if missing:
        warn(Message("predicted_without", columns=missing))
    probabilities = model.predict_proba(known)
    if not proba:
        return pd.Series(probabilities.argmax(axis=1).astype(np.int64), index=films.index, name="score")
    return probability_table(probabilities, films.index)


def probability_table(probabilities: np.ndarray, index: pd.Index) -> pd.DataFrame:
    """Return probabilities as columns `score_0` to `score_3`, of a model of scores, and `passes`."""
    scores = probabilities if probabilities.shape[1] == len(RATINGS) else probabilities[:, :0]
    table = pd.DataFrame(scores, index=index, columns=[f"score_{rating}" for rating in RATINGS[: scores.shape[1]]])
    return table.assign(passes=probabilities[:, -1])


def missing_columns(films: pd.DataFrame) -> list[str]:
    """Return the columns that a prediction could use but that are missing or empty; recordings are not asked for."""
    films = rename_columns(films)
    wanted = [attribute.name for attribute in ATTRIBUTES if attribute.block in BLOCKS and attribute.block != "ear"]
    return [name for name in wanted if name not in films or not films[name].notna().any()]


def given_model(model: BechdelModel | None) -> BechdelModel:
    """Return the model that a function was given, the shipped one if it was given none; TypeError for what is none."""
    if model is None:
        return load_model()
    if not callable(getattr(model, "predict_proba", None)):
        kind = type(model).__name__
        raise TypeError(f"model must be a BechdelModel, as fit_model and load_model return it; got {kind}.")
    return model


def load_model(folder: PathLike = SHIPPED) -> BechdelModel:
    """Load a model, by default the shipped one; its files are checked and cannot run code.

    Raises
    ------
    FilmsError
        If a file is missing, damaged, or not of this version.
    """
    check_kind("folder", folder, (str, os.PathLike), "the path of a folder that `bechdel-stats fit` has written")
    return _shipped() if Path(folder) == SHIPPED else _load(folder)


@lru_cache
def _shipped():
    return _load(SHIPPED)


def _load(folder):
    try:
        card, arrays = read_card(folder), read_arrays(Path(folder) / COEFFICIENTS, LARGEST)
        columns = check_columns(card.get("columns"))
        normal, coefficients = check_normal(arrays, columns), check_coefficients(arrays, columns)
        model = BechdelModel(columns, normal, coefficients, card, check_last_year(arrays))
        if folder != SHIPPED:
            _probe(model)
    except (ValueError, np.linalg.LinAlgError) as error:
        reason = Verbatim(str(error).rstrip("."))
        raise FilmsError(Message("not_a_model", folder=Verbatim(folder), reason=reason)) from None
    return model


def _probe(model):
    """Raise ValueError unless a film of which nothing is known, and one of which all is, have probabilities."""
    columns = pd.DataFrame([model.normal.mean], columns=list(model.columns))
    for known in (columns * np.nan, columns):
        probabilities = model._probabilities(known)
        if not (probabilities >= 0).all() or not np.allclose(probabilities.sum(axis=1), 1):
            raise ValueError("its probabilities do not sum to 1")


def _present(columns):
    """Block -> mask of the films of which anything in the block is known."""
    known = columns.notna()
    return {b: known.loc[:, known.columns.isin(names)].any(axis=1).to_numpy() for b, names in BLOCKS.items()}


def design_of(columns: pd.DataFrame) -> Any:
    """Return the intercept and one column per term of the formula of some columns, as a patsy.DesignMatrix."""
    arrays: Any = {
        name: columns[name].to_numpy() for name in columns
    }  # patsy is twice as fast with arrays as with Series
    scales = {
        "year": lambda x: ("decades_since_2000", (x - 2000) / 10),
        "runtime": lambda x: ("half_hour", (x - 100) / 30),
    }
    arrays |= dict(scale(arrays[name]) for name, scale in scales.items() if name in arrays)
    return same_design(_design(tuple(columns), tuple(arrays)), arrays)


@lru_cache(maxsize=64)
def _design(names, arrays):
    """What patsy makes of the formula of some columns; as they are numbers, it depends on none of their values."""
    return design_matrix(formula(names), dict.fromkeys(arrays, np.zeros(1))).design_info


def _fit_ridge(X, outcome):
    """Coefficients on the scale of X, a column per outcome; the penalty is on standardised columns."""
    from sklearn.linear_model import LogisticRegression

    mean, scale = X[:, 1:].mean(axis=0), X[:, 1:].std(axis=0)
    scale[scale <= 1e-9 * np.abs(X[:, 1:]).max(axis=0)] = 1.0  # constant, up to rounding
    fitted = LogisticRegression(C=RIDGE, max_iter=1000).fit((X[:, 1:] - mean) / scale, outcome)
    slopes = fitted.coef_.T / scale[:, None]
    coefficients = np.vstack([fitted.intercept_ - mean @ slopes, slopes])
    return (
        coefficients if coefficients.shape[1] > 1 else np.hstack([0 * coefficients, coefficients])
    )  # fail has logit 0


def _softmax(logits):
    exponentials = np.exp(logits - logits.max(axis=1, keepdims=True))
    return exponentials / exponentials.sum(axis=1, keepdims=True)
