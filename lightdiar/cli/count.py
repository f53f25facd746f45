"""``lightdiar count``: the men and women who speak in each file."""

import json

from lightdiar.cli.recordings import add_options, each_file

SUMMARY = "count the men and women who speak in each file"


def add_arguments(parser):
    add_options(parser)
    parser.add_argument("--json", action="store_true", help="one JSON object per line")


def run(arguments):
    """Print the men and women of each file."""

    def show(path, result):
        counts = result.counts()
        if arguments.json:
            print(json.dumps({"file": str(path), **counts, "agreement": result.agreement}), flush=True)
            return
        counted = [speaker for speaker in result.speakers if speaker.seconds >= result.min_speaker_seconds]
        uncertain = sum(speaker.gender == "uncertain" for speaker in counted)
        doubts = [f"gender of {uncertain} uncertain"] * (uncertain > 0) + ["number uncertain"] * (result.agreement < 1)
        note = f"  ({', '.join(doubts)})" if doubts else ""
        print(f"{path}: {'  '.join(f'{gender} {number}' for gender, number in counts.items())}{note}", flush=True)

    return each_file(arguments, show)
