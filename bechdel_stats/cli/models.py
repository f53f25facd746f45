"""``bechdel-stats models``: where the coefficients come from and how well they predict."""

from pathlib import Path

from lightdiar.common.commandline import show, show_text

SUMMARY = "show where the coefficients come from and how well they predict"


def add_arguments(parser):
    parser.add_argument("folder", type=Path, nargs="?", metavar="DIR", help="another model instead of the shipped one")


def run(arguments):
    """Print where the coefficients come from, how they were fitted and how well they predict."""
    from bechdel_stats.prediction.model import SHIPPED, load_model

    card = load_model(arguments.folder or SHIPPED).card
    for entry in ("sources", "licence", "recipe", "figures", "ear"):
        if card.get(entry):
            show(entry)
            lines = card[entry] if isinstance(card[entry], list) else [card[entry]]
            show_text("\n".join(f"  {line}" for line in lines))
