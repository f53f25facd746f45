"""Scores of steps, smoothed so that a threshold alone decides: median, least gaps and least events are all in them.

Each of these steps gives the same whether it is done to decisions or to the scores that a threshold decides upon, as
medians, maxima and minima keep the order of values [1]_. So a threshold can be chosen on what will be decided.

References
----------
.. [1] Maragos and Schafer, "Morphological filters, part II: their relations to median, order-statistic, and stack
   filters", IEEE Trans. ASSP 35, 1987.
"""

import numpy as np


def smoothed(scores: np.ndarray, median: int = 1, least_event: int = 1, least_gap: int = 1) -> np.ndarray:
    """Smooth the scores of one class in one recording.

    Parameters
    ----------
    scores : ndarray of shape (n_steps,)
    median : int, default=1
        Width of the median filter in steps, odd; 1 for none. The first and the last step go on beyond the ends.
    least_event, least_gap : int, default=1
        Steps. Shorter gaps between events are filled, then shorter events are dropped, whatever the threshold.

    Returns
    -------
    scores : ndarray of shape (n_steps,)

    Examples
    --------
    >>> smoothed(np.array([0.0, 0.9, 0.2, 0.8, 0.0, 0.0, 0.7, 0.0]), least_gap=2, least_event=3)
    array([0. , 0.8, 0.8, 0.8, 0. , 0. , 0. , 0. ])
    """
    from scipy.ndimage import grey_closing, grey_opening, median_filter

    if median > 1 and len(scores):
        scores = median_filter(scores, median, mode="nearest")
    for least, change in ((least_gap, grey_closing), (least_event, grey_opening)):
        least = min(least, len(scores) + 1)  # longer than the recording is longer than all
        if least > 1:
            around = np.pad(scores, least, constant_values=-np.inf)  # nothing is heard beyond the ends
            scores = change(around, (least,))[least:-least]
    return scores
