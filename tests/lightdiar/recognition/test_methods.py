from functools import partial

import numpy as np
import pytest
from sklearn.mixture import GaussianMixture

from lightdiar.models.gmm import GMM, log_likelihood_ratio, map_adapt
from lightdiar.models.ivectors import TotalVariability
from lightdiar.models.plda import PLDA, Projection, fit_wccn
from lightdiar.recognition.methods import (
    METHODS,
    Background,
    Speech,
    adapted_mixtures,
    codebooks,
    ivector_cosine,
    ivectors,
    mean_cepstra,
    smoothed_wccn,
    speaker_mixtures,
    supervector_machines,
)

PLACES = np.array([[3.0, 0, 0, 0], [0, 3, 0, 0], [0, 0, 3, 0], [-3, 0, 0, 3]])


def speech(place, n_frames, seed):
    """Frames around a place."""
    X = (place + np.random.default_rng(seed).normal(size=(n_frames, 4))).astype(np.float32)
    return Speech(X, X[:, :3], X)


@pytest.fixture(scope="module")
def background():
    rng = np.random.default_rng(0)
    ubm = GMM(np.full(4, 0.25), rng.normal(size=(4, 4)), np.full((4, 4), 6.0))
    extractor = TotalVariability(rng.normal(size=(4, 4, 3)))
    space = Projection(np.zeros(3), np.eye(3))
    return Background(ubm, extractor, PLDA(np.zeros(3), np.eye(3), np.array([4.0, 2.0, 1.0])), space, space)


@pytest.fixture(scope="module")
def enrolment():
    return [[speech(place, 200, 10 * n), speech(place, 100, 10 * n + 1)] for n, place in enumerate(PLACES)]


@pytest.fixture(scope="module")
def pieces():
    return [speech(place, 100 + n, 10 * n + 2 + take) for n, place in enumerate(PLACES) for take in range(2)]


@pytest.mark.parametrize("method", METHODS, ids=lambda method: method.name)
def test_clear_voices_are_known_by_every_method(method, enrolment, pieces, background):
    score = method.fit(enrolment, background, 0)
    S = score(pieces)
    assert S.shape == (8, 4)
    assert S.argmax(axis=1).tolist() == [0, 0, 1, 1, 2, 2, 3, 3]
    np.testing.assert_allclose(score(pieces[3:4]), S[3:4], rtol=1e-3, atol=1e-3)  # a piece is scored on its own
    np.testing.assert_array_equal(method.fit(enrolment, background, 0)(pieces), S)


def test_methods_are_in_the_order_of_time_with_names_of_their_own():
    assert [method.year for method in METHODS] == sorted(method.year for method in METHODS)
    assert len({method.name for method in METHODS}) == len(METHODS) == 12


def test_mean_cepstra_by_hand(background):
    def frames(*rows):
        X = np.array(rows, np.float32)
        return Speech(X, 2 * X, X)

    enrolment = [[frames([1, 0], [3, 0]), frames([5, 0])], [[frames([0, 4])][0]]]  # means (3, 0) and (0, 4)
    piece = frames([0, 0], [6, 8])  # mean (3, 4)
    near = mean_cepstra(enrolment, background, cepstra="lpcc")([piece])
    np.testing.assert_allclose(near, [[-4, -3]])
    np.testing.assert_allclose(mean_cepstra(enrolment, background)([piece]), [[-8, -6]])
    cosine = mean_cepstra(enrolment, background, measure="cosine")([piece])
    np.testing.assert_allclose(cosine, [[0.6, 0.8]])


def test_a_codebook_compares_with_the_nearest_entry(background):
    X = np.repeat([[0.0, 0], [10, 0]], 20, axis=0)
    two_vowels = Speech(X, X, X)
    piece = Speech(X, X[[0, 39]] + [[0, 1], [0, 3]], X)
    np.testing.assert_allclose(codebooks([[two_vowels]], background)([piece]), [[-(1 + 9) / 2]])


def test_a_mixture_for_each_speaker_is_that_of_scikit_learn(background):
    one = speech(PLACES[0], 30, 5)  # 30 frames are one component
    piece = speech(PLACES[0], 50, 6)
    expected = GaussianMixture(1, covariance_type="diag", reg_covar=1e-4).fit(one.X.astype(float)).score(piece.X)
    assert speaker_mixtures([[one]], background)([piece])[0, 0] == pytest.approx(expected, abs=1e-3)


@pytest.mark.parametrize("relevance", [1.0, 16.0])
def test_gmm_ubm_is_the_mean_log_likelihood_ratio_of_the_adapted_model(enrolment, pieces, background, relevance):
    S = adapted_mixtures(enrolment, background, relevance=relevance)(pieces)
    everything = np.concatenate([sound.X for sound in enrolment[1]])
    adapted = map_adapt(background.ubm, everything, relevance=relevance)
    expected = [log_likelihood_ratio(adapted, background.ubm, piece.X) for piece in pieces]
    np.testing.assert_allclose(S[:, 1], expected, rtol=1e-4, atol=1e-4)


def test_machines_depend_on_the_seed_of_imagined_speakers_only_a_little(enrolment, pieces, background):
    first, second = (supervector_machines(enrolment, background, seed)(pieces) for seed in (0, 1))
    assert (first != second).any()
    assert np.corrcoef(first.ravel(), second.ravel())[0, 1] > 0.95


def test_ivectors_pool_the_sounds_of_a_group(background):
    whole = speech(PLACES[1], 100, 0)
    np.testing.assert_allclose(
        ivectors(background, [[whole.cut(0, 30), whole.cut(30, 100)], [whole]])[0],
        ivectors(background, [[whole]])[0],
        rtol=1e-4,
    )


def test_cosine_is_one_for_the_same_sound(enrolment, background):
    S = ivector_cosine(enrolment, background)([Speech(*map(np.concatenate, zip(*map(parts, enrolment[2]))))])
    assert S[0, 2] == pytest.approx(1)
    assert S.max() <= 1 + 1e-6


def parts(sound):
    return sound.lpcc, sound.mfcc, sound.X


def test_wccn_of_many_is_that_of_the_literature_and_of_none_the_identity():
    rng = np.random.default_rng(0)
    labels = np.repeat(np.arange(2000), 10)
    W = rng.normal(size=(2000, 3))[labels] * 3 + rng.normal(size=(20000, 3)) * [1, 2, 3]
    many = smoothed_wccn(W, labels, W.mean(axis=0))
    np.testing.assert_allclose(many.transform, fit_wccn(W, labels).transform, rtol=1e-2, atol=1e-2)
    single = smoothed_wccn(W[:1], ["ann"], np.zeros(3))
    np.testing.assert_allclose(single.transform, np.eye(3))
    few = smoothed_wccn(W[:20], labels[:20], np.zeros(3))
    np.testing.assert_allclose(np.triu(few.transform, 1), 0)


def test_wccn_by_hand():
    X = np.array([[1.0, 1.0], [1.0, -1.0]])  # length sqrt(2) already; one speaker, deviations (0, 1) and (0, -1)
    # scatter diag(0, 2), 1 free observation, 2 dimensions of variance 1: (diag(0, 2) + 2 I) / 3
    projection = smoothed_wccn(X, [0, 0], np.zeros(2))
    np.testing.assert_allclose(projection.transform, np.diag(np.sqrt([3 / 2, 3 / 4])))


def test_speech_is_cut_in_all_its_features():
    sound = speech(PLACES[0], 10, 0)
    cut = sound.cut(2, 5)
    assert len(cut) == 3
    for whole, part in zip(parts(sound), parts(cut)):
        np.testing.assert_array_equal(part, whole[2:5])


def test_a_method_of_ones_own_is_a_function(enrolment, pieces, background):
    relevance = partial(adapted_mixtures, relevance=2.0)
    assert relevance(enrolment, background, 0)(pieces).shape == (8, 4)
