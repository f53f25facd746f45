"""``lightdiar trials``: how well your own people are told apart by their voices."""

from pathlib import Path

from lightdiar.common.commandline import say, show, show_text

SUMMARY = "how well people are told apart by their voices: a folder or manifest of people, or a list of trials"


def add_arguments(parser):
    parser.add_argument(
        "source",
        type=Path,
        metavar="FOLDER|CSV|LIST",
        help="a folder with a folder of sounds for each person, a manifest of them (CSV: path,speaker), or a list of "
        "trials: 1|0 ENROL TEST in each line",
    )
    parser.add_argument(
        "--out", type=Path, metavar="DIR", help="write figures.csv, scores.csv, confusion.csv and trials.png to DIR"
    )
    parser.add_argument("--enrolment", type=float, metavar="S", help="of people: seconds of sound to enrol (15)")
    parser.add_argument("--test", type=float, metavar="S", help="of people: seconds of sound in each test (4)")
    parser.add_argument("--overwrite", action="store_true", help="with --out: replace these files if they exist")


def run(arguments):
    """Print all figures of speaker recognition, and write them with the scores and a picture."""
    from lightdiar.io.manifests import is_manifest
    from lightdiar.recognition.trials import evaluate_people, evaluate_trials

    source, seconds = arguments.source, {"enrolment_seconds": arguments.enrolment, "test_seconds": arguments.test}
    seconds = {name: value for name, value in seconds.items() if value is not None}
    if not source.exists():
        raise FileNotFoundError(f"{source}: does not exist; name a folder of people or a list of trials.")
    of_people = source.is_dir() or is_manifest(source, "speaker")
    if seconds and not of_people:
        raise ValueError(
            f"{source}: of a list of trials all of each file is heard; --enrolment and --test are for folders."
        )
    names = _outputs(arguments) if arguments.out else []
    evaluate = evaluate_people if of_people else evaluate_trials
    report = evaluate(source, **seconds, progress=say)
    if names:
        _write(report, arguments.out, names)
    show_text(report)
    if names:
        show(f"{arguments.out}: {', '.join(names)}")


def _outputs(arguments):
    """Names of the files to write, checked before any work."""
    from lightdiar.common.axes import has_matplotlib
    from lightdiar.common.files import check_new_folder, check_output

    names = ["figures.csv", "scores.csv", "confusion.csv"]
    if not has_matplotlib():
        say("lightdiar: trials.png will not be drawn; plots need matplotlib: pip install lightdiar[plot]")
    else:
        names.append("trials.png")
    if arguments.out.is_dir():
        paths = [arguments.out / name for name in names]
        check_output(*paths, inputs=[arguments.source], overwrite=arguments.overwrite)
    else:
        check_new_folder(arguments.out)
    return names


def _write(report, folder, names):
    from lightdiar.common.files import replacing
    from lightdiar.common.tables import disarmed_table

    folder.mkdir(parents=True, exist_ok=True)
    tables = {"figures.csv": report.figures(), "scores.csv": report.to_frame(), "confusion.csv": report.confusion()}
    for name in names:
        with replacing(folder / name) as file:
            if name in tables:
                is_confusion = name == "confusion.csv"
                disarmed_table(tables[name]).to_csv(
                    file, index=is_confusion, float_format="%.6g", lineterminator="\n", errors="backslashreplace"
                )
            else:
                report.plot().savefig(file, format="png", dpi=110)
