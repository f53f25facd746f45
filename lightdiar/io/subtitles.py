"""Subtitles, SubRip (SRT) and WebVTT [1]_: who speaks when, if the cues name their speakers.

Cues may overlap, and several lines of one may name several speakers. `cue_names` says how. What they say is not read.

References
----------
.. [1] W3C, "WebVTT: the web video text tracks format", 2019.
"""

import io
import re
import warnings
from collections.abc import Callable

from lightdiar.common.files import PathLike
from lightdiar.common.tables import printable, shortened
from lightdiar.errors import DoubtfulResultWarning, FormatError
from lightdiar.io.cue_names import EXPECTED, has_words, name_in_brackets, speakers_of, voice_tag
from lightdiar.io.lines import name_after, numbered_lines, place_of, segment_of
from lightdiar.io.turns import written_turns
from lightdiar.timeline import Annotation, Segment, Turn

_TIME = r"(?:(\d{1,6}):)?(\d{1,2}):(\d{1,2})[,.](\d{1,3})"
_TIMES = re.compile(rf"{_TIME}\s*-->\s*{_TIME}(?:\s.*)?", re.ASCII)
_MOST_SHOWN = 3  # of the cues that are left out
_A_CUE = "a cue is a line such as 00:00:01,000 --> 00:00:02,500 and its text below"


def srt_text(annotation: Annotation) -> str:
    """Format an Annotation as SRT: a cue for each turn, its text the speaker's name in brackets.

    Raises
    ------
    ValueError
        If a name holds brackets, or cannot stand on a line.

    Examples
    --------
    >>> print(srt_text(Annotation([Turn(0.5, 2, "ann")], "news")), end="")
    1
    00:00:00,500 --> 00:00:02,000
    [ann]
    <BLANKLINE>
    """
    turns = written_turns(annotation, "SRT")
    return "".join(
        f"{number}\n{_clock(start, ',')} --> {_clock(end, ',')}\n{name_in_brackets(name)}\n\n"
        for number, (start, end, name) in enumerate(turns, 1)
    )


def vtt_text(annotation: Annotation) -> str:
    """Format an Annotation as WebVTT: a cue for each turn, the speaker its voice tag and its text.

    Raises
    ------
    ValueError
        If a name cannot stand on a line.

    Examples
    --------
    >>> print(vtt_text(Annotation([Turn(0.5, 2, "ann")], "news")), end="")
    WEBVTT
    <BLANKLINE>
    00:00:00.500 --> 00:00:02.000
    <v ann>ann</v>
    <BLANKLINE>
    """
    cues = ["WEBVTT\n\n"]
    for start, end, name in written_turns(annotation, "WebVTT"):
        tag = voice_tag(name)
        cues.append(f"{_clock(start, '.')} --> {_clock(end, '.')}\n{tag}{tag[3:-1]}</v>\n\n")
    return "".join(cues)


def read_srt(path: PathLike) -> dict[str, Annotation]:
    """Read who speaks when from SRT whose cues name their speakers.

    Returns
    -------
    annotations : dict of str to Annotation
        One, by the name of the file without its ending. Cues without a speaker are left out, with a warning.

    Raises
    ------
    FormatError
        If it is not SRT, or no cue names its speaker.
    """
    return _read(path)


def read_vtt(path: PathLike) -> dict[str, Annotation]:
    """Read who speaks when from WebVTT, as `read_srt` does."""
    number, line = next(numbered_lines(path, comments=False), (1, "(empty file)"))
    if not re.match(r"WEBVTT(\s|$)", line):
        raise _error(path, number, "a WebVTT file begins with WEBVTT", line)
    return _read(path)


def name_cues(text: str, speaker_of: Callable[[Segment], str | None], where: PathLike) -> str:
    """Put the speaker before the text of each cue, of SRT as ``[Name]``, of WebVTT as ``<v Name>``.

    Parameters
    ----------
    text : str
        With any line ends; it is WebVTT if it begins so.
    speaker_of : callable
        Gives the speaker of a segment, or None: the cue stays as it is. So do cues that name their speaker already, as
        `cue_names.speakers_of` finds them, with a warning that counts those of them in which somebody is heard.
    where : str or Path
        What messages begin with.

    Returns
    -------
    text : str
        All else is unchanged, to the line ends.

    Raises
    ------
    FormatError
        If there is no cue, or its times are wrong.
    ValueError
        If a name cannot be written.
    """
    is_vtt = text.removeprefix("\ufeff").startswith("WEBVTT")
    lines = list(io.StringIO(text, newline=""))
    cues = _cues_in(lines, where)
    named, _ = speakers_of([[line.strip() for line in lines[slice(*place)]] for _, place in cues])
    n_kept = 0
    for (segment, (first, last)), names in zip(cues, named):
        speaker = speaker_of(segment) if segment and first < last else None
        if not speaker:
            continue
        label = voice_tag(speaker) if is_vtt else f"{name_in_brackets(speaker)} "
        if names or lines[first].startswith(label):
            n_kept += 1
        else:
            lines[first] = label + lines[first]
    if n_kept:
        message = f"{where}: {n_kept} of {len(cues)} cues name their speaker already and stay as they are"
        warnings.warn(message, DoubtfulResultWarning, stacklevel=2)
    return "".join(lines)


def says_more(path: PathLike) -> bool:
    """Whether the cues of SRT or WebVTT hold more than names of speakers: what is said."""
    texts = [lines for _, _, lines in _cues(path, tell=False)]
    speakers, _ = speakers_of(texts)
    return any(map(has_words, texts, speakers))


def _read(path):
    """The turns of all cues that name a speaker."""
    cues = _cues(path)
    speakers, forms = speakers_of([lines for _, _, lines in cues])
    silent = [(number, lines) for (number, _, lines), names in zip(cues, speakers) if not names]
    if cues and len(silent) == len(cues):
        number, _, lines = cues[0]
        raise _error(path, number, f"no cue names its speaker; {EXPECTED}", " ".join(lines))
    if silent:
        shown = "; ".join(f"line {number}: {shortened(' '.join(lines), 40)}" for number, lines in silent[:_MOST_SHOWN])
        more = f"; and {len(silent) - _MOST_SHOWN} more" if len(silent) > _MOST_SHOWN else ""
        message = f"{len(silent)} of {len(cues)} cues name no speaker as {' or '.join(forms)} and are left out"
        warnings.warn(f"{path}: {message}: {printable(shown)}{more}", DoubtfulResultWarning, stacklevel=4)
    turns = [
        Turn(segment.start, segment.end, name)
        for (_, segment, _), names in zip(cues, speakers)
        for name in names
        if segment
    ]
    recording = name_after(path)
    return {recording: Annotation(turns, recording)}


def _cues_in(lines, where):
    """The segment (None if it has no length) of each cue, and from which to before which line it has text."""
    cues = []
    for number, line in enumerate(lines):
        if "-->" in line:
            with place_of(where, number + 1, line.strip()):
                segment = _segment(line.strip())
            rest = range(number + 1, len(lines))
            last = next((n for n in rest if not lines[n].strip() or "-->" in lines[n]), len(lines))
            cues.append((segment, (number + 1, last)))
    if not cues:
        raise _error(where, 1, f"there is no cue in it; {_A_CUE}", "".join(lines[:1]).strip())
    return cues


def _cues(path, tell=True):
    """Number of the line with the times, the time (None if it has no length) and the lines of text of each cue."""
    cues, last, first = [], 0, None
    for number, line in numbered_lines(path, comments=False, tell=tell):
        first = first or (number, line)
        if "-->" in line:
            with place_of(path, number, line):
                cues.append((number, _segment(line), []))
        elif cues and number == last + 1:
            cues[-1][2].append(line)
        else:  # the number of a cue, a header, a comment
            continue
        last = number
    if first and not cues and not first[1].startswith("WEBVTT"):
        raise _error(path, first[0], f"there is no cue in it; {_A_CUE}", first[1])
    return cues


def _error(path, number, reason, line):
    return FormatError(f"{path}:{number}: {printable(f'{reason}: {shortened(line)}')}")


def _segment(line):
    found = _TIMES.fullmatch(line)
    if not found:
        raise ValueError("times are written as 00:00:01,000 --> 00:00:02,500")
    start, end = (_seconds(*found.groups()[first : first + 4]) for first in (0, 4))
    return segment_of(start, end)


def _seconds(hours, minutes, seconds, fraction):
    whole = int(hours or 0) * 3600 + int(minutes) * 60 + int(seconds)
    return (whole * 1000 + int(fraction.ljust(3, "0"))) / 1000


def _clock(milliseconds, point):
    seconds, milliseconds = divmod(milliseconds, 1000)
    minutes, seconds = divmod(seconds, 60)
    return f"{minutes // 60:02d}:{minutes % 60:02d}:{seconds:02d}{point}{milliseconds:03d}"
