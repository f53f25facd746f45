"""The wording of a report in one language: sentences, numbers, times."""

from collections.abc import Iterable
from dataclasses import dataclass

from lightdiar.common.notation import LANGUAGES, check_language, notation, typeset
from lightdiar.report.texts import TEXTS

_NO_BREAK = "\u00a0"


@dataclass(frozen=True)
class Words:
    """The wording of one language.

    Parameters
    ----------
    language : {"en", "fr"}

    Raises
    ------
    ValueError
        If it is another language.
    """

    language: str

    def __post_init__(self):
        check_language(self.language)

    def __call__(self, key: str, n: int | None = None, **values: object) -> str:
        """Return the text of a key with its placeholders filled in.

        A text in two parts, ``one|several``, is chosen by `n`, which is written where the text says ``{n}``.
        """
        text = TEXTS[key][LANGUAGES.index(self.language)]
        if n is not None:
            one, _, several = text.partition("|")
            is_one = n == 1 or (n == 0 and self.language == "fr")
            text, values = one if is_one else several or one, {**values, "n": self.number(n)}
        return typeset(text, self.language).format(**values)

    def label(self, label: str) -> str:
        """Return what the label of a sound event is called, if it is a common one; others stay."""
        return self(f"label_{label}") if f"label_{label}" in TEXTS else label

    def number(self, value: float, decimals: int = 0) -> str:
        """Return a number: 7,913 or 7 913; 12.3 or 12,3."""
        return notation(f"{value:.{decimals}f}", self.language)

    def plain(self, value: float) -> str:
        """Return a number with as many decimals as it has: 2 or 2.5."""
        return notation(f"{value:g}", self.language)

    def share(self, share: float) -> str:
        """Return a share as a whole percentage: 38% or 38 %."""
        return notation(f"{100 * share:.0f}%", self.language)

    def probability(self, p: float) -> str:
        """Return a probability as a whole percentage, but neither as none nor as all: under 1%, over 99%."""
        if p < 0.01:
            return self("under", limit=self.share(0.01))
        return self("over", limit=self.share(0.99)) if p > 0.99 else self.share(p)

    def brief(self, p: float) -> str:
        """Return a probability for a table: <1%, 83%, >99%."""
        sign, shown = ("<", 0.01) if p < 0.01 else (">", 0.99) if p > 0.99 else ("", p)
        return sign + self.share(shown)

    def between(self, low: float, high: float) -> str:
        """Return the bounds of a share: 29% to 47%."""
        return self("between", low=self.share(low), high=self.share(high))

    def duration(self, seconds: float) -> str:
        """Return a length: 12.3 s, 4 min 12 s, 1 h 52 min."""
        if round(seconds, 1) < 60:
            return f"{self.number(seconds, 1)}{_NO_BREAK}s"
        minutes, rest = divmod(round(seconds), 60)
        if minutes < 60:
            parts = (minutes, "min", rest, "s")
        else:
            hours, minutes = divmod(round(seconds / 60), 60)
            parts = (hours, "h", minutes, "min")
        return _NO_BREAK.join(map(str, parts[:2] if not parts[2] else parts))

    def clock(self, seconds: float, decimals: int = 0) -> str:
        """Return a time of the recording: 4:12, 1:52:07, or 4:12.3 with decimals."""
        whole, _, rest = f"{seconds:.{decimals}f}".partition(".")
        minutes, second = divmod(int(whole), 60)
        hours, minutes = divmod(minutes, 60)
        clock = f"{hours}:{minutes:02d}:{second:02d}" if hours else f"{minutes}:{second:02d}"
        return clock + (notation(f"0.{rest}", self.language)[1:] if rest else "")

    def listed(self, parts: Iterable[str]) -> str:
        """Return parts as a list in a sentence: a, b and c."""
        *before, last = parts
        return self("and", before=", ".join(before), last=last) if before else last
