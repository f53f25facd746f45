"""Who spoke when, how many, men and women: error of lightdiar and of peers on recordings with a truth.

Run as `python benchmarks/bench_diarization.py FOLDER... --system lightdiar resemblyzer --out results.csv`.
"""

import math

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

from lightdiar.metrics.diarization import diarization_error, jaccard_error_rate

PROTOCOL = (
    "DER in % of the speaking time: no collar, overlap scored, own speech detection, pooled over a folder.\n"
    "JER in %: mean over all true speakers of the folder. Speakers count from 2 s of speech on.\n"
    "Genders are right when the numbers of men and of women both are; the share of women in the speaking time is off\n"
    "by so many points on average, where all genders are known. Peers: pauses to 0.5 s are filled."
)


def lightdiar(path):
    """The default pipeline: Annotation, numbers of men and women, and women's share of the speaking time."""
    from lightdiar import diarize

    result = diarize(path)
    return result.annotation, result.counts(), result.female_share


def peer(diarizer):
    """A diarizer without genders in the shape of `lightdiar`."""
    return lambda path: (diarizer(path), None, math.nan)


SYSTEMS = {"lightdiar": lightdiar, **{name: peer(run) for name, run in peers.DIARIZERS.items()}}


def score(recording, system):
    """One row: seconds of each error, and the counts."""
    reference = recording.annotation()
    hypothesis, found_counts, found_share = SYSTEMS[system](recording.path)
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
        peers.PACKAGES.get(system, LIGHTDIAR),
        jer=jaccard_error_rate(reference, hypothesis),
        n_reference=len(reference.speakers),
        n_true=len(true_genders),
        n_found=len(counted(hypothesis)),
        genders_right=float(found_counts == true_counts) if judged else None,
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

    arguments = read_arguments(__doc__.splitlines()[0], SYSTEMS, argv, extend=extend)
    rows = []
    for folder in arguments.folders:
        recordings = find_recordings(folder, truth=[".rttm"])[: 2 if arguments.quick else None]
        rows += [score(recording, system) for system in arguments.systems for recording in recordings]
    frame = write_rows(rows, arguments.out).astype({"genders_right": float})
    print_table(pooled(frame, pool), PROTOCOL)
    first = frame[frame["system"] == arguments.systems[0]]
    print_table(worst(first), f"Where {arguments.systems[0]} errs most, seconds:")
    if arguments.plot:
        plot_counts(first, arguments.plot)


if __name__ == "__main__":
    main()
