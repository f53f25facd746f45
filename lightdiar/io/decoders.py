"""Decoders: read the frames of an audio file of any format, from the start.

WAV, FLAC, OGG, MP3 and the like are read by soundfile. Other formats (mp4, mkv, m4a, ...) need the `ffmpeg` program on
PATH, which decodes one of the audio tracks of the file. Samples without a header are read if their rate is given.
"""

import io
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

import numpy as np

from lightdiar.common.files import PathLike
from lightdiar.errors import AudioError
from lightdiar.io.ffmpeg import FfmpegSource, ffmpeg_source
from lightdiar.io.formats import FORMATS
from lightdiar.io.layout import layout
from lightdiar.io.libsndfile import LibsndfileSource, libsndfile_source
from lightdiar.io.resample import HIGHEST_RATE, LOWEST_RATE, checked_rate
from lightdiar.io.tracks import checked_track

MOST_CHANNELS = 64  # of seventh-order ambisonics; one second of so many at the highest rate is 98 MB

_HEADERS = (b"RIFF", b"RF64", b"RIFX", b"FORM", b"fLaC", b"OggS", b".snd", b"caff", b"riff", b"\x1aE\xdf\xa3")


@contextmanager
def open_sound_file(
    sound: PathLike | BinaryIO, raw_rate: int | None = None, track: "int | str | None" = None
) -> Iterator["LibsndfileSource | FfmpegSource | RawSource"]:
    """Yield a source that decodes a file; a path is always a file name, never a URL or an option.

    Parameters
    ----------
    sound : path or binary file
        A file is read from its start, and must be one that can seek.
    raw_rate : int, optional
        The file has no header: it is one channel of 16-bit little-endian samples at this rate in Hz.
    track : int or str, optional
        Which audio track of a film; see `lightdiar.io.audio.read`.
    """
    name, track = name_of(sound), checked_track(track)
    if isinstance(sound, (str, os.PathLike)):
        full_path = Path(os.path.abspath(sound))
        _check_kind(full_path, sound)
        try:
            file = full_path.open("rb")
        except OSError as error:
            raise AudioError(f"{name}: {error.strerror}. Give the path of an audio file.") from None
        with file:
            yield from _decoded(file, full_path, name, raw_rate, track)
    else:
        yield from _decoded(_checked_file(sound, name), None, name, raw_rate, track)


def name_of(sound: object) -> str:
    """What messages call a recording: its path, or what kind of object it is."""
    if isinstance(sound, (str, os.PathLike)):
        return os.fspath(sound)
    name = getattr(sound, "name", None)
    return name if isinstance(name, str) else f"<{type(sound).__name__}>"


def is_file(sound: object) -> bool:
    """Whether a sound is a binary file; a `soundfile.SoundFile` is none, as samples are what it reads."""
    return all(hasattr(sound, method) for method in ("read", "seek", "seekable")) and not hasattr(sound, "samplerate")


def _decoded(file, full_path, name, raw_rate, track):
    try:
        size = file.seek(0, os.SEEK_END)
        if not size:
            raise AudioError(f"{name}: is empty (0 bytes). Fetch or record it again.")
        if raw_rate is not None:
            source = RawSource(file, size, name, raw_rate)
        else:
            path = None if full_path is None else os.fspath(full_path)
            found = layout(file, size)
            source = libsndfile_source(path, file, found)
            if source is None:
                if full_path is None:
                    raise AudioError(
                        f"{name}: soundfile cannot read it as audio, and ffmpeg reads only files on disk. Save it to a "
                        "file, or convert it to WAV or FLAC."
                    )
                _refuse_turns(name)
                source = ffmpeg_source(full_path, name, size, track, found.problems)
    except OSError as error:
        raise AudioError(f"{name}: cannot be read ({error.strerror or error}). Copy or fetch it again.") from None
    try:
        if track not in (None, 1) and not isinstance(source, FfmpegSource):
            raise AudioError(f"{name}: is no film: it has one audio track and tells no language. Leave the track out.")
        if not LOWEST_RATE <= source.sample_rate <= HIGHEST_RATE:
            raise AudioError(
                f"{name}: its sample rate is {source.sample_rate} Hz; {LOWEST_RATE} to {HIGHEST_RATE} Hz can be "
                "read. Its header may be damaged: fetch or convert it again."
            )
        if source.n_channels > MOST_CHANNELS:
            raise AudioError(
                f"{name}: it has {source.n_channels} channels; at most {MOST_CHANNELS} can be read. Its header may be "
                "damaged: fetch or convert it again."
            )
        yield source
    finally:
        source.close()


def _check_kind(full_path, path):
    """Refuse what is not a file before opening it: to open a pipe would wait for somebody to write."""
    if not os.fspath(path):  # which would lead to the folder we are in
        raise AudioError("'' is no file name. Give the path of an audio file.")
    try:
        mode = full_path.stat().st_mode
    except (OSError, ValueError) as error:
        if os.fspath(path) == "-":
            raise AudioError(
                "-: there is no such file, and the standard input is not read. Save it to a file and give its name."
            ) from None
        reason = getattr(error, "strerror", None) or str(error)
        raise AudioError(f"{path}: {reason}. Give the path of an audio file.") from None
    if stat.S_ISDIR(mode):
        raise AudioError(f"{path}: is a folder. Give the path of an audio file in it.")
    if stat.S_ISFIFO(mode) or stat.S_ISSOCK(mode):
        raise AudioError(f"{path}: a pipe cannot be read; save it first, and give the name of that file.")
    if not stat.S_ISREG(mode):
        raise AudioError(f"{path}: a device cannot be read. Give the path of an audio file.")


def _refuse_turns(name):
    """Say what can be done with a file of turns, which ffmpeg would only not know."""
    suffix = Path(name).suffix.lower()
    form = next((form.name for form in FORMATS.values() if form.suffix.lower() == suffix), None)
    if form == "json":
        raise AudioError(f"{name}: no sound, but a result by its ending. `lightdiar report` and `bechdel` take those.")
    if form not in (None, "audacity"):  # many other things are .txt
        raise AudioError(
            f"{name}: no sound, but turns by its ending. `lightdiar convert {name} --to json --out DIR` makes a result "
            "of them, for `lightdiar report` and `lightdiar bechdel`."
        )


def _checked_file(file, name):
    if isinstance(file, io.TextIOBase):
        raise TypeError(f"{name}: is open as text; open it as open(path, 'rb').")
    if not is_file(file):
        raise TypeError(
            f"sound of type {type(file).__name__} cannot be read; give a path, a file open in binary mode, or an "
            "io.BytesIO."
        )
    try:
        if not file.seekable():
            raise AudioError(f"{name}: a pipe cannot be read; save it first, or read all of it into an io.BytesIO.")
    except ValueError as error:
        raise AudioError(f"{name}: {error}. Open it again.") from None
    return file


class RawSource:
    """Frames of a file without a header: one channel of 16-bit little-endian samples."""

    n_channels = 1
    doubt = ""

    def __init__(self, file: BinaryIO, size: int, name: str, sample_rate: int) -> None:
        file.seek(0)
        if file.read(4) in _HEADERS:
            raise AudioError(f"{name}: has a header, which tells its rate. Leave out the rate of headerless sound.")
        file.seek(0)
        self._file, self._n_frames = file, size // 2
        self.sample_rate = checked_rate(sample_rate)
        self.problems = ["has an odd number of bytes, so it may not be 16-bit samples"] * (size % 2)

    def duration(self) -> float:
        """Seconds."""
        return self._n_frames / self.sample_rate

    def skip(self, n_frames: int) -> None:
        """Pass over frames."""
        self._file.seek(2 * n_frames, os.SEEK_CUR)

    def read(self, n_frames: int) -> np.ndarray:
        """At most n_frames frames, shape (n, 1), float32; empty at the end."""
        data = self._file.read(2 * n_frames)
        samples = np.frombuffer(data, "<i2", len(data) // 2)
        return (samples / np.float32(32768)).astype(np.float32)[:, None]

    def close(self) -> None:
        """Nothing to close: who opened the file closes it."""
