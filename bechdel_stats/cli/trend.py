"""``bechdel-stats trend``: share of films that pass by year, crude and adjusted, with a band and tests."""

from bechdel_stats.cli.films import add_files, add_level, add_out, add_plot, draw, put, read

SUMMARY = "share of films that pass by year, crude and adjusted, with a band and tests"


def add_arguments(parser):
    add_files(parser)
    add_out(parser)
    add_plot(parser)
    parser.add_argument("--gender", action="store_true", help="adjust for cast and crew gender too")
    add_level(parser)


def run(arguments):
    """Print or write the share of films that pass by year; as CSV, every year."""
    from bechdel_stats.inference.trend import trend

    result = trend(read(arguments), gender=arguments.gender, conf_level=arguments.conf_level)
    put(result.summary(), result.table, arguments.out)
    draw(result, arguments.plot)
