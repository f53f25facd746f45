"""How far the speech stands above what is heard between the turns."""

import numpy as np

_REACH = 100  # frames around speech whose sound counts as its background: a second
_FEWEST = 20  # frames of background
_LOWEST, _HIGHEST = -10.0, 60.0  # decibels


def speech_to_background(log_energy: np.ndarray, speech: np.ndarray) -> float | None:
    """Signal-to-noise ratio of a recording, from where people pause.

    The noise is the median power of the frames without speech within a second of speech, so that passages of music
    alone do not count; the signal is the mean power of the speech less that of the noise.

    Parameters
    ----------
    log_energy : ndarray of shape (n_frames,)
        Natural logarithm of the power of each frame of 10 ms.
    speech : ndarray of bool, shape (n_frames,)

    Returns
    -------
    snr : float or None
        Decibels, from -10 to 60; None if there is no speech or next to no pause.

    Examples
    --------
    >>> speech = np.repeat([True, False, True], 100)
    >>> round(speech_to_background(np.where(speech, np.log(101), 0), speech), 6)
    20.0
    """
    from scipy.ndimage import maximum_filter1d

    near = maximum_filter1d(speech, 2 * _REACH + 1) & ~speech if len(speech) else speech
    if not speech.any() or near.sum() < _FEWEST:
        return None
    noise = np.exp(np.median(log_energy[near]).astype(float))
    signal = max(np.exp(log_energy[speech].astype(float)).mean() - noise, 1e-9 * noise)
    return float(np.clip(10 * np.log10(signal / noise), _LOWEST, _HIGHEST))
