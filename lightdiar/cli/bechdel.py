"""``lightdiar bechdel``: the Bechdel test by ear."""

from pathlib import Path

from lightdiar.cli.recordings import add_options, check_names, each_file, result_files
from lightdiar.common.commandline import show, show_text
from lightdiar.common.files import check_output, write_text
from lightdiar.common.notation import count_of

SUMMARY = "the Bechdel test by ear: do two women speak, and to each other, with probabilities"


def add_arguments(parser):
    add_options(parser, about="recordings, or results of `diarize --out`: .json files, or their folder")
    parser.add_argument("--out", type=Path, metavar="FILE", help="write a table to FILE (.csv), for `bechdel-stats`")
    parser.add_argument("--overwrite", action="store_true", help="replace FILE if it exists")


def run(arguments):
    """Print what is heard of the Bechdel test in each file, or write a table of all."""
    from lightdiar.representation.bechdel import bechdel_by_ear, table_text

    arguments.files, status = result_files(arguments.files)
    if arguments.out:
        if arguments.out.suffix != ".csv":
            raise ValueError(f"--out {arguments.out}: name a .csv file.")
        check_names(arguments.files)
        check_output(arguments.out, inputs=arguments.files, overwrite=arguments.overwrite)
    found = []

    def hear(_path, result):
        heard = bechdel_by_ear(result)
        if arguments.out:
            found.append(heard)
        else:
            show_text(heard)

    status = each_file(arguments, hear, results=True) or status
    if arguments.out and found:
        write_text(arguments.out, table_text(found))
        show(f"{arguments.out}: {count_of(len(found), 'recording')}")
    return status
