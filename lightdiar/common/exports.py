"""Methods that return a text, or write it to a file if they are given a path."""

from collections.abc import Callable
from functools import wraps
from typing import Any, Protocol, overload

from lightdiar.common.files import PathLike, write_text


class _Export(Protocol):
    @overload
    def __call__(self, path: None = None) -> str: ...
    @overload
    def __call__(self, path: PathLike) -> None: ...


class _ExportMethod(Protocol):
    def __get__(self, owner: Any, kind: Any = None) -> _Export: ...


def export(text: Callable[[Any], str]) -> _ExportMethod:
    """Make a method of a value that gives its text: called with a path it writes the text there and returns None.

    Examples
    --------
    >>> class Answer:
    ...     @export
    ...     def to_text(self):
    ...         return "42"
    >>> Answer().to_text()
    '42'
    """

    @wraps(text)
    def method(self: Any, path: PathLike | None = None) -> str | None:
        if path is None:
            return text(self)
        write_text(path, text(self))
        return None

    del method.__wrapped__  # so that `help` shows the path
    return method  # type: ignore[return-value]  # a function is bound as this protocol says
