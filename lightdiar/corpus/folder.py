"""The folder of results: a folder for each recording, which appears whole or not at all.

run.json                what all results depend on: options, version, models
listed.json             how many recordings there are to do, in which part of the list
recordings/NAME/        NAME.rttm, NAME.json and row.json of a recording; of one that failed, row.json alone
damaged/NAME/           results that were not complete any more, or not readable; they are made anew
recordings.csv, ...     tables, made anew from these at the end of each run
unlisted/NAME/          results of recordings that are not in the list any more
unfinished/             what is being written; empty between runs
lock                    held by the run that writes here, and let go when it ends, however it ends
"""

import json
import os
import re
import secrets
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from time import sleep
from typing import Any

from lightdiar.common.files import PathLike, check_new_folder, lock, sweep, write_text
from lightdiar.common.foreign import read_json
from lightdiar.corpus.options import LAYOUT, difference
from lightdiar.corpus.process import CannotGoOn
from lightdiar.corpus.rows import ROW, Row
from lightdiar.errors import FormatError
from lightdiar.io.rttm import read_channels
from lightdiar.systems.result import Diarization

RUN = "run.json"
_LOCK = "lock"
_LISTED = "listed.json"


@dataclass(frozen=True)
class Listed:
    """How much there is to do.

    Parameters
    ----------
    n_recordings : int
        Of the list, or of a part of it.
    number, n_parts : int
        Which part, from 1, and of how many.
    """

    n_recordings: int
    number: int = 1
    n_parts: int = 1


@dataclass(frozen=True)
class Folder:
    """A folder of results.

    Parameters
    ----------
    path : Path
    """

    path: Path

    @property
    def recordings(self) -> Path:
        """Where the results of each recording are."""
        return self.path / "recordings"

    @property
    def damaged(self) -> Path:
        """Where results are that were not complete any more, or not readable."""
        return self.path / "damaged"

    @property
    def unlisted(self) -> Path:
        """Where the results of recordings that are not listed any more are."""
        return self.path / "unlisted"

    @property
    def unfinished(self) -> Path:
        """Where results are written."""
        return self.path / "unfinished"

    def described(self) -> dict[str, Any]:
        """What all results depend on; FormatError if this is no such folder, or one of another layout."""
        try:
            content = read_json(self.path / RUN)
        except OSError:
            raise FormatError(f"{self.path}: holds no results of `lightdiar corpus`.") from None
        layout = content.get("layout") if isinstance(content, dict) else None
        if layout != LAYOUT:
            version = content.get("lightdiar", "another version") if isinstance(content, dict) else "something else"
            raise FormatError(
                f"{self.path}: was made by lightdiar {version!s:.20}, whose results are laid out in another way. "
                "Name a new folder, or use that version."
            )
        return content

    def listed(self) -> Listed:
        """How much there is to do; FormatError if it is not told."""
        path = self.path / _LISTED
        try:
            content = read_json(path)
            return Listed(**{name: int(content[name]) for name in asdict(Listed(0))})
        except (OSError, KeyError, TypeError, ValueError):
            raise FormatError(f"{path}: is not what `lightdiar corpus` wrote; run it again.") from None

    def note_listed(self, listed: Listed) -> None:
        """Write how much there is to do."""
        with self.writable():
            write_text(self.path / _LISTED, json.dumps(asdict(listed)) + "\n")

    def rows(self) -> Iterator[Row]:
        """The rows of all recordings that are done, by name."""
        names = sorted(path.parent.name for path in self.recordings.glob(f"*/{ROW}"))
        return filter(None, map(self.row, names))

    def row(self, name: str) -> Row | None:
        """The row of a recording; None if none can be read, or its results are not there any more."""
        try:
            row = Row.read(self.recordings / name / ROW)
            return row if row.error or self._has_results(name) else None
        except (OSError, FormatError):
            return None

    def is_readable(self, row: Row) -> bool:
        """Whether the results of a recording can be read, and agree on whether somebody speaks; one that failed has
        none."""
        if row.error:
            return True
        try:
            result = Diarization.read_json(self.file(row.recording, ".json"))
            channels = read_channels(self.file(row.recording, ".rttm"))
        except (OSError, FormatError):
            return False
        return bool(result.turns) == bool(channels)

    def file(self, name: str, suffix: str) -> Path:
        """Where the result of a recording is that has this ending."""
        return self.recordings / name / f"{name}{suffix}"

    def _has_results(self, name):
        return self.file(name, ".json").stat().st_size > 0 and self.file(name, ".rttm").is_file()

    def place(self, row: Row, files: Mapping[str, str]) -> None:
        """Put the results of a recording in place, all at once and so that no power cut takes them back.

        Parameters
        ----------
        row : Row
        files : dict of str to str
            The text of each other file, by its ending.

        Raises
        ------
        CannotGoOn
            If they cannot be written.
        """
        begun = self.unfinished / secrets.token_hex(8)
        try:
            with self.writable():
                begun.mkdir()
                for suffix, text in files.items():
                    write_text(begun / f"{row.recording}{suffix}", text)
                write_text(begun / ROW, row.to_json())
                _keep(begun)
                try:
                    _rename(begun, self.recordings / row.recording)
                except OSError:
                    if not (self.recordings / row.recording / ROW).exists():  # else another worker was given it, too
                        raise
                _keep(self.recordings)
        finally:
            shutil.rmtree(begun, ignore_errors=True)

    @contextmanager
    def writable(self) -> Iterator[None]:
        """Tell what it means if something cannot be written."""
        try:
            yield
        except OSError as error:
            why = error.strerror or str(error)
            kept = "What is done is kept; run again to go on"
            raise CannotGoOn(f"{self.path}: results cannot be written: {why}. {kept}.") from error

    def discard(self, name: str) -> None:
        """Remove the results of a recording, all at once."""
        going = self.unfinished / secrets.token_hex(8)
        _rename(self.recordings / name, going)
        shutil.rmtree(going, ignore_errors=True)

    def move(self, name: str, source: Path, target: Path) -> None:
        """Move the results of a recording from one of these folders to another, in place of any that are there."""
        target.mkdir(exist_ok=True)
        if (target / name).exists():
            _rename(target / name, self.unfinished / secrets.token_hex(8))
        _rename(source / name, target / name)


@contextmanager
def opened(path: PathLike, described: Mapping[str, Any]) -> Iterator[Folder]:
    """A folder of results to write in, by nobody else meanwhile; it is created if missing.

    What killed runs left half done is removed.

    Parameters
    ----------
    path : path
    described : dict
        What results depend on.

    Raises
    ------
    ValueError
        If it holds results that depend on something else, or anything else.
    BlockingIOError
        If another run writes there.
    OSError
        If nothing can be written there.
    """
    folder, described = Folder(Path(path)), json.loads(json.dumps(described))
    check_new_folder(folder.path)
    folder.path.mkdir(parents=True, exist_ok=True)
    if not (folder.path / RUN).exists():
        _check_empty(folder.path)
    with open(folder.path / _LOCK, "ab") as file:
        if not lock(file):
            raise BlockingIOError(f"{path}: another run writes there. Wait until it ends, or name another folder.")
        sweep(folder.path)
        if not (folder.path / RUN).exists():
            write_text(folder.path / RUN, json.dumps(described, indent=2) + "\n")
        elif told := difference(folder.described(), described):
            raise ValueError(f"{path}: {told}. Run as before to go on, or name a new folder to start anew.")
        _remove(folder.unfinished)
        folder.recordings.mkdir(exist_ok=True)
        folder.unfinished.mkdir()
        try:
            yield folder
        finally:
            with suppress(OSError):
                _remove(folder.unfinished)


def _check_empty(path):
    """Refuse a folder with files of somebody else."""
    ours = re.compile(rf"{_LOCK}|lightdiar-.*\.part|\..*")  # or hidden
    found = sorted(each.name for each in path.iterdir() if not ours.fullmatch(each.name))
    if found:
        raise ValueError(f"{path}: holds other files, such as {found[0]}. Name a new folder for the results.")


def _rename(source, target):
    """Rename a folder; on Windows not at once if a virus scanner looks into it."""
    for wait in (0.1, 0.3, 1.0) if os.name == "nt" else ():
        try:
            source.rename(target)
            return
        except PermissionError:
            sleep(wait)
    source.rename(target)


def _remove(folder):
    if folder.exists():
        shutil.rmtree(folder)


def _keep(folder):
    """Let the names in a folder survive a power cut; Windows does so by itself."""
    if os.name == "nt":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
