"""Titles as people read them: without HTML codes, and with the article at the front."""

import html
import re
from typing import Any

from lightdiar.common.foreign import without_surrogates

_ARTICLES = (
    "The|A|An|Le|La|Les|L['\u2019]|Un|Une|Der|Die|Das|Ein|Eine|El|Los|Las|Una|Il|Lo|Gli|Uno|O|Os|As|De|Het|Den|Det"
)
_ARTICLE = re.compile(rf" ?, ?({_ARTICLES})(?= [(\[]|$)")
_LONG_CODE = re.compile("&#([0-9]{8,});?")
_TIMES_ENCODED = 4  # at most; each time costs a pass


def clean_title(title: Any) -> Any:
    """Return a title without HTML codes and with its article at the front.

    Only articles move: the comma in "I, Tonya" stays.

    Examples
    --------
    >>> [clean_title(title) for title in ("Tale of Despereaux, The", "Avventura, L'", "I, Tonya", "King &amp; Country")]
    ['The Tale of Despereaux', "L'Avventura", 'I, Tonya', 'King & Country']
    """
    if not isinstance(title, str):
        return title
    title = without_surrogates(title)
    for _ in range(_TIMES_ENCODED):
        plain, title = title, html.unescape(_LONG_CODE.sub(_short_code, title))
        if plain == title:
            break
    title = " ".join(title.split())
    found = _inverted(title)
    if not found or not found.start():
        return title
    space = "" if found[1].endswith(("'", "\u2019")) else " "
    return f"{found[1]}{space}{title[: found.start()]}{title[found.end() :]}"


def _inverted(title):
    """The match of the last comma and article at the end of a title, or before its other title in brackets."""
    if title.endswith((")", "]")):
        return max(_ARTICLE.finditer(title), key=lambda found: found.start(), default=None)
    comma = max(0, title.rfind(","))
    return _ARTICLE.fullmatch(title, comma - (title[:comma][-1:] == " "))


def _short_code(found):
    """The code of a character with few digits; beyond Unicode any is as good as another."""
    return f"&#{(found[1].lstrip('0') or '0')[:8]};"
