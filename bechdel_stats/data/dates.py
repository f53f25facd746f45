"""The years in a column of texts: years alone, dates in any common order, and numbers that stand for a day.

A column is read as a whole, because a long number alone does not tell: beside plain years, 19544 is a slip of the keys,
and beside other days of a spreadsheet the fourth of July 1953. What cannot be told is not guessed.
"""

import re
from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta

_YEAR = re.compile(r"(?<!\d)(1[89]\d\d|20\d\d)(?![\d%]|['’]?s\b|er\b)")  # but 1990s
_SHORT = re.compile(r"\d{1,2}([/.\- ])(?:\d{1,2}|[^\W\d]{3,9}\.?)\1(\d\d)(?: .*)?")  # 31/12/99, 31-Dec-99
_GROUPED = re.compile(r"(1)[.,]([89]\d\d)|(2)[.,](0\d\d)")  # 1,999
_NOT_ITSELF = re.compile(  # of a year: before it, after it, or its decade
    r"\b(?:before|after|pre|post|avant|apr[eè]s|vor|nach|decade|d[eé]cada|d[eé]cennie|ann[eé]es|años|anni)\b",
    re.IGNORECASE,
)
_NUMBER = re.compile(r"(-?\d{1,15})(?:[.,]\d+)?")
_FIRST_YEAR, _LAST_YEAR = 1800, 2099
_FIRST_SERIAL, _LAST_SERIAL = 10_000, 80_000  # days of a spreadsheet: 1927 to 2119; 9999 is no year
_EPOCH = date(1899, 12, 30)  # day 0 of a spreadsheet
_SECONDS, _MILLISECONDS = 100_000_000, 10_000_000_000  # from here on, a number is one of these since 1970
_FORMS = {6: ("%Y%m", "%y%m%d", "%d%m%y", "%m%d%y"), 8: ("%Y%m%d", "%d%m%Y", "%m%d%Y")}  # by the number of digits
_LAST_SHORT = 26  # years of two digits up to here are 20.., others 19..: films of 1927 are more than those of 2027


def years_of(texts: Sequence[str]) -> dict[str, float]:
    """Return the year in each of the distinct texts of a column, NaN where there is none or it cannot be told.

    A four-digit year wins, the first if there are several, then one as 1,999, and a date with a year of two digits, up
    to 26 in this century. Of longer numbers, those of eight digits are dates (19991231, 31121999). Others are days as
    in a spreadsheet, seconds or milliseconds since 1970 as in JSON of pandas, or dates of six digits (991231, 199912)
    if all of the column have the same year whichever order is meant; but not where more plain years stand beside
    them, and a number of five digits that begins like a year only if there are more long numbers than plain years.

    Examples
    --------
    >>> list(years_of(["1999", "31/12/1999", "Dec 31, 1999", "(1950)", "circa 1950", "1999-2001"]).values())
    [1999.0, 1999.0, 1999.0, 1950.0, 1950.0, 1999.0]
    >>> years_of(["20455", "36525"]), years_of(["1999", "20455"])
    ({'20455': 1956.0, '36525': 1999.0}, {'1999': 1999.0, '20455': nan})
    >>> list(years_of(["19991231", "31-Dec-99", "31/12/05", "soon"]).values())
    [1999.0, 1999.0, 2005.0, nan]
    """
    found = {text: _written(text.strip()) for text in texts}
    numbers = {text: int(match[1]) for text in texts if (match := _NUMBER.fullmatch(text.strip()))}
    long = {text: number for text, number in numbers.items() if not -_SECONDS < number < _FIRST_SERIAL}
    plain = sum(_FIRST_YEAR <= number <= _LAST_YEAR for number in numbers.values())
    undecided = {text: number for text, number in long.items() if found[text] != found[text]}
    if plain <= len(long):
        found |= _years_of_days(undecided, doubtful=len(long) <= max(plain, 1))
    return found


def _written(text):
    """The year that a text tells by itself; a small number is what it is."""
    if found := _GROUPED.fullmatch(text):
        return float("".join(filter(None, found.groups())))
    if (found := _YEAR.search(text)) and not _NOT_ITSELF.search(text):
        return float(found[1])
    if found := _SHORT.fullmatch(text):
        return _full(int(found[2]))
    if not (found := _NUMBER.fullmatch(text)):
        return float("nan")
    number = int(found[1])
    if 1_000_000 <= number < 100_000_000:
        return _only(_in_forms(number, _FORMS[8]).values())
    return float(number) if abs(number) < _FIRST_SERIAL else float("nan")


def _years_of_days(numbers, doubtful):
    """The years of numbers that are days of a spreadsheet, times since 1970, or dates of six digits."""
    short = {text: number for text, number in numbers.items() if 0 < number < 1_000_000}
    if any(number >= _LAST_SERIAL or text.strip().startswith("0") for text, number in short.items()):
        found = {text: _in_forms(number, _FORMS[6]) for text, number in short.items()}
        shared = set.intersection(*map(set, found.values()))
        years = {text: _only(own[form] for form in shared) for text, own in found.items()}
    else:
        years = {text: _year_after(_EPOCH, n) for text, n in short.items() if not (doubtful and _like_a_year(n))}
    return {text: years.get(text, _since_1970(number)) for text, number in numbers.items()}


def _like_a_year(number):
    return _FIRST_YEAR <= number // 10 <= _LAST_YEAR


def _since_1970(number):
    if abs(number) < _SECONDS:
        return float("nan")
    return _year_after(date(1970, 1, 1), number // (86_400_000 if abs(number) >= _MILLISECONDS else 86_400))


def _year_after(start, days):
    """The year so many days after a day; NaN beyond the calendar of films."""
    return float((start + timedelta(days=days)).year) if abs(days) < 100_000 else float("nan")


def _in_forms(number: int, forms: Iterable[str]) -> dict[str, float]:
    """The year of a number in each of the forms of a date that it fits; zeros at its front may be lost."""
    found = {}
    for form in forms:
        digits = f"{number:0{8 if '%Y' in form and '%d' in form else 6}d}"
        try:
            day = datetime.strptime(digits, form)
        except ValueError:
            continue
        year = day.year if "%Y" in form else int(_full(day.year % 100))
        if _FIRST_YEAR <= year <= _LAST_YEAR:
            found[form] = float(year)
    return found


def _only(years: Iterable[float]) -> float:
    """The one year of several readings; NaN if they differ or there is none."""
    different = set(years)
    return different.pop() if len(different) == 1 else float("nan")


def _full(year):
    """A year of two digits with its century."""
    return float(year + (2000 if year <= _LAST_SHORT else 1900))
