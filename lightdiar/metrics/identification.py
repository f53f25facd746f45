"""Who is it: how often a voice gets the right name among the people that a system knows, or is refused.

Every test has a score for each person, larger where the voice is more likely theirs; log likelihood ratios, so that one
threshold suits all tests. The answer is the person with the largest score (of several, the first), and in an open set
only if that score is at least the threshold; otherwise the voice is somebody else's.

References
----------
.. [1] Singer and Reynolds, "Analysis of multitarget detection for speaker and language recognition", Odyssey 2004.
"""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike

from lightdiar.metrics.verification import equal_error_rate, error_rates

if TYPE_CHECKING:
    import pandas as pd

SOMEBODY_ELSE = "somebody else"


@dataclass(frozen=True)
class OpenSetFigures:
    """How well people are told by name when the voice may be that of somebody else; fractions.

    Parameters
    ----------
    threshold : float
        An answer is given if the largest score is at least this; infinite if no answer can be given.
    identified, misnamed, refused : float
        Of the tests of known people: share that gets the right name, another name, none. They add up to 1.
    false_alarms : float
        Of the tests of unknown people: share that is given a name.
    equal_error_rate : float
        Where as large a share of the unknown is given a name as of the known is refused or misnamed, at a threshold of
        its own; 0 is perfect.
    """

    threshold: float
    identified: float
    misnamed: float
    refused: float
    false_alarms: float
    equal_error_rate: float


def identification_rate(scores: ArrayLike, people: ArrayLike) -> float:
    """Closed-set identification rate: the share of tests of known people whose own score is the largest.

    Parameters
    ----------
    scores : array-like of float, shape (n_tests, n_people)
    people : array-like of int, shape (n_tests,)
        Column of the person who speaks in each test, -1 for somebody else; those tests do not count here.

    Returns
    -------
    rate : float
        0 to 1; chance is 1 / n_people, so the rate falls as people are added.

    Raises
    ------
    ValueError
        If shapes do not match, a score is NaN, or there is no test of a known person.

    Examples
    --------
    >>> identification_rate([[5, 1], [2, 3], [1, 4], [0, 2]], [0, 0, 1, -1])  # the second is given to the wrong one
    0.6666666666666666
    """
    scores, people = _tests(scores, people)
    known = people >= 0
    _check_some(known, "known")
    return float(np.mean(scores[known].argmax(axis=1) == people[known]))


def open_set_identification(scores: ArrayLike, people: ArrayLike, *, false_alarm_rate: float = 0.01) -> OpenSetFigures:
    """Open-set identification [1]_, at the lowest threshold that names at most a given share of unknown people.

    Parameters
    ----------
    scores, people
        See `identification_rate`; tests of both known and unknown people are needed.
    false_alarm_rate : float, default=0.01
        Largest share of the tests of unknown people that may be given a name, from 0 to below 1. Of fewer than 100
        tests, 1 % is none.

    Returns
    -------
    figures : OpenSetFigures
        The threshold is a score of these tests: where it is to be used on others, this flatters if they are few.

    Raises
    ------
    ValueError
        As for `identification_rate`, or if there is no test of an unknown person.

    Examples
    --------
    >>> scores = [[5, 1], [3, 1], [1, 4], [2, 1], [4, 0], [0, 2], [-3, 1]]
    >>> figures = open_set_identification(scores, [0, 0, 1, 1, 0, -1, -1])
    >>> figures.threshold, figures.identified, figures.misnamed, figures.refused
    (3.0, 0.8, 0.0, 0.2)
    >>> figures.equal_error_rate
    0.1
    """
    if not 0 <= false_alarm_rate < 1:
        raise ValueError(f"false_alarm_rate={false_alarm_rate} must be from 0 to below 1; 0.01 is usual.")
    scores, people = _tests(scores, people)
    known, best = people >= 0, scores.max(axis=1)
    _check_some(known, "known")
    _check_some(~known, "unknown")
    right = scores[known].argmax(axis=1) == people[known]
    unknown = best[~known]
    own = np.where(right, best[known], -np.inf)  # a misnamed test is an error at every threshold
    thresholds, _, alarms = error_rates(own, unknown)
    threshold = thresholds[np.flatnonzero(alarms <= false_alarm_rate)[-1]]
    named = best[known] >= threshold
    return OpenSetFigures(
        threshold=float(threshold),
        identified=float(np.mean(named & right)),
        misnamed=float(np.mean(named & ~right)),
        refused=float(np.mean(~named)),
        false_alarms=float(np.mean(unknown >= threshold)),
        equal_error_rate=equal_error_rate(own, unknown)[0],
    )


def drawn_open_set(
    scores: ArrayLike, people: ArrayLike, *, n_draws: int = 20, false_alarm_rate: float = 0.01, seed: int = 0
) -> OpenSetFigures:
    """Open-set identification where every person is known: half of them, drawn anew each time, become unknown.

    In each draw the system forgets half of the people who have tests (of an odd number, the smaller half), and their
    tests are those of somebody else. The figures are means over draws.

    Parameters
    ----------
    scores, people, false_alarm_rate
        See `open_set_identification`; tests of somebody else are not needed, and stay such.
    n_draws : int, default=20
    seed : int, default=0

    Returns
    -------
    figures : OpenSetFigures
        Means; the threshold is infinite if no answer could be given in one of the draws.

    Raises
    ------
    ValueError
        As for `identification_rate`, or if fewer than two people have tests.
    """
    if n_draws < 1:
        raise ValueError(f"n_draws={n_draws} must be 1 or more; 20 is usual.")
    scores, people = _tests(scores, people)
    heard = np.unique(people[people >= 0])
    if len(heard) < 2:
        raise ValueError(f"{len(heard)} people have tests; half of them can be unknown if there are at least two.")
    rng = np.random.default_rng(seed)
    drawn = []
    for _ in range(n_draws):
        unknown = rng.choice(heard, len(heard) // 2, replace=False)
        kept = np.setdiff1d(np.arange(scores.shape[1]), unknown)
        column = np.full(scores.shape[1] + 1, -1)  # the last is where -1 points
        column[kept] = np.arange(len(kept))
        drawn.append(open_set_identification(scores[:, kept], column[people], false_alarm_rate=false_alarm_rate))
    names = [field.name for field in fields(OpenSetFigures)]
    return OpenSetFigures(**{name: float(np.mean([getattr(one, name) for one in drawn])) for name in names})


def confusion_table(
    scores: ArrayLike, people: ArrayLike, names: Sequence[str], *, threshold: float = -np.inf
) -> "pd.DataFrame":
    """Who was taken for whom: numbers of tests by person (rows) and answer (columns).

    Parameters
    ----------
    scores, people
        See `identification_rate`.
    names : sequence of str, length n_people
        Different ones; none of them "somebody else", which is the last row and column.
    threshold : float, optional
        Tests whose largest score is less are somebody else's; by default everybody is given a name.

    Returns
    -------
    table : DataFrame of int
        Index "true", columns "answered". Right answers are on the diagonal.

    Examples
    --------
    >>> scores = [[5, 1], [2, 3], [1, 4], [0, 2]]
    >>> confusion_table(scores, [0, 0, 1, -1], ["ann", "bob"], threshold=3)  # doctest: +NORMALIZE_WHITESPACE
    answered       ann  bob  somebody else
    true
    ann              1    1              0
    bob              0    1              0
    somebody else    0    0              1
    """
    import pandas as pd

    scores, people = _tests(scores, people)
    labels = [*names, SOMEBODY_ELSE]
    n_labels = scores.shape[1] + 1
    if len(labels) != n_labels or len(set(labels)) < n_labels:
        raise ValueError(
            f"{len(names)} names ({len(set(names))} different) must be {n_labels - 1} different ones, "
            f"one for each column of scores, and none of them {SOMEBODY_ELSE!r}."
        )
    answers = np.where(scores.max(axis=1) >= threshold, scores.argmax(axis=1), n_labels - 1)
    true = np.where(people >= 0, people, n_labels - 1)
    counts = np.bincount(true * n_labels + answers, minlength=n_labels**2).reshape(n_labels, n_labels)
    return pd.DataFrame(counts, pd.Index(labels, name="true"), pd.Index(labels, name="answered"))


def _tests(scores: ArrayLike, people: ArrayLike) -> tuple[np.ndarray, np.ndarray]:
    """Scores and people as arrays that match."""
    scores = np.asarray(scores, dtype=float)
    people = np.asarray(people)
    if scores.ndim != 2 or not scores.size or people.shape != scores.shape[:1]:
        raise ValueError(
            f"scores of shape {scores.shape} must be (n_tests, n_people), neither 0, and people of shape "
            f"{people.shape} must be (n_tests,)."
        )
    if np.isnan(scores).any():
        raise ValueError(f"{np.isnan(scores).any(axis=1).sum()} of {len(scores)} tests have a score that is NaN.")
    if people.dtype.kind not in "iu":
        raise TypeError(f"people of type {people.dtype} must be whole numbers: columns of scores, -1 for others.")
    if people.min() < -1 or people.max() >= scores.shape[1]:
        raise ValueError(
            f"people from {people.min()} to {people.max()} must be columns of scores, 0 to {scores.shape[1] - 1}, "
            "or -1 for somebody else."
        )
    return scores, people


def _check_some(chosen, kind):
    if not chosen.any():
        raise ValueError(f"none of the {len(chosen)} tests is of {kind} people; at least one is needed.")
