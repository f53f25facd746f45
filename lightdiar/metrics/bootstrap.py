"""How far a figure can be trusted: intervals by resampling speakers or recordings.

Trials of the same person hang together: a hundred trials of one hoarse voice are one piece of evidence, not a hundred.
So it is the speakers that are drawn with replacement, and their trials come along: if speaker i was drawn w_i times, a
trial of i against i counts w_i times, and one of i against j w_i w_j times. Drawing single trials instead gives
intervals that are much too narrow. The same holds for the segments of one recording: for figures that follow from
counts, it is the recordings that are drawn.

References
----------
.. [1] Bolle, Ratha and Pankanti, "Error analysis of pattern recognition systems - the subsets bootstrap", Computer
   Vision and Image Understanding 93, 2004.
.. [2] Poh, Martin and Bengio, "Performance generalization in biometric authentication using joint user-specific and
   sample bootstraps", IEEE Transactions on Pattern Analysis and Machine Intelligence 29, 2007.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from functools import reduce
from operator import add
from typing import Any, TypeVar

import numpy as np
from numpy.typing import ArrayLike

_Counts = TypeVar("_Counts")


@dataclass(frozen=True)
class Interval:
    """A figure of all trials or recordings, and the bounds between which it stays in most draws."""

    value: float
    low: float
    high: float


def speaker_intervals(
    figures: Mapping[str, Callable[..., float]],
    scores: ArrayLike,
    enrol_speakers: Sequence[str] | np.ndarray,
    test_speakers: Sequence[str] | np.ndarray,
    *,
    n_draws: int = 1000,
    level: float = 0.95,
    seed: int = 0,
) -> dict[str, Interval]:
    """Percentile intervals of figures of trials, by resampling speakers [1]_, [2]_.

    Parameters
    ----------
    figures : dict of str to callable
        ``figure(target_scores, other_scores, target_weights=..., other_weights=...)`` gives a number, such as `cllr`
        or ``functools.partial(minimum_cost, prior=0.05)``. All are computed on the same draws. Of the equal error rate
        it is ``lambda *scores, **weights: equal_error_rate(*scores, **weights)[0]``.
    scores : array-like of float, shape (n_trials,)
    enrol_speakers, test_speakers : sequence of str, length n_trials
        Who speaks on the two sides of each trial; the same name on both makes a target trial.
    n_draws : int, default=1000
        A draw in which no target trial, or no other, is left says nothing and is drawn again.
    level : float, default=0.95
        Share of the draws that the interval holds.
    seed : int, default=0

    Returns
    -------
    intervals : dict of str to Interval
        With the figure of all trials. With fewer than some 20 speakers an interval is too narrow.

    Raises
    ------
    ValueError
        If lengths do not match, a speaker has no name, or there is no trial of one of the two kinds.

    Examples
    --------
    >>> from lightdiar.metrics.verification import cllr
    >>> people = ["ann", "bob", "cy"]
    >>> pairs = [(one, other) for one in people for other in people]
    >>> scores = [3 if one == other else -2 if "cy" in (one, other) else 1 for one, other in pairs]
    >>> speaker_intervals({"Cllr": cllr}, scores, *zip(*pairs))["Cllr"].value == cllr([3] * 3, [1] * 2 + [-2] * 4)
    True
    """
    _check_draws(n_draws, level)
    scores = np.asarray(scores, dtype=float)
    first, second, n_speakers = _numbered(enrol_speakers, test_speakers)
    if not scores.shape == first.shape == second.shape:
        raise ValueError(
            f"scores of shape {scores.shape}, {len(first)} speakers enrolled and {len(second)} tested must be as many."
        )
    order = np.argsort(scores, kind="stable")  # figures sort what is in order much faster
    scores, first, second = scores[order], first[order], second[order]
    same = first == second
    if same.all() or not same.any():
        raise ValueError(f"{same.sum()} of {len(same)} trials are target trials; both kinds are needed.")
    target, other, owner, first, second = scores[same], scores[~same], first[same], first[~same], second[~same]
    rng = np.random.default_rng(seed)
    drawn: list[list[float]] = []
    while len(drawn) < n_draws:  # a trial of each kind needs three speakers at most: one draw in five has them
        times = np.bincount(rng.integers(n_speakers, size=n_speakers), minlength=n_speakers)
        target_weights, other_weights = times[owner], times[first] * times[second]
        hits, alarms = np.flatnonzero(target_weights), np.flatnonzero(other_weights)
        if len(hits) and len(alarms):
            left = target[hits], other[alarms]
            weights = {"target_weights": target_weights[hits], "other_weights": other_weights[alarms]}
            drawn.append([figure(*left, **weights) for figure in figures.values()])
    bounds = np.quantile(drawn, [(1 - level) / 2, (1 + level) / 2], axis=0)
    return {
        name: Interval(float(figure(target, other)), float(low), float(high))
        for (name, figure), low, high in zip(figures.items(), *bounds)
    }


def recording_intervals(
    figures: Mapping[str, Callable[[_Counts], float]],
    counts: Sequence[_Counts],
    *,
    n_draws: int = 1000,
    level: float = 0.95,
    seed: int = 0,
) -> dict[str, Interval]:
    """Percentile intervals of figures that follow from counts, by resampling recordings.

    Parameters
    ----------
    figures : dict of str to callable
        ``figure(counts)`` gives a number, such as ``lambda counts: counts.f1``. All are computed on the same draws.
    counts : sequence of SegmentCounts, EventCounts, TaggingCounts or another dataclass that adds with ``+``
        One of each recording, all of the same labels.
    n_draws, level, seed
        See `speaker_intervals`. Draws in which a figure is NaN, as where a class is never heard, are left out of its
        interval.

    Returns
    -------
    intervals : dict of str to Interval
        By figure, with its value for all recordings; the bounds are NaN if every draw is. With fewer than about 20
        recordings an interval is too narrow.

    Raises
    ------
    ValueError
        If there is no recording, or labels differ.

    Examples
    --------
    >>> from lightdiar.metrics.tagging import tagging
    >>> clips = [tagging(["dog"], [answer], ["dog", "rain"]) for answer in ["dog", "dog", "dog", "rain"]]
    >>> recording_intervals({"accuracy": lambda counts: counts.accuracy}, clips)["accuracy"]
    Interval(value=0.75, low=0.25, high=1.0)
    """
    _check_draws(n_draws, level)
    if not counts:
        raise ValueError("no recording was counted; at least one is needed, and some 20 for an interval to mean much.")
    whole: Any = reduce(add, counts)
    names = [field.name for field in fields(whole) if field.name != "labels"]
    by_recording = {name: np.array([getattr(one, name) for one in counts]) for name in names}
    rng = np.random.default_rng(seed)
    drawn = np.empty((n_draws, len(figures)))
    for row in drawn:
        times = np.bincount(rng.integers(len(counts), size=len(counts)), minlength=len(counts))
        sums = {name: np.tensordot(times, values, 1)[()] for name, values in by_recording.items()}
        one_draw = replace(whole, **sums)
        row[:] = [figure(one_draw) for figure in figures.values()]
    intervals = {}
    for (name, figure), values in zip(figures.items(), drawn.T):
        known = values[~np.isnan(values)]
        low, high = np.quantile(known, [(1 - level) / 2, (1 + level) / 2]) if len(known) else (np.nan, np.nan)
        intervals[name] = Interval(float(figure(whole)), float(low), float(high))
    return intervals


def _check_draws(n_draws, level):
    if n_draws < 1:
        raise ValueError(f"n_draws={n_draws} must be 1 or more; 1000 is usual.")
    if not 0 < level < 1:
        raise ValueError(f"level={level} must be between 0 and 1; 0.95 is usual.")


def _numbered(enrol_speakers, test_speakers):
    """The speakers of both sides as numbers, and how many there are."""
    import pandas as pd

    n_enrolled = len(enrol_speakers)
    numbers, names = pd.factorize(np.array([*enrol_speakers, *test_speakers], dtype=object))
    if (numbers < 0).any():
        raise ValueError(f"{(numbers < 0).sum()} speakers have no name; every trial needs one on both sides.")
    return numbers[:n_enrolled], numbers[n_enrolled:], len(names)
