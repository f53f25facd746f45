"""The first page: one number, one picture, three sentences with one interval each, and who should be spoken to."""

from collections.abc import Iterator

from bechdel_stats.describe.disputed import DisputedSensitivity
from bechdel_stats.describe.intervals import wilson
from bechdel_stats.report.analyses import Analyses
from bechdel_stats.report.blocks import Block, Heading, Headline, Points, Text
from bechdel_stats.report.figures import decades_picture
from bechdel_stats.report.findings import clearest, large
from bechdel_stats.report.groups import ENOUGH, FALSE_DISCOVERIES, difference
from bechdel_stats.report.origin import by_volunteers, n_unrated
from bechdel_stats.report.trends import recent_change
from bechdel_stats.words.language import Words

_N_SENTENCES = 3
_N_GROUPS = 3  # of each kind that are named
_OWN = {"director_woman", "writer_woman", "budget_missing"}  # terms with a sentence of their own, or about no film
_AUDIENCES = {"genres": "ask_genres", "budget": "ask_budget", "country": "ask_country"}
_BUDGETS = {"low": "budget_low", "middle": "budget_middle", "high": "budget_high"}
_HANDS = {"director_woman": ("ask_directors", "with_director"), "writer_woman": ("ask_writers", "with_writer")}


def front(analyses: Analyses, words: Words) -> Iterator[Block]:
    """Make the first page."""
    yield Text(words("definition"))
    yield headline(analyses, words)
    if analyses.disputed and analyses.disputed.n_changed:
        yield Text(disputed(analyses.disputed, words), "note")
    if analyses.rates["year"]:
        yield decades_picture(words("rates_year"), analyses.rates["year"], words)
    said = list(sentences(analyses, words).values())[:_N_SENTENCES]
    yield Points(tuple(("", sentence) for sentence in said))
    yield Heading(words("ask"))
    yield from asked(analyses, words)
    yield Text(words("caution_volunteers" if by_volunteers(analyses) else "caution_text"), "note")


def headline(analyses: Analyses, words: Words) -> Headline:
    """Return the pass rate with its interval, and of how many films."""
    passes = analyses.films["passes"].dropna()
    low, high = (words.percent(float(limit)) for limit in wilson(passes.sum(), len(passes)))
    text = words("headline", n=words.number(len(passes), 0), low=low, high=high)
    left_out = n_unrated(analyses)
    if left_out:
        text += " " + words("headline_unrated", n=words.number(left_out, 0))
    return Headline(words.percent(passes.mean()), text)


def disputed(found: DisputedSensitivity, words: Words) -> str:
    """Say how many films pass if all disputed ratings count as fails."""
    row = found.table.set_index("how").loc["fail"]
    return words("disputed_plain", n=words.number(found.n_disputed, 0), rate=_rate(row, words))


def sentences(analyses: Analyses, words: Words) -> dict[str, str]:
    """Return what the films show in plain sentences with one interval each, the most telling first."""
    found = {
        "trend": recent_change(analyses, words) or _decades(analyses, words),
        "women": _women(analyses, words),
        "together": _together(analyses, words),
        "genres": _genres(analyses, words),
        "unseen": _unseen(analyses, words),
    }
    return {key: text for key, text in found.items() if text}


def asked(analyses: Analyses, words: Words, most: int = _N_GROUPS) -> Iterator[Block]:
    """Say who should be spoken to: which groups of films fail more often, at most so many of each kind."""
    groups, told = analyses.groups, []
    for kind, audience in _AUDIENCES.items():
        chosen = groups.of_kind(kind).head(most)
        if len(chosen):
            named = [_group(kind, row, words) for _, row in chosen.iterrows()]
            told.append((words(audience), words.listed(named) + "."))
    for kind, (audience, sentence) in _HANDS.items():
        if len(groups.of_kind(kind)):
            told.append((words(audience), words(sentence, **_with_and_without(analyses.women[kind], words))))
    tested = words.number(len(groups.table), 0)
    if not told:
        yield Text(words("ask_nobody" if len(groups.table) else "ask_too_few", n=tested, least=ENOUGH))
        return
    yield Points(tuple(told))
    yield Text(words("ask_tested", n=tested, least=ENOUGH, level=words.percent(FALSE_DISCOVERIES, 0)), "note")


def _group(kind, row, words):
    """A rate with its interval and number of films, such as "Western: 24% [18% to 31%] of 152 films pass"."""
    level = words(_BUDGETS[row["level"]]) if kind == "budget" else words.name(row["level"])
    return words("ask_group", group=level, rate=_rate(row, words), n=words.number(row["n_films"], 0))


def _with_and_without(women, words):
    rates = women.table.set_index(women.by)
    return {
        name: value
        for level, kind in (("yes", "woman"), ("no", "none"))
        for name, value in (
            (kind, _rate(rates.loc[level], words)),
            (f"n_{kind}", words.number(rates.loc[level, "n_films"], 0)),
        )
    }


def _decades(analyses, words):
    rates = analyses.rates["year"]
    decades = rates.table[rates.table["year"].str.fullmatch(r"\d{4}s")] if rates else ()
    decades = large(decades) if rates else ()
    if len(decades) < 2:
        return None
    first, last = decades.iloc[0], decades.iloc[-1]
    told = {"first": words.name(first["year"]), "last": words.name(last["year"])}
    return _differs(last, first, ("trend_more", "trend_fewer", "trend_same"), told, words)


def _women(analyses, words):
    for kind, keys in (
        ("director_woman", ("directors_more", "directors_fewer", "directors_same")),
        ("writer_woman", ("writers_more", "writers_fewer", "writers_same")),
    ):
        rates = analyses.women[kind]
        known = rates.table.set_index(kind) if rates else None
        if (
            known is not None
            and {"yes", "no"} <= set(known.index)
            and known.loc[["yes", "no"], "n_films"].min() >= ENOUGH
        ):
            return _differs(known.loc["yes"], known.loc["no"], keys, {}, words)
    return None


def _differs(first, second, keys, told, words):
    """A sentence on the difference of two rates: more, fewer, or not distinguishable."""
    points = difference(first, second)
    key = keys[0] if points[1] > 0 else keys[1] if points[2] < 0 else keys[2]
    if key == keys[1]:
        points = (-points[0], -points[2], -points[1])
    write = words.signed if key == keys[2] else lambda value: words.number(value, 1)
    return words(key, points=words.interval(write, *points), **told)


def _together(analyses, words):
    odds = analyses.pair.with_gender if analyses.pair else analyses.odds
    if not odds:
        return None
    table = clearest(odds.table)
    table = table[~table["term"].isin(_OWN)]
    if table.empty:
        return None
    row = table.iloc[0]
    effect = row[["ame", "ame_ci_low", "ame_ci_high"]]
    if row["term"] == "cast_female_10" and effect["ame_ci_low"] > 0:
        return words("cast_plain", points=words.interval(lambda value: words.number(value, 1), *effect))
    points = words.interval(words.signed, *effect)
    return words("together_plain", term=words.term(row["term"], row["contrast"]), points=points)


def _genres(analyses, words):
    chosen = analyses.groups.of_kind("genres")
    if chosen.empty:
        return None
    row = chosen.iloc[0]
    return words("genre_plain", genre=words.name(row["level"]), rate=_rate(row, words))


def _unseen(analyses, words):
    if not analyses.logistic:
        return None
    auc = analyses.logistic.table.set_index("metric").loc["auc"]
    return words("unseen_plain", auc=words.interval(words.percent, *auc[["value", "ci_low", "ci_high"]]))


def _rate(row, words):
    return words.interval(words.percent, *row[["pass_rate", "ci_low", "ci_high"]])
