"""From probabilities to events: which steps of 0.1 s belong to a class, and where its events start and end.

Either each class has a threshold, a median filter and least durations; or it has a hidden Markov model with two states,
sounding and silent, whose best path is found by the Viterbi algorithm.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from lightdiar.events.features import STEP
from lightdiar.events.smoothing import smoothed
from lightdiar.models.viterbi import viterbi
from lightdiar.signal.frames import runs
from lightdiar.timeline import Event

_PER_SECOND = round(1 / STEP)
_LEAST_PROBABILITY = 1e-12  # of the HMM: certainty would have infinite weight


@dataclass(frozen=True, eq=False)
class Decoding:
    """How the probabilities of each class are decided.

    Parameters
    ----------
    thresholds : array_like of shape (n_labels,)
        From 0 to 1; the class sounds where the probability is above it.
    median : int or array_like of shape (n_labels,), default=1
        Width of the median filter in steps, an odd number; 1 for none. The HMM does without.
    least_event, least_gap : int or array_like of shape (n_labels,), default=1
        Steps. Shorter gaps between events are filled, then shorter events are dropped; with the HMM no event and no gap
        is shorter, except one at the start of the recording.
    penalty : float, optional
        Decode by the HMM: nats that each change between sounding and silent costs, 0 or more.

    Raises
    ------
    ValueError
        If a value is out of range or the lengths differ.
    """

    thresholds: np.ndarray
    median: int | np.ndarray = 1
    least_event: int | np.ndarray = 1
    least_gap: int | np.ndarray = 1
    penalty: float | None = None

    def __post_init__(self):
        thresholds = np.array(self.thresholds, dtype=float)
        if thresholds.ndim != 1 or not ((thresholds >= 0) & (thresholds <= 1)).all():
            raise ValueError(f"thresholds={self.thresholds} must be one row of numbers from 0 to 1.")
        object.__setattr__(self, "thresholds", thresholds)
        for name in ("median", "least_event", "least_gap"):
            given = np.asarray(getattr(self, name))
            if given.shape not in ((), thresholds.shape) or not (given >= 1).all() or not (given % 1 == 0).all():
                raise ValueError(
                    f"{name}={getattr(self, name)} must be one whole number of steps, 1 or more, or one for each of "
                    f"{len(thresholds)} labels."
                )
            object.__setattr__(self, name, np.broadcast_to(given.astype(int), thresholds.shape))
        if not np.all(np.asarray(self.median) % 2 == 1):
            raise ValueError(f"median={self.median} must be odd, so that a step is in the middle; 5 is usual.")
        if self.penalty is not None and not self.penalty >= 0:
            raise ValueError(f"penalty={self.penalty} must be 0 or more; 2 is usual.")

    def active(self, probabilities: np.ndarray) -> np.ndarray:
        """Where each class sounds.

        Parameters
        ----------
        probabilities : ndarray of shape (n_steps, n_labels)

        Returns
        -------
        active : ndarray of bool, shape (n_steps, n_labels)
        """
        if np.ndim(probabilities) != 2 or np.shape(probabilities)[1] != len(self.thresholds):
            raise ValueError(
                f"probabilities of shape {np.shape(probabilities)} need a column for each of "
                f"{len(self.thresholds)} labels."
            )
        decide = self._by_threshold if self.penalty is None else self._by_hmm
        active = np.zeros(probabilities.shape, bool)
        for label, column in enumerate(np.asarray(probabilities, float).T):
            active[:, label] = decide(column, label)
        return active

    def _by_threshold(self, probabilities, label):
        widths = (int(part[label]) for part in (self.median, self.least_event, self.least_gap))
        return smoothed(probabilities, *widths) > self.thresholds[label]

    def _by_hmm(self, probabilities, label):
        evidence = _log_odds(probabilities) - _log_odds(self.thresholds[label])
        scores = np.stack([np.zeros(len(evidence)), evidence], axis=1)
        least = (self.least_gap[label], self.least_event[label])
        return viterbi(scores, least, self.penalty, short_start=True) == 1


def events_of(active: np.ndarray, probabilities: np.ndarray, labels: Sequence[str], duration: float) -> list[Event]:
    """The events of a recording, in time order.

    Parameters
    ----------
    active : ndarray of bool, shape (n_steps, n_labels)
        Where each class sounds.
    probabilities : ndarray of shape (n_steps, n_labels)
        An event has the mean of its steps.
    labels : sequence of str
    duration : float
        Seconds; the last step may be shorter than the others.

    Raises
    ------
    ValueError
        If the shapes differ.

    Examples
    --------
    >>> active = np.array([[True], [True], [False]])
    >>> events_of(active, np.array([[0.75], [1.0], [0.25]]), ["door"], 0.3)
    [Event(start=0.0, end=0.2, label='door', probability=0.875)]
    """
    if not active.shape == probabilities.shape == (len(active), len(labels)):
        raise ValueError(
            f"active {active.shape} and probabilities {probabilities.shape} need a column for each of "
            f"{len(labels)} labels."
        )
    events = []
    for number, label in enumerate(labels):
        for first, last in runs(active[:, number]):
            start, end = first / _PER_SECOND, min(last / _PER_SECOND, duration)
            if end > start:
                probability = float(probabilities[first:last, number].mean(dtype=float))
                events.append(Event(start, end, label, min(probability, 1.0)))
    return sorted(events)


def _log_odds(p: ArrayLike) -> np.ndarray:
    p = np.clip(p, _LEAST_PROBABILITY, 1 - _LEAST_PROBABILITY)
    return np.log(p) - np.log1p(-p)
