"""RTTM: who speaks when, in the format of the NIST evaluations [1]_.

References
----------
.. [1] NIST, "The 2009 (RT-09) rich transcription meeting recognition evaluation plan", 2009.
"""

import math
import warnings
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from lightdiar.common.files import PathLike, write_text
from lightdiar.common.tables import shortened
from lightdiar.errors import DoubtfulResultWarning, SpeakerNameError
from lightdiar.io.lines import (
    NOTHING,
    by_recording,
    channel_of,
    joined_name,
    listed,
    milliseconds,
    name_of,
    number_of,
    numbered_lines,
    place_of,
    recording_of,
    segment_of,
)
from lightdiar.timeline import Annotation, Segment, Turn, check_annotation

# appendix A of [1]_: all line types that an RTTM file may hold
_RTTM_TYPES = {
    *("SEGMENT", "NOSCORE", "NO_RT_METADATA", "LEXEME", "NON-LEX", "NON-SPEECH", "FILLER"),
    *("EDIT", "SU", "IP", "CB", "A/P", "SPEAKER", "SPKR-INFO"),
}
_EMPTY = {"<na>", "na", "n/a", "-", "_", "none"}  # what is written where a field does not apply
_KINDS = {"adult_male", "adult_female", "child", "unknown"}  # of speakers, in SPKR-INFO and by some in SPEAKER
_MOVED = "; a space in a name moves all fields after it: write _ in its place"


@dataclass(frozen=True)
class Channel:
    """Who speaks when on one channel of a recording, and the time that is not to be scored."""

    annotation: Annotation
    unscored: tuple[Segment, ...] = ()


def read_rttm(path: PathLike) -> dict[str, Annotation]:
    """Read who speaks when.

    Parameters
    ----------
    path : str or Path
        RTTM file; its SPEAKER lines are read. NOSCORE lines are checked, and a warning says that an Annotation cannot
        hold them: `read_channels` gives them.

    Returns
    -------
    annotations : dict of str to Annotation
        By recording, in order of first appearance. If a recording has several channels, each is one of its own,
        ``recording/channel``, with a warning.

    Raises
    ------
    FormatError
        If a line is not RTTM or its times are invalid.

    References
    ----------
    .. [1] NIST, "The 2009 (RT-09) rich transcription meeting recognition evaluation plan", 2009.
    """
    named = by_recording(path, read_channels(path))
    unscored = [recording for recording, channel in named.items() if channel.unscored]
    if unscored:
        message = f"{path}: NOSCORE lines are left out, the time of {listed(unscored)} that they exclude is not told"
        warnings.warn(message, DoubtfulResultWarning, stacklevel=2)
    return {recording: Annotation(channel.annotation.turns, recording) for recording, channel in named.items()}


def read_channels(path: PathLike) -> dict[tuple[str, str], Channel]:
    """Read who speaks when on each channel of each recording, and what is not to be scored (NOSCORE lines).

    Returns
    -------
    channels : dict of (recording, channel) to Channel
        In order of first appearance.

    Raises
    ------
    FormatError
        If a line is not RTTM or its times are invalid.
    """
    turns: dict[tuple[str, str], list[Turn]] = {}
    unscored: dict[tuple[str, str], list[Segment]] = {}
    behind: dict[tuple[tuple[str, str], str], tuple[list[str], int]] = {}
    for number, line in numbered_lines(path):
        with place_of(path, number, line):
            fields = line.split()
            if fields[0] not in _RTTM_TYPES:
                raise ValueError("an RTTM line starts with its type, such as SPEAKER")
            if fields[0] not in ("SPEAKER", "NOSCORE"):
                continue
            key, segment = _place_and_time(fields)
            own = turns.setdefault(key, [])
            if fields[0] == "NOSCORE":
                unscored.setdefault(key, []).extend([segment] if segment else [])
                continue
            name = fields[7]
            # "Speaker 0" and "Speaker 1" would both be Speaker, of confidence 0 and 1
            numbers = [field for field in fields[8:] if field.lower() not in _EMPTY]
            counts = [field for field in numbers if field.isdecimal()]
            measured = len(counts) < len(numbers)
            before, where = (counts, number) if measured else behind.setdefault((key, name), (counts, number))
            if counts != before:
                raise ValueError(
                    f"after {shortened(name, 100)} comes {' '.join(counts) or 'no whole number'}, in line {where} "
                    f"{' '.join(before) or 'none'}: write _ for a space in a name, and confidences with a decimal point"
                )
            if segment:
                own.append(Turn(segment.start, segment.end, name))
    return {key: Channel(Annotation(own, key[0]), tuple(unscored.get(key, ()))) for key, own in turns.items()}


def join_channels(channels: Mapping[str, Channel]) -> Channel:
    """One channel from several: a name that occurs on two of them is two speakers."""
    if len(channels) == 1:
        return next(iter(channels.values()))
    turns = [
        Turn(turn.start, turn.end, f"{turn.speaker}/{name}")
        for name, channel in channels.items()
        for turn in channel.annotation
    ]
    recordings = [channel.annotation.recording for channel in channels.values()]
    unscored = tuple(segment for channel in channels.values() for segment in channel.unscored)
    return Channel(Annotation(turns, recordings[0] if recordings else ""), unscored)


def write_rttm(path: PathLike, annotations: Annotation | Iterable[Annotation]) -> None:
    """Write an Annotation, or one for each of several recordings, to an RTTM file; see `rttm_text`."""
    write_text(path, rttm_text(annotations))


def rttm_text(annotations: Annotation | Iterable[Annotation], channels: Mapping[str, int] | None = None) -> str:
    """Format an Annotation, or an iterable of Annotations, as RTTM lines.

    RTTM separates fields by white space, so white space inside names becomes ``_``. Turns that round to 0 ms
    are omitted. Speakers are on channel 1, or where `channels` says.

    Raises
    ------
    SpeakerNameError
        If two speakers of a recording would end up with the same name, or one with none.

    Examples
    --------
    >>> print(rttm_text(Annotation([Turn(0.5, 2, "ann")], "news")), end="")
    SPEAKER news 1 0.500 1.500 <NA> <NA> ann <NA> <NA>
    """
    lines = []
    for annotation in [annotations] if isinstance(annotations, Annotation) else annotations:
        names = {speaker: joined_name(speaker) for speaker in check_annotation(annotation).speakers}
        if len({name_of(speaker) for speaker in names}) < len(names):
            raise SpeakerNameError(
                f"RTTM cannot hold white space in names, nor what nobody sees, and with _ instead two of these "
                f"speakers become one: {listed(names)}."
            )
        if nameless := [speaker for speaker in names if name_of(speaker).lower() in ("", NOTHING.lower())]:
            raise SpeakerNameError(f"RTTM cannot hold the name {shortened(nameless[0], 100)!r}, which stands for none.")
        recording = joined_name(annotation.recording) or NOTHING
        for turn in annotation:
            start, end = milliseconds(turn)
            if end > start:
                channel = (channels or {}).get(turn.speaker, 1)
                lines.append(
                    f"SPEAKER {recording} {channel} {start / 1000:.3f} {(end - start) / 1000:.3f} "
                    f"<NA> <NA> {names[turn.speaker]} <NA> <NA>\n"
                )
    return "".join(lines)


def _place_and_time(fields):
    """Recording and channel, and the segment, of a SPEAKER or NOSCORE line whose other fields are as they must be."""
    least = 8 if fields[0] == "SPEAKER" else 5
    if not least <= len(fields) <= 10:
        raise ValueError(
            f"a {fields[0]} line has {least} to 10 fields without spaces in them, not {len(fields)}; "
            "write _ for a space in a name"
        )
    try:
        channel = channel_of(fields[2])
    except ValueError as error:
        raise ValueError(f"{error}{_MOVED}") from None
    start, duration = number_of(fields[3]), number_of(fields[4])
    # Sums such as 0.1 + 0.2 miss the decimal that was meant: round to nanoseconds.
    segment = segment_of(start, round(start + duration, 9))
    for number, field in enumerate(fields[5:], start=6):
        empty = field == NOTHING or field.lower() in _EMPTY
        if number == 8 and fields[0] == "SPEAKER":
            if field.lower() == NOTHING.lower():
                raise ValueError("field 8, the speaker's name, is <NA>: name the speaker there")
        elif number >= 9 and not empty and not _is_number(field):
            raise ValueError(f"field {number} must be a number or <NA>, not {shortened(field)}{_MOVED}")
        elif number < 9 and not empty and not (number == 7 and field.lower() in _KINDS):
            raise ValueError(f"field {number} must be <NA>, not {shortened(field)}{_MOVED}")
    return (recording_of(fields[1]), channel), segment


def _is_number(field):
    try:
        return math.isfinite(float(field))
    except ValueError:
        return False
