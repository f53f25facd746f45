"""From a table of films to the columns of a design matrix, and the formulas over them.

Every number has the unit in which it is read: shares in steps of ten points, budgets as powers of ten (raw dollars give
"odds ratio 1.000" and a condition number of 1e8), genres and languages as 0 or 1. A formula over these columns, in the
language of Wilkinson and Rogers as patsy has it, is the whole description of a model.

References
----------
.. [1] Harrell, "Regression modeling strategies", 2nd ed., 2015, section 2.4.5 (restricted cubic splines).
"""

import re

import numpy as np
import pandas as pd

from bechdel_stats.data.schema import GENRES, FilmsError, split_genres

YEAR = "rcs(year, (1935, 1970, 1992, 2004, 2016))"
RUNTIME = "rcs(runtime, (75, 95, 110, 140))"
GENRE_COLUMNS = tuple(f"genre_{genre.lower().replace(' ', '_')}" for genre in GENRES)
COLUMN_OF_GENRE = dict(zip(GENRES, GENRE_COLUMNS))
LANGUAGES = ("fr", "ja", "es", "de", "it", "sv", "zh", "ko", "hi", "ru")  # English is what they are compared with
LANGUAGE_COLUMNS = tuple(f"language_{code}" for code in (*LANGUAGES, "other"))
COUNTRIES = {"us": "United States", "gb": "United Kingdom", "fr": "France", "ca": "Canada"}

# How the summaries of plots name women and men; the words were written down once, not chosen on the outcome.
WOMEN_WORDS = frozenset(
    "she her hers herself woman women girl girls girlfriend mother mothers mom mum daughter daughters sister sisters "
    "wife wives widow queen princess lady ladies actress aunt grandmother bride bridesmaid female heroine nun "
    "schoolgirl waitress witch niece heiress lesbian pregnant maid mrs ms miss".split()
)
MEN_WORDS = frozenset(
    "he him his himself man men boy boys boyfriend father fathers dad son sons brother brothers husband king prince "
    "gentleman actor uncle grandfather groom male hero mr sir nephew soldier soldiers guy guys".split()
)
_PEOPLE_WORDS = WOMEN_WORDS | MEN_WORDS


def rcs(x, knots):
    """Restricted cubic spline basis: cubic between the knots, straight lines beyond the outer ones [1]_.

    Parameters
    ----------
    x : array of shape (n,)
    knots : sequence of at least 3 increasing numbers

    Returns
    -------
    basis : ndarray of shape (n, n_knots - 1)
        The first column is `x` itself; the others have its unit.
    """
    x = np.asarray(x, dtype=float)[:, None]
    t = np.asarray(knots, dtype=float)
    if len(t) < 3 or not (np.diff(t) > 0).all():
        raise ValueError(f"a restricted cubic spline needs at least 3 increasing knots; got {tuple(knots)}.")
    cube = np.maximum(x - t, 0.0) ** 3  # (n, n_knots)
    last = t[-1] - t[-2]
    curves = (
        cube[:, :-2]
        - cube[:, -2:-1] * (t[-1] - t[:-2]) / last
        + cube[:, -1:] * (t[-2] - t[:-2]) / last
    ) / (t[-1] - t[0]) ** 2  # fmt: skip
    return np.hstack([x, curves])


def design_columns(films):
    """Compute every column that a formula can name, next to the numeric columns of the table itself.

    Parameters
    ----------
    films : DataFrame
        One row per film, as `standardise` returns it. Columns that are missing give NaN.

    Returns
    -------
    columns : DataFrame of float
        Same index. NaN is "not known"; only `*_missing` columns never are.
    """
    known = {name: films[name] for name in films if pd.api.types.is_numeric_dtype(films[name])}

    def number(name):
        return films[name] if name in films else pd.Series(np.nan, films.index)

    def text(name):
        return films[name] if name in films else pd.Series(None, films.index, dtype=object)

    columns = {
        "year": number("year"),
        "decade": number("year") // 10 * 10,
        "runtime": number("runtime").clip(10, 240),  # a serial of 15 hours is no more than "very long"
        "half_hour": (number("runtime").clip(10, 240) - 100) / 30,
        "log10_budget": np.log10(number("budget")),
        "budget_missing": number("budget").isna(),
        **{COLUMN_OF_GENRE[genre]: has for genre, has in genre_indicators(text("genres")).items()},
        **_one_hot("language", text("language"), LANGUAGES, reference="en"),
        **{f"country_{code}": _equals(text("country"), name) for code, name in COUNTRIES.items()},
        "cast_female_10": number("cast_female_share") * 10,
        "crew_female_10": number("crew_female_share") * 10,
        "director_woman": _at_least_one(number("director_female_share")),
        "writer_woman": _at_least_one(number("writer_female_share")),
        "lead_female": number("lead_female"),
        **{f"log_{name}": np.log1p(number(name)) for name in _COUNTS},
        **_words(text("overview")),
        **{f"log10_{name}": np.log10(number(name)) for name in ("imdb_votes", "tmdb_vote_count", "revenue")},
        "log_tmdb_popularity": np.log1p(number("tmdb_popularity")),
        **{name: number(name) for name in ("imdb_rating", "tmdb_vote_average", "metascore")},
    }
    return pd.DataFrame(known | columns, index=films.index).astype(float)


def design_matrix(formula, columns):
    """Evaluate the right side of a formula, in the language of patsy, over columns without holes.

    Parameters
    ----------
    formula : str
        Such as `"rcs(year, (1935, 1970, 2010)) + genre_war + log10_budget"`; `rcs` and numpy's `np` are known.
    columns : DataFrame of float, or dict of array

    Returns
    -------
    X : patsy.DesignMatrix of shape (n_films, n_terms)
        Its `design_info` names the columns and rebuilds them for other films.

    Raises
    ------
    FilmsError
        If the formula cannot be read or names a column that is not there.
    """
    from patsy import EvalEnvironment, PatsyError, dmatrix

    try:
        with np.errstate(all="ignore"):  # said below
            X = dmatrix(formula, columns, eval_env=EvalEnvironment([{"rcs": rcs, "np": np}]), NA_action="raise")
    except PatsyError as error:
        reason = str(error).splitlines()[0]
        raise FilmsError(f"the formula cannot be used: {reason}. It may name {', '.join(map(str, columns))}.") from None
    endless = [
        name for name, values in zip(X.design_info.column_names, np.asarray(X).T) if not np.isfinite(values).all()
    ]
    if endless:
        raise FilmsError(
            f"{endless[0]} has no finite value in some films, such as the log of 0. Use np.log1p, or a rank."
        )
    return X


def names_in(formula, columns):
    """Columns that a formula, or a term of it, names: plainly or as `Q("any name")`; a set."""
    quoted = re.findall(r"""Q\(["'](.+?)["']\)""", formula)
    return ({*re.findall(r"[^\W\d]\w*", formula), *quoted}) & set(columns)


_COUNTS = (
    "cast_women", "cast_men", "named_women", "named_men", "principal_women", "principal_men", "poster_women",
    "poster_men",
)  # fmt: skip


def genre_indicators(genres):
    """Whether each film has a genre, 0 or 1, NaN where its genres are not known: genre -> Series.

    Parameters
    ----------
    genres : Series of str
        As `standardise` returns it.
    """
    unique = genres.dropna().drop_duplicates()
    names = dict(zip(unique, split_genres(unique)))
    having = {genre: [text for text, found in names.items() if genre in found] for genre in GENRES}
    return {genre: genres.isin(texts).astype(float).where(genres.notna()) for genre, texts in having.items()}


def _one_hot(prefix, values, levels, reference):
    known = values.notna()
    columns = {f"{prefix}_{level}": (values == level).astype(float).where(known) for level in levels}
    columns[f"{prefix}_other"] = (known & ~values.isin([*levels, reference])).astype(float).where(known)
    return columns


def _equals(values, level):
    return (values == level).astype(float).where(values.notna())


def _at_least_one(share):
    return (share > 0).astype(float).where(share.notna())


def _words(overview):
    """Counts of words for women and men in the summary of the plot, and their share."""
    counts = np.array([_count_words(text) if isinstance(text, str) else (0,) * 5 for text in overview], dtype=float)
    counts = counts.reshape(-1, 5)
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


def _count_words(text):
    """All words, women's words, men's words, different women's words, different men's words."""
    words = re.findall(r"[a-z]+", text.lower())
    people = [word for word in words if word in _PEOPLE_WORDS]
    women = [word for word in people if word in WOMEN_WORDS]
    different = set(people)
    n_different_women = len(different & WOMEN_WORDS)
    return len(words), len(women), len(people) - len(women), n_different_women, len(different) - n_different_women
