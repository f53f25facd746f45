"""A page of sections as a self-contained HTML file, and as Markdown.

Pictures are inline SVG, and neither a date nor a path is written: the same sections give the same bytes.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from html import escape

from bechdel_stats.report.blocks import Block, Heading, Lacking, Picture, Table, Text, plain
from bechdel_stats.report.style import PAGE
from bechdel_stats.words.language import Words


@dataclass(frozen=True, eq=False)
class Section:
    """A section: the key that the contents link to, its title, and its blocks."""

    key: str
    title: str
    blocks: tuple[Block, ...]


def edited(sections: Sequence[Section]) -> list[Section]:
    """Return sections as a page shows them: each note once, no title below a heading that says it, nothing empty."""
    said: set[str] = set()
    kept = []
    for section in sections:
        blocks = []
        above = section.title
        for block in section.blocks:
            if isinstance(block, Lacking) or (isinstance(block, Text) and block.kind == "note" and block.text in said):
                continue
            if isinstance(block, Text) and block.kind == "note":
                said.add(block.text)
            if isinstance(block, (Picture, Table)):
                block = replace(block, titled=block.title != above)
            if isinstance(block, Heading):
                above = block.text
            blocks.append(block)
        if blocks:
            kept.append(Section(section.key, section.title, tuple(blocks)))
    return kept


def to_html(title: str, sections: Sequence[Section], words: Words) -> str:
    """Return title, first section, contents and the other sections as an HTML page."""
    first, *others = sections
    contents = "".join(f'<li><a href="#{part.key}">{escape(part.title)}</a></li>' for part in others)
    contents_title = escape(words("contents"))
    body = "\n".join(_section(part, f"<h2>{escape(part.title)}</h2>", words) for part in others)
    return (
        f"{head(title, PAGE, words)}<body>\n<main>\n"
        f"{_section(first, f'<h1>{escape(title)}</h1>', words)}\n"
        f'<nav aria-label="{contents_title}"><h2>{contents_title}</h2><ul>{contents}</ul></nav>\n'
        f"{body}\n</main>\n</body>\n</html>\n"
    )


def to_markdown(title: str, sections: Sequence[Section], words: Words) -> str:
    """Return title and sections as Markdown, without pictures, and with a note if there are any."""
    parts = [f"# {plain(title)}"]
    if any(isinstance(block, Picture) for section in sections for block in section.blocks):
        parts.append(words("pictures_in_html"))
    for number, section in enumerate(sections):
        parts += [f"## {plain(section.title)}"] * (number > 0)
        parts += [block.markdown(words) for block in section.blocks]
    return "\n\n".join(part for part in parts if part) + "\n"


def head(title: str, style: str, words: Words) -> str:
    """Return the beginning of an HTML file, up to its body."""
    return (
        f'<!DOCTYPE html>\n<html lang="{words.language}">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{escape(title)}</title>\n<style>\n{style}\n</style>\n</head>\n"
    )


def _section(section, heading, words):
    blocks = "\n".join(block.html(words) for block in section.blocks)
    return f'<section id="{section.key}">\n{heading}\n{blocks}\n</section>'
