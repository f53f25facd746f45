import numpy as np
import pytest

from lightdiar.models.gmm import GMM
from lightdiar.models.ivectors import TotalVariability, whiten
from lightdiar.models.plda import PLDA
from lightdiar.signal.features import deltas
from lightdiar.signal.frontend import Analysis
from lightdiar.stages import embedding
from lightdiar.stages.embedding import Embedder, fit_embedder, recording_mean, speaker_features, window_statistics


@pytest.fixture(scope="module")
def recording():
    """Slowly varying coefficients, shape (2500, 24)."""
    return np.random.default_rng(3).normal(size=(2500, 24)).cumsum(axis=0).astype(np.float32)


@pytest.fixture(scope="module")
def embedder():
    """A chain of 8 components, 5 factors and 4 dimensions."""
    rng = np.random.default_rng(4)
    ubm = GMM(np.full(8, 1 / 8), rng.normal(0, 3, (8, 38)), rng.uniform(20, 40, (8, 38)))
    extractor = TotalVariability(rng.normal(0, 0.05, (8, 38, 5)).astype(np.float32))
    return Embedder(ubm, extractor, PLDA(np.zeros(5), rng.normal(size=(5, 4)), np.ones(4)))


def features_of(mfcc):
    return speaker_features(mfcc, recording_mean(mfcc, np.ones(len(mfcc), bool)))


def test_speaker_features_are_cepstra_less_the_mean_of_the_speech_and_their_slopes(recording):
    speech = np.arange(2500) % 7 < 3
    X = speaker_features(recording, recording_mean(recording, speech))
    assert X.shape == (2500, 38) and X.dtype == np.float32
    assert X[speech, :19].mean(axis=0) == pytest.approx(np.zeros(19), abs=1e-4)
    steps = np.diff(X[:, :19], axis=0), np.diff(recording[:, 1:20], axis=0)
    np.testing.assert_allclose(*steps, rtol=0, atol=1e-4, equal_nan=False)
    np.testing.assert_allclose(X[:, 19:], deltas(recording[:, 1:20]), rtol=0, atol=1e-4, equal_nan=False)


def test_neither_level_nor_a_filter_changes_the_speaker_features(recording):
    speech = np.arange(2500) % 7 < 3
    colour = np.linspace(-3, 3, recording.shape[1])  # what another microphone adds to every frame's cepstrum
    other = recording + colour
    one, two = (speaker_features(sound, recording_mean(sound, speech)) for sound in (recording, other))
    np.testing.assert_allclose(two, one, rtol=0, atol=1e-4, equal_nan=False)


def test_window_statistics_are_those_of_each_window(recording, embedder):
    ubm = embedder.ubm
    X = features_of(recording)
    windows = np.array([[300, 450], [375, 525], [2400, 2401]])
    N, F = window_statistics(ubm, X, windows, np.ones(len(X), bool))
    for n, f, (start, end) in zip(N, F, windows):
        own_n, own_f = ubm.statistics(X[start:end])
        assert n == pytest.approx(own_n, rel=1e-4, abs=1e-4)
        assert f == pytest.approx(whiten(ubm, own_n, own_f), rel=1e-3, abs=1e-3)


@pytest.mark.parametrize("block_frames", [100, 400, 1000, 6000])
def test_a_window_is_embedded_as_in_the_whole_recording(recording, embedder, block_frames, monkeypatch):
    monkeypatch.setattr(embedding, "_BLOCK_FRAMES", block_frames)
    starts = np.arange(0, 2350, 70)
    windows = np.stack([starts, starts + 150], axis=1)
    windows[-1, 1] = 2500
    ubm, extractor = embedder.ubm, embedder.extractor
    X = features_of(recording)
    speech = np.ones(len(X), bool)
    expected = [extractor.embed(*window_statistics(ubm, X, window[None], speech))[0] for window in windows]
    W = embedder.ivectors(recording, windows, np.ones(len(recording), bool))
    assert W.dtype == np.float32
    assert W == pytest.approx(np.array(expected), abs=1e-3)


def test_embeddings_of_a_short_recording(recording, embedder):
    ubm, extractor = embedder.ubm, embedder.extractor
    windows = np.array([[0, 40], [10, 40]])
    X = features_of(recording[:40])
    expected = extractor.embed(*window_statistics(ubm, X, windows, np.ones(40, bool)))
    W = embedder.ivectors(recording[:40], windows, np.ones(40, bool))
    assert W == pytest.approx(expected, abs=1e-4)


def test_no_windows_no_embeddings(recording, embedder):
    assert embedder.ivectors(recording, np.zeros((0, 2), int), np.ones(len(recording), bool)).shape == (0, 5)


def test_pauses_in_a_window_do_not_count(recording, embedder):
    ubm = embedder.ubm
    X = features_of(recording)
    speech = np.arange(len(X)) % 3 > 0
    N, F = window_statistics(ubm, X, np.array([[10, 90]]), speech)
    own = X[10:90][speech[10:90]]
    expected = window_statistics(ubm, own, np.array([[0, len(own)]]), np.ones(len(own), bool))
    assert N == pytest.approx(expected[0], rel=1e-4) and F == pytest.approx(expected[1], abs=1e-3)


def test_points_are_the_projected_ivectors(recording, embedder):
    windows, speech = np.array([[0, 150], [100, 250]]), np.ones(len(recording), bool)
    analysis = Analysis(recording, np.zeros(2500), np.zeros(2500), 25.0)
    expected = embedder.plda.project(embedder.ivectors(recording, windows, speech))
    assert np.array_equal(embedder(analysis, windows, speech), expected)


def test_models_that_do_not_fit_are_refused(embedder):
    with pytest.raises(ValueError, match="plda does not match"):
        Embedder(embedder.ubm, embedder.extractor, PLDA(np.zeros(3), np.eye(3), np.ones(3)))
    with pytest.raises(ValueError, match="ubm does not match"):
        Embedder(GMM(np.ones(1), np.zeros((1, 38)), np.ones((1, 38))), embedder.extractor, embedder.plda)


def test_a_chain_trained_on_two_voices_parts_them():
    rng = np.random.default_rng(0)
    voices = {"ann": rng.normal(0, 1, 6), "bob": rng.normal(0, 1, 6), "cleo": rng.normal(0, 1, 6)}
    utterances = [(name, rng.normal(mean, 1, (900, 6)).astype(np.float32)) for name, mean in voices.items()]
    found = fit_embedder(utterances, 4, 3, 2, window=100)
    W = [
        found.extractor.embed(*window_statistics(found.ubm, X, np.array([[0, 300], [300, 600]]), np.ones(900, bool)))
        for _, X in utterances
    ]
    ratios = found.plda.log_likelihood_ratio(found.plda.project(np.concatenate(W)))
    same = np.kron(np.eye(3), np.ones((2, 2))).astype(bool)
    assert ratios[same].min() > 0 > ratios[~same].max()
