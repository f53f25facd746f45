"""Gradient boosting: the log odds of a class are a sum over many small decision trees.

scikit-learn grows the trees on histograms of the columns, as LightGBM does [1]_. They are kept as plain arrays and
walked here, level by level for many steps and all trees at once, so that applying them needs neither scikit-learn nor
the version that trained them.

References
----------
.. [1] Ke, Meng, Finley et al., "LightGBM: a highly efficient gradient boosting decision tree", NIPS 2017.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

_BLOCK = 100_000  # steps times trees that are walked at once: they fit into the cache
_DEEPEST = 255  # levels; a tree of 31 leaves has at most 31
_LARGEST_NUMBER = 2**24  # whole numbers below it are exact in float32


@dataclass(frozen=True, eq=False)
class Boosting:
    """Trees whose leaves add up.

    The nodes of all trees lie one after the other, children after their parents. Whole numbers are kept as floats.

    Parameters
    ----------
    roots : ndarray of shape (n_trees,)
        Number of the first node of each tree.
    feature : ndarray of shape (n_nodes,)
        Column that decides.
    threshold : ndarray of shape (n_nodes,)
        Rows with a value above it go right, others left.
    left, right : ndarray of shape (n_nodes,)
        Numbers of the children; those of a leaf are its own.
    value : ndarray of shape (n_nodes,)
        What a leaf adds; 0 elsewhere.
    offset : float
        What the leaves are added to.

    Raises
    ------
    ValueError
        If shapes do not match, or the nodes are not such trees.
    """

    roots: np.ndarray
    feature: np.ndarray
    threshold: np.ndarray
    left: np.ndarray
    right: np.ndarray
    value: np.ndarray
    offset: float | np.ndarray

    def __post_init__(self):
        shapes = {np.shape(part) for part in (self.feature, self.threshold, self.left, self.right, self.value)}
        if len(shapes) > 1 or [np.ndim(part) for part in (self.roots, self.value, self.offset)] != [1, 1, 0]:
            raise ValueError("roots, nodes (feature, threshold, left, right, value) and offset do not match.")
        n_nodes = len(self.value)
        limits = {"roots": n_nodes, "feature": _LARGEST_NUMBER, "left": n_nodes, "right": n_nodes}
        for name, limit in limits.items():
            numbers = getattr(self, name)
            if not ((numbers >= 0) & (numbers < limit) & (numbers == np.floor(numbers))).all():
                raise ValueError(f"{name} must be whole numbers from 0 to {limit - 1}.")
        own = np.arange(n_nodes)
        leaf = (self.left == own) & (self.right == own)
        if not (leaf | ((self.left > own) & (self.right > own))).all():
            raise ValueError("the children of a node must come after it.")
        _ = self._depth

    @property
    def n_trees(self) -> int:
        """Number of trees."""
        return len(self.roots)

    def scores(self, X: np.ndarray) -> np.ndarray:
        """Log odds of each step, shape (n_steps,), float64.

        Parameters
        ----------
        X : ndarray of shape (n_steps, n_columns), float32
            More precise numbers are rounded, as those of training were.
        """
        X = np.ascontiguousarray(X, np.float32)
        n_columns = X.shape[1]
        if self._nodes[0].max(initial=0) >= n_columns:
            raise ValueError(f"the trees ask for column {self._nodes[0].max()}; got {n_columns} columns.")
        scores = np.empty(len(X))
        size = max(1, _BLOCK // max(1, self.n_trees))
        for start in range(0, len(X), size):
            scores[start : start + size] = self._walk(X[start : start + size])
        return scores + self.offset

    def rescaled(self, slope: float, offset: float) -> "Boosting":
        """The classifier whose scores are ``slope * score + offset``."""
        return replace(self, value=self.value * slope, offset=self.offset * slope + offset)

    def first(self, n_trees: int) -> "Boosting":
        """The classifier made of the first trees only."""
        end = len(self.value) if n_trees >= self.n_trees else int(self.roots[n_trees])
        nodes = {name: getattr(self, name)[:end] for name in ("feature", "threshold", "left", "right", "value")}
        return Boosting(self.roots[:n_trees], offset=self.offset, **nodes)

    @cached_property
    def _nodes(self):
        """Features, and children as pairs left, right one after the other; as indices."""
        children = np.stack([self.left, self.right], axis=1)
        return self.feature.astype(np.intp), children.astype(np.intp).ravel()

    @cached_property
    def _depth(self):
        """Levels below the roots; ValueError if there are too many."""
        children = self._nodes[1].reshape(-1, 2)
        level = np.unique(self.roots.astype(np.intp))
        for depth in range(_DEEPEST + 1):
            level = level[children[level, 0] != level]
            if not len(level):
                return depth
            level = np.unique(children[level])
        raise ValueError(f"a tree has more than {_DEEPEST} levels.")

    def _walk(self, X):
        """Sum of the leaves that each row reaches."""
        feature, children = self._nodes
        cells, rows = X.ravel(), np.arange(len(X))[:, None] * X.shape[1]
        node = np.broadcast_to(self.roots.astype(np.intp), (len(X), self.n_trees))
        for _ in range(self._depth):
            right = cells.take(rows + feature.take(node)) > self.threshold.take(node)
            node = children.take(2 * node + right)
        return self.value.take(node).sum(axis=1)


def stages(
    X: np.ndarray,
    y: np.ndarray,
    weights: np.ndarray,
    *,
    seed: int = 0,
    n_trees: int = 100,
    every: int = 10,
    n_leaves: int = 31,
    n_bins: int = 63,
    learning_rate: float = 0.1,
    least_rows: int = 20,
) -> Iterator[tuple[int, Boosting]]:
    """Train one class and give it with its first trees, then with more of them.

    Trees that come later do not change earlier ones, so all are grown at once.

    Parameters
    ----------
    X : ndarray of shape (n_steps, n_columns), float32
    y : ndarray of bool, shape (n_steps,)
        Where the class sounds; both values occur.
    weights : ndarray of shape (n_steps,)
    seed : int
        Of the rows that choose the bins of the histograms, if there are more than 200,000.
    n_trees, n_leaves : int, default=100, 31
    every : int, default=10
        Number of trees from one classifier to the next.
    n_bins : int, default=63
        Of the histograms, at most 255, which take three times as long and are no better.
    learning_rate : float, default=0.1
    least_rows : int, default=20
        In each leaf; fewer than 40 rows altogether have trees without a split.

    Yields
    ------
    n_trees : int
    classifier : Boosting
    """
    from sklearn.ensemble import HistGradientBoostingClassifier

    model = HistGradientBoostingClassifier(
        learning_rate=learning_rate,
        max_iter=n_trees,
        max_leaf_nodes=n_leaves,
        max_bins=n_bins,
        min_samples_leaf=least_rows,
        early_stopping=False,
        random_state=seed,
    ).fit(np.asarray(X, np.float32), y, sample_weight=weights)
    complete = _trees(model)
    for n in [*range(every, n_trees, every), n_trees]:
        yield n, complete.first(n)


def _trees(model):
    """The trees of scikit-learn as arrays."""
    trees = [tree.nodes for (tree,) in model._predictors]
    roots = np.cumsum([0, *map(len, trees[:-1])])
    nodes = np.concatenate(trees)
    leaf, own = nodes["is_leaf"].astype(bool), np.arange(len(nodes))
    shift = np.repeat(roots, [len(tree) for tree in trees])
    return Boosting(
        roots.astype(np.float32),
        np.where(leaf, 0, nodes["feature_idx"]).astype(np.float32),
        _rounded_down(np.where(leaf, 0, nodes["num_threshold"])),
        np.where(leaf, own, nodes["left"] + shift).astype(np.float32),
        np.where(leaf, own, nodes["right"] + shift).astype(np.float32),
        np.where(leaf, nodes["value"], 0.0),
        float(np.ravel(model._baseline_prediction)[0]),
    )


def _rounded_down(thresholds):
    """As float32: what was above a threshold is above it still, and what was not is not."""
    rounded = thresholds.astype(np.float32)
    return np.where(rounded > thresholds, np.nextafter(rounded, np.float32(-np.inf)), rounded)
