"""Blocks of any kind become the same sound, wherever they are cut; what cannot be is refused whole."""

import numpy as np
import pytest

from lightdiar.io.audio import Audio, to_mono
from lightdiar.io.resample import resample
from lightdiar.live.intake import Intake


def taken(blocks, sample_rate=16000, piece=0.1):
    intake = Intake(sample_rate, piece)
    heard = [intake.take(block) for block in blocks]
    return np.concatenate([*(samples for _, samples in heard), intake.end()]), sum(n for n, _ in heard)


def cut(samples, rng, longest):
    """Blocks of 1 to `longest` samples."""
    edges = np.cumsum(rng.integers(1, longest + 1, len(samples)))
    return np.split(samples, edges[edges < len(samples)])


def test_mono_is_resampled_as_a_whole_file(rng):
    samples = rng.normal(size=4410).astype(np.float32)
    heard, n_samples = taken(cut(samples, rng, 700), 44100)
    assert n_samples == 4410 and np.array_equal(heard, resample(samples, 44100, 16000))


def test_where_channels_are_cut_does_not_matter(rng):
    left = rng.normal(size=8000)
    left[2000:2100] = 0  # in opposite phase there, but for a click: how `to_mono` mixes depends on the piece
    stereo = np.stack([left, -left], axis=1)
    stereo[2050] = 1
    once, _ = taken([stereo])
    assert np.array_equal(once[:1600], to_mono(stereo[:1600]))
    for longest in (1, 50, 3000):
        heard, n_samples = taken(cut(stereo, rng, longest))
        assert n_samples == 8000 and np.array_equal(heard, once)


def test_int16_is_what_it_is_in_a_file(rng):
    samples = rng.integers(-32768, 32768, 500).astype(np.int16)
    assert np.array_equal(taken([samples])[0], samples / np.float32(32768))
    assert np.array_equal(taken([samples[:, None]])[0], samples / np.float32(32768))


def test_the_last_samples_may_be_fewer_than_the_channels(rng):
    surround = rng.normal(size=(1603, 6)).astype(np.float32)
    heard, _ = taken([surround[:1602], surround[1602:]])
    left, right, centre = surround[1600:, :3].T
    assert len(heard) == 1603 and np.allclose(heard[1600:], (left + right + 2 * centre) / 4, atol=1e-6)


REFUSED = {
    "NaN": (
        np.array([0, 0, np.nan, np.inf]),
        "2 of 4 samples are NaN or beyond 1e10, the first at 0.000 s of the block",
    ),
    "damage": (np.array([0, 1e30, 1], np.float32), "1 of 3 samples are NaN or beyond 1e10, the first at 0.000 s"),
    "half floats": (np.array([0, 0, np.inf], np.float16), "1 of 3 samples are NaN or beyond 1e10"),
    "integers": (np.zeros(4, int), "samples must be floats in .* or int16 of shape .* got int64 of shape"),
    "a number": (np.float32(1), "got float32 of shape"),
    "stereo": (np.zeros((4, 2)), "2 channels cannot follow 1; mix the block first"),
    "no channel": (np.zeros((4, 0)), "0 channels cannot follow 1"),
    "another rate": (Audio(np.zeros(4), 8000), "a block at 8000 Hz cannot follow sound at 16000 Hz"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_cannot_be_taken_changes_nothing(name, rng):
    block, message = REFUSED[name]
    samples = rng.normal(size=1000).astype(np.float32)
    intake = Intake(16000, 0.1)
    before = intake.take(samples[:600])
    with pytest.raises(ValueError, match=message):
        intake.take(block)
    after = intake.take(Audio(samples[600:], 16000))
    assert before[0] + after[0] == 1000 and np.array_equal(np.concatenate([before[1], after[1]]), samples)


def test_a_refusal_says_how_to_go_on():
    with pytest.raises(ValueError, match=r"Push Gap\(0.5\) in its place, or replace them by 0\.$"):
        Intake(8000, 0.1).take(np.full(4000, np.nan))
