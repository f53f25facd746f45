"""The manifest of a data set: which recordings it has, and what is known of each."""

import csv
import io
import os
import warnings
from collections.abc import Iterator
from dataclasses import dataclass, fields
from pathlib import Path

from lightdiar.common.files import PathLike, write_bytes
from lightdiar.common.notation import count_of
from lightdiar.common.tables import disarmed, printable, shortened
from lightdiar.datasets.ami import AMI
from lightdiar.datasets.commonvoice import COMMONVOICE
from lightdiar.datasets.conversations import CONVERSATIONS
from lightdiar.datasets.films import FILMS
from lightdiar.datasets.librispeech import LIBRISPEECH
from lightdiar.datasets.parquet import PARQUET
from lightdiar.datasets.people import PEOPLE
from lightdiar.datasets.rows import Clip, Conversation, Kind, Row, Unplaced
from lightdiar.datasets.timit import TIMIT
from lightdiar.datasets.tree import Tree, read_tree
from lightdiar.datasets.voxceleb import VOXCELEB
from lightdiar.errors import DoubtfulResultWarning
from lightdiar.io.manifests import MOST_ROWS

# what is laid out as no other set is comes before what many folders look like
_KINDS = ((LIBRISPEECH, VOXCELEB, COMMONVOICE, TIMIT, AMI, PARQUET), (CONVERSATIONS,), (PEOPLE, FILMS))
KINDS = {kind.name: kind for row in _KINDS for kind in row}
_MOST_NAMES = 3  # of what is not placed for one reason
_MOST_REASONS = 10


@dataclass(frozen=True, repr=False)
class Manifest:
    """Which recordings a data set has.

    Parameters
    ----------
    kind : str
        One of `KINDS`.
    rows : tuple of Clip, Conversation or FilmClip
        Sorted by path.
    unplaced : tuple of Unplaced
        What has no place in the manifest, and why.
    """

    kind: str
    rows: tuple[Row, ...]
    unplaced: tuple[Unplaced, ...] = ()

    @property
    def hours(self) -> float:
        """Length of all recordings whose headers tell it."""
        return sum(getattr(row, "seconds", None) or 0.0 for row in self.rows) / 3600

    @property
    def genders(self) -> dict[str, str]:
        """Gender of each person who speaks alone: "F", "M", or "" if it is not told or both are."""
        told: dict[str, set[str]] = {}
        for row in self.rows:
            if isinstance(row, Clip):
                told.setdefault(row.speaker, set()).update(row.gender)
        return {speaker: next(iter(genders)) if len(genders) == 1 else "" for speaker, genders in told.items()}

    def to_csv(self, path: PathLike) -> None:
        """Write the manifest; paths are relative to its folder where they can be.

        Raises
        ------
        OSError
            If it cannot be written.
        ValueError
            If the folder of the data set has a name that is not UTF-8.

        Warns
        -----
        DoubtfulResultWarning
            If it has more rows than the commands read.
        """
        if len(self.rows) > MOST_ROWS:
            message = f"{path}: {len(self.rows)} rows; `train`, `trials` and `tune` read at most {MOST_ROWS}."
            warnings.warn(message, DoubtfulResultWarning, stacklevel=2)
        try:
            content = _csv_text(self.rows, os.path.realpath(Path(path).parent)).encode("utf-8")
        except UnicodeEncodeError:
            raise ValueError(f"{path}: UTF-8 cannot hold the name of the folder of the data set; rename it.") from None
        write_bytes(path, content)

    def __repr__(self) -> str:
        return f"<Manifest: {self.kind}, {len(self.rows)} recordings, {len(self.unplaced)} not placed>"

    def __str__(self) -> str:
        return "\n".join(self._lines())

    def _lines(self) -> Iterator[str]:
        hours = f"{self.hours:.1f} h" if self.hours >= 0.1 else f"{3600 * self.hours:.0f} s"
        n_unknown = sum(getattr(row, "seconds", None) is None for row in self.rows)
        length = "" if n_unknown == len(self.rows) else f", {hours}"
        part = f" (of {n_unknown} the header does not tell)" if length and n_unknown else ""
        yield f"{self.kind}: {count_of(len(self.rows), 'recording')}{length}{part}"
        if genders := list(self.genders.values()):
            women, men, unknown = (genders.count(gender) for gender in ("F", "M", ""))
            yield f"speakers: {len(genders)} (women {women}, men {men}, not told {unknown})"
        elif speakers := [row.speakers for row in self.rows if isinstance(row, Conversation)]:
            to = f" to {max(speakers)}" if max(speakers) > min(speakers) else ""
            yield f"speakers in a recording: {min(speakers)}{to}"
        elif self.rows:
            yield f"films: {len({getattr(row, 'film', '') for row in self.rows})}"
        if self.unplaced:
            yield f"not placed: {len(self.unplaced)}"
            yield from _listed(self.unplaced)


def manifest(folder: PathLike, *, kind: str | None = None, extract: PathLike | None = None) -> Manifest:
    """List the recordings of a data set as it comes.

    Parameters
    ----------
    folder : path
        LibriSpeech, VoxCeleb, Common Voice, TIMIT, AMI, conversations with RTTM such as VoxConverse, Parquet files of
        these, or a folder of people or of films. Nothing is decoded: lengths are those of headers.
    kind : str, optional
        One of `KINDS`, where the folder could be several.
    extract : path, optional
        A new or empty folder for what other programs could not read where it is: sounds inside Parquet files, and
        turns that are in XML.

    Returns
    -------
    manifest : Manifest
        ``print(manifest)`` says what was found; ``manifest.to_csv("m.csv")`` writes what `train`, `trials`, `tune`,
        `score` and `corpus` take.

    Raises
    ------
    NotADirectoryError
        If `folder` is none.
    ValueError
        If it is laid out as no kind or as several, nothing could be placed, or `extract` is needed.
    FormatError
        With the line, if a table of the data set is broken.
    ImportError
        If Parquet files are to be read without pyarrow.

    Examples
    --------
    >>> print(manifest("LibriSpeech/"))  # doctest: +SKIP
    librispeech: 2703 recordings, 5.4 h
    speakers: 40 (women 20, men 20, not told 0)
    """
    tree = read_tree(folder)
    chosen = _chosen(tree, kind)
    rows, unplaced = chosen.read(tree, None if extract is None else Path(extract))
    unplaced += [Unplaced(name, reason) for name, reason in tree.left_out]
    if not rows:
        why = f"; {unplaced[0].path}: {unplaced[0].reason}" if unplaced else ""
        raise ValueError(printable(f"{folder}: nothing could be placed as {chosen.name} ({chosen.label}){why}."))
    ordered = sorted(rows, key=lambda row: row.path.as_posix())
    return Manifest(chosen.name, tuple(ordered), tuple(sorted(unplaced, key=lambda one: one.path)))


def _chosen(tree: Tree, name: str | None) -> Kind:
    """The kind of this name, or the one that fits."""
    if name is not None:
        if name not in KINDS:
            raise ValueError(f"kind={shortened(name, 50)!r} must be one of {', '.join(KINDS)}.")
        return KINDS[name]
    for kinds in _KINDS:
        fitting = [kind for kind in kinds if kind.fits(tree)]
        if len(fitting) > 1:
            names = " or ".join(kind.name for kind in fitting)
            raise ValueError(f"{tree.folder}: could be {names}; say which: --kind {fitting[0].name}, say.")
        if fitting:
            return fitting[0]
    raise ValueError(
        f"{tree.folder}: laid out as no data set that is known here ({', '.join(KINDS)}); sounds found: "
        f"{len(tree.sounds)}. Name the folder that holds all of the data set."
    )


def _listed(unplaced):
    """Lines of reasons, commonest first, each with the first files it is true of."""
    files: dict[str, list[str]] = {}
    for one in unplaced:
        files.setdefault(one.reason, []).append(one.path)
    reasons = sorted(files, key=lambda reason: (-len(files[reason]), reason))
    for reason in reasons[:_MOST_REASONS]:
        own = files[reason]
        names = ", ".join(shortened(name, 100) for name in own[:_MOST_NAMES])
        more = f" and {len(own) - _MOST_NAMES} more" if len(own) > _MOST_NAMES else ""
        yield printable(f"  {reason}: {names}{more}")
    if len(reasons) > _MOST_REASONS:
        yield f"  and {sum(len(files[reason]) for reason in reasons[_MOST_REASONS:])} for other reasons"


def _csv_text(rows, folder):
    """The rows as CSV; paths relative to a folder whose links are resolved."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    names = [field.name for field in fields(rows[0])]
    writer.writerow(names)
    homes: dict[Path, str] = {}  # the relative path of each folder: it takes long to find
    for row in rows:
        writer.writerow([_cell(getattr(row, name), folder, homes) for name in names])
    return text.getvalue()


def _cell(value, folder, homes):
    if isinstance(value, Path):
        if value.parent not in homes:
            homes[value.parent] = _relative(os.path.realpath(value.parent), folder)
        name = f"{homes[value.parent]}{value.name}"
        return name if disarmed(name) == name else f"./{name}"
    if isinstance(value, float):
        return f"{value:.3f}".rstrip("0").rstrip(".")
    return "" if value is None else disarmed(str(value))


def _relative(path, folder):
    """A folder relative to another, with / at its end; nothing for the folder itself."""
    try:
        relative = Path(os.path.relpath(path, folder)).as_posix()
    except ValueError:  # on another drive
        relative = Path(path).as_posix()
    return "" if relative == "." else f"{relative.rstrip('/')}/"
