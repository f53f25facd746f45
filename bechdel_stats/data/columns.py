"""What each column of a table is taken for: by its name, and where a name does not tell, by values and company."""

import difflib
import re
from collections import Counter
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

import pandas as pd

from bechdel_stats.attributes import ATTRIBUTE, ATTRIBUTES
from bechdel_stats.data.outcomes import BARE, outcome_held
from bechdel_stats.data.values import (
    FAILING,
    NEGATIONS,
    PASSING,
    holds_numbers,
    outcome_of,
    read_shares,
    to_numbers,
    words_of,
)
from bechdel_stats.levels import plain
from bechdel_stats.words.messages import FilmsError, Message, Verbatim, check_kind
from lightdiar.common.tables import printable

_CLEAN_TEST = {"nowomen": 0.0, "notalk": 1.0, "men": 2.0, "ok": 3.0}  # FiveThirtyEight
_CLEAN, _DISPUTED = "clean_test", "dubious"
_NAMES: dict[str, tuple[str, int]] = {}  # header -> attribute and rank; fills rank behind all names
for _attribute in ATTRIBUTES:
    for _rank, _name in enumerate((_attribute.name, *_attribute.aliases)):
        _NAMES.setdefault(_name, (_attribute.name, _rank))
_LAST, _UNCLEAR = 50, 51  # ranks of a name that is in no list, and of one that may be that of one criterion
_ABOUT_IT = frozenset(
    "id ids url link added date submitter comment comments votes number dubious year source reason explanation reverse "
    "reversed inverse inverted male predicted prediction probability confidence expected".split()
)  # words of headers about the rating, and those of other tests
_NEGATIONS = NEGATIONS | frozenset("sans without sin senza ohne kein keine".split()) - {"ne", "pas", "t"}
_RESULTS = frozenset(
    "score scores rating ratings note result results outcome status grade level resultat ergebnis resultado risultato "
    "puntuacion punteggio wertung punkte binary total".split()
).union(PASSING, FAILING)  # words of headers about the whole test, and those about a part of it:
_UNITS = re.compile(
    r"(?:_(?:(?:in|of|en|de)_)?(?:millions?|mio|mln|thousands?|eur|euros?|usd|dollars?|gbp|h|hrs|hours?|heures|stunden|minutes|"
    r"seconds?|secondes|sec|percent|pct)|_in)+$"
)  # at the end of a header as `header` writes it
_PARTS = frozenset("criterion critere criterio kriterium rule regle question step 1 2 3".split())
_EITHER = frozenset("or ou yes oui sim tak".split())  # of headers that say both answers: "pass or fail", "oui/non"
_GENDER = re.compile(r"gender|sex|genre|geschlecht|genero|genere|sesso|geslacht|(?:^|_)(?:kon|plec|пол)(?:_|$)")
_ABOUT_MEN = frozenset(
    "man men homme hommes mann hombre hombres uomo uomini homem homens mannen mezczyzn мужчин мужчинах".split()
)  # "not about a man" is passed
_SECOND = re.compile(r"(.+)\.\d+")  # what a column is called before which there is one of its name
_MERGED = re.compile(r"_(?:x|y|left|right)$")  # behind a name that both tables of a merge have
_LEGEND = re.compile(r"(?<!\d)([0-3]) ?[=:] ?([^\W\d_]+)")  # what a code stands for, in a header: "1 = pass"
_FILLS = {name: attribute.name for attribute in ATTRIBUTES for name in attribute.fills}


@dataclass(frozen=True)
class Taken:
    """What the columns of a table are taken for, by their places.

    Parameters
    ----------
    names : tuple of str
        The name that each column has from here on.
    sources : dict of str -> tuple of int
        Places of the columns that an attribute is read from: the first, and those that fill in where it is not known.
    refused : dict of int -> Message
        Columns whose names say one thing and whose values another, with the reason.
    others : dict of str -> list of int
        Places of columns that name an outcome beside the one that it is read from, which nobody has asked for.
    """

    names: tuple[str, ...]
    sources: dict[str, tuple[int, ...]]
    refused: dict[int, Message]
    others: dict[str, list[int]]


def header(name: Hashable) -> str:
    """Return the name of a column in lower case, without accents, with `_` for blanks and signs.

    Examples
    --------
    >>> [header(name) for name in ("imdbID", "Date de sortie", "\\ufeffTitle ", "budget_2013$")]
    ['imdbid', 'date_de_sortie', 'title', 'budget_2013']
    """
    return plain(str(name)).replace(" ", "_")


@lru_cache(maxsize=10_000)
def is_known(name: Hashable) -> bool:
    """Return whether a column has one of the names of an attribute, or fills one in."""
    return bool(_named(name)[0]) or any(form == _CLEAN or form in _FILLS for form in _forms(name))


def attribute_of(name: Hashable) -> str:
    """Return the attribute that the name of a column stands for, or an empty text."""
    return _named(name)[0]


def theirs_of(name: str) -> str:
    """Return the name of a column that has the name of an attribute but does not hold it."""
    return f"their_{name}"


def says_fails(name: Hashable) -> bool:
    """Return whether a column is named after films that fail, not after both outcomes, so that yes means no."""
    words = set(words_of(_LEGEND.sub(" ", str(name))))
    if words & (_EITHER | _ABOUT_MEN):
        return False
    negated = bool(words & _NEGATIONS) or {"ne", "pas"} <= words or "raté" in str(name).lower()
    return negated or bool(words & FAILING and not words & PASSING)


def names_outcome(value: object) -> bool:
    """Return whether a cell says itself that a film passes or fails, whatever the header says."""
    return bool(set(header(str(value)).split("_")) & (PASSING | FAILING))


def is_about_gender(name: Hashable) -> bool:
    """Return whether a column is named after gender, so that it may hold codes."""
    return bool(_GENDER.search(header(name)))


def take(films: pd.DataFrame, columns: Mapping[str, str] | None = None) -> Taken:
    """Decide what each column of a table is taken for.

    Parameters
    ----------
    films : DataFrame
        As it came.
    columns : mapping of str -> str, optional
        Names in the table and the attributes that they stand for; an empty name leaves a column unused.

    Returns
    -------
    taken : Taken

    Raises
    ------
    FilmsError
        If `columns` names a column that the table does not have, or what is no attribute.
    """
    check_columns_named(columns)
    asked = _asked(films, columns or {})
    ranked: dict[str, list[tuple[int, int]]] = {}
    refused: dict[int, Message] = {}
    headers = set(map(_unmerged, films.columns))
    for place, name in enumerate(films.columns):
        own = _first_of_outcomes(name, films)
        attribute, rank = _named(own)
        if place in asked:
            attribute, rank = asked[place], -1
        elif attribute == "cast_women" and _are_shares(films.iloc[:, place]):
            attribute, rank = "cast_female_share", _LAST
        elif attribute == "rating":
            form = _unmerged(own)
            attribute = outcome_held(films.iloc[:, place], form, headers)
            rank += 100 * (form in BARE)
            if not attribute:
                refused[place] = _not_scores(films.iloc[:, place], name)
            elif attribute == "rating" and says_fails(name):
                attribute, refused[place] = "", _not_scores(films.iloc[:, place], name)
        if attribute and place not in asked and (said := _turned_round(str(name), attribute)):
            attribute, refused[place] = "", Message("turned_round", column=Verbatim(_shown(name)), said=Verbatim(said))
        if attribute:
            ranked.setdefault(attribute, []).append((rank, place))
    refused |= _without_unclear(films, ranked)
    merged = [_MERGED.search(header(name)) is not None for name in films.columns]
    ordered = {name: sorted(found, key=lambda one: (one[0], merged[one[1]])) for name, found in ranked.items()}
    sources = {attribute: tuple(place for _, place in found) for attribute, found in ordered.items()}
    outcomes: dict[str, tuple[int, ...]] = {name: sources[name] for name in ("rating", "passes") if name in sources}
    others = {name: rest for name, (first, *rest) in outcomes.items() if first not in asked}
    sources |= {name: places[:1] for name, places in outcomes.items()}
    fills = [
        (name, place) for place, column in enumerate(films.columns) if place not in asked for name in _filled(column)
    ]
    for name, place in fills:
        sources[name] = (*sources.get(name, ()), place)
    return Taken(_names_of(films, sources, {place for _, place in fills}, refused), sources, refused, others)


def index_levels(films: pd.DataFrame) -> dict[Hashable, pd.Index]:
    """Return the named levels of an index, by name, but for those that the table has as columns."""
    there: set[Hashable] = {None, *(attribute_of(name) or name for name in films.columns)}
    levels: dict[Hashable, pd.Index] = {}
    for place, name in enumerate(films.index.names):
        held = name if name is None else attribute_of(name) or name
        if held not in there:
            levels[name] = films.index.get_level_values(place)
        there.add(held)
    return levels


def with_index(films: pd.DataFrame) -> pd.DataFrame:
    """Return a table with the levels of its index that name an attribute as columns; as levels they lose their name."""
    levels = {name: values for name, values in index_levels(films).items() if attribute_of(name)}
    if not levels or films.columns.nlevels > 1:
        return films
    table = films.set_axis(films.index.set_names([None if name in levels else name for name in films.index.names]))
    for name, values in levels.items():
        table[name] = values.to_numpy()
    return table


def check_columns_named(columns: object) -> None:
    """Raise TypeError unless the names of columns that a user gives are a dict, or none."""
    check_kind("columns", columns, (Mapping, type(None)), 'a dict, such as {"Ma note": "rating"}')


def column_not_there(theirs: str, columns: Sequence[Hashable]) -> Message:
    """Return the message that a table has no column of a name: the nearest that it has, or its first ones."""
    headers = {header(name): name for name in columns}
    near = difflib.get_close_matches(header(theirs), headers, 1)
    if near:
        found = Message("nearest_column", column=Verbatim(_shown(headers[near[0]])))
    else:
        found = Message("its_columns", columns=[Verbatim(_shown(name)) for name in columns[:8]])
    return Message("column_not_there", column=Verbatim(_shown(theirs)), near=found)


def with_clean_test(films: pd.DataFrame) -> pd.DataFrame:
    """Return films with FiveThirtyEight's `clean_test` as `rating` and `dubious` too, if they have it.

    It holds nowomen, notalk, men, ok or dubious; a disputed film has no score there, but fails.
    """
    column = next((name for name in films if _unmerged(name) == _CLEAN), None)
    if column is None:
        return films
    words = films[column].map(lambda value: str(value).strip().lower())
    known = words.isin([*_CLEAN_TEST, _DISPUTED])
    rating, dubious = words.map(_CLEAN_TEST).astype(float), words.eq(_DISPUTED).astype(float).where(known)
    new = {"rating": rating, "dubious": dubious}
    return films.assign(**{name: values for name, values in new.items() if name not in films})


def _without_unclear(films, ranked):
    """Take out what may be single criteria of the test, unless nothing else is its outcome; why, if they are several.

    Columns such as bechdel_1, bechdel_2 and bechdel_3, or Bechdel (A) and Bechdel (B), say by no name which of them is
    the outcome.
    """
    found = [(rank, place) for name in ("rating", "passes") for rank, place in ranked.get(name, ())]
    forms = {place: _forms(films.columns[place])[:2] for rank, place in found if rank >= 0}
    alike = Counter(short for whole, short in forms.values() if short != whole)  # but for what is in brackets
    several = {place for place, (whole, short) in forms.items() if short != whole and alike[short] > 1}
    unclear = [place for rank, place in found if rank == _UNCLEAR or place in several]
    others = [rank for rank, place in found if place not in unclear]
    clear = any(rank < _UNCLEAR or len(unclear) > 1 for rank in others)
    if not clear and len(unclear) < 2:
        return {}
    for name in ("rating", "passes"):
        kept = [(rank, place) for rank, place in ranked.pop(name, ()) if place not in unclear]
        ranked |= {name: kept} if kept else {}
    names = [Verbatim(_shown(films.columns[place])) for place in unclear]
    told = Message("several_outcomes", columns=names, column=names[0] if names else "")
    return {} if clear else dict.fromkeys(unclear, told)


def _first_of_outcomes(name, films):
    """The name of the first column of an outcome where this is the second of that name, else this name."""
    second = _SECOND.fullmatch(str(name))
    found = bool(second) and second[1] in films.columns and attribute_of(second[1]) in ("rating", "passes")
    return second[1] if found else name


def _turned_round(name, attribute):
    """What a header says of a code that is read as the opposite, such as "1=fail" or "0=female"; empty if nothing."""
    if attribute != "passes" and ATTRIBUTE[attribute].reader != "share":
        return ""
    read = outcome_of if attribute == "passes" else lambda word: read_shares([word]).values[word]
    fails = attribute == "passes" and says_fails(name)
    opposite = {"0": not fails, "1": fails, "2": not fails}  # of what each code is read as
    return next((said[0] for said in _LEGEND.finditer(name) if read(said[2]) == opposite.get(said[1])), "")


def _are_shares(values):
    """Whether a column named as a count holds shares, fractions or per cent."""
    texts = () if holds_numbers(values) else values.dropna()
    if any("%" in str(text) for text in (values.name, *texts)):
        return True
    numbers = to_numbers(values).dropna()
    return bool(numbers.between(0, 1).all() and (numbers % 1 > 0).any())


def _unmerged(name):
    """A header without the mark of a merge."""
    return _MERGED.sub("", header(name))


def _forms(name):
    """A header without the mark of a merge, without its unit in brackets, and without its unit in words."""
    whole = _unmerged(name)
    short = header(str(name).split("(")[0].split("[")[0])
    return whole, short or whole, _UNITS.sub("", short or whole)


def _named(name):
    """The attribute that a header names, and its rank; what speaks of Bechdel under another name ranks last."""
    words = set(header(name).split("_"))
    other = ("", 0)
    if any(word.startswith(("bechdel", "бекдел")) for word in words) and not words & _ABOUT_IT:
        whole = words & _RESULTS and not _PARTS & set(_forms(name)[1].split("_"))
        other = ("rating", _LAST if whole else _UNCLEAR)
    return next((_NAMES[form] for form in _forms(name) if form in _NAMES), other)


def _filled(name):
    form = _unmerged(name)
    return [_FILLS[form]] if form in _FILLS else []


def _asked(films, columns):
    """Place -> attribute of the columns that the user names; "" if a column is not to be used."""
    places = {header(name): place for place, name in reversed(list(enumerate(films.columns)))}
    asked = {}
    for theirs, ours in columns.items():
        if header(theirs) not in places:
            raise FilmsError(column_not_there(theirs, list(films.columns)))
        if ours and ours not in ATTRIBUTE:
            raise FilmsError(
                Message("no_attribute", name=Verbatim(_shown(ours)), known=[Verbatim(n) for n in ATTRIBUTE])
            )
        asked[places[header(theirs)]] = ours
    return asked


def _not_scores(values, name):
    """Why a column is not taken for Bechdel scores."""
    numbers = to_numbers(values).dropna()
    if numbers.empty:
        return Message("not_scores", column=Verbatim(_shown(name)))
    low, high = float(numbers.min()), float(numbers.max())
    return Message("not_bechdel", column=Verbatim(_shown(name)), low=low, high=high)


def _names_of(films, sources, fills, refused):
    """New names of the columns: those of the attributes for the first of their columns, their own for the others."""
    first = {places[0]: name for name, places in sources.items() if places[0] not in fills}
    names: list[str] = []
    used = set(first.values())
    for place, theirs in enumerate(films.columns):
        name = first.get(place) or str(theirs).strip().lstrip("\ufeff")
        if place not in first:
            if name in ATTRIBUTE or place in refused:
                name = theirs_of(name)
            while name in used:
                name += "_"
            used.add(name)
        names.append(name)
    return tuple(names)


def _shown(name):
    return printable(str(name))[:60]
