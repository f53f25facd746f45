"""At most seven slides for a short talk to people who are not statisticians, as one self-contained page.

A slide fills the window, or a printed page; a browser scrolls through them, and each links to the next. No scripts.
"""

from collections.abc import Callable
from dataclasses import dataclass
from html import escape

import pandas as pd

from bechdel_stats.describe.grouping import UNKNOWN
from bechdel_stats.report.analyses import WOMEN, Analyses
from bechdel_stats.report.blocks import Block, Picture, Points, Text
from bechdel_stats.report.closing import limits_of
from bechdel_stats.report.figures import decades_picture, effects_picture, rates_picture
from bechdel_stats.report.findings import clearest
from bechdel_stats.report.front import asked, headline, sentences
from bechdel_stats.report.groups import named_levels
from bechdel_stats.report.pages import head
from bechdel_stats.report.style import SLIDES
from bechdel_stats.words.language import Words

_HANDS = {
    (term, level): f"{who}_{level}" for term, who in zip(WOMEN, ("directors", "writers")) for level in ("yes", "no")
}
_N_GENRES = 5  # at either end
_N_TERMS = 7
_N_LIMITS = 5


@dataclass(frozen=True)
class Slide:
    """A title, and what stands below it: a picture beside texts, or texts alone."""

    title: str
    blocks: tuple[Block, ...]
    picture: Picture | None = None

    def html(self, tag: str, words: Words) -> str:
        """Return the slide as HTML, its title as a heading of this rank."""
        text = "\n".join(block.html(words) for block in self.blocks)
        if self.picture:
            text = f'<div class="slide">{self.picture.html(words)}<div>{text}</div></div>'
        return f"<{tag}>{escape(self.title)}</{tag}>\n{text}"


def to_slides(title: str, analyses: Analyses, words: Words) -> str:
    """Return the slides as an HTML page; those that the films do not allow are left out."""
    makers: tuple[Callable[[Analyses, Words], Slide | None], ...] = (_trend, _genres, _hands, _together, _limits, _asks)
    slides = [Slide(title, (headline(analyses, words), Text(words("definition"))))]
    slides += [slide for slide in (make(analyses, words) for make in makers) if slide]
    pages = []
    for number, slide in enumerate(slides, start=1):
        place = f"{number}\u202f/\u202f{len(slides)}"
        if number < len(slides):
            place = f'<a href="#s{number + 1}">{place} ↓</a>'
        body = slide.html("h1" if number == 1 else "h2", words)
        pages.append(f'<section id="s{number}">\n{body}\n<footer>{place}</footer>\n</section>')
    return head(title, SLIDES, words) + "<body>\n<main>\n" + "\n".join(pages) + "\n</main>\n</body>\n</html>\n"


def _trend(analyses, words):
    rates = analyses.rates["year"]
    if not rates:
        return None
    return Slide(words("trend"), _said(analyses, words, "trend"), decades_picture(words("rates_year"), rates, words))


def _genres(analyses, words):
    rates = analyses.rates["genres"]
    table = named_levels(rates.table, "genres") if rates else ()
    if len(table) < 2:
        return None
    shown = table
    if len(table) > 2 * _N_GENRES:
        shown = pd.concat([table.head(_N_GENRES), table.tail(_N_GENRES)])
    title = words("genres_ends" if len(shown) < len(table) else "rates_genres")
    text = (*_said(analyses, words, "genres"), Text(words("genres_overlap"), "note"))
    return Slide(words("genres_finding"), text, rates_picture(title, shown, "genres", words))


def _hands(analyses, words):
    tables = [
        rates.table[rates.table[term] != UNKNOWN].assign(
            who=lambda t, by=term: t[by].map(lambda x: words(_HANDS[by, x]))
        )
        for term, rates in ((term, analyses.women[term]) for term in WOMEN)
        if rates
    ]
    if not tables:
        return None
    table = pd.concat(tables, ignore_index=True)
    return Slide(
        words("hands"), _said(analyses, words, "women"), rates_picture(words("hands_rates"), table, "who", words)
    )


def _together(analyses, words):
    odds = analyses.pair.with_gender if analyses.pair else analyses.odds
    if not odds:
        return None
    table = clearest(odds.table).head(_N_TERMS)
    if table.empty:
        return Slide(words("together"), (Text(words("together_none")),))
    text = (*_said(analyses, words, "together"), Text(words("together_alike"), "note"))
    return Slide(words("together"), text, effects_picture(words("ame_title"), table, words))


def _limits(analyses, words):
    chosen = limits_of(analyses, words)
    chosen = [*chosen[: _N_LIMITS - 1], chosen[-1]] if len(chosen) > _N_LIMITS else chosen
    return Slide(words("not_known"), (Points(tuple(("", text) for text in chosen)),))


def _asks(analyses, words):
    return Slide(words("ask"), tuple(asked(analyses, words, 2)))


def _said(analyses, words, key) -> tuple[Block, ...]:
    sentence = sentences(analyses, words).get(key)
    return (Text(sentence, "lead"),) if sentence else ()
