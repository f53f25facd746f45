import numpy as np
import pytest

from lightdiar.signal.frontend import analyse
from lightdiar.training.tunes import hum, tune


@pytest.mark.parametrize("make", [tune, hum])
@pytest.mark.parametrize("n_samples", [1, 1234, 32000])
def test_as_long_as_asked_and_the_same_again(make, n_samples):
    samples = make(np.random.default_rng(1), n_samples)
    assert samples.shape == (n_samples,) and np.isfinite(samples).all()
    np.testing.assert_array_equal(samples, make(np.random.default_rng(1), n_samples))


@pytest.mark.parametrize("make", [tune, hum])
def test_most_have_pitch_somewhere(make):
    voiced = [~np.isnan(analyse([make(np.random.default_rng(seed), 48000)]).f0) for seed in range(8)]
    assert np.median([v.mean() for v in voiced]) > 0.1


def test_notes_are_those_of_a_scale():
    """A tune of sine-like tones holds each pitch: between frames within a note it moves by the vibrato at most."""
    moves = []
    for seed in range(6):
        octaves = np.log2(analyse([tune(np.random.default_rng(seed), 80000)]).f0)
        moves += list(abs(np.diff(octaves[::4])))
    assert np.nanmedian(moves) < 0.02
