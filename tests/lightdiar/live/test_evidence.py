"""What is kept of a voice: evenly drawn, bounded, whatever the pieces."""

import numpy as np
import pytest

from lightdiar.live import evidence
from lightdiar.live.evidence import Evidence


class Counting:
    """A model that takes the share of frames above 200 Hz for the probability of a woman."""

    def __init__(self):
        self.asked = []

    def probabilities(self, mfcc, f0):
        assert mfcc.shape == (len(f0), 24) and np.isfinite(f0).all()
        self.asked.append(f0.copy())
        woman = float(np.mean(f0 > 200)) if len(f0) else 0.5
        return woman, 1 - woman, 0.0


def hear(pieces):
    model = Counting()
    voice = Evidence(model)
    for f0 in pieces:
        voice.hear(np.zeros((len(f0), 24), np.float32), f0)
    return voice, model


@pytest.mark.parametrize("n", [1, 7, 1000, 10_001])
def test_frames_are_drawn_evenly_wherever_they_are_cut(n, rng):
    f0 = np.arange(100, 10_101, dtype=np.float32)
    pieces = np.split(f0, np.sort(rng.integers(0, len(f0), n - 1)))
    _, model = hear(pieces)
    last = model.asked[-1]
    assert len(last) <= evidence._MOST_FRAMES
    stride = last[1] - last[0]
    assert last[0] == 100 and np.all(np.diff(last) == stride)


def test_unvoiced_frames_do_not_count():
    voice, model = hear([np.array([np.nan, 250, np.nan, 100], np.float32)])
    assert voice.n_heard == 2 and model.asked[-1].tolist() == [250, 100]
    assert (voice.p_female, voice.p_child) == (0.5, 0)


def test_certainty_is_left_to_people():
    voice, _ = hear([np.full(50, 250, np.float32)])
    assert voice.p_female == 1 - 1e-4


def test_it_is_judged_again_when_there_is_news():
    _, model = hear([np.full(100, 250, np.float32), np.full(5, 250, np.float32), np.full(6, 250, np.float32)])
    assert [len(f0) for f0 in model.asked] == [100, 111]


def test_joined_voices_weigh_as_much_as_they_spoke():
    long, _ = hear([np.full(9000, 250, np.float32)])
    short, _ = hear([np.full(1000, 100, np.float32)])
    short.join(long)
    assert short.n_heard == 10_000 and short.p_female == pytest.approx(0.9, abs=0.01)
    assert len(short._f0) <= evidence._MOST_FRAMES
