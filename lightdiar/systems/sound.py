"""From a sound in any form to the 16 kHz blocks of each channel that is kept apart."""

import os
import warnings
from collections.abc import Callable, Iterable, Iterator
from itertools import chain
from numbers import Integral
from pathlib import Path
from typing import Any, Literal

import numpy as np

from lightdiar.errors import AudioError, DoubtfulResultWarning
from lightdiar.io import audio
from lightdiar.io.memory import as_sound
from lightdiar.io.resample import resample
from lightdiar.signal.frontend import SAMPLE_RATE
from lightdiar.stages.channels import Sides

Channels = Literal["separate", "mix"] | int | None


def open_sound(
    sound: Any,
    raw_rate: int | None = None,
    *,
    track: int | str | None = None,
    start: float = 0.0,
    end: float | None = None,
    **options: Any,
) -> tuple[str, Iterable[np.ndarray]]:
    """Name and 16 kHz blocks of a recording, or a part of it; the options are those of `lightdiar.io.audio.blocks`."""
    sound = as_sound(sound)
    if isinstance(sound, audio.Audio):
        return "", [resample(_part(sound, track, start, end), sound.sample_rate, SAMPLE_RATE)]
    name = name_of_recording(sound) if isinstance(sound, (str, os.PathLike)) else ""
    return name, audio.blocks(sound, SAMPLE_RATE, raw_rate=raw_rate, track=track, start=start, end=end, **options)


def _part(sound, track, start, end):
    """Samples from a time to another of a sound in memory."""
    audio.check_part(start, end)
    if track not in (None, 1):
        raise AudioError(f"samples in memory are one audio track: there is no track {track}. Give the file.")
    samples = sound.samples[round(start * sound.sample_rate) : None if end is None else round(end * sound.sample_rate)]
    if start and not len(samples):
        raise AudioError(f"the {sound.duration:.3f} s in memory end before {start:g} s; start earlier.")
    return samples


def open_channels(
    sound: Any, channels: Channels = None, raw_rate: int | None = None, **part: Any
) -> tuple[str, list[int | None], list[Iterable[np.ndarray]]]:
    """Name of a sound, the numbers of the channels that are kept apart (or None), and 16 kHz blocks of each.

    Where nobody says what to do with two channels, up to ten minutes are heard before the first block is given. What
    is heard is told by `track`, `start` and `end`, as for `open_sound`.
    """
    sound = as_sound(sound)
    in_memory = isinstance(sound, audio.Audio)
    chosen = channels if isinstance(channels, Integral) else None
    if in_memory and chosen and chosen > 1:
        raise AudioError(f"samples in memory are mixed: there is no channel {chosen}. Give the file, or an io.BytesIO.")
    if in_memory or chosen or channels == "mix":
        name, blocks = open_sound(sound, raw_rate, channel=chosen, **part)
        return name, [chosen], [blocks]
    told: set[str] = set()

    def tell(problem):
        """Warn of it once, however often the file is read."""
        if problem not in told:
            warnings.warn(problem, DoubtfulResultWarning, stacklevel=2)
        told.add(problem)

    sides, heard = Sides(), []
    name, blocks = open_sound(sound, raw_rate, listen=sides.hear, tell=tell, **part)
    for block in blocks:
        heard.append(block)
        if sides.decided or channels == "separate":
            break
    if sides.n_channels < 2 or not (channels == "separate" or sides.independent()):
        return name, [None], [chain((heard.pop(0) for _ in range(len(heard))), blocks)]
    numbers = range(1, sides.n_channels + 1)
    del blocks  # a file in memory is read by one at a time
    streams = [open_sound(sound, raw_rate, channel=number, tell=tell, **part)[1] for number in numbers]
    return name, list(numbers), streams


def name_of_recording(path: str | os.PathLike[str]) -> str:
    """The name of a file without its ending; bytes that are not UTF-8 become escapes such as ``\\udce9``."""
    return Path(path).stem.encode("utf-8", "backslashreplace").decode()


def counted(
    streams: list[Iterable[np.ndarray]], progress: Callable[[float], object] | None
) -> list[Iterator[np.ndarray]]:
    """The streams of a recording, which report their progress in seconds as if they were one."""
    n_samples = 0

    def report(blocks):
        nonlocal n_samples
        for block in blocks:
            yield block
            n_samples += len(block)
            if progress:
                progress(n_samples / len(streams) / SAMPLE_RATE)

    return [report(blocks) for blocks in streams]
