"""Training of the models of speaker recognition from manifests of speech and noise, in one deterministic pass.

The speech of each person is cut into sessions. Each session is heard in several recording conditions, with other rooms,
noises and moods, so that the models learn what changes from one recording to the next; played at another speed, it is
the voice of yet another person. The weights of the two scores are learnt from classes of people whom the models of that
trial have not heard, enrolled and tested as a user would. Women, men and children are told apart by the supervectors of
excerpts of all lengths, so that probabilities are those of short turns too.
"""

import itertools
import zlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from lightdiar.common.files import PathLike
from lightdiar.common.processes import parallel
from lightdiar.metrics.verification import cllr
from lightdiar.models.gmm import GMM, fit_gmm
from lightdiar.models.ivectors import TotalVariability, fit_total_variability, supervectors, whiten
from lightdiar.models.plda import fit_plda, fit_supervector_plda
from lightdiar.signal.frontend import SAMPLE_RATE, analyse
from lightdiar.stages.embedding import N_STATIC, speaker_features
from lightdiar.stages.gender import VOICES, VoiceprintGender, draw_excerpts, fit_voiceprint_gender
from lightdiar.stages.voiceprint import RELEVANCE, Voiceprinter, frame_weights
from lightdiar.systems.bundle import write_models
from lightdiar.systems.voice_models import VoiceModels, centre, load_voice_models
from lightdiar.training import augment
from lightdiar.training.cards import command, short_paths
from lightdiar.training.manifests import (
    Utterance,
    backgrounds,
    by_speaker,
    check_voices,
    count_backgrounds,
    load_utterance,
    read_speech_manifest,
    voice_of,
)
from lightdiar.training.sessions import active_frames, voice_copies

# conditions of each session, and whether the vocal effort is another: natural voices, then voices at another speed
NATURAL = (
    ("clean", False),
    ("clean", True),
    ("room", False),
    ("room", True),
    ("phone", False),
    ("band", True),
    ("film", False),
    ("film", False),
    ("film", True),
    ("film", True),
)
FASTER_OR_SLOWER = (
    ("clean", False),
    ("room", True),
    ("phone", False),
    ("film", False),
    ("film", True),
    ("film", False),
)
SPEEDS = 0.87, 1.15
N_COMPONENTS, N_FACTORS = 256, 200
N_PRINCIPAL, N_SUPERVECTOR = 350, 200
_SESSION = 8.0  # seconds
_MOST_SESSIONS = 3  # of a voice at another speed
_PIECE = 350  # frames of speech in one vector
_LEAST_FRAMES = 100
_N_UBM_FRAMES = 250_000
_N_EXTRACTOR = 14_000  # pieces that train the total variability
_COHORT = "clean", "film", "phone"
_N_CLASSES = 160  # for the weights, from each half of the people
_SMALLEST_CLASS, _LARGEST_CLASS = 3, 60
_N_TESTS = 2  # of each person in a class
_EXCERPTS = 60, 200, 450  # frames of speech from which gender is learnt, besides the whole of an utterance
# how often a class is enrolled and tested in which conditions; None is any
_LESSONS = (
    (("clean", "clean"), 0.30),
    (("film", "film"), 0.25),
    (("clean", "film"), 0.15),
    (("phone", "phone"), 0.10),
    (("room", "room"), 0.10),
    ((None, None), 0.10),
)


@dataclass(frozen=True, eq=False)
class _Piece:
    """Some speech of a voice: `X` is (n_frames, n_features); `copy` tells the copies of a session apart."""

    voice: str
    person: str
    corpus: int
    session: int
    copy: int
    condition: str
    acted: bool
    X: np.ndarray
    weights: np.ndarray


def train_voices(
    speech: Sequence[PathLike],
    noise: Sequence[PathLike],
    out: PathLike,
    *,
    leave_out: Sequence[str] = (),
    notes: Mapping[str, Any] | None = None,
    n_jobs: int = 1,
    progress: Callable[[str], object] | None = None,
) -> None:
    """Train the models of speaker recognition and write them with their card.

    Parameters
    ----------
    speech, noise : list of path
        Manifests. Rows without a gender train all but the model of genders.
    out, leave_out, notes, n_jobs, progress
        As in `lightdiar.training.train.train`.

    Raises
    ------
    FormatError
        If a manifest cannot be used.
    """
    progress = progress or (lambda line: None)
    sounds = tuple(map(str, noise)), tuple(leave_out)
    count_backgrounds(*sounds)
    corpora = [read_speech_manifest(path) for path in speech]
    check_voices(itertools.chain.from_iterable(corpora), speech[0])
    models = fit_voice_models(corpora, sounds, n_jobs, progress)
    n_people = sum(len(by_speaker(corpus)) for corpus in corpora)
    write_models(models, out, {**_card(n_people, speech, noise, leave_out), **(notes or {})})
    load_voice_models.cache_clear()


def fit_voice_models(
    corpora: Sequence[Sequence[Utterance]],
    sounds: tuple[Any, tuple[str, ...]],
    n_jobs: int = 1,
    progress: Callable[[str], object] = lambda line: None,
) -> VoiceModels:
    """Train all models of speaker recognition.

    Parameters
    ----------
    corpora : sequence of sequence of Utterance
        Those without a gender train all but the model of genders.
    sounds : tuple
        Noise manifests, and patterns of what is left out of them.
    n_jobs : int
    progress : callable, optional
    """
    calls = [
        (number, name, own, sounds) for number, corpus in enumerate(corpora) for name, own in by_speaker(corpus).items()
    ]
    progress(f"{len(calls)} people: sessions")
    pieces = list(itertools.chain.from_iterable(parallel(session_pieces, calls, n_jobs)))
    progress(f"{len(pieces)} pieces: background model")
    mean = np.mean(
        [piece.X[:, :N_STATIC].mean(axis=0, dtype=float) for piece in pieces if piece.condition == "clean"], axis=0
    )
    features = [_features(piece, mean) for piece in pieces]
    ubm = _fit_ubm(features)
    N, F = _statistics(ubm, pieces, features)
    progress("total variability")
    drawn = np.random.default_rng(0).permutation(len(N))[:_N_EXTRACTOR]
    extractor = fit_total_variability(N[drawn], F[drawn], N_FACTORS, n_iter=8)
    progress("weights of the scores")
    half = np.unique([piece.person for piece in pieces], return_inverse=True)[1] % 2
    trials = []
    for side in (0, 1):
        known, strangers = (np.flatnonzero((half == side) == own) for own in (True, False))
        models = _models(mean, ubm, extractor, N, F, pieces, known)
        trials += _class_scores(models, N, F, pieces, strangers)
    slopes, offset = _fit_weights(*(np.concatenate(scores) for scores in zip(*trials)))
    progress("all people")
    models = _models(mean, ubm, extractor, N, F, pieces, np.arange(len(pieces)), slopes, offset)
    progress("women, men and children")
    gendered = [utterance for corpus in corpora for utterance in corpus if voice_of(utterance)]
    return replace(models, gender=_fit_gender(models.voiceprinter, gendered, sounds, n_jobs))


def session_pieces(
    corpus: int, name: str, utterances: Sequence[Utterance], sounds: tuple[Any, tuple[str, ...]]
) -> list[_Piece]:
    """The speech of a person in sessions, conditions and speeds, as pieces of a few seconds."""
    samples = np.concatenate([augment.level(load_utterance(utterance)) for utterance in utterances])
    person = f"{corpus}/{name}"
    pieces = []
    for place, speed in enumerate((1.0, *SPEEDS)):
        natural = speed == 1
        heard = samples
        if not natural:
            pace = speed * 2 ** np.random.default_rng([*_seed(person), place]).uniform(-0.05, 0.05)
            heard = np.interp(np.arange(0, len(samples) - 1, pace), np.arange(len(samples)), samples)
        n_sessions = max(2, round(len(samples) / SAMPLE_RATE / _SESSION))
        sessions = np.array_split(heard, n_sessions)[: None if natural else _MOST_SESSIONS]
        for session, spoken in enumerate(sessions):
            for copy, (condition, acted) in enumerate(NATURAL if natural else FASTER_OR_SLOWER):
                rng = np.random.default_rng([*_seed(person), place, session, copy])
                said = spoken.astype(np.float32)
                if acted:
                    said = augment.vocal_effort(rng, said)
                mfcc = analyse([augment.copy(said, condition, rng, backgrounds(*sounds))], pitch=False).mfcc
                active = active_frames(said, len(mfcc))
                weights = frame_weights(mfcc[:, 0])[active]
                X = np.concatenate([mfcc[:, :N_STATIC], _slopes(mfcc)], axis=1)[active]
                if len(X) < _LEAST_FRAMES:
                    continue
                voice = person if natural else f"{person}/{place}"
                n_pieces = max(1, round(len(X) / _PIECE))
                for part, weight in zip(np.array_split(X, n_pieces), np.array_split(weights, n_pieces)):
                    part = part.astype(np.float16)  # rounded: half the memory, and no figure changes
                    pieces.append(_Piece(voice, person, corpus, session, copy, condition, acted, part, weight))
    return pieces


def _seed(person):
    return 3, zlib.crc32(person.encode())


def _slopes(mfcc):
    return speaker_features(mfcc, np.zeros(N_STATIC))[:, N_STATIC - 1 :]


def _features(piece, mean):
    """What `speaker_features` gives for the piece."""
    X = piece.X.astype(np.float32)
    return np.concatenate([X[:, 1:N_STATIC] - mean[1:].astype(np.float32), X[:, N_STATIC:]], axis=1)


def _fit_ubm(features):
    lengths = np.cumsum([len(X) for X in features])
    rng = np.random.default_rng(0)
    drawn = np.sort(rng.choice(lengths[-1], min(_N_UBM_FRAMES, lengths[-1]), replace=False))
    parts = np.split(drawn, np.searchsorted(drawn, lengths[:-1]))
    pool = [X[own - start] for X, own, start in zip(features, parts, [0, *lengths[:-1]])]
    return fit_gmm(np.concatenate(pool), N_COMPONENTS, n_iter=10)


def _statistics(ubm: GMM, pieces, features):
    """Baum-Welch statistics of all pieces, the first order whitened; float32."""
    N = np.empty((len(pieces), len(ubm.weights)), np.float32)
    F = np.empty((len(pieces), *ubm.means.shape), np.float32)
    for row, (piece, X) in enumerate(zip(pieces, features)):
        gamma = ubm.responsibilities(X) * piece.weights[:, None]
        N[row] = gamma.sum(axis=0)
        F[row] = whiten(ubm, N[row], gamma.T @ X)
    return N, F


def _models(mean, ubm, extractor: TotalVariability, N, F, pieces, known, slopes=(1.0, 1.0, 0.0), offset=0.0):
    """Models that know the voices of some of the pieces."""
    voices = np.array([pieces[row].voice for row in known])
    blocks = np.array_split(known, 1 + len(known) // 512)
    W = np.concatenate([extractor.embed(N[block], F[block]) for block in blocks])
    S = np.concatenate([supervectors(ubm, N[block], F[block], RELEVANCE).astype(np.float32) for block in blocks])
    plda = fit_plda(W, voices, N_FACTORS)
    printer = Voiceprinter(mean, ubm, extractor, plda, fit_supervector_plda(S, voices, N_PRINCIPAL, N_SUPERVECTOR))
    n_frames = np.array([len(piece.X) for piece in pieces])
    cohort = [row for row in known if _in_cohort(pieces[row])]
    _, firsts = np.unique([f"{pieces[row].voice} {pieces[row].condition}" for row in cohort], return_index=True)
    chosen = np.array(cohort)[np.sort(firsts)]
    undecided = VoiceprintGender(np.zeros((len(VOICES), len(printer.supervector_plda.phi))), np.zeros(len(VOICES)))
    return VoiceModels(
        printer, printer.vectors(N[chosen], F[chosen], n_frames[chosen]), np.array(slopes), float(offset), undecided
    )


def _in_cohort(piece):
    return piece.voice == piece.person and piece.condition in _COHORT and not piece.acted


def _class_scores(models, N, F, pieces, strangers):
    """Scores (n_trials, 3) of the same and of different people in many classes, none of whom the models know.

    The people of a class are of one corpus, so that its microphone cannot tell them apart. Each is enrolled with a
    copy of one session and tested with pieces of other sessions.
    """
    rng = np.random.default_rng(0)
    rows = np.array([row for row in strangers if pieces[row].voice == pieces[row].person])
    keys = [(pieces[row].person, pieces[row].session, pieces[row].copy) for row in rows]
    firsts = [place for place, key in enumerate(keys) if place == 0 or key != keys[place - 1]]
    copies = np.split(rows, firsts[1:])
    n_frames = np.array([len(piece.X) for piece in pieces])
    enrolments = np.concatenate(
        [
            models.voiceprinter.vectors(
                *(np.array([part[own].sum(axis=0) for own in some]) for part in (N, F, n_frames))
            )
            for some in (copies[start : start + 512] for start in range(0, len(copies), 512))
        ]
    )
    tests = models.voiceprinter.vectors(N[rows], F[rows], n_frames[rows])
    of_copy = _columns(pieces, [own[0] for own in copies])
    of_test = _columns(pieces, rows)
    corpora = np.unique(of_test["corpus"])
    lessons, shares = zip(*_LESSONS)
    scores = []
    for _ in range(_N_CLASSES):
        corpus, (enrolled_in, tested_in) = rng.choice(corpora), lessons[rng.choice(len(lessons), p=shares)]
        people = rng.permutation(np.unique(of_copy["person"][of_copy["corpus"] == corpus]))
        size = int(np.exp(rng.uniform(np.log(_SMALLEST_CLASS), np.log(_LARGEST_CLASS))))
        own, asked, owner = [], [], []
        for person in people[:size]:
            fit = (of_copy["person"] == person) & ~of_copy["acted"]
            fit &= (of_copy["condition"] == enrolled_in) | (enrolled_in is None)
            if not fit.any():
                continue
            chosen = rng.choice(np.flatnonzero(fit))
            other = (of_test["person"] == person) & (of_test["session"] != of_copy["session"][chosen])
            other &= (of_test["condition"] == tested_in) | (tested_in is None)
            some = rng.permutation(np.flatnonzero(other))[:_N_TESTS]
            owner += [len(own)] * len(some)
            own.append(chosen)
            asked += list(some)
        if len(own) < 2 or not asked:
            continue
        middle = centre(enrolments[own])
        found = models.scores(enrolments[own] - middle, tests[asked] - middle, different=True)
        same = np.arange(len(own))[:, None] == owner
        scores.append((found[:, same].T, found[:, ~same].T))
    return scores


def _fit_gender(printer, utterances, sounds, n_jobs):
    calls = [(printer, utterance, sounds, number) for number, utterance in enumerate(utterances)]
    heard = parallel(_excerpt_vectors, calls, n_jobs)
    times = [len(vectors) for vectors in heard]
    voices = np.repeat([voice_of(utterance) for utterance in utterances], times)
    return fit_voiceprint_gender(
        np.concatenate(heard)[:, printer.plans[1][0]], voices, np.repeat([u.speaker for u in utterances], times)
    )


def _excerpt_vectors(printer, utterance, sounds, number):
    """Vectors of an utterance and of excerpts from it, in every condition."""
    rng = np.random.default_rng([4, number])
    vectors = []
    for analysis, active in voice_copies(utterance, sounds, number):
        frames = np.flatnonzero(active)
        parts = [frames[part] for part in draw_excerpts(rng, len(frames), _EXCERPTS)]
        masks = [np.isin(np.arange(len(analysis)), part) for part in parts]
        vectors.append(printer.project(*printer.statistics(analysis, masks), np.array([len(part) for part in parts])))
    return np.concatenate(vectors).astype(float)


def _columns(pieces, rows):
    """What is known of the pieces, as arrays."""
    names = "person", "corpus", "session", "condition", "acted"
    return {name: np.array([getattr(pieces[row], name) for row in rows]) for name in names}


def _fit_weights(same, other):
    """Slopes and offset that turn scores into a log likelihood ratio, by logistic regression of balanced classes."""
    from scipy.optimize import minimize

    def cost(line: np.ndarray) -> float:
        return cllr(same @ line[:-1] + line[-1], other @ line[:-1] + line[-1])

    line = minimize(cost, [0.5, 0.5, 0.0, 0.0]).x
    return line[:-1], line[-1]


def _card(n_people, speech, noise, leave_out):
    return {
        "task": "voices",
        "sources": [
            f"speech: {short_paths(speech)}: {n_people} people",
            f"background: {short_paths(noise)}",
        ],
        "licence": ["as the sources allow"],
        "recipe": [
            command(speech, noise, leave_out, task="voices"),
            f"UBM of {N_COMPONENTS} components; i-vectors of {N_FACTORS} and supervectors, each with a PLDA; every "
            f"session in {len(NATURAL)} conditions, half of them with another vocal effort, and at {len(SPEEDS)} other "
            "speeds as the voices of other people",
            "women, men and children by logistic regression of supervectors of utterances and excerpts of .6 to 4.5 s",
            "adaptive s-norm against training speakers and the others who are enrolled; weights by logistic regression "
            "of trials in classes of people whom the models of the trial did not know",
        ],
        "figures": ["not measured"],
    }
