"""RTTM: who speaks when, as NIST's evaluations write it [1]_.

References
----------
.. [1] NIST, "The 2009 (RT-09) rich transcription meeting recognition evaluation plan", 2009.
"""

from lightdiar.common.files import write_text
from lightdiar.io.lines import NOTHING, joined_name, milliseconds, number_of, parse_lines, recording_of, segment_of
from lightdiar.timeline import Annotation, Turn

# appendix A of [1]_: all types of line that an RTTM file may hold
_RTTM_TYPES = {
    *("SEGMENT", "NOSCORE", "NO_RT_METADATA", "LEXEME", "NON-LEX", "NON-SPEECH", "FILLER"),
    *("EDIT", "SU", "IP", "CB", "A/P", "SPEAKER", "SPKR-INFO"),
}


def read_rttm(path):
    """Read who speaks when.

    Parameters
    ----------
    path : str or Path
        RTTM file; lines that are not SPEAKER lines are skipped.

    Returns
    -------
    annotations : dict
        Recording -> Annotation, in order of first appearance.

    Raises
    ------
    FormatError
        If a line is not RTTM or its times make no sense.

    References
    ----------
    .. [1] NIST, "The 2009 (RT-09) rich transcription meeting recognition evaluation plan", 2009.
    """
    turns = {}
    for recording, segment, speaker in filter(None, parse_lines(path, _rttm_line)):
        own = turns.setdefault(recording, [])
        if segment:
            own.append(Turn(segment.start, segment.end, speaker))
    return {recording: Annotation(own, recording) for recording, own in turns.items()}


def write_rttm(path, annotations):
    """Write an Annotation, or several of different recordings, to an RTTM file; see `rttm_text`."""
    write_text(path, rttm_text(annotations))


def rttm_text(annotations):
    """RTTM lines of an Annotation or of an iterable of Annotations.

    RTTM separates by white space, so white space inside names becomes ``_``; turns that round to 0 ms
    are left out.

    Raises
    ------
    ValueError
        If two speakers of a recording would get the same name.

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
                lines.append(
                    f"SPEAKER {recording} 1 {start / 1000:.3f} {(end - start) / 1000:.3f} "
                    f"<NA> <NA> {names[turn.speaker]} <NA> <NA>\n"
                )
    return "".join(lines)


def _rttm_line(fields):
    if fields[0] not in _RTTM_TYPES:
        raise ValueError("an RTTM line begins with its type, such as SPEAKER")
    if fields[0] != "SPEAKER":
        return None
    if not 8 <= len(fields) <= 10:
        raise ValueError(f"a SPEAKER line has 8 to 10 fields without blanks in them, not {len(fields)}")
    start, duration = number_of(fields[3]), number_of(fields[4])
    # Decimal sums such as 0.1 + 0.2 end beside the decimal that was meant: back to nanoseconds.
    return recording_of(fields[1]), segment_of(start, round(start + duration, 9)), fields[7]
