"""From a recording of any length to the events in it, in memory that hardly grows: what is kept are probabilities.

They take 4 bytes for each class and step of 0.1 s: 14 classes are 2 MB an hour.
"""

import os
import warnings
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from typing import Any

import numpy as np

from lightdiar.errors import DoubtfulResultWarning
from lightdiar.events.features import FrontEnd
from lightdiar.events.model import EventModel
from lightdiar.events.result import SoundEvents
from lightdiar.io import audio
from lightdiar.io.decoders import name_of
from lightdiar.io.memory import as_sound
from lightdiar.io.resample import resample
from lightdiar.systems.sound import name_of_recording


def detect_events(
    sound: Any,
    model: EventModel | None = None,
    *,
    progress: Callable[[float], object] | None = None,
    tell: Callable[[str], object] | None = None,
) -> SoundEvents:
    """Find out what is heard when.

    Parameters
    ----------
    sound : path, Audio, binary file, (samples, rate) or dict
        See `lightdiar.io.memory.as_sound`. Any sample rate; channels are mixed.
    model : EventModel, optional
        By default the one that ships; `EventModel.load` reads others.
    progress : callable, optional
        Called with the seconds of audio read so far; of a model that reads the sound twice, as the average of the
        recording is needed first, with half of those.
    tell : callable, optional
        Called with each line about what is doubtful, in place of a warning.

    Returns
    -------
    result : SoundEvents
        Without events if there are no samples. A recording shorter than a step of 0.1 s is one step.

    Raises
    ------
    AudioError
        If the sound cannot be read.
    TypeError
        If the model is something else.

    Warns
    -----
    DoubtfulResultWarning
        If the sample rate is lower than that of the model, so that the model lacks what it has learnt of high
        frequencies; and as `lightdiar.io.audio.read` does.

    Examples
    --------
    >>> import lightdiar
    >>> lightdiar.detect_events("film.wav").seconds()  # doctest: +SKIP
    {'speech': 812.4, 'music': 1403.0, 'animal': 7.5}
    """
    if not isinstance(model, EventModel | None):
        raise TypeError(f"model must be an EventModel; got {model!r:.60}. Use EventModel.load(folder).")
    sound, model = as_sound(sound), model or EventModel.load()
    name = name_of_recording(sound) if isinstance(sound, (str, os.PathLike)) else ""
    listener = Listener(sound, model.front_end, progress)
    pieces = [model.probabilities(X) for X in model.front_end.stream(listener.blocks)]
    probabilities = np.concatenate([np.zeros((0, len(model.labels)), np.float32), *pieces])
    for doubt in listener.doubts(name_of(sound) if name else "the sound"):
        tell(doubt) if tell else warnings.warn(doubt, DoubtfulResultWarning, stacklevel=2)
    return SoundEvents(model.events(probabilities, listener.duration), model.labels, listener.duration, name)


class Listener:
    """A sound that can be read several times, at the sample rate of a front end; what is doubtful is said once.

    Parameters
    ----------
    sound : path, binary file or Audio
    front_end : FrontEnd
    progress : callable, optional
        As in `detect_events`.
    """

    def __init__(self, sound: Any, front_end: FrontEnd, progress: Callable[[float], object] | None = None) -> None:
        sample_rate = self.sample_rate = front_end.sample_rate
        self.n_readings, self.progress = front_end.n_readings, progress
        self.native_rate: int | None = None
        self.problems: dict[str, None] = {}
        self.n_samples = self.n_read = 0
        if isinstance(sound, audio.Audio):
            self.native_rate = sound.sample_rate
            samples = resample(sound.samples, sound.sample_rate, sample_rate)
            self._open: Callable[[], Iterable[np.ndarray]] = lambda: [samples]
        else:
            self._open = partial(audio.blocks, sound, sample_rate, listen=self._hear, tell=self._note)

    def blocks(self) -> Iterator[np.ndarray]:
        """Mono samples from the start, each time that it is called."""
        self.n_samples = 0
        for block in self._open():
            yield block
            self.n_samples += len(block)
            self.n_read += len(block)
            if self.progress:
                self.progress(self.n_read / self.n_readings / self.sample_rate)

    @property
    def duration(self) -> float:
        """Seconds read since the start."""
        return self.n_samples / self.sample_rate

    def doubts(self, name: str) -> Iterator[str]:
        """What may make the result wrong, a line each."""
        yield from self.problems
        if self.native_rate and self.native_rate < self.sample_rate:
            yield (
                f"{name}: is sampled at {self.native_rate} Hz, so that it has no sound above {self.native_rate // 2} "
                f"Hz; the model listens up to {self.sample_rate // 2} Hz and may miss events or take them for others."
            )

    def _hear(self, _samples, rate):
        self.native_rate = rate

    def _note(self, problem):
        self.problems[problem] = None
