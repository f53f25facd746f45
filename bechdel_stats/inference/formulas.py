"""Which attributes go into a model: the default formulas, and the films that have all of them.

Shares, splines for year and runtime, the log budget with an indicator where it is missing, and each genre and language
that is common enough to stand alone; rare ones separate perfectly and share a column.
"""

import re
from dataclasses import dataclass

import numpy as np
import pandas as pd

from bechdel_stats.data.schema import COLUMN, FilmsError, check_outcome, warn
from bechdel_stats.inference.design import (
    COUNTRIES,
    GENRE_COLUMNS,
    LANGUAGE_COLUMNS,
    RUNTIME,
    YEAR,
    design_columns,
    design_matrix,
    names_in,
)

GENDER_TERMS = ("cast_female_10", "director_woman", "writer_woman")
NOT_CAUSES = "Associations in films that volunteers chose, not causes."
RECEPTION_TERMS = ("imdb_rating", "log10_imdb_votes")
_RARE = 10  # fewer films than this of any outcome, and a genre or language is pooled
_SOURCES = {  # columns of the table that design columns are made of, where the name does not say it
    **dict.fromkeys((*GENRE_COLUMNS, "genre_other"), "genres"),
    **dict.fromkeys(LANGUAGE_COLUMNS, "language"),
    **dict.fromkeys((f"country_{code}" for code in COUNTRIES), "country"),
    "decade": "year",
    "half_hour": "runtime",
    "cast_female_10": "cast_female_share",
    "crew_female_10": "crew_female_share",
    "director_woman": "director_female_share",
    "writer_woman": "writer_female_share",
}


@dataclass(frozen=True, eq=False)
class FormulaFilms:
    """What a model is fitted to: films, the columns of a formula, and which films have all of them.

    Parameters
    ----------
    outcome : Series
    columns : DataFrame
        As `inference_columns` returns them, with the pooled ones of a default formula.
    terms : str
        Right side of the formula.
    complete : Series of bool
    dropped : dict of str -> int
        How often each column was not known; a film can lack several.
    pooled, left_out : tuple of str
        As `default_formula` returns them; empty for a formula that was given.
    """

    outcome: pd.Series
    columns: pd.DataFrame
    terms: str
    complete: pd.Series
    dropped: dict
    pooled: tuple
    left_out: tuple


def films_of_formula(films, formula, outcome, *, gender, pre_release):
    """Find the films that a formula, the default one if it is None, can be fitted to.

    Parameters
    ----------
    films : DataFrame
        As `standardise` returns it.
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
    pooled = left_out = ()
    if formula is None:
        formula, columns, pooled, left_out = default_formula(columns, values, gender=gender, pre_release=pre_release)
    terms = right_side(formula, outcome)
    refuse_text(terms, films, columns)
    complete, dropped = complete_rows(columns, terms, values)
    return FormulaFilms(values, columns, terms, complete, dropped, pooled, left_out)


def inference_columns(films):
    """Design columns in which a missing budget is the median one, so that `budget_missing` compares with it."""
    columns = design_columns(films)
    if columns["log10_budget"].notna().any():
        columns["log10_budget"] = columns["log10_budget"].fillna(columns["log10_budget"].median())
    return columns


def default_formula(columns, outcome, *, gender=True, pre_release=True):
    """Choose all attributes that these films can tell apart.

    Parameters
    ----------
    columns : DataFrame
        As `inference_columns` returns them.
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
    numbers = ["year", "runtime", "log10_budget", "budget_missing"]
    numbers += [*(GENDER_TERMS if gender else ()), *(() if pre_release else RECEPTION_TERMS)]
    levels = [*GENRE_COLUMNS, *LANGUAGE_COLUMNS]
    empty = [name for name in [*numbers, *levels] if columns[name].isna().all()]
    rows = columns[[name for name in [*numbers, *levels] if name not in empty]].notna().all(axis=1) & outcome.notna()
    if not rows.any():
        counts = complete_rows(columns, " ".join(name for name in [*numbers, *levels] if name not in empty), outcome)[1]
        lacking = ", ".join(f"{name} in {n} films" for name, n in counts.items())
        raise FilmsError(f"no film is complete. Not known: {lacking}. Fill them, or give a formula without them.")
    constant = [name for name in numbers if name not in empty and columns.loc[rows, name].nunique() < 2]
    told = [name for name in constant if name != "budget_missing"]  # `budget` says it
    columns, genres, *rare_genres = _pool(columns, outcome, rows, GENRE_COLUMNS, "genre_other")
    columns, languages, *rare_languages = _pool(columns, outcome, rows, LANGUAGE_COLUMNS, "language_other")
    pooled, too_rare = (one + other for one, other in zip(rare_genres, rare_languages))
    levels, redundant = _independent(columns.loc[rows], [*genres, *languages])
    terms = [name for name in [*numbers[:4], *levels, *numbers[4:]] if name not in [*empty, *constant]]
    if not terms:
        raise FilmsError(f"no column tells these {len(columns)} films apart: all are empty or constant.")
    splines = {"year": YEAR, "runtime": RUNTIME}
    formula = f"{outcome.name} ~ " + " + ".join(_spline(columns.loc[rows], name, splines) for name in terms)
    return formula, columns, pooled, (*_sources([*empty, *told]), *redundant, *too_rare)


def right_side(formula, outcome="passes"):
    """Return what stands right of `passes ~`."""
    left, tilde, right = formula.partition("~")
    if not tilde or left.strip() != outcome or not right.strip():
        raise FilmsError(f"formula {formula!r}: it must read `{outcome} ~ term + term`.")
    outcomes = {"rating", "passes"} & set(re.findall(r"\w+", right))
    if outcomes:
        raise FilmsError(f"formula {formula!r}: {outcomes.pop()} is what is asked for. Leave it out of the right side.")
    return right.strip()


def refuse_text(right_side, films, columns):
    """Raise if a formula names a column of text, which no design column stands for."""
    for name in sorted(names_in(right_side, films.columns) - set(columns)):
        raise FilmsError(f"{name} is text: make columns of 0 and 1 of it, such as (films[{name!r}] == value) * 1.")


def model_matrix(right_side, columns):
    """Evaluate a formula over complete films, and make sure that these films can tell its columns apart.

    Parameters
    ----------
    right_side : str
    columns : DataFrame of float
        Without holes where the formula looks.

    Returns
    -------
    X : patsy.DesignMatrix of shape (n_films, 1 + n_terms)
        The intercept first.

    Raises
    ------
    FilmsError
        If the formula cannot be used, has no intercept or no term, or a column follows from the others.

    Warns
    -----
    FilmsWarning
        If a column is so wide, as raw dollars are, that its odds ratio per unit says nothing.
    """
    X = design_matrix(right_side, columns)
    names = X.design_info.column_names
    if names[:1] != ["Intercept"] or len(names) < 2:
        raise FilmsError(
            f"formula {right_side!r}: it needs the intercept and a term. Leave `0`, `- 1` or a lone `1` out."
        )
    if len(X) <= len(names):
        raise FilmsError(
            f"{len(X)} films are complete, and the formula has {len(names)} columns: too few films for it."
        )
    _check_rank(np.asarray(X), names)
    for name, deviation in zip(names, np.asarray(X).std(axis=0)):
        if deviation > 1e4:
            warn(f"column {name} varies by {deviation:.0e}: its odds ratio per unit reads 1.000. Use a log or a ratio.")
    return X


def notes_on_terms(result):
    """Say which films and levels a fitted result does without, and how to read its curves; a list of sentences."""
    notes = []
    if result.table["contrast"].str.contains("->").any():
        notes.append("-> compares the quartiles of a number that enters as a curve; p tests the whole curve.")
    if "ame" in result.table and result.table["ame"].isna().any():
        notes.append("No marginal effect of what enters in several terms: read these terms together.")
    if result.dropped:
        notes.append("Not known: " + ", ".join(f"{name} in {n} films" for name, n in result.dropped.items()) + ".")
    if result.left_out:
        names = ", ".join(result.left_out)
        notes.append(
            f"Left out (empty, the same in all films or nearly, or what the others are compared with): {names}."
        )
    if result.pooled:
        notes.append(f"Too rare to stand alone, pooled: {', '.join(result.pooled)}.")
    return notes


def complete_rows(columns, right_side, outcome):
    """Which films have everything the formula needs; how often each column is not known."""
    named = names_in(right_side, columns)
    missing = columns[sorted(named)].isna()
    lacking = [name for name in missing if missing[name].any()]
    dropped = {_sources([name])[0]: int(missing[name].sum()) for name in lacking}
    if outcome.isna().any():
        dropped = {outcome.name: int(outcome.isna().sum())} | dropped
    return ~missing.any(axis=1) & outcome.notna(), dropped


def _pool(columns, outcome, rows, names, other):
    """Put columns with too few films of either outcome into one; columns that no film has are left out.

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
    """Levels that do not follow from the others; where every film has one of them, the commonest is the reference."""
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
        redundant = ", ".join(sorted(names[number] for number in pivots[rank:]))
        raise FilmsError(f"column {redundant} follows from the others (or is constant): leave it out of the formula.")


def _sources(names):
    """Columns of the table that design columns are made of, each once."""
    return tuple(dict.fromkeys(_source(name) for name in names))


def _source(name):
    plain = re.sub(r"^log(10)?_", "", name)
    words = "overview" if plain.endswith(("words", "words_share")) else name
    return _SOURCES.get(name, plain if plain in COLUMN else words)


def _spline(columns, name, splines):
    """A spline with the knots that lie inside the data, or the plain column where that leaves fewer than three."""
    if name not in splines:
        return name
    known = columns[name].dropna()
    knots = [knot for knot in map(int, re.findall(r"\d+", splines[name])) if known.min() < knot < known.max()]
    enough = len(knots) >= 3 and known.nunique() > len(knots)
    return f"rcs({name}, ({', '.join(map(str, knots))}))" if enough else name
