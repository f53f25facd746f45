"""The sound of a report: inside the page, beside it, or none and why."""

import base64
import io
import os
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote_from_bytes

import numpy as np

from lightdiar.common.files import PathLike
from lightdiar.io.audio import blocks

LONGEST_EMBEDDED = 300.0  # seconds: about 9 MB
PLAYABLE = {".wav", ".mp3", ".m4a", ".mp4", ".m4v", ".aac", ".flac", ".ogg", ".oga", ".opus", ".webm"}  # by browsers
_OTHERS = {".mkv", ".mov", ".avi", ".wmv", ".wma", ".mpg", ".ts", ".aif", ".aiff"}  # not by browsers
_RATE = 16000  # Hz: what lightdiar hears
_LOUDEST = 32767 / 32768


@dataclass(frozen=True)
class Sound:
    """The sound of a report.

    Parameters
    ----------
    source : str, default=""
        An address for ``<audio>``: the sound itself, or where it lies, seen from the page; "" if there is none.
    name : str, default=""
        The file that the address refers to; "" if the sound is in the page.
    lack : str, default="none"
        Why there is no sound: "none" is wanted, it is "missing", or browsers do not play it ("unplayable").
    suffix : str, default=""
        Ending of a file that browsers do not play.
    """

    source: str = ""
    name: str = ""
    lack: str = "none"
    suffix: str = ""


def sound_for(
    recording: PathLike | None,
    page: PathLike,
    duration: float,
    how: str | None = None,
    raw_rate: int | None = None,
    track: int | str | None = None,
    end: float | None = None,
) -> Sound:
    """Find how a page plays a recording.

    Parameters
    ----------
    recording : path or None
        None if it is not known where the recording is.
    page : path
        Where the page will be.
    duration : float
        Length of the recording, seconds; where only a part was heard, the end of that.
    how : {"embed", "beside", "none"}, optional
        By default, recordings of up to five minutes are embedded.
    raw_rate, track, end : optional
        As in `lightdiar.read`, of an embedded recording; of one beside its page, the browser chooses the track.

    Returns
    -------
    sound : Sound
    """
    if how == "none":
        return Sound()
    if recording is None:
        return Sound(lack="missing")
    if how == "embed" or (how is None and duration <= LONGEST_EMBEDDED):
        return embedded(recording, raw_rate, track, end)
    return beside(recording, page)


def sound_beside(result: Path) -> Path | None:
    """The recording that lies beside its result and has the same name, if there is one."""
    files, sounds = sorted(result.parent.iterdir()), PLAYABLE | _OTHERS
    return next((file for file in files if file.stem == result.stem and file.suffix.lower() in sounds), None)


def embedded(
    recording: PathLike, raw_rate: int | None = None, track: int | str | None = None, end: float | None = None
) -> Sound:
    """Take a recording, up to an end, into the page: mono, 16 kHz, as FLAC, in which all browsers find their place."""
    import soundfile

    flac = io.BytesIO()
    heard = blocks(recording, _RATE, end=end, raw_rate=raw_rate, track=track, tell=lambda told_already: None)
    with soundfile.SoundFile(flac, "w", samplerate=_RATE, channels=1, format="FLAC", subtype="PCM_16") as file:
        for samples in heard:
            file.write(np.clip(samples, -1.0, _LOUDEST))
    return Sound(f"data:audio/flac;base64,{base64.b64encode(flac.getvalue()).decode()}")


def beside(recording: PathLike, page: PathLike) -> Sound:
    """Refer to a recording by its place seen from the page, if browsers play what is in such files."""
    suffix = Path(recording).suffix.lower()
    if suffix not in PLAYABLE:
        return Sound(lack="unplayable", suffix=suffix or Path(recording).name)
    try:
        place = os.path.relpath(recording, Path(page).parent)
    except ValueError:  # on another drive of Windows
        return Sound(lack="missing")
    place = place.replace(os.sep, "/")
    return Sound(quote_from_bytes(os.fsencode(place)), place)
