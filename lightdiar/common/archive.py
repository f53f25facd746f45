"""Trained parameters in a folder: plain arrays in ``parameters.npz``, and what to know of them in ``card.json``.

The card holds sources, licences, recipe and measured figures, and the SHA-256 of the parameters. A file from a stranger
cannot run code: there is no pickle, and the size, name, type and values of every array are checked before it is used.
"""

import hashlib
import io
import json
import zipfile
import zlib
from pathlib import Path

import numpy as np

from lightdiar.common.files import write_bytes, write_text
from lightdiar.errors import ModelError

PARAMETERS, CARD = "parameters.npz", "card.json"
_LARGEST_BYTES = 64_000_000  # of all arrays, uncompressed


def read_card(folder):
    """The model card in a folder, a dict.

    Raises
    ------
    ModelError
        If there is none.
    """
    path = Path(folder) / CARD
    try:
        content = json.loads(_read_bytes(path))
    except (ValueError, RecursionError) as error:
        raise ModelError(f"{path}: is not JSON: {error}") from None
    if not isinstance(content, dict):
        raise ModelError(f"{path}: a model card is a JSON object; got {type(content).__name__}.")
    return content


def read_arrays(folder):
    """The parameters in a folder: dict name -> ndarray of float32 or float64, all finite, in the order of the file.

    Raises
    ------
    ModelError
        If a file is missing, not what the card says, or holds anything but such arrays.
    """
    path = Path(folder) / PARAMETERS
    expected = read_card(folder).get("sha256")
    data = _read_bytes(path)
    if hashlib.sha256(data).hexdigest() != expected:
        raise ModelError(f"{path}: is not the file its card describes (SHA-256 differs); train or install it again.")
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
    except (ValueError, zipfile.BadZipFile, zlib.error, EOFError, OSError, MemoryError, RuntimeError) as error:
        raise ModelError(f"{path}: is not an npz of plain arrays ({error}); pickles are refused.") from None
    for name, array in arrays.items():
        if array.dtype not in (np.float32, np.float64) or not np.isfinite(array).all():
            raise ModelError(f"{path}: {name} must be finite float32 or float64; got {array.dtype}.")
    return arrays


def write_archive(folder, arrays, card):
    """Write parameters and card; the same ones give the same bytes.

    Parameters
    ----------
    folder : path
        Made if missing.
    arrays : dict of str -> array
        Written in this order.
    card : dict
        What a user should know; the checksum is added.
    """
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as archive:
        for name, array in arrays.items():
            content = io.BytesIO()
            np.lib.format.write_array(content, np.asarray(array, order="C"), allow_pickle=False)
            archive.writestr(zipfile.ZipInfo(f"{name}.npy", (1980, 1, 1, 0, 0, 0)), content.getvalue())
    data = buffer.getvalue()
    write_bytes(folder / PARAMETERS, data)
    content = {**card, "sha256": hashlib.sha256(data).hexdigest()}
    write_text(folder / CARD, json.dumps(content, indent=2, ensure_ascii=False) + "\n")


def _read_bytes(path):
    try:
        if path.stat().st_size > _LARGEST_BYTES:
            raise ModelError(f"{path}: {path.stat().st_size} bytes; at most {_LARGEST_BYTES} are allowed.")
        return path.read_bytes()
    except OSError as error:
        raise ModelError(f"{path}: cannot be read ({error.strerror}); a model is {PARAMETERS} and {CARD}.") from None
