"""Every test against every person: how often the right name is given, and what becomes of people who are unknown."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from lightdiar.metrics.bootstrap import Interval
from lightdiar.metrics.identification import confusion_table, open_set_identification
from lightdiar.recognition.answers import NAMED, posteriors
from lightdiar.recognition.voices import KNOWN

if TYPE_CHECKING:
    import pandas as pd

N_HALVES = 20  # of the people into known and unknown
FALSE_ALARMS = 0.01
CLOSED = "identified, closed set"
OPEN = (
    "open set: equal error rate",
    f"open set: identified at {100 * FALSE_ALARMS:g} % false alarms",
    "open set: unknown people given a name",
    "open set: known people given another name",
    "open set: known people refused",
)


@dataclass(frozen=True, eq=False)
class AllAgainstAll:
    """Log likelihood ratios of all tests against all people.

    Parameters
    ----------
    people : tuple of str
    ratios : ndarray of shape (n_tests, n_people)
        Nats.
    speakers : ndarray of int, shape (n_tests,)
        Who speaks in each test: places in `people`. Some people may have no test.
    halves : tuple of HalfKnown
        The same tests where half of the people are unknown; none if fewer than two people have tests.
    """

    people: tuple[str, ...]
    ratios: np.ndarray
    speakers: np.ndarray
    halves: tuple["HalfKnown", ...]

    def confusion(self) -> "pd.DataFrame":
        """Tests by person (rows) and by the person with the largest ratio (columns)."""
        return confusion_table(self.ratios, self.speakers, self.people).iloc[:-1, :-1]

    def figures(self, *, n_draws: int = 400, seed: int = 0) -> dict[str, Interval]:
        """Figures of identification, with 95 % intervals by drawing those who have tests anew.

        Those of the open set are means over `halves`. The equal error rate and the rate at 1 % false alarms (at none,
        if there are fewer than 100 tests of unknown people) are those of
        `lightdiar.metrics.identification.open_set_identification`. The last three say what `Voices.identify` does as it
        is: it gives a name if somebody has a probability of 0.9 or more.

        Returns
        -------
        figures : dict of str to Interval
            Shares, 0 to 1, by the names in `CLOSED` and `OPEN`. Who is enrolled stays the same in all draws.
        """
        right = self.ratios.argmax(axis=1) == self.speakers
        own = [np.flatnonzero(self.speakers == person) for person in np.unique(self.speakers)]
        rng = np.random.default_rng(seed)
        closed: list[float] = []
        opened: list[np.ndarray] = []
        while len(opened if self.halves else closed) < n_draws:
            tests = np.concatenate([own[place] for place in rng.integers(len(own), size=len(own))])
            closed.append(right[tests].mean())
            opened += _means(self.halves, tests)
        found = {CLOSED: _interval(right.mean(), closed)}
        for place, value in enumerate(*_means(self.halves, np.arange(len(right)))) if self.halves else ():
            found[OPEN[place]] = _interval(value, [one[place] for one in opened])
        return found


@dataclass(frozen=True, eq=False)
class HalfKnown:
    """All tests against some of the people, the known ones.

    Parameters
    ----------
    best : ndarray of float, shape (n_tests,)
        The largest ratio.
    right, known, named : ndarray of bool, shape (n_tests,)
        Whether the largest ratio is that of the speaker, whether the speaker is known, and whether `Voices.identify`
        gives a name.
    """

    best: np.ndarray
    right: np.ndarray
    known: np.ndarray
    named: np.ndarray

    def figures(self, tests: np.ndarray) -> tuple[float, ...]:
        """Figures of some tests, in the order of `OPEN`; none if all are of known people, or none is."""
        best, right, known, named = (part[tests] for part in (self.best, self.right, self.known, self.named))
        if known.all() or not known.any():
            return ()
        scores = np.full((len(tests), 2), -np.inf)  # two people are enough: the right one, and one taken for them
        scores[np.arange(len(tests)), np.where(right, 0, 1)] = best
        opened = open_set_identification(scores, np.where(known, 0, -1), false_alarm_rate=FALSE_ALARMS)
        at_default = named[~known].mean(), (named & ~right)[known].mean(), 1 - named[known].mean()
        return opened.equal_error_rate, opened.identified, *map(float, at_default)


def _means(halves, tests):
    """The figures of some tests, means over halves, as a list of one; empty if no half has known and unknown ones."""
    found = [figures for figures in (half.figures(tests) for half in halves) if figures]
    return [np.mean(found, axis=0)] if found else []


def _interval(value, drawn):
    low, high = np.quantile(drawn, [0.025, 0.975])
    return Interval(float(value), float(low), float(high))


def forget_halves(
    score: Callable[[np.ndarray], np.ndarray], n_people: int, speakers: np.ndarray, *, seed: int = 0
) -> tuple[HalfKnown, ...]:
    """All tests 20 times, each time without half of the people who have tests (of an odd number, the smaller half).

    Parameters
    ----------
    score : callable
        ``score(kept)`` gives the ratios (n_tests, n_kept) of all tests against the people who are kept (their places),
        as if the others had never been enrolled: also the `centre` is theirs alone.
    n_people : int
    speakers : ndarray of int, shape (n_tests,)
    seed : int, default=0
        The draws are those of `lightdiar.metrics.identification.drawn_open_set`.

    Returns
    -------
    halves : tuple of HalfKnown
        None if fewer than two people have tests.
    """
    heard = np.unique(speakers)
    rng = np.random.default_rng(seed)
    halves = []
    for _ in range(N_HALVES if len(heard) > 1 else 0):
        unknown = rng.choice(heard, len(heard) // 2, replace=False)
        kept = np.setdiff1d(np.arange(n_people), unknown)
        ratios = score(kept)
        right = kept[ratios.argmax(axis=1)] == speakers
        named = best_posteriors(ratios) >= NAMED
        halves.append(HalfKnown(ratios.max(axis=1), right, ~np.isin(speakers, unknown), named))
    return tuple(halves)


def best_posteriors(ratios: np.ndarray, known: float = KNOWN) -> np.ndarray:
    """How probable the most probable person is, as `Voices.identify` computes it.

    Parameters
    ----------
    ratios : ndarray of shape (n_tests, n_people)
    known : float, default=0.5
        How probable it is, before the sound is heard, that it is one of them.

    Returns
    -------
    probabilities : ndarray of shape (n_tests,)

    Examples
    --------
    >>> best_posteriors(np.zeros((1, 2)))  # two people and somebody else, and nothing was heard
    array([0.25])
    """
    return posteriors(ratios, known)[:, :-1].max(axis=1)
