"""A private folder for the sounds of the page, gone when the page ends, or at the latest when the next one begins."""

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
    while True:
        folder = Path(tempfile.mkdtemp(prefix=_PREFIX))
        try:
            with open(folder / _LOCK, "wb") as file:
                if lock(file) and (folder / _LOCK).exists():  # or another page that begins was here before the lock
                    _sweep(folder)
                    yield folder
                    return
        finally:
            shutil.rmtree(folder, ignore_errors=True)


def _sweep(own):
    """Remove the folders of pages of the same user that were killed."""
    for folder in own.parent.glob(f"{_PREFIX}*"):
        try:
            if folder == own or folder.lstat().st_uid != own.lstat().st_uid:
                continue
            with open(folder / _LOCK, "rb") as file:
                if not lock(file):
                    continue
                shutil.rmtree(folder, ignore_errors=True)  # while it is locked, so that nobody begins in it
        except OSError:  # it has just been made, or is just being removed
            continue
        shutil.rmtree(folder, ignore_errors=True)  # once more for Windows, which keeps a file that is open
