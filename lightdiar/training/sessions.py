"""Training material: scenes, sessions and voices, made from utterances and backgrounds.

Random choices depend only on the position of an utterance in the list and on the seed, so the number of processes has
no effect.
"""

from collections.abc import Iterator, Sequence
from itertools import pairwise
from pathlib import Path

import numpy as np

from lightdiar.signal.frontend import GRID, SAMPLE_RATE, Analysis, analyse
from lightdiar.stages.embedding import recording_mean, speaker_features
from lightdiar.stages.speech import detector_features, speech_level
from lightdiar.training import augment
from lightdiar.training.manifests import Utterance, backgrounds, by_speaker, load_utterance
from lightdiar.training.scenes import make_scene

# copies of each utterance for the gender models, each drawn differently; it needs audio at 8 kHz, with and without the
# low band of a telephone
VOICE_CONDITIONS = ("clean", "room", "phone", "film", "film", "narrow", "narrow")
_ACTED = 0.5  # share of the utterances in a session that are said with another vocal effort: people have moods
_RAISED = 0.5  # share of copies at another pitch: of those at their own, F0 tells most
_OCTAVES = -0.3, 0.9  # of the change: sad to shouting
_EVERY = 5  # frames of scenes
_PIECE = 50, 800  # frames
_LONGEST = 10  # seconds of an utterance in the gender models


def scene_frames(
    utterances: Sequence[Utterance], sounds: tuple[str | Path, tuple[str, ...]], number: int, seed: int = 0
) -> tuple[np.ndarray, np.ndarray]:
    """Detector features of every fifth frame of a scene, as neighbours are much alike, and the class of each.

    Every third scene is cut in pieces that do not hear each other: so the detector learns how sound begins and ends,
    and a stream, of which the future is not known.
    """

    def draw(rng):
        mine = speakers[rng.integers(len(speakers))]
        return load_utterance(mine[rng.integers(len(mine))])

    speakers = list(by_speaker(utterances).values())
    rng = np.random.default_rng([seed, 0, number])
    samples, labels = make_scene(draw, backgrounds(*sounds), rng)
    analysis = analyse([samples])
    n = min(len(analysis), len(labels))
    loud = speech_level(analysis.mfcc[:, 0], analysis.strength)
    edges = [0, *np.cumsum(rng.integers(*_PIECE, size=n // _PIECE[0]))] if number % 3 == 0 else [0, n]
    pieces = [slice(start, min(end, n)) for start, end in pairwise(edges) if start < n]
    X = [detector_features(analysis.mfcc[p], analysis.f0[p], analysis.strength[p], loud) for p in pieces]
    own = slice(number % _EVERY, n, _EVERY)
    return np.concatenate(X)[own], labels[own]


def draw_sessions(utterances: Sequence[Utterance], rng: np.random.Generator) -> list[list[Utterance]]:
    """Who meets whom: the utterances of two to six speakers per recording; the last one takes those who are left."""
    speakers = list(by_speaker(utterances).values())
    order, sessions = list(rng.permutation(len(speakers))), []
    while order:
        n_speakers = rng.integers(2, 7)
        sessions.append([utterance for place in order[:n_speakers] for utterance in speakers[place]])
        order = order[n_speakers:]
    return sessions


def session_sounds(
    session: Sequence[Utterance], condition: str, sounds: tuple[str | Path, tuple[str, ...]], number: int, seed: int = 0
) -> tuple[list[tuple[str, np.ndarray, np.ndarray]], np.ndarray]:
    """Utterances as they sound in one recording, half of them said with another vocal effort.

    Returns
    -------
    heard : list of (str, ndarray of shape (n_samples,), ndarray of bool, shape (n_frames,))
        Speaker, sound and which of its frames are speech; utterances without any are left out. All share the room.
    share : ndarray of shape (len(heard),)
        Of the recording's speech: each speaker's is drawn. They sum to 1.
    """
    heard = []
    for place, utterance in enumerate(session, start=1):  # 0 would draw what is shared once more
        samples = load_utterance(utterance)
        rng, shared = np.random.default_rng([seed, 1, number, place]), np.random.default_rng([seed, 1, number])
        if rng.random() < _ACTED:
            samples = augment.vocal_effort(rng, samples)
        copy = augment.copy(samples, condition, rng, backgrounds(*sounds), shared=shared)
        active = active_frames(samples, GRID.n_frames(len(copy)))
        if active.any():
            heard.append((utterance.speaker, copy, active))
    names, speaker = np.unique([name for name, _, _ in heard], return_inverse=True)
    return heard, shared.dirichlet(np.ones(len(names)))[speaker] / np.bincount(speaker)[speaker]


def session_copies(
    session: Sequence[Utterance], condition: str, sounds: tuple[str | Path, tuple[str, ...]], number: int, seed: int = 0
) -> list[tuple[str, np.ndarray]]:
    """Speaker features of utterances that share a recording: (speaker, X (n_frames, 38) of the speech) for each.

    The mean that is subtracted is that of all of them, see `session_sounds`.
    """
    heard, share = session_sounds(session, condition, sounds, number, seed)
    cepstra = [analyse([copy], pitch=False).mfcc for _, copy, _ in heard]
    mean = share @ [recording_mean(mfcc, active) for mfcc, (_, _, active) in zip(cepstra, heard)]
    return [(name, speaker_features(mfcc, mean)[active]) for mfcc, (name, _, active) in zip(cepstra, heard)]


def voice_copies(
    utterance: Utterance, sounds: tuple[str | Path, tuple[str, ...]], number: int, seed: int = 0
) -> Iterator[tuple[Analysis, np.ndarray]]:
    """An utterance in every condition, half of the time at another pitch, and which of its frames are speech."""
    samples = load_utterance(utterance)[: _LONGEST * SAMPLE_RATE]
    for variant, condition in enumerate(VOICE_CONDITIONS):
        rng = np.random.default_rng([seed, 2, number, variant])
        raised = rng.random() < _RAISED
        speech = augment.change_pitch(samples, 2 ** rng.uniform(*_OCTAVES)) if raised else samples
        coloured = augment.tilt(rng, speech)
        analysis = analyse([augment.copy(coloured, condition, rng, backgrounds(*sounds))])
        yield analysis, active_frames(speech, len(analysis))


def active_frames(samples: np.ndarray, n_frames: int) -> np.ndarray:
    active = augment.speech_activity(samples)
    return np.pad(active, (0, max(0, n_frames - len(active))))[:n_frames]
