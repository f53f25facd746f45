"""What was heard in a recording, with names for its voices: what all parts of its report look at."""

from collections import Counter
from dataclasses import dataclass
from functools import cached_property

from lightdiar.events.result import SoundEvents
from lightdiar.report.page import Markup, element
from lightdiar.report.words import Words
from lightdiar.representation.bechdel import BechdelByEar, bechdel_by_ear
from lightdiar.systems.result import Diarization, Speaker

KINDS = ("F", "M", "child")  # of voices, in the order in which they are shown


@dataclass(frozen=True)
class Heard:
    """A result, what it says of the Bechdel test, what else is heard, and the words to tell it.

    Parameters
    ----------
    result : Diarization
    words : Words
    plays : bool, default=False
        Whether the page has the sound.
    events : SoundEvents, optional
        What else is heard; None if nobody listened.
    """

    result: Diarization
    words: Words
    plays: bool = False
    events: SoundEvents | None = None

    @cached_property
    def ear(self) -> BechdelByEar:
        """The Bechdel test by ear."""
        return bechdel_by_ear(self.result)

    @cached_property
    def speakers(self) -> dict[str, Speaker]:
        """The speakers by name, in order of first appearance."""
        return {speaker.name: speaker for speaker in self.result.speakers}

    @cached_property
    def n_turns(self) -> Counter[str]:
        """Number of turns of each speaker."""
        return Counter(turn.speaker for turn in self.result.turns)

    @property
    def total(self) -> float:
        """Speaking time of all, seconds."""
        return sum(speaker.seconds for speaker in self.result.speakers)

    @property
    def end(self) -> float:
        """Where the timeline ends, seconds."""
        events = self.events.events if self.events else ()
        return max([self.result.duration, *(part.end for part in (*self.result.turns, *events))])

    def voice(self, speaker: Speaker) -> str:
        """What a voice was heard as: woman's voice."""
        return self.words("unknown" if speaker.likelier_gender == "uncertain" else speaker.gender)

    def who(self, name: str) -> str:
        """A speaker with what the voice was heard as, if that is known: SPEAKER_00 (woman's voice)."""
        speaker = self.speakers[name]
        if speaker.likelier_gender == "uncertain":
            return name
        return self.words("of_who", name=name, voice=self.voice(speaker))

    def place(self, start: float, end: float) -> Markup:
        """A time of the recording that plays when it is clicked, or is shown on the timeline."""
        time = self.words.clock(start)
        label = self.words("play_from" if self.plays else "show_at", time=time)
        sign = "\u25b6\ufe0e " if self.plays else ""
        times = f"{start:.2f} {end:.2f}"
        return element("button", sign + time, type="button", class_="place", aria_label=label, data_play=times)
