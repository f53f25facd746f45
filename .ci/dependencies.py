"""The table of docs/dependencies.md: ``python .ci/dependencies.py > docs/dependencies.md``.

Lists what `pip install lightdiar` brings, the dependencies of dependencies included, with the versions that are tested
and the licence that each package states.
"""

import configparser
import re
import sys
from importlib.metadata import PackageNotFoundError, metadata, requires, version
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parent.parent
HEAD = """\
# Dependencies and their licences

What the packages need at run time, and what that needs in turn; made by `python .ci/dependencies.py` in a fresh
environment with the newest versions. Every change is tested with the lowest versions supported
(`.ci/oldest.txt`, Python 3.10) and the newest (Python 3.13), on Linux and on Windows.
All licences are permissive. Data files of third parties are not part of the packages; sources and licences of what the
models were computed from are on their cards (`lightdiar models`, `bechdel-stats models`). Names and codes of languages
and countries in `bechdel_stats/vocabulary` come from the Unicode CLDR, version 49: copyright © 1991-2026 Unicode, Inc.,
[Unicode License v3](https://www.unicode.org/license.txt), which permits use and redistribution with this notice.

| package | lowest | licence | needed by |
|---|---|---|---|
"""


def direct() -> dict[str, Requirement]:
    """The requirements in setup.cfg, and those of the extras that are for users."""
    config = configparser.ConfigParser()
    config.read(ROOT / "setup.cfg", encoding="utf-8")
    extras = config["options.extras_require"]
    added = (extras[name] for name in ("plot", "tables", "page", "dask", "microphone"))
    lines = "".join([config["options"]["install_requires"], *added])
    found = (Requirement(line) for line in lines.splitlines() if line.strip() and not line.lstrip().startswith("#"))
    return {canonicalize_name(requirement.name): requirement for requirement in found}


def closure() -> dict[str, set[str]]:
    """All packages, each with those that need it."""
    asked_for = direct()
    needed_by: dict[str, set[str]] = {name: {"lightdiar"} for name in asked_for}
    todo = list(needed_by)
    while todo:
        name = todo.pop()
        extras = {"", *(asked_for[name].extras if name in asked_for else ())}
        for line in requires(name) or ():
            requirement = Requirement(line)
            if requirement.marker and not any(requirement.marker.evaluate({"extra": extra}) for extra in extras):
                continue
            child = canonicalize_name(requirement.name)
            try:
                version(child)
            except PackageNotFoundError:
                continue
            if child not in needed_by:
                todo.append(child)
            needed_by.setdefault(child, set()).add(name)
    return needed_by


def licence(name: str) -> str:
    """The licence of an installed package, as it states it."""
    about = metadata(name)
    classifiers = [
        line.rpartition(" :: ")[2] for line in about.get_all("Classifier") or () if line.startswith("License ::")
    ]
    stated = about.get("License-Expression") or ", ".join(classifiers) or about.get("License") or "not stated"
    return re.sub(r"\s+", " ", stated)[:90]


def table() -> str:
    """The page."""
    wanted = direct()
    rows = []
    for name, owners in sorted(closure().items()):
        lowest = str(wanted[name].specifier) if name in wanted else ""
        rows.append(f"| {name} | {lowest.removeprefix('>=')} | {licence(name)} | {', '.join(sorted(owners))} |\n")
    return HEAD + "".join(rows)


if __name__ == "__main__":
    sys.stdout.reconfigure(encoding="utf-8", newline="\n")
    sys.stdout.write(table())
