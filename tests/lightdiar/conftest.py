"""Sound that several files listen to, made and analysed once."""

import csv
import functools
import gc
import json
import shutil

import numpy as np
import pytest

from lightdiar.common import archive
from lightdiar.events import assessment, experiment
from lightdiar.events.decoding import Decoding
from lightdiar.events.evaluation import evaluate
from lightdiar.events.experiment import train_experiment
from lightdiar.events.features import FrontEnd
from lightdiar.events.logistic import Logistic
from lightdiar.events.model import EventModel
from lightdiar.io.audio import Audio, write
from lightdiar.models.gmm import GMM
from lightdiar.models.ivectors import TotalVariability
from lightdiar.models.plda import PLDA
from lightdiar.recognition import listening
from lightdiar.recognition.voices import Voices
from lightdiar.signal.frontend import analyse
from lightdiar.stages.gender import VoiceprintGender
from lightdiar.stages.voiceprint import Voiceprinter
from lightdiar.systems import bundle, diarizer
from lightdiar.systems.voice_models import VoiceModels
from lightdiar.training import tuning
from lightdiar.training.synthesis import VOICES, Voice, synthesize_conversation, synthesize_speech

gc.set_threshold(50_000)  # collecting the tests makes many objects and no garbage: to look for it took a second


@pytest.fixture(scope="session")
def conversation():
    """A minute of four voices, read-only: sound, truth, genders."""
    sound, truth, genders = synthesize_conversation(seed=0)
    sound.samples.flags.writeable = False
    return sound, truth, genders


@pytest.fixture(scope="session")
def conversation_file(conversation, tmp_path_factory):
    """The conversation in a file, rounded to 16 bits."""
    path = tmp_path_factory.mktemp("sound") / "talk.wav"
    write(path, conversation[0])
    return path


@pytest.fixture(scope="session")
def analyse_once():
    """`analyse` that hears each sound once; what it gives is read-only."""
    known = {}

    def heard(blocks):
        samples = np.concatenate([np.zeros(0, np.float32), *blocks])
        key = samples.tobytes(), samples.dtype
        if key not in known:
            known[key] = analyse([samples])
            for values in (known[key].mfcc, known[key].f0, known[key].strength):
                values.flags.writeable = False
        return known[key]

    return heard


@pytest.fixture(scope="session")
def analysis(conversation, analyse_once):
    """Of the conversation."""
    return analyse_once([conversation[0].samples])


@pytest.fixture
def heard_once(analyse_once, monkeypatch):
    """A `Diarizer`, `tune` and `hear` do not analyse the same sound anew.

    To the bit it is what it would be, and all else is done as ever.
    """
    for listener in (diarizer, tuning, listening):
        monkeypatch.setattr(listener, "analyse", analyse_once)


@pytest.fixture
def no_bundle(monkeypatch):
    """No parameters can be read from the package."""

    def refuse(function, path, largest):
        raise AssertionError(f"{path} was read")

    monkeypatch.setattr(archive, "_read", refuse)
    bundle.load.cache_clear()


@pytest.fixture(scope="session")
def people():
    """Of voices that nobody takes for one another 12 s, of which at least 10 are speech, and 5 s more."""
    emil = Voice(300, "M", 1.4, (1.1, 0.9, 1.1), open_quotient=0.5, softness=0.5, breath=0.3)
    three = {name: VOICES[name] for name in ("Adam", "Bruno", "Clara")}
    return {
        name: tuple(Audio(synthesize_speech(voice, seconds, seed=40 + seconds), 16000) for seconds in (12, 5))
        for name, voice in {**three, "Emil": emil}.items()
    }


@pytest.fixture(scope="session")
def class_folder(people, tmp_path_factory):
    """A folder for each of three of the people, all but Bruno, with the long sounds."""
    folder = tmp_path_factory.mktemp("people") / "class"
    for name in ("Adam", "Clara", "Emil"):
        (folder / name).mkdir(parents=True)
        write(folder / name / "long.wav", people[name][0])
    return folder


@pytest.fixture(scope="session")
def voices(class_folder):
    """Adam, Clara and Emil enrolled; not to be changed."""
    return Voices.enrol(class_folder)


@pytest.fixture(scope="session")
def voices_file(voices, tmp_path_factory):
    """The file of `voices`; not to be changed."""
    path = tmp_path_factory.mktemp("voices") / "class.voices"
    voices.save(path)
    return path


@pytest.fixture(scope="session")
def tiny_models():
    """Models of speaker recognition that know nothing: 8 components, 5 factors, vectors of 4, 3 and 1 dimensions."""
    rng = np.random.default_rng(4)
    ubm = GMM(np.full(8, 1 / 8), rng.normal(0, 3, (8, 38)), rng.uniform(20, 40, (8, 38)))
    extractor = TotalVariability(rng.normal(0, 0.05, (8, 38, 5)).astype(np.float32))
    ivectors = PLDA(rng.normal(size=5), rng.normal(size=(5, 4)), np.array([4.0, 2.0, 1.0, 0.5]))
    means = PLDA(rng.normal(0, 0.1, 304), rng.normal(0, 0.1, (304, 3)), np.array([3.0, 2.0, 1.0]))
    printer = Voiceprinter(rng.normal(size=20), ubm, extractor, ivectors, means)
    cohort = np.concatenate([rng.normal(size=(30, 7)), rng.uniform(size=(30, 1))], axis=1)
    gender = VoiceprintGender(rng.normal(size=(3, 3)), rng.normal(size=3))
    return VoiceModels(printer, cohort, np.array([1.0, 0.7, 0.5]), -2.0, gender)


@pytest.fixture(scope="session")
def corpus(tmp_path_factory):
    """Four voices, two utterances each, one called a child; two noises and a piece of music."""
    folder = tmp_path_factory.mktemp("corpus")
    rng = np.random.default_rng(0)
    rows = []
    for number, (name, voice) in enumerate(VOICES.items()):
        for take in range(2):
            path = f"{name}{take}.wav"
            write(folder / path, Audio(synthesize_speech(voice, 4.0, seed=10 * number + take), 16000))
            rows.append([path, name, voice.gender, 8 if number == 0 else ""])
    _save(folder / "speech.csv", ["path", "speaker", "gender", "age"], rows)
    write(folder / "hiss.wav", Audio(rng.normal(0, 0.1, 32000), 16000))
    write(folder / "babble.wav", Audio(rng.normal(0, 0.1, 32000), 16000))
    write(folder / "tune.wav", Audio(0.1 * np.sin(np.arange(48000) / 5), 16000))
    kinds = [["hiss.wav", "noise"], ["babble.wav", "noise"], ["tune.wav", "music"]]
    _save(folder / "noise.csv", ["path", "kind"], kinds)
    return folder


def _save(path, head, rows):
    with open(path, "w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([head, *rows])


TONE_RATE = 8000
TONES = {"beep": 700, "buzz": 2500}  # Hz
TONE_SETTINGS = {
    "front_end": {"sample_rate": TONE_RATE, "n_filters": 12, "context": [0.5], "average": False},
    "model": "gmm",
    "validation": 0.3,
}


@pytest.fixture(scope="session")
def tones():
    """A function that makes a sound at 8 kHz: a tone for each event (start, end, label) over soft noise."""

    def make(events, seconds, seed=0):
        t = np.arange(round(seconds * TONE_RATE)) / TONE_RATE
        samples = 0.003 * np.random.default_rng(seed).normal(size=len(t))
        for start, end, label in events:
            samples += 0.2 * np.sin(2 * np.pi * TONES[label] * t) * ((t >= start) & (t < end))
        return Audio(samples, TONE_RATE)

    return make


@pytest.fixture(scope="session")
def tones_folder(tones, tmp_path_factory):
    """Six recordings of 4 s in the layout of DCASE, each with a beep and a buzz; two folds, which test two of them."""
    folder = tmp_path_factory.mktemp("tones") / "corpus"
    (folder / "audio").mkdir(parents=True)
    (folder / "evaluation_setup").mkdir()
    lines = []
    for number in range(6):
        start = 0.3 + 0.2 * number
        events = [(start, start + 1, "beep"), (start + 0.6, start + 2, "buzz")]
        write(folder / f"audio/{number}.wav", tones(events, 4.0, number))
        lines.append("".join(f"audio/{number}.wav\t{a:.1f}\t{b:.1f}\t{label}\n" for a, b, label in events))
    parts = {
        "fold1_train": lines[:4],
        "fold1_evaluate": lines[4:],
        "fold2_train": lines[2:],
        "fold2_evaluate": lines[:2],
    }
    for name, own in parts.items():
        (folder / "evaluation_setup" / f"{name}.txt").write_text("".join(own), encoding="utf-8", newline="\n")
    return folder


@pytest.fixture(scope="session")
def begin_experiment():
    """A function that makes the folder of an experiment with quick settings, or others."""

    def begin(folder, **changes):
        folder.mkdir(parents=True)
        (folder / "config.json").write_text(json.dumps({**TONE_SETTINGS, **changes}), encoding="utf-8")
        return folder

    return begin


@pytest.fixture(scope="session")
def tones_trained(tones_folder, begin_experiment):
    """An experiment on the tones, whose two folds are trained with `few_draws`; not to be changed."""
    folder = begin_experiment(tones_folder.parent / "trained")
    with pytest.MonkeyPatch.context() as patch:
        _draw_few(patch)
        train_experiment(folder, tones_folder)
    return folder


@pytest.fixture
def few_draws(monkeypatch):
    """Intervals of 20 draws, which take a moment."""
    _draw_few(monkeypatch)


def _draw_few(patch):
    for module in (experiment, assessment):
        patch.setattr(module, "evaluate", functools.partial(evaluate, n_draws=20))


@pytest.fixture
def own_trained(tones_trained, tmp_path):
    """A copy of the experiment, beside a copy of its corpus, to be changed."""
    shutil.copytree(tones_trained.parent, tmp_path / "own")
    return tmp_path / "own" / "trained"


@pytest.fixture(scope="session")
def files_in():
    """A function that gives the content of all files in a folder by their name."""
    return lambda folder: {
        path.relative_to(folder).as_posix(): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()
    }


@pytest.fixture(scope="session")
def loud():
    """A model made by hand: a step is loud if the mean log energy of four bands, up to 4 kHz, is above -7."""
    front_end = FrontEnd(TONE_RATE, n_filters=4, context=(), average=False, envelope=False, reference="none")
    return EventModel(("loud",), front_end, (Logistic(np.full(4, 0.25), 7.0),), Decoding([0.5], 1, 2, 2))
