"""Audio input and output: read, mix to mono, write.

A sound is a path, or a binary file that can seek (``open(path, "rb")``, ``io.BytesIO``), read from its start.
Samples are mono float32 with full scale at -1 and 1; a float file may exceed it and is not clipped.
Files are decoded one second at a time, so `blocks` never holds a whole film in memory.
"""

import io
import os
import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from math import isfinite
from numbers import Real
from pathlib import Path
from typing import BinaryIO

import numpy as np

from lightdiar.common.files import PathLike, replacing
from lightdiar.common.notation import count_of
from lightdiar.errors import AudioError, DoubtfulResultWarning
from lightdiar.io.decoders import name_of, open_sound_file
from lightdiar.io.resample import Resampler, checked_rate

HIGHEST_VALUE = 1e10  # a damaged float file can hold larger values, whose powers would overflow
_LATEST = 1e12  # seconds; whoever means the end may say any time after it, but its samples must be countable


@dataclass(frozen=True, eq=False, repr=False)
class Audio:
    """A mono recording in memory.

    Parameters
    ----------
    samples : array-like of float or int16, shape (n_samples,)
        Waveform with full scale at -1 and 1; stored as float32. Full scale of int16 is 32768.
    sample_rate : int
        Hz.

    Raises
    ------
    AudioError
        If the samples are not one-dimensional floats up to 1e10 or int16, or the rate is not between 1000 and
        384000 Hz.

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
            raise AudioError(
                f"samples must have shape (n_samples,); got {samples.shape}. Use to_mono first; it takes "
                "(n_samples, n_channels)."
            )
        samples = _as_float32(samples)
        bad = np.flatnonzero(~((samples >= -HIGHEST_VALUE) & (samples <= HIGHEST_VALUE)))
        if bad.size:
            raise AudioError(
                f"{bad.size} of {samples.size} samples are NaN or beyond 1e10, the first is number {bad[0]}. "
                "Full scale is 1: divide them by their own, or replace them by 0."
            )
        object.__setattr__(self, "samples", samples)
        object.__setattr__(self, "sample_rate", checked_rate(self.sample_rate))

    def __repr__(self) -> str:
        return f"<Audio: {self.duration:.2f} s at {self.sample_rate} Hz>"

    @property
    def duration(self) -> float:
        """Length in seconds."""
        return len(self.samples) / self.sample_rate


def read(
    path: PathLike | BinaryIO,
    *,
    start: float = 0.0,
    end: float | None = None,
    raw_rate: int | None = None,
    track: int | str | None = None,
) -> Audio:
    """Read a file, or part of it, at its native sample rate.

    Parameters
    ----------
    path : str, path-like or binary file
        Any audio file; films and other containers need `ffmpeg` on PATH.
    start, end : float, default=0.0, None
        Seconds; ``end=None`` reads to the end of the file. Anything past the end of the file is empty.
    raw_rate : int, optional
        Sample rate in Hz of a file without a header, which holds one channel of 16-bit little-endian samples.
    track : int or str, optional
        Which audio track of a film: a number, from 1, or the tag of a language ("fra", "fre" and "fr" are the same), of
        which the first track that is no commentary is read. By default the first of all; see
        `lightdiar.io.tracks.audio_tracks`.

    Returns
    -------
    audio : Audio
        Mixed down by `to_mono`, one second at a time; empty if the file holds no samples.

    Raises
    ------
    AudioError
        If the file is missing, empty (0 bytes), a folder, a pipe, or not audio, has no such track, or nothing of it can
        be read.
    ValueError
        If `start` and `end` do not form an interval, or `track` is neither a number from 1 nor a language.

    Warns
    -----
    DoubtfulResultWarning
        If samples are NaN, infinite or beyond 1e10 (they are replaced by silence), or if the file is damaged, shorter
        or longer than its header says, or holds what was not read (what can be read is used); if the first track of a
        film is called a commentary and no other was asked for.
    """
    check_part(start, end)
    with open_sound_file(path, raw_rate, track) as source:
        seconds = list(map(_mixed, _seconds(source, path, start, end)))
        return Audio(np.concatenate([np.empty(0, np.float32), *seconds]), source.sample_rate)


def check_part(start: float, end: float | None) -> None:
    """Refuse a part of a recording that cannot be.

    Raises
    ------
    TypeError
        If `start` or `end` is no number.
    ValueError
        If `start` and `end`, in seconds, or None for the end of the recording, do not form an interval, or lie beyond
        1e12.
    """
    for name, seconds in dict(start=start, end=0.0 if end is None else end).items():
        if not isinstance(seconds, Real) or isinstance(seconds, bool):
            raise TypeError(f"{name}={seconds!r} must be a number of seconds, such as 90.0.")
    if not (0 <= start < _LATEST and (end is None or start < end < _LATEST)):
        raise ValueError(f"start={start} s, end={end} s; need 0 <= start < end < {_LATEST:g}, in seconds.")


def blocks(
    path: PathLike | BinaryIO,
    sample_rate: int = 16000,
    *,
    seconds: float = 30.0,
    start: float = 0.0,
    end: float | None = None,
    raw_rate: int | None = None,
    track: int | str | None = None,
    channel: int | None = None,
    listen: Callable[[np.ndarray, int], object] | None = None,
    tell: Callable[[str], object] | None = None,
) -> Iterator[np.ndarray]:
    """Read a file of any length in blocks, at the sample rate you want.

    Concatenated, the blocks are bit-identical whatever their length, and equal to `resample` applied to `read`.

    Parameters
    ----------
    path : str, path-like or binary file
        As in `read`.
    sample_rate : int, default=16000
        Hz.
    seconds : float, default=30.0
        Length of a block; the last one may be shorter.
    start, end, raw_rate, track : optional
        As in `read`; but a `start` beyond the end of the file is an error.
    channel : int, optional
        Only this one, the first is 1; by default all are mixed by `to_mono`.
    listen : callable, optional
        Called with each second before it is mixed, shape (n_samples, n_channels), and its native sample rate.
    tell : callable, optional
        Called with what is wrong with the file, in place of a warning.

    Yields
    ------
    samples : ndarray of shape (n_samples,), float32
        No block at all if the file holds no samples.

    Raises
    ------
    AudioError, ValueError
        As `read`, when the first block is requested; also if the file has no such channel, or ends before `start`.

    Warns
    -----
    DoubtfulResultWarning
        As `read`, after the last block, but before the first about the choice of a track.
    """
    check_part(start, end)
    if not (isfinite(seconds) and seconds * checked_rate(sample_rate) >= 1):
        raise ValueError(f"seconds={seconds} must hold a sample at {sample_rate} Hz; a usual block is 30.")
    length = int(seconds * sample_rate)
    with open_sound_file(path, raw_rate, track) as source:
        try:
            resampler = Resampler(source.sample_rate, sample_rate)
        except AudioError as error:
            raise AudioError(f"{name_of(path)}: {error}") from None
        held, n_held, nothing = [], 0, True
        for second in _seconds(source, path, start, end, tell=tell):
            nothing = False
            if listen:
                listen(second, source.sample_rate)
            second = _mixed(second) if channel is None else _one_channel(second, channel, path)
            held.append(resampler.push(second))
            n_held += len(held[-1])
            if n_held >= length:
                *full, rest = _cut(np.concatenate(held), length)
                yield from full
                held, n_held = [rest], len(rest)
        if nothing and start:
            raise AudioError(f"{name_of(path)}: ends before {start:g} s, where it was to be heard from; start earlier.")
        yield from (block for block in _cut(np.concatenate([*held, resampler.flush()]), length) if len(block))


def duration(path: PathLike | BinaryIO, raw_rate: int | None = None, track: int | str | None = None) -> float | None:
    """Length of a file in seconds according to its header, without decoding; None if the header does not say.

    Of a film it is the length of the whole, whichever track is asked for.

    Raises
    ------
    AudioError
        As `read`.
    """
    with open_sound_file(path, raw_rate, track) as source:
        return source.duration()


def write(path: PathLike, audio: Audio) -> None:
    """Write 16-bit WAV or FLAC, all or nothing: an interrupted write leaves no partial file behind.

    Samples read from a 16-bit file are written back bit for bit; values beyond full scale are clipped.

    Parameters
    ----------
    path : str or path-like
        Ends in .wav or .flac.
    audio : Audio

    Raises
    ------
    ValueError
        If the name has another ending, or a FLAC file would be empty, or have a rate above 65535 Hz that is no
        multiple of 10 (the format does not allow it).
    OSError
        If the folder is missing or not writable, or the disk is full.
    """
    import soundfile

    path = Path(os.path.abspath(path))
    suffix = path.suffix.lower()
    if suffix not in (".wav", ".flac"):
        raise ValueError(f"{path}: audio is written as .wav or .flac; got {path.suffix!r}. Rename the file.")
    if suffix == ".flac" and not len(audio.samples):
        raise ValueError(f"{path}: a FLAC file cannot hold 0 samples. Write a .wav file.")
    if suffix == ".flac" and audio.sample_rate > 65535 and audio.sample_rate % 10:
        raise ValueError(f"{path}: a FLAC file cannot have a rate of {audio.sample_rate} Hz. Write a .wav file.")
    pcm = np.clip(np.round(audio.samples * np.float32(32768)), -32768, 32767).astype(np.int16)
    encoded = io.BytesIO()  # soundfile would lose an error of the disk
    soundfile.write(encoded, pcm, audio.sample_rate, subtype="PCM_16", format=suffix[1:].upper())
    with replacing(path) as file:
        file.write(encoded.getbuffer())


def to_mono(samples: np.ndarray) -> np.ndarray:
    """Mix channels so that speech survives.

    This is the mean of the channels. For a 5.1 or 7.1 film (6 or 8 channels in the order left, right, centre, ..., as
    all files are read here) it is the front alone, (left + 2 centre + right) / 4, because dialogue is in the centre
    and the rest is rumble and ambience; unless the front is digital silence, as six or eight microphones may have it.
    If the mean has less than 1 % of the power of its channels (they cancel because one is wired in opposite phase), it
    is the loudest of them instead.

    Parameters
    ----------
    samples : ndarray of shape (n_samples,) or (n_samples, n_channels)
        Finite floats, or int16.

    Returns
    -------
    samples : ndarray of shape (n_samples,), float32

    Raises
    ------
    ValueError
        If there are no channels, more of them than samples, or more than two dimensions.
    """
    samples = _channels(samples)
    return samples if samples.ndim == 1 else _mixed(samples)


def mixed(samples: np.ndarray, sample_rate: int) -> Audio:
    """A recording in memory as `read` gives a file: mixed by `to_mono`, one second at a time.

    Parameters
    ----------
    samples : ndarray of shape (n_samples,) or (n_samples, n_channels)
        Finite floats, or int16.
    sample_rate : int
        Hz.

    Raises
    ------
    AudioError, ValueError
        As `Audio` and `to_mono`.
    """
    samples = _channels(samples)
    if samples.ndim == 2:
        samples = np.concatenate([_mixed(second) for second in _cut(samples, checked_rate(sample_rate))])
    return Audio(samples, sample_rate)


def _channels(samples):
    """Samples that `to_mono` can mix, float32."""
    samples = _as_float32(samples)
    if samples.ndim == 1:
        return samples
    if samples.ndim != 2 or not samples.shape[1]:
        raise ValueError(f"samples must have shape (n_samples, n_channels); got {samples.shape}.")
    if samples.shape[1] > samples.shape[0] > 0:
        raise ValueError(
            f"samples must have shape (n_samples, n_channels); got {samples.shape}, more channels than samples. "
            "Transpose them: samples.T."
        )
    return samples


def _mixed(samples):
    """`to_mono` of a block of a recording, however short."""
    channels = samples.T
    if len(channels) in (6, 8) and channels[:3].any():
        channels = channels[[0, 1, 2, 2]]
    mono = sum(channels[1:], channels[0]) / np.float32(len(channels))
    powers = np.array([np.vdot(channel, channel) for channel in channels])
    return channels[powers.argmax()].copy() if np.vdot(mono, mono) < 0.01 * powers.mean() else mono


def _as_float32(samples):
    """Floats as they are, int16 with full scale at 1."""
    samples = np.asarray(samples)
    if samples.dtype.kind == "i" and samples.dtype.itemsize == 2:
        return samples.astype(np.float32) / np.float32(32768)
    if samples.dtype.kind != "f":
        advice = {
            "i": " Divide by full scale, such as 2**31 for int32.",
            "u": " Take off the middle and divide by it: (samples - 128.0) / 128 for uint8.",
        }
        raise AudioError(
            f"samples must be floats in [-1, 1] or int16; got {samples.dtype}.{advice.get(samples.dtype.kind, '')}"
        )
    with np.errstate(over="ignore"):  # a caller refuses what is infinite
        return samples.astype(np.float32, copy=False)


def _cut(samples, length):
    """Cut into pieces of `length`; the last one, perhaps empty, holds the rest."""
    return np.split(samples, range(length, len(samples) + 1, length))


def _one_channel(samples, channel, path):
    n_channels = samples.shape[1]
    if channel > n_channels:
        has = f"has {count_of(n_channels, 'channel')}; there is no channel {channel}"
        advice = f"Ask for one from 1 to {n_channels}" if n_channels > 1 else "It is mono: ask for 1"
        raise AudioError(f"{name_of(path)}: {has}. {advice}.")
    return samples[:, channel - 1]


def _seconds(source, path, start=0.0, end=None, *, tell=None):
    """Yield a source in blocks of one second, shape (n, n_channels), then tell or warn of any problems with it."""
    rate = source.sample_rate
    if source.doubt:
        (tell or _warn)(f"{name_of(path)}: {source.doubt}")
    first = position = round(start * rate)
    stop = float("inf") if end is None else round(end * rate)
    source.skip(position)
    bad_at = []  # index of the first bad sample of a block, number of bad samples
    while position < stop and len(block := source.read(int(min(rate, stop - position)))):
        good = np.abs(block) <= HIGHEST_VALUE
        if not good.all():
            bad = np.flatnonzero(~good.all(axis=1))
            bad_at.append((position + bad[0], bad.size))
            block = np.where(good, block, np.float32(0))
        yield block
        position += len(block)
    if bad_at:
        n_bad = sum(n for _, n in bad_at)
        what = "1 sample is" if n_bad == 1 else f"{n_bad} samples are"
        (tell or _warn)(
            f"{name_of(path)}: {what} not a number or beyond 1e10, the first at "
            f"{bad_at[0][0] / rate:.3f} s; they were replaced by silence. Check the program that wrote the file."
        )
    if source.problems:
        problems = "; ".join(source.problems)
        if position == first:
            raise AudioError(f"{name_of(path)}: {problems}; nothing could be read. Fetch or convert the file again.")
        (tell or _warn)(
            f"{name_of(path)}: {problems}; the {(position - first) / rate:.3f} s that could be read were used. "
            "Fetch or convert the file again if that is not all of it."
        )


def _warn(message):
    warnings.warn(message, DoubtfulResultWarning, stacklevel=4)
