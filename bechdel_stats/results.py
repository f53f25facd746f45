"""`Summary`: a header and a table, as aligned ASCII text, HTML, Markdown, LaTeX and CSV.

All results are printed through it, so a number looks the same in a terminal, a notebook and a report: p-values below
0.001 as `<0.001`, missing values as empty cells, and no date, time or path, so that two runs give identical output.

Texts from tables of films may be anything. On the terminal (and as .txt) they are cut after `LONGEST` characters and
their control characters are escaped; Markdown, LaTeX and HTML show them whole, with every mark of the format escaped;
CSV holds them whole, see `csv_text`.
"""

import re
from dataclasses import dataclass
from html import escape
from numbers import Integral, Real

import numpy as np
import pandas as pd

from lightdiar.common.foreign import without_surrogates
from lightdiar.common.tables import aligned_columns, disarmed_table, printable, shortened

LONGEST = 120  # characters of a cell on the terminal; two long titles side by side have 100
SUFFIXES = (".csv", ".md", ".tex", ".html", ".txt")


@dataclass(frozen=True, eq=False)
class Summary:
    """A result in readable form.

    Parameters
    ----------
    title : str
    table : DataFrame
        Unrounded; the index is not shown.
    header : tuple of (str, object)
        Facts about the whole table, such as the number of films.
    notes : tuple of str
        Sentences below the table: what was left out, and caveats.
    decimals : dict, optional
        Column -> number of decimals (2 if not given); columns whose names begin with `p_value` always have 3.
    intervals : dict, optional
        Column -> (column of the lower bound, column of the upper bound), shown in one cell as `1.60 [1.26, 1.97]`.

    Examples
    --------
    >>> Summary("Films", pd.DataFrame({"genre": ["War"], "odds_ratio": [0.5642], "p_value": [0.0004]}))
    Films
    genre  odds_ratio  p_value
    War          0.56   <0.001
    """

    title: str
    table: pd.DataFrame
    header: tuple[tuple[str, object], ...] = ()
    notes: tuple[str, ...] = ()
    decimals: dict[str, int] | None = None
    intervals: dict[str, tuple[str, str]] | None = None

    def cells(self) -> pd.DataFrame:
        """Return the table as displayed, a DataFrame of str."""
        decimals, intervals = self.decimals or {}, self.intervals or {}
        cells = {
            name: [format_cell(value, name, decimals.get(name, 2)) for value in self.table[name]]  # type: ignore[arg-type, call-overload]  # pandas-stubs
            for name in self.table
        }
        for name, (low, high) in intervals.items():
            rows = zip(cells[name], cells.pop(low), cells.pop(high))
            cells[name] = [f"{value} [{lower}, {upper}]" if lower or upper else value for value, lower, upper in rows]
        return pd.DataFrame(cells, dtype=object)

    def __repr__(self):
        cells = self.cells()
        parts = [printable(self.title)]
        if self.header:
            width = max(len(str(name)) for name, _ in self.header)
            parts += [
                f"{name:<{width}}  {printable(shortened(format_cell(value), LONGEST))}" for name, value in self.header
            ]
        if len(cells.columns):
            left = [self._is_text(name) for name in cells]
            rows = [list(map(str, cells.columns)), *cells.itertuples(index=False)]
            parts += aligned_columns([[shortened(cell, LONGEST) for cell in row] for row in rows], left)
        return "\n".join([*parts, *map(printable, self.notes)])

    def _repr_html_(self):
        header = "".join(f"<li>{escape(str(name))}: {escape(format_cell(value))}</li>" for name, value in self.header)
        notes = "".join(f"<p>{escape(note)}</p>" for note in self.notes)
        return (
            f"<div><h4>{escape(self.title)}</h4>{f'<ul>{header}</ul>' if header else ''}"
            f"{self.table_html()}{notes}</div>"
        )

    def table_html(self) -> str:
        """Return only the table as HTML, with numbers aligned right."""
        cells = self.cells()
        styles = ["left" if self._is_text(name) else "right" for name in cells]

        def row(tag, values):
            inner = "".join(
                f'<{tag} style="text-align:{style}">{escape(str(value))}</{tag}>'
                for value, style in zip(values, styles)
            )
            return f"<tr>{inner}</tr>"

        body = "".join(row("td", values) for values in cells.itertuples(index=False))
        return f"<table><thead>{row('th', cells.columns)}</thead><tbody>{body}</tbody></table>"

    def to_markdown(self) -> str:
        """Return title, header, table and notes as Markdown."""
        cells = self.cells()
        lines = [f"**{_without_html(self.title)}**", ""]
        lines += [f"- {name}: {_without_html(format_cell(value))}" for name, value in self.header]
        lines += [""] * bool(self.header)
        if len(cells.columns):
            lines.append(f"| {' | '.join(map(_markdown_cell, cells.columns))} |")
            lines.append("|" + "|".join("---" if self._is_text(name) else "--:" for name in cells) + "|")
            lines += [f"| {' | '.join(map(_markdown_cell, row))} |" for row in cells.itertuples(index=False)]
        lines += [line for note in self.notes for line in ("", _without_html(note))]
        return "\n".join(lines) + "\n"

    def to_latex(self) -> str:
        """Return the table as a LaTeX `tabular`, with title and notes as comments."""
        cells = self.cells()
        columns = "".join("l" if self._is_text(name) else "r" for name in cells)
        lines = [f"% {one_line(self.title)}", rf"\begin{{tabular}}{{{columns}}}", r"\hline"]
        lines.append(" & ".join(map(_latex_cell, cells.columns)) + r" \\ \hline")
        for row in cells.itertuples(index=False):
            line = " & ".join(map(_latex_cell, row)) + r" \\"
            lines.append("{}" + line if line[0] in "[*" else line)  # after \\, they would be its arguments
        return "\n".join([*lines, r"\hline", r"\end{tabular}", *(f"% {one_line(note)}" for note in self.notes)]) + "\n"

    def to_csv(self) -> str:
        """Return the table as CSV, with unrounded numbers; see `csv_text`."""
        return csv_text(self.table)

    def to_text(self, suffix: str) -> str:
        """Return the summary in the format of a file suffix: .csv, .md, .tex, .html or .txt."""
        formats = {
            ".csv": self.to_csv,
            ".md": self.to_markdown,
            ".tex": self.to_latex,
            ".html": lambda: self._repr_html_() + "\n",
            ".txt": lambda: f"{self}\n",
        }
        if suffix not in formats:
            raise ValueError(f"a table is written as {', '.join(SUFFIXES)}; got {suffix or 'no suffix'}.")
        return without_surrogates(formats[suffix]())

    def _is_text(self, name):
        return not pd.api.types.is_numeric_dtype(self.table[name])


def format_cell(value: object, name: str = "", decimals: int = 2) -> str:
    """Return a value as displayed: counts in full, p-values below 0.001 as `<0.001`, missing values as empty text.

    Examples
    --------
    >>> [format_cell(value) for value in (3, 0.12345, float("nan"), "War", 12345)]
    ['3', '0.12', '', 'War', '12345']
    >>> format_cell(0.0001, "p_value")
    '<0.001'
    """
    if value is None or value is pd.NA or (isinstance(value, Real) and value != value):
        return ""
    if isinstance(value, (bool, np.bool_)):
        return "yes" if value else "no"
    if isinstance(value, Integral) or not isinstance(value, Real):
        return str(value)
    if name.startswith("p_value"):
        return "<0.001" if value < 0.001 else f"{value:.3f}"
    if not np.isfinite(value):  # type: ignore[call-overload]  # numpy
        return str(value)
    text = f"{value:.{decimals}f}"
    return f"{value:.2g}" if float(text) == 0 != value else text


def p_text(p_value: float) -> str:
    """Return a p-value for the middle of a line of text.

    Examples
    --------
    >>> p_text(0.0312), p_text(0.0004)
    ('p = 0.031', 'p < 0.001')
    """
    return "p < 0.001" if p_value < 0.001 else f"p = {p_value:.3f}"


def csv_text(table: pd.DataFrame) -> str:
    """Return a table as CSV that a spreadsheet does not take for formulas.

    A text that begins with ``=``, ``+``, ``-``, ``@``, a tab or a line break gets an apostrophe in front, as does one
    that begins so after apostrophes; `read_films` takes one off again, so that what is written is what is read.
    Numbers, and all other texts, are written as they are.

    Examples
    --------
    >>> print(csv_text(pd.DataFrame({"title": ["=1+1", "'Tis Pity", "-2"], "n": [1, -2, 3]})), end="")
    title,n
    '=1+1,1
    'Tis Pity,-2
    '-2,3
    """
    return without_surrogates(disarmed_table(table).to_csv(index=False, lineterminator="\n"))


def one_line(text: str) -> str:
    """Return a text with each run of line breaks replaced by a blank, so that it fits into a row of a Markdown table.

    Examples
    --------
    >>> one_line("Alien\\r\\n\\nAliens")
    'Alien Aliens'
    """
    return re.sub(r"[\r\n]+", " ", text)


def without_tags(text: str) -> str:
    """Return a text for Markdown in which nothing is an HTML tag.

    Examples
    --------
    >>> without_tags("<b>1</b> < 2")
    '&lt;b>1&lt;/b> < 2'
    """
    return re.sub(r"<(?=[A-Za-z/!?])", "&lt;", text)


def _without_html(text):
    """Text of ours that may quote a stranger's: on one line, without HTML or links."""
    return without_tags(one_line(text)).replace("](", r"]\(")


def _markdown_cell(text):
    text = re.sub(r"[\\`*|~]|(?<![A-Za-z0-9])_|_(?![A-Za-z0-9])", r"\\\g<0>", one_line(str(text)))
    return without_tags(text).replace("](", r"]\(")


def _latex_cell(text):
    text = printable(one_line(str(text))).replace("\\", r"\textbackslash ")
    for character in "&%$#_{}":
        text = text.replace(character, "\\" + character)
    return text.replace("<", "$<$").replace(">", "$>$").replace("~", r"\textasciitilde ").replace("^", r"\^{}")
