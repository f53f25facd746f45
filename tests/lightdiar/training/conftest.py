import csv

import numpy as np
import pytest

from lightdiar.io.audio import Audio, write
from lightdiar.training.synthesis import VOICES, synthesize_speech


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
