import numpy as np

from lightdiar.events.holdout import held_out


def test_each_label_gets_its_share(rng):
    labels = "abcdefgh"
    contents = [set(rng.choice(list(labels), rng.integers(0, 4), replace=False)) for _ in range(60)]
    held = held_out(contents, 0.2)
    assert held.sum() == 12
    for label in labels:
        own = np.array([label in content for content in contents])
        assert 0.1 <= held[own].mean() <= 0.3
    assert (held_out(contents, 0.2) == held).all() and (held_out(contents, 0.2, seed=1) != held).any()


def test_a_rare_label_is_on_both_sides():
    held = held_out([{"car"}] * 18 + [{"car", "horn"}] * 2, 0.1)
    assert held.sum() == 2 and held[18:].sum() == 1


def test_a_label_of_one_recording_is_trained_on():
    for seed in range(20):
        held = held_out([{"horn"}, {"car"}, {"car"}, {"car"}, set()], 0.4, seed)
        assert not held[0] and 1 <= held[1:4].sum() <= 2


def test_every_label_is_trained_on_whatever_the_recordings(rng):
    for seed in range(200):
        sizes = rng.integers(0, 5, size=rng.integers(1, 9))
        contents = [set(rng.choice(list("abcdef"), size, replace=False)) for size in sizes]
        held = held_out(contents, 0.4, seed)
        trained = set().union(*(content for content, out in zip(contents, held) if not out))
        assert trained == set().union(*contents) and not held.all()


def test_nothing_can_be_held_out_of_one_or_of_labels_of_their_own():
    assert held_out([{"car"}], 0.5).tolist() == [False]
    assert held_out([{"car"}, {"horn"}], 0.5).tolist() == [False, False]
    assert held_out([], 0.5).tolist() == []
    assert held_out([set(), set()], 0.5).sum() == 1
