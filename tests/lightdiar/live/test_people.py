"""Voices of made-up windows, whose points are known: who is new, who is known, who became one."""

import types

import numpy as np
import pytest

from lightdiar.live import people as module
from lightdiar.live.people import People
from lightdiar.models.plda import PLDA
from lightdiar.systems.settings import Settings

N = 20


class KnownPoints(People):
    """Windows are seen where their first frame is."""

    n_seen = 0

    def _project(self, pieces, mean):
        self.n_seen += len(pieces)
        return np.stack([X[0, :N] for X, _ in pieces])


@pytest.fixture
def draw(rng):
    """A function that draws pieces of a speaker, of 20 who are as different as real ones."""
    centres = rng.normal(0, 2, (20, N))

    def pieces(speaker, n=1):
        found = np.zeros((n, 3, 38), np.float32)
        found[:, 0, :N] = centres[speaker] + rng.normal(0, 0.3, (n, N))
        return [(X, np.ones(3, bool)) for X in found]

    return pieces


def known_points(max_speakers=None):
    plda = PLDA(np.zeros(N), np.eye(N), np.full(N, 4.0))
    return KnownPoints(types.SimpleNamespace(plda=plda), Settings(), max_speakers)


def hear(people, pieces, ahead=2):
    """Windows come one by one, seen `ahead` of when they are certain; what was said of each, and the merges.

    As a window overlaps with the one before, that has been said of its beginning.
    """
    said, merges = [], []
    points = people.points(pieces)
    for i in range(len(pieces)):
        seen = points[i : i + 1 + ahead]
        begun = np.full(len(seen), -1)
        begun[0] = said[-1] if said else -1
        said.append(int(people.judge(seen, begun)[0]))
        people.remember(pieces[i], points[i], said[-1], np.full(3, said[-1]))
        people.review()
        merges += people.merged()
    return said, merges


def test_new_voices_are_new_and_known_ones_are_known(draw):
    people = known_points()
    script = [0] * 8 + [1] * 8 + [0] * 6 + [2] * 8 + [1] * 8
    said, merges = hear(people, [draw(speaker)[0] for speaker in script])
    settled = [i for i in range(len(script)) if script[i] == script[max(0, i - 4)]]  # a change may take some windows
    assert [said[i] for i in settled] == [script[i] for i in settled]
    assert set(said) == {0, 1, 2} and merges == []


def test_a_voice_that_was_split_becomes_one_and_stays_it(draw):
    people = known_points()
    pieces = draw(3, 20)
    points = people.points(pieces)
    for i in range(10):
        people.remember(pieces[i], points[i], i % 2, np.full(3, i % 2))
    people.review(last=True)
    assert people.merged() == [(1, 0)] and people.merged() == []
    assert hear(people, pieces[10:]) == ([0] * 10, [])


def test_one_doubt_is_not_enough_before_the_end(draw):
    people = known_points()
    pieces = draw(3, 12)
    points = people.points(pieces)
    found = []
    for i in range(12):
        people.remember(pieces[i], points[i], i % 2, np.full(3, i % 2))
        people.review()
        found.append(people.merged())
    assert found.index([(1, 0)]) == 7  # all windows are clustered with the fourth and the eighth


def test_a_slip_of_less_than_half_a_window_is_taken_back(draw):
    people = known_points()
    hear(people, draw(0, 4))
    slip, *others = draw(0, 12)
    people.remember(slip, people.points([slip])[0], 0, np.array([0, 0, 1]))
    assert people.n_voices == 1
    people.say(1)
    _, merges = hear(people, others)
    assert merges == [(1, 0)]


def test_memory_is_bounded_and_rare_voices_stay_known(draw, monkeypatch):
    monkeypatch.setattr(module, "_MOST_WINDOWS", 30)
    monkeypatch.setattr(module, "_TOO_MANY", 33)
    people = known_points()
    said, merges = hear(people, [*draw(0, 6), *draw(1, 6), *draw(2, 60), *draw(0, 5)])
    assert len(people._pieces) <= 33 and len(people._points) == len(people._said) == len(people._pieces)
    assert said[-3:] == [0, 0, 0] and set(said) == {0, 1, 2} and merges == []
    assert np.count_nonzero(people._said == 1) >= 4


def test_points_move_with_the_mean_less_and_less_often(draw):
    people = known_points()
    pieces = draw(0, 200)
    points = people.points(pieces)
    people.n_seen = 0
    for piece, point in zip(pieces, points):
        people.remember(piece, point, 0, np.zeros(3, int))
        people._n_news = 0  # clusters nothing
        people.review()
    assert 1000 < people.n_seen < 14 * 200  # when there is a tenth more, which makes 11 times as many in all


@pytest.mark.parametrize("most", [1, 2])
def test_no_more_voices_than_there_may_be(draw, most):
    people = known_points(most)
    said, merges = hear(people, [piece for speaker in range(4) for piece in draw(speaker, 8)])
    people.review(last=True)
    left = set(said) - {voice for voice, _ in [*merges, *people.merged()]}
    assert len(left) == most


def test_nothing_was_heard():
    people = known_points()
    assert people.review(last=True) == 1 and people.merged() == []


def test_merges_that_follow_each_other_lead_to_the_last():
    people = known_points()
    people._merge(7, 3)
    people._merge(9, 7)
    people._merge(3, 1)
    people._merge(7, 1)
    assert people.merged() == [(7, 3), (9, 3), (3, 1)]
