"""The kinds of classifiers, and how they are kept: as named arrays of floats, checked when they are read.

A classifier tells where one class sounds: ``scores(X)`` gives log odds, in nats, for each row of X. The module of each
kind has a function ``stages(X, y, weights, *, seed, ...)`` that yields better and better classifiers, each after the
amount of training that it had.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np

from lightdiar.common.files import PathLike
from lightdiar.errors import ModelError
from lightdiar.events import gmm_pair, logistic, nmf
from lightdiar.models import boosting
from lightdiar.systems.bundle import build, check_values, flatten

Classifier: TypeAlias = gmm_pair.GmmPair | logistic.Logistic | boosting.Boosting | nmf.Nmf


@dataclass(frozen=True)
class Kind:
    """A kind of classifier.

    Parameters
    ----------
    classifier : type
    stages : callable
        Trains one class.
    unit : str
        What its training is counted in.
    """

    classifier: Any
    stages: Callable[..., Iterator[tuple[float, Any]]]
    unit: str


KINDS = {
    "gmm": Kind(gmm_pair.GmmPair, gmm_pair.stages, "components"),
    "logistic": Kind(logistic.Logistic, logistic.stages, "epochs"),
    "boosting": Kind(boosting.Boosting, boosting.stages, "trees"),
    "nmf": Kind(nmf.Nmf, nmf.stages, "spectra"),
}


def to_arrays(classifier: Classifier, prefix: str) -> dict[str, np.ndarray]:
    """Arrays by name: `prefix`, the kind and the parameter, with dots between.

    Raises
    ------
    TypeError
        If it is no classifier.
    """
    for name, kind in KINDS.items():
        if isinstance(classifier, kind.classifier):
            return flatten(classifier, f"{prefix}.{name}")
    raise TypeError(f"{type(classifier).__name__} is not one of {', '.join(KINDS)}.")


def from_arrays(arrays: Mapping[str, np.ndarray], prefix: str, n_columns: int, path: PathLike) -> Classifier:
    """Read what `to_arrays` wrote, maybe changed by a stranger.

    Parameters
    ----------
    arrays : dict of str to ndarray
        Finite floats, as `lightdiar.common.archive.read_arrays` gives them; others may be among them.
    prefix : str
    n_columns : int
        Of the features that it will be given.
    path : path
        Stands in messages.

    Raises
    ------
    ModelError
        If it is not exactly one classifier, with values that one can have, for so many columns.
    """
    own = {name: array for name, array in arrays.items() if name.startswith(f"{prefix}.")}
    kinds = {name[len(prefix) + 1 :].partition(".")[0] for name in own}
    if len(kinds) != 1 or not kinds <= set(KINDS):
        raise ModelError(f"{path}: {prefix} must be one classifier, of the kind {', '.join(KINDS)}.")
    (kind,) = kinds
    for name, array in own.items():
        check_values(name, array, path)
    classifier = build(KINDS[kind].classifier, own, path, f"{prefix}.{kind}")
    unknown = sorted(set(own) - set(flatten(classifier, f"{prefix}.{kind}")))
    if unknown:
        raise ModelError(f"{path}: {unknown[0]} is not a parameter of these models.")
    try:
        score = classifier.scores(np.zeros((1, n_columns), np.float32))
    except ValueError as error:
        raise ModelError(f"{path}: {prefix} does not fit features of {n_columns} columns: {error}") from None
    if not np.isfinite(score).all():
        raise ModelError(f"{path}: {prefix} gives scores that are not finite.")
    return classifier
