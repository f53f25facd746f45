"""Where live sound comes from: a microphone, the standard input, or a file played as if it were live.

All give blocks of 16 kHz, one channel, as `lightdiar.Stream.push` takes them, and a `Gap` where sound was lost.
"""

import sys
import time
from collections.abc import Iterator
from math import inf

import numpy as np

from lightdiar.common.files import PathLike
from lightdiar.errors import AudioError
from lightdiar.io import audio
from lightdiar.io.piped import piped
from lightdiar.io.resample import Resampler
from lightdiar.live.microphone import find_microphone, hear
from lightdiar.live.update import Gap
from lightdiar.signal.frontend import SAMPLE_RATE

_BLOCK, _LONGEST_BLOCK = 0.1, 1.0  # seconds of a file: while it is played, and if it is played fast


def microphone(which: str | int | None = None, sample_rate: int | None = None) -> Iterator[np.ndarray | Gap]:
    """Yield what a microphone hears, until the caller stops.

    Parameters
    ----------
    which : str or int, optional
        Part of its name, or its number; by default, the one that the system prefers.
    sample_rate : int, optional
        Hz at which it records; by default 16000 if it can, otherwise what is usual for it. It is resampled.

    Yields
    ------
    block : ndarray of shape (n_samples,), float32, or Gap
        About a tenth of a second at 16 kHz, or how much was lost before the next one.

    Raises
    ------
    ImportError
        If sounddevice is not installed: ``pip install "lightdiar[microphone]"``.
    AudioError
        If there is no such microphone, it is refused or unplugged, or it cannot record at this rate.

    Examples
    --------
    ::

        stream = lightdiar.Stream()
        for block in lightdiar.live.sources.microphone():
            print(stream.push(block))
    """
    found = find_microphone(which, sample_rate)
    yield from _resampled(hear(found), found.sample_rate)


def standard_input(raw_rate: int = 16000) -> Iterator[np.ndarray]:
    """Yield the sound that another program writes to the standard input, as it comes.

    Parameters
    ----------
    raw_rate : int, default=16000
        Hz of 16-bit little-endian samples, one channel, without a header; a WAV says by itself what it is.

    Yields
    ------
    block : ndarray of shape (n_samples,), float32
        About a tenth of a second at 16 kHz.

    Raises
    ------
    AudioError
        If nothing comes, or text, or sound of another format; see `lightdiar.io.piped`.
    """
    if sys.stdin is None or sys.stdin.isatty():
        raise AudioError(
            "standard input: nothing is piped into it. Write, for instance, "
            "ffmpeg -i SOUND -f s16le -ar 16000 -ac 1 - | lightdiar stream -"
        )
    sample_rate, pieces = piped(sys.stdin.buffer, raw_rate)
    yield from _resampled(pieces, sample_rate)


def played(path: PathLike, speed: float = 1.0) -> Iterator[np.ndarray]:
    """Yield the sound of a file as fast as it would be heard.

    Parameters
    ----------
    path : str or path-like
        Any sound or film, as in `lightdiar.io.audio.blocks`.
    speed : float, default=1.0
        Times as fast as it was recorded; infinity gives each block as soon as it is asked for.

    Yields
    ------
    block : ndarray of shape (n_samples,), float32
        About a tenth of a second of the listener's time at 16 kHz, given when its end would be heard.

    Raises
    ------
    AudioError
        If the file cannot be read.
    ValueError
        If the speed is not above 0.
    """
    if not speed > 0:
        raise ValueError(f"a speed of {speed} is impossible: 1 is as recorded, 2 twice as fast, inf without waiting.")
    seconds = min(_LONGEST_BLOCK, max(1.0, speed) * _BLOCK)
    heard, began = 0.0, time.monotonic()
    for block in audio.blocks(path, SAMPLE_RATE, seconds=seconds):
        heard += len(block) / SAMPLE_RATE
        if speed < inf:
            time.sleep(max(0.0, began + heard / speed - time.monotonic()))
        yield block


def _resampled(blocks, sample_rate):
    """The blocks at 16 kHz; what lies before a gap is not mixed with what lies after it."""
    resampler = Resampler(sample_rate, SAMPLE_RATE)
    for block in blocks:
        if isinstance(block, Gap):
            yield from _unless_empty(resampler.flush())
            resampler = Resampler(sample_rate, SAMPLE_RATE)
            yield block
        else:
            yield from _unless_empty(resampler.push(block))
    yield from _unless_empty(resampler.flush())


def _unless_empty(block):
    return [block] if len(block) else []
