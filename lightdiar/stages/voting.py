"""How many speakers: clusterings of the same windows that begin or weigh otherwise vote on their number.

The number of clusters hangs on a prior or a threshold. Where it is clear, five clusterings agree, so their agreement
says how far to trust it.
"""

from dataclasses import dataclass

import numpy as np

from lightdiar.models.plda import PLDA
from lightdiar.models.vbhmm import soften, vb_hmm
from lightdiar.stages.clustering import (
    cluster_bic,
    cluster_bounds,
    cluster_embeddings,
    merge_clusters,
    number_by_appearance,
)

_FULL_PRIOR_WINDOWS = 300  # about 4 minutes of speech


def vote(labelings):
    """The labeling that the majority would have.

    Parameters
    ----------
    labelings : sequence of ndarray of int, shape (n,)
        Labels from 0; the usual one in the middle.

    Returns
    -------
    labels : ndarray of int, shape (n,)
        Of those with the commonest number of labels, the one nearest the middle.
    agreement : float
        Share of them that find as many.
    """
    numbers = np.array([labels.max() for labels in labelings])
    votes = (numbers[:, None] == numbers).sum(axis=0)
    off = np.abs(np.arange(len(votes)) - len(votes) // 2)
    best = np.lexsort([off, -votes])[0]
    return labelings[best], float(votes[best] / len(votes))


@dataclass(frozen=True, eq=False)
class VBClusterer:
    """Agglomerative clustering into more clusters than there are speakers, and a VB-HMM that leaves those needed.

    Parameters
    ----------
    plda : PLDA
    speaker_prior, loop_probability : float
        `fb` and `loop_probability` of `lightdiar.models.vbhmm.vb_hmm`.
    trials : sequence of (int, float)
        Of each clustering that votes: how many clusters it begins with, and the factor of its speakers' prior.
    """

    plda: PLDA
    speaker_prior: float = 10.0
    loop_probability: float = 0.95
    trials: tuple = ((18, 0.5), (12, 1.0), (18, 1.0), (24, 1.0), (18, 2.0))

    def __call__(self, Y, min_clusters=None, max_clusters=None):
        """Speakers of the windows, and how sure their number is.

        Parameters
        ----------
        Y : ndarray of shape (n_windows, n_dimensions)
            Points in PLDA space, in time order.
        min_clusters, max_clusters : int, optional

        Returns
        -------
        labels : ndarray of int, shape (n_windows,)
            In order of appearance.
        agreement : float
            See `vote`.
        """
        bounds = cluster_bounds(len(Y), None, min_clusters, max_clusters)
        begun = {start: self.begin(Y, start, bounds[0]) for start in {start for start, _ in self.trials}}
        return vote([self.refine(Y, begun[start], factor, bounds) for start, factor in self.trials])

    def begin(self, Y, start, fewest):
        """Clusters of the windows, shape (n_windows,): more than there are speakers.

        There are `start` of them and one more for each 100 windows, but at most one for every five.
        """
        n_start = max(min(start + len(Y) // 100, -(-len(Y) // 5)), fewest)
        return cluster_embeddings(Y, self.plda.log_likelihood_ratio, n_clusters=n_start)

    def refine(self, Y, clusters, prior_factor, bounds):
        """Number of the speaker of each window, shape (n_windows,): of the clusters those that the VB-HMM needs."""
        fewest, most = bounds
        # with the few windows of a short recording a speaker could not pay for a full prior
        prior = prior_factor * self.speaker_prior * min(1.0, np.sqrt(len(Y) / _FULL_PRIOR_WINDOWS))
        for cheaper in (1, 2, 4, 8, 16):  # where more speakers are asked for than pay
            found = vb_hmm(
                Y, self.plda.phi, soften(clusters), loop_probability=self.loop_probability, fb=prior / cheaper
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
        Of each clustering that votes, see `lightdiar.stages.clustering.cluster_bic`.
    """

    penalty_weights: tuple = (4.4, 4.2, 4.0, 3.8, 3.6)

    def __call__(self, segments, min_clusters=None, max_clusters=None):
        """Speakers of the segments and how sure their number is, as `VBClusterer` gives them.

        Parameters
        ----------
        segments : (ndarray of shape (n_frames, n_features), ndarray of int, shape (n, 2))
            Frames, and which of them each segment holds.
        """
        X, places = segments
        bounds = dict(min_clusters=min_clusters, max_clusters=max_clusters)
        return vote([cluster_bic(X, places, penalty_weight=weight, **bounds) for weight in self.penalty_weights])
