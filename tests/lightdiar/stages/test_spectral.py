import numpy as np
import pytest

from lightdiar.stages import spectral
from lightdiar.stages.spectral import cluster_spectral


def affinity(labels, noise=1.0, seed=0):
    """Cosines of points around random centres in 20 dimensions."""
    rng = np.random.default_rng(seed)
    Y = 1.5 * rng.normal(size=(max(labels) + 1, 20))[labels] + noise * rng.normal(size=(len(labels), 20))
    Y /= np.linalg.norm(Y, axis=1, keepdims=True)
    return Y @ Y.T


@pytest.mark.parametrize("n_speakers", [1, 2, 3, 5, 8])
def test_speakers_are_counted_and_found(n_speakers):
    labels = np.arange(100) % n_speakers
    assert cluster_spectral(affinity(labels)).tolist() == labels.tolist()


def test_only_the_order_within_rows_counts():
    A = affinity(np.arange(60) % 3)
    assert cluster_spectral(np.exp(5 * A)).tolist() == cluster_spectral(A).tolist()


def test_order_of_rows_does_not_matter(rng):
    labels = np.arange(60) % 3
    A, order = affinity(labels), rng.permutation(60)
    found = cluster_spectral(A[np.ix_(order, order)])
    same = found[:, None] == found
    assert (same == (labels[order][:, None] == labels[order])).all()


def test_many_rows_go_through_pieces(monkeypatch):
    monkeypatch.setattr(spectral, "_MAX_ROWS", 150)  # as if 325 rows were 1300
    labels = np.arange(325) * 4 // 325
    assert (cluster_spectral(affinity(labels, noise=0.5)) == labels).all()


@pytest.mark.parametrize(
    "bounds, allowed",
    [
        (dict(n_clusters=4), {4}),
        (dict(min_clusters=5), set(range(5, 41))),
        (dict(max_clusters=2), {1, 2}),  # of three equal speakers the gaps may favour one or two
        (dict(n_clusters=1), {1}),
    ],
)
def test_bounds_are_kept(bounds, allowed):
    found = cluster_spectral(affinity(np.arange(40) % 3), **bounds)
    assert found.max() + 1 == len(np.unique(found))
    assert len(np.unique(found)) in allowed


def test_more_clusters_than_pieces_are_refused():
    with pytest.raises(ValueError, match="601 clusters of 700 rows: with more than 600 rows, at most 600 fit"):
        cluster_spectral(np.eye(700), min_clusters=601)


@pytest.mark.parametrize("n_clusters", [1, 3, 6])
def test_bounds_are_kept_among_equals(n_clusters):
    assert len(set(cluster_spectral(np.ones((6, 6)), n_clusters=n_clusters))) == n_clusters


@pytest.mark.parametrize("n", [0, 1, 2])
def test_few_rows_are_one_cluster(n):
    assert cluster_spectral(np.ones((n, n))).tolist() == [0] * n


def test_errors_say_what_came():
    with pytest.raises(ValueError, match=r"\(2, 3\) must be a square"):
        cluster_spectral(np.ones((2, 3)))
    with pytest.raises(ValueError, match="square matrix of finite"):
        cluster_spectral(np.full((3, 3), np.nan))
    with pytest.raises(ValueError, match="5 clusters requested from 3"):
        cluster_spectral(np.ones((3, 3)), n_clusters=5)


def test_agrees_with_spectralcluster():
    spectralcluster = pytest.importorskip("spectralcluster", reason="spectralcluster is not installed")
    labels = np.arange(80) // 20  # turns: this configuration blurs the affinity along time
    rng = np.random.default_rng(0)
    Y = 3 * rng.normal(size=(4, 20))[labels] + rng.normal(size=(80, 20))
    Y /= np.linalg.norm(Y, axis=1, keepdims=True)
    other = spectralcluster.configs.icassp2018_clusterer.predict(Y)
    ours = cluster_spectral(Y @ Y.T)
    assert ((other[:, None] == other) == (ours[:, None] == ours)).all()
