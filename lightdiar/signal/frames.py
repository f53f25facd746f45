"""Frames: the only place that converts between seconds, samples and frame numbers.

Frame ``i`` covers `frame_length` samples starting at sample ``i * hop_length``. Times are derived from the
samples, so a step that is not a whole number of samples (0.01 s at 22050 Hz) does not drift. Frames are
counted as in python_speech_features: the last frame is padded with zeros, and a signal shorter than one
window still gives one frame. A decision about frame ``i`` applies to the step in the middle of its window.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np

from lightdiar.timeline import Segment


@dataclass(frozen=True)
class FrameGrid:
    """Positions of the frames in a recording.

    Parameters
    ----------
    sample_rate : int
        Hz.
    window, step : float, default=0.025, 0.010
        Length of a frame and distance between frame starts, in seconds; rounded to whole samples.
    """

    sample_rate: int
    window: float = 0.025
    step: float = 0.010

    def __post_init__(self):
        lengths = (self.sample_rate, self.window * self.sample_rate, self.step * self.sample_rate)
        if not np.isfinite(lengths).all() or self.sample_rate < 1 or self.frame_length < 1 or self.hop_length < 1:
            raise ValueError(
                f"window={self.window} s and step={self.step} s must each hold a sample at "
                f"sample_rate={self.sample_rate} Hz; a usual choice is window=0.025, step=0.01."
            )

    @property
    def frame_length(self) -> int:
        """Samples in a frame."""
        return _round_half_up(self.window * self.sample_rate)

    @property
    def hop_length(self) -> int:
        """Samples between frame starts."""
        return _round_half_up(self.step * self.sample_rate)

    def n_frames(self, n_samples: int) -> int:
        """Number of frames in a signal of `n_samples` samples (0 if it is empty)."""
        if n_samples == 0:
            return 0
        return 1 + max(0, -(-(n_samples - self.frame_length) // self.hop_length))

    def times(self, n_frames: int) -> np.ndarray:
        """Midpoint of each frame in seconds, shape (n_frames,)."""
        return (np.arange(n_frames) * self.hop_length + self.frame_length / 2) / self.sample_rate

    def segments(self, mask: np.ndarray) -> list[Segment]:
        """Segments in which a boolean mask of shape (n_frames,) is true.

        The first and last frames extend to the edges of what the frames cover.
        """
        n_frames = len(mask)
        return [Segment(self._time_of(start, n_frames), self._time_of(end, n_frames)) for start, end in runs(mask)]

    def mask(self, segments: Iterable[Segment], n_frames: int) -> np.ndarray:
        """Boolean array of shape (n_frames,): is the midpoint of the frame inside a segment?"""
        times = self.times(n_frames)
        mask = np.zeros(n_frames, dtype=bool)
        for segment in segments:
            first, last = np.searchsorted(times, [segment.start, segment.end])
            mask[first:last] = True
        return mask

    @property
    def _lead(self):
        """Samples of a window before its middle step."""
        return (self.frame_length - self.hop_length) / 2

    def _time_of(self, edge, n_frames):
        """Time of the boundary before frame `edge`."""
        if edge == 0:
            return 0.0
        tail = 2 * self._lead if edge == n_frames else self._lead
        return float((edge * self.hop_length + tail) / self.sample_rate)


def runs(mask: np.ndarray) -> np.ndarray:
    """First frame and end (exclusive) of each run of true values, int array of shape (n_runs, 2)."""
    padded = np.concatenate([[False], np.asarray(mask, dtype=bool), [False]])
    return np.flatnonzero(padded[1:] != padded[:-1]).reshape(-1, 2)


def _round_half_up(x):
    return int(np.floor(x + 0.5))


def recut(blocks: Iterable[np.ndarray], n_samples: int) -> Iterator[np.ndarray]:
    """Cut a recording that arrives in blocks into pieces of equal length; the last one may be shorter."""
    held = np.zeros(0, np.float32)
    for block in blocks:
        held = np.concatenate([held, block])
        while len(held) >= n_samples:
            yield held[:n_samples]
            held = held[n_samples:]
    if len(held):
        yield held
