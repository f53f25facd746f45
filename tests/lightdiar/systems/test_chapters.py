"""Voices of several chapters: who is who, and what is known of them together."""

from types import SimpleNamespace

import numpy as np
import pytest

from lightdiar.signal import frontend
from lightdiar.stages.voiceprint import Voiceprint
from lightdiar.systems import diarizer
from lightdiar.systems.chapters import Voice, join_chapters
from lightdiar.systems.diarizer import Diarizer
from lightdiar.timeline import Segment


class OnALine:
    """Models in which voices are places on a line, and the same person is within 1 of itself."""

    voiceprinter = SimpleNamespace(n_dimensions=2)

    def log_likelihood_ratios(self, enrolled, tests, *, different=False):
        return 10 - 10 * abs(enrolled[:, None, 0] - tests[None, :, 0])


def heard(chapter, place, seconds=10.0, *, channel=0, p_female=0.2, start=0.0):
    segment = Segment(3600 * chapter + start, 3600 * chapter + start + seconds)
    print_ = Voiceprint(np.array([place, 1], np.float32), seconds)
    return Voice(chapter, channel, (segment,), p_female, 0.0, print_)


def places(voices):
    return [round(float(one.print.vector[0]), 3) for one in voices]


def test_voices_of_one_chapter_are_left_alone():
    voices = [heard(0, 0.0), heard(0, 0.0)]
    assert join_chapters(voices, OnALine()) == voices


def test_the_same_voices_in_every_chapter_are_as_many_people():
    voices = [heard(chapter, place + 0.1 * chapter, start=place) for chapter in range(4) for place in (0.0, 40.0, 80.0)]
    joined = join_chapters(voices, OnALine())
    assert places(joined) == [0.15, 40.15, 80.15]
    assert [len(one.segments) for one in joined] == [4, 4, 4]
    assert [one.segments[1].start for one in joined] == [3600.0, 3640.0, 3680.0]


def test_two_voices_of_one_chapter_are_two_people_however_alike():
    assert places(join_chapters([heard(0, 0.0), heard(0, 0.01), heard(1, 0.0)], OnALine())) == [0.0, 0.01]


def test_voices_of_two_channels_are_two_people():
    joined = join_chapters([heard(0, 0.0), heard(1, 0.0, channel=1), heard(1, 0.0)], OnALine())
    assert [(one.channel, len(one.segments)) for one in joined] == [(0, 2), (1, 1)]


def test_who_has_less_than_two_seconds_of_speech_stays_alone():
    assert len(join_chapters([heard(0, 0.0), heard(1, 0.0, 1.9)], OnALine())) == 2
    assert len(join_chapters([heard(0, 0.0, 1.0), heard(1, 0.0, 1.0)], OnALine())) == 2


def test_probabilities_and_voiceprints_are_means_by_time():
    """30 s at 0.2 and 10 s at 0.6 are 40 s at 0.3."""
    (joined,) = join_chapters([heard(0, 0.0, 30.0), heard(1, 0.4, 10.0, p_female=0.6)], OnALine())
    assert joined.p_female == pytest.approx(0.3) and joined.seconds == 40.0
    assert joined.print.seconds == 40.0 and places([joined]) == [0.1]


@pytest.mark.parametrize("number", [1, 2, 3, 4])
def test_a_number_is_obeyed_exactly(number):
    voices = [heard(0, 0.0), heard(0, 50.0), heard(1, 0.0), heard(1, 50.0, 1.0)]
    assert len(join_chapters(voices, OnALine(), number, number)) == number


@pytest.fixture
def short_chapters(monkeypatch):
    """Pieces of half a second and chapters of two."""
    monkeypatch.setattr(frontend, "_PIECE_FRAMES", 50)
    monkeypatch.setattr(frontend, "_CHAPTER_FRAMES", 200)


def all_speech(analysis):
    """Detector that hears speech everywhere."""
    return np.ones(len(analysis), bool)


def one_speaker(points, fewest, most):
    return np.zeros(len(points), int), 0.7


def test_turns_go_on_across_chapters(voice, short_chapters):
    """Who speaks all the time has one turn, whose times are those of the recording."""
    samples = np.resize(voice[: 16000 * 3], 16000 * 9)
    stages = dict(detector=all_speech, clusterer=one_speaker, resegmenter=lambda analysis, speech, labels: labels)
    result = Diarizer(**stages, max_speakers=1).predict_blocks([samples], "all night")
    (turn,), (speaker,) = result.turns, result.speakers
    assert (turn.start, turn.end, result.duration) == (0.0, 9.0, 9.0)
    assert speaker.seconds == pytest.approx(9.0) and result.annotation.recording == "all night"


def test_more_speakers_than_there_is_speech_for_are_refused_after_all_chapters(voice, short_chapters):
    samples = np.resize(voice[: 16000 * 3], 16000 * 9)
    with pytest.raises(ValueError, match=r"at least 50 speakers requested, but there is only 9\.0 s of speech"):
        Diarizer(detector=all_speech, num_speakers=50).predict_blocks([samples])
    assert len(Diarizer(detector=all_speech, num_speakers=6).predict_blocks([samples]).speakers) == 6


def test_silence_has_no_speakers_in_any_chapter(short_chapters):
    assert not Diarizer().predict_blocks([np.zeros(16000 * 7, np.float32)]).speakers


def halves(points, fewest, most):
    """Clusterer that hears one speaker, or as many as are asked for, in turn."""
    return np.sort(np.arange(len(points)) % (fewest or 1)), 0.7


@pytest.mark.parametrize(("fewest", "n_found"), [(3, 3), (4, 8)])
def test_bounds_hold_for_the_whole_recording_not_for_each_chapter(voice, short_chapters, monkeypatch, fewest, n_found):
    """Only where all chapters together have too few speakers, each has to have as many as it can."""
    monkeypatch.setattr(diarizer, "join_chapters", lambda voices, models, fewest, most: voices)
    samples = np.resize(voice[: 16000 * 3], 16000 * 8)
    stages = dict(detector=all_speech, clusterer=halves, resegmenter=lambda analysis, speech, labels: labels)
    result = Diarizer(**stages, min_speakers=fewest).predict_blocks([samples])
    assert len(result.speakers) == n_found and result.agreement == 0.7
    assert Diarizer(**stages, num_speakers=fewest).predict_blocks([samples]).agreement is None
