"""The end of each report: what the figures do not mean, and how they were made."""

from collections.abc import Iterator
from typing import Any

from lightdiar._version import __version__
from lightdiar.report.page import Markup, element
from lightdiar.report.texts import ACCURACY
from lightdiar.report.words import Words

_OF_TURNS = ("answer", "cause")
_LIMITS = ("voice", "child", "count", "film", "overlap", *_OF_TURNS)


def limits(words: Words, genders_known: bool = True) -> Iterator[Markup]:
    """Say what the figures do not mean, with what was measured; of turns alone, if no gender is known."""
    measured: dict[str, Any] = {
        name: words.number(float(value), len(value.partition(".")[2])) for name, value in ACCURACY.items()
    }
    names = _LIMITS if genders_known else _OF_TURNS
    yield element("ul", *(element("li", words(f"limit_{name}", **measured)) for name in names))


def method(words: Words, min_speaker_seconds: float = 2.0) -> Iterator[Markup]:
    """Say how the figures were made."""
    yield element("p", words("method_text", version=__version__, limit=words.plain(min_speaker_seconds)))


def method_unknown(words: Words) -> Iterator[Markup]:
    """Say how the figures of turns without genders were made."""
    yield element("p", words("method_unknown", version=__version__))
