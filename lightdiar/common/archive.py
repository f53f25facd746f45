"""Trained parameters: plain arrays in an npz, and a model card in ``card.json`` beside it.

The card gives sources, licences, the training recipe, measured figures and the SHA-256 of the parameters. An untrusted
file cannot run code: nothing is pickled, and the size, name, type and values of every array are checked before use.
"""

import hashlib
import io
import json
import os
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from lightdiar.common.files import PathLike, check_new_folder, check_output, write_bytes, write_text
from lightdiar.errors import ModelError

CARD = "card.json"
_LARGEST_BYTES = 64_000_000  # of all arrays, uncompressed


def read_card(folder: PathLike) -> dict[str, Any]:
    """Read the model card in a folder.

    Raises
    ------
    ModelError
        If it is missing or invalid.
    """
    path = Path(folder) / CARD
    try:
        content = json.loads(_read_bytes(path))
    except (ValueError, RecursionError) as error:
        raise ModelError(f"{path}: is not JSON: {error}") from None
    if not isinstance(content, dict):
        raise ModelError(f"{path}: a model card is a JSON object; got {type(content).__name__}.")
    return content


def read_arrays(path: PathLike) -> dict[str, np.ndarray]:
    """Read an npz with a card beside it: finite float32 or float64 arrays by name, in file order.

    Raises
    ------
    ModelError
        If a file is missing, does not match the card, or contains anything but such arrays.
    """
    path = Path(path)
    data = _described_bytes(path)
    arrays = {}
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            size = sum(entry.file_size for entry in archive.infolist())
            if size > _LARGEST_BYTES:
                raise ModelError(f"{path}: {size} bytes when unpacked; at most {_LARGEST_BYTES} are allowed.")
            for name in archive.namelist():
                with archive.open(name) as file:
                    arrays[name.removesuffix(".npy")] = np.lib.format.read_array(file, allow_pickle=False)
    except ModelError:
        raise
    except Exception as error:  # what a broken zip or header raises is not documented; it is always a bad file
        raise ModelError(f"{path}: is not an npz of plain arrays ({error}); pickles are rejected.") from None
    for name, array in arrays.items():
        if array.dtype not in (np.float32, np.float64) or not np.isfinite(array).all():
            raise ModelError(f"{path}: {name} must be finite float32 or float64; got {array.dtype}.")
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
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as archive:
        for name, array in arrays.items():
            content = io.BytesIO()
            np.lib.format.write_array(content, np.asarray(array, order="C"), allow_pickle=False)
            archive.writestr(zipfile.ZipInfo(f"{name}.npy", (1980, 1, 1, 0, 0, 0)), content.getvalue())
    data = buffer.getvalue()
    described = {**card, "sha256": _sha256(data)}
    write_bytes(_interrupted(path), data)
    write_text(path.with_name(CARD), json.dumps(described, indent=2, ensure_ascii=False) + "\n")
    os.replace(_interrupted(path), path)  # whoever is stopped before this line leaves the old model or the new one


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
    for name in (path, path.with_name(CARD)):
        check_output(name, overwrite=overwrite)


def _described_bytes(path):
    """The content of the npz that the card describes."""
    expected = read_card(path.parent).get("sha256")
    for candidate in [name for name in (path, _interrupted(path)) if name.exists()] or [path]:
        data = _read_bytes(candidate)
        if _sha256(data) == expected:
            return data
    raise ModelError(f"{path}: is not the file its card describes (SHA-256 differs); train or install it again.")


def _interrupted(path):
    """Where the parameters lie until their card, which decides, is in place."""
    return path.with_suffix(f".new{path.suffix}")


def _sha256(data):
    return hashlib.sha256(data).hexdigest()


def _read_bytes(path):
    try:
        if path.stat().st_size > _LARGEST_BYTES:
            raise ModelError(f"{path}: {path.stat().st_size} bytes; at most {_LARGEST_BYTES} are allowed.")
        return path.read_bytes()
    except OSError as error:
        raise ModelError(
            f"{path}: cannot be read ({error.strerror}); a model is a folder with an npz and {CARD}."
        ) from None
