"""The plain-language summary: sentences that a newspaper could print, each figure with its interval.

Each function returns one of them from the results, or None if these films do not allow it.
"""

import numpy as np
import pandas as pd

from bechdel_stats.attributes import TERM_OF_GENRE
from bechdel_stats.describe.grouping import UNKNOWN
from bechdel_stats.describe.intervals import wilson
from bechdel_stats.report.analyses import Analyses
from bechdel_stats.report.groups import ENOUGH, FALSE_DISCOVERIES
from bechdel_stats.report.trends import recent_change
from bechdel_stats.words.language import Words

_RESIDUAL = ("budget_missing", "genre_other", "language_other")  # terms that stand for no kind of film
_ENOUGH = (100, 30)  # fewest films of a genre or decade that is named; the second if the first leaves too few
_N_TERMS = 3


def findings(analyses: Analyses, words: Words) -> tuple[tuple[str, str], ...]:
    """Return the summary.

    Parameters
    ----------
    analyses : Analyses
    words : Words

    Returns
    -------
    points : tuple of (str, str)
        Lead-in and text.
    """
    points = [
        (words("share"), _share(analyses, words)),
        (words("trend"), _trend(analyses, words)),
        (words("genres_finding"), _genres(analyses, words)),
        (words("together"), _together(analyses, words)),
        (words("unseen"), _unseen(analyses, words)),
        (words("kinds"), _kinds(analyses, words)),
    ]
    return tuple((lead, text) for lead, text in points if text)


def _share(analyses, words):
    passes = analyses.films["passes"].dropna()
    text = words("share_text", n=words.number(len(passes), 0), rate=_share_of(passes.sum(), len(passes), words))
    if "rating" not in analyses.films:
        return text
    counts = analyses.films["rating"].value_counts()
    failed = {score: _share_of(counts.get(score, 0), counts.sum(), words) for score in (0, 1, 2)}
    if not counts.sum() or not sum(counts.get(score, 0) for score in failed):
        return text
    commonest = max(failed, key=lambda score: counts.get(score, 0))
    others = [words("score_share", score=score, rate=rate) for score, rate in failed.items() if score != commonest]
    text_scores = words("scores_text", score=commonest, rate=failed[commonest], others=words.listed(others))
    return f"{text} {text_scores} {words('scores_meaning')}"


def _trend(analyses, words):
    recent = recent_change(analyses, words)
    texts = [recent] if recent else _decades(analyses, words)
    year = _row_of_pair(analyses, "year")
    if texts and year is not None and "->" in year["contrast"]:
        low, high = (f"{float(quartile):.0f}" for quartile in year["contrast"].split(" -> "))
        texts.append(words("trend_odds", low=low, high=high, **_odds_of_pair(year, words)))
    return " ".join(texts)


def _decades(analyses, words):
    """The first and the last decade with enough films, where they are all that can be said of time."""
    rates = analyses.rates["year"]
    decades = large(rates.table[rates.table["year"].str.fullmatch(r"\d{4}s")]) if rates else ()
    if len(decades) < 2:
        return []
    first, last = decades.iloc[0], decades.iloc[-1]
    return [
        words(
            "trend_text",
            first=words.name(first["year"]),
            first_rate=_rate(first, words),
            last=words.name(last["year"]),
            last_rate=_rate(last, words),
        )
    ]


def _genres(analyses, words):
    rates = analyses.rates["genres"]
    if not rates:
        return None
    table = rates.table
    genres = large(table[(table["genres"] != UNKNOWN) & ~table["genres"].str.startswith("other (")])
    if len(genres) < 2:
        return None
    n_named = 2 if len(genres) >= 4 else 1
    low, high = genres.iloc[:n_named], genres.iloc[: -n_named - 1 : -1]

    def named(rows):
        return words("and").join(
            words("genre_rate", genre=words.name(row["genres"]), rate=_rate(row, words)) for _, row in rows.iterrows()
        )

    texts = [words("genres_text", n=_threshold(genres), low=named(low), high=named(high))]
    for genre in (low["genres"].iloc[0], high["genres"].iloc[0]):
        row = _row_of_pair(analyses, TERM_OF_GENRE.get(genre))
        if row is not None:
            texts.append(words("genre_odds", genre=words.name(genre), **_odds_of_pair(row, words)))
    return " ".join(texts)


def _together(analyses, words):
    """The terms whose average marginal effects stand out most clearly from chance."""
    pair = analyses.pair
    odds = pair.with_gender if pair else analyses.odds
    if not odds:
        return None
    chosen = clearest(odds.table).head(_N_TERMS)
    if chosen.empty:
        return words("together_none")
    terms = [
        words(
            "together_term",
            term=words.term(row["term"], row["contrast"]),
            ame=words.interval(words.signed, *row[["ame", "ame_ci_low", "ame_ci_high"]]),
            odds=words.interval(words.number, *row[["odds_ratio", "ci_low", "ci_high"]]),
        )
        for _, row in chosen.iterrows()
    ]
    return words("together_text", terms=words.listed(terms))


def _unseen(analyses, words):
    logistic = analyses.logistic
    if not logistic:
        return None
    passes = logistic.passes
    commoner = max(passes.sum(), (~passes).sum())
    texts = [
        words(
            "unseen_text",
            accuracy=_metric(logistic, "accuracy", words),
            majority=_share_of(commoner, len(passes), words),
            auc=_metric(logistic, "auc", words),
        )
    ]
    for name, key in (("without_gender", "unseen_without"), ("trees", "unseen_trees")):
        evaluation = getattr(analyses, name)
        if evaluation:
            texts.append(words(key, auc=_metric(evaluation, "auc", words)))
    return " ".join(texts)


def _kinds(analyses, words):
    types = analyses.types
    if not types or "pass_rate" not in types.table or not types.reliable:
        return None
    table = types.table.dropna(subset=["pass_rate"])
    table = table[table["n_films"] >= ENOUGH]
    if len(table) < 2:
        return None
    low, high = table.loc[table["pass_rate"].idxmin()], table.loc[table["pass_rate"].idxmax()]
    return words(
        "kinds_text",
        n=types.n_types,
        low=words.name(low["name"]),
        low_rate=_rate(low, words),
        high=words.name(high["name"]),
        high_rate=_rate(high, words),
    )


def clearest(table: pd.DataFrame) -> pd.DataFrame:
    """Return the terms whose average marginal effects stand out from chance, the clearest first."""
    clear = (table["p_value_fdr"] < FALSE_DISCOVERIES) & (table["ame_ci_low"] * table["ame_ci_high"] > 0)
    table = table[clear & ~table["term"].isin(_RESIDUAL)]
    clarity = (table["ame"] / (table["ame_ci_high"] - table["ame_ci_low"])).abs()  # whatever the term's unit
    return table.loc[clarity.sort_values(ascending=False, kind="stable").index]


def large(table: pd.DataFrame) -> pd.DataFrame:
    """Return the rows with enough films to be named."""
    large = [table[table["n_films"] >= n] for n in _ENOUGH]
    return large[0] if len(large[0]) >= 2 else large[1]


def _threshold(table):
    return max(n for n in _ENOUGH if n <= table["n_films"].min())


def _row_of_pair(analyses, term):
    """The row of a term if both models have it, on one scale; or None."""
    pair = analyses.pair
    rows = pair.table[pair.table["term"] == term] if pair else ()
    return rows.iloc[0] if len(rows) and np.isfinite(rows["odds_ratio_rescaled"].iloc[0]) else None


def _odds_of_pair(row, words):
    return {
        name: words.interval(words.number, *row[[f"{column}_{kind}" for column in ("odds_ratio", "ci_low", "ci_high")]])
        for name, kind in (("with_gender", "with"), ("without", "rescaled"))
    }


def _rate(row, words):
    return words.interval(words.percent, *row[["pass_rate", "ci_low", "ci_high"]])


def _share_of(n, n_all, words):
    return words.interval(words.percent, n / n_all, *wilson(n, n_all))


def _metric(evaluation, name, words):
    row = evaluation.table.set_index("metric").loc[name]
    return words.interval(words.percent, *row[["value", "ci_low", "ci_high"]])
