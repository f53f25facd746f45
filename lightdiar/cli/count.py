"""``lightdiar count``: the men and women who speak in each file."""

import json

from lightdiar.cli.recordings import add_options, each_file
from lightdiar.common.commandline import show
from lightdiar.common.tables import printable

SUMMARY = "count the men and women who speak in each file"


def add_arguments(parser):
    add_options(parser, about="recordings, or results of `diarize --out` or `corpus`: .json files, or their folder")
    parser.add_argument("--json", action="store_true", help="one JSON object per line")


def run(arguments):
    """Print the men and women of each file."""
    from lightdiar.systems.conversion import result_files

    def show_counts(path, result):
        counts = result.counts()
        known = [speaker.name for speaker in result.speakers if speaker.p_name is not None]
        if arguments.json:
            names = {"known": known} if arguments.voices else {}
            show(json.dumps({"file": str(path), **counts, "agreement": result.agreement, **names}))
            return
        counted = [speaker for speaker in result.speakers if speaker.seconds >= result.min_speaker_seconds]
        short = len(result.speakers) - len(counted)
        uncertain = sum(speaker.gender == "uncertain" for speaker in counted)
        doubts = [f"{short} below {result.min_speaker_seconds:g} s not counted"] * (short > 0)
        doubts += [f"gender of {uncertain} uncertain"] * (uncertain > 0)
        doubts += ["number uncertain"] * (result.agreement is not None and result.agreement < 1)
        doubts += [f"known: {', '.join(map(printable, known))}"] * (len(known) > 0)
        note = f"  ({', '.join(doubts)})" if doubts else ""
        show(f"{path}: {'  '.join(f'{gender} {number}' for gender, number in counts.items())}{note}")

    arguments.files = [file for path in arguments.files for file in result_files(path)]
    return each_file(arguments, show_counts, results=True)
