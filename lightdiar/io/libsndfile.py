"""Frames of a file, or of each of its parts in turn, decoded by libsndfile."""

import os
import re
import sys
from collections.abc import Sequence
from contextlib import suppress
from typing import BinaryIO

import numpy as np

from lightdiar.io.chunks import CUT
from lightdiar.io.layout import Layout, mpeg_within
from lightdiar.io.pieces import Piece, Pieces, bytes_at

_MIDI_DUMP = b"\xf0\x7e"  # of such a file libsndfile prints on the standard output what is wrong; ffmpeg reads it
_MOST_ERRORS = 100  # of a stream; then the rest is given up
_GAPS = (0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0)  # seconds behind damage at which to try to decode again
_BYTES = dict(PCM_S8=1, PCM_U8=1, PCM_16=2, PCM_24=3, PCM_32=4, FLOAT=4, DOUBLE=8, ULAW=1, ALAW=1)  # of a sample
_PLAIN = ("CAF", "W64", "NIST", "IRCAM", "PVF", "SVX", "AVR", "HTK", "PAF")  # a header, then samples of fixed width
_VORBIS = {  # places of left, right, centre, low, and the others: Vorbis and Opus have the centre second, low last
    6: (0, 2, 1, 5, 3, 4),
    8: (0, 2, 1, 7, 5, 6, 3, 4),
}
_MOST_UNREAD = 0.25  # of the bytes of such a file
_TRUNCATED = r"^(Seems to be a truncated file|\*\*\* File seems to be truncated)"  # of VOC and MAT4


def libsndfile_source(path: str | None, file: BinaryIO, found: Layout) -> "LibsndfileSource | None":
    """A source for an open file, or None if libsndfile does not know its format, or prints what it thinks of it.

    Parameters
    ----------
    path : str or None
        Of the file, where it has one: libsndfile reads it faster by itself.
    file : binary file
    found : Layout
        What `lightdiar.io.layout.layout` found in it.
    """
    if bytes_at(file, 0, 2) == _MIDI_DUMP:
        return None
    whole: list[Piece] | None = None if path else [(0, file.seek(0, os.SEEK_END))]
    parts: Sequence[list[Piece] | None] = found.parts or [whole]
    source = LibsndfileSource(path, file, parts, found.problems)
    if source.form == "MP3" and not found.parts:  # by the ending of its name
        source.close()
        found = mpeg_within(file, file.seek(0, os.SEEK_END))
        source = LibsndfileSource(path, file, found.parts, found.problems)
    return source if source.sample_rate else None


class LibsndfileSource:
    """Frames of the parts of a file; `problems` says afterwards what is wrong with it."""

    doubt = ""

    def __init__(self, path, file, parts: Sequence[list[Piece] | None], problems: list[str]) -> None:
        self._path, self._file = path, file
        self._parts = list(parts)
        self.problems: list[str] = []
        self._known = problems  # of the whole file, told at its end
        self.sample_rate = self.n_channels = 0  # if libsndfile does not know the format
        self.form = ""
        self._stream = None
        self._next_part()

    def duration(self) -> float | None:
        """Seconds according to the headers of all parts; None if one does not say."""
        streams = [self._stream, *filter(None, (_opened(self._path, self._file, part) for part in self._parts))]
        seconds = [stream.n_frames / self.sample_rate for stream in streams if stream.sample_rate == self.sample_rate]
        for stream in streams[1:]:
            stream.close()
        return sum(seconds) if max(stream.n_frames for stream in streams) < 2**62 else None

    def skip(self, n_frames: int) -> None:
        """Pass over frames, at most to the end."""
        while self._stream is not None and n_frames > 0:
            n_frames -= self._stream.skip(n_frames)
            if n_frames > 0:
                self._next_part()

    def read(self, n_frames: int) -> np.ndarray:
        """At most n_frames frames, shape (n, n_channels), float32; empty at the end."""
        while self._stream is not None:
            frames = self._stream.read(n_frames)
            if len(frames):
                return frames
            self._next_part()
        return np.empty((0, 1), np.float32)

    def close(self) -> None:
        if self._stream is not None:
            self._stream.close()
        self._stream = None

    def _next_part(self):
        if self._stream is not None:
            self._tell(self._stream.problems())
            self.close()
        while self._parts and self._stream is None:
            stream = _opened(self._path, self._file, self._parts.pop(0))
            if not self.sample_rate:
                self._stream = stream
                if stream is None:
                    return
                self.sample_rate, self.n_channels, self.form = stream.sample_rate, stream.n_channels, stream.form
            elif stream is None:
                self._tell(["one of the recordings joined in it cannot be read"])
            elif stream.sample_rate != self.sample_rate:
                length = f"{stream.n_frames / stream.sample_rate:.3f} s" if stream.n_frames < 2**62 else "sound"
                self._tell(
                    [
                        f"the {length} at {stream.sample_rate} Hz joined to a recording at {self.sample_rate} Hz was "
                        "not read"
                    ]
                )
                stream.close()
            else:
                self._stream = stream
        if self._stream is None:
            self._tell(self._known)

    def _tell(self, problems):
        """Keep problems, each once, and no more than anybody reads."""
        self.problems += [problem for problem in problems if problem not in self.problems][: 5 - len(self.problems)]


class _Stream:
    """One stream that libsndfile decodes."""

    def __init__(self, file, view, n_bytes, reopen):
        # SoundFile seeks after each read where it can, which fails in damaged FLAC and corrupts MP3: it must not
        self._can_seek = file.seekable()
        file.seekable = lambda: False
        self._file, self._view, self._n_bytes, self._reopen = file, view, n_bytes, reopen
        self._n_errors = self._silence = self._n_replaced = 0
        self.sample_rate, self.n_frames, self.n_channels = file.samplerate, file.frames, file.channels
        self.form = file.format
        self._position = 0
        self._error = None
        self._places = _VORBIS.get(file.channels) if file.subtype in ("VORBIS", "OPUS") else None

    def problems(self):
        problem = self._view.failure if self._view is not None else None
        if self._error or problem:
            seconds = self._n_replaced / self.sample_rate
            replaced = f", {seconds:.3f} s of it replaced by silence" if seconds else ""
            return [f"is damaged ({(self._error or problem).removeprefix('Error : ').rstrip('.')}){replaced}"]
        if self._is_mpeg():  # its frames were counted
            return []
        unread = self._n_bytes - self.n_frames * self.n_channels * _BYTES.get(self._file.subtype, 2**31)
        if unread > _MOST_UNREAD * self._n_bytes and self.form in _PLAIN:
            return [f"{unread} of its {self._n_bytes} bytes are not part of the sound that its header tells of"]
        if 0 < self.n_frames - self._position < 2**62 or self._was_corrected():
            total = f" ({self.n_frames / self.sample_rate:.3f} s)" if self._position < self.n_frames else ""
            return [f"{CUT}{total}"]
        return []

    def skip(self, n_frames):
        """Pass over the first frames, and say over how many."""
        n_frames = min(n_frames, self.n_frames)
        if self._can_seek and not self._is_mpeg():
            try:
                self._file.seek(n_frames)
                self._position = n_frames
                return n_frames
            except RuntimeError:  # a damaged table of places: read from the start
                self.close()
                self._file, self._can_seek = self._reopen(), False
                self._file.seekable = lambda: False
        n_skipped = 0
        while n_skipped < n_frames and (n_read := len(self.read(min(n_frames - n_skipped, self.sample_rate)))):
            n_skipped += n_read
        return n_skipped

    def read(self, n_frames):
        """At most n_frames frames; fewer before damage, none at the end."""
        frames = np.empty((int(min(n_frames, self.n_frames - self._position)), self.n_channels), np.float32)
        if not len(frames):
            return frames
        if self._silence:
            frames = np.zeros((min(len(frames), self._silence), self.n_channels), np.float32)
            self._silence -= len(frames)
            self._position += len(frames)
            return frames
        n_read, ended = 0, False
        while not n_read and not ended:
            try:
                n_read = len(self._file.read(out=frames))
                ended = not n_read
            except RuntimeError as error:
                self._error = self._error or str(error)
                self._n_errors += 1
                n_read = self._progress()
                ended = self._n_errors > _MOST_ERRORS
        if ended and self._error and self._go_beyond_damage():
            return self.read(n_frames)
        self._position += n_read
        return frames[:n_read] if self._places is None else frames[:n_read, self._places]

    def _go_beyond_damage(self):
        """Open the stream anew behind damage that stopped the decoder, with silence up to there; False if it fails."""
        if not self._can_seek or self._is_mpeg() or self._n_errors > _MOST_ERRORS:
            return False
        for gap in _GAPS:
            n_silent = int(gap * self.sample_rate)
            if self._position + n_silent >= self.n_frames:
                break
            file = self._reopen()
            try:
                file.seek(self._position + n_silent)
                sounds = len(file.read(1)) == 1
                file.seek(self._position + n_silent)
            except RuntimeError:
                sounds = False
            if sounds:
                self.close()
                self._file, self._silence = file, n_silent
                file.seekable = lambda: False
                self._n_replaced += n_silent
                return True
            _close(file)
        return False

    def _progress(self):
        """Frames that were decoded before an error; SoundFile does not return them, but libsndfile counts them."""
        try:
            return max(0, self._file.tell() - self._position)
        except RuntimeError:  # it cannot seek in this format, and cannot tell either
            return 0

    def _is_mpeg(self):
        return self._file.subtype.startswith("MPEG")

    def _was_corrected(self):
        # libsndfile silently corrects a header and only logs it; streaming recorders write -1
        log = self._file.extra_info
        logged = re.search(r"^ ?(?:data|BODY) : (\d+) \(should be (\d+)\)", log, re.MULTILINE)
        corrected = bool(logged) and int(logged[2]) < int(logged[1]) < 0x7FFFFF00
        return corrected or bool(re.search(_TRUNCATED, log, re.MULTILINE))

    def close(self):
        _close(self._file)


def _close(file):
    with suppress(RuntimeError):  # of a damaged file; what could be read was read
        file.close()


def _opened(path, file, part):
    """A stream of a part, or of the file by its path; None if libsndfile does not know it."""
    import soundfile

    # as bytes: SoundFile cannot encode a name that is not in the encoding of the file system
    name = path if sys.platform == "win32" else os.fsencode(path) if path else None
    view = None if part is None else Pieces(file, part)

    def reopen():
        if view is None:
            return soundfile.SoundFile(name)
        view.seek(0)
        return soundfile.SoundFile(view)

    try:
        opened = reopen()
    except (RuntimeError, TypeError):  # unknown format, or a name that ends in .raw
        return None
    if opened.format == "RAW" or opened.channels < 1:  # it reads any bytes named .au or .gsm as headerless samples
        _close(opened)
        return None
    n_bytes = file.seek(0, os.SEEK_END) if view is None else len(view)
    return _Stream(opened, view, n_bytes, reopen)
