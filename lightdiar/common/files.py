"""Writing of files: complete or not at all, never over something that somebody else made.

A file is written under a temporary name, `lightdiar-PID-RANDOM.part`, in the folder of its target and then renamed.
The name is new and exclusive, so that no link planted there is followed and threads do not meet; what a killed process
left behind is removed by the next one that checks an output in that folder.
"""

import errno
import os
import secrets
import stat
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO

PathLike = str | os.PathLike[str]

_FAR = 2**30  # bytes

_DEVICES = {
    "CON",
    "PRN",
    "AUX",
    "NUL",
    *(f"{port}{n}" for port in ("COM", "LPT") for n in "123456789\u00b9\u00b2\u00b3"),
}


def check_output(*paths: PathLike, inputs: Iterable[PathLike] = (), overwrite: bool = False) -> None:
    """Raise, before any work, if a file cannot or must not be written; remove what killed runs left in its folder.

    Parameters
    ----------
    *paths : path
        The files to be written.
    inputs : iterable of path
        Files that are read.
    overwrite : bool, default=False
        Whether an existing file may be replaced.

    Raises
    ------
    FileNotFoundError
        If the folder does not exist.
    FileExistsError
        If the file exists, unless `overwrite`; the message says if it is an input.
    OSError
        If the name is impossible, or the folder is not writable.
    """
    inputs = list(inputs)
    for path in map(Path, paths):
        _check_output(path, inputs, overwrite)
    for folder in {Path(path).parent for path in paths}:
        sweep(folder)


def _check_output(path, inputs, overwrite):
    check_folder(path)
    mode = _mode_at(path)
    if mode is not None and (kind := other_than_file(mode)):
        raise FileExistsError(f"{path}: is {kind}; name a file.")
    if mode is not None and not overwrite:
        is_input = any(os.path.exists(name) and os.path.samefile(name, path) for name in inputs)
        raise FileExistsError(
            f"{path}: {'is an input' if is_input else 'exists'}. Name another file, or add --overwrite to replace it."
        )
    if not os.access(path.parent, os.W_OK):
        raise PermissionError(f"{path}: folder {path.parent} is not writable; write elsewhere.")


def is_taken(path: Path) -> bool:
    """Whether something lies where an output is to be written; OSError if the name is impossible."""
    return _mode_at(path) is not None


def _mode_at(path):
    """The mode of what lies where an output is to be written; None if nothing does."""
    if os.name == "nt" and is_reserved(path.name):
        raise OSError(f"{path}: Windows reserves the name {path.name}; choose another.")
    try:
        return path.stat().st_mode
    except FileNotFoundError:
        return None
    except OSError as error:  # the name is too long, or a link leads to itself
        raise OSError(f"{path}: cannot be written: {error.strerror}.") from None


def other_than_file(mode: int) -> str | None:
    """What a path leads to, by the mode of its `stat`, if not to a regular file."""
    if stat.S_ISREG(mode):
        return None
    return "a folder" if stat.S_ISDIR(mode) else "a pipe or a device"


def is_reserved(name: str) -> bool:
    """Whether Windows gives a file name a meaning of its own, or cannot write it as it is.

    Examples
    --------
    >>> [is_reserved(name) for name in ("con.rttm", "COM1", "console.csv", "film.", "film.csv")]
    [True, True, False, True, False]
    """
    return (
        name.split(".")[0].strip().upper() in _DEVICES or name.endswith((".", " ")) or bool(set(name) & set('<>:"|?*'))
    )


def check_folder(path: PathLike) -> None:
    """Raise FileNotFoundError if the folder of a file to be written does not exist."""
    folder = Path(path).parent
    if not folder.is_dir():
        raise FileNotFoundError(f"{path}: folder {folder} does not exist. Create it, or write elsewhere.")


def check_new_folder(folder: PathLike) -> None:
    """Raise OSError if a folder that does not exist cannot be created, without creating it."""
    folder = Path(os.path.abspath(folder))
    above = next(path for path in (folder, *folder.parents) if path.exists())
    if not above.is_dir():
        raise NotADirectoryError(f"{folder}: {above} is a file; name a folder.")
    if not os.access(above, os.W_OK):
        raise PermissionError(f"{folder}: folder {above} is not writable; write elsewhere.")


@contextmanager
def replacing(path: PathLike, mode: int = 0o666) -> Iterator[BinaryIO]:
    """Open a file for writing bytes, so that it appears complete or not at all.

    Parameters
    ----------
    path : path
    mode : int, default=0o666
        Permissions, less those that the process gives to no file.

    Raises
    ------
    OSError
        If the folder is missing or not writable, or the disk is full; it names `path`.
    """
    path = Path(path)
    check_folder(path)
    temporary = path.with_name(f"lightdiar-{os.getpid()}-{secrets.token_hex(8)}.part")
    try:
        with open(temporary, "xb", opener=lambda name, flags: os.open(name, flags, mode)) as file:
            lock(file)
            yield file
            file.flush()
            os.fsync(file.fileno())  # or a power cut could leave the new name with nothing in it
        os.replace(temporary, path)
    except OSError as error:
        if error.errno is None or error.filename not in (None, str(temporary)):  # not about this file
            raise
        raise OSError(error.errno, error.strerror, str(path)) from None
    finally:
        temporary.unlink(missing_ok=True)


def write_text(path: PathLike, text: str) -> None:
    """Write a UTF-8 text file without translating newlines; see `write_bytes`.

    Half a surrogate pair, as in a file name that is not UTF-8, is written as an escape such as ``\\udce9``.
    """
    write_bytes(path, text.encode("utf-8", "backslashreplace"))


def write_bytes(path: PathLike, content: bytes, mode: int = 0o666) -> None:
    """Write a file that appears complete or not at all; see `replacing`."""
    with replacing(path, mode) as file:
        file.write(content)


def sweep(folder: PathLike) -> None:
    """Remove the temporary files that killed processes left in a folder."""
    for leftover in Path(folder).glob("lightdiar-*-*.part"):
        if _is_running(leftover.name.split("-")[1]):
            continue
        try:
            with open(leftover, "rb") as file:
                abandoned = lock(file)
            if abandoned:
                leftover.unlink()
        except OSError:  # another run was faster, or on Windows the file is open
            continue


def lock(file: Any) -> bool:
    """Lock an open file for this process until it is closed; False if another process holds it."""
    try:
        import fcntl
    except ImportError:
        import msvcrt

        place = file.tell()
        file.seek(_FAR)  # behind the content, which others may read
        try:
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined]  # Windows
        except OSError:
            return False
        finally:
            file.seek(place)
        return True
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        return error.errno not in (errno.EAGAIN, errno.EACCES)  # a file system without locks locks nobody out
    return True


def _is_running(pid):
    """Whether a process of this number runs here; on Windows, asking would end it; open files protect themselves."""
    if os.name == "nt" or not pid.isdecimal():
        return False
    try:
        os.kill(int(pid), 0)
    except (ProcessLookupError, OverflowError):
        return False
    except PermissionError:
        return True
    return True
