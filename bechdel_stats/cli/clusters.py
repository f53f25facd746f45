"""``bechdel-stats clusters``: types of films, found without the outcome, and how often each passes."""

from pathlib import Path

from bechdel_stats.cli.films import add_files, add_out, add_plot, draw, put, read

SUMMARY = "types of films, found without the outcome, and how often each passes"


def add_arguments(parser):
    add_files(parser)
    add_out(parser)
    add_plot(parser)
    parser.add_argument("--types", type=int, metavar="N", help="number of types (default: the most stable)")
    parser.add_argument("--labels", type=Path, metavar="FILE", help="write the type of each film as CSV")
    parser.add_argument("--seed", type=int, default=0, help="random seed (0)")


def run(arguments):
    """Print or write types of films, found without the outcome, and how often each passes."""
    from bechdel_stats.describe.clusters import film_types
    from bechdel_stats.results import csv_text
    from lightdiar.common.files import write_text

    films = read(arguments)
    result = film_types(films, n_types=arguments.types, seed=arguments.seed)
    put(result.summary(), result.table, arguments.out)
    if arguments.labels:
        from bechdel_stats.prediction.predictions import identity

        write_text(arguments.labels, csv_text(identity(films).assign(type=result.labels)))
    draw(result, arguments.plot)
