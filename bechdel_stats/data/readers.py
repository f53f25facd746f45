"""The columns of a table as the values of attributes: how each kind of attribute is read, and what cannot be used."""

import re
from dataclasses import dataclass

import numpy as np
import pandas as pd

from bechdel_stats.attributes import Attribute
from bechdel_stats.data.columns import is_about_gender
from bechdel_stats.data.credits import parse
from bechdel_stats.data.dates import years_of
from bechdel_stats.data.titles import clean_title, readable
from bechdel_stats.data.values import (
    ERRORS,
    READERS,
    SCALES,
    WOMEN,
    currency_in,
    highest_mark,
    holds_numbers,
    is_missing,
    shares_of_codes,
    to_numbers,
    whole_of_shares,
)
from bechdel_stats.levels import country_of, genres_of, language_of, plain
from bechdel_stats.words.messages import Message, Verbatim
from lightdiar.common.foreign import without_surrogates
from lightdiar.common.tables import printable

_SHOWN = 60  # characters of a value in a message
_ID = re.compile(r"\s*(?:tt)?(\d{1,9})(?:[.,]0+)?\s*", re.IGNORECASE)
_LINK = re.compile(r"(?:^|[^a-z0-9])tt(\d{5,9})(?!\d)", re.IGNORECASE)
_HEADED = {
    "million": re.compile(
        r"million|(?<![a-z])(?:mio|mln)(?![a-z])|млн|\(M\b|M[$€£]|[$€£]M|\((?:USD?|EUR|GBP)\$? ?M\)", re.IGNORECASE
    ),
    "thousand": re.compile(r"thousand|millier|\(k\b|(?<![a-z])k[$€£]|[$€£] ?k\b|\b(?:USD|EUR|GBP) ?k\b", re.IGNORECASE),
}  # of amounts, by the header of their column
_HOURS = re.compile(
    r"\((?:h|std\.?)\)|[_ ]h(?:rs)?$|(?<![a-z])(?:heures?|hours?|stunden|horas|uren|timmar|godziny?)(?![a-z])",
    re.IGNORECASE,
)
_SECONDS = re.compile(r"\((?:s|secs?)\)|(?<![a-z])(?:secondes?|seconds?|sec)(?![a-z])", re.IGNORECASE)
_PER_CENT = re.compile(r"%|per.?cent|pct|pourcent", re.IGNORECASE)
_BARE = re.compile(r"\s*[\d.,]+\s*")  # a number without a unit
_MINUTES = re.compile(r"min|mn\b", re.IGNORECASE)
_LONG_HOURS = 4  # most films are shorter; minutes of short films are mostly more
_JSON = frozenset("[{")  # what it begins with
_NO_ID = ("0", "0.0")
_ZERO_AND_ONE = frozenset(("0", "1", "0.0", "1.0"))
_NAMES = ("name", "iso_3166_1", "en", "english", "original", "title", "value", "label")  # what holds it in a dict


@dataclass(frozen=True)
class ColumnRead:
    """What a column of a table was taken for, and what could not be used.

    Parameters
    ----------
    column : str
        Its name in the table.
    attribute : str
        What it was taken for, or "" if it was not used.
    n_known, n_unusable : int
        Values that say something, and those of them that could not be used.
    told : tuple of Message
        Why values or the column were not used, and how it was read if that was not plain.
    """

    column: str
    attribute: str
    n_known: int
    n_unusable: int
    told: tuple[Message, ...] = ()


def read_attribute(values: pd.Series, theirs: str, attribute: Attribute) -> tuple[pd.Series | None, ColumnRead]:
    """Return the values of an attribute in a column, None if there are some and none can be used, and what is told."""
    how = attribute.reader or attribute.kind
    hours = how == "minutes" and _are_hours(values)
    read, unusable, reason, notes = _READERS.get(how, _read_numbers)(_in_units(values, how, hours), attribute)
    currency = currency_in(str(values.name)) if how == "dollars" else ""
    if currency and not notes:
        notes = (("not_dollars", {"currency": currency}),)
    if how == "share" and _PER_CENT.search(str(values.name)) and _are_fractions(values):
        notes = (*notes, ("read_as_fractions", {}))
    if hours:
        notes = (*notes, ("read_as_hours", {}))
    known = unusable | read.notna()
    n_known, n_unusable = int(known.sum()), int(unusable.sum())
    told = [Message(code, column=attribute.name, **more) for code, more in notes]
    if n_unusable and reason:
        unused = n_unusable == n_known > 1 or (n_unusable == n_known and attribute.block == "outcome")
        code = "unusable_column" if unused else "unusable_values"
        first = _examples(values[unusable])
        told.append(Message(code, column=attribute.name, n=n_unusable, n_known=n_known, first=first, reason=reason))
        if unused:
            return None, ColumnRead(theirs, "", n_known, n_unusable, tuple(told))
    return read, ColumnRead(theirs, attribute.name, n_known, n_unusable, tuple(told))


def _in_units(values, how, hours):
    """Amounts of money in full, lengths and shares with their unit, where a header says what the numbers are in."""
    unit = "h" if hours or _HOURS.search(str(values.name)) else "s" if _SECONDS.search(str(values.name)) else ""
    if how == "minutes" and unit:
        return values.map(lambda value: f"{value} {unit}" if _BARE.fullmatch(str(value)) else value)
    if how == "share" and _PER_CENT.search(str(values.name)) and to_numbers(values).max() > 1:
        return values.map(lambda value: f"{value} %" if _BARE.fullmatch(str(value)) else value)
    scale = _scale_of(values.name) if how == "dollars" else None
    if not scale:
        return values
    if holds_numbers(values):
        return (values * SCALES[scale]).rename(values.name)
    return values.map(lambda value: f"{value} {scale}" if str(value)[-1:].isdigit() else value)


def _scale_of(name):
    """The scale that a header names, such as "thousand", or None."""
    return next((scale for scale, pattern in _HEADED.items() if pattern.search(str(name))), None)


def _read_numbers(values, attribute):
    """Numbers of an attribute in its unit; what is not known or is out of its limits is NaN."""
    reason, notes = Message("not_a_number"), ()
    if pd.api.types.is_datetime64_any_dtype(values):
        numbers, known = values.dt.year.astype(float), values.notna()
    elif pd.api.types.is_timedelta64_dtype(values):
        numbers, known = values.dt.total_seconds() / 60, values.notna()
    elif holds_numbers(values):
        numbers, known = values.astype(float), values.notna()
        numbers, notes = _plain_numbers(numbers, attribute)
    else:
        texts = _texts(values)
        known = texts.notna()
        distinct = list(texts.dropna().unique())
        reading = READERS[attribute.reader if attribute.reader in READERS else "number"](distinct)
        numbers, notes = texts.map(reading.values).astype(float), reading.notes
        if not attribute.reader and np.isfinite(attribute.high):  # 4/5 is 8 of 10
            numbers *= attribute.high / texts.map(highest_mark, na_action="ignore").astype(float).fillna(attribute.high)
    broken = known & numbers.isna()
    if not attribute.zero:
        numbers = numbers.mask(numbers == 0)
    possible = numbers.between(attribute.low, attribute.high) & np.isfinite(numbers)
    if attribute.block == "outcome":
        possible &= numbers == numbers.round()
    beyond = numbers.notna() & ~possible
    if not broken.any() or attribute.reader in ("outcome", "score", "share", "year"):
        reason = allowed_values(attribute)
    return numbers.where(possible), broken | beyond, reason, notes


def _plain_numbers(numbers, attribute):
    """Numbers that need no reading, but for days and dates as years, days as lengths, and shares in per cent."""
    if attribute.reader == "year" and (numbers.abs() > attribute.high).any():
        texts = numbers.map("{:.0f}".format)
        return numbers.where(numbers.abs() <= attribute.high, texts.map(years_of(list(texts.unique())))), ()
    if attribute.reader == "minutes" and 0 < numbers.max() < 1:
        return numbers * 1440, ()  # a spreadsheet counts in days
    whole = whole_of_shares(numbers.to_numpy()) if attribute.reader == "share" else 1.0
    return numbers / whole, (("read_as_per_cent", {}),) if whole == 100 else ()


def _are_fractions(values):
    """Whether bare numbers are all up to 1 and not only 0 and 1, so that a header that says per cent may not hold."""
    numbers = to_numbers(values)
    signed = any("%" in text for text in values if isinstance(text, str))
    return not signed and bool(numbers.max() <= 1 and ((numbers > 0) & (numbers < 1)).any())


def _are_hours(values):
    """Whether lengths are hours though no unit says so: few and not all whole, as minutes of short films mostly are."""
    if _MINUTES.search(str(values.name)) or _HOURS.search(str(values.name)):
        return False
    texts = _texts(values)
    numbers = to_numbers(texts)
    known = numbers[numbers != 0].dropna()
    few = known.between(1, 10, inclusive="left").all() and known.median() < _LONG_HOURS
    return numbers.count() == texts.count() and bool(few and (known % 1 != 0).any())


def _texts(values):
    """Values as texts, None where they are not known; numbers are written so that they read as they are."""
    found = values.to_numpy(dtype=object)
    different = {value for value in found if isinstance(value, str)}
    read = {value: _text_of(value if value.lstrip()[:1] in _JSON else readable(value)) for value in different}
    texts = [read[value] if isinstance(value, str) else _text_of(value) for value in found]
    return pd.Series(texts, index=values.index, dtype=object)


def _read_shares(values, attribute):
    """Shares of women; a column named after gender may hold TMDB's codes of people."""
    if not is_about_gender(values.name):
        return _read_numbers(values, attribute)
    texts = _texts(values)
    shares = shares_of_codes(texts.dropna().unique())
    if not shares:
        read, *more, notes = _read_numbers(values, attribute)
        guessed = texts.notna().any() and set(texts.dropna()) <= _ZERO_AND_ONE
        told = guessed and WOMEN.isdisjoint(plain(str(values.name)).split())
        return read, *more, (*notes, ("one_is_a_woman", {})) if told else notes
    return texts.map(shares).astype(float), pd.Series(False, texts.index), None, (("read_as_codes", {}),)


def _read_imdb(values, attribute):
    texts = _texts(values)
    ids = _map_unique(texts, imdb_id)
    return ids, texts.notna() & ids.isna() & ~texts.isin(_NO_ID), Message("allowed_imdb"), ()


def _read_tmdb(values, attribute):
    """Numbers, or the links that end in them."""
    if not holds_numbers(values):
        values = _texts(values).map(lambda text: _after_slash(text) if isinstance(text, str) else text)
    return _read_numbers(values, attribute)


def _read_text(values, attribute):
    texts = _texts(values)
    texts = _map_unique(texts, str.lower) if attribute.kind == "code" else texts
    return texts, texts.isna() & False, Message("allowed_known"), ()


def _read_title(values, attribute):
    nameless = pd.Series([isinstance(_name_of(value), dict) for value in values], values.index, dtype=bool)
    texts = _read_recording(values.mask(nameless), attribute)[0]
    return _map_unique(texts, lambda text: clean_title(text) or None), nameless, Message("allowed_text"), ()


def _read_recording(values, attribute):
    found = [_text_of(value, ERRORS) for value in values.to_numpy(dtype=object)]  # "Unknown" and "None" are names too
    texts = pd.Series(found, index=values.index, dtype=object)
    return texts, texts.isna() & False, Message("allowed_known"), ()


def _read_level(of):
    """A reader of names that are looked up, such as those of languages."""

    def read(values, attribute):
        texts = _texts(values)
        levels = _map_unique(texts, of)
        return levels, texts.notna() & levels.isna(), Message("not_known_names"), ()

    return read


def _read_genres(values, attribute):
    texts = _texts(values)
    found = {text: genres_of(text) for text in texts.dropna().unique()}
    levels = _map_unique(texts, lambda text: "|".join(found[text][0]) or None)
    films = texts.value_counts()
    unknown: dict[str, int] = {}
    for text, (_, names) in found.items():
        for name in filter(None, names):
            unknown[name] = unknown.get(name, 0) + int(films[text])
    broken = texts.isin([text for text, (genres, names) in found.items() if any(names) and not genres])
    notes = ()
    if unknown:
        most = sorted(unknown, key=lambda name: (-unknown[name], name))
        shown = [Message("name_and_count", name=_shown(name), n=unknown[name]) for name in most[:5]]
        more = [Verbatim("...")] * (len(most) > 5)
        notes = (("unknown_genres", {"n": len(most), "shown": [*shown, *more]}),)
    return levels, broken, None, notes


def imdb_id(value: object) -> str | None:
    """Return an IMDb id as tt and at least seven digits, or None if the value is not one.

    Examples
    --------
    >>> [imdb_id(value) for value in ("87015", "tt0087015", 87015.0, "3155794,0", "nm0000158", None)]
    ['tt0087015', 'tt0087015', 'tt0087015', 'tt3155794', None, None]
    >>> imdb_id("https://www.imdb.com/title/tt0087015/?ref_=fn_tt")
    'tt0087015'
    """
    text = str(value)
    found = _ID.fullmatch(text) or _LINK.search(text)
    return f"tt{int(found[1]):07d}" if found and int(found[1]) else None


def ids_in(name: str) -> list[str]:
    """Return the IMDb ids in a name; there, tt comes before the digits: 1917 is a film, and no id.

    Examples
    --------
    >>> ids_in("Alien_tt0078748"), ids_in("tt0078748 or tt0090605"), ids_in("1917")
    (['tt0078748'], ['tt0078748', 'tt0090605'], [])
    """
    return list(dict.fromkeys(f"tt{int(digits):07d}" for digits in _LINK.findall(name) if int(digits)))


def _after_slash(text):
    found = re.search(r"/(?:movie|film)?/?(\d+)[^/]*/?$", text)
    return found[1] if found else text


def _map_unique(texts, function):
    """Apply a function once to each distinct text; None stays None."""
    results = {text: function(text) for text in texts.dropna().unique()}
    return pd.Series([results.get(text) for text in texts.to_numpy()], index=texts.index, dtype=object)


def _text_of(value, missing=None):
    """One value as text, or None; lists (of names, or of TMDB's dicts) are joined by `|`; a dict is a list of one."""
    if isinstance(value, str):
        text = value.strip()
        if text[:1] + text[-1:] in ("[]", "{}"):
            held = parse(text)
            return text if held is None else _text_of(held)
    elif isinstance(value, dict):
        return _text_of([value], missing)
    elif isinstance(value, (list, tuple, set, frozenset, np.ndarray)):
        text = "|".join(str(name).strip() for name in map(_name_of, value) if name)
    else:
        text = "" if value is None or value is pd.NA or value != value else str(value)
    unknown = is_missing(text) if missing is None else text.lower() in missing
    return None if unknown else without_surrogates(text)


def _name_of(item):
    """What a dict calls a thing, in English if it does so in several languages; what is no dict, or says no name."""
    if not isinstance(item, dict):
        return item
    names = [item[key] for key in _NAMES if key in item]
    return next(filter(None, names), None) if names else item


_READERS = {
    "share": _read_shares,
    "imdb": _read_imdb,
    "tmdb": _read_tmdb,
    "text": _read_text,
    "code": _read_text,
    "title": _read_title,
    "recording": _read_recording,
    "genres": _read_genres,
    "language": _read_level(language_of),
    "country": _read_level(country_of),
}


def _examples(values):
    """Up to three different values as a message shows them."""
    distinct = list(dict.fromkeys(_shown(repr(value) if isinstance(value, str) else value) for value in values))
    return [*distinct[:3], *[Verbatim("...")] * (len(distinct) > 3)]


def _shown(value):
    """A value of a table as a message shows it: on one line, and cut if it is long."""
    text = printable(without_surrogates(str(value)))
    return Verbatim(text if len(text) <= _SHOWN else f"{text[:_SHOWN]}...")


def allowed_values(column: Attribute) -> Message:
    """Return which values an attribute can have, as part of an error message."""
    if column.kind != "number":
        return Message("allowed_known")
    if column.name == "rating":
        return Message("allowed_ratings")
    if column.name == "passes":
        return Message("allowed_outcomes")
    if column.high == 1:
        return Message("allowed_share")
    if np.isfinite(column.high):
        return Message("allowed_range", low=column.low, high=column.high)
    return Message("allowed_least", low=column.low)
