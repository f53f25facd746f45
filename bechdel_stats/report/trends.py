"""The chapter on how the share of films that pass has changed with the year, and the sentence that tells it."""

from collections.abc import Iterator

import pandas as pd

from bechdel_stats.inference.trend import Trend
from bechdel_stats.report.analyses import Analyses
from bechdel_stats.report.blocks import Block, Text
from bechdel_stats.report.figures import trend_picture
from bechdel_stats.report.groups import ENOUGH
from bechdel_stats.report.parts import need, notes, table_of
from bechdel_stats.words.language import Words

_POINTS = ("points_per_decade", "ci_low", "ci_high")
_WORDS = {"crude": "trend_crude_model", "adjusted": "trend_adjusted_model"}


def over_time(analyses: Analyses, words: Words) -> Iterator[Block]:
    """Show the crude and the adjusted curve, whether they are flat or straight, and how much they rise in ten years."""
    found = need(analyses.trend)
    yield Text(words("trend_intro"))
    sentence = recent_change(analyses, words)
    if sentence:
        yield Text(sentence)
    title = words("trend_picture")
    yield trend_picture(title, sentence or words("in_table"), found, words)
    changes = found.changes.assign(curve=_curves(found.changes, words), years=_years(found.changes))
    intervals, decimals = {_POINTS[0]: (_POINTS[1], _POINTS[2])}, dict.fromkeys(_POINTS, 1)
    columns = ["curve", "years", *_POINTS, "p_value"]
    shown = ("curve", "years")
    changes = changes[columns].round(decimals)
    yield table_of(words("trend_changes"), changes, intervals=intervals, decimals=decimals, verbatim=shown)
    tests = found.tests.assign(curve=_curves(found.tests, words))[["curve", "test", "chi2", "df", "p_value"]]
    yield table_of(words("trend_tests"), tests, decimals={"chi2": 1}, verbatim=shown)
    yield from notes(found.notes(), words, ("trend_periods",))


def recent_change(analyses: Analyses, words: Words) -> str | None:
    """Say how much the share of films that pass has changed in the last 20 years, adjusted if that can be; or None."""
    row = _recent(analyses.trend) if analyses.trend else None
    if row is None:
        return None
    points = tuple(round(float(row[name]), 1) for name in _POINTS)  # a sentence says no more than its numbers show
    key = "trend_risen" if points[1] > 0 else "trend_fallen" if points[2] < 0 else "trend_level"
    if key == "trend_fallen":
        points = (-points[0], -points[2], -points[1])
    write = words.signed if key == "trend_level" else lambda value: words.number(value, 1)
    years = {name: f"{row[name]:.0f}" for name in ("first", "last")}
    alike = words("otherwise_alike") if row["model"] == "adjusted" else ""
    return words(key, points=words.interval(write, *points), alike=alike, **years)


def _recent(trend: Trend) -> pd.Series | None:
    """The change over the last years of many, adjusted if that can be; None if one half of these has few films."""
    table, changes = trend.table, trend.changes
    recent = changes[changes["first"] > table["year"].iloc[0]].dropna(subset=[*_POINTS])
    if recent.empty:
        return None
    row = recent.iloc[-1]
    middle = (row["first"] + row["last"]) / 2
    halves = (table["year"].between(row["first"], middle), table["year"] > middle)
    return row if all(table.loc[half, "n_films"].sum() >= ENOUGH for half in halves) else None


def _curves(table, words):
    return [words(_WORDS[model]) for model in table["model"]]


def _years(table):
    return [f"{first}\u2013{last}" for first, last in zip(table["first"], table["last"])]
