"""``bechdel-stats report``: everything in one page for readers who are not statisticians."""

from pathlib import Path

from bechdel_stats.cli.films import add_disputed, add_files, add_outputs, show_progress, treated

SUMMARY = "everything in one page for readers who are not statisticians"


def add_arguments(parser):
    add_files(parser)
    parser.add_argument("--out", type=Path, nargs="+", required=True, metavar="FILE", help=".html, .md or both")
    add_outputs(parser, (".html", ".md"))
    add_disputed(parser)
    parser.add_argument("--language", choices=["en", "fr"], default="en", help="English or French (en)")


def run(arguments):
    """Write everything in one page: HTML and Markdown, in English or French."""
    from bechdel_stats.data.tables import read_films
    from bechdel_stats.report.report import make_report
    from lightdiar.common.commandline import show
    from lightdiar.common.files import write_text

    films = read_films(*arguments.files, columns=dict(arguments.column))
    made = make_report(
        treated(films.table, arguments), films.audit, language=arguments.language, progress=show_progress
    )
    for path in arguments.out:
        write_text(path, made.markdown if path.suffix == ".md" else made.html)
        show(path)
