import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lightdiar.models.gaussian import delta_bic
from lightdiar.models.plda import PLDA
from lightdiar.stages.clustering import (
    cluster_bic,
    cluster_bounds,
    cluster_embeddings,
    cluster_nclr,
    cluster_scores,
    number_by_appearance,
)

LABELS = np.array([0, 1, 0, 2, 1, 1, 2, 0])


def frames(labels, n_frames=80, n_features=4):
    """Frames of segments whose speakers differ in mean and spread, and the segments' bounds."""
    rng = np.random.default_rng(0)
    X = np.concatenate([rng.normal(3 * label, 1 + label, (n_frames, n_features)) for label in labels])
    starts = np.arange(len(labels)) * n_frames
    return X, np.stack([starts, starts + n_frames], axis=1)


def statistics(labels, n_components=4, n_features=3):
    """Whitened statistics of segments of 100 frames around speakers' means."""
    rng = np.random.default_rng(0)
    means = rng.normal(0, 1, (max(labels) + 1, n_components, n_features))
    N = np.full((len(labels), n_components), 25.0)
    noise = rng.normal(0, 0.2, (len(labels), n_components, n_features))
    return N, N[:, :, None] * (means[labels] + noise)


def by_scores(labels, **bounds):
    points = np.asarray(labels) * 10.0 + np.random.default_rng(0).uniform(-1, 1, len(labels))
    return cluster_scores(5 - np.abs(points[:, None] - points), **bounds)


def by_embeddings(labels, **bounds):
    Y = np.eye(4)[labels] * 10 + np.random.default_rng(0).uniform(-1, 1, (len(labels), 4))
    return cluster_embeddings(
        Y, PLDA(np.zeros(4), np.eye(4), np.full(4, 5.0)).log_likelihood_ratio, max_rows=5, **bounds
    )


def by_bic(labels, **bounds):
    return cluster_bic(*frames(labels), **bounds)


def by_nclr(labels, **bounds):
    return cluster_nclr(*statistics(labels), threshold=-1.0, **bounds)


ways = pytest.mark.parametrize("cluster", [by_scores, by_embeddings, by_bic, by_nclr])


@ways
def test_clear_speakers_are_found(cluster):
    assert cluster(LABELS).tolist() == LABELS.tolist()


@ways
@pytest.mark.parametrize("n_clusters", range(1, 9))
def test_a_given_number_is_obeyed(cluster, n_clusters):
    labels = cluster(LABELS, n_clusters=n_clusters)
    assert sorted(set(labels)) == list(range(n_clusters))


@ways
def test_bounds_are_obeyed_and_do_nothing_else(cluster):
    assert len(set(cluster(LABELS, max_clusters=2))) == 2
    assert len(set(cluster(LABELS, min_clusters=5))) == 5
    assert cluster(LABELS, min_clusters=2, max_clusters=9).tolist() == LABELS.tolist()


@ways
@pytest.mark.parametrize(
    "bounds, message",
    [
        (dict(n_clusters=9), "9 clusters requested from 8 pieces of speech; request at most 8"),
        (dict(n_clusters=0), "0 to 0 clusters is impossible"),
        (dict(min_clusters=3, max_clusters=2), "3 to 2 clusters is impossible"),
        (dict(n_clusters=2, max_clusters=3), "leave out min_clusters and max_clusters"),
    ],
)
def test_numbers_that_cannot_be_had(cluster, bounds, message):
    with pytest.raises(ValueError, match=message):
        cluster(LABELS, **bounds)


@ways
def test_one_segment_is_one_speaker(cluster):
    assert cluster(np.array([0])).tolist() == [0]


def test_no_segments_no_labels():
    assert cluster_scores(np.zeros((0, 0))).tolist() == []
    assert cluster_embeddings(np.zeros((0, 2)), lambda Y, Z: Y @ Z.T).tolist() == []
    assert cluster_bic(np.zeros((0, 2)), np.zeros((0, 2), int)).tolist() == []
    assert cluster_nclr(np.zeros((0, 2)), np.zeros((0, 2, 3))).tolist() == []


@given(st.integers(1, 12), st.integers(0, 10**6), st.data())
def test_ties_do_not_break_the_number(n, seed, data):
    scores = np.random.default_rng(seed).integers(0, 2, (n, n))
    n_clusters = data.draw(st.integers(1, n))
    assert len(set(cluster_scores(scores, n_clusters=n_clusters))) == n_clusters


def test_the_average_decides():
    scores = np.array([[0, 3, 1], [3, 0, -2], [1, -2, 0.0]])  # after 0 and 1, the third has (1 - 2) / 2
    assert cluster_scores(scores, -0.4).tolist() == [0, 0, 1]
    assert cluster_scores(scores, -0.6).tolist() == [0, 0, 0]


def test_scores_must_be_a_square_of_numbers():
    with pytest.raises(ValueError, match=r"scores of shape \(2, 3\) must be a square matrix"):
        cluster_scores(np.zeros((2, 3)))
    with pytest.raises(ValueError, match="finite"):
        cluster_scores(np.full((2, 2), np.nan))


def test_blocks_give_what_one_matrix_gives():
    labels = number_by_appearance(np.random.default_rng(0).integers(0, 4, 200))
    assert by_embeddings(labels).tolist() == labels.tolist()


def test_bic_merges_what_delta_bic_says():
    X, segments = frames([0, 0], n_frames=400)
    X[400:] += 0.5
    price = delta_bic(X, 400) - delta_bic(X, 400, penalty_weight=2)
    fair = 1 + delta_bic(X, 400) / price
    assert len(set(cluster_bic(X, segments, penalty_weight=0.95 * fair))) == 2
    assert len(set(cluster_bic(X, segments, penalty_weight=1.05 * fair))) == 1


def test_segments_shorter_than_a_covariance():
    X, segments = frames([0, 1, 0, 1], n_frames=3)
    assert len(cluster_bic(X, segments)) == 4


def test_nclr_of_two_segments_by_hand():
    # one component, one feature, 16 frames each, relevance 16: models at half the means, 1 and -1
    N, F = np.full((2, 1), 16.0), np.array([[[32.0]], [[-32.0]]])
    # own model 2 - 1/2, the other's -2 - 1/2: the ratio is 4 for each side
    assert cluster_nclr(N, F, threshold=-8.1).tolist() == [0, 0]
    assert cluster_nclr(N, F, threshold=-7.9).tolist() == [0, 1]


def test_inputs_stay_as_they_were():
    N, F = statistics(LABELS)
    before = F.copy()
    cluster_nclr(N, F)
    assert (F == before).all()


def test_labels_are_numbered_by_appearance():
    assert number_by_appearance([7, 7, 2, 9, 2]).tolist() == [0, 0, 1, 2, 1]


@pytest.mark.parametrize("max_rows", [7, 20, 50])
def test_blocks_find_what_one_matrix_finds(max_rows):
    """Means of many rows lie closer together than rows: scored as if they were rows, these five would be one."""
    rng = np.random.default_rng(0)
    plda = PLDA(np.zeros(20), np.eye(20), np.full(20, 2.0))
    labels = rng.permutation(np.repeat(np.arange(5), 40))
    Y = rng.normal(0, np.sqrt(2), (5, 20))[labels] + rng.normal(size=(200, 20))
    whole = cluster_embeddings(Y, plda.log_likelihood_ratio, 0.0, max_rows=200)
    assert whole.max() == 4
    assert cluster_embeddings(Y, plda.log_likelihood_ratio, 0.0, max_rows=max_rows).tolist() == whole.tolist()


def test_more_clusters_than_pieces_are_said_to_be_too_many():
    with pytest.raises(ValueError, match="9 clusters requested from 8 pieces of speech; request at most 8"):
        cluster_bounds(8, None, 9, None)
