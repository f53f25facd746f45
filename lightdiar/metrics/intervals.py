"""Elementary intervals: time cut at every boundary, so that nobody starts or stops inside a piece.

Turns become pairs of numbers of edges, and every error measure is a sum over intervals or over pairs of turns that
overlap: memory grows with the turns, not with speakers times turns. Overlapping turns of the same speaker count once.

Speakers are numbered by when they talk, never by name: measures that must choose between equals choose alike
whatever the speakers are called.
"""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from lightdiar.timeline import Annotation, Segment, check_annotation, check_segments

LATEST = 1e12  # seconds; sums of times as large as floats go are not numbers any more
MOST_OVERLAPS = 1_000_000  # pairs of turns that overlap; hours of ordinary conversation have some thousands


@dataclass(frozen=True)
class Voices:
    """Who speaks between which edges.

    Parameters
    ----------
    speakers : tuple of str
        Names by number.
    speaker, first, last : ndarray of int, shape (n_turns,)
        The speaker's number, and the edges at which the turn starts and ends; turns of one speaker neither overlap
        nor touch.
    """

    speakers: tuple[str, ...]
    speaker: np.ndarray
    first: np.ndarray
    last: np.ndarray


@dataclass(frozen=True)
class Overlaps:
    """Pairs of a true and a found turn that overlap: numbers of the speakers, and the edges between which they do."""

    true: np.ndarray
    found: np.ndarray
    first: np.ndarray
    last: np.ndarray


@dataclass(frozen=True)
class Intervals:
    """Elementary intervals of a reference and a hypothesis.

    Parameters
    ----------
    edges : ndarray of shape (n + 1,)
        Seconds, rising.
    scored : ndarray of bool, shape (n,)
    reference, hypothesis : Voices
    recording : str
        Its name, for messages.
    """

    edges: np.ndarray
    scored: np.ndarray
    reference: Voices
    hypothesis: Voices
    recording: str

    @property
    def seconds(self) -> np.ndarray:
        """Lengths of the scored intervals."""
        return np.diff(self.edges)[self.scored]

    def count(self, turns: Voices | Overlaps, among: np.ndarray | None = None) -> np.ndarray:
        """How many of the turns, or of those with True in `among`, go on in each scored interval."""
        first, last = (turns.first, turns.last) if among is None else (turns.first[among], turns.last[among])
        return _depth(first, last, len(self.edges))[self.scored]

    def speaking(self, voices: Voices) -> np.ndarray:
        """Scored seconds of each speaker."""
        return np.bincount(voices.speaker, self._between(voices.first, voices.last), len(voices.speakers))

    def overlaps(self) -> Overlaps:
        """Every pair of a true and a found turn that overlap.

        Raises
        ------
        ValueError
            If there are more than `MOST_OVERLAPS`.
        """
        R, H = self.reference, self.hypothesis
        true_order, found_order = np.argsort(R.first, kind="stable"), np.argsort(H.first, kind="stable")
        true_first, found_first = R.first[true_order], H.first[found_order]
        # either the found turn starts during the true one (or with it), or the true one during the found one
        ranges = [
            (np.searchsorted(found_first, R.first), np.searchsorted(found_first, R.last)),
            (np.searchsorted(true_first, H.first, "right"), np.searchsorted(true_first, H.last)),
        ]
        n_pairs = sum(int((high - low).sum()) for low, high in ranges)
        if n_pairs > MOST_OVERLAPS:
            sizes = f"{len(R.speakers)} true and {len(H.speakers)} found speakers talk at once in {n_pairs}"
            raise ValueError(
                f"{self.recording or 'a recording'}: {sizes} pairs of turns; at most {MOST_OVERLAPS} are scored. "
                "Score parts of it (Annotation.crop)."
            )
        (a, b), (d, c) = (expanded(low, high) for low, high in ranges)
        true, found = np.concatenate([a, true_order[c]]), np.concatenate([found_order[b], d])
        return Overlaps(
            R.speaker[true],
            H.speaker[found],
            np.maximum(R.first[true], H.first[found]),
            np.minimum(R.last[true], H.last[found]),
        )

    def shared(self, overlaps: Overlaps) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Pairs of speakers that share scored time: numbers of the true and the found one, and the seconds."""
        n_found = max(1, len(self.hypothesis.speakers))
        pairs, place = np.unique(overlaps.true * n_found + overlaps.found, return_inverse=True)
        seconds = np.bincount(place, self._between(overlaps.first, overlaps.last), len(pairs))
        pairs, seconds = pairs[seconds > 0], seconds[seconds > 0]
        return pairs // n_found, pairs % n_found, seconds

    def _between(self, first, last):
        """Scored seconds between edges."""
        elapsed = np.concatenate([[0.0], np.cumsum(np.where(self.scored, np.diff(self.edges), 0.0))])
        return elapsed[last] - elapsed[first]


def scored_intervals(
    reference: Annotation,
    hypothesis: Annotation,
    uem: Segment | Iterable[Segment] | None,
    collar: float = 0.0,
    skip_overlap: bool = False,
) -> Intervals:
    """Cut time at every boundary of turns, scored regions and collars.

    Raises
    ------
    ValueError
        If the collar is negative or not finite, or a time lies beyond `LATEST`.
    """
    if not 0 <= collar < np.inf:
        raise ValueError(f"collar is seconds on each side of a boundary, 0 or more; got {collar}.")
    true, found = _times(check_annotation(reference)), _times(check_annotation(hypothesis))
    bounds = true.reshape(-1, 1) if collar > 0 else np.zeros((0, 1))
    collars = np.hstack([bounds - collar, bounds + collar])
    regions = np.concatenate([true, found]) if uem is None else _times(check_segments(uem, "uem"))
    edges = np.unique(np.concatenate([true, found, collars, regions]))
    if abs(edges).max(initial=0) > LATEST:
        raise ValueError(
            f"a time of {abs(edges).max():g} s lies beyond any recording; at most {LATEST:g} s are scored."
        )
    R, H = _voices(reference, edges), _voices(hypothesis, edges)
    scored = _covered(edges, regions) & ~_covered(edges, collars)
    if skip_overlap:
        scored &= _depth(R.first, R.last, len(edges)) < 2
    return Intervals(edges, scored, R, H, reference.recording)


def _times(segments):
    """Starts and ends, shape (n, 2)."""
    return np.array([(segment.start, segment.end) for segment in segments], float).reshape(-1, 2)


def _voices(annotation, edges):
    times: dict[str, list[tuple[float, float]]] = {}
    for turn in annotation.turns:
        times.setdefault(turn.speaker, []).append((turn.start, turn.end))
    speakers = sorted(times, key=times.__getitem__)
    speaker = np.repeat(np.arange(len(speakers)), np.array([len(times[name]) for name in speakers], int))
    places = np.array([place for name in speakers for place in times[name]], float).reshape(-1, 2)
    first, last = np.searchsorted(edges, places.T) + speaker * (len(edges) + 1)  # apart, so that nobody meets another
    latest = np.maximum.accumulate(last)
    begins = np.ones(len(first), bool)  # a turn belongs to those before it that it overlaps or touches
    begins[1:] = first[1:] > latest[:-1]
    ends = np.roll(begins, -1)
    speaker = speaker[begins]
    apart = speaker * (len(edges) + 1)
    return Voices(tuple(speakers), speaker, first[begins] - apart, latest[ends] - apart)


def expanded(low, high):
    """Numbers of the ranges, each as often as its range is long, and the members of the ranges."""
    length = high - low
    number = np.repeat(np.arange(len(low)), length)
    return number, np.arange(len(number)) + np.repeat(low - (np.cumsum(length) - length), length)


def _depth(first, last, n_edges):
    """How many turns go on in each interval between edges, shape (n_edges - 1,)."""
    return np.cumsum(np.bincount(first, minlength=n_edges) - np.bincount(last, minlength=n_edges))[:-1]


def _covered(edges, times):
    """Which intervals between edges lie in any of the segments."""
    first, last = np.searchsorted(edges, times).T
    return _depth(first, last, len(edges)) > 0
