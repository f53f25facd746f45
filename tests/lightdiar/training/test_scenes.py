import numpy as np
import pytest

from lightdiar.training import scenes
from lightdiar.training.scenes import make_scene
from lightdiar.training.synthesis import VOICES, synthesize_speech


@pytest.fixture(scope="module")
def speech():
    return synthesize_speech(VOICES["Bruno"], 3.0, seed=0)


@pytest.fixture(scope="module")
def backgrounds():
    rng = np.random.default_rng(0)
    return {"noise": [rng.normal(size=32000)], "music": [np.sin(np.arange(48000) / 5)]}


def test_a_scene_holds_what_its_labels_say(speech, backgrounds, monkeypatch):
    monkeypatch.setattr(scenes, "_FAR", 0.0)  # else the room goes on speaking
    seen, spoken_in = set(), []
    for number in range(12):
        samples, labels = make_scene(lambda rng: speech, backgrounds, np.random.default_rng(number))
        assert len(samples) == 160 * len(labels) and np.isfinite(samples).all()
        power = np.square(samples.reshape(-1, 160)).mean(axis=1)
        silent, spoken = power[labels == 0], power[labels == 3]
        if len(silent) > 50 and len(spoken) > 50:
            assert np.median(spoken) > 3 * np.median(silent)
        seen |= set(labels)
        spoken_in.append((labels >= 3).any())
    assert seen == {0, 1, 2, 3, 4}
    assert 0 < np.mean(spoken_in) < 1  # in some nobody speaks


def falls(heard):
    """Decibels from what is said in quiet to the silence within a fifth of a second after it."""
    for samples, labels in heard:
        after = np.convolve(labels == 3, [0] * 4 + [1] * 16)[: len(labels)] > 0
        power = np.square(samples.reshape(-1, 160)).mean(axis=1)
        if (labels[after] == 0).any():
            yield 10 * np.log10(np.median(power[labels == 3]) / np.median(power[after & (labels == 0)]))


def test_what_a_large_room_goes_on_saying_is_no_speech(speech, backgrounds, monkeypatch):
    def heard(response):
        monkeypatch.setattr(scenes, "room", lambda rng, *args, **kwargs: response)
        return [make_scene(lambda rng: speech, backgrounds, np.random.default_rng(number)) for number in range(8)]

    monkeypatch.setattr(scenes, "_FAR", 0.0)
    tail = np.random.default_rng(1).normal(size=64000) * 10 ** (-3 * np.arange(64000) / 64000)
    dry, wet = heard(np.ones(1)), heard(tail)
    for (_, labels), (_, same) in zip(dry, wet):
        np.testing.assert_array_equal(labels, same)
    less = np.subtract([*falls(dry)], [*falls(wet)])
    assert less.max() > 15 and not less.min() < 0  # scenes in the open stay as they are
