"""Calls and what is no call, by levels made by hand; cross-talk; how speakers are shared among channels."""

import numpy as np
import pytest

from lightdiar.stages import channels
from lightdiar.stages.channels import (
    Sides,
    independent,
    levels_and_correlation,
    share_speakers,
    without_cross_talk,
)

RATE = 8000
NOISE, SPEECH = -60.0, -20.0


def call(n_first=200, n_second=200, *, heard=-60.0, correlation=0.1, together=0):
    """Frames of 50 ms: the first side speaks, then the second, then both; as many in which nobody does.

    `heard` is the level at which either side hears the other.
    """
    levels = [(SPEECH, heard)] * n_first + [(heard, SPEECH)] * n_second + [(SPEECH, SPEECH)] * together
    levels += [(NOISE, NOISE)] * len(levels)
    return np.column_stack([np.array(levels), np.full(len(levels), correlation)])


def test_levels_are_of_the_telephone_band_and_relative_to_each_other():
    t = np.arange(RATE) / RATE
    tone, hum = np.sin(2 * np.pi * 1000 * t), np.sin(2 * np.pi * 50 * t)
    frames = levels_and_correlation(np.stack([tone, 0.1 * tone + 0.3 * hum], axis=1), RATE)
    assert frames.shape == (20, 3)
    assert frames[:, 0] - frames[:, 1] == pytest.approx(20, abs=0.3)
    assert frames[:, 2] == pytest.approx(1, abs=0.1)


def test_the_correlation_finds_a_delay_and_either_polarity_but_nothing_in_common_where_there_is_nothing():
    noise, other = np.random.default_rng(0).normal(0, 0.1, (2, RATE))
    echo = -np.roll(noise, 16)  # 2 ms
    assert np.median(levels_and_correlation(np.stack([noise, echo], axis=1), RATE)[:, 2]) > 0.8
    assert np.median(levels_and_correlation(np.stack([noise, other], axis=1), RATE)[:, 2]) < 0.2
    assert levels_and_correlation(np.zeros((RATE, 2)), RATE)[:, 2].max() == 0


@pytest.mark.parametrize(
    ("frames", "expected"),
    [
        (call(), True),
        (call(40, 300), True),  # 2 s
        (call(39, 300), False),
        (call(together=60), True),  # 60 of 260 frames: 23 %
        (call(together=90), False),  # 90 of 290: 31 %
        (call(heard=-36.5, correlation=0.5), True),  # the difference goes from 16.5 to -16.5 dB: 33
        (call(heard=-35.5, correlation=0.5), False),
        (call(heard=-35.5, correlation=0.1), True),  # the same in noise
        (call(heard=-30.5, correlation=0.1), False),  # 21
        (call(heard=SPEECH), False),
        (call(400, 0), False),
        (call(0, 0, together=400), False),
        (np.zeros((0, 3)), False),
    ],
)
def test_a_call_is_told_by_turns_that_are_taken_and_levels_that_differ(frames, expected):
    assert independent(frames) is expected
    assert independent(frames[:, [1, 0, 2]]) is expected
    assert independent(frames + np.array([30, 0, 0])) is expected  # a louder side


def two_voices(seconds=12, *, cross_talk=0.0):
    """Noise in syllables, the two sides by turns of 2 s."""
    t = np.arange(seconds * RATE) / RATE
    noise = np.random.default_rng(1).normal(0, 0.1, (len(t), 2)) * (1 + np.sin(2 * np.pi * 4 * t))[:, None]
    first = (t % 4 < 2)[:, None]
    samples = noise * np.hstack([first, ~first])
    return samples + cross_talk * samples[:, ::-1] + np.random.default_rng(2).normal(0, 1e-4, samples.shape)


def heard(samples, rate=RATE):
    sides = Sides()
    for start in range(0, len(samples), rate):
        sides.hear(samples[start : start + rate].astype(np.float32), rate)
    return sides


@pytest.mark.parametrize("cross_talk", [0.0, 0.01, 0.1])
def test_sides_of_a_call(cross_talk):
    samples = two_voices(cross_talk=cross_talk)
    sides = heard(samples)
    assert sides.independent() and sides.n_channels == 2 and not sides.decided
    assert not heard(samples[: 3 * RATE]).independent()  # the second has spoken for 1 s


def test_what_is_no_call():
    samples, steady = two_voices(), np.random.default_rng(3).normal(0, 0.03, (12 * RATE, 2))
    mixed = samples.sum(axis=1, keepdims=True)
    others = {
        "dual mono": mixed * [1, 1],
        "opposite phase": mixed * [1, -0.3],
        "stereo film": mixed + steady,
        "panned": samples + 0.3 * samples[:, ::-1],
        "two microphones in a room": samples + 0.5 * np.roll(samples, 30, axis=0)[:, ::-1],
        "one silent channel": samples * [1, 0],
        "one noisy channel": mixed * [1, 0] + steady * [0, 1],
        "one channel heard on the other": mixed * [1, 0.02],
        "noise": steady,
        "silence": 0 * steady,
    }
    assert {name for name, sound in others.items() if heard(sound).independent()} == set()


def test_nobody_listens_longer_than_needed(monkeypatch):
    for n_channels in (1, 3, 6):
        sides = heard(np.zeros((10, n_channels)))
        assert sides.decided and sides.n_channels == n_channels and not sides.independent()
    assert not heard(np.zeros((10, 2))).decided  # too short for a frame
    sides, loud = Sides(), np.random.default_rng(0).normal(0, 0.1, (RATE, 1)) * [1, 1]
    n_seconds = 0
    while not sides.decided:
        sides.hear(loud * 10 ** -(n_seconds % 2), RATE)  # every other second
        n_seconds += 1
    assert n_seconds == 60  # 30 s of them
    assert channels.FIRST_SECONDS == 600
    monkeypatch.setattr(channels, "FIRST_SECONDS", 20.0)
    sides, n_seconds = Sides(), 0
    while not sides.decided:
        sides.hear(two_voices(2), RATE)
        n_seconds += 2
    assert n_seconds == 20


def speaks(*spans, n_frames=1000):
    mask = np.zeros(n_frames, bool)
    for start, end in spans:
        mask[start:end] = True
    return mask


def test_cross_talk_is_no_speech_and_an_interruption_is():
    first, second = speaks((100, 500)), speaks((400, 450), (600, 800))
    level = [np.where(mask, -20.0, -70.0) for mask in (first, second)]
    level[1] = np.maximum(level[1], np.roll(level[0], 10) - 25)  # comes back 0.1 s later
    found = [first, speaks((110, 510), (600, 800))]
    own = without_cross_talk(level, found)
    assert (own[0] == first).all()
    assert (own[1][speaks((110, 390), (460, 510))] == False).all()  # noqa: E712
    assert own[1][410:440].all() and own[1][600:800].all()


def test_a_side_without_cross_talk_keeps_what_was_found():
    first, second = speaks((0, 500)), speaks((450, 900))
    level = [np.where(mask, -20.0, -70.0) for mask in (first, second)]
    assert all(map(np.array_equal, without_cross_talk(level, [first, second]), [first, second]))
    nobody = speaks()
    assert not np.any(without_cross_talk(level, [nobody, nobody]))


def test_speakers_are_looked_for_where_there_is_most_speech_for_each():
    assert share_speakers([1, 2], [50, 50]) == [1, 2]
    assert share_speakers([1, 2], [50, 50], fewest=4, most=4) == [2, 2]
    assert share_speakers([1, 1], [10, 50], fewest=4) == [1, 3]
    assert share_speakers([2, 2], [10, 50], most=3) == [1, 2]
    assert share_speakers([5, 1], [9, 90], most=2) == [1, 1]
    assert share_speakers([1, 1], [1, 9], fewest=10) == [1, 9]


@pytest.mark.parametrize("number", range(2, 13))
def test_the_total_is_obeyed(number):
    shared = share_speakers([3, 1], [5, 7], fewest=number, most=number)
    assert sum(shared) == number and 1 <= shared[0] <= 5 and 1 <= shared[1] <= 7
