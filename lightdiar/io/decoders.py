"""Decoders: read the frames of an audio file of any format, from the start.

WAV, FLAC, OGG, MP3 and the like are read by soundfile. Other formats (mp4, mkv, m4a, ...) need the `ffmpeg` program on
PATH, which decodes the first audio track of the file. Nothing here uses the network.
"""

import os
import re
import shutil
import struct
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np

from lightdiar.common.files import PathLike
from lightdiar.errors import AudioError
from lightdiar.io.resample import HIGHEST_RATE, LOWEST_RATE


@contextmanager
def open_sound_file(path: PathLike) -> Iterator["_SoundfileSource | _FfmpegSource"]:
    """Yield a source that decodes the file; `path` is always a file name, never a URL or an option."""
    full_path = Path(os.path.abspath(path))
    if full_path.is_dir():
        raise AudioError(f"{path}: is a folder. Give the path of an audio file in it.")
    try:
        with full_path.open("rb") as file:
            empty = not file.read(1)
    except OSError as error:
        raise AudioError(f"{path}: {error.strerror}. Give the path of an audio file.") from None
    if empty:
        raise AudioError(f"{path}: is empty (0 bytes). Fetch or record it again.")
    source = _soundfile_source(full_path) or _ffmpeg_source(full_path, path)
    try:
        if not LOWEST_RATE <= source.sample_rate <= HIGHEST_RATE:
            raise AudioError(
                f"{path}: its sample rate is {source.sample_rate} Hz; {LOWEST_RATE} to {HIGHEST_RATE} Hz can be "
                "read. Its header may be damaged: fetch or convert it again."
            )
        yield source
    finally:
        source.close()


def _soundfile_source(full_path):
    """A `_SoundfileSource`, or None if soundfile does not know the format."""
    import soundfile

    try:
        file = soundfile.SoundFile(os.fspath(full_path))
    except (RuntimeError, TypeError):  # unknown format, or a name that ends in .raw
        return None
    if file.format == "RAW":  # libsndfile reads any bytes named .au or .gsm as headerless samples
        file.close()
        return None
    # SoundFile.read seeks after each read where it can, and seeking in an MP3 corrupts what is decoded next
    file.seekable = lambda: False
    return _SoundfileSource(file)


class _SoundfileSource:
    """Frames of a file that libsndfile decodes; `problem` says afterwards why it ended early, if it did."""

    def __init__(self, file):
        self._file = file
        self.sample_rate = file.samplerate
        self.problem = None

    def duration(self):
        n_frames = self._file.frames
        return n_frames / self.sample_rate if n_frames < 2**62 else None

    def skip(self, n_frames):
        if self._file.subtype.startswith("MPEG"):
            _read_past(self, n_frames)
        else:
            self._file.seek(min(n_frames, self._file.frames))

    def read(self, n_frames):
        """At most n_frames frames, shape (n, n_channels), float32; empty at the end."""
        try:
            frames = self._file.read(n_frames, dtype="float32", always_2d=True)
        except RuntimeError as error:
            self.problem = f"is damaged ({str(error).removeprefix('Error : ').rstrip('.')})"
            return np.empty((0, 1), np.float32)
        if not len(frames) and self._is_cut_off():
            self.problem = "is shorter than its header says"
        return frames

    def _is_cut_off(self):
        if self._file.tell() < self._file.frames:
            return True
        # libsndfile silently corrects a WAV header and only logs it; streaming recorders write -1
        logged = re.search(r"^data : (\d+) \(should be (\d+)\)", self._file.extra_info, re.MULTILINE)
        return bool(logged) and int(logged[2]) < int(logged[1]) < 0x7FFFFF00

    def close(self):
        self._file.close()


def _ffmpeg_source(full_path, path):
    program = shutil.which("ffmpeg")
    if program is None:
        raise AudioError(
            f"{path}: soundfile cannot read it as audio, and there is no ffmpeg on PATH to try. Install ffmpeg "
            "if it is a film or another container, or convert it to WAV or FLAC."
        )
    source = _FfmpegSource(program, full_path)
    if source.sample_rate is None:
        source.close()
        raise AudioError(
            f"{path}: neither soundfile nor ffmpeg can read it as audio ({source.problem}). Convert it to WAV or FLAC."
        )
    return source


class _FfmpegSource:
    """Frames of the first audio track that ffmpeg decodes, piped as AU, whose header gives rate and channels."""

    def __init__(self, program, full_path):
        self._open_file = [program, "-nostdin", "-protocol_whitelist", "file", "-i", f"file:{full_path}"]
        arguments = ["-v", "error", "-map", "0:a:0", "-c:a", "pcm_f32be", "-f", "au", "pipe:1"]
        self._log = tempfile.TemporaryFile()  # noqa: SIM115, closed in close()
        self._process = subprocess.Popen(
            self._open_file + arguments, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=self._log
        )
        self.problem = self.sample_rate = None
        header = self._process.stdout.read(24)
        if len(header) < 24:
            self._finish()
            return
        _, data_from, _, _, self.sample_rate, self._n_channels = struct.unpack(">4s5I", header)
        self._process.stdout.read(data_from - len(header))

    def duration(self):
        """Duration of the container as ffmpeg prints it, to 0.01 s."""
        asked = subprocess.run(self._open_file, stdin=subprocess.DEVNULL, capture_output=True, check=False)
        found = re.search(rb"Duration: (\d+):(\d\d):(\d\d\.\d+)", asked.stderr)
        return float(found[1]) * 3600 + float(found[2]) * 60 + float(found[3]) if found else None

    def skip(self, n_frames):
        _read_past(self, n_frames)

    def read(self, n_frames):
        """At most n_frames frames, shape (n, n_channels), float32; empty at the end."""
        frame_length = 4 * self._n_channels
        data = self._process.stdout.read(n_frames * frame_length)
        if not data:
            self._finish()
        whole = data[: len(data) // frame_length * frame_length]
        return np.frombuffer(whole, ">f4").astype(np.float32).reshape(-1, self._n_channels)

    def _finish(self):
        """At the end of the output, keep the first complaint of ffmpeg."""
        exit_code = self._process.wait()
        self._log.seek(0)
        complaint = self._log.read().decode("utf-8", "replace").strip().partition("\n")[0].strip().rstrip(".")
        if "matches no streams" in complaint:
            self.problem = "it has no audio track"
        elif complaint or exit_code:
            # "[mov @ 0x55d0c8]": the address would differ from run to run
            self.problem = "ffmpeg says: " + re.sub(r" @ \w+", "", complaint or f"exit code {exit_code}")

    def close(self):
        self._process.stdout.close()
        self._process.kill()
        self._process.wait()
        self._log.close()


def _read_past(source, n_frames):
    while n_frames > 0 and (n_read := len(source.read(min(n_frames, source.sample_rate)))):
        n_frames -= n_read
