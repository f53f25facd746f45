"""Part of the report of a recording: the Bechdel test by ear, with the places to listen to.

It never says that a film passes: what the two women speak about is not heard.
"""

from collections.abc import Iterator

from lightdiar.report.heard import Heard
from lightdiar.report.page import Markup, element, table
from lightdiar.representation.dialogue import LONGEST_PAUSE

_MOST = 20  # places of a table


def by_ear(heard: Heard) -> Iterator[Markup]:
    """Show the probabilities of two criteria, that the third is not audible, and where to listen."""
    words, ear = heard.words, heard.ear
    yield element("p", words("ear_intro"))
    criteria = [
        (words("criterion_1"), words("with_probability", p=words.probability(ear.p_two_women))),
        (words("criterion_2"), words("with_probability", p=words.probability(ear.p_women_talk))),
        (words("criterion_3"), words("not_audible")),
    ]
    yield element("ol", *(element("li", said, " ", element("b", sure)) for said, sure in criteria), class_="criteria")
    yield element("p", words("ear_note", pause=words.number(LONGEST_PAUSE)), class_="note")
    yield from _places(heard)


def _places(heard):
    words, exchanges = heard.words, heard.ear.exchanges
    if not exchanges:
        yield element("p", words("places_none"))
        return
    rows = [
        (
            heard.place(exchange.start, exchange.end),
            words.listed(exchange.speakers),
            words.duration(exchange.duration),
            words.number(exchange.n_turns),
            words.brief(exchange.probability),
        )
        for exchange in exchanges[:_MOST]
    ]
    heads = [words(key) for key in ("at", "between_whom", "lasts", "n_turns", "probability")]
    yield table(words("places"), heads, rows, words, n_words=2)
    if len(exchanges) > _MOST:
        yield element("p", words("places_more", len(exchanges) - _MOST), class_="note")
