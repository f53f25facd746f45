"""``lightdiar identify``: whose voices are heard in each file."""

from lightdiar.cli.recordings import add_options, each_file
from lightdiar.common.commandline import show, show_text

SUMMARY = "whose voices are heard in each file; a recording of several people is diarized first"


def add_arguments(parser):
    add_options(parser, voices_required=True)
    parser.add_argument(
        "--known",
        type=float,
        default=0.5,
        metavar="P",
        help="how probable it is, before the sound is heard, that a voice is one of the people (0.5)",
    )


def run(arguments):
    """Print everybody with a probability, for each speaker of each file."""
    from lightdiar.recognition.listening import number_of_people, pooled
    from lightdiar.recognition.voices import check_prior

    check_prior("known", arguments.known)

    def show_people(path, result):
        speakers = [(f"speaker {n}", speaker.voice) for n, speaker in enumerate(result.speakers, 1)]
        if speakers and number_of_people([voice for _, voice in speakers], arguments.voices.models) < 2:
            speakers = [("one voice", pooled([voice for _, voice in speakers]))]
        if not speakers:
            show(f"{path}: no speech found")
            return
        answers = arguments.voices.identify_voiceprints([voice for _, voice in speakers], known=arguments.known)
        for (name, _), answer in zip(speakers, answers):
            show(f"{path}: {name}")
            show_text(answer)

    return each_file(arguments, show_people)
