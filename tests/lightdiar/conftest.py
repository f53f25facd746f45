"""Sound that several files listen to, made and analysed once."""

import csv
import gc

import numpy as np
import pytest

from lightdiar.common import archive
from lightdiar.io.audio import Audio, write
from lightdiar.models.gmm import fit_gmm
from lightdiar.signal.frontend import analyse
from lightdiar.stages import resegmentation
from lightdiar.systems import bundle, diarizer
from lightdiar.training import tuning
from lightdiar.training.synthesis import VOICES, synthesize_conversation, synthesize_speech

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
    """A `Diarizer` and `tune` do not do anew what hangs on the sound alone: its analysis, the mixture of its speech.

    To the bit it is what it would be, and all else is done as ever.
    """
    monkeypatch.setattr(diarizer, "analyse", analyse_once)
    monkeypatch.setattr(tuning, "analyse", analyse_once)
    monkeypatch.setattr(resegmentation, "fit_gmm", fit_once)


@pytest.fixture
def no_bundle(monkeypatch):
    """No parameters can be read from the package."""

    def refuse(function, path, largest):
        raise AssertionError(f"{path} was read")

    monkeypatch.setattr(archive, "_read", refuse)
    bundle.load.cache_clear()


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
