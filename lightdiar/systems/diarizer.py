"""The stages wired together: from a recording to who speaks when.

    sound -> analysis -> speech -> segments -> embeddings -> speakers -> refined turns -> genders

No formulas here; the stages are those of `lightdiar.systems.stages`, or your own.
"""

import os
from collections.abc import Callable, Iterable
from dataclasses import fields, replace
from inspect import signature
from numbers import Integral
from pathlib import Path
from typing import Any

import numpy as np

from lightdiar.io import audio
from lightdiar.io.memory import as_sound
from lightdiar.io.resample import resample
from lightdiar.signal.frontend import GRID, SAMPLE_RATE, Analysis, analyse
from lightdiar.stages.clustering import number_by_appearance
from lightdiar.stages.segmentation import fill_pauses, widen_turns, window_of_frame
from lightdiar.systems import bundle
from lightdiar.systems.result import Diarization, Speaker
from lightdiar.systems.settings import Settings
from lightdiar.systems.stages import (
    METHODS,
    ClustererStage,
    DetectorStage,
    EmbedderStage,
    GenderStage,
    ResegmenterStage,
    SegmenterStage,
    Stages,
)
from lightdiar.timeline import Annotation, Segment, Turn

_PAUSE_IN_SEGMENT, _EDGE = 30, 5  # frames: see `fill_pauses` and `widen_turns`


class Diarizer:
    """Find who speaks when, and whether they are men or women.

    Parameters
    ----------
    num_speakers : int, optional
        Exact number of speakers.
    min_speakers, max_speakers : int, optional
        Minimum and maximum number of speakers.
    min_speaker_seconds : float, default=2.0
        Speakers who talk for less are not counted by `Diarization.counts`; 0 if `num_speakers` is given.
    force_gender : bool, default=False
        Count children as men or women too, whichever is likelier; the sex of a child's voice is a guess.
    settings : Settings, optional
        Thresholds for one kind of recording; see `lightdiar.systems.settings` and `lightdiar.training.tuning`.
    method : {"trained", "textbook", "untrained"}, default="trained"
        Which stages to use; see `lightdiar.systems.stages`.
    detector, segmenter, embedder, clusterer, resegmenter, gender : callable, optional
        Your own stage in place of the method's; `lightdiar.systems.stages` states what each takes and returns.
    models : Models, optional
        By default, the shipped ones (`lightdiar.systems.bundle.load`).

    Raises
    ------
    ValueError
        If a number is impossible or the method is unknown.

    Examples
    --------
    With another speech detector:

    >>> def loud(analysis):
    ...     energy = analysis.mfcc[:, 0]
    ...     return energy > energy.max() - 6
    >>> Diarizer(detector=loud, num_speakers=2)  # doctest: +ELLIPSIS
    Diarizer(num_speakers=2, detector=<function loud at ...>)
    """

    def __init__(
        self,
        *,
        num_speakers: int | None = None,
        min_speakers: int | None = None,
        max_speakers: int | None = None,
        min_speaker_seconds: float = 2.0,
        force_gender: bool = False,
        settings: Settings = Settings(),
        method: str = "trained",
        detector: DetectorStage | None = None,
        segmenter: SegmenterStage | None = None,
        embedder: EmbedderStage | None = None,
        clusterer: ClustererStage | None = None,
        resegmenter: ResegmenterStage | None = None,
        gender: GenderStage | None = None,
        models: bundle.Models | None = None,
    ) -> None:
        for name, number in dict(
            num_speakers=num_speakers, min_speakers=min_speakers, max_speakers=max_speakers
        ).items():
            if number is not None and (not isinstance(number, Integral) or isinstance(number, bool)):
                raise TypeError(f"{name}={number!r} must be an integer, not {type(number).__name__}.")
            if number is not None and number < 1:
                raise ValueError(f"{name}={number} must be an integer of at least 1.")
        if num_speakers is not None and (min_speakers is not None or max_speakers is not None):
            raise ValueError("num_speakers already fixes the number: leave out min_speakers and max_speakers.")
        if min_speakers and max_speakers and min_speakers > max_speakers:
            raise ValueError(f"min_speakers={min_speakers} is more than max_speakers={max_speakers}.")
        if not min_speaker_seconds >= 0:
            raise ValueError(f"min_speaker_seconds={min_speaker_seconds} must be 0 or more; 2 is usual.")
        if not isinstance(settings, Settings):
            raise TypeError(f"settings={settings!r} must be Settings; load a file: Settings.load(path).")
        if method not in METHODS:
            raise ValueError(f"method={method!r} must be one of {', '.join(METHODS)}.")
        self.num_speakers, self.min_speakers, self.max_speakers = num_speakers, min_speakers, max_speakers
        self.min_speaker_seconds, self.force_gender = min_speaker_seconds, force_gender
        self.settings, self.method, self.models = settings, method, models
        self.detector, self.segmenter, self.embedder = detector, segmenter, embedder
        self.clusterer, self.resegmenter, self.gender = clusterer, resegmenter, gender
        own = {field.name: getattr(self, field.name) for field in fields(Stages)}
        of_method = METHODS[method](models or (bundle.load() if method != "untrained" else None), settings)
        self.stages = replace(of_method, **{name: stage for name, stage in own.items() if stage is not None})

    def __repr__(self) -> str:
        defaults = signature(Diarizer.__init__).parameters.values()
        values = [
            (p.name, getattr(self, p.name)) for p in defaults if p.name != "self" and getattr(self, p.name) != p.default
        ]
        return f"{type(self).__name__}({', '.join(f'{name}={value!r}' for name, value in values)})"

    def predict(
        self, sound: Any, *, progress: Callable[[float], object] | None = None, raw_rate: int | None = None
    ) -> Diarization:
        """Diarize a recording.

        Parameters
        ----------
        sound : path, Audio, binary file, (samples, rate) or dict
            See `lightdiar.io.memory.as_sound`.
        progress : callable, optional
            Called with the seconds of audio read so far.
        raw_rate : int, optional
            Sample rate in Hz of a file without a header; see `lightdiar.io.audio.read`.

        Returns
        -------
        result : Diarization
            It has no turns if nobody speaks.

        Raises
        ------
        AudioError
            If the file cannot be read.
        ValueError
            If there is too little speech for the number of speakers requested.
        """
        recording, blocks = open_sound(sound, raw_rate)
        analysis = analyse(_counted(blocks, progress))
        labels, agreement = self.label(analysis)
        annotation = annotate(labels, analysis.duration, recording)
        seconds, speakers = annotation.seconds(), []
        for number in range(len(seconds)):
            woman, _, child = self.stages.gender(analysis, labels == number)
            name = _name(number)
            p_female = min(1.0, woman + child / 2)
            speakers.append(Speaker(name, seconds[name], p_female, 0.0 if self.force_gender else child))
        least = 0.0 if self.num_speakers else float(self.min_speaker_seconds)
        return Diarization(annotation, speakers, analysis.duration, least, agreement)

    def label(self, analysis: Analysis) -> tuple[np.ndarray, float]:
        """Who speaks in each frame.

        Returns
        -------
        labels : ndarray of int, shape (n_frames,)
            Speaker number in order of appearance; -1 where nobody speaks.
        agreement : float
            How certain the number of speakers is; 1 without speech.
        """
        fewest, most = self.num_speakers or self.min_speakers, self.num_speakers or self.max_speakers
        speech = self.speech(analysis)
        stretches = fill_pauses(np.where(speech, 0, -1), _PAUSE_IN_SEGMENT) == 0
        segments = self.stages.segmenter(analysis, stretches)
        if len(segments) < (fewest or 0):
            found = f"only {speech.sum() * GRID.step:.1f} s of speech; ask for fewer" if len(segments) else "no speech"
            raise ValueError(f"at least {fewest} speakers requested, but there is {found}.")
        labels, agreement = np.full(len(analysis), -1), 1.0
        if len(segments):
            speaker, agreement = self.stages.clusterer(self.stages.embedder(analysis, segments, speech), fewest, most)
            labels[stretches] = speaker[window_of_frame(segments, len(analysis))[stretches]]
            refined = self.stages.resegmenter(analysis, stretches, labels)[stretches]
            if len(np.unique(refined)) >= (fewest or 1):  # otherwise it lost a speaker that was requested
                labels[stretches] = refined
            labels[stretches] = number_by_appearance(labels[stretches])
        return self.join(labels), agreement

    def speech(self, analysis: Analysis) -> np.ndarray:
        """Which frames are speech, bool, shape (n_frames,); raises TypeError if the detector breaks its contract."""
        speech = np.asarray(self.stages.detector(analysis))
        if speech.shape != (len(analysis),) or speech.dtype != bool:
            raise TypeError(
                f"the detector returned {speech.dtype} of shape {speech.shape}; it must return bool of shape "
                f"({len(analysis)},), one value per frame."
            )
        return speech

    def join(self, labels: np.ndarray) -> np.ndarray:
        """Frame labels with pauses inside turns filled and turns widened, as people mark them."""
        return widen_turns(fill_pauses(labels, round(self.settings.pause / GRID.step)), _EDGE)


class UntrainedDiarizer(Diarizer):
    """`Diarizer` with ``method="untrained"``: no parameters learnt from other people's voices."""

    def __init__(self, **options: Any) -> None:
        super().__init__(method="untrained", **options)


def diarize(
    sound: Any,
    *,
    progress: Callable[[float], object] | None = None,
    raw_rate: int | None = None,
    **options: Any,
) -> Diarization:
    """Find who speaks when in a recording; see `Diarizer` for the options and `Diarizer.predict` for the rest.

    Examples
    --------
    >>> result = diarize("film.wav", max_speakers=4)  # doctest: +SKIP
    >>> result.counts()  # doctest: +SKIP
    {'M': 2, 'F': 1}
    """
    return Diarizer(**options).predict(sound, progress=progress, raw_rate=raw_rate)


def count_speakers(sound: Any, **options: Any) -> dict[str, int]:
    """Count the men and women who speak: ``{"M": int, "F": int}``, and ``"child"`` only if there are children.

    Speakers count if they talk for at least `min_speaker_seconds` (2 by default); those of uncertain gender count as
    the likelier one. The options are those of `Diarizer`; with ``force_gender=True`` the same holds for children.
    """
    return diarize(sound, **options).counts()


def detect_speech(sound: Any, *, settings: Settings = Settings(), raw_rate: int | None = None) -> list[Segment]:
    """Find where anyone speaks; `sound` and `raw_rate` as in `Diarizer.predict`."""
    _, blocks = open_sound(sound, raw_rate)
    diarizer, analysis = Diarizer(settings=settings), analyse(blocks)
    labels = diarizer.join(np.where(diarizer.speech(analysis), 0, -1))
    return _segments(labels == 0, analysis.duration)


def annotate(labels: np.ndarray, duration: float, recording: str = "") -> Annotation:
    """Turns of SPEAKER_00, SPEAKER_01, ... from frame labels, -1 for nobody."""
    numbers = range(labels.max(initial=-1) + 1)
    turns = [Turn(s.start, s.end, _name(n)) for n in numbers for s in _segments(labels == n, duration)]
    return Annotation(turns, recording)


def open_sound(sound: Any, raw_rate: int | None = None) -> tuple[str, Iterable[np.ndarray]]:
    """Name and 16 kHz blocks of a recording."""
    sound = as_sound(sound)
    if isinstance(sound, audio.Audio):
        return "", [resample(sound.samples, sound.sample_rate, SAMPLE_RATE)]
    name = name_of_recording(sound) if isinstance(sound, (str, os.PathLike)) else ""
    return name, audio.blocks(sound, SAMPLE_RATE, raw_rate=raw_rate)


def name_of_recording(path: str | os.PathLike[str]) -> str:
    """The name of a file without its ending; bytes that are not UTF-8 become escapes such as ``\\udce9``."""
    return Path(path).stem.encode("utf-8", "backslashreplace").decode()


def _name(number):
    return f"SPEAKER_{number:02d}"


def _segments(mask, duration):
    """Segments of a frame mask, none beyond the end of the audio."""
    return [Segment(s.start, min(s.end, duration)) for s in GRID.segments(mask)]


def _counted(blocks, progress):
    seconds = 0.0
    for block in blocks:
        yield block
        seconds += len(block) / SAMPLE_RATE
        if progress:
            progress(seconds)
