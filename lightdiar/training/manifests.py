"""Manifests: which recordings to train on, as CSV tables.

A speech manifest has the columns path,speaker,gender and, where known, age (years); a noise manifest has path,kind,
where kind is noise or music. Paths are relative to the manifest.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from fnmatch import fnmatch
from functools import lru_cache
from pathlib import Path

import numpy as np

from lightdiar.common.files import PathLike
from lightdiar.errors import AudioError, FormatError
from lightdiar.io.audio import read
from lightdiar.io.manifests import read_manifest
from lightdiar.io.resample import resample
from lightdiar.signal.frontend import SAMPLE_RATE
from lightdiar.stages.gender import VOICES

_OLDEST = 130  # years
_OLDEST_CHILD, _YOUNGEST_ADULT = 12, 16  # years; breaking voices are not used to train the gender model
_SHORTEST = 0.1  # seconds of an utterance


@dataclass(frozen=True)
class Utterance:
    """A row of a speech manifest; without an age, the speaker is taken to be an adult."""

    path: Path
    speaker: str
    gender: str  # F, M or, if it is not known, blank
    age: float


def read_speech_manifest(path: PathLike) -> list[Utterance]:
    """Read the utterances of a CSV with the columns path,speaker,gender[,age]; a gender may be blank."""
    utterances = []
    for number, row in read_manifest(path, ("path", "speaker", "gender")):
        if row["gender"] not in ("F", "M", ""):
            raise FormatError(f"{path}:{number}: gender is F or M: {row['gender']!r:.40}")
        try:
            age = float(row.get("age") or _YOUNGEST_ADULT)
        except ValueError:
            age = np.nan
        if not 0 <= age <= _OLDEST:
            raise FormatError(f"{path}:{number}: age is a number of years, 0 to {_OLDEST}: {row['age']!r:.40}")
        utterances.append(Utterance(Path(path).parent / row["path"], row["speaker"], row["gender"], age))
    return utterances


def read_noise_manifest(path: PathLike, leave_out: Iterable[str] = ()) -> dict[str, list[np.ndarray]]:
    """Read the sounds of a CSV with the columns path,kind: float32 arrays at 16 kHz, by kind."""
    sounds: dict[str, list[np.ndarray]] = {"noise": [], "music": []}
    for number, row in read_manifest(path, ("path", "kind")):
        if row["kind"] not in sounds:
            raise FormatError(f"{path}:{number}: kind is noise or music: {row['kind']!r:.40}")
        if not any(fnmatch(row["path"], pattern) for pattern in leave_out):
            sounds[row["kind"]].append(load_samples(Path(path).parent / row["path"]))
    return sounds


def read_sounds(path: PathLike, leave_out: Iterable[str] = ()) -> list[tuple[str, Path]]:
    """Label and path of each sound of a CSV with the columns path,label; without a label, the kind is one."""
    return [
        (row.get("label") or row.get("kind", ""), Path(path).parent / row["path"])
        for _, row in read_manifest(path, ("path",))
        if not any(fnmatch(row["path"], pattern) for pattern in leave_out)
    ]


@lru_cache(maxsize=1)
def backgrounds(paths: str | Path | tuple[str, ...], leave_out: tuple[str, ...]) -> dict[str, list[np.ndarray]]:
    """The results of `read_noise_manifest` for one or several manifests together, read once by each process."""
    read = [read_noise_manifest(path, leave_out) for path in (paths if isinstance(paths, tuple) else (paths,))]
    return {kind: [samples for sounds in read for samples in sounds[kind]] for kind in read[0]}


def count_backgrounds(paths: str | Path | tuple[str, ...], leave_out: tuple[str, ...]) -> dict[str, int]:
    """Number of clips of each kind; FormatError if there are none of one, as training needs both."""
    counts = {kind: len(clips) for kind, clips in backgrounds(paths, leave_out).items()}
    for kind, n_clips in counts.items():
        if n_clips == 0:
            where = " ".join(paths) if isinstance(paths, tuple) else paths
            raise FormatError(f"{where}: no rows of kind {kind}; training needs noise and music")
    return counts


def by_speaker(utterances: Iterable[Utterance]) -> dict[str, list[Utterance]]:
    """The utterances of each speaker."""
    speakers: dict[str, list[Utterance]] = {}
    for utterance in utterances:
        speakers.setdefault(utterance.speaker, []).append(utterance)
    return speakers


def voice_of(utterance: Utterance) -> str | None:
    """ "woman", "man", "child", or None for ages in between and for adults without a gender."""
    if utterance.age <= _OLDEST_CHILD:
        return "child"
    if utterance.age < _YOUNGEST_ADULT or not utterance.gender:
        return None
    return "woman" if utterance.gender == "F" else "man"


def check_voices(utterances: Iterable[Utterance], where: PathLike) -> None:
    """FormatError that says where, if women, men or children are missing, whom the models of gender tell apart."""
    there = set(map(voice_of, utterances))
    for voice in VOICES:
        if voice not in there:
            raise FormatError(f"{where}: no row is of a {voice}; women, men and children, with F or M, are needed.")


def load_utterance(utterance: Utterance) -> np.ndarray:
    """Samples at 16 kHz; AudioError if they are too few for `lightdiar.training.augment.change_pitch`."""
    samples = load_samples(utterance.path)
    if len(samples) < _SHORTEST * SAMPLE_RATE:
        raise AudioError(
            f"{utterance.path}: lasts {len(samples) / SAMPLE_RATE:.3f} s; an utterance needs {_SHORTEST} s or more. "
            "Leave it out of the manifest."
        )
    return samples


def load_samples(path: PathLike) -> np.ndarray:
    audio = read(path)
    if not len(audio.samples):
        raise AudioError(f"{path}: holds no samples; leave it out of the manifest.")
    samples = resample(audio.samples, audio.sample_rate, SAMPLE_RATE)
    return samples - samples.mean()
