"""Columns of the regressions by hand, and the coefficients that ship."""

from dataclasses import fields, replace

import numpy as np
import pytest

from lightdiar.errors import ModelError
from lightdiar.representation.dialogue import who_answers_whom
from lightdiar.representation.reliability import (
    SHIPPED_RELIABILITY,
    Reliability,
    distinct_columns,
    expit,
    gender_columns,
    load_reliability,
    missed_columns,
    recording_columns,
    talking_columns,
)
from lightdiar.systems.bundle import PARAMETERS, write_models
from lightdiar.systems.result import Diarization, Speaker
from lightdiar.timeline import Annotation, Turn

TALK = Annotation([Turn(0, 8, "ann"), Turn(8, 10, "bea"), Turn(10, 11, "ann"), Turn(11, 15, "cy")])
SPEAKERS = [Speaker("ann", 9.0, 0.9), Speaker("bea", 2.0, 0.5), Speaker("cy", 4.0, 0.0)]
RESULT = Diarization(TALK, SPEAKERS, 20.0, agreement=0.6, snr=10.0)
NOTHING = Diarization(Annotation(), [], 3.0)
ALL_LOG_ODDS = np.log(9), 0.0, -np.log(999)  # of 0.9, of 0.5, of 0 as sure as any


def test_what_a_recording_says_of_itself():
    assert recording_columns(RESULT) == pytest.approx([1, 0.25, 0.6])
    assert recording_columns(NOTHING) == pytest.approx([1, 0.5, 0.8])  # 20 dB and 80 % where they are not known
    assert recording_columns(replace(NOTHING, agreement=1.0))[2] == 1
    for snr, column in ((-10, 0), (0, 0), (40, 1), (60, 1)):
        assert recording_columns(replace(RESULT, snr=float(snr)))[1] == column


def test_columns_by_hand():
    odds = np.array(ALL_LOG_ODDS)
    assert gender_columns(RESULT) == pytest.approx(np.column_stack([np.ones(3), odds, odds / 4]))
    own = [1, 0.25, 0.6]
    assert distinct_columns(RESULT) == pytest.approx(np.array([[np.log(s), *own, np.log(3)] for s in (9, 2, 4)]))
    assert missed_columns(RESULT) == pytest.approx([*own, np.log(3), np.log(5)])
    answers = who_answers_whom(TALK).counts
    pairs = np.array([[0, 1], [0, 2]])
    expected = [[np.log(2), np.log(2), *own], [0, np.log(4), *own]]
    assert talking_columns(RESULT, answers, pairs) == pytest.approx(np.array(expected))


def test_long_films_and_hardly_any_speech_are_not_beyond_what_was_learnt():
    def seconds_column(seconds):
        long = Annotation([Turn(0, seconds, "ann")])
        return missed_columns(Diarization(long, [Speaker("ann", seconds, 0.9)], seconds))[4]

    assert seconds_column(0.3) == 0 and seconds_column(600.0) == pytest.approx(np.log(240)) == seconds_column(240.0)


def test_a_recording_without_speech_has_columns_too():
    assert gender_columns(NOTHING).shape == (0, 3) and distinct_columns(NOTHING).shape == (0, 5)
    assert missed_columns(NOTHING) == pytest.approx([1, 0.5, 0.8, 0, 0])
    assert talking_columns(NOTHING, np.zeros((0, 0), int), np.zeros((0, 2), int)).shape == (0, 5)


def test_probabilities_by_hand():
    model = Reliability(
        gender=np.array([0.2, 0.5, 0.4]),
        distinct=np.array([1.0, 0.0, 0.0, -1.0, -1.0]),
        missed=np.array([0.0, 0.0, -1.0, 1.0, -1.0]),
        talking=np.array([1.0, 1.0, 0.0, 0.0, 0.0]),
        hidden=0.5,
        confusion=np.array([0.0, 0.0, 0.0, 2.0]),
    )
    *heard, told = model.p_woman(RESULT)
    assert heard == pytest.approx([expit(0.2 + 0.6 * odds) for odds in ALL_LOG_ODDS[:2]]) and told == 0
    odds = np.array([9, 2, 4]) / (3 * np.exp(0.6))
    assert model.p_distinct(RESULT) == pytest.approx(odds / (1 + odds))
    assert model.missed_rate(RESULT) == pytest.approx(np.exp(-0.6) * 3 / 5)
    answers = who_answers_whom(TALK).counts
    assert model.p_talking(RESULT, answers, np.array([[0, 1]])) == pytest.approx([4 / 5])  # odds of 2 times 2


def test_expit_is_the_inverse_of_the_log_odds():
    p = np.array([0.001, 0.3, 0.5, 0.999])
    assert expit(np.log(p / (1 - p))) == pytest.approx(p)
    assert expit(0.0) == 0.5


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("gender", np.zeros(4), r"gender has the shape \(4,\); it needs 3 numbers"),
        ("missed", np.zeros((5, 1)), r"missed has the shape \(5, 1\); it needs 5 numbers"),
        ("hidden", 1.5, "hidden=1.5 must be a number from 0 to 1"),
        ("hidden", np.zeros(2), "must be a number from 0 to 1"),
        ("doubt", -0.1, "doubt=-0.1 must be a number from 0 to 1"),
        ("confusion", np.zeros(4), "the last of confusion=.* positive"),
    ],
)
def test_coefficients_are_checked(sure, name, value, message):
    with pytest.raises(ValueError, match=message):
        replace(sure, **{name: value})


def test_doubt_brings_probabilities_nearer_to_even_odds_but_not_what_is_certain(sure):
    doubtful = replace(sure, doubt=0.2)
    assert doubtful.doubted(np.array([0.0, 0.1, 0.5, 0.9, 1.0])) == pytest.approx([0, 0.18, 0.5, 0.82, 1])


def test_those_that_ship_are_sane():
    """Whatever their values: a woman's voice is a woman's, who speaks longer is sooner somebody, more answers talk."""
    shipped = load_reliability()
    assert shipped is load_reliability() and (SHIPPED_RELIABILITY / PARAMETERS).is_file()
    assert not np.isnan(
        [number for field in fields(shipped) for number in np.ravel(getattr(shipped, field.name))]
    ).any()
    voices = [replace(speaker, p_female=p) for speaker, p in zip(RESULT.speakers, (0.02, 0.5, 0.98))]
    p_woman = shipped.p_woman(replace(RESULT, speakers=voices))
    assert p_woman[0] < 0.3 < p_woman[1] < 0.7 < p_woman[2]
    p_distinct = shipped.p_distinct(RESULT)
    assert p_distinct[1] < p_distinct[2] < p_distinct[0]
    assert 0 < shipped.missed_rate(RESULT) < 2
    counts = np.array([[0, 8, 1], [8, 0, 0], [1, 0, 0]])
    often, once = shipped.p_talking(RESULT, counts, np.array([[0, 1], [0, 2]]))
    assert once < often


def test_coefficients_are_written_and_read(sure, tmp_path):
    write_models(sure, tmp_path / "own", {})
    found = load_reliability(tmp_path / "own")
    for field in fields(Reliability):
        assert np.array_equal(getattr(found, field.name), getattr(sure, field.name))


def test_coefficients_that_are_damaged_are_refused(tmp_path):
    with pytest.raises(ModelError, match="card.json"):
        load_reliability(tmp_path)
    (tmp_path / PARAMETERS).write_bytes(b"rubbish")
    (tmp_path / "card.json").write_text("{}")
    with pytest.raises(ModelError):
        load_reliability(tmp_path)
