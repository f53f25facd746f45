"""``lightdiar diarize``: who speaks when in each file."""

from contextlib import contextmanager
from dataclasses import replace
from json import dumps, loads
from pathlib import Path

from lightdiar.cli.recordings import (
    add_options,
    check_names,
    each_file,
    format_names,
    make_folder,
    say_renamed,
    usable,
)
from lightdiar.common.commandline import show, show_text, tell
from lightdiar.common.files import check_output, is_taken, write_text
from lightdiar.common.foreign import read_text
from lightdiar.errors import LightdiarError
from lightdiar.io.formats import FORMATS

SUMMARY = "who speaks when: turns, speakers, genders and speaking time of each file"


def add_arguments(parser):
    add_options(parser)
    parser.add_argument(
        "--out",
        type=Path,
        metavar="DIR",
        help="write NAME.rttm and NAME.json of each file to DIR, or what --format says",
    )
    parser.add_argument("--resume", action="store_true", help="with --out: skip files whose results are all there")
    parser.add_argument(
        "--overwrite", action="store_true", help="with --out: replace files that lightdiar did not write"
    )
    parser.add_argument(
        "--format",
        type=_formats,
        metavar="NAME[,NAME...]",
        help=f"{', '.join(FORMATS)}: with --out, which of them are written (json,rttm); without it, which one is "
        "printed, or text (text)",
    )


def run(arguments):
    """Print or write the turns and speakers of each file."""
    formats = arguments.format or (["json", "rttm"] if arguments.out else ["text"])
    if arguments.resume and not arguments.out:
        raise ValueError("--resume needs --out DIR: it looks there for finished files.")
    if arguments.out and "text" in formats:
        raise ValueError(f"--format text is printed, not written; with --out name some of {', '.join(FORMATS)}.")
    if arguments.out:
        return _write(arguments, formats)
    if len(formats) > 1:
        raise ValueError(f"--format {','.join(formats)}: only one can be printed; add --out DIR to write them.")
    return _print(arguments, formats[0])


def _write(arguments, formats):
    """Write the results of each file."""
    check_names(arguments.files)
    make_folder(arguments.out)
    inputs, done = arguments.files, set()

    def look(path):
        """Find out whether a file is done, or its results can be written."""
        outputs = _outputs(arguments.out, path, formats)
        if arguments.resume and _are_done(outputs, path):
            done.add(path)
        else:
            overwrite = arguments.overwrite or _are_ours(outputs, path)
            check_output(*outputs.values(), inputs=inputs, overwrite=overwrite)
        return path

    arguments.files, status = usable(inputs, look)

    def write(path, result):
        for name, out in _outputs(arguments.out, path, formats).items():
            write_text(out, _text(result, name, path))
        say_renamed(path, result, formats)
        tell(result)

    return each_file(arguments, write, done) or status


def _print(arguments, name):
    """Print the results of each file."""
    if name == "text":
        return each_file(arguments, _show_as_text)
    if name == "json":
        with _list_of_json(arguments.files) as show_json:
            return each_file(arguments, show_json)
    if FORMATS[name].holds_several:
        check_names(arguments.files)
    elif len(arguments.files) > 1:
        raise ValueError(f"--format {name}: of several files it can only be written; add --out DIR.")
    n_shown = 0

    def show_turns(path, result):
        nonlocal n_shown
        text = _text(result, name, path)
        say_renamed(path, result, [name])
        text = FORMATS[name].continued(text) if n_shown else text
        if text:
            show_text(text)
        n_shown += 1

    return each_file(arguments, show_turns)


def _text(result, name, path):
    """The result in a format; ELAN also learns which file it belongs to."""
    from lightdiar.io.eaf import eaf_text

    return eaf_text(result.annotation, path.name) if name == "eaf" else getattr(result, f"to_{name}")()


def _show_as_text(_path, result):
    from lightdiar.io.lines import milliseconds

    for turn in result.turns:
        start, end = milliseconds(turn)
        show(f"{start / 1000:10.3f} {end / 1000:10.3f}  {turn.speaker}")
    show_text(result)


def _formats(text):
    """The names of formats, each once; JSON first, by which the others are known to be ours."""
    return sorted(format_names(text, FORMATS, "text"), key=lambda name: name != "json")


def _outputs(folder, path, formats):
    return {name: folder / f"{path.stem}{FORMATS[name].suffix}" for name in formats}


def _are_done(outputs, path):
    """Whether all results are there, the .json being that of this recording."""
    from lightdiar.io.lines import name_of
    from lightdiar.systems.result import Diarization
    from lightdiar.systems.sound import name_of_recording

    if not all(map(is_taken, outputs.values())):
        return False
    try:
        found = [Diarization.read_json(out).annotation.recording for name, out in outputs.items() if name == "json"]
    except (LightdiarError, OSError):
        return False
    return all(name_of(recording) == name_of(name_of_recording(path)) for recording in found)


def _are_ours(outputs, path):
    """Whether `diarize` wrote what is there: turns corrected by hand no longer agree with the .json beside them."""
    from lightdiar.systems.result import Diarization
    from lightdiar.systems.sound import name_of_recording

    there = {name: out for name, out in outputs.items() if is_taken(out)}
    if not there:
        return True
    try:
        (as_json,) = _outputs(next(iter(outputs.values())).parent, path, ["json"]).values()
        result = Diarization.read_json(as_json)
        result = replace(result, annotation=replace(result.annotation, recording=name_of_recording(path)))
        return all(name == "json" or read_text(out) == _text(result, name, path) for name, out in there.items())
    except (LightdiarError, ValueError, OSError):
        return False


@contextmanager
def _list_of_json(paths):
    """Yield a function that prints a result as JSON: as it is, or as an item of a list if there are several files."""
    if len(paths) == 1:
        yield lambda _path, result: show_text(result.to_json())
        return
    n_shown = 0

    def show_item(path, result):
        nonlocal n_shown
        show_text(("," if n_shown else "[") + dumps({"file": str(path), **loads(result.to_json())}))
        n_shown += 1

    try:
        yield show_item
    finally:
        show("]" if n_shown else "[]")
