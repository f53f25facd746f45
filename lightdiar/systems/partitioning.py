"""The speaker partitioning problem [1]_: which of many voices, of many recordings, are of one person.

Every pair of voices has a log likelihood ratio, how much more probable both are if one person speaks. The most similar
groups are joined as long as the mean ratio of their pairs exceeds a threshold (average linkage), under two rules:
voices of one recording are different people, and so are voices of different names.

References
----------
.. [1] Brummer and De Villiers, "The speaker partitioning problem", Odyssey 2010.
.. [2] Saerens, Latinne and Decaestecker, "Adjusting the outputs of a classifier to new a priori probabilities: a simple
   procedure", Neural Computation 14, 2002.
"""

from dataclasses import dataclass, replace

import numpy as np

from lightdiar.models.gaussian import sums_by_label
from lightdiar.stages.clustering import cluster_scores, number_by_appearance
from lightdiar.systems.voice_models import VoiceModels, centre

LEAST_SPEECH = 2.0  # seconds: of less, no voice is known well enough to be found again
LEAST_WEIGHT = 0.01  # seconds
MOST_COMPARED = 2000  # groups of which all pairs are held in memory
APART = -1e9  # nats: a mean of a million pairs with one of these is still below every threshold
_FEWEST_JOINED = 0.01  # share of the groups: a round that joins fewer is the last
_PAIRS_BEFORE, _SAME_BEFORE = 10.0, 1.0  # pairs taken as seen already, and how many of them are of one person
_MOST_ITERATIONS, _TOLERANCE = 1000, 1e-4
_BLOCK = 256  # voices compared with the rest of their groups at once


@dataclass(frozen=True, eq=False)
class Items:
    """Voices to be put together.

    Parameters
    ----------
    vectors : ndarray of shape (n, n_dimensions)
        Of voiceprints, less what the collection has in common.
    seconds : ndarray of shape (n,)
        How much speech each was made of, more than 0.
    recordings : ndarray of int, shape (n,)
        From 0.
    names : ndarray of int, shape (n,)
        From 0, of people who are known by name, whose voices are put together unheard; -1 for all others.
    """

    vectors: np.ndarray
    seconds: np.ndarray
    recordings: np.ndarray
    names: np.ndarray

    def only(self, chosen: np.ndarray) -> "Items":
        """Some of them, by a mask or by number."""
        return Items(self.vectors[chosen], self.seconds[chosen], self.recordings[chosen], self.names[chosen])

    def less(self, middle: np.ndarray) -> "Items":
        """All of them, seen from another point."""
        return replace(self, vectors=self.vectors - middle)


def partition(items: Items, models: VoiceModels, threshold: float) -> np.ndarray:
    """Put voices of one person together.

    If there are more than 2,000 voices, the strongest pair of each that exceeds the threshold is found block by block;
    such pairs hold pieces together, and no two voices that average linkage would join lie in different ones. Pieces
    are clustered each for itself. Where one would have more than 2,000 members its weakest pairs are left out, and what
    was torn apart meets again in the next round, in which each group is one voice, the mean of its voices weighted by
    seconds.

    Parameters
    ----------
    items : Items
    models : VoiceModels
    threshold : float
        Nats. Groups are joined if the mean ratio of their pairs is above it.

    Returns
    -------
    labels : ndarray of int, shape (n,)
        Numbers of people in order of appearance.
    """
    nobody = items.names.max(initial=-1) + 1 + np.arange(len(items.names))
    labels = number_by_appearance(np.where(items.names < 0, nobody, items.names))
    while True:
        groups = _Groups(items, labels, models)
        pieces = [np.arange(len(groups))] if len(groups) <= MOST_COMPARED else _pieces(groups, threshold)
        people, n_people = np.empty(len(groups), int), 0
        for piece in pieces:
            people[piece] = n_people + cluster_scores(groups.ratios(piece, piece), threshold)
            n_people = people[piece].max(initial=-1) + 1
        labels = people[labels]
        if len(groups) <= MOST_COMPARED or len(groups) - n_people < _FEWEST_JOINED * len(groups):
            return number_by_appearance(labels)


def survey(items: Items, models: VoiceModels) -> tuple[np.ndarray, float]:
    """What the voices of a collection have in common, and how much must speak for it before two are one person.

    Both are those of people rather than of voices: somebody who is heard in every recording would otherwise be half of
    what all have in common, and make it seem usual that two voices are of one person. Voices that are so beyond doubt
    are therefore taken together first. Of more than 2,000 voices, so many are drawn.

    Parameters
    ----------
    items : Items
        Their vectors not yet less any centre.
    models : VoiceModels

    Returns
    -------
    middle : ndarray of shape (n_dimensions,)
        The `lightdiar.systems.voice_models.centre`, to be taken off all vectors.
    threshold : float
        Nats, see `evidence_needed`.
    """
    n_voices = len(items.seconds)
    chosen = np.random.default_rng(0).permutation(n_voices)[:MOST_COMPARED]
    sample = items.only(np.sort(chosen))
    n_pairs = np.count_nonzero(np.triu(sample.recordings[:, None] != sample.recordings))
    certain = float(np.log(n_pairs + _PAIRS_BEFORE))  # as if among all pairs one were of one person
    people = partition(sample.less(centre(sample.vectors)), models, certain)
    middle = centre(_Groups(sample, people, models).vectors)
    sample = sample.less(middle)
    groups = _Groups(sample, partition(sample, models, certain), models)
    ratios = groups.ratios(np.arange(len(groups)), np.arange(len(groups)))[np.triu_indices(len(groups), 1)]
    return middle, evidence_needed(ratios[ratios > APART])


def evidence_needed(ratios: np.ndarray) -> float:
    """How many nats must speak for it before two voices are more probably of one person than not.

    That is the log odds against it before they are heard, which depend on the collection: among the episodes of a
    series one pair in ten may be the same person, among unrelated films none. The share of such pairs is found by
    expectation-maximisation [2]_, as if ten more pairs had been seen, one of them of one person.

    Parameters
    ----------
    ratios : ndarray of shape (n_pairs,)
        Log likelihood ratios of all pairs that may be of one person, nats.

    Examples
    --------
    >>> round(evidence_needed(np.repeat([9.0, -9.0], [100, 900])), 2)  # (900 + 9) / (100 + 1)
    2.2
    """
    log_odds = np.log(_SAME_BEFORE / (_PAIRS_BEFORE - _SAME_BEFORE))
    for _ in range(_MOST_ITERATIONS):
        n_same = _SAME_BEFORE + probability(ratios + log_odds).sum()
        before, log_odds = log_odds, np.log(n_same / (_PAIRS_BEFORE + len(ratios) - n_same))
        if abs(log_odds - before) < _TOLERANCE:
            break
    return float(-log_odds)


def belonging(items: Items, labels: np.ndarray, models: VoiceModels) -> np.ndarray:
    """Log likelihood ratio of each voice against the others of its group taken together, shape (n,); NaN if alone."""
    sums = _sums(items, labels)[labels]
    seconds = np.bincount(labels, items.seconds)[labels]
    shared = np.flatnonzero(np.bincount(labels)[labels] > 1)
    ratios = np.full(len(labels), np.nan)
    for start in range(0, len(shared), _BLOCK):
        rows = shared[start : start + _BLOCK]
        own = items.vectors[rows], items.seconds[rows, None]
        others = (sums[rows] - own[0] * own[1]) / (seconds[rows, None] - own[1])
        ratios[rows] = models.log_likelihood_ratios(own[0], others).diagonal()
    return ratios


def probability(log_odds: np.ndarray) -> np.ndarray:
    """Of log odds."""
    from scipy.special import expit

    return expit(log_odds)


class _Groups:
    """Voices taken together so far, each group as one voice."""

    def __init__(self, items, labels, models):
        from scipy.sparse import csr_matrix

        n = labels.max(initial=-1) + 1
        seconds = np.bincount(labels, items.seconds)
        self.vectors = (_sums(items, labels) / seconds[:, None]).astype(np.float32)
        heard, shape = np.ones(len(labels), np.float32), (n, items.recordings.max(initial=0) + 1)
        self.heard_in = csr_matrix((heard, (labels, items.recordings)), shape=shape)
        self.names = np.full(n, -1)
        np.maximum.at(self.names, labels, items.names)
        self.models = models

    def __len__(self):
        return len(self.names)

    def ratios(self, rows, columns):
        """Log likelihood ratios of all pairs, shape (n_rows, n_columns); far below 0 for those who cannot be one."""
        if len(rows) < 2 and len(columns) < 2:
            return np.zeros((len(rows), len(columns)))
        ratios = self.models.log_likelihood_ratios(self.vectors[rows], self.vectors[columns])
        together = (self.heard_in[rows] @ self.heard_in[columns].T).tocoo()
        ratios[together.row, together.col] = APART
        one, other = self.names[rows][:, None], self.names[columns]
        ratios[(one >= 0) & (other >= 0) & (one != other)] = APART
        return ratios


def _sums(items, labels):
    """Vectors of each group, each times its seconds, summed."""
    return sums_by_label(items.vectors * items.seconds[:, None], labels, labels.max(initial=-1) + 1)


def _pieces(groups, threshold):
    """Groups that pairs above the threshold hold together, at most so many that all their pairs fit into memory."""
    forest = _strongest_pairs(groups, threshold)
    above = np.arange(len(groups))  # the next one on the way to the root of each piece
    size = np.ones(len(groups), int)

    def root(one):
        while above[one] != one:
            above[one] = above[above[one]]
            one = above[one]
        return one

    order = np.argsort(forest.data, kind="stable")
    for one, other in zip(forest.row[order], forest.col[order]):
        one, other = root(one), root(other)
        if size[one] + size[other] <= MOST_COMPARED:
            above[other] = one
            size[one] += size[other]
    roots = np.array([root(one) for one in range(len(groups))])
    order = np.argsort(roots, kind="stable")
    return np.split(order, np.flatnonzero(np.diff(roots[order])) + 1)


def _strongest_pairs(groups, threshold):
    """The pairs above the threshold that are needed to connect what all such pairs do, the strongest ones.

    They are a maximum spanning forest, of fewer pairs than there are groups, kept up to date block by block. It is a
    sparse matrix of distances, small for strong pairs.
    """
    from scipy.sparse import coo_matrix
    from scipy.sparse.csgraph import minimum_spanning_tree

    n = len(groups)
    blocks = [np.arange(start, min(start + MOST_COMPARED, n)) for start in range(0, n, MOST_COMPARED)]
    forest = coo_matrix((n, n))
    for number, rows in enumerate(blocks):
        for columns in blocks[number:]:
            ratios = groups.ratios(rows, columns)
            row, column = np.nonzero(ratios > threshold)
            once = rows[row] < columns[column]
            row, column = row[once], column[once]
            distances = 1 / (1 + ratios[row, column] - threshold)
            pairs = coo_matrix((distances, (rows[row], columns[column])), shape=(n, n))
            forest = minimum_spanning_tree(forest + pairs).tocoo()
    return forest
