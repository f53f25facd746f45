import inspect
import io
import json
import subprocess
import sys
from dataclasses import fields
from functools import partial

import numpy as np
import pytest
import soundfile

from lightdiar.errors import AudioError, DoubtfulResultWarning
from lightdiar.io import audio
from lightdiar.io.audio import Audio
from lightdiar.io.rttm import read_rttm
from lightdiar.metrics.diarization import DiarizationScore, diarization_error
from lightdiar.recognition.voices import Voices
from lightdiar.signal.frames import runs
from lightdiar.signal.frontend import Analysis
from lightdiar.systems import bundle
from lightdiar.systems.diarizer import Diarizer, UntrainedDiarizer, count_speakers, detect_speech, diarize
from lightdiar.systems.joining import keep_voices
from lightdiar.systems.settings import Settings
from lightdiar.systems.stages import METHODS, Stages
from lightdiar.timeline import Annotation, Segment
from lightdiar.training.synthesis import VOICES, synthesize_conversation

RATE = 16000


@pytest.fixture(scope="module")
def result(conversation_file):
    return diarize(conversation_file)


def test_the_synthetic_conversation_is_understood(conversation, result):
    _, truth, _ = conversation
    assert result.counts() == {"M": 2, "F": 2}
    assert diarization_error(truth, result.annotation).der < 0.12


def test_count_speakers_is_a_plain_dict(conversation, heard_once):
    assert count_speakers(conversation[0]) == {"M": 2, "F": 2}


def test_children_are_counted_apart_unless_a_gender_is_asked_for(conversation, heard_once):
    def child(analysis, mask, by_voiceprint):
        return 0.01, 0.0, 0.99

    assert Diarizer(gender=child).predict(conversation[0]).counts() == {"M": 0, "F": 0, "child": 4}
    assert Diarizer(gender=child, force_gender=True).predict(conversation[0]).counts() == {"M": 0, "F": 4}


def test_what_is_heard_is_never_what_a_person_said(conversation, heard_once):
    for sure in ((1.0, 0.0, 0.0), (0.0, 1.0, 0.0), (0.0, 0.0, 1.0)):
        found = Diarizer(gender=lambda *heard, sure=sure: sure).predict(conversation[0])
        assert not any(speaker.told for speaker in found.speakers)


def test_a_file_and_its_samples_give_the_same_turns(conversation, result, heard_once):
    again = diarize(conversation[0])
    assert [turn.speaker for turn in again.turns] == [turn.speaker for turn in result.turns]
    # the file is rounded to 16 bits: the hiss of a pause may be part of the turn beside it or not
    assert diarization_error(result.annotation, again.annotation).der < 0.05


def test_turns_of_a_speaker_add_up_to_its_seconds_and_lie_in_the_recording(result):
    for speaker in result.speakers:
        mine = [turn for turn in result.turns if turn.speaker == speaker.name]
        assert sum(turn.duration for turn in mine) == pytest.approx(speaker.seconds)
    assert result.turns[0].start >= 0 and result.turns[-1].end <= result.duration
    assert [speaker.name for speaker in result.speakers] == [f"SPEAKER_{k:02d}" for k in range(4)]


def test_the_same_input_gives_the_same_bytes(conversation_file, result):
    assert diarize(conversation_file).to_json() == result.to_json()


@pytest.mark.parametrize("gain", [0.1, 0.5, -1.0])
def test_loudness_and_polarity_do_not_matter(conversation, gain, heard_once):
    sound = conversation[0]
    changed = Audio(sound.samples * np.float32(gain), sound.sample_rate)
    assert count_speakers(changed) == {"M": 2, "F": 2}


def test_leading_silence_and_an_offset_do_not_matter(conversation, heard_once):
    sound = conversation[0]
    silence = np.zeros(3 * RATE, np.float32)
    later = Audio(np.concatenate([silence, sound.samples]) + np.float32(0.05), RATE)
    assert count_speakers(later) == {"M": 2, "F": 2}


@pytest.mark.parametrize("number", [1, 2, 3, 4, 6, 9])
def test_num_speakers_is_obeyed_exactly(conversation, number, heard_once):
    found = diarize(conversation[0], num_speakers=number)
    assert len(found.speakers) == number and sum(found.counts().values()) == number


def test_min_and_max_speakers_are_bounds(conversation, heard_once):
    assert len(diarize(conversation[0], min_speakers=6).speakers) >= 6
    assert len(diarize(conversation[0], max_speakers=3).speakers) <= 3
    assert len(diarize(conversation[0], min_speakers=2, max_speakers=8).speakers) == 4


def test_more_speakers_than_there_are_can_be_had_but_no_more_than_asked_for(heard_once):
    monologue, _, _ = synthesize_conversation({"Adam": VOICES["Adam"]}, n_turns=7)
    assert len(diarize(monologue).speakers) == 1
    assert len(diarize(monologue, min_speakers=3).speakers) == 3


def test_impossible_numbers_of_speakers_are_refused(conversation, heard_once):
    with pytest.raises(ValueError, match="num_speakers already fixes the number"):
        Diarizer(num_speakers=2, max_speakers=3)
    with pytest.raises(ValueError, match="min_speakers=3 is more than max_speakers=2"):
        Diarizer(min_speakers=3, max_speakers=2)
    with pytest.raises(TypeError, match=r"type ndarray cannot be read; say their rate: \(samples, rate\)"):
        diarize(np.zeros(16000))
    with pytest.raises(ValueError, match="num_speakers=0 must be an integer of at least 1"):
        Diarizer(num_speakers=0)
    with pytest.raises(ValueError, match="max_speakers=0 must be an integer of at least 1"):
        Diarizer(max_speakers=0)
    with pytest.raises(TypeError, match="settings='film' must be Settings; load a file"):
        Diarizer(settings="film")
    with pytest.raises(ValueError, match="min_speaker_seconds=-1 must be from 0 to 3600000; 2 is usual"):
        Diarizer(min_speaker_seconds=-1)
    with pytest.raises(ValueError, match="at least 500 speakers requested, but there is only .* s of speech"):
        diarize(conversation[0], num_speakers=500)
    with pytest.raises(ValueError, match="at least 2 speakers requested, but there is no speech"):
        diarize(Audio(np.zeros(RATE), RATE), num_speakers=2)


def test_who_hardly_speaks_is_not_counted(conversation, heard_once):
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


def test_a_stage_can_be_replaced(conversation, heard_once):
    def everything(analysis):
        return np.ones(len(analysis), bool)

    found = Diarizer(detector=everything).predict(conversation[0])
    assert sum(turn.duration for turn in found.turns) == pytest.approx(found.duration, abs=0.05)


def test_what_is_asked_for_is_kept():
    def loud(analysis):
        return analysis.mfcc[:, 0] > 0

    models, settings = bundle.load(), Settings(pause=0.5)
    given = dict(min_speakers=2, max_speakers=5, min_speaker_seconds=1.5, force_gender=True, settings=settings)
    given |= dict(method="textbook", detector=loud, models=models)
    diarizer = Diarizer(**given)
    for name, value in given.items():
        assert getattr(diarizer, name) is value
    for name in ("num_speakers", "segmenter", "embedder", "clusterer", "resegmenter", "gender"):
        assert getattr(diarizer, name) is None
    assert Diarizer(num_speakers=3).num_speakers == 3
    plain = Diarizer()
    assert (plain.method, plain.min_speaker_seconds, plain.force_gender) == ("trained", 2.0, False)
    assert plain.settings == Settings() and plain.num_speakers is plain.min_speakers is plain.max_speakers is None


@pytest.mark.parametrize(
    ("options", "text"),
    [
        ({}, "Diarizer()"),
        (dict(num_speakers=3), "Diarizer(num_speakers=3)"),
        (
            dict(method="untrained", max_speakers=6, min_speakers=2, min_speaker_seconds=0.5),
            "Diarizer(min_speakers=2, max_speakers=6, min_speaker_seconds=0.5, method='untrained')",
        ),
        (dict(num_speakers=None, min_speaker_seconds=2.0, method="trained", settings=Settings()), "Diarizer()"),
        (
            dict(settings=Settings(pause=0.5), force_gender=True),
            "Diarizer(force_gender=True, settings=Settings(speech_bias=0.0, pause=0.5, speaker_prior=10.0, "
            "loop_probability=0.95))",
        ),
    ],
)
def test_a_diarizer_shows_what_differs_from_the_defaults_and_reads_back(options, text):
    diarizer = Diarizer(**options)
    assert repr(diarizer) == text
    again = eval(text)
    assert {name: value for name, value in vars(again).items() if name != "stages"} == {
        name: value for name, value in vars(diarizer).items() if name != "stages"
    }


def test_a_stage_of_ones_own_is_shown_too():
    assert repr(Diarizer(gender=max, num_speakers=2)) == "Diarizer(num_speakers=2, gender=<built-in function max>)"
    assert repr(UntrainedDiarizer(num_speakers=2)).startswith("UntrainedDiarizer(num_speakers=2")


def test_an_unknown_method_is_refused_by_name():
    with pytest.raises(ValueError, match="^method='magic' must be one of trained, textbook, untrained.$"):
        Diarizer(method="magic")
    with pytest.raises(TypeError, match="unexpected keyword argument 'speakers'"):
        Diarizer(speakers=2)
    with pytest.raises(TypeError, match="positional argument"):
        Diarizer(2)


def made_of(stages):
    """Name of each stage -> the function or the kind of model it is, and its options."""

    def what(stage):
        if isinstance(stage, partial):
            return stage.func, stage.keywords
        return stage if inspect.isfunction(stage) else type(stage)

    return {field.name: what(getattr(stages, field.name)) for field in fields(Stages)}


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("name", [field.name for field in fields(Stages)])
def test_any_stage_can_be_ones_own_in_any_method(method, name):
    def own(*arguments):
        raise AssertionError("is not called")

    usual = METHODS[method](bundle.load(), Settings())
    stages = Diarizer(method=method, **{name: own}).stages
    assert getattr(stages, name) is own is not getattr(usual, name)
    also = {"joiner": keep_voices} if name == "clusterer" else {}
    assert made_of(stages) == made_of(usual) | {name: own} | also


def test_a_detector_of_ones_own_decides_what_is_speech(conversation, heard_once):
    def in_the_middle(analysis):
        return (np.arange(len(analysis)) >= 1000) & (np.arange(len(analysis)) < 3000)

    found = Diarizer(detector=in_the_middle).predict(conversation[0])
    assert found.turns[0].start == pytest.approx(9.96, abs=0.02)  # widened by 0.05 s
    assert found.turns[-1].end == pytest.approx(30.06, abs=0.02)
    assert len(found.annotation.speech()) == 1


def test_a_segmenter_and_an_embedder_of_ones_own_are_what_the_clusterer_compares(analysis):
    """Twelve pieces of 4 s, described by a number each, and a clusterer that tells odd from even."""
    sound = Analysis(analysis.mfcc[:4800], analysis.f0[:4800], analysis.strength[:4800], 48.0)
    seen = {}

    def segmenter(analysis, speech):
        starts = np.arange(0, len(analysis), 400)
        return np.stack([starts, starts + 400], axis=1)

    def embedder(analysis, segments, speech):
        seen["speech"] = speech
        return segments[:, 0] // 400

    def clusterer(Y, fewest, most):
        seen["Y"], seen["bounds"] = Y.tolist(), (fewest, most)
        return Y % 2, 0.75

    def everything(analysis):
        return np.ones(len(analysis), bool)

    own = dict(detector=everything, segmenter=segmenter, embedder=embedder, clusterer=clusterer)
    keep = METHODS["textbook"](bundle.load(), Settings()).resegmenter
    diarizer = Diarizer(**own, resegmenter=keep, min_speakers=2, max_speakers=5)
    labels, agreement = diarizer.label(sound)
    assert np.array_equal(labels, np.arange(4800) // 400 % 2) and agreement == 0.75
    assert seen["Y"] == list(range(12)) and seen["bounds"] == (2, 5) and seen["speech"].all()
    Diarizer(**own, resegmenter=keep, num_speakers=2).label(sound)
    assert seen["bounds"] == (2, 2)
    Diarizer(**own, resegmenter=keep).label(sound)
    assert seen["bounds"] == (None, None)


def test_a_clusterer_of_ones_own_says_how_sure_it_is(conversation, heard_once):
    def everybody(Y, fewest, most):
        return np.zeros(len(Y), int), 0.4

    found = Diarizer(clusterer=everybody).predict(conversation[0])
    assert [speaker.name for speaker in found.speakers] == ["SPEAKER_00"] and found.agreement == 0.4


@pytest.mark.parametrize(
    ("bounds", "agreement"),
    [
        (dict(num_speakers=1), None),
        (dict(min_speakers=1, max_speakers=1), None),
        (dict(max_speakers=1), None),
        (dict(min_speakers=1, max_speakers=2), 0.4),
        (dict(min_speakers=1), 0.4),
    ],
)
def test_a_number_that_was_given_is_no_agreement(analysis, bounds, agreement):
    def everybody(Y, fewest, most):
        return np.zeros(len(Y), int), 0.4

    assert Diarizer(clusterer=everybody, **bounds).label(analysis)[1] == agreement


def test_a_resegmenter_of_ones_own_has_the_last_word_unless_it_loses_who_was_asked_for(analysis, heard_once):
    def to_the_first(analysis, speech, labels):
        return np.where(speech, 0, labels)

    assert set(Diarizer(resegmenter=to_the_first).label(analysis)[0]) == {-1, 0}
    labels, _ = Diarizer(resegmenter=to_the_first, num_speakers=3).label(analysis)
    assert set(labels) == {-1, 0, 1, 2}

    def the_other_way_round(analysis, speech, labels):
        return np.where(speech, labels.max() - labels, -1)

    keep = METHODS["textbook"](bundle.load(), Settings()).resegmenter
    turned, plain = (Diarizer(resegmenter=own).label(analysis)[0] for own in (the_other_way_round, keep))
    assert np.array_equal(turned, plain)  # numbered by appearance again


def test_a_gender_of_ones_own_hears_the_frames_of_each_speaker(conversation, analysis, heard_once):
    heard = []

    def gender(analysis, mask, by_voiceprint):
        heard.append(mask)
        assert by_voiceprint.shape == (3,) and by_voiceprint.sum() == pytest.approx(1)
        return (0.9, 0.1, 0.0) if len(heard) == 1 else (0.3, 0.7, 0.0)

    diarizer = Diarizer(gender=gender)
    found = diarizer.predict(conversation[0])
    assert [speaker.p_female for speaker in found.speakers] == [0.9, 0.3, 0.3, 0.3]
    labels, _ = diarizer.label(analysis)
    assert len(heard) == 4 and all(np.array_equal(mask, labels == number) for number, mask in enumerate(heard))


def test_without_voiceprints_a_gender_of_ones_own_gets_none(conversation):
    def gender(analysis, mask, by_voiceprint):
        assert by_voiceprint is None
        return 0.9, 0.1, 0.0

    assert Diarizer(gender=gender, method="untrained").predict(conversation[0]).counts()["F"] > 0


@pytest.mark.parametrize(
    ("detector", "came"),
    [
        (lambda analysis: np.ones(len(analysis) + 7, bool), r"bool of shape \(507,\)"),
        (lambda analysis: np.ones(len(analysis)), r"float64 of shape \(500,\)"),
        (lambda analysis: np.ones((len(analysis), 1), bool), r"bool of shape \(500, 1\)"),
        (lambda analysis: None, r"object of shape \(\)"),
    ],
)
def test_a_detector_that_breaks_its_contract_is_told_so(analysis, detector, came):
    sound = Analysis(analysis.mfcc[:500], analysis.f0[:500], analysis.strength[:500], 5.0)
    message = rf"^the detector returned {came}; it must return bool of shape \(500,\), one value per frame.$"
    with pytest.raises(TypeError, match=message):
        Diarizer(detector=detector).label(sound)


def test_a_list_of_truths_will_do(analysis):
    def detector(analysis):
        return [bool(frame % 1000 > 200) for frame in range(len(analysis))]

    speech = Diarizer(detector=detector).speech(analysis)
    assert runs(speech)[:2].tolist() == [[201, 1000], [1201, 2000]]


def test_the_untrained_diarizer_is_the_method_of_that_name(conversation, heard_once):
    ours, same = UntrainedDiarizer(), Diarizer(method="untrained")
    assert ours.method == "untrained" and made_of(ours.stages) == made_of(same.stages)
    assert ours.predict(conversation[0]) == same.predict(conversation[0])
    assert made_of(ours.stages) != made_of(Diarizer().stages)
    with pytest.raises(TypeError, match="method"):
        UntrainedDiarizer(method="trained")
    assert UntrainedDiarizer(num_speakers=2, settings=Settings(pause=0.5)).settings.pause == 0.5


def test_the_textbook_does_worse_than_what_ships_and_still_finds_the_voices(conversation, result, heard_once):
    truth = conversation[1]
    found = diarize(conversation[0], method="textbook", num_speakers=4)
    assert found.counts() == {"M": 2, "F": 2} and found.agreement is None
    assert diarization_error(truth, result.annotation).der < diarization_error(truth, found.annotation).der < 0.3
    assert diarize(conversation[0], method="textbook", num_speakers=4) == found


def test_numbers_of_speakers_are_obeyed_by_the_textbook_too(analysis, heard_once):
    for options, allowed in [
        (dict(num_speakers=2), {2}),
        (dict(num_speakers=7), {7}),
        (dict(min_speakers=6), set(range(6, 30))),
        (dict(max_speakers=3), {1, 2, 3}),
    ]:
        labels, _ = Diarizer(method="textbook", **options).label(analysis)
        assert labels.max() + 1 in allowed and set(labels) == set(range(-1, labels.max() + 1))


def test_where_somebody_speaks_is_told_without_asking_who(conversation, heard_once):
    usual, deaf = (detect_speech(conversation[0], settings=Settings(speech_bias=bias)) for bias in (0, -100))
    assert usual == diarize(conversation[0], num_speakers=1).annotation.speech() and deaf == []


def test_settings_decide(conversation, heard_once):
    deaf = Diarizer(settings=Settings(speech_bias=-100.0)).predict(conversation[0])
    assert not deaf.turns and deaf.agreement == 1
    apart = Diarizer(settings=Settings(pause=0.0)).predict(conversation[0])
    joined = Diarizer(settings=Settings(pause=5.0)).predict(conversation[0])
    assert len(apart.turns) > len(joined.turns)
    few = Diarizer(settings=Settings(speaker_prior=1e6)).predict(conversation[0])
    assert len(few.speakers) == 1


@pytest.fixture(scope="module")
def call(conversation, tmp_path_factory):
    """Half a minute of two voices as a call, a side each, heard faintly and late on the other; its truth."""
    sound, truth, _ = conversation
    times = np.arange(30 * RATE) / RATE
    people = list(dict.fromkeys(turn.speaker for turn in truth))[:2]
    sides = np.zeros((len(times), 2), np.float32)
    own = Annotation(turn for turn in truth.crop(Segment(0, 30)) if turn.speaker in people)
    for turn in own:
        part = (times >= turn.start) & (times < turn.end)
        sides[part, people.index(turn.speaker)] = sound.samples[: len(times)][part]
    sides += 10 ** (-25 / 20) * np.roll(sides[:, ::-1], int(0.1 * RATE), axis=0)
    path = tmp_path_factory.mktemp("calls") / "call.wav"
    soundfile.write(path, sides, RATE, subtype="FLOAT")
    return path, sides, own


def nobody(analysis):
    return np.zeros(len(analysis), bool)


def test_the_sides_of_a_call_are_heard_apart(call, heard_once):
    path, _, truth = call
    found = diarize(path)
    assert [speaker.name for speaker in found.speakers] == ["SPEAKER_00", "SPEAKER_01"]
    assert [speaker.channel for speaker in found.speakers] == [1, 2]
    starts = {name: min(t.start for t in found.turns if t.speaker == name) for name in found.annotation.speakers}
    assert list(starts.values()) == sorted(starts.values())
    assert diarization_error(truth, found.annotation).der < 0.12
    assert diarize(path, channels="separate").to_json() == found.to_json()


def test_all_sides_share_the_number_of_speakers(call, heard_once):
    path, _, _ = call
    for number in (2, 5):
        found = diarize(path, num_speakers=number)
        assert len(found.speakers) == number and {speaker.channel for speaker in found.speakers} == {1, 2}
    assert len(diarize(path, max_speakers=2).speakers) == 2
    assert len(diarize(path, min_speakers=6).speakers) == 6
    assert [speaker.channel for speaker in diarize(path, num_speakers=1).speakers] == [None]  # no call
    with pytest.raises(ValueError, match="at most 1 speaker requested, but somebody speaks on each of 2 channels that"):
        diarize(path, num_speakers=1, channels="separate")
    with pytest.raises(ValueError, match=r"at least 900 speakers requested, but there is only .* s of speech"):
        diarize(path, num_speakers=900)


def test_channels_are_mixed_or_chosen(call, heard_once):
    path, samples, _ = call
    for channels, mono in {"mix": samples.mean(axis=1), 1: samples[:, 0]}.items():
        found, expected = diarize(path, channels=channels), diarize(Audio(mono, RATE))
        assert found.turns == tuple(expected.turns)
        assert {s.channel for s in found.speakers} == {None if channels == "mix" else channels}
    with pytest.raises(AudioError, match=r"call\.wav: has 2 channels; there is no channel 3"):
        diarize(path, channels=3)


def test_what_is_no_call_is_mixed(call, tmp_path, heard_once):
    mixed = call[1].mean(axis=1)
    soundfile.write(tmp_path / "silent.wav", np.stack([mixed, 0 * mixed], axis=1), RATE, subtype="FLOAT")
    soundfile.write(tmp_path / "dual.wav", np.stack([mixed, mixed], axis=1), RATE, subtype="FLOAT")
    for name in ("silent", "dual"):
        found = diarize(tmp_path / f"{name}.wav")
        assert found.to_json() == diarize(tmp_path / f"{name}.wav", channels="mix").to_json()
        assert {speaker.channel for speaker in found.speakers} == {None}
    apart = diarize(tmp_path / "silent.wav", channels="separate", num_speakers=3)
    assert [speaker.channel for speaker in apart.speakers] == [1, 1, 1]


def test_a_mono_sound_has_one_channel(conversation, conversation_file, result, heard_once):
    assert diarize(conversation_file, channels="separate").to_json() == result.to_json()
    assert diarize(conversation[0], channels=1).speakers[0].channel == 1
    with pytest.raises(
        AudioError, match=r"samples in memory are mixed: there is no channel 2\. Give the file, or an io\.BytesIO\."
    ):
        diarize(conversation[0], channels=2)


@pytest.mark.parametrize(
    ("options", "kind", "message"),
    [
        ({"min_speaker_seconds": "2"}, TypeError, r"^min_speaker_seconds='2' must be a number; 2 is usual\.$"),
        ({"force_gender": "no"}, TypeError, r"^force_gender='no' must be True or False\.$"),  # text is true
        ({"repeat_names": 1}, TypeError, r"^repeat_names=1 must be True or False\.$"),
        (
            {"min_speaker_seconds": np.inf},  # which could be written, but not read
            ValueError,
            r"^min_speaker_seconds=inf must be from 0 to 3600000; 2 is usual\.$",
        ),
        (
            {"method": ["textbook"]},
            ValueError,
            r"^method=\['textbook'\] must be one of trained, textbook, untrained\.$",
        ),
        (
            {"models": "mine"},
            TypeError,
            r"^models='mine' must be Models; load a folder: lightdiar\.systems\.bundle\.load",
        ),
        ({"detector": 5}, TypeError, r"^detector=5 must be a function; see lightdiar\.systems\.stages\.$"),
    ],
)
def test_arguments_of_another_kind_are_refused(options, kind, message):
    with pytest.raises(kind, match=message):
        Diarizer(**options)


@pytest.mark.parametrize("channels", ["left", 0, -1, 1.0, True])
def test_impossible_channels_are_refused(channels):
    with pytest.raises(ValueError, match="must be 'separate', 'mix' or the number of a channel, from 1"):
        Diarizer(channels=channels)


def test_a_side_of_a_call_needs_more_evidence_for_another_speaker():
    assert Diarizer().stages.clusterer.speaker_prior == 7 and Diarizer()._side_clusterer().speaker_prior == 28
    assert Diarizer(settings=Settings(speaker_prior=1e6))._side_clusterer().speaker_prior == 7e5

    def own(points, fewest, most):
        return np.zeros(len(points), int), 1.0

    assert Diarizer(clusterer=own)._side_clusterer() is own


def test_a_call_in_an_open_file_is_a_call(call, heard_once):
    file = io.BytesIO(call[0].read_bytes())
    assert [speaker.channel for speaker in diarize(file).speakers] == [1, 2]
    mixed = diarize((call[1], RATE))  # samples are not
    assert {speaker.channel for speaker in mixed.speakers} == {None}


def test_what_is_wrong_with_a_call_is_said_once(call, tmp_path):
    samples = call[1][: 12 * RATE].copy()
    samples[5] = np.nan
    soundfile.write(tmp_path / "bad.wav", samples, RATE, subtype="FLOAT")
    for channels in (None, "separate", "mix", 2):
        with pytest.warns(DoubtfulResultWarning) as caught:
            diarize(tmp_path / "bad.wav", channels=channels, detector=nobody)
        assert len(caught) == 1


def test_progress_over_both_sides_is_that_of_the_recording(call):
    seen = []
    diarize(call[0], progress=seen.append, detector=nobody)
    assert seen == sorted(seen) and seen[-1] == pytest.approx(30)


def test_progress_tells_the_seconds_read(conversation_file, conversation):
    seen = []
    diarize(conversation_file, progress=seen.append, detector=nobody)
    assert seen == sorted(seen) and seen[-1] == pytest.approx(conversation[0].duration, abs=1e-3)


def test_json_names_every_speaker_once(result):
    content = json.loads(result.to_json())
    assert [s["speaker"] for s in content["speakers"]] == [f"SPEAKER_{k:02d}" for k in range(4)]
    assert {turn["speaker"] for turn in content["diarization"]} == {s["speaker"] for s in content["speakers"]}


@pytest.fixture
def named(conversation, voices, heard_once):
    """The conversation of Adam, Bruno, Clara and Diana; Adam and Clara are enrolled."""
    return diarize(conversation[0], voices=voices)


def test_speakers_who_are_known_are_named_and_all_else_stays(conversation, named, heard_once):
    plain, truth = diarize(conversation[0]), conversation[1]
    names = {before.name: after.name for before, after in zip(plain.speakers, named.speakers)}
    assert set(names.values()) >= {"Adam", "Clara"} and len(set(names.values())) == 4
    for name in ("Adam", "Clara"):
        own = Annotation(turn for turn in named.turns if turn.speaker == name)
        assert diarization_error(Annotation(turn for turn in truth if turn.speaker == name), own).der < 0.2
    for before, after in zip(plain.speakers, named.speakers):
        known = after.name in ("Adam", "Clara")
        assert after.name == before.name or known
        assert (after.p_name is not None and after.p_name > 0.5) if known else after.p_name is None
        assert (after.seconds, after.p_female, after.p_child) == (before.seconds, before.p_female, before.p_child)
        assert np.array_equal(after.voice.vector, before.voice.vector)
    assert [(t.start, t.end, names[t.speaker]) for t in plain.turns] == [
        (t.start, t.end, t.speaker) for t in named.turns
    ]
    assert (named.duration, named.agreement, named.counts()) == (plain.duration, plain.agreement, plain.counts())


def test_names_are_in_every_output(named, tmp_path):
    named.to_rttm(tmp_path / "talk.rttm")
    (read,) = read_rttm(tmp_path / "talk.rttm").values()
    listed = [speaker["speaker"] for speaker in json.loads(named.to_json())["speakers"]]
    for names in (read.speakers, listed, named.to_frame()["speaker"].tolist(), named.annotation.speakers):
        assert {"Adam", "Clara"} <= set(names)
    assert "Adam" in str(named) and "Clara" in named._repr_html_()


def test_each_speaker_has_a_voiceprint_of_its_own_speech_without_the_pauses(named, voices, analysis):
    heard = 0.01 * Diarizer().speech(analysis).sum()
    assert sum(speaker.voice.seconds for speaker in named.speakers) == pytest.approx(heard)
    assert heard + 1 < sum(speaker.seconds for speaker in named.speakers)
    for speaker in named.speakers:
        assert speaker.voice.vector.shape == (voices.models.voiceprinter.n_dimensions,)
        assert 0.6 * speaker.seconds < speaker.voice.seconds < speaker.seconds


def test_names_may_be_given_again(conversation, voices, heard_once):
    once = diarize(conversation[0], num_speakers=9, voices=voices)
    again = diarize(conversation[0], num_speakers=9, voices=voices, repeat_names=True)
    assert len(once.speakers) == 9 > len(again.speakers)
    assert len({speaker.name for speaker in again.speakers}) == len(again.speakers)
    assert [(turn.start, turn.end) for turn in again.turns] == [(turn.start, turn.end) for turn in once.turns]
    merged, apart = ({speaker.name: speaker.seconds for speaker in result.speakers} for result in (again, once))
    assert sum(merged.values()) == pytest.approx(sum(apart.values()))
    assert sum(merged.get(name, 0) for name in voices) > sum(apart.get(name, 0) for name in voices)


def test_the_number_of_people_does_not_hang_on_who_is_known(conversation, voices, heard_once):
    assert count_speakers(conversation[0], voices=voices) == {"M": 2, "F": 2}


def test_without_learnt_voices_there_are_no_voiceprints_unless_people_are_looked_for(conversation, voices, heard_once):
    plain = diarize(conversation[0], method="untrained")
    assert {speaker.voice for speaker in plain.speakers} == {None}
    assert "Adam" in diarize(conversation[0], method="untrained", voices=voices).annotation.speakers
    with pytest.raises(ValueError, match="the result holds no voiceprints; give the voices to the diarizer"):
        voices.name_speakers(plain)


def test_nobody_enrolled_is_nobody_named(conversation, heard_once):
    assert diarize(conversation[0], voices=Voices()) == diarize(conversation[0])


def test_without_speech_there_is_nobody_to_name(voices):
    assert diarize(Audio(np.zeros(RATE), RATE), voices=voices).speakers == ()


def test_people_are_known_on_the_sides_of_a_call(call, voices, heard_once):
    found = diarize(call[0], voices=voices)
    known = set(call[2].speakers) & set(voices)
    assert known and known <= {speaker.name for speaker in found.speakers}
    assert [speaker.channel for speaker in found.speakers] == [1, 2]


def test_whoever_can_name_speakers_may_do_it(conversation, heard_once):
    asked = []

    class Everybody:
        def name_speakers(self, result, *, repeat=False):
            asked.append((result, repeat))
            return "named"

    diarizer = Diarizer(
        voices=Everybody(), repeat_names=True, clusterer=lambda Y, fewest, most: (np.zeros(len(Y), int), 1)
    )
    assert diarizer.predict(conversation[0]) == "named"
    ((result, repeat),) = asked
    assert repeat is True and result.speakers[0].name == "SPEAKER_00" and result.speakers[0].voice is not None


def test_people_of_other_models_are_compared_by_those(conversation, tiny_models, heard_once):
    class Listener:
        models = tiny_models

        def name_speakers(self, result, *, repeat=False):
            return result

    found = diarize(conversation[0], voices=Listener())
    assert {speaker.voice.vector.shape for speaker in found.speakers} == {(8,)}


def test_what_cannot_name_speakers_is_refused(voices):
    with pytest.raises(TypeError, match=r"voices='class.voices' must be Voices; load a file: Voices.load\(path\)\."):
        Diarizer(voices="class.voices")
    assert (
        repr(Diarizer(voices=voices, repeat_names=True)) == "Diarizer(voices=<Voices of 3 people>, repeat_names=True)"
    )
    assert Diarizer(voices=voices).voices is voices and Diarizer().voices is None


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
@pytest.mark.parametrize(("condition", "highest", "fewest_right"), [("clean", 0.08, 5), ("film", 0.16, 3)])
def test_simulated_conversations(shared, tmp_path, condition, highest, fewest_right):
    corpora = shared / "corpora"
    command = [sys.executable, shared / "tools/simulate_conversations.py", "--condition", condition]
    command += ["--speech", corpora / "dev/librispeech/manifest.csv", "--noise", corpora / "dev/noise/manifest.csv"]
    command += ["--turns", corpora / "labels/voxconverse_dev", "--count", "6", "--seed", "11"]
    command += ["--prefix", "dev-librispeech", "--out", tmp_path]
    subprocess.run(list(map(str, command)), check=True)
    total, n_right = pooled(tmp_path)
    assert total.total > 1000 and total.der < highest and n_right >= fewest_right


def test_sound_in_memory_is_heard_as_the_file(conversation_file, tmp_path):
    """The first 20 s, in each shape, and without a header."""
    sound = audio.read(conversation_file, end=20.0)
    pcm = np.round(sound.samples * 32768).astype(np.int16)
    path = tmp_path / "talk.wav"
    audio.write(path, sound)
    raw = tmp_path / "talk.pcm"
    raw.write_bytes(pcm.astype("<i2").tobytes())
    expected = diarize(path).turns
    assert expected and detect_speech(path) == detect_speech((pcm, sound.sample_rate))
    with path.open("rb") as file:
        for same in (io.BytesIO(path.read_bytes()), file, {"waveform": pcm[None], "sample_rate": sound.sample_rate}):
            assert diarize(same).turns == expected
    assert diarize(raw, raw_rate=sound.sample_rate).turns == expected
    assert detect_speech(raw, raw_rate=sound.sample_rate) == detect_speech(path)
    assert count_speakers((sound.samples, sound.sample_rate)) == count_speakers(path)


@pytest.mark.parametrize(
    ("option", "meant"),
    [("n_speakers", "num_speakers"), ("min_speaker", "min_speakers"), ("force_genders", "force_gender")],
)
def test_an_option_that_is_not_there_has_a_neighbour_that_may_be_meant(option, meant):
    with pytest.raises(TypeError, match=f"^there is no option {option}\\. Do you mean {meant}\\?$"):
        count_speakers("film.wav", **{option: 2})


def test_where_nothing_like_it_is_there_all_options_are_listed():
    with pytest.raises(TypeError, match=r"^there is no option xyz\. Do you mean one of num_speakers, min_speakers, "):
        diarize("film.wav", xyz=2)
