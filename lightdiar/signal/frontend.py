"""One pass over the sound: what all later stages share.

A recording is analysed in pieces of a minute, so memory does not grow with the samples but with the frames:
about 100 bytes for each 10 ms, 75 MB for two hours.
"""

from dataclasses import dataclass

import numpy as np

from lightdiar.signal.features import mfcc
from lightdiar.signal.frames import FrameGrid
from lightdiar.signal.pitch import f0

SAMPLE_RATE = 16000
GRID = FrameGrid(SAMPLE_RATE, window=0.025, step=0.010)
N_MFCC, N_FILTERS = 24, 30
_PIECE_FRAMES = 6000  # a minute
_LEAD = GRID.hop_length  # samples before a piece: the first frame then knows what came before
_TAIL = 4 * GRID.hop_length  # samples after it, for windows that begin inside
_DITHER = 10 ** (-55 / 20)  # of the piece's RMS: an empty band, as of a telephone, then says nothing at any gain
_LEAST_DITHER = 10 ** (-100 / 20)  # digital silence has no logarithm


@dataclass(frozen=True, eq=False)
class Analysis:
    """Features of a recording at 10 ms; frame ``i`` is the one of `GRID`.

    Parameters
    ----------
    mfcc : ndarray of shape (n_frames, 24), float32
        Log energy and cepstral coefficients 1 to 23 of 30 mel filters, not normalised.
    f0 : ndarray of shape (n_frames,), float32
        Hz, NaN where unvoiced; every second value repeated.
    strength : ndarray of shape (n_frames,), float32
        How periodic the frame is, 0 to 1.
    duration : float
        Seconds.
    """

    mfcc: np.ndarray
    f0: np.ndarray
    strength: np.ndarray
    duration: float

    def __len__(self):
        return len(self.mfcc)


def analyse(blocks):
    """Features of a recording that comes in blocks.

    Parameters
    ----------
    blocks : iterable of ndarray of shape (n_samples,)
        Mono sound at 16 kHz, such as `lightdiar.io.audio.blocks` gives; how it is cut does not matter.

    Returns
    -------
    analysis : Analysis
        Without frames if there are no samples.

    Raises
    ------
    ValueError
        If samples are NaN or infinite.
    """
    coefficients = [np.zeros((0, N_MFCC), np.float32)]
    tracks = [np.zeros((2, 0), np.float32)]
    n_samples = 0
    for number, (piece, n_lead, n_frames) in enumerate(_pieces(blocks)):
        if not np.isfinite(piece).all():
            raise ValueError(
                f"samples hold NaN or infinity in the minute from {n_samples / SAMPLE_RATE:.0f} s on; "
                "every sample must be finite: np.nan_to_num would silence them."
            )
        n_samples += len(piece) - n_lead if n_frames is None else n_frames * GRID.hop_length
        piece = piece - piece.mean(dtype=np.float64)
        dither = max(_LEAST_DITHER, _DITHER * piece.std(dtype=np.float64))
        piece = piece + dither * np.random.default_rng(number).standard_normal(len(piece))
        X = mfcc(piece, SAMPLE_RATE, n_mfcc=N_MFCC, n_filters=N_FILTERS)
        X = X[n_lead // GRID.hop_length :][:n_frames]
        coefficients.append(X.astype(np.float32))
        tracks.append(_pitch(piece[n_lead:], len(X)))
    track, strength = np.concatenate(tracks, axis=1)
    return Analysis(np.concatenate(coefficients), track, strength, n_samples / SAMPLE_RATE)


def _pitch(samples, n_frames):
    """F0 and strength every 20 ms, repeated to `n_frames` of 10 ms, shape (2, n_frames)."""
    pitch = f0(samples, SAMPLE_RATE, step=2 * GRID.step)
    nearest = np.clip((np.arange(n_frames) - 1) // 2, 0, len(pitch.f0) - 1)
    return np.stack([pitch.f0, pitch.strength]).astype(np.float32)[:, nearest]


def _pieces(blocks):
    """Re-cut a stream into (samples, n_lead, n_frames): pieces that know their surroundings.

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
