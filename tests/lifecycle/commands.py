"""Running the commands of this project as processes, and what is in a folder afterwards."""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
MODULES = {"lightdiar": "lightdiar", "bechdel-stats": "bechdel_stats"}


def command(program: str, *arguments) -> list[str]:
    """A command line that runs a program with this Python."""
    return [sys.executable, "-m", MODULES[program], *map(str, arguments)]


def environment(**changes: str) -> dict[str, str]:
    """The environment, in which this project is found from any folder."""
    return {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONUTF8": "1", **changes}


def run(program: str, *arguments, **options) -> subprocess.CompletedProcess:
    """Run a program to its end, its output caught as text."""
    streams = {"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    options = {"env": environment(), "text": True, "encoding": "utf-8", "timeout": 300, **streams, **options}
    return subprocess.run(command(program, *arguments), **options)


def contents(folder: Path) -> dict[str, bytes]:
    """All files below a folder, by name."""
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def is_temporary(name: str) -> bool:
    """Whether a name is one that a stopped run may leave until the next."""
    return Path(name).name.startswith("lightdiar-") and name.endswith(".part")
