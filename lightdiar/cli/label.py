"""``lightdiar label``: who speaks in each cue of a subtitle."""

from pathlib import Path

from lightdiar.cli.recordings import add_options, each_file
from lightdiar.common.commandline import show, show_text
from lightdiar.common.files import check_output, write_bytes
from lightdiar.common.foreign import decode_text, read_bytes

SUMMARY = "put the speaker on each cue of a subtitle (SRT or WebVTT); its text and times stay as they are"


def add_arguments(parser):
    parser.add_argument("subtitle", type=Path, metavar="SUBTITLE", help="a .srt or .vtt file, UTF-8 or UTF-16")
    add_options(parser)
    parser.add_argument("--out", type=Path, metavar="FILE", help="write the subtitle with speakers here, or print it")
    parser.add_argument("--overwrite", action="store_true", help="replace FILE if it exists")


def run(arguments):
    """Print or write the subtitle with the speaker who has most of each cue; the others stay as they are."""
    from lightdiar.io.subtitles import name_cues

    if len(arguments.files) != 1:
        raise ValueError(f"{len(arguments.files)} recordings for one subtitle; name the one that it belongs to.")
    if arguments.out:
        inputs = [arguments.subtitle, *arguments.files]
        check_output(arguments.out, inputs=inputs, overwrite=arguments.overwrite)
    text, encoding = decode_text(read_bytes(arguments.subtitle), arguments.subtitle)
    name_cues(text, lambda _: None, arguments.subtitle)  # what cannot be read is told before the work

    def label(_path, result):
        named = name_cues(text, result.annotation.main_speaker, arguments.subtitle)
        if arguments.out:
            write_bytes(arguments.out, named.encode(encoding))
            show(f"{arguments.out}: {len(result.speakers)} speakers")
        else:
            show_text(named.removeprefix("\ufeff").replace("\r\n", "\n"))

    return each_file(arguments, label)
