"""Clustering: which segments of speech belong to the same speaker.

All functions merge the most similar pair of clusters until no pair is similar enough (agglomerative
clustering). `cluster_scores` and `cluster_embeddings` work on same-speaker log likelihood ratios, averaged over
the members of two clusters; `cluster_bic` and `cluster_nclr` work on statistics of the frames, which add when
clusters merge. Labels are numbered from 0 in order of first appearance.

In all of them the number of clusters can be fixed or bounded, and is then respected exactly:
`n_clusters`, `min_clusters` and `max_clusters` are int or None; impossible counts raise ValueError.
"""

from collections.abc import Callable

import numpy as np

from lightdiar.models.gaussian import Statistics, bic_gain

_BLOCK_CLUSTERS = 50


def cluster_scores(
    scores: np.ndarray,
    threshold: float = 0.0,
    *,
    n_clusters: int | None = None,
    min_clusters: int | None = None,
    max_clusters: int | None = None,
) -> np.ndarray:
    """Average-linkage clustering of a matrix of similarities.

    Parameters
    ----------
    scores : ndarray of shape (n, n)
        Same-speaker log likelihood ratios or other similarities, larger for more similar; symmetric up to
        rounding; the diagonal is ignored.
    threshold : float, default=0
        Clusters with a mean similarity above it are merged.
    n_clusters, min_clusters, max_clusters : int, optional
        See the module docstring; they override the threshold.

    Returns
    -------
    labels : ndarray of int, shape (n,)

    Raises
    ------
    ValueError
        If the scores are not a square matrix of finite numbers, or the number of clusters is impossible.
    """
    from scipy.cluster.hierarchy import fcluster, linkage
    from scipy.spatial.distance import squareform

    scores = np.asarray(scores, dtype=np.float64)
    n = len(scores)
    if scores.shape != (n, n) or not np.isfinite(scores).all():
        raise ValueError(f"scores of shape {scores.shape} must be a square matrix of finite numbers.")
    fewest, most = cluster_bounds(n, n_clusters, min_clusters, max_clusters)
    if n < 2:
        return np.zeros(n, dtype=int)
    similarity = squareform((scores + scores.T) / 2, checks=False)
    top = similarity.max()
    merges = linkage(top - similarity, "average")
    wanted = n - np.count_nonzero(top - merges[:, 2] > threshold)
    wanted = min(max(wanted, fewest), most)
    merges[:, 2] = np.arange(1, n)  # the height of a merge is now its number, so the cut has no ties
    return number_by_appearance(fcluster(merges, n - wanted, "distance"))


def cluster_embeddings(
    Y: np.ndarray,
    score: Callable[[np.ndarray, np.ndarray], np.ndarray],
    threshold: float = 0.0,
    *,
    n_clusters: int | None = None,
    min_clusters: int | None = None,
    max_clusters: int | None = None,
    max_rows: int = 1000,
) -> np.ndarray:
    """Cluster embeddings by the scores of all pairs, in bounded memory.

    Parameters
    ----------
    Y : ndarray of shape (n, n_dimensions)
        In time order.
    score : callable
        Similarities of the rows of two arrays, all pairs: (n, n_dimensions) and (m, n_dimensions) to (n, m), such as
        `PLDA.log_likelihood_ratio`.
    threshold, n_clusters, min_clusters, max_clusters
        As for `cluster_scores`.
    max_rows : int, default=1000
        With more rows, blocks of at most this many consecutive ones are clustered first, into 50 clusters each, and
        then the clusters by the mean score of their rows. 1000 rows take 40 MB, 6000 take 0.6 GB.

    Returns
    -------
    labels : ndarray of int, shape (n,)
    """
    fewest, most = cluster_bounds(len(Y), n_clusters, min_clusters, max_clusters)
    scores, groups = group_scores(Y, score, fewest, max_rows=max_rows)
    return cluster_scores(scores, threshold, min_clusters=fewest, max_clusters=most)[groups]


def group_scores(
    Y: np.ndarray, score: Callable[[np.ndarray, np.ndarray], np.ndarray], fewest: int = 1, *, max_rows: int = 1000
) -> tuple[np.ndarray, np.ndarray]:
    """What `cluster_embeddings` clusters: the rows, or with more than `max_rows` of them, groups of rows.

    Parameters
    ----------
    Y, score, max_rows
        As for `cluster_embeddings`.
    fewest : int, default=1
        Least number of groups, at most n.

    Returns
    -------
    scores : ndarray of shape (n_groups, n_groups)
        Similarities; of groups, the mean over all pairs of their rows.
    groups : ndarray of int, shape (n,)
        Group of each row.
    """
    if len(Y) <= max_rows:
        return score(Y, Y), np.arange(len(Y))

    def first_round(rows):
        n_first = min(max(fewest, _BLOCK_CLUSTERS), len(rows))
        return cluster_scores(score(Y[rows], Y[rows]), n_clusters=n_first)

    groups = cluster_blocks(len(Y), max_rows, first_round)
    return _mean_scores(Y, groups, score, max_rows), groups


def cluster_blocks(n: int, max_rows: int, cluster: Callable[[np.ndarray], np.ndarray]) -> np.ndarray:
    """Labels of `n` rows in blocks of at most `max_rows` consecutive ones, shape (n,); blocks share no labels.

    `cluster(rows)` labels the rows of one block from 0.
    """
    labels, n_labels = np.zeros(n, dtype=int), 0
    for rows in np.array_split(np.arange(n), -(-n // max_rows)):
        labels[rows] = n_labels + cluster(rows)
        n_labels = labels[rows].max() + 1
    return labels


def merge_clusters(
    Y: np.ndarray,
    labels: np.ndarray,
    score: Callable[[np.ndarray, np.ndarray], np.ndarray],
    threshold: float = 0.0,
    *,
    n_clusters: int | None = None,
    min_clusters: int | None = None,
    max_clusters: int | None = None,
    max_rows: int = 1000,
) -> np.ndarray:
    """Merge clusters of embeddings by the mean score of all pairs of their rows.

    Parameters are those of `cluster_embeddings`; `labels` (n,) numbers the clusters from 0.

    Returns
    -------
    labels : ndarray of int, shape (n,)
    """
    bounds = dict(n_clusters=n_clusters, min_clusters=min_clusters, max_clusters=max_clusters)
    return cluster_scores(_mean_scores(Y, labels, score, max_rows), threshold, **bounds)[labels]


def cluster_bic(
    X: np.ndarray,
    segments: np.ndarray,
    *,
    penalty_weight: float = 4.0,
    n_clusters: int | None = None,
    min_clusters: int | None = None,
    max_clusters: int | None = None,
) -> np.ndarray:
    """Cluster segments by the Bayesian information criterion.

    Each pair of clusters is described by two full-covariance Gaussians or by one; the pair that loses least is
    merged as long as one is better [1]_.

    Parameters
    ----------
    X : ndarray of shape (n_frames, n_features)
        Static features, not normalised.
    segments : ndarray of int, shape (n, 2)
        First frame and end of each segment.
    penalty_weight : float, default=4.0
        The lambda of [1]_; larger means fewer clusters. Neighbouring frames are not independent, so it is
        well above 1: with 13 MFCC, 3 to 4 gives the best counts.
    n_clusters, min_clusters, max_clusters : int, optional
        See the module docstring.

    Returns
    -------
    labels : ndarray of int, shape (n,)

    References
    ----------
    .. [1] Chen and Gopalakrishnan, "Speaker, environment and channel change detection and clustering via the
       Bayesian information criterion", DARPA workshop, 1998.
    """
    bounds = cluster_bounds(len(segments), n_clusters, min_clusters, max_clusters)
    if len(segments) < 2:
        return np.zeros(len(segments), dtype=int)
    speech = np.concatenate([X[start:end] for start, end in segments])
    mean, deviation = speech.mean(axis=0), speech.std(axis=0)
    parts = [Statistics.of((X[start:end] - mean) / deviation) for start, end in segments]

    def similarity(one, many):
        # a segment may be shorter than its covariance needs: a deviation from [1]
        ridge = X.shape[1] / 2
        return -bic_gain(Statistics(*one), Statistics(*many), penalty_weight=penalty_weight, ridge=ridge)

    statistics = [np.array([getattr(part, name) for part in parts]) for name in ("count", "first", "second")]
    return _agglomerate(statistics, similarity, 0.0, bounds)


def cluster_nclr(
    N: np.ndarray,
    F: np.ndarray,
    *,
    threshold: float = -4.5,
    relevance: float = 16.0,
    n_clusters: int | None = None,
    min_clusters: int | None = None,
    max_clusters: int | None = None,
) -> np.ndarray:
    """Cluster segments by the normalised cross likelihood ratio of MAP-adapted mixtures.

    How much better does each segment's own model explain it than the other's [1]_? The alignment of frames
    with components is that of the background model, so all models are scored by matrix products [2]_.

    Parameters
    ----------
    N : ndarray of shape (n, n_components)
        Soft frame counts of each segment (`GMM.statistics`).
    F : ndarray of shape (n, n_components, n_features)
        First-order statistics, centred on the background model and in its standard deviations
        (`lightdiar.models.ivectors.whiten`).
    threshold : float, default=-4.5
        Clusters are merged while the negated ratio, in nats per frame, is above it; at most 0.
    relevance : float, default=16
        Prior frames per component in the adaptation.
    n_clusters, min_clusters, max_clusters : int, optional
        See the module docstring.

    Returns
    -------
    labels : ndarray of int, shape (n,)

    References
    ----------
    .. [1] Le, Mella and Fohr, "Speaker diarization using normalized cross likelihood ratio", Interspeech 2007.
    .. [2] Glembek, Burget, Dehak, Brummer and Kenny, "Comparison of scoring methods used in speaker
       recognition with joint factor analysis", ICASSP 2009.
    """

    def log_likelihood(N, F, model_N, model_F):
        """Of statistics under adapted models, relative to the background model, in nats per frame."""
        means = model_F / (model_N + relevance)[..., None]
        gain = (F * means).sum(axis=(-2, -1)) - 0.5 * (N * (means**2).sum(axis=-1)).sum(axis=-1)
        return gain / N.sum(axis=-1)

    def similarity(one, many):
        cross = log_likelihood(*one, *many) + log_likelihood(*many, *one)
        return cross - log_likelihood(*one, *one) - log_likelihood(*many, *many)

    bounds = cluster_bounds(len(N), n_clusters, min_clusters, max_clusters)
    return _agglomerate([np.array(N), np.array(F)], similarity, threshold, bounds)


def _mean_scores(Y, labels, score, max_rows):
    """Mean score over all pairs of rows of every two labels, shape (n_labels, n_labels).

    Not the score of the means, which are closer together than rows and would all look alike.
    """
    members = (np.arange(labels.max() + 1)[:, None] == labels).astype(np.float64)
    members /= members.sum(axis=1, keepdims=True)
    n_rows = max(1, max_rows**2 // len(Y))  # as much memory as a block of the first round
    blocks = (slice(start, start + n_rows) for start in range(0, len(Y), n_rows))
    return sum(members[:, block] @ (score(Y[block], Y) @ members.T) for block in blocks)


def number_by_appearance(labels: np.ndarray) -> np.ndarray:
    """The same partition, with labels 0, 1, 2, ... in order of first appearance."""
    _, first, inverse = np.unique(labels, return_index=True, return_inverse=True)
    return np.argsort(np.argsort(first))[inverse]


def _agglomerate(statistics, similarity, threshold, bounds):
    """Greedy merging of clusters whose statistics (arrays with clusters as first axis) add.

    `similarity(one, many)` compares one cluster's statistics with those of many, shape (m,).
    """
    fewest, most = bounds
    n = len(statistics[0])
    labels, alive = np.arange(n), np.ones(n, dtype=bool)
    table = np.full((n, n), -np.inf)

    def compare(row, others):
        values = similarity([part[row] for part in statistics], [part[others] for part in statistics])
        table[row, others] = table[others, row] = values

    for row in range(n - 1):
        compare(row, np.arange(row + 1, n))
    for n_alive in range(n, fewest, -1):
        kept, gone = np.unravel_index(table.argmax(), table.shape)
        if n_alive <= most and table[kept, gone] <= threshold:
            break
        for part in statistics:
            part[kept] += part[gone]
        labels[labels == gone] = kept
        alive[gone] = False
        table[gone], table[:, gone] = -np.inf, -np.inf
        compare(kept, np.flatnonzero(alive & (np.arange(n) != kept)))
    return number_by_appearance(labels)


def cluster_bounds(
    n: int, n_clusters: int | None, min_clusters: int | None, max_clusters: int | None
) -> tuple[int, int]:
    """Fewest and most clusters of n items, under these constraints; impossible counts raise ValueError."""
    if n_clusters is not None:
        if min_clusters is not None or max_clusters is not None:
            raise ValueError("n_clusters already fixes the number: leave out min_clusters and max_clusters.")
        min_clusters = max_clusters = n_clusters
    fewest = 1 if min_clusters is None else min_clusters
    most = max(n, fewest) if max_clusters is None else max_clusters
    if not 1 <= fewest <= most:
        raise ValueError(
            f"{fewest} to {most} clusters is impossible: the minimum must be at least 1 and not above the maximum."
        )
    if fewest > max(n, 1):
        raise ValueError(
            f"{fewest} clusters requested from {n} pieces of speech; request at most {n}, or provide more speech."
        )
    return fewest, most
