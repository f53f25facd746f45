"""Which rows are the same film: by their ids, and by title and year where they share no kind of id.

A title is compared without case, accents, articles and punctuation. The same title and year is the same film; a year
apart, or with a year on one side only, it is taken for the same but listed as doubtful. What has several candidates is
never joined.
"""

import re
from collections import defaultdict
from itertools import combinations

import numpy as np
import pandas as pd

from bechdel_stats.levels import plain

IDS = ("imdb_id", "tmdb_id", "movielens_id", "wikidata_id")  # the first is the strongest
_SHOWN = {"tmdb_id": "tmdb", "movielens_id": "movielens", "wikidata_id": "wikidata"}
_ARTICLES = frozenset("the a an le la les l un une der die das el los las il lo gli".split())
_MOST_ALIKE = 50  # films of one title that are compared with each other
YEARS_APART = 1  # a film shown at a festival in December is released the next year


def films_of(rows: pd.DataFrame) -> tuple[list[str], pd.DataFrame]:
    """Name the film of each row.

    Parameters
    ----------
    rows : DataFrame
        With the index 0, 1, ... and the columns source, title, year and `IDS`; what is not known is None or NaN.

    Returns
    -------
    films : list of str
        An IMDb id, "tmdb 5" and so on, or "row 7" for a film without id.
    matches : DataFrame
        title, year, source, other_title, other_year, other_source, decision: pairs of rows with the same title that
        are doubtful. Sources are numbers.
    """
    films = _by_ids(rows)
    same, doubtful = _by_titles(rows, films)
    for row, film in enumerate(films):
        while film in same:
            film = same[film]
        films[row] = film
    columns = ["title", "year", "source", "other_title", "other_year", "other_source", "decision"]
    lines = [
        (*(rows[name].iloc[row] for row in pair for name in ("title", "year", "source")), decision)
        for *pair, decision in sorted(doubtful)
    ]
    return films, pd.DataFrame(lines, columns=columns)


def title_key(title: object) -> str:
    """Return what is compared of a title.

    Examples
    --------
    >>> title_key("The Tale of Despéreaux"), title_key("Fast & Furious"), title_key("L'Avventura")
    ('tale of despereaux', 'fast and furious', 'avventura')
    """
    if not isinstance(title, str):
        return ""
    words = plain(title.replace("&", " and ")).split()
    while len(words) > 1 and words[0] in _ARTICLES:
        words = words[1:]
    return " ".join(words) or re.sub(r"\s+", " ", title.strip().casefold())


def _by_ids(rows):
    """The film of each row by its strongest id; ids that another row holds together are those of one film."""
    films: list[str] = [""] * len(rows)
    for kind in IDS:
        ids = [_id_of(kind, value) for value in rows[kind]]
        known: dict[str, str] = {}
        for film, number in zip(films, ids):
            if film and number:
                known.setdefault(number, film)
        films = [film or known.get(number, number) for film, number in zip(films, ids)]
    return [film or f"row {row}" for row, film in enumerate(films)]


def _id_of(kind, value):
    if value is None or value != value:
        return ""
    if kind == "imdb_id":
        return value
    return f"{_SHOWN[kind]} {value:.0f}" if isinstance(value, float) else f"{_SHOWN[kind]} {value}"


def _by_titles(rows, films):
    """The film that each film is the same as, by title and year, and the doubtful pairs of rows."""
    kinds: dict[str, set[str]] = defaultdict(set)  # of ids
    for kind in IDS:
        for film, known in zip(films, rows[kind].notna()):
            if known:
                kinds[film].add(kind)
    first: dict[str, int] = {}
    by_key: dict[str, list[str]] = defaultdict(list)
    for row, (film, title) in enumerate(zip(films, rows["title"])):
        if film not in first and (key := title_key(title)):
            first[film] = row
            by_key[key].append(film)
    years, sources = rows["year"].to_numpy(dtype=float), rows["source"].to_numpy()
    same: dict[str, str] = {}
    doubtful: list[tuple[int, int, str]] = []
    for alike in by_key.values():
        _join_repeated(alike, kinds, first, years, sources, same)
        for apart in (0, *range(1, YEARS_APART + 1), None):
            left = [film for film in alike if film not in same]
            candidates = _candidates(left, kinds, first, years, sources, apart) if len(left) <= _MOST_ALIKE else {}
            for film, others in candidates.items():
                pair = (first[film], first[others[0]])
                if len(others) > 1 and apart == 0:
                    doubtful.append((*pair, "not joined: there are several candidates"))
                if len(others) == 1 and candidates[others[0]] == [film] and film not in same and others[0] not in same:
                    _join(film, others[0], kinds, same)
                    if apart != 0:
                        why = "joined: the years differ by one" if apart else "joined: a year is not known"
                        doubtful.append((*pair, why))
    return same, doubtful


def _join_repeated(alike, kinds, first, years, sources, same):
    """Rows of one source without ids and with the same title and year are one film."""
    place: dict[tuple[int, float], str] = {}
    for film in alike:
        if not kinds[film] and np.isfinite(years[first[film]]):
            kept = place.setdefault((sources[first[film]], years[first[film]]), film)
            if kept != film:
                same[film] = kept


def _candidates(films, kinds, first, years, sources, apart):
    """The films of one title that each may be the same as: no kind of id in common, and years so far apart."""
    candidates: dict[str, list[str]] = defaultdict(list)
    for film, other in combinations(films, 2):
        one, two = years[first[film]], years[first[other]]
        known = np.isfinite(one) and np.isfinite(two)
        fits = (known and abs(one - two) == apart) if apart is not None else not known
        elsewhere = sources[first[film]] != sources[first[other]]
        if fits and not kinds[film] & kinds[other] and (elsewhere or apart == 0):
            candidates[film].append(other)
            candidates[other].append(film)
    return candidates


def _join(film, other, kinds, same):
    """Make one film the same as the other: the one without ids, or the later one."""
    kept, gone = (other, film) if kinds[other] and not kinds[film] else (film, other)
    same[gone] = kept
    kinds[kept] = kinds[kept] | kinds[gone]
