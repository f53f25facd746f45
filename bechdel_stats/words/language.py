"""The wording of plots and reports, in English and French, with numbers in the notation of the language.

Sentences state associations with the outcome or among attributes; none says that one thing brings about another.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from numbers import Real
from string import Formatter
from typing import Any

from bechdel_stats.attributes import ATTRIBUTE, TERM, VARIABLES
from bechdel_stats.levels import GENRES, country_names
from bechdel_stats.words import names
from bechdel_stats.words.messages import MESSAGES, Message, Verbatim, form_of
from bechdel_stats.words.texts import TEXTS
from lightdiar.common.notation import notation, typeset

_BRACKETS = ("{0} [{1}, {2}]", "{0} [{1}\u00a0; {2}]")
_INTERVAL = ("{0} [{1} to {2}]", "{0} [{1} à {2}]")


@dataclass(frozen=True)
class Words:
    """The wording of one language.

    Parameters
    ----------
    language : {"en", "fr"}
    """

    language: str

    def __post_init__(self):
        if self.language not in names.LANGUAGES:
            raise ValueError(f"language must be one of {', '.join(names.LANGUAGES)}; got {self.language!r}.")

    def __call__(self, key: str, **values: object) -> str:
        """Return the text of a key, with its placeholders filled in."""
        return typeset(self._choose(TEXTS[key]).format(**values), self.language)

    def number(self, value: float, decimals: int = 2) -> str:
        """Return a formatted number: 1.60 or 1,60; 7,913 or 7 913."""
        return self.notation(f"{value:.{decimals}f}")

    def notation(self, text: str) -> str:
        """Return a number that Python wrote in the notation of the language: 5e+09 is 5,000,000,000 or 5 000 000 000.

        It may begin with < and end in %. No number has an exponent, or a minus before zero.
        """
        return notation(text, self.language)

    def signed(self, value: float) -> str:
        """Return a difference with its sign: +11.0 or -4.6."""
        return f"{'+' if value > 0 else ''}{self.number(value, 1)}"

    def percent(self, share: float, decimals: int = 1) -> str:
        """Return a share as a percentage: 58.5% or 58,5 %."""
        return self.notation(f"{100 * share:.{decimals}f}%")

    def interval(self, write: Callable[[float], str], value: float, low: float, high: float) -> str:
        """Return a number with its interval; `write` is `number`, `signed` or `percent`."""
        return self._choose(_INTERVAL).format(write(value), write(low), write(high))

    def listed(self, parts: Iterable[str]) -> str:
        """Return parts of a sentence, separated by semicolons."""
        return self._choose(("; ", "\u00a0; ")).join(parts)

    def quoted(self, parts: Iterable[str]) -> str:
        """Return names in quotation marks, separated by commas; nothing for none."""
        return ", ".join(self._choose(("\u201c{}\u201d", "«\u00a0{}\u00a0»")).format(part) for part in parts)

    def bracketed(self, value: str, low: str, high: str) -> str:
        """Return a number of a table with its interval: 1.60 [1.26, 1.97] or 1,60 [1,26 ; 1,97]."""
        return self._choose(_BRACKETS).format(value, low, high)

    def head(self, column: str) -> str:
        """Return the heading of a table column; columns without a heading of their own are named by `name`."""
        return self._choose(names.HEADS[column]) if column in names.HEADS else self.name(column)

    def axis(self, column: str) -> str:
        """Return the axis label for a column of films, with its unit."""
        axis = ATTRIBUTE[column].axis if column in ATTRIBUTE else ()
        return self._choose(axis) if axis else self.name(column)

    def name(self, word: str) -> str:
        """Return the readable name of a column, genre, country, level or type of films; other words stay unchanged."""
        for separator, join in (("; ", self.listed), (", ", ", ".join), (" - ", " \u2212 ".join)):
            if separator in word:
                return join([self.name(part) for part in word.split(separator)])
        if word in ATTRIBUTE:
            return self._choose(ATTRIBUTE[word].label)
        if word in TERM:
            return self.term(word)
        known: dict[str, Any]
        for known in (VARIABLES, names.METRICS, names.HEADS):
            if word in known:
                return self._choose(known[word])
        if self.language == "en":
            return names.READABLE.get(word, word)
        for known in (GENRES, country_names(), names.WORDS):
            if word in known:
                return known[word]
        if word.startswith("without ") and word.removeprefix("without ") in GENRES:
            return f"sans {GENRES[word.removeprefix('without ')]}"
        for pattern, french in names.PERIODS.items():
            if re.fullmatch(pattern, word):
                return re.sub(pattern, french, word)
        pooled = re.fullmatch(r"other \((\d+) levels\)", word)
        return self.message(Message("other_levels", n=int(pooled[1]))) if pooled else word

    def term(self, term: str, contrast: str = "") -> str:
        """Return the name of a model term with what it compares, such as "Runtime: 92 → 116 min"."""
        if term in TERM and TERM[term].label:
            whole = re.sub(r"\d+\.\d+", lambda match: f"{float(match[0]):.0f}", contrast)  # quartiles of years, minutes
            text = self._choose(TERM[term].label).format(whole.replace("->", "→"))
            return text if whole else text.removesuffix(" min").rstrip("\u00a0: ")
        return f"{term} ({contrast})" if contrast not in ("", "1 against 0") else term

    def message(self, message: str) -> str:
        """Return a note, warning or error in this language, with readable names; plain text stays unchanged."""
        if not isinstance(message, Message):
            return message
        text = _Localised(self).vformat(self._choose(MESSAGES[message.code]), (), message.values)
        return typeset(text.replace("->", "→"), self.language)

    def _choose(self, pair):
        return pair[names.LANGUAGES.index(self.language)]


class _Localised(Formatter):
    """Fills the placeholders of a message: columns and levels by name, numbers in the notation of the language."""

    def __init__(self, words):
        self.words = words

    def format_field(self, value, spec):
        if isinstance(value, Message):
            return self.words.message(value)
        if isinstance(value, (list, tuple)):
            return ", ".join(self.format_field(item, spec) for item in value)
        if isinstance(value, str):
            return format(value, spec) if isinstance(value, Verbatim) else self.words.name(value)
        if "|" in spec:
            return form_of(value, spec, (1,) if self.words.language == "en" else (0, 1))
        if isinstance(value, bool) or not isinstance(value, Real) or spec == "d":  # d: a year
            return format(value, spec)
        return self.words.notation(format(value, spec).removesuffix(".0"))
