"""From pushed blocks of any size and kind to mono sound at 16 kHz.

Channels are mixed in pieces of a fixed length, because what `to_mono` does depends on the piece; so where a caller cuts
the sound does not matter.
"""

import numpy as np

from lightdiar.io.audio import HIGHEST_VALUE, Audio, to_mono
from lightdiar.io.resample import Resampler, checked_rate
from lightdiar.signal.frontend import SAMPLE_RATE


class Intake:
    """Checks, mixes and resamples.

    Parameters
    ----------
    sample_rate : int
        Hz.
    piece : float
        Seconds that are mixed at a time.
    """

    def __init__(self, sample_rate: int, piece: float) -> None:
        self.sample_rate = checked_rate(sample_rate)
        self._piece_length = max(1, round(piece * self.sample_rate))
        self._n_channels = None
        self._begin()

    def _begin(self):
        self._resampler = Resampler(self.sample_rate, SAMPLE_RATE)
        self._held, self._n_held = [], 0

    def take(self, samples: np.ndarray | Audio) -> tuple[int, np.ndarray]:
        """Take a block and give the mono sound at 16 kHz that it completes.

        Parameters
        ----------
        samples : ndarray of shape (n_samples,) or (n_samples, n_channels), or Audio
            Floats up to 1e10, as in `Audio`, or int16.

        Returns
        -------
        n_samples : int
            How many were taken.
        samples : ndarray of shape (n,), float32

        Raises
        ------
        ValueError
            If samples are NaN or beyond 1e10, or the rate or the number of channels changes; nothing is taken then.
        """
        if isinstance(samples, Audio):
            self._check_rate(samples.sample_rate)
            samples = samples.samples
        block = self._checked(np.asarray(samples))
        if block.ndim == 1:
            return len(block), self._resampler.push(to_mono(block))
        self._held.append(block)
        self._n_held += len(block)
        return len(block), self._resampler.push(self._mixed(self._n_held - self._n_held % self._piece_length))

    def end(self) -> np.ndarray:
        """The rest, as if silence followed; what is taken next is another sound."""
        rest = np.concatenate([self._resampler.push(self._mixed(self._n_held)), self._resampler.flush()])
        self._begin()
        return rest

    def _mixed(self, n_samples):
        """The first samples that are held, as one channel."""
        if not n_samples:
            return np.zeros(0, np.float32)
        held = np.concatenate(self._held)
        held, rest = held[:n_samples], held[n_samples:].copy()
        self._held, self._n_held = [rest], len(rest)
        pieces = (held[start : start + self._piece_length] for start in range(0, n_samples, self._piece_length))
        return np.concatenate([_mono(piece) for piece in pieces])

    def _checked(self, block):
        """The block if it is like those before, and as `Audio` takes them."""
        if block.ndim not in (1, 2) or not (block.dtype.kind == "f" or block.dtype == np.int16):
            raise ValueError(
                f"samples must be floats in [-1, 1] or int16 of shape (n_samples,) or (n_samples, n_channels); got "
                f"{block.dtype} of shape {block.shape}."
            )
        n_channels = block.shape[1] if block.ndim == 2 else 1
        if self._n_channels not in (None, n_channels) or not n_channels:
            raise ValueError(
                f"{n_channels} channels cannot follow {self._n_channels or 'sound'}; mix the block first, or "
                "make another Stream. It was not taken; what was found so far is kept."
            )
        usable = np.abs(block, dtype=np.float64) <= HIGHEST_VALUE
        bad = np.flatnonzero(~(usable if block.ndim == 1 else usable.all(axis=1)))
        if bad.size:
            raise ValueError(
                f"{bad.size} of {len(block)} samples are NaN or beyond 1e10, the first at "
                f"{bad[0] / self.sample_rate:.3f} s of the block. It was not taken; what was found so far is kept. "
                f"Push Gap({len(block) / self.sample_rate:g}) in its place, or replace them by 0."
            )
        self._n_channels = n_channels
        return block[:, 0] if n_channels == 1 and block.ndim == 2 else block

    def _check_rate(self, sample_rate):
        if sample_rate != self.sample_rate:
            raise ValueError(
                f"a block at {sample_rate} Hz cannot follow sound at {self.sample_rate} Hz: the rate of a stream "
                "stays. Resample it, or make another Stream. It was not taken; what was found so far is kept."
            )


def _mono(piece):
    """`to_mono` of a piece that may have fewer samples than channels."""
    n_missing = max(0, piece.shape[1] - len(piece))
    return to_mono(np.pad(piece, [(0, n_missing), (0, 0)]))[: len(piece)]
