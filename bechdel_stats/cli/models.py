"""``bechdel-stats models``: tell where the coefficients come from and what they reach."""

from pathlib import Path

SUMMARY = "tell where the coefficients come from and what they reach"


def add_arguments(parser):
    parser.add_argument("folder", type=Path, nargs="?", metavar="DIR", help="another model than the shipped one")


def run(arguments):
    """Tell where the coefficients come from, how they were made and what they reach."""
    from bechdel_stats.prediction.model import SHIPPED, load_model

    card = load_model(arguments.folder or SHIPPED).card
    for entry in ("sources", "licence", "recipe", "figures"):
        if card.get(entry):
            print(entry)
            print("\n".join(f"  {line}" for line in card[entry]))
