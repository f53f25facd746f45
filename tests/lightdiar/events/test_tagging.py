import numpy as np
import pytest

from lightdiar.events.logistic import Logistic
from lightdiar.events.tagging import Tagger, fit_tagger, summary

RATE = 16000


def noise(seconds, seed=0):
    return np.random.default_rng(seed).normal(0, 0.1, round(seconds * RATE))


def test_probabilities_by_hand():
    """Odds of 1 and 3 are probabilities of 1/2 and 3/4, which are brought to a sum of 1: 2/5 and 3/5."""
    tagger = Tagger(("dog", "rain"), (Logistic(np.array([1.0]), 0.0), Logistic(np.array([0.0]), np.log(3))))
    X = np.array([[0.0], [np.log(9)]])
    assert tagger.probabilities(X) == pytest.approx(np.array([[2 / 5, 3 / 5], [6 / 11, 5 / 11]]))
    assert tagger.answers(X) == ["rain", "dog"]


def test_hopeless_labels_have_an_answer():
    tagger = Tagger(("dog", "rain"), (Logistic(np.array([0.0]), -2000.0), Logistic(np.array([0.0]), -1000.0)))
    assert tagger.probabilities(np.zeros((1, 1))).tolist() == [[0.0, 1.0]]


def test_labels_are_learnt_however_rare():
    """Of a label that is a twentieth of the rest the border lies in the middle nevertheless."""
    X = np.array([[0.0]] * 40 + [[1.0]] * 2)
    tagger = fit_tagger(X, ["rain"] * 40 + ["dog"] * 2)
    assert tagger.labels == ("dog", "rain")
    assert tagger.answers(np.array([[0.45], [0.55]])) == ["rain", "dog"]


def test_rows_and_labels_that_cannot_be_learnt():
    with pytest.raises(ValueError, match=r"2 rows and 1 labels"):
        fit_tagger(np.zeros((2, 3)), ["rain"])
    with pytest.raises(ValueError, match=r"the recordings have 1 label; two are the least"):
        fit_tagger(np.zeros((2, 3)), ["rain", "rain"])


def test_summary_does_not_hear_gain():
    sound = noise(2.0)
    assert summary(0.01 * sound, RATE) == pytest.approx(summary(sound, RATE))


def test_silence_after_a_sound_changes_no_spectrum():
    """Only the frame in which the noise ends is another one."""
    alone = summary(noise(1.0), RATE)
    padded = summary(np.concatenate([noise(1.0), np.zeros(4 * RATE)]), RATE)
    assert alone[:120] == pytest.approx(padded[:120], abs=0.2)
    assert (alone[120], padded[120]) == pytest.approx((1.0, 0.2), abs=0.01)  # the share of loud frames
    assert padded[122:126] == pytest.approx(np.full(4, padded[122]))  # quantiles up to a half are silence
    assert padded[122] < -10 < -1 < alone[122] < 0


def test_rhythm_is_heard_in_its_band():
    """Noise that swells eight times a second moves in the band from 8 to 11 Hz, the seventh."""
    t = np.arange(4 * RATE) / RATE
    row = summary(noise(4.0) * (1 + 0.9 * np.sin(2 * np.pi * 8.5 * t)), RATE)
    assert len(row) == 138 and row[128:].argmax() == 6


def test_spectrum_is_relative_to_the_level():
    """Its mean over the bands is 0; a low tone is where its band is."""
    row = summary(0.3 * np.sin(2 * np.pi * 440 * np.arange(RATE) / RATE), RATE)
    assert row[:40].mean() == pytest.approx(0, abs=1e-9)
    assert row[:40].argmax() == 7  # the bands are 69 mel apart, 440 Hz are 550 mel: the peak of the eighth is nearest


@pytest.mark.parametrize("n_samples", [0, 1, 639, 640, 960, 16000])
def test_short_and_silent_sounds_have_a_summary(n_samples):
    row = summary(np.zeros(n_samples), RATE)
    assert row.shape == (138,)
    assert row[:128] == pytest.approx(np.eye(1, 128, 120)[0])  # all of it is as loud as the loudest
    assert np.isfinite(summary(noise(1.0)[:n_samples], RATE)).all()


def test_summary_tells_sounds_apart():
    """A tick each second, steady noise and swelling noise, of which others were trained on."""
    t = np.arange(3 * RATE) / RATE

    def sounds(seed):
        rng = np.random.default_rng(seed)
        hiss, rate = noise(3.0, seed), rng.uniform(1.5, 2.5)
        return [hiss * (t * rate % 1 < 0.03), hiss, hiss * (1.2 + np.sin(2 * np.pi * rate * t))]

    labels = ["tick", "hiss", "waves"]
    tagger = fit_tagger(np.array([summary(one, RATE) for seed in range(6) for one in sounds(seed)]), labels * 6)
    rows = np.array([summary(one, RATE) for seed in range(10, 14) for one in sounds(seed)])
    assert tagger.answers(rows) == labels * 4
