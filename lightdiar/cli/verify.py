"""``lightdiar verify``: is it the voice of this person?"""

from lightdiar.cli.recordings import add_files, add_voices
from lightdiar.common.commandline import show

SUMMARY = "is it the voice of this person?"


def add_arguments(parser):
    parser.add_argument("name", metavar="NAME", help="a person in the file of voices")
    add_files(parser, "sounds of one voice, taken together")
    add_voices(parser, required=True)
    parser.add_argument(
        "--prior",
        type=float,
        default=0.5,
        metavar="P",
        help="how probable it is before the sound is heard, between 0 and 1 (0.5)",
    )


def run(arguments):
    """Print the answer, its probability and the weight of evidence."""
    from lightdiar.recognition.voices import Voices

    voices = Voices.load(arguments.voices)
    show(voices.verify(arguments.name, arguments.files, prior=arguments.prior))
