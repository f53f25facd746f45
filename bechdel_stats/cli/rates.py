"""``bechdel-stats rates``: share of films that pass, with Wilson intervals."""

from pathlib import Path

from bechdel_stats.cli.films import add_disputed, add_files, add_level, add_out, add_plot, draw, put, read

SUMMARY = "share of films that pass, with Wilson intervals"


def add_arguments(parser):
    add_files(parser)
    add_out(parser)
    add_plot(parser)
    parser.add_argument("--by", metavar="COLUMN", help="year, genres, country, language, budget or any column (genres)")
    parser.add_argument("--campaign", action="store_true", help="all combinations of genre, budget, period and country")
    parser.add_argument("--min-films", type=int, default=30, metavar="N", help="smaller groups are pooled (30)")
    parser.add_argument(
        "--margins", type=Path, metavar="FILE", help="weight films to this table of counts by year, country, genre"
    )
    add_disputed(parser)
    add_level(parser)


def run(arguments):
    """Print or write the share of films that pass, by one column or for every combination of four."""
    from bechdel_stats.describe.campaign import campaign
    from bechdel_stats.describe.rates import pass_rates

    if arguments.campaign and (arguments.plot or arguments.by):
        raise ValueError("--campaign has no plot and no column. Leave --plot and --by out, or --campaign.")
    if arguments.campaign and arguments.margins:
        raise ValueError("--campaign has no weights. Leave --margins out, or --campaign.")
    films, options = (
        read(arguments, unrated=True),
        {"conf_level": arguments.conf_level, "min_films": arguments.min_films},
    )
    before = ()
    if arguments.margins:
        films, weighting = _weighted(films, arguments.margins)
        before, options["weights"] = (weighting.summary(),), weighting.weights
    by = arguments.by or "genres"
    result = campaign(films, **options) if arguments.campaign else pass_rates(films, by, **options)
    put((*before, result.summary()), result.table, arguments.out)
    draw(result, arguments.plot)


def _weighted(films, path):
    """Films with an outcome, and their weights."""
    from bechdel_stats.data.files import read_file
    from bechdel_stats.data.schema import check_outcome
    from bechdel_stats.describe.weights import post_stratify

    films = films[check_outcome(films).notna()]
    return films, post_stratify(films, read_file(path)[1])
