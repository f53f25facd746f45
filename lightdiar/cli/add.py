"""``lightdiar add``: one more person, or another session of somebody who is enrolled."""

from lightdiar.cli.recordings import add_files, add_voices
from lightdiar.common.commandline import show

SUMMARY = "add a person, or another session of a person, to a file of voices"


def add_arguments(parser):
    parser.add_argument("name", metavar="NAME", help="the person")
    add_files(parser, "sounds of one session in which only this person speaks")
    add_voices(parser, required=True)


def run(arguments):
    """Add the sounds to the file of voices."""
    from lightdiar.recognition.voices import Voices

    voices = Voices.load(arguments.voices)
    voices.add(arguments.name, arguments.files)
    voices.save(arguments.voices, overwrite=True)
    show(f"{arguments.voices}: {arguments.name} has {voices.seconds(arguments.name):.1f} s of speech now")
