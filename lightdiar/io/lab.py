"""Label files: labelled segments, as written by Audacity and used to evaluate speech detectors."""

from lightdiar.common.files import PathLike
from lightdiar.io.lines import name_after, number_of, numbered_lines, place_of, segment_of
from lightdiar.io.turns import written_turns
from lightdiar.timeline import Annotation, Segment, Turn


def read_lab(path: PathLike) -> list[tuple[Segment, str]]:
    """Read labelled segments (``start end label``, the format of Audacity's label tracks).

    Returns
    -------
    marks : list of (Segment, str)
        In file order; labels may contain spaces. The frequencies of Audacity's spectral selections are left out.
    """
    marks = []
    for number, line in numbered_lines(path):
        if line.startswith("\\"):
            continue
        with place_of(path, number, line):
            fields = line.split(None, 2)
            if len(fields) < 3:
                raise ValueError(f"a label line has 3 fields (start end label), not {len(fields)}")
            segment = segment_of(number_of(fields[0]), number_of(fields[1]))
        if segment:
            marks.append((segment, fields[2]))
    return marks


def read_audacity(path: PathLike) -> dict[str, Annotation]:
    """Read who speaks when from Audacity's labels, each of which is a turn of the speaker whose name it is.

    Returns
    -------
    annotations : dict of str to Annotation
        One, by the name of the file without its ending.

    Raises
    ------
    FormatError
        If a line is no label, or its times are invalid.
    """
    recording = name_after(path)
    turns = (Turn(segment.start, segment.end, label) for segment, label in read_lab(path))
    return {recording: Annotation(turns, recording)}


def audacity_text(annotation: Annotation) -> str:
    """Format an Annotation as Audacity's labels: start, end and speaker of each turn, between tabs.

    Raises
    ------
    ValueError
        If a name cannot stand on a line.

    Examples
    --------
    >>> audacity_text(Annotation([Turn(0.5, 2, "ann")], "news"))
    '0.500\\t2.000\\tann\\n'
    """
    turns = written_turns(annotation, "Audacity")
    return "".join(f"{start / 1000:.3f}\t{end / 1000:.3f}\t{name}\n" for start, end, name in turns)
