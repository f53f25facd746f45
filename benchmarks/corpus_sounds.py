"""A corpus of many short files for `bench_corpus.py`, some of them broken."""

import csv
from pathlib import Path

import numpy as np
import soundfile
from recordings import SAMPLE_RATE, read_samples

N_FILES, N_BROKEN = 1000, 20
SECONDS = 3.0, 6.0  # of a file


def write_corpus(shared, folder, n_files):
    """Write the corpus, of which a fiftieth is broken; returns its seconds of sound."""
    manifest = Path(shared, "corpora", "dev", "librispeech", "manifest.csv")
    with open(manifest, encoding="utf-8", newline="") as file:
        speech = [read_samples(manifest.parent / row["path"]) for row in csv.DictReader(file)]
    rng = np.random.default_rng(24)
    broken = set(rng.permutation(n_files)[: n_files * N_BROKEN // N_FILES].tolist())
    seconds = 0.0
    for number in range(n_files):
        path = folder / f"{number // 100:02d}" / f"film-{number:04d}.wav"
        path.parent.mkdir(exist_ok=True)
        parts = [speech[place] for place in rng.choice(len(speech), 2, replace=False)]
        length = round(rng.uniform(*SECONDS) * SAMPLE_RATE)
        samples = np.concatenate([part[: length // 2] for part in parts])
        if number in broken:
            BROKEN[number % len(BROKEN)](path, samples, rng)
        else:
            soundfile.write(path, samples, SAMPLE_RATE, subtype="PCM_16")
            seconds += len(samples) / SAMPLE_RATE
    return seconds


def _empty(path, _samples, _rng):
    path.touch()


def _text(path, _samples, _rng):
    path.write_text("This is not the sound you are looking for.\n" * 50, encoding="utf-8")


def _noise(path, _samples, rng):
    path.write_bytes(rng.bytes(100_000))


def _beginning(path, samples, _rng):
    soundfile.write(path, samples, SAMPLE_RATE, subtype="PCM_16")
    path.write_bytes(path.read_bytes()[:20])


def _film(path, _samples, rng):
    path.write_bytes(bytes.fromhex("1a45dfa3a342868101") + rng.bytes(50_000))  # Matroska begins so


BROKEN = (_empty, _text, _noise, _beginning, _film)
