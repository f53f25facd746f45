"""The result of a diarization: who speaks when, and whether each speaker is a woman, a man or a child."""

import json
import math
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from html import escape
from numbers import Real
from typing import TYPE_CHECKING, Any

from lightdiar.common.exports import export
from lightdiar.common.files import PathLike
from lightdiar.common.foreign import read_json
from lightdiar.common.notation import count_of
from lightdiar.common.tables import aligned, html_table, printable
from lightdiar.errors import FormatError
from lightdiar.io.eaf import eaf_text
from lightdiar.io.lab import audacity_text
from lightdiar.io.lines import LATEST, milliseconds, name_after
from lightdiar.io.rttm import rttm_text
from lightdiar.io.subtitles import srt_text, vtt_text
from lightdiar.io.textgrid import textgrid_text
from lightdiar.io.turn_table import turn_table_text
from lightdiar.show.svg import timeline_svg
from lightdiar.show.timeline import plot_timeline
from lightdiar.stages.voiceprint import Voiceprint
from lightdiar.timeline import Annotation, Event, Turn, check_annotation

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

CERTAIN = 0.8  # a gender is stated if its probability is at least this
CERTAIN_CHILD = 0.95  # likewise for a child: a wrong one would spoil a correct count of men and women
P_FEMALE = {"F": 1.0, "M": 0.0, "child": 0.5}  # of a gender that somebody has told
_GENDERS = (*P_FEMALE, "uncertain")
_ONE = (
    "one object with diarization and speakers is needed; `lightdiar diarize FILE... --out DIR` writes it for each file"
)
_LARGEST_RESULT = 100_000_000  # bytes: a thousand hours of turns
_LEAST_SECONDS = 0.001  # of a speaker in a file, whose times are rounded to it
_ROUNDED = 1e-4  # to which probabilities in a file are


@dataclass(frozen=True)
class Speaker:
    """A speaker found in a recording.

    Parameters
    ----------
    name : str
        As in the annotation, such as SPEAKER_00.
    seconds : float
        Speaking time.
    p_female : float
        Probability, 0 to 1, that the speaker is female, at any age. Exactly 0 or 1 is what a person said, not heard;
        exactly 0.5 is what nobody knows.
    p_child : float, default=0.0
        Probability, 0 to 1, that the speaker is a child whose voice has not broken. Exactly 1 is what a person said.
    channel : int, optional
        The channel on which the speaker was heard, from 1; None if the channels were mixed.
    p_name : float, optional
        Probability that the name is right, if it was found by the voice; otherwise None.
    voice : Voiceprint, optional
        What `lightdiar.recognition` compares. It is in no file that is written.
    """

    name: str
    seconds: float
    p_female: float
    p_child: float = 0.0
    channel: int | None = None
    p_name: float | None = None
    voice: Voiceprint | None = field(default=None, repr=False, compare=False)

    def __post_init__(self):
        if not isinstance(self.seconds, Real):
            raise TypeError(f"seconds of {self.name} must be a number, such as 12.5; got {self.seconds!r:.40}.")
        if not 0 <= self.seconds <= LATEST:
            raise ValueError(f"seconds of {self.name} are from 0 to {LATEST:.0f}; got {self.seconds}.")
        for name, p in (("p_female", self.p_female), ("p_child", self.p_child), ("p_name", self.p_name or 0)):
            if not 0 <= p <= 1:
                raise ValueError(f"{name} is a probability from 0 to 1; got {p} for {self.name}.")

    @property
    def gender(self) -> str:
        """ "child" at a probability of 0.95 or more, else "F" or "M" at 0.8 or more, otherwise "uncertain"."""
        return self.likelier_gender if self.probability >= CERTAIN else "uncertain"

    @property
    def likelier_gender(self) -> str:
        """ "child" at 0.95 or more, otherwise "F" or "M", however uncertain; "uncertain" at exactly even odds."""
        if self.p_child >= CERTAIN_CHILD:
            return "child"
        if self.p_female == 0.5:
            return "uncertain"
        return "F" if self.p_female > 0.5 else "M"

    @property
    def probability(self) -> float:
        """Probability of `likelier_gender`, 0.5 to 1."""
        return self.p_child if self.likelier_gender == "child" else max(self.p_female, 1 - self.p_female)

    @property
    def told(self) -> bool:
        """Whether a person said the gender, so that it was not heard."""
        return self.p_female in (0, 1) or self.p_child == 1


@dataclass(frozen=True, repr=False)
class Diarization:
    """Who speaks when in one recording, and whether each speaker is a woman, a man or a child.

    Parameters
    ----------
    annotation : Annotation
        The turns.
    speakers : iterable of Speaker
        One for each speaker of the annotation, in any order; stored in order of first appearance.
    duration : float
        Length of the recording, seconds; where only a part of it was heard, the end of that part, as all times are
        those of the recording.
    min_speaker_seconds : float, default=2.0
        Speakers who talk for less are not included in `counts`.
    agreement : float, optional
        Share of five clusterings that agree on the number of speakers: how far to trust it. None if the number was
        given, or nothing is known of it.
    snr : float, optional
        Level of the speech over the sound between the turns, decibels; None if it is not known.

    Examples
    --------
    >>> from lightdiar.timeline import Turn
    >>> annotation = Annotation([Turn(0, 6, "SPEAKER_00"), Turn(6, 8, "SPEAKER_01")], "news")
    >>> speakers = [Speaker("SPEAKER_00", 6.0, 0.97), Speaker("SPEAKER_01", 2.0, 0.3)]
    >>> result = Diarization(annotation, speakers, duration=9.0)
    >>> result
    <Diarization news: 9.0 s, 2 speakers (1 M, 1 F), 2 turns>
    >>> print(result)
    news: 9.0 s, 2 speakers (1 M, 1 F), 2 turns
    speaker     gender     probability  seconds  share
    SPEAKER_00  F                 0.97      6.0  75.0%
    SPEAKER_01  uncertain         0.70      2.0  25.0%
    """

    annotation: Annotation
    speakers: tuple[Speaker, ...]
    duration: float
    min_speaker_seconds: float = 2.0
    agreement: float | None = None
    snr: float | None = None

    if TYPE_CHECKING:  # takes any iterable of speakers, holds a tuple

        def __init__(
            self,
            annotation: Annotation,
            speakers: Iterable[Speaker],
            duration: float,
            min_speaker_seconds: float = 2.0,
            agreement: float | None = None,
            snr: float | None = None,
        ) -> None: ...

    def __post_init__(self):
        for name in ("duration", "min_speaker_seconds"):
            seconds = getattr(self, name)
            if not isinstance(seconds, Real):
                raise TypeError(f"{name} must be a number of seconds, such as 12.5; got {seconds!r:.40}.")
            if not 0 <= seconds <= LATEST:
                raise ValueError(f"{name} is from 0 to {LATEST:.0f} s; got {seconds}.")
        if self.agreement is not None and not 0 <= self.agreement <= 1:
            raise ValueError(f"agreement is a share from 0 to 1; got {self.agreement}.")
        first = {}
        for turn in check_annotation(self.annotation):
            first.setdefault(turn.speaker, len(first))
        speakers = tuple(self.speakers)
        if odd := [speaker for speaker in speakers if not isinstance(speaker, Speaker)]:
            raise TypeError(f"the speakers must be Speakers; got {odd[0]!r:.80}. Use Speaker(name, seconds, p_female).")
        names = [speaker.name for speaker in speakers]
        if sorted(names) != sorted(first):
            raise ValueError(
                f"the speakers must be those of the annotation ({', '.join(sorted(first)) or 'none'}); "
                f"got {', '.join(names) or 'none'}."
            )
        ordered = tuple(sorted(speakers, key=lambda speaker: first[speaker.name]))
        object.__setattr__(self, "speakers", ordered)

    @property
    def turns(self) -> tuple[Turn, ...]:
        """The turns of the annotation, in time order."""
        return self.annotation.turns

    @property
    def genders_known(self) -> bool:
        """False if people speak and all have exactly even odds, as in turns from a file without genders."""
        return not self.speakers or any(speaker.p_female != 0.5 or speaker.p_child > 0 for speaker in self.speakers)

    @property
    def female_share(self) -> float:
        """Share of women in the speaking time of women and men (likelier gender); NaN if there is none.

        Speakers at exactly even odds are left out.
        """
        female, male = (sum(s.seconds for s in self.speakers if s.likelier_gender == gender) for gender in "FM")
        return female / (female + male) if female + male else math.nan

    def counts(self) -> dict[str, int]:
        """Number of men and women (likelier gender) who speak for at least `min_speaker_seconds`.

        Speakers at exactly even odds are neither. How sure it is: `lightdiar.count_probabilities`.

        Returns
        -------
        counts : dict
            {"M": int, "F": int}, and a third key "child" only if there are children.
        """
        counted = [s.likelier_gender for s in self.speakers if s.seconds >= self.min_speaker_seconds]
        genders = ("M", "F", "child") if "child" in counted else ("M", "F")
        return {gender: counted.count(gender) for gender in genders}

    def itertracks(self, yield_label: bool = False) -> Iterator[tuple[Any, ...]]:
        """Iterate as `Annotation.itertracks` does: (Segment, track) or (Segment, track, speaker)."""
        return self.annotation.itertracks(yield_label)

    @export
    def to_rttm(self) -> str:
        """Write the turns as RTTM to `path`, or return them as text if it is None, as all of these do."""
        return rttm_text(
            self.annotation, {speaker.name: speaker.channel for speaker in self.speakers if speaker.channel}
        )

    @export
    def to_srt(self) -> str:
        """The turns as subtitles (SubRip), each with the name of its speaker as ``[name]``."""
        return srt_text(self.annotation)

    @export
    def to_vtt(self) -> str:
        """The turns as WebVTT, the speaker as voice tag and as text."""
        return vtt_text(self.annotation)

    @export
    def to_textgrid(self) -> str:
        """The turns as TextGrid of Praat, a tier for each speaker over the whole duration."""
        return textgrid_text(self.annotation, self.duration)

    @export
    def to_eaf(self) -> str:
        """The turns as EAF of ELAN, a tier for each speaker."""
        return eaf_text(self.annotation)

    @export
    def to_audacity(self) -> str:
        """The turns as labels of Audacity: start, end and speaker."""
        return audacity_text(self.annotation)

    @export
    def to_csv(self) -> str:
        """The turns as CSV with the columns recording, start, end, speaker, gender; no cell is a formula."""
        return turn_table_text(self.annotation, {speaker.name: speaker.gender for speaker in self.speakers})

    @export
    def to_json(self) -> str:
        """Write turns and speakers as JSON to `path`, or return them as text if it is None.

        ``{"diarization": [{"speaker": "SPEAKER_00", "start": "0.000", "end": "2.345"}, ...],
        "speakers": [{"speaker": "SPEAKER_00", "gender": "F", "probability": 0.97, "seconds": 12.3,
        "p_female": 0.97, "p_child": 0.0}, ...],
        "agreement": 0.8, "recording": "film", "duration": 61.5, "min_speaker_seconds": 2.0, "snr": 12.3}``.
        The gender is "F", "M", "child" or "uncertain"; if uncertain, the probability is that of the likelier one.
        Speakers whose channel is known have a key "channel" too, and those named by their voices "name_probability".
        Turns that round to 0 ms, and speakers who have no others, are left out. `read_json` reads it back.
        """
        times = [(turn.speaker, *milliseconds(turn)) for turn in self.turns]  # as in RTTM
        turns = [
            {"speaker": name, "start": f"{start / 1000:.3f}", "end": f"{end / 1000:.3f}"}
            for name, start, end in times
            if end > start
        ]
        heard = {turn["speaker"] for turn in turns}
        speakers = [
            {
                "speaker": speaker.name,
                "gender": speaker.gender,
                "probability": round(float(speaker.probability), 4),
                "seconds": max(_LEAST_SECONDS, round(float(speaker.seconds), 3)),
                "p_female": round(float(speaker.p_female), 4),
                "p_child": round(float(speaker.p_child), 4),
                **({"channel": speaker.channel} if speaker.channel else {}),
                **({} if speaker.p_name is None else {"name_probability": round(float(speaker.p_name), 4)}),
            }
            for speaker in self.speakers
            if speaker.name in heard
        ]
        content = {
            "diarization": turns,
            "speakers": speakers,
            "agreement": None if self.agreement is None else round(float(self.agreement), 4),
            "recording": self.annotation.recording,
            "duration": round(float(self.duration), 3),
            "min_speaker_seconds": float(self.min_speaker_seconds),
            "snr": None if self.snr is None else round(float(self.snr), 1),
        }
        return json.dumps(content, indent=2, ensure_ascii=False) + "\n"

    @classmethod
    def read_json(cls, path: PathLike) -> "Diarization":
        """Read what `to_json` wrote.

        A recording without a name gets that of the file. Files of versions before 0.6 say nothing of the duration
        (the end of the last turn is taken), the level of the background, and the gender of those whom they call
        uncertain (even odds are taken). What is not there in a file that somebody has edited follows from the rest:
        seconds from the turns, p_female and p_child from gender and probability.

        Raises
        ------
        FormatError
            If the file is no such JSON, or contradicts itself.
        """
        content = read_json(path, _LARGEST_RESULT)
        try:
            if not isinstance(content, dict):
                raise ValueError(_ONE)
            turns = [
                Turn(_number(t, "start"), _number(t, "end"), t["speaker"]) for t in _objects(content, "diarization")
            ]
            annotation = Annotation(turns, str(content.get("recording") or name_after(path)))
            last = max((turn.end for turn in turns), default=0.0)
            seconds = annotation.seconds()
            result = cls(
                annotation,
                [_read_speaker(entry, seconds) for entry in _objects(content, "speakers")],
                _number(content, "duration", last),
                _number(content, "min_speaker_seconds", 2.0),
                _number_or_none(content, "agreement"),
                _number_or_none(content, "snr", least=-100),
            )
            _check_times(result, seconds)
            return result
        except (KeyError, TypeError, ValueError) as error:
            reason = f"{error} is missing" if isinstance(error, KeyError) else str(error)
            raise FormatError(f"{path}: is not a result that `lightdiar diarize` wrote as JSON: {reason}") from None

    def to_frame(self) -> "pd.DataFrame":
        """Convert to a DataFrame with one row per turn and columns recording, start, end, speaker, gender.

        If the channels of the speakers are known, there is a column channel too.
        """
        frame = self.annotation.to_frame()
        speakers = {speaker.name: speaker for speaker in self.speakers}
        frame = frame.assign(gender=[speakers[name].gender for name in frame["speaker"]])
        if not self._channels_known():
            return frame
        return frame.assign(channel=[speakers[name].channel for name in frame["speaker"]])

    def plot(self, ax: "Axes | None" = None, *, events: Iterable[Event] = ()) -> "Axes":
        """Draw who speaks when, a row for each speaker; see `lightdiar.show.timeline.plot_timeline`."""
        genders = {speaker.name: speaker.gender for speaker in self.speakers}
        return plot_timeline(self.annotation, self.duration, genders, ax, events=events)

    def __repr__(self) -> str:
        return f"<Diarization {self._headline()}>"

    def __str__(self) -> str:
        lines = aligned(self._rows(), 2) if self.speakers else []
        return "\n".join([self._headline(), *lines, *self._doubt()])

    def _repr_html_(self):
        if not self.speakers:
            return f"<p>{escape(self._headline())}</p>"
        genders = {speaker.name: speaker.gender for speaker in self.speakers}
        return (
            f"<p>{escape(self._headline())}</p>"
            f"{html_table(self._rows())}"
            f"{timeline_svg(self.annotation, self.duration, genders)}"
            f"{''.join(f'<p>{line}</p>' for line in self._doubt())}"
        )

    def _headline(self):
        name = f"{printable(self.annotation.recording)}: " if self.annotation.recording else ""
        if not self.speakers:
            return f"{name}{self.duration:.1f} s, no speech found"
        n_speakers, n_turns = len(self.speakers), len(self.turns)
        counts = ", ".join(f"{number} {gender}" for gender, number in self.counts().items())
        counts = counts if self.genders_known else "genders not known"
        return f"{name}{self.duration:.1f} s, {count_of(n_speakers, 'speaker')} ({counts}), {count_of(n_turns, 'turn')}"

    def _doubt(self):
        """A line if speakers are not counted, and one if their number is uncertain."""
        short = sum(speaker.seconds < self.min_speaker_seconds for speaker in self.speakers)
        doubts = [f"not counted: {short} below {self.min_speaker_seconds:g} s"] * (short > 0)
        if self.agreement is not None and self.agreement < 1:
            doubts.append(f"number of speakers uncertain: {self.agreement:.0%} of the clusterings agree")
        return doubts

    def _channels_known(self):
        return any(speaker.channel for speaker in self.speakers)

    def _rows(self):
        """Header and one row of texts per speaker, the first two columns words."""
        total = sum(speaker.seconds for speaker in self.speakers)
        rows = [("speaker", "gender", "probability", "seconds", "share")]
        for speaker in self.speakers:
            numbers = f"{speaker.probability:.2f}", f"{speaker.seconds:.1f}", f"{speaker.seconds / total:.1%}"
            rows.append((speaker.name, speaker.gender, *numbers))
        if any(speaker.p_name is not None for speaker in self.speakers):
            sure = ["" if speaker.p_name is None else f"{speaker.p_name:.2f}" for speaker in self.speakers]
            rows = [(*row, end) for row, end in zip(rows, ["name", *sure])]
        if self._channels_known():
            rows = [(*row, str(end)) for row, end in zip(rows, ["channel", *(s.channel for s in self.speakers)])]
        return rows


def check_result(result: object) -> Diarization:
    """The result; TypeError if it is anything else."""
    if not isinstance(result, Diarization):
        raise TypeError(
            f"a Diarization is needed; got {type(result).__name__}. diarize(path) makes one of a recording, and "
            "Diarization.read_json(path) reads one."
        )
    return result


def _objects(content, key):
    """A list of objects of a JSON file."""
    if not (isinstance(content[key], list) and all(isinstance(entry, dict) for entry in content[key])):
        raise ValueError(f"{key} is a list of objects, not {content[key]!r:.40}")
    return content[key]


def _read_speaker(entry, seconds):
    """A speaker of a JSON file; seconds are those of the turns by name."""
    name, gender, channel = entry["speaker"], entry["gender"], entry.get("channel")
    probability = _number(entry, "probability")
    if not isinstance(name, str):
        raise ValueError(f"speaker is a text, not {name!r:.40}")
    if gender not in _GENDERS:
        raise ValueError(f"gender is {' or '.join(_GENDERS)}, not {gender!r:.40}")
    if channel is not None and (type(channel) is not int or channel < 1):
        raise ValueError(f"channel is a number from 1, not {channel!r:.40}")
    speaker = Speaker(
        name,
        _number(entry, "seconds", seconds.get(name, _LEAST_SECONDS), least=_LEAST_SECONDS),
        _number(entry, "p_female", {"F": probability, "M": 1 - probability}.get(gender, 0.5)),
        _number(entry, "p_child", probability if gender == "child" else 0.0),
        channel,
        _number_or_none(entry, "name_probability"),
    )
    if not _is_of(speaker, gender, probability if "p_female" in entry else speaker.probability):
        raise ValueError(
            f"{printable(name)}: gender {gender} with probability {probability:g} contradicts p_female "
            f"{speaker.p_female:g} and p_child {speaker.p_child:g}; correct them, or take p_female and p_child out"
        )
    return speaker


def _is_of(speaker, gender, probability):
    """Whether these are the gender and the probability of a speaker, as they were before all was rounded."""
    female, child = (
        [min(1.0, max(0.0, p + shift)) for shift in (-_ROUNDED, 0.0, _ROUNDED)]
        for p in (speaker.p_female, speaker.p_child)
    )
    near = [replace(speaker, p_female=one, p_child=other) for one in female for other in child]
    return any(one.gender == gender and abs(one.probability - probability) < 2 * _ROUNDED for one in near)


def _check_times(result, least):
    """Refuse speaking times and a duration of a JSON file that are not those of its turns, within what was rounded.

    Turns that overlap may have been counted once, or each.
    """
    most, slack = Counter(), Counter()
    for turn in result.turns:
        most[turn.speaker] += turn.duration
        slack[turn.speaker] += _LEAST_SECONDS
    for speaker in result.speakers:
        name, rounded = speaker.name, slack[speaker.name] + _LEAST_SECONDS
        if not least[name] - rounded <= speaker.seconds <= most[name] + rounded:
            raise ValueError(
                f"{printable(name)}: seconds {speaker.seconds:g} contradicts its turns, which last {least[name]:.3f} "
                "s; correct them, or take seconds out"
            )
    last = max((turn.end for turn in result.turns), default=0.0)
    if result.duration < last - _LEAST_SECONDS:
        raise ValueError(
            f"duration {result.duration:g} contradicts the turns, of which the last ends at {last:.3f} s; correct "
            "them, or take duration out"
        )


def _number_or_none(entry, key, least=0.0):
    """A number of a JSON file that need not be known."""
    return None if entry.get(key) is None else _number(entry, key, least=least)


def _number(entry, key, usual=None, least=0.0):
    """A number of a JSON file, or of a text in it, that is not larger than any time."""
    value = entry[key] if usual is None else entry.get(key, usual)
    try:
        number = float(value)
    except (TypeError, ValueError):
        number = math.nan
    if isinstance(value, bool) or not least <= number <= LATEST:
        raise ValueError(f"{key} is a number from {least:g} to {LATEST:.0f}, not {value!r:.40}")
    return number
