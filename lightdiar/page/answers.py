"""Results as the page reads them: plain values for JSON, unrounded, no words that a reader sees."""

import math
from collections.abc import Mapping, Sequence
from typing import Any

from lightdiar.page.corrections import Correction, gender_of, name_of
from lightdiar.recognition.answers import Identification, Verification
from lightdiar.representation.bechdel import bechdel_by_ear
from lightdiar.show.svg import COLORS
from lightdiar.systems.result import Diarization


def describe_recording(
    number: int,
    title: str,
    found: Diarization,
    result: Diarization,
    corrections: Mapping[str, Correction],
    notes: Sequence[str],
) -> dict[str, Any]:
    """A recording: what was found, and `result`, which is that with the corrections.

    How sure its numbers and its share are is what the report says.
    """
    ear = bechdel_by_ear(result) if result.speakers and result.genders_known else None
    places = {speaker.name: place for place, speaker in enumerate(result.speakers)}
    total = math.fsum(speaker.seconds for speaker in result.speakers)
    speakers = []
    for speaker in result.speakers:
        originals = [one.name for one in found.speakers if name_of(one.name, corrections) == speaker.name]
        speakers.append(
            {
                "name": speaker.name,
                "originals": originals,
                "gender": speaker.gender,
                "probability": float(speaker.probability),
                "seconds": float(speaker.seconds),
                "share": float(speaker.seconds / total),
                "color": COLORS[speaker.gender],
                "by_hand": gender_of(originals, corrections),
                "name_probability": speaker.p_name,
            }
        )
    return {
        "number": number,
        "title": title,
        "duration": float(result.duration),
        "counts": result.counts(),
        "numbers": _numbers(ear) if ear else {},
        "not_counted": sum(speaker.seconds < result.min_speaker_seconds for speaker in result.speakers),
        "agreement": result.agreement,
        "female_share": _or_none(result.female_share),
        "share_interval": [_or_none(bound) for bound in ear.share_interval] if ear else None,
        "speakers": speakers,
        "turns": [[turn.start, turn.end, places[turn.speaker]] for turn in result.turns],
        "corrected": bool(corrections),
        "notes": list(notes),
    }


def describe_identification(answer: Identification) -> dict[str, Any]:
    """Whose voice it is; nobody has a name if no speech was heard."""
    people = [{"name": one.name, "probability": one.probability} for one in answer.candidates]
    return {
        "name": answer.name if answer.seconds else None,
        "people": people,
        "somebody_else": answer.somebody_else,
        "seconds": answer.seconds,
    }


def describe_verification(answer: Verification) -> dict[str, Any]:
    """Whether it is the voice of a person."""
    return {
        "asked": answer.name,
        "accepted": answer.accepted,
        "probability": answer.probability,
        "seconds": answer.seconds,
    }


def _numbers(ear):
    """The likeliest numbers of women and of men, and how likely they are."""
    return {
        gender: {"likely": int(p.argmax()), "probability": float(p.max())}
        for gender, p in (("F", ear.p_women), ("M", ear.p_men))
    }


def _or_none(number):
    """JSON has no NaN."""
    return None if math.isnan(number) else float(number)
