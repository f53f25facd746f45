"""``lightdiar models``: the model card."""

from pathlib import Path

from lightdiar.common.commandline import show

SUMMARY = "show where the models come from, how they were trained and how well they perform"


def add_arguments(parser):
    parser.add_argument("folder", type=Path, nargs="?", metavar="DIR", help="a bundle other than the shipped one")


def run(arguments):
    """Print the model card."""
    from lightdiar.common.archive import read_card
    from lightdiar.systems.bundle import SHIPPED, load

    folder = arguments.folder or SHIPPED
    load(folder)  # a card is only worth showing for parameters that are intact
    for key, value in read_card(folder).items():
        show(f"{key}:")
        for line in value if isinstance(value, list) else [value]:
            show(f"  {line}")
