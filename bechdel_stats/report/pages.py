"""A page of sections as a self-contained HTML file, and as Markdown.

Text is escaped, plots are embedded as data, and neither a date nor a path is written: the same sections give the same
bytes.
"""

import base64
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

import pandas as pd

from bechdel_stats.results import Summary, one_line, without_tags
from bechdel_stats.words.language import Words

_STYLE = """
:root { color-scheme: light; }
body { margin: 0 auto; max-width: 52rem; padding: 0 1rem 3rem; background: #fff; color: #1a1a1a;
  font: 1rem/1.55 system-ui, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif; }
h1 { font-size: 1.8rem; line-height: 1.2; margin: 1.5rem 0 1rem; }
h2 { font-size: 1.35rem; margin: 2.5rem 0 0.5rem; border-bottom: 2px solid #0072b2; }
h3 { font-size: 1.1rem; margin: 1.8rem 0 0.4rem; }
nav { background: #f4f6f8; padding: 0.6rem 1rem; }
nav h2 { border: 0; margin: 0; font-size: 1rem; }
nav ul { margin: 0.3rem 0; padding-left: 1.2rem; columns: 2; }
a { color: #005a8e; }
figure { margin: 1rem 0; }
figure img { display: block; width: 100%; max-width: 40rem; height: auto; }
.table { overflow-x: auto; margin: 0.8rem 0; }
.table:focus { outline: 2px solid #0072b2; }
table { border-collapse: collapse; font-size: 0.87rem; font-variant-numeric: tabular-nums; }
caption { text-align: left; font-weight: 600; padding: 0.2rem 0; }
th, td { padding: 0.22rem 0.55rem; text-align: left; vertical-align: top; }
thead th { border-bottom: 2px solid #555; vertical-align: bottom; }
tbody tr:nth-child(even) { background: #f4f6f8; }
tbody th { font-weight: normal; min-width: 8rem; }
tbody th.number { min-width: 0; }
.number { text-align: right; }
td.number { white-space: nowrap; }
thead .number { min-width: 4rem; }
.note { font-size: 0.87rem; color: #333; margin: 0.3rem 0; }
.lack { border-left: 4px solid #d55e00; padding: 0.3rem 0.8rem; background: #fdf3ec; }
@media (max-width: 30rem) { nav ul { columns: 1; } body { padding: 0 0.7rem 2rem; }
  table { font-size: 0.8rem; } th, td { padding: 0.2rem 0.35rem; } tbody th { min-width: 6rem; }
  thead .number { min-width: 3rem; } }
@media print { body { max-width: none; font-size: 10pt; } nav { display: none; } .table { overflow: visible; }
  table { font-size: 7.5pt; } figure, tr { break-inside: avoid; } h2, h3 { break-after: avoid; } a { color: inherit; } }
""".strip()


@dataclass(frozen=True)
class Text:
    """A paragraph; `kind` is "", "note" (below a table) or "lack" (why something is missing)."""

    text: str
    kind: str = ""

    def html(self, words: Words) -> str:
        return f"<p{f' class={chr(34)}{self.kind}{chr(34)}' if self.kind else ''}>{escape(self.text)}</p>"

    def markdown(self, words: Words) -> str:
        return _plain(self.text)


@dataclass(frozen=True)
class Points:
    """A list; each point has a lead-in, which may be empty, and a text."""

    points: tuple[tuple[str, str], ...]

    def html(self, words: Words) -> str:
        items = (f"{f'<strong>{escape(lead)}.</strong> ' if lead else ''}{escape(text)}" for lead, text in self.points)
        return f"<ul>{''.join(f'<li>{item}</li>' for item in items)}</ul>"

    def markdown(self, words: Words) -> str:
        return "\n".join(f"- {f'**{_plain(lead)}.** ' if lead else ''}{_plain(text)}" for lead, text in self.points)


@dataclass(frozen=True)
class Heading:
    """The heading of a part of a section."""

    text: str

    def html(self, words: Words) -> str:
        return f"<h3>{escape(self.text)}</h3>"

    def markdown(self, words: Words) -> str:
        return f"### {_plain(self.text)}"


@dataclass(frozen=True)
class Picture:
    """A plot as SVG, with a description for those who cannot see it; Markdown leaves it out."""

    svg: str
    description: str

    def html(self, words: Words) -> str:
        data = base64.b64encode(self.svg.encode("utf-8")).decode("ascii")
        return f'<figure><img alt="{escape(self.description)}" src="data:image/svg+xml;base64,{data}"></figure>'

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
    """

    title: str
    summary: Summary
    verbatim: tuple[str, ...] = ()

    def columns(self, words: Words) -> Iterator[tuple[str, list[str], bool]]:
        """Yield each column as displayed: its heading, its cells, and whether they are numbers."""
        cells, table = self.summary.cells(), self.summary.table
        name: Any  # pandas-stubs: Hashable
        for name in cells:
            if pd.api.types.is_numeric_dtype(table[name]):
                yield words.head(name), [_localise(cell, words) for cell in cells[name]], True
            elif name in self.verbatim:
                yield words.head(name), list(cells[name]), False
            else:
                yield words.head(name), [words.name(cell) for cell in cells[name]], False

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
            f"<caption>{escape(self.title)}</caption>\n<thead><tr>{heads}</tr></thead>\n"
            "<tbody>" + "\n".join(rows) + "</tbody></table></div>"
        )

    def markdown(self, words: Words) -> str:
        columns = list(self.columns(words))
        lines = [f"**{_plain(self.title)}**", "", _row(head for head, *_ in columns)]
        lines.append("|" + "|".join("--:" if number else "---" for _, _, number in columns) + "|")
        return "\n".join([*lines, *(_row(cells) for cells in zip(*(cells for _, cells, _ in columns)))])


@dataclass(frozen=True, eq=False)
class Section:
    """A section: the key that the contents link to, its title, and its blocks."""

    key: str
    title: str
    blocks: tuple[Text | Points | Heading | Picture | Table, ...]


def to_html(title: str, sections: Sequence[Section], words: Words) -> str:
    """Return title, contents and sections as an HTML page."""
    contents = "".join(f'<li><a href="#{part.key}">{escape(part.title)}</a></li>' for part in sections)
    body = "\n".join(
        f'<section id="{part.key}">\n<h2>{escape(part.title)}</h2>\n'
        + "\n".join(block.html(words) for block in part.blocks)
        + "\n</section>"
        for part in sections
    )
    return (
        f'<!DOCTYPE html>\n<html lang="{words.language}">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{escape(title)}</title>\n<style>\n{_STYLE}\n</style>\n</head>\n<body>\n"
        f"<header><h1>{escape(title)}</h1></header>\n"
        f'<nav aria-label="{escape(words("contents"))}"><h2>{escape(words("contents"))}</h2><ul>{contents}</ul></nav>\n'
        f"<main>\n{body}\n</main>\n</body>\n</html>\n"
    )


def to_markdown(title: str, sections: Sequence[Section], words: Words) -> str:
    """Return title and sections as Markdown, without plots, and with a note if there are any."""
    parts = [f"# {_plain(title)}"]
    if any(isinstance(block, Picture) for section in sections for block in section.blocks):
        parts.append(words("pictures_in_html"))
    for section in sections:
        parts += [f"## {_plain(section.title)}", *(block.markdown(words) for block in section.blocks)]
    return "\n\n".join(part for part in parts if part) + "\n"


def _localise(cell, words):
    """A cell of numbers in the notation of the language: in French, a decimal comma, and semicolons in intervals.

    Whole numbers are grouped in thousands, and negative ones have a minus sign, as in the text.
    """
    if cell.isdigit():
        return words.number(int(cell), 0)
    cell = re.sub(r"(?<![\w.])-", "\u2212", cell)
    return cell.replace(", ", "\u00a0; ").replace(".", ",") if words.language == "fr" else cell


def _row(cells):
    return "| " + " | ".join(_plain(cell).replace("|", r"\|") for cell in cells) + " |"


def _plain(text):
    """Text on one line, with its Markdown and HTML marks escaped."""
    text = one_line(text)
    for mark in "\\`*":
        text = text.replace(mark, "\\" + mark)
    return without_tags(text).replace("<", r"\<").replace("](", "]\\(")
