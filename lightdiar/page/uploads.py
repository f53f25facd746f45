"""Sounds that the browser sends, written to a file piece by piece as they come."""

import errno
import shutil
from pathlib import Path
from urllib.parse import unquote

from anyio import to_thread
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request

LARGEST = 20_000_000_000  # bytes: a film of three hours in the quality of a disc
SMALLEST_SPACE = 200_000_000  # bytes that stay free on the disk
NAME = "x-name"  # the header with the name of what is sent, percent-encoded UTF-8
_NO_SPACE = {errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC)}  # Windows has no quota error
_FULL = "the disk is full: free some space, or start the page where TMPDIR (TEMP on Windows) is on another disk."


def sent_name(request: Request) -> str:
    """The name that a request states for what it sends."""
    return unquote(request.headers.get(NAME, "")).replace("\\", "/").rpartition("/")[2][:200]


async def receive_file(request: Request, path: Path, largest: int) -> None:
    """Write the body of a request to a new file, which is there whole or not at all.

    Raises
    ------
    HTTPException
        413 if it is larger than `largest` bytes, 507 if it does not fit on the disk, 400 if it is empty or broke off.
    """
    stated = request.headers.get("content-length", "")
    _check(int(stated) if stated.isdecimal() else 0, largest, path)
    n_bytes = 0
    try:
        with open(path, "xb") as file:
            async for piece in request.stream():
                n_bytes += len(piece)
                _check(n_bytes, largest)
                await to_thread.run_sync(file.write, piece)
        if not n_bytes:
            raise HTTPException(400, "the file is empty (0 bytes); choose another.")
    except BaseException as error:
        path.unlink(missing_ok=True)
        if isinstance(error, ClientDisconnect):
            raise HTTPException(400, "the file broke off on its way; send it again.") from None
        if isinstance(error, OSError) and error.errno in _NO_SPACE:
            raise HTTPException(507, _FULL) from None
        raise


def _check(n_bytes, largest, path=None):
    """Raise if so many bytes are too many, or leave too little of the disk on which the path is."""
    if n_bytes > largest:
        raise HTTPException(413, f"the file is larger than {largest:,} bytes; cut it, or use `lightdiar diarize`.")
    if path and n_bytes + SMALLEST_SPACE > shutil.disk_usage(path.parent).free:
        raise HTTPException(507, _FULL)
