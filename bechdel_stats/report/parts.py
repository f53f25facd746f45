"""What chapters share: results that may be lacking, notes, tables with rates in per cent."""

from collections.abc import Callable, Iterable, Iterator
from typing import TypeVar

import pandas as pd

from bechdel_stats.report.analyses import Lack
from bechdel_stats.report.blocks import Block, Heading, Lacking, Table, Text
from bechdel_stats.results import Summary
from bechdel_stats.words.language import Words
from bechdel_stats.words.messages import FilmsError, Message

Result = TypeVar("Result")

RATE = ("pass_rate", "ci_low", "ci_high")
TITLES = ("source", "film", "titles", "examples", "typical_films")  # columns that are shown unchanged
_SAID = ("volunteers", "chosen")  # what the first page and the limits say


def need(result: Result | Lack | None) -> Result:
    """Return a result; if there is none, raise FilmsError with the reason."""
    if isinstance(result, Lack):
        raise FilmsError(result.reason)
    assert result is not None
    return result


def part(title: str, make: Callable[[], Iterable[Block]], words: Words) -> Iterator[Block]:
    """Yield a heading with its blocks, or what is lacking."""
    try:
        blocks = list(make())
    except FilmsError as error:
        yield Lacking(title, reason_of(error.message, words))
        return
    yield Heading(title)
    yield from blocks


def reason_of(message: str, words: Words) -> str:
    """Return why something is lacking; where it is a column, without the list of all others."""
    if isinstance(message, Message) and message.code == "no_column":
        message = Message("not_in_table", columns=[str(message.values["column"])])
    return words.message(message)


def notes(messages: Iterable[str], words: Words, said: tuple[str, ...] = ()) -> Iterator[Block]:
    """Yield notes of a result in the language of the page, without those whose codes are said elsewhere."""
    for message in messages:
        if getattr(message, "code", "") not in (*_SAID, *said):
            yield Text(words.message(message), "note")


def table_of(
    title: str,
    table: pd.DataFrame,
    *,
    percent: Iterable[str] = (),
    decimals: dict[str, int] | None = None,
    intervals: dict[str, tuple[str, str]] | None = None,
    verbatim: tuple[str, ...] = ("term", *TITLES),
) -> Table:
    """Return a table of a result, with shares in per cent, and a pass rate with its interval."""
    percent = [name for name in percent if name in table]
    table = table.assign(**{name: 100 * table[name] for name in percent})
    decimals = dict.fromkeys(percent, 1) | (decimals or {})
    if "pass_rate" in percent:
        intervals = {"pass_rate": ("ci_low", "ci_high")}
    return Table(title, Summary(title, table, decimals=decimals, intervals=intervals), verbatim)
