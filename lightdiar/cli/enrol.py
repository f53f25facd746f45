"""``lightdiar enrol``: learn the voices of people from a folder for each."""

from pathlib import Path

from lightdiar.common.commandline import say, show
from lightdiar.common.files import check_output

SUMMARY = "learn the voices of people: a folder that holds one folder of sounds for each person"


def add_arguments(parser):
    parser.add_argument(
        "folder", type=Path, metavar="FOLDER", help="FOLDER/PERSON/any sounds below it; LibriSpeech works as it is"
    )
    parser.add_argument(
        "--out", type=Path, required=True, metavar="FILE", help="the file of voices, such as class.voices"
    )
    parser.add_argument("--overwrite", action="store_true", help="replace FILE if it exists")


def run(arguments):
    """Enrol the people of a folder and write their voices."""
    from lightdiar.recognition.voices import Voices

    check_output(arguments.out, overwrite=arguments.overwrite)
    voices = Voices.enrol(arguments.folder, progress=say)
    voices.save(arguments.out, overwrite=arguments.overwrite)
    show(f"{arguments.out}: {len(voices)} {'person' if len(voices) == 1 else 'people'} enrolled")
    show("Voices are biometric data: have everybody's consent, and delete who asks for it: lightdiar remove")
