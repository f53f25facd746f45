"""Spectral clustering that tunes itself.

Each row of an affinity matrix keeps its `p` nearest neighbours. With too few, the graph breaks into pieces smaller
than speakers; with too many, speakers merge. The normalised maximum eigengap finds a `p` in between, and the position
of the gap gives the number of clusters [1]_. Nothing is trained and no threshold is set, so any similarity will do, as
long as larger means more alike.

References
----------
.. [1] Park, Han, Kumar and Narayanan, "Auto-tuning spectral clustering for speaker diarization using normalized
   maximum eigengap", IEEE Signal Processing Letters 27, 2020.
"""

import numpy as np

from lightdiar.stages.clustering import cluster_blocks, cluster_bounds, cluster_scores, number_by_appearance

_LARGEST_SHARE = 0.25  # most neighbours tried, as a share of the rows
_N_TRIALS = 20  # numbers of neighbours tried
# searched for unless more are requested: gaps further up mean nothing
_MOST_CLUSTERS, _ROWS_PER_CLUSTER = 20, 5
_MAX_ROWS = 600


def cluster_spectral(
    affinity: np.ndarray,
    *,
    n_clusters: int | None = None,
    min_clusters: int | None = None,
    max_clusters: int | None = None,
) -> np.ndarray:
    """Spectral clustering, with the numbers of neighbours and of clusters chosen by the eigengap.

    Parameters
    ----------
    affinity : ndarray of shape (n, n)
        Similarities on any scale, larger for more similar, largest on the diagonal; only their order within a row
        counts. With more than 600 rows, blocks of consecutive ones are first merged into at most 600 pieces by average
        linkage.
    n_clusters, min_clusters, max_clusters : int, optional
        See `lightdiar.stages.clustering`; by default 1 to 20, and at most one per 5 rows.

    Returns
    -------
    labels : ndarray of int, shape (n,)
        Numbered from 0 in order of first appearance; the same from run to run.

    Raises
    ------
    ValueError
        If the affinity is not a square matrix of finite numbers, or the number of clusters is impossible.

    Examples
    --------
    >>> points = np.array([0, 1, 2, 3, 50, 51, 52, 53, 1.5, 51.5])
    >>> cluster_spectral(-abs(points[:, None] - points)).tolist()
    [0, 0, 0, 0, 1, 1, 1, 1, 0, 1]
    """
    affinity = np.asarray(affinity, dtype=np.float64)
    n = len(affinity)
    if affinity.shape != (n, n) or not np.isfinite(affinity).all():
        raise ValueError(f"affinity of shape {affinity.shape} must be a square matrix of finite numbers.")
    fewest, most = cluster_bounds(n, n_clusters, min_clusters, max_clusters)
    if max_clusters is None and n_clusters is None:
        most = max(fewest, min(_MOST_CLUSTERS, n // _ROWS_PER_CLUSTER))
    if n > _MAX_ROWS:
        if fewest > _MAX_ROWS:
            raise ValueError(
                f"{fewest} clusters of {n} rows: with more than {_MAX_ROWS} rows, at most {_MAX_ROWS} fit."
            )
        pieces = _pieces(affinity, _MAX_ROWS)
        members = (np.arange(pieces.max() + 1)[:, None] == pieces) / np.bincount(pieces)[:, None]
        means = members @ affinity @ members.T
        return number_by_appearance(cluster_spectral(means, min_clusters=fewest, max_clusters=most)[pieces])
    if n < 3 or fewest == n or most == 1:
        return np.arange(n) if fewest == n else np.zeros(n, int)
    laplacian, gaps = _tuned(affinity, min(most, n - 1))
    return number_by_appearance(_partition(laplacian, fewest + int(gaps[fewest - 1 :].argmax())))


def _tuned(affinity, most):
    """Laplacian of the best number of neighbours and its first `most` eigengaps, eqs. 3-9 of [1]_."""
    n = len(affinity)
    neighbours = np.argsort(-affinity, axis=1, kind="stable")
    trials = np.unique(np.linspace(2, max(2, _LARGEST_SHARE * n), _N_TRIALS).astype(int))
    best = np.inf
    for p in trials:
        graph = np.zeros((n, n))
        np.put_along_axis(graph, neighbours[:, :p], 1.0, axis=1)
        graph = (graph + graph.T) / 2
        laplacian = np.diag(graph.sum(axis=1)) - graph
        eigenvalues = np.linalg.eigvalsh(laplacian)
        gaps = np.diff(eigenvalues[: most + 1])
        ratio = p * eigenvalues[-1] / max(gaps.max(), 1e-10)
        if ratio < best:
            best, chosen = ratio, (laplacian, gaps)
    return chosen


def _partition(laplacian, n_clusters):
    """k-means in the space of the smallest eigenvectors: labels of exactly `n_clusters` clusters."""
    from scipy.linalg import eigh
    from scipy.spatial.distance import cdist
    from sklearn.cluster import KMeans

    _, vectors = eigh(laplacian, subset_by_index=[0, n_clusters - 1])
    labels = KMeans(n_clusters, n_init=10, random_state=0).fit_predict(vectors)
    if len(np.unique(labels)) < n_clusters:  # too many identical rows for k-means
        return cluster_scores(-cdist(vectors, vectors), n_clusters=n_clusters)
    return labels


def _pieces(affinity, most):
    """At most `most` pieces of similar rows, within blocks of consecutive rows."""
    n_blocks = -(-len(affinity) // _MAX_ROWS)
    return cluster_blocks(
        len(affinity),
        _MAX_ROWS,
        lambda rows: cluster_scores(affinity[np.ix_(rows, rows)], n_clusters=most // n_blocks),
    )
