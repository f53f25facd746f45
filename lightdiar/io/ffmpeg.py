"""Frames of an audio track of a film or another container, decoded by the `ffmpeg` program and read from its pipe.

Its time stamps are kept: silence stands for sound that begins later than the picture, or is missing in between. Only
formats that hold sound themselves are opened, none that names other files, and nothing here uses the network. No file
is written: what is decoded and not yet read waits in the pipe, and ffmpeg with it.

A part far into an mp4 or a Matroska file is found by its index, and decoded from some seconds before, until the time
stamps tell that it has come. In other containers a place is an estimate (AVI, raw AAC), so that all before is decoded.
"""

import codecs
import os
import re
import shutil
import subprocess
import threading
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from lightdiar.errors import AudioError
from lightdiar.io.containers import to_open
from lightdiar.io.matroska import Matroska
from lightdiar.io.tracks import audio_tracks, chosen_track

SHORTEST_HOLE = 0.1  # seconds; a container's time stamps are rounded, and decoders trim their first samples
LONGEST_HOLE = 3600.0  # seconds; a longer one is a damaged time stamp, or a piece cut out of a longer recording
FREE_SECONDS, SECONDS_PER_BYTE = 600.0, 0.04  # most sound in a file: speech codecs need more than 1 byte for 0.04 s
_MOST_MISSING = 0.5  # seconds; pictures may end a little later than sound
_LONG_WAY = 60.0  # seconds; decoding less takes no longer than to start ffmpeg a second time
_RUN_UP = 5.0  # seconds before a place: decoders need some sound to get into step, and the index may be of the picture
_PIPE_BYTES = 1 << 18
_NO_TRACK = "it has no audio track"
_PLAYLIST = "it is a playlist, or of a kind that is not opened"
_TEXT = "it is text, no sound or film. Give the path of one."
_NO_SOUND = "it is no sound or film that soundfile or ffmpeg knows"
_HEADERLESS = f"{_NO_SOUND}. Is it sound without a header? Give its rate: --raw-rate 8000 (in Python raw_rate=8000)."
_RAW_ENDINGS = (".raw", ".pcm", ".sln")  # of 16-bit samples; those of .vox have 4
_UNKNOWN = "Invalid data found when processing input"  # what ffmpeg says of a text, say
_LOG_BYTES = 10_000  # of ffmpeg's complaints; the first line is used


def ffmpeg_source(
    full_path: os.PathLike, path: object, size: int, track: "int | str | None" = None, known: Sequence[str] = ()
) -> "FfmpegSource":
    """A source for a file that soundfile does not know.

    Parameters
    ----------
    full_path : path-like
        Absolute.
    path : path or str
        What messages begin with.
    size : int
        Bytes of the file.
    track : int or str, optional
        Which of its audio tracks; see `lightdiar.io.tracks.chosen_track`.
    known : sequence of str
        What is wrong with it, told at its end.

    Raises
    ------
    AudioError
        If there is no ffmpeg, it cannot read the file, or the file has no such track.
    """
    program = shutil.which("ffmpeg")
    if program is None and (other := _other_kind(full_path)):
        raise AudioError(f"{path}: {other}")
    if program is None:
        raise AudioError(
            f"{path}: soundfile cannot read it as audio, and there is no ffmpeg on PATH to try. Install ffmpeg "
            "if it is a film or another container, or convert it to WAV or FLAC."
        )
    number, doubt = chosen_track(audio_tracks(full_path), track, path)
    try:
        source = FfmpegSource(program, full_path, size, number, doubt, known)
    except OSError as error:
        raise AudioError(f"{path}: ffmpeg cannot be started ({error.strerror}). Install it anew.") from None
    if not (source.sample_rate and source.n_channels):
        source.close()
        raise AudioError(f"{path}: {_why_nothing(source.problems, full_path)}")
    return source


def _why_nothing(problems, full_path):
    """What to tell of a file in which ffmpeg finds no sound."""
    if problems == [_NO_TRACK]:
        return "it has no sound: there is nothing to listen to."
    other, is_playlist = _other_kind(full_path), problems == [_PLAYLIST]
    if other and not (other == _TEXT and is_playlist):
        return other
    reason = "; ".join(problems) or "no samples"
    if reason.endswith(_UNKNOWN) or (is_playlist and not other):  # a picture, say: playlists are text
        return f"{_NO_SOUND}. Give the path of one, or fetch it anew."
    return f"neither soundfile nor ffmpeg can read it as audio ({reason}). Convert it to WAV or FLAC."


def _other_kind(full_path):
    """What to tell of a text, or of what is named like sound without a header; nothing of another file."""
    if _is_text(full_path):
        return _TEXT
    return _HEADERLESS if Path(full_path).suffix.lower() in _RAW_ENDINGS else ""


def _is_text(full_path):
    """Whether a file begins as text, which no format of sound does."""
    with open(full_path, "rb") as file:
        head = file.read(4096)
    try:
        text = head.decode("utf-16" if head[:2] in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE) else "utf-8")
    except UnicodeDecodeError as error:
        text = "" if error.start < len(head) - 4 else head[: error.start].decode("utf-8", "replace")  # cut off
    return bool(text) and not re.search("[\x00-\x08\x0e-\x1a\x7f]", text)


class FfmpegSource:
    """Frames of an audio track, piped as Matroska, whose blocks have times; `doubt` is about the choice of track."""

    def __init__(self, program, full_path, size, track=1, doubt="", known=()):
        with open(full_path, "rb") as file:
            head = file.read(12)
        self._is_mp4, self._is_matroska = head[4:8] == b"ftyp", head[:4] == b"\x1aE\xdf\xa3"
        self._is_avi = head[8:] == b"AVI "
        self._program, self._full_path, self._track = program, full_path, track
        self.problems, self.doubt = [], doubt
        self._known = known
        self._start()
        self.sample_rate, self.n_channels = self._output.sample_rate, self._output.n_channels
        self._most = int((FREE_SECONDS + SECONDS_PER_BYTE * size) * self.sample_rate)
        if not self.sample_rate:
            self._finish()

    def _start(self, at=None):
        """Start ffmpeg, at the beginning or at a time in seconds; what was read before is forgotten."""
        # in mp4 the time line begins at 0, even if nothing is there; elsewhere where the first stream begins
        times, place = ["-copyts"] * self._is_mp4, []
        if at is not None:
            times = ["-copyts"] if self._is_mp4 else ["-copyts", "-start_at_zero"]
            place = ["-noaccurate_seek", "-ss", f"{at:.3f}"]
        opened = [self._program, "-nostdin", *to_open(self._full_path, *place), *times, "-v", "error"]
        piped = ["-map", f"0:a:{self._track - 1}", "-c:a", "pcm_f32le", "-f", "matroska", "-write_crc32", "0", "pipe:1"]
        self._process = subprocess.Popen(
            opened + piped,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            bufsize=_PIPE_BYTES,
        )
        self._log = b""
        self._listener = threading.Thread(target=self._listen, daemon=True)
        self._listener.start()
        self._output = Matroska(self._process.stdout)
        self._ended = False
        self._n_due = 0  # frames up to the end of the last block
        self._silence = 0  # frames to give before what is held
        self._held = np.empty((0, self._output.n_channels or 1), np.float32)
        self._shift = 0.0  # seconds between the time stamps and ours

    def duration(self) -> float | None:
        """Duration of the container as ffmpeg prints it, to 0.01 s."""
        asking = [self._program, "-nostdin", *to_open(self._full_path)]
        asked = subprocess.run(asking, stdin=subprocess.DEVNULL, capture_output=True, check=False)
        found = re.search(rb"Duration: (\d+):(\d\d):(\d\d\.\d+)", asked.stderr)
        return float(found[1]) * 3600 + float(found[2]) * 60 + float(found[3]) if found else None

    def skip(self, n_frames: int) -> None:
        """Pass over the first frames, at most to the end."""
        if (self._is_mp4 or self._is_matroska) and n_frames > _LONG_WAY * self.sample_rate:
            n_frames -= self._go_near(n_frames)
        while n_frames > 0 and (n_read := len(self.read(min(n_frames, self.sample_rate)))):
            n_frames -= n_read

    def _go_near(self, n_frames):
        """Go on shortly before a frame; returns how many are passed over, 0 if the way there is not to be trusted."""
        first = self._output.time
        if not self._fill():
            return 0
        ahead = first - self._silence / self.sample_rate  # of our times; as much as at the beginning
        self.close()
        self._start(n_frames / self.sample_rate + ahead - _RUN_UP)
        found = self._output
        n_passed = n_frames + 1 if found.time is None else round((found.time - ahead) * self.sample_rate)
        same_kind = (found.sample_rate, found.n_channels) == (self.sample_rate, self.n_channels)
        if not (same_kind and 0 <= n_passed <= n_frames):
            self.close()
            self._start()
            return 0
        self._n_due, self._shift = n_passed, ahead
        return n_passed

    def read(self, n_frames: int) -> np.ndarray:
        """At most n_frames frames, shape (n, n_channels), float32; empty at the end."""
        taken, n_taken = [], 0
        while n_taken < n_frames and self._fill():
            if self._silence:
                frames = np.zeros((min(self._silence, n_frames - n_taken), self.n_channels), np.float32)
                self._silence -= len(frames)
            else:
                n_left = n_frames - n_taken
                frames, self._held = self._held[:n_left], self._held[n_left:]
            taken.append(frames)
            n_taken += len(frames)
        return np.concatenate(taken) if taken else np.empty((0, self.n_channels), np.float32)

    def close(self) -> None:
        self._process.kill()
        self._process.stdout.close()
        self._process.wait()
        self._listener.join()
        self._process.stderr.close()

    def _fill(self):
        """Have frames of the next block, or silence before it; False at the end."""
        while not self._ended and not self._silence and not len(self._held):
            block = self._output.block()
            if block is None:
                self._finish()
                self.problems += self._known + self._missing()
                return False
            time, data = block
            self._held = np.frombuffer(data, "<f4").reshape(-1, self.n_channels)
            hole = time - self._shift - self._n_due / self.sample_rate
            if hole > LONGEST_HOLE:
                self._shift += hole
                if self._n_due:
                    at = self._n_due / self.sample_rate
                    self.problems.append(f"its time stamps jump by {hole:.0f} s at {at:.3f} s, which was left out")
            elif hole > SHORTEST_HOLE:
                self._silence = round(hole * self.sample_rate)
            n_due = self._n_due + self._silence + len(self._held)
            if n_due > self._most:
                most = self._most / self.sample_rate
                self.problems.append(f"claims to hold more than the {most:.0f} s that fit its size")
                self._held, self._silence = self._held[:0], 0
                self._process.kill()
                self._finish()
                return False
            self._n_due = n_due
        return not self._ended

    def _missing(self):
        """Sound that an AVI lacks: its blocks have no times, so that what follows damage comes too early."""
        missing = (self.duration() or 0.0) - self._n_due / self.sample_rate if self._is_avi else 0.0
        return [f"its sound is {missing:.1f} s shorter than the film"] if missing > _MOST_MISSING else []

    def _finish(self):
        """At the end, keep the first complaint of ffmpeg."""
        if self._ended:
            return
        self._ended = True
        exit_code = self._process.wait()
        self._listener.join()
        complaint = self._log.decode("utf-8", "replace").strip().partition("\n")[0].strip().rstrip(".")
        if "not on whitelist" in complaint:
            self.problems.append(_PLAYLIST)
        elif "matches no streams" in complaint:
            self.problems.append(_NO_TRACK)
        elif complaint or (exit_code and not self.problems):
            # "[mov @ 0x55d0c8]": the address would differ from run to run
            self.problems.append("ffmpeg says: " + re.sub(r" @ \w+", "", complaint or f"exit code {exit_code}"))

    def _listen(self):
        """Read the complaints, so that ffmpeg never waits; keep the first of them."""
        pipe = self._process.stderr.fileno()  # a reader with a lock could not be closed when the interpreter ends
        while data := os.read(pipe, 4096):
            self._log += data[: _LOG_BYTES - len(self._log)]
