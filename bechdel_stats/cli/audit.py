"""``bechdel-stats audit``: what was read, what was left out and why, what is missing."""

from bechdel_stats.cli.films import add_files, add_out, put
from lightdiar.common.commandline import show_text

SUMMARY = "what was read, what was left out and why, what is missing"


def add_arguments(parser):
    add_files(parser)
    add_out(parser)


def run(arguments):
    """Print or write what was read, what was left out and why, and what is missing."""
    from bechdel_stats.data.tables import read_films

    account = read_films(*arguments.files, columns=dict(arguments.column)).audit
    if arguments.out:
        put(account.summary(), account.to_frame(), arguments.out)
    else:
        show_text("\n\n".join(str(summary) for summary in account.summaries()))
