"""Atomic writing: files appear complete or not at all."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

PathLike = str | os.PathLike[str]


def check_folder(path: PathLike) -> None:
    """Raise FileNotFoundError if the folder of a file to be written does not exist."""
    folder = Path(path).parent
    if not folder.is_dir():
        raise FileNotFoundError(f"{path}: folder {folder} does not exist. Create it, or write elsewhere.")


@contextmanager
def replacing(path: PathLike) -> Iterator[BinaryIO]:
    """Open a file for writing bytes, so that it appears complete or not at all.

    The content goes to a temporary file in the same folder, which is renamed to the target at the end.

    Raises
    ------
    OSError
        If the folder is missing or not writable.
    """
    path = Path(path)
    check_folder(path)
    temporary = path.with_name(f"{path.name}.{os.getpid()}.part")
    try:
        with open(temporary, "wb") as file:
            yield file
        os.replace(temporary, path)
    finally:
        temporary.unlink(missing_ok=True)


def write_text(path: PathLike, text: str) -> None:
    """Write a UTF-8 text file without translating newlines; see `write_bytes`."""
    write_bytes(path, text.encode("utf-8"))


def write_bytes(path: PathLike, content: bytes) -> None:
    """Write a file that appears complete or not at all; see `replacing`."""
    with replacing(path) as file:
        file.write(content)
