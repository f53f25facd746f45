"""The last chapters: what these films do not allow, the data, the limits, a glossary, and the methods."""

from collections.abc import Iterator, Sequence

from bechdel_stats.report.analyses import Analyses
from bechdel_stats.report.blocks import Block, Lacking, Points, Text
from bechdel_stats.report.origin import by_volunteers, from_tmdb, n_unrated
from bechdel_stats.report.parts import TITLES, notes, table_of
from bechdel_stats.words.language import Words

TERMS = ("pass_rate", "interval", "odds_ratio", "adjusted", "imputed", "p", "fdr", "ame", "auc")  # of the glossary


def lacking(found: Sequence[Lacking], words: Words) -> Iterator[Block]:
    """List what these films do not allow, each reason once."""
    reasons: dict[str, list[str]] = {}
    for block in found:
        titles = reasons.setdefault(block.reason, [])
        titles += [block.title] * (block.title not in titles)
    if reasons:
        yield Points(tuple((words.listed(titles), reason) for reason, titles in reasons.items()))


def data(analyses: Analyses, words: Words) -> Iterator[Block]:
    """Show what was read, what was left out, and what is missing."""
    audit, n_rated = analyses.audit, int(analyses.films["passes"].notna().sum())
    yield Text(words("data_intro"))
    counts = {"rated": n_rated, "unrated": n_unrated(analyses)}
    yield Text(words("data_rated", **{name: words.number(n, 0) for name, n in counts.items()}))
    yield from notes((*audit.notes, *audit.warnings), words)
    for summary in audit.summaries():
        table = _audit_table(words.head(summary.title), summary.table)
        if len(table.summary.table):
            yield table


def limits(analyses: Analyses, words: Words) -> Iterator[Block]:
    """List what holds for these films, and not for others."""
    yield Points(tuple(("", text) for text in limits_of(analyses, words)))


def limits_of(analyses: Analyses, words: Words) -> list[str]:
    """Return the limits that hold for these films, as sentences."""
    films, codes = analyses.films, {getattr(note, "code", "") for note in analyses.audit.notes}
    said = {
        "limit_volunteers": by_volunteers(analyses),
        "limit_chosen": not by_volunteers(analyses),
        "limit_judgement": True,
        "limit_binary": any(str(name).endswith("_female_share") for name in films),
        "limit_tmdb": from_tmdb(analyses),
        "limit_sources": bool(codes & {"gender_sources", "gender_disagrees"}),
        "limit_missing": bool(codes & {"missing_follows_year", "missing_follows_year_once"}),
        "limit_votes": any(name in films for name in ("imdb_votes", "imdb_rating", "tmdb_vote_count", "metascore")),
        "limit_causes": True,
    }
    return [words(key) for key, holds in said.items() if holds]


def glossary(analyses: Analyses, words: Words) -> Iterator[Block]:
    """Explain the words of the report."""
    yield Points(tuple((words(f"word_{term}"), words(f"meaning_{term}")) for term in TERMS))


def methods(analyses: Analyses, words: Words) -> Iterator[Block]:
    """List methods with their references."""
    yield Points(tuple(("", text) for text in words("methods_list").split("|")))


def _audit_table(title, table):
    """A table of the audit, shares in per cent."""
    if "n_missing" in table:
        table = table[table["n_missing"] > 0].rename(columns={"share": "missing_share"})
    decades = [name[:-1] for name in table if name.endswith("0s")]
    table = table.rename(columns={"pass_rate": "mean_pass_rate", **{f"{decade}s": decade for decade in decades}})
    shares = ["missing_share", "share", "mean_female_share", "mean_pass_rate", "mean_difference", *decades]
    verbatim = () if "mean_female_share" in table else TITLES  # sources of gender have readable names, files do not
    return table_of(title, table, percent=shares, decimals=dict.fromkeys(decades, 0), verbatim=verbatim)
