import contextlib
import json
import sys
import threading
import traceback
from datetime import datetime, timezone
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

import pytest

from bechdel_stats.data import fetch
from bechdel_stats.data.fetch import Fetched, fetch_ratings, fetch_tmdb, read_key
from bechdel_stats.data.tables import read_films
from bechdel_stats.words.messages import FilmsError, FilmsWarning

KEY = "0123456789abcdef0123456789abcdef"
TOKEN = "eyJhbGciOiJIUzI1NiJ9.eyJhdWQiOiJ4In0.c2lnbmF0dXJl"
RATINGS = [{"id": 1, "imdbid": "0087015", "title": "C.H.U.D.", "year": 1984, "rating": 2}]
IDS = ["tt0000011", "tt0000012", "tt0000013"]


class Server(ThreadingHTTPServer):
    """A small bechdeltest.com and TMDB that misbehaves as told: `troubles` maps a path to what goes wrong, in turn."""

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Handler)
        self.troubles = {}
        self.told = False  # whether the client has asked again
        self.requests = []  # (path, query, headers)
        self.url = f"http://127.0.0.1:{self.server_port}"

    def paths(self):
        return [path for path, *_ in self.requests]

    def handle_error(self, request, address):
        """Be silent about clients that hang up."""


class Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        address = urlsplit(self.path)
        self.server.told = bool(self.server.requests)
        query = {name: value for name, (value,) in parse_qs(address.query).items()}
        self.server.requests.append((address.path, query, dict(self.headers)))
        troubles = self.server.troubles.get(address.path, [])
        trouble = troubles.pop(0) if troubles else ""
        body = json.dumps(self.answer(address.path)).encode()
        if trouble == "close":
            self.connection.close()
        elif trouble == "slow":
            threading.Event().wait(0.5)
        elif trouble == "cut":
            self.reply(200, body[:-5], length=len(body))
        elif trouble == "cut, unsaid":
            self.reply(200, body[:-5], length=None)
        elif trouble == "not http":
            self.wfile.write(b"\x00\xff rubbish\r\n\r\n")
        elif trouble == "garbage":
            self.reply(200, b"\xff\xfe<html>")
        elif trouble == "deep":
            self.reply(200, b"[" * 100_000)
        elif trouble == "endless":
            self.reply(200, b"", length=None)
            with contextlib.suppress(OSError):
                for _ in range(200):
                    self.wfile.write(b" " * 100_000)
        elif trouble == "endless redirection":
            self.reply(302, b"", {"Location": f"{self.server.url}{address.path}"}, length=None)
            with contextlib.suppress(OSError):
                while not self.server.told:
                    self.wfile.write(b" " * 100_000)
        elif trouble.startswith("body "):
            self.reply(200, trouble[5:].encode())
        elif trouble.startswith("to "):
            self.reply(302, b"", {"Location": trouble[3:]})
        elif trouble:
            status, _, retry_after = trouble.partition(" ")
            self.reply(int(status), b"{}", {"Retry-After": retry_after} if retry_after else {})
        else:
            self.reply(200 if body != b"null" else 404, body)

    def answer(self, path):
        if path == "/ratings":
            return RATINGS
        number = int(path.rsplit("/", 1)[1].removeprefix("tt"))
        if path.startswith("/3/find/"):
            series = [{"id": 5, "name": "x"}] if number in (94, 95, 96) else []
            kind = {94: "tv_episode_results", 95: "tv_season_results"}.get(number, "tv_results")
            return {"movie_results": [{"id": number * 10}] if number < 90 else [], kind: series}
        cast = [{"id": 1, "gender": 1, "order": 0}]
        record = {"id": number, "title": f"Film {number}", "original_title": "x", "credits": {"cast": cast, "crew": []}}
        return record if number < 800 else None

    def reply(self, status, body, headers=None, length=0):
        self.send_response(status)
        if length is not None:
            self.send_header("Content-Length", str(length or len(body)))
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args):
        pass


@pytest.fixture
def server(monkeypatch):
    """The server, and a client that does not wait long."""
    monkeypatch.setattr(fetch, "_PAUSE", 0.0)
    monkeypatch.setattr(fetch, "_TIMEOUT", 0.3)
    monkeypatch.setenv("no_proxy", "*")
    with Server() as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.001})
        thread.start()
        yield server
        server.shutdown()
        thread.join()


class Clock:
    """A clock that only moves when somebody waits; `waits` are the seconds of each time."""

    def __init__(self):
        self.now, self.waits = 100.0, []

    def monotonic(self):
        return self.now

    def sleep(self, seconds):
        self.waits.append(seconds)
        self.now += seconds


@pytest.fixture
def clock(monkeypatch):
    clock = Clock()
    monkeypatch.setattr(fetch, "time", clock)
    return clock


@pytest.fixture
def get(server, tmp_path):
    """Fetch films into films.jsonl at full speed."""

    def get(ids=IDS, **options):
        options = {"key": KEY, "url": f"{server.url}/3", "requests_per_second": 1e6, **options}
        return fetch_tmdb(ids, tmp_path / "films.jsonl", **options)

    return get


def fetched_ids(tmp_path):
    return [json.loads(line)["imdb_id"] for line in (tmp_path / "films.jsonl").read_text().splitlines()]


# ratings


def test_ratings_are_one_request_and_none_while_the_file_is_there(server, tmp_path):
    out = tmp_path / "ratings.json"
    assert fetch_ratings(out, url=f"{server.url}/ratings") == 1
    assert fetch_ratings(out, url=f"{server.url}/ratings") == 1
    assert server.paths() == ["/ratings"]
    assert "bechdel_stats" in server.requests[0][2]["User-Agent"]
    assert fetch_ratings(out, url=f"{server.url}/ratings", refresh=True) == 1
    assert len(server.requests) == 2
    assert read_films(out).table["imdb_id"].tolist() == ["tt0087015"]
    assert [path.name for path in tmp_path.iterdir()] == ["ratings.json"]


@pytest.mark.parametrize(
    "trouble", ["429 0", "500", "503 0", "close", "slow", "cut", "cut, unsaid", "not http", "garbage", "deep"]
)
def test_ratings_survive_trouble_that_passes(server, tmp_path, monkeypatch, trouble):
    monkeypatch.setattr(fetch, "_TIMEOUT", 0.2 if trouble == "slow" else 5.0)
    server.troubles["/ratings"] = [trouble] * 2
    assert fetch_ratings(tmp_path / "ratings.json", url=f"{server.url}/ratings") == 1
    assert len(server.requests) == 3


@pytest.mark.parametrize(
    ("trouble", "message", "n_requests"),
    [
        ("500", "HTTP 500, 5 times. Try again later; nothing was changed", 5),
        ("429 0", "HTTP 429, 5 times", 5),
        ("cut", "IncompleteRead, 5 times", 5),
        ("close", "(RemoteDisconnected|ConnectionResetError), 5 times", 5),
        ("cut, unsaid", "no JSON that can be read, 5 times", 5),
        ("418", "HTTP 418. Try", 1),
        ("403", "HTTP 403. Try", 1),
        ("404", "HTTP 404. Check the address", 1),
        ("body []", "not a list of records with imdbid and rating", 1),
        ('body [{"imdbid": "1"}]', "not a list of records with imdbid and rating", 1),
        ('body {"status": 405}', "not a list of records with imdbid and rating", 1),
    ],
)
def test_ratings_that_are_not_complete_never_replace_the_file(server, tmp_path, trouble, message, n_requests):
    out = tmp_path / "ratings.json"
    out.write_text(json.dumps(RATINGS))
    server.troubles["/ratings"] = [trouble] * 9
    with pytest.raises(FilmsError, match=message):
        fetch_ratings(out, url=f"{server.url}/ratings", refresh=True)
    assert out.read_text() == json.dumps(RATINGS) and [path.name for path in tmp_path.iterdir()] == ["ratings.json"]
    assert len(server.requests) == n_requests


def test_a_cached_file_that_is_cut_off_is_refused(tmp_path):
    (tmp_path / "ratings.json").write_text(json.dumps(RATINGS)[:-1])
    with pytest.raises(FilmsError, match="ratings.json: not a complete JSON list of ratings. Fetch it again"):
        fetch_ratings(tmp_path / "ratings.json", url="http://127.0.0.1:9/")


@pytest.mark.parametrize("url", ["ftp://127.0.0.1/", "file:///etc/hostname", "ratings.json"])
def test_only_http_is_fetched_from(server, tmp_path, url):
    with pytest.raises(FilmsError, match="only http:// and https://"):
        fetch_ratings(tmp_path / "ratings.json", url=url)
    with pytest.raises(FilmsError, match="only http:// and https://"):
        fetch_tmdb(IDS, tmp_path / "films.jsonl", key=KEY, url=url)


@pytest.mark.parametrize("target", ["ftp://127.0.0.1/x", "file:///etc/hostname"])
def test_a_redirection_leads_nowhere_else(server, tmp_path, target):
    server.troubles["/ratings"] = [f"to {target}"] * 5
    with pytest.raises(FilmsError, match="ratings cannot be fetched: (HTTP 302|URLError)"):
        fetch_ratings(tmp_path / "ratings.json", url=f"{server.url}/ratings")
    assert not list(tmp_path.iterdir())


def test_files_have_the_suffix_that_reading_knows(tmp_path):
    with pytest.raises(FilmsError, match=r"a.csv: fetched into a .json file. Name it a.json"):
        fetch_ratings(tmp_path / "a.csv")
    with pytest.raises(FilmsError, match=r"a.json: fetched into a .jsonl file. Name it a.jsonl"):
        fetch_tmdb(IDS, tmp_path / "a.json", key=KEY)


# TMDB


def test_films_are_found_by_their_imdb_id_and_read_back(server, get, tmp_path):
    assert get(["11", "tt0000012", 11, 12.0]) == Fetched(n_asked=2, n_new=2, n_missing=0, n_failed=0)
    assert server.paths() == ["/3/find/tt0000011", "/3/movie/110", "/3/find/tt0000012", "/3/movie/120"]
    assert server.requests[0][1] == {"external_source": "imdb_id", "api_key": KEY}
    assert server.requests[1][1] == {"append_to_response": "credits", "api_key": KEY}
    table = read_films(tmp_path / "films.jsonl").table
    assert table["imdb_id"].tolist() == ["tt0000011", "tt0000012"] and table["tmdb_id"].tolist() == [110, 120]
    assert table["cast_women"].tolist() == [1, 1]


def test_a_read_access_token_goes_into_the_header_and_to_no_other_host(server, get):
    get(IDS[:1], key=TOKEN)
    assert server.requests[0][2]["Authorization"] == f"Bearer {TOKEN}"
    assert all("api_key" not in query for _, query, _ in server.requests)
    server.troubles["/3/find/tt0000012"] = [f"to {server.url}/3/find/tt0000013"]
    get(IDS[1:2], key=TOKEN)
    assert server.requests[3][0] == "/3/find/tt0000013" and "Authorization" not in server.requests[3][2]


@pytest.mark.parametrize(
    "trouble", ["429 0", "500", "close", "slow", "cut", "cut, unsaid", "not http", "garbage", "deep", "body []"]
)
def test_trouble_that_passes_costs_no_film(server, get, tmp_path, monkeypatch, trouble):
    monkeypatch.setattr(fetch, "_TIMEOUT", 0.2 if trouble == "slow" else 5.0)
    server.troubles = {"/3/find/tt0000011": [trouble], "/3/movie/120": [trouble] * 2}
    assert get() == Fetched(3, 3, 0, 0)
    assert fetched_ids(tmp_path) == IDS


@pytest.mark.parametrize(
    "trouble", ["429 0", "500", "close", "cut", "garbage", "418", "body {}", 'body {"movie_results": 5}',
                'body {"movie_results": [{}]}', 'body {"movie_results": [{"id": "x"}]}'],
)  # fmt: skip
def test_trouble_that_stays_isolates_the_film_and_the_next_run_mends_it(server, get, tmp_path, trouble):
    server.troubles = {"/3/find/tt0000012": [trouble] * 5}
    assert get() == Fetched(3, 2, 0, 1)
    assert fetched_ids(tmp_path) == ["tt0000011", "tt0000013"]
    server.troubles = {}
    server.requests.clear()
    assert get() == Fetched(3, 1, 0, 0)
    assert server.paths() == ["/3/find/tt0000012", "/3/movie/120"]
    assert fetched_ids(tmp_path) == ["tt0000011", "tt0000013", "tt0000012"]


def test_an_answer_about_another_film_is_not_taken(server, get, tmp_path):
    server.troubles = {"/3/movie/120": ['body {"id": 121}']}
    assert get() == Fetched(3, 2, 0, 1)
    assert fetched_ids(tmp_path) == ["tt0000011", "tt0000013"]


def test_films_that_tmdb_does_not_know_are_noted_and_not_asked_for_again(server, get, tmp_path):
    server.troubles = {"/3/find/tt0000011": ["404"]}
    assert get(["11", "85", "99", "12"]) == Fetched(4, 1, 3, 0)  # 404 for find, 404 for the movie, no result
    server.requests.clear()
    assert get(["11", "85", "99", "12"]) == Fetched(4, 0, 0, 0)
    assert server.requests == []
    films = read_films(tmp_path / "films.jsonl")
    assert films.table["imdb_id"].tolist() == ["tt0000012"]
    assert films.audit.dropped[["reason", "n_rows"]].values.tolist() == [["not on TMDB", 3]]


def test_retry_after_is_honoured(server, get, clock):
    server.troubles = {"/3/find/tt0000011": ["429 1", "503 7"]}
    assert get(IDS[:1]).n_new == 1
    assert [wait for wait in clock.waits if wait > 0.01] == [1, 7]


def test_nobody_is_waited_for_longer_than_two_minutes(server, get, clock):
    server.troubles = {"/3/find/tt0000011": ["429 86400"]}
    assert get(IDS[:1]).n_new == 1
    assert [wait for wait in clock.waits if wait > 0.01] == [120]


@pytest.mark.parametrize(
    ("asked", "waited"),
    [
        ("0", 0), (" 7 ", 7), ("121", 120), ("9" * 5000, 120), ("Wed, 21 Oct 2015 07:28:30 GMT", 30),
        ("Wednesday, 21-Oct-15 07:28:30 GMT", 30), ("Wed, 21 Oct 2015 07:28:30 -0000", 30),
        ("Wed, 21 Oct 2015 09:28:30 +0200", 30), ("Thu, 22 Oct 2015 07:28:00 GMT", 120),
        ("Wed, 21 Oct 2015 07:28:01 GMT", 3),
        ("Wed, 21 Oct 2015 07:27:00 GMT", 3), ("\u00b2", 3), ("-5", 3), ("1.5", 3), ("soon", 3), ("nan", 3), ("inf", 3),
        ("Wed, 99 Oct 99999 07:28:00 GMT", 3), ("\u0663", 3), ("", 3), (None, 3),
    ],
)  # fmt: skip
def test_retry_after_is_seconds_a_date_or_nothing(monkeypatch, asked, waited):
    monkeypatch.setattr(fetch, "_now", lambda: datetime(2015, 10, 21, 7, 28, tzinfo=timezone.utc))
    assert min(fetch._asked_pause(asked, 3.0), fetch._LONGEST_PAUSE) == waited


def test_an_odd_retry_after_does_not_end_a_fetch(server, get, clock):
    server.troubles = {"/3/find/tt0000011": ["429 \u00b2"]}
    assert get(IDS[:1]).n_new == 1 and len(server.requests) == 3


# answers


def test_an_answer_without_end_is_given_up_at_once(server, get, tmp_path, monkeypatch):
    monkeypatch.setattr(fetch, "_LARGEST_RATINGS", 1_000_000)
    monkeypatch.setattr(fetch, "_LARGEST_FILM", 1_000_000)
    server.troubles = {"/ratings": ["endless"], "/3/find/tt0000012": ["endless"]}
    message = "ratings cannot be fetched: the answer has more than 1000000 bytes. Try again later; nothing was changed"
    with pytest.raises(FilmsError, match=message):
        fetch_ratings(tmp_path / "ratings.json", url=f"{server.url}/ratings")
    assert server.paths() == ["/ratings"] and not list(tmp_path.iterdir())
    assert get() == Fetched(3, 2, 0, 1)


def test_the_body_of_a_redirection_is_not_waited_for(server, tmp_path):
    server.troubles = {"/ratings": ["endless redirection"]}
    assert fetch_ratings(tmp_path / "ratings.json", url=f"{server.url}/ratings") == 1


def test_an_answer_that_trickles_is_given_up(server, tmp_path, monkeypatch):
    monkeypatch.setattr(fetch, "_LONGEST_ANSWER", -1.0)
    with pytest.raises(FilmsError, match="ratings cannot be fetched: the answer takes more than -1 s"):
        fetch_ratings(tmp_path / "ratings.json", url=f"{server.url}/ratings")


def test_an_answer_may_have_as_many_bytes_as_the_limit_says(server, tmp_path, monkeypatch):
    body = len(json.dumps(RATINGS))
    monkeypatch.setattr(fetch, "_LARGEST_RATINGS", body)
    assert fetch_ratings(tmp_path / "ratings.json", url=f"{server.url}/ratings") == 1
    monkeypatch.setattr(fetch, "_LARGEST_RATINGS", body - 1)
    with pytest.raises(FilmsError, match=f"the answer has more than {body - 1} bytes"):
        fetch_ratings(tmp_path / "ratings.json", url=f"{server.url}/ratings", refresh=True)


def test_a_film_that_reading_would_refuse_is_not_written(server, get, tmp_path, monkeypatch):
    monkeypatch.setattr(fetch, "LONGEST_RECORD", 200)
    server.troubles = {"/3/movie/120": ['body {"id": 120, "title": "' + "\u00e9" * 40 + '"}']}  # 6 characters each
    assert get() == Fetched(3, 2, 0, 1)
    assert fetched_ids(tmp_path) == ["tt0000011", "tt0000013"]


# two at once


def test_a_file_that_another_fetch_writes_is_left_to_it(server, get, tmp_path):
    def second(done, total):
        if done == 1:
            with pytest.raises(
                FilmsError, match="^films.jsonl: another fetch is writing this file. Wait for it to end"
            ):
                get()

    assert get(progress=second) == Fetched(3, 3, 0, 0)
    assert fetched_ids(tmp_path) == IDS
    assert [path.name for path in tmp_path.iterdir()] == ["films.jsonl"]
    assert get() == Fetched(3, 0, 0, 0)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has other locks")
def test_a_file_system_without_locks_is_no_reason_to_stop(get, monkeypatch):
    import fcntl

    def refuse(*_):
        raise OSError(37, "No locks available")

    monkeypatch.setattr(fcntl, "flock", refuse)
    assert get() == Fetched(3, 3, 0, 0)


def test_series_are_counted_told_and_not_asked_for_again(server, get, tmp_path):
    message = "^3 of the titles are series on TMDB, not films. That is noted, and not asked for again.$"
    with pytest.warns(FilmsWarning, match=message):
        assert get(["11", "94", "95", "96", "99"]) == Fetched(5, 1, 1, 0, n_series=3)
    server.requests.clear()
    assert get(["11", "94", "95", "96", "99"]) == Fetched(5, 0, 0, 0) and server.requests == []
    dropped = read_films(tmp_path / "films.jsonl").audit.dropped
    assert dropped[["reason", "n_rows"]].values.tolist() == [["a series on TMDB", 3], ["not on TMDB", 1]]


def test_without_retry_after_the_pauses_double(server, get, clock, monkeypatch):
    monkeypatch.setattr(fetch, "_PAUSE", 0.05)
    server.troubles = {"/3/find/tt0000011": ["429", "500", "429 Wed, 21 Oct 2015 07:28:00 GMT"]}
    get(IDS[:1])
    assert [wait for wait in clock.waits if wait > 0.01] == [0.05, 0.1, 0.2]


def test_no_more_requests_per_second_than_allowed(server, get, clock):
    get(requests_per_second=20)
    assert len(server.requests) == 6 and clock.waits == pytest.approx([0, *[1 / 20] * 5])
    with pytest.raises(ValueError, match="requests_per_second must be positive; got 0"):
        get(requests_per_second=0)


@pytest.mark.parametrize("status", [401, 403])
def test_a_refused_key_ends_it_at_once_and_is_not_shown(server, get, tmp_path, status):
    server.troubles = {"/3/find/tt0000012": [str(status)]}
    message = rf"TMDB refuses the key \(HTTP {status}\). Set TMDB_API_KEY or name a file"
    with pytest.raises(FilmsError, match=message) as error:
        get()
    assert len(server.requests) == 3 and fetched_ids(tmp_path) == IDS[:1]
    shown = "".join(traceback.format_exception(error.value))
    assert KEY not in shown and "\n" not in str(error.value)


@pytest.mark.parametrize("key", [KEY, TOKEN])
@pytest.mark.parametrize("trouble", ["429 0", "500", "418", "close", "cut", "garbage", "not http", "deep", "404"])
def test_the_key_is_in_no_message_and_no_file(server, get, tmp_path, monkeypatch, capfd, key, trouble):
    monkeypatch.setattr(fetch, "_HOPELESS", 2)
    ids = [f"tt00000{number}" for number in (11, 12)]
    server.troubles = {f"/3/find/{film}": [trouble] * 5 for film in ids}
    try:
        shown = repr(get(ids, key=key))
    except FilmsError as error:
        shown = "".join(traceback.format_exception(error))
    printed = capfd.readouterr()
    assert key not in shown + printed.out + printed.err + (tmp_path / "films.jsonl").read_text()


def test_a_service_that_is_down_is_not_asked_for_every_film(server, get, tmp_path):
    ids = [f"tt00000{number}" for number in range(11, 41)]
    server.troubles = {f"/3/find/{film}": ["500"] * 9 for film in ids[2:]}
    message = r"10 films in a row .*last: HTTP 500, 5 times.*2 new films are in films.jsonl"
    with pytest.raises(FilmsError, match=message):
        get(ids)
    assert len(server.requests) == 4 + 10 * 5
    server.troubles = {f"/3/find/{film}": ["500"] * 5 for film in ids[2::2]}
    assert get(ids) == Fetched(30, 14, 0, 14)  # failures between successes are no reason to stop


def test_nobody_there(get, tmp_path):
    with pytest.raises(FilmsError, match="ratings cannot be fetched: ConnectionRefusedError, 5 times"):
        fetch_ratings(tmp_path / "ratings.json", url="http://127.0.0.1:9/ratings")
    assert get(IDS, url="http://127.0.0.1:9") == Fetched(3, 0, 0, 3)


def test_interrupted_it_goes_on_where_it_stopped(server, get, tmp_path):
    def interrupt(done, total):
        if done == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        get(progress=interrupt)
    assert fetched_ids(tmp_path) == IDS[:2]
    seen = []
    server.requests.clear()
    assert get(progress=lambda *counts: seen.append((*counts, len(fetched_ids(tmp_path))))) == Fetched(3, 1, 0, 0)
    assert server.paths() == ["/3/find/tt0000013", "/3/movie/130"]
    assert seen == [(2, 3, 2), (3, 3, 3)]  # what is told is in the file
    assert fetched_ids(tmp_path) == IDS


def test_a_file_cut_off_at_any_byte_is_completed(server, get, tmp_path):
    out = tmp_path / "films.jsonl"
    get(IDS[:2])
    whole = out.read_bytes()
    for length in range(0, len(whole) + 1, 7):
        out.write_bytes(whole[:length])
        get(IDS[:2])
        assert out.read_bytes() == whole


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (
            b'{"imdb_id": "tt0000011"}\nmy notes\n',
            "films.jsonl:2: not a record of TMDB. Name another file, or correct it",
        ),
        (b"my notes", "films.jsonl:1: not a record of TMDB"),
        (b'[{"imdb_id": "tt0000011"}]\n', "films.jsonl:1: not a record of TMDB"),
        (b'{"id": 5}\n{"imdb', "films.jsonl:1: not a record of TMDB"),
        (b'{"imdb_id": ["tt0000011"]}\n', "films.jsonl:1: not a record of TMDB"),
        (b'{"imdb_id": "a"}\n{"imdb_id": null}\n', "films.jsonl:2: not a record of TMDB"),
        (b'{"imdb_id": ' + b"[" * 100_000 + b"\n", "films.jsonl:1: not a record of TMDB"),
        (b'{"imdb_id": "\xe9"}\n', "films.jsonl:1: not a record of TMDB"),
        (b'{"n": ' + b"9" * 5000 + b', "imdb_id": "a"}\n', "films.jsonl:1: not a record of TMDB"),
    ],
)
def test_a_file_of_something_else_is_left_alone(server, get, tmp_path, content, message):
    (tmp_path / "films.jsonl").write_bytes(content)
    with pytest.raises(FilmsError, match=message):
        get()
    assert (tmp_path / "films.jsonl").read_bytes() == content and server.requests == []


def test_a_record_without_end_is_not_read_whole(server, get, tmp_path, monkeypatch):
    monkeypatch.setattr(fetch, "LONGEST_RECORD", 1000)
    content = b'{"imdb_id": "tt0000011"}\n{"imdb_id": "' + b"a" * 1000
    (tmp_path / "films.jsonl").write_bytes(content)
    with pytest.raises(FilmsError, match="films.jsonl:2: not a record of TMDB"):
        get()
    assert (tmp_path / "films.jsonl").read_bytes() == content


def test_a_key_file_is_small_and_its_text_is_in_no_message(tmp_path):
    (tmp_path / "key").write_bytes(b"\xff" + KEY.encode())
    with pytest.raises(FilmsError, match="^key holds no TMDB key") as error:
        read_key(tmp_path / "key")
    assert KEY not in "".join(traceback.format_exception(error.value))
    (tmp_path / "key").write_bytes(b"a" * 10_001)
    with pytest.raises(FilmsError, match="^key holds no TMDB key"):
        read_key(tmp_path / "key")


def test_ids_that_are_none_are_counted_in_a_warning(server, get):
    with pytest.warns(FilmsWarning, match=r"2 of 3 IMDb ids cannot be used \(first: 'nm1'\)"):
        assert get(["nm1", "11", None]) == Fetched(1, 1, 0, 0)
    with pytest.raises(TypeError, match="imdb_ids must be a list of ids; got the text 'tt0000011'"):
        get("tt0000011")
    assert get([]) == Fetched(0, 0, 0, 0)


# the key


def test_the_key_comes_from_the_file_or_the_environment(tmp_path, monkeypatch):
    monkeypatch.setenv("TMDB_API_KEY", f" {KEY}\n")
    assert read_key() == KEY
    (tmp_path / "key").write_text(f"\ufeff{TOKEN}\n", encoding="utf-8")
    assert read_key(tmp_path / "key") == TOKEN


@pytest.mark.parametrize(
    "content", [b"", b"two words", b"key=secret", b"line\nsecret", "two words".encode("utf-16"), "s\u00e9cret".encode()]
)
def test_what_is_no_key_is_refused_and_not_shown(tmp_path, monkeypatch, content):
    monkeypatch.delenv("TMDB_API_KEY", raising=False)
    (tmp_path / "key").write_bytes(content)
    with pytest.raises(FilmsError, match="no TMDB key.*Set TMDB_API_KEY or name a file that holds the key") as error:
        read_key(tmp_path / "key")
    assert "secret" not in str(error.value)
    with pytest.raises(FilmsError, match="no TMDB key. Set"):
        read_key()
    with pytest.raises(FilmsError, match="no TMDB key"):
        fetch_tmdb(IDS, tmp_path / "films.jsonl", key="a secret")
