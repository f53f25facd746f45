"""Writing files that appear complete or not at all."""

import os
from pathlib import Path


def write(path, content):
    """Write a text (UTF-8) or bytes under a temporary name, then give it the right one.

    Raises
    ------
    OSError
        If the folder is missing or closed to you; an older file of that name stays as it was.
    """
    path = Path(path)
    if not path.parent.is_dir():
        raise FileNotFoundError(f"{path}: there is no folder {path.parent}. Make it, or write elsewhere.")
    temporary = path.with_name(f"{path.name}.{os.getpid()}.part")
    try:
        temporary.write_bytes(content if isinstance(content, bytes) else content.encode("utf-8"))
        os.replace(temporary, path)
    finally:
        temporary.unlink(missing_ok=True)
