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
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import min_weight_full_bipartite_matching

from lightdiar.metrics.intervals import scored_intervals
from lightdiar.timeline import Annotation, Segment, check_annotation

_TIE = 1e-6  # seconds that a perfect pair is worth more than one that shares as much: less than any file can tell
_SMALL = 250_000  # cells of a matrix of speakers up to which a full one is quicker to solve than a sparse one


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
    time = scored_intervals(reference, hypothesis, uem, collar, skip_overlap)
    overlaps = time.overlaps()
    true, found, shared = time.shared(overlaps)
    mapped = _mapping(true, found, shared)
    partner = np.full(len(time.reference.speakers), -1)
    partner[true[mapped]] = found[mapped]
    n_correct = time.count(overlaps, partner[overlaps.true] == overlaps.found)
    return _score(time.seconds, time.count(time.reference), time.count(time.hypothesis), n_correct)


def jaccard_error_rate(
    reference: Annotation, hypothesis: Annotation, *, uem: Segment | Iterable[Segment] | None = None
) -> float:
    """Jaccard error rate: every reference speaker has the same weight, however little they say.

    One minus the Jaccard index (shared time over joint time) of each reference speaker and the
    hypothesis speaker mapped to it, averaged over reference speakers; an unmapped speaker counts 1.
    The mapping is that of the DER, as in pyannote.metrics; of several that share as much time, the one with the
    lowest JER, so that names do not matter.

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
    time = scored_intervals(reference, hypothesis, uem)
    true_seconds, found_seconds = time.speaking(time.reference), time.speaking(time.hypothesis)
    speaks = true_seconds > 0
    if not speaks.any():
        return float(found_seconds.sum() > 0)
    true, found, shared = time.shared(time.overlaps())
    index = shared / (true_seconds[true] + found_seconds[found] - shared)
    mapped = _mapping(true, found, shared + _TIE * index)
    return max(0.0, 1 - float(index[mapped].sum() / speaks.sum()))  # rounding may go below 0


def purity(
    reference: Annotation,
    hypothesis: Annotation,
    *,
    collar: float = 0.0,
    uem: Segment | Iterable[Segment] | None = None,
) -> float:
    """Share of hypothesis speaking time that belongs to the main reference speaker of each hypothesis speaker.

    1.0 means that no hypothesis speaker mixes two people; splitting a person costs nothing (see `coverage`).
    False alarms lower it. Without hypothesis speech it is 1.0.

    Parameters
    ----------
    reference, hypothesis : Annotation
        Truth and output.
    collar : float, default=0.0
        Seconds on each side of every reference boundary that are not scored, as in `diarization_error`.
    uem : Segment or iterable of Segment, optional
        Scored regions, as in `diarization_error`.
    """
    time = scored_intervals(reference, hypothesis, uem, collar)
    _, found, shared = time.shared(time.overlaps())
    return _main_share(time.speaking(time.hypothesis), found, shared)


def coverage(
    reference: Annotation,
    hypothesis: Annotation,
    *,
    collar: float = 0.0,
    uem: Segment | Iterable[Segment] | None = None,
) -> float:
    """Share of reference speaking time that belongs to the main hypothesis speaker of each reference speaker.

    1.0 means that nobody was split; mixing people costs nothing (see `purity`, also for the parameters). Without
    reference speech it is 1.0.
    """
    time = scored_intervals(reference, hypothesis, uem, collar)
    true, _, shared = time.shared(time.overlaps())
    return _main_share(time.speaking(time.reference), true, shared)


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
    time = scored_intervals(reference, hypothesis, uem)
    true = _by_gender(time, time.reference, reference_genders)
    found = _by_gender(time, time.hypothesis, hypothesis_genders)
    known = time.count(time.reference) == true.sum(axis=0)
    n_true, n_found = true[:, known], found[:, known]
    n_correct = np.minimum(n_true, n_found).sum(axis=0)
    return _score(time.seconds[known], n_true.sum(axis=0), n_found.sum(axis=0), n_correct)


def _by_gender(time, voices, genders):
    """Number of women and of men who speak in each scored interval, shape (2, n)."""
    gender = np.array([genders.get(speaker) for speaker in voices.speakers], dtype=object)[voices.speaker]
    return np.stack([time.count(voices, gender == one) for one in "FM"])


def _score(seconds, n_true, n_found, n_correct):
    """Errors from the numbers of true, found and correctly found voices in each interval (RT-09, 6.1)."""
    return DiarizationScore(
        total=float(seconds @ n_true),
        missed=float(seconds @ np.maximum(0, n_true - n_found)),
        false_alarm=float(seconds @ np.maximum(0, n_found - n_true)),
        confusion=float(seconds @ (np.minimum(n_true, n_found) - n_correct)),
    )


def _main_share(seconds, speaker, shared):
    """Share of the speakers' seconds that each shares with its main partner."""
    if seconds.sum() == 0:
        return 1.0
    main = np.zeros(len(seconds))
    np.maximum.at(main, speaker, shared)
    return float(main.sum() / seconds.sum())


def _mapping(true, found, worth):
    """Which of the pairs of speakers are mapped, one to one, so that they are worth the most together."""
    if not len(worth):
        return np.zeros(0, bool)
    n_true, n_found = int(true.max()) + 1, int(found.max()) + 1
    if n_true * n_found <= _SMALL:
        matrix = np.zeros((n_true, n_found))
        matrix[true, found] = worth
        rows, columns = linear_sum_assignment(matrix, maximize=True)
    else:
        # Everyone may stay alone, with a column of their own that is worth nothing. Costs of 0 would count as no edge.
        alone, most = np.arange(n_true), 2 * worth.max()
        costs = np.concatenate([most - worth, np.full(n_true, most)])
        places = np.concatenate([true, alone]), np.concatenate([found, n_found + alone])
        sparse = csr_matrix((costs, places), shape=(n_true, n_found + n_true))
        rows, columns = min_weight_full_bipartite_matching(sparse)
    partner = np.full(n_true, -1)
    partner[rows] = columns
    return partner[true] == found
