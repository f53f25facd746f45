"""Who is it: rates of a small table of scores worked out by hand, and what must hold for any."""

import numpy as np
import pytest

from lightdiar.metrics.identification import (
    OpenSetFigures,
    confusion_table,
    drawn_open_set,
    identification_rate,
    open_set_identification,
)

# ann, bob and cy are known; three tests each of ann and bob, two of cy, four of somebody else
SCORES = [
    [9, 1, 2],  # ann, sure
    [6, 1, 2],  # ann
    [1, 5, 2],  # ann, taken for bob
    [0, 8, 1],  # bob
    [0, 4, 1],  # bob
    [0, 2, 1],  # bob, hardly
    [1, 1, 7],  # cy
    [3, 1, 2],  # cy, taken for ann
    [6, 1, 1],  # somebody who is much like ann
    [1, 1, 3],
    [0, 1, 0],
    [-2, -1, -3],
]
PEOPLE = [0, 0, 0, 1, 1, 1, 2, 2, -1, -1, -1, -1]
NAMES = ["ann", "bob", "cy"]


def test_six_of_eight_are_told_in_the_closed_set():
    assert identification_rate(SCORES, PEOPLE) == 6 / 8


def test_nobody_unknown_is_named_above_the_highest_of_them():
    """The highest unknown has 6, as has a test of ann: both or neither, so that the threshold is 7."""
    figures = open_set_identification(SCORES, PEOPLE)
    assert figures == OpenSetFigures(7, 3 / 8, 0, 5 / 8, 0, 0.3125)


def test_a_quarter_of_the_unknown_may_be_named():
    """At 4, one of four unknown is named; 9, 6, 8, 4 and 7 are right, the 5 is ann taken for bob."""
    figures = open_set_identification(SCORES, PEOPLE, false_alarm_rate=0.25)
    assert figures == OpenSetFigures(4, 5 / 8, 1 / 8, 2 / 8, 1 / 4, 0.3125)


def test_open_set_equal_error_by_hand():
    """At 4, 3 of 8 are misnamed or refused and 1 of 4 unknown is named; below, at 3, 3 of 8 and 2 of 4."""
    assert open_set_identification(SCORES, PEOPLE).equal_error_rate == (3 / 8 + 1 / 4) / 2


def test_the_confusion_table_by_hand():
    table = confusion_table(SCORES, PEOPLE, NAMES, threshold=4)
    assert table.index.tolist() == table.columns.tolist() == ["ann", "bob", "cy", "somebody else"]
    assert (table.index.name, table.columns.name) == ("true", "answered")
    assert table.to_numpy().tolist() == [[2, 1, 0, 0], [0, 2, 0, 1], [0, 0, 1, 1], [1, 0, 0, 3]]


def test_without_a_threshold_everybody_gets_a_name():
    table = confusion_table(SCORES, PEOPLE, NAMES)
    assert table["somebody else"].sum() == 0
    assert np.trace(table) / 8 == identification_rate(SCORES, PEOPLE)
    assert table.loc["somebody else"].tolist() == [1, 2, 1, 0]


def test_perfect_scores_make_no_error():
    scores = np.vstack([np.eye(4) * 20 - 10, np.full((200, 4), -10)])
    people = np.r_[np.arange(4), np.full(200, -1)]
    assert open_set_identification(scores, people) == OpenSetFigures(10, 1, 0, 0, 0, 0)


def test_scores_that_are_all_alike_name_nobody():
    """Or everybody, as the first: then half of the known are misnamed and all of the unknown named."""
    figures = open_set_identification(np.zeros((6, 2)), [0, 0, 1, 1, -1, -1])
    assert figures == OpenSetFigures(np.inf, 0, 0, 1, 0, (1 / 2 + 1) / 2)


@pytest.fixture(scope="module")
def many():
    """Eight people with forty tests each, and 500 tests of others."""
    rng = np.random.default_rng(0)
    people = np.r_[np.repeat(np.arange(8), 40), np.full(500, -1)]
    return np.where(np.arange(8) == people[:, None], 3, -1) + rng.normal(0, 1.5, (820, 8)), people


def test_the_threshold_is_the_lowest_that_holds_the_rate(many):
    scores, people = many
    best, unknown = scores.max(axis=1), people < 0
    for rate in (0.0, 0.01, 0.05, 0.3):
        figures = open_set_identification(scores, people, false_alarm_rate=rate)
        assert figures.false_alarms == np.mean(best[unknown] >= figures.threshold) <= rate
        right = scores.argmax(axis=1) == people
        lower = best[right & (best < figures.threshold)].max()  # the next right answer would cost too much
        assert np.mean(best[unknown] >= lower) > rate
        assert figures.identified == pytest.approx(np.mean((right & (best >= figures.threshold))[~unknown]))
        assert figures.identified + figures.misnamed + figures.refused == pytest.approx(1)


def test_one_per_cent_of_a_hundred_is_one():
    scores, people = np.r_[3.5, 0.5, 4.0, 3.0, np.full(98, 1.0)][:, None], np.r_[0, 0, np.full(100, -1)]
    figures = open_set_identification(scores, people)
    assert (figures.threshold, figures.identified, figures.false_alarms) == (3.5, 0.5, 0.01)


def test_people_may_be_in_any_order(many):
    scores, people = many
    order = np.random.default_rng(1).permutation(8)
    place = np.append(np.argsort(order), -1)
    assert open_set_identification(scores[:, order], place[people]) == open_set_identification(scores, people)


def test_half_of_the_people_are_forgotten_by_hand():
    """Of ann and bob one is forgotten: her tests have 2 and 1 with the other, whose own have 5 and 3 or 6 and 0."""
    scores, people = [[5, 2], [3, 1], [2, 6], [1, 0]], [0, 0, 1, 1]
    without_bob = open_set_identification([[5], [3], [2], [1]], [0, 0, -1, -1])
    without_ann = open_set_identification([[2], [1], [6], [0]], [-1, -1, 0, 0])
    assert without_bob == OpenSetFigures(3, 1, 0, 0, 0, 0)
    assert without_ann == OpenSetFigures(6, 0.5, 0, 0.5, 0, 0.5)
    seen = {drawn_open_set(scores, people, n_draws=1, seed=seed).threshold for seed in range(20)}
    assert seen == {3, 6}
    mean = drawn_open_set(scores, people, n_draws=400)
    assert mean.identified == pytest.approx(0.75, abs=0.05)
    assert mean.threshold == pytest.approx(4.5, abs=0.2)


def test_draws_are_those_of_their_seed(many):
    scores, people = many
    known = scores[people >= 0], people[people >= 0]
    one, other = (drawn_open_set(*known, n_draws=5, seed=seed) for seed in (1, 2))
    assert one == drawn_open_set(*known, n_draws=5, seed=1) != other
    assert one.false_alarms <= 0.01 and one.identified > 0.5
    # fewer people to be taken for: easier than all eight
    assert one.misnamed <= open_set_identification(scores, people, false_alarm_rate=0.99).misnamed


def test_of_five_people_two_are_forgotten(rng):
    """With a test each, three are left, and the share of right answers is so many thirds."""
    scores = rng.normal(0, 1, (5, 5)) + 2 * np.eye(5)
    found = [drawn_open_set(scores, np.arange(5), n_draws=1, seed=seed).identified for seed in range(30)]
    assert {2} < {round(3 * identified, 9) for identified in found} <= {0, 1, 2, 3}


def test_people_without_tests_stay():
    """The third, whom nobody tests, is taken for the first each time."""
    scores = [[5.0, 2, 9], [3, 1, 0], [2, 6, 0]]
    for seed in range(20):
        figures = drawn_open_set(scores, [0, 1, 1], n_draws=1, seed=seed)
        assert figures.refused == 1 and figures.threshold == np.inf


def test_tests_of_somebody_else_stay_such():
    """Whichever of the two is forgotten, a stranger has more than both."""
    for seed in range(5):
        figures = drawn_open_set([[5, 2], [2, 6], [7, 7]], [0, 1, -1], n_draws=1, seed=seed)
        assert figures.refused == 1 and figures.false_alarms == 0


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: identification_rate([1.0], [0]), r"scores of shape \(1,\) must be \(n_tests, n_people\)"),
        (lambda: identification_rate(np.zeros((2, 0)), [0, 0]), r"scores of shape \(2, 0\) must be"),
        (lambda: identification_rate([[1.0], [2.0]], [0]), r"people of shape \(1,\) must be \(n_tests,\)"),
        (lambda: identification_rate([[1.0, np.nan]], [0]), "1 of 1 tests have a score that is NaN"),
        (lambda: identification_rate([[1.0, 2.0]], [2]), "people from 2 to 2 must be columns of scores, 0 to 1, or -1"),
        (lambda: identification_rate([[1.0, 2.0]], [-2]), "people from -2 to -2 must be columns of scores"),
        (lambda: identification_rate([[1.0]], [-1]), "none of the 1 tests is of known people; at least one is needed"),
        (lambda: open_set_identification([[1.0]], [0]), "none of the 1 tests is of unknown people"),
        (
            lambda: open_set_identification([[1.0]], [0], false_alarm_rate=1),
            "false_alarm_rate=1 must be from 0 to below",
        ),
        (lambda: drawn_open_set([[1.0, 2.0]], [0]), "1 people have tests; half of them can be unknown if there are at"),
        (lambda: drawn_open_set([[1.0, 2.0]], [0], n_draws=0), "n_draws=0 must be 1 or more; 20 is usual"),
        (lambda: confusion_table([[1.0, 2]], [0], ["a"]), r"1 names \(1 different\) must be 2 different ones"),
        (lambda: confusion_table([[1.0, 2]], [0], ["a", "a"]), r"2 names \(1 different\) must be 2 different ones"),
        (lambda: confusion_table([[1.0]], [0], ["somebody else"]), "none of them 'somebody else'"),
    ],
)
def test_rubbish_is_refused(call, message):
    with pytest.raises(ValueError, match=message):
        call()


def test_people_are_whole_numbers():
    with pytest.raises(TypeError, match="people of type float64 must be whole numbers: columns of scores"):
        identification_rate([[1.0, 2.0]], [0.5])
