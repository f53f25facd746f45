"""Clicks: wild samples, as damaged files and faulty programs have them, silenced before anything is computed.

A single sample a thousand times as loud as the speech around it has more energy than a minute of it: what is speech
would be taken for silence.
"""

from collections.abc import Iterable, Iterator

import numpy as np

from lightdiar.signal.frames import recut

_PIECE = 128000  # samples: 8 s
_LOUD = 0.99  # of the samples of a piece are no louder than this; clicks are far fewer than the others
_CLICK = 100.0  # times as loud: 40 dB, where the peaks of speech are 10 to 15 dB above it
_AROUND = 64  # samples on either side, 4 ms, over which resampling spreads a click


def without_clicks(blocks: Iterable[np.ndarray]) -> Iterator[np.ndarray]:
    """Silence what is 40 dB louder than all but a hundredth of the samples within 8 s; all else stays.

    Parameters
    ----------
    blocks : iterable of ndarray of shape (n_samples,)
        Mono audio at 16 kHz; where it is cut does not matter. Where a sample is not finite, all stay.

    Yields
    ------
    samples : ndarray of shape (n_samples,)
        As many in all, cut differently.
    """
    for piece in recut(blocks, _PIECE):
        magnitude = np.abs(piece)
        place = int(_LOUD * len(piece))
        limit = _CLICK * np.partition(magnitude, place)[place]
        yield _silenced(piece, magnitude > limit) if 0 < limit < magnitude.max() < np.inf else piece


def _silenced(samples, mask):
    """The samples with silence where the mask is true, and around there."""
    from scipy.ndimage import maximum_filter1d

    return np.where(maximum_filter1d(mask, 2 * _AROUND + 1), samples.dtype.type(0), samples)
