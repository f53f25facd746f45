"""Women and men in the credits of a film, as TMDB records them.

TMDB codes gender as 1 for a woman, 2 for a man, 3 for a non-binary person and 0 if it is not known. Shares are those of
women among women and men; non-binary people and people of unknown gender are counted separately. Someone who is
credited several times counts once.
"""

import json
import re
from typing import Any

import numpy as np
import pandas as pd

from lightdiar.common.foreign import parse_json
from lightdiar.errors import FormatError

_WOMAN, _MAN, _NON_BINARY = 1, 2, 3
_ORDER = (
    "cast_women", "cast_men", "cast_female_share", "lead_female", "crew_female_share", "director_female_share",
    "writer_female_share", "cast_nonbinary", "cast_unknown",
)  # fmt: skip
_NAMES = {"None": "null", "True": "true", "False": "false", "nan": "NaN", "inf": "Infinity"}
_PYTHON = re.compile(rf"""'[^'\\]*(?:\\.[^'\\]*)*'?|"[^"\\]*(?:\\.[^"\\]*)*"?|\b(?:{"|".join(_NAMES)})\b""", re.DOTALL)
_ESCAPED = re.compile(r"\\(x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|.)", re.DOTALL)
_ESCAPES = {"n": "\n", "r": "\r", "t": "\t", "'": "'", '"': '"', "\\": "\\"}


class Shares(dict[str, float]):
    """Counts and shares of one film that stand in the place of its credits, cast or crew."""


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
    nobody = credits_shares(None)
    rows = [dict(nobody) for _ in range(len(records))]
    for part, shares in (("credits", credits_shares), ("cast", cast_shares), ("crew", crew_shares)):
        if part in records:
            for row, value in zip(rows, records[part]):
                row.update(shares(value))
    return pd.DataFrame(rows, index=records.index, columns=list(nobody), dtype=float)


def credits_shares(value: object) -> Shares:
    """Return the counts and shares of a film from its credits, or `value` itself if they are counted already."""
    if isinstance(value, Shares):
        return value
    value = parse(value) if isinstance(value, str) else value
    credits = value if isinstance(value, dict) else {}
    both = cast_shares(credits.get("cast")) | crew_shares(credits.get("crew"))
    return Shares({name: both[name] for name in _ORDER})


def cast_shares(value: object) -> Shares:
    """Return the counts and shares of a cast, a list or the same as text."""
    if isinstance(value, Shares):
        return value
    cast = _people(value)
    counts = _counts(cast)
    known = counts[_WOMAN] + counts[_MAN] > 0
    lead = next((gender for gender in map(_gender, sorted(cast, key=_billing)) if gender in (_WOMAN, _MAN)), None)
    return Shares(
        cast_women=counts[_WOMAN] if known else np.nan,
        cast_men=counts[_MAN] if known else np.nan,
        cast_female_share=_female_share(cast),
        lead_female=np.nan if lead is None else float(lead == _WOMAN),
        cast_nonbinary=counts[_NON_BINARY],
        cast_unknown=counts[0],
    )


def crew_shares(value: object) -> Shares:
    """Return the shares of a crew, a list or the same as text."""
    if isinstance(value, Shares):
        return value
    crew = _people(value)
    return Shares(
        crew_female_share=_female_share(crew),
        director_female_share=_female_share([person for person in crew if person.get("job") == "Director"]),
        writer_female_share=_female_share([person for person in crew if person.get("department") == "Writing"]),
    )


def parse_list(value: object) -> list[Any] | None:
    """Return a list that may be written as text (JSON or Python), or None if the value is not a list."""
    if isinstance(value, str) and value.strip()[:1] in ("[", "{"):
        value = parse(value)
    return value if isinstance(value, list) else None


def parse(text: str) -> Any:
    """Return what a text holds as JSON, or as Python writes lists, dicts, texts and numbers; None if it is neither.

    Nothing is evaluated: Python's quotes and names are translated to JSON, with the limits of `foreign.parse_json`.
    """
    try:
        return parse_json(text, "cell")
    except FormatError:
        pass
    try:
        return parse_json(_PYTHON.sub(_to_json, text), "cell")
    except ValueError:
        return None


def _to_json(found):
    """JSON for a text, or one of Python's names, in a Python literal."""
    token = found[0]
    if token in _NAMES:
        return _NAMES[token]
    if len(token) < 2 or token[-1] != token[0]:
        raise ValueError("a text without an end")
    return json.dumps(_ESCAPED.sub(_character, token[1:-1]))


def _character(found):
    """What an escape in a Python text stands for; an unknown one stands for itself."""
    code = found[1]
    if len(code) > 1:
        return chr(min(int(code[1:], 16), 0x10FFFF))
    return _ESCAPES.get(code, found[0])


def _people(value):
    return [person for person in parse_list(value) or () if isinstance(person, dict)]


def _female_share(people):
    counts = _counts(people)
    known = counts[_WOMAN] + counts[_MAN]
    return counts[_WOMAN] / known if known else np.nan


def _counts(people):
    """Number of distinct people of each gender, by its code."""
    found = {gender: set() for gender in (0, _WOMAN, _MAN, _NON_BINARY)}
    for row, person in enumerate(people):
        found[_gender(person)].add(_identity(person, row))
    return {gender: len(people) for gender, people in found.items()}


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
