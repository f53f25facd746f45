"""Writing files that appear complete or not at all."""

import os
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def replacing(path):
    """Open a file for writing bytes that appears complete or not at all.

    The content goes to a temporary file in the same folder, which takes the name of the target at the end.

    Raises
    ------
    OSError
        If the folder is missing or closed to you.
    """
    path = Path(path)
    if not path.parent.is_dir():
        raise FileNotFoundError(f"{path}: there is no folder {path.parent}. Make it, or write elsewhere.")
    temporary = path.with_name(f"{path.name}.{os.getpid()}.part")
    try:
        with open(temporary, "wb") as file:
            yield file
        os.replace(temporary, path)
    finally:
        temporary.unlink(missing_ok=True)


def write_text(path, text):
    """Write a UTF-8 text file with newlines as they are, see `write_bytes`."""
    write_bytes(path, text.encode("utf-8"))


def write_bytes(path, content):
    """Write a file that appears complete or not at all, see `replacing`."""
    with replacing(path) as file:
        file.write(content)
