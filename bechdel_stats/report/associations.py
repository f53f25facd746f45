"""Chapters on what is associated with passing, and with each step of the score."""

from collections.abc import Iterator

import pandas as pd

from bechdel_stats.attributes import ATTRIBUTE, ATTRIBUTE_OF_TERM
from bechdel_stats.inference.comparison import OddsPair
from bechdel_stats.inference.formulas import in_films
from bechdel_stats.inference.multiple import ImputedOddsResult
from bechdel_stats.inference.odds_result import OddsRatioResult
from bechdel_stats.pictures.odds import reading_order
from bechdel_stats.report.analyses import Analyses, Lack
from bechdel_stats.report.blocks import Block, Heading, Lacking, Text
from bechdel_stats.report.figures import odds_picture
from bechdel_stats.report.parts import need, notes, table_of
from bechdel_stats.words.language import Words
from bechdel_stats.words.messages import Message

SIGNIFICANT = 0.05
_RATIOS = (
    "term", "odds_ratio_rescaled", "ci_low_rescaled", "ci_high_rescaled",
    "odds_ratio_with", "ci_low_with", "ci_high_with", "p_value_rescaled",
)  # fmt: skip
_MARGINS = [
    f"{name}_{kind}" for kind in ("without", "with", "difference") for name in ("ame", "ame_ci_low", "ame_ci_high")
]


def odds(analyses: Analyses, words: Words) -> Iterator[Block]:
    """Show odds ratios with and without cast and crew gender, or without if nothing is known of it."""
    yield Text(words("odds_intro"))
    pair = analyses.pair
    if pair:
        yield from _films(pair.with_gender, analyses.films["passes"], words)
        yield from _of_pair(pair, words)
        yield from imputed(analyses.imputed, words)
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
    yield from imputed(analyses.imputed, words)


def imputed(found: ImputedOddsResult | Lack, words: Words) -> Iterator[Block]:
    """Show the odds ratios of all films, unknown values imputed, beside those of complete films, if any is unknown."""
    if not found or not found.imputed:
        return
    title = words("imputed_title")
    yield Heading(title)
    counts = {"n": found.n_films, "complete": found.n_complete}
    said = "imputed_intro" if found.n_films > found.n_complete else "imputed_same_films"
    yield Text(words(said, **{name: words.number(n, 0) for name, n in counts.items()}))
    yield from _convergence(found, words)
    table = _with_terms(reading_order(found.table, "odds_ratio"), words)
    if found.complete:
        yield Text(_conclusions(table, words))
    names = {name: f"{name}_imputed" for name in ("odds_ratio", "ci_low", "ci_high", "p_value_fdr")}
    columns = ["term", *names.values(), *(f"{name}_complete" for name in names if found.complete)]
    intervals = {f"odds_ratio_{kind}": (f"ci_low_{kind}", f"ci_high_{kind}") for kind in ("imputed", "complete")}
    shown = table.rename(columns=names)[columns]
    intervals = {name: ends for name, ends in intervals.items() if name in shown}
    yield table_of(title, shown, intervals=intervals)
    yield from notes(found.notes(), words, ("imputed_columns", "associations"))


def _conclusions(table, words):
    """Which terms have an adjusted p below 0.05 in one of the results only."""
    known = table[table["p_value_fdr"].notna() & table["p_value_fdr_complete"].notna()]
    one, other = known["p_value_fdr"] < SIGNIFICANT, known["p_value_fdr_complete"] < SIGNIFICANT
    named = {
        "imputed_all_films": words.quoted(known.loc[one & ~other, "term"]),
        "imputed_complete": words.quoted(known.loc[other & ~one, "term"]),
    }
    differ = [words(key, terms=terms) for key, terms in named.items() if terms]
    limit = words.number(SIGNIFICANT)
    if not differ:
        return words("imputed_same", limit=limit)
    return words("imputed_differ", limit=limit, differ=words.listed(differ))


def steps(analyses: Analyses, words: Words) -> Iterator[Block]:
    """Show odds ratios of each step of the score."""
    found = need(analyses.steps)
    yield Text(words("steps_intro"))
    yield Text(words("steps_multinomial"))
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
    """Both models on one scale, where there is one; then each by itself."""
    title, table = words("odds_pair"), reading_order(pair.table, "odds_ratio_without")
    both, alone = pair.summaries()[1], pair.summary()
    scaled = bool(table["odds_ratio_rescaled"].notna().any())
    without = "without_gender_scaled" if scaled else "without_gender"
    series = {words("with_gender"): _columns("with"), words(without): _columns("rescaled" if scaled else "without")}
    yield Heading(title)
    yield odds_picture(title, table, series, words("odds_axis"), words)
    named = _with_terms(table, words)
    if scaled:
        yield Text(words("one_scale"))
        compared = named[named["odds_ratio_rescaled"].notna()].round(both.decimals or {})
        for head, columns in ((title, _RATIOS), (words("margins"), ("term", *_MARGINS))):
            intervals = {name: ends for name, ends in (both.intervals or {}).items() if name in columns}
            yield table_of(head, compared[list(columns)], intervals=intervals, decimals=both.decimals)
    else:
        yield Text(words.message(Message("not_compared")), "lack")
    yield table_of(words("each_model"), named[list(alone.table)].drop(columns="contrast"), intervals=alone.intervals)
    yield Heading(_capital(words("with_gender")))
    yield from _of_model(pair.with_gender, words)


def _of_model(model: OddsRatioResult, words: Words) -> Iterator[Block]:
    yield from _convergence(model, words)
    table = _with_terms(reading_order(model.table, "odds_ratio"), words).drop(
        columns=["contrast", "n_passes", "p_value_contrast", "vif"]
    )
    shown = model.summary()
    table = table.round(shown.decimals or {})  # no point has more decimals than the others
    yield table_of(words("odds_full"), table, intervals=shown.intervals, decimals=shown.decimals)
    yield Text(words("odds_full_text"), "note")
    if model.statistics:
        fit = model.statistics
        numbers = {name: words.number(value, 1) for name, value in (("chi2", fit.chi2), ("aic", fit.aic))}
        yield Text(words("fit", df=fit.df, p=_p(fit.p_value, words), r2=words.number(fit.mcfadden, 3), **numbers))
    yield from notes(model.notes(), words, ("films_left_out",))
    yield from _levels(model.levels, words)


def _levels(levels: pd.DataFrame, words: Words) -> Iterator[Block]:
    """Films and passes at each level and its reference; those of genres stand among the pass rates."""
    levels = levels[[ATTRIBUTE_OF_TERM.get(name) is not ATTRIBUTE["genres"] for name in levels["variable"]]]
    if levels.empty:
        return
    title = words("levels")
    named = [
        words("reference", name=_capital(words.name(variable))) if level == "reference" else words.term(level)
        for variable, level in zip(levels["variable"], levels["level"])
    ]
    table = levels.assign(level=named).drop(columns="variable").rename(columns={"pass_rate": "mean_pass_rate"})
    yield table_of(
        title, table, percent=["mean_pass_rate"], intervals={"odds_ratio": ("ci_low", "ci_high")}, verbatim=("level",)
    )


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
    key = "brant_fair" if steps.proportional else "brant_unfair"
    return words(key, chi2=words.number(chi2, 1), df=df, p=_p(p_value, words))


def _p(p_value, words):
    return f"= {words.number(p_value, 3)}" if p_value >= 0.001 else f"< {words.number(0.001, 3)}"


def _convergence(fitted, words):
    if not fitted.converged:
        yield Text(words("not_converged"), "lack")


def _with_terms(table, words):
    """A table with readable terms."""
    return table.assign(term=[words.term(term, contrast) for term, contrast in zip(table["term"], table["contrast"])])


def _capital(text):
    return text[:1].upper() + text[1:]
