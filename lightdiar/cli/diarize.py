"""``lightdiar diarize``: who speaks when in each file."""

from collections import Counter
from contextlib import contextmanager
from json import dumps, loads
from pathlib import Path

from lightdiar.cli.recordings import add_options, each_file
from lightdiar.common.commandline import show, show_text
from lightdiar.common.files import check_output
from lightdiar.common.foreign import read_json, read_text
from lightdiar.errors import LightdiarError

SUMMARY = "who speaks when: turns, speakers, genders and speaking time of each file"


def add_arguments(parser):
    add_options(parser)
    parser.add_argument("--out", type=Path, metavar="DIR", help="write NAME.rttm and NAME.json of each file to DIR")
    parser.add_argument(
        "--resume", action="store_true", help="with --out: skip files whose .rttm exists, whoever it names"
    )
    parser.add_argument(
        "--overwrite", action="store_true", help="with --out: replace files that lightdiar did not write"
    )
    parser.add_argument(
        "--format", choices=["text", "rttm", "json"], default="text", help="what to print without --out"
    )


def run(arguments):
    """Print or write the turns and speakers of each file."""
    from lightdiar.io.lines import milliseconds

    done = set()
    if arguments.resume and not arguments.out:
        raise ValueError("--resume needs --out DIR: it looks there for finished files.")
    if arguments.out or arguments.format == "rttm":
        _check_names(arguments.files)
    if arguments.out:
        _make_folder(arguments.out)
        ours, others = [], []
        for path in arguments.files:
            as_json, as_rttm = _outputs(arguments.out, path)
            if arguments.resume and as_rttm.exists():
                done.add(path)
            else:
                (ours if _is_ours(as_json, as_rttm, path) else others).extend((as_json, as_rttm))
        check_output(*others, inputs=arguments.files, overwrite=arguments.overwrite)
        check_output(*ours, overwrite=True)

    def show_result(path, result):
        if arguments.out:
            as_json, as_rttm = _outputs(arguments.out, path)
            result.to_json(as_json)
            result.to_rttm(as_rttm)  # last: it marks the file as done
        elif arguments.format == "text":
            for turn in result.turns:
                start, end = milliseconds(turn)
                show(f"{start / 1000:10.3f} {end / 1000:10.3f}  {turn.speaker}")
        show_text(result)

    if arguments.out or arguments.format == "text":
        return each_file(arguments, show_result, done)
    if arguments.format == "rttm":
        return each_file(arguments, lambda _path, result: show_text(result.to_rttm()) if result.turns else None)
    with _list_of_json(arguments.files) as show_json:
        return each_file(arguments, show_json)


def _make_folder(path):
    """Create the folder if missing; fail before any work if nothing can be written there."""
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError:
        raise ValueError(f"--out {path}: cannot be used as a folder; name a new or existing one.") from None


def _outputs(folder, path):
    return folder / f"{path.stem}.json", folder / f"{path.stem}.rttm"


def _check_names(paths):
    """Refuse files whose results would have one name, also where case and blanks do not tell names apart."""
    from lightdiar.io.lines import joined_name

    names = [joined_name(path.stem).casefold() for path in paths]
    n_named = Counter(names)
    twice = next((path.stem for path, name in zip(paths, names) if n_named[name] > 1), None)
    if twice:
        raise ValueError(
            f"several files are called {twice}, or nearly so: their results would have one name. Run them one by one."
        )


def _is_ours(as_json, as_rttm, path):
    """Whether `diarize` wrote what is there: turns corrected by hand no longer agree with the .json beside them."""
    from lightdiar.io.rttm import rttm_text
    from lightdiar.systems.sound import name_of_recording
    from lightdiar.timeline import Annotation, Turn

    if not as_json.exists() and not as_rttm.exists():
        return True
    try:
        result = read_json(as_json)
        turns = [Turn(float(t["start"]), float(t["end"]), t["speaker"]) for t in result["diarization"]]
        channels = {s["speaker"]: s["channel"] for s in result["speakers"] if "channel" in s}
        text = rttm_text(Annotation(turns, name_of_recording(path)), channels)
        return not as_rttm.exists() or read_text(as_rttm) == text
    except (LightdiarError, ValueError, TypeError, LookupError, OSError):
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
