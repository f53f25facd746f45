import numpy as np

from lightdiar.signal.frontend import Analysis
from lightdiar.stages.resegmentation import resegment, resegment_recording


def conversation():
    """Two voices in turns of 200 to 400 frames, and labels whose boundaries are off by 40."""
    rng = np.random.default_rng(0)
    truth = np.concatenate([np.full(rng.integers(200, 400), turn % 2) for turn in range(12)])
    X = rng.normal(np.where(truth[:, None], 0.7, -0.7), 1, (len(truth), 6)).astype(np.float32)
    return X, truth, np.roll(truth, 40)


def test_boundaries_are_put_right():
    X, truth, labels = conversation()
    assert np.mean(labels != truth) > 0.1
    assert np.mean(resegment(X, labels) != truth) < 0.005


def test_one_speaker_or_nothing_to_do():
    X, _truth, labels = conversation()
    assert resegment(X, np.zeros(len(X), int)).tolist() == [0] * len(X)
    assert resegment(X[:0], labels[:0]).shape == (0,)
    assert resegment(X[:50], labels[:50]).tolist() == labels[:50].tolist()


def test_of_a_recording_only_the_speech_moves():
    X, truth, labels = conversation()
    speech = np.arange(len(X)) % 10 < 9
    mfcc = np.tile(X, 4)
    before = np.where(speech, labels, -1)
    found = resegment_recording(Analysis(mfcc, X[:, 0], X[:, 0], 1.0), speech, before)
    assert np.mean(found[speech] != truth[speech]) < 0.01
    assert (found[~speech] == -1).all() and (before[~speech] == -1).all()
