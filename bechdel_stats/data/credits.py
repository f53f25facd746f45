"""Women and men in the credits of a film, as TMDB records them.

TMDB codes gender as 1 for a woman, 2 for a man, 3 for a non-binary person and 0 if it is not known. Shares are those of
women among women and men; non-binary people and people of unknown gender are counted separately. Someone who is
credited several times counts once.
"""

import ast
import json
from collections.abc import Iterable
from typing import Any

import numpy as np
import pandas as pd

_WOMAN, _MAN, _NON_BINARY = 1, 2, 3


def gender_shares(records: pd.DataFrame) -> pd.DataFrame:
    """Count women and men in the credits of each film.

    Parameters
    ----------
    records : DataFrame
        One row per film, with the column `credits` ({"cast": [...], "crew": [...]}) or the columns `cast` and `crew`;
        lists of dicts, or the same written as text.

    Returns
    -------
    shares : DataFrame
        Same index; columns cast_women, cast_men (NaN if neither occurs in the cast), cast_female_share, lead_female
        (whether the first-billed woman or man is a woman), crew_female_share, director_female_share,
        writer_female_share (all of the Writing department, including authors of books), cast_nonbinary, cast_unknown.
    """
    credits: Iterable[dict[str, Any]] = (
        records["credits"].map(_parse_dict) if "credits" in records else [{}] * len(records)
    )
    casts, crews = (
        records[part].map(parse_list) if part in records else [credit.get(part) for credit in credits]
        for part in ("cast", "crew")
    )
    rows = [_shares(_people(cast), _people(crew)) for cast, crew in zip(casts, crews)]
    return pd.DataFrame(rows, index=records.index, dtype=float)


def parse_list(value: object) -> list[Any] | None:
    """Return a list that may be written as text (JSON or Python), or None if the value is not a list."""
    if isinstance(value, str) and value.strip()[:1] in ("[", "{"):
        value = _parse(value)
    return value if isinstance(value, list) else None


def _parse_dict(value):
    value = _parse(value) if isinstance(value, str) else value
    return value if isinstance(value, dict) else {}


def _parse(text):
    for read, errors in ((json.loads, ValueError), (ast.literal_eval, (ValueError, SyntaxError, RecursionError))):
        try:
            return read(text)
        except errors:
            continue
    return None


def _people(credits):
    return [person for person in credits or [] if isinstance(person, dict)]


def _shares(cast, crew):
    women, men = _count(cast, _WOMAN), _count(cast, _MAN)
    known = women + men > 0
    lead = next((_gender(person) for person in sorted(cast, key=_billing) if _gender(person) in (_WOMAN, _MAN)), None)
    return {
        "cast_women": women if known else np.nan,
        "cast_men": men if known else np.nan,
        "cast_female_share": _female_share(cast),
        "lead_female": np.nan if lead is None else float(lead == _WOMAN),
        "crew_female_share": _female_share(crew),
        "director_female_share": _female_share([person for person in crew if person.get("job") == "Director"]),
        "writer_female_share": _female_share([person for person in crew if person.get("department") == "Writing"]),
        "cast_nonbinary": _count(cast, _NON_BINARY),
        "cast_unknown": _count(cast, 0),
    }


def _female_share(people):
    women, men = _count(people, _WOMAN), _count(people, _MAN)
    return women / (women + men) if women + men else np.nan


def _count(people, gender):
    """Number of distinct people of this gender."""
    return len({_identity(person, row) for row, person in enumerate(people) if _gender(person) == gender})


def _identity(person, row):
    """What tells people apart: their id; those without a usable one are all different."""
    number = person.get("id")
    return number if isinstance(number, (int, str)) else (row,)


def _gender(person):
    """Code of the gender, 0 to 3; anything but 1, 2 or 3 is not known, 0."""
    gender = str(person.get("gender")).removesuffix(".0")
    return int(gender) if gender in ("1", "2", "3") else 0


def _billing(person):
    """Position in the credits; people without one come last."""
    order = person.get("order")
    return order if isinstance(order, (int, float)) and order == order else np.inf
