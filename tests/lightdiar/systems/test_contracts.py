import numpy as np
import pytest

from lightdiar.systems.contracts import (
    checked_clusters,
    checked_probabilities,
    checked_refined,
    checked_segments,
    checked_speech,
    checked_voices,
)
from lightdiar.systems.diarizer import Diarizer

SPEECH = np.array([True, True, False, True])


def test_what_fulfils_its_contract_comes_through():
    assert checked_speech(SPEECH.tolist(), 4).tolist() == SPEECH.tolist()
    assert checked_segments([[0, 2], [1, 4]], SPEECH).tolist() == [[0, 2], [1, 4]]
    assert checked_segments(np.zeros((0, 2), int), np.zeros(4, bool)).shape == (0, 2)
    labels, agreement = checked_clusters(([0, 1, 0], np.float32(0.5)), 3)
    assert (labels.tolist(), agreement) == ([0, 1, 0], 0.5)
    assert checked_refined([3, 3, -1, 0], SPEECH).tolist() == [3, 3, 0]
    assert checked_refined([-1], np.zeros(1, bool)).tolist() == []
    assert checked_voices(np.array([1, 0]), 2).tolist() == [1, 0]
    assert checked_probabilities(np.array([0.2, 0.7, 0.1])) == (0.2, 0.7, 0.1)


GENDER = "three probabilities, of a woman, a man and a child, whose sum is 1"


@pytest.mark.parametrize(
    ("check", "returned", "given", "message"),
    [
        (
            checked_speech,
            [0, 1],
            2,
            "the detector returned int64 of shape (2,); it must return bool of shape (2,), one value per frame.",
        ),
        (
            checked_segments,
            None,
            SPEECH,
            "the segmenter returned object of shape (); it must return int of shape (n_segments, 2), the first frame "
            "and end of each.",
        ),
        *(
            (
                checked_segments,
                segments,
                SPEECH,
                "the segmenter returned others; it must return segments in time order that begin before they end, from "
                "0 to 4 frames.",
            )
            for segments in ([[0, 5]], [[-1, 4]], [[2, 2]], [[2, 4], [0, 3]])
        ),
        (
            checked_segments,
            [[0, 2]],
            SPEECH,
            "the segmenter returned segments without frame 3; it must return segments that cover all frames of speech.",
        ),
        (
            checked_clusters,
            np.zeros(3, int),
            3,
            "the clusterer returned ndarray; it must return labels and agreement, a tuple of two.",
        ),
        (
            checked_clusters,
            (np.zeros(2, int), 1.0),
            3,
            "the clusterer returned int64 of shape (2,); it must return int of shape (3,).",
        ),
        (
            checked_clusters,
            (np.array([0, 2]), 1.0),
            2,
            "the clusterer returned the numbers [0, 2]; it must return numbers from 0 without gaps.",
        ),
        *(
            (
                checked_clusters,
                (np.zeros(2, int), agreement),
                2,
                f"the clusterer returned an agreement of {agreement!r}; it must return one from 0 to 1.",
            )
            for agreement in (1.5, float("nan"), None, "1")
        ),
        (
            checked_refined,
            [0.0, 1.0, 0.0, 1.0],
            SPEECH,
            "the resegmenter returned float64 of shape (4,); it must return int of shape (4,).",
        ),
        (
            checked_refined,
            [0, -1, 0, 0],
            SPEECH,
            "the resegmenter returned -1 for speech; it must return a speaker, 0 or more, for each frame of it.",
        ),
        (checked_voices, None, 2, "the joiner returned object of shape (); it must return int of shape (2,)."),
        (checked_voices, [1, 1], 2, "the joiner returned the numbers [1]; it must return numbers from 0 without gaps."),
    ],
)
def test_who_breaks_a_contract_is_told_in_one_line(check, returned, given, message):
    with pytest.raises(TypeError) as told:
        check(returned, given)
    assert str(told.value) == message


@pytest.mark.parametrize(
    "returned", [None, 0.5, (0.5, 0.5), (2, 3, 4), (0.5, float("nan"), 0.5), (-0.5, 1, 0.5), "FMC"]
)
def test_genders_are_three_probabilities(returned):
    with pytest.raises(TypeError) as told:
        checked_probabilities(returned)
    assert str(told.value) == f"the gender stage returned {returned!r}; it must return {GENDER}."


@pytest.mark.parametrize(
    ("stage", "name"),
    [
        ("detector", "detector"),
        ("segmenter", "segmenter"),
        ("clusterer", "clusterer"),
        ("resegmenter", "resegmenter"),
        ("joiner", "joiner"),
        ("gender", "gender stage"),
    ],
)
def test_a_diarizer_checks_the_stages_of_its_user(voice, stage, name):
    stages = {"detector": lambda analysis: np.ones(len(analysis), bool), stage: lambda *arguments: None}
    with pytest.raises(TypeError, match=f"^the {name} returned .*; it must return "):
        Diarizer(**stages).predict((voice, 16000))
