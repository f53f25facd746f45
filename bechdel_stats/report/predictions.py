"""Chapters on how good predictions are, and what they are based on."""

from collections.abc import Iterator
from functools import partial

import pandas as pd

from bechdel_stats.report.analyses import DEPENDENCES, Analyses, Lack
from bechdel_stats.report.blocks import Block, Heading, Lacking, Text
from bechdel_stats.report.figures import calibration_picture, dependence_picture, importance_picture
from bechdel_stats.report.groups import ENOUGH
from bechdel_stats.report.parts import need, part, table_of
from bechdel_stats.words.language import Words
from bechdel_stats.words.messages import Message

_EVALUATIONS = {"logistic": "logistic", "without_gender": "logistic_without", "trees": "trees"}  # name -> column


def predictions(analyses: Analyses, words: Words) -> Iterator[Block]:
    """Show how well films are predicted that the model has not seen."""
    logistic = need(analyses.logistic)
    yield Text(words("predictions_intro", n=words.number(len(logistic.rating), 0)))
    table, intervals = logistic.table[["metric"]], {}
    decimals: dict[str, int] = {}
    for name, column in _EVALUATIONS.items():
        evaluation = getattr(analyses, name)
        if evaluation:
            names = {"value": column, "ci_low": f"{column}_low", "ci_high": f"{column}_high"}
            table = table.join(evaluation.table.rename(columns=names)[list(names.values())])
            intervals[column] = (f"{column}_low", f"{column}_high")
            decimals |= dict.fromkeys(names.values(), 3)
    yield table_of(words("metrics"), table, intervals=intervals, decimals=decimals)
    slope, intercept, ece = (words.number(x) for x in (logistic.slope, logistic.intercept, logistic.ece))
    said = "calibration_note" if logistic.slope == logistic.slope else "calibration_none"
    yield Text(words(said, slope=slope, intercept=intercept, ece=ece))
    yield calibration_picture(words("calibration"), logistic, words)
    yield from _by_decade(logistic.periods, words)


def _by_decade(periods: pd.DataFrame, words: Words) -> Iterator[Block]:
    """How well films of each decade are predicted, and whether the last ones are predicted less well."""
    periods = periods[periods["n_films"] >= ENOUGH] if len(periods) else periods
    if len(periods) < 2:
        return
    title = words("periods")
    yield Heading(title)
    apart = _less_well(periods)
    if apart:
        last = words.name(_decades(periods)["period"].iloc[-1])
        yield Text(words("periods_worse", last=last, apart=words.interval(words.number, *apart)))
    names = {"period": "year", "pass_rate": "mean_pass_rate"}
    columns = ["period", "n_films", "pass_rate", "predicted", "auc", "ci_low", "ci_high", "slope", "in_the_large"]
    table = periods[columns].rename(columns=names).round({"in_the_large": 2})
    percent, intervals = ("mean_pass_rate", "predicted"), {"auc": ("ci_low", "ci_high")}
    yield table_of(title, table, percent=percent, intervals=intervals)
    yield Text(words("periods_text", least=ENOUGH), "note")


def _less_well(periods):
    """How much lower the AUC of the last decade is than the mean of those before, with its interval; None if unclear.

    Films of different decades are independent, so variances add; decades count by their precision.
    """
    decades = _decades(periods).dropna(subset=["auc", "ci_low", "ci_high"])
    spread = (decades["ci_high"] - decades["ci_low"]) / 2
    decades, spread = decades[spread > 0], spread[spread > 0]
    if len(decades) < 2:
        return None
    weights = 1 / spread.iloc[:-1] ** 2
    lower = float((weights * decades["auc"].iloc[:-1]).sum() / weights.sum() - decades["auc"].iloc[-1])
    half = float((1 / weights.sum() + spread.iloc[-1] ** 2) ** 0.5)
    return (lower, lower - half, lower + half) if lower > half else None


def _decades(periods):
    return periods[periods["period"].str.fullmatch(r"\d{4}s")]


def basis(analyses: Analyses, words: Words) -> Iterator[Block]:
    """Show what predictions are based on."""
    lacking = [isinstance(found, Lack) for found in (analyses.importance, *analyses.dependences.values())]
    if all(lacking):
        need(analyses.importance)
    yield Text(words("basis_intro"))
    yield from part(words("importance"), lambda: _importance(need(analyses.importance), words), words)
    for column in DEPENDENCES:
        title = words("dependence", column=words.name(column))
        if column in analyses.films:
            yield from part(title, partial(_dependence, title, analyses.dependences[column], words), words)
        else:
            yield Lacking(title, words.message(Message("not_in_table", columns=[column])))


def _importance(table, words):
    title = words("importance")
    yield importance_picture(title, table, words)
    yield table_of(title, table, decimals={"auc_loss": 3, "auc_loss_sd": 3})
    yield Text(words("importance_note"), "note")


def _dependence(title, dependence, words):
    dependence = need(dependence)
    column = dependence.column
    ends = dependence.table.iloc[[0, -1]]
    low, high = (words.percent(value) for value in ends["probability"])
    unit = "\u00a0min" if column == "runtime" else ""
    write = words.percent if column.endswith("_share") else lambda value, _: f"{value:.0f}{unit}"
    first, last = (write(value, 0) for value in ends["value"])
    told = words("dependence_text", low=low, high=high, first=first, last=last)
    yield dependence_picture(title, told, dependence, words)
    yield Text(told)
    yield Text(words("dependence_note"), "note")
