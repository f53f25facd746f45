import re
import shutil
import unicodedata
from dataclasses import replace

import numpy as np
import pytest

from lightdiar.errors import AudioError, DoubtfulResultWarning, FormatError, ModelError
from lightdiar.io.audio import Audio, write
from lightdiar.recognition import voices as recognition
from lightdiar.recognition.answers import Verification
from lightdiar.recognition.listening import hear
from lightdiar.recognition.storage import save_voices
from lightdiar.recognition.voices import Voices
from lightdiar.stages.voiceprint import Voiceprint
from lightdiar.systems.result import Diarization, Speaker
from lightdiar.systems.voice_models import centre, load_voice_models
from lightdiar.timeline import Annotation, Turn

RATE = 16000
HEARD = {}
NAMES = ("Adam", "Clara", "Emil")


@pytest.fixture(autouse=True)
def hear_once(monkeypatch):
    """What is heard in a sound in memory is kept: the same samples are heard once."""

    def remembered(sound, models):
        if not isinstance(sound, Audio):
            return hear(sound, models)
        key = sound.samples.tobytes(), models.fingerprint
        if key not in HEARD:
            HEARD[key] = hear(sound, models)
        return replace(HEARD[key])

    monkeypatch.setattr(recognition, "hear", remembered)


def vectors(voices):
    return {name: [one.vector.tobytes() for one in sessions] for name, sessions in voices._people.items()}


def vectors_of(rng, n):
    """Made-up vectors for the models that know nothing; the last dimension is the clearness."""
    return np.concatenate([rng.normal(0, 2, (n, 7)), rng.uniform(0.3, 0.9, (n, 1))], axis=1).astype(np.float32)


def made(tmp_path, models, **people):
    """Voices of people whose vectors are given, with 20 s of speech each."""
    sessions = {
        name: [Voiceprint(np.asarray(vector, np.float32), 20.0) for vector in own] for name, own in people.items()
    }
    save_voices(tmp_path / "made.voices", sessions, models.fingerprint, overwrite=True)
    return Voices.load(tmp_path / "made.voices", models=models)


@pytest.fixture
def own(voices_file):
    """The voices of Adam, Clara and Emil, to be changed."""
    return Voices.load(voices_file)


@pytest.fixture
def crowd(tmp_path, tiny_models):
    """Twelve made-up people in the space of the models that know nothing."""
    rng = np.random.default_rng(2)
    return made(tmp_path, tiny_models, **{f"p{k}": vectors_of(rng, 1 + k % 3) for k in range(12)})


def test_people_are_enrolled_from_a_folder(voices, people):
    assert voices.names == tuple(voices) == NAMES and len(voices) == 3
    assert "Adam" in voices and "Bruno" not in voices and 3 not in voices
    assert repr(voices) == "<Voices of 3 people>"
    frame = voices.to_frame()
    assert list(frame.columns) == ["person", "sessions", "seconds"]
    assert frame["person"].tolist() == list(NAMES) and frame["sessions"].tolist() == [1, 1, 1]
    assert frame["seconds"].tolist() == [voices.seconds(name) for name in NAMES]
    assert all(10 < seconds < 12 for seconds in frame["seconds"])


def test_a_mapping_and_a_folder_give_the_same_voices(voices, people):
    lines = []
    again = Voices.enrol({name: people[name][0] for name in NAMES}, progress=lines.append)
    for name in NAMES:  # the files are rounded to 16 bits
        one, other = (kept._people[name][0].vector for kept in (voices, again))
        assert np.corrcoef(one, other)[0, 1] > 0.999
    assert lines == [
        f"[{number}/3] {name}: {again.seconds(name):.1f} s of speech in 1 session"
        for number, name in enumerate(NAMES, 1)
    ]


def test_the_same_input_gives_the_same_bytes(class_folder, voices_file, tmp_path):
    Voices.enrol(class_folder).save(tmp_path / "again.voices")
    assert (tmp_path / "again.voices").read_bytes() == voices_file.read_bytes()
    Voices.load(voices_file).save(tmp_path / "loaded.voices")
    assert (tmp_path / "loaded.voices").read_bytes() == voices_file.read_bytes()


def test_each_folder_of_sounds_is_a_session(people, tmp_path):
    for place in ("Adam/1/2/x.wav", "Adam/1/2/y.wav", "Adam/3/z.wav"):
        (tmp_path / place).parent.mkdir(parents=True, exist_ok=True)
        write(tmp_path / place, people["Adam"][1])
    voices = Voices.enrol(tmp_path)
    one, other = voices._people["Adam"]
    assert one.seconds == 2 * other.seconds and voices.seconds("Adam") == one.seconds + other.seconds
    assert voices.to_frame()["sessions"].tolist() == [2]
    memory = Voices.enrol({"Adam": {"1/2": [people["Adam"][1]] * 2, "3": people["Adam"][1]}})
    heard = [session.seconds for session in memory._people["Adam"]]
    assert heard == pytest.approx([one.seconds, other.seconds], rel=0.01)  # files are rounded to 16 bits


def test_adding_somebody_changes_nobodys_vectors(own, people):
    before = vectors(own)
    own.add("Bruno", people["Bruno"][0])
    after = vectors(own)
    assert own.names == (*NAMES, "Bruno") and {name: after[name] for name in NAMES} == before


def test_another_session_of_somebody_is_added(own, people):
    before, seconds = vectors(own), own.seconds("Adam")
    own.add("Adam", people["Adam"][1])
    after = vectors(own)
    assert after["Adam"][:1] == before["Adam"] and len(after["Adam"]) == 2 and after["Clara"] == before["Clara"]
    assert own.seconds("Adam") > seconds + 4
    assert own.identify(people["Adam"][1]).name == "Adam"


def test_who_is_removed_leaves_nothing(own, tmp_path):
    trace = own._people["Clara"][0].vector.tobytes()
    rest = {name: own._people[name] for name in ("Adam", "Emil")}
    own.remove("Clara")
    assert own.names == ("Adam", "Emil") and "Clara" not in repr(vars(own))
    own.save(tmp_path / "rest.voices")
    data = (tmp_path / "rest.voices").read_bytes()
    assert b"Clara" not in data and not any(trace[at : at + 8] in data for at in range(0, len(trace), 8))
    save_voices(tmp_path / "never.voices", rest, own.models.fingerprint)  # as if she had never been there
    assert (tmp_path / "never.voices").read_bytes() == data
    with pytest.raises(ValueError, match=r"^'Clara' is not enrolled; the people are Adam, Emil\.$"):
        own.remove("Clara")


def test_where_nobody_is_enrolled(own, tmp_path, people):
    for name in NAMES:
        own.remove(name)
    assert len(own) == 0 and own.names == () and repr(own) == "<Voices of 0 people>" and len(own.to_frame()) == 0
    with pytest.raises(ValueError, match="nobody is enrolled, so that there is nothing to save"):
        own.save(tmp_path / "nobody.voices")
    with pytest.raises(ValueError, match="nobody is enrolled; enrol people first"):
        own.identify(people["Adam"][1])
    with pytest.raises(ValueError, match="'Adam' is not enrolled; the people are none"):
        own.verify("Adam", people["Adam"][1])
    assert not (tmp_path / "nobody.voices").exists()


def test_nothing_is_replaced_unless_asked(voices, voices_file, tmp_path):
    path = shutil.copy(voices_file, tmp_path / "class.voices")
    with pytest.raises(FileExistsError, match="class.voices: exists"):
        voices.save(path)
    voices.save(path, overwrite=True)
    with pytest.raises(FileNotFoundError, match="folder .* does not exist"):
        voices.save(tmp_path / "no" / "class.voices")


def test_files_of_other_models_and_of_none_are_refused(voices_file, tiny_models, tmp_path):
    with pytest.raises(ModelError, match="class.voices: was made by other models .*; enrol the people again"):
        Voices.load(voices_file, models=tiny_models)
    (tmp_path / "x.voices").write_text("words")
    with pytest.raises(FormatError, match="x.voices: is not a file of voices; `lightdiar enrol` writes them"):
        Voices.load(tmp_path / "x.voices")


def test_the_right_people_are_identified(voices, people):
    for name in NAMES:
        answer = voices.identify(people[name][1])
        assert answer.name == answer.candidates[0].name == name and answer.known == 0.5
        assert 4 < answer.seconds < 5
    assert voices.identify(people["Bruno"][1]).name is None  # nobody of them


def test_the_right_people_are_verified(voices, people):
    for name in NAMES:
        answers = {other: voices.verify(name, sounds[1]) for other, sounds in people.items()}
        assert [other for other, answer in answers.items() if answer.accepted] == [name]
        assert all(answer.name == name and 4 < answer.seconds < 5.1 for answer in answers.values())


def test_identification_and_verification_agree(voices, people):
    answer = voices.identify(people["Adam"][1])
    for one in answer.candidates:
        verified = voices.verify(one.name, people["Adam"][1], prior=0.2)
        assert isinstance(verified, Verification) and verified.prior == 0.2
        assert verified.log_likelihood_ratio == pytest.approx(one.log_likelihood_ratio, abs=1e-6)


def test_probabilities_sum_to_one_and_rank_by_the_ratio(crowd):
    questions = [Voiceprint(vector, 5.0) for vector in vectors_of(np.random.default_rng(3), 20)]
    for known in (1e-6, 0.3, 0.999):
        for answer in crowd.identify_voiceprints(questions, known=known):
            probabilities = [one.probability for one in answer.candidates]
            assert sum(probabilities) + answer.somebody_else == pytest.approx(1, abs=1e-12)
            assert sorted(probabilities, reverse=True) == probabilities
            ratios = [one.log_likelihood_ratio for one in answer.candidates]
            assert sorted(ratios, reverse=True) == ratios
            assert {one.name for one in answer.candidates} == set(crowd.names)


def test_a_prior_moves_the_probabilities_as_bayes_says(crowd):
    """Posterior: each of 12 people has known / 12 times exp(ratio), somebody else 1 - known."""
    question = Voiceprint(vectors_of(np.random.default_rng(4), 1)[0], 5.0)
    ratios = crowd.log_likelihood_ratios([question])[:, 0]
    for known in (0.01, 0.5, 0.9):
        (answer,) = crowd.identify_voiceprints([question], known=known)
        weights = known / 12 * np.exp(ratios)
        expected = dict(zip(crowd.names, weights / (weights.sum() + 1 - known)))
        assert {one.name: one.probability for one in answer.candidates} == pytest.approx(expected)
        assert answer.known == known and answer.somebody_else == pytest.approx(1 - sum(expected.values()))


@pytest.mark.parametrize("p", [5e-324, 1 - 1e-16])
def test_the_surest_priors_are_probabilities_too(crowd, p):
    question = Voiceprint(vectors_of(np.random.default_rng(4), 1)[0], 5.0)
    (answer,) = crowd.identify_voiceprints([question], known=p)
    assert answer.somebody_else == pytest.approx(1 - round(p), abs=1e-9)
    assert sum(one.probability for one in answer.candidates) == pytest.approx(round(p), abs=1e-9)


def test_one_person_is_verified_as_identified(own, people):
    own.remove("Clara")
    own.remove("Emil")
    for name, right in (("Adam", True), ("Bruno", False)):
        (one,) = (answer := own.identify(people[name][1])).candidates
        verified = own.verify("Adam", people[name][1])
        assert (answer.name == "Adam") is verified.accepted is right
        assert one.probability == pytest.approx(verified.probability)


def test_ratios_are_measured_from_the_centre_of_the_people(crowd):
    questions = vectors_of(np.random.default_rng(5), 3)
    seconds = {name: [one.seconds for one in sessions] for name, sessions in crowd._people.items()}
    means = np.array([np.mean([one.vector for one in sessions], axis=0) for sessions in crowd._people.values()])
    assert {value for own in seconds.values() for value in own} == {20.0}
    middle = np.append(means[:, :-1].sum(axis=0) / 22, 0)
    assert centre(means) == pytest.approx(middle)
    found = crowd.log_likelihood_ratios([Voiceprint(question, 5.0) for question in questions])
    expected = crowd.models.log_likelihood_ratios(means - middle, questions - middle, different=True)
    assert found == pytest.approx(expected, abs=1e-4) and found.shape == (12, 3)
    assert crowd.log_likelihood_ratios([]).shape == (12, 0)


def test_several_sounds_of_a_question_are_taken_together(voices, people):
    long, short = people["Adam"]
    both, alone = voices.verify("Adam", [long, short]), voices.verify("Adam", short)
    assert both.seconds == pytest.approx(voices.verify("Adam", long).seconds + alone.seconds)
    assert both.log_likelihood_ratio > alone.log_likelihood_ratio
    assert voices.identify((long, short)).seconds == both.seconds
    samples = short.samples
    assert voices.verify("Adam", (samples, RATE)).log_likelihood_ratio == pytest.approx(alone.log_likelihood_ratio)


def test_loudness_does_not_matter(voices, people):
    loud, soft = (Audio(people["Clara"][1].samples * np.float32(gain), RATE) for gain in (3.0, 0.02))
    ratios = [voices.verify("Clara", sound).log_likelihood_ratio for sound in (loud, soft)]
    assert ratios[0] == pytest.approx(ratios[1], abs=1) and min(ratios) > 3


@pytest.mark.parametrize(
    "samples",
    [
        np.zeros(5 * RATE),
        np.zeros(0),
        0.2 * np.sin(np.arange(10 * RATE) / 5),
        sum(0.1 * np.sin(2 * np.pi * f * np.arange(20 * RATE) / RATE) for f in (262, 330, 392)),
        np.random.default_rng(0).normal(0, 0.1, 5 * RATE),
        np.random.default_rng(0).normal(0, 0.1, 1600),
    ],
    ids=["silence", "nothing", "tone", "music", "hiss", "0.1 s"],
)
def test_without_speech_nothing_is_learnt(voices, own, samples):
    sound = Audio(samples.astype(np.float32), RATE)
    with pytest.warns(DoubtfulResultWarning, match="^the sound: no speech found, so that nothing is learnt") as caught:
        verified = voices.verify("Adam", sound, prior=0.3)
    assert len(caught) == 1 and (verified.log_likelihood_ratio, verified.seconds) == (0, 0)
    assert verified.probability == pytest.approx(0.3)
    with pytest.warns(DoubtfulResultWarning, match="no speech found"):
        answer = voices.identify(sound, known=0.6)
    assert [one.probability for one in answer.candidates] == pytest.approx([0.2, 0.2, 0.2])
    assert answer.somebody_else == pytest.approx(0.4) and answer.name is None
    with pytest.raises(
        ValueError, match=r"^Bob: 0\.0 s of speech found in 1 sound; at least 3 s are needed, better 30 s"
    ):
        own.add("Bob", sound)
    assert own.names == NAMES


def test_a_tenth_of_a_second_of_a_voice_is_an_answer_with_a_warning(voices, people):
    with pytest.warns(DoubtfulResultWarning):
        answer = voices.identify(Audio(people["Adam"][0].samples[RATE : RATE + 1600], RATE))
    assert answer.seconds <= 0.1 and np.isfinite([one.probability for one in answer.candidates]).all()


def test_little_speech_is_said_to_be_little(voices, own, people):
    short = Audio(people["Adam"][0].samples[: int(1.8 * RATE)], RATE)
    with pytest.warns(
        DoubtfulResultWarning, match=r"^the sound: 1\.\d s of speech found; the answer is not reliable below"
    ):
        voices.verify("Adam", short)
    with pytest.raises(
        ValueError, match=r"^Bob: 1\.\d s of speech found in 1 sound; at least 3 s are needed, better 30 s"
    ):
        own.add("Bob", short)
    with pytest.raises(ValueError, match=r"^Bob: 1\.\d s of speech found in 1 sound; at least 3 s"):
        Voices.enrol({"Bob": short})
    own.add("Adam", short)  # whose first session was long enough
    with pytest.raises(ValueError, match="^Adam: 0.0 s of speech found in 1 sound; at least 3 s"):
        own.add("Adam", Audio(np.zeros(RATE), RATE))


@pytest.mark.parametrize(("seconds", "enough"), [(2.99, False), (3.0, True)])
def test_three_seconds_of_speech_are_enough(own, people, monkeypatch, seconds, enough):
    heard = replace(hear(people["Bruno"][0], own.models), seconds=seconds)
    monkeypatch.setattr(recognition, "hear", lambda sound, models: heard)
    if enough:
        with pytest.warns(DoubtfulResultWarning, match=r"^Bob: 3\.0 s of speech found in 1 sound; with less than 10 s"):
            own.add("Bob", people["Bruno"][0])
    else:
        with pytest.raises(ValueError, match=r"at least 3 s are needed"):
            own.add("Bob", people["Bruno"][0])
    assert ("Bob" in own) is enough


def test_a_conversation_is_not_one_voice(voices, own, conversation):
    with pytest.warns(DoubtfulResultWarning) as caught:
        voices.verify("Adam", conversation[0])
    (message,) = {str(warning.message) for warning in caught}
    assert message.startswith("the sound: ") and message.endswith(
        " people seem to speak, but one voice is asked for; diarize(sound, voices=voices) tells them apart."
    )
    with pytest.warns(DoubtfulResultWarning) as caught:
        own.add("Bob", conversation[0])
    assert re.fullmatch(r"Bob: \d people seem to speak in the sound; listen to it\.", str(caught[0].message))


def test_files_that_disagree_are_named(people, tmp_path):
    wrong = tmp_path / "wrong.wav"
    write(wrong, people["Emil"][1])
    with pytest.warns(DoubtfulResultWarning) as caught:
        Voices.enrol({"Adam": [*people["Adam"], wrong]})
    messages = [str(warning.message) for warning in caught]
    assert messages == [f"Adam: {wrong} may be of somebody else; listen to the files of this person."]
    Voices.enrol({"Adam": list(people["Adam"])})  # no warning


def test_two_names_of_one_voice_are_named(people, own):
    with pytest.warns(DoubtfulResultWarning, match="^Adam and Bob sound like the same person; listen to both.$"):
        own.add("Bob", people["Adam"][0])
    with pytest.warns(DoubtfulResultWarning) as caught:
        Voices.enrol({"A\x2dx": people["Adam"][0], "b": people["Adam"][0], "c": people["Emil"][0]})
    assert [str(w.message) for w in caught] == ["A-x and b sound like the same person; listen to both."]


@pytest.mark.parametrize(("most", "warned"), [(4, True), (3, False)])
def test_of_very_many_people_no_pairs_are_looked_at(people, own, recwarn, monkeypatch, most, warned):
    monkeypatch.setattr(recognition, "_MOST_COMPARED", most)
    own.add("Bob", people["Adam"][0])  # the fourth
    assert bool(recwarn) is warned


def test_who_cannot_be_enrolled_is_left_out_with_the_reason(people, tmp_path):
    (tmp_path / "words.wav").write_text("words")
    silence, lines = Audio(np.zeros(RATE, np.float32), RATE), []
    with pytest.warns(DoubtfulResultWarning) as caught:
        voices = Voices.enrol(
            {"mute": silence, "text": tmp_path / "words.wav", "Adam": [people["Adam"][0], tmp_path / "words.wav"]},
            progress=lines.append,
        )
    messages = [str(warning.message) for warning in caught]
    assert messages[0] == "not enrolled: mute: 0.0 s of speech found in 1 sound; at least 3 s are needed, better 30 s."
    assert messages[1].startswith("not enrolled: ") and "words.wav" in messages[1]
    assert messages[2].startswith("Adam: left out: ") and "words.wav" in messages[2] and len(messages) == 3
    assert voices.names == ("Adam",) and lines[:2] == ["[1/3] mute: not enrolled", "[2/3] text: not enrolled"]
    with pytest.warns(DoubtfulResultWarning), pytest.raises(ValueError, match="^nobody could be enrolled; each person"):
        Voices.enrol({"mute": silence, "still": silence})
    with pytest.raises(AudioError, match="words.wav"):
        Voices.enrol({"text": tmp_path / "words.wav"})


def test_folders_without_people_are_refused(tmp_path):
    with pytest.raises(ValueError, match="is empty; it must hold one folder of sounds for each person"):
        Voices.enrol(tmp_path)
    with pytest.raises(NotADirectoryError, match="nowhere: does not exist"):
        Voices.enrol(tmp_path / "nowhere")
    with pytest.raises(ValueError, match="there is nobody: no names are given"):
        Voices.enrol({})
    with pytest.raises(TypeError, match="people of type list cannot be read"):
        Voices.enrol(["a.wav"])


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("adam", "the names 'Adam' and 'adam' are too much alike"),
        ("a/b", "the name a/b contains a slash or a backslash"),
        ("a\\b", "the name a\\\\b contains a slash"),
        ("SPEAKER_00", "the name SPEAKER_00 is what people who are not known are called"),
        ("speaker_17", "is what people who are not known are called"),
        ("SPEAKER 00", "is what people who are not known are called"),
        ("", "the name '' is empty"),
        (" ann", "begins or ends with a blank"),
        ("a\nb", "contains a control character"),
        ("x" * 101, "has 101 characters"),
    ],
)
def test_impossible_names_are_refused(own, people, name, message):
    before = vectors(own)
    with pytest.raises(ValueError, match=message):
        own.add(name, people["Bruno"][0])
    with pytest.raises(ValueError, match=message):
        Voices.enrol({"Adam": people["Adam"][0], name: people["Bruno"][0]})
    assert vectors(own) == before
    with pytest.raises(TypeError, match="a name is text, not int"):
        own.add(3, people["Bruno"][0])


def test_a_person_is_found_by_the_name_in_any_unicode_form(tmp_path, tiny_models):
    voices = made(tmp_path, tiny_models, Zoë=[np.ones(8)], bob=[np.zeros(8)])
    decomposed = unicodedata.normalize("NFD", "Zoë")
    assert decomposed != "Zoë" and voices.seconds(decomposed) == 20 and decomposed in voices
    assert voices.seconds("Z\u200bo\u00eb\ufeff") == 20  # what nobody sees is left out, as where people are added
    voices.remove(decomposed)
    assert voices.names == ("bob",)


def test_another_session_may_be_added_in_any_unicode_form(people, own):
    own.add(unicodedata.normalize("NFD", "Zoë"), people["Bruno"][0])
    own.add("Zoë", people["Bruno"][1])
    assert own.names == (*NAMES, "Zoë") and len(own._people["Zoë"]) == 2


def test_who_is_not_enrolled_is_named_with_those_who_are(voices, people):
    with pytest.raises(ValueError, match=r"^'Bruno' is not enrolled; the people are Adam, Clara, Emil\.$"):
        voices.verify("Bruno", people["Bruno"][1])
    with pytest.raises(ValueError, match=r"^'a\\nb' is not enrolled"):
        voices.seconds("a\nb")
    with pytest.raises(ValueError, match=r"^'a{106}\.\.\. is not enrolled; the people are Adam"):
        voices.seconds("a" * 5000)
    assert 7 not in voices
    with pytest.raises(TypeError, match=r"^a name is text, not int; write '7'\.$"):
        voices.seconds(7)


@pytest.mark.parametrize("p", [0, 1, -0.1, 1.5, float("nan")])
def test_a_prior_is_a_probability(voices, people, p):
    with pytest.raises(ValueError, match=f"^prior={p} is a probability between 0 and 1; 0.5 is usual.$"):
        voices.verify("Adam", people["Adam"][1], prior=p)
    with pytest.raises(ValueError, match=f"^known={p} is a probability between 0 and 1; 0.5 is usual.$"):
        voices.identify(people["Adam"][1], known=p)


def test_what_is_no_sound_is_refused(voices, tmp_path):
    with pytest.raises(AudioError, match="nowhere.wav"):
        voices.identify(tmp_path / "nowhere.wav")
    with pytest.raises(TypeError, match="type int cannot be read"):
        voices.identify(3)
    with pytest.raises(ValueError, match="there is no sound"):
        voices.identify([])


def test_speakers_of_a_diarization_are_named(crowd):
    rng = np.random.default_rng(6)
    turns = [Turn(0, 5, "SPEAKER_00"), Turn(5, 9, "SPEAKER_01")]
    prints = [Voiceprint(vectors_of(rng, 1)[0], turn.duration) for turn in turns]
    speakers = [Speaker(turn.speaker, turn.duration, 0.5, voice=own) for turn, own in zip(turns, prints)]
    answers = crowd.identify_voiceprints(prints)
    named = crowd.name_speakers(Diarization(Annotation(turns), speakers, 9.0))
    names = [answer.name or speaker.name for answer, speaker in zip(answers, speakers)]
    assert [speaker.name for speaker in named.speakers] == names
    bare = Diarization(Annotation(turns), [Speaker(s.name, s.seconds, 0.5) for s in speakers], 9.0)
    with pytest.raises(ValueError, match="the result holds no voiceprints; give the voices to the diarizer"):
        crowd.name_speakers(bare)
    nobody = Diarization(Annotation(()), [], 9.0)
    assert crowd.name_speakers(nobody) == nobody


def test_a_thousand_people(tmp_path):
    models = load_voice_models()
    rng = np.random.default_rng(0)
    everybody = rng.normal(0, 1, (1000, models.voiceprinter.n_dimensions)).astype(np.float32)
    voices = made(tmp_path, models, **{f"person {k}": vector[None] for k, vector in enumerate(everybody)})
    (answer,) = voices.identify_voiceprints([Voiceprint(everybody[834], 20.0)])
    assert answer.name == "person 834" and len(answer.candidates) == 1000
    assert str(answer).endswith("and 990 more people")
    with pytest.raises(ValueError, match="person 0, person 1, person 2, person 3, person 4 and 995 more"):
        voices.seconds("nobody")


def test_somebody_else_in_a_folder_or_in_a_new_session_is_warned_of(own, people):
    """Two files each of two people, and one of a stranger added later."""
    halves = [
        [Audio(sound.samples[: 6 * RATE], RATE), Audio(sound.samples[6 * RATE :], RATE)]
        for sound, _ in (people["Adam"], people["Clara"])
    ]
    with pytest.warns(DoubtfulResultWarning, match="^Mixed: the sound, the sound may be of somebody else; listen"):
        Voices.enrol({"Mixed": [*halves[0], *halves[1]]})
    with (
        pytest.warns(DoubtfulResultWarning, match="^Adam: the sound may be of somebody else; listen"),
        pytest.warns(DoubtfulResultWarning, match="^Adam and Clara sound like the same person; listen to both"),
    ):
        own.add("Adam", people["Clara"][0])
