"""Which attributes enter a model: the default formulas, and the films for which all of them are known.

A default formula has shares, splines for year and runtime, the log budget with an indicator of missing budgets, and
each genre and language that is common enough to stand alone; rare ones separate perfectly and share a column.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from bechdel_stats.attributes import ATTRIBUTE, ATTRIBUTE_OF_TERM, ATTRIBUTES, TERM
from bechdel_stats.data.schema import check_outcome
from bechdel_stats.data.values import holds_numbers
from bechdel_stats.inference.design import curve, design_columns, design_matrix, names_in, own_columns
from bechdel_stats.inference.grammar import LONGEST, read_formula, shown_formula
from bechdel_stats.words.messages import FilmsError, Message, Verbatim, check_kind, warn

if TYPE_CHECKING:
    from patsy import DesignMatrix

_RARE = 10  # genres and languages with fewer films than this of any outcome are pooled
_POOLS = {"genres": "genre_other", "language": "language_other"}
NOT_CAUSES = Message("volunteers")


def odds_terms(block: str) -> tuple[str, ...]:
    """Return the names of the terms of a block in the default formula, except genres and languages."""
    return tuple(
        term.name
        for attribute in ATTRIBUTES
        if attribute.block == block and attribute.name not in _POOLS
        for term in attribute.terms
        if term.odds
    )


@dataclass(frozen=True, eq=False)
class FormulaFilms:
    """What a model is fitted to: outcomes, the columns of a formula, and which films have all of them.

    Parameters
    ----------
    outcome : Series
    columns : DataFrame
        As returned by `inference_columns`, with the pooled columns of a default formula.
    terms : str
        Right-hand side of the formula.
    complete : Series of bool
    dropped : dict of str -> int
        Number of films in which each column is not known; a film can lack several.
    pooled, left_out : tuple of str
        As returned by `default_formula`; empty if a formula was given.
    """

    outcome: pd.Series
    columns: pd.DataFrame
    terms: str
    complete: pd.Series
    dropped: dict[str, int]
    pooled: tuple[str, ...]
    left_out: tuple[str, ...]


def films_of_formula(
    films: pd.DataFrame, formula: str | None, outcome: str, *, gender: bool, pre_release: bool
) -> FormulaFilms:
    """Find the films that a formula, or the default formula if None, can be fitted to.

    Parameters
    ----------
    films : DataFrame
        As returned by `standardise`.
    formula : str or None
    outcome : {"passes", "rating"}
    gender, pre_release : bool
        See `default_formula`.

    Returns
    -------
    found : FormulaFilms
    """
    values = check_outcome(films, outcome)
    columns = inference_columns(films)
    pooled: tuple[str, ...]
    left_out: tuple[str, ...]
    pooled = left_out = ()
    if formula is None:
        formula, columns, pooled, left_out = default_formula(columns, values, gender=gender, pre_release=pre_release)
        terms = right_side(formula, outcome)
    else:
        terms = right_side(formula, outcome)
        refuse_text(terms, films, columns)
    complete, dropped = complete_rows(columns, terms, values, own_columns(films))
    return FormulaFilms(values, columns, terms, complete, dropped, pooled, left_out)


def inference_columns(films: pd.DataFrame) -> pd.DataFrame:
    """Return design columns with missing budgets set to the median, which `budget_missing` is compared with."""
    columns = design_columns(films)
    if "log10_budget" not in own_columns(films) and columns["log10_budget"].notna().any():
        columns["log10_budget"] = columns["log10_budget"].fillna(columns["log10_budget"].median())
    return columns


def default_formula(
    columns: pd.DataFrame, outcome: pd.Series, *, gender: bool = True, pre_release: bool = True
) -> tuple[str, pd.DataFrame, tuple[str, ...], tuple[str, ...]]:
    """Choose all attributes whose coefficients these films can identify.

    Parameters
    ----------
    columns : DataFrame
        As returned by `inference_columns`.
    outcome : Series
    gender, pre_release : bool
        See `odds_ratios`.

    Returns
    -------
    formula : str
    columns : DataFrame
        With the pooled columns `genre_other` and `language_other` added.
    pooled, left_out : tuple of str
    """
    basics = odds_terms("basics")
    others = (*(odds_terms("gender") if gender else ()), *(() if pre_release else odds_terms("reception")))
    numbers = [*basics, *others]
    pools = {pool: [term.name for term in ATTRIBUTE[name].terms if term.odds] for name, pool in _POOLS.items()}
    levels = [name for names in pools.values() for name in names]
    empty = [name for name in [*numbers, *levels] if columns[name].isna().all()]
    rows = columns[[name for name in [*numbers, *levels] if name not in empty]].notna().all(axis=1) & outcome.notna()
    if not rows.any():
        counts = complete_rows(columns, " + ".join(name for name in [*numbers, *levels] if name not in empty), outcome)[
            1
        ]
        raise FilmsError(Message("no_complete_film", columns=in_films(counts)))
    constant = [name for name in numbers if name not in empty and columns.loc[rows, name].nunique() < 2]
    told = [name for name in constant if name != "budget_missing"]  # `budget` already says it
    common: list[str]
    common, pooled, too_rare = [], (), ()
    for pool, names in pools.items():
        columns, kept, *rare = _pool(columns, outcome, rows, names, pool)
        common, pooled, too_rare = [*common, *kept], pooled + rare[0], too_rare + rare[1]
    levels, redundant = _independent(columns.loc[rows], common)
    terms = [name for name in [*basics, *levels, *others] if name not in [*empty, *constant]]
    if not terms:
        raise FilmsError(Message("all_alike", n=len(columns)))
    formula = f"{outcome.name} ~ " + " + ".join(_spline(columns.loc[rows], name) for name in terms)
    return formula, columns, pooled, (*_sources([*empty, *told]), *redundant, *too_rare)


def right_side(formula: str, outcome: str = "passes") -> str:
    """Return the right-hand side of a formula, after `passes ~`."""
    check_kind("formula", formula, str, f"text, such as `{outcome} ~ year + cast_female_10`")
    if len(formula) > LONGEST:
        raise FilmsError(Message("formula_long", n=len(formula), most=LONGEST))
    left, tilde, right = formula.partition("~")
    if not tilde or left.strip() != outcome or not right.strip():
        raise FilmsError(Message("formula_shape", formula=shown_formula(formula), outcome=Verbatim(outcome)))
    padding = " " * (len(left) + 1)  # so that places are those in the whole formula
    outcomes = {"rating", "passes"} & read_formula(padding + right, formula).names
    if outcomes:
        shown, column = shown_formula(formula), Verbatim(min(outcomes))
        raise FilmsError(Message("formula_outcome", formula=shown, column=column))
    return right.strip()


def refuse_text(right_side: str, films: pd.DataFrame, columns: pd.DataFrame) -> None:
    """Raise FilmsError if a formula names a column of texts or complex numbers, even one named like ours."""
    for name in sorted(names_in(right_side, films.columns)):
        ours = name in columns and (name in ATTRIBUTE or films[name].isna().all())
        if not ours and not holds_numbers(films[name]):
            code = "formula_complex" if pd.api.types.is_complex_dtype(films[name]) else "formula_text"
            raise FilmsError(Message(code, column=Verbatim(name)))


def model_matrix(right_side: str, columns: pd.DataFrame) -> "DesignMatrix":
    """Evaluate a formula over complete films, and check that its columns are linearly independent.

    Parameters
    ----------
    right_side : str
    columns : DataFrame of float
        Without missing values in the columns that the formula names.

    Returns
    -------
    X : patsy.DesignMatrix of shape (n_films, 1 + n_terms)
        The intercept first.

    Raises
    ------
    FilmsError
        If the formula cannot be used, has no intercept or no term, a column follows from the others, or there are too
        few films.

    Warns
    -----
    FilmsWarning
        If a column has such a spread, as raw dollars do, that its odds ratio per unit is uninformative.
    """
    X = design_matrix(right_side, columns)
    names = X.design_info.column_names
    if names[:1] != ["Intercept"] or len(names) < 2:
        raise FilmsError(Message("formula_intercept", formula=shown_formula(right_side)))
    if len(X) <= len(names):
        raise FilmsError(Message("too_few_films", n=len(X), n_columns=len(names)))
    _check_rank(np.asarray(X), names)
    for name, deviation in zip(names, np.asarray(X).std(axis=0)):
        if deviation > 1e4:
            warn(Message("wide_column", column=Verbatim(name), deviation=float(deviation)))
    return X


def notes_on_terms(result: Any) -> list[Message]:
    """Return notes on the films and levels that a fitted result leaves out, and on how to read its curves."""
    notes = []
    if result.table["contrast"].str.contains("->").any():
        notes.append(Message("quartiles"))
    if "ame" in result.table and result.table["ame"].isna().any():
        notes.append(Message("several_terms"))
    if result.dropped:
        weights = getattr(result, "weights", None)
        n_unknown = result.n_dropped - (weights.n_zero if weights else 0)
        n_films, columns = result.n_films + result.n_dropped, in_films(result.dropped)
        notes.append(Message("films_left_out", n=n_unknown, n_films=n_films, columns=columns))
    if result.left_out:
        notes.append(Message("left_out", columns=list(result.left_out)))
    if result.pooled:
        notes.append(Message("pooled", columns=list(result.pooled)))
    return notes


def in_films(counts: Mapping[str, int]) -> list[Message]:
    """Return in how many films each column is not known, as a list of messages."""
    return [Message("column_in_films", column=name, n=n) for name, n in counts.items()]


def complete_rows(
    columns: pd.DataFrame, right_side: str, outcome: pd.Series, own: Collection[str] = ()
) -> tuple[pd.Series, dict[str, int]]:
    """Return which films have everything the formula needs, and in how many each column is not known.

    Columns are told by their sources, such as genres; those of the table itself, in `own`, by their name.
    """
    named = names_in(right_side, columns)
    missing = columns[sorted(named)].isna()
    lacking = [name for name in missing if missing[name].any()]
    dropped = {name if name in own else _source(name): int(missing[name].sum()) for name in lacking}
    if outcome.isna().any():
        dropped = {outcome.name: int(outcome.isna().sum())} | dropped
    return ~missing.any(axis=1) & outcome.notna(), dropped


def _pool(columns, outcome, rows, names, other):
    """Pool columns with too few films of either outcome into one; columns that no film has are left out.

    Returns the columns, the names to use, those that were pooled, and those that are too rare even together.
    """
    names = list(names)
    counts = columns.loc[rows, names].groupby(outcome[rows].to_numpy()).sum()  # a row per outcome
    rare = [name for name in names if counts[name].min() < _RARE or name == other]
    present = [name for name in rare if counts[name].sum() > 0]
    common = [name for name in names if name not in rare]
    if not present:
        return columns, common, (), ()
    together = columns[present].max(axis=1)
    if together[rows].groupby(outcome[rows].to_numpy()).sum().min() == 0:
        return columns, common, (), tuple(present)
    pooled = tuple(name for name in present if name != other)
    return columns.assign(**{other: together}), [*common, other], pooled, ()


def _independent(columns, names):
    """Levels that do not follow from the others; if every film has one of them, the commonest is the reference."""
    counts = columns[names].sum()
    matrix, kept = np.ones((len(columns), 1)), []
    for name in sorted(names, key=counts.get):
        wider = np.column_stack([matrix, columns[name]])
        if np.linalg.matrix_rank(wider.T @ wider) == wider.shape[1]:
            matrix, kept = wider, [*kept, name]
    return [name for name in names if name in kept], tuple(name for name in names if name not in kept)


def _check_rank(X, names):
    from scipy.linalg import qr

    scale = np.linalg.norm(X, axis=0)
    r, pivots = qr(X / np.where(scale > 0, scale, 1.0), mode="r", pivoting=True)
    diagonal = np.abs(np.diag(r))
    rank = int((diagonal > 1e-9 * diagonal[0]).sum())
    if rank < X.shape[1]:
        redundant = sorted(Verbatim(names[number]) for number in pivots[rank:])
        raise FilmsError(Message("column_follows", columns=redundant))


def _sources(names):
    """Columns of the table that design columns are derived from, each once."""
    return tuple(dict.fromkeys(_source(name) for name in names))


def _source(name):
    """The column of the table that a design column is derived from; a user's own column is itself."""
    return ATTRIBUTE_OF_TERM[name].name if name in ATTRIBUTE_OF_TERM else name


def _spline(columns, name):
    """A spline with the knots inside the range of the data, or the plain column if fewer than three are left."""
    if name not in TERM or TERM[name].odds != "curve":
        return name
    known = columns[name].dropna()
    knots = [knot for knot in TERM[name].knots if known.min() < knot < known.max()]
    enough = len(knots) >= 3 and known.nunique() > len(knots)
    return curve(name, knots) if enough else name
