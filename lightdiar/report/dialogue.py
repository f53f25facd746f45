"""Part of the report of a recording: who answers whom."""

from collections import Counter
from collections.abc import Iterator

import numpy as np

from lightdiar.report.heard import Heard
from lightdiar.report.page import Markup, element, table
from lightdiar.representation.dialogue import LONGEST_PAUSE, Answers, who_answers_whom

_LARGEST = 7  # speakers of a matrix that can be read
_MOST = 12  # pairs of a table


def dialogue(heard: Heard) -> Iterator[Markup]:
    """Say between which voices answers go, and show them as a matrix, or as a table of pairs if there are many."""
    words, answers = heard.words, who_answers_whom(heard.result.annotation)
    pause, n_answers = words.number(LONGEST_PAUSE), int(answers.counts.sum())
    if not n_answers:
        yield element("p", words("dialogue_none", pause=pause))
        return
    between = _by_gender(answers, heard)
    parts = [
        words(f"answers_{kinds}", share=words.share(between[kinds] / n_answers))
        for kinds in ("FF", "MM", "FM", "child", "uncertain")
        if between[kinds]
    ]
    told = words("dialogue_parts", parts=words.listed(parts)) if heard.result.genders_known and n_answers > 1 else ""
    yield element("p", words("dialogue_intro", n_answers, pause=pause, parts=told))
    pairs = _pairs(answers)
    one, other, n = pairs[0]
    yield element("p", words("dialogue_most", n, one=heard.who(one), other=heard.who(other)))
    if len(answers.speakers) <= _LARGEST:
        yield _matrix(answers, heard)
    else:
        rows = [(heard.who(one), heard.who(other), words.number(n)) for one, other, n in pairs[:_MOST]]
        heads = [words(key) for key in ("between_whom", "second", "answers")]
        yield table(words("pairs"), heads, rows, words, n_words=2)


def _by_gender(answers: Answers, heard: Heard) -> Counter[str]:
    """Number of answers between women, between men, between the two, with a child, and with one of unknown gender."""
    genders = [heard.speakers[name].likelier_gender for name in answers.speakers]
    counts: Counter[str] = Counter()
    for before, after in zip(*np.nonzero(answers.counts)):
        pair = sorted(genders[place] for place in (before, after))
        kinds = next((other for other in ("uncertain", "child") if other in pair), "".join(pair))
        counts[kinds] += int(answers.counts[before, after])
    return counts


def _pairs(answers: Answers) -> list[tuple[str, str, int]]:
    """Pairs that answer each other, with the number of answers, most first."""
    names, both = answers.speakers, np.triu(answers.counts + answers.counts.T, 1)
    pairs = [(names[one], names[other], int(both[one, other])) for one, other in np.argwhere(both)]
    return sorted(pairs, key=lambda pair: -pair[2])


def _matrix(answers: Answers, heard: Heard) -> Markup:
    words = heard.words
    rows = [
        (name, *("" if place == column else _cell(n, words) for column, n in enumerate(row)))
        for place, (name, row) in enumerate(zip(answers.speakers, answers.counts))
    ]
    return table(words("matrix"), [words("speaker"), *answers.speakers], rows, words)


def _cell(n, words):
    return words.number(n) if n else element("span", "0", class_="soft")
