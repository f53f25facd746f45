"""Label files: labelled segments, as written by Audacity and used to evaluate speech detectors."""

from lightdiar.common.files import PathLike
from lightdiar.io.lines import number_of, parse_lines, segment_of
from lightdiar.timeline import Segment


def read_lab(path: PathLike) -> list[tuple[Segment, str]]:
    """Read labelled segments (``start end label``, the format of Audacity's label tracks).

    Returns
    -------
    marks : list of (Segment, str)
        In file order; labels may contain spaces.
    """
    return [(segment, label) for segment, label in parse_lines(path, _lab_line) if segment]


def _lab_line(fields):
    if len(fields) < 3:
        raise ValueError(f"a label line has 3 fields (start end label), not {len(fields)}")
    return segment_of(number_of(fields[0]), number_of(fields[1])), " ".join(fields[2:])
