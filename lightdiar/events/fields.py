"""Frozen values from JSON that people and strangers write: every key known, every value of the type of its default."""

import reprlib
from collections.abc import Callable
from dataclasses import MISSING, fields
from typing import Any, TypeVar

_Kind = TypeVar("_Kind")


def from_json(
    kind: type[_Kind], content: Any, name: str = "", read: dict[str, Callable[[Any], Any]] | None = None
) -> _Kind:
    """Make a dataclass, all of whose fields have defaults, from a JSON object.

    Parameters
    ----------
    kind : type
    content : object
        As it was read; what is missing keeps its default, and a list becomes a tuple of numbers.
    name : str, optional
        What messages call it.
    read : dict of str to callable, optional
        What makes the value of a field that is neither a number, a text, a truth value nor a tuple of numbers.

    Raises
    ------
    ValueError
        If it is not an object, has an unknown key, or a value of another type than the default; and as `kind` does.

    Examples
    --------
    >>> from dataclasses import dataclass
    >>> @dataclass(frozen=True)
    ... class Shape:
    ...     width: float = 1.0
    >>> from_json(Shape, {"width": 2})
    Shape(width=2)
    >>> from_json(Shape, {"wide": 2}, "shape")
    Traceback (most recent call last):
    ValueError: shape: 'wide' is not known; known are width.
    """
    where, read = f"{name}: " if name else "", read or {}
    defaults = {
        field.name: field.default if field.default_factory is MISSING else field.default_factory()
        for field in fields(kind)  # type: ignore[arg-type]  # a dataclass, which has no type of its own
    }
    if not isinstance(content, dict):
        raise ValueError(f"{where}{reprlib.repr(content)} must be an object with any of {', '.join(defaults)}.")
    unknown = min(set(content) - set(defaults), default=None)
    if unknown is not None:
        raise ValueError(f"{where}{reprlib.repr(unknown)} is not known; known are {', '.join(defaults)}.")
    values = {}
    for key, value in content.items():
        if key in read:
            values[key] = read[key](value)
            continue
        fits, wanted = _wanted(defaults[key])
        if not fits(value):
            raise ValueError(f"{where}{key}={reprlib.repr(value)} must be {wanted}.")
        values[key] = tuple(value) if isinstance(value, list) else value
    try:
        return kind(**values)
    except ValueError as error:
        raise ValueError(f"{where}{error}") from None


def _wanted(default):
    """Whether a value is of the type of a default, and how that is said."""
    if isinstance(default, bool):
        return lambda value: isinstance(value, bool), "true or false"
    if isinstance(default, int):
        return _is_whole, f"a whole number, such as {default}"
    if isinstance(default, float):
        return _is_number, f"a number, such as {default:g}"
    if isinstance(default, str):
        return lambda value: isinstance(value, str), f"a text, such as {default}"
    return lambda value: isinstance(value, list) and all(map(_is_number, value)), f"numbers, such as {list(default)}"


def _is_whole(value):
    return isinstance(value, int) and not isinstance(value, bool) and abs(value) < 2**31


def _is_number(value):
    return isinstance(value, (int, float)) and not isinstance(value, bool) and abs(value) < 1e15
