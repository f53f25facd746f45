"""Who stands for whom by hand, and regressions that find what the cases were drawn from."""

from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest

from lightdiar.representation.dialogue import who_answers_whom
from lightdiar.representation.draws import draw_truths
from lightdiar.representation.reliability import Reliability, expit, gender_columns, missed_columns, talking_columns
from lightdiar.systems.result import Diarization, Speaker
from lightdiar.timeline import Annotation, Turn
from lightdiar.training import reliability as training
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


GENDER = np.array([0.3, 0.6, 0.5])
MISSED = np.array([-0.5, -1.0, -1.0, 0.8, 0.2])
TALKING = np.array([0.5, 0.4, -1.0, 0.5, 0.5])


def drawn_case(rng):
    """Speakers who are women as `GENDER` says, and as many people whom nobody found as `MISSED` says."""
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


def answers_of(case):
    """Columns of all pairs of speakers who seem to answer each other, and the pairs."""
    answers = who_answers_whom(case.result.annotation).counts
    pairs = np.argwhere(np.triu(answers + answers.T, 1))
    return talking_columns(case.result, answers, pairs), pairs


@pytest.fixture(scope="module")
def world():
    """Cases in which speakers talk with each other as `TALKING` says, and a fifth is a part of somebody else."""
    rng = np.random.default_rng(1)
    cases = [drawn_case(rng) for _ in range(800)]
    for case in cases:
        columns, pairs = answers_of(case)
        talk = np.zeros((len(case.people), len(case.people)), bool)
        talk[tuple(pairs.T)] = rng.random(len(pairs)) < expit(columns @ TALKING)
        vars(case).update(talk=talk | talk.T, distinct=rng.random(len(case.person)) < 0.8)
    return cases


@pytest.fixture(scope="module")
def fitted(world):
    """With fewer draws than usual, on which only `hidden` hangs."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(training, "draw_truths", lambda result, model: draw_truths(result, model, 20))
        return fit_reliability(world)


def test_the_gender_of_a_voice_is_learnt(fitted, world):
    columns = np.concatenate([gender_columns(case.result) for case in world])
    assert expit(columns @ fitted.gender) == pytest.approx(expit(columns @ GENDER), abs=0.06)


def test_who_talks_with_whom_is_learnt(fitted, world):
    columns = np.concatenate([answers_of(case)[0] for case in world])
    assert expit(columns @ fitted.talking) == pytest.approx(expit(columns @ TALKING), abs=0.1)


def test_who_is_a_person_of_their_own_is_learnt(fitted, world):
    p = np.concatenate([fitted.p_distinct(case.result) for case in world])
    assert p == pytest.approx(0.8, abs=0.06)


def test_with_a_constant_among_the_columns_as_many_are_expected_as_there_are(fitted, world):
    fitted = replace(fitted, doubt=0.0)
    for p, true in (
        (fitted.p_woman, lambda case: case.woman[case.person]),
        (fitted.p_distinct, lambda case: case.distinct),
        (fitted.missed_rate, lambda case: case.missed),
    ):
        assert sum(np.sum(p(case.result)) for case in world) == pytest.approx(sum(np.sum(true(case)) for case in world))


def test_how_many_are_missed_is_learnt(world):
    cases = [Case(case.result, case.truth, case.genders) for case in world]  # all who were found are of their own
    assert all(case.distinct.all() for case in cases)
    X = np.array([missed_columns(case.result) for case in cases])
    found = training._fit("Poisson", [(X, np.array([case.missed for case in cases]))])
    assert np.exp(X @ found) == pytest.approx(np.exp(X @ MISSED), rel=0.35)


def test_how_often_a_woman_who_was_missed_talks_is_learnt(monkeypatch):
    model = Reliability(
        gender=np.array([0.0, 1.0, 0.0]),
        distinct=np.array([60.0, 0.0, 0.0, 0.0, 0.0]),
        missed=np.array([0.7, 0.0, 0.0, 0.0, 0.0]),
        talking=np.array([0.0, 0.0, -3.0, 0.0, 0.0]),
        hidden=0.0,
        confusion=np.array([-2.0, 0.0, 0.0, 8.0]),
    )
    monkeypatch.setattr(training, "draw_truths", lambda result, model: draw_truths(result, model, 100))
    rng, cases = np.random.default_rng(2), []
    for _ in range(600):
        result = drawn_case(rng).result
        draws, one = draw_truths(result, model, 100), rng.integers(100)
        hidden = draws.women[one] >= 2 and draws.missed_women[one] and rng.random() < 0.35
        cases.append(SimpleNamespace(result=result, women_talk=draws.women_talk[one] or hidden))
    assert training._with_hidden(model, cases).hidden == pytest.approx(0.35, abs=0.06)


def test_the_time_that_belongs_to_somebody_else_is_learnt():
    """A fifth of it on average, by a beta distribution of concentration 20."""
    rng, cases = np.random.default_rng(3), []
    for _ in range(800):
        moved = 40 * rng.beta(4, 16) * rng.choice([-1, 1])
        truth = Annotation([Turn(0, 40 + moved, "ann"), Turn(40 + moved, 80, "bob")])
        case = case_of((0, 40, "a"), (40, 80, "b"), truth=truth)
        cases.append(
            replace(case, result=replace(case.result, snr=rng.uniform(0, 40), agreement=rng.choice([0.6, 1.0])))
        )
    *coefficients, concentration = training._fit_confusion(cases)
    assert expit(np.array([1, 0.5, 0.8]) @ coefficients) == pytest.approx(1 / 5, abs=0.01)
    assert concentration == pytest.approx(20, rel=0.15)
