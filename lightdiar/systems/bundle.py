"""The shipped models: load, check, save. The format of the folder is described in `lightdiar.common.archive`."""

from collections.abc import Mapping
from dataclasses import dataclass, fields, is_dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

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
        if self.speech.n_features != Column.N:
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
        If a file is missing, does not match the card, or contains anything but the arrays expected.
    """
    path = Path(folder) / PARAMETERS
    arrays = read_arrays(path)
    models = _build(Models, arrays, path)
    unknown = sorted(set(arrays) - set(_flatten(models)))
    if unknown:
        raise ModelError(f"{path}: {unknown[0]} is not a parameter of these models.")
    return models


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
    write_archive(Path(folder) / PARAMETERS, dict(sorted(_flatten(models).items())), card)
    load.cache_clear()


def _flatten(value, prefix=""):
    """Dotted name to array, for a tree of dataclasses."""
    if not is_dataclass(value):
        return {prefix: np.asarray(value)}
    flat = {}
    for field in _parameters(value):
        name = f"{prefix}.{field.name}" if prefix else field.name
        flat.update(_flatten(getattr(value, field.name), name))
    return flat


def _build(kind, arrays, path, prefix=""):
    """The inverse of `_flatten`; each dataclass checks its own shapes."""
    parts = {}
    for field in _parameters(kind):
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


def _parameters(kind):
    """Fields that are saved: arrays and models, not how a fit ended."""
    return [field for field in fields(kind) if field.name != "convergence"]
