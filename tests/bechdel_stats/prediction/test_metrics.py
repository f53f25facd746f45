import numpy as np
import pytest
from sklearn import metrics

from bechdel_stats.prediction.metrics import N_BOOTSTRAP, Metrics, _of_scores, draws


def test_samples_are_the_same_for_a_seed_and_have_films_of_both_outcomes():
    passes = np.array([True, False, False])
    found = draws(passes, 1)
    assert 0 < len(found) < N_BOOTSTRAP  # a sample without the film that passes, or of it alone, says nothing
    assert all(len(draw) == 3 and 0 < passes[draw].sum() < 3 for draw in found)
    assert [draw.tolist() for draw in found] == [draw.tolist() for draw in draws(passes, 1)]


@pytest.mark.parametrize("weighted", [False, True], ids=["all films", "a sample"])
def test_metrics_are_those_of_scikit_learn(weighted):
    rng = np.random.default_rng(5)
    rating = rng.integers(0, 4, 200)
    probabilities = rng.dirichlet(np.ones(4), 200).round(1)  # with ties, zeros and ones
    probabilities /= probabilities.sum(axis=1, keepdims=True)
    draw = rng.integers(200, size=200) if weighted else np.arange(200)
    ours = Metrics(rating, probabilities).of(draw if weighted else None)
    y, p = rating[draw], probabilities[draw]
    passes, score = y == 3, p.argmax(axis=1)
    theirs = [
        metrics.roc_auc_score(passes, p[:, 3]),
        metrics.brier_score_loss(passes, p[:, 3]),
        metrics.log_loss(passes, p[:, 3]),
        metrics.accuracy_score(passes, p[:, 3] > 0.5),
        metrics.accuracy_score(y, score),
        metrics.f1_score(y, score, average="macro"),
        metrics.cohen_kappa_score(y, score, weights="quadratic"),
    ]
    assert ours == pytest.approx(theirs, abs=1e-12)


def test_a_score_that_never_occurs_is_in_no_mean_and_one_alone_has_no_kappa():
    probabilities = np.array([[0.0, 0.0, 0.0, 1.0], [0.6, 0.0, 0.0, 0.4]])
    *_, accuracy, f1, kappa = Metrics(np.array([3, 0]), probabilities).of()
    assert (accuracy, f1, kappa) == (1, 1, 1)
    assert np.isnan(_of_scores(np.diag([0.0, 0.0, 0.0, 2.0]))[2])
