"""``lightdiar models``: the model card."""

from pathlib import Path

from lightdiar.common.commandline import show

SUMMARY = "show where the models come from, how they were trained and how well they perform"


def add_arguments(parser):
    parser.add_argument("folder", type=Path, nargs="?", metavar="DIR", help="a bundle other than the shipped one")


def run(arguments):
    """Print the model cards: of diarization, recognition by voice, reliability and sound events."""
    from lightdiar.common.archive import read_card
    from lightdiar.events.model import SHIPPED_EVENTS, EventModel
    from lightdiar.representation.reliability import SHIPPED_RELIABILITY, load_reliability
    from lightdiar.systems.bundle import SHIPPED, load
    from lightdiar.systems.voice_models import SHIPPED_VOICES, load_voice_models

    loaders = {"voices": load_voice_models, "reliability": load_reliability, "events": EventModel.load}
    shipped = [SHIPPED, SHIPPED_VOICES, SHIPPED_RELIABILITY, SHIPPED_EVENTS]
    for folder in [arguments.folder] if arguments.folder else shipped:
        card = read_card(folder)
        loaders.get(card.get("task"), load)(folder)  # a card is worth showing for parameters that are intact
        for key, value in card.items():
            show(f"{key}:")
            lines = [f"{name} {part}" for name, part in value.items()] if isinstance(value, dict) else value
            for line in lines if isinstance(lines, list) else [lines]:
                show(f"  {line}")
