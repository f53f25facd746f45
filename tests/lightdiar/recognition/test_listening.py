import io
from dataclasses import fields, replace

import numpy as np
import pytest
import soundfile

from lightdiar.errors import AudioError
from lightdiar.io.audio import Audio, write
from lightdiar.recognition.listening import Heard, hear, number_of_people, pooled, voiceprint
from lightdiar.stages.voiceprint import Voiceprint
from lightdiar.systems.voice_models import load_voice_models

RATE = 16000


@pytest.fixture(scope="module")
def models():
    return load_voice_models()


@pytest.fixture
def adam(people, models, heard_once):
    """The long and the short sound."""
    return [hear(sound, models) for sound in people["Adam"]]


def test_the_speech_of_one_person_is_heard(adam):
    long, short = adam
    assert (long.title, long.n_people, short.n_people) == ("the sound", 1, 1)
    assert 10 < long.seconds < 12 and 4 < short.seconds < 5
    assert 0 < long.N.sum() < 100 * long.seconds and np.isfinite(long.F).all()


def test_several_sounds_are_one(adam, models):
    long, short = adam
    both = voiceprint(adam, models)
    project, n_frames = models.voiceprinter.project, np.array([100 * (long.seconds + short.seconds)])
    assert both.vector == pytest.approx(project((long.N + short.N)[None], (long.F + short.F)[None], n_frames)[0])
    assert both.seconds == long.seconds + short.seconds
    alone = project(long.N[None], long.F[None], np.array([100 * long.seconds]))[0]
    assert voiceprint([long], models).vector == pytest.approx(alone)


def test_two_files_are_much_like_the_file_of_both(adam, people, models):
    both = hear(Audio(np.concatenate([sound.samples for sound in people["Adam"]]), RATE), models)
    assert both.seconds == pytest.approx(sum(one.seconds for one in adam), abs=0.5)
    one, other = voiceprint([both], models).vector, voiceprint(adam, models).vector
    assert np.corrcoef(one, other)[0, 1] > 0.9


@pytest.mark.parametrize("gain", [0.05, -3.0])
def test_loudness_and_polarity_do_not_matter(adam, people, models, gain):
    louder = hear(Audio(people["Adam"][1].samples * np.float32(gain), RATE), models)
    assert louder.seconds == pytest.approx(adam[1].seconds, abs=0.3)
    one, other = (voiceprint([heard], models).vector for heard in (louder, adam[1]))
    assert np.corrcoef(one, other)[0, 1] > 0.99


def test_a_conversation_is_of_several_people(conversation, models, heard_once):
    assert hear(conversation[0], models).n_people > 1


@pytest.mark.parametrize(
    "samples",
    [
        np.zeros(3 * RATE),
        np.zeros(0),
        np.random.default_rng(0).normal(0, 0.1, 5 * RATE),
        sum(0.1 * np.sin(2 * np.pi * f * np.arange(10 * RATE) / RATE) for f in (262, 330, 392)),
    ],
    ids=["silence", "nothing", "hiss", "chord"],
)
def test_without_speech_nobody_is_heard(models, samples):
    found = hear(Audio(samples.astype(np.float32), RATE), models)
    assert (found.seconds, found.n_people) == (0, 0) and not found.N.any() and not found.F.any()
    assert voiceprint([found], models).seconds == 0


def test_a_tenth_of_a_second(people, models):
    found = hear(Audio(people["Adam"][0].samples[RATE : RATE + 1600], RATE), models)
    assert found.seconds <= 0.1 and np.isfinite(voiceprint([found], models).vector).all()


def test_a_sound_is_called_what_it_is(people, models, tmp_path, heard_once):
    samples = people["Adam"][1].samples
    path = tmp_path / "a\x1bb.wav"
    write(path, people["Adam"][1])
    stereo = tmp_path / "both.wav"
    soundfile.write(stereo, np.stack([samples, samples], axis=1), RATE)
    assert hear(str(path), models).title == hear(path, models).title == str(path).replace("\x1b", "\\x1b")
    assert hear(io.BytesIO(path.read_bytes()), models).title == "the sound"
    assert hear((samples, RATE), models).title == "the sound"
    assert hear(stereo, models).seconds == pytest.approx(hear(path, models).seconds, abs=0.05)


def test_what_cannot_be_read_is_said(models, tmp_path):
    (tmp_path / "words.wav").write_text("words")
    with pytest.raises(AudioError, match=r"words\.wav"):
        hear(tmp_path / "words.wav", models)
    with pytest.raises(TypeError, match="type int cannot be read"):
        hear(3, models)


def test_nothing_that_is_heard_is_sound():
    assert [field.name for field in fields(Heard)] == ["title", "N", "F", "seconds", "n_people"]


def test_several_voiceprints_are_weighted_by_their_seconds():
    one, other = Voiceprint(np.array([1.0, 0.0]), 3.0), Voiceprint(np.array([0.0, 4.0]), 1.0)
    both = pooled([one, other])
    assert both.vector.tolist() == [0.75, 1.0] and both.seconds == 4.0 and both.vector.dtype == np.float32
    silent = replace(other, seconds=0.0)
    assert pooled([one, silent]).vector.tolist() == [1.0, 0.0]
    assert pooled([silent, replace(one, seconds=0.0)]).vector.tolist() == [0.5, 2.0]
    assert pooled([one]).vector.tolist() == [1.0, 0.0]


class Ratios:
    """Models that know the ratio of all pairs: less the larger the distance of two numbers."""

    def log_likelihood_ratios(self, enrolled, tests):
        return 3.0 - abs(enrolled[:, :1] - tests[:, 0])


@pytest.mark.parametrize(
    ("voices", "number"),
    [
        ([], 0),
        ([(0, 0.0)], 0),
        ([(0, 0.5)], 1),
        ([(0, 9.0), (4.9, 9.0)], 1),  # a ratio of -1.9
        ([(0, 9.0), (5.1, 9.0)], 2),
        ([(0, 4.0), (9, 4.0)], 2),
        ([(0, 9.0), (9, 3.9)], 1),  # too little of the second
        ([(0, 3.0), (9, 3.0)], 1),
        ([(0, 9.0), (9, 9.0), (4.5, 9.0)], 2),  # the third may be either
        ([(0, 9.0), (9, 9.0), (3, 9.0)], 2),  # the third may be the first
        ([(0, 9.0), (9, 9.0), (18, 9.0)], 3),
    ],
)
def test_voices_are_of_several_people_only_if_that_is_sure(voices, number):
    prints = [Voiceprint(np.array([place], np.float32), seconds) for place, seconds in voices]
    assert number_of_people(prints, Ratios()) == number
