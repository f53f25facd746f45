import numpy as np
import pytest
from scipy.linalg import subspace_angles

from lightdiar.common.convergence import Convergence
from lightdiar.models import ivectors
from lightdiar.models.gmm import GMM, adapted_means
from lightdiar.models.ivectors import TotalVariability, fit_total_variability, supervectors, whiten


@pytest.fixture(scope="module")
def truth():
    """T of 5 components, 6 features and 3 factors."""
    return np.random.default_rng(0).normal(0, 0.5, (5, 6, 3))


def draw(T, shortest, longest):
    """Whitened statistics of 600 utterances drawn from the model, and their factors: N, F, w."""
    rng = np.random.default_rng(1)
    N, w = rng.uniform(shortest, longest, (600, 5)), rng.normal(size=(600, 3))
    noise = rng.normal(size=(600, 5, 6))
    return N, N[..., None] * np.einsum("cdr,ur->ucd", T, w) + np.sqrt(N)[..., None] * noise, w


@pytest.fixture(scope="module")
def utterances(truth):
    return draw(truth, 5, 60)


def posterior(T, N, F):
    """Mean and precision of w of each utterance u: I + sum over c of N_uc T_c' T_c, and its inverse times T' F_u."""
    precision = np.eye(T.shape[2]) + np.einsum("uc,cdr,cds->urs", N, T, T)
    projected = np.einsum("cdr,ucd->ur", T, F)
    return np.einsum("urs,us->ur", np.linalg.inv(precision), projected), precision


def log_likelihood(T, N, F):
    """Of the statistics, less what does not depend on T (Kenny, Boulianne and Dumouchel 2005)."""
    mean, precision = posterior(T, N, F)
    return 0.5 * (np.einsum("ur,urs,us", mean, precision, mean) - np.linalg.slogdet(precision)[1].sum())


def test_ivectors_are_the_posterior_means(truth, utterances):
    N, F, w = utterances
    mean, precision = posterior(truth, N, F)
    extractor = TotalVariability(truth)
    assert extractor.n_factors == 3
    assert extractor.precision(N) == pytest.approx(precision)
    assert extractor.embed(N, F) == pytest.approx(mean)
    assert np.corrcoef(mean[:, 0], w[:, 0])[0, 1] > 0.95


def test_without_frames_the_ivector_is_that_of_the_prior(truth):
    assert TotalVariability(truth).embed(np.zeros((2, 5)), np.zeros((2, 5, 6))).tolist() == [[0, 0, 0]] * 2


@pytest.mark.parametrize("shortest, longest", [(0.1, 1), (5, 60)])
def test_no_round_of_training_lowers_the_likelihood(truth, shortest, longest):
    N, F, _ = draw(truth, shortest, longest)
    likelihoods = [log_likelihood(fit_total_variability(N, F, 3, n_iter=n).T, N, F) for n in range(8)]
    assert np.diff(likelihoods).min() > -1e-9 * abs(likelihoods[-1])
    assert likelihoods[-1] > likelihoods[0] + 100


def test_a_round_of_training_agrees_with_the_published_equations(truth):
    """Maximum likelihood for each component, then the covariance of w moved into T."""
    N, F, _ = draw(truth, 0.1, 5)
    for n in range(3):
        before, after = (fit_total_variability(N, F, 3, n_iter=rounds).T for rounds in (n, n + 1))
        mean, precision = posterior(before, N, F)
        moment = np.linalg.inv(precision) + mean[:, :, None] * mean[:, None, :]
        likeliest = [F[:, c].T @ mean @ np.linalg.inv(np.tensordot(N[:, c], moment, 1)) for c in range(5)]
        expected = np.concatenate(likeliest) @ moment.mean(axis=0) @ np.concatenate(likeliest).T
        after = after.reshape(-1, 3)
        assert after @ after.T == pytest.approx(expected, rel=1e-4, abs=1e-5)


def test_short_utterances_have_uncertain_factors(truth):
    """About a frame for each component: point estimates of w would be too near 0 and T too large."""
    N, F, _ = draw(truth, 0.1, 1)
    found = fit_total_variability(N, F, 3, n_iter=60).T
    assert np.linalg.norm(found) == pytest.approx(np.linalg.norm(truth), rel=0.1)
    assert log_likelihood(found, N, F) >= log_likelihood(truth, N, F)


def test_training_recovers_the_subspace(truth, utterances):
    N, F, _ = utterances
    found = fit_total_variability(N, F, 3, n_iter=15).T
    assert subspace_angles(found.reshape(-1, 3), truth.reshape(-1, 3)).max() < 0.05
    # scale too: the covariance of the means does not depend on how w is turned
    assert found.reshape(-1, 3) @ found.reshape(-1, 3).T == pytest.approx(
        truth.reshape(-1, 3) @ truth.reshape(-1, 3).T, abs=0.15
    )
    assert log_likelihood(found, N, F) >= log_likelihood(truth, N, F)


def test_minimum_divergence_keeps_the_prior_standard(utterances):
    N, F, _ = utterances
    mean, precision = posterior(fit_total_variability(N, F, 3, n_iter=15).T, N, F)
    second = (np.linalg.inv(precision) + mean[:, :, None] * mean[:, None, :]).mean(axis=0)
    assert second == pytest.approx(np.eye(3), abs=0.02)


def test_training_in_blocks_equals_one_pass(utterances, monkeypatch):
    N, F, _ = utterances
    whole = fit_total_variability(N, F, 3, n_iter=3).T
    monkeypatch.setattr(ivectors, "_BLOCK_UTTERANCES", 77)
    assert fit_total_variability(N, F, 3, n_iter=3).T == pytest.approx(whole, abs=1e-10)


def test_single_precision_is_kept_and_agrees(utterances):
    N, F, _ = utterances
    single = fit_total_variability(N.astype(np.float32), F.astype(np.float32), 3, n_iter=5).T
    assert single.dtype == np.float32
    assert single == pytest.approx(fit_total_variability(N, F, 3, n_iter=5).T, abs=1e-3)


def test_the_same_seed_gives_the_same_extractor(utterances):
    N, F, _ = utterances
    one, two, other = (fit_total_variability(N, F, 3, n_iter=2, seed=seed).T for seed in (5, 5, 6))
    assert np.array_equal(one, two)
    assert not np.array_equal(one, other)


def test_whitening_worked_by_hand():
    """Two frames of sum 10 on a component of mean 3 and variance 4: (10 - 2 * 3) / 2."""
    gmm = GMM(np.ones(1), np.array([[3.0]]), np.array([[4.0]]))
    assert whiten(gmm, np.array([[2.0]]), np.array([[[10.0]]])).tolist() == [[[2.0]]]


def test_supervector_worked_by_hand():
    """Two frames of whitened sum 3 and 16 of prior on a component of weight 0.25: 0.5 * 3 / 18."""
    gmm = GMM(np.array([0.25, 0.75]), np.zeros((2, 1)), np.ones((2, 1)))
    S = supervectors(gmm, np.array([[2.0, 0.0]]), np.array([[[3.0], [0.0]]]))
    assert S == pytest.approx(np.array([[1 / 12, 0]]))


def test_supervectors_are_the_adapted_means_and_their_distance_a_divergence(ubm):
    """Mixtures that share weights and covariances: 2 sum w KL(component) is the squared distance (Campbell 2006)."""
    rng = np.random.default_rng(5)
    N, F = rng.uniform(0, 30, (2, 8)), rng.normal(0, 20, (2, 8, 38))
    one, two = adapted_means(ubm, N, F, relevance=4)
    S = supervectors(ubm, N, whiten(ubm, N, F), relevance=4)
    assert S.shape == (2, 304)
    assert S[0].reshape(8, 38) == pytest.approx((one - ubm.means) * np.sqrt(ubm.weights[:, None] / ubm.covariances))
    divergence = 0.5 * ((one - two) ** 2 / ubm.covariances).sum(axis=1)
    assert ((S[0] - S[1]) ** 2).sum() == pytest.approx(2 * ubm.weights @ divergence)


def test_without_frames_the_supervector_is_the_background(ubm):
    assert not supervectors(ubm, np.zeros((1, 8)), np.zeros((1, 8, 38))).any()


def test_a_matrix_is_no_extractor():
    with pytest.raises(ValueError, match=r"T must be \(n_components, n_features, n_factors\); got \(4, 2\)"):
        TotalVariability(np.zeros((4, 2)))


@pytest.fixture(scope="module")
def ubm():
    """A background model of 8 components."""
    rng = np.random.default_rng(4)
    return GMM(np.full(8, 1 / 8), rng.normal(0, 3, (8, 38)), rng.uniform(20, 40, (8, 38)))


def test_training_says_how_it_ended(truth):
    N, F, _ = draw(truth, 5, 60)
    assert fit_total_variability(N, F, 3, n_iter=2).convergence == Convergence(2, False)
    long = fit_total_variability(N, F, 3, n_iter=500, tolerance=1e-3).convergence
    assert long.converged and 2 < long.n_iter < 500
