"""Who spoke when, how many, men and women: error of lightdiar and of peers on recordings with a truth.

Run as `python benchmarks/bench_diarization.py FOLDER... --system lightdiar resemblyzer --out results.csv`. What
any other system has written as RTTM is scored beside them: `--rttm pyannote=FOLDER_OF_RTTM`.
"""

import argparse
import math
from pathlib import Path

import peers
from recordings import (
    LIGHTDIAR,
    counted,
    error_row,
    find_recordings,
    pooled,
    pooled_errors,
    print_table,
    read_arguments,
    write_rows,
)

from lightdiar.io.rttm import read_rttm
from lightdiar.metrics.diarization import diarization_error, jaccard_error_rate
from lightdiar.timeline import Annotation

PROTOCOL = (
    "DER in % of the speaking time: no collar, overlap scored, own speech detection, pooled over a folder.\n"
    "JER in %: mean over all true speakers of the folder. Speakers count from 2 s of speech on.\n"
    "Genders are right when the numbers of men and of women both are, of which the probability is said; the share of\n"
    "women in the speaking time is off by so many points on average, where all genders are known. Peers: pauses\n"
    "to 0.5 s are filled; RTTM is scored as it is."
)
_LISTED = 5  # names in a message


def lightdiar(path):
    """The default pipeline: Annotation, numbers of men and women, their probability, women's share of the time."""
    from lightdiar import count_probabilities, diarize

    result = diarize(path)
    return result.annotation, result.counts(), count_probabilities(result).p_counts, result.female_share


def peer(diarizer):
    """A diarizer without genders in the shape of `lightdiar`."""
    return lambda path: (diarizer(path), None, math.nan, math.nan)


def read_answers(folder):
    """What another system has written: Annotation by recording.

    Parameters
    ----------
    folder : str or Path
        RTTM files in it and below, or one RTTM file. A file of one recording, or of none, where nobody speaks, answers
        for the recording it is called after; in a file of several, each is called as in its lines.

    Raises
    ------
    FormatError
        If a file is not RTTM.
    ValueError
        If there is none, or a recording is in two files.
    """
    folder = Path(folder)
    paths = [folder] if folder.is_file() else sorted(folder.rglob("*.rttm"))
    if not paths:
        raise ValueError(f"{folder}: holds no RTTM file.")
    answers = {}
    for path in paths:
        found = read_rttm(path)
        if len(found) < 2:
            found = {path.stem: next(iter(found.values()), Annotation((), path.stem))}
        twice = sorted(answers.keys() & found.keys())
        if twice:
            raise ValueError(f"{path}: {twice[0]} is in another RTTM file too; leave one of them.")
        answers |= found
    return answers


def answers_for(name, folder, recordings):
    """The answers of a system to all recordings, as it wrote them; one line says which are missing."""
    try:
        answers = read_answers(folder)
    except ValueError as error:
        raise SystemExit(f"--rttm {name}={error}") from None
    missing = [recording.name for recording in recordings if recording.name not in answers]
    if missing:
        names = ", ".join(missing[:_LISTED]) + (", ..." if len(missing) > _LISTED else "")
        raise SystemExit(
            f"--rttm {name}={folder}: no RTTM for {len(missing)} of {len(recordings)} recordings: {names}. Write "
            f"{missing[0]}.rttm there, empty if nobody speaks."
        )
    return peer(lambda path: answers[path.stem])


def named_folder(text):
    """NAME=FOLDER as two texts."""
    name, sign, folder = text.partition("=")
    if not (name and sign and folder) or name in SYSTEMS:
        raise argparse.ArgumentTypeError(f"{text!r} must be NAME=FOLDER, the name none of {', '.join(SYSTEMS)}.")
    return name, folder


SYSTEMS = {"lightdiar": lightdiar, **{name: peer(run) for name, run in peers.DIARIZERS.items()}}


def score(recording, system, run):
    """One row: seconds of each error, and the counts, of what `run` answers."""
    reference = recording.annotation()
    hypothesis, found_counts, p_counts, found_share = run(recording.path)
    errors = diarization_error(reference, hypothesis)
    genders = recording.genders()
    true_genders = [genders[speaker] for speaker in counted(reference)]
    true_counts = {gender: true_genders.count(gender) for gender in "MF"}
    seconds = reference.seconds()
    known = set(genders.values()) <= {"M", "F"}
    judged = known and found_counts is not None
    true_share = sum(seconds[name] for name in seconds if genders[name] == "F") / sum(seconds.values())
    return error_row(
        recording,
        system,
        errors,
        LIGHTDIAR if system == "lightdiar" else peers.PACKAGES.get(system, ()),
        jer=jaccard_error_rate(reference, hypothesis),
        n_reference=len(reference.speakers),
        n_true=len(true_genders),
        n_found=len(counted(hypothesis)),
        genders_right=float(found_counts == true_counts) if judged else None,
        p_counts=p_counts if judged else math.nan,
        female_share_off=abs(found_share - true_share) if known else math.nan,
    )


def pool(rows):
    """The line of one folder and system: errors weighed by speaking time, JER by speakers."""
    off = (rows["n_found"] - rows["n_true"]).abs()
    return {
        **pooled_errors(rows),
        "JER": 100 * (rows["jer"] * rows["n_reference"]).sum() / rows["n_reference"].sum(),
        "count right %": 100 * (off == 0).mean(),
        "count off by": off.mean(),
        "genders right %": 100 * rows["genders_right"].mean(),
        "said %": 100 * rows["p_counts"].mean(),
        "female share off by": 100 * rows["female_share_off"].mean(),
    }


def worst(frame, n_files=5):
    """The recordings with the most error, in seconds: what went wrong in each."""
    seconds = frame[["missed", "false_alarm", "confusion"]]
    order = seconds.sum(axis=1).sort_values(ascending=False).index[:n_files]
    columns = ["folder", "recording", "total", "missed", "false_alarm", "confusion", "n_true", "n_found"]
    return frame.loc[order, columns]


def plot_counts(frame, path):
    """Counted against true speakers, a panel for each folder; the area of a dot is the number of recordings."""
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import pyplot

    folders = list(frame["folder"].unique())
    most = int(frame[["n_true", "n_found"]].max().max())
    figure, axes = pyplot.subplots(
        1, len(folders), figsize=(2.6 * len(folders), 3.1), sharey=True, squeeze=False, layout="constrained"
    )
    for ax, folder in zip(axes[0], folders):
        counts = frame[frame["folder"] == folder].groupby(["n_true", "n_found"]).size()
        ax.plot([0, most], [0, most], color="0.7", linewidth=1, zorder=0)
        ax.scatter(*zip(*counts.index), s=40 * counts.to_numpy(), color="#2a6f97")
        ax.set(title=folder, xlabel="true speakers", xlim=(0, most + 0.6), ylim=(0, most + 0.6), aspect="equal")
        ax.title.set_fontsize(9)
    axes[0, 0].set_ylabel("counted")
    figure.savefig(path, dpi=110, metadata={"Software": None})


def main(argv=None):
    def extend(parser):
        parser.add_argument("--plot", metavar="PNG", help="picture of counted against true speakers (needs matplotlib)")
        about = "score what another system has written: RECORDING.rttm of each, below FOLDER, or one RTTM file of all"
        option = {"nargs": "+", "action": "extend", "type": named_folder, "default": [], "metavar": "NAME=FOLDER"}
        parser.add_argument("--rttm", **option, help=about)

    arguments = read_arguments(__doc__.splitlines()[0], SYSTEMS, argv, extend=extend)
    most = 2 if arguments.quick else None
    folders = [find_recordings(folder, truth=[".rttm"])[:most] for folder in arguments.folders]
    systems = {name: SYSTEMS[name] for name in arguments.systems}
    everything = [recording for own in folders for recording in own]
    systems |= {name: answers_for(name, folder, everything) for name, folder in arguments.rttm}
    rows = [score(recording, name, run) for own in folders for name, run in systems.items() for recording in own]
    frame = write_rows(rows, arguments.out).astype({"genders_right": float})
    print_table(pooled(frame, pool), PROTOCOL)
    first = frame[frame["system"] == arguments.systems[0]]
    print_table(worst(first), f"Where {arguments.systems[0]} errs most, seconds:")
    if arguments.plot:
        plot_counts(first, arguments.plot)


if __name__ == "__main__":
    main()
