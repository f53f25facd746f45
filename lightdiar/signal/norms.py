"""What is published about the pitch of adults' voices."""

import math

import numpy as np

F0_MEN, F0_WOMEN = 131.0, 220.0  # Hz, means [1]_
F0_SPREAD = 0.25  # standard deviation of log F0 among men and among women, assumed


def female_by_pitch(f0: np.ndarray) -> float:
    """Probability that a voice is a woman's rather than a man's, by its median F0 alone.

    Men's F0 is 131 Hz and women's 220 Hz on average [1]_. Both are assumed to be normal in log F0 with a
    standard deviation of 0.25, wider than for calm reading because voices are raised: even 131 Hz is a woman with
    probability 0.1. Children are not considered.

    Parameters
    ----------
    f0 : ndarray of shape (n_frames,)
        Hz, NaN where unvoiced.

    Returns
    -------
    probability : float
        0.5 without voiced frames.

    References
    ----------
    .. [1] Hillenbrand, Getty, Clark and Wheeler, "Acoustic characteristics of American English vowels",
       Journal of the Acoustical Society of America 97, 1995.
    """
    f0 = f0[np.isfinite(f0)]
    if not len(f0):
        return 0.5
    distance = math.log(np.median(f0) / math.sqrt(F0_WOMEN * F0_MEN))
    return 1 / (1 + math.exp(-distance * math.log(F0_WOMEN / F0_MEN) / F0_SPREAD**2))
