"""``lightdiar speech``: where somebody speaks."""

from pathlib import Path

from lightdiar.cli.recordings import add_part, add_settings, part_of
from lightdiar.common.commandline import show

SUMMARY = "print where somebody speaks: start, end in seconds, one line each"


def add_arguments(parser):
    parser.add_argument("file", type=Path, metavar="FILE")
    add_part(parser)
    add_settings(parser)


def run(arguments):
    """Print where somebody speaks, in the format of label files."""
    from lightdiar.systems.diarizer import detect_speech

    for segment in detect_speech(arguments.file, settings=arguments.settings, **part_of(arguments)):
        show(f"{segment.start:.3f} {segment.end:.3f} speech")
