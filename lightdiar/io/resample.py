"""Sample-rate conversion, of a whole signal or of one that arrives in pieces."""

from functools import lru_cache
from math import gcd

import numpy as np

from lightdiar.errors import AudioError

LOWEST_RATE, HIGHEST_RATE = 1_000, 384_000  # Hz
LARGEST_TERM = 50_000  # of the ratio of two rates in lowest terms: the filter has 48 times as many values, here 19 MB


def resample(samples: np.ndarray, orig_rate: int, target_rate: int) -> np.ndarray:
    """Change the sample rate.

    Linear-phase windowed sinc; at 16 kHz it is flat to 7.3 kHz, -0.3 dB at 7.5 kHz, below -65 dB from 8.7 kHz.

    Parameters
    ----------
    samples : ndarray of shape (n_samples,)
        Finite floats.
    orig_rate, target_rate : int
        Hz.

    Returns
    -------
    samples : ndarray of shape (ceil(n_samples * target_rate / orig_rate),), float32

    Raises
    ------
    AudioError
        If a rate is not between 1000 and 384000 Hz, or the ratio of the rates needs numbers above 50000.
    """
    resampler = Resampler(orig_rate, target_rate)
    return np.concatenate([resampler.push(samples), resampler.flush()])


class Resampler:
    """`resample` for audio that arrives in pieces: bit-identical output, however it is cut.

    Polyphase filtering as in `scipy.signal.resample_poly`; the last 1.5 ms (at 16 kHz) are held until more arrives.

    Parameters
    ----------
    orig_rate, target_rate : int
        Hz.

    Examples
    --------
    >>> resampler = Resampler(48000, 16000)
    >>> len(resampler.push(np.zeros(4800))), len(resampler.flush())
    (1576, 24)
    """

    def __init__(self, orig_rate: int, target_rate: int) -> None:
        orig_rate, target_rate = checked_rate(orig_rate), checked_rate(target_rate)
        common = gcd(orig_rate, target_rate)
        self._up, self._down = target_rate // common, orig_rate // common
        if self._up == self._down:
            return
        if max(self._up, self._down) > LARGEST_TERM:
            raise AudioError(
                f"{orig_rate} Hz to {target_rate} Hz is a ratio of {self._up} to {self._down}, whose filter is too "
                f"long; numbers up to {LARGEST_TERM} are possible. Convert it to a usual rate, such as 48000 Hz, first."
            )
        lowpass = _lowpass(self._up, self._down)
        self._reach = len(lowpass) // 2
        lead = -self._reach % self._down  # zeros that align the filter's centre with the output grid
        self._taps = np.concatenate([np.zeros(lead), lowpass])
        self._delay = (self._reach + lead) // self._down
        self._held = np.empty(0)
        self._held_from = 0  # index of the first sample held, a multiple of `down`
        self._n_out = 0

    def push(self, samples: np.ndarray) -> np.ndarray:
        """Feed samples and return the output they complete, shape (n_out,), float32."""
        samples = np.asarray(samples, dtype=np.float32)
        if self._up == self._down:
            return samples
        self._held = np.concatenate([self._held, samples])
        return self._output(self._n_in * self._up - self._reach)

    def flush(self) -> np.ndarray:
        """Return the rest, as if silence followed; push nothing afterwards."""
        return np.empty(0, np.float32) if self._up == self._down else self._output(self._n_in * self._up)

    @property
    def _n_in(self):
        return self._held_from + len(self._held)

    def _output(self, stop):
        """Output samples before `stop`, a time in units of 1 / (orig_rate * up) s."""
        n_out = -(-stop // self._down)
        if n_out <= self._n_out:
            return np.empty(0, np.float32)
        from scipy.signal import upfirdn

        first = self._delay - self._held_from * self._up // self._down
        out = upfirdn(self._taps, self._held, self._up, self._down)[first + self._n_out : first + n_out]
        self._n_out = n_out
        needed_from = max(0, (n_out * self._down - self._reach) // self._up)
        needed_from -= needed_from % self._down
        self._held = self._held[needed_from - self._held_from :]
        self._held_from = needed_from
        return out.astype(np.float32)


@lru_cache(maxsize=4)
def _lowpass(up, down):
    """Kaiser-windowed sinc with 24 zero crossings on each side, cut off at the lower Nyquist frequency."""
    slower = max(up, down)
    half = 24 * slower
    taps = np.sinc(np.arange(-half, half + 1) / slower) * np.kaiser(2 * half + 1, 6.5)
    return taps * (up / taps.sum())


def checked_rate(rate: int) -> int:
    if not isinstance(rate, (int, np.integer)) or not LOWEST_RATE <= rate <= HIGHEST_RATE:
        raise AudioError(
            f"sample_rate={rate!r} must be an integer from {LOWEST_RATE} to {HIGHEST_RATE} Hz; 16000 suits speech."
        )
    return int(rate)
