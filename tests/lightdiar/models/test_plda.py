import numpy as np
import pytest
from scipy.linalg import subspace_angles
from scipy.stats import multivariate_normal, norm

from lightdiar.models.plda import (
    PLDA,
    cosine_scores,
    fit_lda,
    fit_plda,
    fit_supervector_plda,
    fit_wccn,
    length_normalise,
)

PHI = np.array([6.0, 3.0, 1.0, 0.3])


@pytest.fixture(scope="module")
def model():
    """Speakers of variances `PHI`, deviations of variance 1."""
    return PLDA(np.zeros(4), np.eye(4), PHI)


@pytest.fixture(scope="module")
def crowd():
    """Embeddings of 150 speakers in 30 dimensions, 3 to 12 of each: rows and labels."""
    rng = np.random.default_rng(0)
    labels = np.repeat(np.arange(150), rng.integers(3, 13, 150))
    speakers = rng.normal(size=(150, 30)) * np.linspace(2, 0.1, 30)
    mixing = rng.normal(size=(30, 30))
    return (speakers[labels] + rng.normal(size=(len(labels), 30))) @ mixing + 5, labels


def equal_error_rate(scores, same):
    """Where as many same-speaker pairs are refused as different ones taken, of all pairs i < j."""
    upper = np.triu_indices(len(scores), 1)
    scores, same = scores[upper], same[upper]
    order = np.argsort(scores)
    missed = np.cumsum(same[order]) / same.sum()
    taken = 1 - np.cumsum(~same[order]) / (~same).sum()
    return missed[np.argmin(abs(missed - taken))]


def test_the_ratio_is_that_of_the_two_gaussian_models(model):
    rng = np.random.default_rng(0)
    Y, Z = rng.normal(0, 2, (5, 4)), rng.normal(0, 2, (3, 4))
    total, between = np.diag(PHI + 1), np.diag(PHI)
    same = multivariate_normal(np.zeros(8), np.block([[total, between], [between, total]]))
    alone = multivariate_normal(np.zeros(4), total)
    expected = [[same.logpdf(np.r_[y, z]) - alone.logpdf(y) - alone.logpdf(z) for z in Z] for y in Y]
    assert model.log_likelihood_ratio(Y, Z) == pytest.approx(np.array(expected), abs=1e-9)


def test_one_dimension_worked_by_hand():
    """phi = 1: total 2, determinant 3; at y = z = 0 the ratio is log(2) - log(3) / 2."""
    model = PLDA(np.zeros(1), np.eye(1), np.ones(1))
    assert model.log_likelihood_ratio(np.zeros((1, 1)))[0, 0] == pytest.approx(np.log(2) - np.log(3) / 2)
    apart = model.log_likelihood_ratio(np.array([[3.0]]), np.array([[-3.0]]))[0, 0]
    assert apart == pytest.approx(np.log(2) - np.log(3) / 2 - 9 + 4.5)


def test_ratios_of_one_set_are_symmetric(model):
    Y = np.random.default_rng(1).normal(size=(20, 4))
    ratios = model.log_likelihood_ratio(Y)
    assert ratios == pytest.approx(ratios.T)
    assert ratios == pytest.approx(model.log_likelihood_ratio(Y, Y))


def test_the_sign_of_the_ratio_is_the_best_guess(model):
    """Pairs drawn half and half: no other threshold errs less than 0."""
    rng = np.random.default_rng(2)
    speakers = rng.normal(size=(400, 4)) * np.sqrt(PHI)
    first, second = (speakers + rng.normal(size=(400, 4)) for _ in range(2))
    ratios = model.log_likelihood_ratio(first, second)
    same, different = np.diag(ratios), ratios[~np.eye(400, dtype=bool)]
    errors = [np.mean(same <= t) + np.mean(different > t) for t in (-3, -1, 0, 1, 3)]
    assert np.argmin(errors) == 2
    assert np.mean(same) > 1 > -2 > np.mean(different)
    # a log likelihood ratio is its own: p(r | same) = exp(r) p(r | different)
    assert np.mean(np.exp(-same)) == pytest.approx(1, abs=0.2)


def test_rows_get_the_length_of_their_dimension():
    X = length_normalise(np.array([[3.0, 4.0], [-0.1, 0.0], [0.0, 0.0]]))
    assert X == pytest.approx(np.sqrt(2) * np.array([[0.6, 0.8], [-1, 0], [0, 0]]))


def test_within_speakers_the_projection_is_white(crowd):
    X, labels = crowd
    plda = fit_plda(X, labels, 30)
    Y = plda.project(X)
    counts = np.bincount(labels)
    centroids = np.array([Y[labels == k].mean(axis=0) for k in range(150)])
    deviation = Y - centroids[labels]
    assert deviation.T @ deviation / (len(Y) - 150) == pytest.approx(np.eye(30), abs=1e-9)
    between = np.cov(centroids.T) - (1 / counts).mean() * np.eye(30)
    assert between - np.diag(np.diag(between)) == pytest.approx(np.zeros((30, 30)), abs=1e-9)
    assert plda.phi == pytest.approx(np.maximum(np.diag(between), 1e-3), abs=1e-9)
    assert (np.diff(plda.phi) <= 0).all()


def test_fewer_dimensions_are_the_first_of_all(crowd):
    X, labels = crowd
    plda, all_of_it = fit_plda(X, labels, 8), fit_plda(X, labels, 30)
    assert plda.project(X).shape == (len(X), 8)
    assert abs(plda.project(X)) == pytest.approx(abs(all_of_it.project(X)[:, :8]))


def test_speaker_variances_are_recovered():
    """Truth: four variances of 9, the rest 0; in 100 dimensions rows hardly differ in length."""
    rng = np.random.default_rng(3)
    labels = np.repeat(np.arange(300), 10)
    speakers = rng.normal(size=(300, 100)) * np.r_[np.full(4, 3.0), np.zeros(96)]
    plda = fit_plda(speakers[labels] + rng.normal(size=(3000, 100)), labels, 10)
    assert plda.phi[:4] == pytest.approx(np.full(4, 9.0), rel=0.35)
    assert plda.phi[4:].max() < 0.2


def test_unknown_speakers_are_told_apart_almost_as_well_as_the_true_model_does(crowd):
    X, labels = crowd
    known = labels < 100
    same = labels[~known][:, None] == labels[~known]
    trained = fit_plda(X[known], labels[known], 20)
    ratios = trained.log_likelihood_ratio(trained.project(X[~known]))
    rng = np.random.default_rng(0)
    rng.integers(3, 13, 150), rng.normal(size=(150, 30))
    true = PLDA(np.full(30, 5.0), np.linalg.inv(rng.normal(size=(30, 30))), np.linspace(2, 0.1, 30) ** 2)
    ideal = true.log_likelihood_ratio((X[~known] - true.mean) @ true.transform)
    cosine = length_normalise(X[~known] - X[known].mean(axis=0))
    assert equal_error_rate(ratios, same) < equal_error_rate(ideal, same) + 0.03
    assert equal_error_rate(ratios, same) < 0.5 * equal_error_rate(cosine @ cosine.T, same)
    assert ratios[same].mean() > 0 > ratios[~same].mean()


def test_the_measure_of_errors_itself():
    """Two normal distributions 2 apart cross at an error of Phi(-1)."""
    rng = np.random.default_rng(4)
    same = rng.random((400, 400)) < 0.3
    scores = rng.normal(size=(400, 400)) + 2 * same
    assert equal_error_rate(scores, same) == pytest.approx(norm.cdf(-1), abs=0.01)


def test_labels_may_be_names_and_embeddings_single(crowd):
    X, labels = crowd
    names = np.array([f"speaker {label:03d}" for label in labels])
    single = fit_plda(X.astype(np.float32), names, 8)
    assert single.phi == pytest.approx(fit_plda(X, labels, 8).phi, rel=1e-4)


@pytest.fixture(scope="module")
def long_crowd():
    """Vectors of 60 speakers in 700 dimensions, 6 of each, of which 20 tell the speakers apart: rows and labels."""
    rng = np.random.default_rng(5)
    labels = np.repeat(np.arange(60), 6)
    speakers, noise = rng.normal(size=(60, 20)) * 3, rng.normal(size=(360, 40)) * np.linspace(4, 1, 40)
    plane = rng.normal(size=(60, 700))
    X = np.concatenate([speakers[labels], noise], axis=1) @ plane + 0.3 * rng.normal(size=(360, 700)) + 2
    return X, labels


def test_seen_from_all_components_long_vectors_have_the_plda_of_short_ones(crowd):
    X, labels = crowd
    found, usual = fit_supervector_plda(X.copy(), labels, 30, 12), fit_plda(X, labels, 12)
    assert found.phi == pytest.approx(usual.phi)
    assert found.mean == pytest.approx(usual.mean)
    assert abs(found.project(X)) == pytest.approx(abs(usual.project(X)))
    ratios = [plda.log_likelihood_ratio(plda.project(X[:50])) for plda in (found, usual)]
    assert ratios[0] == pytest.approx(ratios[1])


def test_long_vectors_are_white_within_speakers(long_crowd):
    X, labels = long_crowd
    plda = fit_supervector_plda(X.copy(), labels, 80, 30)
    assert plda.mean.shape == (700,) and plda.transform.shape == (700, 30) and plda.phi.shape == (30,)
    Y = plda.project(X)
    deviation = Y - np.array([Y[labels == k].mean(axis=0) for k in range(60)])[labels]
    assert deviation.T @ deviation / 300 == pytest.approx(np.eye(30), abs=1e-6)
    assert (np.diff(plda.phi) <= 0).all() and (plda.phi >= 1e-3).all()


def test_unknown_speakers_are_told_apart_by_long_vectors(long_crowd):
    X, labels = long_crowd
    known = labels < 40
    same = labels[~known][:, None] == labels[~known]
    plda = fit_supervector_plda(X[known], labels[known], 60, 30)
    ratios = plda.log_likelihood_ratio(plda.project(X[~known]))
    cosine = cosine_scores(X[~known] - X[known].mean(axis=0), X[~known] - X[known].mean(axis=0))
    assert equal_error_rate(ratios, same) < 0.5 * equal_error_rate(cosine, same)
    assert ratios[same].mean() > 0 > ratios[~same].mean()


def test_long_vectors_of_single_precision_stay_so_and_the_same_seed_gives_the_same_bytes(long_crowd):
    X, labels = long_crowd
    single = X.astype(np.float32)
    one, two, other = (fit_supervector_plda(single.copy(), labels, 60, 20, seed=seed) for seed in (0, 0, 1))
    assert one.transform.dtype == one.mean.dtype == np.float32
    assert one.transform.tobytes() == two.transform.tobytes() and one.transform.tobytes() != other.transform.tobytes()
    assert one.phi == pytest.approx(fit_supervector_plda(X.copy(), labels, 60, 20).phi, rel=1e-2)


@pytest.mark.parametrize("fit", [lambda X, y: fit_plda(X, y, 2), lambda X, y: fit_lda(X, y, 2), fit_wccn])
@pytest.mark.parametrize("speakers, n", [(["a"] * 4, 1), (["a", "b", "c", "d"], 4), ([], 0)])
def test_labels_that_teach_nothing_are_refused(fit, speakers, n):
    with pytest.raises(ValueError, match=f"{len(speakers)} embeddings of {n} speakers cannot show both"):
        fit(np.ones((len(speakers), 3)), speakers)


def test_labels_of_long_vectors_that_teach_nothing_are_refused():
    for speakers, n in ((["a"] * 4, 1), (["a", "b", "c", "d"], 4)):
        with pytest.raises(ValueError, match=f"4 embeddings of {n} speakers cannot show both"):
            fit_supervector_plda(np.random.default_rng(0).normal(size=(4, 30)), np.array(speakers), 3, 2)


def test_cosines_worked_by_hand():
    scores = cosine_scores(np.array([[3.0, 4.0], [0.0, 0.0]]), np.array([[30.0, 40.0], [-4.0, 3.0], [0.0, -2.0]]))
    assert scores == pytest.approx(np.array([[1, 0, -0.8], [0, 0, 0]]))


def test_lda_finds_the_directions_of_scikit_learn(crowd):
    """Equally many rows of each speaker: no correction for noise, no weights can then turn the directions."""
    from sklearn.discriminant_analysis import LinearDiscriminantAnalysis

    X, labels = crowd
    kept = np.concatenate([np.flatnonzero(labels == k)[:3] for k in range(150)])
    X, labels = X[kept], labels[kept]
    found = fit_lda(X, labels, 6).transform
    other = LinearDiscriminantAnalysis(solver="eigen").fit(length_normalise(X - X.mean(axis=0)), labels)
    assert subspace_angles(found, other.scalings_[:, :6]).max() < 1e-6
    assert found == pytest.approx(fit_plda(X, labels, 6).transform)


def test_wccn_whitens_within_speakers_and_is_lda_of_all_dimensions_turned(crowd):
    X, labels = crowd
    wccn = fit_wccn(X, labels)
    Y = wccn.project(X)
    deviation = Y - np.array([Y[labels == k].mean(axis=0) for k in range(150)])[labels]
    assert deviation.T @ deviation / (len(Y) - 150) == pytest.approx(np.eye(30), abs=1e-9)
    assert np.triu(wccn.transform, 1) == pytest.approx(np.zeros((30, 30)))
    every = fit_lda(X, labels, 30).project(X[:40])
    assert cosine_scores(Y[:40], Y[:40]) == pytest.approx(cosine_scores(every, every), abs=1e-9)


def test_lda_and_wccn_help_to_know_unknown_speakers(crowd):
    X, labels = crowd
    known = labels < 100
    same = labels[~known][:, None] == labels[~known]
    lda, wccn = fit_lda(X[known], labels[known], 20), fit_wccn(X[known], labels[known])
    views = X[~known] - X[known].mean(axis=0), wccn.project(X[~known]), lda.project(X[~known])
    cosine, normalised, discriminant = (equal_error_rate(cosine_scores(V, V), same) for V in views)
    assert max(normalised, discriminant) < 0.7 * cosine


def test_adapting_worked_by_hand():
    """Two speakers of two points each: points are 4 apart along the first dimension, speakers 6 along the second.

    Within: 84 + 16 and 84, of trace 2, 25/23 and 21/23. Between: (5 x 6) / 6 and (5 x 3 + 9 + 9) / 6. The second
    dimension now tells more, and comes first.
    """
    model = PLDA(np.zeros(2), np.eye(2), np.array([6.0, 3.0]))
    Y = np.array([[-2.0, 3.0], [2.0, 3.0], [-2.0, -3.0], [2.0, -3.0]])
    adapted, Z = model.adapt(Y, np.array([0, 0, 1, 1]), n_points=84)
    assert adapted.phi == pytest.approx([5.5 * 23 / 21, 5 * 23 / 25])
    assert abs(Z) == pytest.approx(abs(Y[:, ::-1]) * np.sqrt([23 / 21, 23 / 25]))


def test_in_the_adapted_space_points_vary_evenly_within_speakers_and_the_model_projects_there(crowd):
    X, labels = crowd
    model = fit_plda(X, labels, 12)
    own = labels < 8
    Y = model.project(X[own]) * np.linspace(0.5, 2, 12)
    _, Z = model.adapt(Y, labels[own], n_points=0)
    deviation = Z - np.array([Z[labels[own] == k].mean(axis=0) for k in range(8)])[labels[own]]
    within = deviation.T @ deviation
    assert within / within[0, 0] == pytest.approx(np.eye(12), abs=1e-9)
    adapted, Z = model.adapt(model.project(X), labels)
    assert adapted.project(X) == pytest.approx(Z)


def test_priors_of_endless_weight_change_nothing_and_neither_do_points_all_alike(model):
    Y, one = np.random.default_rng(0).normal(0, 2, (20, 4)), np.zeros(20, int)
    expected = model.log_likelihood_ratio(Y)
    adapted, Z = model.adapt(Y, np.arange(20) % 3, n_points=1e12, n_speakers=1e12)
    assert adapted.log_likelihood_ratio(Z) == pytest.approx(expected, abs=1e-6)
    adapted, Z = model.adapt(np.ones((20, 4)), one)
    assert adapted.phi == pytest.approx(PHI) and abs(Z) == pytest.approx(np.ones((20, 4)))


def test_what_is_no_model_is_refused():
    with pytest.raises(ValueError, match=r"transform \(3, 2\) must be .*, mean \(3,\) and phi \(3,\)"):
        PLDA(np.zeros(3), np.ones((3, 2)), np.ones(3))
    with pytest.raises(ValueError, match="phi holds variances and must be positive"):
        PLDA(np.zeros(3), np.ones((3, 2)), np.array([1.0, 0.0]))
