"""The speakers of a diarization, named by the voices that are known."""

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from lightdiar.recognition.answers import NAMED
from lightdiar.recognition.listening import pooled
from lightdiar.systems.result import Diarization, Speaker
from lightdiar.timeline import Annotation, Turn

if TYPE_CHECKING:
    from lightdiar.recognition.answers import Identification


def name_speakers(result: Diarization, answers: "list[Identification]", *, repeat: bool = False) -> Diarization:
    """Give speakers the names of people, if they are those with a probability of 0.9 or more.

    Parameters
    ----------
    result : Diarization
    answers : list of Identification
        For each speaker, everybody who is known.
    repeat : bool, default=False
        Whether several speakers may get one name; they become one speaker then. Otherwise the surest gets it.

    Returns
    -------
    named : Diarization
        All other speakers keep their names.
    """
    people = sorted({candidate.name for answer in answers for candidate in answer.candidates})
    places = {name: place for place, name in enumerate(people)}
    P = np.zeros((len(answers), len(people)))
    for row, answer in enumerate(answers):
        for candidate in answer.candidates:
            P[row, places[candidate.name]] = candidate.probability
    named = []
    for speaker, (column, probability) in zip(result.speakers, _assign(P, repeat)):
        known = probability >= NAMED
        named.append(replace(speaker, name=people[column], p_name=float(probability)) if known else speaker)
    names = {before.name: after.name for before, after in zip(result.speakers, named)}
    turns = [Turn(turn.start, turn.end, names[turn.speaker]) for turn in result.turns]
    return replace(result, annotation=Annotation(turns, result.annotation.recording), speakers=tuple(_merged(named)))


def _assign(P, repeat):
    """Column and probability of the name of each row; a probability of 0 if there is none."""
    if not P.size:
        return [(0, 0.0)] * len(P)
    chosen, sure = P.argmax(axis=1), P.max(axis=1)
    if not repeat:  # of the rows that want one name, the surest gets it; nobody has two names at 0.9
        for column in np.unique(chosen):
            rivals = np.flatnonzero(chosen == column)
            sure[np.setdiff1d(rivals, rivals[sure[rivals].argmax()])] = 0
    return list(zip(chosen.tolist(), sure.tolist()))


def _merged(speakers: "list[Speaker]") -> "list[Speaker]":
    """Speakers of one name as one."""
    merged: dict[str, Speaker] = {}
    for speaker in speakers:
        before = merged.get(speaker.name)
        merged[speaker.name] = speaker if before is None else _both(before, speaker)
    return list(merged.values())


def _both(one, other):
    seconds = one.seconds + other.seconds
    share = one.seconds / seconds
    mixed = {
        name: share * getattr(one, name) + (1 - share) * getattr(other, name)
        for name in ("p_female", "p_child", "p_name")
    }
    channel = one.channel if one.channel == other.channel else None
    return replace(one, seconds=seconds, channel=channel, voice=pooled([one.voice, other.voice]), **mixed)
