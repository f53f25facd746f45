"""Label files: marked segments, as Audacity writes them and speech detectors are judged by."""

from lightdiar.io.lines import number_of, parse_lines, segment_of


def read_lab(path):
    """Read marked segments (``start end label``; Audacity's label tracks are the same).

    Returns
    -------
    marks : list of (Segment, str)
        In order of the file; the label may contain blanks.
    """
    return [(segment, label) for segment, label in parse_lines(path, _lab_line) if segment]


def _lab_line(fields):
    if len(fields) < 3:
        raise ValueError(f"a label line has 3 fields (start end label), not {len(fields)}")
    return segment_of(number_of(fields[0]), number_of(fields[1])), " ".join(fields[2:])
