"""Sound that is in memory already, in the shapes that other libraries use."""

import os
from typing import Any, BinaryIO

import numpy as np

from lightdiar.common.files import PathLike
from lightdiar.io.audio import Audio, mixed
from lightdiar.io.decoders import is_file

_ALLOWED = (
    "give a path, an Audio, a file open in binary mode, an io.BytesIO, (samples, rate), or "
    '{"waveform": (channels, samples), "sample_rate": rate}'
)


def as_sound(sound: Any) -> "PathLike | BinaryIO | Audio":
    """A path or a binary file as it is, anything else as `Audio`.

    Parameters
    ----------
    sound : path, binary file, Audio, (samples, rate) or dict
        Samples are floats or int16 of shape (n_samples,) or (n_samples, n_channels), as `soundfile.read` returns them;
        those of a dict have shape (n_samples,) or (n_channels, n_samples), as in pyannote.

    Raises
    ------
    TypeError
        If it is anything else.
    AudioError, ValueError
        If the samples or the rate are impossible.

    Examples
    --------
    >>> as_sound((np.zeros((8000, 2), np.int16), 16000))
    <Audio: 0.50 s at 16000 Hz>
    >>> as_sound({"waveform": np.zeros((1, 8000)), "sample_rate": 16000})
    <Audio: 0.50 s at 16000 Hz>
    """
    if isinstance(sound, (str, os.PathLike, Audio)) or is_file(sound):
        return sound
    if isinstance(sound, dict) and {"waveform", "sample_rate"} <= sound.keys():
        waveform = np.asarray(sound["waveform"])
        if waveform.ndim == 2 and waveform.shape[0] > waveform.shape[1] > 0:
            raise ValueError(f"the waveform must have shape (channels, samples); got {waveform.shape}. Transpose it.")
        return mixed(waveform.T, sound["sample_rate"])
    if isinstance(sound, tuple) and len(sound) == 2 and np.ndim(sound[0]) and not np.ndim(sound[1]):
        return mixed(*sound)
    if isinstance(sound, tuple) and len(sound) == 2 and np.ndim(sound[1]) and not np.ndim(sound[0]):
        raise TypeError("expected (samples, rate), got (rate, samples); swap them.")
    kind = type(sound).__name__
    hint = "; wrap them: io.BytesIO(data)" if isinstance(sound, (bytes, bytearray)) else ""
    hint = "; say their rate: (samples, rate)" if isinstance(sound, np.ndarray) else hint
    hint = "; read it: (file.read(), file.samplerate)" if hasattr(sound, "samplerate") else hint  # of soundfile
    raise TypeError(f"sound of type {kind} cannot be read{hint}; {_ALLOWED}.")
