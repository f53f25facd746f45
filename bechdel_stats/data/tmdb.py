"""Records of TMDB: how they are recognised, and lists in them made short.

A record with credits is 50 kB; what a table keeps of it is 1 kB. `lighten` makes it small as soon as it is read.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from bechdel_stats.data.credits import cast_shares, credits_shares, crew_shares, parse_list

COLUMNS = frozenset(
    {"original_title", "vote_average", "production_countries", "spoken_languages", "credits", "cast", "crew"}
)
_IDS = frozenset({"id", "movie_id", "credits"})
LISTS = ("genres", "production_countries", "production_companies", "spoken_languages")
_CREDITS = {"credits": credits_shares, "cast": cast_shares, "crew": crew_shares}


def is_tmdb(columns: Iterable[Any]) -> bool:
    """Return whether a table, or a record, with these columns comes from TMDB."""
    return not COLUMNS.isdisjoint(columns) and not _IDS.isdisjoint(columns)


def lighten(record: Mapping[Any, Any]) -> Mapping[Any, Any]:
    """Return a record of TMDB with shares for its credits and names for its lists; others are returned unchanged."""
    if not is_tmdb(record):
        return record
    light = {name: names(value) if name in LISTS else value for name, value in record.items()}
    return light | {name: shares(light[name]) for name, shares in _CREDITS.items() if name in light}


def names(value: object) -> object:
    """Return the names in one of TMDB's lists, separated by ``|``; what is no list is returned unchanged."""
    items = parse_list(value)
    if items is None:
        return value
    found = (item.get("name") or item.get("iso_3166_1") if isinstance(item, dict) else item for item in items)
    return "|".join(str(name) for name in found if name)
