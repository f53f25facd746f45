"""The shipped models: load, check, save. The format of the folder is described in `lightdiar.common.archive`."""

from collections.abc import Mapping
from dataclasses import dataclass, fields, is_dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any, TypeVar

import numpy as np

from lightdiar.common.archive import read_arrays, write_archive
from lightdiar.common.files import PathLike
from lightdiar.errors import ModelError
from lightdiar.models.gmm import GMM
from lightdiar.models.ivectors import TotalVariability
from lightdiar.models.plda import PLDA
from lightdiar.stages.embedding import Embedder
from lightdiar.stages.gender import GenderModel
from lightdiar.stages.speech import Column, SpeechDetector

SHIPPED = Path(__file__).parent.parent / "parameters"
PARAMETERS = "parameters.npz"
_LARGEST = 1e6  # of any parameter; those of speech stay below 1e4
_SMALLEST = 1e-9  # of a variance
_MANY = 50_000  # numbers; larger arrays are written in half precision: half of the wheel, and no figure changes

_Kind = TypeVar("_Kind")


@dataclass(frozen=True, eq=False)
class Models:
    """All trained models.

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
        if self.speech.n_features > Column.N:
            raise ValueError("speech does not match the other models.")
        _ = self.embedder

    @cached_property
    def embedder(self) -> Embedder:
        """UBM, i-vector extractor and PLDA as a chain."""
        return Embedder(self.ubm, self.extractor, self.plda)


@lru_cache(maxsize=2)
def load(folder: str | Path = SHIPPED) -> Models:
    """Read a bundle.

    Parameters
    ----------
    folder : path
        By default, that of the shipped models.

    Returns
    -------
    models : Models

    Raises
    ------
    ModelError
        If a file is missing, does not match the card, or contains anything but the arrays expected, with values that
        a model can have.
    """
    return read_models(Models, folder)


def save(models: Models, folder: PathLike, card: Mapping[str, Any]) -> None:
    """Write a bundle; identical models give identical bytes.

    Parameters
    ----------
    models : Models
    folder : path
        Created if missing.
    card : dict
        What users should know; the checksum is added.
    """
    write_models(models, folder, card)
    load.cache_clear()


def read_models(kind: type[_Kind], folder: PathLike) -> _Kind:
    """Read a bundle of models that are fields of a dataclass; raises ModelError as `load`."""
    path = Path(folder) / PARAMETERS
    arrays = read_arrays(path, _LARGEST)
    for name, array in arrays.items():
        check_values(name, array, path)
    models = build(kind, arrays, path)
    unknown = sorted(set(arrays) - set(flatten(models)))
    if unknown:
        raise ModelError(f"{path}: {unknown[0]} is not a parameter of these models.")
    return models


def write_models(models: Any, folder: PathLike, card: Mapping[str, Any]) -> None:
    """Write a bundle of any such models with its card; see `save`."""
    arrays = {name: _rounded(array) for name, array in sorted(flatten(models).items())}
    write_archive(Path(folder) / PARAMETERS, arrays, card)


def check_values(name: str, array: np.ndarray, path: PathLike) -> None:
    """Raise ModelError unless weights sum to 1 and variances are positive."""
    kind = name.rpartition(".")[2]
    if kind == "weights" and not (array.ndim and np.allclose(array.sum(axis=-1), 1, rtol=0, atol=1e-3)):
        raise ModelError(f"{path}: {name} must sum to 1.")
    if kind in ("covariances", "phi") and array.min(initial=1) < _SMALLEST:
        raise ModelError(f"{path}: {name} must be positive, at least {_SMALLEST:.0e}; got {array.min():.0e}.")


def flatten(value: Any, prefix: str = "") -> dict[str, np.ndarray]:
    """Dotted name to array, for a tree of dataclasses."""
    if not is_dataclass(value):
        return {prefix: np.asarray(value)}
    flat: dict[str, np.ndarray] = {}
    for field in _parameters(value):
        name = f"{prefix}.{field.name}" if prefix else field.name
        flat.update(flatten(getattr(value, field.name), name))
    return flat


def build(kind: type[_Kind], arrays: Mapping[str, np.ndarray], path: PathLike, prefix: str = "") -> _Kind:
    """The inverse of `flatten`; each dataclass checks its own shapes.

    Raises
    ------
    ModelError
        If an array is missing, or they do not fit each other; `path` stands in messages.
    """
    parts: dict[str, Any] = {}
    for field in _parameters(kind):
        name = f"{prefix}.{field.name}" if prefix else field.name
        if isinstance(field.type, type) and is_dataclass(field.type):
            parts[field.name] = build(field.type, arrays, path, name)
        elif name in arrays:
            parts[field.name] = arrays[name]
        else:
            raise ModelError(f"{path}: {name} is missing.")
    try:
        return kind(**parts)
    except (ValueError, TypeError, IndexError) as error:  # the last two are of arrays with too few axes
        raise ModelError(f"{path}: {prefix}: {error}") from None


def _rounded(array):
    return array.astype(np.float16) if array.size > _MANY else array


def _parameters(kind):
    """Fields that are saved: arrays and models, not how a fit ended."""
    return [field for field in fields(kind) if field.name != "convergence"]
