"""Sound in and out: read, mix to mono, resample, write.

Samples are float32, mono, full scale at -1 and 1 (kept, not clipped, where a float file goes beyond).
WAV, FLAC, OGG, MP3 and their like are read by soundfile; whatever it does not know (mp4, mkv, m4a, ...) by
the `ffmpeg` program if one is on PATH, the first audio track of the file. Nothing here uses the network.
Files are read one second at a time, so a film never lies in memory whole.
"""

import os
import re
import shutil
import struct
import subprocess
import tempfile
import warnings
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from math import gcd, isfinite
from pathlib import Path

import numpy as np

from lightdiar.errors import AudioError, DoubtfulResultWarning
from lightdiar.files import replacing

LOWEST_RATE, HIGHEST_RATE = 1_000, 384_000  # Hz
HIGHEST_VALUE = 1e10  # a damaged float file can hold more, and its powers would overflow


@dataclass(frozen=True, eq=False, repr=False)
class Audio:
    """A mono recording in memory.

    Parameters
    ----------
    samples : array-like of float, shape (n_samples,)
        Waveform, full scale at -1 and 1; kept as float32.
    sample_rate : int
        Hz.

    Raises
    ------
    AudioError
        If the samples are not a row of finite floats or the rate is not between 1000 and 384000 Hz.

    Examples
    --------
    >>> Audio(np.zeros(8000), 16000)
    <Audio: 0.50 s at 16000 Hz>
    """

    samples: np.ndarray
    sample_rate: int

    def __post_init__(self):
        samples = np.asarray(self.samples)
        if samples.ndim != 1:
            raise AudioError(f"samples must have shape (n_samples,); got {samples.shape}. Use to_mono first.")
        if samples.dtype.kind != "f":
            raise AudioError(
                f"samples must be floats in [-1, 1]; got {samples.dtype}. Divide by full scale: 32768 for int16."
            )
        samples = samples.astype(np.float32, copy=False)
        bad = np.flatnonzero(~np.isfinite(samples))
        if bad.size:
            raise AudioError(
                f"{bad.size} of {samples.size} samples are NaN or infinite, the first is number {bad[0]}. "
                "Replace them, for instance by np.nan_to_num(samples, posinf=0, neginf=0)."
            )
        object.__setattr__(self, "samples", samples)
        object.__setattr__(self, "sample_rate", _checked_rate(self.sample_rate))

    def __repr__(self):
        return f"<Audio: {self.duration:.2f} s at {self.sample_rate} Hz>"

    @property
    def duration(self):
        """Length in seconds."""
        return len(self.samples) / self.sample_rate


def read(path, *, start=0.0, end=None):
    """Read a file, or a piece of it, at its own sample rate.

    Parameters
    ----------
    path : str or path-like
        Any sound file; films and other containers need `ffmpeg` on PATH.
    start, end : float, default=0.0, None
        Seconds; `end` None is the end of the file. What lies behind the end of the file is empty.

    Returns
    -------
    audio : Audio
        Mono as by `to_mono`, second by second; empty if the file holds no samples.

    Raises
    ------
    AudioError
        If the file is missing, empty (0 bytes), a folder, or not sound.
    ValueError
        If `start` and `end` are not an interval.

    Warns
    -----
    DoubtfulResultWarning
        If samples are NaN, infinite or beyond 1e10 (they are taken as silence), or if the file is damaged or shorter
        than its header says (what can be read is used).
    """
    if not (0 <= start < float("inf") and (end is None or start < end < float("inf"))):
        raise ValueError(f"start={start} s, end={end} s: seconds with 0 <= start < end are needed.")
    with _open(path) as source:
        seconds = list(_mono_seconds(source, path, start, end))
        return Audio(np.concatenate([np.empty(0, np.float32), *seconds]), source.sample_rate)


def blocks(path, sample_rate=16000, *, seconds=30.0):
    """Read a file of any length in blocks, at the sample rate you want.

    The blocks, laid end to end, are the same samples bit for bit whatever the block length, and the same
    as `resample` makes of `read`.

    Parameters
    ----------
    path : str or path-like
        As in `read`.
    sample_rate : int, default=16000
        Hz.
    seconds : float, default=30.0
        Length of a block; the last one may be shorter.

    Yields
    ------
    samples : ndarray of shape (n_samples,), float32
        Nothing at all if the file holds no samples.

    Raises
    ------
    AudioError, ValueError
        As `read`, when the first block is asked for.

    Warns
    -----
    DoubtfulResultWarning
        As `read`, after the last block.
    """
    if not (isfinite(seconds) and seconds * _checked_rate(sample_rate) >= 1):
        raise ValueError(f"seconds={seconds} must hold a sample at {sample_rate} Hz; a usual block is 30.")
    length = int(seconds * sample_rate)
    with _open(path) as source:
        resampler = Resampler(source.sample_rate, sample_rate)
        held, n_held = [], 0
        for second in _mono_seconds(source, path):
            held.append(resampler.push(second))
            n_held += len(held[-1])
            if n_held >= length:
                *full, rest = _cut(np.concatenate(held), length)
                yield from full
                held, n_held = [rest], len(rest)
        yield from (block for block in _cut(np.concatenate([*held, resampler.flush()]), length) if len(block))


def duration(path):
    """Length of a file in seconds as its header tells it, without decoding; None if it does not tell.

    Raises
    ------
    AudioError
        As `read`.
    """
    with _open(path) as source:
        return source.duration()


def write(path, audio):
    """Write 16-bit WAV or FLAC, all or nothing: an interrupted write leaves no half file behind.

    A 16-bit file that was read is written back bit for bit; beyond full scale is clipped.

    Parameters
    ----------
    path : str or path-like
        Ends in .wav or .flac.
    audio : Audio

    Raises
    ------
    ValueError
        If the name ends otherwise, or a FLAC file would be empty (the format has no such thing).
    OSError
        If the folder is missing or closed to you.
    """
    import soundfile

    path = Path(os.path.abspath(path))
    suffix = path.suffix.lower()
    if suffix not in (".wav", ".flac"):
        raise ValueError(f"{path}: sound is written as .wav or .flac; got {path.suffix!r}. Rename the file.")
    if suffix == ".flac" and not len(audio.samples):
        raise ValueError(f"{path}: a FLAC file cannot hold 0 samples. Write a .wav file.")
    pcm = np.clip(np.round(audio.samples * np.float32(32768)), -32768, 32767).astype(np.int16)
    with replacing(path) as file:
        soundfile.write(file, pcm, audio.sample_rate, subtype="PCM_16", format=suffix[1:].upper())


def to_mono(samples):
    """Mix channels so that speech survives.

    The mean of the channels; of a 5.1 or 7.1 film (6 or 8 channels in the order left, right, centre, ...)
    the front alone, (left + 2 centre + right) / 4, because dialogue lives in the centre and the rest is
    rumble and ambience. If the mean has less than 1 % of the power of the channels in it (one of them is
    wired in opposite phase and they cancel), the loudest of them instead.

    Parameters
    ----------
    samples : ndarray of shape (n_samples,) or (n_samples, n_channels)
        Finite floats.

    Returns
    -------
    samples : ndarray of shape (n_samples,), float32

    Raises
    ------
    ValueError
        If there are no channels or more than two dimensions.
    """
    samples = np.asarray(samples, dtype=np.float32)
    if samples.ndim == 1:
        return samples
    if samples.ndim != 2 or not samples.shape[1]:
        raise ValueError(f"samples must have shape (n_samples, n_channels); got {samples.shape}.")
    channels = samples.T
    if len(channels) in (6, 8):
        channels = channels[[0, 1, 2, 2]]
    mono = sum(channels[1:], channels[0]) / np.float32(len(channels))
    powers = np.array([np.vdot(channel, channel) for channel in channels])
    return channels[powers.argmax()].copy() if np.vdot(mono, mono) < 0.01 * powers.mean() else mono


def resample(samples, orig_rate, target_rate):
    """Change the sample rate.

    Linear-phase windowed sinc; for 16 kHz flat to 7.3 kHz, -0.3 dB at 7.5 kHz, below -65 dB from 8.7 kHz.

    Parameters
    ----------
    samples : ndarray of shape (n_samples,)
        Finite floats.
    orig_rate, target_rate : int
        Hz.

    Returns
    -------
    samples : ndarray of shape (ceil(n_samples * target_rate / orig_rate),), float32

    Raises
    ------
    AudioError
        If a rate is not between 1000 and 384000 Hz.
    """
    resampler = Resampler(orig_rate, target_rate)
    return np.concatenate([resampler.push(samples), resampler.flush()])


class Resampler:
    """`resample` for sound that arrives in pieces: the same samples bit for bit, however it is cut.

    Polyphase filtering as `scipy.signal.resample_poly`; the last 1.5 ms (at 16 kHz) wait for what follows.

    Parameters
    ----------
    orig_rate, target_rate : int
        Hz.

    Examples
    --------
    >>> resampler = Resampler(48000, 16000)
    >>> len(resampler.push(np.zeros(4800))), len(resampler.flush())
    (1576, 24)
    """

    def __init__(self, orig_rate, target_rate):
        orig_rate, target_rate = _checked_rate(orig_rate), _checked_rate(target_rate)
        common = gcd(orig_rate, target_rate)
        self._up, self._down = target_rate // common, orig_rate // common
        if self._up == self._down:
            return
        lowpass = _lowpass(self._up, self._down)
        self._reach = len(lowpass) // 2
        lead = -self._reach % self._down  # zeros that put the filter's middle on the output grid
        self._taps = np.concatenate([np.zeros(lead), lowpass])
        self._delay = (self._reach + lead) // self._down
        self._held = np.empty(0)
        self._held_from = 0  # number of the first sample held, a multiple of `down`
        self._n_out = 0

    def push(self, samples):
        """The output that needs nothing beyond these samples: ndarray (n_out,), float32."""
        samples = np.asarray(samples, dtype=np.float32)
        if self._up == self._down:
            return samples
        self._held = np.concatenate([self._held, samples])
        return self._output(self._n_in * self._up - self._reach)

    def flush(self):
        """The rest, as if silence followed; nothing may be pushed afterwards."""
        return np.empty(0, np.float32) if self._up == self._down else self._output(self._n_in * self._up)

    @property
    def _n_in(self):
        return self._held_from + len(self._held)

    def _output(self, stop):
        """Outputs that lie before `stop`, a time in units of 1 / (orig_rate * up) s."""
        n_out = -(-stop // self._down)
        if n_out <= self._n_out:
            return np.empty(0, np.float32)
        from scipy.signal import upfirdn

        first = self._delay - self._held_from * self._up // self._down
        out = upfirdn(self._taps, self._held, self._up, self._down)[first + self._n_out : first + n_out]
        self._n_out = n_out
        needed_from = max(0, (n_out * self._down - self._reach) // self._up)
        needed_from -= needed_from % self._down
        self._held = self._held[needed_from - self._held_from :]
        self._held_from = needed_from
        return out.astype(np.float32)


@lru_cache(maxsize=8)
def _lowpass(up, down):
    """Sinc with 24 zero crossings on each side under a Kaiser window, cut off at the lower Nyquist rate."""
    slower = max(up, down)
    half = 24 * slower
    taps = np.sinc(np.arange(-half, half + 1) / slower) * np.kaiser(2 * half + 1, 6.5)
    return taps * (up / taps.sum())


def _checked_rate(rate):
    if not isinstance(rate, (int, np.integer)) or not LOWEST_RATE <= rate <= HIGHEST_RATE:
        raise AudioError(
            f"sample_rate={rate!r}: a whole number of Hz from {LOWEST_RATE} to {HIGHEST_RATE} is needed, "
            "16000 for speech."
        )
    return int(rate)


def _cut(samples, length):
    """Cut into pieces of `length`; the last one, perhaps empty, holds the rest."""
    return np.split(samples, range(length, len(samples) + 1, length))


def _mono_seconds(source, path, start=0.0, end=None):
    """Yield a source as mono blocks of one second; warn at the end about what was wrong with it."""
    rate = source.sample_rate
    position = round(start * rate)
    stop = float("inf") if end is None else round(end * rate)
    source.skip(position)
    bad_at = []  # number of the first bad sample of a block, how many
    while position < stop and len(block := source.read(int(min(rate, stop - position)))):
        good = np.abs(block) <= HIGHEST_VALUE
        if not good.all():
            bad = np.flatnonzero(~good.all(axis=1))
            bad_at.append((position + bad[0], bad.size))
            block = np.where(good, block, np.float32(0))
        yield to_mono(block)
        position += len(block)
    if bad_at:
        n_bad = sum(n for _, n in bad_at)
        warnings.warn(
            f"{path}: {n_bad} samples are not a number or beyond 1e10, the first at "
            f"{bad_at[0][0] / rate:.3f} s; they were taken as silence. Check the program that wrote the file.",
            DoubtfulResultWarning,
            stacklevel=3,
        )
    if source.problem:
        warnings.warn(
            f"{path}: {source.problem}; the {position / rate:.3f} s that could be read were used. "
            "Fetch or convert the file again if that is not all of it.",
            DoubtfulResultWarning,
            stacklevel=3,
        )


def _read_past(source, n_frames):
    while n_frames > 0 and (n_read := len(source.read(min(n_frames, source.sample_rate)))):
        n_frames -= n_read


@contextmanager
def _open(path):
    """Yield the source that can decode the file; `path` is a name on disk and never a URL or an option."""
    full_path = Path(os.path.abspath(path))
    if full_path.is_dir():
        raise AudioError(f"{path}: is a folder. Give the path of a sound file in it.")
    try:
        with full_path.open("rb") as file:
            empty = not file.read(1)
    except OSError as error:
        raise AudioError(f"{path}: {error.strerror}. Give the path of a sound file.") from None
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
    except (RuntimeError, TypeError):  # not known; a name that ends in .raw
        return None
    if file.format == "RAW":  # libsndfile takes any bytes named .au or .gsm for headerless samples
        file.close()
        return None
    # SoundFile.read seeks after each read where it can, and a seek in MP3 spoils what is decoded next
    file.seekable = lambda: False
    return _SoundfileSource(file)


class _SoundfileSource:
    """Frames of a file that libsndfile decodes. `problem` says, at its end, why it ended too early."""

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
        """Up to n_frames, shape (n, n_channels), float32; none at the end."""
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
        # libsndfile corrects a WAV header in silence and only logs it; recorders that stream write -1
        logged = re.search(r"^data : (\d+) \(should be (\d+)\)", self._file.extra_info, re.MULTILINE)
        return bool(logged) and int(logged[2]) < int(logged[1]) < 0x7FFFFF00

    def close(self):
        self._file.close()


def _ffmpeg_source(full_path, path):
    program = shutil.which("ffmpeg")
    if program is None:
        raise AudioError(
            f"{path}: soundfile cannot read it as sound, and there is no ffmpeg on PATH to try. Install ffmpeg "
            "if it is a film or another container, or convert it to WAV or FLAC."
        )
    source = _FfmpegSource(program, full_path)
    if source.sample_rate is None:
        source.close()
        raise AudioError(
            f"{path}: neither soundfile nor ffmpeg can read it as sound ({source.problem}). "
            "Convert it to WAV or FLAC."
        )
    return source


class _FfmpegSource:
    """Frames of the first audio track of whatever ffmpeg decodes, piped as AU, whose header tells the shape."""

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
        """The Duration that ffmpeg prints of the container, to 0.01 s."""
        asked = subprocess.run(self._open_file, stdin=subprocess.DEVNULL, capture_output=True, check=False)
        found = re.search(rb"Duration: (\d+):(\d\d):(\d\d\.\d+)", asked.stderr)
        return float(found[1]) * 3600 + float(found[2]) * 60 + float(found[3]) if found else None

    def skip(self, n_frames):
        _read_past(self, n_frames)

    def read(self, n_frames):
        """Up to n_frames, shape (n, n_channels), float32; none at the end."""
        frame_length = 4 * self._n_channels
        data = self._process.stdout.read(n_frames * frame_length)
        if not data:
            self._finish()
        whole = data[: len(data) // frame_length * frame_length]
        return np.frombuffer(whole, ">f4").astype(np.float32).reshape(-1, self._n_channels)

    def _finish(self):
        """At the end of the output: keep the first thing ffmpeg complained about."""
        exit_code = self._process.wait()
        self._log.seek(0)
        complaint = self._log.read().decode("utf-8", "replace").strip().partition("\n")[0].strip().rstrip(".")
        if "matches no streams" in complaint:
            self.problem = "it has no sound track"
        elif complaint or exit_code:
            # "[mov @ 0x55d0c8]": the address would differ from run to run
            self.problem = "ffmpeg says: " + re.sub(r" @ \w+", "", complaint or f"exit code {exit_code}")

    def close(self):
        self._process.stdout.close()
        self._process.kill()
        self._process.wait()
        self._log.close()
