"""``lightdiar diarize``: who speaks when in each file."""

import os
from pathlib import Path

from lightdiar.cli.recordings import add_options, each_file

SUMMARY = "who speaks when: turns, speakers, genders and speaking time of each file"


def add_arguments(parser):
    add_options(parser)
    parser.add_argument("--out", type=Path, metavar="DIR", help="write NAME.rttm and NAME.json of each file to DIR")
    parser.add_argument("--resume", action="store_true", help="with --out: skip files whose .rttm already exists")
    parser.add_argument(
        "--format", choices=["text", "rttm", "json"], default="text", help="what to print without --out"
    )


def run(arguments):
    """Print or write the turns and speakers of each file."""
    done = set()
    if arguments.resume and not arguments.out:
        raise ValueError("--resume needs --out DIR: it looks there for finished files.")
    if arguments.out:
        stems = [path.stem.casefold() for path in arguments.files]
        twice = next((path.stem for path in arguments.files if stems.count(path.stem.casefold()) > 1), None)
        if twice:
            raise ValueError(
                f"several files are called {twice}: their results would overwrite each other. Run them one by one "
                "with another --out."
            )
        _make_folder(arguments.out)
        if arguments.resume:
            done = {path for path in arguments.files if (arguments.out / f"{path.stem}.rttm").exists()}

    def show(path, result):
        if arguments.out:
            result.to_json(arguments.out / f"{path.stem}.json")
            result.to_rttm(arguments.out / f"{path.stem}.rttm")  # last: it marks the file as done
        elif arguments.format == "text":
            for turn in result.turns:
                print(f"{turn.start:10.3f} {turn.end:10.3f}  {turn.speaker}")
        else:
            print(result.to_rttm() if arguments.format == "rttm" else result.to_json(), end="", flush=True)
            return
        print(result, flush=True)

    return each_file(arguments, show, done)


def _make_folder(path):
    """Create the folder if missing; fail before any work if nothing can be written there."""
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError:
        raise ValueError(f"--out {path}: cannot be used as a folder; name a new or existing one.") from None
    if not os.access(path, os.W_OK):
        raise ValueError(f"--out {path}: is not writable; name another folder.")
