"""Same speaker or not: how well trial scores separate the two, and what they are worth as evidence.

A trial compares two recordings; in a target trial both are of the same speaker. Larger scores favour the same speaker.

References
----------
.. [1] Brummer and du Preez, "Application-independent evaluation of speaker detection", Computer Speech and Language
   20, 2006.
"""

from collections.abc import Sequence

import numpy as np


def equal_error_rate(
    target_scores: Sequence[float] | np.ndarray, other_scores: Sequence[float] | np.ndarray
) -> tuple[float, float]:
    """Equal error rate: the rate at which targets are missed and others accepted equally often.

    Parameters
    ----------
    target_scores, other_scores : array-like of float, shape (n_targets,) and (n_others,)

    Returns
    -------
    rate : float
        0 to 1; 0.5 is chance.
    threshold : float
        Trials with at least this score are accepted at that rate.

    Examples
    --------
    >>> equal_error_rate([1, 3, 4, 5], [0, 1, 2, 3.5])
    (0.25, 3.0)
    """
    from sklearn.metrics import roc_curve

    same = np.repeat([1, 0], [len(target_scores), len(other_scores)])
    accepted, hit, thresholds = roc_curve(same, np.r_[target_scores, other_scores], drop_intermediate=False)
    at = np.argmin(abs(accepted - (1 - hit)))
    return float((accepted[at] + 1 - hit[at]) / 2), float(thresholds[at])


def cllr(target_ratios: Sequence[float] | np.ndarray, other_ratios: Sequence[float] | np.ndarray) -> float:
    """Cost of log likelihood ratios [1]_, in bits: 0 is perfect, 1 is uninformative, more is misleading.

    Parameters
    ----------
    target_ratios, other_ratios : array-like of float
        Nats.

    Examples
    --------
    >>> cllr([0, 0, 0], [0, 0])
    1.0
    """
    missed, accepted = (np.logaddexp(0, sign * np.asarray(r)) for sign, r in ((-1, target_ratios), (1, other_ratios)))
    return float((missed.mean() + accepted.mean()) / (2 * np.log(2)))


def fit_calibration(
    target_scores: Sequence[float] | np.ndarray, other_scores: Sequence[float] | np.ndarray
) -> tuple[float, float]:
    """Fit the line that turns scores into log likelihood ratios, by logistic regression of balanced classes [1]_.

    Returns
    -------
    slope, offset : float
        ``slope * score + offset`` is the log likelihood ratio in nats.
    """
    from scipy.optimize import minimize

    target, other = np.asarray(target_scores, float), np.asarray(other_scores, float)
    centre, scale = (target.mean() + other.mean()) / 2, np.std(other) or 1.0
    target, other = (target - centre) / scale, (other - centre) / scale

    def cost(line: np.ndarray) -> float:
        return cllr(line[0] * target + line[1], line[0] * other + line[1])

    slope, offset = minimize(cost, [1, 0]).x
    return float(slope / scale), float(offset - slope * centre / scale)
