"""``lightdiar link``: which speakers of different files are the same person."""

from collections import Counter
from pathlib import Path

from lightdiar.cli.recordings import add_options, each_file
from lightdiar.common.commandline import show_text
from lightdiar.common.files import check_output

SUMMARY = "which speakers of different files are the same person, and how long each person speaks"


def add_arguments(parser):
    add_options(parser)
    parser.add_argument(
        "--out",
        type=Path,
        metavar="CSV",
        help="write the table: person,recording,speaker,seconds,gender,probability",
    )
    parser.add_argument(
        "--threshold",
        type=float,
        metavar="NATS",
        help="how much must speak for it before speakers are one person: more makes more people (found by itself)",
    )
    parser.add_argument("--overwrite", action="store_true", help="replace the CSV if it exists")


def run(arguments):
    """Print the people and their speakers, and write the table."""
    from lightdiar.recognition.linking import Linker
    from lightdiar.systems.sound import name_of_recording

    if arguments.method == "untrained" and arguments.voices is None:
        raise ValueError("--method untrained knows no voices, and link compares voices: leave it out.")
    if arguments.out:
        check_output(arguments.out, inputs=arguments.files, overwrite=arguments.overwrite)
    linker, used = Linker(threshold=arguments.threshold), Counter(name_of_recording(path) for path in arguments.files)

    def add(path, result):
        linker.add(result, str(path) if used[name_of_recording(path)] > 1 else "")

    status = each_file(arguments, add)
    linking = linker.link()
    if linking.n_recordings:
        if arguments.out:
            linking.to_csv(arguments.out)
        show_text(linking)
    return status
