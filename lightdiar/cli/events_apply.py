"""``lightdiar events apply``: what is heard when in each file."""

from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from lightdiar.cli.recordings import (
    Progress,
    add_files,
    add_jobs,
    check_jobs,
    check_names,
    format_names,
    make_folder,
    say_failed,
    usable,
)
from lightdiar.common.commandline import say, show_text, tell, told
from lightdiar.common.files import check_output, is_taken, write_text
from lightdiar.errors import LightdiarError
from lightdiar.io.formats import EVENT_SUFFIXES

SUMMARY = "what is heard when in each file"
DESCRIPTION = """\
Find out what is heard when in each file, by the model that ships or by one of your own.

Without --out a table of the events is printed, then for each label how often and how long it is heard; a probability is
the mean over the event. With --out DIR they are written to NAME.events.txt and so on:

  dcase      NAME.events.txt        file, onset, offset, label, between tabs
  csv        NAME.events.csv        with the probabilities
  textgrid   NAME.events.TextGrid   for Praat, a tier for each label
  audacity   NAME.audacity.txt      labels for Audacity
  json       NAME.events.json       all that is known, also what was listened for and not heard

A file that cannot be used is reported, and the others are done. Files are read once or twice, never held in memory.
"""
_HOLD_SEVERAL = ("dcase", "csv")  # recordings in one text


@dataclass
class _Heard:
    """What became of a file: a result with what is doubtful about it, or why there is none."""

    result: object = None
    doubts: list = field(default_factory=list)
    failure: str = ""


def add_arguments(parser):
    add_files(parser, "recordings")
    parser.add_argument(
        "--model", type=Path, metavar="DIR", help="folder of a model, or of an experiment (the model that ships)"
    )
    parser.add_argument(
        "--format",
        type=partial(format_names, known=EVENT_SUFFIXES),
        metavar="NAME[,NAME...]",
        help=f"{', '.join(EVENT_SUFFIXES)}: with --out, which of them are written (dcase); without it, which one is "
        "printed",
    )
    parser.add_argument("--out", type=Path, metavar="DIR", help="write the events of each file to DIR")
    parser.add_argument("--resume", action="store_true", help="with --out: skip files whose results are all there")
    parser.add_argument("--overwrite", action="store_true", help="with --out: replace files that exist")
    add_jobs(parser)


def run(arguments):
    """Print or write what is heard in each file."""
    from lightdiar.common.archive import read_card
    from lightdiar.events.model import SHIPPED_EVENTS, EventModel
    from lightdiar.events.runs import model_folder

    check_jobs(arguments.jobs)
    if arguments.resume and not arguments.out:
        raise ValueError("--resume needs --out DIR: it looks there for finished files.")
    folder = model_folder(arguments.model) if arguments.model else SHIPPED_EVENTS
    EventModel.load(folder)
    if isinstance(beware := read_card(folder).get("beware"), str):
        say(beware)
    formats = arguments.format or (["dcase"] if arguments.out else [])
    if arguments.out:
        return _write(arguments, formats, folder)
    if len(formats) > 1:
        raise ValueError(f"--format {','.join(formats)}: only one can be printed; add --out DIR to write them.")
    return _each(arguments, arguments.files, folder, _printer(arguments, formats))


def _write(arguments, formats, folder):
    """Write the events of each file."""
    check_names(arguments.files)
    make_folder(arguments.out)

    def missing(path):
        """A file, and what is to be written of it, by format."""
        outputs = {name: arguments.out / f"{path.stem}{EVENT_SUFFIXES[name]}" for name in formats}
        own = {name: out for name, out in outputs.items() if not (is_taken(out) and arguments.resume)}
        check_output(*own.values(), inputs=arguments.files, overwrite=arguments.overwrite)
        return path, own

    found, status = usable(arguments.files, missing)
    to_write = dict(found)
    for path, own in to_write.items():
        if not own:
            say(f"{path}: already done")

    def write(path, result):
        for name, out in to_write[path].items():
            write_text(out, getattr(result, f"to_{name}")())
        tell(result)

    files = [path for path, own in to_write.items() if own]
    return _each(arguments, files, folder, write) or status


def _printer(arguments, formats):
    """A function that prints the result of a file."""
    if not formats:
        return _print_table
    (name,) = formats
    if name in _HOLD_SEVERAL:
        check_names(arguments.files)
    elif len(arguments.files) > 1:
        raise ValueError(f"--format {name}: of several files it can only be written; add --out DIR.")
    n_shown = 0

    def print_text(_path, result):
        nonlocal n_shown
        text = getattr(result, f"to_{name}")()
        text = text.partition("\n")[2] if n_shown and name == "csv" else text  # the header is there once
        if text:
            show_text(text)
        n_shown += 1

    return print_text


def _print_table(_path, result):
    from lightdiar.common.tables import aligned_columns

    rows = [(f"{e.start:.1f}", f"{e.end:.1f}", e.label, f"{e.probability:.2f}") for e in result.events]
    if rows:
        rows.insert(0, ("start", "end", "label", "probability"))
        show_text("\n".join(aligned_columns(rows, [False, False, True, False])))
    show_text(result)


def _each(arguments, paths, folder, show_result):
    """Listen to files, some at once, and show what came of each in order; returns the exit status."""
    from lightdiar.common.processes import parallel

    n_files, failed = len(paths), 0
    at_once = 1 if arguments.jobs == 1 else 4 * arguments.jobs
    for first in range(0, n_files, at_once):
        group = paths[first : first + at_once]
        if arguments.jobs == 1:
            found = [_listen(group[0], folder, f"[{first + 1}/{n_files}] {group[0].name}")]
        else:
            found = parallel(_listen, [(path, folder) for path in group], arguments.jobs, batch=1)
        for path, heard in zip(group, found):
            for doubt in heard.doubts:
                say(f"lightdiar: warning: {doubt}")
            if not heard.failure:
                try:
                    show_result(path, heard.result)
                except (LightdiarError, ValueError, OSError) as error:  # a name that the format cannot hold
                    heard.failure = told(error)
            if heard.failure:
                failed += 1
                say_failed(path, heard.failure)
    return 2 if failed else 0


def _listen(path, folder, title=None):
    """What is heard in one file, with its progress under a title, if it is given."""
    from lightdiar.events.detector import detect_events
    from lightdiar.events.model import EventModel
    from lightdiar.io.audio import duration

    heard = _Heard()
    try:
        model = EventModel.load(folder)
        if title is None:
            heard.result = detect_events(path, model, tell=heard.doubts.append)
        else:
            with Progress(title, duration, path) as progress:
                heard.result = detect_events(path, model, progress=progress, tell=heard.doubts.append)
    except (LightdiarError, ValueError, OSError) as error:
        heard.failure = told(error)
    return heard
