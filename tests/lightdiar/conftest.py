"""Sound that several files listen to, made and analysed once."""

import csv
import gc

import numpy as np
import pytest

from lightdiar.common import archive
from lightdiar.io.audio import Audio, write
from lightdiar.models.gmm import GMM, fit_gmm
from lightdiar.models.ivectors import TotalVariability
from lightdiar.models.plda import PLDA
from lightdiar.recognition import listening
from lightdiar.recognition.voices import Voices
from lightdiar.signal.frontend import analyse
from lightdiar.stages import resegmentation
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


def once(function):
    """The function, which works once in a session for the same array and options; what it gives is read-only."""
    known = {}

    def remembered(X, *arguments, **options):
        key = X.tobytes(), X.shape, X.dtype.str, arguments, tuple(sorted(options.items()))
        if key not in known:
            known[key] = function(X, *arguments, **options)
            for value in vars(known[key]).values():
                if isinstance(value, np.ndarray):
                    value.flags.writeable = False
        return known[key]

    return remembered


@pytest.fixture(scope="session")
def analyse_once():
    """`analyse` that hears each sound once."""
    heard = once(lambda samples: analyse([samples]))
    return lambda blocks: heard(np.concatenate([np.zeros(0, np.float32), *blocks]))


@pytest.fixture(scope="session")
def fit_once():
    """`fit_gmm` that fits the same frames once."""
    return once(fit_gmm)


@pytest.fixture(scope="session")
def analysis(conversation, analyse_once):
    """Of the conversation."""
    return analyse_once([conversation[0].samples])


@pytest.fixture
def heard_once(analyse_once, fit_once, monkeypatch):
    """A `Diarizer`, `tune` and `hear` do not do anew what hangs on the sound alone: analysis, mixture of its speech.

    To the bit it is what it would be, and all else is done as ever.
    """
    for listener in (diarizer, tuning, listening):
        monkeypatch.setattr(listener, "analyse", analyse_once)
    monkeypatch.setattr(resegmentation, "fit_gmm", fit_once)


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
    return VoiceModels(printer, cohort, np.array([1.0, 0.7, 0.5]), -2.0)


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
