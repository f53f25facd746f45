"""Normalisation of scores by a cohort: how a score compares with those that other people's voices get.

A short or noisy recording scores lower, or higher, against everybody. Its scores against a cohort of strangers show by
how much, and the same threshold then serves all recordings.
"""

from numbers import Integral

import numpy as np

from lightdiar.common.arrays import checked_rows

_LEAST_DEVIATION = 1e-6


def adaptive_s_norm(
    scores: np.ndarray,
    enrolled_cohort: np.ndarray,
    test_cohort: np.ndarray,
    *,
    peers: np.ndarray | None = None,
    n_top: int = 100,
) -> np.ndarray:
    """Adaptive symmetric normalisation, "AS-norm 1" of [1]_.

    Each score is measured from the mean of the `n_top` highest cohort scores of its enrolment, in their standard
    deviations, and likewise of its test; the mean of both is returned.

    Parameters
    ----------
    scores : ndarray of shape (n_enrolled, n_tests)
    enrolled_cohort : ndarray of shape (n_enrolled, n_cohort)
        Scores of each enrolment against strangers.
    test_cohort : ndarray of shape (n_tests, n_cohort)
        Scores of each test against the same strangers.
    peers : ndarray of shape (n_enrolled, n_enrolled), optional
        Scores of the enrolments against one another, if they are of different people: everybody but the person in
        question then belongs to the cohort. Nobody else resembles a class so much in language, room and microphone.
    n_top : int, default=100
        The nearest strangers of each are those that resemble it in voice, room and noise.

    Returns
    -------
    normalised : ndarray of shape (n_enrolled, n_tests)
        In standard deviations above the nearest strangers.

    Raises
    ------
    ValueError
        If the scores are not finite numbers of these shapes, there is no stranger, or `n_top` is less than 1.

    References
    ----------
    .. [1] Matejka, Novotny, Plchot, Burget, Sanchez and Cernocky, "Analysis of score normalization in multilingual
       speaker recognition", Interspeech 2017.

    Examples
    --------
    >>> adaptive_s_norm(np.array([[5.0]]), np.array([[1.0, 3.0, -9.0]]), np.array([[0.0, 2.0, -9.0]]), n_top=2)
    array([[3.5]])
    """
    scores = checked_rows(scores, "n_enrolled", "n_tests", "scores")
    enrolled_cohort = checked_rows(enrolled_cohort, "n_enrolled", "n_cohort", "enrolled_cohort")
    test_cohort = checked_rows(test_cohort, "n_tests", "n_cohort", "test_cohort")
    n_enrolled, n_cohort = enrolled_cohort.shape
    if scores.shape != (n_enrolled, len(test_cohort)) or test_cohort.shape[1] != n_cohort:
        raise ValueError(
            f"shapes {scores.shape}, {enrolled_cohort.shape} and {test_cohort.shape} do not fit; they are "
            "(n_enrolled, n_tests), (n_enrolled, n_cohort) and (n_tests, n_cohort), of the same strangers."
        )
    if peers is not None and np.shape(peers) != (n_enrolled, n_enrolled):
        raise ValueError(f"peers of shape {np.shape(peers)} must be ({n_enrolled}, {n_enrolled}), as are enrolments.")
    if not n_cohort or not isinstance(n_top, Integral) or n_top < 1:
        raise ValueError(f"n_top={n_top!r:.40} of {n_cohort} strangers: both must be whole numbers, 1 or more.")
    if peers is None:
        n_top = min(n_top, n_cohort)
        left = _mean_and_deviation(_highest(enrolled_cohort, n_top))
        right = [part[None, :] for part in _mean_and_deviation(_highest(test_cohort, n_top))]
    else:
        n_top = min(n_top, n_cohort + n_enrolled - 1)  # without the person in question
        others = peers[~np.eye(n_enrolled, dtype=bool)].reshape(n_enrolled, n_enrolled - 1)
        left = _mean_and_deviation(_highest(np.concatenate([enrolled_cohort, others], axis=1), n_top))
        right = _without_each(np.concatenate([test_cohort, scores.T], axis=1), scores, n_top)
    return ((scores - left[0][:, None]) / left[1][:, None] + (scores - right[0]) / right[1]) / 2


def _highest(cohort, n_top):
    """The highest scores of each row, the lowest of them first, shape (n_rows, n_top)."""
    return np.partition(cohort, cohort.shape[1] - n_top, axis=1)[:, cohort.shape[1] - n_top :]


def _mean_and_deviation(top):
    return top.mean(axis=1), np.maximum(top.std(axis=1), _LEAST_DEVIATION)


def _without_each(cohort, scores, n_top):
    """Mean and deviation of the highest scores of each test without each enrolment in turn, (n_enrolled, n_tests).

    Of the `n_top` + 1 highest, the one in question is left out if it is there, or else the lowest.
    """
    top = _highest(cohort, n_top + 1)
    origin = top[:, 0]  # squares far from 0 would cancel
    left_out = np.where(scores >= origin, scores, origin) - origin
    top = top - origin[:, None]
    mean = (top.sum(axis=1) - left_out) / n_top
    variance = ((top**2).sum(axis=1) - left_out**2) / n_top - mean**2
    return mean + origin, np.maximum(np.sqrt(np.maximum(variance, 0)), _LEAST_DEVIATION)
