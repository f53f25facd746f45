"""`Summary`: a header and a table, as aligned ASCII text, HTML, Markdown, LaTeX and CSV.

All results print through it, so that a number looks the same in a terminal, a notebook and a report: p-values below
0.001 as `<0.001`, missing values as nothing, and no date, time or path, so that two runs are equal.
"""

from dataclasses import dataclass
from html import escape
from numbers import Integral, Real

import numpy as np
import pandas as pd

SUFFIXES = (".csv", ".md", ".tex", ".html", ".txt")


@dataclass(frozen=True, eq=False)
class Summary:
    """A result for reading.

    Parameters
    ----------
    title : str
    table : DataFrame
        Unrounded; the index is not shown.
    header : tuple of (str, object)
        What holds for the whole table, such as the number of films.
    notes : tuple of str
        Sentences below the table: what was left out, what to beware of.
    decimals : dict, optional
        Column -> decimals (2 where a column is not in it); columns that begin with `p_value` have three.
    intervals : dict, optional
        Column -> (column of the lower bound, column of the upper bound): shown as `1.60 [1.26, 1.97]` in one cell.

    Examples
    --------
    >>> Summary("Films", pd.DataFrame({"genre": ["War"], "odds_ratio": [0.5642], "p_value": [0.0004]}))
    Films
    genre  odds_ratio  p_value
    War          0.56   <0.001
    """

    title: str
    table: pd.DataFrame
    header: tuple = ()
    notes: tuple = ()
    decimals: dict = None
    intervals: dict = None

    def cells(self):
        """Return the table as it is shown, a DataFrame of str."""
        decimals, intervals = self.decimals or {}, self.intervals or {}
        cells = {
            name: [format_cell(value, name, decimals.get(name, 2)) for value in self.table[name]] for name in self.table
        }
        for name, (low, high) in intervals.items():
            rows = zip(cells[name], cells.pop(low), cells.pop(high))
            cells[name] = [f"{value} [{lower}, {upper}]" if value else "" for value, lower, upper in rows]
        return pd.DataFrame(cells, dtype=object)

    def __repr__(self):
        cells = self.cells()
        parts = [self.title]
        if self.header:
            width = max(len(str(name)) for name, _ in self.header)
            parts += [f"{name:<{width}}  {format_cell(value)}" for name, value in self.header]
        if len(cells.columns):
            left = [self._is_text(name) for name in cells]
            widths = [max([len(str(name)), *map(len, cells[name])]) for name in cells]
            for row in [list(map(str, cells.columns)), *cells.itertuples(index=False)]:
                padded = (
                    cell.ljust(width) if text else cell.rjust(width) for cell, width, text in zip(row, widths, left)
                )
                parts.append("  ".join(padded).rstrip())
        return "\n".join([*parts, *self.notes])

    def _repr_html_(self):
        header = "".join(f"<li>{escape(str(name))}: {escape(format_cell(value))}</li>" for name, value in self.header)
        notes = "".join(f"<p>{escape(note)}</p>" for note in self.notes)
        return (
            f"<div><h4>{escape(self.title)}</h4>{f'<ul>{header}</ul>' if header else ''}"
            f"{self.table_html()}{notes}</div>"
        )

    def table_html(self):
        """Return the table alone as HTML, numbers to the right."""
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

    def to_markdown(self):
        """Return title, header, table and notes as Markdown."""
        cells = self.cells()
        lines = [f"**{self.title}**", ""]
        lines += [f"- {name}: {format_cell(value)}" for name, value in self.header] + [""] * bool(self.header)
        if len(cells.columns):
            lines.append(f"| {' | '.join(map(_markdown_cell, cells.columns))} |")
            lines.append("|" + "|".join("---" if self._is_text(name) else "--:" for name in cells) + "|")
            lines += [f"| {' | '.join(map(_markdown_cell, row))} |" for row in cells.itertuples(index=False)]
        lines += [line for note in self.notes for line in ("", note)]
        return "\n".join(lines) + "\n"

    def to_latex(self):
        """Return the table as a LaTeX `tabular`, title and notes as comments."""
        cells = self.cells()
        columns = "".join("l" if self._is_text(name) else "r" for name in cells)
        lines = [f"% {self.title}", rf"\begin{{tabular}}{{{columns}}}", r"\hline"]
        lines.append(" & ".join(map(_latex_cell, cells.columns)) + r" \\ \hline")
        lines += [" & ".join(map(_latex_cell, row)) + r" \\" for row in cells.itertuples(index=False)]
        return "\n".join([*lines, r"\hline", r"\end{tabular}", *(f"% {note}" for note in self.notes)]) + "\n"

    def to_csv(self):
        """Return the table as CSV, numbers unrounded."""
        return self.table.to_csv(index=False, lineterminator="\n")

    def to_text(self, suffix):
        """Return the summary in the format that a file's suffix names: .csv, .md, .tex, .html or .txt."""
        formats = {
            ".csv": self.to_csv,
            ".md": self.to_markdown,
            ".tex": self.to_latex,
            ".html": lambda: self._repr_html_() + "\n",
            ".txt": lambda: f"{self}\n",
        }
        if suffix not in formats:
            raise ValueError(f"a table is written as {', '.join(SUFFIXES)}; got {suffix or 'no suffix'}.")
        return formats[suffix]()

    def _is_text(self, name):
        return not pd.api.types.is_numeric_dtype(self.table[name])


def format_cell(value, name="", decimals=2):
    """Return a value as it is shown: counts whole, p-values with `<0.001`, missing as nothing.

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
    if not np.isfinite(value):
        return str(value)
    text = f"{value:.{decimals}f}"
    return f"{value:.2g}" if float(text) == 0 != value else text


def _markdown_cell(text):
    return str(text).replace("|", r"\|")


def _latex_cell(text):
    text = str(text).replace("\\", r"\textbackslash ")
    for character in "&%$#_{}":
        text = text.replace(character, "\\" + character)
    return text.replace("<", "$<$").replace(">", "$>$").replace("~", r"\textasciitilde ").replace("^", r"\^{}")
