"""From a table of films to the columns of a design matrix, and the formulas over them.

Every number is in the unit in which its coefficient is read: shares in steps of ten points, budgets as powers of ten
(raw dollars give "odds ratio 1.000" and a condition number of 1e8), genres and languages as 0 or 1. A formula over
these columns, in the notation of Wilkinson and Rogers as implemented by patsy, fully describes a model.

References
----------
.. [1] Harrell, "Regression modeling strategies", 2nd ed., 2015, section 2.4.5 (restricted cubic splines).
"""

import math
import re
from collections.abc import Callable, Container, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from bechdel_stats.attributes import ATTRIBUTE, ATTRIBUTE_OF_TERM, ATTRIBUTES, TERM, TERM_OF_GENRE
from bechdel_stats.data.schema import genre_indicators
from bechdel_stats.data.values import holds_numbers
from bechdel_stats.inference.factors import ELEMENTWISE
from bechdel_stats.inference.grammar import MOST_COLUMNS, read_formula, shown_formula
from bechdel_stats.inference.people import MEN_WORDS, WOMEN_WORDS, people_in_title
from bechdel_stats.levels import COUNTRY_CODES, LANGUAGES
from bechdel_stats.words.messages import FilmsError, Message, Verbatim, check_kind, numbers_given, warn

if TYPE_CHECKING:
    from patsy import DesignInfo, DesignMatrix

_PEOPLE_WORDS = WOMEN_WORDS | MEN_WORDS


def rcs(x: ArrayLike, knots: Sequence[float]) -> np.ndarray:
    """Restricted cubic spline basis: cubic between the knots, linear beyond the outer ones [1]_.

    Parameters
    ----------
    x : array of shape (n,)
    knots : sequence of at least 3 increasing numbers

    Returns
    -------
    basis : ndarray of shape (n, n_knots - 1)
        The first column is `x` itself; the others have the same unit.
    """
    x = numbers_given("x", x, "[1950.0, 1990.0]").reshape(-1, 1)
    t = numbers_given("knots", knots, "[1935, 1970, 1992]")
    if t.ndim != 1 or len(t) < 3 or not (np.diff(t) > 0).all():
        raise ValueError(f"a restricted cubic spline needs at least 3 increasing knots; got {t.tolist()}.")
    cube = np.maximum(x - t, 0.0) ** 3  # (n, n_knots)
    last = t[-1] - t[-2]
    curves = (
        cube[:, :-2]
        - cube[:, -2:-1] * (t[-1] - t[:-2]) / last
        + cube[:, -1:] * (t[-2] - t[:-2]) / last
    ) / (t[-1] - t[0]) ** 2  # fmt: skip
    return np.hstack([x, curves])


_ENDLESS = 1e100  # squares have to be finite too
_FUNCTIONS = {"rcs": rcs, "np": np} | {name: getattr(np, name) for name in ELEMENTWISE}


def design_columns(films: pd.DataFrame) -> pd.DataFrame:
    """Compute every column that a formula can name, alongside the numeric columns of the table itself.

    A numeric column of the table that has the name of one of ours, such as genre_horror, is used instead of it, in
    formulas, default models and predictions alike.

    Parameters
    ----------
    films : DataFrame
        One row per film, as returned by `standardise`. Missing columns give NaN.

    Returns
    -------
    columns : DataFrame of float
        Same index. NaN means "not known"; `*_missing` columns have none.

    Warns
    -----
    FilmsWarning
        If such a column contradicts what the table says otherwise, such as its genres.
    """
    check_kind("films", films, pd.DataFrame, "a DataFrame of films, as standardise returns it")
    known = {name: films[name] for name in films if holds_numbers(films[name])}
    columns: dict[str, Any] = {}
    for attribute in ATTRIBUTES:
        if not attribute.terms:
            continue
        if attribute.name in films:
            values = films[attribute.name]
        else:
            empty = np.nan if attribute.kind == "number" else None
            values = pd.Series(empty, films.index, dtype=float if attribute.kind == "number" else object)
        if attribute.name in LEVELS:
            columns |= LEVELS[attribute.name](values)
        else:
            columns |= {term.name: TRANSFORMS[term.how](values) for term in attribute.terms}
    own = own_columns(films)
    _tell_contradictions(films, columns, own)
    kept = {name: values for name, values in columns.items() if name not in own}
    return pd.DataFrame(known | kept, index=films.index).astype(float)


def own_columns(films: pd.DataFrame) -> list[str]:
    """Return the columns of a table that are used instead of ours of that name: numeric ones that are not empty."""
    return [
        name
        for name in TERM
        if name in films and name not in ATTRIBUTE and holds_numbers(films[name]) and films[name].notna().any()
    ]


def _tell_contradictions(films, columns, own):
    for name in own:
        if not (TERM[name].predicts or TERM[name].odds):  # such as decade, which only a formula that names it uses
            continue
        theirs, ours = np.asarray(films[name], dtype=float), np.asarray(columns[name], dtype=float)
        n = int((np.abs(theirs - ours) > 1e-6 * np.maximum(1, np.abs(ours))).sum())  # NaN is no contradiction
        if n:
            values = {"column": Verbatim(name), "attribute": ATTRIBUTE_OF_TERM[name].name, "n": n}
            warn(Message("own_column", **values))


def design_matrix(formula: str, columns: pd.DataFrame | Mapping[str, np.ndarray]) -> "DesignMatrix":
    """Evaluate the right-hand side of a patsy formula over columns without missing values.

    Parameters
    ----------
    formula : str
        Such as `"rcs(year, (1935, 1970, 2010)) + genre_war + log10_budget"`; what it may hold is in `grammar`.
    columns : DataFrame of float, or dict of array

    Returns
    -------
    X : patsy.DesignMatrix of shape (n_films, n_terms)
        Its `design_info` names the columns and rebuilds them for other films.

    Raises
    ------
    FilmsError
        If the formula cannot be read, names a column that does not exist, gives infinite values, or more columns
        than `MOST_COLUMNS`.
    """
    from patsy import EvalEnvironment, dmatrix

    read = read_formula(formula)
    for name in sorted(read.names - set(columns)):
        raise _unusable(Message("not_defined", name=shown_formula(name)), columns)
    for name in sorted(read.names & read.functions):
        raise FilmsError(Message("formula_two_meanings", formula=shown_formula(formula), name=Verbatim(name)))
    n_columns = read.n_columns(lambda names: _n_levels(columns, names))
    if n_columns > MOST_COLUMNS:
        shown = shown_formula(formula)
        raise FilmsError(Message("formula_wide", formula=shown, n=n_columns, most=MOST_COLUMNS))
    names = sorted(read.names)  # no others: a column `np` must not hide the library
    data = columns[names] if isinstance(columns, pd.DataFrame) else {name: columns[name] for name in names}
    return _evaluated(
        lambda: dmatrix(formula, data, eval_env=EvalEnvironment([_FUNCTIONS]), NA_action="raise"), columns
    )


def same_design(info: "DesignInfo", columns: Mapping[str, np.ndarray]) -> "DesignMatrix":
    """Evaluate a formula that `design_matrix` has read, given as its `design_info`, over the columns of other films."""
    from patsy import build_design_matrices

    return _evaluated(lambda: build_design_matrices([info], columns, NA_action="raise")[0], columns)


def _evaluated(compute, columns):
    """A design matrix; raises FilmsError if patsy cannot compute it, or if it is infinite."""
    from patsy import PatsyError

    try:
        with np.errstate(all="ignore"):  # reported below
            X = compute()
    except (PatsyError, ValueError, TypeError, ArithmeticError, LookupError) as error:
        raise _unusable(Verbatim(str(error).partition("\n")[0].rstrip(".")), columns) from None
    endless = [
        name
        for name, values in zip(X.design_info.column_names, np.asarray(X).T)
        if not (np.abs(values) < _ENDLESS).all()
    ]
    if endless:
        raise FilmsError(Message("formula_endless", term=Verbatim(endless[0])))
    return X


def names_in(formula: str, columns: Container[object]) -> set[str]:
    """Return the set of columns that a formula, or a term of it, uses, directly or as `Q("any name")`."""
    return {name for name in read_formula(formula).names if name in columns}


def curve(name: str, knots: Iterable[float]) -> str:
    """Return the restricted cubic spline of a column, as a term of a formula."""
    return f"rcs({name}, ({', '.join(f'{knot:g}' for knot in knots)}))"


def _unusable(reason, columns):
    return FilmsError(Message("formula_unusable", reason=reason, columns=[Verbatim(name) for name in columns]))


def _n_levels(columns, names):
    """Different values of some columns together, at most."""
    counts = [len(np.unique(columns[name])) for name in names]
    return min(math.prod(counts), max(len(columns[name]) for name in names))


def _genres(genres):
    return {TERM_OF_GENRE[genre]: has for genre, has in genre_indicators(genres).items()}


def _languages(codes):
    columns = {f"language_{code}": is_code for code, is_code in _levels(codes, LANGUAGES).items()}
    named = codes.isin([*LANGUAGES, "en"])
    return columns | {"language_other": (~named).astype(float).where(codes.notna())}


def _countries(names):
    levels = _levels(names, COUNTRY_CODES.values())
    return {f"country_{code}": levels[name] for code, name in COUNTRY_CODES.items()}


def _levels(values, levels):
    """Whether each value is one of some levels, 0 or 1, NaN where it is not known; level -> ndarray."""
    codes, different = pd.factorize(values)
    return {level: np.array([*(float(value == level) for value in different), np.nan])[codes] for level in levels}


def _people_in_titles(titles):
    women, men = _of_texts(titles, people_in_title, 2).T
    return {"title_woman": women, "title_man": men}


def _words(overview):
    """Counts of words for women and men in plot summaries, and the share of those for women."""
    counts = _of_texts(overview, _count_words, 5)
    counts[counts[:, 0] == 0] = np.nan
    n_words, women, men, different_women, different_men = counts.T
    return {
        "log_words": np.log1p(n_words),
        "log_women_words": np.log1p(women),
        "log_men_words": np.log1p(men),
        "log_different_women_words": np.log1p(different_women),
        "log_different_men_words": np.log1p(different_men),
        "women_words_share": (women + 0.5) / (women + men + 1),
    }


def _of_texts(texts, measure, n_measures):
    """What each text measures, shape (n_texts, n_measures), NaN where there is none; equal texts are read once."""
    codes, different = pd.factorize(texts)
    unknown = (np.nan,) * n_measures
    measured = [measure(text) if isinstance(text, str) else unknown for text in different]
    return np.array([*measured, unknown], dtype=float)[codes]  # the code of no text is -1


def _count_words(text):
    """Number of words, of words for women and for men, and of distinct words for women and for men."""
    words = re.findall(r"[a-z]+", text.lower())
    people = [word for word in words if word in _PEOPLE_WORDS]
    women = [word for word in people if word in WOMEN_WORDS]
    different = set(people)
    n_different_women = len(different & WOMEN_WORDS)
    return len(words), len(women), len(people) - len(women), n_different_women, len(different) - n_different_women


TRANSFORMS: dict[str, Callable[[pd.Series], pd.Series]] = {  # from one number to one column
    "same": lambda values: values,
    "decade": lambda year: year // 10 * 10,
    "clip": lambda minutes: minutes.clip(10, 240),  # a serial of 15 hours is just "very long"
    "half_hours": lambda minutes: (minutes.clip(10, 240) - 100) / 30,
    "log10": np.log10,
    "log1p": np.log1p,
    "missing": lambda values: values.isna(),
    "tenths": lambda share: share * 10,
    "log_odds": lambda probability: -np.log(1 / probability.clip(0.01, 0.99) - 1),  # at most 99 to 1, by a recording
    "any": lambda share: (share > 0).astype(float).where(share.notna()),
}
LEVELS: dict[str, Callable[[pd.Series], dict[str, Any]]] = {  # from one attribute to many columns
    "genres": _genres,
    "language": _languages,
    "country": _countries,
    "title": _people_in_titles,
    "overview": _words,
}
