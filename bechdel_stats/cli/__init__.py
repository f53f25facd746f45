"""The command line: the only place that reads arguments, prints and exits."""

import argparse
import os
import sys
import warnings
from pathlib import Path

# before numpy loads: on a table of films, threads wait for one another longer than they work
os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

_DESCRIPTION = """\
Which films fail the Bechdel test, and what goes with it: classical statistics, models that ship, no deep learning.

  bechdel-stats predict films.csv                 score 0-3 of each film, and how probable it is to pass
  bechdel-stats odds films.csv                    odds ratios, with and without cast and crew gender
  bechdel-stats rates films.csv --by genres       share of films that pass, with intervals
  bechdel-stats clusters films.csv                types of films, found without the outcome
  bechdel-stats report films.csv --out r.html     everything in one page, in English or French
  bechdel-stats audit films.csv tmdb.json         what came in, what was left out and why, what is missing
  bechdel-stats fit films.csv --out DIR           coefficients for `predict`, from your own films
  bechdel-stats fetch --ratings dump.json         the ratings of bechdeltest.com; --tmdb adds attributes
  bechdel-stats models                            where the shipped coefficients come from
  bechdel-stats demo                              scores of six invented films

Films: CSV, JSON, JSON lines or Parquet, plain or .gz, under the names of public tables (bechdeltest.com, TMDB, IMDb);
several files are joined on the IMDb id.
"""
_EPILOG = """\
Tables are written as .csv (unrounded), .md, .tex, .html or .txt, pictures as .png, .svg or .pdf.
Exit status: 0 done, 2 a file or an argument could not be used, 130 interrupted.
`bechdel-stats COMMAND --help` tells the options of a command. A file whose name begins with - comes after --."""


def main(argv=None):
    """Run the command line; returns the exit status."""
    for stream in (sys.stdout, sys.stderr):  # a title the terminal cannot show must not end the work
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")
    arguments = _parser().parse_args(argv)

    from bechdel_stats.words.messages import FilmsWarning

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        warnings.simplefilter("always", FilmsWarning)
        warnings.showwarning = _show_warning
        try:
            _check_folders(arguments)
            arguments.run(arguments)
        except BrokenPipeError:  # the reader of our output had enough, as `head` does
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        except (ValueError, OSError, ImportError) as error:  # FilmsError is a ValueError
            print(f"bechdel-stats: {error}", file=sys.stderr)
            return 2
        except KeyboardInterrupt:
            print("bechdel-stats: interrupted", file=sys.stderr)
            return 130
    return 0


def predict(arguments):
    """Print or write the score of each film and its probability of passing."""
    from bechdel_stats.data.sources import read_source
    from bechdel_stats.prediction.model import load_model, predict_bechdel
    from bechdel_stats.results import Summary

    films = _read(arguments) if len(arguments.files) > 1 else read_source(arguments.files[0]).table
    model = load_model(arguments.model) if arguments.model else load_model()
    probabilities = predict_bechdel(films, proba=True, model=model)
    scores = probabilities.iloc[:, :4].to_numpy().argmax(axis=1)
    table = _identity(films).assign(score=scores, **probabilities)
    if not arguments.out:
        table = table.drop(columns=["score_0", "score_1", "score_2", "score_3"])
    _put(Summary(f"{len(films)} films", table), table, arguments.out)


def odds(arguments):
    """Print or write odds ratios of passing, or of a higher score."""
    from bechdel_stats.inference.ordinal import ordinal_odds_ratios
    from bechdel_stats.inference.regression import odds_ratios, odds_with_and_without_gender

    films, options = _read(arguments), {"pre_release": not arguments.after_release}
    gender = arguments.gender != "without"
    if arguments.ordinal and arguments.cluster:
        raise ValueError("--ordinal has no clusters. Leave --cluster out.")
    if arguments.ordinal:
        result = ordinal_odds_ratios(films, arguments.formula, arguments.conf_level, gender=gender, **options)
    elif arguments.formula or arguments.gender:
        options |= {"gender": gender, "cluster": arguments.cluster}
        result = odds_ratios(films, arguments.formula, arguments.conf_level, **options)
    else:
        result = odds_with_and_without_gender(films, arguments.conf_level, cluster=arguments.cluster, **options)
    _put(result.summary(), result.table, arguments.out)
    _draw(result, arguments.plot)


def rates(arguments):
    """Print or write the share of films that pass, by one column or for every combination of four."""
    from bechdel_stats.describe.rates import campaign, pass_rates

    films, options = _read(arguments), {"conf_level": arguments.conf_level, "min_films": arguments.min_films}
    if arguments.campaign and (arguments.plot or arguments.by):
        raise ValueError("--campaign has no picture and no column. Leave --plot and --by out, or --campaign.")
    by = arguments.by or "genres"
    result = campaign(films, **options) if arguments.campaign else pass_rates(films, by, **options)
    _put(result.summary(), result.table, arguments.out)
    _draw(result, arguments.plot)


def clusters(arguments):
    """Print or write types of films, found without the outcome, and how often each passes."""
    from bechdel_stats.describe.clusters import film_types
    from lightdiar.common.files import write_text

    if arguments.labels and arguments.labels.suffix != ".csv":
        raise ValueError(f"--labels {arguments.labels}: types of films are written as .csv.")
    films = _read(arguments)
    result = film_types(films, n_types=arguments.types, seed=arguments.seed)
    _put(result.summary(), result.table, arguments.out)
    if arguments.labels:
        write_text(
            arguments.labels, _identity(films).assign(type=result.labels).to_csv(index=False, lineterminator="\n")
        )
    _draw(result, arguments.plot)


def report(arguments):
    """Write everything in one page: HTML and Markdown, in English or French."""
    from bechdel_stats.data.tables import read_films
    from bechdel_stats.report.report import make_report
    from lightdiar.common.files import write_text

    for path in arguments.out:
        if path.suffix not in (".html", ".md"):
            raise ValueError(f"--out {path}: a report is written as .html or .md.")
    films = read_films(*arguments.files)
    made = make_report(films.table, films.audit, language=arguments.language, progress=_say)
    for path in arguments.out:
        write_text(path, made.markdown if path.suffix == ".md" else made.html)
        print(path)


def audit(arguments):
    """Print or write what came in, what was left out and why, and what is missing."""
    from bechdel_stats.data.tables import read_films

    account = read_films(*arguments.files).audit
    if arguments.out:
        _put(account.summary(), account.to_frame(), arguments.out)
    else:
        print("\n\n".join(str(summary) for summary in account.summaries()))


def fit(arguments):
    """Fit coefficients for `predict` to films with ratings 0-3, and write them with a model card."""
    import json

    from bechdel_stats.prediction.evaluation import figures
    from bechdel_stats.prediction.model import fit_model

    films = _read(arguments)
    try:
        card = json.loads(arguments.card.read_text(encoding="utf-8")) if arguments.card else {}
    except ValueError as error:
        raise ValueError(f"--card {arguments.card}: not JSON: {error}.") from None
    if not isinstance(card, dict):
        raise ValueError(f"--card {arguments.card}: a JSON object is needed, with sources, licence and recipe.")
    if arguments.evaluate:
        card["figures"] = figures(films, progress=_say)
    model = fit_model(films, card)
    model.save(arguments.out)
    print(f"{arguments.out}: coefficients of {len(model.coefficients)} combinations of what may be known")


def fetch(arguments):
    """Fetch ratings from bechdeltest.com, or attributes from TMDB; an interrupted run goes on where it was."""
    from bechdel_stats.data.fetch import fetch_ratings, fetch_tmdb, read_key
    from bechdel_stats.data.tables import read_films

    if not arguments.ratings and not arguments.tmdb:
        raise ValueError("fetch needs --ratings FILE, or --tmdb FILE with the ratings it is for, or both.")
    if arguments.ratings:
        options = {"url": arguments.ratings_url} if arguments.ratings_url else {}
        n_films = fetch_ratings(arguments.ratings, refresh=arguments.refresh, **options)
        print(f"{arguments.ratings}: {n_films} films")
    if arguments.tmdb:
        sources = [*arguments.films, *([arguments.ratings] if arguments.ratings else [])]
        if not sources:
            raise ValueError("--tmdb needs --ratings FILE or --films FILE: the films to ask for, by IMDb id.")
        films = read_films(*sources).table
        if "imdb_id" not in films:
            raise ValueError("--films: no IMDb ids in there, and TMDB is asked by them.")
        options = {"url": arguments.tmdb_url} if arguments.tmdb_url else {}
        key = read_key(arguments.key_file)
        done = fetch_tmdb(films["imdb_id"].dropna(), arguments.tmdb, key=key, progress=_bar, **options)
        print(f"{arguments.tmdb}: {done.n_new} new, {done.n_missing} not on TMDB, {done.n_failed} failed")
        if done.n_failed:
            raise ValueError(f"{done.n_failed} films could not be fetched. Run the same command again to go on.")


def models(arguments):
    """Tell where the coefficients come from, how they were made and what they reach."""
    from bechdel_stats.prediction.model import SHIPPED, load_model

    card = load_model(arguments.folder or SHIPPED).card
    for entry in ("sources", "licence", "recipe", "figures"):
        if card.get(entry):
            print(entry)
            print("\n".join(f"  {line}" for line in card[entry]))


def demo(arguments):
    """Predict six invented films."""
    import pandas as pd

    from bechdel_stats.prediction.model import predict_bechdel
    from bechdel_stats.results import Summary

    films = pd.DataFrame(
        [
            (
                "The Long Ride West",
                1956,
                "Western",
                4e6,
                96,
                0.10,
                "A gunman and his brother hunt a man.",
            ),
            ("Sisters of the Lake", 2018, "Drama|Romance", 8e6, 104, 0.62, "Two sisters and their mother meet again."),
            ("Orbit of Iron", 1999, "Action|Science Fiction", 9e7, 118, 0.22, "A pilot and his crew defend a station."),
            (
                "The House Downstairs",
                2012,
                "Horror",
                3e6,
                91,
                0.50,
                "A widow and her daughter hear a girl.",
            ),
            ("Company of Seven", 1971, "War", 1.2e7, 131, 0.05, "Seven soldiers and their captain hold a bridge."),
            ("School for Dragons", 2009, "Animation|Family", 7e7, 88, 0.35, "A boy and a girl raise the last dragon."),
        ],
        columns=["title", "year", "genres", "budget", "runtime", "cast_female_share", "overview"],
    )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of the columns that this table lacks
        chances = predict_bechdel(films, proba=True)
    scores = chances.iloc[:, :4].to_numpy().argmax(axis=1)
    table = films[["title", "year", "genres"]].assign(score=scores, passes=chances["passes"])
    print(Summary("Six invented films: most probable score 0-3, probability of passing", table))


def _check_folders(arguments):
    """Refuse what cannot be written before any work."""
    for option in ("out", "plot", "labels"):
        paths = getattr(arguments, option, None) or []
        for path in paths if isinstance(paths, list) else [paths]:
            if not path.parent.is_dir():
                raise ValueError(f"--{option} {path}: there is no folder {path.parent}. Make it, or write elsewhere.")


def _read(arguments):
    """The films of all files, joined; says on the terminal how many rows were left out."""
    from bechdel_stats.data.tables import read_films

    films = read_films(*arguments.files)
    if films.audit.n_dropped:
        print(f"bechdel-stats: {films.audit.n_dropped} rows left out; `bechdel-stats audit` tells why", file=sys.stderr)
    return films.table


def _identity(films):
    """What tells which film a row is about."""
    known = films[[name for name in ("imdb_id", "title", "year") if name in films]]
    return known.assign(year=known["year"].round().astype("Int64")) if "year" in known else known


def _put(summary, table, path):
    """Print a result, or write it: as CSV unrounded, otherwise as it reads."""
    if not path:
        print(summary)
        return
    from lightdiar.common.files import write_text

    text = table.to_csv(index=False, lineterminator="\n") if path.suffix == ".csv" else summary.to_text(path.suffix)
    write_text(path, text)
    print(path)


def _draw(result, path):
    if not path:
        return
    from bechdel_stats.pictures.plotting import save_plot

    save_plot(result.plot(), path)
    print(path)


def _say(text):
    """What a long job does now, where somebody watches."""
    if sys.stderr.isatty():
        print(f"\r{text:<60}", end="" if text else "\r", file=sys.stderr, flush=True)


def _bar(done, total):
    _say(f"[{'#' * (30 * done // max(1, total)):<30}] {done}/{total}" if done < total else "")


def _show_warning(message, *_args, **_kwargs):
    print(f"bechdel-stats: warning: {message}", file=sys.stderr)


def _parser():
    parser = argparse.ArgumentParser(
        prog="bechdel-stats",
        description=_DESCRIPTION,
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action=_Version, help="show the version and exit")
    commands = parser.add_subparsers(title="commands", metavar="COMMAND", required=True)

    def command(run, summary, files=True, out="write the table to FILE instead", plot=False):
        sub = commands.add_parser(run.__name__, help=summary, description=summary)
        sub.set_defaults(run=run)
        if files:
            sub.add_argument("files", nargs="+", metavar="FILE", type=Path, help="tables of films; several are joined")
        if out:
            sub.add_argument("--out", type=Path, metavar="FILE", help=out)
        if plot:
            sub.add_argument("--plot", type=Path, metavar="FILE", help="draw it: .png, .svg or .pdf (needs matplotlib)")
        return sub

    sub = command(predict, "score 0-3 of each film and its probability of passing")
    sub.add_argument("--model", type=Path, metavar="DIR", help="coefficients that `fit` wrote, not the shipped ones")

    sub = command(odds, "odds ratios of passing, crude and adjusted, with and without cast and crew gender", plot=True)
    sub.add_argument("--formula", help='such as "passes ~ genre_war + rcs(year, (1935, 1970, 2010))"')
    sub.add_argument("--gender", choices=["with", "without"], help="one of the two models, in full")
    sub.add_argument("--ordinal", action="store_true", help="odds of a higher score; whether they are proportional")
    sub.add_argument("--after-release", action="store_true", help="use votes and ratings too")
    sub.add_argument("--cluster", metavar="COLUMN", help="standard errors for films that are alike within a year, say")
    _add_level(sub)

    sub = command(rates, "share of films that pass, with Wilson intervals", plot=True)
    sub.add_argument("--by", metavar="COLUMN", help="year, genres, country, language, budget (genres)")
    sub.add_argument("--campaign", action="store_true", help="all combinations of genre, budget, period and country")
    sub.add_argument("--min-films", type=int, default=30, metavar="N", help="smaller groups are pooled (30)")
    _add_level(sub)

    sub = command(clusters, "types of films, found without the outcome, and how often each passes", plot=True)
    sub.add_argument("--types", type=int, metavar="N", help="how many; by default the stablest number")
    sub.add_argument("--labels", type=Path, metavar="FILE", help="write the type of each film as CSV")
    sub.add_argument("--seed", type=int, default=0, help="another start (0)")

    sub = command(report, "everything in one page for readers who are no statisticians", out=None)
    sub.add_argument("--out", type=Path, nargs="+", required=True, metavar="FILE", help=".html, .md or both")
    sub.add_argument("--language", choices=["en", "fr"], default="en", help="English or French (en)")

    command(audit, "what came in, what was left out and why, what is missing")

    sub = command(fit, "fit coefficients for `predict` to films with ratings 0-3", out=None)
    sub.add_argument("--out", type=Path, required=True, metavar="DIR", help="where coefficients and card are written")
    sub.add_argument("--card", type=Path, metavar="JSON", help="entries of the model card: sources, licence, recipe")
    sub.add_argument("--evaluate", action="store_true", help="cross-validate and add the figures to the card (minutes)")

    sub = command(fetch, "fetch ratings from bechdeltest.com and attributes from TMDB", files=False, out=None)
    sub.add_argument("--ratings", type=Path, metavar="FILE", help="ratings as .json: one call; kept if there")
    sub.add_argument("--refresh", action="store_true", help="fetch the ratings even if the file is there")
    sub.add_argument("--tmdb", type=Path, metavar="FILE", help="attributes and credits as .jsonl: slow, resumes")
    sub.add_argument("--films", type=Path, nargs="+", default=[], metavar="FILE", help="films to ask TMDB for")
    sub.add_argument("--key-file", type=Path, metavar="FILE", help="holds your TMDB key; by default TMDB_API_KEY")
    sub.add_argument("--ratings-url", metavar="URL", help="another address of the ratings")
    sub.add_argument("--tmdb-url", metavar="URL", help="another address of TMDB, such as a proxy")

    sub = command(models, "tell where the coefficients come from and what they reach", files=False, out=None)
    sub.add_argument("folder", type=Path, nargs="?", metavar="DIR", help="another model than the shipped one")
    command(demo, "scores of six invented films", files=False, out=None)
    return parser


def _add_level(sub):
    sub.add_argument("--conf-level", type=float, default=0.95, metavar="P", help="of the intervals (0.95)")


class _Version(argparse.Action):
    """Looks the version up only when it is asked for."""

    def __init__(self, **options):
        super().__init__(nargs=0, **options)

    def __call__(self, parser, *_):
        from importlib.metadata import version

        print(f"bechdel-stats {version('lightdiar')}")
        parser.exit()
