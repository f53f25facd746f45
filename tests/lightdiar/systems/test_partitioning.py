import math

import numpy as np
import pytest
from scipy.sparse.csgraph import connected_components

from lightdiar.systems import partitioning
from lightdiar.systems.partitioning import Items, belonging, evidence_needed, partition, survey


class OnALine:
    """Voices are points on a line; five nats for the same point, one less for each step between two."""

    def __init__(self, most=5.0):
        self.most = most

    def log_likelihood_ratios(self, enrolled, tests):
        return self.most - abs(enrolled[:, 0][:, None] - tests[:, 0])


def voices(places, recordings=None, names=None, seconds=None):
    n = len(places)
    return Items(
        np.stack([np.array(places, np.float32), np.zeros(n, np.float32)], axis=1),  # the last is no place
        np.ones(n, np.float32) if seconds is None else np.array(seconds, np.float32),
        np.arange(n) if recordings is None else np.array(recordings),
        np.full(n, -1) if names is None else np.array(names),
    )


def random_voices(rng, n=120):
    return voices(
        rng.integers(0, 40, n) + 0.3 * rng.random(n), rng.integers(0, 30, n), rng.integers(-20, 4, n).clip(-1)
    )


def test_the_mean_of_pairs_decides():
    """0 and 2 have 3 nats; 6 has -1 with 0 and 1 with 2, on average 0."""
    items = voices([0, 2, 6])
    assert partition(items, OnALine(), 2.9).tolist() == [0, 0, 1]
    assert partition(items, OnALine(), 0.1).tolist() == [0, 0, 1]
    assert partition(items, OnALine(), -0.1).tolist() == [0, 0, 0]
    assert partition(items, OnALine(), 3.1).tolist() == [0, 1, 2]


def test_voices_of_one_recording_are_different_people_also_through_a_third():
    assert partition(voices([0, 0], [7, 7]), OnALine(), -100).tolist() == [0, 1]
    assert partition(voices([0, 1, 1.5], [0, 1, 0]), OnALine(), -100).tolist() == [0, 1, 1]


def test_names_bind_and_divide():
    items = voices([0, 50, 50, 0], names=[0, 0, 1, -1])
    assert partition(items, OnALine(), 0.0).tolist() == [0, 0, 1, 2]  # a mean of 0 and 50 is near to nobody
    assert partition(voices([0, 0], names=[0, 1]), OnALine(), -100).tolist() == [0, 1]
    assert partition(voices([0, 0, 0], [0, 1, 2], names=[0, -1, 0]), OnALine(), 0.0).tolist() == [0, 0, 0]


def test_no_voices():
    nothing = voices([])
    assert partition(nothing, OnALine(), 0.0).tolist() == []
    assert belonging(nothing, np.zeros(0, int), OnALine()).tolist() == []


@pytest.mark.parametrize("most", [10, 30, 2000])
def test_the_rules_hold_whatever_the_threshold(rng, monkeypatch, most):
    monkeypatch.setattr(partitioning, "MOST_COMPARED", most)
    items = random_voices(rng)
    items.recordings[items.names >= 0] = 30 + np.arange(np.count_nonzero(items.names >= 0))  # one name, one recording
    for threshold in (-20.0, 0.0, 4.5):
        labels = partition(items, OnALine(), threshold)
        for label in np.unique(labels):
            own = labels == label
            assert len(np.unique(items.recordings[own])) == np.count_nonzero(own)
            assert len(np.unique(items.names[own & (items.names >= 0)])) < 2
        for name in range(4):
            assert len(np.unique(labels[items.names == name])) == 1


def test_pieces_give_what_the_whole_gives(rng, monkeypatch):
    items = random_voices(rng, 300)
    whole = partition(items, OnALine(), 4.5)
    monkeypatch.setattr(partitioning, "MOST_COMPARED", 40)
    assert 2 < whole.max() < 299
    assert partition(items, OnALine(), 4.5).tolist() == whole.tolist()


def test_pieces_are_what_strong_pairs_connect_and_never_too_large(rng, monkeypatch):
    items = voices(rng.random(200) * 100)
    monkeypatch.setattr(partitioning, "MOST_COMPARED", 50)
    groups = partitioning._Groups(items, np.arange(200), OnALine())
    for threshold in (4.5, 4.8):
        n_parts, parts = connected_components(OnALine().log_likelihood_ratios(items.vectors, items.vectors) > threshold)
        assert np.bincount(parts).max() <= 50
        pieces = partitioning._pieces(groups, threshold)
        assert sorted(map(sorted, pieces)) == sorted(np.flatnonzero(parts == n).tolist() for n in range(n_parts))
    pieces = partitioning._pieces(groups, -100.0)
    assert max(map(len, pieces)) <= 50 and sorted(np.concatenate(pieces)) == list(range(200))


def test_what_is_too_large_is_torn_where_it_is_weakest(monkeypatch):
    """Five voices within 0.4, and five more two steps on; a chain of one pair after the other would hold all."""
    monkeypatch.setattr(partitioning, "MOST_COMPARED", 7)
    items = voices([place + 0.1 * step for step in range(5) for place in (0, 2.4)])
    pieces = partitioning._pieces(partitioning._Groups(items, np.arange(10), OnALine()), 0.0)
    assert sorted(sorted(piece.tolist()) for piece in pieces) == [[0, 2, 4, 6, 8], [1, 3, 5, 7, 9]]


def test_somebody_in_more_recordings_than_are_compared_at_once_is_one_person(rng, monkeypatch):
    monkeypatch.setattr(partitioning, "MOST_COMPARED", 8)
    assert set(partition(voices(rng.random(100)), OnALine(), 1.0)) == {0}


def test_order_does_not_matter(rng):
    items, order = random_voices(rng), rng.permutation(120)
    labels, moved = partition(items, OnALine(), 3.0), partition(items.only(order), OnALine(), 3.0)
    assert len(set(zip(labels[order], moved))) == labels.max() + 1 == moved.max() + 1


def test_little_is_known_of_a_single_pair():
    """Whose ratio is 0: one in ten pairs is of one person, nine to one against it. Without pairs the same."""
    assert evidence_needed(np.zeros(1)) == pytest.approx(math.log(9), abs=1e-3)
    assert evidence_needed(np.zeros(0)) == pytest.approx(math.log(9))


@pytest.mark.parametrize("share", [0.3, 0.02])
def test_evidence_needed_follows_from_how_many_pairs_are_of_one_person(rng, share):
    """Calibrated Gaussian ratios: variance twice the mean."""
    same = rng.random(100_000) < share
    ratios = np.where(same, 1, -1) * 6 + math.sqrt(12) * rng.normal(size=100_000)
    assert evidence_needed(ratios) == pytest.approx(math.log((1 - share) / share), abs=0.1)


def test_where_nobody_recurs_much_evidence_is_needed():
    """One pair in 5010."""
    assert evidence_needed(np.full(5000, -30.0)) == pytest.approx(math.log(5009), abs=1e-3)


def host_and_guests(n=20):
    """Somebody at 30 in every recording, and a guest in each, far from one another."""
    return voices(np.stack([np.full(n, 30.0), 1000 + 50 * np.arange(n)], axis=1).ravel(), np.repeat(np.arange(n), 2))


def test_somebody_who_is_always_there_counts_once():
    middle, threshold = survey(host_and_guests(), OnALine(20.0))
    people = [30, *(1000 + 50 * np.arange(20))]
    assert middle == pytest.approx([sum(people) / (21 + 10), 0])
    assert threshold == pytest.approx(math.log(190 + 10 - 1), abs=0.01)  # of 190 pairs of guests, none is of one person


def test_a_survey_of_a_part_is_that_of_the_whole(monkeypatch):
    whole = survey(host_and_guests(300), OnALine(20.0))
    monkeypatch.setattr(partitioning, "MOST_COMPARED", 300)
    part = survey(host_and_guests(300), OnALine(20.0))
    assert part[0] == pytest.approx(whole[0], rel=0.1)
    assert whole[1] - part[1] == pytest.approx(math.log(4), abs=0.2)  # a quarter of the pairs rules out less


def test_a_survey_of_nothing_and_of_one():
    for items in (voices([]), voices([5]), voices([0, 0], [3, 3])):
        assert survey(items, OnALine())[1] == pytest.approx(math.log(9))
    assert survey(voices([5]), OnALine())[0] == pytest.approx([5 / 11, 0])


def test_each_belongs_to_the_mean_of_the_others():
    """Of 0 and 3 with twice as many seconds it is 2, three from 5; and so on."""
    items = voices([0, 3, 5, 99], seconds=[1, 2, 1, 9])
    ratios = belonging(items, np.array([0, 0, 0, 1]), OnALine())
    assert ratios.tolist() == pytest.approx([5 - 11 / 3, 5 - 0.5, 5 - 3, math.nan], nan_ok=True, abs=1e-5)


def test_belonging_does_not_depend_on_blocks(rng, monkeypatch):
    items, labels = random_voices(rng), rng.integers(0, 30, 120)
    whole = belonging(items, labels, OnALine())
    monkeypatch.setattr(partitioning, "_BLOCK", 7)
    assert belonging(items, labels, OnALine()) == pytest.approx(whole, nan_ok=True)
