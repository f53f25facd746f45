"""The charts of the report: results as pictures, in the order of their tables."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd

from bechdel_stats.describe.clusters import FilmTypes
from bechdel_stats.describe.grouping import UNKNOWN
from bechdel_stats.describe.rates import PassRates
from bechdel_stats.inference.trend import Trend
from bechdel_stats.pictures import charts
from bechdel_stats.pictures.charts import Estimate, Scale
from bechdel_stats.prediction.evaluation import Evaluation
from bechdel_stats.prediction.importance import Dependence
from bechdel_stats.report.blocks import Picture
from bechdel_stats.words.language import Words

_N_CURVES = 30
_RATE = ("pass_rate", "ci_low", "ci_high")


def decades_picture(title: str, rates: PassRates, words: Words) -> Picture:
    """Draw pass rates by decade, from left to right; unknown years stand apart."""
    table = rates.table
    labels = [_short(level, words) for level in table["year"]]
    told = words.listed(
        f"{words.name(row['year'])} {words.interval(words.percent, *row[list(_RATE)])}" for _, row in table.iterrows()
    )
    scale = Scale(words("rate_axis_short"), _whole(words), 0, 100)
    joined = int((table["year"] != UNKNOWN).sum())
    svg = charts.columns(title, told, labels, _estimates(table, _RATE, 100), scale, joined)
    return Picture(title, svg)


def rates_picture(title: str, table: pd.DataFrame, by: str, words: Words) -> Picture:
    """Draw pass rates of levels, one row each, in the order of the table; the number of films is in brackets."""
    labels = [f"{words.name(level)} ({words.number(n, 0)})" for level, n in zip(table[by], table["n_films"])]
    rows = [[estimate] for estimate in _estimates(table, _RATE, 100)]
    scale = Scale(words("rate_axis"), _whole(words), 0, 100)
    return Picture(title, charts.rows(title, words("in_table"), labels, rows, scale))


def types_picture(title: str, types: FilmTypes, words: Words) -> Picture:
    """Draw the pass rates of types of films, in the order of their table."""
    return rates_picture(title, types.table, "name", words)


def odds_picture(
    title: str, table: pd.DataFrame, series: dict[str, tuple[str, str, str]], label: str, words: Words
) -> Picture:
    """Draw odds ratios on a log axis; `series` maps names to the columns of ratio, lower and upper bound."""
    labels = [words.term(term, contrast) for term, contrast in zip(table["term"], table["contrast"])]
    rows = list(zip(*(_estimates(table, columns) for columns in series.values())))
    scale = Scale(label, lambda tick: words.notation(f"{tick:g}"), log=True, line=1)
    return Picture(title, charts.rows(title, words("in_table"), labels, rows, scale, tuple(series)))


def effects_picture(title: str, table: pd.DataFrame, words: Words) -> Picture:
    """Draw average marginal effects, in percentage points."""
    labels = [words.term(term, contrast) for term, contrast in zip(table["term"], table["contrast"])]
    rows = [[estimate] for estimate in _estimates(table, ("ame", "ame_ci_low", "ame_ci_high"))]
    scale = Scale(words("ame_axis"), _whole(words), line=0)
    return Picture(title, charts.rows(title, words("in_table"), labels, rows, scale))


def calibration_picture(title: str, evaluation: Evaluation, words: Words) -> Picture:
    """Draw the share of films that pass against the predicted probability, for each tenth of the films."""
    curve = evaluation.calibration
    across, up = (Scale(words(key), _whole(words), 0, 100) for key in ("calibration_x", "calibration_y"))
    points = _estimates(curve, _RATE, 100)
    told = words("picture_points", n=len(points))
    svg = charts.points(title, told, list(100 * curve["predicted"]), points, across, up, words("perfect"))
    return Picture(title, svg)


def trend_picture(title: str, told: str, trend: Trend, words: Words) -> Picture:
    """Draw the adjusted curve in its band over the crude one; without it, the crude one in its own band."""
    table = trend.table
    years = Scale(words.axis("year"), lambda tick: f"{tick:.0f}")
    rate = Scale(words("rate_axis_short"), _whole(words), 0, 100)
    columns = ("crude", "crude_ci_low", "crude_ci_high") if trend.lack else ("adjusted", "ci_low", "ci_high")
    names = ["trend_crude", "band"] if trend.lack else ["trend_curve", "band", "trend_crude"]
    beside = [] if trend.lack else list(100 * table["crude"])
    svg = charts.curve(
        title,
        told,
        list(table["year"]),
        _estimates(table, columns, 100),
        years,
        rate,
        [words(name) for name in names],
        beside=beside,
    )
    return Picture(title, svg)


def importance_picture(title: str, table: pd.DataFrame, words: Words) -> Picture:
    """Draw the loss of AUC for each variable, with its standard deviation."""
    loss, deviation = table["auc_loss"], table["auc_loss_sd"]
    rows = [[estimate] for estimate in zip(loss, loss - deviation, loss + deviation)]
    scale = Scale(words("importance_axis"), lambda tick: words.number(tick, 2), line=0)
    return Picture(
        title, charts.rows(title, words("in_table"), [words.name(name) for name in table["variable"]], rows, scale)
    )


def dependence_picture(title: str, told: str, dependence: Dependence, words: Words) -> Picture:
    """Draw the mean predicted probability, the band of the middle 80 % of the films, and some single films."""
    table, column = dependence.table, dependence.column
    share = column.endswith("_share")
    chosen = np.unique(np.linspace(0, len(dependence.curves) - 1, _N_CURVES).astype(int))
    across = Scale(words.axis(column), lambda tick: words.number(tick, 0) if share else f"{tick:.0f}")
    names = tuple(map(words, ("mean_curve", "middle_80", "single_films")))
    xs = list(table["value"] * (100 if share else 1))
    svg = charts.curve(
        title,
        told,
        xs,
        _estimates(table, ("probability", "low", "high"), 100),
        across,
        Scale(words("dependence_axis"), _whole(words), 0, 100),
        names,
        100 * dependence.curves[chosen],
    )
    return Picture(title, svg)


def _estimates(table: Any, columns: tuple[str, str, str], scale: float = 1) -> list[Estimate]:
    return [(scale * a, scale * b, scale * c) for a, b, c in table[list(columns)].itertuples(index=False)]


def _whole(words: Words) -> Callable[[float], str]:
    return lambda tick: words.number(tick, 0)


def _short(level, words):
    """A decade as it fits below a column: 1990, up to 1929 as <1930, 2010 and later as 2010+."""
    year = next((word for word in level.split() if word[:4].isdigit()), "")[:4]
    if not year:
        return "?" if level == UNKNOWN else words.name(level)
    return f"<{year}" if level.startswith("before") else f"{year}+" if level.endswith("later") else year
