import numpy as np

from lightdiar.training.scenes import make_scene
from lightdiar.training.synthesis import VOICES, synthesize_speech


def test_a_scene_holds_what_its_labels_say():
    speech = synthesize_speech(VOICES["Bruno"], 3.0, seed=0)
    rng = np.random.default_rng(0)
    backgrounds = {"noise": [rng.normal(size=32000)], "music": [np.sin(np.arange(48000) / 5)]}
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
