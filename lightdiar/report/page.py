"""A page as one HTML file that asks nobody for anything: its style, its script and its data are in it.

Its content security policy allows what is inside, by hash, and one sound; what a name holds is text and never runs. The
same content gives the same bytes.
"""

import base64
import hashlib
import json
from collections.abc import Iterable, Sequence
from functools import lru_cache
from html import escape
from importlib.resources import files
from typing import Any

from lightdiar.common.tables import printable
from lightdiar.report.words import Words

_NOTHING = "'none'"


class Markup(str):
    """Text that is HTML already."""

    __slots__ = ()


def text(content: str) -> Markup:
    """Return a text as HTML, with what nobody could see or what turns the direction of writing round escaped."""
    return Markup(escape(printable(content), quote=False))


def element(tag: str, *content: str, **attributes: object) -> Markup:
    """Return an element; contents that are no `Markup` are escaped, and so are attributes.

    An attribute that is None or False is left out, True has no value; ``class_`` and ``data_play`` are written as
    ``class`` and ``data-play``.

    Examples
    --------
    >>> element("p", "a<b", class_="note", hidden=True)
    '<p class="note" hidden>a&lt;b</p>'
    """
    written = [
        f" {name.strip('_').replace('_', '-')}" + ("" if value is True else f'="{escape(printable(str(value)))}"')
        for name, value in attributes.items()
        if value is not None and value is not False
    ]
    inside = (part if isinstance(part, Markup) else text(part) for part in content)
    return Markup(f"<{tag}{''.join(written)}>{''.join(inside)}</{tag}>")


def section(key: str, title: str, blocks: Iterable[str]) -> Markup:
    """Return a section with its heading."""
    return joined([element("section", element("h2", title), joined(blocks), id=key)])


def joined(blocks: Iterable[str]) -> Markup:
    """Return blocks one after another, each on a line of its own."""
    return Markup("\n".join(blocks))


def facts(pairs: Iterable[tuple[str, str]]) -> Markup:
    """Return terms and what is said of each."""
    return element(
        "dl", *(element(tag, part) for pair in pairs for tag, part in zip(("dt", "dd"), pair)), class_="facts"
    )


def table(
    title: str,
    heads: Sequence[str],
    rows: Iterable[Sequence[str]],
    words: Words,
    *,
    n_words: int = 1,
    titled: bool = True,
    stacks: bool = True,
) -> Markup:
    """Return a table; one that is wider than the page scrolls by itself.

    Parameters
    ----------
    title : str
        Its caption; read aloud only, if not `titled`.
    heads : sequence of str
        Headings of the columns.
    rows : iterable of sequence of str
        Cells: text, or `Markup`; the first names the row.
    words : Words
    n_words : int, default=1
        So many columns hold words; the others hold numbers and are aligned to the right.
    titled : bool, default=True
    stacks : bool, default=True
        Where the page is narrow, each row becomes a block with each figure below its heading.
    """
    kinds = [None if place < n_words else "number" for place in range(len(heads))]
    head = element("tr", *(element("th", name, scope="col", class_=kind) for name, kind in zip(heads, kinds)))
    body = joined(
        element(
            "tr",
            element("th", row[0], scope="row", class_=kinds[0]),
            *(
                element("td", cell, class_=kind, data_head=name if stacks else None)
                for cell, kind, name in zip(row[1:], kinds[1:], heads[1:])
            ),
        )
        for row in rows
    )
    caption = element("caption", element("span", title, class_=None if titled else "aloud"))
    inside = element("table", caption, element("thead", head), element("tbody", body))
    kind = "table stacks" if stacks else "table"
    return element("div", inside, class_=kind, role="region", tabindex=0, aria_label=words("table_of", title=title))


def page(title: str, body: str, words: Words, data: dict[str, Any] | None = None) -> str:
    """Return a whole page.

    Parameters
    ----------
    title : str
    body : Markup
        What stands in ``<main>``.
    words : Words
    data : dict, optional
        What the script of the page needs; without it the page has no script.
    """
    style = _asset("style.css")
    script = _asset("timeline.js") + _asset("report.js") if data else ""
    policy = (
        f"default-src 'none'; style-src {_hash(style)}; script-src {_hash(script) if script else _NOTHING}; "
        "media-src 'self' data: file:; base-uri 'none'; form-action 'none'"
    )
    parts = [
        "<!DOCTYPE html>",
        f'<html lang="{words.language}">',
        '<head>\n<meta charset="utf-8">',
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        element("title", title),
        f"<style>{style}</style>\n</head>\n<body>",
        f"<main>\n{body}\n</main>",
    ]
    if data:
        as_json = json.dumps(data, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c")
        parts.append(f'<script type="application/json" id="data">{as_json}</script>\n<script>{script}</script>')
    return "\n".join([*parts, "</body>\n</html>\n"])


def _hash(content):
    """What the policy of a page calls a style or a script."""
    return f"'sha256-{base64.b64encode(hashlib.sha256(content.encode()).digest()).decode()}'"


@lru_cache
def _asset(name):
    """A file of the package that goes into pages, with its line ends as they are everywhere."""
    content = files("lightdiar.show").joinpath("assets", name).read_text(encoding="utf-8")
    return content.replace("\r\n", "\n")
