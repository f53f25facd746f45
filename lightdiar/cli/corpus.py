"""``lightdiar corpus``: all recordings of a folder or a list."""

import argparse
import os
import re
from pathlib import Path
from time import perf_counter

from lightdiar.cli.recordings import (
    add_diarization,
    add_jobs,
    check_jobs,
    clock,
    diarizer_options,
    part_of,
)
from lightdiar.common.commandline import given, say, show_text

SUMMARY = "all recordings of a folder or a list, in parallel; run it again to go on where it stopped"
_DESCRIPTION = f"""\
{SUMMARY[0].upper()}{SUMMARY[1:]}.

  lightdiar corpus films/ --out results --jobs 4
  lightdiar corpus films.csv --out part1 --shard 1/8        the first of eight parts of a list, for several machines
  lightdiar corpus merge part1 part2 part3 --out results    the results of parts, joined
  lightdiar report results --out films.html                 results, on one page

Each recording has its RTTM and JSON in results/recordings. The tables recordings.csv and speakers.csv are written at
the end, also after Ctrl-C.
"""


def add_arguments(parser):
    parser.description, parser.formatter_class = _DESCRIPTION, argparse.RawDescriptionHelpFormatter
    parser.add_argument(
        "source",
        nargs="+",
        type=given,
        metavar="SOURCE",
        help="a folder, whose sounds and films are found at any depth; or a list: a text with a path on each line, or "
        "a CSV with a column path (track, start and end say what is heard of each; other columns are kept); or the "
        "word merge and folders of results",
    )
    parser.add_argument("--out", type=Path, required=True, metavar="RESULTS", help="the folder of results")
    add_jobs(parser)
    parser.add_argument(
        "--dask", metavar="ADDRESS", help="the scheduler of a Dask cluster, such as tcp://10.0.0.1:8786, does it"
    )
    parser.add_argument("--shard", type=_shard, metavar="I/N", help="only the I-th of N parts of the list")
    parser.add_argument(
        "--time-limit",
        type=float,
        default=3600.0,
        metavar="S",
        help="seconds after which a recording has failed (3600)",
    )
    parser.add_argument("--retry", action="store_true", help="try again what failed before")
    add_diarization(parser)


def run(arguments):
    """Diarize a corpus or join results, and print the summary."""
    from lightdiar import corpus

    source, *others = arguments.source
    if source == "merge" and (others or not os.path.exists(source)):
        if arguments.jobs != 1 or arguments.dask or arguments.shard or arguments.retry:
            raise ValueError("merge diarizes nothing: besides the folders of results, it takes only --out.")
        done = corpus.merge(others, arguments.out)
    elif others:
        raise ValueError(f"{others[0]}: one folder or one list is done at a time; put several into a list.")
    else:
        done = _run(source, arguments)
    show_text(done)
    return 2 if done.n_failed or done.n_left else 0


def _run(source, arguments):
    """Diarize a corpus; if it is interrupted, say how far it came."""
    from lightdiar import corpus

    check_jobs(arguments.jobs)
    progress = _Progress()
    try:
        return corpus.run(
            source,
            arguments.out,
            n_jobs=arguments.jobs,
            dask=arguments.dask,
            time_limit=arguments.time_limit,
            shard=arguments.shard,
            retry=arguments.retry,
            progress=progress,
            **diarizer_options(arguments),
            **part_of(arguments),
            raw_rate=arguments.raw_rate,
        )
    except KeyboardInterrupt:
        if progress.last:
            say(f"{progress.last.number} of {progress.last.total} are done; run again to go on.")
        raise


class _Progress:
    """A line for each recording, with the time to go, which is known once the processes have started."""

    def __init__(self):
        self.first, self.last = None, None

    def __call__(self, step):
        now = perf_counter()
        self.first, self.last = self.first or (now, step.number), step
        begun, n_begun = self.first
        left, passed = step.total - step.number, step.number - n_begun
        to_go = f", {clock((now - begun) / passed * left)} to go" if left and passed else ""
        say(f"[{step.number}/{step.total}] {step.row.recording}: {_told(step.row)}{to_go}")


def _told(row):
    if row.error:
        return f"failed: {row.error.rstrip('.')}"
    return f"women {row.n_women}, men {row.n_men}" + (f", children {row.n_children}" if row.n_children else "")


def _shard(text):
    found = re.fullmatch(r"(\d{1,6})/(\d{1,6})", text, re.ASCII)
    if found and 1 <= int(found[1]) <= int(found[2]):
        return int(found[1]), int(found[2])
    raise argparse.ArgumentTypeError(f"{text!r} must be the number of a part and how many there are, such as 1/8.")
