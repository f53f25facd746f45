"""Manifests: which recordings to train on, as CSV tables.

A speech manifest has the columns path,speaker,gender and, where known, age (years); a noise manifest has path,kind,
where kind is noise or music. Paths are relative to the manifest.
"""

import csv
from collections.abc import Iterable
from dataclasses import dataclass
from fnmatch import fnmatch
from functools import lru_cache
from pathlib import Path

import numpy as np

from lightdiar.common.files import PathLike
from lightdiar.errors import AudioError, FormatError
from lightdiar.io.audio import read
from lightdiar.io.resample import resample
from lightdiar.signal.frontend import SAMPLE_RATE

_OLDEST_CHILD, _YOUNGEST_ADULT = 12, 16  # years; breaking voices are not used to train the gender model


@dataclass(frozen=True)
class Utterance:
    """A row of a speech manifest; without an age, the speaker is taken to be an adult."""

    path: Path
    speaker: str
    gender: str
    age: float


def read_speech_manifest(path: PathLike) -> list[Utterance]:
    """Read the utterances of a CSV with the columns path,speaker,gender[,age]."""
    utterances = []
    for number, row in enumerate(_read_manifest(path, ("path", "speaker", "gender")), 2):
        if row["gender"] not in ("F", "M"):
            raise FormatError(f"{path}:{number}: gender is F or M: {row['gender']!r}")
        try:
            age = float(row.get("age") or _YOUNGEST_ADULT)
        except ValueError:
            raise FormatError(f"{path}:{number}: age is a number of years: {row['age']!r}") from None
        utterances.append(Utterance(Path(path).parent / row["path"], row["speaker"], row["gender"], age))
    return utterances


def read_noise_manifest(path: PathLike, leave_out: Iterable[str] = ()) -> dict[str, list[np.ndarray]]:
    """Read the sounds of a CSV with the columns path,kind: float32 arrays at 16 kHz, by kind."""
    sounds: dict[str, list[np.ndarray]] = {"noise": [], "music": []}
    for number, row in enumerate(_read_manifest(path, ("path", "kind")), 2):
        if row["kind"] not in sounds:
            raise FormatError(f"{path}:{number}: kind is noise or music: {row['kind']!r}")
        if not any(fnmatch(row["path"], pattern) for pattern in leave_out):
            sounds[row["kind"]].append(load_samples(Path(path).parent / row["path"]))
    return sounds


@lru_cache(maxsize=1)
def backgrounds(path: str | Path, leave_out: tuple[str, ...]) -> dict[str, list[np.ndarray]]:
    """The result of `read_noise_manifest`, read once by each process."""
    return read_noise_manifest(path, leave_out)


def by_speaker(utterances: Iterable[Utterance]) -> dict[str, list[Utterance]]:
    """The utterances of each speaker."""
    speakers: dict[str, list[Utterance]] = {}
    for utterance in utterances:
        speakers.setdefault(utterance.speaker, []).append(utterance)
    return speakers


def voice_of(utterance: Utterance) -> str | None:
    """ "woman", "man", "child", or None for ages in between."""
    if utterance.age <= _OLDEST_CHILD:
        return "child"
    if utterance.age < _YOUNGEST_ADULT:
        return None
    return "woman" if utterance.gender == "F" else "man"


def load_samples(path: PathLike) -> np.ndarray:
    audio = read(path)
    if not len(audio.samples):
        raise AudioError(f"{path}: holds no samples; leave it out of the manifest.")
    samples = resample(audio.samples, audio.sample_rate, SAMPLE_RATE)
    return samples - samples.mean()


def _read_manifest(path, columns):
    path = Path(path)
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file)
            missing = [column for column in columns if column not in (reader.fieldnames or ())]
            if missing:
                raise FormatError(f"{path}:1: no column {', '.join(missing)}; a manifest needs {','.join(columns)}")
            rows = list(reader)
    except OSError as error:
        raise FormatError(f"{path}: cannot be read: {error.strerror}") from None
    if not rows:
        raise FormatError(f"{path}: no rows; a manifest lists at least one sound")
    return rows
