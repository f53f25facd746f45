"""A microphone: which there are, and what one hears, in blocks, with a gap where sound was lost.

The sound system calls from a thread of its own, which only puts blocks into a queue. Sound is lost if the computer is
too busy to fetch it (the sound system says so, and its clock tells how much) or if the queue is full (which is
counted); either way the times of what follows stay right.
"""

import time
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from queue import Empty, Full, Queue
from typing import Any

import numpy as np

from lightdiar.errors import AudioError, DoubtfulResultWarning
from lightdiar.io.resample import checked_rate
from lightdiar.live.update import Gap

_USUAL_RATE = 16000  # Hz, at which nothing need be resampled

_BLOCK = 0.1  # seconds
_MOST_BLOCKS = 300  # in the queue, half a minute: as long as who listens may be busy
_PATIENCE = 0.25  # seconds; on Windows, Ctrl-C waits for it
_LOST_AFTER = 10.0  # seconds without a block
_SILENT_AFTER = 5.0  # seconds of zeros, which no microphone gives that is switched on
_WRONG_RATE = -9997  # PortAudio's number


@dataclass(frozen=True)
class Microphone:
    """A microphone.

    Parameters
    ----------
    number : int
        PortAudio's, as `lightdiar stream --list` prints it.
    name : str
    system : str
        The sound system that it belongs to; the same microphone may belong to several.
    sample_rate : int
        Hz: its usual one, or what was asked for.
    is_default : bool
    """

    number: int
    name: str
    system: str
    sample_rate: int
    is_default: bool


def microphones() -> list[Microphone]:
    """All microphones that there are.

    Raises
    ------
    ImportError
        If sounddevice is not installed.
    AudioError
        If the PortAudio library is missing, or finds no sound system.
    """
    sd = _sounddevice()
    try:
        systems, devices = sd.query_hostapis(), sd.query_devices()
    except sd.PortAudioError as error:
        raise _no_system(error) from None
    try:
        default = sd.query_devices(kind="input")["index"]
    except sd.PortAudioError:  # the system prefers none
        default = None
    return [
        Microphone(
            device["index"],
            device["name"],
            systems[device["hostapi"]]["name"],
            int(device["default_samplerate"]),
            device["index"] == default,
        )
        for device in devices
        if device["max_input_channels"] > 0
    ]


def find_microphone(which: str | int | None = None, sample_rate: int | None = None) -> Microphone:
    """The microphone of a name or number, ready to record.

    Parameters
    ----------
    which : str or int, optional
        Its number, or part of its name; by default, the one that the system prefers.
    sample_rate : int, optional
        Hz; by default 16000 if the microphone can, otherwise what is usual for it.

    Raises
    ------
    ImportError
        If sounddevice is not installed.
    AudioError
        If there is no such microphone, the system refuses it, or it cannot record at this rate.
    """
    sd = _sounddevice()
    found = _chosen(microphones(), which)
    rates = [_USUAL_RATE, found.sample_rate] if sample_rate is None else [checked_rate(sample_rate)]
    refused: Any = None
    for rate in rates:
        try:
            sd.check_input_settings(device=found.number, channels=1, dtype="int16", samplerate=rate)
            return Microphone(found.number, found.name, found.system, rate, found.is_default)
        except sd.PortAudioError as error:
            refused = error
    if sample_rate is not None and refused.args[1:2] == (_WRONG_RATE,):
        raise AudioError(
            f"the microphone {found.name} does not record at {sample_rate} Hz; its usual rate is {found.sample_rate} "
            "Hz. Leave the rate out, and what suits it is taken."
        )
    raise _refused(found, refused)


def hear(microphone: Microphone) -> Iterator[np.ndarray | Gap]:
    """Yield what a microphone hears, at its sample rate, until the caller stops.

    Parameters
    ----------
    microphone : Microphone
        From `find_microphone`.

    Yields
    ------
    block : ndarray of shape (n_samples,), float32, or Gap
        A tenth of a second, or how much was lost before the next one.

    Raises
    ------
    AudioError
        If the system refuses the microphone, or it gives no more sound.

    Warns
    -----
    DoubtfulResultWarning
        If it gives nothing but zeros in its first seconds.
    """
    sd = _sounddevice()
    ear = _Ear(microphone.sample_rate)
    options = dict(device=microphone.number, channels=1, dtype="int16", samplerate=microphone.sample_rate)
    try:
        with sd.InputStream(**options, blocksize=ear.block_length, callback=ear.hear) as stream:
            yield from _heard(microphone, ear, stream)
    except sd.PortAudioError as error:
        raise _refused(microphone, error) from None


class _Ear:
    """What the sound system calls; it must never wait."""

    def __init__(self, sample_rate):
        self.sample_rate, self.block_length = sample_rate, round(_BLOCK * sample_rate)
        self.blocks = Queue(_MOST_BLOCKS)
        self._n_lost = 0  # samples before the next block
        self._due = self._called = None  # when the next block should begin, and when this one came

    def hear(self, data, n_samples, times, status):
        """Queue a block of shape (n_samples, 1), int16."""
        now = time.monotonic()
        start = times.inputBufferAdcTime or now  # some sound systems have no clock
        if status.input_overflow and self._due is not None:
            lost = min(start - self._due, now - self._called)  # a wrong clock must not lose hours
            self._n_lost += max(0, round(lost * self.sample_rate))
        self._due, self._called = start + n_samples / self.sample_rate, now
        try:
            self.blocks.put_nowait((self._n_lost, data[:, 0].copy()))
            self._n_lost = 0
        except Full:
            self._n_lost += n_samples


def _heard(microphone, ear, stream):
    """Yield gaps and blocks; warn once if all begins with zeros."""
    n_zeros = 0
    while True:
        n_lost, block = _next_block(microphone, ear, stream)
        if n_lost:
            yield Gap(n_lost / ear.sample_rate)
        if n_zeros is not None:
            n_zeros = None if block.any() else n_zeros + len(block)
            if n_zeros and n_zeros >= _SILENT_AFTER * ear.sample_rate:
                warnings.warn(
                    f"the microphone {microphone.name} gives nothing but silence. Is it switched on, and may programs "
                    "use it (privacy settings of the system)?",
                    DoubtfulResultWarning,
                    stacklevel=2,
                )
                n_zeros = None
        yield block / np.float32(32768)


def _next_block(microphone, ear, stream):
    """How many samples were lost, and the block after them."""
    waited = 0.0
    while True:
        try:
            return ear.blocks.get(timeout=_PATIENCE)
        except Empty:
            waited += _PATIENCE
        if waited >= _LOST_AFTER or not stream.active:
            raise AudioError(
                f"the microphone {microphone.name} gives no more sound. Was it unplugged? Start again, or choose "
                "another: `lightdiar stream --list`."
            )


def _chosen(there, which):
    """The microphone that is meant."""
    if not there:
        raise AudioError("there is no microphone. Plug one in, or allow it in the privacy settings of the system.")
    if which is None:
        return next((one for one in there if one.is_default), there[0])
    if isinstance(which, int) or which.isdecimal():
        meant = [one for one in there if one.number == int(which)]
    else:
        meant = [one for one in there if which.casefold() in f"{one.name}, {one.system}".casefold()]
        usual = next((one.system for one in there if one.is_default), None)
        meant = [one for one in meant if one.system == usual] or meant
        meant = [one for one in meant if one.name.casefold() == which.casefold()] or meant
    if not meant:
        raise AudioError(f"there is no microphone {which}. `lightdiar stream --list` names those that there are.")
    if len(meant) > 1:
        several = ", ".join(f"{one.number} ({one.name}, {one.system})" for one in meant)
        raise AudioError(f"the microphone {which} may be {several}; give its number.")
    return meant[0]


def _refused(microphone, error):
    """The AudioError that says what PortAudio says, and what to do."""
    reason = str(error.args[0]) if error.args else "it gives no reason"
    if len(error.args) > 2 and error.args[2][2]:
        reason += f" ({error.args[2][2]})"
    return AudioError(
        f"the microphone {microphone.name} cannot be used: {' '.join(reason.split())}. Close other programs that use "
        "it, allow it in the privacy settings of the system, or choose another: `lightdiar stream --list`."
    )


def _no_system(error):
    reason = " ".join(str(error.args[0]).split())
    return AudioError(f"the sound system cannot be used: {reason}. Does another program hear the microphone?")


def _sounddevice() -> Any:
    try:
        import sounddevice
    except ModuleNotFoundError as error:
        if error.name not in ("sounddevice", "cffi"):
            raise
        raise ImportError(f'the microphone needs {error.name}: python -m pip install "lightdiar[microphone]"') from None
    except OSError:
        raise AudioError(
            "the microphone needs the PortAudio library. Install it, for instance by `sudo apt install libportaudio2` "
            "(Debian, Ubuntu) or `sudo dnf install portaudio` (Fedora)."
        ) from None
    except Exception as error:
        if type(error).__name__ != "PortAudioError":  # nothing of the module can be named yet
            raise
        raise _no_system(error) from None
    return sounddevice
