"""Conversations inside Parquet files, as copies of VoxConverse, AMI and CALLHOME are kept [1]_; needs pyarrow.

The columns are audio (a struct of bytes and path), and, as a list for each recording, timestamps_start, timestamps_end
(seconds) and speakers. The sounds are written as they are into a folder, each with an RTTM beside it.

References
----------
.. [1] https://huggingface.co/diarizers-community
"""

import io
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import Any

from lightdiar.common.files import is_reserved, write_bytes, write_text
from lightdiar.datasets.rows import Conversation, Kind, Read, Unplaced, new_folder
from lightdiar.datasets.tree import Tree
from lightdiar.datasets.truths import AFTER_ITS_END, truth_of
from lightdiar.errors import AudioError, FormatError
from lightdiar.io.audio import duration
from lightdiar.io.lines import name_of, segment_of
from lightdiar.io.rttm import rttm_text
from lightdiar.recognition.people import SOUNDS
from lightdiar.timeline import Annotation, Turn

_COLUMNS = ("audio", "timestamps_start", "timestamps_end", "speakers")
_MARKS = {b"RIFF": ".wav", b"fLaC": ".flac", b"OggS": ".ogg"}  # with which files begin


def _fits(tree: Tree) -> bool:
    return bool(tree.ending(".parquet"))


def _read(tree: Tree, extract: Path | None) -> Read:
    folder = new_folder(extract, tree.folder, "sounds in Parquet files")
    rows, unplaced = [], []
    taken: set[str] = set()
    for file in tree.ending(".parquet"):
        for number, record in enumerate(_records(tree.folder / file)):
            name = _name(record["audio"], taken) or f"{file.stem}-{number:05d}"
            taken.add(name.casefold())
            row = _extracted(record, folder, name)
            if isinstance(row, str):
                unplaced.append(Unplaced(f"{file}, record {number} ({name})", row))
            else:
                rows.append(row)
    return list(rows), unplaced


def _records(path: Path) -> Iterator[dict[str, Any]]:
    """The records of a file, one in memory at a time."""
    try:
        import pyarrow
        from pyarrow.parquet import ParquetFile
    except ImportError:
        raise ImportError(f'{path}: needs pyarrow: pip install "lightdiar[tables]"') from None
    try:
        with ParquetFile(path) as file:
            missing = [name for name in _COLUMNS if name not in file.schema_arrow.names]
            if missing:
                raise FormatError(f"{path}: no column {', '.join(missing)}; it needs {', '.join(_COLUMNS)}.")
            for batch in file.iter_batches(batch_size=1, columns=list(_COLUMNS)):
                yield from batch.to_pylist()
    except (pyarrow.ArrowException, OSError) as error:
        raise FormatError(f"{path}: not Parquet that can be read: {str(error).splitlines()[0]}") from None


def _name(sound, taken):
    """The name of a sound without its ending if it can be that of a file, and no other has it."""
    path = sound.get("path") if isinstance(sound, dict) else None
    name = name_of(PurePosixPath(str(path or "").replace("\\", "/")).stem)
    return name if name.isprintable() and not is_reserved(name or ".") and name.casefold() not in taken else ""


def _extracted(record, folder, name):
    """The row of a record, whose sound and turns are written; or why it has none."""
    sound = record["audio"].get("bytes") if isinstance(record["audio"], dict) else None
    if not sound:
        return "holds no sound, only where it was"
    lists = [record[column] or [] for column in _COLUMNS[1:]]
    if len({len(values) for values in lists}) > 1:
        return "has not as many speakers as times"
    try:
        turns = [
            Turn(segment.start, segment.end, str(speaker))
            for start, end, speaker in zip(*lists)
            if (segment := segment_of(float(start), float(end)))
        ]
        annotation = Annotation(turns, name)
        text = rttm_text(annotation)
    except (TypeError, ValueError) as error:
        return f"has turns that cannot be read: {error}"
    try:
        seconds = duration(io.BytesIO(sound))
    except AudioError:
        return "holds no sound that can be read"
    truth = truth_of(folder / f"{name}.rttm", [annotation])
    if seconds is not None and truth.last_start > seconds:
        return AFTER_ITS_END
    path = folder / f"{name}{_suffix(record['audio'].get('path'), sound)}"
    folder.mkdir(parents=True, exist_ok=True)
    write_bytes(path, sound)
    write_text(truth.path, text)
    return Conversation(path, truth.path, truth.speakers, seconds)


def _suffix(path, sound):
    """The ending of a sound's name, by how it begins or else by its old name."""
    old = PurePosixPath(str(path or "")).suffix.lower()
    return _MARKS.get(sound[:4]) or (old if old in SOUNDS else ".mp3")


PARQUET = Kind("parquet", "Parquet files of conversations, as copies of VoxConverse are kept", _fits, _read)
