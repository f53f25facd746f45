import json

import pandas as pd
import pytest

from bechdel_stats.data import fetch
from bechdel_stats.data.fetch import Fetched

KEY = "0123456789abcdef0123456789abcdef"
RATINGS = [{"id": 1, "imdbid": "0087015", "title": "C.H.U.D.", "rating": 2}, {"imdbid": "", "title": "x", "rating": 3}]


@pytest.fixture
def asked(monkeypatch):
    """What is asked of both services, in turn; two of three films are new."""
    asked = []

    def fetch_ratings(out, **options):
        asked.append(("ratings", out.name, options))
        out.write_text(json.dumps(RATINGS), encoding="utf-8")
        return len(RATINGS)

    def fetch_tmdb(ids, out, *, key, progress, **options):
        asked.append(("tmdb", list(ids), out.name, key, options))
        return Fetched(n_asked=3, n_new=2, n_missing=1, n_failed=0)

    monkeypatch.setattr(fetch, "fetch_ratings", fetch_ratings)
    monkeypatch.setattr(fetch, "fetch_tmdb", fetch_tmdb)
    monkeypatch.setenv("TMDB_API_KEY", KEY)
    return asked


def test_tmdb_is_asked_for_the_films_of_the_ratings_that_have_an_id(run, asked, tmp_path, capsys):
    ratings, films = tmp_path / "ratings.json", tmp_path / "films.jsonl"
    assert run("fetch", "--ratings", ratings, "--tmdb", films) == 0
    assert asked == [
        ("ratings", "ratings.json", {"refresh": False}),
        ("tmdb", ["tt0087015"], "films.jsonl", KEY, {}),
    ]
    assert capsys.readouterr().out == f"{ratings}: 2 films\n{films}: 2 new, 1 not on TMDB, 0 failed\n"


def test_addresses_refresh_films_and_a_key_file_are_passed_on(run, asked, tmp_path):
    (tmp_path / "key").write_text("another.key\n", encoding="utf-8")
    pd.DataFrame({"imdb_id": ["7", "8"]}).to_csv(tmp_path / "own.csv", index=False)
    assert run("fetch", "--ratings", tmp_path / "r.json", "--refresh", "--ratings-url", "http://r/") == 0
    options = ["--films", tmp_path / "own.csv", "--key-file", tmp_path / "key", "--tmdb-url", "http://t/"]
    assert run("fetch", "--tmdb", tmp_path / "t.jsonl", *options) == 0
    assert asked == [
        ("ratings", "r.json", {"url": "http://r/", "refresh": True}),
        ("tmdb", ["tt0000007", "tt0000008"], "t.jsonl", "another.key", {"url": "http://t/"}),
    ]


def test_films_that_failed_end_it_with_status_2(run, asked, monkeypatch, tmp_path, capsys):
    monkeypatch.setattr(fetch, "fetch_tmdb", lambda *_, **__: Fetched(n_asked=4, n_new=2, n_missing=1, n_failed=1))
    assert run("fetch", "--ratings", tmp_path / "r.json", "--tmdb", tmp_path / "t.jsonl") == 2
    told = capsys.readouterr()
    assert told.out.endswith("t.jsonl: 2 new, 1 not on TMDB, 1 failed\n")
    assert told.err == "bechdel-stats: 1 film could not be fetched. Run the same command again to go on.\n"


def test_the_bar_grows_and_goes_away(monkeypatch):
    from bechdel_stats.cli import fetch as command

    shown = []
    monkeypatch.setattr(command, "show_progress", shown.append)
    for done, total in ((0, 4), (2, 4), (4, 4), (0, 0)):
        command._bar(done, total)
    assert shown == [f"[{' ' * 30}] 0/4", f"[{'#' * 15}{' ' * 15}] 2/4", "", ""]


@pytest.mark.parametrize(
    "arguments, message",
    [
        (("--ratings", "TMP/nowhere/x.json"), "nowhere does not exist. Create it, or write elsewhere."),
        ((), "fetch needs --ratings FILE"),
        (("--tmdb", "TMP/tmdb.jsonl"), "--tmdb needs --ratings FILE or --films FILE"),
        (
            ("--tmdb", "TMP/tmdb.jsonl", "--films", "TMP/own.csv"),
            "--films: there are no IMDb ids, by which TMDB is asked. Add a column imdb_id.",
        ),
    ],
)
def test_what_cannot_be_fetched_is_refused(refused, tmp_path, arguments, message):
    (tmp_path / "own.csv").write_text("title\nx\n", encoding="utf-8")
    assert message in refused("fetch", *(argument.replace("TMP", str(tmp_path)) for argument in arguments))
