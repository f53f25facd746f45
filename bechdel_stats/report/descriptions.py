"""Chapters on which films pass: pass rates, types of films, and the combinations that fail most."""

from collections.abc import Iterator
from functools import partial

import pandas as pd

from bechdel_stats.report.analyses import RATES, WOMEN, Analyses
from bechdel_stats.report.blocks import Block, Heading, Points, Text
from bechdel_stats.report.figures import decades_picture, rates_picture, types_picture
from bechdel_stats.report.findings import findings
from bechdel_stats.report.parts import RATE, TITLES, need, notes, part, table_of
from bechdel_stats.words.language import Words

_N_COMBINATIONS = 15
_N_FEATURES = 3
_TITLES = {
    "year": "rates_year",
    "genres": "rates_genres",
    "budget": "rates_budget",
    "country": "rates_country",
    "director_woman": "rates_directors",
    "writer_woman": "rates_writers",
}


def in_detail(analyses: Analyses, words: Words) -> Iterator[Block]:
    """State the findings one by one."""
    yield Points(findings(analyses, words))


def rates(analyses: Analyses, words: Words) -> Iterator[Block]:
    """Show pass rates by decade, genre, budget, country, and women among directors and writers."""
    yield Text(words("rates_intro"))
    found = analyses.rates | analyses.women
    for by in (*RATES, *WOMEN):
        title = words(_TITLES[by])
        yield from part(title, partial(_rates_by, title, found[by], words), words)
    disputed = analyses.disputed
    if disputed and disputed.n_disputed:
        title = words("disputed_title")
        yield Heading(title)
        counts = {"n": disputed.n_disputed, "passing": disputed.n_changed}
        yield Text(words("disputed_intro", **{name: words.number(n, 0) for name, n in counts.items()}))
        yield table_of(title, disputed.table, percent=RATE)
        yield from notes(disputed.notes, words)


def types(analyses: Analyses, words: Words) -> Iterator[Block]:
    """Show types of films and their pass rates."""
    found = need(analyses.types)
    chosen = found.stability.set_index("n_types").loc[found.n_types]
    agreement = {name: words.number(chosen[f"ari_{name}"]) for name in ("seeds", "bootstrap")}
    yield Text(words("types_intro", n=words.number(found.n_films, 0), **agreement))
    if not found.reliable:
        yield from notes(found.notes, words)
    title = words("types_table")
    if "pass_rate" in found.table:
        yield Text(words("types_held_out", correlation=words.number(found.held_out_correlation)))
        yield Heading(title)
        yield types_picture(title, found, words)
    apart = [_apart(found.features[found.features["type"] == number], words) for number in found.table["type"]]
    columns = ["type", "name", "n_films", "share", *RATE, "apart", "typical_films"]
    table = found.table.assign(apart=apart)
    yield table_of(
        title,
        table[[name for name in columns if name in table]],
        percent=(*RATE, "share"),
        verbatim=(*TITLES, "apart"),
    )
    if found.reliable:
        yield from notes(found.notes, words)


def combinations(analyses: Analyses, words: Words) -> Iterator[Block]:
    """Show the combinations of attributes that fail most."""
    found = need(analyses.campaign)
    fail_more = found.table[found.table["fails_more"]]
    shown = fail_more.head(_N_COMBINATIONS).drop(columns=["fails_more", "n_passes", "p_value"])
    counts = {"n": words.number(found.n_tested, 0), "fail": words.number(len(fail_more), 0)}
    yield Text(words("campaign_intro", **counts))
    if len(shown) < len(fail_more):
        yield Text(words("campaign_shown", shown=len(shown)))
    if len(shown):
        percent = (*RATE, "shrunken_rate")
        yield table_of(words("campaign_table"), shown, percent=percent, decimals={"difference": 1})
        yield from notes(found.notes, words)


def _rates_by(title, rates, words):
    rates = need(rates)
    if rates.by == "year":
        yield decades_picture(title, rates, words)
    else:
        yield rates_picture(title, rates.table, rates.by, words)
    yield table_of(title, rates.table, percent=RATE)
    yield from notes(rates.notes, words, ("levels_shown_by",))  # that is about an option of another command


def _apart(features: pd.DataFrame, words: Words) -> str:
    """What sets a type apart most, such as `Western +2.1`."""
    rows = features.head(_N_FEATURES)
    return ", ".join(
        f"{words.name(name)} {words.signed(difference)}"
        for name, difference in zip(rows["feature"], rows["difference"])
    )
