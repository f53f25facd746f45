"""The stages wired together: from a recording to who speaks when.

    sound -> analysis -> speech -> segments -> embeddings -> voices -> refined turns -> speakers -> genders

No formulas here; the stages are those of `lightdiar.systems.stages`, or your own.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, fields, replace
from difflib import get_close_matches
from inspect import signature
from numbers import Integral
from typing import Any, Protocol

import numpy as np

from lightdiar.common.notation import count_of
from lightdiar.io.lines import LATEST
from lightdiar.signal.frontend import GRID, Analysis, analyse, analyse_chapters
from lightdiar.signal.snr import speech_to_background
from lightdiar.stages.channels import share_speakers, without_cross_talk
from lightdiar.stages.clustering import number_by_appearance
from lightdiar.stages.segmentation import fill_pauses, widen_turns, window_of_frame
from lightdiar.stages.voiceprint import Voiceprint
from lightdiar.systems import bundle
from lightdiar.systems.chapters import Voice, join_chapters
from lightdiar.systems.contracts import (
    checked_clusters,
    checked_probabilities,
    checked_refined,
    checked_segments,
    checked_speech,
    checked_voices,
)
from lightdiar.systems.joining import keep_voices
from lightdiar.systems.result import Diarization, Speaker
from lightdiar.systems.settings import Settings
from lightdiar.systems.sound import Channels, counted, open_channels, open_sound
from lightdiar.systems.stages import (
    METHODS,
    ClustererStage,
    DetectorStage,
    EmbedderStage,
    GenderStage,
    JoinerStage,
    ResegmenterStage,
    SegmenterStage,
    Stages,
)
from lightdiar.systems.voice_models import load_voice_models
from lightdiar.timeline import Annotation, Segment, Turn

_PAUSE_IN_SEGMENT, _EDGE = 30, 5  # frames: see `fill_pauses` and `widen_turns`
_SIDE_PRIOR = 4.0  # times as much evidence for another speaker on one side of a call: usually there is one
_HIGHEST_PRIOR = 1e6
_LEAST = 1e-4  # probability of a woman, a man or a child: 0 and 1 are kept for what a person has said
_DECIBELS = 10 / np.log(10)  # of a natural logarithm of power


class Namer(Protocol):
    """Whoever knows people by their voices, such as `lightdiar.recognition.voices.Voices`."""

    def name_speakers(self, result: Diarization, *, repeat: bool = False) -> Diarization:
        """The result with the names of the speakers who are known."""


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
    channels : {"separate", "mix"} or int, optional
        Which channels of a file are heard: each for itself, all mixed, or one (the first is 1). By default those of a
        telephone call on two channels are separate (see `lightdiar.stages.channels`), all others are mixed, as are
        samples in memory. Speakers of separate channels are different people, and the bounds on their number hold for
        all channels together.
    settings : Settings, optional
        Thresholds for one kind of recording; see `lightdiar.systems.settings` and `lightdiar.training.tuning`.
    method : {"trained", "textbook", "untrained"}, default="trained"
        Which stages to use; see `lightdiar.systems.stages`.
    detector, segmenter, embedder, clusterer, resegmenter, joiner, gender : callable, optional
        Your own stage in place of the method's; `lightdiar.systems.stages` states what each takes and returns. What a
        clusterer of your own keeps apart stays apart, unless you give a joiner too.
    models : Models, optional
        By default, the shipped ones (`lightdiar.systems.bundle.load`).
    voices : Voices, optional
        People known by their voices (`lightdiar.recognition.voices`): speakers who are one of them with a probability
        of 0.9 or more get the name, all others stay SPEAKER_00, SPEAKER_01, ...
    repeat_names : bool, default=False
        Whether several speakers may get the same name, and become one: for recordings in which a person may sound like
        two. By default each name is given once at most.

    Raises
    ------
    ValueError
        If a number is impossible or the method is unknown.
    TypeError
        If an argument is of another kind.

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
        channels: Channels = None,
        settings: Settings = Settings(),
        method: str = "trained",
        detector: DetectorStage | None = None,
        segmenter: SegmenterStage | None = None,
        embedder: EmbedderStage | None = None,
        clusterer: ClustererStage | None = None,
        resegmenter: ResegmenterStage | None = None,
        joiner: JoinerStage | None = None,
        gender: GenderStage | None = None,
        models: bundle.Models | None = None,
        voices: "Namer | None" = None,
        repeat_names: bool = False,
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
        if not isinstance(min_speaker_seconds, (int, float, np.number)):
            raise TypeError(f"min_speaker_seconds={min_speaker_seconds!r} must be a number; 2 is usual.")
        if not 0 <= float(min_speaker_seconds) <= LATEST:
            raise ValueError(f"min_speaker_seconds={min_speaker_seconds} must be from 0 to {LATEST:.0f}; 2 is usual.")
        for name, flag in dict(force_gender=force_gender, repeat_names=repeat_names).items():
            if not isinstance(flag, (bool, np.bool_)):  # "no" would mean yes
                raise TypeError(f"{name}={flag!r} must be True or False.")
        one = isinstance(channels, Integral) and not isinstance(channels, bool) and channels >= 1
        if not (one or channels in (None, "separate", "mix")):
            raise ValueError(f"channels={channels!r} must be 'separate', 'mix' or the number of a channel, from 1.")
        if not isinstance(settings, Settings):
            raise TypeError(f"settings={settings!r} must be Settings; load a file: Settings.load(path).")
        if not isinstance(method, str) or method not in METHODS:
            raise ValueError(f"method={method!r} must be one of {', '.join(METHODS)}.")
        if not isinstance(models, bundle.Models | None):
            raise TypeError(
                f"models={models!r:.80} must be Models; load a folder: lightdiar.systems.bundle.load(path)."
            )
        if not (voices is None or hasattr(voices, "name_speakers")):
            raise TypeError(f"voices={voices!r} must be Voices; load a file: Voices.load(path).")
        self.num_speakers, self.min_speakers, self.max_speakers = num_speakers, min_speakers, max_speakers
        self.min_speaker_seconds, self.force_gender = min_speaker_seconds, force_gender
        self.channels, self.settings, self.method, self.models = channels, settings, method, models
        self.detector, self.segmenter, self.embedder = detector, segmenter, embedder
        self.clusterer, self.resegmenter, self.joiner, self.gender = clusterer, resegmenter, joiner, gender
        self.voices, self.repeat_names = voices, repeat_names
        own = {field.name: getattr(self, field.name) for field in fields(Stages)}
        chosen = {name: stage for name, stage in own.items() if stage is not None}
        if odd := [name for name, stage in chosen.items() if not callable(stage)]:
            raise TypeError(f"{odd[0]}={chosen[odd[0]]!r:.80} must be a function; see lightdiar.systems.stages.")
        if clusterer is not None:
            chosen.setdefault("joiner", keep_voices)
        self.stages = replace(self._of_method(settings), **chosen)

    def __repr__(self) -> str:
        defaults = signature(Diarizer.__init__).parameters.values()
        values = [
            (p.name, getattr(self, p.name)) for p in defaults if p.name != "self" and getattr(self, p.name) != p.default
        ]
        return f"{type(self).__name__}({', '.join(f'{name}={value!r}' for name, value in values)})"

    def predict(
        self,
        sound: Any,
        *,
        progress: Callable[[float], object] | None = None,
        raw_rate: int | None = None,
        track: int | str | None = None,
        start: float = 0.0,
        end: float | None = None,
    ) -> Diarization:
        """Diarize a recording, or a part of it.

        Parameters
        ----------
        sound : path, Audio, binary file, (samples, rate) or dict
            See `lightdiar.io.memory.as_sound`.
        progress : callable, optional
            Called with the seconds of audio heard so far.
        raw_rate : int, optional
            Sample rate in Hz of a file without a header; see `lightdiar.io.audio.read`.
        track : int or str, optional
            Which audio track of a film, by its number or its language (the first); see `lightdiar.io.audio.read`.
        start, end : float, default=0.0, None
            Seconds; what is before and after, such as trailers and credits, is not heard.

        Returns
        -------
        result : Diarization
            It has no turns if nobody speaks. Its times are those of the whole recording, wherever it was heard from.

        Raises
        ------
        AudioError
            If the file cannot be read, has no such track, or ends before `start`.
        ValueError
            If there is too little speech for the number of speakers requested, or `start` and `end` form no interval.
        TypeError
            If a stage of your own breaks its contract.
        """
        one_speaker = self.num_speakers == 1 or self.max_speakers == 1
        wanted = "mix" if self.channels is None and one_speaker else self.channels
        recording, numbers, streams = open_channels(sound, wanted, raw_rate, track=track, start=start, end=end)
        return self._predict(recording, numbers, counted(streams, progress), start)

    def predict_blocks(self, blocks: Iterable[np.ndarray], recording: str = "") -> Diarization:
        """Diarize sound that arrives in blocks, of which only those of the last minute are held.

        Parameters
        ----------
        blocks : iterable of ndarray of shape (n_samples,)
            Mono audio at 16 kHz; where it is cut does not matter.
        recording : str
            Its name.

        Returns
        -------
        result : Diarization
            As of `predict`.
        """
        return self._predict(recording, [None], [blocks])

    def _predict(self, recording, numbers, streams, start=0.0):
        """Diarize the channels of a recording, chapter by chapter, from a time on."""
        whole = self.method == "untrained"  # its voices have no voiceprints, by which chapters are joined
        fewest, most = self._bounds()
        chapters, forced, duration = [], [], float(start)
        for number, analyses in enumerate(zip(*(analyse_chapters(blocks, whole=whole) for blocks in streams))):
            is_all = number == 0 and not analyses[0].goes_on
            chapters.append(self._chapter(number, duration, analyses, fewest if is_all else None, most))
            if not is_all and sum(len(chapter.voices) for chapter in chapters) < (fewest or 0):
                forced.append(self._chapter(number, duration, analyses, fewest, most))
            duration += analyses[0].duration
        if forced and len(forced) == len(chapters):
            chapters = forced  # not everybody speaks in every chapter; but together there are too few
        self._check_speech(sum(part.n_segments for part in chapters), sum(part.n_frames for part in chapters))
        voices = [voice for chapter in chapters for voice in chapter.voices]
        if len(chapters) > 1 and not whole:
            voices = join_chapters(voices, self._voice_models(), fewest, most)
        turns, speakers = [], []
        for number, voice in enumerate(sorted(voices, key=lambda voice: (voice.segments[0].start, voice.channel))):
            name = _name(number)
            own = [Turn(s.start, s.end, name) for s in voice.segments]
            channel = numbers[voice.channel]
            speakers.append(Speaker(name, voice.seconds, voice.p_female, voice.p_child, channel, voice=voice.print))
            turns += own
        annotation = Annotation(turns, recording)
        if len(chapters) > 1:
            annotation = annotation.fill_gaps(0.0)  # turns that were cut where a chapter ends
        snr = min((ratio for chapter in chapters for ratio in chapter.snr), default=None)
        result = Diarization(
            annotation,
            speakers,
            duration,
            0.0 if self.num_speakers else float(self.min_speaker_seconds),
            None if self._is_given() else min((chapter.agreement for chapter in chapters), default=None),
            snr,
        )
        return self.voices.name_speakers(result, repeat=self.repeat_names) if self.voices else result

    def _chapter(self, number, start, analyses, fewest, most):
        """What is known of a chapter, the features of its channels being forgotten."""
        sides = self._sides(analyses, fewest, most)
        found = _voices([self.join(side.labels) for side in sides])
        voices = []
        for channel, own, mask in found:
            voiceprint = sides[channel].voiceprints[own] if sides[channel].voiceprints else None
            by_voiceprint = self._voice_models().women_men_children(voiceprint.vector[None])[0] if voiceprint else None
            woman, _, child = checked_probabilities(self.stages.gender(analyses[channel], mask, by_voiceprint))
            p_female = min(max(woman + child / 2, _LEAST), 1 - _LEAST)
            p_child = 0.0 if self.force_gender else min(child, 1 - _LEAST)
            segments = [Segment(start + s.start, start + s.end) for s in _segments(mask, analyses[0].duration)]
            voices.append(Voice(number, channel, tuple(segments), p_female, p_child, voiceprint))
        heard = [speech_to_background(side.analysis.mfcc[:, 0], side.speech) for side in sides]
        return _Chapter(voices, _agreement(sides), [ratio for ratio in heard if ratio is not None], *_speech(sides))

    def label(self, analysis: Analysis) -> tuple[np.ndarray, float | None]:
        """Who speaks in each frame.

        Returns
        -------
        labels : ndarray of int, shape (n_frames,)
            Speaker number in order of appearance; -1 where nobody speaks.
        agreement : float or None
            How certain the number of speakers is; 1 without speech, None if the number was given.
        """
        sides = self._sides([analysis], *self._bounds())
        self._check_speech(*_speech(sides))
        return self.join(sides[0].labels), None if self._is_given() else _agreement(sides)

    def _bounds(self):
        """Fewest and most speakers."""
        return self.num_speakers or self.min_speakers, self.num_speakers or self.max_speakers

    def _is_given(self):
        """Whether the number of speakers is."""
        fewest, most = self._bounds()
        return (fewest or 1) == most

    def _check_speech(self, n_segments, n_frames):
        """Refuse a recording with too little speech for so many speakers."""
        fewest, _ = self._bounds()
        if n_segments < (fewest or 0):
            found = f"only {n_frames * GRID.step:.1f} s of speech; ask for fewer" if n_segments else "no speech"
            raise ValueError(f"at least {fewest} speakers requested, but there is {found}.")

    def _sides(self, analyses, fewest, most):
        """The channels with their speakers; with too little speech for the fewest, as many as there can be."""
        speech = [self.speech(analysis) for analysis in analyses]
        if len(analyses) > 1:
            speech = without_cross_talk([_DECIBELS * analysis.mfcc[:, 0] for analysis in analyses], speech)
        sides = [self._side(analysis, mask) for analysis, mask in zip(analyses, speech)]
        talking = [side for side in sides if len(side.segments)]
        n_segments = [len(side.segments) for side in talking]
        fewest = min(fewest, sum(n_segments)) if fewest else None
        if len(talking) > (most or len(talking)):
            raise ValueError(
                f"at most {count_of(most, 'speaker')} requested, but somebody speaks on each of {len(talking)} "
                f"channels that are kept apart; ask for {len(talking)} or more, or mix the channels."
            )
        clusterer = self._side_clusterer() if len(sides) > 1 else self.stages.clusterer
        if len(talking) == 1:
            self._cluster(talking[0], clusterer, fewest, most)
        elif talking:
            for side in talking:
                self._cluster(side, clusterer)
            shared = share_speakers([side.n_speakers for side in talking], n_segments, fewest, most)
            for side, number in zip(talking, shared):
                if number != side.n_speakers:
                    self._cluster(side, clusterer, number, number)
        return sides

    def _voice_models(self):
        return getattr(self.voices, "models", None) or load_voice_models()

    def _of_method(self, settings):
        return METHODS[self.method](self.models or (bundle.load() if self.method != "untrained" else None), settings)

    def _side_clusterer(self):
        prior = min(_HIGHEST_PRIOR, _SIDE_PRIOR * self.settings.speaker_prior)
        return self.clusterer or self._of_method(replace(self.settings, speaker_prior=prior)).clusterer

    def _side(self, analysis, speech):
        stretches = fill_pauses(np.where(speech, 0, -1), _PAUSE_IN_SEGMENT) == 0
        segments = checked_segments(self.stages.segmenter(analysis, stretches), stretches)
        return _Side(analysis, speech, stretches, segments, np.full(len(analysis), -1))

    def _cluster(self, side, clusterer, fewest=None, most=None):
        """Find the speakers of a channel that has speech."""
        analysis, stretches, labels = side.analysis, side.stretches, side.labels
        points = self.stages.embedder(analysis, side.segments, side.speech)
        speaker, side.agreement = checked_clusters(clusterer(points, fewest, most), len(side.segments))
        labels[stretches] = speaker[window_of_frame(side.segments, len(analysis))[stretches]]
        refined = checked_refined(self.stages.resegmenter(analysis, stretches, labels), stretches)
        if len(np.unique(refined)) >= (fewest or 1):  # otherwise it lost a speaker that was requested
            labels[stretches] = refined
        labels[stretches] = number_by_appearance(labels[stretches])
        side.n_speakers = labels.max() + 1
        if self.method != "untrained" or self.voices:
            self._join_voices(side, fewest)

    def _join_voices(self, side, fewest):
        """Voiceprints of the speakers of a channel, after those that are one speaker's have been put together."""
        models, masks = self._voice_models(), [side.speech & (side.labels == n) for n in range(side.n_speakers)]
        n_frames = np.array([mask.sum() for mask in masks])
        N, F = models.voiceprinter.statistics(side.analysis, masks)
        vectors = models.voiceprinter.project(N, F, n_frames)
        speaker = checked_voices(self.stages.joiner(vectors, models, fewest), len(vectors))
        side.n_speakers = speaker.max() + 1
        side.labels[side.stretches] = speaker[side.labels[side.stretches]]
        members = (np.arange(side.n_speakers)[:, None] == speaker).astype(float)
        sums = members @ N, np.tensordot(members, F, axes=1), members @ n_frames
        side.voiceprints = models.voiceprinter.voiceprints(*sums)

    def speech(self, analysis: Analysis) -> np.ndarray:
        """Which frames are speech, bool, shape (n_frames,); raises TypeError if the detector breaks its contract."""
        return checked_speech(self.stages.detector(analysis), len(analysis))

    def join(self, labels: np.ndarray) -> np.ndarray:
        """Frame labels with pauses inside turns filled and turns widened, as people mark them."""
        return widen_turns(fill_pauses(labels, round(self.settings.pause / GRID.step)), _EDGE)


@dataclass(eq=False)
class _Side:
    """A channel on its way through the stages."""

    analysis: Analysis
    speech: np.ndarray
    stretches: np.ndarray
    segments: np.ndarray
    labels: np.ndarray
    n_speakers: int = 0
    agreement: float = 1.0
    voiceprints: Sequence[Voiceprint] = ()  # none if nothing is learnt from other voices


@dataclass(frozen=True, eq=False)
class _Chapter:
    """What is kept of a chapter: its voices, and for all of them the agreement, the snr of channels, the speech."""

    voices: list[Voice]
    agreement: float
    snr: list[float]
    n_segments: int
    n_frames: int


def _agreement(sides):
    """How far clusterings agree where they do least, 1 without speech."""
    return min((side.agreement for side in sides), default=1.0)


def _speech(sides):
    """Number of segments and of frames of speech on all channels."""
    return sum(len(side.segments) for side in sides), sum(int(side.speech.sum()) for side in sides)


class UntrainedDiarizer(Diarizer):
    """`Diarizer` with ``method="untrained"``: no parameters learnt from other people's voices."""

    def __init__(self, **options: Any) -> None:
        super().__init__(method="untrained", **options)


def diarize(
    sound: Any,
    *,
    progress: Callable[[float], object] | None = None,
    raw_rate: int | None = None,
    track: int | str | None = None,
    start: float = 0.0,
    end: float | None = None,
    **options: Any,
) -> Diarization:
    """Find who speaks when in a recording; see `Diarizer` for the options and `Diarizer.predict` for the rest.

    Examples
    --------
    >>> result = diarize("film.wav", max_speakers=4)  # doctest: +SKIP
    >>> result.counts()  # doctest: +SKIP
    {'M': 2, 'F': 1}
    """
    known = list(signature(Diarizer).parameters)
    if odd := [name for name in options if name not in known]:
        meant = get_close_matches(odd[0], known, 1, 0.5) or [f"one of {', '.join(known)}"]
        raise TypeError(f"there is no option {odd[0]}. Do you mean {meant[0]}?")
    return Diarizer(**options).predict(sound, progress=progress, raw_rate=raw_rate, track=track, start=start, end=end)


def count_speakers(sound: Any, **options: Any) -> dict[str, int]:
    """Count the men and women who speak: ``{"M": int, "F": int}``, and ``"child"`` only if there are children.

    Speakers count if they talk for at least `min_speaker_seconds` (2 by default); those of uncertain gender count as
    the likelier one. The options are those of `diarize`; with ``force_gender=True`` the same holds for children.
    """
    return diarize(sound, **options).counts()


def detect_speech(
    sound: Any,
    *,
    settings: Settings = Settings(),
    raw_rate: int | None = None,
    track: int | str | None = None,
    start: float = 0.0,
    end: float | None = None,
) -> list[Segment]:
    """Find where anyone speaks; all but the settings as in `Diarizer.predict`.

    Pauses of up to `Settings.pause`, 1 s, belong to the speech around them, as people mark who speaks; frames by
    themselves are those of `Diarizer.speech`.
    """
    _, blocks = open_sound(sound, raw_rate, track=track, start=start, end=end)
    diarizer, analysis = Diarizer(settings=settings), analyse(blocks)
    labels = diarizer.join(np.where(diarizer.speech(analysis), 0, -1))
    return [Segment(start + s.start, start + s.end) for s in _segments(labels == 0, analysis.duration)]


def annotate(labels: np.ndarray, duration: float, recording: str = "") -> Annotation:
    """Turns of SPEAKER_00, SPEAKER_01, ... from frame labels, -1 for nobody."""
    numbers = range(labels.max(initial=-1) + 1)
    turns = [Turn(s.start, s.end, _name(n)) for n in numbers for s in _segments(labels == n, duration)]
    return Annotation(turns, recording)


def _name(number):
    return f"SPEAKER_{number:02d}"


def _segments(mask, duration):
    """Segments of a frame mask, none beyond the end of the audio."""
    return [Segment(s.start, min(s.end, duration)) for s in GRID.segments(mask)]


def _voices(labels):
    """Channel, number there and frames of every speaker, from the labels of each channel, by first appearance."""
    voices = [
        (channel, number, own == number)
        for channel, own in enumerate(labels)
        for number in range(own.max(initial=-1) + 1)
    ]
    return sorted(voices, key=lambda voice: (voice[2].argmax(), voice[0]))
