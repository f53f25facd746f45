"""``lightdiar voices``: who is in a file of voices."""

from pathlib import Path

from lightdiar.common.commandline import show_text
from lightdiar.common.tables import aligned

SUMMARY = "list the people in a file of voices"


def add_arguments(parser):
    parser.add_argument("voices", type=Path, metavar="FILE", help="a file that `lightdiar enrol` wrote")


def run(arguments):
    """Print the people and how much speech each has given."""
    from lightdiar.recognition.voices import Voices

    rows = Voices.load(arguments.voices).to_frame().itertuples(index=False)
    table = [("person", "sessions", "seconds"), *((name, str(n), f"{seconds:.1f}") for name, n, seconds in rows)]
    show_text("\n".join(aligned(table)))
