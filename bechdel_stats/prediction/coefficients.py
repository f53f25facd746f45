"""What the files of a model must hold: nothing that a stranger wrote is computed with before it is checked here."""

from typing import Any

import numpy as np

from bechdel_stats.attributes import ATTRIBUTE
from bechdel_stats.prediction.blocks import BLOCKS, OUTCOMES, combinations, n_terms, names_of
from bechdel_stats.prediction.imputation import JointNormal

LARGEST = 1e9  # of any number; those of films stay below 1e5, years squared below 1e7
_ROUNDING = 1e-6  # relative to variances


def check_columns(columns: Any) -> tuple[str, ...]:
    """Return the columns that a card names: some of those of this version, each once and in their order.

    Raises
    ------
    ValueError
        If they are anything else, or none of the basics is among them.
    """
    known = [name for names in BLOCKS.values() for name in names]
    if not isinstance(columns, list) or columns != [name for name in known if name in columns]:
        raise ValueError("its columns are not those of this version")
    if not names_of(columns, ["basics"]):
        raise ValueError("it has no column of the basics, and could not predict every film")
    return tuple(columns)


def check_normal(arrays: dict[str, np.ndarray], columns: tuple[str, ...]) -> JointNormal:
    """Return the distribution of the columns.

    Raises
    ------
    ValueError
        If mean or covariance are missing or of another shape, or the covariance is none.
    """
    n = len(columns)
    mean, covariance = _array(arrays, "mean", (n,)), _array(arrays, "covariance", (n, n))
    deviations = np.sqrt(np.maximum(np.diag(covariance), 0))
    correlation = covariance / np.outer(*[np.where(deviations > 0, deviations, 1.0)] * 2)
    asymmetry = np.abs(correlation - correlation.T).max()
    if asymmetry > _ROUNDING or np.linalg.eigvalsh(correlation).min() < -_ROUNDING * n:
        raise ValueError("its covariance is not symmetric and positive semi-definite")
    return JointNormal(mean, covariance)


def check_coefficients(arrays: dict[str, np.ndarray], columns: tuple[str, ...]) -> dict[tuple[str, ...], np.ndarray]:
    """Return the coefficients of each combination of blocks, from fewer blocks to more.

    Raises
    ------
    ValueError
        If there are none of the basics, some of a combination that does not exist, or of another shape, or not all
        are of the same outcomes.
    """
    named = {"_".join(blocks): blocks for blocks in combinations()}
    unknown = sorted(set(arrays) - set(named) - {"mean", "covariance", "last_year"})
    if unknown:
        raise ValueError(f"{unknown[0][:60]!r} is no combination of blocks of this version")
    basics = arrays.get("basics", np.empty(0))
    widths = [len(values) for values in OUTCOMES.values()]
    n_outcomes = basics.shape[-1] if basics.shape[-1] in widths else widths[0]
    found = {}
    for key, blocks in named.items():
        if key in arrays or key == "basics":
            empty = [block for block in blocks if not names_of(columns, [block])]
            if empty:
                raise ValueError(f"{key} has no column of {empty[0]}")
            found[blocks] = _array(arrays, key, (1 + n_terms(names_of(columns, blocks)), n_outcomes))
    return found


def check_last_year(arrays: dict[str, np.ndarray]) -> float:
    """Return the last year of the films behind a model; infinite if it does not say.

    Raises
    ------
    ValueError
        If it is not a year.
    """
    if "last_year" not in arrays:
        return np.inf
    year = float(_array(arrays, "last_year", ()))
    if not ATTRIBUTE["year"].low <= year <= ATTRIBUTE["year"].high:
        raise ValueError(f"last_year is {year:g}, which is no year of a film")
    return year


def _array(arrays, name, shape):
    if name not in arrays:
        raise ValueError(f"{name} is missing")
    if arrays[name].shape != shape:
        raise ValueError(f"{name} has shape {arrays[name].shape}; its columns need {shape}")
    return arrays[name]
