"""``bechdel-stats odds``: odds ratios of passing, crude and adjusted, with and without cast and crew gender."""

from bechdel_stats.cli.films import add_disputed, add_files, add_level, add_out, add_plot, draw, put, read

SUMMARY = "odds ratios of passing, crude and adjusted, with and without cast and crew gender"
_ONLY_PASSES = ("cluster", "weights", "influential", "impute")  # options of the models of passing
_ONLY_COMPLETE = ("cluster", "weights", "influential")  # of those of complete films


def add_arguments(parser):
    add_files(parser)
    add_out(parser)
    add_plot(parser)
    parser.add_argument("--formula", help='such as "passes ~ genre_war + rcs(year, (1935, 1970, 2010))"')
    parser.add_argument("--gender", choices=["with", "without"], help="one of the two models, in full")
    scores = parser.add_mutually_exclusive_group()
    scores.add_argument(
        "--ordinal", action="store_true", help="odds ratios of a higher score, with a test of proportional odds"
    )
    scores.add_argument("--multinomial", action="store_true", help="relative risk ratios of each score against 0")
    parser.add_argument("--after-release", action="store_true", help="use votes and ratings too")
    parser.add_argument("--cluster", metavar="COLUMN", help="cluster standard errors by this column, such as year")
    parser.add_argument("--weights", metavar="COLUMN", help="sampling weights of the films")
    parser.add_argument("--influential", type=int, metavar="N", help="the N films that move one model most")
    parser.add_argument(
        "--impute", type=int, metavar="N", help="impute unknown values N times (10 is usual); complete films beside"
    )
    add_disputed(parser)
    add_level(parser)


def run(arguments):
    """Print or write odds ratios of passing, or of a score, or the films that move them most."""
    _check(arguments)
    films = read(arguments)
    result = _fit(arguments, films)
    if arguments.influential is None:
        summaries = result.summaries() if hasattr(result, "summaries") else (result.summary(),)
        put(summaries, result.table, arguments.out)
        draw(result, arguments.plot)
        return
    from bechdel_stats.inference.influence import influential_films
    from bechdel_stats.results import Summary

    table = influential_films(result, films, arguments.influential)
    title = f"The {len(table)} films that move the odds ratios most, of {result.n_films}"
    put(Summary(title, table, decimals={"probability": 3, "cooks_distance": 4}), table, arguments.out)


def _check(arguments):
    """Refuse options that do not go together, before any work."""
    scores = "ordinal" if arguments.ordinal else "multinomial" if arguments.multinomial else None
    for option in _ONLY_PASSES:
        if scores and getattr(arguments, option) is not None:
            raise ValueError(f"--{scores} has no --{option}. Leave --{option} out.")
    for option in _ONLY_COMPLETE:
        if arguments.impute is not None and getattr(arguments, option) is not None:
            raise ValueError(f"--impute has no --{option}. Leave --{option} out.")
    if arguments.multinomial and arguments.plot:
        raise ValueError("--multinomial has no plot. Leave --plot out.")
    if arguments.influential is None:
        return
    if arguments.influential < 1:
        raise ValueError(f"--influential must be 1 or more; got {arguments.influential}.")
    if arguments.formula is None and not arguments.gender:
        raise ValueError("--influential takes one model. Add --gender with, --gender without or --formula.")
    if arguments.plot:
        raise ValueError("--influential has no plot. Leave --plot out.")


def _fit(arguments, films):
    """The result that the options ask for."""
    from bechdel_stats.inference.comparison import odds_with_and_without_gender
    from bechdel_stats.inference.multinomial import multinomial_odds_ratios
    from bechdel_stats.inference.multiple import imputed_odds_ratios
    from bechdel_stats.inference.ordinal import ordinal_odds_ratios
    from bechdel_stats.inference.regression import odds_ratios

    level, options = arguments.conf_level, {"pre_release": not arguments.after_release}
    gender = arguments.gender != "without"
    if arguments.ordinal or arguments.multinomial:
        fit = ordinal_odds_ratios if arguments.ordinal else multinomial_odds_ratios
        return fit(films, arguments.formula, level, gender=gender, **options)
    if arguments.impute is not None:
        options |= {"gender": gender, "n_imputations": arguments.impute, "conf_level": level}
        return imputed_odds_ratios(films, arguments.formula, **options)
    options |= {"cluster": arguments.cluster, "weights": arguments.weights}
    if arguments.formula is not None or arguments.gender:
        return odds_ratios(films, arguments.formula, level, gender=gender, **options)
    return odds_with_and_without_gender(films, level, **options)
