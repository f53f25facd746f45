"""The training of one class: validated often, its threshold adapted each time, the best kept.

As in [1]_ a class is validated several times an epoch, on recordings that are held out, and ends by itself when it no
longer gains. What is counted are segments of a second, as in the metrics: a segment scores as its highest step, after
the smoothing that decides on events.

The threshold is the one of best F1 among those at which at least half of the segments found are right, so that the
error rate of the class is at most 1, which is that of finding nothing. F1 alone would have a class that is hardly known
found always, with an error rate of many times 1; the error rate alone would have it found never. Where no threshold is
such, nothing is found.

References
----------
.. [1] Jeong, Lee, Han and Lee, "Audio event detection using multiple-input convolutional neural network", DCASE 2017.
"""

import math
from collections.abc import Callable, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from lightdiar.events.classifiers import KINDS, Classifier
from lightdiar.events.features import STEP
from lightdiar.events.logistic import Logistic, fit_logistic

_SEGMENT = round(1 / STEP)  # steps in a second
_MARGIN = 1.0  # nats between a threshold and the scores, where all of them are on one side


@dataclass(frozen=True)
class Validation:
    """One validation of a class.

    Parameters
    ----------
    stage : int
        From 1; 0 if there was nothing to train.
    amount : float
        Of training until then: components, epochs, trees or spectra, as `KINDS` tells.
    f1, error_rate : float
        Of the class in the held-out segments; NaN if it does not sound there.
    threshold : float
        Log odds.
    kept : bool, default=False
        Whether this is what was kept.
    """

    stage: int
    amount: float
    f1: float
    error_rate: float
    threshold: float
    kept: bool = False

    @property
    def rank(self) -> tuple[float, float]:
        """By what validations are compared: F1 and, where that is equal, the lower error rate."""
        return self.f1, -self.error_rate


def class_weights(y: np.ndarray) -> np.ndarray:
    """Weights n / (2 n_class): the steps where a class sounds weigh as much, all together, as those where it does not.

    Examples
    --------
    >>> class_weights(np.array([True, False, False, False]))
    array([2.        , 0.66666667, 0.66666667, 0.66666667])
    """
    counts = np.bincount(y, minlength=2)
    return (len(y) / (2 * np.maximum(counts, 1)))[y.astype(int)]


def drawn_steps(y: np.ndarray, most_negatives: int, rng: np.random.Generator) -> np.ndarray:
    """Numbers of the steps that are trained on: all where the class sounds, and at most `most_negatives` others."""
    negatives = np.flatnonzero(~y)
    if len(negatives) <= most_negatives:
        return np.arange(len(y))
    drawn = rng.choice(negatives, most_negatives, replace=False)
    return np.sort(np.concatenate([np.flatnonzero(y), drawn]))


@contextmanager
def _one_thread():
    """One thread for linear algebra and trees: several round sums differently, so that no two machines would agree."""
    import sklearn  # noqa: F401  # a library that is loaded later would not be limited
    from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]  # stubs

    with threadpool_limits(limits=1):
        yield


@_one_thread()
def train_class(
    X: np.ndarray,
    y: np.ndarray,
    held_X: np.ndarray,
    held_y: np.ndarray,
    *,
    kind: str = "boosting",
    lengths: Sequence[int] | None = None,
    weights: np.ndarray | None = None,
    seed: int = 0,
    patience: int = 5,
    options: Mapping[str, Any] | None = None,
    smooth: Callable[[np.ndarray], np.ndarray] | None = None,
    tell: Callable[[list[Validation]], object] | None = None,
) -> tuple[Classifier, float, list[Validation]]:
    """Train one class until it no longer gains.

    Parameters
    ----------
    X, held_X : ndarray of shape (n_steps, n_columns), float32
        Features of the training recordings, and of those held out.
    y, held_y : ndarray of bool, shape (n_steps,)
        Where the class sounds.
    kind : {"gmm", "logistic", "boosting", "nmf"}, default="boosting"
    lengths : sequence of int, optional
        Steps in each of the recordings held out; by default they are one.
    weights : ndarray of shape (n_steps,), optional
        Of the training steps, by default `class_weights`.
    seed : int
    patience : int, default=5
        Training ends after this many validations without gain. As long as none finds anything, the latest is kept.
    options : dict, optional
        Other arguments of the `stages` of this kind: `n_trees`, say.
    smooth : callable, optional
        What is done to the scores of a recording before the threshold decides, see `lightdiar.events.smoothing`; by
        default nothing.
    tell : callable, optional
        Called with the history so far after each validation.

    Returns
    -------
    classifier : Classifier
        Its scores are the log odds that the class sounds, as often as it does in the steps held out.
    threshold : float
        Log odds; scores above it mean that the class sounds.
    history : list of Validation

    Raises
    ------
    ValueError
        If the lengths differ, a number is not finite, or there are no training steps.

    Notes
    -----
    A class that does not sound in the recordings held out, or always sounds there, cannot be validated: the last stage
    is kept, its threshold is log odds 0, and its scores are those of the training, with its weights. A class that
    sounds in all training steps, or in none, has scores that are all the same: log((present + 1) / (absent + 1)), of
    the numbers of steps.
    """
    y, held_y = np.asarray(y, bool), np.asarray(held_y, bool)
    lengths = [len(held_y)] if lengths is None else lengths
    _check(X, y, held_X, held_y, lengths)
    if y.all() or not y.any():
        n_present = np.count_nonzero(y)
        classifier = Logistic(np.zeros(X.shape[1]), math.log((n_present + 1) / (len(y) - n_present + 1)))
        return classifier, 0.0, [Validation(0, 0, math.nan, math.nan, 0.0, kept=True)]
    weights = class_weights(y) if weights is None else weights
    validated = held_y.any() and not held_y.all()
    truth = _segments(held_y, lengths)
    history: list[Validation] = []
    best_place = 0
    for amount, classifier in KINDS[kind].stages(X, y, weights, seed=seed, **(options or {})):
        row = Validation(len(history) + 1, amount, math.nan, math.nan, 0.0)
        if validated:
            classifier, scores = _calibrated(classifier, held_X, held_y)
            if smooth:
                scores = np.concatenate([smooth(part) for part in np.split(scores, np.cumsum(lengths)[:-1])])
            row = replace(row, **_best_threshold(_segments(scores, lengths), truth))
        history.append(row)
        if tell:
            tell(history)
        nothing_yet = not history[best_place].f1
        if row.stage == 1 or not validated or nothing_yet or row.rank > history[best_place].rank:
            best, best_place = classifier, len(history) - 1
        elif len(history) - 1 - best_place >= patience:
            break
    history[best_place] = replace(history[best_place], kept=True)
    return best, history[best_place].threshold, history


def _check(X, y, held_X, held_y, lengths):
    if not len(y) or np.shape(X)[:1] != y.shape or np.shape(held_X)[:1] != held_y.shape:
        raise ValueError(
            f"X {np.shape(X)} needs at least one row, y {y.shape} one value for each; held out are {np.shape(held_X)} "
            f"and {held_y.shape}."
        )
    if sum(lengths) != len(held_y):
        raise ValueError(f"lengths add up to {sum(lengths)} steps; {len(held_y)} are held out.")
    if not (np.isfinite(X).all() and np.isfinite(held_X).all()):
        raise ValueError("X has numbers that are not finite; leave out the recordings that they come from.")


def _calibrated(classifier, X, y):
    """The classifier with scores that are log odds in these steps [1]_, and those scores; as it is if it is useless.

    .. [1] Platt, "Probabilistic outputs for support vector machines", Advances in Large Margin Classifiers, 1999.
    """
    scores = classifier.scores(X)
    line = fit_logistic(scores[:, None].astype(float), y)
    slope, offset = float(line.slopes[0]), float(line.offset)
    if slope <= 0:
        return classifier, scores
    return classifier.rescaled(slope, offset), slope * scores + offset


def _segments(values, lengths):
    """The highest of the values in each second of each recording."""
    ends = np.cumsum(lengths)
    starts = [np.arange(end - length, end, _SEGMENT) for end, length in zip(ends, lengths)]
    return np.maximum.reduceat(values, np.concatenate(starts)) if len(values) else values


def _best_threshold(scores, truth):
    """Threshold of best F1 among those with an error rate of at most 1; of equal ones that in the middle."""
    order = np.argsort(-scores, kind="stable")
    scores, truth = scores[order], truth[order]
    scores = scores[np.isfinite(scores)]  # -inf, by smoothing, is where nothing is ever long enough to be an event
    edges = np.flatnonzero(np.diff(scores, append=-np.inf)) + 1  # segments that each threshold finds
    found = np.concatenate([[0], edges])
    right = np.concatenate([[0], np.cumsum(truth)])[found]
    n_true = np.count_nonzero(truth)
    f1 = 2 * right / (found + n_true)
    error_rate = (found - right + n_true - right) / n_true
    best = np.flatnonzero((error_rate <= 1) & (f1 == f1[error_rate <= 1].max()))
    place = best[(len(best) - 1) // 2]
    highest, lowest = scores[[0, -1]] if len(scores) else (0.0, 0.0)
    levels = np.concatenate([[highest + 2 * _MARGIN], scores, [lowest - 2 * _MARGIN]])
    return {
        "f1": float(f1[place]),
        "error_rate": float(error_rate[place]),
        "threshold": float(levels[found[place] : found[place] + 2].mean()),
    }
