"""``lightdiar demo``: a synthetic conversation with known truth, diarized and scored."""

from pathlib import Path

SUMMARY = "make a synthetic conversation, diarize it and compare with the truth"


def add_arguments(parser):
    parser.add_argument("--seed", type=int, default=0, help="random seed: another value, another conversation (0)")
    parser.add_argument("--save", type=Path, metavar="FILE", help="save the audio as .wav or .flac")


def run(arguments):
    """Diarize a synthetic conversation and compare with the truth."""
    from lightdiar.io.audio import write
    from lightdiar.metrics.diarization import diarization_error
    from lightdiar.systems.diarizer import diarize
    from lightdiar.training.synthesis import synthesize_conversation

    sound, truth, genders = synthesize_conversation(seed=arguments.seed)
    if arguments.save:
        write(arguments.save, sound)
        print(f"{arguments.save}: {sound.duration:.1f} s written")
    print(f"truth: {len(truth.speakers)} speakers, {len(truth)} turns")
    for name, seconds in truth.seconds().items():
        print(f"  {name:10}  {genders[name]}  {seconds:6.1f} s")
    result = diarize(sound)
    print(f"found: {result}")
    print(f"{diarization_error(truth, result.annotation)}, no collar")
