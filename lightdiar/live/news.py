"""What the two ways to hear a stream tell after each push."""

from collections.abc import Sequence
from dataclasses import dataclass

from lightdiar.live.update import Merge
from lightdiar.systems.result import Speaker
from lightdiar.timeline import Turn


@dataclass(frozen=True)
class News:
    """What a push changed, as in `lightdiar.live.update.Update`."""

    certain: Sequence[Turn] = ()
    guess: Sequence[Turn] = ()
    merges: Sequence[Merge] = ()
    speakers: Sequence[Speaker] = ()
