"""Turns, and who answers whom in them."""

import numpy as np
import pytest

from lightdiar.representation.dialogue import Exchange, alternating_turns, find_exchanges, who_answers_whom
from lightdiar.timeline import Annotation, Turn

THREE = Annotation(  # ann and bea, then cy as well; a long pause; bea and ann
    [
        Turn(0, 2, "ann"),
        Turn(2, 3, "bea"),
        Turn(3, 5, "ann"),
        Turn(6, 7, "cy"),
        Turn(12, 13, "ann"),
        Turn(13, 14, "cy"),
        Turn(19.5, 20, "bea"),
        Turn(20, 22, "ann"),
    ]
)


def random_talk(seed):
    """Up to 30 turns of up to five people; some overlap, some follow each other, some come late."""
    rng = np.random.default_rng(seed)
    starts = np.cumsum(rng.exponential(2.5, rng.integers(0, 30)))
    names = [f"person {number}" for number in range(rng.integers(1, 6))]
    return Annotation([Turn(start, start + rng.uniform(0.1, 6), str(rng.choice(names))) for start in starts])


def test_three_people_by_hand():
    assert find_exchanges(THREE) == [
        Exchange(0, 5, ("ann", "bea"), 3),
        Exchange(3, 14, ("ann", "cy"), 4),
        Exchange(19.5, 22, ("bea", "ann"), 2),
    ]
    answers = who_answers_whom(THREE)
    assert answers.speakers == ("ann", "bea", "cy")
    assert answers.counts.tolist() == [[0, 1, 2], [2, 0, 0], [1, 0, 0]]


def test_a_pause_of_five_seconds_is_the_longest():
    for start, n_exchanges in ((7.0, 1), (7.001, 0)):
        talk = Annotation([Turn(0, 2, "ann"), Turn(start, 9, "bea")])
        assert len(find_exchanges(talk)) == n_exchanges and who_answers_whom(talk).counts.sum() == n_exchanges
    talk = Annotation([Turn(0, 2, "ann"), Turn(4, 5, "bea")])
    assert find_exchanges(talk, max_pause=1.9) == [] and who_answers_whom(talk, max_pause=1.9).counts.sum() == 0
    assert len(find_exchanges(talk, max_pause=2.0)) == 1
    (whole,) = alternating_turns(THREE, max_pause=np.inf)
    assert len(whole) == 8


def test_an_interjection_is_a_turn_of_its_own():
    talk = Annotation([Turn(0, 10, "ann"), Turn(3, 4, "bea"), Turn(14, 15, "cy")])
    assert find_exchanges(talk) == [Exchange(0, 10, ("ann", "bea"), 2), Exchange(3, 15, ("bea", "cy"), 2)]
    goes_on = Annotation([Turn(0, 10, "ann"), Turn(3, 4, "bea"), Turn(11, 12, "ann")])
    assert find_exchanges(goes_on) == [Exchange(0, 12, ("ann", "bea"), 3)]


def test_the_pause_counts_from_where_the_last_voice_ends():
    talk = Annotation([Turn(0, 10, "ann"), Turn(3, 4, "bea"), Turn(14.9, 16, "bea")])
    assert alternating_turns(talk) == [[Turn(0, 10, "ann"), Turn(3, 16, "bea")]]


def test_turns_of_one_speaker_that_follow_each_other_are_one():
    talk = Annotation(
        [Turn(0, 2, "ann"), Turn(2, 3, "ann"), Turn(4, 5, "ann"), Turn(5, 6, "bea"), Turn(5.5, 5.8, "bea")]
    )
    assert alternating_turns(talk) == [[Turn(0, 5, "ann"), Turn(5, 6, "bea")]]
    assert find_exchanges(talk) == [Exchange(0, 6, ("ann", "bea"), 2)]
    apart = Annotation([Turn(0, 2, "ann"), Turn(20, 22, "ann")])
    assert alternating_turns(apart) == [[Turn(0, 2, "ann")], [Turn(20, 22, "ann")]]


def test_nobody_and_one_person_talk_with_nobody():
    nobody = who_answers_whom(Annotation())
    assert (nobody.speakers, nobody.counts.shape) == ((), (0, 0))
    assert alternating_turns(Annotation()) == find_exchanges(Annotation()) == []
    alone = Annotation([Turn(0, 2, "ann"), Turn(3, 4, "ann")])
    assert find_exchanges(alone) == [] and who_answers_whom(alone).counts.tolist() == [[0]]


@pytest.mark.parametrize("seed", range(40))
def test_every_change_is_an_answer_and_lies_in_one_exchange(seed):
    talk = random_talk(seed)
    n_changes = sum(len(turns) - 1 for turns in alternating_turns(talk))
    answers, exchanges = who_answers_whom(talk), find_exchanges(talk)
    assert answers.counts.sum() == n_changes and np.trace(answers.counts) == 0
    assert sum(exchange.n_turns - 1 for exchange in exchanges) == n_changes
    number = {name: place for place, name in enumerate(answers.speakers)}
    between = np.zeros_like(answers.counts)
    for exchange in exchanges:
        one, other = (number[name] for name in exchange.speakers)
        between[[one, other], [other, one]] += exchange.n_turns - 1
    assert between.tolist() == (answers.counts + answers.counts.T).tolist()
    assert exchanges == sorted(exchanges)
    assert sorted(answers.speakers) == talk.speakers


@pytest.mark.parametrize("seed", range(40))
def test_names_and_the_hour_do_not_matter(seed):
    talk = random_talk(seed)
    renamed = {name: f"{9 - int(name[-1])}" for name in talk.speakers}
    found = find_exchanges(talk.relabel(renamed))
    assert found == [
        Exchange(e.start, e.end, (renamed[e.speakers[0]], renamed[e.speakers[1]]), e.n_turns)
        for e in find_exchanges(talk)
    ]
    assert who_answers_whom(talk.relabel(renamed)).counts.tolist() == who_answers_whom(talk).counts.tolist()
    for hours in (-1000, 1024):  # seconds that a float adds without loss
        later = Annotation([Turn(round(t.start, 2) + hours, round(t.end, 2) + hours, t.speaker) for t in talk])
        now = Annotation([Turn(round(t.start, 2), round(t.end, 2), t.speaker) for t in talk])
        shifted = find_exchanges(later)
        assert [e.start for e in shifted] == pytest.approx([e.start + hours for e in find_exchanges(now)])
        assert [(e.speakers, e.n_turns) for e in shifted] == [(e.speakers, e.n_turns) for e in find_exchanges(now)]


def test_a_longer_pause_never_finds_fewer_answers():
    for seed in range(20):
        talk = random_talk(seed)
        counts = [who_answers_whom(talk, max_pause=pause).counts.sum() for pause in (0, 0.5, 2, 5, 60)]
        assert counts == sorted(counts)
