"""The audit of a table of films: what was read, what was left out and why, and what is missing.

Three caveats apply to every number. Films are chosen and rated by volunteers. Values are rarely missing at random:
missingness varies with the year. And the gender of the cast comes from sources that disagree.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import combinations

import numpy as np
import pandas as pd

from bechdel_stats.attributes import ATTRIBUTE
from bechdel_stats.results import Summary
from bechdel_stats.words.messages import Message, Verbatim
from lightdiar.common.notation import count_of

VOLUNTEERS = Message("chosen")
FEW_FILMS = 20  # decades with fewer films say nothing about missingness
UNEVEN = 0.1  # missingness varies with the year if its share differs by more than this between decades, and p < 0.001
_NOT_KNOWN = "not known"
NOT_USED = "not used"  # what a column is taken for that holds no attribute
_COUNTS = {
    "cast": ("cast_women", "cast_men"),
    "principal cast": ("principal_women", "principal_men"),
    "first names": ("named_women", "named_men"),
}


@dataclass(frozen=True, eq=False)
class Audit:
    """What happened to the rows of each source, and what is missing from the table.

    Parameters
    ----------
    n_films : int
        Number of films in the table.
    rows : DataFrame
        source, shape, rows_in, rows_kept, rows_dropped, rows_without_id (kept, but cannot be joined), rows_rated.
    dropped : DataFrame
        source, reason, n_rows, examples; n_rows and rows_kept add up to rows_in.
    duplicates : DataFrame
        source, film, titles, ratings, n_rows, decision.
    disagreements : DataFrame
        column, source, n_both (films whose value is in this source and in an earlier one), n_different (of these).
    matches : DataFrame
        title, year, source, other_title, other_year, other_source, decision: doubtful pairs, matched by title and year.
    columns : DataFrame
        source, column, taken_for (an attribute, or "not used"), n_known, n_unusable (of these).
    missing : DataFrame
        column, n_missing, share, for the known columns of the table.
    missing_by_year : DataFrame
        decade, n_films, and the missing share of each column with missing values.
    gender : DataFrame
        source (of the gender of the cast), n_films, share (of the films), mean_female_share, pass_rate.
    gender_agreement : DataFrame
        compared, n_films, mean_difference (of the shares of women), correlation.
    people : DataFrame
        gender, n_people: credited cast members who count in no share.
    notes : tuple of Message
        Caveats for every number from this table.
    warnings : tuple of str
        Values that could not be used.
    """

    n_films: int
    rows: pd.DataFrame
    dropped: pd.DataFrame
    duplicates: pd.DataFrame
    disagreements: pd.DataFrame
    matches: pd.DataFrame
    columns: pd.DataFrame
    missing: pd.DataFrame
    missing_by_year: pd.DataFrame
    gender: pd.DataFrame
    gender_agreement: pd.DataFrame
    people: pd.DataFrame
    notes: tuple[Message, ...]
    warnings: tuple[str, ...]

    @property
    def n_dropped(self) -> int:
        """Number of rows, from all sources, that are not in the table."""
        return int(self.dropped["n_rows"].sum())

    def summary(self) -> Summary:
        """Return the sources and their rows, with notes and warnings, as a `Summary`."""
        header = (("films", self.n_films), ("rows dropped", self.n_dropped), ("warnings", len(self.warnings)))
        return Summary("Where the films come from", self.rows, header, (*self.notes, *self.warnings))

    def summaries(self) -> tuple[Summary, ...]:
        """Return `summary()` and a `Summary` of every other table that is not empty."""
        by_year = self.missing_by_year.drop(columns="n_films", errors="ignore")
        if len(by_year):
            by_year = by_year.set_index("decade").T.rename_axis("column").rename_axis(None, axis=1).reset_index()
        tables = (
            ("Rows left out", self.dropped),
            ("Duplicate films", self.duplicates),
            ("Disagreements between sources", self.disagreements),
            ("Doubtful matches by title and year", self.matches),
            ("Missing values", self.missing),
            ("Share missing, by decade", by_year),
            ("Gender of the cast, by source", self.gender),
            ("Share of women in the cast, one source minus another", self.gender_agreement),
            ("Cast counted in no share", self.people),
        )
        return (self.summary(), *self._of_columns(), *(Summary(title, table) for title, table in tables if len(table)))

    def _of_columns(self):
        """What the columns were taken for; those that are not used only by their names."""
        if self.columns.empty:
            return ()
        unused = self.columns["taken_for"] == NOT_USED
        names = [Verbatim(name) for name in dict.fromkeys(self.columns["column"][unused])]
        notes = (Message("columns_not_used", columns=names),) if names else ()
        return (Summary("What the columns were taken for", self.columns[~unused], notes=notes),)

    def to_frame(self) -> pd.DataFrame:
        """Return all tables as one, with columns part, row, item and value (numbers unrounded, names as text)."""
        parts = {
            "rows": (self.rows, ["source"]),
            "dropped": (self.dropped, ["source", "reason"]),
            "duplicates": (self.duplicates, ["source", "film"]),
            "disagreements": (self.disagreements, ["column", "source"]),
            "matches": (self.matches, ["source", "title", "other_source", "other_title"]),
            "columns": (self.columns, ["source", "column"]),
            "missing": (self.missing, ["column"]),
            "missing_by_year": (self.missing_by_year, ["decade"]),
            "gender": (self.gender, ["source"]),
            "gender_agreement": (self.gender_agreement, ["compared"]),
            "people": (self.people, ["gender"]),
        }
        lines = [
            (part, ": ".join(str(row[name]) for name in names), item, value)
            for part, (table, names) in parts.items()
            for row in table.to_dict("records")
            for item, value in row.items()
            if item not in names
        ]
        return pd.DataFrame(lines, columns=["part", "row", "item", "value"], dtype=object)

    def __repr__(self):
        films, sources, rows = count_of(self.n_films, "film"), count_of(len(self.rows), "source"), self.n_dropped
        return f"<Audit: {films} from {sources}, {count_of(rows, 'row')} dropped>"

    def _repr_html_(self):
        return "".join(summary._repr_html_() for summary in self.summaries())


def make_audit(
    films: pd.DataFrame,
    rows: pd.DataFrame,
    dropped: pd.DataFrame,
    duplicates: pd.DataFrame,
    disagreements: pd.DataFrame,
    matches: pd.DataFrame,
    columns: pd.DataFrame,
    warnings: Iterable[str],
) -> Audit:
    """Audit a joined table; the other arguments are the parts of the `Audit` that only the join knows."""
    missing_by_year = _missing_by_year(films)
    gender, agreement = _gender(films), _gender_agreement(films)
    notes = (
        *((VOLUNTEERS,) if "passes" in films else ()),
        *_missingness_note(films),
        *_gender_notes(gender, agreement),
    )
    return Audit(
        n_films=len(films),
        rows=rows,
        dropped=dropped,
        duplicates=duplicates,
        disagreements=disagreements,
        matches=matches,
        columns=columns,
        missing=_missing(films),
        missing_by_year=missing_by_year,
        gender=gender,
        gender_agreement=agreement,
        people=_people(films),
        notes=notes,
        warnings=tuple(warnings),
    )


def _missing(films):
    missing = films[[name for name in ATTRIBUTE if name in films]].isna()
    return pd.DataFrame(
        {
            "column": np.array(missing.columns, dtype=object),
            "n_missing": missing.sum().to_numpy(),
            "share": missing.mean().to_numpy(),
        }
    )


def _decades(films):
    """Decade of each film, such as 1990s; sorts chronologically, with "not known" last."""
    return films["year"].map(lambda year: f"{int(year // 10) * 10}s" if year == year else _NOT_KNOWN)


def _incomplete(films):
    """Known columns, other than the year, with missing values."""
    return [name for name in ATTRIBUTE if name in films and name != "year" and films[name].isna().any()]


def _missing_by_year(films):
    if "year" not in films:
        return pd.DataFrame()
    by_decade = films[_incomplete(films)].isna().groupby(_decades(films).to_numpy())
    shares = by_decade.mean()
    shares.insert(0, "n_films", by_decade.size())
    return shares.rename_axis("decade").reset_index()


def _missingness_note(films):
    """Note on the columns known before release whose missing share differs most between decades, if any does."""
    if "year" not in films:
        return ()
    decades = _decades(films)
    films = films[decades.map(decades.value_counts()).ge(FEW_FILMS) & (decades != _NOT_KNOWN)]
    names = [name for name in _incomplete(films) if ATTRIBUTE[name].block in ("basics", "gender")]
    ranges = [_uneven(films[name].isna(), decades[films.index]) for name in names]
    uneven = [(found, name) for found, name in zip(ranges, names) if found]
    if not uneven:
        return ()
    different = dict(reversed(uneven))  # columns from one source are missing in the same films
    ranges = [
        Message("missing_range", column=different[found], low=low, low_decade=first, high=high, high_decade=last)
        for found in sorted(different)[:-4:-1]
        for _, (low, first), (high, last) in [found]
    ]
    code = "missing_follows_year" if len(uneven) > 1 else "missing_follows_year_once"
    return (Message(code, n=len(uneven), ranges=ranges),)


def _uneven(missing, decades):
    """Spread, minimum and maximum of the missing share over decades; None if it does not vary with the year."""
    from scipy.stats import chi2_contingency

    counts = pd.crosstab(decades.to_numpy(), missing.to_numpy())
    if min(counts.shape) < 2:
        return None
    share = counts[True] / counts.sum(axis=1)
    spread = share.max() - share.min()
    if spread <= UNEVEN or chi2_contingency(counts)[1] >= 0.001:
        return None
    return spread, (float(share.min()), share.idxmin()), (float(share.max()), share.idxmax())


def _gender(films):
    if not {"cast_female_share", "cast_gender_source"} <= set(films):
        return pd.DataFrame()
    share = films["cast_female_share"]
    source = films["cast_gender_source"].where(share.notna(), None)
    source = source.map(lambda text: text if isinstance(text, str) else _NOT_KNOWN)
    lines = [
        {
            "source": name,
            "n_films": int((source == name).sum()),
            "share": float((source == name).mean()),
            "mean_female_share": share[source == name].mean(),
            "pass_rate": films["passes"][source == name].mean() if "passes" in films else np.nan,
        }
        for name in sorted(source.unique(), key=lambda name: (name == _NOT_KNOWN, name))
    ]
    return pd.DataFrame(lines)


def _gender_agreement(films):
    shares = {
        name: films[women] / (films[women] + films[men]).where(lambda total: total > 0)
        for name, (women, men) in _COUNTS.items()
        if women in films and men in films
    }
    lines = []
    for (name, first), (other, second) in combinations(shares.items(), 2):
        both = first.notna() & second.notna()
        first, second = first[both], second[both]
        if len(first) < 2:
            continue
        varies = first.nunique() > 1 and second.nunique() > 1
        lines.append(
            {
                "compared": f"{name} - {other}",
                "n_films": len(first),
                "mean_difference": (first - second).mean(),
                "correlation": first.corr(second) if varies else np.nan,
            }
        )
    return pd.DataFrame(lines)


def _gender_notes(gender, agreement):
    notes = []
    sources = gender[gender["source"] != _NOT_KNOWN] if len(gender) else gender
    if len(sources) > 1:
        shares = [
            Message("share_of_source", share=float(share), source=name)
            for name, share in zip(sources["source"], sources["mean_female_share"])
        ]
        notes.append(Message("gender_sources", n=len(sources), shares=shares))
    if len(agreement) and agreement["correlation"].min() < 0.9:
        worst = agreement.loc[agreement["correlation"].idxmin()]
        one, other = worst["compared"].split(" - ")
        told = dict(correlation=float(worst["correlation"]), one=one, other=other, n=int(worst["n_films"]))
        notes.append(Message("gender_disagrees", **told))
    return notes


def _people(films):
    names = {"cast_nonbinary": "non-binary", "cast_unknown": _NOT_KNOWN}
    lines = [{"gender": text, "n_people": int(films[name].sum())} for name, text in names.items() if name in films]
    return pd.DataFrame(lines)
