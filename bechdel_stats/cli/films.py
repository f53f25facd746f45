"""What the commands on films share: options, reading, printing, writing and drawing."""

import argparse
import sys
from pathlib import Path

from bechdel_stats.pictures.canvas import SUFFIXES as PLOTS
from lightdiar.common.axes import check_matplotlib
from lightdiar.common.commandline import say, show, show_text
from lightdiar.common.files import check_output
from lightdiar.common.notation import count_of


def add_files(parser):
    """Add the argument for tables of films."""
    parser.add_argument("files", nargs="+", metavar="FILE", type=Path, help="tables of films; several are joined")
    parser.add_argument(
        "--column", action="append", default=[], metavar="THEIRS=OURS", type=_column,
        help="what a column stands for, such as 'Ma note=rating'; 'Ma note=' leaves it unused; may be repeated",
    )  # fmt: skip


def _column(text):
    """A pair of names, theirs and ours."""
    theirs, sign, ours = text.rpartition("=")
    if not sign or not theirs.strip():
        raise argparse.ArgumentTypeError(f"{text!r} is not THEIRS=OURS, such as 'Ma note=rating'")
    return theirs.strip(), ours.strip()


def add_out(parser):
    """Add the option --out for a table."""
    add_outputs(parser)
    parser.add_argument("--out", type=Path, metavar="FILE", help="write the table to FILE instead")


def add_outputs(parser, out=None):
    """Add the option --overwrite, and say which suffixes --out may have: by default those of a table."""
    parser.add_argument("--overwrite", action="store_true", help="replace output files that exist")
    parser.set_defaults(suffixes={"out": out, "plot": PLOTS, "labels": (".csv",)})


def add_plot(parser):
    """Add the option --plot."""
    parser.add_argument("--plot", type=Path, metavar="FILE", help="save a plot: .png, .svg or .pdf (needs matplotlib)")


def add_ear(parser):
    """Add the option --ear."""
    parser.add_argument(
        "--ear", type=Path, metavar="FILE",
        help="what is heard in recordings of these films: the table that `lightdiar bechdel --out FILE.csv` writes",
    )  # fmt: skip


def add_level(parser):
    """Add the option --conf-level."""
    parser.add_argument("--conf-level", type=float, default=0.95, metavar="P", help="confidence level (0.95)")


def add_disputed(parser):
    """Add the option --disputed."""
    parser.add_argument(
        "--disputed", choices=["as-rated", "fail", "leave-out"], default="as-rated",
        help="films whose rating is disputed (column dubious): as rated, counted as fails or left out (as-rated)",
    )  # fmt: skip


def treated(films, arguments):
    """Return the films with disputed ratings as the option --disputed says; say so on the terminal."""
    if arguments.disputed == "as-rated":
        return films
    from bechdel_stats.describe.disputed import treat_disputed

    how = arguments.disputed.replace("-", " ")
    n_disputed = int((films["dubious"] == 1).sum()) if "dubious" in films else 0
    films = treat_disputed(films, how)
    say(f"bechdel-stats: {n_disputed} disputed ratings {'count as fails' if how == 'fail' else 'left out'}")
    return films


def check_outputs(arguments):
    """Refuse outputs that cannot or must not be written, before any work."""
    seen = set()
    for option, suffixes in getattr(arguments, "suffixes", {}).items():
        paths = getattr(arguments, option, None) or []
        for path in paths if isinstance(paths, list) else [paths]:
            suffixes = suffixes or _of_tables()
            if path.suffix not in suffixes:
                raise ValueError(
                    f"--{option} {path}: the name must end in {', '.join(suffixes)}; got {path.suffix or 'no suffix'}."
                )
            if path in seen:
                raise ValueError(f"--{option} {path}: is named twice; name another file.")
            seen.add(path)
            check_output(path, inputs=arguments.files, overwrite=arguments.overwrite)
    if getattr(arguments, "plot", None):
        check_matplotlib()


def _of_tables():
    from bechdel_stats.results import SUFFIXES

    return SUFFIXES


def read(arguments, *, unrated=False):
    """Return the films of all files, joined; say on the terminal how many rows were left out."""
    from bechdel_stats.data.tables import read_films

    films = read_films(*arguments.files, columns=dict(arguments.column), unrated=unrated)
    if n_dropped := films.audit.n_dropped:
        say(f"bechdel-stats: {count_of(n_dropped, 'row')} left out; `bechdel-stats audit` tells why")
    return treated(films.table, arguments) if "disputed" in arguments else films.table


def beside_ear(films, arguments):
    """Return the films beside what is heard in recordings, if --ear is given; say which belong together."""
    if not arguments.ear:
        return films
    from bechdel_stats.data.ear import read_ear
    from bechdel_stats.data.heard import join_ear

    heard = join_ear(films, read_ear(arguments.ear))
    for note in heard.notes:
        say(f"bechdel-stats: {note}")
    return heard.films


def put(summary, table, path):
    """Print a result, or write it to a file: the table unrounded as CSV, otherwise as displayed; of several, all."""
    summaries = summary if isinstance(summary, tuple) else (summary,)
    if not path:
        show_text("\n\n".join(map(str, summaries)))
        return
    from bechdel_stats.results import csv_text
    from lightdiar.common.files import write_text

    shown = [each.to_text(path.suffix) for each in summaries if path.suffix != ".csv"]
    text = csv_text(table) if path.suffix == ".csv" else "\n".join(shown)
    write_text(path, text)
    show(path)


def draw(result, path):
    if not path:
        return
    from bechdel_stats.pictures.canvas import save_plot

    save_plot(result.plot(), path)
    show(path)


def show_progress(text):
    """Show what a long job is doing, if the output is a terminal."""
    if sys.stderr.isatty():
        print(f"\r{text:<60}", end="" if text else "\r", file=sys.stderr, flush=True)
