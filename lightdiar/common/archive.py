"""Trained parameters: plain arrays in an npz, and a model card in ``card.json`` beside it.

The card gives sources, licences, the training recipe, measured figures and the SHA-256 of the parameters. An untrusted
file cannot run code: nothing is pickled, and the size, name, type and values of every array are checked before use.
"""

import hashlib
import io
import json
import math
import os
import re
import struct
import zipfile
import zlib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from lightdiar.common.files import PathLike, check_new_folder, check_output, write_bytes, write_text
from lightdiar.common.foreign import read_bytes, read_json
from lightdiar.errors import FormatError, ModelError

CARD = "card.json"
_LARGEST_BYTES = 64_000_000  # of the npz, and of all arrays, uncompressed
LARGEST_CARD = 1_000_000  # bytes
LARGEST_ENTRIES = LARGEST_CARD // 10  # of what is given for a card; indented it is longer
_MOST_ARRAYS = 1000
_LONGEST_HEADER = 1000  # bytes, of a npy file
_LONGEST_ENTRY = 200  # bytes of the zip's directory for each array
_END_LENGTH = 22  # bytes, of the end of that directory, without a comment
_NAME = re.compile(r"[^\W\d][\w.]*\.npy")
_HEADERS = {(1, 0): (2, np.lib.format.read_array_header_1_0), (2, 0): (4, np.lib.format.read_array_header_2_0)}


def read_card(folder: PathLike) -> dict[str, Any]:
    """Read the model card in a folder.

    Raises
    ------
    ModelError
        If it is missing or invalid.
    """
    path = Path(folder) / CARD
    content = _read(read_json, path, LARGEST_CARD)
    if not isinstance(content, dict):
        raise ModelError(f"{path}: a model card is a JSON object; got {type(content).__name__}.")
    return content


def read_arrays(path: PathLike, largest: float = math.inf) -> dict[str, np.ndarray]:
    """Read an npz with a card beside it: finite float32 or float64 arrays by name, in file order.

    What was written in half precision is read as float32. Only what `write_archive` and numpy write is read: a zip from
    the first byte to the last, with plain or deflated entries ``name.npy``, each once. Sizes are compared with what is
    there before anything is unpacked.

    Parameters
    ----------
    path : path
    largest : float, optional
        The largest value, of either sign, that a model can have.

    Raises
    ------
    ModelError
        If a file is missing, does not match the card, or contains anything but such arrays.
    """
    path = Path(path)
    arrays = unpack_arrays(_described_bytes(path), path)
    arrays = {
        name: array.astype(np.promote_types(array.dtype, np.float32), copy=False) for name, array in arrays.items()
    }
    for name, array in arrays.items():
        if (top := np.abs(array).max(initial=0)) > largest:
            raise ModelError(f"{path}: {name} has values up to {top:.0e}; at most {largest:.0e} is possible.")
    return arrays


def unpack_arrays(
    data: bytes, path: PathLike, types: Sequence[type[np.generic]] = (np.float16, np.float32, np.float64)
) -> dict[str, np.ndarray]:
    """The arrays of an npz in memory, of the given types, as `read_arrays` reads them; `path` stands in messages.

    Raises
    ------
    ModelError
        If it contains anything but such arrays, or values that are not finite.
    """
    try:
        entries = _entries(data)
    except ModelError:
        raise
    except Exception as error:  # what a broken zip raises is not documented; it is always a bad file
        raise _not_arrays(path, error) from None
    size = sum(entry.file_size for entry in entries)
    if size > _LARGEST_BYTES:
        raise ModelError(f"{path}: {size} bytes when unpacked; at most {_LARGEST_BYTES} are allowed.")
    arrays = {}
    for entry in entries:
        name = entry.filename.removesuffix(".npy")
        try:
            array = _array(_unpacked(data, entry))
        except Exception as error:  # as above, of a broken header
            raise _not_arrays(path, error) from None
        if array.dtype not in types or not np.isfinite(array).all():
            wanted = " or ".join(kind.__name__ for kind in types)
            raise ModelError(f"{path}: {name} must be finite {wanted}; got {array.dtype}.")
        arrays[name] = array
    return arrays


def write_archive(path: PathLike, arrays: Mapping[str, np.ndarray], card: Mapping[str, Any]) -> None:
    """Write parameters and card as one: whenever it is stopped, the folder holds the old model or the new one.

    Identical input gives identical bytes.

    Parameters
    ----------
    path : path
        The npz; its folder is created if missing.
    arrays : dict of str to array
        Written in this order.
    card : dict
        What users should know; the checksum is added.
    """
    path = Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    data = pack_arrays(arrays)
    described = {**card, "sha256": _sha256(data)}
    write_bytes(_interrupted(path), data)
    write_text(path.with_name(CARD), json.dumps(described, indent=2, ensure_ascii=False) + "\n")
    os.replace(_interrupted(path), path)  # whoever is stopped before this line leaves the old model or the new one


def pack_arrays(arrays: Mapping[str, np.ndarray]) -> bytes:
    """An npz of the arrays in this order; identical input gives identical bytes."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as archive:
        for name, array in arrays.items():
            content = io.BytesIO()
            np.lib.format.write_array(content, np.asarray(array, order="C"), allow_pickle=False)
            archive.writestr(zipfile.ZipInfo(f"{name}.npy", (1980, 1, 1, 0, 0, 0)), content.getvalue())
    return buffer.getvalue()


def check_archive(path: PathLike, *, overwrite: bool = False) -> None:
    """Raise, before any work, if parameters and card cannot be written, or would replace files of somebody else.

    An older model, whose card describes its parameters, may be replaced.

    Raises
    ------
    OSError
        As `lightdiar.common.files.check_output`.
    """
    path = Path(path)
    if not path.parent.is_dir():
        check_new_folder(path.parent)
        return
    try:
        _described_bytes(path)
        overwrite = True
    except ModelError:
        pass
    check_output(path, path.with_name(CARD), overwrite=overwrite)


def _described_bytes(path):
    """The content of the npz that the card describes."""
    expected = read_card(path.parent).get("sha256")
    for candidate in [name for name in (path, _interrupted(path)) if name.exists()] or [path]:
        data = _read(read_bytes, candidate, _LARGEST_BYTES)
        if _sha256(data) == expected:
            return data
    raise ModelError(f"{path}: is not the file its card describes (SHA-256 differs); train or install it again.")


def _interrupted(path):
    """Where the parameters lie until their card, which decides, is in place."""
    return path.with_suffix(f".new{path.suffix}")


def _sha256(data):
    return hashlib.sha256(data).hexdigest()


def _read(function, path, largest):
    try:
        return function(path, largest)
    except FormatError as error:
        raise ModelError(str(error)) from None
    except OSError as error:
        raise ModelError(
            f"{path}: cannot be read ({error.strerror}); a model is a folder with an npz and {CARD}."
        ) from None


def _not_arrays(path, error):
    reason = " ".join(str(error).split())[:200] or type(error).__name__
    return ModelError(f"{path}: is not an npz of plain arrays ({reason}); pickles are rejected.")


def _entries(data):
    """Entries of a zip file; ValueError for everything that no npz has."""
    signature, *numbers, size, start, comment = struct.unpack("<4s4HIIH", data[-_END_LENGTH:])
    if signature != b"PK\5\6" or comment or data[:4] != b"PK\3\4" or start + size + _END_LENGTH != len(data):
        raise ValueError("a zip file has to fill it from the first byte to the last")
    if max(numbers) > _MOST_ARRAYS or size > _MOST_ARRAYS * _LONGEST_ENTRY:  # zipfile keeps 1 kB of each
        raise ValueError(f"more than {_MOST_ARRAYS} arrays")
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        entries = archive.infolist()
    names = [entry.filename for entry in entries]
    for entry in entries:
        if not _NAME.fullmatch(entry.filename) or names.count(entry.filename) > 1:
            raise ValueError(f"{entry.filename[:60]!r} is not a name of an array, or is there twice")
        if entry.flag_bits & 1 or entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise ValueError(f"{entry.filename} is encrypted, or compressed in an unusual way")
    return entries


def _unpacked(data, entry):
    """Content of an entry; ValueError if its size or checksum is not what it says."""
    lengths = struct.unpack("<HH", data[entry.header_offset + 26 : entry.header_offset + 30])
    start = entry.header_offset + 30 + sum(lengths)
    content, complete = data[start : start + entry.compress_size], True
    if entry.compress_type == zipfile.ZIP_DEFLATED:
        inflater = zlib.decompressobj(-zlib.MAX_WBITS)
        content, complete = inflater.decompress(content, entry.file_size + 1), inflater.eof
    if not complete or len(content) != entry.file_size or zlib.crc32(content) != entry.CRC:
        raise ValueError(f"{entry.filename} does not hold the bytes that it should")
    return content


def _array(content):
    """An array from the bytes of a npy file; ValueError unless its header fits them."""
    file = io.BytesIO(content)
    version = np.lib.format.read_magic(file)
    if version not in _HEADERS or len(content) < 12:
        raise ValueError("it has no header that numpy writes")
    width, read_header = _HEADERS[version]
    if int.from_bytes(content[8 : 8 + width], "little") > _LONGEST_HEADER:
        raise ValueError(f"its header is longer than {_LONGEST_HEADER} bytes")
    shape, _, dtype = read_header(file)
    rest = len(content) - file.tell()
    if dtype.hasobject or min(shape, default=1) < 1 or math.prod(shape) * dtype.itemsize != rest:
        raise ValueError(f"{rest} bytes are no array of shape {shape}, type {dtype}")
    file.seek(0)
    return np.lib.format.read_array(file, allow_pickle=False)
