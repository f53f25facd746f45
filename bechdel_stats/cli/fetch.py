"""``bechdel-stats fetch``: fetch ratings from bechdeltest.com and attributes from TMDB."""

from pathlib import Path

from bechdel_stats.cli.films import show_progress
from lightdiar.common.commandline import show
from lightdiar.common.notation import count_of

SUMMARY = "fetch ratings from bechdeltest.com and attributes from TMDB"


def add_arguments(parser):
    parser.add_argument(
        "--ratings", type=Path, metavar="FILE", help="ratings as .json: one request; an existing file is kept"
    )
    parser.add_argument("--refresh", action="store_true", help="fetch the ratings even if the file exists")
    parser.add_argument(
        "--tmdb", type=Path, metavar="FILE", help="attributes and credits as .jsonl: slow, can be resumed"
    )
    parser.add_argument("--films", type=Path, nargs="+", default=[], metavar="FILE", help="films to ask TMDB for")
    parser.add_argument("--key-file", type=Path, metavar="FILE", help="file with your TMDB key; default TMDB_API_KEY")
    parser.add_argument("--ratings-url", metavar="URL", help="another address of the ratings")
    parser.add_argument("--tmdb-url", metavar="URL", help="another address of TMDB, such as a proxy")


def run(arguments):
    """Fetch ratings from bechdeltest.com, or attributes from TMDB; an interrupted run continues where it stopped."""
    from bechdel_stats.data.fetch import fetch_ratings, fetch_tmdb, read_key
    from bechdel_stats.data.tables import read_films

    if not arguments.ratings and not arguments.tmdb:
        raise ValueError("fetch needs --ratings FILE, or --tmdb FILE with the ratings it is for, or both.")
    if arguments.ratings:
        options = {"url": arguments.ratings_url} if arguments.ratings_url else {}
        n_films = fetch_ratings(arguments.ratings, refresh=arguments.refresh, **options)
        show(f"{arguments.ratings}: {count_of(n_films, 'film')}")
    if arguments.tmdb:
        sources = [*arguments.films, *([arguments.ratings] if arguments.ratings else [])]
        if not sources:
            raise ValueError("--tmdb needs --ratings FILE or --films FILE: the films to ask for, by IMDb id.")
        films = read_films(*sources).table
        if "imdb_id" not in films:
            raise ValueError("--films: there are no IMDb ids, by which TMDB is asked. Add a column imdb_id.")
        options = {"url": arguments.tmdb_url} if arguments.tmdb_url else {}
        key = read_key(arguments.key_file)
        done = fetch_tmdb(films["imdb_id"].dropna(), arguments.tmdb, key=key, progress=_bar, **options)
        series = f", {done.n_series} series" if done.n_series else ""
        show(f"{arguments.tmdb}: {done.n_new} new, {done.n_missing} not on TMDB{series}, {done.n_failed} failed")
        if done.n_failed:
            films = count_of(done.n_failed, "film")
            raise ValueError(f"{films} could not be fetched. Run the same command again to go on.")


def _bar(done, total):
    show_progress(f"[{'#' * (30 * done // max(1, total)):<30}] {done}/{total}" if done < total else "")
