from functools import cache

import numpy as np
import pytest
import python_speech_features as psf
from scipy.special import ndtri

from lightdiar.signal import features
from lightdiar.signal.features import cmvn, deltas, log_mel, mfcc, sliding_cmvn, warp
from lightdiar.signal.lpc import lpc_cepstra
from lightdiar.stages.speech import energy_vad, ltsd_vad

BLOCKS = pytest.mark.parametrize("block_frames", [1, 7, 100, 4096])


def random_walk():
    return 100 + np.random.default_rng(0).normal(size=(700, 4)).cumsum(axis=0)


@pytest.fixture
def walk():
    """A random walk far from 0, shape (700, 4)."""
    return random_walk()


@cache
def normalised_by_a_loop(variance, n_window):
    """Each frame of the walk less the mean of the window around it, and over its deviation."""
    X = random_walk()
    expected = np.empty_like(X)
    for i, x in enumerate(X):
        first = min(max(i - n_window // 2, 0), max(len(X) - n_window, 0))
        around = X[first : first + n_window]
        expected[i] = (x - around.mean(axis=0)) / (around.std(axis=0) if variance else 1)
    return expected


@pytest.fixture(scope="module")
def theirs(voice):
    """Of python_speech_features: MFCC, MFCC of another band, log mel energies."""
    samples = voice[:20011].astype(float)
    frames = psf.sigproc.framesig(psf.sigproc.preemphasis(samples, 0.97), 400, 160, np.hamming)
    energies = psf.sigproc.powspec(frames, 512) @ psf.get_filterbanks(40, 512, 16000, 50, 6000).T
    return (
        psf.mfcc(samples, 16000, winfunc=np.hamming),
        psf.mfcc(samples, 16000, 0.03, 0.015, 20, 30, 1024, 100, 7000, winfunc=np.hamming),
        np.log(energies),
    )


@BLOCKS
def test_mfcc_is_that_of_python_speech_features(voice, theirs, block_frames, monkeypatch):
    monkeypatch.setattr(features, "_BLOCK_FRAMES", block_frames)
    samples = voice[:20011].astype(float)
    assert mfcc(samples, 16000) == pytest.approx(theirs[0], abs=1e-5)
    band = {"n_filters": 30, "n_fft": 1024, "fmin": 100, "fmax": 7000}
    assert mfcc(samples, 16000, window=0.03, step=0.015, n_mfcc=20, **band) == pytest.approx(theirs[1], abs=1e-5)


@BLOCKS
def test_log_mel_is_that_of_python_speech_features(voice, theirs, block_frames, monkeypatch):
    monkeypatch.setattr(features, "_BLOCK_FRAMES", block_frames)
    X = log_mel(voice[:20011].astype(float), 16000, n_filters=40, fmin=50, fmax=6000)
    assert X.dtype == np.float64
    assert X == pytest.approx(theirs[2], abs=1e-5)


@pytest.mark.parametrize("n_samples", [1, 399, 400, 401, 560, 561])
def test_short_sounds_have_the_frames_of_python_speech_features(voice, n_samples):
    expected = psf.mfcc(voice[:n_samples].astype(float), 16000, winfunc=np.hamming)
    assert mfcc(voice[:n_samples], 16000) == pytest.approx(expected, abs=1e-5)


@pytest.mark.parametrize("block_frames", [1, 4096])
def test_the_last_frame_may_lie_beyond_the_sound_where_frames_leave_gaps(voice, block_frames, monkeypatch):
    monkeypatch.setattr(features, "_BLOCK_FRAMES", block_frames)
    samples = voice[:401].astype(float)
    expected = psf.mfcc(samples, 16000, winstep=0.05, winfunc=np.hamming)
    assert mfcc(samples, 16000, step=0.05) == pytest.approx(expected, abs=1e-5)


def test_no_samples_no_frames():
    assert mfcc(np.zeros(0), 16000).shape == (0, 13)
    assert log_mel(np.zeros(0), 16000).shape == (0, 26)
    for function in (deltas, cmvn, sliding_cmvn, warp):
        assert function(np.zeros((0, 5))).shape == (0, 5)


def test_integers_and_floats_of_the_same_value_have_the_same_features(voice):
    whole = np.round(voice[:4000] * 32767).astype(np.int16)
    assert np.array_equal(mfcc(whole, 16000), mfcc(whole.astype(float), 16000))


def test_digital_silence_is_finite():
    assert np.isfinite(mfcc(np.zeros(4000), 16000)).all()
    assert np.isfinite(log_mel(np.zeros(4000), 16000)).all()


def test_a_transform_shorter_than_the_window_is_refused():
    with pytest.raises(ValueError, match="n_fft=512 is shorter than .* 1103 samples; use n_fft=2048"):
        mfcc(np.zeros(44100), 44100)
    assert mfcc(np.zeros(44100), 44100, n_fft=2048).shape == (99, 13)


@pytest.mark.parametrize("n_frames, width", [(1, 2), (2, 2), (50, 1), (50, 2), (50, 5)])
def test_deltas_are_those_of_python_speech_features(walk, n_frames, width):
    assert deltas(walk[:n_frames], width) == pytest.approx(psf.delta(walk[:n_frames], width))


def test_the_delta_of_a_line_is_its_slope():
    line = np.arange(20.0)[:, None] * [1, -3]
    assert deltas(line)[2:-2] == pytest.approx(np.tile([1.0, -3.0], (16, 1)))


def test_cmvn_leaves_mean_0_and_variance_1(walk):
    assert cmvn(walk).mean(axis=0) == pytest.approx(np.zeros(4), abs=1e-12)
    assert cmvn(walk).var(axis=0) == pytest.approx(np.ones(4))
    assert cmvn(walk, variance=False) == pytest.approx(walk - walk.mean(axis=0))


@pytest.mark.parametrize("wrong", [[[np.nan, 1.0]], [1.0, 2.0], [["a"]], None])
def test_what_are_no_frames_is_not_normalised(wrong):
    with pytest.raises(ValueError, match=r"must be numbers of shape \(n_frames, n_features\), without NaN or infinity"):
        cmvn(wrong)


def test_cmvn_of_whole_numbers_is_floats():
    assert cmvn(np.array([[1], [2]])).tolist() == [[-1.0], [1.0]]


@BLOCKS
@pytest.mark.parametrize("variance", [False, True])
@pytest.mark.parametrize("n_window", [10, 75, 300, 699, 700, 5000])
def test_sliding_cmvn_agrees_with_a_loop_over_frames(walk, variance, n_window, block_frames, monkeypatch):
    monkeypatch.setattr(features, "_BLOCK_FRAMES", block_frames)
    expected = normalised_by_a_loop(variance, n_window)
    found = sliding_cmvn(walk, n_window, variance=variance)
    np.testing.assert_allclose(found, expected, rtol=0, atol=1e-8, equal_nan=False)


@pytest.mark.parametrize("function", [cmvn, lambda X: sliding_cmvn(X, variance=True), warp, deltas])
def test_a_constant_coefficient_becomes_0_and_the_input_is_left_alone(walk, function):
    walk[:, 1] = -36.04  # the log energy of digital silence
    before = walk.copy()
    Y = function(walk)
    assert Y[:, 1] == pytest.approx(np.zeros(len(walk)), abs=1e-4)
    assert abs(Y[:, 0]).max() > 0.1
    assert np.array_equal(walk, before)


@pytest.mark.parametrize("function", [cmvn, lambda X: sliding_cmvn(X, variance=True), warp, deltas])
def test_one_frame_becomes_0(function):
    assert function(np.array([[3.0, -4.0]])).tolist() == [[0, 0]]


def test_warping_turns_ranks_into_normal_quantiles(rng):
    X = rng.permutation(300)[:, None].astype(float)
    assert warp(X, 300) == pytest.approx(ndtri((X + 0.5) / 300))


def test_warping_looks_at_the_window_around_a_frame():
    Y = warp(np.arange(1000.0)[:, None] ** 2, 301)[:, 0]
    assert Y[150:850] == pytest.approx(np.zeros(700), abs=1e-9)  # the middle of what rises all the time
    assert Y[[0, 999]] == pytest.approx(ndtri(np.array([0.5, 300.5]) / 301))
    assert (np.diff(Y[:151]) > 0).all() and (np.diff(Y[849:]) > 0).all()


def test_warping_ignores_every_rising_curve(walk):
    assert np.array_equal(warp(walk), warp(np.exp(walk / 50) - 7))


def test_equal_values_share_the_middle_of_their_ranks():
    Y = warp(np.array([[1.0], [1.0], [2.0], [3.0]]))
    assert Y[:, 0] == pytest.approx(ndtri(np.array([2, 2, 5, 7]) / 8))


def test_differences_of_bytes_do_not_wrap_around():
    falling = np.arange(200, 0, -1, dtype=np.uint8)[:, None]
    assert np.all(deltas(falling)[2:-2] == -1)
    for width in (0, 1.5):
        with pytest.raises(ValueError, match=f"width={width} must be a number of frames, 1 or more; 2 is usual"):
            deltas(falling, width)


@pytest.mark.parametrize("normalise", [sliding_cmvn, warp])
def test_whole_numbers_are_normalised_as_floats(normalise, walk):
    whole = walk.round().astype(int)
    assert np.array_equal(normalise(whole, 50), normalise(whole.astype(float), 50))


@pytest.mark.parametrize("normalise", [sliding_cmvn, warp])
@pytest.mark.parametrize(
    "X, n_window, message",
    [
        (np.ones((9, 2)), 0, "n_window=0 must be a number of frames, 1 or more; 300 are 3 s"),
        (np.ones((9, 2)), 1.5, "n_window=1.5 must be a number of frames"),
        (None, 5, r"X, object of shape \(\), must be numbers of shape \(n_frames, n_features\)"),
        (np.full((9, 2), np.nan), 5, r"X, float64 of shape \(9, 2\), must be numbers .*, without NaN or infinity"),
    ],
)
def test_what_has_no_windows_is_refused(normalise, X, n_window, message):
    with pytest.raises(ValueError, match=message):
        normalise(X, n_window)


@pytest.mark.parametrize("analyse", [mfcc, log_mel, lpc_cepstra, energy_vad, ltsd_vad])
@pytest.mark.parametrize("samples", [np.full(8000, np.nan), np.linspace(-1, 1, 16000).reshape(8000, 2), None])
def test_samples_are_one_channel_of_finite_numbers(analyse, samples):
    """Of NaN, features were NaN and detectors found no speech."""
    with pytest.raises(ValueError, match="must be one channel, shape .*, without NaN or infinity; to_mono mixes"):
        analyse(samples, 8000)
