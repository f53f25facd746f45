"""Channels: whether the two of a recording are the two sides of a telephone call, and what one side hears of the other.

In a call people take turns, so one channel is quiet while the other speaks. In a film or in music both channels sound
at the same time; in a room every microphone hears everybody at much the same level.
"""

from collections.abc import Sequence

import numpy as np

FIRST_SECONDS = 600.0  # of a recording decide: who waits longer for the other side is mixed

_STEP = 0.05  # seconds
_TELEPHONE_BAND = 300.0, 3400.0  # Hz: neither hum nor hiss
_ENOUGH_RATE = 8000  # Hz
_NOISE_RANGE = 60.0  # dB: the noise of a channel is at most this much below its speech, digital silence too
_LOUD_RANGE = 15.0  # dB: loud frames are at most this much below the speech, and nearer to it than to the noise
_ALONE = 10.0  # dB by which a loud channel stands out from the other, each relative to its own speech
_MOSTLY_ALONE = 0.4  # share of the frames with a loud channel in which one stands out
_SELDOM_TOGETHER = 0.3  # share of the loud frames of the more silent channel in which neither does
_BOTH_SPEAK = 2.0  # seconds for which each stands out
_FAR_APART = 32.0  # dB by which the difference of the levels changes when the other side speaks
_APART_IN_NOISE = 22.0  # likewise if what the quiet channel holds is its own noise, not the other side
_SAME_SOUND = 0.22  # correlation of two channels that hold the same sound; 0.15 is chance
_LOOK_EVERY = 200  # frames, 10 s
_SURELY_TOGETHER = 30.0  # seconds of both channels loud at once, after which nobody need listen further

_ECHO = 30  # frames of 10 ms: cross-talk comes up to this much later
_SMOOTH = 11  # frames of 10 ms: a syllable
_GAP = 6.0, 15.0  # dB: the other side is louder by this if what is heard is cross-talk, at least and at most
_GAP_MARGIN = 8.0  # dB by which cross-talk varies around its usual level


class Sides:
    """What the two channels of a recording that arrives in blocks have in common.

    Attributes
    ----------
    n_channels : int
        0 before the first block.
    decided : bool
        Whether nobody need listen further: there are not two channels, or they surely sound together, or ten minutes
        have been heard.

    Examples
    --------
    >>> rng = np.random.default_rng(0)
    >>> noise = rng.normal(0, 0.1, (80000, 2))
    >>> sides = Sides()
    >>> sides.hear(np.vstack([noise * [1, 0.001], noise * [0.001, 1]]), 8000)
    >>> sides.independent()
    True
    """

    def __init__(self) -> None:
        self.n_channels, self.decided = 0, False
        self._frames, self._look_at = np.zeros((0, 3)), _LOOK_EVERY

    def hear(self, samples: np.ndarray, sample_rate: int) -> None:
        """Take note of a block, shape (n_samples, n_channels); it costs nothing once all is decided."""
        self.n_channels = samples.shape[1]
        if self.n_channels != 2:
            self.decided = True
        if self.decided:
            return
        self._frames = np.concatenate([self._frames, levels_and_correlation(samples, sample_rate)])
        if len(self._frames) < self._look_at:
            return
        self._look_at += _LOOK_EVERY
        loud, alone = _loud_and_alone(self._frames[:, :2])
        together = (loud.all(axis=1) & ~alone.any(axis=1)).sum() * _STEP
        self.decided = len(self._frames) * _STEP >= FIRST_SECONDS or (
            together >= _SURELY_TOGETHER and not self.independent()
        )

    def independent(self) -> bool:
        """Whether there are two channels and they are the sides of a call, from what was heard so far."""
        return self.n_channels == 2 and independent(self._frames)


def levels_and_correlation(samples: np.ndarray, sample_rate: int) -> np.ndarray:
    """Describe two channels every 50 ms, in the telephone band.

    Parameters
    ----------
    samples : ndarray of shape (n_samples, 2)
        What is left over at the end is not used.
    sample_rate : int

    Returns
    -------
    frames : ndarray of shape (n_frames, 3)
        Level of each channel, dB, and their correlation, 0 to 1, at the delay at which it is largest.
    """
    thin = max(1, sample_rate // _ENOUGH_RATE)
    samples = samples[: len(samples) // thin * thin].reshape(-1, thin, 2).mean(axis=1)
    sample_rate //= thin
    length = int(_STEP * sample_rate)
    n_frames = len(samples) // length
    frames = samples[: n_frames * length].reshape(n_frames, length, 2)
    lowest, highest = np.searchsorted(np.fft.rfftfreq(2 * length, 1 / sample_rate), _TELEPHONE_BAND)
    spectrum = np.fft.rfft(frames, 2 * length, axis=1)
    spectrum[:, :lowest] = spectrum[:, highest:] = 0
    power = (np.abs(spectrum) ** 2).sum(axis=1)
    products = np.fft.irfft(spectrum[..., 0] * spectrum[..., 1].conj(), axis=1)
    correlation = length * np.abs(products).max(axis=1) / np.sqrt(power.prod(axis=1) + 1e-30)
    return np.column_stack([10 * np.log10(power / length**2 + 1e-12), correlation])


def independent(frames: np.ndarray) -> bool:
    """Whether two channels are the sides of a call rather than two views of the same sound.

    They are if one or the other stands out most of the time, each for 2 s or more; if they are seldom loud together;
    and if the difference of their levels changes much when the other side speaks. Levels are relative to the speech of
    the same channel, so it does not matter that one side is louder, and a channel without speech does not stand out.

    Parameters
    ----------
    frames : ndarray of shape (n_frames, 3)
        See `levels_and_correlation`.
    """
    if not len(frames):
        return False
    levels, correlation = frames[:, :2], frames[:, 2]
    loud, alone = _loud_and_alone(levels)
    either = alone.any(axis=1)
    together = loud.all(axis=1) & ~either
    if alone.sum(axis=0).min() * _STEP < _BOTH_SPEAK:
        return False
    difference = levels[:, 0] - levels[:, 1]
    apart = np.median(difference[alone[:, 0]]) - np.median(difference[alone[:, 1]])
    in_noise = np.median(correlation[either]) < _SAME_SOUND
    return bool(
        either.sum() >= _MOSTLY_ALONE * loud.any(axis=1).sum()
        and together.sum() <= _SELDOM_TOGETHER * loud.sum(axis=0).min()
        and apart >= (_APART_IN_NOISE if in_noise else _FAR_APART)
    )


def without_cross_talk(levels: Sequence[np.ndarray], speech: Sequence[np.ndarray]) -> list[np.ndarray]:
    """Speech of each channel without what it hears of the others.

    While another channel speaks, what is fainter than there by as much as cross-talk usually is, is cross-talk. A
    person who interrupts is louder.

    Parameters
    ----------
    levels : sequence of ndarray of shape (n_frames,)
        Of each channel every 10 ms, dB.
    speech : sequence of ndarray of bool, shape (n_frames,)
        Two channels or more: what the detector found on each channel.

    Returns
    -------
    speech : list of ndarray of bool, shape (n_frames,)
    """
    from scipy.ndimage import uniform_filter1d

    powers = [uniform_filter1d(10 ** (np.asarray(level, float) / 10), _SMOOTH, mode="nearest") for level in levels]
    smooth = [10 * np.log10(np.maximum(power, 1e-20)) for power in powers]
    own_speech = []
    for channel, own in enumerate(smooth):
        others = [other for other in range(len(smooth)) if other != channel]
        speaks = _lately(np.any([speech[other] for other in others], axis=0))
        gap = _lately(np.max([smooth[other] for other in others], axis=0)) - own
        usual = np.median(gap[speaks]) if speaks.any() else 0.0
        own_speech.append(speech[channel] & ~(speaks & (gap > np.clip(usual - _GAP_MARGIN, *_GAP))))
    return own_speech


def share_speakers(
    found: Sequence[int], segments: Sequence[int], fewest: int | None = None, most: int | None = None
) -> list[int]:
    """Number of speakers of each channel if there are bounds on their sum.

    One too few is looked for where there is most speech for each speaker found, one too many is given up where there
    is least; every channel with speech keeps one.

    Parameters
    ----------
    found : sequence of int
        Speakers found on each channel without bounds, at least 1.
    segments : sequence of int
        How many segments of speech each channel has: the most speakers that it can have.
    fewest, most : int, optional
        At most the sum of `segments`; at least the number of channels.

    Examples
    --------
    >>> share_speakers([1, 1], [40, 60], fewest=3)
    [1, 2]
    >>> share_speakers([3, 1], [40, 60], most=3)
    [2, 1]
    """
    shared, speech = np.array(found), np.array(segments)
    while shared.sum() < (fewest or 0):
        shared[np.argmax(np.where(shared < speech, speech / shared, 0))] += 1
    while shared.sum() > (most or np.inf):
        shared[np.argmin(np.where(shared > 1, speech / shared, np.inf))] -= 1
    return [int(number) for number in shared]


def _lately(values):
    """The maximum over this frame and the 0.3 s before it, shape (n_frames,)."""
    from scipy.ndimage import maximum_filter1d

    return maximum_filter1d(values, _ECHO + 1, origin=_ECHO // 2)


def _loud_and_alone(levels):
    """Which channels are loud, and which of these stand out from the other; both bool of shape (n_frames, 2)."""
    noise, speech = np.percentile(levels, [10, 95], axis=0)
    noise = np.maximum(noise, speech - _NOISE_RANGE)
    loud = levels > np.maximum((noise + speech) / 2, speech - _LOUD_RANGE)
    relative = levels - speech
    return loud, loud & (relative > relative[:, ::-1] + _ALONE)
