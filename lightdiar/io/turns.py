"""What the writers of turns have in common: whole milliseconds, and names that come back as they went or are refused.

A name stands on one line, without blanks at its ends or in a row. As everywhere it is written in one Unicode form, and
without characters that nobody sees. Turns that round to 0 ms are left out.
"""

import re

from lightdiar.common.tables import shortened
from lightdiar.errors import SpeakerNameError
from lightdiar.io.lines import listed, milliseconds, segment_of, usual_form
from lightdiar.timeline import Annotation

# white space that is no blank, halves of surrogate pairs, what XML cannot hold; blanks where they would get lost
_REFUSED = re.compile("[\t-\r\x1c-\x1f\x85\u2028\u2029\ud800-\udfff\ufffe\uffff]|^\\s|\\s$|\\s(?=\\s)")

WrittenTurn = tuple[int, int, str]
Tier = tuple[str, list[tuple[int, int]]]


def written_turns(annotation: Annotation, form: str, refused: str = "") -> list[WrittenTurn]:
    """Start and end in milliseconds and name of each turn, in time order, as a text format holds them.

    Parameters
    ----------
    annotation : Annotation
    form : str
        The format, for messages.
    refused : str, default=""
        Characters that this format cannot hold in a name.

    Raises
    ------
    SpeakerNameError
        If a name cannot be written, or two speakers would get one name.
    ValueError
        If a time is negative or beyond 1000 hours.
    """
    names = {speaker: written_name(speaker, form, refused) for speaker in annotation.speakers}
    if len(set(names.values())) < len(names):
        raise SpeakerNameError(
            f"{form} cannot hold what nobody sees in names, and two of these speakers become one: {listed(names)}."
        )
    times = [(*milliseconds(turn), names[turn.speaker]) for turn in annotation]
    return [turn for turn in times if segment_of(turn[0] / 1000, turn[1] / 1000)]


def tiers(turns: list[WrittenTurn]) -> list[Tier]:
    """A tier for each speaker, in order of appearance, whose turns do not overlap; another where they would."""
    of: dict[str, list[list[tuple[int, int]]]] = {}
    for start, end, name in turns:
        own = of.setdefault(name, [])
        tier = next((tier for tier in own if tier[-1][1] <= start), None)
        if tier is None:
            own.append(tier := [])
        tier.append((start, end))
    return [(name, tier) for name, own in of.items() for tier in own]


def written_name(speaker: str, form: str, refused: str = "") -> str:
    """A speaker's name in its usual form; SpeakerNameError if the format cannot hold it, as for `written_turns`."""
    name = usual_form(speaker)
    found = _REFUSED.search(name)
    bad = found[0] if found else next((character for character in name if character in refused), "")
    if bad or not name:
        what = f"the character {_shown(bad)}" if bad else "nothing that is seen"
        if bad == " ":
            what, bad = "a blank at an end, or several in a row,", ""
        raise SpeakerNameError(f"{form} cannot hold {what} in the name {shortened(speaker, 100)!r}.", bad)
    return name


def _shown(character):
    """A character and its number, or only its number if it is none that can be seen."""
    number = f"U+{ord(character):04X}"
    return f"{character} ({number})" if character.isprintable() else number
