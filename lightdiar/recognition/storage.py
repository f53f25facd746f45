"""Files of voices: an npz of plain arrays, names as JSON in it; nothing is pickled, and no sound is kept.

``people`` holds the JSON, as bytes: the format, the models that made the vectors, and the number of sessions of each
person. ``vectors`` (n_sessions, n_dimensions) and ``seconds`` (n_sessions,) hold the voiceprints in that order.
"""

import json
import stat
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from lightdiar.common.archive import pack_arrays, unpack_arrays
from lightdiar.common.files import PathLike, check_output, write_bytes
from lightdiar.common.foreign import decoded, parse_json, read_bytes
from lightdiar.common.tables import printable, shortened
from lightdiar.errors import FormatError, ModelError
from lightdiar.recognition.people import check_names
from lightdiar.stages.voiceprint import Voiceprint

_FORMAT, _VERSION = "lightdiar voices", 1
_LARGEST = 64_000_000  # bytes
_PRIVATE = 0o600
_HOW = "`lightdiar enrol` writes them."
_LARGEST_VALUE = 1e4  # of a vector; those of voices stay below 100
_LONGEST = 1e9  # seconds


def save_voices(
    path: PathLike, people: Mapping[str, Sequence[Voiceprint]], fingerprint: str, *, overwrite: bool = False
) -> None:
    """Write the voiceprints of people; `fingerprint` is that of the models that made them.

    A new file can be read by its owner only; one that is replaced keeps its permissions.

    Raises
    ------
    FileExistsError
        If the file exists, unless `overwrite`.
    ValueError
        If there are too many sessions, about 39,000, for the file to be read again.
    """
    path = Path(path).resolve()  # a link stays one, and what it leads to is replaced
    check_output(path, overwrite=overwrite)
    mode = stat.S_IMODE(path.stat().st_mode) if path.exists() else _PRIVATE
    head = {
        "format": _FORMAT,
        "version": _VERSION,
        "models": fingerprint,
        "people": [[name, len(sessions)] for name, sessions in people.items()],
    }
    prints = [session for sessions in people.values() for session in sessions]
    arrays: dict[str, np.ndarray] = {
        "people": np.frombuffer(json.dumps(head, ensure_ascii=False).encode(), np.uint8),
        "vectors": np.stack([session.vector for session in prints]).astype(np.float32),
        "seconds": np.array([session.seconds for session in prints]),
    }
    content = pack_arrays(arrays)
    if len(content) > _LARGEST:
        raise ValueError(f"{path}: {len(prints)} sessions do not fit into {_LARGEST} bytes; enrol fewer in a file.")
    write_bytes(path, content, _PRIVATE)
    path.chmod(mode)


def load_voices(path: PathLike, fingerprint: str, n_dimensions: int) -> dict[str, list[Voiceprint]]:
    """Read the voiceprints of people.

    Raises
    ------
    FormatError
        If it is not a file of voices, or not a sound one.
    ModelError
        If other models made it.
    """
    content = _content(path)
    try:
        arrays = unpack_arrays(content, path, (np.uint8, np.float32, np.float64))
    except ModelError as error:
        reason = str(error).removeprefix(f"{path}: ").rstrip(".")
        raise FormatError(f"{path}: is not a file of voices, or damaged: {reason}.") from None
    if sorted(arrays) != ["people", "seconds", "vectors"] or arrays["people"].dtype != np.uint8:
        raise FormatError(f"{path}: is not a file of voices; {_HOW}")
    head = _read_head(arrays["people"].tobytes(), path)
    if head["models"] != fingerprint:
        raise ModelError(
            f"{path}: was made by other models ({printable(head['models'][:12])}, not {fingerprint[:12]}), and vectors "
            "of different models cannot be compared; enrol the people again."
        )
    vectors, seconds = arrays["vectors"], arrays["seconds"]
    n_sessions = sum(number for _, number in head["people"])
    if vectors.shape != (n_sessions, n_dimensions) or seconds.shape != (n_sessions,):
        raise FormatError(
            f"{path}: vectors of shape {vectors.shape} and seconds of shape {seconds.shape} do not fit {n_sessions} "
            f"sessions of {n_dimensions} dimensions."
        )
    if np.abs(vectors).max() > _LARGEST_VALUE or seconds.min() < 0 or seconds.max() > _LONGEST:
        raise FormatError(f"{path}: has values that no voice has.")
    try:
        names = check_names(name for name, _ in head["people"])
    except ValueError as error:
        raise FormatError(f"{path}: {error}") from None
    prints = [Voiceprint(vector.astype(np.float32), float(length)) for vector, length in zip(vectors, seconds)]
    people, start = {}, 0
    for name, (_, number) in zip(names, head["people"]):
        people[name] = prints[start : start + number]
        start += number
    return people


def _content(path):
    """The bytes of the file; FormatError if it cannot be one of voices."""
    if Path(path).is_dir():
        raise FormatError(f"{path}: is a folder, not a file of voices; {_HOW}")
    try:
        content = read_bytes(path, _LARGEST)
    except OSError as error:
        raise FormatError(f"{path}: cannot be read ({error.strerror}); name a file of voices: {_HOW}") from None
    if content[:4] != b"PK\3\4":
        raise FormatError(f"{path}: is not a file of voices; {_HOW}")
    return content


def _read_head(content, path) -> dict[str, Any]:
    """The JSON of the people, checked but for their names, of which there may be very many."""
    head = parse_json("".join(decoded([content], path)), path)
    if not isinstance(head, dict) or head.get("format") != _FORMAT:
        raise FormatError(f"{path}: is not a file of voices; {_HOW}")
    if head.get("version") != _VERSION:
        version = printable(shortened(repr(head.get("version")), 50))
        raise FormatError(f"{path}: version {version} of files of voices is not known; {_VERSION} is.")
    people, models = head.get("people"), head.get("models")
    rows = people if isinstance(people, list) else []
    counted = all(
        isinstance(row, list) and len(row) == 2 and isinstance(row[0], str) and type(row[1]) is int and row[1] > 0
        for row in rows
    )
    if not rows or not isinstance(models, str) or not counted or sum(number for _, number in rows) > _LARGEST:
        raise FormatError(f"{path}: its list of people is damaged.")
    return {"models": models, "people": rows}
