"""The trained models that ship: load, check, save.

A bundle is a folder with ``parameters.npz`` (plain arrays, no pickle) and ``card.json`` (sources, licences,
recipe, measured figures, and the SHA-256 of the parameters). A file from a stranger cannot run code: the size,
name, type, shape and values of every array are checked before it is used.
"""

import hashlib
import io
import json
import zipfile
import zlib
from dataclasses import dataclass, fields, is_dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np

from lightdiar.embedding import TotalVariability
from lightdiar.errors import ModelError
from lightdiar.formats import write_bytes, write_text
from lightdiar.gender import GenderModel
from lightdiar.gmm import GMM
from lightdiar.plda import PLDA
from lightdiar.vad import N_FEATURES, SpeechDetector

SHIPPED = Path(__file__).parent / "models"
PARAMETERS, CARD = "parameters.npz", "card.json"
_LARGEST_BYTES = 64_000_000  # of all arrays, uncompressed


@dataclass(frozen=True, eq=False)
class Models:
    """Everything that is trained.

    Parameters
    ----------
    speech : SpeechDetector
    ubm : GMM
    extractor : TotalVariability
    plda : PLDA
    gender : GenderModel
    """

    speech: SpeechDetector
    ubm: GMM
    extractor: TotalVariability
    plda: PLDA
    gender: GenderModel

    def __post_init__(self):
        n_components, n_features, n_factors = self.extractor.T.shape
        fits = {
            "speech": self.speech.n_features == N_FEATURES,
            "ubm": self.ubm.means.shape == (n_components, n_features),
            "plda": self.plda.mean.shape == (n_factors,),
        }
        for name, fit in fits.items():
            if not fit:
                raise ValueError(f"{name} does not fit the other models.")


@lru_cache(maxsize=2)
def load(folder=SHIPPED):
    """Read a bundle.

    Parameters
    ----------
    folder : path
        By default the models that ship.

    Returns
    -------
    models : Models

    Raises
    ------
    ModelError
        If a file is missing, not what the card says, or holds anything but the arrays expected.
    """
    path = Path(folder) / PARAMETERS
    expected = card(folder).get("sha256")
    data = _read_bytes(path)
    if hashlib.sha256(data).hexdigest() != expected:
        raise ModelError(f"{path}: is not the file its card describes (SHA-256 differs); train or install it again.")
    arrays = _arrays(path, data)
    models = _build(Models, arrays, path)
    unknown = sorted(set(arrays) - set(_flatten(models)))
    if unknown:
        raise ModelError(f"{path}: {unknown[0]} is not a parameter of these models.")
    return models


def card(folder=SHIPPED):
    """The model card of a bundle, a dict."""
    path = Path(folder) / CARD
    data = _read_bytes(path)
    try:
        content = json.loads(data)
    except ValueError as error:
        raise ModelError(f"{path}: is not JSON: {error}") from None
    if not isinstance(content, dict):
        raise ModelError(f"{path}: a model card is a JSON object; got {type(content).__name__}.")
    return content


def save(models, folder, card):
    """Write a bundle; the same models give the same bytes.

    Parameters
    ----------
    models : Models
    folder : path
        Made if missing.
    card : dict
        What a user should know; the checksum is added.
    """
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as archive:
        for name, array in sorted(_flatten(models).items()):
            content = io.BytesIO()
            np.lib.format.write_array(content, np.asarray(array, order="C"), allow_pickle=False)
            archive.writestr(zipfile.ZipInfo(f"{name}.npy", (1980, 1, 1, 0, 0, 0)), content.getvalue())
    data = buffer.getvalue()
    write_bytes(folder / PARAMETERS, data)
    load.cache_clear()
    content = {**card, "sha256": hashlib.sha256(data).hexdigest()}
    write_text(folder / CARD, json.dumps(content, indent=2, ensure_ascii=False) + "\n")


def _read_bytes(path):
    try:
        if path.stat().st_size > _LARGEST_BYTES:
            raise ModelError(f"{path}: {path.stat().st_size} bytes; a bundle has at most {_LARGEST_BYTES}.")
        return path.read_bytes()
    except OSError as error:
        raise ModelError(f"{path}: cannot be read ({error.strerror}); a bundle is {PARAMETERS} and {CARD}.") from None


def _arrays(path, data):
    """Name to array; refuses whatever is not a plain finite array of float32 or float64."""
    arrays = {}
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            size = sum(entry.file_size for entry in archive.infolist())
            if size > _LARGEST_BYTES:
                raise ModelError(f"{path}: {size} bytes when unpacked; at most {_LARGEST_BYTES} are allowed.")
            for name in archive.namelist():
                with archive.open(name) as file:
                    arrays[name.removesuffix(".npy")] = np.lib.format.read_array(file, allow_pickle=False)
    except (ValueError, zipfile.BadZipFile, zlib.error, EOFError, OSError, MemoryError, RuntimeError) as error:
        raise ModelError(f"{path}: is not an npz of plain arrays ({error}); pickles are refused.") from None
    for name, array in arrays.items():
        if array.dtype not in (np.float32, np.float64) or not np.isfinite(array).all():
            raise ModelError(f"{path}: {name} must be finite float32 or float64; got {array.dtype}.")
    return arrays


def _flatten(value, prefix=""):
    """Dotted name to array, for a tree of dataclasses."""
    if not is_dataclass(value):
        return {prefix: np.asarray(value)}
    flat = {}
    for field in fields(value):
        name = f"{prefix}.{field.name}" if prefix else field.name
        flat.update(_flatten(getattr(value, field.name), name))
    return flat


def _build(kind, arrays, path, prefix=""):
    """The inverse of `_flatten`; each dataclass checks its own shapes."""
    parts = {}
    for field in fields(kind):
        name = f"{prefix}.{field.name}" if prefix else field.name
        if is_dataclass(field.type):
            parts[field.name] = _build(field.type, arrays, path, name)
        elif name in arrays:
            parts[field.name] = arrays[name]
        else:
            raise ModelError(f"{path}: {name} is missing.")
    try:
        return kind(**parts)
    except ValueError as error:
        raise ModelError(f"{path}: {prefix}: {error}") from None
