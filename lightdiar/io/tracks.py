"""Audio tracks of a film: which there are, and which one is meant by a number or a language.

`ffprobe`, which comes with ffmpeg, tells of them; where it is missing, they are read from what ffmpeg prints of a file.
What they are called is the word of whoever made the film: it is read with limits, and shown without control characters.
"""

import os
import re
import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from lightdiar.common.files import PathLike
from lightdiar.common.foreign import parse_json
from lightdiar.common.tables import printable, shortened
from lightdiar.errors import AudioError, FormatError
from lightdiar.io.containers import to_open
from lightdiar.io.languages import language_code

MOST_BYTES = 1_000_000  # of what is told of a file
_ADVICE = "Choose one by its number."
_MOST_SHOWN, _LONGEST_TITLE = 12, 60  # tracks in a message, characters
_ASKED = "stream=codec_name,channels:stream_disposition:stream_tags=language,title,handler_name"
_TALKED_OVER = re.compile(  # as films call it, in a dozen languages
    r"[ck]omm?ent|коммент|audio.?des[ck]ri|descriptive|解説|评论|評論", re.IGNORECASE
)
_STREAM = re.compile(r" +Stream #\d+:\d+(?:\[\w+\])?(?:\(([\w-]+)\))?: (\w+)(?:: (\w+)(.*))?")
_TAG = re.compile(r" +(title|handler_name) *: (.*)", re.IGNORECASE)
_LAYOUT = re.compile(r" Hz, (?:(mono)|(stereo|downmix)|(\d+) channels|(\d)\.(\d))")


@dataclass(frozen=True)
class Track:
    """An audio track of a film.

    Parameters
    ----------
    number : int
        From 1, among the audio tracks.
    language : str
        In three letters (ISO 639-2/T), such as "fra"; "" if it is not known.
    title : str
        As the film has it.
    channels : int
        How many; 0 if it is not known.
    codec : str
        As ffmpeg calls it, such as "aac".
    is_default : bool
        Whether players choose it by themselves.
    is_commentary : bool
        Whether it is marked, or called, a commentary or a description of the picture: people talk over the film.
    """

    number: int
    language: str = ""
    title: str = ""
    channels: int = 0
    codec: str = ""
    is_default: bool = False
    is_commentary: bool = False

    def __str__(self) -> str:
        title = f'"{printable(shortened(self.title, _LONGEST_TITLE))}"' if self.title else ""
        about = [self.language or "language not known", title, "commentary" if self.is_commentary else ""]
        return f"{self.number} ({', '.join(filter(None, about))})"


def audio_tracks(path: PathLike) -> tuple[Track, ...]:
    """The audio tracks of a film or another container.

    Parameters
    ----------
    path : str or path-like

    Returns
    -------
    tracks : tuple of Track
        Empty if ffmpeg finds none, or tells more of them than anybody reads.

    Raises
    ------
    AudioError
        If there is no such file, or neither ffprobe nor ffmpeg is on PATH.
    """
    full_path = Path(os.path.abspath(path))
    if not full_path.is_file():
        raise AudioError(f"{path}: is no file. Give the path of a film.")
    if probe := shutil.which("ffprobe"):
        asked = ["-select_streams", "a", "-show_entries", _ASKED, "-of", "json", "-v", "error"]
        return _of_json(_told([probe, *asked, *to_open(full_path)], "stdout"))
    if program := shutil.which("ffmpeg"):
        return _of_text(_told([program, "-nostdin", "-hide_banner", *to_open(full_path)], "stderr"))
    raise AudioError(f"{path}: there is no ffmpeg on PATH to tell its audio tracks. Install ffmpeg.")


def checked_track(track: "int | str | None") -> "int | str | None":
    """A number from 1, the three letters of a language, or None; ValueError for anything else."""
    if track is None or (isinstance(track, int) and not isinstance(track, bool) and track >= 1):
        return track
    if isinstance(track, str) and (code := language_code(track)):
        return code
    raise ValueError(f"track={track!r} must be a number, from 1, or the tag of a language, such as 'eng' or 'fr'.")


def chosen_track(tracks: Sequence[Track], track: "int | str | None", name: object) -> tuple[int, str]:
    """The track that is meant.

    Parameters
    ----------
    tracks : sequence of Track
        Those that there are; empty if nothing is known of them.
    track : int, str or None
        As `checked_track` returns it: a number; a language, of which the first that is no commentary is meant; None for
        the first of all.
    name : path or str
        What messages begin with.

    Returns
    -------
    number : int
    doubt : str
        What to warn of; "" if there is no doubt.

    Raises
    ------
    AudioError
        If there is no such track; the message lists those that there are.
    """
    if isinstance(track, str):
        return _of_language(tracks, track, name)
    if track is None and tracks and tracks[0].is_commentary:
        doubt = f"the first of its audio tracks was heard, which is called a commentary: {_listed(tracks)}"
        return 1, f"{doubt}. Choose another by its number or its language."
    if track is not None and 0 < len(tracks) < track:
        raise AudioError(
            f"{name}: there is no audio track {track}. It has {_listed(tracks)}. Choose one by its number."
        )
    return track or 1, ""


def _of_language(tracks, language, name):
    if not tracks:  # then ffmpeg mostly finds none either, and says why
        return 1, f"its audio tracks could not be told apart; the first was heard, in {language} or not"
    own = [one for one in tracks if one.language == language]
    number = next((one.number for one in own if not one.is_commentary), None)
    if number is None:
        lack = f"only a commentary is in {language}" if own else f"no audio track is in {language}"
        raise AudioError(f"{name}: {lack}. It has {_listed(tracks)}. {_ADVICE}")
    return number, ""


def _listed(tracks):
    more = f" and {len(tracks) - _MOST_SHOWN} more" if len(tracks) > _MOST_SHOWN else ""
    return ", ".join(map(str, tracks[:_MOST_SHOWN])) + more


def _told(command, stream):
    """The beginning of what a program prints on a stream."""
    pipes = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, stream: subprocess.PIPE}
    try:
        with subprocess.Popen(command, stdin=subprocess.DEVNULL, **pipes) as process:
            data = getattr(process, stream).read(MOST_BYTES)
            process.kill()
    except OSError:  # it cannot be started: who decodes tells so
        return ""
    return data.decode("utf-8", "replace")


def _of_json(text):
    """The tracks that ffprobe tells of."""
    try:
        streams = parse_json(text, "ffprobe")["streams"]
        return tuple(_track(number, **_fields(stream)) for number, stream in enumerate(streams, 1))
    except (FormatError, AttributeError, KeyError, TypeError):  # it failed, or was cut off
        return ()


def _fields(stream):
    tags, marks = stream.get("tags", {}), stream.get("disposition", {})
    channels = stream.get("channels", 0)
    return {
        "language": str(tags.get("language", "")),
        "title": str(tags.get("title", "")),
        "handler": str(tags.get("handler_name", "")),
        "channels": channels if isinstance(channels, int) else 0,
        "codec": str(stream.get("codec_name", "")),
        "marks": {mark for mark, is_set in marks.items() if is_set == 1},
    }


def _of_text(text):
    """The tracks in what ffmpeg prints of a file."""
    found, is_audio = [], False
    for line in text.splitlines():
        if stream := _STREAM.fullmatch(line):
            language, kind, codec, rest = stream.groups(default="")
            is_audio = kind == "Audio"
            if is_audio:
                marks = {mark.replace(" ", "_") for mark in re.findall(r"\(([a-z ]+)\)", rest)}
                about = {"language": language, "codec": codec, "channels": _n_channels(rest), "marks": marks}
                found.append({**about, "title": "", "handler": ""})
        elif is_audio and (tag := _TAG.fullmatch(line)):
            found[-1]["title" if tag[1].lower() == "title" else "handler"] = tag[2]
    return tuple(_track(number, **fields) for number, fields in enumerate(found, 1))


def _n_channels(text):
    layout = _LAYOUT.search(text)
    if not layout:
        return 0
    mono, stereo, n_channels, front, low = layout.groups()
    return 1 if mono else 2 if stereo else int(n_channels) if n_channels else int(front) + int(low)


def _track(number, language, title, handler, channels, codec, marks):
    talked_over = bool(marks & {"comment", "visual_impaired", "descriptions"} or _TALKED_OVER.search(title + handler))
    return Track(number, language_code(language), title, channels, codec, "default" in marks, talked_over)
