"""``lightdiar demo``: a synthetic conversation with known truth, diarized and scored."""

from pathlib import Path

from lightdiar.cli.recordings import seed
from lightdiar.common.commandline import show, show_text

SUMMARY = "make a synthetic conversation, diarize it and compare with the truth"


def add_arguments(parser):
    parser.add_argument("--seed", type=seed, default=0, help="random seed: another value, another conversation (0)")
    parser.add_argument("--save", type=Path, metavar="FILE", help="save the audio as .wav or .flac")
    parser.add_argument("--overwrite", action="store_true", help="replace the file if it exists")


def run(arguments):
    """Diarize a synthetic conversation and compare with the truth."""
    from lightdiar.common.files import check_output
    from lightdiar.io.audio import write
    from lightdiar.metrics.diarization import diarization_error
    from lightdiar.systems.diarizer import diarize
    from lightdiar.training.synthesis import synthesize_conversation

    if arguments.save:
        if arguments.save.suffix.lower() not in (".wav", ".flac"):
            raise ValueError(f"--save {arguments.save}: audio is written as .wav or .flac.")
        check_output(arguments.save, overwrite=arguments.overwrite)
    sound, truth, genders = synthesize_conversation(seed=arguments.seed)
    if arguments.save:
        write(arguments.save, sound)
        show(f"{arguments.save}: {sound.duration:.1f} s written")
    show(f"truth: {len(truth.speakers)} speakers, {len(truth)} turns")
    for name, seconds in truth.seconds().items():
        show(f"  {name:10}  {genders[name]}  {seconds:6.1f} s")
    result = diarize(sound)
    show_text(f"found: {result}")
    show(f"{diarization_error(truth, result.annotation)}, no collar")
