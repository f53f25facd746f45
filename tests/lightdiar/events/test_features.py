"""Features of steps: numbers by hand, the same rows however a recording is cut, and what is relative to what."""

import numpy as np
import pytest

from lightdiar.events.features import STEP, FrontEnd
from lightdiar.signal.features import log_mel, mfcc

RATE = 16000
EVERY_KIND = [
    FrontEnd(),
    FrontEnd(reference="level", context=(0.5, 2.0)),
    FrontEnd(kind="mfcc", n_filters=13, reference="none"),
    FrontEnd(sample_rate=22050, short=False, context=(), average=True, envelope=False),
]


def sound(seconds, sample_rate=RATE, seed=0):
    """Noise whose level changes ten times a second."""
    rng = np.random.default_rng(seed)
    n = round(seconds * sample_rate)
    gains = rng.uniform(0.01, 1, n // (sample_rate // 10) + 1)
    return (rng.normal(size=n) * np.repeat(gains, sample_rate // 10)[:n]).astype(np.float32)


def frames_of(samples, n_filters=40):
    return log_mel(samples, RATE, n_filters=n_filters, n_fft=1024, window=0.04, step=0.02)


def test_short_context_and_average_are_means_and_deviations_of_frames():
    samples = sound(3.0)
    frames = frames_of(samples)
    X = FrontEnd(average=True, envelope=False, reference="none").columns(samples)
    assert X.shape == (30, 240) and X.dtype == np.float32
    step = 12  # its frames are 60 to 64; half a second around it is 50 to 74, a second 37 to 86
    expected = [
        frames[60:65].mean(axis=0),
        frames[50:75].mean(axis=0),
        frames[50:75].std(axis=0),
        frames[37:87].mean(axis=0),
        frames[37:87].std(axis=0),
        frames.mean(axis=0),
    ]
    np.testing.assert_allclose(X[step], np.concatenate(expected), atol=2e-5)


def test_at_the_ends_the_context_is_what_there_is():
    samples = sound(1.0)
    X = FrontEnd(short=False, context=(1.0,), envelope=False, reference="none").columns(samples)
    frames = frames_of(samples)
    np.testing.assert_allclose(X[0, :40], frames[:27].mean(axis=0), atol=1e-5)
    np.testing.assert_allclose(X[-1, :40], frames[22:].mean(axis=0), atol=1e-5)


def test_cepstra_are_those_of_twice_as_many_bands():
    samples = sound(2.0)
    own = FrontEnd(kind="mfcc", n_filters=13, context=(), envelope=False, reference="none")
    frames = mfcc(samples, RATE, n_mfcc=13, n_filters=26, n_fft=1024, window=0.04, step=0.02)
    np.testing.assert_allclose(own.columns(samples)[7], frames[35:40].mean(axis=0), atol=1e-5)


def test_the_envelope_tells_how_loud_the_neighbours_are():
    """A second of noise, a second 20 dB louder, a second as before; beyond the ends is silence."""
    samples = 0.01 * np.random.default_rng(1).normal(size=3 * RATE)
    samples[RATE : 2 * RATE] *= 10
    X = FrontEnd(short=False, context=(), reference="none").columns(samples)
    louder = np.log(100)
    np.testing.assert_allclose(X[15, [0, 2, 6, 9, 10]], [-louder, 0, 0, -louder, -8], atol=0.25)
    np.testing.assert_allclose(X[5, [0, 4, 9]], [-8, 0, louder], atol=0.25)
    np.testing.assert_array_equal(X[25, [9, 10, 11]], -8)


@pytest.mark.parametrize("front_end", EVERY_KIND, ids=str)
def test_it_does_not_matter_how_a_recording_is_cut(front_end):
    samples = sound(65, front_end.sample_rate)
    whole = front_end.columns(samples)
    assert whole.shape == (650, front_end.n_columns)
    streamed = np.concatenate([*front_end.stream(lambda: np.array_split(samples, 23))])
    np.testing.assert_array_equal(streamed, whole)


def test_a_piece_has_the_context_of_its_neighbours():
    samples = sound(70, seed=2)
    front_end = FrontEnd(average=False, reference="level")
    around = front_end.columns(samples[52 * RATE : 68 * RATE])  # the border between the minutes is inside
    np.testing.assert_allclose(front_end.columns(samples)[550:650], around[30:130], atol=2e-4)


@pytest.mark.parametrize("reference", ["recording", "level"])
def test_gain_does_not_matter_where_spectra_are_relative(reference):
    samples = sound(5.0)
    front_end = FrontEnd(reference=reference)
    np.testing.assert_allclose(front_end.columns(samples * 0.1), front_end.columns(samples), atol=2e-3)


def test_relative_to_the_recording_a_steady_filter_does_not_matter():
    from scipy.signal import lfilter

    samples = sound(10.0)
    front_end = FrontEnd(context=(), envelope=False)
    filtered = lfilter([1, -0.9], [1], samples)
    change = np.abs(front_end.columns(filtered) - front_end.columns(samples))
    absolute = FrontEnd(context=(), envelope=False, reference="none")
    assert np.median(change) < 0.1 * np.median(np.abs(absolute.columns(filtered) - absolute.columns(samples)))


def test_spectra_relative_to_their_level_sum_to_nothing():
    X = FrontEnd(context=(), envelope=False, reference="level").columns(sound(2.0))
    np.testing.assert_allclose(X.sum(axis=1), 0, atol=1e-3)


@pytest.mark.parametrize("n_samples", [0, 1, 100, 1600, 1601, 2000])
def test_short_recordings(n_samples):
    X = FrontEnd().columns(np.ones(n_samples))
    assert X.shape == (0 if n_samples == 0 else 1 if n_samples < 1700 else 2, 212)
    assert np.isfinite(X).all()


@pytest.mark.parametrize("reference", ["recording", "level", "none"])
def test_digital_silence_is_finite(reference):
    X = FrontEnd(reference=reference).columns(np.zeros(3 * RATE))
    assert X.shape == (30, 212) and np.isfinite(X).all()


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"sample_rate": 100}, "sample_rate=100 Hz: must be from 4000 to 96000"),
        ({"kind": "cqt"}, "kind='cqt' is not one of log_mel, mfcc"),
        ({"n_filters": 1}, "n_filters=1: must be from 4 to 128"),
        ({"n_filters": 129}, "n_filters=129: must be from 4 to 128"),
        ({"context": (0.01,)}, "each must be from 0.1 to 60"),
        ({"context": (1.0, 60.5)}, "each must be from 0.1 to 60"),
        ({"context": (1.0,) * 9}, "at most 8 lengths are heard"),
        ({"reference": "scene"}, "reference='scene' is not one of none, recording, level"),
        ({"short": False, "context": (), "average": False, "envelope": False}, "are all off"),
    ],
)
def test_what_cannot_be_heard_is_refused(values, message):
    with pytest.raises(ValueError, match=message):
        FrontEnd(**values)


def test_the_largest_front_end_is_allowed():
    assert FrontEnd(96000, n_filters=128, context=(0.1, 60.0) * 4, average=True, envelope=False).n_columns == 128 * (
        1 + 2 * 8 + 1
    )


def test_a_step_is_a_tenth_of_a_second():
    assert STEP == 0.1
    assert len(FrontEnd().columns(sound(60.0))) == 600
