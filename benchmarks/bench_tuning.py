"""Does tuning pay? Settings found on a few recordings of a kind, and what they are worth on the others.

Run as `python benchmarks/bench_tuning.py FOLDER... --out results.csv`. Every recording is diarized once with each of
the settings; some are then drawn to tune on, many times, and the rest are the test.
"""

import argparse

import numpy as np
import pandas as pd
from recordings import LIGHTDIAR, SAMPLE_RATE, find_recordings, print_table, versions, write_rows

from lightdiar.common.processes import parallel
from lightdiar.io import audio
from lightdiar.metrics.diarization import DiarizationScore
from lightdiar.signal.frontend import analyse
from lightdiar.training.tuning import best_of, draw_settings, errors_of, judge

N_DRAWS, SEED = 300, 0
PROTOCOL = (
    "DER in %: no collar, overlap scored, own speech detection. Settings are found on so many recordings, tested on\n"
    f"the others of the folder, {N_DRAWS} draws. tuned: as `lightdiar tune` answers, with the defaults where it keeps\n"
    "them; not checked: the best of the search in any case; kept defaults, better, worse: % of the draws, on the test."
)


def errors_by_settings(recording, tried):
    """Errors of one recording with each of the settings."""
    known = [(analyse(audio.blocks(recording.path, SAMPLE_RATE)), recording.annotation())]
    return [errors_of(settings, known)[0] for settings in tried]


def draws_of(folder, errors, tried, n_tuned):
    """A row for each draw: what tuning says, and the errors on the recordings that it did not see."""
    rng = np.random.default_rng(SEED)
    rows = []
    for number in range(N_DRAWS):
        order = rng.permutation(len(errors[0]))
        seen, unseen = order[:n_tuned], order[n_tuned:]
        own = [[scores[place] for place in seen] for scores in errors]
        found, best = judge(tried, own), best_of(own)
        chosen = best if found.better else 0
        ders = [sum((errors[which][place] for place in unseen), DiarizationScore()).der for which in (0, chosen, best)]
        names = {"default": ders[0], "tuned": ders[1], "unchecked": ders[2], "better": found.better}
        rows.append({"folder": folder, "recordings": n_tuned, "draw": number, **names, "versions": versions(LIGHTDIAR)})
    return rows


def summary(rows):
    """The line of one folder and number of recordings."""
    change = rows["tuned"] - rows["default"]
    return {
        "defaults": 100 * rows["default"].mean(),
        "tuned": 100 * rows["tuned"].mean(),
        "not checked": 100 * rows["unchecked"].mean(),
        "kept defaults": 100 * (1 - rows["better"].mean()),
        "better": 100 * (change < 0).mean(),
        "worse": 100 * (change > 0).mean(),
    }


def main(argv=None):
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folders", nargs="+", metavar="FOLDER", help="recordings of one kind, with truth")
    parser.add_argument("--out", required=True, help="CSV of the rows of all draws")
    parser.add_argument("--recordings", nargs="+", type=int, default=[5, 10], metavar="N", help="to tune on (5 10)")
    parser.add_argument("--trials", type=int, default=40)
    parser.add_argument("--jobs", type=int, default=1)
    parser.add_argument("--quick", action="store_true", help="three recordings of each folder and three trials")
    arguments = parser.parse_args(argv)
    tried = draw_settings(3 if arguments.quick else arguments.trials, SEED)
    rows = []
    for folder in arguments.folders:
        recordings = find_recordings(folder, truth=[".rttm"])[: 3 if arguments.quick else None]
        by_recording = parallel(errors_by_settings, [(recording, tried) for recording in recordings], arguments.jobs)
        for n_tuned in [2] if arguments.quick else arguments.recordings:
            rows += draws_of(recordings[0].folder, list(zip(*by_recording)), tried, n_tuned)
    frame = write_rows(rows, arguments.out)
    groups = frame.groupby(["folder", "recordings"], sort=False)
    table = [{"folder": folder, "recordings": n, **summary(own)} for (folder, n), own in groups]
    print_table(pd.DataFrame(table), PROTOCOL)


if __name__ == "__main__":
    main()
