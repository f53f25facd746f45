"""Voices that sound alike are one speaker."""

from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest

from lightdiar.signal.frontend import analyse
from lightdiar.systems.diarizer import Diarizer
from lightdiar.systems.joining import join_voices, keep_voices


class OnALine:
    """Models in which voices are places on a line: ten nats at the same place, one less for each unit apart."""

    voiceprinter = SimpleNamespace(n_dimensions=2)

    def log_likelihood_ratios(self, enrolled, tests, *, different=False):
        return 10 - abs(enrolled[:, None, 0] - tests[None, :, 0])


def vectors(*places):
    return np.array([[place, 1.0] for place in places])


def test_voices_are_joined_above_five_nats():
    assert join_voices(vectors(0.0, 4.9), OnALine()).tolist() == [0, 0]
    assert join_voices(vectors(0.0, 5.1), OnALine()).tolist() == [0, 1]


def test_groups_are_joined_by_the_mean_of_their_pairs():
    """The pairs of (0, 2) and 6 have 4 and 6 nats, 5 on average; of (0, 2) and 5.9 slightly more."""
    assert join_voices(vectors(0.0, 2.0, 5.9), OnALine()).tolist() == [0, 0, 0]
    assert join_voices(vectors(0.0, 2.0, 6.1), OnALine()).tolist() == [0, 0, 1]
    assert join_voices(vectors(0.0, 8.0, 2.0, 6.1), OnALine()).tolist() == [0, 1, 0, 1]


@pytest.mark.parametrize("fewest", [1, 2, 3])
def test_no_more_are_joined_than_may_be(fewest):
    labels = join_voices(vectors(0.0, 0.1, 0.3), OnALine(), fewest)
    assert labels.max() + 1 == fewest


def test_nobody_and_one():
    assert join_voices(vectors(1.0), OnALine()).tolist() == [0]
    assert keep_voices(vectors(0.0, 0.0), OnALine(), None).tolist() == [0, 1]


@pytest.fixture(scope="module")
def two(conversation):
    audio = conversation[0]
    return analyse([audio.samples])


def joining(answer):
    """A diarizer whose joiner notes what it was given and answers so."""
    asked = []

    def joiner(vectors, models, fewest):
        asked.append((vectors, fewest))
        return np.array(answer(len(vectors)))

    return Diarizer(joiner=joiner), asked


def test_the_diarizer_joins_what_the_joiner_says(two):
    apart, _ = Diarizer(joiner=keep_voices).label(two)
    n = apart.max() + 1
    diarizer, asked = joining(lambda n: [0] * n)
    together, _ = diarizer.label(two)
    assert n >= 2 and len(asked[0][0]) == n and asked[0][1] is None
    assert together.max() == 0 and not together[apart >= 0].any()  # pauses between the two are filled, too


def test_the_voiceprint_of_who_was_joined_is_made_of_all_its_speech(conversation):
    apart = Diarizer(joiner=keep_voices).predict(conversation[0])
    diarizer, _ = joining(lambda n: [0] * n)
    (one,) = diarizer.predict(conversation[0]).speakers
    assert one.voice.seconds == pytest.approx(sum(speaker.voice.seconds for speaker in apart.speakers))
    assert one.seconds >= sum(speaker.seconds for speaker in apart.speakers)


def test_a_number_that_was_asked_for_is_kept(two):
    for number in (2, 3):
        labels, _ = Diarizer(num_speakers=number).label(two)
        assert labels.max() + 1 == number


def test_a_clusterer_of_your_own_has_the_last_word(two):
    def halves(Y, fewest, most):
        return np.arange(len(Y)) * 2 // len(Y), 1.0

    assert Diarizer(clusterer=halves).stages.joiner is keep_voices
    assert Diarizer(clusterer=halves, joiner=join_voices).stages.joiner is join_voices
    assert replace(Diarizer().stages).joiner is join_voices
    assert Diarizer(method="textbook").stages.joiner is keep_voices
