"""Who spoke when, how many, men and women: error of lightdiar and of peers on recordings with a truth.

Run as `python benchmarks/bench_diarization.py FOLDER... --system lightdiar resemblyzer --out results.csv`.
"""

import peers
from recordings import LIGHTDIAR, find_recordings, pooled, print_table, read_arguments, versions, write_rows

from lightdiar.metrics import DiarizationScore, diarization_error, jaccard_error_rate

MIN_SPEAKER_SECONDS = 2.0
PROTOCOL = (
    "DER in % of the speaking time: no collar, overlap scored, own speech detection, pooled over a folder.\n"
    "JER in %: mean over all true speakers of the folder. Speakers count from 2 s of speech on.\n"
    "Genders are right when the numbers of men and of women both are. Peers: pauses to 0.5 s are filled."
)


def lightdiar(path):
    """The default pipeline: Annotation, and numbers of men and women."""
    from lightdiar import diarize

    result = diarize(path)
    return result.annotation, result.counts()


def peer(diarizer):
    """A diarizer without genders in the shape of `lightdiar`."""
    return lambda path: (diarizer(path), None)


SYSTEMS = {"lightdiar": lightdiar, **{name: peer(run) for name, run in peers.DIARIZERS.items()}}


def score(recording, system):
    """One row: seconds of each error, and the counts."""
    reference = recording.annotation()
    hypothesis, found_counts = SYSTEMS[system](recording.path)
    errors = diarization_error(reference, hypothesis)
    genders = recording.genders()
    true_genders = [genders[speaker] for speaker in _counted(reference)]
    true_counts = {gender: true_genders.count(gender) for gender in "MF"}
    return {
        "folder": recording.folder,
        "system": system,
        "recording": recording.name,
        "total": errors.total,
        "missed": errors.missed,
        "false_alarm": errors.false_alarm,
        "confusion": errors.confusion,
        "der": errors.der,
        "jer": jaccard_error_rate(reference, hypothesis),
        "n_reference": len(reference.speakers),
        "n_true": len(true_genders),
        "n_found": len(_counted(hypothesis)),
        "genders_right": None if found_counts is None else float(found_counts == true_counts),
        "versions": versions(peers.PACKAGES.get(system, LIGHTDIAR)),
    }


def pool(rows):
    """The line of one folder and system: errors weighed by speaking time, JER by speakers."""
    parts = ["total", "missed", "false_alarm", "confusion"]
    errors = sum((DiarizationScore(*row) for row in rows[parts].itertuples(index=False)), DiarizationScore())
    off = (rows["n_found"] - rows["n_true"]).abs()
    return {
        "files": len(rows),
        "DER": 100 * errors.der,
        "missed": 100 * errors.missed / errors.total,
        "false alarm": 100 * errors.false_alarm / errors.total,
        "confusion": 100 * errors.confusion / errors.total,
        "JER": 100 * (rows["jer"] * rows["n_reference"]).sum() / rows["n_reference"].sum(),
        "count right %": 100 * (off == 0).mean(),
        "count off by": off.mean(),
        "genders right %": 100 * rows["genders_right"].mean(),
    }


def _counted(annotation):
    return [name for name, seconds in annotation.seconds().items() if seconds >= MIN_SPEAKER_SECONDS]


def main(argv=None):
    arguments = read_arguments(__doc__.splitlines()[0], SYSTEMS, argv)
    rows = []
    for folder in arguments.folders:
        recordings = find_recordings(folder, truth=[".rttm"])[: 2 if arguments.quick else None]
        rows += [score(recording, system) for system in arguments.systems for recording in recordings]
    frame = write_rows(rows, arguments.out).astype({"genders_right": float})
    print_table(pooled(frame, pool), PROTOCOL)


if __name__ == "__main__":
    main()
