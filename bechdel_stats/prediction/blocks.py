"""Which columns a model uses: blocks of what is known together, their combinations, and the formula over them."""

from collections.abc import Collection, Iterator
from itertools import product

import numpy as np

from bechdel_stats.attributes import terms_of
from bechdel_stats.inference.design import curve

BLOCKS = {
    block: tuple(term.name for term in terms_of(block)) for block in ("basics", "gender", "text", "reception", "ear")
}
OPTIONAL = tuple(block for block in BLOCKS if block != "basics")
UNHEARD = tuple(block for block in OPTIONAL if block != "ear")
RATINGS = np.arange(4)
OUTCOMES = {"rating": RATINGS, "passes": np.arange(2)}  # column of the outcome -> its values; the last one passes
_KNOTS = {term.name: term.knots for block in BLOCKS for term in terms_of(block) if term.knots}
_CURVES = {name: curve(name, knots) for name, knots in _KNOTS.items()}  # further curves bring no gain
_SCALES = {"year": "decades_since_2000", "runtime": "half_hour"}  # what genres are multiplied with


def combinations(optional: Collection[str] = OPTIONAL) -> Iterator[tuple[str, ...]]:
    """Every combination of blocks with basics, basics alone first."""
    for chosen in product((False, True), repeat=len(optional)):
        yield ("basics", *(block for block, there in zip(optional, chosen) if there))


def names_of(columns: Collection[str], blocks: Collection[str]) -> list[str]:
    """Return those of the columns that are in some of the blocks, in their order."""
    return [name for name in columns if any(name in BLOCKS[block] for block in blocks)]


def formula(names: Collection[str]) -> str:
    """Return the formula of some design columns: each alone, and the interactions of genres with year and runtime.

    What is heard stands last: its coefficients are added to those of the rest.
    """
    genres, scales = " + ".join(_genres(names)), _scales(names)
    seen, heard = ([name for name in names if (name in BLOCKS["ear"]) == of_ear] for of_ear in (False, True))
    return " + ".join(
        [*(_CURVES.get(name, name) for name in seen), *(f"({genres}):{scale}" for scale in scales), *heard]
    )


def n_terms(names: Collection[str]) -> int:
    """Number of columns of the design matrix of `formula`, without the intercept."""
    own = sum(len(_KNOTS[name]) - 1 if name in _KNOTS else 1 for name in names)
    return own + len(_genres(names)) * len(_scales(names))


def _genres(names):
    return [name for name in names if name.startswith("genre_")]


def _scales(names):
    return [scale for name, scale in _SCALES.items() if name in names and _genres(names)]
