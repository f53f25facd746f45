"""A recording of a corpus, and how its file looked when it was heard."""

import hashlib
import os
from dataclasses import dataclass, field

_PIECES, _LENGTH = 3, 65536  # of a file that are looked at, and bytes of each


@dataclass(frozen=True)
class Film:
    """A recording of a corpus: the task of a worker.

    Parameters
    ----------
    name : str
        Of its results; no two recordings share one.
    file : str
        The path, from the root.
    path : str
        As the list has it, or relative to the folder that was listed.
    columns : dict of str to str
        What else the list says of it.
    track, start, end
        What of it is heard, where the list says so; see `lightdiar.Diarizer.predict`.
    """

    name: str
    file: str
    path: str
    columns: dict[str, str] = field(default_factory=dict)
    track: int | str | None = None
    start: float | None = None
    end: float | None = None

    @property
    def part(self) -> dict[str, int | str | float]:
        """What of it is heard, as far as the list says so."""
        told = {"track": self.track, "start": self.start, "end": self.end}
        return {name: value for name, value in told.items() if value is not None}


@dataclass(frozen=True)
class State:
    """How a file is, so that it is seen whether it changes: by its size and by pieces of it, not by its date.

    A copy is the same. An edit that keeps the size is seen if it is at the beginning, in the middle or at the end.

    Parameters
    ----------
    size : int
        Bytes.
    sample : str
        Checksum of the first, the middle and the last 64 kB.
    """

    size: int
    sample: str

    @classmethod
    def of(cls, file: str) -> "State | None":
        """The present state of a file; None if it cannot be read."""
        try:
            if not os.path.isfile(file):  # a pipe may never end
                return None
            size, digest = os.path.getsize(file), hashlib.sha256()
            with open(file, "rb") as opened:
                for number in range(_PIECES):
                    opened.seek(number * max(0, size - _LENGTH) // (_PIECES - 1))
                    digest.update(opened.read(_LENGTH))
        except (OSError, ValueError):
            return None
        return cls(size, digest.hexdigest()[:32])
