"""``bechdel-stats odds``: odds ratios of passing, crude and adjusted, with and without cast and crew gender."""

from bechdel_stats.cli.films import add_files, add_level, add_out, add_plot, draw, put, read

SUMMARY = "odds ratios of passing, crude and adjusted, with and without cast and crew gender"


def add_arguments(parser):
    add_files(parser)
    add_out(parser)
    add_plot(parser)
    parser.add_argument("--formula", help='such as "passes ~ genre_war + rcs(year, (1935, 1970, 2010))"')
    parser.add_argument("--gender", choices=["with", "without"], help="one of the two models, in full")
    parser.add_argument(
        "--ordinal", action="store_true", help="odds ratios of a higher score, with a test of proportional odds"
    )
    parser.add_argument("--after-release", action="store_true", help="use votes and ratings too")
    parser.add_argument("--cluster", metavar="COLUMN", help="cluster standard errors by this column, such as year")
    parser.add_argument(
        "--impute", type=int, metavar="N", help="impute unknown values N times (10 is usual); complete films beside"
    )
    add_level(parser)


def run(arguments):
    """Print or write odds ratios of passing, or of a higher score."""
    from bechdel_stats.inference.multiple import imputed_odds_ratios
    from bechdel_stats.inference.ordinal import ordinal_odds_ratios
    from bechdel_stats.inference.regression import odds_ratios, odds_with_and_without_gender

    if arguments.ordinal and arguments.cluster:
        raise ValueError("--ordinal has no clusters. Leave --cluster out.")
    if arguments.impute is not None and (arguments.ordinal or arguments.cluster):
        raise ValueError("--impute has neither steps nor clusters. Leave --ordinal and --cluster out.")
    films, options = read(arguments), {"pre_release": not arguments.after_release}
    gender = arguments.gender != "without"
    if arguments.ordinal:
        result = ordinal_odds_ratios(films, arguments.formula, arguments.conf_level, gender=gender, **options)
    elif arguments.impute is not None:
        options |= {"gender": gender, "n_imputations": arguments.impute, "conf_level": arguments.conf_level}
        result = imputed_odds_ratios(films, arguments.formula, **options)
    elif arguments.formula is not None or arguments.gender:
        options |= {"gender": gender, "cluster": arguments.cluster}
        result = odds_ratios(films, arguments.formula, arguments.conf_level, **options)
    else:
        result = odds_with_and_without_gender(films, arguments.conf_level, cluster=arguments.cluster, **options)
    put(result.summary(), result.table, arguments.out)
    draw(result, arguments.plot)
