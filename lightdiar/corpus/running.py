"""A corpus from its list to its tables: what is done already is kept, and what fails is a row with its error."""

import warnings
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, replace
from typing import Any

from lightdiar.common.files import PathLike, write_text
from lightdiar.common.tables import printable
from lightdiar.corpus.film import State
from lightdiar.corpus.folder import Folder, Listed, opened
from lightdiar.corpus.listing import read_listing
from lightdiar.corpus.local import run_local
from lightdiar.corpus.options import Options
from lightdiar.corpus.outcome import Outcome
from lightdiar.corpus.process import CannotGoOn
from lightdiar.corpus.reading import Corpus, read
from lightdiar.corpus.rows import ROW, Row
from lightdiar.corpus.tables import write_tables
from lightdiar.corpus.work import Diarizing
from lightdiar.errors import DoubtfulResultWarning
from lightdiar.io.lines import listed

TIME_LIMIT = 3600.0  # seconds; a film of two hours takes a minute or two


@dataclass(frozen=True)
class Step:
    """A recording that is done, or failed.

    Parameters
    ----------
    number, total : int
        How many are done, those of earlier runs too, and how many there are.
    row : Row
        What is known of it.
    """

    number: int
    total: int
    row: Row


def run(
    source: PathLike,
    out: PathLike,
    *,
    n_jobs: int = 1,
    dask: str | None = None,
    time_limit: float | None = TIME_LIMIT,
    shard: tuple[int, int] | None = None,
    retry: bool = False,
    progress: Callable[[Step], object] | None = None,
    **diarizer_options: Any,
) -> Corpus:
    """Diarize all recordings of a corpus, or go on with it.

    Each recording is done in a process of its own, which may crash or hang; what fails is a row with its error. What
    is done is kept, whatever happens, and not done again, unless its file has changed or its results cannot be read.

    Parameters
    ----------
    source : path
        A folder or a list; see `lightdiar.corpus.listing.read_listing`.
    out : path
        The folder of results; see `lightdiar.corpus.folder`.
    n_jobs : int, default=1
        Number of processes on this machine. The results do not depend on it.
    dask : str, optional
        Address of the scheduler of a Dask cluster, whose workers see `source` and `out` under the same names; then
        `n_jobs` means nothing.
    time_limit : float or None, default=3600
        Seconds for a recording.
    shard : tuple of 2 int, optional
        (I, N): do only the I-th of N parts of the list, from 1; `merge` joins their results.
    retry : bool, default=False
        Try again what failed before.
    progress : callable, optional
        Called with a `Step` after each recording.
    **diarizer_options
        See `lightdiar.corpus.options.Options`.

    Returns
    -------
    corpus : Corpus

    Raises
    ------
    FormatError, ValueError
        If the list cannot be used, an option is impossible, or `out` holds results of other options, another version,
        or anything else.
    BlockingIOError
        If another run writes to `out`.
    CannotGoOn
        If results cannot be written; those so far are kept.

    Examples
    --------
    >>> import lightdiar.corpus
    >>> corpus = lightdiar.corpus.run("films/", "results", n_jobs=4)  # doctest: +SKIP
    >>> corpus  # doctest: +SKIP
    <Corpus: 120 recordings (2 failed), 1013 speakers>
    """
    if n_jobs < 1:
        raise ValueError(f"n_jobs={n_jobs} must be 1 or more.")
    if time_limit is not None and not time_limit > 0:
        raise ValueError(f"time_limit={time_limit} s must be more than 0, or None for no limit.")
    part = _part(shard)
    options = Options(**diarizer_options)
    options.diarizer()  # an impossible option is told before anything is written
    films = read_listing(source)
    with opened(out, options.described()) as folder:
        folder.note_listed(Listed(len(films[part]), *(shard or (1, 1))))
        _keep_listed(folder, films)
        own = films[part]
        left = _left(folder, own, retry)
        work = Diarizing(folder.path.resolve(), options)
        if dask is None:
            outcomes = run_local(work, left, n_jobs=min(n_jobs, max(1, len(left))), time_limit=time_limit)
        else:
            from lightdiar.corpus.cluster import run_on_dask

            outcomes = run_on_dask(work, left, folder=folder.path, address=dask, time_limit=time_limit)
        with _tables_at_the_end(folder):
            _follow(folder, outcomes, len(own) - len(left), len(own), progress)
        return read(out)


def _part(shard):
    """The places in the list of one of several parts."""
    if shard is None:
        return slice(None)
    number, total = shard
    if not 1 <= number <= total:
        raise ValueError(f"shard {number}/{total}: the number of the part must be from 1 to {total}.")
    return slice(number - 1, None, total)


def _keep_listed(folder, films):
    """Move the results of recordings that are not listed any more out of the way, and of those that are again, back."""
    listed_films = {film.name: film for film in films}
    gone = [path.name for path in sorted(folder.recordings.iterdir()) if path.name not in listed_films]
    for name in gone:
        folder.move(name, folder.recordings, folder.unlisted)
    if gone:
        _warn(f"{folder.unlisted}: results of recordings that are not listed any more: {_named(gone)}")
    back = sorted(folder.unlisted.iterdir()) if folder.unlisted.exists() else []
    for name in (path.name for path in back if path.name in listed_films):
        if not (folder.recordings / name).exists():
            folder.move(name, folder.unlisted, folder.recordings)


def _left(folder, films, retry):
    """Those that are not done; what was done of others, before they changed, is removed."""
    left, changed, damaged = [], [], []
    for film in films:
        if not (folder.recordings / film.name).exists():
            left.append(film)
            continue
        row = folder.row(film.name)
        if row is None or not folder.is_readable(row):
            folder.move(film.name, folder.recordings, folder.damaged)
            left.append(film)
            damaged.append(film.name)
            continue
        is_changed = _is_changed(row, film)
        if is_changed or (retry and row.error):
            folder.discard(film.name)
            left.append(film)
            changed += [film.name] * is_changed
        elif row.columns != film.columns:
            write_text(folder.recordings / film.name / ROW, replace(row, columns=film.columns).to_json())
    if changed:
        _warn(f"{folder.path}: changed since they were heard, and done again: {_named(changed)}")
    if damaged:
        _warn(f"{folder.damaged}: results that were not complete or readable, and are made anew: {_named(damaged)}")
    return left


def _is_changed(row, film):
    """Whether a recording is another one than that of the row; no if its file is not there any more."""
    if (row.path, row.part) != (film.path, film.part):
        return True
    return State.of(film.file) not in (row.state, None)


def _follow(
    folder: Folder,
    outcomes: Iterator[Outcome],
    n_done: int,
    n_all: int,
    progress: Callable[[Step], object] | None,
) -> None:
    """Note each recording that fails, and tell of each."""
    with closing(outcomes):  # type: ignore[type-var]  # they are generators
        for number, outcome in enumerate(outcomes, n_done + 1):
            row = folder.row(outcome.task.name)
            if row is None:
                row = Row.failed(outcome.task, outcome.error or "its result is not there any more.")
                folder.place(row, {})
            if progress:
                progress(Step(number, n_all, row))


@contextmanager
def _tables_at_the_end(folder):
    """Write the tables, however the work ends; an error of the work is the one that is told."""
    try:
        yield
    except BaseException:
        with suppress(CannotGoOn):
            write_tables(folder)
        raise
    write_tables(folder)


def _named(names: Iterable[str]) -> str:
    names = list(names)
    return listed(map(printable, names)) + (f" ({len(names)})" if len(names) > 1 else "")


def _warn(message):
    warnings.warn(message, DoubtfulResultWarning, stacklevel=4)
