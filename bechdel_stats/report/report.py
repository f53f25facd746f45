"""One page for readers who are not statisticians: what the films show, how certain it is, and what they cannot show.

The first page stands alone; chapters follow. A chapter is a function that yields blocks from the results; what these
films do not allow is listed once, and the other chapters are not affected.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

import pandas as pd

from bechdel_stats.data.audit import Audit
from bechdel_stats.data.schema import check_outcome, checked
from bechdel_stats.report.analyses import Analyses, analyse
from bechdel_stats.report.associations import odds, steps
from bechdel_stats.report.blocks import Block, Lacking
from bechdel_stats.report.closing import data, glossary, lacking, limits, methods
from bechdel_stats.report.descriptions import combinations, in_detail, rates, types
from bechdel_stats.report.front import front
from bechdel_stats.report.pages import Section, edited, to_html, to_markdown
from bechdel_stats.report.predictions import basis, predictions
from bechdel_stats.report.slides import to_slides
from bechdel_stats.report.trends import over_time
from bechdel_stats.words.language import Words
from bechdel_stats.words.messages import FilmsError, check_kind

Chapter = Callable[[Analyses, Words], Iterable[Block]]
CHAPTERS: dict[str, Chapter] = {  # key of the title -> chapter, in the order of the page
    "summary": front,
    "findings": in_detail,
    "rates": rates,
    "trend": over_time,
    "odds": odds,
    "steps": steps,
    "predictions": predictions,
    "basis": basis,
    "types": types,
    "campaign": combinations,
    "data": data,
    "limits": limits,
    "glossary": glossary,
    "methods": methods,
}


@dataclass(frozen=True)
class Report:
    """The report.

    Parameters
    ----------
    html : str
        A self-contained page; its first section fits on one printed sheet.
    markdown : str
        The same without pictures.
    slides : str
        At most seven slides for a short talk, as one self-contained page.
    """

    html: str
    markdown: str
    slides: str = ""

    def __repr__(self):
        return f"Report({len(self.html)} characters of HTML, {len(self.markdown)} of Markdown)"

    def _repr_html_(self):
        return self.html


def make_report(
    films: pd.DataFrame,
    audit: Audit | None = None,
    *,
    language: str = "en",
    progress: Callable[[str], object] | None = None,
) -> Report:
    """Report on one page which films pass and what is associated with it.

    What these films do not allow is listed with the reason; the rest is not affected. Pictures are SVG and need no
    plotting library. Takes about a minute for 8,000 films; the same films give the same bytes.

    Parameters
    ----------
    films : DataFrame
        One row per film, with `passes` or `rating`; never modified.
    audit : Audit, optional
        As in `read_films(...).audit`; by default, an audit of the table alone.
    language : {"en", "fr"}
    progress : callable, optional
        Called with the title of each section before it is computed, and with "" at the end.

    Returns
    -------
    report : Report

    Raises
    ------
    FilmsError
        If there is no outcome, or the same one for all films.
    """
    words = Words(language)
    check_kind("audit", audit, (Audit, type(None)), "an Audit, as in read_films(...).audit")
    films = checked(films)
    n_films = int(check_outcome(films).notna().sum())
    analyses = analyse(films, audit, progress and (lambda part: progress(words(part))))
    sections = edited(sections_of(analyses, words))
    if progress:
        progress("")
    title = words("title", n=words.number(n_films, 0))
    return Report(
        to_html(title, sections, words), to_markdown(title, sections, words), to_slides(title, analyses, words)
    )


def sections_of(analyses: Analyses, words: Words) -> list[Section]:
    """Return all chapters, and before the data what these films do not allow."""
    sections = [Section(key, words(key), _blocks(key, analyses, words)) for key in CHAPTERS]
    found = [block for section in sections for block in section.blocks if isinstance(block, Lacking)]
    place = list(CHAPTERS).index("data")
    return [*sections[:place], Section("lacking", words("lacking"), tuple(lacking(found, words))), *sections[place:]]


def _blocks(key, analyses, words):
    """The blocks of a chapter, or why there are none."""
    try:
        return tuple(CHAPTERS[key](analyses, words))
    except FilmsError as error:
        return (Lacking(words(key), words.message(error.message)),)
