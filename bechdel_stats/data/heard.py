"""Which film each recording is of, and the films beside what is heard in them.

A recording is joined to a film by the IMDb id in the table of recordings, by the column `recording` of the films, by an
IMDb id in its name, or by title and year in its name, as `matching` compares them. What is only probable is joined
and told; what may be several films is not joined, and told.
"""

import re
from collections import Counter, defaultdict
from dataclasses import dataclass
from itertools import islice

import numpy as np
import pandas as pd

from bechdel_stats.data.matching import IDS, YEARS_APART, films_of, title_key
from bechdel_stats.data.readers import ids_in
from bechdel_stats.data.schema import checked
from bechdel_stats.data.titles import clean_title
from bechdel_stats.results import Summary
from bechdel_stats.words.messages import FilmsError, Message, Verbatim, check_kind
from lightdiar.common.notation import count_of
from lightdiar.common.tables import printable, shortened

HEARD = {
    "p_two_women": "ear_two_women",
    "p_women_talk": "ear_women_talk",
    "female_share": "ear_female_share",
    "female_share_low": "ear_female_share_low",
    "female_share_high": "ear_female_share_high",
    "exchanges": "ear_exchanges",
    "exchange_seconds": "ear_exchange_seconds",
    "places": "ear_places",
}  # column of a recording -> column of its film
_YEAR = re.compile(r"(?<![^\W_])(1[89]\d\d|20\d\d)(?![^\W_])")  # with blanks, dots, brackets or _ around it
_ID = re.compile(r"[\[({]?(?<![^\W_])tt\d{5,9}(?!\d)[\])}]?", re.IGNORECASE)
_SURE = ("imdb_id", "recording", "title and year")  # what joins for certain
_APART = ("title and year", "joined: the years differ by one", "joined: a year is not known")  # the surest first
_SEVERAL = "not joined: it may be several films"
_TWICE = "not joined: another recording is of the same film"
_NO_FILM = "not joined: none of these films"
_SOME, _MANY, _LONGEST = 5, 20, 60  # names in a note, and characters of each


@dataclass(frozen=True, eq=False)
class Heard:
    """Films beside what is heard in recordings of them.

    Parameters
    ----------
    films : DataFrame
        The films as they were given, with the columns of `HEARD`, `recording`, and `ear_match` (by what the recording
        was joined), empty for films without a recording.
    recordings : DataFrame
        One row per recording: recording, title and year of its film where it was joined, and match (by what, or why
        not).
    """

    films: pd.DataFrame
    recordings: pd.DataFrame

    @property
    def notes(self) -> tuple[Message, ...]:
        """How many recordings have a film, and by name films without a recording and recordings that are in doubt."""
        films, lines = self.films, self.recordings
        joined = lines["match"].str.startswith("not joined").eq(False)
        notes = [Message("ear_joined", n=int(joined.sum()), n_recordings=len(lines), n_films=len(films))]
        alone = films[films["ear_match"].isna()]
        if len(alone):
            notes.append(Message("ear_alone", n=len(alone), films=listed(alone, _SOME)))
        for match, part in lines[~lines["match"].isin(_SURE)].groupby("match"):
            names = [_name(text) for text in part["recording"]]
            if match == _NO_FILM:
                notes.append(Message("ear_no_film", n=len(part), recordings=_first(names, _MANY)))
                continue
            if joined[part.index[0]]:
                films_of_part = zip(names, _names_of(part))
                names = [Message("recording_of_film", recording=name, film=film) for name, film in films_of_part]
            notes.append(Message("ear_doubtful", decision=match, n=len(part), recordings=_first(names, _MANY)))
        return tuple(notes)

    def summary(self) -> Summary:
        """Return every recording with its film, as a `Summary`."""
        return Summary("Recordings and their films", self.recordings, notes=self.notes)

    def __repr__(self):
        n_films = self.films["ear_match"].notna().sum()
        return f"Heard({count_of(len(self.recordings), 'recording')}, {count_of(n_films, 'film')} with one)"

    def _repr_html_(self):
        return self.summary()._repr_html_()


def join_ear(films: pd.DataFrame, ear: pd.DataFrame) -> Heard:
    """Put what is heard in recordings beside the films that they are of.

    Parameters
    ----------
    films : DataFrame
        One row per film; where a film has several rows, each gets it.
    ear : DataFrame
        As returned by `read_ear`.

    Returns
    -------
    heard : Heard

    Examples
    --------
    >>> join_ear(read_films("films.csv").table, read_ear("ear.csv"))  # doctest: +SKIP
    Heard(12 recordings, 11 films with one)
    """
    check_kind("ear", ear, pd.DataFrame, "a DataFrame, as read_ear returns it")
    lacking = [name for name in ("recording", *HEARD, "imdb_id") if name not in ear]
    if lacking:
        raise FilmsError(f"ear: no column {', '.join(lacking)}. read_ear gives a table that has them.")
    films = checked(films)
    known = _Films(films)
    matches = [known.film_of(*found) for found in zip(ear["recording"], ear["imdb_id"])]
    n_recordings = Counter(film for film, _ in matches)
    matches = [(None, _TWICE) if film and n_recordings[film] > 1 else (film, how) for film, how in matches]
    row_of = {film: row for row, (film, _) in enumerate(matches) if film}
    rows = np.array([row_of.get(film, -1) for film in known.names], dtype=int)
    first = {film: row for row, film in reversed(list(enumerate(known.names)))}
    lines = [(*known.identity(first.get(film)), how) for film, how in matches]
    recordings = pd.DataFrame(lines, columns=["title", "year", "match"], dtype=object).astype({"year": "Int64"})
    recordings.insert(0, "recording", ear["recording"].to_numpy())
    return Heard(_with_heard(films, ear, rows, [how for _, how in matches]), recordings)


class _Films:
    """Films as they can be found: by id, by name of the recording, by title and year."""

    def __init__(self, films):
        columns = dict.fromkeys(IDS) | {"title": None, "year": np.nan, "recording": None}
        values = {name: films[name].to_numpy() if name in films else empty for name, empty in columns.items()}
        rows = pd.DataFrame(values, index=range(len(films))).assign(source=0)
        self.titles, self.years = rows["title"].tolist(), rows["year"].astype(float).to_numpy()
        numbers = ["year", "tmdb_id", "movielens_id"]
        self.names, _ = films_of(rows.astype(dict.fromkeys(numbers, float)))
        self.by_id: dict[str, set[str]] = defaultdict(set)
        self.by_recording: dict[str, set[str]] = defaultdict(set)
        self.by_title: dict[str, list[int]] = defaultdict(list)
        for row, name in enumerate(self.names):
            for found, key in ((self.by_id, rows["imdb_id"][row]), (self.by_recording, rows["recording"][row])):
                if isinstance(key, str):
                    found[key].add(name)
            if key := title_key(self.titles[row]):
                self.by_title[key].append(row)
        self.with_id = set().union(*self.by_id.values())

    def film_of(self, recording, imdb_id):
        """The film of a recording, or None, and by what it is joined, or why not."""
        ids = [imdb_id] if imdb_id else ids_in(recording)
        by_id = set().union(*(self.by_id.get(number, ()) for number in ids))
        found = by_id | self.by_recording.get(recording, set())
        if len(found) > 1:
            return None, _SEVERAL
        return (found.pop(), _SURE[0] if by_id else _SURE[1]) if found else self._by_title(recording, bool(ids))

    def _by_title(self, recording, has_id):
        """The film whose title, and year if possible, is in a name; never one with another id."""
        found: dict[int, set[str]] = defaultdict(set)
        whole: set[str] = set()  # films of which the name is the title, such as Airport 1975 of 1974
        for title, year in _readings(recording):
            for row in self.by_title.get(title_key(title), ()):
                film, apart = self.names[row], abs(year - self.years[row])
                if not apart > YEARS_APART and not (has_id and film in self.with_id):
                    found[len(_APART) - 1 if np.isnan(apart) else int(apart)].add(film)
                    whole |= {film} if np.isnan(year) else set()
        if not found:
            return None, _NO_FILM
        surest = min(found)
        return (None, _SEVERAL) if len(found[surest] | whole) > 1 else (found[surest].pop(), _APART[surest])

    def identity(self, row):
        """Title and year of a row, None where not known."""
        if row is None:
            return None, None
        year = self.years[row]
        return self.titles[row], int(year) if np.isfinite(year) else None


def _readings(recording):
    """Title and year that a name may mean: the whole as a title, and what stands before each number like a year."""
    name = _ID.sub(" ", recording).replace("_", " ")
    yield clean_title(name), np.nan
    for year in _YEAR.finditer(name):
        if title := name[: year.start()].strip(" .-,([{"):
            yield clean_title(title), float(year[0])


def _with_heard(films, ear, rows, how):
    """Films with what is heard in the recordings at these rows, -1 for none."""
    columns = {ours: ear[theirs] for theirs, ours in HEARD.items()} | {"recording": ear["recording"]}
    heard = pd.DataFrame(columns).assign(ear_match=how).reset_index(drop=True)
    heard = heard.reindex(np.where(rows < 0, len(ear), rows)).set_axis(films.index)  # there is no row of that number
    if "recording" in films:
        heard["recording"] = heard["recording"].where(rows >= 0, films["recording"])
    return films.assign(**heard)


def _names_of(films):
    for row in films.to_dict("records"):
        known = [row.get(name) for name in ("title", "imdb_id") if isinstance(row.get(name), str)]
        year = row.get("year")
        dated = f" ({year:.0f})" if year is not pd.NA and year is not None and year == year else ""
        yield _name(f"{known[0] if known else '?'}{dated}")


def listed(films: pd.DataFrame, most: int) -> list[Verbatim]:
    """Return the first films of a table as a note names them, by title and year or else by id."""
    return _first(_names_of(films), most)


def _name(text):
    return Verbatim(shortened(printable(text), _LONGEST))


def _first(names, most):
    names = list(islice(names, most + 1))
    return [*names[:most], *[Verbatim("...")] * (len(names) > most)]
