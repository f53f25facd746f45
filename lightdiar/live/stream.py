"""Who speaks, while they speak: sound is pushed as it comes, and turns are certain after a given time.

    blocks -> 16 kHz -> steps -> features -> speech -> windows -> voices -> names

All is decided in steps of a fixed number of samples, so where the sound is cut does not matter. No sound is kept.
"""

import math

import numpy as np

from lightdiar.io.audio import Audio
from lightdiar.live.intake import Intake
from lightdiar.live.listener import Listener
from lightdiar.live.update import Gap, Merge, Update
from lightdiar.live.whole import Whole
from lightdiar.signal.frontend import GRID, SAMPLE_RATE
from lightdiar.systems.bundle import Models
from lightdiar.systems.diarizer import Diarizer
from lightdiar.systems.result import Diarization
from lightdiar.systems.settings import Settings
from lightdiar.timeline import Segment

_SHORTEST, _LONGEST = 0.1, 10.0  # seconds of a step
_LATEST = 10.0  # seconds of latency, unless it is infinite
_MIXED, _MIXED_OFFLINE = 0.1, 1.0  # seconds whose channels are mixed together


class Stream:
    """Find who speaks, and whether they are men or women, while the sound goes on.

    Parameters
    ----------
    sample_rate : int, default=16000
        Hz of the samples that are pushed.
    step : float, default=0.5
        Seconds from one guess to the next, 0.1 to 10, in hundredths.
    latency : float, default=2.0
        Seconds after which a turn is certain, 0 to 10; errors become fewer with it. With infinity nothing is certain
        before the end, and the result is that of `lightdiar.diarize`.
    max_speakers : int, optional
        Most speakers.
    settings : Settings, optional
        As for `lightdiar.Diarizer`.
    models : Models, optional
        By default, the shipped ones.

    Raises
    ------
    ValueError
        If a number is impossible.

    Notes
    -----
    A voice that is new gets a name at once, and may turn out to be one of those before it: then a `Merge` says so. No
    other name that is certain ever changes. What is remembered of the voices is bounded: at most five minutes of
    speech as features; no sound is kept.

    Examples
    --------
    >>> stream = Stream(8000)
    >>> stream.push(np.zeros(4000)).time
    0.5
    >>> stream.finish()
    <Diarization 0.5 s, no speech found>
    """

    def __init__(
        self,
        sample_rate: int = SAMPLE_RATE,
        *,
        step: float = 0.5,
        latency: float = 2.0,
        max_speakers: int | None = None,
        settings: Settings = Settings(),
        models: Models | None = None,
    ) -> None:
        if not _SHORTEST <= step <= _LONGEST or abs(step / GRID.step - round(step / GRID.step)) > 1e-6:
            raise ValueError(f"step={step} s must be from 0.1 to 10, in hundredths; 0.5 is usual.")
        if not (0 <= latency <= _LATEST or latency == math.inf):
            raise ValueError(f"latency={latency} s must be from 0 to 10, or inf; 2 is usual.")
        diarizer = Diarizer(max_speakers=max_speakers, settings=settings, models=models)
        whole = latency == math.inf
        self.sample_rate, self.step, self.latency = sample_rate, step, latency
        self._intake = Intake(sample_rate, _MIXED_OFFLINE if whole else _MIXED)
        self._ear = (
            Whole(diarizer) if whole else Listener(diarizer, round(step / GRID.step), round(latency / GRID.step))
        )
        self._n_samples = 0
        self._gaps: list[Segment] = []
        self._result: Diarization | None = None

    def push(self, samples: "np.ndarray | Audio | Gap") -> Update:
        """Hear what comes next.

        Parameters
        ----------
        samples : ndarray of shape (n_samples,) or (n_samples, n_channels), Audio, or Gap
            Floats up to 1e10, or int16, of any number; channels are mixed as by `lightdiar.to_mono`. A `Gap` says how
            much sound was lost: all turns end there, and what follows is so much later.

        Returns
        -------
        update : Update
            What became certain, the present guess, and who was found so far.

        Raises
        ------
        ValueError
            If samples are NaN, beyond 1e10 or not like those before in rate and channels. They were not taken; what was
            found so far is kept, and the stream can go on.
        """
        if self._result is not None:
            raise ValueError("the stream is finished; make another Stream.")
        if isinstance(samples, Gap):
            start = self.time
            rest = self._intake.end()
            self._n_samples += max(1, round(samples.seconds * self.sample_rate))
            gap = Segment(start, self.time)
            self._gaps.append(gap)
            return self._update(self._ear.skip(rest, gap), [gap])
        n_samples, heard = self._intake.take(samples)
        self._n_samples += n_samples
        return self._update(self._ear.hear(heard))

    def finish(self) -> Diarization:
        """End the stream.

        Returns
        -------
        result : Diarization
            The turns that were certain and the last guess, with the names that are left (the last look at all voices
            may give up some, see `merges`), and with pauses within turns filled. Calling it again gives the same.
        """
        if self._result is None:
            self._result = self._ear.finish(self._intake.end(), self.time, self._gaps)
        return self._result

    @property
    def time(self) -> float:
        """Seconds heard, gaps included."""
        return self._n_samples / self.sample_rate

    @property
    def merges(self) -> tuple[Merge, ...]:
        """All names that were given up so far; after `finish`, those that it gave up too."""
        return tuple(self._ear.merges)

    def _update(self, news, gaps=()):
        return Update(self.time, news.certain, news.guess, news.merges, news.speakers, gaps)
