import warnings
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from sklearn.mixture import GaussianMixture

from lightdiar.common.convergence import Convergence
from lightdiar.models import gmm as module
from lightdiar.models.gmm import GMM, adapted_means, fit_gmm, log_likelihood_ratio, map_adapt


@pytest.fixture
def sklearns(mixture):
    other = GaussianMixture(len(mixture.weights), covariance_type="diag")
    other.weights_, other.means_, other.covariances_ = mixture.weights, mixture.means, mixture.covariances
    other.precisions_cholesky_ = 1 / np.sqrt(mixture.covariances)
    return other


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_scores_are_those_of_scikit_learn(mixture, drawn, sklearns, dtype, monkeypatch):
    monkeypatch.setattr(module, "_BLOCK_FRAMES", 999)
    X = drawn.astype(dtype)
    scores, gamma = mixture.score_samples(X), mixture.responsibilities(X)
    np.testing.assert_allclose(scores, sklearns.score_samples(drawn), rtol=0, atol=1e-4, equal_nan=False)
    np.testing.assert_allclose(gamma, sklearns.predict_proba(drawn), rtol=0, atol=1e-5, equal_nan=False)


def test_scores_far_from_the_origin_keep_their_digits(mixture, drawn):
    far = GMM(mixture.weights, mixture.means + 1000, mixture.covariances)
    assert far.score_samples(drawn + 1000) == pytest.approx(mixture.score_samples(drawn), abs=1e-3)


def test_a_frame_far_from_every_component_has_a_finite_score(mixture):
    assert np.isfinite(mixture.score_samples(np.full((1, 3), 1e4))).all()
    assert mixture.responsibilities(np.full((1, 3), 1e4)).sum() == pytest.approx(1)


def test_no_frames(mixture):
    nothing = np.zeros((0, 3))
    assert mixture.score_samples(nothing).shape == (0,)
    N, F = mixture.statistics(nothing)
    assert not N.any() and not F.any()
    assert map_adapt(mixture, nothing).means == pytest.approx(mixture.means)
    assert log_likelihood_ratio(mixture, mixture, nothing) == 0.0


def test_statistics_sum_to_the_frames(mixture, drawn, sklearns, monkeypatch):
    monkeypatch.setattr(module, "_BLOCK_FRAMES", 999)
    N, F = mixture.statistics(drawn)
    assert N.sum() == pytest.approx(len(drawn), rel=1e-5)
    assert F.sum(axis=0) == pytest.approx(drawn.sum(axis=0), rel=1e-5)
    gamma = sklearns.predict_proba(drawn)
    assert N == pytest.approx(gamma.sum(axis=0), rel=1e-4)
    assert F == pytest.approx(gamma.T @ drawn, rel=1e-4)


def test_training_finds_the_mixture_the_frames_come_from(rng):
    means, deviations = np.array([[0.0, 0], [9, 0], [0, 9]]), np.array([[1, 2], [2, 1], [1, 1]])
    counts = np.array([500, 1000, 2500])
    X = np.repeat(means, counts, axis=0) + rng.normal(size=(4000, 2)) * np.repeat(deviations, counts, axis=0)
    fitted = fit_gmm(X, 3)
    order = [np.linalg.norm(fitted.means - mean, axis=1).argmin() for mean in means]
    assert sorted(order) == [0, 1, 2]
    assert fitted.weights[order] == pytest.approx(counts / 4000, abs=0.01)
    assert fitted.means[order] == pytest.approx(means, abs=0.25)
    assert np.sqrt(fitted.covariances[order]) == pytest.approx(deviations, rel=0.1)


def test_likelihood_rises_with_the_rounds(drawn):
    scores = [fit_gmm(drawn[:1000], 4, n_iter=n).score_samples(drawn[:1000]).mean() for n in (1, 2, 4, 8, 16)]
    assert np.diff(scores).min() > -1e-5
    assert scores[-1] > scores[0]


def test_rounds_are_those_of_scikit_learn(drawn):
    begun = fit_gmm(drawn, 4, n_iter=0)
    assert begun.convergence == Convergence(0, False)
    start = dict(weights_init=begun.weights, means_init=begun.means, precisions_init=1 / begun.covariances)
    other = GaussianMixture(4, covariance_type="diag", max_iter=3, reg_covar=1e-4, **start)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it has not converged
        other.fit(drawn)
    ours = fit_gmm(drawn, 4, n_iter=3)
    assert ours.weights == pytest.approx(other.weights_, rel=1e-4)
    assert ours.means == pytest.approx(other.means_, abs=1e-4)
    assert ours.covariances == pytest.approx(other.covariances_, rel=1e-4)


def test_a_component_without_frames_keeps_a_little_weight():
    same = np.ones((50, 2))
    gmm = fit_gmm(same, 3)
    assert gmm.means == pytest.approx(np.ones((3, 2))) and gmm.covariances == pytest.approx(np.full((3, 2), 1e-4))
    assert gmm.weights.sum() == pytest.approx(1) and gmm.weights.min() > 0


def test_the_same_seed_gives_the_same_mixture(drawn):
    one, two = (fit_gmm(drawn, 6, n_iter=5, seed=7) for _ in range(2))
    for name in ("weights", "means", "covariances"):
        assert np.array_equal(getattr(one, name), getattr(two, name))


def test_one_component_is_mean_and_variance(drawn):
    fitted = fit_gmm(drawn, 1)
    assert fitted.weights == pytest.approx([1.0])
    assert fitted.means[0] == pytest.approx(drawn.mean(axis=0))
    assert fitted.covariances[0] == pytest.approx(drawn.var(axis=0) + 1e-4)


def test_adaptation_worked_by_hand():
    """Four frames of mean 2.5 against a prior of 16 frames at 0: (10 + 16 * 0) / (4 + 16)."""
    background = GMM(np.ones(1), np.zeros((1, 1)), np.full((1, 1), 9.0))
    adapted = map_adapt(background, np.array([[1.0], [2.0], [3.0], [4.0]]))
    assert adapted.means == pytest.approx(np.array([[0.5]]))
    assert adapted.weights is background.weights and adapted.covariances is background.covariances


def test_the_relevance_leads_from_the_frames_to_the_background(mixture, drawn):
    N, F = mixture.statistics(drawn[:200])
    assert map_adapt(mixture, drawn[:200], relevance=1e-9).means == pytest.approx(F / N[:, None])
    assert map_adapt(mixture, drawn[:200], relevance=1e12).means == pytest.approx(mixture.means)


def test_adapted_means_of_many_at_once(mixture, drawn):
    N, F = zip(*(mixture.statistics(drawn[i : i + 50]) for i in (0, 100, 900)))
    together = adapted_means(mixture, np.array(N), np.array(F), 8.0)
    assert together.shape == (3, 4, 3)
    assert together[1] == pytest.approx(map_adapt(mixture, drawn[100:150], relevance=8.0).means)


def test_the_ratio_speaks_for_the_speaker_whose_frames_they_are(mixture, drawn, rng):
    own, other = drawn + 1.5, drawn - 1.5
    speaker = map_adapt(mixture, own[:300])
    assert log_likelihood_ratio(speaker, mixture, own[1000:2000]) > 0.1
    assert log_likelihood_ratio(speaker, mixture, other[1000:2000]) < -0.1


def test_what_is_no_mixture_is_refused(drawn):
    with pytest.raises(ValueError, match=r"weights \(2,\), means \(3, 1\) and covariances \(2, 1\) must be"):
        GMM(np.ones(2) / 2, np.zeros((3, 1)), np.ones((2, 1)))
    with pytest.raises(ValueError, match="must be positive"):
        GMM(np.ones(2) / 2, np.zeros((2, 1)), np.array([[1.0], [0.0]]))
    with pytest.raises(ValueError, match="3 frames cannot train 4 components; use more audio or fewer"):
        fit_gmm(drawn[:3], 4)
    with pytest.raises(ValueError, match="n_components=0 must be at least 1"):
        fit_gmm(drawn, 0)
    for value in (np.nan, np.inf):
        with pytest.raises(ValueError, match=r"X, float64 of shape \(5, 3\), must be .* without NaN or infinity"):
            fit_gmm(np.where(drawn[:5] == drawn[0, 0], value, drawn[:5]), 2)
    with pytest.raises(ValueError, match=r"X, float64 of shape \(5,\), must be"):
        fit_gmm(drawn[:5, 0], 2)


def test_rounds_that_run_out_are_said_by_convergence_and_not_by_a_warning(drawn):
    assert fit_gmm(drawn, 4, n_iter=2).convergence == Convergence(2, False)
    one = fit_gmm(drawn, 1).convergence
    assert one.converged and one.n_iter < 20


def test_eight_threads_train_as_one_does(drawn):
    serial = [fit_gmm(drawn, 2, n_iter=3, seed=seed) for seed in range(8)]
    with ThreadPoolExecutor(8) as pool:
        trained = list(pool.map(lambda seed: fit_gmm(drawn, 2, n_iter=3, seed=seed), range(8)))
    for one, other in zip(trained, serial):
        assert np.array_equal(one.means, other.means) and one.convergence == other.convergence


@pytest.mark.parametrize(
    ("X", "relevance", "message"),
    [
        (np.zeros((5, 2)), 16.0, "X has 2 features, the mixture has 3; make them alike"),
        (np.full((5, 3), np.nan), 16.0, r"X, float64 of shape \(5, 3\), must be .* without NaN or infinity"),
        (np.zeros((5, 3)), -1, "relevance=-1 must be a number above 0; 16 suits minutes of speech"),
        (np.zeros((5, 3)), np.nan, "relevance=nan must be a number above 0"),
    ],
)
def test_what_cannot_be_adapted_to_is_refused(X, relevance, message, drawn):
    with pytest.raises(ValueError, match=message):
        map_adapt(fit_gmm(drawn, 2), X, relevance=relevance)
    with pytest.raises(TypeError, match="^gmm=None must be a GMM; fit_gmm trains one"):
        map_adapt(None, X)
