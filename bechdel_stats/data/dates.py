"""The year in a text: a year alone, a date in any common order, or a day as a spreadsheet counts it."""

import re
from datetime import date, timedelta

_YEAR = re.compile(r"(?<!\d)(1[89]\d\d|20\d\d)(?![\d%])")
_DAY = re.compile(r"(1[89]\d\d|20\d\d)(0[1-9]|1[0-2])([0-2]\d|3[01])(?:\.0+)?")  # 19991231
_SHORT = re.compile(r"\d{1,2}([/.\- ])(?:\d{1,2}|[^\W\d]{3,9}\.?)\1(\d\d)(?: .*)?")  # 31/12/99, 31-Dec-99
_GROUPED = re.compile(r"(1)[.,]([89]\d\d)|(2)[.,](0\d\d)")  # 1,999
_NUMBER = re.compile(r"(\d+)(?:[.,]\d+)?")
_FIRST_SERIAL, _LAST_SERIAL = 10_000, 80_000  # days of a spreadsheet: 1927 to 2119; 9999 is no year
_EPOCH = date(1899, 12, 30)  # day 0 of a spreadsheet
_MILLISECONDS = 10_000_000_000  # from here on, a number is milliseconds since 1970
_LAST_SHORT = 30  # years of two digits up to here are 20.., others 19..


def year_of(text: str) -> float:
    """Return the year in a text, or NaN.

    A four-digit year wins, the first if there are several, then one as 1,999. Otherwise a number of days as in a
    spreadsheet, of seconds or milliseconds since 1970 as in JSON of pandas, or a date with a year of two digits, up to
    30 in this century.

    Examples
    --------
    >>> [year_of(text) for text in ("1999", "31/12/1999", "Dec 31, 1999", "(1950)", "circa 1950", "1999-2001")]
    [1999.0, 1999.0, 1999.0, 1950.0, 1950.0, 1999.0]
    >>> [year_of(text) for text in ("19991231", "20455", "31-Dec-99", "31/12/05", "soon")]
    [1999.0, 1956.0, 1999.0, 2005.0, nan]
    """
    text = text.strip()
    if found := _DAY.fullmatch(text) or _YEAR.search(text):
        return float(found[1])
    if found := _GROUPED.fullmatch(text):
        return float("".join(filter(None, found.groups())))
    if found := _NUMBER.fullmatch(text):
        return _year_of_number(int(found[1])) if len(found[1]) < 16 else float("nan")
    if found := _SHORT.fullmatch(text):
        year = int(found[2])
        return float(year + (2000 if year <= _LAST_SHORT else 1900))
    return float("nan")


def _year_of_number(number):
    """The year of a day of a spreadsheet or of a time since 1970; a small number stays what it is."""
    if _FIRST_SERIAL <= number < _LAST_SERIAL:
        return float((_EPOCH + timedelta(days=number)).year)
    if number >= 10 * _LAST_SERIAL:
        days = number // (86_400_000 if number >= _MILLISECONDS else 86_400)
        return float((date(1970, 1, 1) + timedelta(days=days)).year) if days < 100_000 else float("nan")
    return float(number)
