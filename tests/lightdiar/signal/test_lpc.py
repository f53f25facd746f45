import numpy as np
import pytest
from scipy.linalg import solve_toeplitz
from scipy.signal import lfilter

from lightdiar.signal import features
from lightdiar.signal.features import mfcc
from lightdiar.signal.lpc import autocorrelation, levinson_durbin, lpc_cepstra, predictor_cepstra


@pytest.fixture(scope="module")
def noise():
    return np.random.default_rng(0).normal(size=16000)


def test_autocorrelation_by_hand():
    np.testing.assert_array_equal(autocorrelation(np.array([[1.0, 2.0, 3.0], [0, 0, 0]]), 2), [[14, 8, 3], [0, 0, 0]])


@pytest.mark.parametrize("order", [1, 2, 16])
def test_the_recursion_solves_the_normal_equations(noise, order):
    r = autocorrelation(noise.reshape(40, 400) * np.hamming(400), order)
    predictor, error = levinson_durbin(r)
    for row, a, rest in zip(r, predictor, error):
        np.testing.assert_allclose(a, solve_toeplitz(row[:-1], row[1:]), atol=1e-10)
        assert rest == pytest.approx(row[0] - a @ row[1:])


def test_the_error_is_what_the_predictor_leaves(noise):
    frame = noise[:400] * np.hamming(400)
    predictor, error = levinson_durbin(autocorrelation(frame[None], 8))
    padded = np.pad(frame, (8, 8))  # the autocorrelation method predicts the frame and its silent tail
    predicted = sum(predictor[0, k - 1] * padded[8 - k : len(padded) - k] for k in range(1, 9))
    assert error[0] == pytest.approx(np.sum((padded[8:] - predicted) ** 2))


def test_an_all_pole_filter_is_found_again(noise):
    a = np.array([1.2, -0.8, 0.1])
    heard = lfilter([1], [1, *-a], noise)
    predictor, _ = levinson_durbin(autocorrelation(heard[None], 3))
    np.testing.assert_allclose(predictor[0], a, atol=0.03)


@pytest.mark.parametrize("n_cepstra", [3, 4, 30])
def test_cepstra_are_those_of_the_spectrum(n_cepstra):
    poles = np.array([0.9 * np.exp(0.7j), 0.9 * np.exp(-0.7j), 0.5, -0.6])
    spectrum = 1 / np.fft.fft(np.poly(poles).real, 4096)
    expected = np.fft.ifft(np.log(np.abs(spectrum))).real[1 : n_cepstra + 1] * 2
    np.testing.assert_allclose(predictor_cepstra(-np.poly(poles).real[None, 1:], n_cepstra)[0], expected, atol=1e-12)
    n = np.arange(1, n_cepstra + 1)
    np.testing.assert_allclose(expected, (poles[:, None] ** n).sum(axis=0).real / n, atol=1e-12)


@pytest.mark.parametrize("n_samples", [0, 1, 159, 400, 401, 16000, 16001])
def test_frames_are_those_of_mfcc(noise, n_samples):
    samples = np.resize(noise, n_samples)
    C = lpc_cepstra(samples, 16000)
    assert C.shape == (len(mfcc(samples, 16000)), 19)
    assert np.isfinite(C).all()


def test_a_frame_by_hand(noise):
    emphasised = np.r_[noise[0], noise[1:] - 0.97 * noise[:-1]]
    frame = emphasised[320:720] * np.hamming(400)
    r = np.array([frame[lag:] @ frame[: 400 - lag] for lag in range(13)])
    expected = predictor_cepstra(solve_toeplitz(r[:-1], r[1:])[None], 15)
    np.testing.assert_allclose(lpc_cepstra(noise, 16000, order=12, n_cepstra=15)[2], expected[0], atol=1e-6)


def test_blocks_equal_one_pass(noise, monkeypatch):
    whole = lpc_cepstra(noise, 16000)
    monkeypatch.setattr(features, "_BLOCK_FRAMES", 7)
    np.testing.assert_allclose(lpc_cepstra(noise, 16000), whole, rtol=0, atol=1e-12)


def test_loudness_does_not_count_and_nothing_is_written(noise):
    noise = noise.astype(np.float32)
    noise.flags.writeable = False
    np.testing.assert_allclose(lpc_cepstra(noise * np.float32(1e-4), 16000), lpc_cepstra(noise, 16000), atol=1e-4)


def test_silence_and_pure_tones_have_finite_cepstra():
    np.testing.assert_array_equal(lpc_cepstra(np.zeros(1600), 16000), np.zeros((9, 19)))
    for sound in (np.ones(1600), np.sin(np.arange(1600) / 3), np.eye(1, 1600, 800)[0]):
        C = lpc_cepstra(sound, 16000)
        assert np.isfinite(C).all()
        assert abs(C).max() < 20


@pytest.mark.parametrize("order", [0, 400])
def test_an_impossible_order_is_refused(order):
    with pytest.raises(ValueError, match=f"order={order} must lie between 1 and 399, a window's samples; use 16."):
        lpc_cepstra(np.zeros(1600), 16000, order=order)


def test_no_cepstra_are_refused():
    with pytest.raises(ValueError, match="n_cepstra=0 must be at least 1; use 19."):
        lpc_cepstra(np.zeros(1600), 16000, n_cepstra=0)
