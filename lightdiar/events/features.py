"""What a classifier of sound events hears: short-term spectra, their context, and the average of the recording.

Frames of 40 ms, 20 ms apart, give log-mel energies; every tenth of a second is a *step*, on which each class is decided.
A step is described by up to three parts, as in [1]_:

* short: the mean of its own frames;
* context: means and standard deviations of the frames around it, over half a second and a second;
* average: the mean of the whole recording, the long-term view that tells a street from an office.

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
_WINDOW, _FRAMES = 0.040, 5  # seconds; frames in a step
_PIECE_STEPS = 600  # a minute
_QUIETEST = 1e-10  # of full scale: digital silence has no logarithm


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
    average : bool, default=True
        Whether the mean of the whole recording is heard.

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
    average: bool = True

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
        if not (self.short or self.context or self.average):
            raise ValueError("short, context and average are all off: at least one of them must be heard.")

    @property
    def n_columns(self) -> int:
        """Number of features of a step."""
        return self.n_filters * (self.short + 2 * len(self.context) + self.average)

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
            Gives the blocks of samples from the start, each time that it is called: once, or twice with `average`.

        Yields
        ------
        X : ndarray of shape (n_steps, n_columns), float32
        """
        average = _mean(self._frames(blocks())) if self.average else None
        margin = max([round(seconds / STEP * _FRAMES / 2) for seconds in self.context], default=0)
        margin += -margin % _FRAMES  # frames, a whole number of steps
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
        offset = frames.mean(axis=0)  # sums of squares lose digits far from 0
        total = np.vstack([np.zeros(self.n_filters), np.cumsum(frames - offset, axis=0)])
        square = np.vstack([np.zeros(self.n_filters), np.cumsum((frames - offset) ** 2, axis=0)])

        def moments(reach):
            low = np.maximum(starts + (_FRAMES - reach) // 2, 0)
            high = (
                np.minimum(low + reach, len(frames))
                if reach <= _FRAMES
                else np.minimum(starts + (_FRAMES + reach) // 2, len(frames))
            )
            n = (high - low)[:, None]
            mean = (total[high] - total[low]) / n
            return mean + offset, np.sqrt(np.maximum((square[high] - square[low]) / n - mean**2, 0))

        parts = [moments(_FRAMES)[0]] if self.short else []
        for seconds in self.context:
            parts += moments(round(seconds / STEP * _FRAMES))
        if average is not None:
            parts.append(np.broadcast_to(average, (len(starts), self.n_filters)))
        return np.hstack(parts).astype(np.float32)


def _mean(pieces):
    n, total = 0, 0.0
    for frames in pieces:
        n, total = n + len(frames), total + frames.sum(axis=0)
    return total / max(n, 1)
