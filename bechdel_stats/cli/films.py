"""What the commands on films share: options, reading, printing, writing and drawing."""

import sys
from pathlib import Path

from lightdiar.common.files import check_folder


def add_files(parser):
    """Add the argument for tables of films."""
    parser.add_argument("files", nargs="+", metavar="FILE", type=Path, help="tables of films; several are joined")


def add_out(parser):
    """Add the option --out for a table."""
    parser.add_argument("--out", type=Path, metavar="FILE", help="write the table to FILE instead")


def add_plot(parser):
    """Add the option --plot."""
    parser.add_argument("--plot", type=Path, metavar="FILE", help="save a plot: .png, .svg or .pdf (needs matplotlib)")


def add_level(parser):
    """Add the option --conf-level."""
    parser.add_argument("--conf-level", type=float, default=0.95, metavar="P", help="confidence level (0.95)")


def check_folders(arguments):
    """Refuse paths that cannot be written, before any work."""
    for option in ("out", "plot", "labels"):
        paths = getattr(arguments, option, None) or []
        for path in paths if isinstance(paths, list) else [paths]:
            check_folder(path)


def read(arguments):
    """Return the films of all files, joined; say on the terminal how many rows were left out."""
    from bechdel_stats.data.tables import read_films

    films = read_films(*arguments.files)
    if films.audit.n_dropped:
        print(f"bechdel-stats: {films.audit.n_dropped} rows left out; `bechdel-stats audit` tells why", file=sys.stderr)
    return films.table


def identity(films):
    """Return the columns that identify each film."""
    known = films[[name for name in ("imdb_id", "title", "year") if name in films]]
    return known.assign(year=known["year"].round().astype("Int64")) if "year" in known else known


def put(summary, table, path):
    """Print a result, or write it to a file: unrounded as CSV, otherwise as displayed."""
    if not path:
        print(summary)
        return
    from lightdiar.common.files import write_text

    text = table.to_csv(index=False, lineterminator="\n") if path.suffix == ".csv" else summary.to_text(path.suffix)
    write_text(path, text)
    print(path)


def draw(result, path):
    if not path:
        return
    from bechdel_stats.pictures.canvas import save_plot

    save_plot(result.plot(), path)
    print(path)


def show_progress(text):
    """Show what a long job is doing, if the output is a terminal."""
    if sys.stderr.isatty():
        print(f"\r{text:<60}", end="" if text else "\r", file=sys.stderr, flush=True)
