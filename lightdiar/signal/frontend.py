"""One pass over the audio, shared by all later stages.

A recording is analysed one minute at a time, so memory grows with the number of frames, not of samples:
about 100 bytes per 10 ms, 75 MB for two hours. What is longer than that comes in chapters of an hour.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np

from lightdiar.signal.clicks import without_clicks
from lightdiar.signal.features import mfcc
from lightdiar.signal.frames import FrameGrid
from lightdiar.signal.hum import without_hum
from lightdiar.signal.pitch import f0

SAMPLE_RATE = 16000
GRID = FrameGrid(SAMPLE_RATE, window=0.025, step=0.010)
N_MFCC, N_FILTERS = 24, 30
_PIECE_FRAMES = 6000  # a minute
_CHAPTER_FRAMES = 60 * _PIECE_FRAMES
_LEAD = GRID.hop_length  # samples before a piece, as context for its first frame
_TAIL = 4 * GRID.hop_length  # samples after it, for windows that start inside
_DITHER = 10 ** (-55 / 20)  # of the piece's RMS: makes an empty band, as on the telephone, look the same at any gain
_LEAST_DITHER = 10 ** (-75 / 20)  # of the loudest piece so far: digital silence has no logarithm
_NOTHING_HEARD = 10 ** (-100 / 20)  # of full scale, while there is nothing but digital silence
_ROUNDING = 1e-6  # of an offset: no sound
_UNVOICED = np.array([[np.nan], [0.0]], np.float32)  # F0 and strength


@dataclass(frozen=True, eq=False)
class Analysis:
    """Features of a recording every 10 ms; the frames are those of `GRID`.

    Parameters
    ----------
    mfcc : ndarray of shape (n_frames, 24), float32
        Log energy and cepstral coefficients 1 to 23 of 30 mel filters, not normalised; without clicks, hum and rumble.
    f0 : ndarray of shape (n_frames,), float32
        Hz, NaN where unvoiced; each value is held for two frames.
    strength : ndarray of shape (n_frames,), float32
        How periodic the frame is, 0 to 1.
    duration : float
        Seconds.
    goes_on : bool, default=False
        Whether another chapter of the same recording follows.
    """

    mfcc: np.ndarray
    f0: np.ndarray
    strength: np.ndarray
    duration: float
    goes_on: bool = False

    def __len__(self) -> int:
        return len(self.mfcc)


def analyse(blocks: Iterable[np.ndarray], *, pitch: bool = True) -> Analysis:
    """Compute the features of a recording that arrives in blocks.

    Parameters
    ----------
    blocks : iterable of ndarray of shape (n_samples,)
        Mono audio at 16 kHz, such as `lightdiar.io.audio.blocks` yields; where it is cut does not matter.
    pitch : bool, default=True
        Whether F0 is looked for, a third of the work; without it every frame is unvoiced.

    Returns
    -------
    analysis : Analysis
        Has no frames if there are no samples.

    Raises
    ------
    ValueError
        If samples are NaN or infinite.
    """
    (analysis,) = analyse_chapters(blocks, whole=True, pitch=pitch)
    return analysis


def analyse_chapters(blocks: Iterable[np.ndarray], *, whole: bool = False, pitch: bool = True) -> Iterator[Analysis]:
    """The same for a recording of any length: chapters of an hour, the last one of up to two.

    Parameters
    ----------
    blocks : iterable of ndarray of shape (n_samples,)
        As for `analyse`. A recording of up to two hours is one chapter.
    whole : bool, default=False
        Whether there is one chapter, however long.
    pitch : bool, default=True
        As for `analyse`.

    Yields
    ------
    analysis : Analysis
        Its frames and `duration` count from where the chapter begins, the end of the one before. Its arrays are those
        of the next one as soon as that is asked for: what is to be kept has to be copied.
    """
    shelf, loudest = _Shelf(), 0.0
    for number, (piece, n_lead, n_frames) in enumerate(_pieces(without_hum(without_clicks(blocks)))):
        if not np.isfinite(piece).all():
            start = number * _PIECE_FRAMES * GRID.step
            raise ValueError(
                f"samples contain NaN or infinity in the minute starting at {start:.0f} s; "
                "every sample must be finite: np.nan_to_num replaces them."
            )
        offset = piece.mean(dtype=np.float64)
        piece = piece - offset
        level = piece.std(dtype=np.float64)
        if level < _ROUNDING * abs(offset):
            level = 0.0
        if level and not loudest and number:  # only now is it known how quiet the silence before is in comparison
            shelf.mfcc[: shelf.n_frames, 0] += 2 * np.log(_LEAST_DITHER * level / _NOTHING_HEARD)
        loudest = max(loudest, level)
        dither = max(_LEAST_DITHER * loudest, _DITHER * level) or _NOTHING_HEARD
        piece = piece + dither * np.random.default_rng(number).standard_normal(len(piece))
        X = mfcc(piece, SAMPLE_RATE, n_mfcc=N_MFCC, n_filters=N_FILTERS)
        X = X[n_lead // GRID.hop_length :][:n_frames]
        if shelf.n_frames == 2 * _CHAPTER_FRAMES and not whole:
            yield shelf.first(_CHAPTER_FRAMES, goes_on=True)
            shelf.drop(_CHAPTER_FRAMES)
        n_samples = len(piece) - n_lead if n_frames is None else n_frames * GRID.hop_length
        tracks = _pitch(piece[n_lead:], len(X)) if pitch else _UNVOICED
        shelf.put(X, tracks, n_samples)
    yield shelf.first(shelf.n_frames)


class _Shelf:
    """The features so far, in arrays for two hours; what is not written yet takes no memory."""

    def __init__(self):
        self.mfcc = np.empty((2 * _CHAPTER_FRAMES, N_MFCC), np.float32)
        self.tracks = np.empty((2, 2 * _CHAPTER_FRAMES), np.float32)
        self.n_frames = self.n_samples = 0

    def put(self, X, tracks, n_samples):
        """Add a piece."""
        end = self.n_frames + len(X)
        while end > len(self.mfcc):
            self.mfcc = np.concatenate([self.mfcc, np.empty_like(self.mfcc)])
            self.tracks = np.concatenate([self.tracks, np.empty_like(self.tracks)], axis=1)
        self.mfcc[self.n_frames : end], self.tracks[:, self.n_frames : end] = X, tracks
        self.n_frames, self.n_samples = end, self.n_samples + n_samples

    def first(self, n_frames, goes_on=False):
        """The first frames, or all of them, where they are."""
        n_samples = self.n_samples if n_frames == self.n_frames else n_frames * GRID.hop_length
        return Analysis(self.mfcc[:n_frames], *self.tracks[:, :n_frames], n_samples / SAMPLE_RATE, goes_on)

    def drop(self, n_frames):
        """Forget the first frames."""
        left = self.n_frames - n_frames
        self.mfcc[:left] = self.mfcc[n_frames : self.n_frames]
        self.tracks[:, :left] = self.tracks[:, n_frames : self.n_frames]
        self.n_frames, self.n_samples = left, self.n_samples - n_frames * GRID.hop_length


def _pitch(samples, n_frames):
    """F0 and strength every 20 ms, repeated to `n_frames` of 10 ms, shape (2, n_frames)."""
    pitch = f0(samples, SAMPLE_RATE, step=2 * GRID.step)
    nearest = np.clip((np.arange(n_frames) - 1) // 2, 0, len(pitch.f0) - 1)
    return np.stack([pitch.f0, pitch.strength]).astype(np.float32)[:, nearest]


def _pieces(blocks):
    """Re-cut a stream into (samples, n_lead, n_frames): pieces with context on both sides.

    `n_frames` is None for the last piece, which ends with the recording.
    """
    held, n_lead = np.zeros(0, np.float32), 0
    n_piece = _PIECE_FRAMES * GRID.hop_length
    for block in blocks:
        held = np.concatenate([held, block])
        while len(held) >= n_lead + n_piece + _TAIL:
            yield held[: n_lead + n_piece + _TAIL], n_lead, _PIECE_FRAMES
            held, n_lead = held[n_lead + n_piece - _LEAD :], _LEAD
    if len(held) > n_lead:
        yield held, n_lead, None
