"""A private folder for the sounds of the page, gone when the page ends, or at the latest when the next one begins."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from lightdiar.common.files import lock

_PREFIX, _LOCK = "lightdiar-page-", "in-use"


@contextmanager
def scratch_folder() -> Iterator[Path]:
    """Make a folder that only its owner can read, and remove it at the end."""
    _sweep(Path(tempfile.gettempdir()))
    while True:
        folder = Path(tempfile.mkdtemp(prefix=_PREFIX))
        try:
            with open(folder / _LOCK, "wb") as file:
                if lock(file) and (folder / _LOCK).exists():  # or another page that begins was here before the lock
                    yield folder
                    return
        finally:
            shutil.rmtree(folder, ignore_errors=True)


def _sweep(above):
    """Remove the folders of pages that were killed; those of other users cannot be opened."""
    for folder in above.glob(f"{_PREFIX}*"):
        try:
            if hasattr(os, "getuid") and folder.lstat().st_uid != os.getuid():
                continue
            with open(folder / _LOCK, "rb") as file:
                if not lock(file):
                    continue
                shutil.rmtree(folder, ignore_errors=True)  # while it is locked, so that nobody begins in it
        except OSError:  # it has just been made, or is just being removed
            continue
        shutil.rmtree(folder, ignore_errors=True)  # once more for Windows, which keeps a file that is open
