"""What a page consists of: texts, lists, tables and pictures, each as HTML and as Markdown.

Text is escaped; numbers have the notation of the language.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from html import escape
from numbers import Real
from typing import Any

import numpy as np
import pandas as pd

from bechdel_stats.results import Summary, format_cell, one_line, without_tags
from bechdel_stats.words.language import Words


@dataclass(frozen=True)
class Text:
    """A paragraph; `kind` is "", "lead" (what matters), "note" (below a table) or "lack" (a warning)."""

    text: str
    kind: str = ""

    def html(self, words: Words) -> str:
        return f"<p{f' class={chr(34)}{self.kind}{chr(34)}' if self.kind else ''}>{escape(self.text)}</p>"

    def markdown(self, words: Words) -> str:
        return plain(self.text)


@dataclass(frozen=True)
class Points:
    """A list; each point has a lead-in, which may be empty, and a text."""

    points: tuple[tuple[str, str], ...]

    def html(self, words: Words) -> str:
        items = (f"{f'<strong>{escape(lead)}.</strong> ' if lead else ''}{escape(text)}" for lead, text in self.points)
        return f"<ul>{''.join(f'<li>{item}</li>' for item in items)}</ul>"

    def markdown(self, words: Words) -> str:
        return "\n".join(f"- {f'**{plain(lead)}.** ' if lead else ''}{plain(text)}" for lead, text in self.points)


@dataclass(frozen=True)
class Heading:
    """The heading of a part of a section."""

    text: str

    def html(self, words: Words) -> str:
        return f"<h3>{escape(self.text)}</h3>"

    def markdown(self, words: Words) -> str:
        return f"### {plain(self.text)}"


@dataclass(frozen=True)
class Headline:
    """One number, large, with what it says."""

    number: str
    text: str

    def html(self, words: Words) -> str:
        return f'<p class="headline"><b>{escape(self.number)}</b> <span>{escape(self.text)}</span></p>'

    def markdown(self, words: Words) -> str:
        return f"**{plain(self.number)}** {plain(self.text)}"


@dataclass(frozen=True)
class Picture:
    """A chart as inline SVG with a title, which is not shown if `titled` is false; Markdown leaves it out."""

    title: str
    svg: str
    titled: bool = True

    def html(self, words: Words) -> str:
        caption = f"<figcaption>{escape(self.title)}</figcaption>" if self.titled else ""
        return f"<figure>{caption}{self.svg}</figure>"

    def markdown(self, words: Words) -> str:
        return ""


@dataclass(frozen=True)
class Lacking:
    """Something that these films do not allow, and why; a page lists all of them in one place."""

    title: str
    reason: str

    def html(self, words: Words) -> str:
        return ""

    def markdown(self, words: Words) -> str:
        return ""


@dataclass(frozen=True, eq=False)
class Table:
    """A table with a title; columns have the headings of `Words.head`, texts the names of `Words.name`.

    Parameters
    ----------
    title : str
    summary : Summary
        Table, decimals and intervals; its title, header and notes are not shown.
    verbatim : tuple of str
        Columns whose texts are shown unchanged, such as titles of films.
    titled : bool
        Whether the title is shown; where it repeats a heading it is only read aloud.
    """

    title: str
    summary: Summary
    verbatim: tuple[str, ...] = ()
    titled: bool = True

    def columns(self, words: Words) -> Iterator[tuple[str, list[str], bool]]:
        """Yield each column as displayed: its heading, its cells, and whether they are numbers."""
        summary, table = self.summary, self.summary.table
        intervals, decimals = summary.intervals or {}, summary.decimals or {}
        ends = [end for pair in intervals.values() for end in pair]
        name: Any  # pandas-stubs: Hashable
        for name in table:
            if name in ends:
                continue
            number = pd.api.types.is_numeric_dtype(table[name])
            cells = [self._cell(value, name, decimals.get(name, 2), words) for value in table[name]]
            if name in intervals:
                low, high = (
                    [self._cell(value, end, decimals.get(end, 2), words) for value in table[end]]
                    for end in intervals[name]
                )
                cells = [
                    words.bracketed(*three) if three[1] or three[2] else three[0] for three in zip(cells, low, high)
                ]
            yield words.head(name), cells, number

    def _cell(self, value, name, decimals, words):
        """A value as displayed, a number in the notation of the language."""
        text = format_cell(value, name, decimals)
        if text and isinstance(value, Real) and not isinstance(value, (bool, np.bool_)):
            return text if name == "year" else words.notation(text)
        return text if name in self.verbatim else words.name(text)

    def html(self, words: Words) -> str:
        columns = list(self.columns(words))
        styles = [' class="number"' if number else "" for _, _, number in columns]
        heads = "".join(f'<th scope="col"{style}>{escape(head)}</th>' for (head, *_), style in zip(columns, styles))
        rows = []
        for cells in zip(*(cells for _, cells, _ in columns)):
            first, *rest = (f"{style}>{escape(cell)}" for cell, style in zip(cells, styles))
            rows.append(f'<tr><th scope="row"{first}</th>{"".join(f"<td{cell}</td>" for cell in rest)}</tr>')
        label = escape(words("scroll", title=self.title))
        return (
            f'<div class="table" role="region" tabindex="0" aria-label="{label}"><table>'
            f"<caption{'' if self.titled else ' class=aloud'}>{escape(self.title)}</caption>\n"
            f"<thead><tr>{heads}</tr></thead>\n"
            "<tbody>" + "\n".join(rows) + "</tbody></table></div>"
        )

    def markdown(self, words: Words) -> str:
        columns = list(self.columns(words))
        title = [f"**{plain(self.title)}**", ""] if self.titled else []
        lines = [*title, _row(head for head, *_ in columns)]
        lines.append("|" + "|".join("--:" if number else "---" for _, _, number in columns) + "|")
        return "\n".join([*lines, *(_row(cells) for cells in zip(*(cells for _, cells, _ in columns)))])


Block = Text | Points | Heading | Headline | Picture | Lacking | Table


def plain(text: str) -> str:
    """Return a text on one line, with its Markdown and HTML marks escaped."""
    text = one_line(text)
    for mark in "\\`*":
        text = text.replace(mark, "\\" + mark)
    return without_tags(text).replace("<", r"\<").replace("](", "]\\(")


def _row(cells):
    return "| " + " | ".join(plain(cell).replace("|", r"\|") for cell in cells) + " |"
