"""Fetch ratings from bechdeltest.com and attributes from TMDB, politely and without losing anything if interrupted.

The ratings take one request for all films, and none if the file exists. TMDB is queried film by film: each answer is
appended to the file as one JSON line, so that a second run continues where the first stopped; while one runs, the file
is locked for others. An answer may have so many bytes and take so long, and no more. Both have terms of use: CC BY-NC
3.0 for the ratings, non-commercial use for TMDB; do not pass the files on.
"""

import email.utils
import http.client
import json
import os
import re
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timezone
from itertools import chain
from numbers import Real
from pathlib import Path

from bechdel_stats.data.files import LONGEST_RECORD
from bechdel_stats.data.readers import imdb_id
from bechdel_stats.data.sources import NOT_FOUND, SERIES
from bechdel_stats.words.messages import FilmsError, Message, Verbatim, check_kind, warn
from lightdiar.common.files import PathLike, check_folder, lock, write_bytes
from lightdiar.common.foreign import PIECE, decoded, json_items, parse_json, read_pieces, read_text
from lightdiar.errors import FormatError

RATINGS_URL = "http://bechdeltest.com/api/v1/getAllMovies"
TMDB_URL = "https://api.themoviedb.org/3"
KEY_VARIABLE = "TMDB_API_KEY"
_AGENT = "bechdel_stats (film statistics; one user, cached)"
_TRIES = 5
_PAUSE = 1.0  # seconds before the second try; doubles with every further try
_LONGEST_PAUSE = 120.0  # seconds, whatever Retry-After asks for
_TIMEOUT = 30.0  # seconds without a byte
_LONGEST_ANSWER = 300.0  # seconds for all of an answer
_LARGEST_RATINGS = 32_000_000  # bytes; all ratings are 1 MB
_LARGEST_FILM = LONGEST_RECORD  # bytes; the largest casts are 0.5 MB
_HOPELESS = 10  # failures in a row after which the service counts as down
_STRANGE = "the answer is not in TMDB's format"
_KEY_HELP = f"Set {KEY_VARIABLE} or name a file that holds the key; https://www.themoviedb.org/settings/api has it."


@dataclass(frozen=True)
class Fetched:
    """The outcome of a request for films.

    Parameters
    ----------
    n_asked : int
        Distinct films asked for; those not counted below were already in the file.
    n_new : int
        Films fetched in this run.
    n_missing : int
        Films unknown to TMDB; recorded, and not asked for again.
    n_failed : int
        Films that could not be fetched; the next run tries them again.
    n_series : int
        Titles that TMDB has as television, not as films; recorded, and not asked for again.
    """

    n_asked: int
    n_new: int
    n_missing: int
    n_failed: int
    n_series: int = 0


class _FetchFailed(Exception):
    """A request failed for good; the message holds neither the address nor the key."""


class _Refused(_FetchFailed):
    """The service refused access."""


def fetch_ratings(out: PathLike, *, url: str = RATINGS_URL, refresh: bool = False) -> int:
    """Fetch all ratings from bechdeltest.com into a file, in one request.

    Parameters
    ----------
    out : path
        A .json file; if it exists, nothing is requested.
    url : str
        Address of the list.
    refresh : bool, default=False
        Fetch again even if the file exists; it is replaced only by a complete list.

    Returns
    -------
    n_films : int
        Number of records in the file.

    Raises
    ------
    FilmsError
        If the file, or the address, does not hold a complete list of records with imdbid and rating.
    OSError
        If the file cannot be written.
    """
    out = _checked_path(out, ".json")
    if out.exists() and not refresh:
        return _count_ratings(out.name, read_pieces(out, _LARGEST_RATINGS, name=out.name))
    _check_url(url)
    try:
        content = _request(url, _LARGEST_RATINGS, parse=_checked_list)
    except _FetchFailed as error:
        raise FilmsError(f"ratings cannot be fetched: {error}. Try again later; nothing was changed.") from None
    if content is None:
        raise FilmsError("ratings cannot be fetched: HTTP 404. Check the address.")
    n_films = _count_ratings("answer", [content])
    if b"NaN" in content or b"Infinity" in content:  # which are no JSON, though programs write them
        content = json.dumps(parse_json(_text(content), "answer"), ensure_ascii=False).encode()
    write_bytes(out, content)
    return n_films


def fetch_tmdb(
    imdb_ids: Iterable[object],
    out: PathLike,
    *,
    key: str,
    url: str = TMDB_URL,
    requests_per_second: float = 10,
    progress: Callable[[int, int], object] | None = None,
) -> Fetched:
    """Fetch attributes and credits of films from TMDB; an interrupted run can be continued.

    Parameters
    ----------
    imdb_ids : iterable
        IMDb ids, with or without tt and leading zeros; each one not yet in `out` takes two requests.
    out : path
        A .jsonl file with one record per film, which is appended to; `read_films` can read it.
    key : str
        TMDB key (v3) or read access token (v4); see `read_key`.
    url : str
        Address of the API.
    requests_per_second : float, default=10
        TMDB allows about 40.
    progress : callable, optional
        Called with the number of films done and the total.

    Returns
    -------
    fetched : Fetched

    Raises
    ------
    FilmsError
        If the key is refused, `out` holds other data or is being written by another fetch, or 10 films in a row fail.
        What was fetched is kept.
    OSError
        If the file cannot be written.

    Warns
    -----
    FilmsWarning
        If some values are not IMDb ids, or belong to series.
    """
    out = _checked_path(out, ".jsonl")
    _check_url(url)
    check_kind("requests_per_second", requests_per_second, Real, "a number, such as 10")
    if not requests_per_second > 0:
        raise ValueError(f"requests_per_second must be positive; got {requests_per_second}. 10 is polite.")
    wanted = _usable_ids(imdb_ids)
    tmdb = _Tmdb(url.rstrip("/"), _checked_key(key), 1 / requests_per_second)
    counts = {"n_new": 0, "n_missing": 0, "n_series": 0, "n_failed": 0}
    with open(out, "a+b") as file:
        if not lock(file):
            raise FilmsError(Message("being_fetched", file=Verbatim(out.name)))
        done = _resume(file, out.name)
        todo = [film for film in wanted if film not in done]
        tell = progress or (lambda n_done, n_films: None)
        tell(len(wanted) - len(todo), len(wanted))
        in_a_row = 0
        for n_done, film in enumerate(todo, start=len(wanted) - len(todo) + 1):
            try:
                record = tmdb.film(film)
                line = json.dumps(record)
                if len(line) > LONGEST_RECORD:
                    raise _FetchFailed(f"the record has more than {LONGEST_RECORD} characters")
            except _Refused as error:
                raise FilmsError(f"TMDB refuses the key ({error}). {_KEY_HELP}") from None
            except _FetchFailed as error:
                counts["n_failed"] += 1
                in_a_row += 1
                if in_a_row == _HOPELESS:
                    raise FilmsError(
                        f"{in_a_row} films in a row could not be fetched (last: {error}). Start again later: "
                        f"{counts['n_new']} new films are in {out.name} and are not requested again."
                    ) from None
            else:
                in_a_row = 0
                kind = {None: "n_new", SERIES: "n_series"}.get(record.get(NOT_FOUND), "n_missing")
                counts[kind] += 1
                file.write(line.encode("ascii") + b"\n")
                file.flush()
            tell(n_done, len(wanted))
    if counts["n_series"]:
        warn(Message("series_on_tmdb", n=counts["n_series"]))
    return Fetched(len(wanted), **counts)


def read_key(file: PathLike | None = None) -> str:
    """Return the TMDB key from a file, or from the environment variable TMDB_API_KEY.

    Parameters
    ----------
    file : path, optional
        A text file that contains only the key.

    Raises
    ------
    FilmsError
        If there is no key; no message ever contains it.
    OSError
        If there is no such file.
    """
    check_kind("file", file, (str, os.PathLike, type(None)), "the path of a text file that contains the key")
    if file is None:
        key = os.environ.get(KEY_VARIABLE, "")
    else:
        try:
            key = read_text(file, 10_000)
        except FormatError:  # its text may hold the key
            raise FilmsError(f"{Path(file).name} holds no TMDB key. {_KEY_HELP}") from None
    return _checked_key(key.strip())


class _Tmdb:
    """The API of TMDB, authorised and no faster than allowed."""

    def __init__(self, url, key, interval):
        self.url, self.key, self.interval = url, key, interval
        self.free_at = time.monotonic()

    def film(self, film):
        """Record of one film, or a record that marks it as unknown to TMDB."""
        found = self._get(f"find/{film}", external_source="imdb_id")
        number = None if found is None else _movie_number(found)
        record = None if number is None else self._get(f"movie/{number}", append_to_response="credits")
        if record is None:
            return {"imdb_id": film, NOT_FOUND: SERIES if number is None and found and _is_series(found) else True}
        if record.get("id") != number:
            raise _FetchFailed(_STRANGE)
        return {**record, "imdb_id": film}

    def _get(self, path, **query):
        """A JSON object, or None if there is none."""
        bearer = self.key.startswith("eyJ") and self.key.count(".") == 2  # a v4 token is a JWT
        query = query if bearer else {**query, "api_key": self.key}
        return _request(
            f"{self.url}/{path}?{urllib.parse.urlencode(query)}",
            _LARGEST_FILM,
            token=self.key if bearer else None,
            before=self._wait,
            parse=_object,
        )

    def _wait(self):
        time.sleep(max(0.0, self.free_at - time.monotonic()))
        self.free_at = time.monotonic() + self.interval


def _request(url, largest, *, token=None, before=lambda: None, parse):
    """The parsed answer to a GET request, or None for 404; retried if the service is busy, broken, slow or cut off."""
    pause = _PAUSE
    for number in range(1, _TRIES + 1):
        before()
        wait = None
        try:
            request = urllib.request.Request(url, headers={"User-Agent": _AGENT, "Accept": "application/json"})
            if token:
                request.add_unredirected_header("Authorization", f"Bearer {token}")  # for this host only
            with _opener().open(request, timeout=_TIMEOUT) as response:
                content = _read(response, largest)
            return parse(content)
        except urllib.error.HTTPError as error:
            with error:
                if error.code == 404:
                    return None
                if error.code in (401, 403):
                    raise _Refused(f"HTTP {error.code}") from None
                if error.code != 429 and error.code < 500:
                    raise _FetchFailed(f"HTTP {error.code}") from None
                reason, wait = f"HTTP {error.code}", error.headers.get("Retry-After")
        except FormatError:
            reason = "no JSON that can be read"
        except (OSError, http.client.HTTPException, ValueError) as error:  # URLError is an OSError
            reason = getattr(error, "reason", error)
            reason = type(reason if isinstance(reason, Exception) else error).__name__  # its text may hold the address
        if number < _TRIES:
            time.sleep(min(_asked_pause(wait, pause), _LONGEST_PAUSE))
            pause *= 2
    raise _FetchFailed(f"{reason}, {_TRIES} times")


def _read(response, largest):
    """Body of an answer, given up if it is too large or takes too long."""
    pieces, n_bytes, started = [], 0, time.monotonic()
    while piece := response.read1(PIECE):
        pieces.append(piece)
        n_bytes += len(piece)
        if n_bytes > largest:
            raise _FetchFailed(f"the answer has more than {largest} bytes")
        if time.monotonic() - started > _LONGEST_ANSWER:
            raise _FetchFailed(f"the answer takes more than {_LONGEST_ANSWER:.0f} s")
    if response.length:  # of what was announced
        raise http.client.IncompleteRead(b"", response.length)
    return b"".join(pieces)


def _asked_pause(asked, pause):
    """Seconds that Retry-After asks for, as a number or a date; `pause` for a past date and for anything else."""
    asked = (asked or "").strip()
    if re.fullmatch("[0-9]+", asked):
        return float(asked[:9]) if len(asked) < 10 else _LONGEST_PAUSE
    try:
        date = email.utils.parsedate_to_datetime(asked)
    except (TypeError, ValueError, LookupError, OverflowError):
        return pause
    date = date if date.tzinfo else date.replace(tzinfo=timezone.utc)
    return max((date - _now()).total_seconds(), pause)


def _now():
    return datetime.now(timezone.utc)


class _Redirections(urllib.request.HTTPRedirectHandler):
    """Redirections whose bodies, which may not end, are not read."""

    def http_error_302(self, req, fp, code, msg, headers):
        fp.read = bytes  # for `super`, which drops it
        return super().http_error_302(req, fp, code, msg, headers)

    http_error_301 = http_error_303 = http_error_307 = http_error_308 = http_error_302


def _opener():
    """An opener for http and https only, redirects included."""
    opener = urllib.request.OpenerDirector()
    for handler in (
        urllib.request.ProxyHandler,
        urllib.request.UnknownHandler,
        urllib.request.HTTPHandler,
        urllib.request.HTTPSHandler,
        urllib.request.HTTPDefaultErrorHandler,
        _Redirections,
        urllib.request.HTTPErrorProcessor,
    ):
        opener.add_handler(handler())
    return opener


def _movie_number(found):
    """TMDB id in the answer to `find`, or None if there is no such film."""
    movies = found.get("movie_results")
    if movies == []:
        return None
    if not isinstance(movies, list) or not isinstance(movies[0], dict) or not isinstance(movies[0].get("id"), int):
        raise _FetchFailed(_STRANGE)
    return movies[0]["id"]


def _is_series(found):
    """Whether TMDB has found television."""
    return any(found.get(kind) for kind in ("tv_results", "tv_season_results", "tv_episode_results"))


def _object(content):
    """A JSON object; FormatError for anything else, so that a broken answer is requested again."""
    value = parse_json(_text(content), "answer")
    if not isinstance(value, dict):
        raise FormatError("not a JSON object")
    return value


def _checked_list(content):
    """The content itself; FormatError if it is a JSON list that is not complete. Others are `_count_ratings`'s."""
    if content.lstrip()[:1] == b"[":
        for _ in json_items(decoded([content], "answer"), "answer", LONGEST_RECORD):
            pass
    else:
        parse_json(_text(content)[:LONGEST_RECORD], "answer")
    return content


def _text(content):
    return "".join(decoded([content], "answer"))


def _count_ratings(name, pieces):
    """Number of records in a JSON list of ratings, which is not held."""
    texts = decoded(pieces, name)
    n_films = 0
    try:
        head = next((text for text in texts if text.strip()), "")
        listed = head.lstrip().startswith("[")
        for record in json_items(chain([head], texts), name, LONGEST_RECORD) if listed else ():
            if not isinstance(record, dict) or not {"imdbid", "rating"} <= set(record):
                n_films = 0
                break
            n_films += 1
    except FormatError:
        raise FilmsError(f"{name}: not a complete JSON list of ratings. Fetch it again with refresh=True.") from None
    if not n_films:
        raise FilmsError(f"{name}: not a list of records with imdbid and rating. Fetch it again with refresh=True.")
    return n_films


def _resume(file, name):
    """Ids already in a file; a truncated last line is removed, to be requested again."""
    done: set[str] = set()
    n_bytes = number = 0
    file.seek(0)
    for number, line in enumerate(iter(lambda: file.readline(LONGEST_RECORD + 1), b""), start=1):
        whole = line.endswith(b"\n")
        try:
            film = _object(line)["imdb_id"] if whole else None
        except (FormatError, KeyError):
            film = None
        if not isinstance(film, str) if whole else line[:1] != b"{" or len(line) > LONGEST_RECORD:
            raise FilmsError(f"{name}:{number}: not a record of TMDB. Name another file, or correct it.")
        if whole:
            done.add(film)
            n_bytes += len(line)
    file.truncate(n_bytes)
    file.seek(0, os.SEEK_END)
    return done


def _usable_ids(imdb_ids):
    """Distinct ids, in their order."""
    if isinstance(imdb_ids, str):
        raise TypeError(f"imdb_ids must be a list of ids; got the text {imdb_ids!r:.40}. Put it in a list.")
    given = list(imdb_ids)
    ids = [imdb_id(value) for value in given]
    unusable = [value for value, film in zip(given, ids) if film is None]
    if unusable:
        warn(Message("unusable_ids", n=len(unusable), n_ids=len(ids), first=Verbatim(str(unusable[0])[:60])))
    return list(dict.fromkeys(film for film in ids if film))


def _checked_path(out: PathLike, suffix: str) -> Path:
    check_kind("out", out, (str, os.PathLike), f"the path of a {suffix} file")
    out = Path(out)
    if out.suffix.lower() != suffix:
        raise FilmsError(f"{out.name}: fetched into a {suffix} file. Name it {out.stem}{suffix}.")
    check_folder(out)
    return out


def _check_url(url):
    check_kind("url", url, str, "the text of an address")
    if urllib.parse.urlsplit(url).scheme not in ("http", "https"):
        raise FilmsError("only http:// and https:// addresses are fetched from.")


def _checked_key(key):
    check_kind("key", key, (str, type(None)), "text, as read_key returns it")
    if not key or not key.isascii() or not key.replace(".", "").replace("_", "").replace("-", "").isalnum():
        raise FilmsError(f"no TMDB key{'' if not key else ': what was given is not a key'}. {_KEY_HELP}")
    return key
