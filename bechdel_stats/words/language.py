"""What pictures and reports say, in English and French; numbers with the decimal sign of the language.

Numbers go with the outcome or with one another: no sentence here says that one brings about another.
"""

import re
from dataclasses import dataclass

from bechdel_stats.words import names
from bechdel_stats.words.wordings import ENGLISH, FRENCH, TEXTS

_INTERVAL = ("{0} [{1} to {2}]", "{0} [{1} à {2}]")
_SENTENCES = {
    language: [(re.compile(re.escape(english).replace(r"\{\}", "(.+?)")), text) for english, text in sentences.items()]
    for language, sentences in (("en", ENGLISH), ("fr", FRENCH))
}
_IDENTIFIER = re.compile(r"\b[a-z]+(?:_[a-z0-9]+)+\b")


@dataclass(frozen=True)
class Words:
    """The wordings of one language.

    Parameters
    ----------
    language : {"en", "fr"}
    """

    language: str

    def __post_init__(self):
        if self.language not in names.LANGUAGES:
            raise ValueError(f"language must be one of {', '.join(names.LANGUAGES)}; got {self.language!r}.")

    def __call__(self, key, **values):
        """Return the text of this key, its places filled."""
        return self._typeset(self._choose(TEXTS[key]).format(**values))

    def number(self, value, decimals=2):
        """Return a number as it is written: 1.60 or 1,60; 7,913 or 7 913."""
        text = f"{value:,.{decimals}f}"
        text = text.replace("-", "\u2212")
        return text.translate(str.maketrans(",.", "\u202f,")) if self.language == "fr" else text

    def signed(self, value):
        """Return a difference with its sign: +11.0 or -4.6."""
        return f"{'+' if value > 0 else ''}{self.number(value, 1)}"

    def percent(self, share, decimals=1):
        """Return a share in per cent: 58.5% or 58,5 %."""
        return self.number(100 * share, decimals) + self._choose(("%", "\u00a0%"))

    def interval(self, write, value, low, high):
        """Return a number with its interval; `write` is `number` or `percent`."""
        return self._choose(_INTERVAL).format(write(value), write(low), write(high))

    def listed(self, parts):
        """Return parts of a sentence, between semicolons."""
        return self._choose(("; ", "\u00a0; ")).join(parts)

    def head(self, column):
        """Return the head of a table's column; columns of films and other words have the names of `name`."""
        return self._choose(names.HEADS[column]) if column in names.HEADS else self.name(column)

    def axis(self, column):
        """Return what an axis says that shows a column of films, with its unit."""
        key = f"{column}_axis"
        return self(key) if key in TEXTS else self.name(column)

    def name(self, word):
        """Return a column, genre, country, level or type of films as people call it."""
        if "; " in word:
            return self.listed(self.name(part) for part in word.split("; "))
        if ", " in word:
            return ", ".join(self.name(part) for part in word.split(", "))
        for known in (names.COLUMNS, names.TERMS, names.METRICS):
            if word in known:
                return self._choose(known[word]).format("").rstrip("\u00a0: ")
        if word.startswith(("genre_", "language_")):
            return self.term(word)
        if self.language == "en":
            return names.READABLE.get(word, word)
        for known in (names.GENRES, names.COUNTRIES, names.WORDS):
            if word in known:
                return known[word]
        return self.sentence(word)

    def term(self, term, contrast=""):
        """Return a term of a model and what it compares, such as "Runtime: 92 → 116 min"."""
        if term in names.TERMS:
            whole = re.sub(r"\d+\.\d+", lambda match: f"{float(match[0]):.0f}", contrast)  # quartiles of years, minutes
            return self._choose(names.TERMS[term]).format(whole.replace("->", "→"))
        kind, _, rest = term.partition("_")
        genre = rest.replace("_", " ").title().replace("Tv ", "TV ")
        if kind == "genre" and genre in names.GENRES:
            return self._choose((genre, names.GENRES[genre]))
        if kind == "language" and rest in names.TONGUES:
            return self._choose(("Language: ", "Langue\u00a0: ")) + self._choose(names.TONGUES[rest])
        return f"{term} ({contrast})" if contrast not in ("", "1 against 0") else term

    def sentence(self, text):
        """Return a note or message of a result in this language, columns by their names.

        What has no translation stays as it is.
        """
        for pattern, wording in _SENTENCES[self.language]:
            match = pattern.fullmatch(text)
            if match:
                return self._typeset(wording.format(*map(self._phrase, match.groups())))
        return self._decimal(_IDENTIFIER.sub(lambda match: self.name(match[0]), text))

    def _phrase(self, text):
        """Return one part of a sentence, an enumeration perhaps."""
        return ", ".join(self.name(part) for part in text.split(", "))

    def _choose(self, pair):
        return pair[names.LANGUAGES.index(self.language)]

    def _decimal(self, text):
        return re.sub(r"(?<=\d)\.(?=\d)", ",", text) if self.language == "fr" else text

    def _typeset(self, text):
        """French puts a space that does not break before : ; ? ! % and inside guillemets."""
        return re.sub(r" (?=[:;?!%»])|(?<=«) ", "\u00a0", text) if self.language == "fr" else text
