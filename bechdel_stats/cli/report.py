"""``bechdel-stats report``: everything in one page for readers who are not statisticians."""

from pathlib import Path

from bechdel_stats.cli.films import add_disputed, add_files, add_outputs, show_progress, treated

SUMMARY = "everything in one page for readers who are not statisticians"


def add_arguments(parser):
    add_files(parser)
    parser.add_argument("--out", type=Path, nargs="+", default=[], metavar="FILE", help="the page: .html, .md or both")
    parser.add_argument("--slides", type=Path, metavar="FILE", help="at most seven slides for a short talk: .html")
    add_outputs(parser, (".html", ".md"))
    parser.set_defaults(suffixes={"out": (".html", ".md"), "slides": (".html",)})
    add_disputed(parser)
    parser.add_argument("--language", choices=["en", "fr"], default="en", help="English or French (en)")


def run(arguments):
    """Write everything in one page: HTML and Markdown, in English or French; and slides for a short talk."""
    from bechdel_stats.data.tables import read_films
    from bechdel_stats.report.report import make_report
    from lightdiar.common.commandline import show
    from lightdiar.common.files import write_text

    if not arguments.out and not arguments.slides:
        raise ValueError("nothing to write: name a page with --out FILE.html or slides with --slides FILE.html.")
    films = read_films(*arguments.files, columns=dict(arguments.column))
    made = make_report(
        treated(films.table, arguments), films.audit, language=arguments.language, progress=show_progress
    )
    texts = {path: made.markdown if path.suffix == ".md" else made.html for path in arguments.out}
    if arguments.slides:
        texts[arguments.slides] = made.slides
    for path, text in texts.items():
        write_text(path, text)
        show(path)
