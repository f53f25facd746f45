"""Chapters on what is associated with passing, and with each step of the score."""

from collections.abc import Iterator

import pandas as pd

from bechdel_stats.inference.comparison import OddsPair
from bechdel_stats.inference.formulas import in_films
from bechdel_stats.inference.odds_result import OddsRatioResult
from bechdel_stats.pictures.odds import reading_order
from bechdel_stats.report.analyses import Analyses, Lack
from bechdel_stats.report.blocks import Block, Heading, Lacking, Text
from bechdel_stats.report.figures import odds_picture
from bechdel_stats.report.parts import need, notes, table_of
from bechdel_stats.words.language import Words
from bechdel_stats.words.messages import Message


def odds(analyses: Analyses, words: Words) -> Iterator[Block]:
    """Show odds ratios with and without cast and crew gender, or without if nothing is known of it."""
    yield Text(words("odds_intro"))
    pair = analyses.pair
    if pair:
        yield from _films(pair.with_gender, analyses.films["passes"], words)
        yield from _of_pair(pair, words)
        return
    if isinstance(pair, Lack):
        yield Lacking(words("odds_pair"), words.message(pair.reason))
    alone, title = need(analyses.odds), words("odds_full")
    yield from _films(alone, analyses.films["passes"], words)
    table = reading_order(alone.table, "odds_ratio")
    series = {words("without_gender"): ("odds_ratio", "ci_low", "ci_high")}
    yield Heading(title)
    yield odds_picture(title, table, series, words("odds_axis"), words)
    yield from _of_model(alone, words)


def steps(analyses: Analyses, words: Words) -> Iterator[Block]:
    """Show odds ratios of each step of the score."""
    found = need(analyses.steps)
    yield Text(words("steps_intro"))
    yield from _films(found, analyses.films["rating"], words)
    yield from _convergence(found, words)
    yield Text(_brant(found, words))
    title, table = words("steps_table"), reading_order(found.table, "odds_ratio")
    series = {words("all_steps"): ("odds_ratio", "ci_low", "ci_high")}
    for score in (1, 2, 3):
        if f"odds_ratio_{score}" in table:
            series[words("reaching", score=score)] = _columns(score)
    yield Heading(title)
    yield odds_picture(title, table, series, words("steps_axis"), words)
    shown = _with_terms(table, words).rename(
        columns={"odds_ratio": "common_odds_ratio", "p_value_fdr_brant": "p_value_brant"}
    )
    shown = shown.drop(columns=["contrast", "p_value", "brant_p_value"])
    intervals = {name: (low, high) for name, low, high in series.values()}
    intervals["common_odds_ratio"] = intervals.pop("odds_ratio")
    yield table_of(title, shown, intervals=intervals)
    yield from notes(found.notes(), words, ("steps_columns", "not_proportional", "films_left_out"))


def _of_pair(pair: OddsPair, words: Words) -> Iterator[Block]:
    title, table = words("odds_pair"), reading_order(pair.table, "odds_ratio_without")
    series = {words(key): _columns(kind) for key, kind in (("with_gender", "with"), ("without_gender", "without"))}
    yield Heading(title)
    yield odds_picture(title, table, series, words("odds_axis"), words)
    summary = pair.summary()
    shown = _with_terms(table, words)[list(summary.table)].drop(columns="contrast")
    yield table_of(title, shown, intervals=summary.intervals)
    yield Heading(_capital(words("with_gender")))
    yield from _of_model(pair.with_gender, words)


def _of_model(model: OddsRatioResult, words: Words) -> Iterator[Block]:
    yield from _convergence(model, words)
    table = _with_terms(reading_order(model.table, "odds_ratio"), words).drop(
        columns=["contrast", "n_passes", "p_value_contrast", "vif"]
    )
    shown = model.summary()
    yield table_of(words("odds_full"), table, intervals=shown.intervals, decimals=shown.decimals)
    yield Text(words("odds_full_text"), "note")
    yield from notes(model.notes(), words, ("films_left_out",))


def _columns(kind) -> tuple[str, str, str]:
    """Columns of a ratio and its interval."""
    return f"odds_ratio_{kind}", f"ci_low_{kind}", f"ci_high_{kind}"


def _films(model, outcome: pd.Series, words: Words) -> Iterator[Block]:
    """How many films a model was fitted to, and what is not known of the others."""
    n_rated = int(outcome.notna().sum())
    counts = {"n": model.n_films, "all": n_rated, "left": n_rated - model.n_films}
    yield Text(words("model_films", **{name: words.number(n, 0) for name, n in counts.items()}))
    lacking = {name: n for name, n in model.dropped.items() if name != outcome.name}
    if lacking:
        yield Text(words.message(Message("not_known", columns=in_films(lacking))), "note")


def _brant(steps, words):
    chi2, df, p_value = steps.brant
    if chi2 != chi2:
        return words("brant_none")
    p = f"= {words.number(p_value, 3)}" if p_value >= 0.001 else f"< {words.number(0.001, 3)}"
    return words("brant_fair" if steps.proportional else "brant_unfair", chi2=words.number(chi2, 1), df=df, p=p)


def _convergence(fitted, words):
    if not fitted.converged:
        yield Text(words("not_converged"), "lack")


def _with_terms(table, words):
    """A table with readable terms."""
    return table.assign(term=[words.term(term, contrast) for term, contrast in zip(table["term"], table["contrast"])])


def _capital(text):
    return text[:1].upper() + text[1:]
