"""The methods of speaker recognition side by side, on your own people: why the field moved from one to the next."""

import time
import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from lightdiar.common.files import PathLike
from lightdiar.common.tables import aligned, html_table, printable
from lightdiar.errors import DoubtfulResultWarning
from lightdiar.io.lines import listed
from lightdiar.metrics.verification import equal_error_rate
from lightdiar.models.plda import Projection, fit_lda
from lightdiar.recognition.methods import METHODS, Background, Method, Speech, ivectors, smoothed_wccn
from lightdiar.recognition.people import as_people
from lightdiar.signal.frontend import GRID, SAMPLE_RATE, analyse
from lightdiar.signal.lpc import lpc_cepstra
from lightdiar.stages.embedding import N_STATIC, speaker_features
from lightdiar.stages.speech import energy_mask, ltsd_vad
from lightdiar.systems import bundle
from lightdiar.systems.sound import open_sound

if TYPE_CHECKING:
    import pandas as pd

SpeechSelection = Literal["trained", "ltsd", "energy"]
_SELECTIONS = ("trained", "ltsd", "energy")
_PIECE = 4.0  # seconds of speech in a test
_PART = 1.5  # seconds of speech in an i-vector that shows how a voice varies
_LEAST_ENROLMENT, _LEAST_PIECE = 1.0, 0.5  # seconds of speech


@dataclass(frozen=True, eq=False, repr=False)
class MethodComparison:
    """How well each method knows the same people.

    Parameters
    ----------
    table : DataFrame
        A row for each method: method, year, reference, eer (equal error rate of all pieces against all people, 0 to 1,
        0.5 is chance), identification (share of pieces whose speaker has the best score, 0 to 1), seconds (of CPU, to
        learn and to score; what all methods hear is computed before).
    scores : dict of str to ndarray of shape (n_pieces, n_people)
        By method; the larger, the likelier the same speaker.
    speakers : ndarray of shape (n_pieces,), int
        Who speaks in each piece: places in `people`.
    people : tuple of str
    """

    table: "pd.DataFrame"
    scores: dict[str, np.ndarray]
    speakers: np.ndarray
    people: tuple[str, ...]

    def __repr__(self) -> str:
        return f"<MethodComparison {self._headline()}>"

    def __str__(self) -> str:
        return "\n".join([self._headline(), *aligned(self._rows())])

    def _repr_html_(self):
        return f"<p>{escape(self._headline())}</p>{html_table(self._rows())}"

    def _headline(self):
        n = len(self.people)
        return (
            f"{len(self.table)} methods, {n} people, {len(self.speakers)} pieces; "
            f"chance: EER 50 %, identified {100 / n:.1f} %"
        )

    def _rows(self):
        """Header and one row of texts per method."""
        rows = [("method", "year", "EER %", "identified %", "CPU s")]
        for row in self.table.itertuples():
            numbers = f"{100 * row.eer:.1f}", f"{100 * row.identification:.1f}", f"{row.seconds:.2f}"
            rows.append((row.method, str(row.year), *numbers))
        return rows


def compare_methods(
    people: PathLike | Mapping[str, Any],
    *,
    speech: SpeechSelection = "trained",
    background: tuple[np.ndarray, Sequence] | None = None,
    methods: Sequence[Method] = METHODS,
    seed: int = 0,
) -> MethodComparison:
    """Try the methods of four decades on the same recordings.

    Each person is enrolled from the first half of their sounds (of a single sound, from its first half). The rest is
    cut into pieces of about 4 s of speech, and each piece is scored against all people, by every method.

    How to read the table: the equal error rate is about verification, where one threshold decides for all pieces and
    people whether a claim is accepted; identification needs no threshold. A method can be good at one of them alone.
    The mean cepstra hear the microphone as much as the voice: they do well if all sounds of a person come from one
    recording and nobody else's do, and badly on another day. The others subtract the mean of everybody's enrolment, as
    if all people met in one room.

    Background model, i-vectors, LDA and PLDA are the models that ship for diarization, which have heard none of your
    people. WCCN is learned from the enrolment itself, in parts of about 1.5 s, because those models leave it out: it
    knows how a voice varies within a recording, not between recordings.

    Parameters
    ----------
    people : path or mapping
        A folder that holds one folder for each person, or names and their sounds, see
        `lightdiar.recognition.people.as_people`.
    speech : "trained", "ltsd" or "energy"
        What finds the speech: the detector that ships, `ltsd_vad`, or the level of the sound as in `energy_vad`.
    background : (ndarray of shape (n, n_factors), sequence of length n), optional
        i-vectors and speakers of other people, from which LDA and WCCN are learned instead.
    methods : sequence of Method
    seed : int
        Of k-means, mixtures and imagined speakers.

    Returns
    -------
    comparison : MethodComparison
        ``print(comparison)`` shows the table.

    Raises
    ------
    ValueError
        If fewer than two people have enough speech, 1 s in the first half and 0.5 s in the other.
    AudioError
        If a sound cannot be read.

    Warns
    -----
    DoubtfulResultWarning
        If people are left out because they have less speech.

    Examples
    --------
    >>> print(lightdiar.compare_methods("people"))  # doctest: +SKIP
    """
    if speech not in _SELECTIONS:
        raise ValueError(f"speech={speech!r} must be one of {', '.join(_SELECTIONS)}.")
    sounds = {
        name: [sound for own in sessions.values() for sound in own] for name, sessions in as_people(people).items()
    }
    if len(sounds) < 2:
        raise ValueError(f"one person ({printable(*sounds)}) can be taken for nobody else; give two people or more.")
    models = bundle.load()
    names, enrolment, tests = _split(
        {name: [_hear(sound, speech, models) for sound in own] for name, own in sounds.items()}
    )
    mean = np.concatenate([sound.mfcc for own in enrolment for sound in own]).mean(axis=0, dtype=float)
    enrolment = [[_relative(sound, mean) for sound in own] for own in enrolment]
    pieces = [_relative(piece, mean) for own in tests for piece in own]
    speakers = np.repeat(np.arange(len(names)), [len(own) for own in tests])
    known = _background(models, enrolment, background)
    return _compared(methods, enrolment, known, pieces, speakers, tuple(names), seed)


def _compared(methods, enrolment, background, pieces, speakers, names, seed):
    import pandas as pd

    target = speakers[:, None] == np.arange(len(names))
    rows, scores = [], {}
    for method in methods:
        start = time.process_time()
        S = np.asarray(method.fit(enrolment, background, seed)(pieces))
        seconds = time.process_time() - start
        eer, _ = equal_error_rate(S[target], S[~target])
        identification = float(np.mean(S.argmax(axis=1) == speakers))
        rows.append((method.name, method.year, method.reference, eer, identification, seconds))
        scores[method.name] = S
    columns = ["method", "year", "reference", "eer", "identification", "seconds"]
    return MethodComparison(pd.DataFrame(rows, columns=columns), scores, speakers, names)


def _hear(sound, selection, models):
    """The speech in a sound, its features not yet relative to a mean."""
    _, blocks = open_sound(sound)
    samples = np.concatenate([np.zeros(0, np.float32), *blocks])
    analysis = analyse([samples])
    if selection == "trained":
        speech = models.speech(analysis)
    elif selection == "ltsd":
        speech = GRID.mask(ltsd_vad(samples, SAMPLE_RATE), len(analysis))
    else:
        speech = energy_mask(analysis.mfcc[:, 0])
    X = speaker_features(analysis.mfcc, np.zeros(N_STATIC))[speech]
    lpcc = lpc_cepstra(samples, SAMPLE_RATE)[speech].astype(np.float32)
    return Speech(lpcc, X[:, : N_STATIC - 1], X)


def _relative(sound, mean):
    """The sound with a mean subtracted from the static features of the background model."""
    return Speech(sound.lpcc, sound.mfcc, sound.X - np.pad(mean, (0, sound.X.shape[1] - len(mean))).astype(np.float32))


def _split(heard):
    """Names, sounds to enrol and pieces to test of those who have enough speech."""
    names, enrolment, tests, short = [], [], [], []
    for name, sounds in heard.items():
        sounds = [sound for sound in sounds if len(sound)]
        if len(sounds) == 1:
            sounds = _parts(sounds[0], 2)
        n_enrol = len(sounds) // 2
        pieces = [piece for sound in sounds[n_enrol:] for piece in _cut(sound, _PIECE)]
        pieces = [piece for piece in pieces if len(piece) >= _frames(_LEAST_PIECE)]
        if pieces and sum(map(len, sounds[:n_enrol])) >= _frames(_LEAST_ENROLMENT):
            names.append(name)
            enrolment.append(sounds[:n_enrol])
            tests.append(pieces)
        else:
            short.append(name)
    needed = f"{_LEAST_ENROLMENT:g} s of speech in the first half of their sounds and {_LEAST_PIECE:g} s in the other"
    if len(names) < 2:
        raise ValueError(f"too little speech: {printable(listed(short))}; at least two people need {needed}.")
    if short:
        message = (
            f"people with too little speech are left out ({len(short)}): {printable(listed(short))}; needed: {needed}"
        )
        warnings.warn(message, DoubtfulResultWarning, stacklevel=3)
    return names, enrolment, tests


def _background(models, enrolment, given):
    """What the methods know of other voices; without others' i-vectors, WCCN is learned from the enrolment."""
    plda = models.plda
    lda, nothing = Projection(plda.mean, plda.transform), Projection(plda.mean, np.eye(len(plda.mean)))
    known = Background(models.ubm, models.extractor, plda, lda, nothing)
    if given is None:
        parts = [[part] for own in enrolment for sound in own for part in _cut(sound, _PART)]
        labels = [person for person, own in enumerate(enrolment) for sound in own for _ in _cut(sound, _PART)]
        return Background(
            models.ubm, models.extractor, plda, lda, smoothed_wccn(ivectors(known, parts), labels, plda.mean)
        )
    W, labels = np.asarray(given[0]), np.asarray(given[1])
    if W.ndim != 2 or W.shape != (len(labels), len(plda.mean)):
        raise ValueError(
            f"background of shape {W.shape} and {len(labels)} speakers; need (n, {len(plda.mean)}) i-vectors and n "
            "speakers."
        )
    lda = fit_lda(W, labels, min(len(plda.phi), len(np.unique(labels)) - 1))
    return Background(models.ubm, models.extractor, plda, lda, smoothed_wccn(W, labels, W.mean(axis=0)))


def _cut(sound, seconds):
    """Equal parts of about so many seconds of speech each."""
    return _parts(sound, max(1, round(len(sound) / _frames(seconds))))


def _parts(sound, n):
    edges = np.linspace(0, len(sound), n + 1).astype(int)
    return [sound.cut(start, end) for start, end in pairwise(edges)]


def _frames(seconds):
    return round(seconds / GRID.step)
