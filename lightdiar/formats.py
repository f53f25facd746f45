"""Text files of the field: RTTM, UEM, lab, and speaker tables, to values and back.

Times are seconds. Reading: UTF-8 with or without BOM, any line ends; blank lines and comments (``;;``)
are skipped, and so are lines of zero length, which hold no time. Times that are not finite, negative
starts and negative lengths are refused as `FormatError`, ``path:line: reason: text``.
Writing: UTF-8, ``\\n``, milliseconds; a file appears complete or not at all.
"""

import csv
import io
import math
from contextlib import contextmanager
from pathlib import Path

from lightdiar.errors import FormatError
from lightdiar.files import replacing
from lightdiar.timeline import Annotation, Segment, Turn

# NIST, "RT-09 evaluation plan", appendix A: all types of line that an RTTM file may hold.
_RTTM_TYPES = {
    *("SEGMENT", "NOSCORE", "NO_RT_METADATA", "LEXEME", "NON-LEX", "NON-SPEECH", "FILLER"),
    *("EDIT", "SU", "IP", "CB", "A/P", "SPEAKER", "SPKR-INFO"),
}
_NOTHING = "<NA>"  # RTTM for "not applicable": here a recording without a name
_GENDERS = ("F", "M", "child", "uncertain", "unknown")


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
    for recording, segment, speaker in filter(None, _parse(path, _rttm_line)):
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
        names = {speaker: _joined(speaker) for speaker in annotation.speakers}
        if len(set(names.values())) < len(names):
            raise ValueError(
                f"RTTM cannot hold white space in names, and with _ instead two of these speakers become "
                f"one: {', '.join(names)}. Rename one with annotation.relabel({{old: new}})."
            )
        recording = _joined(annotation.recording) or _NOTHING
        for turn in annotation:
            start, end = _milliseconds(turn)
            if end > start:
                lines.append(
                    f"SPEAKER {recording} 1 {start / 1000:.3f} {(end - start) / 1000:.3f} "
                    f"<NA> <NA> {names[turn.speaker]} <NA> <NA>\n"
                )
    return "".join(lines)


def read_uem(path):
    """Read scored regions: dict recording -> list of Segment, in order of the file."""
    regions = {}
    for recording, segment in _parse(path, _uem_line):
        own = regions.setdefault(recording, [])
        if segment:
            own.append(segment)
    return regions


def write_uem(path, regions):
    """Write scored regions, a dict recording -> iterable of Segment, as `read_uem` gives it."""
    lines = []
    for recording, segments in regions.items():
        for segment in segments:
            start, end = _milliseconds(segment)
            if end > start:
                lines.append(f"{_joined(recording) or _NOTHING} 1 {start / 1000:.3f} {end / 1000:.3f}\n")
    write_text(path, "".join(lines))


def read_lab(path):
    """Read marked segments (``start end label``; Audacity's label tracks are the same).

    Returns
    -------
    marks : list of (Segment, str)
        In order of the file; the label may contain blanks.
    """
    return [(segment, label) for segment, label in _parse(path, _lab_line) if segment]


def read_genders(path):
    """Read a CSV table of speakers: dict speaker -> "F", "M", "child", "uncertain" or "unknown".

    The header names at least the columns speaker and gender.
    """
    header, genders = None, {}
    for number, line in _lines(path):
        cells = [cell.strip() for cell in next(csv.reader([line]))]
        with _place(path, number, line):
            if header is None:
                header = cells
                if not {"speaker", "gender"} <= set(header):
                    raise ValueError("the header needs the columns speaker and gender")
                continue
            if len(cells) != len(header):
                raise ValueError(f"the header has {len(header)} columns, this line {len(cells)}")
            row = dict(zip(header, cells))
            if row["gender"] not in _GENDERS:
                raise ValueError(f"gender must be one of {', '.join(_GENDERS)}")
            if row["speaker"] in genders:
                raise ValueError("the speaker occurs twice")
            genders[row["speaker"]] = row["gender"]
    if header is None:
        raise FormatError(f"{path}:1: the header needs the columns speaker and gender: (empty file)")
    return genders


def write_text(path, text):
    """Write a UTF-8 text file with newlines as they are, see `write_bytes`."""
    write_bytes(path, text.encode("utf-8"))


def write_bytes(path, content):
    """Write a file that appears complete or not at all, see `lightdiar.files.replacing`."""
    with replacing(path) as file:
        file.write(content)


def _rttm_line(fields):
    if fields[0] not in _RTTM_TYPES:
        raise ValueError("an RTTM line begins with its type, such as SPEAKER")
    if fields[0] != "SPEAKER":
        return None
    if not 8 <= len(fields) <= 10:
        raise ValueError(f"a SPEAKER line has 8 to 10 fields without blanks in them, not {len(fields)}")
    start, duration = _number(fields[3]), _number(fields[4])
    # Decimal sums such as 0.1 + 0.2 end beside the decimal that was meant: back to nanoseconds.
    return _recording(fields[1]), _segment(start, round(start + duration, 9)), fields[7]


def _uem_line(fields):
    if len(fields) != 4:
        raise ValueError(f"a UEM line has 4 fields (recording channel start end), not {len(fields)}")
    return _recording(fields[0]), _segment(_number(fields[2]), _number(fields[3]))


def _lab_line(fields):
    if len(fields) < 3:
        raise ValueError(f"a label line has 3 fields (start end label), not {len(fields)}")
    return _segment(_number(fields[0]), _number(fields[1])), " ".join(fields[2:])


def _recording(field):
    return "" if field == _NOTHING else field


def _number(field):
    try:
        number = float(field)
    except ValueError:
        raise ValueError(f"{field} is not a number of seconds") from None
    if not math.isfinite(number):
        raise ValueError(f"{field} is not a finite number of seconds")
    return number


def _segment(start, end):
    """The Segment, or None if it has no length."""
    if start < 0:
        raise ValueError(f"start must be 0 or later, not {start:g}")
    if end < start:
        raise ValueError(f"the end lies {start - end:g} s before the start")
    return Segment(start, end) if end > start else None


def _parse(path, parse):
    """What `parse` makes of the fields of each line."""
    for number, line in _lines(path):
        with _place(path, number, line):
            parsed = parse(line.split())
        yield parsed


@contextmanager
def _place(path, number, line):
    """Turn a ValueError about a line into a FormatError that says where."""
    try:
        yield
    except ValueError as error:
        raise FormatError(f"{path}:{number}: {error}: {line}") from None


def _lines(path):
    """Number and stripped text of each line that says something."""
    data = Path(path).read_bytes()
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        number = data[: error.start].count(b"\n") + 1
        raise FormatError(
            f"{path}:{number}: not UTF-8 text, save it as UTF-8: {data[error.start : error.start + 20]!r}"
        ) from None
    for number, line in enumerate(io.StringIO(text, newline=None), start=1):
        line = line.strip()
        if line and not line.startswith(";;"):
            yield number, line


def _joined(name):
    """The name without white space."""
    return "_".join(name.split())


def _milliseconds(segment):
    """Start and end rounded each by itself, so that touching turns still touch."""
    return round(segment.start * 1000), round(segment.end * 1000)
