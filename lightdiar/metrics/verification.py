"""Same speaker or not: how well trial scores separate the two, and what they are worth as evidence.

A trial compares two recordings; in a target trial both are of the same speaker. Larger scores favour the same speaker,
and a trial is accepted if its score is at least the threshold: trials of equal scores are accepted together. Weights
count a trial as so many, and one of weight 0 not at all; see `bootstrap`.

References
----------
.. [1] Brummer and du Preez, "Application-independent evaluation of speaker detection", Computer Speech and Language
   20, 2006.
.. [2] NIST, "2016 speaker recognition evaluation plan", 2016.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class DetectionRates:
    """What comes of a threshold, as fractions.

    The first two hold whatever the share of target trials; the other three are those of this very list of trials.

    Parameters
    ----------
    true_positive_rate, false_positive_rate : float
        Share of the target trials, and of the others, that are accepted.
    precision : float
        Share of the accepted trials that are target trials; 1.0 if none is accepted.
    f_measure : float
        Harmonic mean of precision and true-positive rate.
    accuracy : float
        Share of all trials that are decided rightly; easily high where nearly all trials are of one kind.
    """

    true_positive_rate: float
    false_positive_rate: float
    precision: float
    f_measure: float
    accuracy: float


def error_rates(
    target_scores: ArrayLike,
    other_scores: ArrayLike,
    *,
    target_weights: ArrayLike | None = None,
    other_weights: ArrayLike | None = None,
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Both errors at every threshold that makes a difference: the points of the DET curve.

    Parameters
    ----------
    target_scores, other_scores : array-like of float, shape (n_targets,) and (n_others,)
    target_weights, other_weights : array-like of float, optional
        0 or more, by default 1.

    Returns
    -------
    thresholds, missed, accepted : ndarray of shape (n_points,)
        Each score, falling, after infinity, at which nothing is accepted; share of the targets below the threshold;
        share of the others at or above it.

    Examples
    --------
    >>> thresholds, missed, accepted = error_rates([2, 3], [1, 2])
    >>> for point in zip(thresholds, missed, accepted):
    ...     print(*point)
    inf 1.0 0.0
    3.0 0.5 0.0
    2.0 0.0 0.5
    1.0 0.0 1.0
    """
    target, target_weights = _trials("target", target_scores, target_weights)
    other, other_weights = _trials("other", other_scores, other_weights)
    scores = np.concatenate([target, other])
    order = np.argsort(scores, kind="stable")[::-1]
    scores = scores[order]
    last = np.flatnonzero(np.r_[scores[1:] != scores[:-1], True])  # of those with the same score
    hits = np.cumsum(np.concatenate([target_weights, np.zeros(len(other))])[order])[last]
    alarms = np.cumsum(np.concatenate([np.zeros(len(target)), other_weights])[order])[last]
    missed, accepted = hits[-1] - np.r_[0, hits], np.r_[0, alarms]
    return np.r_[np.inf, scores[last]], missed / hits[-1], accepted / alarms[-1]


def equal_error_rate(
    target_scores: ArrayLike,
    other_scores: ArrayLike,
    *,
    target_weights: ArrayLike | None = None,
    other_weights: ArrayLike | None = None,
) -> tuple[float, float]:
    """Equal error rate: the rate at which targets are missed and others accepted equally often.

    Parameters are those of `error_rates`.

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
    thresholds, missed, accepted = error_rates(
        target_scores, other_scores, target_weights=target_weights, other_weights=other_weights
    )
    at = np.argmin(abs(accepted - missed))
    return float((accepted[at] + missed[at]) / 2), float(thresholds[at])


def minimum_cost(
    target_scores: ArrayLike,
    other_scores: ArrayLike,
    *,
    prior: float = 0.01,
    target_weights: ArrayLike | None = None,
    other_weights: ArrayLike | None = None,
) -> float:
    """Lowest detection cost of any threshold, minDCF [2]_: ``prior * missed + (1 - prior) * accepted``, normalised.

    Both errors cost 1, and the cost is divided by that of the better answer without listening, always "yes" or always
    "no": 1 is therefore uninformative. A small prior makes false alarms dear.

    Parameters
    ----------
    target_scores, other_scores, target_weights, other_weights
        See `error_rates`.
    prior : float, default=0.01
        Probability of a target trial where the system is used, between 0 and 1; the share in the list does not matter.

    Examples
    --------
    >>> minimum_cost([1, 3, 4, 5], [0, 1, 2, 3.5])  # 1 and 3 are missed, nothing is accepted that should not
    0.5
    """
    _check_prior(prior)
    _, missed, accepted = error_rates(
        target_scores, other_scores, target_weights=target_weights, other_weights=other_weights
    )
    return float(_normalised_cost(missed, accepted, prior).min())


def actual_cost(
    target_ratios: ArrayLike,
    other_ratios: ArrayLike,
    *,
    prior: float,
    target_weights: ArrayLike | None = None,
    other_weights: ArrayLike | None = None,
) -> float:
    """Detection cost of log likelihood ratios at the threshold that theory gives for the prior, normalised [2]_.

    Its distance from `minimum_cost` is what poor calibration costs there.

    Parameters
    ----------
    target_ratios, other_ratios : array-like of float
        Nats; accepted at ``log((1 - prior) / prior)`` or more, where the posterior probability reaches one half.
    prior, target_weights, other_weights
        See `minimum_cost`.

    Examples
    --------
    >>> actual_cost([-1, 2, 3, 4], [-3, -2, -1, 1], prior=0.5)  # -1 is missed, 1 accepted
    0.5
    """
    _check_prior(prior)
    threshold = float(np.log((1 - prior) / prior))
    rates = detection_rates(
        target_ratios, other_ratios, threshold, target_weights=target_weights, other_weights=other_weights
    )
    return float(_normalised_cost(1 - rates.true_positive_rate, rates.false_positive_rate, prior))


def detection_rates(
    target_scores: ArrayLike,
    other_scores: ArrayLike,
    threshold: float,
    *,
    target_weights: ArrayLike | None = None,
    other_weights: ArrayLike | None = None,
) -> DetectionRates:
    """Rates of the decisions at a threshold; the other parameters are those of `error_rates`.

    Examples
    --------
    >>> detection_rates([1, 3, 4, 5], [0, 1, 2, 3], 3)
    DetectionRates(true_positive_rate=0.75, false_positive_rate=0.25, precision=0.75, f_measure=0.75, accuracy=0.75)
    """
    if np.isnan(threshold):
        raise ValueError("threshold=nan must be a number; equal_error_rate gives one.")
    target, target_weights = _trials("target", target_scores, target_weights)
    other, other_weights = _trials("other", other_scores, other_weights)
    n_targets, n_others = target_weights.sum(), other_weights.sum()
    hits, alarms = target_weights[target >= threshold].sum(), other_weights[other >= threshold].sum()
    return DetectionRates(
        true_positive_rate=float(hits / n_targets),
        false_positive_rate=float(alarms / n_others),
        precision=float(hits / (hits + alarms)) if hits + alarms else 1.0,
        f_measure=float(2 * hits / (n_targets + hits + alarms)),
        accuracy=float((hits + n_others - alarms) / (n_targets + n_others)),
    )


def cllr(
    target_ratios: ArrayLike,
    other_ratios: ArrayLike,
    *,
    target_weights: ArrayLike | None = None,
    other_weights: ArrayLike | None = None,
) -> float:
    """Cost of log likelihood ratios [1]_, in bits: 0 is perfect, 1 is uninformative, more is misleading.

    Parameters
    ----------
    target_ratios, other_ratios : array-like of float
        Nats.
    target_weights, other_weights : array-like of float, optional
        See `error_rates`.

    Examples
    --------
    >>> cllr([0, 0, 0], [0, 0])
    1.0
    """
    target, target_weights = _trials("target", target_ratios, target_weights)
    other, other_weights = _trials("other", other_ratios, other_weights)
    return _bits(target, other, target_weights, other_weights)


def minimum_cllr(
    target_scores: ArrayLike,
    other_scores: ArrayLike,
    *,
    target_weights: ArrayLike | None = None,
    other_weights: ArrayLike | None = None,
) -> float:
    """Lowest `cllr` of any rising curve from scores to log likelihood ratios, in bits: what is left of 1 is separation.

    The curve is that of the pool-adjacent-violators algorithm, chosen on these very trials [1]_: no calibration does
    better, and on few trials it flatters. Cllr less this is what poor calibration costs. Parameters are those of
    `error_rates`; scores need not be ratios.

    Examples
    --------
    >>> minimum_cllr([2, 3], [0, 1])
    0.0
    >>> minimum_cllr([2], [2])
    1.0
    """
    from scipy.special import xlogy
    from sklearn.isotonic import isotonic_regression

    _, missed, accepted = error_rates(
        target_scores, other_scores, target_weights=target_weights, other_weights=other_weights
    )
    # share of all targets, and of all others, that have each score, the lowest first
    target, other = -np.diff(missed)[::-1], np.diff(accepted)[::-1]
    posterior = isotonic_regression(target / (target + other), sample_weight=target + other)
    nats = (xlogy(target, posterior) + xlogy(other, 1 - posterior)).sum()
    return float(0.0 - nats / (2 * np.log(2)))  # 0, not -0


def reliability(
    target_ratios: ArrayLike, other_ratios: ArrayLike, *, prior: float = 0.5, n_bins: int = 10
) -> "pd.DataFrame":
    """Do trials of which the log likelihood ratios say 80 % turn out to be target trials in 80 of 100 cases?

    Parameters
    ----------
    target_ratios, other_ratios : array-like of float
        Nats.
    prior : float, default=0.5
        Probability of a target trial; the trials are weighted so that it holds, whatever their numbers.
    n_bins : int, default=10
        Bins of equal width from probability 0 to 1.

    Returns
    -------
    table : DataFrame
        One row per bin that has trials: `predicted` probability, mean; `observed` share of target trials; both at the
        prior, 0 to 1; `n_targets` and `n_others`, numbers of trials.
    """
    import pandas as pd
    from scipy.special import expit

    _check_prior(prior)
    if n_bins < 1:
        raise ValueError(f"n_bins={n_bins} must be 1 or more; 10 is usual.")
    target, other = _trials("target", target_ratios)[0], _trials("other", other_ratios)[0]
    predicted = expit(np.concatenate([target, other]) + np.log(prior / (1 - prior)))
    weights = np.repeat([prior / len(target), (1 - prior) / len(other)], [len(target), len(other)])
    same = np.arange(len(weights)) < len(target)
    bins = np.minimum((predicted * n_bins).astype(int), n_bins - 1)
    total, true, mean, n_targets, n_all = (
        np.bincount(bins, values, minlength=n_bins)
        for values in (weights, weights * same, weights * predicted, same, None)
    )
    full = n_all > 0
    table = {"predicted": mean[full] / total[full], "observed": true[full] / total[full]}
    counts = {"n_targets": n_targets[full].astype(int), "n_others": (n_all - n_targets)[full].astype(int)}
    return pd.DataFrame(table | counts)


def fit_calibration(target_scores: ArrayLike, other_scores: ArrayLike) -> tuple[float, float]:
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
        return _bits(line[0] * target + line[1], line[0] * other + line[1])

    slope, offset = minimize(cost, [1, 0]).x
    return float(slope / scale), float(offset - slope * centre / scale)


def _trials(kind: str, scores: ArrayLike, weights: ArrayLike | None = None) -> tuple[np.ndarray, np.ndarray]:
    """Scores and weights of the trials of a kind that count."""
    scores = np.asarray(scores, dtype=float)
    if scores.ndim != 1 or not len(scores):
        raise ValueError(f"{kind} scores of shape {scores.shape} must be one row of at least one number.")
    if np.isnan(scores).any():
        raise ValueError(f"{np.isnan(scores).sum()} of {len(scores)} {kind} scores are NaN; leave these trials out.")
    if weights is None:
        return scores, np.ones(len(scores))
    weights = np.asarray(weights, dtype=float)
    if weights.shape != scores.shape:
        raise ValueError(f"{kind} weights of shape {weights.shape} must be one for each of {len(scores)} scores.")
    if not (np.isfinite(weights).all() and weights.min() >= 0 and weights.max() > 0):
        raise ValueError(f"{kind} weights from {weights.min():g} to {weights.max():g} must be 0 or more, not all 0.")
    return scores[weights > 0], weights[weights > 0]


def _bits(target, other, target_weights=None, other_weights=None):
    """Cllr of [1]_: the mean cost of targets and that of others count the same."""
    missed = np.average(np.logaddexp(0, -target), weights=target_weights)
    accepted = np.average(np.logaddexp(0, other), weights=other_weights)
    return float((missed + accepted) / (2 * np.log(2)))


def _normalised_cost(missed, accepted, prior):
    return (prior * missed + (1 - prior) * accepted) / min(prior, 1 - prior)


def _check_prior(prior):
    if not 0 < prior < 1:
        raise ValueError(f"prior={prior} must be between 0 and 1; 0.01 is usual where targets are rare, else 0.5.")
