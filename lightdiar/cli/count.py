"""``lightdiar count``: the men and women who speak in each file."""

import json

from lightdiar.cli.recordings import add_options, each_file, result_files
from lightdiar.common.commandline import show
from lightdiar.common.tables import printable

SUMMARY = "count the men and women who speak in each file"

_SURE = 0.9  # probability of the printed numbers from which on they stand alone


def add_arguments(parser):
    add_options(parser, about="recordings, or results of `diarize --out` or `corpus`: .json files, or their folder")
    parser.add_argument("--json", action="store_true", help="one JSON object per line")


def run(arguments):
    """Print the men and women of each file."""
    from lightdiar.representation.counts import count_probabilities
    from lightdiar.representation.reliability import COUNTED

    def show_counts(path, result):
        counts = result.counts()
        usual = result.agreement is None or result.min_speaker_seconds == COUNTED
        learnt = usual and result.genders_known and arguments.method == "trained"
        chances = count_probabilities(result) if learnt else None
        known = [speaker.name for speaker in result.speakers if speaker.p_name is not None]
        if arguments.json:
            names = {"known": known} if arguments.voices else {}
            more = {"agreement": result.agreement, **(_rounded(chances) if chances else {}), **names}
            show(json.dumps({"file": str(path), **counts, **more}))
            return
        counted = [speaker for speaker in result.speakers if speaker.seconds >= result.min_speaker_seconds]
        short = len(result.speakers) - len(counted)
        uncertain = sum(speaker.gender == "uncertain" for speaker in counted)
        doubts = [f"{short} below {result.min_speaker_seconds:g} s not counted"] * (short > 0)
        doubts += [f"gender of {uncertain} uncertain"] * (uncertain > 0)
        if chances is None:
            doubts += ["number uncertain"] * (result.agreement is not None and result.agreement < 1)
        elif chances.p_counts < _SURE:
            doubts += [f"likeliest {chances}"]
        doubts += [f"known: {', '.join(map(printable, known))}"] * (len(known) > 0)
        note = f"  ({', '.join(doubts)})" if doubts else ""
        show(f"{path}: {'  '.join(f'{gender} {number}' for gender, number in counts.items())}{note}")

    arguments.files, status = result_files(arguments.files)
    return each_file(arguments, show_counts, results=True) or status


def _rounded(chances):
    """The probability of 0, 1, 2, ... men, and women, as JSON has it."""
    both = {"p_men": chances.p_men, "p_women": chances.p_women}
    return {name: [round(float(p), 4) for p in values] for name, values in both.items()}
