"""Training: every shipped parameter from manifests of speech and of noise, in one deterministic pass.

A speech manifest is a CSV with the columns path,speaker,gender and, where known, age (years); a noise manifest has
path,kind with kind noise or music. Paths are relative to the manifest. Each utterance is heard in several recording
conditions (`lightdiar.augment`), whose random choices depend only on its place in the list and on the seed.
"""

import csv
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from lightdiar import augment
from lightdiar.audio import read, resample
from lightdiar.embedding import embed_windows, fit_total_variability, speaker_features, window_statistics
from lightdiar.errors import FormatError
from lightdiar.frontend import GRID, Analysis, analyse
from lightdiar.gmm import fit_gmm
from lightdiar.plda import fit_plda

N_COMPONENTS, N_FACTORS, N_PLDA = 256, 100, 60
WINDOW_FRAMES = 150  # of speech in one embedding
_UBM_FRAMES = 150_000
_ADULT = 30  # years, where a manifest gives no age


@dataclass(frozen=True)
class Utterance:
    """A row of a speech manifest."""

    path: Path
    speaker: str
    gender: str
    age: float


@dataclass(frozen=True, eq=False)
class Copy:
    """An utterance as heard in one condition: its features, and which frames are speech."""

    utterance: Utterance
    condition: str
    analysis: Analysis
    speech: np.ndarray


def train(speech, noise, out, *, n_jobs=1, report=print):
    """Train all models and write the bundle with its card.

    Parameters
    ----------
    speech : list of path
        Speech manifests.
    noise : path
        Noise manifest.
    out : path
        Folder of the bundle.
    n_jobs : int
        Processes that prepare the copies; the result does not depend on it.
    report : callable
        Called with a line of text at each step.
    """
    from joblib import Parallel, delayed

    utterances = [utterance for path in speech for utterance in read_speech_manifest(path)]
    sounds = read_noise_manifest(noise)
    report(f"{len(utterances)} utterances in {len(augment.CONDITIONS)} conditions")
    jobs = (delayed(hear)(utterance, number, sounds) for number, utterance in enumerate(utterances))
    copies = [copy for heard in Parallel(n_jobs=n_jobs, batch_size=16)(jobs) for copy in heard]
    report("speaker models")
    ubm, extractor, plda = fit_speakers(copies)


def read_speech_manifest(path):
    """Utterances of a CSV with path,speaker,gender[,age]."""
    rows = _read_manifest(path, ("path", "speaker", "gender"))
    return [
        Utterance(Path(path).parent / row["path"], row["speaker"], row["gender"], float(row.get("age") or _ADULT))
        for row in rows
    ]


def read_noise_manifest(path):
    """Sounds of a CSV with path,kind: dict kind -> list of float32 arrays at 16 kHz."""
    sounds = {}
    for row in _read_manifest(path, ("path", "kind")):
        sounds.setdefault(row["kind"], []).append(_load(Path(path).parent / row["path"]))
    return sounds


def hear(utterance, number, backgrounds, seed=0):
    """All copies of one utterance.

    Parameters
    ----------
    utterance : Utterance
    number : int
        Its place in the list, which with the seed fixes what is random.
    backgrounds : dict of str to list of ndarray
    seed : int

    Returns
    -------
    copies : list of Copy
    """
    samples = _load(utterance.path)
    copies = []
    for variant, condition in enumerate(augment.CONDITIONS):
        rng = np.random.default_rng([seed, number, variant])
        analysis = analyse([augment.copy(samples, condition, rng, backgrounds)])
        copies.append(Copy(utterance, condition, analysis, active_frames(samples, len(analysis))))
    return copies


def active_frames(samples, n_frames):
    """Frames of a clean utterance that hold speech: loudness above half way between pause and speech.

    Parameters
    ----------
    samples : ndarray of shape (n_samples,)
        At 16 kHz, one speaker, no background.
    n_frames : int

    Returns
    -------
    mask : ndarray of bool, shape (n_frames,)
    """
    hop = GRID.hop_length
    power = np.square(samples[: len(samples) // hop * hop], dtype=np.float64).reshape(-1, hop).mean(axis=1)
    loudness = np.convolve(10 * np.log10(power + 1e-10), np.ones(5) / 5, "same")
    floor, top = np.percentile(loudness, [5, 95])
    active = loudness > max(floor + (top - floor) / 2, top - 25)
    return np.pad(active, (0, max(0, n_frames - len(active))))[:n_frames]


def fit_speakers(copies):
    """Background model, i-vector extractor and PLDA.

    Parameters
    ----------
    copies : list of Copy

    Returns
    -------
    ubm : GMM
    extractor : TotalVariability
    plda : PLDA
    """
    features = [speaker_features(copy.analysis.mfcc)[copy.speech].astype(np.float32) for copy in copies]
    pool = np.concatenate(features)
    drawn = np.random.default_rng(0).choice(len(pool), min(_UBM_FRAMES, len(pool)), replace=False)
    ubm = fit_gmm(pool[np.sort(drawn)], N_COMPONENTS, n_iter=10)
    del pool
    parts = [_parts(len(X)) for X in features]
    N, F = (np.concatenate(s) for s in zip(*(window_statistics(ubm, X, p) for X, p in zip(features, parts))))
    extractor = fit_total_variability(N, F, N_FACTORS)
    W = np.concatenate([extractor.embed(N[i : i + 512], F[i : i + 512]) for i in range(0, len(N), 512)])
    speakers = np.repeat([copy.utterance.speaker for copy in copies], [len(p) for p in parts])
    return ubm, extractor, fit_plda(W, speakers, N_PLDA)


def _parts(n_frames):
    """An utterance cut into equal parts of about a window each, shape (n_parts, 2)."""
    edges = np.linspace(0, n_frames, max(1, round(n_frames / WINDOW_FRAMES)) + 1).astype(int)
    return np.stack([edges[:-1], edges[1:]], axis=1)


def _load(path):
    audio = read(path)
    samples = resample(audio.samples, audio.sample_rate, augment.SAMPLE_RATE)
    return samples - samples.mean()


def _read_manifest(path, columns):
    path = Path(path)
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file)
            missing = [column for column in columns if column not in (reader.fieldnames or ())]
            if missing:
                raise FormatError(f"{path}:1: no column {', '.join(missing)}; a manifest needs {','.join(columns)}.")
            return list(reader)
    except OSError as error:
        raise FormatError(f"{path}: cannot be read: {error.strerror}") from None
