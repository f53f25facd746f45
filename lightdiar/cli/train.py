"""``lightdiar train``: every shipped parameter from manifests."""

from pathlib import Path

from lightdiar.cli.cards import card_entries
from lightdiar.cli.recordings import add_jobs, check_jobs, seed
from lightdiar.common.commandline import say, show

SUMMARY = "train every shipped parameter from manifests (CSV: path,speaker,gender,age; path,kind)"


def add_arguments(parser):
    parser.add_argument(
        "--task",
        choices=["diarization", "voices", "reliability", "events"],
        default="diarization",
        help="diarization: speech, speakers, gender (the default); voices: the models of enrol, verify and identify; "
        "reliability: how far diarizations can be believed, for bechdel and report; events: sound events, from "
        "labelled sounds (path,label)",
    )
    parser.add_argument("--speech", type=Path, nargs="+", required=True, metavar="CSV", help="manifests of speech")
    parser.add_argument(
        "--noise",
        type=Path,
        nargs="+",
        required=True,
        metavar="CSV",
        help="manifests of noise and music; for --task reliability one to train with and others to be heard in "
        "conversations",
    )
    parser.add_argument("--out", type=Path, required=True, metavar="DIR", help="where the bundle is written")
    parser.add_argument("--overwrite", action="store_true", help="replace files in DIR that `train` did not write")
    parser.add_argument(
        "--leave-out", action="append", default=[], metavar="GLOB", help="noise to exclude, such as '*babble*'"
    )
    parser.add_argument(
        "--seed",
        type=seed,
        default=0,
        metavar="N",
        help="of all random choices, for --task diarization; other seeds show how much of a figure is luck (0)",
    )
    parser.add_argument(
        "--card", type=Path, metavar="JSON", help="entries of the model card: sources, licence, figures"
    )
    add_jobs(parser)


def run(arguments):
    """Train all models from manifests and write a bundle."""
    from lightdiar.common.archive import check_archive
    from lightdiar.systems.bundle import PARAMETERS

    check_jobs(arguments.jobs)
    if arguments.seed and arguments.task != "diarization":
        raise ValueError("--seed: only for --task diarization.")
    check_archive(arguments.out / PARAMETERS, overwrite=arguments.overwrite)
    notes = card_entries(arguments.card) if arguments.card else None
    options = dict(leave_out=arguments.leave_out, notes=notes, n_jobs=arguments.jobs, progress=say)
    if arguments.task == "voices":
        from lightdiar.training.voices import train_voices

        train_voices(arguments.speech, arguments.noise, arguments.out, **options)
    elif arguments.task == "reliability":
        from lightdiar.training.plays import train_reliability

        train_reliability(arguments.speech, arguments.noise, arguments.out, **options)
    elif arguments.task == "events":
        from lightdiar.training.sounds import train_events

        train_events(arguments.speech, arguments.noise, arguments.out, **options)
    else:
        from lightdiar.training.train import train

        train(arguments.speech, arguments.noise, arguments.out, seed=arguments.seed, **options)
    show(f"{arguments.out}: trained")
