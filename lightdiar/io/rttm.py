"""RTTM: who speaks when, in the format of the NIST evaluations [1]_.

References
----------
.. [1] NIST, "The 2009 (RT-09) rich transcription meeting recognition evaluation plan", 2009.
"""

from collections.abc import Iterable, Mapping

from lightdiar.common.files import PathLike, write_text
from lightdiar.io.lines import NOTHING, joined_name, milliseconds, number_of, parse_lines, recording_of, segment_of
from lightdiar.timeline import Annotation, Turn

# appendix A of [1]_: all line types that an RTTM file may hold
_RTTM_TYPES = {
    *("SEGMENT", "NOSCORE", "NO_RT_METADATA", "LEXEME", "NON-LEX", "NON-SPEECH", "FILLER"),
    *("EDIT", "SU", "IP", "CB", "A/P", "SPEAKER", "SPKR-INFO"),
}


def read_rttm(path: PathLike) -> dict[str, Annotation]:
    """Read who speaks when.

    Parameters
    ----------
    path : str or Path
        RTTM file; only SPEAKER lines are read.

    Returns
    -------
    annotations : dict of str to Annotation
        By recording, in order of first appearance.

    Raises
    ------
    FormatError
        If a line is not RTTM or its times are invalid.

    References
    ----------
    .. [1] NIST, "The 2009 (RT-09) rich transcription meeting recognition evaluation plan", 2009.
    """
    turns: dict[str, list[Turn]] = {}
    for recording, segment, speaker in filter(None, parse_lines(path, _rttm_line)):
        own = turns.setdefault(recording, [])
        if segment:
            own.append(Turn(segment.start, segment.end, speaker))
    return {recording: Annotation(own, recording) for recording, own in turns.items()}


def write_rttm(path: PathLike, annotations: Annotation | Iterable[Annotation]) -> None:
    """Write an Annotation, or one for each of several recordings, to an RTTM file; see `rttm_text`."""
    write_text(path, rttm_text(annotations))


def rttm_text(annotations: Annotation | Iterable[Annotation], channels: Mapping[str, int] | None = None) -> str:
    """Format an Annotation, or an iterable of Annotations, as RTTM lines.

    RTTM separates fields by white space, so white space inside names becomes ``_``. Turns that round to 0 ms
    are omitted. Speakers are on channel 1, or where `channels` says.

    Raises
    ------
    ValueError
        If two speakers of a recording would end up with the same name.

    Examples
    --------
    >>> print(rttm_text(Annotation([Turn(0.5, 2, "ann")], "news")), end="")
    SPEAKER news 1 0.500 1.500 <NA> <NA> ann <NA> <NA>
    """
    lines = []
    for annotation in [annotations] if isinstance(annotations, Annotation) else annotations:
        names = {speaker: joined_name(speaker) for speaker in annotation.speakers}
        if len(set(names.values())) < len(names):
            raise ValueError(
                f"RTTM cannot hold white space in names, and with _ instead two of these speakers become "
                f"one: {', '.join(names)}. Rename one with annotation.relabel({{old: new}})."
            )
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


def _rttm_line(fields):
    if fields[0] not in _RTTM_TYPES:
        raise ValueError("an RTTM line starts with its type, such as SPEAKER")
    if fields[0] != "SPEAKER":
        return None
    if not 8 <= len(fields) <= 10:
        raise ValueError(f"a SPEAKER line has 8 to 10 fields without spaces in them, not {len(fields)}")
    start, duration = number_of(fields[3]), number_of(fields[4])
    # Sums such as 0.1 + 0.2 miss the decimal that was meant: round to nanoseconds.
    return recording_of(fields[1]), segment_of(start, round(start + duration, 9)), fields[7]
