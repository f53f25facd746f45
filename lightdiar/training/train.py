"""Training of every shipped parameter from manifests of speech and noise, in one deterministic pass."""

import itertools
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from lightdiar.common.files import PathLike
from lightdiar.common.processes import parallel
from lightdiar.errors import FormatError
from lightdiar.stages.embedding import fit_embedder
from lightdiar.stages.gender import fit_gender_model
from lightdiar.stages.speech import fit_speech_detector
from lightdiar.systems.bundle import Models, save
from lightdiar.training.cards import command, short_paths
from lightdiar.training.manifests import (
    Utterance,
    by_speaker,
    check_voices,
    count_backgrounds,
    read_speech_manifest,
    voice_of,
)
from lightdiar.training.sessions import draw_sessions, scene_frames, session_copies, voice_copies

N_SCENES = 300
N_COMPONENTS, N_FACTORS, N_PLDA = 256, 100, 50
# copies of each utterance for the speaker models; film sound varies most, so it has twice as many. Audio at 8 kHz,
# which has no high band at all, would cost them 1.5 points of DER at 16 kHz
SPEAKER_CONDITIONS = ("clean", "room", "band", "film", "film") * 2


def train(
    speech: Sequence[PathLike],
    noise: Sequence[PathLike],
    out: PathLike,
    *,
    leave_out: Sequence[str] = (),
    seed: int = 0,
    notes: Mapping[str, Any] | None = None,
    n_jobs: int = 1,
    progress: Callable[[str], object] | None = None,
) -> None:
    """Train all models and write the bundle with its card.

    Parameters
    ----------
    speech : list of path
        Speech manifests. Rows without a gender train the speech detector alone: of collections in which everybody has a
        microphone, models of speakers would learn the microphones.
    noise : list of path
        Noise manifests.
    out : path
        Folder of the bundle.
    leave_out : sequence of str
        Patterns such as "*babble*": noise whose path matches one is not used.
    seed : int
        Of all random choices; others show how much of a figure is luck.
    notes : dict, optional
        Card entries that only a person can supply, such as sources, licence and figures.
    n_jobs : int
        Number of processes that prepare the audio.
    progress : callable, optional
        Called with a line of text at each step.

    Raises
    ------
    FormatError
        If a manifest cannot be used.
    """
    progress = progress or (lambda line: None)
    corpora = [read_speech_manifest(path) for path in speech]
    utterances = [utterance for corpus in corpora for utterance in corpus]
    check_voices((utterance for utterance in utterances if utterance.gender), speech[0])
    sounds = tuple(map(str, noise)), tuple(leave_out)  # what a process needs to load the backgrounds once
    kinds = count_backgrounds(*sounds)
    for utterance in utterances:
        if not utterance.path.is_file():
            raise FormatError(f"{utterance.path}: listed in a manifest of speech, but there is no such file")
    progress(f"{len(utterances)} utterances, {kinds['noise']} noises, {kinds['music']} pieces of music")
    models = fit_models(corpora, sounds, n_jobs, progress, seed=seed)
    card = {**_card(utterances, kinds, speech, noise, leave_out, seed), **(notes or {})}
    save(models, out, card)


def fit_models(
    corpora: Sequence[Sequence[Utterance]],
    sounds: tuple[tuple[str, ...], tuple[str, ...]],
    n_jobs: int = 1,
    progress: Callable[[str], object] = lambda line: None,
    *,
    seed: int = 0,
) -> Models:
    """Train all models of a diarizer.

    Parameters
    ----------
    corpora : sequence of sequence of Utterance
        Those without a gender train the speech detector alone.
    sounds : tuple
        Noise manifests, and patterns of what is left out of them.
    n_jobs : int
    progress : callable, optional
    seed : int
    """
    utterances = [utterance for corpus in corpora for utterance in corpus]
    progress("speech detector")
    detector = _fit_detector(utterances, sounds, n_jobs, seed)
    progress("speaker models")
    corpora = [[utterance for utterance in corpus if utterance.gender] for corpus in corpora]
    speakers = _fit_speakers(corpora, sounds, n_jobs, seed)
    progress("gender model")
    gender = _fit_gender([utterance for corpus in corpora for utterance in corpus], sounds, n_jobs, seed)
    return Models(detector, speakers.ubm, speakers.extractor, speakers.plda, gender)


def speaker_meetings(corpora: Sequence[Sequence[Utterance]], seed: int = 0) -> list[tuple[list[Utterance], str]]:
    """Sessions from which the speaker models learn, each with its condition.

    The speakers of a session are of one corpus, so that its microphone cannot tell them apart.
    """
    rng = np.random.default_rng(seed)
    return [
        (session, condition)
        for corpus in corpora
        for condition in SPEAKER_CONDITIONS
        for session in draw_sessions(corpus, rng)
    ]


def _fit_detector(utterances, sounds, n_jobs, seed):
    scenes = parallel(scene_frames, [(utterances, sounds, number, seed) for number in range(N_SCENES)], n_jobs)
    X, labels = (np.concatenate(parts) for parts in zip(*scenes))
    return fit_speech_detector(X, labels, seed=seed)


def _fit_speakers(corpora, sounds, n_jobs, seed):
    """UBM, i-vector extractor and PLDA."""
    meetings = speaker_meetings(corpora, seed)
    calls = [(*meeting, sounds, number, seed) for number, meeting in enumerate(meetings)]
    heard = itertools.chain.from_iterable(parallel(session_copies, calls, n_jobs))
    return fit_embedder(list(heard), N_COMPONENTS, N_FACTORS, N_PLDA, seed=seed)


def _fit_gender(utterances, sounds, n_jobs, seed):
    known = [(number, u) for number, u in enumerate(utterances) if voice_of(u)]
    heard = parallel(_voice_frames, [(u, sounds, number, seed) for number, u in known], n_jobs)
    copies = [(clip, voice_of(u), u.speaker) for (_, u), clips in zip(known, heard) for clip in clips]
    return fit_gender_model(*(list(column) for column in zip(*copies)))


def _voice_frames(*call):
    """MFCC and F0 of the speech frames of an utterance in every condition."""
    return [(analysis.mfcc[speech], analysis.f0[speech]) for analysis, speech in voice_copies(*call)]


def _card(utterances, kinds, speech, noise, leave_out, seed):
    n_children = len(by_speaker([utterance for utterance in utterances if voice_of(utterance) == "child"]))
    return {
        "sources": [
            f"speech: {short_paths(speech)}: {len(utterances)} utterances of "
            f"{len(by_speaker(utterances))} speakers, {n_children} of them children",
            f"background: {short_paths(noise)}: {kinds['noise']} noises, {kinds['music']} pieces of music",
        ],
        "licence": ["as the sources allow"],
        "recipe": [
            command(speech, noise, leave_out, seed=seed),
            f"speech detector: boosted decision trees, from {N_SCENES} synthetic scenes, in quiet and over sound, near "
            "and far from the microphone, half of them through other microphones",
            f"speakers: UBM of {N_COMPONENTS} components, i-vectors of {N_FACTORS}, PLDA of {N_PLDA} dimensions; each "
            f"utterance in sessions with others in the conditions {', '.join(dict.fromkeys(SPEAKER_CONDITIONS))}, half "
            "of the time with another vocal effort, from sad to shouting",
            "gender: adapted means of two views of 32 components and F0 in one logistic regression, at natural pitch "
            "and others",
        ],
        "figures": ["not measured"],
    }
