"""Packages whose modules and public names load when they are first used, so that importing a package stays instant."""

from importlib import import_module


def lazy(package, homes=None):
    """The functions `__getattr__` and `__dir__` of a package.

    Parameters
    ----------
    package : str
        Its ``__name__``.
    homes : dict of str -> str, optional
        Public name -> module below the package that holds it.

    Returns
    -------
    getattr_, dir_ : callable
        A module below the package is found by its name too, as after ``import`` of it.
    """
    homes = homes or {}

    def getattr_(name):
        if name in homes:
            return getattr(import_module(f"{package}.{homes[name]}"), name)
        try:
            return import_module(f"{package}.{name}")
        except ModuleNotFoundError as error:
            if error.name != f"{package}.{name}":
                raise
        public = f"; it has {', '.join(homes)}" if homes else ""
        raise AttributeError(f"module {package!r} has no attribute {name!r}{public}.")

    return getattr_, lambda: sorted(homes)
