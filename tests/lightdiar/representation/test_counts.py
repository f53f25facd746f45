"""Probabilities of numbers of women and men: exact where all is certain, and true where the draws are."""

from dataclasses import replace

import numpy as np
import pytest

from lightdiar.representation.bechdel import bechdel_by_ear
from lightdiar.representation.counts import CountProbabilities, count_probabilities
from lightdiar.representation.draws import draw_truths, joint_counts
from lightdiar.systems.result import Diarization, Speaker
from lightdiar.timeline import Annotation, Turn

TALK = Annotation([Turn(0, 6, "ann"), Turn(6, 9, "bea"), Turn(9, 12, "cy"), Turn(30, 34, "kim")], "film")
SPEAKERS = [Speaker("ann", 6.0, 0.9), Speaker("bea", 3.0, 0.8), Speaker("cy", 3.0, 0.1), Speaker("kim", 4.0, 0.5, 0.99)]
RESULT = Diarization(TALK, SPEAKERS, 40.0, agreement=0.6)
# 0 to 2 women, 0 to 2 men
JOINT = np.array([[0.0, 0.05, 0.0], [0.1, 0.5, 0.05], [0.0, 0.25, 0.05]])
CHANCES = CountProbabilities("film", {"M": 1, "F": 1}, JOINT)


def test_where_all_is_certain_the_numbers_are_those_counted_and_children_are_left_out(sure):
    found = count_probabilities(RESULT, reliability=sure)
    assert RESULT.counts() == {"M": 1, "F": 2, "child": 1}
    assert found.joint.shape == (3, 2) and found.joint[2, 1] == found.p_counts == 1
    assert str(found) == "1 man (100%) and 2 women (100%)"


def test_the_numbers_are_counted_from_the_draws(unsure):
    women_and_men = replace(RESULT, annotation=Annotation(TALK.turns[:3]), speakers=SPEAKERS[:3])
    found, draws = count_probabilities(women_and_men, reliability=unsure), draw_truths(women_and_men, unsure)
    assert found.joint.sum() == pytest.approx(1)
    for n_women, n_men in ((0, 0), (2, 1), (1, 1), (3, 0)):
        both = (draws.women == n_women) & (draws.men == n_men)
        assert found.joint[n_women, n_men] == pytest.approx(both.mean())
    heard = bechdel_by_ear(women_and_men, reliability=unsure)
    assert np.array_equal(found.p_women, heard.p_women) and np.array_equal(found.p_men, heard.p_men)
    assert heard.p_two_women == pytest.approx(found.p_women[2:].sum())
    assert found.p_women == pytest.approx(np.bincount(draws.women) / len(draws.women))


def test_what_is_added_up():
    assert pytest.approx([0.05, 0.65, 0.3]) == CHANCES.p_women
    assert pytest.approx([0.1, 0.8, 0.1]) == CHANCES.p_men
    assert pytest.approx([0, 0.15, 0.5, 0.3, 0.05]) == CHANCES.p_speakers
    assert CHANCES.p_counts == 0.5
    assert replace(CHANCES, counts={"M": 3, "F": 1}).p_counts == 0  # never drawn


def test_text_to_the_letter():
    assert str(CHANCES) == "1 man (80%: 0-2) and 1 woman (65%: 0-2)"  # .05 on either side is in the range
    assert repr(CHANCES) == "<CountProbabilities film: 1 man (80%: 0-2) and 1 woman (65%: 0-2)>"
    assert CHANCES._repr_html_().startswith("<p>film: 1 man (80%: 0-2)")
    assert "<td>50%</td>" in CHANCES._repr_html_().replace(' class="number"', "")
    nearly = CountProbabilities("", {"M": 0, "F": 1}, np.array([[0.04], [0.93], [0.03]]))
    assert str(nearly) == "0 men (100%) and 1 woman (93%)"


def test_a_table_of_pairs_the_likeliest_first():
    frame = CHANCES.to_frame()
    assert list(frame.columns) == ["women", "men", "probability"] and len(frame) == 6
    assert frame.loc[0].tolist() == [1, 1, 0.5] and frame.loc[1].tolist() == [2, 1, 0.25]
    assert frame["probability"].sum() == pytest.approx(1) and (frame["probability"] > 0).all()


def test_who_counts_speaks_for_two_seconds_whatever_else_was_asked():
    """That is what the probabilities were learnt from; where the number was given, everybody counts."""
    assert count_probabilities(replace(RESULT, min_speaker_seconds=60.0)).counts == count_probabilities(RESULT).counts
    given = replace(RESULT, min_speaker_seconds=0.0, agreement=None)
    assert count_probabilities(given).counts == {gender: given.counts()[gender] for gender in "MF"}


def test_nobody_speaks_for_certain():
    found = count_probabilities(Diarization(Annotation((), "silence"), [], 3.0))
    assert found.joint.tolist() == [[1.0]] and found.p_counts == 1
    child = replace(RESULT, annotation=Annotation(TALK.turns[3:]), speakers=SPEAKERS[3:])
    assert str(count_probabilities(child)) == "0 men (100%) and 0 women (100%)"


def test_what_a_person_said_is_certain():
    said = [Speaker("ann", 6.0, 1.0), Speaker("bea", 3.0, 1.0), Speaker("cy", 3.0, 0.0)]
    told = Diarization(Annotation(TALK.turns[:3]), said, 12.0)
    assert count_probabilities(told).joint[2, 1] == 1


def test_without_genders_it_is_refused():
    unknown = replace(RESULT, speakers=[Speaker(speaker.name, speaker.seconds, 0.5) for speaker in SPEAKERS])
    with pytest.raises(ValueError, match=r"the genders of the speakers are not known, .* Diarize the sound"):
        count_probabilities(unknown)


def test_the_same_result_gives_the_same_probabilities(unsure):
    one, other = (count_probabilities(RESULT, reliability=unsure).joint for _ in range(2))
    assert np.array_equal(one, other)


def test_joint_counts_of_draws_that_disagree(sure):
    draws = replace(draw_truths(RESULT, sure, 4), women=np.array([0, 2, 2, 1]), men=np.array([1, 0, 0, 1]))
    assert joint_counts(draws).tolist() == [[0, 0.25], [0, 0.25], [0.5, 0]]
