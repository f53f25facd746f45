from itertools import pairwise

import numpy as np
import pytest

from lightdiar.events.labels import LabelSet
from lightdiar.events.mixing import PlacedSound, draw_schedule, heard_part, mix_scene, place_sounds
from lightdiar.timeline import Event

RATE = 8000


def tone(seconds, before=0.0, after=0.0, rate=RATE):
    """A tone without a silent sample between digital silence."""
    n = round(seconds * rate)
    silence = [np.zeros(round(length * rate)) for length in (before, after)]
    return np.concatenate([silence[0], 0.3 * np.cos(np.arange(n)) + 0.001, silence[1]])


def noise(seconds, seed=0, rms=0.01):
    return np.random.default_rng(seed).normal(0, rms, round(seconds * RATE))


def decibels(samples, other):
    return 10 * np.log10(np.mean(samples**2) / np.mean(other**2))


def at(event, rate=RATE):
    return slice(round(event.start * rate), round(event.end * rate))


@pytest.mark.parametrize("rate", [8000, 11025, 44100])
def test_the_truth_is_where_the_sound_is_heard(rate):
    sounds = [
        PlacedSound(Event(1, 2, "short"), tone(0.5, 0.2, 0.3, rate)),  # ends early
        PlacedSound(Event(3, 4, "long"), tone(5, rate=rate)),  # is cut
        PlacedSound(Event(5.5, 9, "late"), tone(2, rate=rate)),  # is cut by the end of the scene
    ]
    samples, events = mix_scene(sounds, np.zeros(6 * rate), rate)
    assert [(round(event.start, 4), round(event.end, 4), event.label) for event in events] == [
        (1.0, pytest.approx(1.5, abs=1 / rate), "short"),
        (3.0, 4.0, "long"),
        (5.5, 6.0, "late"),
    ]
    heard = np.zeros(len(samples), bool)
    for event in events:
        heard[at(event, rate)] = True
    assert np.array_equal(heard, samples != 0)


@pytest.mark.parametrize("ratio", [-6.0, 0.0, 6.0])
def test_event_to_background_ratio_is_that_of_the_place(ratio):
    bed = noise(6) * np.repeat([1, 10], 3 * RATE)  # 20 dB louder in its second half
    sounds = [PlacedSound(Event(start, start + 1, "x"), 0.2 * noise(1, 5), ratio) for start in (1, 4)]
    samples, events = mix_scene(sounds, bed, RATE)
    for event in events:
        added = samples[at(event)] - bed[at(event)]
        assert decibels(added, bed[at(event)]) == pytest.approx(ratio, abs=1e-3)
    outside = np.ones(len(bed), bool)
    for event in events:
        outside[at(event)] = False
    assert np.array_equal(samples[outside], bed[outside].astype(np.float32))


def test_a_silent_bed():
    half = noise(4) * np.repeat([1, 0], 2 * RATE)
    samples, (event,) = mix_scene([PlacedSound(Event(3, 4, "x"), tone(1), 10.0)], half, RATE)
    assert decibels(samples[at(event)], half) == pytest.approx(10, abs=1e-3)
    samples, (event,) = mix_scene([PlacedSound(Event(3, 4, "x"), tone(1), 10.0)], np.zeros(4 * RATE), RATE)
    assert 20 * np.log10(np.sqrt(np.mean(samples[at(event)] ** 2))) == pytest.approx(-30, abs=1e-3)


def test_nothing_is_clipped_and_levels_keep_their_proportions():
    bed, sounds = noise(4, rms=0.3), [PlacedSound(Event(1, 2, "x"), tone(1), 40.0)]
    samples, events = mix_scene(sounds, bed, RATE)
    assert np.abs(samples).max() == pytest.approx(0.99)
    gain = samples[0] / bed[0]
    assert gain < 0.1 and np.allclose(samples[:RATE], gain * bed[:RATE], rtol=1e-4)
    assert events == (Event(1, 2, "x"),)


def test_a_cut_sound_ends_softly():
    samples, _ = mix_scene([PlacedSound(Event(0, 1, "x"), np.ones(2 * RATE))], np.zeros(2 * RATE), RATE)
    end = samples[:RATE] / samples[0]
    assert np.all(end[: RATE - 80] == 1)
    assert np.allclose(end[RATE - 80 :], np.arange(80, 0, -1) / 80)


def test_sounds_that_are_not_heard_are_not_told():
    sounds = [
        PlacedSound(Event(0, 1, "silent"), np.zeros(RATE)),
        PlacedSound(Event(0, 1, "empty"), np.zeros(0)),
        PlacedSound(Event(8, 9, "late"), tone(1)),
        PlacedSound(Event(1, 1.00001, "no sample"), tone(1)),
    ]
    samples, events = mix_scene(sounds, noise(3), RATE)
    assert events == () and np.array_equal(samples, noise(3).astype(np.float32))
    assert mix_scene([], np.zeros(0), RATE)[0].shape == (0,)


def test_noise_40_decibels_below_is_not_the_sound():
    background = 0.3 * 10 ** (-50 / 20) * np.random.default_rng(1).normal(size=3 * RATE)
    background[RATE : 2 * RATE] += tone(1)
    assert len(heard_part(background, RATE)) == pytest.approx(RATE, abs=160)
    assert len(heard_part(tone(1, 0.5, 0.5), RATE)) == RATE
    assert len(heard_part(np.array([0.0, 0.0, 0.2, 0.0]), RATE)) == 1


def test_arrays_are_left_alone():
    bed, sound = noise(2), tone(1, 0.1, 0.1)
    before = bed.copy(), sound.copy()
    mix_scene([PlacedSound(Event(0, 0.5, "x"), sound)], bed, RATE)
    assert np.array_equal(bed, before[0]) and np.array_equal(sound, before[1])


SOUNDS = {"a": [tone(0.5), tone(1.5, 0.1)], "b": [tone(2)], "c": [tone(0.2, 1, 1)], "none": []}


@pytest.mark.parametrize("polyphony", [1, 2, 3])
def test_drawn_schedules_keep_their_gaps_and_polyphony(polyphony):
    for seed in range(5):
        rng = np.random.default_rng(seed)
        schedule = draw_schedule(rng, SOUNDS, 60, RATE, per_minute=40, polyphony=polyphony, gap=0.25, ratio=(-3, 9))
        _, events = mix_scene(schedule, noise(60), RATE)
        assert [event.label for event in events] == [placed.event.label for placed in schedule]  # heard as drawn
        for event, placed in zip(events, schedule):
            assert (event.start, event.end) == pytest.approx((placed.event.start, placed.event.end), abs=1.1 / RATE)
            assert -3 <= placed.ratio <= 9
        for label in "abc":
            own = [event for event in events if event.label == label]
            assert all(later.start - event.end > 0.249 for event, later in pairwise(own))
        at_once = LabelSet(("a", "b", "c")).matrix(events, 60_000, 0.001).sum(axis=1).max()
        assert at_once <= polyphony and (at_once == polyphony or polyphony == 3)


def test_density_and_its_limits(rng):
    counts = [len(draw_schedule(rng, {"c": SOUNDS["c"]}, 120, RATE, per_minute=10)) for _ in range(50)]
    assert np.mean(counts) == pytest.approx(20, abs=2.5)
    full = draw_schedule(rng, {"b": SOUNDS["b"]}, 10, RATE, per_minute=1000, gap=0)
    assert 3 <= len(full) <= 5
    assert draw_schedule(rng, SOUNDS, 60, RATE, per_minute=0) == []
    (one,) = draw_schedule(rng, {"b": SOUNDS["b"]}, 0.5, RATE, per_minute=1000)  # longer than the scene
    assert (one.event.start, one.event.end) == (0, 0.5)


def test_the_same_seed_gives_the_same_bytes():
    def scene(seed):
        rng = np.random.default_rng(seed)
        samples, events = mix_scene(draw_schedule(rng, SOUNDS, 20, RATE), noise(20), RATE)
        return samples.tobytes(), events

    assert scene(3) == scene(3)
    assert scene(3) != scene(4)


def test_sounds_for_a_given_schedule(rng):
    events = [Event(0, 1, "a"), Event(2, 3, "b")] * 10
    placed = place_sounds(rng, events, SOUNDS, (0, 6))
    assert [sound.event for sound in placed] == events
    assert {id(sound.samples) for sound in placed if sound.event.label == "a"} == {id(s) for s in SOUNDS["a"]}
    assert all(0 <= sound.ratio <= 6 for sound in placed)
    with pytest.raises(ValueError, match="there is no sound of none, rain; give some, or leave its events out"):
        place_sounds(rng, [Event(0, 1, "rain"), Event(0, 1, "none")], SOUNDS)


def test_rubbish(rng):
    nan = np.array([0.0, np.nan])
    with pytest.raises(ValueError, match="the bed has samples that are not finite"):
        mix_scene([], nan, RATE)
    with pytest.raises(ValueError, match="the sound of x has samples that are not finite"):
        mix_scene([PlacedSound(Event(0, 1, "x"), nan)], noise(1), RATE)
    with pytest.raises(ValueError, match=r"the bed must have shape \(n_samples,\); got \(8, 2\)"):
        mix_scene([], np.zeros((8, 2)), RATE)
    with pytest.raises(ValueError, match="there are no sounds to draw"):
        draw_schedule(rng, {"none": []}, 10, RATE)
    for bad in ({"per_minute": -1}, {"gap": -1}, {"polyphony": 0}, {"duration": 0}, {"duration": np.inf}):
        with pytest.raises(ValueError, match="must be above 0"):
            draw_schedule(rng, SOUNDS, **({"duration": 10, "sample_rate": RATE} | bad))
    assert draw_schedule(rng, {"silence": [np.zeros(10)]}, 60, RATE) == []
