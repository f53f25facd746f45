"""The stages wired together: from a recording to who speaks when.

    sound -> analysis -> speech -> windows -> embeddings -> speakers -> turns to the frame -> genders

No formulas here; each stage is a method that can be called alone in a notebook or overridden in a subclass.
"""

import os
from dataclasses import replace
from numbers import Integral
from pathlib import Path

import numpy as np

from lightdiar import audio, bundle
from lightdiar.clustering import cluster_bounds, cluster_embeddings, merge_clusters, number_by_appearance
from lightdiar.embedding import N_STATIC, embed_windows
from lightdiar.frontend import GRID, SAMPLE_RATE, analyse
from lightdiar.resegmentation import resegment
from lightdiar.result import Diarization, Speaker
from lightdiar.segmentation import fill_pauses, uniform_windows, widen_turns, window_of_frame
from lightdiar.settings import Settings
from lightdiar.timeline import Annotation, Segment, Turn
from lightdiar.vad import detector_features
from lightdiar.vbhmm import soften, vb_hmm

_FULL_PRIOR_WINDOWS = 300  # about 4 minutes of speech


class Diarizer:
    """Who speaks when, and men or women.

    Parameters
    ----------
    num_speakers : int, optional
        Exactly so many speakers.
    min_speakers, max_speakers : int, optional
        At least and at most so many.
    min_speaker_seconds : float, default=2.0
        Who speaks for less is not counted by `Diarization.counts`; 0 if the number of speakers is given.
    force_gender : bool, default=False
        Children too count as men or women, whichever is likelier; the sex of a child's voice is a guess.
    settings : Settings, optional
        Thresholds for one kind of recording; see `lightdiar.settings` and `lightdiar.tuning`.
    models : Models, optional
        By default those that ship (`lightdiar.bundle.load`).

    Examples
    --------
    Another speech detector:

    >>> class ByEnergy(Diarizer):
    ...     def detect(self, analysis):
    ...         energy = analysis.mfcc[:, 0]
    ...         return energy > energy.max() - 6
    """

    pause_in_window, edge = 30, 5  # frames: see `fill_pauses` and `widen_turns`
    window, shift = 150, 75  # frames: see `uniform_windows`
    # clusters that each of five clusterings begins with, and factor of the speakers' prior, the usual one in the middle
    trials = (18, 0.5), (12, 1.0), (18, 1.0), (24, 1.0), (18, 2.0)
    load_models = staticmethod(bundle.load)  # where the models come from if none are given

    def __init__(
        self,
        *,
        num_speakers=None,
        min_speakers=None,
        max_speakers=None,
        min_speaker_seconds=2.0,
        force_gender=False,
        settings=Settings(),
        models=None,
    ):
        numbers = dict(num_speakers=num_speakers, min_speakers=min_speakers, max_speakers=max_speakers)
        for name, number in numbers.items():
            if number is not None and not (isinstance(number, Integral) and number >= 1):
                raise ValueError(f"{name}={number} must be a whole number from 1.")
        if num_speakers is not None and (min_speakers is not None or max_speakers is not None):
            raise ValueError("num_speakers says it all: leave out min_speakers and max_speakers.")
        self.min_speakers, self.max_speakers = num_speakers or min_speakers, num_speakers or max_speakers
        if self.min_speakers and self.max_speakers and self.min_speakers > self.max_speakers:
            raise ValueError(f"min_speakers={min_speakers} is more than max_speakers={max_speakers}.")
        if not min_speaker_seconds >= 0:
            raise ValueError(f"min_speaker_seconds={min_speaker_seconds} must be 0 or more; 2 is usual.")
        self.min_speaker_seconds = 0.0 if num_speakers else float(min_speaker_seconds)
        self.force_gender = force_gender
        if not isinstance(settings, Settings):
            raise TypeError(f"settings={settings!r} must be Settings; load a file: Settings.load(path).")
        self.settings = settings
        self.models = models or self.load_models()

    def predict(self, sound, *, progress=None):
        """Diarize a recording.

        Parameters
        ----------
        sound : path or Audio
        progress : callable, optional
            Called with the seconds of sound read so far.

        Returns
        -------
        result : Diarization
            Without turns if nobody speaks.

        Raises
        ------
        AudioError
            If the file cannot be read.
        ValueError
            If there is too little speech for the number of speakers asked for.
        """
        recording, blocks = open_sound(sound)
        analysis = analyse(_counted(blocks, progress))
        labels, agreement = self.label(analysis)
        annotation = annotate(labels, analysis.duration, recording)
        seconds, speakers = annotation.seconds(), []
        for number in range(len(seconds)):
            woman, _, child = self.voice(analysis, labels == number)
            name = _name(number)
            p_female = min(1.0, woman + child / 2)
            speakers.append(Speaker(name, seconds[name], p_female, 0.0 if self.force_gender else child))
        return Diarization(annotation, speakers, analysis.duration, self.min_speaker_seconds, agreement)

    def label(self, analysis):
        """Who speaks in each frame.

        Returns
        -------
        labels : ndarray of int, shape (n_frames,)
            Number of the speaker, in order of appearance; -1 without speech.
        agreement : float
            How sure the number of speakers is, see `cluster`; 1 without speech.
        """
        speech = self.detect(analysis)
        stretches = fill_pauses(np.where(speech, 0, -1), self.pause_in_window) == 0
        windows = uniform_windows(stretches, window=self.window, shift=self.shift)
        if len(windows) < (self.min_speakers or 0):
            found = f"only {speech.sum() * GRID.step:.1f} s of speech; ask for fewer" if len(windows) else "no speech"
            raise ValueError(f"at least {self.min_speakers} speakers asked for, but there is {found}.")
        labels, agreement = np.full(len(analysis), -1), 1.0
        if len(windows):
            speaker, agreement = self.cluster(self.embed(analysis, windows, speech))
            window = window_of_frame(windows, len(analysis))
            labels[stretches] = speaker[window[stretches]]
            labels[stretches] = number_by_appearance(self.resegment(analysis, stretches, labels)[stretches])
        return self.join(labels), agreement

    def join(self, labels):
        """Labels of frames with pauses inside turns filled and turns widened, as people mark them."""
        return widen_turns(fill_pauses(labels, round(self.settings.pause / GRID.step)), self.edge)

    def detect(self, analysis):
        """Which frames are speech, bool, shape (n_frames,)."""
        detector = self.models.speech
        detector = replace(detector, intercept=detector.intercept + self.settings.speech_bias)
        return detector.speech_mask(detector_features(analysis.mfcc, analysis.f0, analysis.strength))

    def embed(self, analysis, windows, speech):
        """What `begin` and `refine` compare: a point in PLDA space for the speech in each window (n_windows, 2).

        Returns
        -------
        Y : ndarray of shape (n_windows, n_dimensions)
        """
        W = embed_windows(self.models.ubm, self.models.extractor, analysis.mfcc, windows, speech)
        return self.models.plda.project(W)

    def cluster(self, Y):
        """Speakers of the windows, and how sure their number is.

        Five clusterings vote on the number of speakers; of those that agree with the majority the one nearest the
        middle of `trials` is taken.

        Returns
        -------
        labels : ndarray of int, shape (n_windows,)
            In order of appearance.
        agreement : float
            Share of the five that find as many speakers.
        """
        begun = {start: self.begin(Y, start) for start in {start for start, *_ in self.trials}}
        results = [self.refine(Y, begun[start], *factors) for start, *factors in self.trials]
        numbers = np.array([labels.max() for labels in results])
        votes = (numbers[:, None] == numbers).sum(axis=0)
        off = np.abs(np.arange(len(votes)) - len(votes) // 2)
        best = np.lexsort([off, -votes])[0]
        return results[best], float(votes[best] / len(votes))

    def begin(self, Y, start):
        """Clusters of the windows, shape (n_windows,): more than there are speakers.

        There are `start` of them and one more for each 100 windows, but at most one for every five.
        """
        fewest, _ = cluster_bounds(len(Y), None, self.min_speakers, self.max_speakers)
        n_start = max(min(start + len(Y) // 100, -(-len(Y) // 5)), fewest)
        return cluster_embeddings(Y, self.models.plda.log_likelihood_ratio, n_clusters=n_start)

    def refine(self, Y, clusters, prior_factor):
        """Number of the speaker of each embedding in time order, shape (n_windows,).

        Of the clusters it begins with the VB-HMM leaves those that are needed.
        """
        fewest, most = cluster_bounds(len(Y), None, self.min_speakers, self.max_speakers)
        settings, plda = self.settings, self.models.plda
        # with the few windows of a short recording a speaker could not pay for a full prior
        prior = prior_factor * settings.speaker_prior * min(1.0, np.sqrt(len(Y) / _FULL_PRIOR_WINDOWS))
        for cheaper in (1, 2, 4, 8, 16):  # where more speakers are asked for than pay
            found = vb_hmm(
                Y, plda.phi, soften(clusters), loop_probability=settings.loop_probability, fb=prior / cheaper
            )
            labels = number_by_appearance(found.responsibilities.argmax(axis=1))
            if labels.max() + 1 >= fewest:
                break
            most = fewest
        else:
            labels = clusters
        if labels.max() + 1 <= most:
            return labels
        return merge_clusters(Y, labels, plda.log_likelihood_ratio, n_clusters=most)

    def resegment(self, analysis, speech, labels):
        """Labels of the speech frames with the changes put right to the frame, shape (n_frames,)."""
        refined = labels.copy()
        refined[speech] = resegment(analysis.mfcc[speech, :N_STATIC], labels[speech])
        return refined if len(np.unique(refined[speech])) >= (self.min_speakers or 1) else labels

    def voice(self, analysis, mask):
        """Probabilities (woman, man, child) of the speaker of the frames in a mask (n_frames,)."""
        return self.models.gender.probabilities(analysis.mfcc[mask], analysis.f0[mask])


def diarize(sound, *, progress=None, **options):
    """Who speaks when in a recording; see `Diarizer` for the options and `Diarizer.predict` for the rest.

    Examples
    --------
    >>> result = diarize("film.wav", max_speakers=4)  # doctest: +SKIP
    >>> result.counts()  # doctest: +SKIP
    {'M': 2, 'F': 1}
    """
    return Diarizer(**options).predict(sound, progress=progress)


def count_speakers(sound, **options):
    """How many men and women speak: ``{"M": int, "F": int}``; only where there are children also ``"child"``.

    A speaker counts who speaks for at least `min_speaker_seconds` (2 by default); one of uncertain gender counts as
    the likelier. The options are those of `Diarizer`; with ``force_gender=True`` children count as the likelier too.
    """
    return diarize(sound, **options).counts()


def detect_speech(sound, *, settings=Settings()):
    """Where somebody speaks, whoever it is: list of Segment."""
    _, blocks = open_sound(sound)
    diarizer, analysis = Diarizer(settings=settings), analyse(blocks)
    labels = diarizer.join(np.where(diarizer.detect(analysis), 0, -1))
    return _segments(labels == 0, analysis.duration)


def annotate(labels, duration, recording=""):
    """Turns of SPEAKER_00, SPEAKER_01, ... from the labels of frames, -1 for nobody: Annotation."""
    numbers = range(labels.max(initial=-1) + 1)
    turns = [Turn(s.start, s.end, _name(n)) for n in numbers for s in _segments(labels == n, duration)]
    return Annotation(turns, recording)


def open_sound(sound):
    """Name and 16 kHz blocks of a path or of an Audio."""
    if isinstance(sound, audio.Audio):
        return "", [audio.resample(sound.samples, sound.sample_rate, SAMPLE_RATE)]
    if not isinstance(sound, (str, os.PathLike)):
        kind = type(sound).__name__
        raise TypeError(f"a path or an Audio is needed, not {kind}; wrap samples: Audio(samples, sample_rate).")
    name = Path(sound).stem.encode("utf-8", "replace").decode()  # what is no text in a file name becomes ?
    return name, audio.blocks(sound, SAMPLE_RATE)


def _name(number):
    return f"SPEAKER_{number:02d}"


def _segments(mask, duration):
    """Segments of a mask of frames, none beyond the end of the sound."""
    return [Segment(s.start, min(s.end, duration)) for s in GRID.segments(mask)]


def _counted(blocks, progress):
    seconds = 0.0
    for block in blocks:
        yield block
        seconds += len(block) / SAMPLE_RATE
        if progress:
            progress(seconds)

