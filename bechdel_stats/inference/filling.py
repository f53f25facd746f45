"""Which attributes of films are imputed, what predicts them, and the columns of a design matrix that this gives."""

from collections.abc import Iterable, Mapping

import numpy as np
import pandas as pd

from bechdel_stats.attributes import ATTRIBUTE, ATTRIBUTE_OF_TERM, ATTRIBUTES, Attribute
from bechdel_stats.inference.chained import Block
from bechdel_stats.inference.design import rcs

_ENOUGH = 0.5  # share of films for which an attribute that is not in the formula must be known to help


def source_of(name: str) -> str:
    """Return the attribute that a design column is derived from; a user's own column is itself."""
    return ATTRIBUTE_OF_TERM[name].name if name in ATTRIBUTE_OF_TERM else name


def default_attributes(*, gender: bool, pre_release: bool) -> set[str]:
    """Return the attributes that a default formula may hold, see `formulas.default_formula`."""
    blocks = {"basics", *(["gender"] if gender else []), *([] if pre_release else ["reception"])}
    return {attribute.name for attribute in _formula_attributes() if attribute.block in blocks}


def imputation_blocks(columns: pd.DataFrame, needed: Iterable[str]) -> list[Block]:
    """Return what imputation models hold: the attributes needed, and those of default formulas as auxiliaries.

    Parameters
    ----------
    columns : DataFrame
        As returned by `design_columns`: NaN where not known.
    needed : iterable of str
        Attributes, and a user's own columns, of the analysis; those without any known value cannot be imputed.

    Returns
    -------
    blocks : list of Block
        Auxiliaries are known for half of the films or more, as others would add little but noise.
    """
    needed = set(needed)
    helpful = {attribute.name for attribute in _formula_attributes()}
    blocks = []
    for attribute in ATTRIBUTES:
        if attribute.name in needed | helpful and attribute.name in columns.columns.map(source_of):
            block = _block_of(attribute, columns)
            least = 0 if attribute.name in needed else _ENOUGH
            if block.known.any() and block.known.mean() >= least:
                blocks.append(block)
    for name in sorted(needed - set(ATTRIBUTE)):
        blocks.append(_block(name, columns[[name]].to_numpy(), ()))
    return [block for block in blocks if block.known.any()]


def filled_columns(columns: pd.DataFrame, donors: Mapping[str, np.ndarray]) -> pd.DataFrame:
    """Return design columns with unknown attributes taken from other films.

    Parameters
    ----------
    columns : DataFrame
    donors : dict of str -> ndarray of int
        One imputation, see `chained.impute_donors`.
    """
    values, sources = columns.to_numpy(), [source_of(str(name)) for name in columns]
    filled = values.copy()
    for name, rows in donors.items():
        own = [number for number, source in enumerate(sources) if source == name]
        filled[:, own] = values[rows][:, own]
    return pd.DataFrame(filled, columns.index, columns.columns)


def _formula_attributes():
    return [attribute for attribute in ATTRIBUTES if any(term.odds for term in attribute.terms)]


def _block_of(attribute: Attribute, columns: pd.DataFrame) -> Block:
    """All level columns of an attribute that has them; otherwise one number, as a curve if the attribute has knots."""
    levels = [term.name for term in attribute.terms if term.how == "level" and term.name in columns]
    if levels or not attribute.terms:
        return _block(attribute.name, columns[levels or [attribute.name]].to_numpy(), ())
    term = attribute.terms[0]
    return _block(attribute.name, columns[[term.name]].to_numpy(), term.knots)


def _block(name, values, knots):
    known = ~np.isnan(values).any(axis=1)
    varies = [len(np.unique(column)) > 1 for column in values[known].T]
    targets = values[:, varies]
    if knots and targets.size:
        low, high = np.nanmin(targets), np.nanmax(targets)
        knots = [knot for knot in knots if low < knot < high]
    return Block(name, targets, rcs(targets[:, 0], knots) if targets.size and len(knots) >= 3 else targets, known)
