"""How the recordings of a corpus are diarized: the same for all of them, and told in one file beside the results."""

import hashlib
import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lightdiar._version import __version__
from lightdiar.common.archive import read_card
from lightdiar.common.files import PathLike
from lightdiar.common.foreign import read_bytes
from lightdiar.io.audio import check_part
from lightdiar.io.tracks import checked_track
from lightdiar.systems.settings import Settings

if TYPE_CHECKING:
    from lightdiar.systems.diarizer import Diarizer

LAYOUT = 1  # of the folder of results
_LARGEST_VOICES = 1_000_000_000  # bytes


@dataclass(frozen=True)
class Options:
    """What holds for all recordings of a run.

    Parameters
    ----------
    num_speakers, min_speakers, max_speakers, min_speaker_seconds, force_gender
    channels, settings, method, repeat_names
        As for `lightdiar.Diarizer`.
    voices : path, optional
        A file of people known by their voices, as `lightdiar enrol` writes it.
    raw_rate, track, start, end
        As for `lightdiar.Diarizer.predict`; what a list says of a film comes first.
    """

    num_speakers: int | None = None
    min_speakers: int | None = None
    max_speakers: int | None = None
    min_speaker_seconds: float = 2.0
    force_gender: bool = False
    channels: Any = None
    settings: Settings = field(default_factory=Settings)
    method: str = "trained"
    voices: PathLike | None = None
    repeat_names: bool = False
    raw_rate: int | None = None
    track: int | str | None = None
    start: float = 0.0
    end: float | None = None

    def __post_init__(self):
        check_part(self.start, self.end)
        object.__setattr__(self, "track", checked_track(self.track))
        if self.voices is not None:
            if not isinstance(self.voices, (str, os.PathLike)):
                raise TypeError("voices must be the path of a file, which all processes read: Voices.save(path).")
            object.__setattr__(self, "voices", os.path.abspath(self.voices))

    def diarizer(self) -> "Diarizer":
        """A diarizer with these options; errors as of `lightdiar.Diarizer`."""
        from lightdiar.recognition.voices import Voices
        from lightdiar.systems.diarizer import Diarizer

        own = {each.name: getattr(self, each.name) for each in fields(self) if each.name not in self.heard()}
        return Diarizer(**own | {"voices": Voices.load(self.voices) if self.voices else None})

    def heard(self) -> dict[str, Any]:
        """What of each recording is heard, as `Diarizer.predict` takes it."""
        return {name: getattr(self, name) for name in ("raw_rate", "track", "start", "end")}

    def described(self) -> dict[str, Any]:
        """All that results depend on, as JSON has it: options, version and models, by their checksums."""
        from lightdiar.representation.reliability import SHIPPED_RELIABILITY
        from lightdiar.systems.bundle import SHIPPED
        from lightdiar.systems.voice_models import SHIPPED_VOICES

        options = asdict(self)
        if self.voices is not None:
            options["voices"] = hashlib.sha256(read_bytes(self.voices, _LARGEST_VOICES)).hexdigest()
        folders: tuple[Path, ...] = (SHIPPED, SHIPPED_VOICES, SHIPPED_RELIABILITY)
        models = {folder.name: read_card(folder)["sha256"] for folder in folders}
        return {"layout": LAYOUT, "lightdiar": __version__, "options": options, "models": models}


def difference(before: Mapping[str, Any], now: Mapping[str, Any]) -> str:
    """What two descriptions differ in, in words; nothing if they are the same.

    Examples
    --------
    >>> difference({"options": {"method": "trained", "end": None}}, {"options": {"method": "textbook", "end": None}})
    "method was 'trained', is 'textbook'"
    """
    told = []
    for name, value in _flat(now).items():
        was = _flat(before).get(name)
        if was != value and name.startswith("models."):
            told.append(f"the models of {name.removeprefix('models.')} are others")
        elif was != value and name == "options.voices":
            told.append("the file of voices is another")
        elif was != value:
            told.append(f"{name.rpartition('.')[2]} was {was!r}, is {value!r}")
    return ", ".join(told)


def _flat(value, prefix=""):
    """Values of dicts within dicts by their dotted name."""
    if not isinstance(value, Mapping):
        return {prefix: value}
    flat = {}
    for name, inner in value.items():
        flat |= _flat(inner, f"{prefix}.{name}" if prefix else name)
    return flat
