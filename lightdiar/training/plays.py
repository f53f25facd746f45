"""The coefficients of `lightdiar.representation.reliability`, from conversations between people no model has heard.

All collections of speech but one train a diarizer, which then hears the people of that one talk by drawn scripts, over
backgrounds that trained nothing; and so on in turn. So the errors are those that strangers will meet whose room and
microphone are strange, too: where models know the collection, they miss fewer people than they will elsewhere.
"""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from lightdiar.common.files import PathLike
from lightdiar.common.processes import parallel
from lightdiar.io.audio import Audio
from lightdiar.recognition.voices import Voices
from lightdiar.representation.reliability import load_reliability
from lightdiar.signal.frontend import SAMPLE_RATE
from lightdiar.systems.bundle import Models, write_models
from lightdiar.systems.diarizer import Diarizer
from lightdiar.systems.voice_models import VoiceModels
from lightdiar.timeline import Annotation
from lightdiar.training.cards import command, short_paths
from lightdiar.training.conversations import KINDS, LARGEST_CAST, draw_script, play
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
from lightdiar.training.reliability import Case, fit_reliability
from lightdiar.training.train import fit_models
from lightdiar.training.voices import fit_voice_models

CONDITIONS = ("clean", "film", "room", "film", "phone")
N_PLAYS = 480  # of each collection: every kind of script in every condition, 16 times
_PART = 60  # conversations from one line of progress to the next
_ACTED = 0.5  # share of conversations with emotion
_LENGTHS = 0.25, 10.0  # shortest and longest script: how long people speak must not tell how many they are
_GENDERS = {"W": "F", "M": "M"}  # of roles


def train_reliability(
    speech: Sequence[PathLike],
    noise: Sequence[str | Path],
    out: PathLike,
    *,
    leave_out: Sequence[str] = (),
    notes: Mapping[str, Any] | None = None,
    n_jobs: int = 1,
    progress: Callable[[str], object] | None = None,
) -> None:
    """Fit the coefficients and write them with their card.

    Parameters
    ----------
    speech : list of path
        Speech manifests. One at least needs as many women and men as a script; the adults of each that has so many
        talk in turn, heard by models of all others.
    noise : list of path
        Two noise manifests or more: the first trains the diarizers, the others are heard in the conversations.
    out : path
        Folder of the coefficients.
    leave_out : sequence of str
        Patterns such as "*babble*": noise whose path matches one is not used.
    notes : dict, optional
        Card entries that only a person can supply.
    n_jobs : int
        Number of processes; does not change the result.
    progress : callable, optional
        Called with a line of text at each step.

    Raises
    ------
    FormatError
        If a manifest cannot be used.
    ValueError
        If there is only one noise manifest, or no manifest has enough people for the conversations.
    """
    progress = progress or (lambda line: None)
    if len(noise) < 2:
        raise ValueError(
            "--noise: reliability needs two manifests or more, one to train with and others to be heard in the test."
        )
    corpora = [read_speech_manifest(path) for path in speech]
    trained, heard = ((tuple(map(str, paths)), tuple(leave_out)) for paths in (noise[:1], noise[1:]))
    places = [place for place, corpus in enumerate(corpora) if _is_crowd(_adults(corpus))]
    _check(corpora, places, speech, (trained, heard))
    cases: list[Case] = []
    for place in places:
        progress(f"models without {speech[place]}")
        call = _without(corpora, place), trained, n_jobs, progress
        models = fit_models(*call), fit_voice_models(*call)
        casts = [_adults(corpora[place])]
        for first in range(0, N_PLAYS, _PART):
            progress(f"conversations of {speech[place]}, {first} of {N_PLAYS}")
            numbers = range(first, min(first + _PART, N_PLAYS))
            cases += parallel(_case, [(casts, heard, *models, place, number) for number in numbers], n_jobs)
    progress("regressions")
    card = {**_card(cases, speech, noise, leave_out), **(notes or {})}
    write_models(fit_reliability(cases), out, card)
    load_reliability.cache_clear()


def play_conversation(
    corpora: Sequence[Mapping[str, Sequence[Utterance]]],
    sounds: tuple[str | Path | tuple[str, ...], tuple[str, ...]],
    condition: str,
    number: int,
    seed: int,
    acted: float = 0.0,
    length: float = 1.0,
) -> tuple[np.ndarray, Annotation]:
    """One conversation between people of one corpus; the kinds of scripts take turns.

    Parameters
    ----------
    corpora : sequence of dict
        The utterances of each speaker. A corpus with too few people for the script is not asked; one of them must have
        as many as `lightdiar.training.conversations.LARGEST_CAST`.
    sounds : tuple
        Noise manifests and patterns, as `lightdiar.training.manifests.backgrounds` takes them.
    condition : str
        One of `lightdiar.training.conversations.CONDITIONS`.
    number, seed : int
        What is drawn depends on them alone.
    acted : float, default=0.0
        Probability that there is emotion.
    length : float, default=1.0
        How much longer than usual, as `lightdiar.training.conversations.draw_script` takes it.

    Returns
    -------
    samples : ndarray of shape (n_samples,)
    truth : Annotation
        By roles: W1, W2, ... are women, M1, M2, ... men.
    """
    rng = np.random.default_rng([seed, number])
    script = draw_script(KINDS[number % len(KINDS)], rng, length)
    acted = bool(rng.random() < acted)
    roles = {kind: [role for role in script.roles if role.startswith(kind)] for kind in _GENDERS}
    casts = []
    for people in corpora:
        names = {k: [name for name, own in people.items() if own[0].gender == g] for k, g in _GENDERS.items()}
        if all(len(names[kind]) >= len(roles[kind]) for kind in roles):
            casts.append((people, names))
    people, names = casts[rng.integers(len(casts))]
    chosen = {r: n for kind in roles for r, n in zip(roles[kind], rng.permutation(names[kind]))}
    cast = {role: [load_utterance(utterance) for utterance in people[name]] for role, name in chosen.items()}
    return play(script, cast, condition, backgrounds(*sounds), rng, acted=acted)


def genders_of(truth: Annotation) -> dict[str, str]:
    """The gender of each role of a conversation, "F" or "M"."""
    return {role: _GENDERS[role[0]] for role in truth.speakers}


def _case(casts, sounds, models: Models, voice_models: VoiceModels, seed, number):
    """The diarization of a conversation, and the truth."""
    condition = CONDITIONS[number // len(KINDS) % len(CONDITIONS)]
    samples, truth = play_conversation(casts, sounds, condition, number, seed, _ACTED, _length(seed, number))
    nobody = Voices(voice_models)  # none has a name; by their models the voices of the recording are joined and judged
    result = Diarizer(models=models, voices=nobody).predict(Audio(samples, SAMPLE_RATE))
    return Case(result, truth, genders_of(truth))


def _length(seed, number):
    """How long a conversation is, evenly in its logarithm; that of many people is long enough as it is."""
    length = float(np.exp(np.random.default_rng([seed, number, 1]).uniform(*np.log(_LENGTHS))))
    return min(length, 1.0) if KINDS[number % len(KINDS)] == "many" else length


def _check(corpora, places, speech, sounds):
    """Raise, before the work, if there are too few people, or no noise or music."""
    if not places:
        women, men = LARGEST_CAST
        raise ValueError(f"--speech: reliability needs a manifest with at least {women} women and {men} men.")
    for place in places:
        others = (utterance for corpus in _without(corpora, place) for utterance in corpus if utterance.gender)
        check_voices(others, f"--speech without {speech[place]}")
    for paths, left_out in sounds:
        count_backgrounds(paths, left_out)


def _without(corpora, place):
    """All collections without the adults of one; its children, who have no roles, may be the only ones."""
    children = [utterance for utterance in corpora[place] if voice_of(utterance) == "child"]
    return [corpus for corpus in (*corpora[:place], children, *corpora[place + 1 :]) if corpus]


def _is_crowd(people):
    """Whether there are enough women and men for every script."""
    genders = [own[0].gender for own in people.values()]
    return all(genders.count(gender) >= n for gender, n in zip("FM", LARGEST_CAST))


def _adults(utterances):
    """The utterances of each woman and man."""
    return by_speaker([utterance for utterance in utterances if voice_of(utterance) in ("woman", "man")])


def _card(cases, speech, noise, leave_out):
    hours = sum(case.result.duration for case in cases) / 3600
    return {
        "task": "reliability",
        "sources": [
            f"speech: {short_paths(speech)}",
            f"background: {short_paths(noise)}",
        ],
        "licence": ["as the sources allow"],
        "recipe": [
            command(speech, noise, leave_out, task="reliability"),
            f"{len(cases)} drawn conversations, {hours:.0f} hours, conditions {', '.join(dict.fromkeys(CONDITIONS))}; "
            "between the adults of one collection, diarized by models of all others",
            "logistic and Poisson regressions of the errors on what the diarization says of itself",
        ],
        "figures": ["not measured"],
    }
