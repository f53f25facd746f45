"""UEM: the scored regions of recordings."""

from collections.abc import Iterable, Mapping

from lightdiar.common.files import PathLike, write_text
from lightdiar.io.lines import NOTHING, joined_name, milliseconds, number_of, parse_lines, recording_of, segment_of
from lightdiar.timeline import Segment


def read_uem(path: PathLike) -> dict[str, list[Segment]]:
    """Read the scored regions of each recording, in file order."""
    regions: dict[str, list[Segment]] = {}
    for recording, segment in parse_lines(path, _uem_line):
        own = regions.setdefault(recording, [])
        if segment:
            own.append(segment)
    return regions


def write_uem(path: PathLike, regions: Mapping[str, Iterable[Segment]]) -> None:
    """Write the scored regions of each recording, such as `read_uem` returns."""
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
