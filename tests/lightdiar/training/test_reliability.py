"""Who stands for whom by hand, and regressions that find what the cases were drawn from."""

from dataclasses import replace

import numpy as np
import pytest

from lightdiar.representation.dialogue import who_answers_whom
from lightdiar.representation.reliability import expit, gender_columns, missed_columns, talking_columns
from lightdiar.systems.result import Diarization, Speaker
from lightdiar.timeline import Annotation, Turn
from lightdiar.training.reliability import Case, fit_reliability

GENDERS = {"ann": "F", "bea": "F", "bob": "M", "sam": "M"}
TRUTH = Annotation([Turn(0, 4, "ann"), Turn(4, 8, "bea"), Turn(20, 24, "bob"), Turn(24, 25.5, "sam")])


def case_of(*turns, truth=TRUTH, **p_female):
    """The truth, and a diarization of these turns."""
    annotation = Annotation([Turn(*turn) for turn in turns])
    seconds = annotation.seconds()
    speakers = [Speaker(name, seconds[name], p_female.get(name, 0.5)) for name in annotation.speakers]
    return Case(Diarization(annotation, speakers, 30.0), truth, GENDERS)


def test_a_diarization_without_error():
    case = case_of((0, 4, "a"), (4, 8, "b"), (20, 24, "c"), (24, 25.5, "d"))
    assert case.people == ("ann", "bea", "bob", "sam") and case.seconds.tolist() == [4, 4, 4, 1.5]
    assert case.woman.tolist() == [True, True, False, False]
    assert case.shared.tolist() == np.diag([4, 4, 4, 1.5]).tolist()
    assert case.person.tolist() == [0, 1, 2, 3] and case.heard.all()
    assert case.distinct.tolist() == [True, True, True, False]  # sam speaks for less than 2 s
    assert case.missed == 0
    assert np.argwhere(case.talk).tolist() == [[0, 1], [1, 0]] and case.women_talk


def test_one_person_taken_for_two():
    case = case_of((0, 1, "a"), (1, 4, "b"), (4, 8, "c"), (20, 24, "d"))
    assert case.person.tolist() == [0, 0, 1, 2]
    assert case.distinct.tolist() == [False, True, True, True]  # who holds more of ann is ann
    assert case.missed == 0


def test_two_people_taken_for_one():
    case = case_of((0, 8, "a"), (20, 24, "b"))
    assert case.shared.tolist() == [[4, 4, 0, 0], [0, 0, 4, 0]]
    assert case.person.tolist() == [0, 2] and case.distinct.all() and case.missed == 1
    other = case_of((0, 3.9, "a"), (3.9, 8, "a"), (20, 24, "b"), truth=Annotation([*TRUTH, Turn(8, 8.5, "bea")]))
    assert other.person.tolist() == [0, 2]


def test_noise_taken_for_a_speaker():
    case = case_of((0, 4, "a"), (4, 8, "b"), (12, 16, "noise"), (20, 24, "c"))
    assert case.heard.tolist() == [True, True, False, True] and case.shared[2].tolist() == [0, 0, 0, 0]
    assert case.distinct.tolist() == [True, True, False, True] and case.missed == 0


def test_speakers_are_in_the_order_of_the_result_whatever_their_names():
    case = case_of((0, 4, "z"), (4, 8, "y"), (20, 24, "x"))
    assert [speaker.name for speaker in case.result.speakers] == ["z", "y", "x"]
    assert case.person.tolist() == [0, 1, 2] and case.shared[0].tolist() == [4, 0, 0, 0]


def test_nobody_found():
    case = case_of()
    assert case.shared.shape == (0, 4) and case.distinct.tolist() == [] and case.missed == 3
    assert case.women_talk


def test_overlapping_voices_share_their_time_with_both():
    truth = Annotation([Turn(0, 4, "ann"), Turn(2, 6, "bob")])
    case = case_of((0, 4, "a"), (4, 6, "b"), truth=truth)
    assert case.shared.tolist() == [[4, 2], [0, 2]] and case.person.tolist() == [0, 1]


def test_women_talk_where_two_who_count_take_turns():
    talk = [Turn(0, 4, "ann"), Turn(4, 5, "bea")]
    for more, expected in (
        ([], False),  # bea speaks for a second
        ([Turn(20, 21, "bea")], True),
        ([Turn(20, 29, "bob")], False),
    ):
        assert case_of(truth=Annotation([*talk, *more])).women_talk is expected
    apart = Annotation([Turn(0, 4, "ann"), Turn(4, 8, "bob"), Turn(8, 12, "bea"), Turn(20, 24, "ann")])
    assert not case_of(truth=apart).women_talk


# a world whose coefficients are known ---------------------------------------------------------------------------------

GENDER, MISSED, TALKING = np.array([0.3, 0.6, 0.5]), np.array([-0.5, -1.0, -1.0, 0.8, 0.2]), np.array([0.5, 0.4, -1.0, 0.5, 0.5])


def drawn_case(rng):
    """Speakers who are people as the coefficients say, and people whom nobody found."""
    n = int(rng.integers(2, 6))
    names = [f"S{number}" for number in range(n)]
    turns, now = [], 0.0
    for name in [*names, *(str(rng.choice(names)) for _ in range(rng.integers(2, 12)))]:
        seconds = rng.uniform(2.1, 9)
        turns.append(Turn(now, now + seconds, name))
        now += seconds + rng.choice([0.5, 7.0])
    annotation = Annotation(turns)
    seconds = annotation.seconds()
    speakers = [Speaker(name, seconds[name], rng.beta(0.7, 0.7)) for name in annotation.speakers]
    agreement = float(rng.choice([0.2, 0.4, 0.6, 0.8, 1.0]))
    result = Diarization(annotation, speakers, now, agreement=agreement, snr=rng.uniform(0, 40))
    woman = rng.random(n) < expit(gender_columns(result) @ GENDER)
    genders = {name: "FM"[not one] for name, one in zip(names, woman)}
    missed = [f"X{number}" for number in range(rng.poisson(np.exp(missed_columns(result) @ MISSED)))]
    others = [Turn(now + 20 * number, now + 20 * number + 3, name) for number, name in enumerate(missed, 1)]
    return Case(result, Annotation([*turns, *others]), {**genders, **dict.fromkeys(missed, "M")})


@pytest.fixture(scope="module")
def world():
    rng = np.random.default_rng(1)
    cases = []
    for _ in range(1500):
        case = drawn_case(rng)
        answers = who_answers_whom(case.result.annotation).counts
        pairs = np.argwhere(np.triu(answers + answers.T, 1))
        talk = np.zeros(answers.shape, bool)
        talk[tuple(pairs.T)] = rng.random(len(pairs)) < expit(talking_columns(case.result, answers, pairs) @ TALKING)
        people = np.zeros((len(case.people), len(case.people)), bool)
        people[: len(talk), : len(talk)] = talk | talk.T
        vars(case)["talk"] = people
        vars(case)["distinct"] = rng.random(len(answers)) < 0.8
        cases.append(case)
    return cases


@pytest.fixture(scope="module")
def fitted(world):
    return fit_reliability(world)


def test_the_gender_of_a_voice_is_learnt(fitted):
    assert fitted.gender == pytest.approx(GENDER, abs=0.15)


def test_who_talks_with_whom_is_learnt(fitted, world):
    assert fitted.talking == pytest.approx(TALKING, abs=0.45)
    gaps = []
    for case in world[:200]:
        answers = who_answers_whom(case.result.annotation).counts
        pairs = np.argwhere(np.triu(answers + answers.T, 1))
        columns = talking_columns(case.result, answers, pairs)
        gaps += list(np.abs(expit(columns @ fitted.talking) - expit(columns @ TALKING)))
    assert np.mean(gaps) < 0.02


def test_a_regression_keeps_sums(fitted, world):
    """With a constant among the columns, as many are expected as there are."""
    distinct = np.concatenate([fitted.p_distinct(case.result) for case in world])
    assert distinct.sum() == pytest.approx(sum(case.distinct.sum() for case in world))
    assert distinct == pytest.approx(0.8, abs=0.05)
    expected = sum(fitted.missed_rate(case.result) for case in world)
    assert expected == pytest.approx(sum(case.missed for case in world))


def test_who_is_missed_is_learnt(world):
    """With all who were found taken for distinct people."""
    cases = [Case(case.result, case.truth, case.genders) for case in world]
    for case in cases:
        vars(case)["talk"] = np.zeros((len(case.people), len(case.people)), bool)
    vars(cases[0])["talk"] = np.ones_like(cases[0].talk)
    with pytest.warns():  # those who are found are all distinct, which no logistic regression can say
        found = fit_reliability(cases).missed
    columns = np.array([missed_columns(case.result) for case in cases])
    assert np.exp(columns @ found) == pytest.approx(np.exp(columns @ MISSED), rel=0.3)
