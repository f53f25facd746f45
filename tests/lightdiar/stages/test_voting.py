from types import SimpleNamespace

import numpy as np
import pytest

from lightdiar.models.plda import PLDA
from lightdiar.stages import voting
from lightdiar.stages.clustering import number_by_appearance
from lightdiar.stages.voting import BICClusterer, VBClusterer, distinct_windows, vote


@pytest.mark.parametrize(
    ("numbers", "chosen", "agreement"),
    [
        ([2, 2, 2, 2, 2], 0, 1.0),
        ([2, 2, 3, 3, 3], 0, 0.6),  # the middle is of the majority
        ([2, 3, 4, 3, 3], -1, 0.6),  # it is not: the nearest that is, the lower first
        ([1, 2, 3, 4, 5], 0, 0.2),
    ],
)
def test_clusterings_vote_on_the_number_of_speakers(numbers, chosen, agreement):
    labels, share = vote([np.append(np.arange(number), 0) for number in numbers])
    assert labels.tolist() == [*range(numbers[chosen + 2]), 0]
    assert share == agreement


@pytest.mark.parametrize(
    ("numbers", "chosen", "agreement"),
    [
        ([3, 2, 2], 1, 2 / 3),
        ([2, 2, 3], 1, 2 / 3),
        ([2, 3, 2], 0, 2 / 3),  # the middle is outvoted; of two as near to it the first
        ([4, 4, 2, 3, 4], 1, 0.6),
        ([3, 1, 1, 3, 2], 2, 0.4),  # a draw: the one nearer the middle
        ([5], 0, 1.0),
    ],
)
def test_the_winner_is_one_of_those_that_voted(numbers, chosen, agreement):
    labelings = [np.append(np.arange(number), np.full(6 - number, 0)) for number in numbers]
    labels, share = vote(labelings)
    assert labels is labelings[chosen]
    assert share == pytest.approx(agreement)


SPEAKERS = np.array([0, 1, 0, 2, 1, 3, 0, 2, 3, 1])  # of ten turns, in order of appearance


def points():
    """Ten turns of five windows each in PLDA space, and the model they were drawn from."""
    rng = np.random.default_rng(0)
    plda = PLDA(np.zeros(10), np.eye(10), np.full(10, 12.0))
    labels = np.repeat(SPEAKERS, 5)
    Y = rng.normal(0, np.sqrt(12), (4, 10))[labels] + rng.normal(size=(50, 10))
    return VBClusterer(plda), Y, labels


def frames():
    """Ten segments of 100 frames of four speakers, and which of them each holds."""
    rng = np.random.default_rng(0)
    X = np.concatenate([rng.normal(3 * speaker, 1, (100, 5)) for speaker in SPEAKERS])
    starts = np.arange(0, 1000, 100)
    return BICClusterer(), (X, np.stack([starts, starts + 100], axis=1)), SPEAKERS


clusterers = pytest.mark.parametrize("made", [points, frames])


@clusterers
def test_clear_speakers_are_found_in_order_of_appearance_and_all_agree(made):
    cluster, Y, truth = made()
    labels, agreement = cluster(Y)
    assert labels.tolist() == truth.tolist() and agreement == 1.0
    again, _ = cluster(Y)
    assert np.array_equal(labels, again)


@clusterers
@pytest.mark.parametrize("number", [1, 2, 3, 4, 5, 7, 10])
def test_a_given_number_is_obeyed_exactly(made, number):
    cluster, Y, _ = made()
    labels, agreement = cluster(Y, number, number)
    first = [labels.tolist().index(label) for label in range(number)]
    assert set(labels) == set(range(number)) and first == sorted(first)
    assert agreement == 1.0  # nobody may find another number


@clusterers
@pytest.mark.parametrize(
    ("fewest", "most", "expected"),
    [(None, 2, 2), (None, 9, 4), (2, 3, 3), (1, 4, 4), (4, 10, 4), (6, None, 6), (5, 8, 5), (None, None, 4)],
)
def test_bounds_are_obeyed_exactly_and_do_nothing_else(made, fewest, most, expected):
    """Of four speakers: as near to four as the bounds allow."""
    cluster, Y, truth = made()
    labels, _ = cluster(Y, fewest, most)
    assert len(set(labels)) == expected
    if expected == 4:
        assert labels.tolist() == truth.tolist()


@clusterers
def test_every_piece_can_be_a_speaker_of_its_own(made):
    cluster, Y, truth = made()
    assert cluster(Y, len(truth), None)[0].tolist() == list(range(len(truth)))


@clusterers
def test_numbers_that_cannot_be_had_are_refused(made):
    cluster, Y, truth = made()
    n = len(truth)
    with pytest.raises(ValueError, match=f"{n + 1} clusters requested from {n} pieces of speech; request at most {n}"):
        cluster(Y, n + 1, n + 1)
    with pytest.raises(
        ValueError, match=f"^{n + 1} (to {n} clusters is impossible|clusters requested from {n} pieces)"
    ):
        cluster(Y, n + 1, None)
    with pytest.raises(ValueError, match="3 to 2 clusters is impossible"):
        cluster(Y, 3, 2)
    with pytest.raises(ValueError, match="0 to 0 clusters is impossible"):
        cluster(Y, 0, 0)


def test_a_dear_speaker_is_worth_less_than_a_cheap_one():
    """A prior so strong that no second speaker can pay for it leaves one, and all five trials agree on it."""
    cluster, Y, _ = points()
    labels, agreement = VBClusterer(cluster.plda, speaker_prior=1e6)(Y)
    assert labels.tolist() == [0] * 50 and agreement == 1.0


@pytest.fixture
def asked(monkeypatch):
    """Scales of the evidence and of the prior, (fa, fb), of each VB-HMM that was asked for; all find one speaker."""
    scales = []

    def deaf(Y, phi, responsibilities, *, loop_probability, fa, fb):
        scales.append((fa, fb))
        return SimpleNamespace(responsibilities=np.ones((len(Y), 1)))

    monkeypatch.setattr(voting, "vb_hmm", deaf)
    return scales


def test_speakers_become_cheaper_where_more_are_asked_for_than_pay(asked):
    """The prior falls by halves."""
    cluster, Y, _ = points()
    (begun,) = cluster.begin(Y, [12], 50, 3)
    assert set(cluster.refine(Y, begun, 2.0, 50, (3, 50))) == {0, 1, 2}  # those that it began with, merged to three
    first = 2 * 20 * np.sqrt(60 / 300)
    assert asked == [(0.8, pytest.approx(first / cheaper)) for cheaper in (1, 2, 4, 8, 16)]


@pytest.mark.parametrize(
    ("n_windows", "worth", "fa", "fb"),
    [
        (400, 400, 0.4, 10.0),
        (400, 320, 0.4, 12.5),  # a fifth of them repeat others
        (300, 300, 0.4, 10.0),
        (200, 200, 0.4, 10 * np.sqrt(2 / 3)),  # the prior falls with the root of the windows,
        (120, 120, 0.4, 10 * np.sqrt(0.4)),
        (80, 80, 0.6, 15 * np.sqrt(80 / 300)),  # of short recordings both count more,
        (60, 60, 0.8, 20 * np.sqrt(0.2)),
        (10, 10, 0.8, 20 * np.sqrt(0.2)),  # but no more than that of a minute
    ],
)
def test_evidence_and_prior_follow_from_the_length_of_a_recording(asked, n_windows, worth, fa, fb):
    cluster, Y, _ = points()
    cluster.refine(np.tile(Y, (8, 1))[:n_windows], np.zeros(n_windows, int), 1.0, worth, (1, n_windows))
    assert asked == [(pytest.approx(fa), pytest.approx(fb))]


def test_trials_that_disagree_are_counted():
    """Two trials with the usual prior find four speakers; of three whose speakers nobody can pay for, all find one."""
    cluster, Y, truth = points()
    trials = ((18, 1.0), (12, 1e6), (18, 1e6), (24, 1e6), (18, 1.0))
    labels, agreement = VBClusterer(cluster.plda, trials=trials)(Y)
    assert set(labels) == {0} and agreement == pytest.approx(0.6)
    labels, agreement = VBClusterer(cluster.plda, trials=trials[:1] + trials[3:] + trials[:1])(Y)
    assert labels.tolist() == truth.tolist() and agreement == pytest.approx(0.75)


def test_moods_that_all_speakers_share_do_not_part_them():
    """Three people whose turns of five windows vary along one direction; at first, each mood is a speaker."""
    rng = np.random.default_rng(0)
    plda = PLDA(np.zeros(12), np.eye(12), np.full(12, 3.0))
    moods = np.zeros((72, 12))
    moods[:, 0] = rng.normal(0, 3, 72)
    truth = rng.integers(0, 3, 72)
    Y = np.repeat(rng.normal(0, np.sqrt(3), (3, 12))[truth] + moods, 5, axis=0) + rng.normal(size=(360, 12))
    usual = VBClusterer(plda)
    (first,) = usual.labelings(Y, [(18, 1.0)], 360, (1, 360))
    assert len(set(first)) == 6
    assert usual(Y)[0].tolist() == number_by_appearance(np.repeat(truth, 5)).tolist()


def test_weights_that_disagree_are_counted():
    """A penalty of nothing parts every segment, one of a thousand none."""
    _, segments, truth = frames()
    labels, agreement = BICClusterer((1000.0, 4.0, 4.2))(segments)
    assert labels.tolist() == truth.tolist() and agreement == pytest.approx(2 / 3)
    labels, agreement = BICClusterer((1000.0, 1000.0, 4.0, 1000.0))(segments)
    assert set(labels) == {0} and agreement == 0.75


def test_there_are_more_clusters_to_begin_with_than_speakers():
    """18, and one for each 100 windows, but no more than one for five windows and no fewer than asked for."""
    cluster, Y, _ = points()
    for n_windows, start, fewest, expected in [(50, 18, 1, 10), (50, 9, 1, 9), (50, 12, 30, 30), (7, 12, 1, 2)]:
        (labels,) = cluster.begin(Y[:n_windows], [start], n_windows, fewest)
        assert len(set(labels)) == expected
    long = np.tile(Y, (7, 1))  # 350 windows
    assert [len(set(labels)) for labels in cluster.begin(long, [12, 18, 12], 350, 1)] == [15, 21, 15]
    assert [len(set(labels)) for labels in cluster.begin(long, [12], 250.5, 1)] == [14]


def test_what_is_heard_again_and_again_counts_three_times():
    """500 sentences heard six times, of which the first hundred differ a little each time."""
    rng = np.random.default_rng(0)
    once = rng.normal(0, 1, (500, 50))
    assert distinct_windows(np.tile(once, (3, 1))) == 1500
    assert distinct_windows(np.tile(once, (6, 1))) == pytest.approx(1500)
    assert distinct_windows(np.vstack([once + rng.normal(0, 0.1, once.shape) for _ in range(6)])) == pytest.approx(1500)
    other = [np.vstack([once[:100] + rng.normal(0, 0.5, (100, 50)), once[100:]]) for _ in range(6)]
    assert distinct_windows(np.vstack(other)) == pytest.approx(600 + 1200)


def test_what_is_heard_again_soon_is_no_repetition():
    assert distinct_windows(np.zeros((400, 3))) == 400
    assert distinct_windows(np.zeros((0, 3))) == 0
    n_others = np.maximum(0, abs(np.subtract.outer(np.arange(600), np.arange(600))) - 400 > 0).sum(axis=1)
    assert distinct_windows(np.zeros((600, 3))) == pytest.approx(np.minimum(1, 3 / (1 + n_others)).sum())


def test_a_loop_has_as_many_speakers_as_what_is_looped():
    """Speakers whose sentences come back, each a little different from the others, stay three; see the class."""
    rng = np.random.default_rng(1)
    cluster, _, _ = points()
    n_dimensions = len(cluster.plda.phi)
    voices = rng.normal(0, np.sqrt(cluster.plda.phi), (3, n_dimensions))
    once = np.repeat(voices, 50, axis=0) + 0.8 * rng.normal(0, 1, (150, n_dimensions))
    found = [len(set(cluster(np.tile(once, (times, 1)))[0])) for times in (1, 12)]
    assert found[1] == found[0]
