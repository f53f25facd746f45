"""The shapes that public tables have, told by their columns, and what makes each of them a plain table.

bechdeltest.com (`id` is the number there), TMDB (`id` is the TMDB id, the gender of cast and crew is in the credits),
lists of people as BechdelAI saves them (a row for each member of a cast or crew), Trakt (ids stand together in `ids`),
answers of Wikidata (links beside labels, several rows for a film), MovieLens (the year stands in the title), and genres
in several columns.
"""

import re
from itertools import takewhile

import numpy as np
import pandas as pd

from bechdel_stats.data.columns import attribute_of, header
from bechdel_stats.data.credits import gender_shares, parse
from bechdel_stats.data.tmdb import COLUMNS, LISTS, is_tmdb, names
from bechdel_stats.data.values import is_missing, outcome_of
from bechdel_stats.levels import genres_of, plain

_ENTITY = re.compile(r"https?://www\.wikidata\.org/entity/(Q\d+)")
_WITH_YEAR = re.compile(r"(.*\S)\s*\((1[89]\d\d|20\d\d)\)\s*")
_RULE = re.compile(r"\s*:?-{2,}:?\s*")  # below the header of a table in Markdown
_MOSTLY = 0.8  # of the titles: the others have no year
_FEWEST_FLAGS = 3  # columns of 0 and 1 named after genres
_FEWEST_NAMED_FLAGS = 2  # where all of the names say that they are
_FLAG = re.compile(r"^(?:genres?|is)[\W_]+", re.IGNORECASE)  # before a genre
_PEOPLE = {"gender", "credit_id", "id"}
_FOOT, _MOST_TOTALS = 1000, 5  # rows at the end, and those of totals among them; others may be empty
_TOTALS = frozenset(
    "total totals totaux ensemble somme sum average mean moyenne mediane median count nombre nb effectif films summe "
    "gesamt insgesamt gesamtergebnis durchschnitt mittelwert anzahl suma promedio totale".split()
)
_OF_TOTALS = _TOTALS | frozenset("general generale grand of de des the film".split())
_SUBTOTAL = re.compile(r"\s*(?:sub[ -]?total|sous[ -]total|zwischensumme|teilergebnis)(?![^\W_])", re.IGNORECASE)
_KINDS = {"titletype", "title_type", "media_type", "type"}  # what the columns are called that say film or series
_NO_FILMS = frozenset(
    "tv tvshow show series tvseries tvminiseries tvepisode episode videogame game podcastseries podcastepisode".split()
)
_IDS = {"imdb_id", "tmdb_id", "movielens_id"}
_TOGETHER = ("ids", "external_ids")
_OUTCOMES = {"rating", "passes"}


def shaped(raw: pd.DataFrame) -> tuple[str, pd.DataFrame]:
    """Return the name of the shape of a table, and the table as a plain one with a row for each record.

    Parameters
    ----------
    raw : DataFrame
        With the index 0, 1, ... and columns of different names.

    Returns
    -------
    shape : {"bechdeltest.com", "TMDB", "TMDB credits", "Wikidata", "table"}
    table : DataFrame
    """
    if _is_bechdeltest(raw):
        return "bechdeltest.com", raw.rename(columns={"id": "bechdel_id"})
    if _is_people(raw):
        return "TMDB credits", _with_gender_source(_films_of_people(raw), "tmdb")
    raw = _with_ids(raw)
    if is_tmdb(raw):
        return _tmdb(raw)
    entities = [name for name in raw if _first(raw[name]) and _ENTITY.fullmatch(_first(raw[name]))]
    if entities:
        return "Wikidata", _with_gender_source(_wikidata(raw, entities), "not stated")
    return "table", _with_gender_source(_without_years(_with_genres(raw)), "not stated")


def opened(films: pd.DataFrame) -> pd.DataFrame:
    """Return a table with what its shape holds in the open: credits, genres in several columns, years in titles.

    Rows, their order and the index stay. A table whose rows are people, not films, is returned as it is, and so is one
    with two columns of one name, or with names on several levels.
    """
    if not films.columns.is_unique or films.columns.nlevels > 1 or _is_people(films):
        return films
    return shaped(films.reset_index(drop=True))[1].set_axis(films.index)


def _is_bechdeltest(raw):
    outcome = any(attribute_of(name) in _OUTCOMES for name in raw)
    return outcome and ("imdbid" in raw or "id" in raw) and not COLUMNS & set(raw)


def _with_ids(raw):
    """A table with the ids of films that stand together in a column, as Trakt and TMDB have them, in the open."""
    for column in (name for name in raw if header(name) in _TOGETHER):
        held = [parse(value) if isinstance(value, str) else value for value in raw[column]]
        rows = [value if isinstance(value, dict) else {} for value in held]
        kinds = {attribute_of(key): key for row in rows for key in row if attribute_of(key) in _IDS}
        new = {kind: [row.get(key) for row in rows] for kind, key in kinds.items() if _column_of(raw, kind) is None}
        raw = raw.assign(**new)
    return raw


def _tmdb(raw):
    table = raw.rename(columns={"id": "tmdb_id", "movie_id": "tmdb_id", "production_countries": "countries"})
    for column in (*LISTS, "countries"):
        if column in table:
            table[column] = table[column].map(names, na_action="ignore")
    if {"credits", "cast", "crew"} & set(raw):
        shares = gender_shares(raw)
        table = table.drop(columns=["credits", "cast", "crew"], errors="ignore").assign(**shares)
        table = _with_gender_source(table, "tmdb")
    return "TMDB credits" if {"cast", "crew"} & set(raw) and "original_title" not in raw else "TMDB", table


def _is_people(raw):
    """Whether each row is a person in the credits of a film, whose TMDB id is in `id`."""
    told_apart = raw.columns.isin(_PEOPLE).sum() == len(_PEOPLE)
    return told_apart and "title" not in raw and ("character" in raw or "job" in raw)


def _films_of_people(raw):
    """One row per film from one row per person; the people are told apart by their names."""
    people = raw.rename(columns={"id": "film"})
    people["id"] = people["name"] if "name" in people else people["credit_id"]
    part = "crew" if "job" in raw else "cast"
    groups = people.groupby("film", sort=False)
    films = pd.DataFrame({"tmdb_id": list(groups.groups), part: [group.to_dict("records") for _, group in groups]})
    return films.assign(**gender_shares(films)).drop(columns=part)


def _wikidata(raw, entities):
    """Labels in place of links, the genres of all rows of a film in each of them, and the date as that of release."""
    film = next((name for name in entities if f"{name}Label" in raw), entities[0])
    table = raw.copy()
    for name in entities:
        if name == film:
            continue
        label = f"{name}Label"
        table = table.drop(columns=name) if label in table else table
    table = table.rename(columns={film: "wikidata_id", f"{film}Label": "title"})
    table = table.rename(columns={name: "release_date" for name in table if header(name) in ("date", "pubdate")})
    table["wikidata_id"] = table["wikidata_id"].map(lambda value: _ENTITY.sub(r"\1", str(value)))
    for name in table:
        if attribute_of(name) == "genres":
            each = table.groupby("wikidata_id")[name].agg(
                lambda values: "|".join(dict.fromkeys(values.dropna().astype(str)))
            )
            table[name] = table["wikidata_id"].map(each)
    return table


def _with_genres(raw):
    """A table with one column of genres for several: genre1, genre2, ..., or a column of 0 and 1 for each."""
    bare = _column_of(raw, "genres")
    numbered = [name for name in raw if re.fullmatch(r"genres?_?\d", header(name))]
    if numbered:
        several = [bare, *numbered] if bare is not None else numbered
        texts = raw[several].astype(object)
        texts = texts.where(texts.notna(), None).to_numpy()
        return raw.drop(columns=numbered).assign(**{bare or "genres": [_listed(row) for row in texts]})
    return raw if bare is not None else _with_flags(raw)


def _with_flags(raw):
    """A table with a column of genres for columns of 0 and 1 or of marks, if there are some: War, is_war, genre_War."""
    flags = {name: _FLAG.sub("", str(name), count=1) for name in raw}
    flags = {name: genre for name, genre in flags.items() if _is_genre(genre) and _is_flag(raw[name])}
    if len(flags) < (_FEWEST_FLAGS if any(name == genre for name, genre in flags.items()) else _FEWEST_NAMED_FLAGS):
        return raw
    has = np.transpose([[outcome_of(str(value)) == 1 or _is_mark(value) for value in raw[name]] for name in flags])
    genres = np.array(list(flags.values()), dtype=object)
    return raw.drop(columns=list(flags)).assign(genres=[_listed(genres[row]) for row in has])


def _is_genre(name):
    found, unknown = genres_of(name)
    return bool(found) and not unknown and not plain(name).isdigit()


def _is_flag(values):
    """Whether a column says yes or no, or marks some rows and leaves the others empty."""
    known = [text for text in values.dropna().map(str).unique() if not is_missing(text)]
    said = all(outcome_of(text) == outcome_of(text) for text in known)
    return 0 < len(known) <= 2 and (said or all(map(_is_mark, known)))


def _is_mark(value):
    """Whether a cell holds an x or a single sign, such as a star."""
    return isinstance(value, str) and len(text := value.strip()) == 1 and (text in "xX" or not text.isalnum())


def _listed(names):
    """Names that are known, separated by ``|``; None if there are none."""
    return "|".join(str(name) for name in names if name) or None


def _without_years(table):
    """A table whose titles, if most end in a year in brackets, lose it to the year, where that is empty."""
    column = _column_of(table, "title")
    if column is None:
        return table
    found = table[column].map(lambda title: _WITH_YEAR.fullmatch(title) if isinstance(title, str) else None)
    if found.notna().sum() < max(1, _MOSTLY * table[column].notna().sum()):
        return table
    titles = [match[1] if match else title for match, title in zip(found, table[column])]
    years = [match[2] if match else None for match in found]
    table = table.copy()
    table[column] = titles
    given = _column_of(table, "year")
    if given is None:
        table["year"] = years
    else:
        empty = table[given].isna() | table[given].map(lambda year: isinstance(year, str) and not year.strip())
        if empty.any():
            table[given] = table[given].astype(object).where(~empty, pd.Series(years, table.index))
    return table


def without_headers(raw: pd.DataFrame) -> pd.DataFrame:
    """Return a table without rows that repeat its header, as where files were joined, or underline it with dashes."""
    rows, hits = np.arange(len(raw)), np.zeros(len(raw), dtype=int)
    for place, name in enumerate(raw.columns):
        cells = list(raw.iloc[rows, place])
        said = np.array([isinstance(cell, str) and _is_of_header(cell, str(name)) for cell in cells], dtype=bool)
        hits[rows[said]] += 1
        rows = rows[said | np.array([_is_empty(cell) for cell in cells], dtype=bool)]
    found = rows[hits[rows] > 1]
    return raw.drop(index=raw.index[found]).reset_index(drop=True) if len(found) else raw


def _is_of_header(cell, name):
    return cell.strip() == name or _RULE.fullmatch(cell) is not None


def without_subtotals(raw: pd.DataFrame) -> pd.DataFrame:
    """Return a table without rows that say subtotal, wherever they stand, and have no id."""
    texts = raw.select_dtypes(exclude="number")
    said = texts.map(lambda cell: isinstance(cell, str) and _SUBTOTAL.match(cell) is not None).any(axis=1)
    found = said & raw[[name for name in raw if attribute_of(name) in _IDS]].isna().all(axis=1)
    return raw[~found].reset_index(drop=True) if found.any() else raw


def without_series(raw: pd.DataFrame) -> pd.DataFrame:
    """Return a table without rows that IMDb, OMDb or TMDB call series, episodes or games, if there are others."""
    kinds = raw[[name for name in raw if header(name) in _KINDS]]
    said = kinds.map(lambda cell: isinstance(cell, str) and re.sub(r"\W", "", cell).lower() in _NO_FILMS).any(axis=1)
    return raw[~said].reset_index(drop=True) if said.any() and not said.all() else raw


def films_only(raw: pd.DataFrame) -> pd.DataFrame:
    """Return a table without rows of totals or means at its foot, which spreadsheets have, and remarks below them.

    They say so in some column, hold no other words, and have neither an id nor the title of a film. A remark is alone
    in its row, and begins with a sign or has a colon; without a total above it, it may be the title of a film.
    """
    ids = [name for name in raw if attribute_of(name) in _IDS]
    foot = raw.tail(_FOOT)
    foot = foot[~foot.map(_is_empty).all(axis=1)].tail(_MOST_TOTALS)
    totals = [place for place in foot.index if _is_total(foot.loc[place], _column_of(raw, "title"), ids)]
    below = takewhile(lambda place: place in totals or _is_remark(foot.loc[place]), reversed(foot.index))
    return raw.drop(index=[place for place in below if place >= totals[0]] if totals else []).reset_index(drop=True)


def _is_total(row, title, ids):
    """Whether a row sums up others: its words are those of totals, and nothing in it names a film."""
    texts = [value for value in row if isinstance(value, str) and not is_missing(value)]
    labels = [text for text in texts if _is_label(text)]
    others = [text for text in texts if text not in labels and not any(map(str.isdigit, text))]
    name = "" if title is None or row[title] not in texts else row[title]
    named = name not in labels and any(map(str.isalpha, name))
    return bool(labels) and not others and not named and all(_is_empty(row[column]) for column in ids)


def _is_remark(row):
    texts = [value for value in row if not _is_empty(value)]
    return len(texts) == 1 < len(row) and isinstance(texts[0], str) and bool(re.search(r"^\W|:", texts[0]))


def _is_label(text):
    words = {word for word in plain(text).split() if not word.isdigit()}
    return bool(words & _TOTALS) and words <= _OF_TOTALS


def _is_empty(value):
    return not value.strip() if isinstance(value, str) else bool(pd.api.types.is_scalar(value) and pd.isna(value))


def _with_gender_source(table, source):
    """Record where the gender of the cast comes from, so that it is not mistaken for that of another source."""
    column = _column_of(table, "cast_female_share")
    if column is None or "cast_gender_source" in table:
        return table
    known = table[column].notna()
    return table.assign(cast_gender_source=pd.Series(source, table.index, dtype=object).where(known, None))


def _column_of(table, attribute):
    """The first column that is taken for an attribute, or None."""
    return next((name for name in table if attribute_of(name) == attribute), None)


def _first(values):
    """The first known value, if it is a text."""
    known = values.dropna()
    return known.iloc[0] if len(known) and isinstance(known.iloc[0], str) else ""
