"""What a classifier of sound events hears: short-term spectra, their context, and the average of the recording.

Frames of 40 ms, 20 ms apart, give log-mel energies; every tenth of a second is a *step*, on which classes are decided.
A step is described by up to four parts, the first three as in [1]_:

* short: the mean of its own frames;
* context: means and standard deviations of the frames around it, over half a second and a second;
* average: the mean of the whole recording, the long-term view that tells a street from an office;
* envelope: how much louder or softer it is from a second before to two seconds after, which tells a blow from a hum.

What is steady in a recording (its background, its microphone, its gain) says little about events. The spectra may be
given relative to it: to the average of the recording, as cepstral mean normalisation does, or, where a recording may
hold nothing but one sound, only to their own level.

Memory does not grow with the recording: frames are computed a minute at a time, and the average, where wanted, takes a
first pass over the sound.

References
----------
.. [1] Jeong, Lee, Han and Lee, "Audio event detection using multiple-input convolutional neural network", DCASE 2017.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

import numpy as np

from lightdiar.signal.features import log_mel, mfcc
from lightdiar.signal.frames import FrameGrid

STEP = 0.1  # seconds
KINDS = ("log_mel", "mfcc")
REFERENCES = ("none", "recording", "level")
_WINDOW, _FRAMES = 0.040, 5  # seconds; frames in a step
_PIECE_STEPS = 600  # a minute
_QUIETEST = 1e-10  # of full scale: digital silence has no logarithm
_NEIGHBOURS = np.array([-10, -5, -3, -2, -1, 1, 2, 3, 5, 10, 15, 20])  # steps, of which the envelope is heard
_DEEPEST = 8.0  # nats below or above the step itself; beyond the ends of a recording is silence


@dataclass(frozen=True)
class FrontEnd:
    """Which features describe a step of 0.1 s.

    Parameters
    ----------
    sample_rate : int, default=16000
        Hz; sounds are resampled to it.
    kind : {"log_mel", "mfcc"}, default="log_mel"
        Log-mel energies, or as many cepstral coefficients of twice as many mel bands.
    n_filters : int, default=40
        Mel bands, or coefficients.
    short : bool, default=True
        Whether the mean of the step itself is heard.
    context : tuple of float, default=(0.5, 1.0)
        Seconds around the middle of the step, for each of which mean and standard deviation are heard.
    average : bool, default=False
        Whether the mean of the whole recording is heard. As what spectra are relative to it does more good.
    envelope : bool, default=True
        Whether the levels of neighbouring steps are heard.
    reference : {"recording", "level", "none"}, default="recording"
        What the spectra of step and context are relative to: the average of the recording, their own level, or nothing.

    Raises
    ------
    ValueError
        If nothing is heard, or a value is out of range.
    """

    sample_rate: int = 16000
    kind: str = "log_mel"
    n_filters: int = 40
    short: bool = True
    context: tuple[float, ...] = (0.5, 1.0)
    average: bool = False
    envelope: bool = True
    reference: str = "recording"

    def __post_init__(self):
        if not 4000 <= self.sample_rate <= 96000:
            raise ValueError(
                f"sample_rate={self.sample_rate} Hz: must be from 4000 to 96000; 16000 or 44100 are usual."
            )
        if self.kind not in KINDS:
            raise ValueError(f"kind={self.kind!r} is not one of {', '.join(KINDS)}.")
        if not 4 <= self.n_filters <= 128:
            raise ValueError(f"n_filters={self.n_filters}: must be from 4 to 128; 40 is usual.")
        if any(not STEP <= seconds <= 60 for seconds in self.context):
            raise ValueError(f"context={self.context} s: each must be from {STEP} to 60; 0.5 and 1 are usual.")
        if len(self.context) > 8:
            raise ValueError(f"context={self.context}: at most 8 lengths are heard; 0.5 and 1 s are usual.")
        if self.reference not in REFERENCES:
            raise ValueError(f"reference={self.reference!r} is not one of {', '.join(REFERENCES)}.")
        if not (self.short or self.context or self.average or self.envelope):
            raise ValueError("short, context, average and envelope are all off: at least one of them must be heard.")

    @property
    def n_columns(self) -> int:
        """Number of features of a step."""
        n_spectra = self.short + 2 * len(self.context) + self.average
        return self.n_filters * n_spectra + self.envelope * len(_NEIGHBOURS)

    @property
    def n_readings(self) -> int:
        """How often the sound is read: twice if the average of the recording is needed."""
        return 1 + (self.average or self.reference == "recording")

    @property
    def grid(self) -> FrameGrid:
        """Where the frames lie."""
        return FrameGrid(self.sample_rate, _WINDOW, STEP / _FRAMES)

    def columns(self, samples: np.ndarray) -> np.ndarray:
        """Features of a whole recording.

        Parameters
        ----------
        samples : ndarray of shape (n_samples,)
            Mono, at `sample_rate`.

        Returns
        -------
        X : ndarray of shape (n_steps, n_columns), float32
            No rows if there are no samples.
        """
        return np.concatenate([np.zeros((0, self.n_columns), np.float32), *self.stream(lambda: [samples])])

    def stream(self, blocks: Callable[[], Iterable[np.ndarray]]) -> Iterator[np.ndarray]:
        """The rows of `columns` of a recording that arrives in blocks, about a minute at a time.

        Parameters
        ----------
        blocks : callable
            Gives the blocks of samples from the start, each time that it is called: twice if the average is needed.

        Yields
        ------
        X : ndarray of shape (n_steps, n_columns), float32
        """
        average = _mean(self._frames(blocks())) if self.n_readings == 2 else None
        margin = max(
            [_NEIGHBOURS[-1] if self.envelope else 0, *(round(seconds / STEP / 2) + 1 for seconds in self.context)]
        )
        margin *= _FRAMES
        held, done = np.zeros((0, self.n_filters)), 0  # frames, of which the first are only context
        for frames in self._frames(blocks()):
            held = np.concatenate([held, frames])
            ready = (len(held) - margin) // _FRAMES * _FRAMES
            if ready > done:
                yield self._rows(held, done, ready, average)
                held, done = held[max(0, ready - margin) :], min(ready, margin)
        if len(held) > done:
            yield self._rows(held, done, len(held), average)

    def _frames(self, blocks):
        """Frames in pieces of a minute, wherever the blocks are cut."""
        grid = self.grid
        n_fft = 1 << (grid.frame_length - 1).bit_length()
        shape = dict(n_fft=n_fft, window=_WINDOW, step=STEP / _FRAMES)
        n_frames = _PIECE_STEPS * _FRAMES
        length = n_frames * grid.hop_length
        tail = grid.frame_length - grid.hop_length
        held, lead = np.zeros(0), 0  # a hop before the piece, for pre-emphasis
        for block in blocks:
            held = np.concatenate([held, block])
            while len(held) >= lead + length + tail:
                yield self._spectra(held[: lead + length + tail], shape)[bool(lead) :][:n_frames]
                held, lead = held[lead + length - grid.hop_length :], grid.hop_length
        if len(held) > lead:
            yield self._spectra(held, shape)[bool(lead) :]

    def _spectra(self, samples, shape):
        if self.kind == "mfcc":
            return mfcc(samples, self.sample_rate, n_mfcc=self.n_filters, n_filters=2 * self.n_filters, **shape)
        return np.maximum(log_mel(samples, self.sample_rate, n_filters=self.n_filters, **shape), np.log(_QUIETEST))

    def _rows(self, frames, first, last, average):
        """Features of the steps of frames [first, last); the others are context."""
        starts = np.arange(first, last, _FRAMES)
        sums = _Sums(frames)
        steps = sums.moments(np.arange(0, len(frames), _FRAMES), _FRAMES)[0]
        parts = [self._relative(steps[starts // _FRAMES], average)] if self.short else []
        for seconds in self.context:
            mean, deviation = sums.moments(starts, round(seconds / STEP * _FRAMES))
            parts += [self._relative(mean, average), deviation]
        if self.average:
            parts.append(np.broadcast_to(average, (len(starts), self.n_filters)))
        if self.envelope:
            parts.append(_envelope(self._level(steps), starts // _FRAMES))
        return np.hstack(parts).astype(np.float32)

    def _relative(self, spectra, average):
        if self.reference == "recording":
            return spectra - average
        if self.reference == "none":
            return spectra
        level = self._level(spectra)[:, None]
        return spectra - (level if self.kind == "log_mel" else level * (np.arange(self.n_filters) == 0))

    def _level(self, spectra):
        """How loud it is, in nats, shape (n,)."""
        return spectra.mean(axis=1) if self.kind == "log_mel" else spectra[:, 0]


class _Sums:
    """Running sums of frames, from which the moments of any stretch follow."""

    def __init__(self, frames):
        self.offset = frames.mean(axis=0)  # sums of squares lose digits far from 0
        centred = frames - self.offset
        start = np.zeros((1, frames.shape[1]))
        self.total = np.concatenate([start, np.cumsum(centred, axis=0)])
        self.square = np.concatenate([start, np.cumsum(centred**2, axis=0)])

    def moments(self, starts, reach):
        """Mean and standard deviation of `reach` frames around the steps that start there, as far as there are any."""
        low = np.maximum(starts + (_FRAMES - reach) // 2, 0)
        high = np.minimum(starts + (_FRAMES + reach) // 2, len(self.total) - 1)
        n = (high - low)[:, None]
        mean = (self.total[high] - self.total[low]) / n
        variance = (self.square[high] - self.square[low]) / n - mean**2
        return mean + self.offset, np.sqrt(np.maximum(variance, 0))


def _envelope(levels, steps):
    """Levels of the neighbours of steps relative to their own, shape (len(steps), n_neighbours)."""
    reach = np.abs(_NEIGHBOURS).max()
    around = np.pad(levels, reach, constant_values=-np.inf)[steps[:, None] + reach + _NEIGHBOURS]
    return np.clip(around - levels[steps, None], -_DEEPEST, _DEEPEST)


def _mean(pieces):
    n, total = 0, 0.0
    for frames in pieces:
        n, total = n + len(frames), total + frames.sum(axis=0)
    return total / max(n, 1)
