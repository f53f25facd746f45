"""Titles and other texts as people read them: without HTML and marks of footnotes, the article of a title in front."""

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
_BREAK = re.compile(r"<br ?/?>", re.IGNORECASE)
_TAG = re.compile(r"</?(?:i|b|em|strong|u|a|p|div|span|small|sup|sub|ref)(?: [^<>]{0,300})?/?>", re.IGNORECASE)
_FOOTNOTE = re.compile(
    r"(?<=\S) ?\[(?:\d{1,3}|[a-z]|(?:note|nb|n|#) ?\d{1,3}|citation needed)\](?=\W|$)|(?<=\w) ?[†‡]+$"
)
_UNSEEN = "\u00ad\u200b\u200e\u200f\u2060\ufeff\u202a\u202b\u202c\u202d\u202e"
_WITHOUT_UNSEEN = str.maketrans("", "", _UNSEEN)
_MARKED = re.compile(f"[&<[†‡{_UNSEEN}]")  # most texts have none of it


def readable(text: str) -> str:
    """Return a text without HTML, marks of footnotes as Wikipedia has them, and signs that cannot be seen.

    Examples
    --------
    >>> readable("<i>King &amp;amp; Country</i>[1][note 2]"), readable("Drama[3], War<br/>"), readable("[REC]")
    ('King & Country', 'Drama, War', '[REC]')
    """
    if not _MARKED.search(text):
        return " ".join(text.split())
    for _ in range(_TIMES_ENCODED):
        plain, text = text, html.unescape(_LONG_CODE.sub(_short_code, text))
        if plain == text:
            break
    text = _TAG.sub("", _BREAK.sub(" ", text)).translate(_WITHOUT_UNSEEN)
    return _FOOTNOTE.sub("", " ".join(text.split()))


def clean_title(title: Any) -> Any:
    """Return a title as `readable` does and with its article at the front.

    Only articles move: the comma in "I, Tonya" stays.

    Examples
    --------
    >>> [clean_title(title) for title in ("Tale of Despereaux, The", "Avventura, L'", "I, Tonya", "King &amp; Country")]
    ['The Tale of Despereaux', "L'Avventura", 'I, Tonya', 'King & Country']
    """
    if not isinstance(title, str):
        return title
    title = readable(without_surrogates(title))
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
