"""A passage with a made-up ear and made-up people: what becomes certain when, and that it stays."""

from itertools import pairwise

import numpy as np
import pytest

from lightdiar.live import passage as module
from lightdiar.live.passage import Passage, cut_windows
from lightdiar.stages.segmentation import uniform_windows


class Ear:
    """Hears frames as they come: speech where the samples are not 0, and the voice is their value."""

    def __init__(self, detector, loudness):
        self.first, self.mfcc, self.f0 = 0, np.zeros((0, 24), np.float32), np.zeros(0, np.float32)

    @property
    def n_frames(self):
        return self.first + len(self.mfcc)

    @property
    def odds(self):
        return np.where(self.mfcc[:, 0] > 0, 9.0, -9.0)

    def push(self, samples):
        new = np.zeros((len(samples) // 160, 24), np.float32)
        new[:, 0] = samples[: len(new) * 160 : 160]
        self.mfcc, self.f0 = np.concatenate([self.mfcc, new]), np.concatenate([self.f0, new[:, 0]])
        n = len(self.mfcc) - 800
        if n > 100:
            self.first, self.mfcc, self.f0 = self.first + n, self.mfcc[n:], self.f0[n:]


class Detector:
    def best_path(self, odds):
        return np.asarray(odds) > 0


class Crowd:
    """People whose voice is the cepstra's most frequent value in a window."""

    def __init__(self):
        self.n_voices, self.windows, self.said = 10, 0, []

    def pieces(self, mfcc, speech, windows):
        return [mfcc[a:b, 0][speech[a:b]] for a, b in windows]

    def points(self, pieces):
        return pieces

    def judge(self, points, said):
        return np.array([np.bincount(point.astype(int)).argmax() for point in points])

    def remember(self, piece, point, voice, said):
        self.windows += 1
        self.said.append((voice, set(said.tolist())))

    def say(self, voice):
        pass


@pytest.fixture
def follow(monkeypatch):
    """A function that plays (voice, frames) to a passage: what became certain, and the last guess."""
    monkeypatch.setattr(module, "Hearing", Ear)

    def play(script, latency=200, step=50):
        people = Crowd()
        passage = Passage(Detector(), None, people, latency, 100)
        sound = np.repeat([float(voice) for voice, n in script for _ in range(n)], 160)
        certain, guesses = [], []
        for start in range(0, len(sound), step * 160):
            last = start + step * 160 >= len(sound)
            found, guess = passage.push(sound[start : start + step * 160], last=last)
            certain += found
            guesses.append(guess)
        return certain, guesses, people

    return play


def joined(stretches):
    """Pieces put together as (start, end, voice)."""
    turns = []
    for one in stretches:
        if turns and turns[-1][1:] == (one.start, one.voice):
            turns.append((turns.pop()[0], one.end, one.voice))
        else:
            turns.append((one.start, one.end, one.voice))
    return turns


def test_turns_are_found_with_their_pauses_and_edges(follow):
    certain, guesses, _ = follow([(0, 60), (3, 300), (0, 80), (3, 300), (0, 400), (5, 300), (0, 30)])
    assert joined(certain) == [(55, 745, 3), (1135, 1445, 5)]  # 0.8 s are a pause, 4 s are not; edges are widened
    assert guesses[-1] == []


@pytest.mark.parametrize("latency", [50, 200, 500])
def test_what_is_certain_comes_in_order_after_the_latency(follow, latency):
    certain, guesses, _ = follow([(3, 1000), (5, 1000)], latency)
    assert all(one.end <= other.start for one, other in pairwise(certain))
    assert joined(certain)[0][0] == 0 and joined(certain)[-1][1] == 2000
    assert [guess[-1].end for guess in guesses[:-1]] == list(range(50, 2000, 50))
    assert guesses[20][0].start == 1050 - latency


def test_a_turn_is_never_longer_than_what_was_heard(follow):
    certain, _, _ = follow([(3, 130)])
    assert joined(certain) == [(0, 130, 3)]


def test_long_passages_keep_little(follow):
    certain, _, people = follow([(3, 2500), (0, 300), (5, 2500)])
    assert joined(certain) == [(0, 2505, 3), (2795, 5300, 5)]
    assert people.windows == pytest.approx(5000 / 75, abs=6)
    assert all(said <= {3, 5} for _, said in people.said)


def test_nobody_speaks(follow):
    assert follow([(0, 700)])[0] == []


def test_windows_keep_their_places_while_a_run_grows():
    mask = np.zeros(1000, bool)
    mask[100:195] = mask[300:900] = True
    whole = cut_windows(mask)
    assert whole[:3].tolist() == [[100, 195], [300, 450], [375, 525]] and whole[-1].tolist() == [750, 900]
    mask[870:] = False
    part = cut_windows(mask)
    assert part[:-1].tolist() == whole[: len(part) - 1].tolist() and part[-1].tolist() == [720, 870]
    assert cut_windows(np.zeros(50, bool)).shape == (0, 2)


def test_windows_are_those_of_the_offline_stage_where_they_fit():
    mask = np.zeros(1200, bool)
    mask[10:200] = mask[300:1050] = True  # 190 stay whole; 750 are nine windows
    assert cut_windows(mask).tolist() == uniform_windows(mask).tolist()
