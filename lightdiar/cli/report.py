"""``lightdiar report``: what was heard, on one page for people."""

from itertools import chain
from pathlib import Path

from lightdiar.cli.recordings import add_options, each_file, say_left
from lightdiar.common.commandline import say, show

SUMMARY = "one page for people: of a recording, or of the results of many"


def add_arguments(parser):
    add_options(parser, about="recordings, or results of `diarize --out`: .json files, or their folder")
    parser.add_argument("--out", type=Path, required=True, metavar="FILE", help="the page: a .html file")
    parser.add_argument("--overwrite", action="store_true", help="replace the page if it exists")
    parser.add_argument("--language", choices=["en", "fr"], default="en", help="English or French (en)")
    parser.add_argument(
        "--sound",
        choices=["embed", "beside", "none"],
        help="embed: in the page; beside: the page plays the recording from where it lies; none: the page does not "
        "play, and is small; by default, up to five minutes are embedded, and more is beside",
    )
    parser.add_argument(
        "--events",
        type=Path,
        metavar="LIST",
        help="what else is heard in the recording: a list that `lightdiar events apply --out DIR` wrote, or DIR",
    )


def run(arguments):
    """Write a page about one recording (a sound, or the .json of its result) or about many (a folder of results)."""
    from lightdiar.common.files import check_output
    from lightdiar.systems.sound import name_of_recording

    if arguments.out.suffix != ".html":
        raise ValueError(f"--out {arguments.out}: the name must end in .html.")
    first, *others = arguments.files
    check_output(arguments.out, inputs=arguments.files, overwrite=arguments.overwrite)
    if others or first.is_dir():
        if arguments.events:
            raise ValueError(f"--events {arguments.events}: only the page of one recording shows sound events.")
        return _many(arguments)
    events = None
    if first.suffix != ".json":  # refuse a list without this recording before minutes of listening
        events = _events_of(arguments, name_of_recording(first))
    return each_file(arguments, lambda path, result: _write_one(arguments, result, path, events), results=True)


def _write_one(arguments, result, path, events):
    """Write the page of a recording; that of a result that was written before may lie beside it."""
    from lightdiar.report.recording import recording_report
    from lightdiar.report.sound import sound_beside, sound_for

    events = events or _events_of(arguments, result.annotation.recording)
    recording = sound_beside(path) if path.suffix == ".json" else path
    part = {"raw_rate": arguments.raw_rate, "track": arguments.track, "end": arguments.end}
    sound = sound_for(recording, arguments.out, result.duration, arguments.sound, **part)
    _write(arguments.out, recording_report(result, language=arguments.language, sound=sound, events=events))


def _events_of(arguments, recording):
    """What else is heard in the recording of this name; None without --events."""
    from lightdiar.report.event_files import read_events_of

    return read_events_of(arguments.events, recording) if arguments.events else None


def _many(arguments):
    """Write the page of many results; those that cannot be read are told, also on the page."""
    from lightdiar.corpus import read
    from lightdiar.io.formats import files_of_corpus
    from lightdiar.report.folder import folder_report
    from lightdiar.report.results import Results, read_results

    unheard = [path for path in arguments.files if path.suffix != ".json" and not path.is_dir()]
    if unheard:
        raise ValueError(
            f"{unheard[0]}: is not a result. Of several recordings, first make results: `lightdiar diarize FILE... "
            "--out DIR`, then `lightdiar report DIR --out FILE.html`."
        )
    corpora = [read(path) for path in arguments.files if files_of_corpus(path, ".json") is not None]
    for corpus in corpora:
        say_left(corpus)
    results = read_results(arguments.files)
    for path, reason in results.failed.items():
        say(f"lightdiar: {path}: {reason.rstrip('.')}; left out. Make it again with `lightdiar diarize`, or remove it.")
    if not results.found:
        raise ValueError("none of these files is a result; no page was written.")
    missing = dict(chain.from_iterable(corpus.missing.items() for corpus in corpora))
    told = Results(results.found, results.failed | missing)
    pages = _pages(arguments.out, results.found)
    _write(arguments.out, folder_report(told, language=arguments.language, pages=pages))
    return 2 if results.failed else 0


def _pages(out, names):
    """The pages of single recordings that lie beside this one."""
    from urllib.parse import quote

    files = {name: out.with_name(f"{name}.html") for name in names if Path(name).name == name}
    return {name: quote(file.name) for name, file in files.items() if file != out and file.is_file()}


def _write(path, page):
    from lightdiar.common.files import write_text

    write_text(path, page)
    show(path)
