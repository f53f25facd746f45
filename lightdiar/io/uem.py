"""UEM: the scored regions of recordings."""

from collections.abc import Iterable, Mapping

from lightdiar.common.files import PathLike, write_text
from lightdiar.io.lines import (
    NOTHING,
    by_recording,
    channel_of,
    joined_name,
    milliseconds,
    number_of,
    parse_lines,
    recording_of,
    segment_of,
)
from lightdiar.timeline import Segment


def read_uem(path: PathLike) -> dict[str, list[Segment]]:
    """Read the scored regions of each recording, in file order.

    If a recording has several channels, each is one of its own, ``recording/channel``, with a warning.
    """
    return by_recording(path, read_channels(path))


def read_channels(path: PathLike) -> dict[tuple[str, str], list[Segment]]:
    """Read the scored regions of each channel of each recording, in file order."""
    regions: dict[tuple[str, str], list[Segment]] = {}
    for key, segment in parse_lines(path, _uem_line):
        own = regions.setdefault(key, [])
        if segment:
            own.append(segment)
    return regions


def write_uem(path: PathLike, regions: Mapping[str, Iterable[Segment]]) -> None:
    """Write the scored regions of each recording, such as `read_uem` returns."""
    lines = []
    if not isinstance(regions, Mapping):
        raise TypeError(f"a dict of regions by recording is needed; got {type(regions).__name__}.")
    for recording, segments in regions.items():
        for segment in segments:
            start, end = milliseconds(segment)
            if end > start:
                lines.append(f"{joined_name(recording) or NOTHING} 1 {start / 1000:.3f} {end / 1000:.3f}\n")
    write_text(path, "".join(lines))


def _uem_line(fields):
    if len(fields) != 4:
        raise ValueError(f"a UEM line has 4 fields (recording channel start end), not {len(fields)}")
    return (recording_of(fields[0]), channel_of(fields[1])), segment_of(number_of(fields[2]), number_of(fields[3]))
