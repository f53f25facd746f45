import json
import subprocess
import sys

import numpy as np
import pytest

import lightdiar
from lightdiar.io.audio import Audio, write
from lightdiar.io.rttm import read_rttm
from lightdiar.metrics.diarization import DiarizationScore, diarization_error
from lightdiar.systems.diarizer import Diarizer, count_speakers, diarize
from lightdiar.systems.settings import Settings
from lightdiar.training.synthesis import VOICES, synthesize_conversation

RATE = 16000


@pytest.fixture(scope="module")
def conversation():
    return synthesize_conversation(seed=0)


@pytest.fixture(scope="module")
def conversation_file(conversation, tmp_path_factory):
    path = tmp_path_factory.mktemp("sound") / "talk.wav"
    write(path, conversation[0])
    return path


@pytest.fixture(scope="module")
def result(conversation_file):
    return diarize(conversation_file)


def test_the_synthetic_conversation_is_understood(conversation, result):
    _, truth, _ = conversation
    assert result.counts() == {"M": 2, "F": 2}
    assert diarization_error(truth, result.annotation).der < 0.12


def test_count_speakers_is_a_plain_dict(conversation):
    assert count_speakers(conversation[0]) == {"M": 2, "F": 2}


def test_children_are_counted_apart_unless_a_gender_is_asked_for(conversation):
    def child(analysis, mask):
        return 0.01, 0.0, 0.99

    assert Diarizer(gender=child).predict(conversation[0]).counts() == {"M": 0, "F": 0, "child": 4}
    assert Diarizer(gender=child, force_gender=True).predict(conversation[0]).counts() == {"M": 0, "F": 4}


def test_a_file_and_its_samples_give_the_same_turns(conversation, result):
    again = diarize(conversation[0])
    assert len(again.turns) == len(result.turns)
    for one, other in zip(again.turns, result.turns):  # the file is rounded to 16 bits
        assert one.start == pytest.approx(other.start, abs=0.2) and one.speaker == other.speaker


def test_turns_of_a_speaker_add_up_to_its_seconds_and_lie_in_the_recording(result):
    for speaker in result.speakers:
        mine = [turn for turn in result.turns if turn.speaker == speaker.name]
        assert sum(turn.duration for turn in mine) == pytest.approx(speaker.seconds)
    assert result.turns[0].start >= 0 and result.turns[-1].end <= result.duration
    assert [speaker.name for speaker in result.speakers] == [f"SPEAKER_{k:02d}" for k in range(4)]


def test_the_same_input_gives_the_same_bytes(conversation_file, result):
    assert diarize(conversation_file).to_json() == result.to_json()


@pytest.mark.parametrize("gain", [0.1, 0.5, -1.0])
def test_loudness_and_polarity_do_not_matter(conversation, gain):
    sound = conversation[0]
    changed = Audio(sound.samples * np.float32(gain), sound.sample_rate)
    assert count_speakers(changed) == {"M": 2, "F": 2}


def test_leading_silence_and_an_offset_do_not_matter(conversation):
    sound = conversation[0]
    silence = np.zeros(3 * RATE, np.float32)
    later = Audio(np.concatenate([silence, sound.samples]) + np.float32(0.05), RATE)
    assert count_speakers(later) == {"M": 2, "F": 2}


@pytest.mark.parametrize("number", [1, 2, 3, 4, 6, 9])
def test_num_speakers_is_obeyed_exactly(conversation, number):
    found = diarize(conversation[0], num_speakers=number)
    assert len(found.speakers) == number and sum(found.counts().values()) == number


def test_min_and_max_speakers_are_bounds(conversation):
    assert len(diarize(conversation[0], min_speakers=6).speakers) >= 6
    assert len(diarize(conversation[0], max_speakers=3).speakers) <= 3
    assert len(diarize(conversation[0], min_speakers=2, max_speakers=8).speakers) == 4


def test_more_speakers_than_there_are_can_be_had_but_no_more_than_asked_for():
    monologue, _, _ = synthesize_conversation({"Adam": VOICES["Adam"]}, n_turns=20)
    assert len(diarize(monologue).speakers) == 1
    assert len(diarize(monologue, min_speakers=3).speakers) == 3


def test_impossible_numbers_of_speakers_are_refused(conversation):
    with pytest.raises(ValueError, match="num_speakers already fixes the number"):
        Diarizer(num_speakers=2, max_speakers=3)
    with pytest.raises(ValueError, match="min_speakers=3 is more than max_speakers=2"):
        Diarizer(min_speakers=3, max_speakers=2)
    with pytest.raises(TypeError, match="not ndarray; wrap samples: Audio"):
        diarize(np.zeros(16000))
    with pytest.raises(ValueError, match="num_speakers=0 must be a whole number from 1"):
        Diarizer(num_speakers=0)
    with pytest.raises(ValueError, match="max_speakers=0 must be a whole number from 1"):
        Diarizer(max_speakers=0)
    with pytest.raises(TypeError, match="settings='film' must be Settings; load a file"):
        Diarizer(settings="film")
    with pytest.raises(ValueError, match="min_speaker_seconds=-1 must be 0 or more"):
        Diarizer(min_speaker_seconds=-1)
    with pytest.raises(ValueError, match="at least 500 speakers asked for, but there is only .* s of speech"):
        diarize(conversation[0], num_speakers=500)
    with pytest.raises(ValueError, match="at least 2 speakers asked for, but there is no speech"):
        diarize(Audio(np.zeros(RATE), RATE), num_speakers=2)


def test_who_hardly_speaks_is_not_counted(conversation):
    assert count_speakers(conversation[0], min_speaker_seconds=1000) == {"M": 0, "F": 0}


RNG = np.random.default_rng(0)
WITHOUT_SPEECH = {
    "nothing": np.zeros(0),
    "one sample": np.ones(1) * 0.5,
    "50 ms": RNG.normal(0, 0.1, 800),
    "silence": np.zeros(5 * RATE),
    "constant": np.full(5 * RATE, 0.5),
    "hiss": RNG.normal(0, 0.1, 20 * RATE),
    "tone": 0.5 * np.sin(2 * np.pi * 1000 * np.arange(20 * RATE) / RATE),
    "chord": sum(0.1 * np.sin(2 * np.pi * f * np.arange(20 * RATE) / RATE) for f in (262, 330, 392)),
    "clipped hiss": np.clip(RNG.normal(0, 5, 20 * RATE), -1, 1),
    "clicks": (np.arange(20 * RATE) % 8000 == 0) * 0.9,
}


@pytest.mark.parametrize("name", WITHOUT_SPEECH)
def test_without_speech_the_answer_is_empty(name):
    found = diarize(Audio(WITHOUT_SPEECH[name].astype(np.float32), RATE))
    assert found.counts() == {"M": 0, "F": 0} and found.annotation.seconds() == {}
    assert found.duration == pytest.approx(len(WITHOUT_SPEECH[name]) / RATE)


def test_a_stage_can_be_replaced(conversation):
    def everything(analysis):
        return np.ones(len(analysis), bool)

    found = Diarizer(detector=everything).predict(conversation[0])
    assert sum(turn.duration for turn in found.turns) == pytest.approx(found.duration, abs=0.05)


def test_settings_decide(conversation):
    deaf = Diarizer(settings=Settings(speech_bias=-100.0)).predict(conversation[0])
    assert not deaf.turns and deaf.agreement == 1
    apart = Diarizer(settings=Settings(pause=0.0)).predict(conversation[0])
    joined = Diarizer(settings=Settings(pause=5.0)).predict(conversation[0])
    assert len(apart.turns) > len(joined.turns)
    few = Diarizer(settings=Settings(speaker_prior=1e6)).predict(conversation[0])
    assert len(few.speakers) == 1


def test_progress_tells_the_seconds_read(conversation_file, conversation):
    seen = []
    diarize(conversation_file, progress=seen.append)
    assert seen == sorted(seen) and seen[-1] == pytest.approx(conversation[0].duration, abs=1e-3)


def test_importing_the_package_loads_nothing_heavy():
    heavy = "('scipy', 'sklearn', 'pandas', 'statsmodels')"
    code = f"import lightdiar, sys; print([m for m in {heavy} if m in sys.modules])"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True).stdout == "[]\n"


def test_unknown_names_say_what_there_is():
    with pytest.raises(AttributeError, match="no attribute 'Diariser'; it has count_speakers"):
        lightdiar.Diariser  # noqa: B018


def test_json_names_every_speaker_once(result):
    content = json.loads(result.to_json())
    assert [s["speaker"] for s in content["speakers"]] == [f"SPEAKER_{k:02d}" for k in range(4)]
    assert {turn["speaker"] for turn in content["diarization"]} == {s["speaker"] for s in content["speakers"]}


def pooled(folder):
    """Error over a folder, and in how many recordings the number of speakers of 2 s and more is right."""

    def counted(annotation):
        return sum(seconds >= 2 for seconds in annotation.seconds().values())

    total, n_right = DiarizationScore(), 0
    for path in sorted(folder.rglob("*.flac")):
        (truth,) = read_rttm(path.with_suffix(".rttm")).values()
        found = diarize(path).annotation
        total += diarization_error(truth, found)
        n_right += counted(truth) == counted(found)
    return total, n_right


@pytest.mark.slow
def test_real_conversations(shared):
    total, _ = pooled(shared / "corpora/dev/conversations")
    assert total.total > 250 and total.der < 0.38


@pytest.mark.slow
@pytest.mark.parametrize(("condition", "highest", "fewest_right"), [("clean", 0.08, 9), ("film", 0.15, 7)])
def test_simulated_conversations(shared, tmp_path, condition, highest, fewest_right):
    corpora = shared / "corpora"
    command = [sys.executable, shared / "tools/simulate_conversations.py", "--condition", condition]
    command += ["--speech", corpora / "dev/librispeech/manifest.csv", "--noise", corpora / "noise/manifest.csv"]
    command += ["--turns", corpora / "labels/voxconverse_dev", "--count", "12", "--seed", "11"]
    command += ["--prefix", "dev-librispeech", "--out", tmp_path]
    subprocess.run(list(map(str, command)), check=True)
    total, n_right = pooled(tmp_path)
    assert total.total > 1000 and total.der < highest and n_right >= fewest_right
