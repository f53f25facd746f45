"""UEM: the regions of recordings that are scored."""

from lightdiar.common.files import write_text
from lightdiar.io.lines import NOTHING, joined_name, milliseconds, number_of, parse_lines, recording_of, segment_of


def read_uem(path):
    """Read scored regions: dict recording -> list of Segment, in order of the file."""
    regions = {}
    for recording, segment in parse_lines(path, _uem_line):
        own = regions.setdefault(recording, [])
        if segment:
            own.append(segment)
    return regions


def write_uem(path, regions):
    """Write scored regions, a dict recording -> iterable of Segment, as `read_uem` gives it."""
    lines = []
    for recording, segments in regions.items():
        for segment in segments:
            start, end = milliseconds(segment)
            if end > start:
                lines.append(f"{joined_name(recording) or NOTHING} 1 {start / 1000:.3f} {end / 1000:.3f}\n")
    write_text(path, "".join(lines))


def _uem_line(fields):
    if len(fields) != 4:
        raise ValueError(f"a UEM line has 4 fields (recording channel start end), not {len(fields)}")
    return recording_of(fields[0]), segment_of(number_of(fields[2]), number_of(fields[3]))
