"""Results of the parts of a corpus, which were done apart, joined."""

import warnings
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from lightdiar.common.files import PathLike
from lightdiar.common.foreign import read_text
from lightdiar.corpus.folder import Folder, Listed, opened
from lightdiar.corpus.options import difference
from lightdiar.corpus.reading import Corpus, read
from lightdiar.corpus.tables import write_tables
from lightdiar.errors import DoubtfulResultWarning
from lightdiar.io.lines import listed

_LARGEST = 100_000_000  # bytes


def merge(shards: Iterable[PathLike], out: PathLike) -> Corpus:
    """Join the results of shards of one list.

    What is there is taken, so that it can be done again when more is. A result takes the place of an error, and of one
    that an earlier merge took; an error only that of nothing.

    Parameters
    ----------
    shards : iterable of path
        Folders of results, made with the same options and version; they stay as they are.
    out : path
        Another folder of results, new or of an earlier merge.

    Returns
    -------
    corpus : Corpus
        Equal to that of a run without shards.

    Raises
    ------
    ValueError
        If the results were made with different options or versions, two recordings share a name, so that they are not
        of one list, or a folder is also `out`.
    FormatError
        If one is no folder of results.
    BlockingIOError
        If another run writes to `out`.

    Warns
    -----
    DoubtfulResultWarning
        If parts are missing.
    """
    folders = [Folder(path) for path in {Path(shard).resolve(): Path(shard) for shard in shards}.values()]
    if not folders:
        raise ValueError("nothing to merge: name the folders of results.")
    first, *others = folders
    described = first.described()
    for other in others:
        if told := difference(described, other.described()):
            raise ValueError(f"{other.path}: cannot be joined with {first.path}: {told}. Run all parts alike.")
    same = next((each.path for each in folders if each.path.resolve() == Path(out).resolve()), None)
    if same:
        raise ValueError(f"{same}: cannot be joined with itself; name another folder as the one to write.")
    with opened(out, described) as folder:
        _check_paths([folder, *folders])
        for shard in folders:
            _take(shard, folder)
        folder.note_listed(_listed(folders))
        write_tables(folder)
        return read(out)


def _check_paths(folders):
    """Refuse parts of different lists before anything is taken."""
    known: dict[str, tuple[str, Path]] = {}
    for folder in folders:
        for row in folder.rows():
            path, where = known.setdefault(row.recording, (row.path, folder.path))
            if path != row.path:
                raise ValueError(
                    f"{folder.path}: {row.recording} is {row.path}, but in {where} it is {path}: the parts are not of "
                    "one list. Name those of one list, and a new folder to write."
                )


def _listed(folders):
    """How many recordings the parts have together; a warning tells of parts that are missing."""
    sizes: dict[int, dict[int, int]] = {}  # of the parts by their number, for each number of parts
    for part in (folder.listed() for folder in folders):
        sizes.setdefault(part.n_parts, {})[part.number] = part.n_recordings
    if not any(len(own) == n_parts for n_parts, own in sizes.items()):
        n_parts = max(sizes)
        missing = [str(number) for number in range(1, n_parts + 1) if number not in sizes[n_parts]]
        are = "are" if len(missing) > 1 else "is"
        warnings.warn(f"of {n_parts} parts, {listed(missing)} {are} missing.", DoubtfulResultWarning, stacklevel=3)
    return Listed(max(sum(own.values()) for own in sizes.values()))


def _take(shard, folder):
    """Copy the results of a shard that are not there."""
    for row in shard.rows():
        there = folder.row(row.recording)
        if there and (row.error or replace(there, cpu_seconds=None) == replace(row, cpu_seconds=None)):
            continue
        files = {}
        if not row.error:
            files = {suffix: read_text(shard.file(row.recording, suffix), _LARGEST) for suffix in (".rttm", ".json")}
        if (folder.recordings / row.recording).exists():
            folder.discard(row.recording)
        folder.place(row, files)
