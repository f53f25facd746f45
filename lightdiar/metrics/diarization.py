"""Error measures of a diarization; independent of audio and models.

Speaker names of reference and hypothesis need not agree: the one-to-one mapping that shares the most time is used.

Without a `uem`, everything from the first to the last turn of either annotation is scored, as in
pyannote.metrics. A `collar` is in seconds on EACH side of a reference boundary, as in md-eval; that of
pyannote.metrics is the total width, twice ours.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
from scipy.optimize import linear_sum_assignment

from lightdiar.metrics.intervals import check_annotation, scored_intervals
from lightdiar.timeline import Annotation, Segment


@dataclass(frozen=True)
class DiarizationScore:
    """Seconds of reference speech and of the three kinds of error.

    Scores add with ``+``, so the score of a corpus is ``sum(scores, DiarizationScore())``: recordings are
    weighted by their speech, so its DER is not the mean of their DERs.

    Parameters
    ----------
    total : float
        Speaking time in the reference, seconds; overlapping speakers each count.
    missed, false_alarm, confusion : float
        Seconds attributed to nobody, attributed where nobody speaks, and attributed to the wrong speaker.
    """

    total: float = 0.0
    missed: float = 0.0
    false_alarm: float = 0.0
    confusion: float = 0.0

    @property
    def der(self) -> float:
        """Diarization error rate, a fraction; it can exceed 1.

        Without reference speech it is 0.0 if nothing was found either, otherwise 1.0.
        """
        errors = self.missed + self.false_alarm + self.confusion
        if self.total == 0:
            return float(errors > 0)
        return errors / self.total

    def __add__(self, other: "DiarizationScore") -> "DiarizationScore":
        if not isinstance(other, DiarizationScore):
            return NotImplemented
        return DiarizationScore(
            self.total + other.total,
            self.missed + other.missed,
            self.false_alarm + other.false_alarm,
            self.confusion + other.confusion,
        )

    def __str__(self) -> str:
        parts = f"missed {self.missed:.1f} s, false alarm {self.false_alarm:.1f} s"
        return f"DER {100 * self.der:.1f} % ({parts}, confusion {self.confusion:.1f} s of {self.total:.1f} s of speech)"


def diarization_error(
    reference: Annotation,
    hypothesis: Annotation,
    *,
    collar: float = 0.0,
    skip_overlap: bool = False,
    uem: Segment | Iterable[Segment] | None = None,
) -> DiarizationScore:
    """Diarization error: speech missed, invented, or attributed to the wrong speaker.

    How to read it: a DER of 0.2 means that the errors last as long as 20 % of the reference speech.
    State the protocol with the number: the same output can score 2 % with a collar and without
    overlap, and 19 % with everything scored.

    Parameters
    ----------
    reference, hypothesis : Annotation
        Truth and output.
    collar : float, default=0.0
        Seconds on each side of every reference boundary that are not scored (as in md-eval;
        pyannote's collar is twice this number).
    skip_overlap : bool, default=False
        Exclude time in which two or more reference speakers talk.
    uem : Segment or iterable of Segment, optional
        Scored regions; by default from the first to the last turn of either annotation.

    Returns
    -------
    score : DiarizationScore
        Seconds; `.der` is the rate.

    References
    ----------
    .. [1] NIST, "The 2009 (RT-09) rich transcription meeting recognition evaluation plan", 2009.
    .. [2] Bredin, "pyannote.metrics: a toolkit for reproducible evaluation, diagnostic, and error
       analysis of speaker diarization systems", Interspeech 2017.

    Examples
    --------
    >>> from lightdiar.timeline import Annotation, Turn
    >>> reference = Annotation([Turn(0, 4, "ann"), Turn(5, 9, "bob")])
    >>> hypothesis = Annotation([Turn(0, 5, "1"), Turn(5, 8, "2")])
    >>> diarization_error(reference, hypothesis)
    DiarizationScore(total=8.0, missed=1.0, false_alarm=1.0, confusion=0.0)
    >>> print(diarization_error(reference, hypothesis))
    DER 25.0 % (missed 1.0 s, false alarm 1.0 s, confusion 0.0 s of 8.0 s of speech)
    """
    if not collar >= 0:
        raise ValueError(f"collar is seconds on each side of a boundary, 0 or more; got {collar}.")
    seconds, R, H = scored_intervals(reference, hypothesis, uem, collar, skip_overlap)
    rows, columns = _mapping(seconds, R, H)
    n_correct = (R[:, rows] & H[:, columns]).sum(axis=1)
    return _score(seconds, R.sum(axis=1), H.sum(axis=1), n_correct)


def jaccard_error_rate(
    reference: Annotation, hypothesis: Annotation, *, uem: Segment | Iterable[Segment] | None = None
) -> float:
    """Jaccard error rate: every reference speaker has the same weight, however little they say.

    One minus the Jaccard index (shared time over joint time) of each reference speaker and the
    hypothesis speaker mapped to it, averaged over reference speakers; an unmapped speaker counts 1.
    The mapping is that of the DER, as in pyannote.metrics.

    Parameters
    ----------
    reference, hypothesis : Annotation
        Truth and output.
    uem : Segment or iterable of Segment, optional
        Scored regions, as in `diarization_error`.

    Returns
    -------
    jer : float
        Between 0 and 1. Without reference speech, 0.0 if nothing was found either, otherwise 1.0.

    References
    ----------
    .. [1] Ryant et al., "The second DIHARD diarization challenge: dataset, task, and baselines",
       Interspeech 2019.
    """
    seconds, R, H = scored_intervals(reference, hypothesis, uem)
    rows, columns = _mapping(seconds, R, H)
    reference_seconds, hypothesis_seconds = seconds @ R, seconds @ H
    speaks = reference_seconds > 0
    if not speaks.any():
        return float(hypothesis_seconds.sum() > 0)
    shared = np.zeros(len(reference_seconds))
    joint = reference_seconds.copy()
    shared[rows] = seconds @ (R[:, rows] & H[:, columns])
    joint[rows] += hypothesis_seconds[columns] - shared[rows]
    return max(0.0, float(np.mean(1 - shared[speaks] / joint[speaks])))  # rounding may go below 0


def purity(reference: Annotation, hypothesis: Annotation) -> float:
    """Share of hypothesis speaking time that belongs to the main reference speaker of each hypothesis speaker.

    1.0 means that no hypothesis speaker mixes two people; splitting a person costs nothing (see `coverage`).
    False alarms lower it. Without hypothesis speech it is 1.0.
    """
    seconds, R, H = scored_intervals(reference, hypothesis, None)
    found = (seconds @ H).sum()
    if found == 0:
        return 1.0
    return float(_shared(seconds, R, H).max(axis=0, initial=0.0).sum() / found)


def coverage(reference: Annotation, hypothesis: Annotation) -> float:
    """Share of reference speaking time that belongs to the main hypothesis speaker of each reference speaker.

    1.0 means that nobody was split; mixing people costs nothing (see `purity`). Without reference speech it is 1.0.
    """
    return purity(hypothesis, reference)


def speaker_count_error(reference: Annotation, hypothesis: Annotation, *, min_seconds: float = 2.0) -> int:
    """Number of speakers found minus the true number: positive means too many.

    Speakers who talk for less than `min_seconds` are not counted on either side.
    """
    counts = [
        sum(seconds >= min_seconds for seconds in check_annotation(annotation).seconds().values())
        for annotation in (reference, hypothesis)
    ]
    return counts[1] - counts[0]


def gender_error(
    reference: Annotation,
    hypothesis: Annotation,
    reference_genders: Mapping[str, str],
    hypothesis_genders: Mapping[str, str],
    *,
    uem: Segment | Iterable[Segment] | None = None,
) -> DiarizationScore:
    """Speaking time attributed to the wrong gender.

    Scored as a diarization with two "speakers", women and men, whose names are not permuted.

    Parameters
    ----------
    reference, hypothesis : Annotation
        Truth and output.
    reference_genders, hypothesis_genders : dict
        "F" or "M" for each speaker. In the reference, any other value (or none) excludes the time in which
        that speaker talks from the score; in the hypothesis it counts as no answer.
    uem : Segment or iterable of Segment, optional
        Scored regions, as in `diarization_error`.

    Returns
    -------
    score : DiarizationScore
        `.confusion / .total` is the share of reference speaking time attributed to the wrong gender;
        `.missed` is the time attributed to neither.
    """
    seconds, R, H = scored_intervals(reference, hypothesis, uem)
    true = np.array([reference_genders.get(speaker) for speaker in reference.speakers], dtype=object)
    found = np.array([hypothesis_genders.get(speaker) for speaker in hypothesis.speakers], dtype=object)
    known = ~R[:, (true != "F") & (true != "M")].any(axis=1)
    n_true = np.stack([R[known][:, true == gender].sum(axis=1) for gender in "FM"])
    n_found = np.stack([H[known][:, found == gender].sum(axis=1) for gender in "FM"])
    n_correct = np.minimum(n_true, n_found).sum(axis=0)
    return _score(seconds[known], n_true.sum(axis=0), n_found.sum(axis=0), n_correct)


def _score(seconds, n_true, n_found, n_correct):
    """Errors from the numbers of true, found and correctly found voices in each interval (RT-09, 6.1)."""
    return DiarizationScore(
        total=float(seconds @ n_true),
        missed=float(seconds @ np.maximum(0, n_true - n_found)),
        false_alarm=float(seconds @ np.maximum(0, n_found - n_true)),
        confusion=float(seconds @ (np.minimum(n_true, n_found) - n_correct)),
    )


def _shared(seconds, R, H):
    """Seconds shared by each pair of true and found speakers, shape (n_ref, n_hyp)."""
    return (R * seconds[:, None]).T @ H


def _mapping(seconds, R, H):
    """Pairs (reference column, hypothesis column), one to one, that share the most time."""
    return linear_sum_assignment(_shared(seconds, R, H), maximize=True)
