"""Elementary intervals: time cut at every boundary, so that nobody starts or stops inside a piece.

Speakers become indicator matrices of shape (n_intervals, n_speakers), and every error measure is a weighted sum over
them. Overlapping turns of the same speaker count once.
"""

from collections.abc import Iterable

import numpy as np

from lightdiar.timeline import Annotation, Segment


def scored_intervals(
    reference: Annotation,
    hypothesis: Annotation,
    uem: Segment | Iterable[Segment] | None,
    collar: float = 0.0,
    skip_overlap: bool = False,
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Scored elementary intervals: seconds (n,), and who speaks in truth (n, n_ref) and output (n, n_hyp)."""
    turns = [*check_annotation(reference), *check_annotation(hypothesis)]
    collars = []
    if collar > 0:
        times = [time for turn in reference for time in (turn.start, turn.end)]
        collars = [Segment(time - collar, time + collar) for time in times]
    if uem is None:
        uem = [Segment(turn.start, turn.end) for turn in turns]
    regions = [uem] if isinstance(uem, Segment) else list(uem)
    every = [*turns, *collars, *regions]
    edges = np.unique([time for segment in every for time in (segment.start, segment.end)])

    R = _activity(edges, reference.turns, reference.speakers)
    H = _activity(edges, hypothesis.turns, hypothesis.speakers)
    scored = _covered(edges, regions) & ~_covered(edges, collars)
    if skip_overlap:
        scored &= R.sum(axis=1) < 2
    return np.diff(edges)[scored], R[scored], H[scored]


def _activity(edges, turns, speakers):
    """Who is active between edges: boolean, shape (n_edges - 1, n_speakers)."""
    column = {speaker: number for number, speaker in enumerate(speakers)}
    columns = np.array([column[turn.speaker] for turn in turns], dtype=int)
    change = np.zeros((len(edges), len(speakers)), dtype=int)
    np.add.at(change, (np.searchsorted(edges, [turn.start for turn in turns]), columns), 1)
    np.add.at(change, (np.searchsorted(edges, [turn.end for turn in turns]), columns), -1)
    return np.cumsum(change, axis=0)[:-1] > 0


def _covered(edges, segments):
    """Which intervals between edges lie in any of the segments: boolean, shape (n_edges - 1,)."""
    change = np.zeros(len(edges), dtype=int)
    np.add.at(change, np.searchsorted(edges, [segment.start for segment in segments]), 1)
    np.add.at(change, np.searchsorted(edges, [segment.end for segment in segments]), -1)
    return np.cumsum(change)[:-1] > 0


def check_annotation(annotation: object) -> Annotation:
    if not isinstance(annotation, Annotation):
        raise TypeError(
            f"metrics compare Annotations; got {type(annotation).__name__}. "
            "read_rttm gives one per recording in a dict, and a Diarization holds one as .annotation."
        )
    return annotation
