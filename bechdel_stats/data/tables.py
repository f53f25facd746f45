"""Tables of films from several sources, joined on their ids; no row is lost without being counted.

Sources are joined on their ids, and by title and year where they share no kind of id (see `matching`). If any source
has ratings, only films with a rating are kept, unless the others are asked for. Where several sources know a value, the
first one wins, and the audit counts how often they differ. If one source has several rows for a film, the most complete
is kept; if their ratings contradict each other, there is no telling which is right, and the film is left out.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from bechdel_stats.attributes import ATTRIBUTE
from bechdel_stats.data.audit import NOT_USED, Audit, make_audit
from bechdel_stats.data.columns import check_columns_named, column_not_there, header
from bechdel_stats.data.matching import films_of
from bechdel_stats.data.sources import NOT_FOUND, SERIES, Source, read_source
from bechdel_stats.words.messages import FilmsError
from lightdiar.common.notation import count_of


@dataclass(frozen=True, eq=False)
class Films:
    """A table of films with its audit.

    Parameters
    ----------
    table : DataFrame
        One row per film, with the column names of `bechdel_stats.attributes`; other columns are kept unchanged.
    audit : Audit
        Rows read, rows dropped and why, what is missing, and where gender comes from.
    """

    table: pd.DataFrame
    audit: Audit

    def __repr__(self):
        films, columns = (count_of(n, noun) for n, noun in zip(self.table.shape, ("film", "column")))
        return f"<Films: {films}, {columns}, {count_of(self.audit.n_dropped, 'row')} dropped>"

    def _repr_html_(self):
        return self.audit._repr_html_()


def read_films(
    *sources: str | Path | list[dict[str, Any]] | dict[str, Any] | pd.DataFrame,
    columns: Mapping[str, str] | None = None,
    unrated: bool = False,
) -> Films:
    """Read films from one or more sources and join them.

    Parameters
    ----------
    *sources : path, list of dict or DataFrame
        The dump of bechdeltest.com, TMDB records, or any table with the column names of `bechdel_stats.attributes`; see
        `sources.read_source`. Where several know a value, the first one wins.
    columns : mapping of str -> str, optional
        Names of columns in the sources and the attributes that they stand for; an empty name leaves one unused.
    unrated : bool, default=False
        Whether to keep films without a rating where others have one, for predictions.

    Returns
    -------
    films : Films
        `films.table` has one row per film in order of first appearance, with a new index; `films.audit` says what
        happened to every row.

    Raises
    ------
    FilmsError
        If a source cannot be read, or no film is left; the message names the source.
    OSError
        If there is no such file.

    Warns
    -----
    FilmsWarning
        For each column of a source with unusable values.

    Examples
    --------
    >>> ratings = [{"imdbid": "420238", "id": 1674, "title": "Tale of Despereaux, The", "rating": 3}]
    >>> films = read_films(ratings, pd.DataFrame({"imdb_id": ["tt0420238"], "year": [2008]}))
    >>> films
    <Films: 1 film, 6 columns, 0 rows dropped>
    >>> print(*films.table[["imdb_id", "title", "rating", "year"]].iloc[0])
    tt0420238 The Tale of Despereaux 3.0 2008.0
    """
    check_columns_named(columns)
    if not sources:
        raise FilmsError("no films: name at least one file, list of records or DataFrame.")
    read = [read_source(source, number, columns) for number, source in enumerate(sources, start=1)]
    check_columns(read, columns or {})
    names = _different([source.name for source in read])
    frames = [source.table.drop(columns=NOT_FOUND, errors="ignore") for source in read]
    rows = _rows(read)
    rows["film"], matches = films_of(rows)
    rows = _with_reasons(rows, unrated)
    kept = rows[rows["reason"].isna()]
    if not len(kept):
        reasons = ", ".join(f"{count} {reason}" for reason, count in rows["reason"].value_counts().items())
        raise FilmsError(f"no film is left of {len(rows)} rows: {reasons}. Add a source with ids and ratings.")
    table, disagreements = _join(names, frames, kept)
    table.attrs = dict(frames[0].attrs)  # what was told of the columns is not told again
    audit = make_audit(
        table,
        rows=_count_rows(read, names, rows),
        dropped=_count_dropped(names, rows),
        duplicates=_list_duplicates(names, rows),
        disagreements=disagreements,
        matches=matches.assign(**{name: [names[n] for n in matches[name]] for name in ("source", "other_source")}),
        columns=_list_columns(read, names),
        warnings=[text for source in read for text in source.warnings],
    )
    return Films(table, audit)


def check_columns(read: list[Source], columns: Mapping[str, str]) -> None:
    """Refuse a name of a column that no source has, with a FilmsError."""
    there = {header(column.column): column.column for source in read for column in source.columns}
    for theirs in columns:
        if header(theirs) not in there:
            raise FilmsError(column_not_there(theirs, list(there.values())))


def _list_columns(read, names):
    """One line for each column of each source: what it was taken for, and what of it could not be used."""
    lines = [
        (name, column.column, column.attribute or NOT_USED, column.n_known, column.n_unusable)
        for source, name in zip(read, names)
        for column in source.columns
    ]
    return pd.DataFrame(lines, columns=["source", "column", "taken_for", "n_known", "n_unusable"])


def _different(names):
    """Names of sources, numbered if files in different folders have the same name."""
    return [
        name if names.count(name) == 1 else f"{name} ({names[: place + 1].count(name)})"
        for place, name in enumerate(names)
    ]


def _rows(read):
    """All rows of all sources: source, row, ids, title, year, rating, passes, n_known, not_found."""
    parts = []
    for number, source in enumerate(read):
        table = source.table
        part = pd.DataFrame({"source": number, "row": np.arange(len(table))})
        for name in ("imdb_id", "title", "wikidata_id"):
            part[name] = table[name].to_numpy(dtype=object) if name in table else None
            part[name] = part[name].astype(object)
        for name in ("tmdb_id", "movielens_id", "year", "rating", "passes"):
            part[name] = table[name].to_numpy() if name in table else np.nan
        part["n_known"] = table.notna().sum(axis=1).to_numpy()
        part[SERIES] = table[NOT_FOUND].eq(SERIES).to_numpy() if NOT_FOUND in table else False
        part[NOT_FOUND] = part[SERIES] | (table[NOT_FOUND].eq(True).to_numpy() if NOT_FOUND in table else False)
        parts.append(part)
    return pd.concat(parts, ignore_index=True)


def _with_reasons(rows, unrated):
    """Add `reason`: why a row is left out, or None."""
    reason = pd.Series(None, rows.index, dtype=object)
    reason[rows[NOT_FOUND]] = "not on TMDB"
    reason[rows[SERIES]] = "a series on TMDB"
    reason[rows["n_known"] == 0] = "empty row"
    ratings = rows.groupby(["source", "film"], sort=False)[["rating", "passes"]].nunique().max(axis=1)
    contradicted = ratings.index[ratings > 1].get_level_values("film")
    reason[reason.isna() & rows["film"].isin(contradicted)] = "contradictory ratings"
    rated = rows.loc[rows["passes"].notna(), "film"]
    if len(rated) and not unrated:
        reason[reason.isna() & ~rows["film"].isin(rated)] = "no rating in any source"
    fullest = rows[reason.isna()].sort_values("n_known", ascending=False, kind="stable")
    repeated = fullest.index[fullest.duplicated(["source", "film"])]
    reason[repeated] = "same film as another row that is kept"
    return rows.assign(reason=reason)


def _join(names, frames, kept):
    """One row per film, each value from the first source that knows it, and how often sources differ."""
    films = pd.Index(kept["film"].unique())
    columns = {}
    differences = []
    for number, part in kept.groupby("source"):
        frame = frames[number].iloc[part["row"]].set_axis(films.get_indexer(part["film"]), axis=0)
        for name in frame:
            values = frame[name].reindex(range(len(films)))
            if name not in columns:
                columns[name] = values
                continue
            if name in ATTRIBUTE:
                both = columns[name].notna() & values.notna()
                different = int((columns[name][both] != values[both]).sum())
                if different:
                    differences.append((name, names[number], int(both.sum()), different))
            columns[name] = _fill(columns[name], values)
    table = pd.DataFrame(columns)
    if "rating" in table:
        table["passes"] = (table["rating"] == 3).astype(float).where(table["rating"].notna(), table["passes"])
    return table, pd.DataFrame(differences, columns=["column", "source", "n_both", "n_different"])


def _fill(first, second):
    """`first` where it is known, else `second`."""
    known = first.notna()
    if first.dtype == second.dtype != object:
        return first.where(known, second)
    filled = np.where(known, first.to_numpy(dtype=object), second.to_numpy(dtype=object))
    return pd.Series(filled, first.index, dtype=object)


def _count_rows(read, names, rows):
    lines = []
    for number, part in rows.groupby("source"):
        kept = part["reason"].isna()
        lines.append(
            {
                "source": names[number],
                "shape": read[number].shape,
                "rows_in": len(part),
                "rows_kept": int(kept.sum()),
                "rows_dropped": int((~kept).sum()),
                "rows_without_id": int((kept & part["film"].str.startswith("row ")).sum()),
                "rows_rated": int((kept & part["passes"].notna()).sum()),
            }
        )
    return pd.DataFrame(lines)


def _count_dropped(names, rows):
    dropped = rows[rows["reason"].notna()]
    lines = [
        (names[number], reason, len(part), _some(part["title"].fillna(part["film"])))
        for (number, reason), part in dropped.groupby(["source", "reason"])
    ]
    return pd.DataFrame(lines, columns=["source", "reason", "n_rows", "examples"])


def _list_duplicates(names, rows):
    repeated = rows[rows.duplicated(["source", "film"], keep=False) & ~rows[NOT_FOUND]]
    lines = []
    for (number, film), part in repeated.groupby(["source", "film"], sort=False):
        ratings = part["rating"].fillna(part["passes"]).dropna().unique()
        contradictory = (part["reason"] == "contradictory ratings").all()
        left_out = "all left out: there is no telling which rating is right"
        left_out = left_out if contradictory else "the most complete is kept"
        shown = ", ".join(f"{rating:g}" for rating in ratings)
        lines.append((names[number], film, _some(part["title"].dropna()), shown, len(part), left_out))
    return pd.DataFrame(lines, columns=["source", "film", "titles", "ratings", "n_rows", "decision"])


def _some(titles):
    """Up to three distinct titles."""
    unique = list(dict.fromkeys(titles))
    return "; ".join(unique[:3]) + ("; ..." if len(unique) > 3 else "")
