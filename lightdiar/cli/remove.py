"""``lightdiar remove``: forget a person."""

from lightdiar.cli.recordings import add_voices
from lightdiar.common.commandline import show

SUMMARY = "remove a person from a file of voices; nothing of them is left in it"


def add_arguments(parser):
    parser.add_argument("name", metavar="NAME", help="the person")
    add_voices(parser, required=True)


def run(arguments):
    """Remove the person; the last one takes the file along."""
    from lightdiar.recognition.voices import Voices

    voices = Voices.load(arguments.voices)
    voices.remove(arguments.name)
    if len(voices):
        voices.save(arguments.voices, overwrite=True)
        show(f"{arguments.voices}: {arguments.name} is removed; {len(voices)} left")
    else:
        arguments.voices.resolve().unlink()
        show(f"{arguments.voices}: {arguments.name} was the last person; the file is deleted")
