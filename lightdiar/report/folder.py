"""The report of many recordings: women's share and counts of each, how they differ, and where to listen."""

from collections.abc import Mapping
from operator import itemgetter
from pathlib import Path

from lightdiar._version import __version__
from lightdiar.report.closing import limits, method
from lightdiar.report.many import Many, compare
from lightdiar.report.page import element, facts, joined, page, section, table
from lightdiar.report.pictures import dot, histogram
from lightdiar.report.results import Results
from lightdiar.report.texts import ACCURACY
from lightdiar.report.words import Words

_PLACES = 3  # to listen to, in each recording


def folder_report(results: Results, *, language: str = "en", pages: Mapping[str, str] | None = None) -> str:
    """Report on one page how much women are heard in many recordings.

    Parameters
    ----------
    results : Results
        As `lightdiar.report.results.read_results` gives them.
    language : {"en", "fr"}
    pages : dict of str to str, optional
        Where the report of each recording lies, seen from this page: names and places become links.

    Returns
    -------
    html : str
        As of `recording_report`.

    Raises
    ------
    ValueError
        If the language is another one.
    """
    if not isinstance(results, Results):
        raise TypeError(f"Results are needed; got {type(results).__name__}. read_results([path, ...]) gives them.")
    words, many = Words(language), compare(results.found)
    links = _Links(words, pages or {})
    title = words("many_title")
    head = element(
        "header", element("p", words("many_kicker", len(results.found)), class_="kicker"), element("h1", title)
    )
    parts = [head, section("summary", words("summary"), _summary(many, words))]
    if many.films:
        parts += [
            section("distribution", words("distribution"), _distribution(many, words)),
            section("all", words("all_recordings"), _all(many, words, links)),
        ]
    if many.interval:
        parts += [
            section("extremes", words("extremes"), _extremes(many, words, links)),
            section("quote", words("quote"), _quote(many, many.interval, words)),
        ]
    parts += [
        section("missing", words("missing"), _missing(many, results.failed, words)),
        section("limits", words("limits"), limits(words)),
        section("method", words("method"), method(words)),
    ]
    return page(title, joined(parts), words)


def _summary(many: Many, words):
    if not many.films:
        yield element("p", words("many_nothing"), class_="lead")
        return
    n, interval = len(many.films), many.interval
    between = words.between(*interval) if interval else ""
    said = words("many_share" if interval else "many_share_few", n, between=between)
    yield element("p", element("b", words.share(many.mean)), " ", element("span", said), class_="headline")
    share, seconds = many.together
    said = [(words("together"), words("together_is", share=words.share(share), speech=words.duration(seconds)))]
    for key, below in (("below_half", True), ("above_half", False)):
        k, m = many.beside_half(below)
        said.append((words(key), words("half_is", n, k=words.number(k), m=_or_none(m, words))))
    for key, name in (("two_women", "p_two_women"), ("women_talk", "p_women_talk")):
        high, low = many.likely(name)
        said.append((words(key), words("likely_is", n, high=words.number(high), low=_or_none(low, words))))
    yield facts(said)


def _or_none(n, words):
    return words.number(n) if n else words("none")


def _distribution(many, words):
    counts = many.bins()
    edges = [words.number(10 * place) for place in range(11)]
    told = "; ".join(words("bin_is", n, low=low, high=high) for low, high, n in zip(edges, edges[1:], counts) if n)
    title = words("distribution_title")
    numbers = element("div", *(element("span", words.number(n) if n else "") for n in counts), class_="bins numbers")
    places = element("div", *(element("span", edge) for edge in edges[:-1]), class_="bins")
    picture = element("div", numbers, histogram(counts), places, role="img", aria_label=f"{title}. {told}.")
    yield element("figure", picture, element("figcaption", title))


def _all(many, words, links):
    rows = []
    for film in many.films:
        ear, (low, high) = film.ear, film.ear.share_interval
        counts = [_count(film.counts[kind], p, words) for kind, p in (("F", ear.p_women), ("M", ear.p_men))]
        sure = words.brief(ear.p_two_women), words.brief(ear.p_women_talk)
        share = _with_soft(words.share(ear.female_share), words.between(low, high))
        rows.append((links.film(film.name), dot(ear.female_share, low, high), share, *counts, *sure))
    keys = ("recording", "dots", "womens_share", "n_women", "n_men", "p_two", "p_each")
    yield table(words("all_recordings"), [words(key) for key in keys], rows, words, n_words=2, titled=False)
    yield element("p", words("all_note"), class_="note")


def _count(found, p, words):
    """The likeliest number of people with its probability and, if it is another one, what was found."""
    likely = int(p.argmax())
    notes = [words.brief(p[likely])] + [words("count_found", found)] * (found != likely)
    return _with_soft(words.number(likely), *notes)


def _with_soft(figure, *notes):
    """A figure, and what stands below it."""
    below = (element("span", note, class_="below") for note in notes)
    return joined([element("span", figure, class_="strong"), *below])


def _extremes(many: Many, words, links):
    yield element("p", words("extremes_note"))
    heads = [words(key) for key in ("recording", "listen_at", "womens_share", "p_talk")]
    lists = (("lowest", many.lowest), ("highest", many.highest), ("likeliest", many.likeliest))
    for key, films in filter(itemgetter(1), lists):
        rows = [
            (
                links.film(film.name),
                links.places(film),
                words.share(film.ear.female_share),
                words.brief(film.ear.p_women_talk),
            )
            for film in films
        ]
        yield table(words(key), heads, rows, words, n_words=2)


def _quote(many, interval, words):
    n, (below, _), (high, low) = len(many.films), many.beside_half(True), many.likely("p_women_talk")
    said = words(
        "quote_text",
        n,
        version=__version__,
        duration=words.duration(many.duration),
        share=words.share(many.mean),
        between=words.between(*interval),
        below=_among("below", below, n, words),
        probable=_among("probable", high, n, words),
        improbable=_among("improbable", low, n, words),
        counted=ACCURACY["counted"],
        recordings=ACCURACY["recordings"],
    )
    yield element("blockquote", element("p", said))


def _among(what, k, n, words):
    """A sentence on none, some or all of the recordings."""
    if k in (0, n):
        return words(f"quote_{what}_{'all' if k else 'none'}")
    return words(f"quote_{what}", k)


def _missing(many, failed, words):
    if not many.silent and not many.unknown and not failed:
        yield element("p", words("missing_nothing"))
        return
    if many.silent:
        names = ", ".join(many.silent)
        yield element("p", words("missing_silent", len(many.silent), names=names))
    if many.unknown:
        yield element("p", words("missing_unknown", len(many.unknown), names=", ".join(many.unknown)))
    if failed:
        yield element("p", words("missing_failed", len(failed)))
        named = ((element("strong", _short(path)), f": {reason}") for path, reason in sorted(failed.items()))
        yield element("ul", *(element("li", *parts) for parts in named))
    yield element("p", words("missing_note"), class_="note")


def _short(path):
    """A file with its folder: a page says of no path where it lies on somebody's machine."""
    return "/".join(Path(path).parts[-2:])


class _Links:
    """Names and times, which are links where a recording has a page of its own."""

    def __init__(self, words, pages):
        self.words, self.pages = words, pages

    def film(self, name):
        return element("a", name, href=self.pages[name]) if name in self.pages else name

    def places(self, film):
        """The likeliest exchanges between voices that are probably women's."""
        starts = [exchange.start for exchange in film.ear.exchanges[:_PLACES] if exchange.probability > 0.5]
        return joined(self._place(film.name, start) for start in starts) if starts else "\u2013"

    def _place(self, name, start):
        time = self.words.clock(start)
        if name not in self.pages:
            return element("span", time, class_="place")
        label = self.words("listen_in", recording=name, time=time)
        return element("a", time, href=f"{self.pages[name]}#t={start:.2f}", aria_label=label, class_="place")
