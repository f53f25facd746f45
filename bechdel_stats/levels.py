"""Genres, languages and countries: the names we use, in English and French, and all others under which they are known.

What the tables of the folder `vocabulary` hold is looked up without regard to case, accents and punctuation; a name
that is in none of them is not known.
"""

import re
import unicodedata
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path

GENRES = {
    "Action": "Action",
    "Adventure": "Aventure",
    "Animation": "Animation",
    "Comedy": "Comédie",
    "Crime": "Policier",
    "Documentary": "Documentaire",
    "Drama": "Drame",
    "Family": "Famille",
    "Fantasy": "Fantastique",
    "Foreign": "Étranger",
    "History": "Histoire",
    "Horror": "Horreur",
    "Music": "Musique",
    "Mystery": "Mystère",
    "Romance": "Romance",
    "Science Fiction": "Science-fiction",
    "Sport": "Sport",
    "TV Movie": "Téléfilm",
    "Thriller": "Thriller",
    "War": "Guerre",
    "Western": "Western",
}
LANGUAGES = {  # with a column each in a model; English is the reference
    "fr": ("French", "français"),
    "ja": ("Japanese", "japonais"),
    "es": ("Spanish", "espagnol"),
    "de": ("German", "allemand"),
    "it": ("Italian", "italien"),
    "sv": ("Swedish", "suédois"),
    "zh": ("Chinese", "chinois"),
    "ko": ("Korean", "coréen"),
    "hi": ("Hindi", "hindi"),
    "ru": ("Russian", "russe"),
}

COUNTRY_CODES = {"us": "United States", "gb": "United Kingdom", "fr": "France", "ca": "Canada"}  # a column each
_FOLDER = Path(__file__).parent / "vocabulary"
_LISTED = re.compile(r"[|;,/]")
_MOST_WORDS = 5  # of the name of a genre
_LETTERS = str.maketrans({"ł": "l", "ø": "o", "đ": "d", "ð": "d", "ı": "i", "æ": "ae", "œ": "oe"})  # no accents
_JOINED = re.compile(r" *& *| *\+ *| - | and | et ", re.IGNORECASE)


def plain(text: str) -> str:
    """Return a text in lower case, without accents, and with a blank for each run of what is no letter or digit.

    Examples
    --------
    >>> plain("  États-Unis d'Amérique "), plain("Sci-Fi & Fantasy"), plain("Płeć"), plain("Режиссёр")
    ('etats unis d amerique', 'sci fi fantasy', 'plec', 'режиссер')
    """
    letters = text.casefold()
    if not letters.isascii():
        letters = "".join(c for c in unicodedata.normalize("NFKD", letters) if not unicodedata.combining(c))
        letters = letters.translate(_LETTERS)
    return " ".join(re.findall(r"[^\W_]+", letters))


def genres_of(text: str) -> tuple[list[str], list[str]]:
    """Return the genres in a text, sorted, and the names in it that are not known.

    Examples
    --------
    >>> genres_of("Sci-Fi|Rom-Com"), genres_of("Comédie dramatique, Guerre"), genres_of("Drama & Mumblecore")
    ((['Comedy', 'Romance', 'Science Fiction'], []), (['Comedy', 'Drama', 'War'], []), (['Drama'], ['Mumblecore']))
    """
    found: set[str] = set()
    unknown: list[str] = []
    for name in _LISTED.split(text):
        names = [name] if plain(name) in _genres() else _JOINED.split(name)
        for part in (part.strip() for part in names):
            genres = _genres_of_words(plain(part))
            found.update(genres or ())
            if genres is None:
                unknown.append(part)
    return sorted(found), unknown


def language_of(text: str) -> str | None:
    """Return the code of a language, the first if there are several, or None if it is not known.

    Examples
    --------
    >>> [language_of(text) for text in ("English", "fre", "en-US", "espagnol, anglais", "Klingonese")]
    ['en', 'fr', 'en', 'es', None]
    """
    return _first_of(text, lambda name: _languages().get(plain(name)) or _languages().get(plain(_without_region(name))))


def country_of(text: str) -> str | None:
    """Return our name of a country, the first if there are several, or None if it is not known.

    Examples
    --------
    >>> [country_of(text) for text in ("USA", "États-Unis", "Korea, Republic of", "Belgique / France", "Ruritania")]
    ['United States', 'United States', 'South Korea', 'Belgium', None]
    """
    return _first_of(text, lambda name: _countries().get(plain(name)) or _countries().get(plain(_dotless(name))))


@lru_cache(maxsize=1)
def country_names() -> dict[str, str]:
    """Return our name of each country with its French name."""
    return {name: french for name, french, _ in _rows("countries.tsv")}


def _rows(file):
    """Rows of a table: what stands below the remarks and the header, split at tabs."""
    lines = (_FOLDER / file).read_text(encoding="utf-8").split("\n")
    return [line.split("\t") for line in lines if line and not line.startswith("#")][1:]


@lru_cache(maxsize=1)
def _genres():
    others = {plain(name): tuple(filter(None, genres.split("|"))) for name, genres in _rows("genres.tsv")}
    return others | {plain(name): (genre,) for genre, french in GENRES.items() for name in (french, genre)}


@lru_cache(maxsize=1)
def _languages():
    rows = _rows("languages.tsv")
    names = {plain(other): code for code, _, _, others in rows for other in filter(None, others.split("|"))}
    names |= {plain(name): code for code, english, french, _ in rows for name in (french, english)}
    return names | {code: code for code, *_ in rows}


@lru_cache(maxsize=1)
def _countries():
    rows = _rows("countries.tsv")
    names = {plain(other): name for name, _, others in rows for other in filter(None, others.split("|"))}
    return names | {plain(known): name for name, french, _ in rows for known in (french, name)}


def _genres_of_words(name):
    """The genres of a name, or of several that only blanks set apart; None if a part of it is not known."""
    if name in _genres():
        return _genres()[name]
    name = re.sub(r" (?:film|films|movie|movies)$|^films? (?:de |d |a )?", "", name)
    words, found, place = name.split(), [], 0
    while place < len(words):
        ends = range(min(len(words), place + _MOST_WORDS), place, -1)
        end = next((end for end in ends if " ".join(words[place:end]) in _genres()), None)
        if end is None:
            return None
        found += _genres()[" ".join(words[place:end])]
        place = end
    return tuple(found) if words else None


def _first_of(text: str, known: Callable[[str], str | None]) -> str | None:
    """What the text, or the first of the names listed in it, is known as."""
    for pattern in (None, _LISTED, _JOINED):
        name = text if pattern is None else pattern.split(text.strip(" |;,/"))[0]
        if found := known(name):
            return found
    first = _LISTED.split(text.strip(" |;,/"))[0]
    return known(_JOINED.split(first)[0])


def _without_region(name):
    """The language in en-US, en_GB or English (UK)."""
    return re.split(r"[-_(\[]", name.strip(), maxsplit=1)[0]


def _dotless(name):
    """U.S.A. without full stops, and France without (FR)."""
    return re.sub(r"\(.*", "", name).replace(".", "")
