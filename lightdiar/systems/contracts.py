"""What stages return, checked: one of your own that breaks its contract is told so, before anything is made of it.

The contracts are those of `lightdiar.systems.stages`; whoever breaks one gets a TypeError of one line.
"""

from typing import Any

import numpy as np

_SUM = 1e-3  # by which probabilities may miss 1


def checked_speech(returned: Any, n_frames: int) -> np.ndarray:
    """The speech that a detector returned: bool, shape (n_frames,)."""
    speech = np.asarray(returned)
    if speech.shape != (n_frames,) or speech.dtype != bool:
        raise _broken("detector", _array(speech), f"bool of shape ({n_frames},), one value per frame")
    return speech


def checked_segments(returned: Any, speech: np.ndarray) -> np.ndarray:
    """The segments that a segmenter returned: int, shape (n_segments, 2), in time order, which cover the speech."""
    segments, n_frames = np.asarray(returned), len(speech)
    if segments.ndim != 2 or segments.shape[1] != 2 or segments.dtype.kind not in "iu":
        raise _broken("segmenter", _array(segments), "int of shape (n_segments, 2), the first frame and end of each")
    start, end = segments.T
    if not ((start >= 0) & (start < end) & (end <= n_frames)).all() or (np.diff(segments, axis=0) < 0).any():
        wanted = f"segments in time order that begin before they end, from 0 to {n_frames} frames"
        raise _broken("segmenter", "others", wanted)
    edges = np.zeros(n_frames + 1, dtype=int)
    np.add.at(edges, start, 1)
    np.add.at(edges, end, -1)
    missed = np.flatnonzero(speech & (edges[:-1].cumsum() == 0))
    if missed.size:
        raise _broken("segmenter", f"segments without frame {missed[0]}", "segments that cover all frames of speech")
    return segments


def checked_clusters(returned: Any, n_segments: int) -> tuple[np.ndarray, float]:
    """The labels, numbered from 0 without gaps, and the agreement that a clusterer returned."""
    if not (isinstance(returned, tuple) and len(returned) == 2):
        raise _broken("clusterer", type(returned).__name__, "labels and agreement, a tuple of two")
    labels, agreement = _labels("clusterer", returned[0], n_segments), returned[1]
    if not (isinstance(agreement, (int, float, np.number)) and 0 <= agreement <= 1):
        raise _broken("clusterer", f"an agreement of {agreement!r:.40}", "one from 0 to 1")
    return _numbered("clusterer", labels), float(agreement)


def checked_voices(returned: Any, n_voices: int) -> np.ndarray:
    """The labels that a joiner returned: int, shape (n_voices,), from 0 without gaps."""
    return _numbered("joiner", _labels("joiner", returned, n_voices))


def checked_refined(returned: Any, speech: np.ndarray) -> np.ndarray:
    """The labels of the frames of speech, of those that a resegmenter returned: int, shape (n_frames,), 0 or more."""
    refined = _labels("resegmenter", returned, len(speech))[speech]
    if refined.min(initial=0) < 0:
        raise _broken("resegmenter", f"{refined.min()} for speech", "a speaker, 0 or more, for each frame of it")
    return refined


def checked_probabilities(returned: Any) -> tuple[float, float, float]:
    """The probabilities of a woman, a man and a child that a gender stage returned."""
    try:
        woman, man, child = map(float, returned)
    except (TypeError, ValueError):
        woman = man = child = np.nan
    if not (min(woman, man, child) >= 0 and abs(woman + man + child - 1) <= _SUM):
        wanted = "three probabilities, of a woman, a man and a child, whose sum is 1"
        raise _broken("gender stage", f"{returned!r:.80}", wanted)
    return woman, man, child


def _labels(stage, returned, n_labels):
    """Labels, int, shape (n_labels,)."""
    labels = np.asarray(returned)
    if labels.shape != (n_labels,) or labels.dtype.kind not in "iu":
        raise _broken(stage, _array(labels), f"int of shape ({n_labels},)")
    return labels


def _numbered(stage, labels):
    """The labels, unless a number is left out or below 0."""
    used = np.unique(labels)
    if not np.array_equal(used, np.arange(len(used))):
        raise _broken(stage, f"the numbers {used.tolist()!s:.80}", "numbers from 0 without gaps")
    return labels


def _array(values):
    return f"{values.dtype} of shape {values.shape}"


def _broken(stage, came, wanted):
    return TypeError(f"the {stage} returned {came}; it must return {wanted}.")
