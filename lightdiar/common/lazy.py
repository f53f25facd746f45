"""Load the modules and public names of a package on first use, so that importing the package stays instant."""

from collections.abc import Callable, Mapping
from importlib import import_module
from typing import Any


def lazy(package: str, homes: Mapping[str, str] | None = None) -> tuple[Callable[[str], Any], Callable[[], list[str]]]:
    """Make the functions `__getattr__` and `__dir__` of a package.

    Parameters
    ----------
    package : str
        The package's ``__name__``.
    homes : dict of str to str, optional
        The module that defines each public name, relative to the package.

    Returns
    -------
    getattr_, dir_ : callable
        Submodules are found by name too, as if they had been imported.
    """
    homes = homes or {}

    def getattr_(name):
        if name in homes:
            return getattr(import_module(f"{package}.{homes[name]}"), name)
        try:
            return import_module(f"{package}.{name}")
        except ModuleNotFoundError as error:
            if not f"{package}.{name}.".startswith(f"{error.name}."):
                raise
        public = f"; it has {', '.join(homes)}" if homes else ""
        raise AttributeError(f"module {package!r} has no attribute {name!r}{public}.")

    return getattr_, lambda: sorted(homes)
