"""Names and genders that somebody set by hand, put into a result."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from lightdiar.common.tables import printable
from lightdiar.io.lines import usual_form
from lightdiar.recognition.people import LONGEST_NAME
from lightdiar.systems.result import P_FEMALE, Diarization, Speaker


@dataclass(frozen=True)
class Correction:
    """What somebody knows of a speaker.

    Parameters
    ----------
    name : str
    gender : str, optional
        "F", "M" or "child"; None if it stays as it was heard.
    """

    name: str
    gender: str | None = None

    def __post_init__(self):
        if not isinstance(self.name, str):
            raise TypeError(f"a name is text, not {type(self.name).__name__}.")
        if self.gender not in (None, *P_FEMALE):
            raise ValueError(f"gender={self.gender!r} must be one of {', '.join(P_FEMALE)}, or None.")


def corrected(result: Diarization, corrections: Mapping[str, Correction]) -> Diarization:
    """The result with corrections; speakers who get one name become one speaker.

    Parameters
    ----------
    result : Diarization
    corrections : mapping of str to Correction
        By the name that the speaker has in `result`.

    Returns
    -------
    corrected : Diarization
        A gender that was set by hand has a probability of 1. If speakers became one, their touching turns are joined,
        and the number of speakers counts as given.
    """
    groups: dict[str, list[Speaker]] = {}
    for speaker in result.speakers:
        groups.setdefault(name_of(speaker.name, corrections), []).append(speaker)
    annotation = result.annotation.relabel({name: correction.name for name, correction in corrections.items()})
    agreement = result.agreement
    if len(groups) < len(result.speakers):
        annotation, agreement = annotation.fill_gaps(0), None
    seconds = annotation.seconds()
    speakers = [_one(name, own, seconds[name], corrections) for name, own in groups.items()]
    return replace(result, annotation=annotation, speakers=tuple(speakers), agreement=agreement)


def typed_name(name: str) -> str:
    """A name as somebody typed it, in one Unicode form, with one blank where several stand and none at its ends.

    Raises
    ------
    ValueError
        If nothing of it can be seen, it is longer than 100 characters, or it holds what is no character.
    """
    name = " ".join(usual_form(name).split())
    if not name:
        raise ValueError("the name is empty; write one.")
    if printable(name) != name:
        raise ValueError(f"the name {printable(name)[:100]} contains a control character; take it out.")
    if len(name) > LONGEST_NAME:
        raise ValueError(f"the name has {len(name)} characters; at most {LONGEST_NAME} are possible.")
    return name


def name_of(speaker: str, corrections: Mapping[str, Correction]) -> str:
    """The name of a speaker after the corrections."""
    return corrections[speaker].name if speaker in corrections else speaker


def gender_of(speakers: Sequence[str], corrections: Mapping[str, Correction]) -> str | None:
    """The gender that was set by hand of speakers who are one, None if none was."""
    genders = (corrections[speaker].gender for speaker in speakers if speaker in corrections)
    return next((gender for gender in genders if gender), None)


def _one(name, speakers, seconds, corrections):
    """Speakers who are one; what was heard of them is weighted by how long they speak."""
    one = speakers[0]
    if len(speakers) > 1:
        total = sum(speaker.seconds for speaker in speakers)
        p_female, p_child = (
            min(1.0, sum(getattr(speaker, which) * speaker.seconds for speaker in speakers) / total)
            for which in ("p_female", "p_child")
        )
        channel = one.channel if len({speaker.channel for speaker in speakers}) == 1 else None
        one = Speaker(one.name, seconds, p_female, p_child, channel)
    if name != one.name:
        one = replace(one, name=name, p_name=None)
    gender = gender_of([speaker.name for speaker in speakers], corrections)
    return replace(one, p_female=P_FEMALE[gender], p_child=float(gender == "child")) if gender else one
