"""How well items are put together that belong together: BCubed precision and recall of a clustering.

Each item looks at its own cluster (how much of it is of its own class?) and at its own class (how much of it is in its
own cluster?), so that a large cluster that mixes two people costs more than a small one.

References
----------
.. [1] Bagga and Baldwin, "Entity-based cross-document coreferencing using the vector space model", COLING-ACL 1998.
.. [2] Amigo, Gonzalo, Artiles and Verdejo, "A comparison of extrinsic clustering evaluation metrics based on formal
   constraints", Information Retrieval 12, 2009.
"""

from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike


@dataclass(frozen=True)
class BCubed:
    """Figures of a clustering, 0 to 1.

    Parameters
    ----------
    precision : float
        1.0 if no cluster holds items of two classes, as when each item is alone.
    recall : float
        1.0 if no class is spread over two clusters, as when all items are together.
    """

    precision: float
    recall: float

    @property
    def f_measure(self) -> float:
        """Harmonic mean of both."""
        return 2 * self.precision * self.recall / (self.precision + self.recall)


def bcubed(
    reference: Sequence[Hashable], hypothesis: Sequence[Hashable], *, weights: ArrayLike | None = None
) -> BCubed:
    """BCubed precision and recall [1]_.

    Parameters
    ----------
    reference : sequence of hashable, length n_items
        The class of each item, such as the person who speaks.
    hypothesis : sequence of hashable, length n_items
        The cluster that each item was put into; names of clusters need not match those of classes.
    weights : array-like of float, shape (n_items,), optional
        How much each item counts, such as its seconds; 0 or more, by default 1. An item of weight 2 counts as two
        items of the same class and cluster.

    Returns
    -------
    figures : BCubed

    Raises
    ------
    ValueError
        If lengths differ, a weight is negative or not finite, or nothing has weight.

    Examples
    --------
    >>> figures = bcubed(["ann", "ann", "ann", "bob"], [0, 0, 1, 1])
    >>> figures  # (1 + 1 + 1/2 + 1/2) / 4 and (2/3 + 2/3 + 1/3 + 1) / 4
    BCubed(precision=0.75, recall=0.6666666666666666)
    >>> round(figures.f_measure, 3)
    0.706
    """
    n_items = len(reference)
    if len(hypothesis) != n_items:
        raise ValueError(f"{n_items} classes and {len(hypothesis)} clusters; each item has one of both.")
    weights = np.ones(n_items) if weights is None else np.asarray(weights, dtype=float)
    if weights.shape != (n_items,):
        raise ValueError(f"weights of shape {weights.shape} must be ({n_items},), one for each item.")
    if not (np.isfinite(weights).all() and (weights >= 0).all()):
        raise ValueError("a weight is negative or not finite; weights are 0 or more, such as seconds.")
    total = weights.sum()
    if not total:
        raise ValueError(f"none of {n_items} items has any weight; at least one is needed.")
    classes, clusters = _numbers(reference), _numbers(hypothesis)
    both = _numbers(zip(classes, clusters))
    together, of_class, of_cluster = (np.bincount(groups, weights)[groups] for groups in (both, classes, clusters))
    counted = weights > 0
    shared = weights[counted] * together[counted] / total
    return BCubed(float((shared / of_cluster[counted]).sum()), float((shared / of_class[counted]).sum()))


def _numbers(labels: Iterable[Hashable]) -> np.ndarray:
    """The labels as numbers from 0, in order of appearance."""
    known: dict[Hashable, int] = {}
    return np.array([known.setdefault(label, len(known)) for label in labels], dtype=int)
