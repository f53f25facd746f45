"""``lightdiar convert``: who speaks when, from one text format to another; what they say is not kept."""

from pathlib import Path

from lightdiar.cli.recordings import add_files, add_tiers, make_folder, say_failed, say_renamed
from lightdiar.common.commandline import say, show_text, tell, told
from lightdiar.common.files import check_output, is_reserved, write_text
from lightdiar.common.tables import printable
from lightdiar.errors import LightdiarError, SpeakerNameError
from lightdiar.io.formats import FORMATS

SUMMARY = "turns from one text format to another: RTTM, JSON, CSV, SRT, WebVTT, TextGrid, EAF, Audacity; not the words"


def add_arguments(parser):
    add_files(parser, f"files of turns: {', '.join(form.suffix for form in FORMATS.values())}")
    parser.add_argument("--to", choices=FORMATS, required=True, help="the format that is wanted")
    parser.add_argument("--out", type=Path, metavar="DIR", help="write a file of the same name to DIR, or print it")
    add_tiers(parser, "files")
    parser.add_argument("--overwrite", action="store_true", help="replace files that exist")


def run(arguments):
    """Convert each file; one that cannot be read is told, and the others are converted."""
    from lightdiar.systems.conversion import read_recordings, results_text, says_more

    if arguments.out:
        make_folder(arguments.out)
    found, written, failed = [], set(), 0
    for path in arguments.files:
        try:
            if path.is_dir():
                raise IsADirectoryError(f"{path}: is a folder; name the files in it.")
            results = read_recordings(path, tiers=arguments.tier)
            if says_more(path, tiers=arguments.tier):
                say(f"lightdiar: warning: {path}: its words are not kept, only who speaks when")
            for result in results.values():
                say_renamed(path, result, [arguments.to])
            if not arguments.out:
                for result in results.values():  # those that cannot be written are told, and the others printed
                    results_text([result], arguments.to)
                found += results.values()
                continue
            parts = {
                arguments.out / f"{name}{FORMATS[arguments.to].suffix}": own
                for name, own in _parts(path, results, arguments.to).items()
            }
            if twice := next((out for out in parts if out.name.casefold() in written), None):
                raise ValueError(f"{path}: {twice} is already the result of another file; convert them one by one.")
            check_output(*parts, inputs=arguments.files, overwrite=arguments.overwrite)
            texts = {out: results_text(own, arguments.to) for out, own in parts.items()}
            for out, text in texts.items():
                write_text(out, text)
                written.add(out.name.casefold())
                tell(f"{printable(str(out))}: {sum(len(result.turns) for result in parts[out])} turns")
        except SpeakerNameError as error:
            failed += 1
            say_failed(path, f"{path}: {error.reason} Change the name in {path}.")
        except (LightdiarError, ValueError, OSError) as error:
            failed += 1
            say_failed(path, told(error))
    if found and (text := results_text(found, arguments.to)):
        show_text(text)
    return 2 if failed else 0


def _parts(path, results, to):
    """What goes into which file, by its name without ending: that of the input, or that of each recording if there are
    several and the format holds one."""
    if len(results) == 1 or FORMATS[to].holds_several:
        return {path.stem: list(results.values())}
    parts = {name.replace("/", "-"): [result] for name, result in results.items()}
    odd = next((name for name in parts if is_reserved(name) or not name.isprintable() or "\\" in name), None)
    if odd is not None:
        raise ValueError(f"{path}: the recording {odd} cannot be the name of a file; convert to rttm or csv.")
    return parts
