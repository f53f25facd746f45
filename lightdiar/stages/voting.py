"""How many speakers: several clusterings of the same windows, with different starts or weights.

The number of clusters depends on a prior or a threshold. Where it is clear, five clusterings agree, so their agreement
says how far to trust it.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from lightdiar.models.plda import PLDA
from lightdiar.models.vbhmm import soften, vb_hmm
from lightdiar.stages.clustering import (
    cluster_bic,
    cluster_bounds,
    cluster_scores,
    group_scores,
    merge_clusters,
    number_by_appearance,
)

_FULL_PRIOR_WINDOWS, _FEWEST_WINDOWS = 300, 60  # about 4 minutes of speech; the prior falls no further below one
_EVIDENCE, _SHORT = 0.4, 120  # of a window; that of the windows of a shorter recording counts more, twice at most
_APART = 400  # windows, about 5 minutes of speech: recordings of up to so much hold no repetition
_ALIKE = 0.15  # mean squared difference per dimension; windows that share half their sound are .3 apart and more
_TIMES = 3  # that a sentence counts
_BLOCK = 512  # windows compared with all others at once


def vote(labelings: Sequence[np.ndarray]) -> tuple[np.ndarray, float]:
    """The labeling that wins by majority.

    Parameters
    ----------
    labelings : sequence of ndarray of int, shape (n,)
        Labels from 0; the default labeling in the middle.

    Returns
    -------
    labels : ndarray of int, shape (n,)
        Of the labelings with the most common number of labels, the one nearest the middle.
    agreement : float
        Share of the labelings with that number of labels.
    """
    numbers = np.array([labels.max() for labels in labelings])
    votes = (numbers[:, None] == numbers).sum(axis=0)
    off = np.abs(np.arange(len(votes)) - len(votes) // 2)
    best = np.lexsort([off, -votes])[0]
    return labelings[best], float(votes[best] / len(votes))


def distinct_windows(Y: np.ndarray) -> float:
    """How many windows a recording is worth if what is heard again and again counts three times at most.

    A jingle, an advertisement or a loop says nothing new when it is played once more, but a model that takes every
    window for evidence of its own finds a speaker in each of its sentences in the end.

    Parameters
    ----------
    Y : ndarray of shape (n_windows, n_dimensions)
        Points in PLDA space, in time order; within 400 windows nothing is taken for a repetition.

    Returns
    -------
    n : float
        At most n_windows.
    """
    n = len(Y)
    if n <= _APART:
        return float(n)
    squares, when, heard = (Y**2).mean(axis=1), np.arange(n), np.ones(n)
    for start in range(0, n, _BLOCK):
        rows = slice(start, start + _BLOCK)
        differences = squares[rows, None] + squares - 2 / Y.shape[1] * (Y[rows] @ Y.T)
        heard[rows] += ((differences < _ALIKE) & (abs(when[rows, None] - when) > _APART)).sum(axis=1)
    return float(np.minimum(1, _TIMES / heard).sum())


@dataclass(frozen=True, eq=False)
class VBClusterer:
    """Agglomerative clustering into more clusters than there are speakers, and a VB-HMM that keeps those needed.

    How far the trials agree says how certain the number of speakers is. The PLDA is adapted to how the speakers of the
    middle one vary (`lightdiar.models.plda.PLDA.adapt`), and the middle one, once more, has the last word.

    Windows that repeat earlier ones are no new evidence: they make speakers dearer, not more; see `distinct_windows`.
    The fewer windows a recording has, the less its moods and backgrounds come back, and the more each of them tells.

    Parameters
    ----------
    plda : PLDA
    speaker_prior, loop_probability : float
        `fb` and `loop_probability` of `lightdiar.models.vbhmm.vb_hmm`; the first for four minutes of speech and more.
    trials : sequence of (int, float)
        For each clustering: how many clusters it starts with, and a factor on its speaker prior.
    """

    plda: PLDA
    speaker_prior: float = 10.0
    loop_probability: float = 0.95
    trials: Sequence[tuple[int, float]] = ((18, 0.5), (12, 1.0), (18, 1.0), (24, 1.0), (18, 2.0))

    def __call__(
        self, Y: np.ndarray, min_clusters: int | None = None, max_clusters: int | None = None
    ) -> tuple[np.ndarray, float]:
        """Speakers of the windows, and how certain their number is.

        Parameters
        ----------
        Y : ndarray of shape (n_windows, n_dimensions)
            Points in PLDA space, in time order.
        min_clusters, max_clusters : int, optional

        Returns
        -------
        labels : ndarray of int, shape (n_windows,)
            Numbered in order of appearance.
        agreement : float
            See `vote`.
        """
        bounds = cluster_bounds(len(Y), None, min_clusters, max_clusters)
        worth = distinct_windows(Y)
        found, usual = self.labelings(Y, self.trials, worth, bounds), len(self.trials) // 2
        _, agreement = vote(found)
        plda, Y = self.plda.adapt(Y, found[usual])  # in whose space all would agree with what it was adapted to
        (labels,) = replace(self, plda=plda).labelings(Y, [self.trials[usual]], worth, bounds)
        return labels, agreement

    def labelings(
        self, Y: np.ndarray, trials: Sequence[tuple[int, float]], worth: float, bounds: tuple[int, int]
    ) -> list[np.ndarray]:
        """Speaker number of each window, shape (n_windows,), as each of some `trials` finds it."""
        begun = self.begin(Y, [start for start, _ in trials], worth, bounds[0])
        return [self.refine(Y, clusters, factor, worth, bounds) for clusters, (_, factor) in zip(begun, trials)]

    def begin(self, Y: np.ndarray, starts: Sequence[int], worth: float, fewest: int) -> list[np.ndarray]:
        """For each of some `starts`, initial clusters of the windows, shape (n_windows,): more than there are speakers.

        There are so many of them plus one per 100 windows that are `worth` counting, but at most one per five windows.
        """
        numbers = [max(min(start + int(worth) // 100, -(-len(Y) // 5)), fewest) for start in starts]
        scores, groups = group_scores(Y, self.plda.log_likelihood_ratio, max(numbers))
        begun = {number: cluster_scores(scores, n_clusters=number)[groups] for number in set(numbers)}
        return [begun[number] for number in numbers]

    def refine(
        self, Y: np.ndarray, clusters: np.ndarray, prior_factor: float, worth: float, bounds: tuple[int, int]
    ) -> np.ndarray:
        """Speaker number of each window, shape (n_windows,), from the clusters that the VB-HMM needs."""
        fewest, most = bounds
        weight = min(max(_SHORT / worth, 1.0), 2.0)
        # in a short recording, speakers have too few windows to pay for a full prior
        share = np.sqrt(min(max(worth, _FEWEST_WINDOWS), _FULL_PRIOR_WINDOWS) / _FULL_PRIOR_WINDOWS)
        prior = weight * prior_factor * self.speaker_prior * share * len(Y) / worth
        for cheaper in (1, 2, 4, 8, 16):  # where more speakers are requested than can pay for it
            found = vb_hmm(
                Y,
                self.plda.phi,
                soften(clusters),
                loop_probability=self.loop_probability,
                fa=weight * _EVIDENCE,
                fb=prior / cheaper,
            )
            labels = number_by_appearance(found.responsibilities.argmax(axis=1))
            if labels.max() + 1 >= fewest:
                break
            most = fewest
        else:
            labels = clusters
        if labels.max() + 1 <= most:
            return labels
        return merge_clusters(Y, labels, self.plda.log_likelihood_ratio, n_clusters=most)


@dataclass(frozen=True)
class BICClusterer:
    """Clusterings of segments by the Bayesian information criterion.

    Parameters
    ----------
    penalty_weights : sequence of float
        Of each clustering that votes; see `lightdiar.stages.clustering.cluster_bic`.
    """

    penalty_weights: Sequence[float] = (4.4, 4.2, 4.0, 3.8, 3.6)

    def __call__(
        self,
        segments: tuple[np.ndarray, np.ndarray],
        min_clusters: int | None = None,
        max_clusters: int | None = None,
    ) -> tuple[np.ndarray, float]:
        """Speakers of the segments and how certain their number is, as `VBClusterer` returns them.

        Parameters
        ----------
        segments : (ndarray of shape (n_frames, n_features), ndarray of int, shape (n, 2))
            Frames, and which of them belong to each segment.
        """
        X, places = segments
        bounds = dict(min_clusters=min_clusters, max_clusters=max_clusters)
        return vote([cluster_bic(X, places, penalty_weight=weight, **bounds) for weight in self.penalty_weights])
