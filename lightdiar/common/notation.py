"""Numbers and punctuation as English and French write them, and English counts."""

import re
from decimal import Decimal

LANGUAGES = ("en", "fr")


def check_language(language: str) -> None:
    """Raise ValueError if it is not one of `LANGUAGES`."""
    if language not in LANGUAGES:
        raise ValueError(f"language must be one of {', '.join(LANGUAGES)}; got {language!r}.")


def count_of(n: int, noun: str) -> str:
    """Return a number of things in English.

    Examples
    --------
    >>> count_of(1, "film"), count_of(0, "other file")
    ('1 film', '0 other files')
    """
    return f"{n} {noun}" if n == 1 else f"{n} {noun}s"


def notation(text: str, language: str) -> str:
    """Return a number that Python wrote in the notation of the language; no exponent, no minus before zero.

    It may begin with < and end in %.

    Examples
    --------
    >>> notation("5e+09", "en"), notation("<0.50%", "en")
    ('5,000,000,000', '<0.50%')
    >>> print(ascii(notation("1234.5%", "fr")))
    '1\\u202f234,5\\xa0%'
    """
    less, number, percent = re.fullmatch(r"(<?)(.*?)(%?)", text).groups()  # type: ignore[union-attr]  # matches all
    whole = f"{Decimal(number):,f}".replace("Infinity", "∞")
    whole = re.sub(r"^-(?=[0.,]*$)", "", whole).replace("-", "\u2212")
    if language == "fr":
        whole = whole.translate(str.maketrans(",.", "\u202f,"))
        percent = percent and "\u00a0%"
    return less + whole + percent


def typeset(text: str, language: str) -> str:
    """Return a text; in French, with a non-breaking space before : ; ? ! % and inside guillemets."""
    return re.sub(r" (?=[:;?!%»])|(?<=«) ", "\u00a0", text) if language == "fr" else text
