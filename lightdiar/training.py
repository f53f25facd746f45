"""Training: every shipped parameter from manifests of speech and of noise, in one deterministic pass.

A speech manifest is a CSV with the columns path,speaker,gender and, where known, age (years); a noise manifest has
path,kind with kind noise or music. Paths are relative to the manifest. What is random (`lightdiar.augment`,
`lightdiar.scenes`) depends only on the place of an utterance in the list and on the seed, so the number of processes
changes nothing.
"""

import csv
import itertools
import warnings
from dataclasses import dataclass
from fnmatch import fnmatch
from functools import lru_cache
from pathlib import Path

import numpy as np

from lightdiar import augment
from lightdiar.audio import read, resample
from lightdiar.bundle import Models, save
from lightdiar.embedding import fit_total_variability, recording_mean, speaker_features, window_statistics
from lightdiar.errors import AudioError, FormatError
from lightdiar.frontend import SAMPLE_RATE, analyse
from lightdiar.gender import fit_gender_model
from lightdiar.gmm import fit_gmm
from lightdiar.plda import fit_plda
from lightdiar.scenes import make_scene
from lightdiar.vad import detector_features, fit_speech_detector

N_SCENES = 120
N_COMPONENTS, N_FACTORS, N_PLDA = 256, 100, 50
# copies of each utterance, each in other company; film sound varies most, so it has twice as many. Sound at 8 kHz, with
# no high band at all, costs the speaker models 1.5 points of DER at 16 kHz; the gender model needs it, with and without
# the low band of a telephone
SPEAKER_CONDITIONS = ("clean", "room", "band", "film", "film") * 2
VOICE_CONDITIONS = ("clean", "room", "phone", "film", "film", "narrow")
WINDOW_FRAMES = 150  # of speech in one embedding
_UBM_FRAMES = 150_000
_OLDEST_CHILD, _YOUNGEST_ADULT = 12, 16  # years; voices that are breaking do not train the gender model
_RAISED = 0.75  # share of copies at another pitch
_OCTAVES = -0.3, 0.9  # of the change: sad to shouting
_LONGEST = 10  # seconds of an utterance in the gender model


@dataclass(frozen=True)
class Utterance:
    """A row of a speech manifest; without an age it is an adult's."""

    path: Path
    speaker: str
    gender: str
    age: float


def train(speech, noise, out, *, leave_out=(), notes=None, n_jobs=1, report=print):
    """Train all models and write the bundle with its card.

    Parameters
    ----------
    speech : list of path
        Speech manifests.
    noise : path
        Noise manifest.
    out : path
        Folder of the bundle.
    leave_out : sequence of str
        Patterns such as "*babble*": noise whose path matches one is not used.
    notes : dict, optional
        Entries of the card that only a person knows, such as sources, licence and figures.
    n_jobs : int
        Processes that prepare the sound.
    report : callable
        Called with a line of text at each step.

    Raises
    ------
    FormatError
        If a manifest cannot be used.
    """
    corpora = [read_speech_manifest(path) for path in speech]
    utterances = [utterance for corpus in corpora for utterance in corpus]
    sounds = noise, tuple(leave_out)  # what a process needs to load the backgrounds once
    kinds = {kind: len(clips) for kind, clips in backgrounds(*sounds).items()}
    for kind, n_clips in kinds.items():
        if n_clips == 0:
            raise FormatError(f"{noise}: no rows of kind {kind}; training needs noise and music")
    for utterance in utterances:
        if not utterance.path.is_file():
            raise FormatError(f"{utterance.path}: listed in a manifest of speech, but there is no such file")
    report(f"{len(utterances)} utterances, {kinds['noise']} noises, {kinds['music']} pieces of music")
    report("speech detector")
    detector = _fit_detector(utterances, sounds, n_jobs)
    report("speaker models")
    ubm, extractor, plda = _fit_speakers(corpora, sounds, n_jobs)
    report("gender model")
    gender = _fit_gender(utterances, sounds, n_jobs)
    card = {**_card(utterances, kinds, speech, noise, leave_out), **(notes or {})}
    save(Models(detector, ubm, extractor, plda, gender), out, card)


def read_speech_manifest(path):
    """Utterances of a CSV with path,speaker,gender[,age]."""
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


def read_noise_manifest(path, leave_out=()):
    """Sounds of a CSV with path,kind: dict kind -> list of float32 arrays at 16 kHz."""
    sounds = {"noise": [], "music": []}
    for number, row in enumerate(_read_manifest(path, ("path", "kind")), 2):
        if row["kind"] not in sounds:
            raise FormatError(f"{path}:{number}: kind is noise or music: {row['kind']!r}")
        if not any(fnmatch(row["path"], pattern) for pattern in leave_out):
            sounds[row["kind"]].append(_load(Path(path).parent / row["path"]))
    return sounds


def scene_frames(utterances, sounds, number, seed=0):
    """Detector features of one scene and the class of each frame."""

    def draw(rng):
        mine = speakers[rng.integers(len(speakers))]
        return _load(mine[rng.integers(len(mine))].path)

    speakers = list(by_speaker(utterances).values())
    samples, labels = make_scene(draw, backgrounds(*sounds), np.random.default_rng([seed, 0, number]))
    analysis = analyse([samples])
    n_frames = min(len(analysis), len(labels))
    return detector_features(analysis.mfcc, analysis.f0, analysis.strength)[:n_frames], labels[:n_frames]


def draw_sessions(utterances, rng):
    """Who meets whom in a recording: the utterances of two to six speakers, of the last what is left; list of lists."""
    speakers = list(by_speaker(utterances).values())
    order, sessions = list(rng.permutation(len(speakers))), []
    while order:
        n_speakers = rng.integers(2, 7)
        sessions.append([utterance for place in order[:n_speakers] for utterance in speakers[place]])
        order = order[n_speakers:]
    return sessions


def session_copies(session, condition, sounds, number, seed=0):
    """Speaker features of utterances that share a recording: list of (speaker, X (n_frames, 38) of its speech).

    The speakers share the room, and the mean that is taken off is that of them all, whoever talks how much.
    """
    heard = []
    for place, utterance in enumerate(session):
        samples = _load(utterance.path)
        rng, shared = np.random.default_rng([seed, 1, number, place]), np.random.default_rng([seed, 1, number])
        analysis = analyse([augment.copy(samples, condition, rng, backgrounds(*sounds), shared=shared)])
        active = _active(samples, len(analysis))
        if active.any():
            heard.append((utterance.speaker, analysis.mfcc, active))
    names, speaker = np.unique([name for name, _, _ in heard], return_inverse=True)
    share = shared.dirichlet(np.ones(len(names)))[speaker] / np.bincount(speaker)[speaker]
    mean = share @ [recording_mean(mfcc, active) for _, mfcc, active in heard]
    return [(name, speaker_features(mfcc, mean)[active]) for name, mfcc, active in heard]


def voice_copies(utterance, sounds, number, seed=0):
    """MFCC and F0 of the speech frames of an utterance in every condition, most at another pitch."""
    samples = _load(utterance.path)[: _LONGEST * SAMPLE_RATE]
    copies = []
    for variant, condition in enumerate(VOICE_CONDITIONS):
        rng = np.random.default_rng([seed, 2, number, variant])
        raised = rng.random() < _RAISED
        speech = augment.change_pitch(samples, 2 ** rng.uniform(*_OCTAVES)) if raised else samples
        coloured = augment.tilt(rng, speech)
        analysis = analyse([augment.copy(coloured, condition, rng, backgrounds(*sounds))])
        active = _active(speech, len(analysis))
        copies.append((analysis.mfcc[active], analysis.f0[active]))
    return copies


def voice_of(utterance):
    """ "woman", "man", "child", or None between them."""
    if utterance.age <= _OLDEST_CHILD:
        return "child"
    if utterance.age < _YOUNGEST_ADULT:
        return None
    return "woman" if utterance.gender == "F" else "man"


def _fit_detector(utterances, sounds, n_jobs):
    scenes = _parallel(scene_frames, [(utterances, sounds, number) for number in range(N_SCENES)], n_jobs)
    X, labels = (np.concatenate(parts) for parts in zip(*scenes))
    return fit_speech_detector(X, labels)


def _fit_speakers(corpora, sounds, n_jobs):
    """Background model, i-vector extractor and PLDA."""
    rng = np.random.default_rng(0)
    meetings = [
        (session, condition)  # of speakers of one corpus: its microphone must not tell them apart
        for corpus in corpora
        for condition in SPEAKER_CONDITIONS
        for session in draw_sessions(corpus, rng)
    ]
    heard = _parallel(session_copies, [(*meeting, sounds, number) for number, meeting in enumerate(meetings)], n_jobs)
    copies = list(itertools.chain.from_iterable(heard))
    pool = np.concatenate([X for _, X in copies])
    drawn = np.random.default_rng(0).choice(len(pool), min(_UBM_FRAMES, len(pool)), replace=False)
    ubm = fit_gmm(pool[np.sort(drawn)], N_COMPONENTS, n_iter=10)
    parts = [_parts(len(X)) for _, X in copies]
    statistics = (window_statistics(ubm, X, part, np.ones(len(X), bool)) for (_, X), part in zip(copies, parts))
    N, F = (np.concatenate(s) for s in zip(*statistics))
    extractor = fit_total_variability(N, F, N_FACTORS)
    W = np.concatenate([extractor.embed(N[i : i + 512], F[i : i + 512]) for i in range(0, len(N), 512)])
    speakers = np.repeat([speaker for speaker, _ in copies], [len(part) for part in parts])
    return ubm, extractor, fit_plda(W, speakers, N_PLDA)


def _fit_gender(utterances, sounds, n_jobs):
    known = [(number, u) for number, u in enumerate(utterances) if voice_of(u)]
    heard = _parallel(voice_copies, [(u, sounds, number) for number, u in known], n_jobs)
    copies = [(clip, voice_of(u), u.speaker) for (_, u), clips in zip(known, heard) for clip in clips]
    return fit_gender_model(*(list(column) for column in zip(*copies)))


def _card(utterances, kinds, speech, noise, leave_out):
    command = ["lightdiar train --speech", *map(_short, speech), "--noise", _short(noise)]
    command += [f"--leave-out '{pattern}'" for pattern in leave_out]
    n_children = len(by_speaker([utterance for utterance in utterances if voice_of(utterance) == "child"]))
    return {
        "sources": [
            f"speech: {', '.join(map(_short, speech))}: {len(utterances)} utterances of {len(by_speaker(utterances))} "
            f"speakers, {n_children} of them children",
            f"background: {_short(noise)}: {kinds['noise']} noises, {kinds['music']} pieces of music",
        ],
        "licence": ["as the sources allow"],
        "recipe": [
            " ".join(command) + " --out DIR",
            f"speech detector: five mixtures of Gaussians and a logistic regression, from {N_SCENES} synthetic scenes",
            f"speakers: UBM of {N_COMPONENTS} components, i-vectors of {N_FACTORS}, PLDA of {N_PLDA} dimensions; each "
            f"utterance in sessions with others in the conditions {', '.join(dict.fromkeys(SPEAKER_CONDITIONS))}",
            "gender: adapted means of 32 components and F0 in one logistic regression, at natural and changed pitch",
        ],
        "figures": ["not measured"],
    }


def _short(path):
    """The last folders of a path: enough to know it, and the same on every machine."""
    return "/".join(Path(path).parts[-3:])


def _parallel(function, calls, n_jobs):
    from joblib import Parallel, delayed

    with warnings.catch_warnings():  # joblib takes the sounds a worker keeps for a leak, and starts another
        warnings.filterwarnings("ignore", "A worker stopped", UserWarning)
        return Parallel(n_jobs=n_jobs, batch_size=8)(delayed(function)(*call) for call in calls)


def by_speaker(utterances):
    """Dict speaker -> list of its utterances."""
    speakers = {}
    for utterance in utterances:
        speakers.setdefault(utterance.speaker, []).append(utterance)
    return speakers


def _parts(n_frames):
    """An utterance cut into equal parts of about a window each, shape (n_parts, 2)."""
    edges = np.linspace(0, n_frames, max(1, round(n_frames / WINDOW_FRAMES)) + 1).astype(int)
    return np.stack([edges[:-1], edges[1:]], axis=1)


def _active(samples, n_frames):
    active = augment.speech_activity(samples)
    return np.pad(active, (0, max(0, n_frames - len(active))))[:n_frames]


@lru_cache(maxsize=1)
def backgrounds(path, leave_out):
    """What `read_noise_manifest` gives, read once by each process."""
    return read_noise_manifest(path, leave_out)


def _load(path):
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
